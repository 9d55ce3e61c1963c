//! How far reading has come: everything that was received before the oldest waiting message is read.

use baton_core::time::Instant;

use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{params, sql};
use crate::tx::Tx;

/// The receipt of the oldest message that waits to be read; `None` where none does.
///
/// # Errors
/// What the engine does.
pub fn oldest_received_at(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<Instant>> {
    let tenant = scope.whole("waiting messages")?;
    tx.row(sql!("pending/oldest"), &params![tenant], |row| row.instant(0))
}

/// As [`oldest_received_at`], where messages may not have been numbered in the order of their receipts.
///
/// # Errors
/// What the engine does.
pub fn earliest_received_at(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<Instant>> {
    let tenant = scope.whole("waiting messages")?;
    let earliest =
        tx.row(sql!("pending/earliest"), &params![tenant], |row| row.instant_or_null(0))?;
    Ok(earliest.flatten())
}

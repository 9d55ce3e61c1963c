//! Messages that came again with an earlier receipt than was known.
//!
//! A message's receipt is the least of all its copies, in whatever order they came. Where a later copy
//! moves it, the row of the message has the new receipt at once, and the message is noted here until
//! the facts that were recorded from it have it too.

use baton_core::id::MessageNo;
use baton_core::time::Instant;

use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{params, sql};
use crate::tx::Tx;

/// A message whose receipt became an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    pub message: MessageNo,
    /// The earliest receipt.
    pub received_at: Instant,
    /// Whether it still waits to be read: there may be no facts of it yet.
    pub waits: bool,
}

/// Up to `limit` of them, by number.
///
/// # Errors
/// What the engine does.
pub fn list(tx: &mut Tx<'_>, scope: &Scope, limit: usize) -> Result<Vec<Moved>> {
    let tenant = scope.whole("receipts")?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    tx.rows(sql!("earlier/list"), &params![tenant, limit], |row| {
        Ok(Moved {
            message: MessageNo(row.int(0)?),
            received_at: row.instant(1)?,
            waits: row.int(2)? != 0,
        })
    })
}

/// The facts of this message have its receipt.
///
/// # Errors
/// What the engine does.
pub fn done(tx: &mut Tx<'_>, scope: &Scope, message: MessageNo) -> Result<()> {
    let tenant = scope.whole("receipts")?;
    tx.execute(sql!("earlier/done"), params![tenant, message.0]).map(drop)
}

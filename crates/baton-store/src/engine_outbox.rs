//! How much waits in the outbox, for those who watch it.

use baton_core::time::Instant;

use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{params, sql_pair};
use crate::tx::Tx;

/// How many commands wait, and when the oldest of them was made.
///
/// # Errors
/// What the engine does.
pub fn waiting(tx: &mut Tx<'_>, scope: &Scope) -> Result<(i64, Option<Instant>)> {
    let tenant = scope.whole("commands")?;
    let found = tx.row(sql_pair!("outbox/waiting"), &params![tenant], |row| {
        Ok((row.int(0)?, row.instant_or_null(1)?))
    })?;
    Ok(found.unwrap_or((0, None)))
}

//! How much waits in the outbox, for those who watch it.

use baton_core::time::Instant;

use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{params, sql, sql_pair};
use crate::tx::Tx;

/// Makes everything that waits due at `now`: for a process that is alone with its store and starts, since
/// what was claimed then was claimed by one that is gone. Returns how many there were.
///
/// # Errors
/// What the engine does.
pub fn due_at_once(tx: &mut Tx<'_>, scope: &Scope, now: Instant) -> Result<u64> {
    let tenant = scope.whole("commands")?;
    tx.execute(sql!("outbox/due_at_once"), params![tenant, now])
}

/// Makes due at `now` what waits for an instant after `beyond`, which no wait that began by now can be
/// for: the machine's clock was set back. Returns how many there were.
///
/// # Errors
/// What the engine does.
pub fn not_beyond(tx: &mut Tx<'_>, scope: &Scope, now: Instant, beyond: Instant) -> Result<u64> {
    let tenant = scope.whole("commands")?;
    tx.execute(sql!("outbox/not_beyond"), params![tenant, now, beyond])
}

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

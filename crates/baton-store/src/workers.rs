//! The processes that share a store: each says from time to time that it lives, and what one holds that
//! does not any more is free for the others.
//!
//! They share a clock only roughly. One that is taken for dead and is not loses its claims, and finds when
//! it commits that the messages have left the queue; so nothing is done twice by it, only in vain.

use baton_core::time::{Duration, Instant};

use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{params, sql};
use crate::tx::Tx;

/// Nobody says to live for longer than this: who seems to did so before a clock was set back.
const AHEAD_MAX: Duration = Duration::seconds(60);
/// Rows of workers that were last heard so long ago are deleted.
const FORGOTTEN_AFTER: Duration = Duration::days(1);

/// Says that a worker lives until an instant, by its machine's clock.
///
/// # Errors
/// What the engine does.
pub fn alive(tx: &mut Tx<'_>, worker: i64, (now, until): (Instant, Instant)) -> Result<()> {
    tx.execute(sql!("workers/alive"), params![worker, until])?;
    tx.execute(sql!("workers/forget"), params![now - FORGOTTEN_AFTER]).map(drop)
}

/// Says that a worker has ended: whatever it still holds is free at once.
///
/// # Errors
/// What the engine does.
pub fn gone(tx: &mut Tx<'_>, worker: i64) -> Result<()> {
    tx.execute(sql!("workers/gone"), params![worker]).map(drop)
}

/// Frees the messages and commands that nobody holds who lives at `now`. Returns how many there were of
/// each.
///
/// # Errors
/// What the engine does.
pub fn free(tx: &mut Tx<'_>, scope: &Scope, now: Instant) -> Result<(u64, u64)> {
    let tenant = scope.whole("claims")?;
    let values = || params![tenant, now, now + AHEAD_MAX];
    let messages = tx.execute(sql!("workers/free_messages"), values())?;
    let commands = tx.execute(sql!("workers/free_commands"), values())?;
    Ok((messages, commands))
}

/// Frees the commands that a worker itself holds, which are due at `now`: it lives and has nothing in hand,
/// since the store failed it between claim and commit. [`crate::pending::release`] does so for messages.
/// Returns how many there were.
///
/// # Errors
/// What the engine does.
pub fn free_own_commands(tx: &mut Tx<'_>, scope: &Scope, worker: i64, now: Instant) -> Result<u64> {
    let tenant = scope.whole("claims")?;
    tx.execute(sql!("workers/own_commands"), params![tenant, worker, now])
}

//! The queue of messages that nobody has interpreted yet.
//!
//! A message enters it when it is received and leaves it in the transaction that commits its facts.
//! Several processes may work on it: a claim holds for a while, and is freed where its worker died (see
//! [`crate::workers`]).

use std::collections::BTreeSet;

use baton_core::id::MessageNo;
use baton_core::time::Instant;

use crate::error::Result;
use crate::messages::BATCH_MAX;
use crate::scope::Scope;
use crate::sql::{params, sql, sql_pair};
use crate::tx::Tx;

/// Claims up to `limit` messages for `worker` until `until`, oldest first: none that another worker
/// holds at `now`. Both instants are the machine's, not the tenant's.
///
/// # Errors
/// What the engine does.
pub fn claim(
    tx: &mut Tx<'_>,
    scope: &Scope,
    worker: i64,
    (now, until): (Instant, Instant),
    limit: usize,
) -> Result<Vec<MessageNo>> {
    let tenant = scope.whole("claiming messages")?;
    let values = params![tenant, worker, now, until, limit.min(BATCH_MAX) as i64];
    let mut claimed =
        tx.rows(sql_pair!("pending/claim"), &values, |row| Ok(MessageNo(row.int(0)?)))?;
    claimed.sort_unstable();
    Ok(claimed)
}

/// As [`claim`], but only what was received by `due_by`, and in the order of receipt: for a tenant whose
/// clock is simulated.
///
/// # Errors
/// What the engine does.
pub fn claim_due(
    tx: &mut Tx<'_>,
    scope: &Scope,
    worker: i64,
    (now, until): (Instant, Instant),
    (due_by, limit): (Instant, usize),
) -> Result<Vec<MessageNo>> {
    let tenant = scope.whole("claiming messages")?;
    let values = params![tenant, worker, now, until, limit.min(BATCH_MAX) as i64, due_by];
    tx.rows(sql_pair!("pending/claim_due"), &values, |row| Ok(MessageNo(row.int(0)?)))
}

/// Gives back what a worker holds, when it stops in good order.
///
/// # Errors
/// What the engine does.
pub fn release(tx: &mut Tx<'_>, scope: &Scope, worker: i64) -> Result<u64> {
    let tenant = scope.whole("claiming messages")?;
    tx.execute(sql!("pending/release"), params![tenant, worker])
}

/// Up to `limit` waiting messages with a number above `after`, oldest first, claimed or not: enough
/// where there is only one worker, as with SQLite.
///
/// # Errors
/// What the engine does.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    after: MessageNo,
    limit: usize,
) -> Result<Vec<MessageNo>> {
    let tenant = scope.whole("waiting messages")?;
    let values = params![tenant, after.0, limit.min(BATCH_MAX) as i64];
    tx.rows(sql!("pending/list"), &values, |row| Ok(MessageNo(row.int(0)?)))
}

/// Up to `limit` waiting messages that were received by `due_by`, in the order of receipt, after the
/// place of one that was received at `after.0` and has the number `after.1`.
///
/// # Errors
/// What the engine does.
pub fn list_due(
    tx: &mut Tx<'_>,
    scope: &Scope,
    due_by: Instant,
    after: (Instant, MessageNo),
    limit: usize,
) -> Result<Vec<(Instant, MessageNo)>> {
    let tenant = scope.whole("waiting messages")?;
    let values = params![tenant, due_by, after.0, after.1.0, limit.min(BATCH_MAX) as i64];
    tx.rows(sql!("pending/due"), &values, |row| Ok((row.instant(1)?, MessageNo(row.int(0)?))))
}

/// How many messages wait that were received by `due_by`.
///
/// # Errors
/// What the engine does.
pub fn count_due(tx: &mut Tx<'_>, scope: &Scope, due_by: Instant) -> Result<i64> {
    let tenant = scope.whole("waiting messages")?;
    let counted = tx.row(sql!("pending/count_due"), &params![tenant, due_by], |row| row.int(0))?;
    Ok(counted.unwrap_or(0))
}

/// Takes messages out of the queue: they are interpreted, or in quarantine. Returns those that were in
/// it; of the others somebody else has done so, or this process by a commit that it was not told of.
///
/// # Errors
/// What the engine does.
pub fn finish(
    tx: &mut Tx<'_>,
    scope: &Scope,
    messages: &[MessageNo],
) -> Result<BTreeSet<MessageNo>> {
    let tenant = scope.whole("waiting messages")?;
    let rows = messages.iter().map(|message| (message.0, params![tenant, message.0]));
    let taken = tx.bulk_touched(sql_pair!("pending/finish"), rows)?;
    Ok(taken.into_iter().map(MessageNo).collect())
}

/// Which of these messages wait to be read, in the order given.
///
/// # Errors
/// What the engine does.
pub fn among(tx: &mut Tx<'_>, scope: &Scope, messages: &[MessageNo]) -> Result<Vec<MessageNo>> {
    let tenant = scope.whole("waiting messages")?;
    let mut waiting = Vec::new();
    for message in messages {
        if tx.row(sql!("pending/get"), &params![tenant, message.0], |_| Ok(()))?.is_some() {
            waiting.push(*message);
        }
    }
    Ok(waiting)
}

/// The earliest receipt of what waits to be read; `None` where nothing does. Everything that was received before it
/// is read.
///
/// # Errors
/// What the engine does.
pub fn earliest_received_at(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<Instant>> {
    let tenant = scope.whole("waiting messages")?;
    let earliest =
        tx.row(sql!("pending/earliest"), &params![tenant], |row| row.instant_or_null(0))?;
    Ok(earliest.flatten())
}

/// How many messages wait, counted no further than `limit`.
///
/// # Errors
/// What the engine does.
pub fn count(tx: &mut Tx<'_>, scope: &Scope, limit: i64) -> Result<i64> {
    let tenant = scope.whole("waiting messages")?;
    let counted = tx.row(sql!("pending/count"), &params![tenant, limit], |row| row.int(0))?;
    Ok(counted.unwrap_or(0))
}

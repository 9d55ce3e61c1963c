//! Timers: the instant at which a cluster's derivation could change with no new fact.

use baton_core::time::Instant;

use crate::clusters::ClusterNo;
use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{Row, params, sql, sql_pair};
use crate::tx::Tx;

/// A cluster and when it is to be derived again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timer {
    pub wake_at: Instant,
    pub cluster: ClusterNo,
}

/// Sets or clears (`None`) the timers of clusters, each named once.
///
/// # Errors
/// What the engine does.
pub fn set(tx: &mut Tx<'_>, scope: &Scope, timers: &[(ClusterNo, Option<Instant>)]) -> Result<()> {
    let tenant = scope.whole("timers")?;
    let set = timers.iter().filter_map(|(cluster, wake_at)| Some((cluster, (*wake_at)?)));
    tx.bulk(sql_pair!("timers/set"), set.map(|(cluster, at)| params![tenant, cluster.0, at]))?;
    let cleared = timers.iter().filter(|(_, wake_at)| wake_at.is_none());
    tx.bulk(sql_pair!("timers/clear"), cleared.map(|(cluster, _)| params![tenant, cluster.0]))?;
    Ok(())
}

/// Up to `limit` timers that are due at `now`, the longest due first.
///
/// # Errors
/// What the engine does.
pub fn due(tx: &mut Tx<'_>, scope: &Scope, now: Instant, limit: usize) -> Result<Vec<Timer>> {
    let tenant = scope.whole("timers")?;
    tx.rows(sql!("timers/due"), &params![tenant, now, limit as i64], read)
}

/// The timer that is due first.
///
/// # Errors
/// What the engine does.
pub fn next(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<Timer>> {
    Ok(due(tx, scope, Instant::from_micros(i64::MAX), 1)?.pop())
}

/// How many timers are due at `now`.
///
/// # Errors
/// What the engine does.
pub fn count_due(tx: &mut Tx<'_>, scope: &Scope, now: Instant) -> Result<i64> {
    let tenant = scope.whole("timers")?;
    let found = tx.row(sql!("timers/count_due"), &params![tenant, now], |row| row.int(0))?;
    Ok(found.unwrap_or(0))
}

/// How many timers wait.
///
/// # Errors
/// What the engine does.
pub fn count(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64> {
    let tenant = scope.whole("timers")?;
    let found = tx.row(sql!("timers/count"), &params![tenant], |row| row.int(0))?;
    Ok(found.unwrap_or(0))
}

fn read(row: &Row<'_>) -> Result<Timer> {
    Ok(Timer { cluster: ClusterNo(row.int(0)?), wake_at: row.instant(1)? })
}

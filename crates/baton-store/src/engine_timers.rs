//! Waking more than one cluster at once, and asking for the timer of one.

use baton_core::time::Instant;

use crate::clusters::ClusterNo;
use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{params, sql};
use crate::tx::Tx;

/// Sets the timer of every cluster to `at`, because all are to be derived again (by other rules).
/// Returns how many.
///
/// # Errors
/// What the engine does.
pub fn wake_all(tx: &mut Tx<'_>, scope: &Scope, at: Instant) -> Result<u64> {
    let tenant = scope.whole("timers")?;
    tx.execute(sql!("timers/wake_all"), params![tenant, at])
}

/// When a cluster is to be derived next; `None` where only something new can change it.
///
/// # Errors
/// What the engine does.
pub fn of(tx: &mut Tx<'_>, scope: &Scope, cluster: ClusterNo) -> Result<Option<Instant>> {
    let tenant = scope.whole("timers")?;
    tx.row(sql!("timers/of"), &params![tenant, cluster.0], |row| row.instant(0))
}

/// The clusters that wait for their source to be heard, with the instant from which they do.
///
/// # Errors
/// What the engine does.
pub fn waiting_for_word(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(Instant, ClusterNo)>> {
    let tenant = scope.whole("exceptions")?;
    tx.rows(sql!("exceptions/not_provable"), &params![tenant], |row| {
        Ok((row.instant(0)?, ClusterNo(row.int(1)?)))
    })
}

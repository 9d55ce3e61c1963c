//! Changes: what happened to which object, in the order of commit. The audit trail, and the stream
//! of live events, which a reader takes up again after the last number that it saw.

use baton_core::time::Instant;

use crate::clusters::ClusterNo;
use crate::counter::Counter;
use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{Row, params, sql, sql_pair};
use crate::tx::Tx;

/// A change to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange<'a> {
    pub at: Instant,
    /// The cluster that it happened to; `None` for what is about none (a pack, a key).
    pub cluster: Option<ClusterNo>,
    /// Such as `order.updated`.
    pub kind: &'a str,
    /// The public id of the object.
    pub object: &'a str,
    /// A JSON object.
    pub summary: &'a str,
}

/// A change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Without gaps within the tenant, in the order of commit.
    pub id: i64,
    pub at: Instant,
    pub cluster: Option<ClusterNo>,
    pub kind: String,
    pub object: String,
    /// A JSON object.
    pub summary: String,
}

/// Notes changes; returns the number of the last.
///
/// Call it last in its transaction: from here on other writers of the tenant wait for the commit, so
/// that a reader never sees a number before a smaller one.
///
/// # Errors
/// What the engine does.
pub fn append(tx: &mut Tx<'_>, scope: &Scope, changes: &[NewChange<'_>]) -> Result<i64> {
    let tenant = scope.whole("changes")?;
    if changes.is_empty() {
        return Ok(kept(tx, scope)?.last);
    }
    let numbers = tx.numbers(tenant, Counter::Change, changes.len())?;
    tx.bulk(
        sql_pair!("changes/insert"),
        changes.iter().zip(numbers.clone()).map(|(change, id)| {
            let cluster = change.cluster.map_or(0, |cluster| cluster.0);
            params![tenant, id, change.at, cluster, change.kind, change.object, change.summary]
        }),
    )?;
    Ok(numbers.end - 1)
}

/// The changes numbered above `after` and up to `upto`, in order. A partner sees those of the orders,
/// and of the exceptions, that lists show it.
///
/// # Errors
/// What the engine does.
pub fn between(tx: &mut Tx<'_>, scope: &Scope, after: i64, upto: i64) -> Result<Vec<Change>> {
    let tenant = scope.within("changes")?;
    tx.rows(sql!("changes/between"), &params![tenant, scope.partner_text(), after, upto], read)
}

/// Which changes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The oldest; the next to come where none is kept.
    pub first: i64,
    /// The latest that there ever was; 0 where there was none.
    pub last: i64,
}

/// Which changes of the tenant are kept.
///
/// # Errors
/// What the engine does.
pub fn kept(tx: &mut Tx<'_>, scope: &Scope) -> Result<Kept> {
    let tenant = scope.within("changes")?;
    let found = tx.row(sql!("changes/kept"), &params![tenant], |row| {
        Ok(Kept { first: row.int(0)?, last: row.int(1)? })
    })?;
    Ok(found.unwrap_or(Kept { first: 1, last: 0 }))
}

/// Deletes those of the `limit` oldest changes that are from before `at`, and numbered up to `upto`; returns
/// how many.
///
/// # Errors
/// What the engine does.
pub fn forget(tx: &mut Tx<'_>, scope: &Scope, at: Instant, limit: usize) -> Result<u64> {
    let tenant = scope.whole("changes")?;
    tx.execute(sql!("changes/forget"), params![tenant, at, limit as i64])
}

fn read(row: &Row<'_>) -> Result<Change> {
    Ok(Change {
        id: row.int(0)?,
        at: row.instant(1)?,
        cluster: Some(row.int(2)?).filter(|cluster| *cluster != 0).map(ClusterNo),
        kind: row.text(3)?.to_owned(),
        object: row.text(4)?.to_owned(),
        summary: row.text(5)?.to_owned(),
    })
}

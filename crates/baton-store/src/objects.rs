//! Objects that are no orders (shipments, packages, invoices, jobs, sources): their public id. All else
//! of them is derived on reading, so that an event about one writes nothing here.

use std::collections::HashMap;

use baton_core::id::ObjectId;

use crate::clusters::ClusterNo;
use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{params, sql, sql_pair};
use crate::tx::Tx;

/// An object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectRow {
    pub cluster: ClusterNo,
    /// Tells the objects of one cluster apart while a clash keeps them so; 0 for the usual one.
    pub component: i64,
    pub id: ObjectId,
}

/// Makes `rows` stand where `before` does: writes those that changed, deletes those that are gone.
///
/// Each (cluster, component) may be among `before` and among `rows` once.
///
/// # Errors
/// What the engine does.
pub fn write<'a>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: impl IntoIterator<Item = &'a ObjectRow>,
    rows: impl IntoIterator<Item = &'a ObjectRow>,
) -> Result<usize> {
    let tenant = scope.whole("writing objects")?;
    let mut before: HashMap<(ClusterNo, i64), &ObjectRow> =
        before.into_iter().map(|row| ((row.cluster, row.component), row)).collect();
    let mut changed: Vec<(&ObjectRow, String)> = Vec::new();
    let mut ids: Vec<(String, i64)> = Vec::new();
    for row in rows {
        let known = before.remove(&(row.cluster, row.component));
        if known == Some(row) {
            continue;
        }
        let id = row.id.to_string();
        if known.is_none_or(|known| known.id != row.id) {
            ids.push((id.clone(), row.cluster.0));
        }
        changed.push((row, id));
    }
    tx.bulk(
        sql_pair!("objects/upsert"),
        changed
            .iter()
            .map(|(row, id)| params![tenant, row.cluster.0, row.component, id, row.id.kind.name()]),
    )?;
    // In one order, for two nodes.
    ids.sort_unstable();
    ids.dedup_by(|later, kept| later.0 == kept.0);
    let ids = ids.iter().map(|(id, cluster)| params![tenant, id, *cluster]);
    tx.bulk(sql_pair!("orders/insert_public_id"), ids)?;
    let gone = before.keys().map(|(cluster, component)| params![tenant, cluster.0, *component]);
    tx.bulk(sql_pair!("objects/delete"), gone)?;
    Ok(changed.len())
}

/// The objects of these clusters.
///
/// # Errors
/// [`crate::StoreError::Corrupt`] where an id cannot be read.
pub fn by_clusters(
    tx: &mut Tx<'_>,
    scope: &Scope,
    clusters: &[ClusterNo],
) -> Result<Vec<ObjectRow>> {
    let tenant = scope.whole("objects")?;
    let mut found = Vec::new();
    let wanted = clusters.iter().map(|cluster| params![tenant, cluster.0]);
    tx.bulk_query(sql_pair!("objects/by_clusters"), wanted, |row| {
        found.push(ObjectRow {
            cluster: ClusterNo(row.int(0)?),
            component: row.int(1)?,
            id: row.parsed(2, "an object's id")?,
        });
        Ok(())
    })?;
    Ok(found)
}

/// How many objects, and orders, a look for those that belong to nothing goes through at most, the newest
/// first.
const LOOKED_AT_MAX: i64 = 100_000;

/// Up to `limit` objects that nothing contains, and orders that have neither customer nor value: nobody
/// may have placed them. Of clusters with a number below `before`, the newest first. Sources are none of
/// them.
///
/// # Errors
/// [`crate::StoreError::Corrupt`] where an id cannot be read.
pub fn unmatched(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: Option<ClusterNo>,
    limit: usize,
) -> Result<Vec<ObjectRow>> {
    let tenant = scope.whole("objects")?;
    let before = before.map_or(i64::MAX, |cluster| cluster.0);
    let values = params![tenant, before, limit as i64, LOOKED_AT_MAX];
    tx.rows(sql!("objects/unmatched"), &values, |row| {
        Ok(ObjectRow {
            cluster: ClusterNo(row.int(0)?),
            component: row.int(1)?,
            id: row.parsed(2, "an object's id")?,
        })
    })
}

/// Whether nothing contains what is in this cluster.
///
/// # Errors
/// What the engine does.
pub fn is_unmatched(tx: &mut Tx<'_>, scope: &Scope, cluster: ClusterNo) -> Result<bool> {
    let tenant = scope.whole("objects")?;
    let parents = tx.row(sql!("objects/parents"), &params![tenant, cluster.0], |row| row.int(0))?;
    Ok(parents.unwrap_or(0) == 0)
}

/// The cluster of the object, or order, that this public id names or once named.
///
/// # Errors
/// [`crate::StoreError::NotFound`].
pub fn cluster_of(tx: &mut Tx<'_>, scope: &Scope, id: ObjectId) -> Result<ClusterNo> {
    let tenant = scope.whole("objects")?;
    let id = id.to_string();
    tx.row(sql!("objects/cluster_of"), &params![tenant, &id], |row| row.int(0))?
        .map(ClusterNo)
        .ok_or_else(|| crate::StoreError::not_found("object", id))
}

//! Edges: relations between clusters (an order contains a shipment). They say where to look for
//! facts, no more: when a relation holds is in the facts themselves. One that nothing in force speaks of
//! any more is void: its facts are still looked at, and lists do not follow it.

use std::collections::BTreeSet;

use crate::clusters::ClusterNo;
use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{params, sql_pair};
use crate::tx::Tx;

/// A child that something of the parent's facts, or of its own, relates to the parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    pub child: ClusterNo,
    pub parent: ClusterNo,
}

/// Adds edges; those that are there, and those from a cluster to itself, change nothing.
///
/// # Errors
/// What the engine does.
pub fn add(tx: &mut Tx<'_>, scope: &Scope, edges: &[Edge]) -> Result<u64> {
    let tenant = scope.whole("edges")?;
    let edges: BTreeSet<Edge> =
        edges.iter().copied().filter(|edge| edge.child != edge.parent).collect();
    let rows = edges.iter().map(|edge| params![tenant, edge.child.0, edge.parent.0]);
    tx.bulk(sql_pair!("edges/insert"), rows)
}

/// The edges that lead up from these clusters.
///
/// # Errors
/// What the engine does.
pub fn to_parents(tx: &mut Tx<'_>, scope: &Scope, children: &[ClusterNo]) -> Result<Vec<Edge>> {
    let tenant = scope.whole("edges")?;
    read(tx, sql_pair!("edges/to_parents"), tenant, children)
}

/// The edges that lead down from these clusters.
///
/// # Errors
/// What the engine does.
pub fn to_children(tx: &mut Tx<'_>, scope: &Scope, parents: &[ClusterNo]) -> Result<Vec<Edge>> {
    let tenant = scope.whole("edges")?;
    read(tx, sql_pair!("edges/to_children"), tenant, parents)
}

/// The edges that lead down from these clusters, each with whether it is void.
///
/// # Errors
/// What the engine does.
pub fn below(tx: &mut Tx<'_>, scope: &Scope, parents: &[ClusterNo]) -> Result<Vec<(Edge, bool)>> {
    let tenant = scope.whole("edges")?;
    let mut found = Vec::new();
    let wanted = parents.iter().map(|cluster| params![tenant, cluster.0]);
    tx.bulk_query(sql_pair!("edges/to_children"), wanted, |row| {
        let edge = Edge { child: ClusterNo(row.int(0)?), parent: ClusterNo(row.int(1)?) };
        found.push((edge, row.int(2)? != 0));
        Ok(())
    })?;
    Ok(found)
}

/// Says of edges whether they are void.
///
/// # Errors
/// What the engine does.
pub fn set_void(tx: &mut Tx<'_>, scope: &Scope, edges: &[(Edge, bool)]) -> Result<u64> {
    let tenant = scope.whole("edges")?;
    let rows = edges
        .iter()
        .map(|(edge, void)| params![tenant, edge.child.0, edge.parent.0, i64::from(*void)]);
    tx.bulk(sql_pair!("edges/set_void"), rows)
}

fn read(
    tx: &mut Tx<'_>,
    statement: &crate::sql::Sql,
    tenant: i64,
    clusters: &[ClusterNo],
) -> Result<Vec<Edge>> {
    let mut found = Vec::new();
    let wanted = clusters.iter().map(|cluster| params![tenant, cluster.0]);
    tx.bulk_query(statement, wanted, |row| {
        found.push(Edge { child: ClusterNo(row.int(0)?), parent: ClusterNo(row.int(1)?) });
        Ok(())
    })?;
    Ok(found)
}

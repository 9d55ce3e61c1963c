//! Which orders an exception is about: its own, or those that reach the shipment, invoice or job that
//! it is about. A list that did not say so would be looked up order by order.

use std::collections::{BTreeMap, BTreeSet};

use baton_store::clusters::ClusterNo;
use baton_store::exceptions::ExceptionRow;
use baton_store::orders::{self, OrderRow};
use baton_store::{Scope, Tx};

use crate::above::Above;

/// Orders named beside an exception; a truck with forty of them is a page of its own.
const ORDERS_MAX: usize = 5;

/// Orders by cluster, and what is above each: what leads from an object to the orders that reach it.
#[derive(Debug, Default)]
pub(super) struct Reach {
    above: Above,
    held: BTreeMap<ClusterNo, Vec<OrderRow>>,
}

impl Reach {
    /// From these clusters, as far as `scope` reaches; `whole` is the tenant's own.
    pub(super) fn from(
        tx: &mut Tx<'_>,
        scope: &Scope,
        whole: &Scope,
        begun: BTreeSet<ClusterNo>,
    ) -> Result<Self, baton_store::StoreError> {
        let above = Above::of(tx, whole, begun)?;
        let known: Vec<ClusterNo> = above.known().iter().copied().collect();
        let mut held: BTreeMap<ClusterNo, Vec<OrderRow>> = BTreeMap::new();
        for row in orders::by_clusters(tx, scope, &known)? {
            held.entry(row.cluster).or_default().push(row);
        }
        Ok(Self { above, held })
    }
    /// The orders of the cluster itself.
    pub(super) fn own(&self, cluster: ClusterNo) -> impl Iterator<Item = &OrderRow> {
        self.held.get(&cluster).into_iter().flatten()
    }
    /// Those, and the orders of all that is above it.
    pub(super) fn all(&self, cluster: ClusterNo) -> impl Iterator<Item = &OrderRow> {
        let reached = self.above.from(cluster).into_iter();
        reached.filter_map(|cluster| self.held.get(&cluster)).flatten()
    }
}

/// For each exception the orders that it touches, as far as `scope` reaches: so many of them, and how
/// many there are.
pub(super) fn orders_of(
    tx: &mut Tx<'_>,
    scope: &Scope,
    whole: &Scope,
    exceptions: &[ExceptionRow],
) -> Result<Vec<(Vec<OrderRow>, usize)>, baton_store::StoreError> {
    let begun = exceptions.iter().map(|row| row.cluster).collect();
    let reach = Reach::from(tx, scope, whole, begun)?;
    Ok(exceptions.iter().map(|exception| affected(exception, &reach)).collect())
}

fn affected(exception: &ExceptionRow, reach: &Reach) -> (Vec<OrderRow>, usize) {
    if let Some(own) = reach.own(exception.cluster).find(|row| row.id == exception.object) {
        return (vec![own.clone()], 1);
    }
    let found = || reach.all(exception.cluster);
    (found().take(ORDERS_MAX).cloned().collect(), found().count())
}

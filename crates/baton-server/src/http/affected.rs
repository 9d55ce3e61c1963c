//! Which orders an exception is about: its own, or those that reach the shipment, invoice or job that
//! it is about. A list that did not say so would be looked up order by order.

use std::collections::{BTreeMap, BTreeSet};

use baton_store::clusters::ClusterNo;
use baton_store::exceptions::ExceptionRow;
use baton_store::orders::{self, OrderRow};
use baton_store::{Scope, Tx, edges};

/// Steps from a shared object up to an order; longer chains are not made.
const STEPS_MAX: usize = 3;
/// Orders named beside an exception; a truck with forty of them is a page of its own.
const ORDERS_MAX: usize = 5;

/// Orders by cluster, and the clusters above each: what leads from an object to the orders that reach it.
#[derive(Debug, Default)]
pub(super) struct Reach {
    parents: BTreeMap<ClusterNo, Vec<ClusterNo>>,
    held: BTreeMap<ClusterNo, Vec<OrderRow>>,
}

impl Reach {
    /// From these clusters, as far as `scope` reaches. `whole` is the tenant's own scope, because relations have
    /// no partner.
    pub(super) fn from(
        tx: &mut Tx<'_>,
        scope: &Scope,
        whole: &Scope,
        begun: BTreeSet<ClusterNo>,
    ) -> Result<Self, baton_store::StoreError> {
        let mut parents: BTreeMap<ClusterNo, Vec<ClusterNo>> = BTreeMap::new();
        let mut known = begun.clone();
        let mut next: Vec<ClusterNo> = begun.into_iter().collect();
        for _ in 0..STEPS_MAX {
            let mut above = Vec::new();
            for edge in edges::to_parents(tx, whole, &next)? {
                parents.entry(edge.child).or_default().push(edge.parent);
                if known.insert(edge.parent) {
                    above.push(edge.parent);
                }
            }
            next = above;
        }
        let known: Vec<ClusterNo> = known.into_iter().collect();
        let mut held: BTreeMap<ClusterNo, Vec<OrderRow>> = BTreeMap::new();
        for row in orders::by_clusters(tx, scope, &known)? {
            held.entry(row.cluster).or_default().push(row);
        }
        Ok(Self { parents, held })
    }
    /// The orders of the cluster itself.
    pub(super) fn own(&self, cluster: ClusterNo) -> impl Iterator<Item = &OrderRow> {
        self.held.get(&cluster).into_iter().flatten()
    }
    /// Those, and the orders of all that is above it.
    pub(super) fn all(&self, cluster: ClusterNo) -> impl Iterator<Item = &OrderRow> {
        let mut reached = BTreeSet::from([cluster]);
        let mut next = vec![cluster];
        while let Some(cluster) = next.pop() {
            let above = self.parents.get(&cluster).into_iter().flatten();
            next.extend(above.filter(|parent| reached.insert(**parent)));
        }
        reached.into_iter().filter_map(|cluster| self.held.get(&cluster)).flatten()
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

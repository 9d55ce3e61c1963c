//! What stands above a cluster: the shipment above its package, the orders above the shipment. Whatever is said
//! of a shared object concerns all that reach it.

use std::collections::{BTreeMap, BTreeSet};

use baton_store::clusters::ClusterNo;
use baton_store::{Scope, StoreError, Tx, edges};

/// Steps from a shared object up to an order; longer chains are not made.
const STEPS_MAX: usize = 3;

/// Clusters with those above each.
#[derive(Debug, Default)]
pub(crate) struct Above {
    parents: BTreeMap<ClusterNo, Vec<ClusterNo>>,
    known: BTreeSet<ClusterNo>,
}

impl Above {
    /// Of these clusters. `whole` is the tenant's own scope, because relations have no partner.
    pub(crate) fn of(
        tx: &mut Tx<'_>,
        whole: &Scope,
        begun: BTreeSet<ClusterNo>,
    ) -> Result<Self, StoreError> {
        let mut parents: BTreeMap<ClusterNo, Vec<ClusterNo>> = BTreeMap::new();
        let mut known = begun;
        let mut next: Vec<ClusterNo> = known.iter().copied().collect();
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
        Ok(Self { parents, known })
    }

    /// Those that it began with, and all above them.
    pub(crate) fn known(&self) -> &BTreeSet<ClusterNo> {
        &self.known
    }

    /// A cluster, and all above it.
    pub(crate) fn from(&self, cluster: ClusterNo) -> BTreeSet<ClusterNo> {
        let mut reached = BTreeSet::from([cluster]);
        let mut next = vec![cluster];
        while let Some(cluster) = next.pop() {
            let above = self.parents.get(&cluster).into_iter().flatten();
            next.extend(above.filter(|parent| reached.insert(**parent)));
        }
        reached
    }
}

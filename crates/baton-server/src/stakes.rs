//! What exceptions of shared objects put at stake: the most valuable, and the most urgent, of the orders
//! that reach the shipment, invoice or job. An order's own exceptions have it from their order.
//!
//! Where an order's stake changes, what it shares with others is woken, and told anew in a step that holds
//! it: so two nodes never write the same exception.

use std::collections::BTreeMap;

use baton_core::identifier::ObjectKind;
use baton_core::rank::Stake;
use baton_store::clusters::ClusterNo;
use baton_store::exceptions::ExceptionRow;
use baton_store::orders::{self, OrderRow};
use baton_store::{Scope, StoreError, Tx};

use crate::above::Above;
use crate::cache::Cache;
use crate::deriving::Derived;
use crate::rows::{Rows, stake_of};

/// Whether it is open, and not an order's own.
fn is_shared(row: &ExceptionRow) -> bool {
    row.closed_at.is_none() && row.object.kind != ObjectKind::Order
}

/// Tells of the exceptions of shared objects in this step what they put at stake.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    scope: &Scope,
    derived: &mut BTreeMap<ClusterNo, Derived>,
) -> Result<(), StoreError> {
    let of_shared = |derived: &Derived| derived.rows.exceptions.iter().any(is_shared);
    let begun: Vec<ClusterNo> =
        derived.iter().filter(|(_, d)| of_shared(d)).map(|(cluster, _)| *cluster).collect();
    if begun.is_empty() {
        return Ok(());
    }
    let above = Above::of(tx, scope, begun.iter().copied().collect())?;
    let known = above.known();
    let mut stakes: BTreeMap<ClusterNo, Stake> = BTreeMap::new();
    let mut note = |row: &OrderRow| {
        let stake = stakes.entry(row.cluster).or_default();
        *stake = stake.and(stake_of(row));
    };
    // What this step derived is not written yet.
    let standing: Vec<ClusterNo> =
        known.iter().copied().filter(|cluster| !derived.contains_key(cluster)).collect();
    orders::by_clusters(tx, scope, &standing)?.iter().for_each(&mut note);
    let fresh = known.iter().filter_map(|cluster| derived.get(cluster));
    fresh.flat_map(|derived| &derived.rows.orders).for_each(&mut note);
    for cluster in begun {
        let reached = above.from(cluster);
        let stake = reached.iter().filter_map(|cluster| stakes.get(cluster));
        let stake = stake.fold(Stake::default(), |all, one| all.and(*one));
        let rows = derived.get_mut(&cluster).map(|derived| &mut derived.rows.exceptions);
        for row in rows.into_iter().flatten().filter(|row| is_shared(row)) {
            row.stake = stake;
        }
    }
    Ok(())
}

/// Of what lies below an order whose stake changed: the clusters with exceptions that have to be told anew.
pub(crate) fn to_tell_anew<'d>(
    cache: &'d Cache,
    before: &Rows,
    after: &Rows,
    below: &'d [ClusterNo],
) -> impl Iterator<Item = ClusterNo> + use<'d> {
    let changed = before.orders.iter().map(stake_of).ne(after.orders.iter().map(stake_of));
    let below = below.iter().copied().filter(move |_| changed);
    below.filter(|cluster| {
        cache.look(*cluster).is_some_and(|hot| hot.rows.exceptions.iter().any(is_shared))
    })
}

/// Whether lists show the same exceptions; what they put at stake aside.
pub(crate) fn show_alike(one: &[ExceptionRow], other: &[ExceptionRow]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.shows_as(other))
}

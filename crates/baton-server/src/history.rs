//! Any time, any rules: a subject's state as it is, as it was known at an earlier instant, or as other
//! rules would have it. It is the same derivation over other facts; nothing is written.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::book::Rulebook;
use baton_core::fact::{Body, Fact};
use baton_core::id::ObjectId;
use baton_core::state::State;
use baton_core::time::Instant;
use baton_store::clusters::ClusterNo;
use baton_store::{Store, StoreError, Tx, edges, facts, sources};

use crate::deriving::{facts_limit, objects_limit};
use crate::settings::StepLimits;
use crate::tenant::{Rules, Tenant, source_infos, source_infos_as_of};

/// Which facts count, when it is, and by which rules.
#[derive(Debug, Clone, Copy, Default)]
pub struct View<'a> {
    /// What was recorded by then, derived at that instant; none: everything, now.
    pub as_of: Option<Instant>,
    /// Derived at this instant, over everything that is known.
    pub at: Option<Instant>,
    /// Other rules than the tenant's, for every subject.
    pub what_if: Option<&'a Rulebook>,
    /// Our own acts are left out: they were due by the rules then.
    pub without_acts: bool,
}

/// The facts of a cluster and of everything below it.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    pub(crate) home: Vec<Fact>,
    pub(crate) below: Vec<Fact>,
    /// The clusters of what is below.
    pub(crate) clusters: Vec<ClusterNo>,
    /// Why there is no more.
    pub(crate) limit: Option<String>,
}

/// The state of a subject by any public id that it has or had.
///
/// # Errors
/// [`StoreError::NotFound`] where the id names nothing, or nothing by that time.
pub fn state_of(
    store: &Store,
    tenant: &Tenant,
    limits: &StepLimits,
    id: ObjectId,
    view: View<'_>,
) -> Result<State, StoreError> {
    store.read(|tx| {
        let cluster = baton_store::objects::cluster_of(tx, &tenant.scope, id)?;
        let mut states = derive_cluster(tx, tenant, limits, cluster, view)?;
        let n = states.iter().position(|state| state.id == id).unwrap_or(0);
        if n < states.len() {
            return Ok(states.swap_remove(n));
        }
        Err(StoreError::NotFound { what: "subject", key: id.to_string() })
    })
}

/// The states of all subjects of a cluster, by id.
pub(crate) fn derive_cluster(
    tx: &mut Tx<'_>,
    tenant: &Tenant,
    limits: &StepLimits,
    cluster: ClusterNo,
    view: View<'_>,
) -> Result<Vec<State>, StoreError> {
    let declared = tenant.declared();
    let now = view.as_of.or(view.at).unwrap_or_else(|| tenant.clock.now());
    let sources = match view.as_of {
        Some(at) => source_infos_as_of(tx, &tenant.scope, at)?,
        None => source_infos(&sources::list(tx, &tenant.scope)?, now),
    };
    let mut reach = reach(tx, tenant, limits, cluster, view.as_of)?;
    if view.without_acts {
        let own = |fact: &Fact| !matches!(fact.body, Body::Acted { .. } | Body::Delivered { .. });
        reach.home.retain(own);
        reach.below.retain(own);
    }
    let rules = match (view.what_if, view.as_of) {
        (Some(book), _) => Rules::all_by(book),
        (None, Some(at)) => declared.rules_as_of(at),
        (None, None) => declared.rules(),
    };
    let known = rules.known(&reach.home, &reach.below, &sources);
    let mut states: Vec<State> =
        known.roots().iter().map(|root| baton_core::derive::derive(&known, *root, now)).collect();
    states.sort_by_key(|state| state.id);
    if let Some(limit) = reach.limit {
        for state in &mut states {
            state.limit_reached.get_or_insert_with(|| limit.clone());
        }
    }
    if view.without_acts {
        for state in &mut states {
            state.due_acts.clear();
        }
    }
    Ok(states)
}

/// Loads what a cluster reaches, a level at a time, up to the same limits and in the same order as
/// the steps that write it.
pub(crate) fn reach(
    tx: &mut Tx<'_>,
    tenant: &Tenant,
    limits: &StepLimits,
    cluster: ClusterNo,
    as_of: Option<Instant>,
) -> Result<Reach, StoreError> {
    let scope = &tenant.scope;
    let home = facts::load(tx, scope, &[cluster], as_of)?.remove(&cluster).unwrap_or_default();
    let mut reach = Reach { home, ..Reach::default() };
    let mut seen = BTreeSet::from([cluster]);
    let mut level = vec![cluster];
    while !level.is_empty() {
        let mut below: BTreeMap<ClusterNo, BTreeSet<ClusterNo>> = BTreeMap::new();
        for edge in edges::to_children(tx, scope, &level)? {
            below.entry(edge.parent).or_default().insert(edge.child);
        }
        let children = level.iter().filter_map(|parent| below.get(parent)).flatten().copied();
        let mut next: Vec<ClusterNo> = children.filter(|child| seen.insert(*child)).collect();
        let beyond = seen.len().saturating_sub(limits.descendants_max + 1);
        if beyond > 0 {
            next.truncate(next.len() - beyond);
            reach.limit = Some(objects_limit(limits));
        }
        let mut facts = facts::load(tx, scope, &next, as_of)?;
        for child in &next {
            reach.clusters.push(*child);
            reach.below.extend(facts.remove(child).unwrap_or_default());
            if reach.home.len() + reach.below.len() > limits.facts_max {
                reach.limit = Some(facts_limit(limits));
                return Ok(reach);
            }
        }
        if reach.limit.is_some() {
            break;
        }
        level = next;
    }
    Ok(reach)
}

//! Deriving itself: from decoded clusters to states and rows, on several threads.
//!
//! It is pure, so that it can be shared out: every thread looks at the same decoded clusters and
//! writes nothing. What is written is left to [`crate::commit`].

use std::collections::BTreeSet;

use baton_core::derive::{Concluded, conclude};
use baton_core::fact::Fact;
use baton_core::id::{Digest, ObjectId};
use baton_core::identifier::Identifier;
use baton_core::known::Known;
use baton_core::milestone::Milestone;
use baton_core::partner::{Role, SourceInfo};
use baton_core::state::{DueAct, State};
use baton_core::time::Instant;
use baton_store::clusters::ClusterNo;

use crate::cache::Cache;
use crate::clocks::{Outcome, outcomes};
use crate::digest::digest;
use crate::rows::Rows;
use crate::settings::StepLimits;
use crate::side_by_side::side_by_side;
use crate::tenant::Rules;

/// A subject that was derived, without the detail that only readers want.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) state: State,
    pub(crate) placed_at: Option<Instant>,
    pub(crate) digest: Digest,
    /// The objects that it reaches.
    pub(crate) below: Vec<ObjectId>,
}

/// Everything that the home facts of a cluster are about, by id.
pub(crate) fn subjects(
    known: &Known<'_>,
    now: Instant,
    limit_reached: Option<&str>,
) -> Vec<Subject> {
    let derived = known.roots().iter().map(|root| {
        let Concluded { mut state, placed_at, basis, below } = conclude(known, *root, now);
        if let Some(limit) = limit_reached {
            state.limit_reached.get_or_insert_with(|| limit.to_owned());
        }
        let digest = digest(&state, basis);
        Subject { state, placed_at, digest, below }
    });
    let mut subjects: Vec<Subject> = derived.collect();
    subjects.sort_by_key(|subject| subject.state.id);
    subjects
}

/// What a step still needs of a subject once its rows are made.
///
/// The state itself is let go at once: hundreds are derived in a step, and memory that is used again while
/// it is at hand costs a fraction of memory that is not.
#[derive(Debug)]
pub(crate) struct Outline {
    pub(crate) id: ObjectId,
    pub(crate) name: Identifier,
    pub(crate) holder_role: Option<Role>,
    pub(crate) position: Option<Milestone>,
    pub(crate) progress: Option<Milestone>,
    /// The objects that it reaches.
    pub(crate) below: Vec<ObjectId>,
    /// Whether a limit left something out.
    pub(crate) is_limited: bool,
    /// The SLA clocks that came out.
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) due_acts: Vec<DueAct>,
    /// Only where subscribers may have to be told of an act on it.
    pub(crate) state: Option<Box<State>>,
}

impl Outline {
    fn of(Subject { mut state, below, .. }: Subject, acted: bool) -> Self {
        let due_acts = std::mem::take(&mut state.due_acts);
        let is_spoken_of = acted || !due_acts.is_empty();
        let spoken_of = is_spoken_of.then(|| Box::new(state.clone()));
        Self {
            id: state.id,
            name: state.name.clone(),
            holder_role: state.holder.as_ref().map(|holder| holder.role),
            position: state.position,
            progress: state.progress,
            below,
            is_limited: state.limit_reached.is_some(),
            outcomes: outcomes(state),
            due_acts,
            state: spoken_of,
        }
    }
}

/// A cluster that was derived.
#[derive(Debug)]
pub(crate) struct Derived {
    pub(crate) cluster: ClusterNo,
    /// By id.
    pub(crate) subjects: Vec<Outline>,
    pub(crate) rows: Rows,
    /// The clusters that it looked into.
    pub(crate) below: Vec<ClusterNo>,
}

/// What all derivations of a step share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deriving<'a> {
    pub(crate) limits: &'a StepLimits,
    pub(crate) rules: Rules<'a>,
    pub(crate) sources: &'a [SourceInfo],
    pub(crate) now: Instant,
}

impl Deriving<'_> {
    /// Derives clusters that are decoded, with everything below them. In some of them (`acted`) acts of
    /// ours were committed in this step.
    pub(crate) fn all(&self, cache: &Cache, clusters: &[ClusterNo], acted: bool) -> Vec<Derived> {
        side_by_side(self.limits.derivers, clusters, &|cluster| self.one(cache, *cluster, acted))
    }

    /// What is known of one cluster that is decoded, with everything below it.
    pub(crate) fn with_known<T>(
        &self,
        cache: &Cache,
        cluster: ClusterNo,
        look: impl FnOnce(&Known<'_>) -> T,
    ) -> T {
        let home = cache.look(cluster).map_or(&[][..], |hot| hot.facts.as_slice());
        let (reached, ..) = self.reached(cache, cluster, home.len());
        look(&self.rules.known(home, reached, self.sources))
    }

    /// Derives one cluster that is decoded, with everything below it.
    pub(crate) fn one(&self, cache: &Cache, cluster: ClusterNo, acted: bool) -> Derived {
        let home = cache.look(cluster).map_or(&[][..], |hot| hot.facts.as_slice());
        let (reached, below, limit_reached) = self.reached(cache, cluster, home.len());
        let known = self.rules.known(home, reached, self.sources);
        let subjects = subjects(&known, self.now, limit_reached.as_deref());
        let rows = Rows::of(cluster, &subjects, self.now);
        let subjects = subjects.into_iter().map(|subject| Outline::of(subject, acted)).collect();
        Derived { cluster, subjects, rows, below }
    }

    /// The facts of everything below a cluster, up to the limits, and where they stand.
    fn reached<'c>(
        &self,
        cache: &'c Cache,
        cluster: ClusterNo,
        home: usize,
    ) -> (Vec<&'c Fact>, Vec<ClusterNo>, Option<String>) {
        let limits = self.limits;
        let mut reached = Vec::new();
        let mut below = Vec::new();
        let mut seen = BTreeSet::from([cluster]);
        let mut parent = Some(cluster);
        let mut next = 0;
        while let Some(above) = parent {
            let children = cache.look(above).map(|hot| &hot.children).into_iter().flatten();
            for child in children {
                if !seen.insert(*child) {
                    continue;
                }
                if below.len() == limits.descendants_max {
                    return (reached, below, Some(objects_limit(limits)));
                }
                below.push(*child);
                if let Some(hot) = cache.look(*child) {
                    reached.extend(&hot.facts);
                }
                if home + reached.len() > limits.facts_max {
                    return (reached, below, Some(facts_limit(limits)));
                }
            }
            parent = below.get(next).copied();
            next += 1;
        }
        (reached, below, None)
    }
}

/// Why a derivation looked at no more objects.
pub(crate) fn objects_limit(limits: &StepLimits) -> String {
    format!("it reaches more than {} objects, the others are left out", limits.descendants_max)
}

/// Why a derivation looked at no more facts.
pub(crate) fn facts_limit(limits: &StepLimits) -> String {
    format!("what it reaches has more than {} facts, the others are left out", limits.facts_max)
}

//! Deriving itself: from decoded clusters to states and rows, on several threads.
//!
//! It is pure, so that it can be shared out: every thread looks at the same decoded clusters and
//! writes nothing. What is written is left to [`crate::commit`].

use std::collections::{BTreeSet, VecDeque};

use baton_core::book::Rulebook;
use baton_core::fact::Fact;
use baton_core::known::Known;
use baton_core::partner::SourceInfo;
use baton_core::state::State;
use baton_core::time::Instant;
use baton_store::clusters::ClusterNo;

use crate::cache::Cache;
use crate::rows::Rows;
use crate::settings::StepLimits;

/// Fewer clusters than this are derived on one thread: others would cost more than they save.
const SHARED_MIN: usize = 8;

/// A cluster that was derived.
#[derive(Debug)]
pub(crate) struct Derived {
    pub(crate) cluster: ClusterNo,
    /// One for each subject, by id.
    pub(crate) states: Vec<State>,
    pub(crate) rows: Rows,
}

/// What all derivations of a step share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deriving<'a> {
    pub(crate) limits: &'a StepLimits,
    pub(crate) book: &'a Rulebook,
    pub(crate) sources: &'a [SourceInfo],
    pub(crate) now: Instant,
}

impl Deriving<'_> {
    /// Derives clusters that are decoded, with everything below them.
    pub(crate) fn all(&self, cache: &Cache, clusters: &[ClusterNo]) -> Vec<Derived> {
        let some = |some: &[ClusterNo]| -> Vec<Derived> {
            some.iter().map(|cluster| self.one(cache, *cluster)).collect()
        };
        let threads = self.limits.derivers.max(1);
        if threads == 1 || clusters.len() < SHARED_MIN {
            return some(clusters);
        }
        let share = clusters.len().div_ceil(threads);
        std::thread::scope(|scope| {
            let mut shares = clusters.chunks(share);
            let first = shares.next().unwrap_or_default();
            let others: Vec<_> = shares.map(|share| scope.spawn(move || some(share))).collect();
            let mut derived = some(first);
            for other in others {
                match other.join() {
                    Ok(more) => derived.extend(more),
                    // The step fails as it would have on one thread, and is taken apart.
                    Err(failure) => std::panic::resume_unwind(failure),
                }
            }
            derived
        })
    }

    fn one(&self, cache: &Cache, cluster: ClusterNo) -> Derived {
        let home = cache.look(cluster).map_or_else(Vec::new, |hot| hot.facts.clone());
        let (reached, limit_reached) = self.reached(cache, cluster, home.len());
        let known = Known::new(home, reached, self.sources, self.book);
        let mut states: Vec<State> = known
            .roots()
            .iter()
            .map(|root| baton_core::derive::derive(&known, *root, self.now))
            .collect();
        states.sort_by_key(|state| state.id);
        if let Some(limit) = limit_reached {
            for state in &mut states {
                state.limit_reached.get_or_insert_with(|| limit.clone());
            }
        }
        let rows = Rows::of(cluster, &mut states, self.now);
        Derived { cluster, states, rows }
    }

    /// The facts of everything below a cluster, up to the limits.
    fn reached(
        &self,
        cache: &Cache,
        cluster: ClusterNo,
        home: usize,
    ) -> (Vec<Fact>, Option<String>) {
        let limits = self.limits;
        let mut reached = Vec::new();
        let mut seen = BTreeSet::from([cluster]);
        let mut queue = VecDeque::from([cluster]);
        while let Some(parent) = queue.pop_front() {
            let children = cache.look(parent).map(|hot| &hot.children).into_iter().flatten();
            for child in children {
                if !seen.insert(*child) {
                    continue;
                }
                // The cluster itself is among them.
                if seen.len() > limits.descendants_max + 1 {
                    return (reached, Some(objects_limit(limits)));
                }
                if let Some(hot) = cache.look(*child) {
                    reached.extend(hot.facts.iter().cloned());
                }
                if home + reached.len() > limits.facts_max {
                    return (reached, Some(facts_limit(limits)));
                }
                queue.push_back(*child);
            }
        }
        (reached, None)
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

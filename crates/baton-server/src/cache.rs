//! What the engine keeps decoded between steps, so that an event of a hot order reads nothing.
//!
//! Per cluster: its facts, its edges, and the rows that the last derivation wrote. Beside them, which
//! cluster an identifier is in.
//!
//! INVARIANT: the cache shows what is committed, and within a step what that step commits (from before its
//! transaction where the step is foreseen: see [`crate::foresight`]), or it is empty. A step that fails clears it. It is
//! right only while this process alone writes the clusters of the tenant; where several share a
//! database, [`Cache::begin_step`] clears it before each step.

use std::collections::{BTreeSet, HashMap, HashSet};

use baton_core::fact::Fact;
use baton_core::identifier::Identifier;
use baton_store::clusters::{self, ClusterNo};
use baton_store::edges::{self, Edge};
use baton_store::{Scope, StoreError, Tx, facts};
use foldhash::fast::RandomState;

use crate::hearing::Hearing;
use crate::rows::Rows;
use crate::settings::StepLimits;

/// Whether other processes write the same clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// This process is the only one: embedded SQLite, or one node.
    Alone,
    /// Several nodes share the database: nothing is kept between steps.
    Several,
}

/// A cluster, decoded.
#[derive(Debug, Default)]
pub(crate) struct Hot {
    /// In time: they are derived again and again, and sorted once.
    pub(crate) facts: Vec<Fact>,
    pub(crate) parents: BTreeSet<ClusterNo>,
    pub(crate) children: BTreeSet<ClusterNo>,
    /// Of the children, those of which nothing in force says any more that they are.
    pub(crate) void: BTreeSet<ClusterNo>,
    pub(crate) rows: Rows,
}

/// The weight of a cluster beside its facts.
const CLUSTER_WEIGHT: usize = 4;

fn weigh(hot: &Hot) -> usize {
    hot.facts.len() + CLUSTER_WEIGHT
}

/// Facts that a list gets room for when it is full. Hundreds of thousands of facts are kept at hand, so that a list's
/// usual doubling would take as much memory again; a list of thousands is still copied seldom.
const fn room_to_grow(facts: usize) -> usize {
    4 + facts / 8
}

/// The cache of one tenant.
#[derive(Debug)]
pub(crate) struct Cache {
    clusters: crate::lru::Lru<ClusterNo, Hot>,
    aliases: crate::lru::Lru<Identifier, ClusterNo>,
    /// Where clusters that were merged live on, so that their aliases need not be forgotten.
    moved: HashMap<ClusterNo, ClusterNo>,
    hearing: Hearing,
    sharing: Sharing,
    /// What was changed since it was asked for; none where nobody asked.
    changed: Option<HashSet<ClusterNo, RandomState>>,
}

const MOVED_MAX: usize = 50_000;

impl Cache {
    pub(crate) fn new(limits: &StepLimits, sharing: Sharing) -> Self {
        Self {
            clusters: crate::lru::Lru::new(limits.facts_cached_max),
            aliases: crate::lru::Lru::new(limits.aliases_cached_max),
            moved: HashMap::new(),
            hearing: Hearing::default(),
            sharing,
            changed: None,
        }
    }
    /// To be called before each attempt at a step.
    pub(crate) fn begin_step(&mut self) {
        if self.sharing == Sharing::Several {
            let hearing = std::mem::take(&mut self.hearing).between_steps();
            self.clear();
            self.hearing = hearing;
        }
        self.clusters.trim();
        self.aliases.trim();
    }
    pub(crate) fn clear(&mut self) {
        self.clusters.clear();
        self.aliases.clear();
        self.moved.clear();
        self.hearing = Hearing::default();
        self.changed = None;
    }

    /// From now on it is noted which clusters are changed.
    pub(crate) fn note_changes(&mut self) {
        self.changed.get_or_insert_default().clear();
    }
    /// Whether these are as they were when [`Cache::note_changes`] was called.
    pub(crate) fn are_unchanged(&self, clusters: &[ClusterNo]) -> bool {
        let Some(changed) = &self.changed else { return false };
        clusters.iter().all(|cluster| !changed.contains(cluster))
    }
    fn note(&mut self, cluster: ClusterNo) {
        if let Some(changed) = &mut self.changed {
            changed.insert(cluster);
        }
    }
    fn put(&mut self, cluster: ClusterNo, hot: Hot) {
        self.note(cluster);
        self.clusters.put(cluster, hot, weigh);
    }

    /// What waits for a source to be heard.
    pub(crate) fn hearing(&mut self) -> &mut Hearing {
        &mut self.hearing
    }

    /// The cluster of each group of identifiers; groups that share one are joined.
    pub(crate) fn resolve(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        groups: &[Vec<Identifier>],
    ) -> Result<Vec<ClusterNo>, StoreError> {
        let mut found: Vec<Option<ClusterNo>> =
            groups.iter().map(|group| self.known(group)).collect();
        let missing: Vec<usize> =
            (0..groups.len()).filter(|n| found.get(*n).is_some_and(Option::is_none)).collect();
        if !missing.is_empty() {
            let wanted: Vec<Vec<Identifier>> =
                missing.iter().filter_map(|n| groups.get(*n).cloned()).collect();
            let resolved = clusters::resolve(tx, scope, &wanted)?;
            for (n, cluster) in missing.iter().zip(&resolved.clusters) {
                if let Some(slot) = found.get_mut(*n) {
                    *slot = Some(*cluster);
                }
            }
            self.forget_merged(tx, scope, &resolved.merged)?;
            for cluster in resolved.made {
                self.put(cluster, Hot::default());
            }
            for slot in found.iter_mut().flatten() {
                *slot = self.survivor(*slot);
            }
            for (group, cluster) in wanted.into_iter().zip(resolved.clusters) {
                for name in group {
                    self.aliases.put(name, cluster, |_| 1);
                }
            }
        }
        Ok(found.into_iter().flatten().collect())
    }

    /// The cluster that all of these identifiers are known to be in.
    pub(crate) fn known(&mut self, group: &[Identifier]) -> Option<ClusterNo> {
        let mut shared = None;
        for name in group {
            let cluster = self.aliases.get(name, |_| 1).copied()?;
            let cluster = self.survivor(cluster);
            if shared.replace(cluster).is_some_and(|before| before != cluster) {
                return None;
            }
        }
        shared
    }

    fn survivor(&self, mut cluster: ClusterNo) -> ClusterNo {
        while let Some(stays) = self.moved.get(&cluster) {
            cluster = *stays;
        }
        cluster
    }

    /// After a merge the neighbours of what was merged have other edges.
    fn forget_merged(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        merged: &[(ClusterNo, ClusterNo)],
    ) -> Result<(), StoreError> {
        if merged.is_empty() {
            return Ok(());
        }
        if self.moved.len() > MOVED_MAX {
            self.aliases.clear();
            self.moved.clear();
        }
        self.moved.extend(merged.iter().copied());
        let stays: Vec<ClusterNo> = merged.iter().map(|(_, stays)| *stays).collect();
        let mut edges = edges::to_parents(tx, scope, &stays)?;
        edges.extend(edges::to_children(tx, scope, &stays)?);
        let neighbours = edges.iter().flat_map(|edge| [edge.child, edge.parent]);
        let ends = merged.iter().flat_map(|(gone, stays)| [*gone, *stays]);
        self.forget(neighbours.chain(ends).collect::<Vec<_>>());
        Ok(())
    }

    /// Makes sure that these clusters are decoded.
    pub(crate) fn load(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        wanted: &BTreeSet<ClusterNo>,
    ) -> Result<(), StoreError> {
        let missing: Vec<ClusterNo> = wanted
            .iter()
            .copied()
            .filter(|cluster| self.clusters.get(cluster, weigh).is_none())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let mut loaded: HashMap<ClusterNo, Hot> =
            missing.iter().map(|cluster| (*cluster, Hot::default())).collect();
        for (cluster, facts) in facts::load(tx, scope, &missing, None)? {
            if let Some(hot) = loaded.get_mut(&cluster) {
                hot.facts = facts;
                hot.facts.shrink_to_fit();
                hot.facts.sort_unstable_by(Fact::before_repeats);
            }
        }
        for Edge { child, parent } in edges::to_parents(tx, scope, &missing)? {
            if let Some(hot) = loaded.get_mut(&child) {
                hot.parents.insert(parent);
            }
        }
        for (Edge { child, parent }, void) in edges::below(tx, scope, &missing)? {
            if let Some(hot) = loaded.get_mut(&parent) {
                hot.children.insert(child);
                if void {
                    hot.void.insert(child);
                }
            }
        }
        for (cluster, rows) in Rows::load(tx, scope, &missing)? {
            if let Some(hot) = loaded.get_mut(&cluster) {
                hot.rows = rows;
                hot.rows.fit();
            }
        }
        for (cluster, hot) in loaded {
            self.put(cluster, hot);
        }
        Ok(())
    }

    /// Makes sure that these clusters are decoded and everything below them, a level at a time.
    pub(crate) fn load_below(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        limits: &StepLimits,
        from: &BTreeSet<ClusterNo>,
    ) -> Result<(), StoreError> {
        // Each of them may reach as much as one derivation may look at.
        let limit = limits.descendants_max.saturating_mul(from.len());
        let mut seen = from.clone();
        let mut level = from.clone();
        while !level.is_empty() {
            if self.sharing == Sharing::Several {
                // What was read before these were locked may have been written since.
                self.forget(level.iter().copied());
            }
            self.load(tx, scope, &level)?;
            let mut below = BTreeSet::new();
            for cluster in &level {
                let children = self.hot(*cluster).map(|hot| &hot.children).into_iter().flatten();
                below.extend(children.filter(|child| !seen.contains(child)));
            }
            let room = (limit + from.len()).saturating_sub(seen.len());
            level = below.into_iter().take(room).collect();
            seen.extend(&level);
        }
        Ok(())
    }

    /// A cluster that was loaded in this step.
    pub(crate) fn hot(&mut self, cluster: ClusterNo) -> Option<&mut Hot> {
        self.clusters.get(&cluster, weigh)
    }

    /// A cluster that was loaded in this step, to be looked at by several threads.
    pub(crate) fn look(&self, cluster: ClusterNo) -> Option<&Hot> {
        self.clusters.peek(&cluster)
    }

    /// Takes in facts that were inserted, where their cluster is decoded.
    pub(crate) fn add_fact(&mut self, cluster: ClusterNo, fact: Fact) {
        self.note(cluster);
        if let Some(hot) = self.clusters.get(&cluster, weigh) {
            let place = hot.facts.partition_point(|known| known.before_repeats(&fact).is_le());
            if hot.facts.len() == hot.facts.capacity() {
                hot.facts.reserve_exact(room_to_grow(hot.facts.len()));
            }
            hot.facts.insert(place, fact);
            self.clusters.grew(1);
        }
    }

    /// The edges that are not known yet.
    pub(crate) fn new_edges(&mut self, edges: BTreeSet<Edge>) -> Vec<Edge> {
        edges
            .into_iter()
            .filter(|edge| edge.child != edge.parent)
            .filter(|edge| {
                let parent = self.clusters.get(&edge.parent, weigh);
                !parent.is_some_and(|hot| hot.children.contains(&edge.child))
            })
            .collect()
    }
    pub(crate) fn add_edges(&mut self, edges: &[Edge]) {
        for edge in edges {
            self.note(edge.parent);
            self.note(edge.child);
            if let Some(hot) = self.clusters.get(&edge.parent, weigh) {
                hot.children.insert(edge.child);
            }
            if let Some(hot) = self.clusters.get(&edge.child, weigh) {
                hot.parents.insert(edge.parent);
            }
        }
    }
    /// Notes which edges are void now, and which are not any more.
    pub(crate) fn note_void(&mut self, edges: &[(Edge, bool)]) {
        for (Edge { child, parent }, void) in edges {
            let Some(hot) = self.clusters.get(parent, weigh) else { continue };
            if *void {
                hot.void.insert(*child);
            } else {
                hot.void.remove(child);
            }
        }
    }
    /// Forgets clusters whose rows or facts were changed past the cache.
    pub(crate) fn forget(&mut self, clusters: impl IntoIterator<Item = ClusterNo>) {
        for cluster in clusters {
            self.note(cluster);
            self.clusters.remove(&cluster);
        }
    }
}

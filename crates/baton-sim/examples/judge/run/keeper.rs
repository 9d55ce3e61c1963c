//! Everything derived as it becomes known or due: what the engine does, with nothing but memory.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::book::Rulebook;
use baton_core::derive::{conclude, derive};
use baton_core::fact::{Body, Fact, Place, Statement};
use baton_core::id::MessageNo;
use baton_core::identifier::Identifier;
use baton_core::known::Known;
use baton_core::partner::SourceInfo;
use baton_core::state::{DueAct, ExceptionStatus, State};
use baton_core::time::{Duration, Happened, Instant};

use super::clusters::Clusters;

/// How often what waits for a silent feed is looked at again.
const LOOK_AGAIN: Duration = Duration::hours(1);

/// Derives what changes when it changes, and notes what would have been announced.
pub(crate) struct Keeper<'b> {
    pub(crate) clusters: Clusters,
    pub(crate) sources: Vec<SourceInfo>,
    book: &'b Rulebook,
    wakes: BTreeMap<Instant, BTreeSet<usize>>,
    woken_at: BTreeMap<usize, Instant>,
    changed: BTreeSet<usize>,
    messages: i64,
}

impl<'b> Keeper<'b> {
    pub(crate) fn new(sources: Vec<SourceInfo>, book: &'b Rulebook) -> Self {
        Self {
            clusters: Clusters::default(),
            sources,
            book,
            wakes: BTreeMap::new(),
            woken_at: BTreeMap::new(),
            changed: BTreeSet::new(),
            messages: 0,
        }
    }

    /// What a source says at an instant. Whatever is due before is done before.
    pub(crate) fn hear(&mut self, source: &str, statements: Vec<Statement>, at: Instant) {
        self.messages += 1;
        if let Some(info) = self.sources.iter_mut().find(|s| s.key == source) {
            info.heard_at = Some(at);
        }
        for statement in statements {
            for s in statement.mirrored().into_iter().chain([statement]) {
                let fact = Fact::new(s, &source.into(), MessageNo(self.messages), at, at);
                self.changed.extend(self.clusters.add(fact));
            }
        }
        let changed = std::mem::take(&mut self.changed);
        let mut all = BTreeSet::new();
        for cluster in changed {
            let cluster = self.clusters.find(cluster);
            all.extend(self.clusters.along(&self.clusters.above, cluster));
            all.insert(cluster);
        }
        all.into_iter().for_each(|cluster| self.derive(cluster, at));
    }

    /// Wakes everything that is due up to an instant.
    pub(crate) fn wake_until(&mut self, end: Instant) {
        while let Some((&at, _)) = self.wakes.first_key_value().filter(|(at, _)| **at <= end) {
            for cluster in self.wakes.remove(&at).unwrap_or_default() {
                if self.clusters.find(cluster) == cluster {
                    self.derive(cluster, at);
                }
            }
        }
    }

    fn derive(&mut self, cluster: usize, at: Instant) {
        let (wake_at, acts) = {
            let known = known(&self.clusters, cluster, &self.sources, self.book);
            let mut wake_at: Option<Instant> = None;
            let mut acts = Vec::new();
            for root in known.roots() {
                let state = conclude(&known, *root, at).state;
                let waits = |e: &&baton_core::state::ExceptionState| {
                    matches!(e.status, ExceptionStatus::NotProvable { .. })
                };
                let again = state.exceptions.iter().any(|e| waits(&e)).then(|| at + LOOK_AGAIN);
                wake_at = [wake_at, again, state.wake_at].into_iter().flatten().min();
                acts.extend(state.due_acts.into_iter().map(|act| (state.name.clone(), act)));
            }
            (wake_at, acts)
        };
        if let Some(before) = self.woken_at.remove(&cluster)
            && let Some(others) = self.wakes.get_mut(&before)
        {
            others.remove(&cluster);
        }
        if let Some(wake_at) = wake_at.map(|w| w.max(at)) {
            let wake_at = if wake_at == at { at + Duration::seconds(1) } else { wake_at };
            self.wakes.entry(wake_at).or_default().insert(cluster);
            self.woken_at.insert(cluster, wake_at);
        }
        for (name, act) in acts {
            self.messages += 1;
            let said = acted(name, &act);
            let own = "acts".into();
            self.clusters.add(Fact::new(said, &own, MessageNo(self.messages), act.due_at, at));
        }
    }

    /// Every subject in full.
    pub(crate) fn states(&self, at: Instant) -> Vec<State> {
        let mut states = Vec::new();
        for (n, _) in self.clusters.facts.iter().enumerate().filter(|(_, f)| !f.is_empty()) {
            let known = known(&self.clusters, n, &self.sources, self.book);
            states.extend(known.roots().iter().map(|root| derive(&known, *root, at)));
        }
        states
    }
}

fn known<'k>(
    clusters: &'k Clusters,
    cluster: usize,
    sources: &'k [SourceInfo],
    book: &'k Rulebook,
) -> Known<'k> {
    let below = clusters.reached(cluster);
    let reached = below.iter().flat_map(|c| &clusters.facts[*c]);
    Known::new(&clusters.facts[cluster], reached, sources, book)
}

fn acted(subject: Identifier, due: &DueAct) -> Statement {
    Statement {
        about: subject.into(),
        happened: Happened::at(due.due_at),
        body: Body::Acted {
            act: due.act,
            code: due.code,
            expectation: due.expectation.as_str().into(),
            id: due.id,
            previous: due.previous,
        },
        place: Place::None,
    }
}

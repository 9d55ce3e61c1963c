//! The step in which subjects are derived: from facts to the rows, timers, acts and changes that
//! follow from them.
//!
//! It works in rounds. Each derives the clusters that are wanted; acts of ours that came due become
//! facts, and what they touch is derived in the next round, until none is due. Then the difference to
//! what was written before is written, once.
//!
//! Bounds: only so many clusters are derived in one step, and only so many are followed upwards or
//! downwards; what is beyond is woken at once, in a step of its own.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::fact::{Body, Fact, Place, Statement};
use baton_core::id::ObjectId;
use baton_core::identifier::Identifier;
use baton_core::partner::{SourceInfo, SourceKey};
use baton_core::state::DueAct;
use baton_core::time::{Happened, Instant};
use baton_store::clusters::ClusterNo;
use baton_store::facts::{self, NewFact};
use baton_store::sources::OWN;
use baton_store::{StoreError, Tx, clusters, edges, pending, sources};

use crate::cache::{Cache, Sharing};
use crate::commit::Committing;
use crate::deriving::{Derived, Deriving};
use crate::foresight::Foreseen;
use crate::hearing::Hearing;
use crate::metrics::Metrics;
use crate::settings::StepLimits;
use crate::tenant::{Declared, Tenant, source_infos};

/// What every step works with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) declared: &'a Declared,
    pub(crate) limits: &'a StepLimits,
    pub(crate) metrics: &'a Metrics,
    pub(crate) sharing: Sharing,
}

impl Step<'_> {
    /// The instant up to which everything that was received has been read: the present by the
    /// tenant's clock, or the earliest receipt of what waits.
    ///
    /// Absence is judged at this instant, so that a backlog never looks like silence. Never decreasing.
    pub(crate) fn now(&self, tx: &mut Tx<'_>) -> Result<Instant, StoreError> {
        let now = self.tenant.clock.now();
        if self.sharing == Sharing::Several {
            self.tenant.recorded_elsewhere(crate::wake::recorded_at(tx, &self.tenant.scope)?);
        }
        let earliest = pending::earliest_received_at(tx, &self.tenant.scope)?;
        Ok(self.tenant.record_at(earliest.map_or(now, |at| at.min(now))))
    }

    /// Locks clusters until the end of the step, where there are several nodes.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where one of them was merged into another meanwhile, and what the store does.
    pub(crate) fn hold(
        &self,
        tx: &mut Tx<'_>,
        wanted: &BTreeSet<ClusterNo>,
    ) -> Result<(), StoreError> {
        if self.sharing == Sharing::Alone {
            return Ok(());
        }
        let wanted: Vec<ClusterNo> = wanted.iter().copied().collect();
        let are_whole = clusters::lock(tx, &self.tenant.scope, &wanted)?;
        if are_whole { Ok(()) } else { Err(StoreError::Busy) }
    }

    /// The instant to go on at for a step that began at `now` and has locked what it is to derive since: where it had
    /// to wait, another node has written that, as of an instant that may be later.
    pub(crate) fn now_held(&self, tx: &mut Tx<'_>, now: Instant) -> Result<Instant, StoreError> {
        if self.sharing == Sharing::Alone {
            return Ok(now);
        }
        let elsewhere = crate::wake::recorded_at(tx, &self.tenant.scope)?;
        if elsewhere < now {
            return Ok(now);
        }
        self.tenant.recorded_elsewhere(elsewhere);
        Ok(self.tenant.record_at(now))
    }
}

/// An act that was committed in this step, and the subject that it is about.
#[derive(Debug)]
pub(crate) struct Acted {
    pub(crate) cluster: ClusterNo,
    pub(crate) due: DueAct,
}

/// A derivation under way.
#[derive(Debug)]
pub(crate) struct Derivation<'a> {
    step: &'a Step<'a>,
    /// Never before what any node has written of what is locked here.
    now: Instant,
    sources: Vec<SourceInfo>,
    /// What this step has locked.
    held: BTreeSet<ClusterNo>,
    derived: BTreeMap<ClusterNo, Derived>,
    acts: Vec<Acted>,
    /// What the timers stood at of the clusters that they woke.
    woken: BTreeMap<ClusterNo, Instant>,
    /// Beyond a bound of this step.
    later: BTreeSet<ClusterNo>,
    foreseen: Foreseen,
}

impl<'a> Derivation<'a> {
    pub(crate) fn new(step: &'a Step<'a>, now: Instant) -> Self {
        Self {
            step,
            now,
            sources: Vec::new(),
            held: BTreeSet::new(),
            derived: BTreeMap::new(),
            acts: Vec::new(),
            woken: BTreeMap::new(),
            later: BTreeSet::new(),
            foreseen: Foreseen::default(),
        }
    }

    /// With what was derived of it before.
    pub(crate) fn foreseen(self, foreseen: Foreseen) -> Self {
        Self { foreseen, ..self }
    }

    /// Derives what new facts of these clusters touch: themselves and everything above them.
    pub(crate) fn run(
        mut self,
        tx: &mut Tx<'_>,
        cache: &mut Cache,
        touched: &BTreeSet<ClusterNo>,
    ) -> Result<(), StoreError> {
        let wanted = self.with_ancestors(tx, cache, touched)?;
        self.rounds(tx, cache, wanted)
    }

    /// Derives these clusters because their time has come: nothing above them has new facts.
    pub(crate) fn wake(
        mut self,
        tx: &mut Tx<'_>,
        cache: &mut Cache,
        due: BTreeMap<ClusterNo, Instant>,
    ) -> Result<(), StoreError> {
        let wanted = due.keys().copied().collect();
        self.woken = due;
        self.rounds(tx, cache, wanted)
    }

    fn rounds(
        mut self,
        tx: &mut Tx<'_>,
        cache: &mut Cache,
        mut wanted: BTreeSet<ClusterNo>,
    ) -> Result<(), StoreError> {
        let scope = &self.step.tenant.scope;
        if self.step.sharing == Sharing::Several {
            Hearing::hold_roles(tx, scope)?;
        }
        self.hold(tx, &wanted)?;
        wanted.extend(self.hear(tx, cache)?);
        let mut rounds = 0;
        while !wanted.is_empty() {
            // What another node has recorded of any of it, it may have known by what was heard since.
            while self.hold(tx, &wanted)? {
                wanted.extend(self.hear(tx, cache)?);
            }
            let limit = self.step.limits.derive_clusters_max;
            let too_many = self.derived.len() + wanted.len() > limit && !self.derived.is_empty();
            if rounds == self.step.limits.act_rounds_max || too_many {
                self.later.append(&mut wanted);
                break;
            }
            if let Some(first_beyond) = wanted.iter().nth(limit).copied() {
                self.later.append(&mut wanted.split_off(&first_beyond));
            }
            let acted = self.round(tx, cache, &wanted)?;
            // What stands above shows the exceptions that these acts are about, and says nothing else
            // of them: derived once in this step is enough.
            wanted = self.with_ancestors(tx, cache, &acted)?;
            wanted.retain(|c| acted.contains(c) || !self.derived.contains_key(c));
            rounds += 1;
        }
        let Self { step, now, derived, acts, woken, later, .. } = self;
        Committing { step, now, woken }.write(tx, cache, derived, &acts, later)
    }

    /// Looks how far each source is heard; returns the clusters for which that matters.
    fn hear(
        &mut self,
        tx: &mut Tx<'_>,
        cache: &mut Cache,
    ) -> Result<BTreeSet<ClusterNo>, StoreError> {
        let scope = &self.step.tenant.scope;
        let mut listed = sources::list(tx, scope)?;
        if Hearing::hold_back(tx, scope, &mut listed)? {
            self.foreseen = Foreseen::default();
        }
        let listed = self.foreseen.of_sources(listed);
        self.sources = source_infos(&listed, self.now);
        let hearing = cache.hearing();
        hearing.note(tx, scope, &listed, self.now)?;
        hearing.new_roles(tx, scope, &self.sources, self.now)?;
        hearing.answered(tx, scope, &self.sources, self.now)
    }

    /// Derives each of these clusters once; returns those in which acts came due.
    fn round(
        &mut self,
        tx: &mut Tx<'_>,
        cache: &mut Cache,
        wanted: &BTreeSet<ClusterNo>,
    ) -> Result<BTreeSet<ClusterNo>, StoreError> {
        let scope = &self.step.tenant.scope;
        // Only now that they are locked, as another node may have written any of it before.
        cache.load_below(tx, scope, self.step.limits, wanted)?;
        let wanted: Vec<ClusterNo> = wanted.iter().copied().collect();
        let mut due: Vec<(ClusterNo, Identifier, Vec<DueAct>)> = Vec::new();
        let Step { limits, declared, .. } = *self.step;
        let deriving =
            Deriving { limits, rules: declared.rules(), sources: &self.sources, now: self.now };
        let acted = !self.acts.is_empty();
        let with = (&deriving, self.step.metrics);
        for mut derived in self.foreseen.complete(cache, &wanted, acted, with) {
            for subject in derived.subjects.iter_mut().filter(|s| !s.due_acts.is_empty()) {
                let acts = std::mem::take(&mut subject.due_acts);
                due.push((derived.cluster, subject.name.clone(), acts));
            }
            self.derived.insert(derived.cluster, derived);
        }
        let acted = due.iter().map(|(cluster, ..)| *cluster).collect();
        self.commit_acts(tx, cache, due)?;
        Ok(acted)
    }

    /// Locks what is to be derived, where there are several writers, and goes on as of an instant that is after
    /// all that was written of it. Whether any of it was not locked yet.
    fn hold(&mut self, tx: &mut Tx<'_>, wanted: &BTreeSet<ClusterNo>) -> Result<bool, StoreError> {
        if self.step.sharing == Sharing::Alone {
            return Ok(false);
        }
        let new: BTreeSet<ClusterNo> = wanted.difference(&self.held).copied().collect();
        if new.is_empty() {
            return Ok(false);
        }
        self.step.hold(tx, &new)?;
        self.held.extend(new);
        self.now = self.step.now_held(tx, self.now)?;
        Ok(true)
    }

    fn with_ancestors(
        &mut self,
        tx: &mut Tx<'_>,
        cache: &mut Cache,
        touched: &BTreeSet<ClusterNo>,
    ) -> Result<BTreeSet<ClusterNo>, StoreError> {
        let mut wanted = touched.clone();
        let mut level = touched.clone();
        let limit = touched.len() + self.step.limits.ancestors_max;
        while !level.is_empty() {
            cache.load(tx, &self.step.tenant.scope, &level)?;
            let mut above = BTreeSet::new();
            for cluster in &level {
                let parents = cache.hot(*cluster).map(|hot| &hot.parents).into_iter().flatten();
                above.extend(parents.filter(|parent| !wanted.contains(parent)));
            }
            if wanted.len() + above.len() > limit {
                self.later.extend(everything_above(tx, self.step, above)?);
                break;
            }
            wanted.extend(&above);
            level = above;
        }
        Ok(wanted)
    }

    /// Acts that are due become facts, at their due instants.
    fn commit_acts(
        &mut self,
        tx: &mut Tx<'_>,
        cache: &mut Cache,
        due: Vec<(ClusterNo, Identifier, Vec<DueAct>)>,
    ) -> Result<(), StoreError> {
        let count = due.iter().map(|(_, _, acts)| acts.len()).sum();
        if count == 0 {
            return Ok(());
        }
        let scope = &self.step.tenant.scope;
        let mut numbers = facts::act_numbers(tx, scope, count)?.into_iter();
        let mut made: Vec<(ClusterNo, Fact)> = Vec::with_capacity(count);
        for (cluster, name, acts) in due {
            for due in acts {
                let Some(number) = numbers.next() else { break };
                let statement = acted(&name, &due);
                let own = SourceKey::new_static(OWN);
                made.push((cluster, Fact::new(statement, &own, number, due.due_at, self.now)));
                let act = act_name(due.act);
                self.step.metrics.exception(act);
                tracing::info!(
                    act,
                    code = due.code.code(),
                    object = %ObjectId::of(&name),
                    "an exception is acted on"
                );
                self.acts.push(Acted { cluster, due });
            }
        }
        let new: Vec<NewFact<'_>> = made
            .iter()
            .map(|(cluster, fact)| NewFact { cluster: *cluster, n: 0, fact, content: None })
            .collect();
        facts::insert(tx, scope, &new)?;
        for (cluster, fact) in made {
            cache.add_fact(cluster, fact);
        }
        Ok(())
    }
}

/// These clusters and all above them, by the edges alone.
pub(crate) fn everything_above(
    tx: &mut Tx<'_>,
    step: &Step<'_>,
    from: BTreeSet<ClusterNo>,
) -> Result<BTreeSet<ClusterNo>, StoreError> {
    let mut seen = from.clone();
    let mut level = from;
    while !level.is_empty() {
        let clusters: Vec<ClusterNo> = level.into_iter().collect();
        let above = edges::to_parents(tx, &step.tenant.scope, &clusters)?;
        level = above.into_iter().map(|edge| edge.parent).filter(|p| seen.insert(*p)).collect();
    }
    Ok(seen)
}

/// The words for an act, in events and metrics.
pub(crate) const fn act_name(act: baton_core::fact::Act) -> &'static str {
    match act {
        baton_core::fact::Act::Announced => "announced",
        baton_core::fact::Act::Cleared => "cleared",
        baton_core::fact::Act::Withdrawn => "withdrawn",
    }
}

/// What we did, as a statement about the subject.
fn acted(subject: &Identifier, due: &DueAct) -> Statement {
    Statement {
        about: subject.clone().into(),
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

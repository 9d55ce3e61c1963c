//! The end of a step: the difference between what was written and what now follows is written.
//!
//! Rows of a subject whose digest stayed are left alone. Commands for our acts go to the outbox, each
//! with an identity made of the act and the subscription, so that a crash or a replay never makes a
//! second one. Changes are noted last, as the store wants it.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::id::{ActId, Digest, ObjectId};
use baton_core::time::Instant;
use baton_store::clusters::ClusterNo;
use baton_store::edges::{self, Edge};
use baton_store::exceptions::ExceptionRow;
use baton_store::objects::ObjectRow;
use baton_store::orders::OrderRow;
use baton_store::outbox::{self, NewCommand};
use baton_store::{StoreError, Tx, changes, exceptions, objects, orders, subscriptions, timers};

use crate::cache::Cache;
use crate::changed::{Change, differences};
use crate::clocks::{self, Before};
use crate::derivation::{Acted, Step};
use crate::deriving::Derived;
use crate::event::{Event, of_act};
use crate::rows::{Rows, Timer};
use crate::stakes;

/// The writing half of a step.
#[derive(Debug)]
pub(crate) struct Committing<'a> {
    pub(crate) step: &'a Step<'a>,
    pub(crate) now: Instant,
    /// What the timers stood at of the clusters that they woke.
    pub(crate) woken: BTreeMap<ClusterNo, Instant>,
}

/// What is to be written: of each kind of row, from the clusters in which some changed, all that stand
/// there and all that are to.
#[derive(Debug, Default)]
struct Batch {
    orders: (Vec<OrderRow>, Vec<OrderRow>),
    objects: (Vec<ObjectRow>, Vec<ObjectRow>),
    exceptions: (Vec<ExceptionRow>, Vec<ExceptionRow>),
    timers: Vec<(ClusterNo, Option<Instant>)>,
    /// What shows exceptions that changed.
    above: BTreeSet<ClusterNo>,
    /// What has exceptions that an order puts at stake otherwise than before.
    anew: BTreeSet<ClusterNo>,
    changes: Vec<Change>,
}

impl Committing<'_> {
    pub(crate) fn write(
        self,
        tx: &mut Tx<'_>,
        cache: &mut Cache,
        mut derived: BTreeMap<ClusterNo, Derived>,
        acts: &[Acted],
        later: BTreeSet<ClusterNo>,
    ) -> Result<(), StoreError> {
        let scope = &self.step.tenant.scope;
        let mut batch = Batch::default();
        for cluster in &later {
            if let Some(derived) = derived.get_mut(cluster) {
                derived.rows.timer = Timer::Unknown;
            }
        }
        show_below(cache, &mut derived);
        let void = void_edges(cache, &derived);
        edges::set_void(tx, scope, &void)?;
        cache.note_void(&void);
        stakes::tell(tx, scope, &mut derived)?;
        for (cluster, derived) in &mut derived {
            self.compare(cache, *cluster, derived, &mut batch);
        }
        // An order that shows exceptions of this step and was not derived in it is looked at at once.
        let unshown = std::mem::take(&mut batch.above).into_iter();
        let unshown = unshown.chain(std::mem::take(&mut batch.anew));
        let later = later.into_iter().chain(unshown.filter(|c| !derived.contains_key(c)));
        batch.timers.extend(later.map(|cluster| (cluster, Some(self.now))));
        let Batch { orders, objects, exceptions, .. } = &batch;
        orders::write(tx, scope, &orders.0, &orders.1, self.now)?;
        objects::write(tx, scope, &objects.0, &objects.1)?;
        exceptions::write(tx, scope, &exceptions.0, &exceptions.1)?;
        timers::set(tx, scope, &batch.timers)?;
        self.send(tx, &derived, acts)?;
        self.note(tx, &batch.changes)
    }

    /// Compares the rows of a cluster with those that stand, and moves them to where they are remembered
    /// as what will stand.
    fn compare(
        &self,
        cache: &mut Cache,
        cluster: ClusterNo,
        derived: &mut Derived,
        batch: &mut Batch,
    ) {
        let Derived { subjects, rows, below, .. } = derived;
        let mut rows = std::mem::take(rows);
        rows.fit();
        let Some(hot) = cache.hot(cluster) else { return };
        if let Timer::Set(wake_at) = rows.timer
            && hot.rows.timer != rows.timer
        {
            batch.timers.push((cluster, wake_at));
        }
        let is_new = hot.rows.orders.is_empty() && hot.rows.objects.is_empty();
        let before = match &hot.rows.clocks {
            Some(counted) => Before::Counted(counted),
            None if is_new => Before::Counted(&[]),
            None => {
                let woken_at = self.woken.get(&cluster).copied();
                Before::Loaded { facts: &hot.facts, now: self.now, woken_at }
            }
        };
        clocks::count(self.step.metrics, subjects, &before);
        let changed = !hot.rows.digests_equal(&rows);
        self.step.metrics.derived(changed);
        if changed {
            let is_shown = !hot.parents.is_empty();
            batch.changes.extend(differences(&hot.rows, &rows, (cluster, is_shown), subjects));
            let before = std::mem::take(&mut hot.rows);
            if !stakes::show_alike(&before.exceptions, &rows.exceptions) {
                batch.above.extend(&hot.parents);
            }
            cache.hearing().changed(cluster, &before, &rows);
            batch.anew.extend(stakes::to_tell_anew(cache, &before, &rows, below));
            put(&mut batch.orders, before.orders, &rows.orders);
            put(&mut batch.objects, before.objects, &rows.objects);
            put(&mut batch.exceptions, before.exceptions, &rows.exceptions);
            if let Some(hot) = cache.hot(cluster) {
                hot.rows = rows;
            }
        } else {
            hot.rows.timer = rows.timer;
            hot.rows.clocks = rows.clocks;
        }
    }

    /// A command for each act and each subscription that wants to hear of it.
    fn send(
        &self,
        tx: &mut Tx<'_>,
        derived: &BTreeMap<ClusterNo, Derived>,
        acts: &[Acted],
    ) -> Result<(), StoreError> {
        if acts.is_empty() {
            return Ok(());
        }
        let scope = &self.step.tenant.scope;
        let wanted: Vec<_> = subscriptions::list(tx, scope)?
            .into_iter()
            .filter(|subscription| subscription.disabled_at.is_none())
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let events: Vec<(ClusterNo, ActId, Event)> = acts
            .iter()
            .filter_map(|acted| {
                let subjects = &derived.get(&acted.cluster)?.subjects;
                Some((acted.cluster, acted.due.id, of_act(&acted.due, subjects)?))
            })
            .collect();
        let payloads: Vec<String> = events.iter().map(|(.., event)| event.json()).collect();
        let at = self.step.tenant.clock.machine_now();
        let mut commands = Vec::new();
        for ((cluster, act, event), payload) in events.iter().zip(&payloads) {
            let hears = wanted.iter().filter(|s| event.is_wanted(&s.events));
            commands.extend(hears.map(|subscription| NewCommand {
                act: for_subscription(*act, subscription.id),
                cluster: *cluster,
                subscription: subscription.id,
                payload,
                next_at: at,
                created_at: at,
            }));
        }
        outbox::add(tx, scope, &commands).map(drop)
    }

    fn note(&self, tx: &mut Tx<'_>, noted: &[Change]) -> Result<(), StoreError> {
        let rows: Vec<changes::NewChange<'_>> = noted
            .iter()
            .map(|change| changes::NewChange {
                at: self.now,
                cluster: Some(change.cluster),
                kind: change.kind,
                object: &change.object,
                summary: &change.summary,
            })
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        changes::append(tx, &self.step.tenant.scope, &rows).map(drop)
    }
}

/// Takes rows of one kind of a cluster where they are not what stands.
fn put<R: Clone + PartialEq>(
    (standing, to_write): &mut (Vec<R>, Vec<R>),
    before: Vec<R>,
    after: &[R],
) {
    if before != after {
        standing.extend(before);
        to_write.extend_from_slice(after);
    }
}

/// Lists show with an order how many exceptions are open on what it reaches.
fn show_below(cache: &Cache, derived: &mut BTreeMap<ClusterNo, Derived>) {
    let orders: Vec<ClusterNo> = derived
        .iter()
        .filter(|(_, derived)| !derived.rows.orders.is_empty() && !derived.below.is_empty())
        .map(|(cluster, _)| *cluster)
        .collect();
    for cluster in orders {
        let Some(mut order) = derived.remove(&cluster) else { continue };
        let rows_of = |cluster: &ClusterNo| match derived.get(cluster) {
            Some(derived) => Some(&derived.rows),
            None => cache.look(*cluster).map(|hot| &hot.rows),
        };
        let below: Vec<&Rows> = order.below.iter().filter_map(rows_of).collect();
        order.rows.count_below(&order.subjects, &below);
        derived.insert(cluster, order);
    }
}

/// Relations that nothing in force speaks of any more, or again: what is behind one is in none of the
/// states of the cluster above. Where a state left something out for a limit, none is judged.
fn void_edges(cache: &Cache, derived: &BTreeMap<ClusterNo, Derived>) -> Vec<(Edge, bool)> {
    let mut changed = Vec::new();
    for (cluster, above) in derived {
        let Some(hot) = cache.look(*cluster).filter(|hot| !hot.children.is_empty()) else {
            continue;
        };
        if above.subjects.iter().any(|subject| subject.is_limited) {
            continue;
        }
        let mut shown: Vec<ObjectId> =
            above.subjects.iter().flat_map(|subject| subject.below.iter().copied()).collect();
        shown.sort_unstable();
        for child in &hot.children {
            let rows = derived.get(child).map(|derived| &derived.rows);
            let Some(rows) = rows.or_else(|| cache.look(*child).map(|hot| &hot.rows)) else {
                continue;
            };
            let objects = rows.objects.iter().map(|row| row.id);
            let mut ids = objects.chain(rows.orders.iter().map(|row| row.id)).peekable();
            let void = ids.peek().is_some() && ids.all(|id| shown.binary_search(&id).is_err());
            if void != hot.void.contains(child) {
                changed.push((Edge { child: *child, parent: *cluster }, void));
            }
        }
    }
    changed
}

/// The identity of the command that tells one subscription of one act.
fn for_subscription(act: ActId, subscription: i64) -> ActId {
    let bits = act.0.to_u128().to_le_bytes();
    ActId(Digest::of(&[&bits, &subscription.to_le_bytes()]))
}

//! The step in which what was read becomes what is known: one transaction for a batch of messages.
//!
//! In it, together or not at all: the messages leave the queue, their facts find their clusters and
//! are kept, faulty parts go to quarantine, and every subject that the facts touch is derived and
//! written (see [`crate::derivation`]). A process that is killed at any instant has done all of it or
//! nothing; done again it does the same.

use std::collections::{BTreeSet, HashMap};

use baton_core::fact::{Body, Fact, Statement};
use baton_core::id::MessageNo;
use baton_core::identifier::Identifier;
use baton_core::partner::SourceKey;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::clusters::ClusterNo;
use baton_store::edges::{self, Edge};
use baton_store::facts::{self, NewFact};
use baton_store::readings::{STATEMENTS_MAX, fact_number};
use baton_store::{StoreError, Tx, clusters, pending, quarantine};
use foldhash::fast::RandomState;

use crate::cache::{Cache, Sharing};
use crate::derivation::{Derivation, Step, everything_above};
use crate::foresight::Foresight;
use crate::reading::{Fault, Part};
use crate::receipt::message_id;

/// A message that was read.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    pub(crate) message: MessageNo,
    pub(crate) source: SourceKey,
    pub(crate) received_at: Instant,
    /// 0 for the first reading; numbers of later ones keep their facts apart.
    pub(crate) reading: i64,
    pub(crate) parts: Vec<Part>,
}

/// What a step did, for metrics.
#[derive(Debug, Default, Clone)]
pub(crate) struct Recorded {
    pub(crate) facts: usize,
    pub(crate) parts: usize,
    pub(crate) faults: usize,
    /// The clusters that have new facts.
    pub(crate) touched: BTreeSet<ClusterNo>,
}

/// A fact on its way to its cluster.
struct Placed {
    n: i64,
    fact: Fact,
    content: Vec<u8>,
    group: usize,
    /// Its cluster is decoded and has it already, from before the store was written to.
    is_ahead: bool,
}

/// Records a batch of first readings and takes the messages out of the queue.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    step: &Step<'_>,
    cache: &mut Cache,
    batch: &[Read],
    foresight: Option<Foresight<'_>>,
) -> Result<Recorded, StoreError> {
    let messages: Vec<MessageNo> = batch.iter().map(|read| read.message).collect();
    let taken = pending::finish(tx, &step.tenant.scope, &messages)?;
    let is_whole = taken.len() == batch.len();
    if let Some(Foresight { sorted, foreseen }) = foresight {
        if is_whole {
            let kept = sorted.keep(tx, step, cache)?;
            Derivation::new(step, kept.now).foreseen(foreseen).run(tx, cache, &kept.touched)?;
            return Ok(kept.recorded());
        }
        cache.clear();
    }
    let now = step.now(tx)?;
    let kept = if is_whole {
        Sorted::of(batch, now).keep(tx, step, cache)?
    } else {
        // The others are recorded: by a commit whose answer was lost, or by another process.
        let rest: Vec<Read> =
            batch.iter().filter(|read| taken.contains(&read.message)).cloned().collect();
        Sorted::of(&rest, now).keep(tx, step, cache)?
    };
    Derivation::new(step, kept.now).run(tx, cache, &kept.touched)?;
    Ok(kept.recorded())
}

/// What was read, sorted: each fact with where it came from, under the names that it is to be kept by.
pub(crate) struct Sorted<'a> {
    now: Instant,
    placed: Vec<Placed>,
    groups: Groups,
    faults: Vec<(&'a Read, &'a Part, Fault)>,
    parts: usize,
}

impl<'a> Sorted<'a> {
    pub(crate) fn of(batch: &'a [Read], now: Instant) -> Self {
        let mut groups = Groups::default();
        // Room for all at once: to grow step by step would copy every fact several times.
        let mut placed = Vec::with_capacity(batch.iter().map(facts_at_most).sum());
        let mut faults = Vec::new();
        let mut parts = 0;
        for read in batch {
            let mut n = fact_number(read.reading, 0);
            for part in &read.parts {
                parts += 1;
                match &part.outcome {
                    Err(fault) => faults.push((read, part, fault.clone())),
                    Ok(statements) => match unplaceable(statements) {
                        Some(fault) => faults.push((read, part, fault)),
                        None => place(&mut placed, &mut groups, read, statements, (&mut n, now)),
                    },
                }
            }
        }
        Self { now, placed, groups, faults, parts }
    }

    /// Gives the facts whose clusters are decoded to these, before anything is written. Returns these clusters.
    pub(crate) fn put_ahead(&mut self, cache: &mut Cache) -> Ahead {
        let clusters: Vec<Option<ClusterNo>> =
            self.groups.all.iter().map(|group| cache.known(group)).collect();
        let known = |group: usize| clusters.get(group).copied().flatten();
        let known_as = |name: &Identifier| self.groups.single.get(name).and_then(|g| known(*g));
        let mut ahead = Ahead::default();
        for p in &mut self.placed {
            let here = known(p.group);
            let ends = match &p.fact.body {
                Body::Related { child, .. } => Some((known_as(child), here)),
                Body::Within { parent, .. } => Some((here, known_as(parent))),
                _ => None,
            };
            if let Some((child, parent)) = ends {
                let is_known = child.zip(parent).is_some_and(|(child, parent)| {
                    cache.look(parent).is_some_and(|hot| hot.children.contains(&child))
                });
                if !is_known {
                    ahead.unsure.extend([child, parent].into_iter().flatten());
                }
            }
            let Some(cluster) = here else { continue };
            if cache.look(cluster).is_some() {
                cache.add_fact(cluster, p.fact.clone());
                p.is_ahead = true;
                ahead.touched.insert(cluster);
            }
        }
        ahead
    }

    /// Keeps it.
    pub(crate) fn keep(
        self,
        tx: &mut Tx<'_>,
        step: &Step<'_>,
        cache: &mut Cache,
    ) -> Result<Kept, StoreError> {
        let Self { now: began_at, mut placed, groups, faults, parts } = self;
        if step.sharing == Sharing::Several {
            lock_ahead(tx, step, &groups)?;
        }
        let clusters = cache.resolve(tx, &step.tenant.scope, &groups.all)?;
        let now = step.now_held(tx, began_at)?;
        if now != began_at {
            placed.iter_mut().for_each(|p| p.fact.recorded_at = now);
        }
        quarantine_parts(tx, step, &faults, now)?;
        let cluster_of = |group: usize| {
            clusters.get(group).copied().ok_or(StoreError::Corrupt { what: "an identifier" })
        };
        let mut new = Vec::with_capacity(placed.len());
        for Placed { n, fact, content, group, .. } in &placed {
            let cluster = cluster_of(*group)?;
            new.push(NewFact { cluster, n: *n, fact, content: Some(content) });
        }
        facts::insert(tx, &step.tenant.scope, &new)?;
        let touched: BTreeSet<ClusterNo> = new.iter().map(|fact| fact.cluster).collect();
        let edges = relations(&placed, &groups, &clusters);
        let edges = cache.new_edges(edges);
        edges::add(tx, &step.tenant.scope, &edges)?;
        cache.add_edges(&edges);
        let facts = placed.len();
        for p in placed.into_iter().filter(|p| !p.is_ahead) {
            let cluster = cluster_of(p.group)?;
            cache.add_fact(cluster, p.fact);
        }
        Ok(Kept { now, facts, parts, faults: faults.len(), touched })
    }
}

/// What was kept, and as of which instant.
pub(crate) struct Kept {
    pub(crate) now: Instant,
    facts: usize,
    parts: usize,
    faults: usize,
    /// The clusters that have new facts.
    pub(crate) touched: BTreeSet<ClusterNo>,
}

impl Kept {
    pub(crate) fn recorded(self) -> Recorded {
        let Self { facts, parts, faults, touched, .. } = self;
        Recorded { facts, parts, faults, touched }
    }
}

/// What facts that were put ahead of their commit touch.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    /// The clusters that have new facts.
    pub(crate) touched: BTreeSet<ClusterNo>,
    /// Those that the commit will relate otherwise than they are.
    pub(crate) unsure: BTreeSet<ClusterNo>,
}

/// Locks in one go, and in order, what this step is about to derive as far as it is known: two nodes that
/// took locks one after the other would soon wait for each other in a circle. What is met beside is
/// locked when it is.
fn lock_ahead(tx: &mut Tx<'_>, step: &Step<'_>, groups: &Groups) -> Result<(), StoreError> {
    let scope = &step.tenant.scope;
    let names: BTreeSet<&Identifier> = groups.all.iter().flatten().collect();
    let names: Vec<Identifier> = names.into_iter().cloned().collect();
    let known: BTreeSet<ClusterNo> = clusters::find(tx, scope, &names)?.into_values().collect();
    let limit = known.len() + step.limits.ancestors_max;
    let above = everything_above(tx, step, known)?;
    let wanted: Vec<ClusterNo> = above.into_iter().take(limit).collect();
    // One that was merged meanwhile is found out by resolving.
    clusters::lock(tx, scope, &wanted).map(drop)
}

/// As many facts as a message can yield: a relation is two, any other statement one.
fn facts_at_most(read: &Read) -> usize {
    let statements = read.parts.iter().filter_map(|part| part.outcome.as_ref().ok()).flatten();
    statements.map(|s| if matches!(s.body, Body::Related { .. }) { 2 } else { 1 }).sum()
}

/// Gives the statements of a part their provenance.
fn place(
    placed: &mut Vec<Placed>,
    groups: &mut Groups,
    read: &Read,
    statements: &[Statement],
    (n, now): (&mut i64, Instant),
) {
    let mirrors = |s: &Statement| s.mirrored().filter(|m| !m.about.object.is_placeholder());
    for statement in statements {
        for statement in [Some(statement.clone()), mirrors(statement)].into_iter().flatten() {
            let group = groups.of(&statement);
            let Read { source, message, received_at, .. } = read;
            let (fact, content) =
                Fact::with_content(statement, source, *message, *received_at, now);
            placed.push(Placed { n: *n, fact, content, group, is_ahead: false });
            *n += 1;
        }
    }
}

/// A part whose statements cannot all be placed is kept out as a whole, and says why.
fn unplaceable(statements: &[Statement]) -> Option<Fault> {
    if statements.len() as i64 * 2 > STATEMENTS_MAX {
        let why = format_args!(
            "the part yields {} statements, at most {} can be kept: send it in smaller parts",
            statements.len(),
            STATEMENTS_MAX / 2
        );
        let wording = Wording::new("statements_many").with("count", statements.len());
        let wording = wording.with("most", STATEMENTS_MAX / 2);
        return Some(Fault::new("too_many_statements", &wording, why));
    }
    let nameless = statements.iter().find(|s| s.about.object.is_placeholder())?;
    let why = format_args!(
        "a statement is about `{}`, which stands for no number: expected one that names an object",
        nameless.about.object
    );
    let wording = Wording::new("no_number").with("number", &nameless.about.object.value);
    let mut fault = Fault::new("no_identifier", &wording, why);
    if let Some(error) = fault.error.as_object_mut() {
        error.insert("place".into(), serde_json::json!(nameless.place));
    }
    Some(fault)
}

/// Identifiers that are to share a cluster. Every group has at least one.
#[derive(Default)]
struct Groups {
    all: Vec<Vec<Identifier>>,
    single: HashMap<Identifier, usize, RandomState>,
}

impl Groups {
    /// The group of what a statement is about. A link is a group of its own, of both ends.
    fn of(&mut self, statement: &Statement) -> usize {
        let object = &statement.about.object;
        if let Body::Same { other, .. } = &statement.body
            && other.kind == object.kind
            && !other.is_placeholder()
            && other != object
        {
            self.all.push(vec![object.clone(), other.clone()]);
            return self.all.len() - 1;
        }
        self.single(object)
    }
    fn single(&mut self, object: &Identifier) -> usize {
        if let Some(group) = self.single.get(object) {
            return *group;
        }
        self.all.push(vec![object.clone()]);
        self.single.insert(object.clone(), self.all.len() - 1);
        self.all.len() - 1
    }
}

/// Which cluster has to look into which: a relation and its mirror stand in the same batch.
fn relations(placed: &[Placed], groups: &Groups, clusters: &[ClusterNo]) -> BTreeSet<Edge> {
    let cluster_of =
        |name: &Identifier| groups.single.get(name).and_then(|group| clusters.get(*group)).copied();
    placed
        .iter()
        .filter_map(|p| {
            let here = clusters.get(p.group).copied()?;
            match &p.fact.body {
                Body::Related { child, .. } => {
                    Some(Edge { child: cluster_of(child)?, parent: here })
                }
                Body::Within { parent, .. } => {
                    Some(Edge { child: here, parent: cluster_of(parent)? })
                }
                _ => None,
            }
        })
        .collect()
}

fn quarantine_parts(
    tx: &mut Tx<'_>,
    step: &Step<'_>,
    faults: &[(&Read, &Part, Fault)],
    now: Instant,
) -> Result<(), StoreError> {
    for (read, _, fault) in faults {
        tracing::info!(
            message_id = %message_id(step.tenant.id, read.message),
            code = fault.code,
            source = %read.source,
            "a part goes to quarantine"
        );
    }
    let rows: Vec<_> = faults
        .iter()
        .map(|(read, part, fault)| (read, part, fault, fault.error.to_string()))
        .collect();
    let rows: Vec<quarantine::NewItem<'_>> = rows
        .iter()
        .map(|(read, part, fault, error)| quarantine::NewItem {
            message: read.message,
            part: &part.name,
            code: &fault.code,
            error,
            opened_at: now,
        })
        .collect();
    quarantine::open(tx, &step.tenant.scope, &rows).map(drop)
}

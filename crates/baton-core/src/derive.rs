//! The spine: facts that a subject reaches, in; its state, out.
//!
//! Read from top to bottom, [`derive`] is the order in which the questions are answered: what is it
//! called, what was reached, what does each line come to, who handed over to whom, what was
//! promised, which clocks run, what is wrong, and what is to be said about it. Every verb is a module
//! of its own; none of them sees the present but through [`Now`].
//!
//! INVARIANT: a pure function of (facts, what was heard, rulebook, now). Between two instants at which
//! no fact came, the answer changes only at announced `wake_at`s.

use crate::authority::contradictions;
use crate::charges::charges;
use crate::detect::findings;
use crate::exceptions::exceptions;
use crate::fact::{Body, Fact, Measure};
use crate::handoff::{handoffs, holder};
use crate::id::{Digest, ObjectId};
use crate::identifier::{Identifier, ObjectKind};
use crate::known::Known;
use crate::lines::balance;
use crate::milestone::Milestone;
use crate::phase::{can_be_reported, finality, phase};
use crate::picture::Picture;
use crate::progress::{actual, furthest, position};
use crate::promise::ledger;
use crate::sla::clocks;
use crate::state::{LineState, ObjectState, State};
use crate::time::{Instant, Now};

/// Facts about one subject beyond which it is flagged: still derived, and never silently cut.
pub const FACTS_PER_SUBJECT_MAX: usize = 10_000;

/// Derives the state of one object of what is known: one of its [`Known::roots`]. The exceptions of
/// what it reaches are shown with it.
#[must_use]
pub fn derive(known: &Known<'_>, root: usize, at: Instant) -> State {
    let now = Now::new(at);
    let known = known.under_rules_of(root);
    let picture = Picture::of(&known, root, &now);
    let below: Vec<_> =
        picture.below.iter().map(|(_, child)| below_exceptions(&picture, child.object)).collect();
    let (facts, _) = basis(&picture);
    let mut state = concluded(&picture, facts, at);
    detail(&mut state, picture);
    for (object, exceptions) in state.objects.iter_mut().zip(below) {
        object.exceptions = exceptions;
    }
    state.wake_at = now.wake_at();
    state
}

/// What the engine keeps of a subject: its conclusions and acts, without the detail that only readers
/// want. Detail follows from the same facts and is worked out when it is shown: milestones, lines,
/// contradictions, charges, and the exceptions of what it reaches, which come from their own subjects.
#[derive(Debug)]
pub struct Concluded {
    /// Without detail.
    pub state: State,
    /// When the order was placed; what was heard first of it where nobody says.
    pub placed_at: Option<Instant>,
    /// A digest of the set of facts that the state rests on.
    pub basis: Digest,
    /// The objects that it reaches, nearest first.
    pub below: Vec<ObjectId>,
}

/// Derives the conclusions about one object, and nothing that the engine does not keep.
#[must_use]
pub fn conclude(known: &Known<'_>, root: usize, at: Instant) -> Concluded {
    let now = Now::new(at);
    let known = known.under_rules_of(root);
    let picture = Picture::of(&known, root, &now);
    let (facts, basis) = basis(&picture);
    let mut state = concluded(&picture, facts, at);
    state.wake_at = now.wake_at();
    let below = picture.below.iter().filter_map(|(_, child)| Some(known.object(child.object)?.id));
    let below = below.collect();
    let placed = actual(&picture.own, Milestone::O10).map(|version| version.at.earliest);
    let stated = picture.own.iter().flat_map(|m| &m.versions).map(|v| v.received_at);
    Concluded { state, placed_at: placed.or(stated.min()), basis, below }
}

/// What the state of an object rests on: how many facts, and a digest of their set.
///
/// Our own acts about what it reaches are left out: they say what was told of those objects, and
/// nothing of this one. How deliveries ended is counted and takes no part in the digest: nothing follows
/// from it, and at which attempt and when is the machine's.
fn basis(picture: &Picture<'_, '_>) -> (usize, Digest) {
    let (known, root, below) = (picture.known, picture.root, &picture.below);
    let ours = |fact: &&Fact| matches!(fact.body, Body::Acted { .. } | Body::Delivered { .. });
    let reached = below.iter().flat_map(|(_, c)| known.about(c.object)).filter(|f| !ours(f));
    // A sum over digests of content stands for the set whatever its order, and is made in one pass.
    let (count, sum) = known.about(root).chain(reached).fold((0, 0u128), |(n, sum), fact| {
        let follows = !matches!(fact.body, Body::Delivered { .. });
        let digest = if follows { fact.id.0.to_u128() } else { 0 };
        (n + 1, sum.wrapping_add(digest))
    });
    (count, Digest::from_u128(sum))
}

fn concluded(picture: &Picture<'_, '_>, facts: usize, at: Instant) -> State {
    let (known, root) = (picture.known, picture.root);
    let handoffs = handoffs(picture);
    let promise = ledger(picture);
    let clocks = clocks(picture);
    let findings = findings(picture, &clocks);
    let (exceptions, due_acts) = exceptions(picture, findings);
    let position = position(known, picture.objects());
    State {
        id: id(known, root),
        name: name(known, root),
        identifiers: identifiers(known, root),
        derived_at: at,
        rulebook: known.book.version.clone(),
        journey: picture.journey.map(|j| j.name.clone()),
        phase: phase(picture),
        progress: furthest(picture.own.iter().chain(picture.others.iter().flatten())),
        position: position.as_ref().map(|(milestone, ..)| *milestone),
        position_place: position.and_then(|(_, place, _)| place),
        holder: holder(picture, &handoffs).filter(|_| picture.kind == ObjectKind::Order),
        fields: picture.opinions.fields(None),
        partners: picture.taking_part.clone(),
        lines: Vec::new(),
        objects: Vec::new(),
        liability: Vec::new(),
        handoffs,
        promise,
        clocks: clocks.into_iter().map(|(state, _)| state).collect(),
        exceptions,
        contradictions: Vec::new(),
        not_applicable: not_applicable(picture),
        due_acts,
        facts,
        limit_reached: limit_reached(facts),
        milestones: Vec::new(),
        wake_at: None,
    }
}

/// Adds what only readers want.
fn detail(state: &mut State, mut picture: Picture<'_, '_>) {
    state.lines = lines(&picture);
    state.liability = charges(&picture, &state.handoffs, &state.promise);
    state.contradictions = contradictions(&picture.opinions, &picture.amounts);
    // What is read no more is moved rather than copied.
    state.objects = objects(&mut picture);
    state.milestones = picture.own;
}

fn id(known: &Known<'_>, object: usize) -> ObjectId {
    known.object(object).map_or_else(|| ObjectId::of(&name(known, object)), |o| o.id)
}

fn name(known: &Known<'_>, object: usize) -> Identifier {
    known.object(object).map_or_else(
        || Identifier::new(ObjectKind::Order, "", "", ""),
        |o| o.best.identifier.clone(),
    )
}

fn identifiers(known: &Known<'_>, object: usize) -> Vec<Identifier> {
    let names = known.object(object).map_or(&[][..], |o| o.names.as_slice());
    names.iter().map(|n| n.identifier.clone()).collect()
}

fn lines(picture: &Picture<'_, '_>) -> Vec<LineState> {
    let finality = finality(picture);
    let delivered = |object| picture.object_reached(object, Milestone::T60).is_some();
    picture
        .lines
        .keys()
        .map(|(key, sku)| {
            let empty = crate::lines::Totals::default();
            let amounts = picture.amounts.get(&key).unwrap_or(&empty);
            let unit = [Measure::Ordered, Measure::Confirmed, Measure::Shipped]
                .into_iter()
                .find_map(|m| amounts.believed(m))
                .map(|t| t.unit.clone());
            LineState {
                fields: picture.opinions.fields(Some(&key)),
                sku,
                unit,
                quantities: amounts.measured(),
                balance: balance(
                    amounts.value(Measure::Ordered),
                    amounts.value(Measure::Shipped),
                    amounts.value(Measure::Cancelled),
                    finality,
                ),
                carried_by: amounts.carried(picture.known, &delivered),
                key,
            }
        })
        .collect()
}

fn objects(picture: &mut Picture<'_, '_>) -> Vec<ObjectState> {
    let (known, others) = (picture.known, &mut picture.others);
    picture
        .below
        .iter()
        .map(|(parent, child)| {
            let milestones = others.get_mut(child.object).map(std::mem::take).unwrap_or_default();
            ObjectState {
                id: id(known, child.object),
                name: name(known, child.object),
                identifiers: identifiers(known, child.object),
                relation: child.relation,
                parent: id(known, *parent),
                progress: furthest(milestones.iter()),
                position: position(known, std::iter::once(child.object)).map(|(m, ..)| m),
                exceptions: Vec::new(),
                milestones,
            }
        })
        .collect()
}

/// The exceptions of an object below come from its own subject; here they are only shown.
fn below_exceptions(picture: &Picture<'_, '_>, object: usize) -> Vec<crate::state::ExceptionState> {
    let known = picture.known.under_rules_of(object);
    let inner = Picture::of(&known, object, picture.now);
    let clocks = clocks(&inner);
    let findings = findings(&inner, &clocks);
    exceptions(&inner, findings).0
}

fn not_applicable(picture: &Picture<'_, '_>) -> Vec<Milestone> {
    let steps = picture.journey.filter(|_| picture.kind == ObjectKind::Order).map(|j| &j.steps);
    let unheard = steps.into_iter().flatten().filter(|step| !can_be_reported(picture, step));
    unheard.map(|step| step.milestone).collect()
}

fn limit_reached(facts: usize) -> Option<String> {
    (facts > FACTS_PER_SUBJECT_MAX)
        .then(|| format!("{facts} facts; more than {FACTS_PER_SUBJECT_MAX} slow every change"))
}

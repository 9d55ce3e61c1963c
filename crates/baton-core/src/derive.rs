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
use crate::fact::Measure;
use crate::handoff::{handoffs, holder};
use crate::id::ObjectId;
use crate::identifier::{Identifier, ObjectKind};
use crate::known::Known;
use crate::lines::balance;
use crate::milestone::Milestone;
use crate::phase::{applies, finality, phase};
use crate::picture::Picture;
use crate::progress::{furthest, position};
use crate::promise::ledger;
use crate::sla::clocks;
use crate::state::{LineState, ObjectState, State};
use crate::time::{Instant, Now};
use crate::view::view;

/// Facts about one subject beyond which it is flagged: still derived, and never silently cut.
pub const FACTS_PER_SUBJECT_MAX: usize = 10_000;

/// Derives the state of one object of what is known: one of its [`Known::roots`].
#[must_use]
pub fn derive(known: &Known<'_>, root: usize, at: Instant) -> State {
    let now = Now::new(at);
    let picture = Picture::of(known, root, &now);
    let view = view(&picture);
    let handoffs = handoffs(&picture);
    let promise = ledger(&picture);
    let clocks = clocks(&picture, &view);
    let findings = findings(&picture, &view, &clocks);
    let (exceptions, due_acts) = exceptions(&picture, findings);
    let everything: Vec<usize> =
        std::iter::once(root).chain(picture.below.iter().map(|(_, c)| c.object)).collect();
    let position = position(known, &everything);
    let facts = everything.iter().map(|o| known.about(*o).count()).sum();
    State {
        id: id(known, root),
        name: name(known, root),
        identifiers: identifiers(known, root),
        derived_at: at,
        rulebook: known.book.version.clone(),
        journey: picture.journey.map(|j| j.name.clone()),
        phase: phase(&picture),
        progress: furthest(picture.own.iter().chain(picture.others.values().flatten())),
        position: position.as_ref().map(|(milestone, ..)| *milestone),
        position_place: position.and_then(|(_, place, _)| place),
        holder: holder(&picture, &handoffs).filter(|_| picture.kind == ObjectKind::Order),
        fields: picture.opinions.fields(None),
        partners: picture.partners.clone(),
        lines: lines(&picture),
        objects: objects(&picture),
        liability: charges(&picture, &handoffs, &promise),
        handoffs,
        promise,
        clocks: clocks.into_iter().map(|(state, _)| state).collect(),
        exceptions,
        contradictions: contradictions(known, &picture.opinions, &picture.amounts),
        not_applicable: not_applicable(&picture),
        due_acts,
        facts,
        limit_reached: limit_reached(facts),
        milestones: picture.own,
        wake_at: now.wake_at(),
    }
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
            let empty = crate::lines::Amounts::default();
            let amounts = picture.amounts.get(&key).unwrap_or(&empty);
            let value = |m| amounts.believed(picture.known, m).map(|t| t.value).unwrap_or_default();
            let unit = [Measure::Ordered, Measure::Confirmed, Measure::Shipped]
                .into_iter()
                .find_map(|m| amounts.believed(picture.known, m))
                .map(|t| t.unit);
            LineState {
                fields: picture.opinions.fields(Some(&key)),
                sku,
                unit,
                quantities: amounts.measured(picture.known),
                balance: balance(
                    value(Measure::Ordered),
                    value(Measure::Shipped),
                    value(Measure::Cancelled),
                    finality,
                ),
                carried_by: amounts.carried(picture.known, &delivered),
                key,
            }
        })
        .collect()
}

fn objects(picture: &Picture<'_, '_>) -> Vec<ObjectState> {
    let known = picture.known;
    picture
        .below
        .iter()
        .map(|(parent, child)| {
            let milestones = picture.others.get(&child.object).cloned().unwrap_or_default();
            ObjectState {
                id: id(known, child.object),
                name: name(known, child.object),
                identifiers: identifiers(known, child.object),
                relation: child.relation,
                parent: id(known, *parent),
                progress: furthest(milestones.iter()),
                position: position(known, &[child.object]).map(|(m, ..)| m),
                exceptions: below_exceptions(picture, child.object),
                milestones,
            }
        })
        .collect()
}

/// The exceptions of an object below come from its own subject; here they are only shown.
fn below_exceptions(picture: &Picture<'_, '_>, object: usize) -> Vec<crate::state::ExceptionState> {
    let inner = Picture::of(picture.known, object, picture.now);
    let view = view(&inner);
    let clocks = clocks(&inner, &view);
    let findings = findings(&inner, &view, &clocks);
    exceptions(&inner, findings).0
}

fn not_applicable(picture: &Picture<'_, '_>) -> Vec<Milestone> {
    let steps = picture.journey.filter(|_| picture.kind == ObjectKind::Order).map(|j| &j.steps);
    let all = steps.into_iter().flatten().map(|s| s.milestone);
    all.filter(|m| !applies(picture, *m)).collect()
}

fn limit_reached(facts: usize) -> Option<String> {
    (facts > FACTS_PER_SUBJECT_MAX)
        .then(|| format!("{facts} facts; more than {FACTS_PER_SUBJECT_MAX} slow every change"))
}

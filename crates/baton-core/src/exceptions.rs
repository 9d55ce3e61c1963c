//! Exceptions: from findings to the life of each exception, and the acts that are due on it.
//!
//! One exception an identity (code, object, expectation). What holds follows from the findings; what
//! was said about it is a chain of acts; comparing the two gives what is to be said.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::amount::Money;
use crate::detect::Finding;
use crate::fact::{Body, Field, Value};
use crate::id::{Digest, ExceptionId, FactId, ObjectId};
use crate::occurrence::{Occurrence, PastAct, Stage, acts_due, in_chain_order, normalise};
use crate::picture::Picture;
use crate::state::{ActDone, DueAct, ExceptionState, ExceptionStatus, Taken};
use crate::taxonomy::ExceptionCode;
use crate::wording::Wording;

/// What an exception is about: its identity within one object.
type Key = (ExceptionCode, SmolStr);

/// The exceptions of the subject and the acts that are due.
#[must_use]
pub fn exceptions(
    picture: &Picture<'_, '_>,
    findings: Vec<Finding>,
) -> (Vec<ExceptionState>, Vec<DueAct>) {
    let Some(object) = picture.known.object(picture.root) else { return Default::default() };
    let said = Said::about(picture);
    let mut by_key: BTreeMap<Key, Finding> = BTreeMap::new();
    for finding in findings {
        let key = (finding.code, finding.expectation.clone());
        match by_key.get_mut(&key) {
            Some(first) => {
                first.spans.extend(finding.spans);
                first.facts.extend(finding.facts);
            }
            None => _ = by_key.insert(key, finding),
        }
    }
    let mut states = Vec::new();
    let mut due = Vec::new();
    for (key, finding) in &by_key {
        let (state, acts) = one(picture, object.id, finding, said.about_one(key));
        states.extend(state);
        due.extend(acts);
    }
    for (key, acts) in said.acts.iter().filter(|(key, _)| !by_key.contains_key(*key)) {
        let (state, undo) = never_held(picture, object.id, key, acts);
        states.extend(state);
        due.extend(undo);
    }
    (states, due)
}

/// What people and Baton itself said about exceptions of the subject.
struct Said {
    acts: BTreeMap<Key, Vec<PastAct>>,
    waivers: BTreeMap<Key, FactId>,
    /// The latest who said that they look after it.
    taken: BTreeMap<Key, Taken>,
}

impl Said {
    fn about(picture: &Picture<'_, '_>) -> Self {
        let mut said =
            Self { acts: BTreeMap::new(), waivers: BTreeMap::new(), taken: BTreeMap::new() };
        for fact in picture.known.holding(picture.root) {
            match &fact.body {
                Body::Acted { act, code, expectation, id, previous } => {
                    let past = PastAct {
                        act: *act,
                        id: *id,
                        previous: *previous,
                        at: fact.happened.earliest,
                    };
                    said.acts.entry((*code, expectation.clone())).or_default().push(past);
                }
                Body::Waived { code, expectation, .. } => {
                    said.waivers.insert((*code, expectation.clone()), fact.id);
                }
                Body::Taken { code, expectation } => {
                    let by = fact.source.clone();
                    let taken = Taken { by, at: fact.happened.latest, fact: fact.id };
                    said.taken.insert((*code, expectation.clone()), taken);
                }
                _ => {}
            }
        }
        for acts in said.acts.values_mut() {
            *acts = in_chain_order(acts);
        }
        said
    }
    fn of(&self, key: &Key) -> &[PastAct] {
        self.acts.get(key).map_or(&[], Vec::as_slice)
    }
    fn about_one(&self, key: &Key) -> SaidOfOne<'_> {
        SaidOfOne {
            acts: self.of(key),
            waived: self.waivers.get(key).copied(),
            taken: self.taken.get(key).cloned(),
        }
    }
}

/// The same of one exception.
struct SaidOfOne<'s> {
    acts: &'s [PastAct],
    waived: Option<FactId>,
    taken: Option<Taken>,
}

/// An exception's id: kind, object, expectation.
#[must_use]
pub fn exception_id(object: ObjectId, code: ExceptionCode, expectation: &str) -> ExceptionId {
    ExceptionId(Digest::of(&[
        code.code().as_bytes(),
        &object.digest.to_u128().to_le_bytes(),
        expectation.as_bytes(),
    ]))
}

fn one(
    picture: &Picture<'_, '_>,
    object: ObjectId,
    finding: &Finding,
    said: SaidOfOne<'_>,
) -> (Option<ExceptionState>, Vec<DueAct>) {
    let SaidOfOne { acts, waived, .. } = said;
    let id = exception_id(object, finding.code, &finding.expectation);
    let occurrences = normalise(&finding.spans, &finding.hysteresis, picture.now);
    let shown: Vec<Occurrence> =
        occurrences.iter().filter(|o| can_show(picture, finding, o)).cloned().collect();
    let due = if waived.is_some() {
        // A waiver stops further announcing; what was said stays said.
        Vec::new()
    } else {
        acts_due(id, &shown, acts, picture.now)
    };
    let due =
        due.into_iter().map(|d| due_act(id, finding.code, &finding.expectation, &d)).collect();
    // What cannot be shown yet is later than all that was shown.
    let status = match not_provable(picture, finding, &occurrences) {
        Some(status) if waived.is_none() => Some(status),
        _ => status(picture, &shown, acts, waived),
    };
    let state = status.map(|status| ExceptionState {
        id,
        code: finding.code,
        object,
        object_name: name(picture),
        expectation: finding.expectation.to_string(),
        severity: finding.severity,
        liable: finding.liable,
        partner: finding.liable.and_then(|role| picture.partner(role)),
        status,
        summary: finding.summary.clone(),
        wording: finding.wording.clone(),
        taken: said.taken,
        money_at_stake: money_at_stake(picture),
        facts: sorted(finding.facts.iter().copied().chain(waived)),
        acts: done(acts),
    });
    (state, due)
}

/// An occurrence of absence shows from the instant at which it can be proved.
fn can_show(picture: &Picture<'_, '_>, finding: &Finding, occurrence: &Occurrence) -> bool {
    match (occurrence.end, finding.provable_at) {
        (Some(_), _) => true,
        (None, Some(at)) => picture.now.passed(at),
        (None, None) => false,
    }
}

fn status(
    picture: &Picture<'_, '_>,
    shown: &[Occurrence],
    acts: &[PastAct],
    waived: Option<FactId>,
) -> Option<ExceptionStatus> {
    let raised = |o: &&Occurrence| o.stage(picture.now) != Stage::Pending;
    let Some(last) = shown.iter().rfind(raised) else {
        return (!acts.is_empty()).then_some(ExceptionStatus::Disproved);
    };
    let raised_at = last.raised_at;
    if waived.is_some() {
        return Some(ExceptionStatus::Waived { raised_at });
    }
    Some(match (last.stage(picture.now), last.end) {
        (Stage::Ending { .. } | Stage::Ended, Some(cleared_at)) => {
            ExceptionStatus::Cleared { raised_at, cleared_at }
        }
        _ => ExceptionStatus::Open { raised_at },
    })
}

/// Due, and not to be shown yet or at all: whoever derives again when a source is heard finds it by this.
fn not_provable(
    picture: &Picture<'_, '_>,
    finding: &Finding,
    occurrences: &[Occurrence],
) -> Option<ExceptionStatus> {
    let open = occurrences.iter().find(|o| o.end.is_none())?;
    let cannot = finding.provable_at.is_none_or(|at| !picture.now.passed(at));
    (cannot && picture.now.passed(open.raised_at))
        .then_some(ExceptionStatus::NotProvable { since: open.raised_at })
}

/// It was announced, and the facts as they are now show no trace of it.
fn never_held(
    picture: &Picture<'_, '_>,
    object: ObjectId,
    (code, expectation): &Key,
    acts: &[PastAct],
) -> (Option<ExceptionState>, Vec<DueAct>) {
    let id = exception_id(object, *code, expectation);
    let due = acts_due(id, &[], acts, picture.now);
    let state = ExceptionState {
        id,
        code: *code,
        object,
        object_name: name(picture),
        expectation: expectation.to_string(),
        severity: code.entry().severity,
        liable: None,
        partner: None,
        status: ExceptionStatus::Disproved,
        summary: format!("announced, and later shown not to hold: {}", code.entry().name),
        wording: Wording::new("never_held").with("exception", code.code()),
        taken: None,
        money_at_stake: None,
        facts: Vec::new(),
        acts: done(acts),
    };
    (Some(state), due.iter().map(|d| due_act(id, *code, expectation, d)).collect())
}

fn due_act(
    exception: ExceptionId,
    code: ExceptionCode,
    expectation: &str,
    due: &crate::occurrence::DueAct,
) -> DueAct {
    DueAct {
        act: due.act,
        id: due.id,
        previous: due.previous,
        exception,
        code,
        expectation: expectation.to_owned(),
        due_at: due.at,
    }
}

fn done(acts: &[PastAct]) -> Vec<ActDone> {
    acts.iter().map(|a| ActDone { act: a.act, id: a.id, at: a.at }).collect()
}

fn name(picture: &Picture<'_, '_>) -> crate::identifier::Identifier {
    picture.known.object(picture.root).map_or_else(
        || crate::identifier::Identifier::new(picture.kind, "", "", ""),
        |o| o.best.identifier.clone(),
    )
}

fn sorted(facts: impl Iterator<Item = FactId>) -> Vec<FactId> {
    let mut facts: Vec<FactId> = facts.collect();
    facts.sort_unstable();
    facts.dedup();
    facts
}

fn money_at_stake(picture: &Picture<'_, '_>) -> Option<Money> {
    match picture.opinions.of(None, Field::Total).first()?.value {
        Value::Money(money) => Some(money.clone()),
        _ => None,
    }
}

/// The statement that commits a due act as a fact about its subject.
#[must_use]
pub fn acted(due: &DueAct) -> Body {
    Body::Acted {
        act: due.act,
        code: due.code,
        expectation: due.expectation.as_str().into(),
        id: due.id,
        previous: due.previous,
    }
}

//! Lateness: reached after or before it was due, or estimated for later than it is due.
//!
//! Only what is true of the whole interval of an event counts: a delivery on the promised day whose
//! time is unknown is neither late nor early.

use smallvec::smallvec;

use crate::book::Against;
use crate::detect::Finding;
use crate::fact::Classifier;
use crate::identifier::ObjectKind;
use crate::milestone::Milestone;
use crate::picture::{Picture, Reached};
use crate::progress::current;
use crate::state::{MilestoneState, Version};
use crate::taxonomy::ExceptionCode;
use crate::time::{Happened, Instant};
use crate::wording::Wording;

/// What the milestone is measured against: the statement and the fact that names it.
fn due(picture: &Picture<'_, '_>, against: &Against) -> Option<(Happened, Reached)> {
    let anchor =
        crate::book::Anchor::Due { milestone: against.milestone, classifier: against.classifier };
    if let Some(own) = current(&picture.own, against.milestone, against.classifier) {
        let reached =
            Reached { at: own.at, received_at: own.received_at, facts: smallvec![own.fact] };
        return Some((own.at, reached));
    }
    if picture.kind == ObjectKind::Order {
        let lines =
            picture.own.iter().filter(|m| m.milestone == against.milestone && m.line.is_some());
        let latest = lines
            .filter_map(|m| m.current.get(against.classifier))
            .max_by_key(|v| (v.at.latest, v.at.earliest, v.fact))?;
        let facts = smallvec![latest.fact];
        return Some((
            latest.at,
            Reached { at: latest.at, received_at: latest.received_at, facts },
        ));
    }
    picture.anchor(&anchor).map(|r| (r.at, r))
}

fn expectation(against: &Against, named: &Reached) -> String {
    let fact = named.facts.first().map(ToString::to_string).unwrap_or_default();
    format!("{} {}", against.milestone, fact)
}

pub(super) fn late(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    against: &Against,
) -> Vec<Finding> {
    let Some((due, named)) = due(picture, against) else { return Vec::new() };
    let limit = due.latest + against.tolerance;
    // A part that came late was not there in time, whatever became of the others.
    let done = match against.milestone {
        Milestone::T60 => picture.deliveries(),
        other => picture.reached(other).into_iter().collect(),
    };
    let late = done.into_iter().filter(|done| done.at.surely_after(limit));
    let first = late.min_by_key(|done| (done.at.earliest, done.at.latest, done.facts.clone()));
    let Some(done) = first else { return Vec::new() };
    let finding = Finding::new(code, expectation(against, &named))
        .span(done.at.earliest, None)
        .because(named.facts)
        .because(done.facts)
        .saying(format!(
            "{} was due by {limit} and happened at {}",
            against.milestone.entry().name,
            done.at.earliest
        ))
        .worded(sentence("late", against.milestone, limit, done.at.earliest));
    vec![finding]
}

pub(super) fn early(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    against: &Against,
) -> Vec<Finding> {
    let Some((due, named)) = due(picture, against) else { return Vec::new() };
    let done = match against.milestone {
        Milestone::T60 => picture.delivered_as_confirmed(),
        other => picture.reached(other),
    };
    let Some(done) = done else { return Vec::new() };
    let limit = due.earliest - against.tolerance;
    if !done.at.surely_before(limit) {
        return Vec::new();
    }
    let finding = Finding::new(code, expectation(against, &named))
        .span(done.at.latest, None)
        .because(named.facts)
        .because(done.facts)
        .saying(format!(
            "{} was not due before {limit} and happened at {}",
            against.milestone.entry().name,
            done.at.latest
        ))
        .worded(sentence("early", against.milestone, limit, done.at.latest));
    vec![finding]
}

/// While not reached, estimated for surely later than due: from the estimate to a better one.
pub(super) fn slipping(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    against: &Against,
) -> Vec<Finding> {
    let Some((due, named)) = due(picture, against) else { return Vec::new() };
    let limit = due.latest + against.tolerance;
    let done_at = picture.reached(against.milestone).map(|r| r.at.earliest);
    let mut finding = Finding::new(code, expectation(against, &named));
    let objects = std::iter::once(&picture.own).chain(&picture.others);
    for states in objects {
        let estimates = estimates(states, against);
        for (n, estimate) in estimates.iter().enumerate() {
            let from = estimate.stated_at.latest;
            let next: Option<Instant> = estimates.get(n + 1).map(|v| v.stated_at.latest);
            let end = [next, done_at].into_iter().flatten().min();
            if estimate.at.surely_after(limit) && end.is_none_or(|end| end > from) {
                finding = finding.span(from, end).because([estimate.fact]).saying(format!(
                    "{} is due by {limit} and estimated for {}",
                    against.milestone.entry().name,
                    estimate.at.earliest
                ));
                finding.wording =
                    sentence("slipping", against.milestone, limit, estimate.at.earliest);
            }
        }
    }
    if finding.spans.is_empty() { Vec::new() } else { vec![finding.because(named.facts)] }
}

fn estimates<'s>(states: &'s [MilestoneState], against: &Against) -> Vec<&'s Version> {
    states
        .iter()
        .filter(|m| m.milestone == against.milestone)
        .flat_map(|m| &m.versions)
        .filter(|v| v.classifier == Classifier::Estimated && v.retracted_by.is_none())
        .collect()
}

/// A milestone, when it was due, and when it was or is to be.
fn sentence(name: &'static str, milestone: Milestone, limit: Instant, at: Instant) -> Wording {
    Wording::new(name).with("milestone", milestone.code()).with("due", limit).with("at", at)
}

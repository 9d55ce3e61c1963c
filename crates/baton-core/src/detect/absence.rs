//! Absence: something due has not come, nothing was heard, nothing says where it belongs.
//!
//! Absence is relative to hearing. Due at `d`, it can be shown once the awaited role was heard after
//! `d`, or `proof_wait` later if its feed was not silent by then; else it is not provable, and the
//! feed's own silence is the exception.

use crate::book::{Anchor, Overdue, Silent};
use crate::detect::Finding;
use crate::fact::{Body, Classifier, Fact};
use crate::identifier::ObjectKind;
use crate::milestone::Milestone;
use crate::partner::Role;
use crate::phase::phase;
use crate::picture::{Picture, Reached, who};
use crate::state::Phase;
use crate::taxonomy::ExceptionCode;
use crate::time::{Duration, Instant};

pub(super) fn overdue(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    rule: &Overdue,
) -> Vec<Finding> {
    if !picture.known.is_heard(rule.awaits) || any(picture, &rule.unless).is_some() {
        return Vec::new();
    }
    let started = rule.from.iter().filter_map(|a| picture.anchor(a));
    let Some(started) = started.max_by_key(|r| (r.at.latest, r.facts.clone())) else {
        return Vec::new();
    };
    let due_at = after(picture, rule.calendar.as_ref(), started.at.latest, rule.within);
    let ended = rule.until.iter().filter_map(|a| picture.anchor(a)).min_by_key(|r| r.by(rule.by));
    let end_at = ended.as_ref().map(|r| r.by(rule.by));
    if end_at.is_some_and(|end| end <= due_at) || !picture.now.passed(due_at) {
        return Vec::new();
    }
    let awaited = rule.until.iter().map(anchor_name).collect::<Vec<_>>().join(" or ");
    let partner = picture.partner(rule.awaits);
    let by = who(rule.awaits, partner.as_ref());
    let from = started.facts.first().map(ToString::to_string).unwrap_or_default();
    let mut finding = Finding::new(code, format!("{awaited} of {from}"))
        .span(due_at, end_at)
        .because(started.facts.iter().copied())
        .because(ended.into_iter().flat_map(|r| r.facts))
        .liable(Some(rule.awaits))
        .saying(format!("{awaited} was due from {by} by {due_at}"));
    // Once it has come, that it was late is shown by its coming.
    if end_at.is_none() {
        finding.provable_at = provable_at(picture, rule.awaits, due_at, rule.proof_wait);
    }
    vec![finding]
}

fn any(picture: &Picture<'_, '_>, anchors: &[Anchor]) -> Option<Reached> {
    anchors.iter().find_map(|a| picture.anchor(a))
}

fn anchor_name(anchor: &Anchor) -> String {
    match anchor {
        Anchor::Reached(milestone) => format!("{} {}", milestone, milestone.entry().name),
        Anchor::Due { milestone, .. } => format!("a date for {milestone}"),
        Anchor::FirstHeard => "a first word".to_owned(),
    }
}

fn after(
    picture: &Picture<'_, '_>,
    calendar: Option<&smol_str::SmolStr>,
    from: Instant,
    length: Duration,
) -> Instant {
    picture.known.book.calendar(calendar).map_or(from + length, |working| working.add(from, length))
}

/// When the absence of what was due at `due_at` can be shown.
fn provable_at(
    picture: &Picture<'_, '_>,
    awaits: Role,
    due_at: Instant,
    wait: Duration,
) -> Option<Instant> {
    let partner = picture.partner(awaits);
    let speaks = |s: &&crate::partner::SourceInfo| {
        s.role == awaits && (partner.is_none() || s.partner.is_none() || s.partner == partner)
    };
    let sources = picture.known.sources.iter().filter(speaks);
    let waited = due_at + wait;
    sources
        .filter_map(|source| {
            let heard_at = source.heard_at?;
            if heard_at > due_at {
                return Some(due_at);
            }
            let silent_from = source.silent_after.map(|length| heard_at + length);
            silent_from.is_none_or(|from| from > waited).then_some(waited)
        })
        .min()
}

pub(super) fn silent(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    rule: &Silent,
) -> Vec<Finding> {
    if !picture.known.is_heard(rule.awaits) {
        return Vec::new();
    }
    let events = events(picture);
    let mut finding = Finding::new(code, "silent").liable(Some(rule.awaits));
    let mut next_of = events.iter().skip(1).map(Some).chain(std::iter::once(None));
    let mut open = None;
    for (fact, milestone) in &events {
        let next = next_of.next().flatten();
        let waits = rule.events.contains(milestone) && !rule.ends.contains(milestone);
        if !waits {
            continue;
        }
        let from = after(picture, rule.calendar.as_ref(), fact.happened.latest, rule.after);
        let until = next.map(|(fact, _)| fact.happened.earliest);
        if until.is_some_and(|u| u <= from) || !picture.now.passed(from) {
            continue;
        }
        finding = finding.span(from, until).because([fact.id]);
        if until.is_none() {
            open = Some((from, *milestone));
        }
        finding.summary = format!(
            "nothing heard from {} since {} {}",
            who(rule.awaits, picture.partner(rule.awaits).as_ref()),
            milestone,
            milestone.entry().name
        );
    }
    if let Some((from, _)) = open {
        finding.provable_at = provable_at(picture, rule.awaits, from, rule.proof_wait);
    }
    if finding.spans.is_empty() { Vec::new() } else { vec![finding] }
}

/// Actual progress of the subject and what it contains, in time.
fn events<'p>(picture: &'p Picture<'_, '_>) -> Vec<(&'p Fact, Milestone)> {
    let objects = std::iter::once(picture.root).chain(picture.below.iter().map(|(_, c)| c.object));
    let mut events: Vec<(&Fact, Milestone)> = objects
        .flat_map(|o| picture.known.holding(o))
        .filter_map(|f| match &f.body {
            Body::Progress { milestone, classifier: Classifier::Actual, .. } => {
                Some((f, *milestone))
            }
            _ => None,
        })
        .collect();
    events.sort_by(|(a, _), (b, _)| a.in_time(b));
    events
}

/// Something that nothing says what it belongs to: an order never placed, an object in no order.
pub(super) fn unmatched(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    wait: Duration,
) -> Vec<Finding> {
    let Some(first) = picture.anchor(&Anchor::FirstHeard) else { return Vec::new() };
    let due_at = first.received_at + wait;
    let matched_at = match picture.kind {
        ObjectKind::Source => return Vec::new(),
        ObjectKind::Order if phase(picture) == Phase::Unplaced => None,
        ObjectKind::Order => placed_at(picture),
        _ => picture
            .known
            .holding(picture.root)
            .filter(|f| matches!(f.body, Body::Within { .. }))
            .map(|f| f.received_at)
            .min(),
    };
    if matched_at.is_some_and(|at| at <= due_at) || !picture.now.passed(due_at) {
        return Vec::new();
    }
    let name = picture.known.object(picture.root).map(|o| o.best.identifier.to_string());
    let finding = Finding::new(code, "match")
        .span(due_at, matched_at)
        .because(first.facts)
        .liable(Some(Role::Platform))
        .saying(format!("nothing says what {} belongs to", name.unwrap_or_default()));
    vec![finding]
}

/// When we first heard that the order was placed, or of anything that makes it one.
fn placed_at(picture: &Picture<'_, '_>) -> Option<Instant> {
    let placed = picture.reached(Milestone::O10).map(|r| r.received_at);
    let ordered = picture
        .known
        .holding(picture.root)
        .filter(|f| matches!(f.body, Body::Amount { measure: crate::fact::Measure::Ordered, .. }));
    ordered.map(|f| f.received_at).chain(placed).min().or(Some(Instant::MIN))
}

//! Absence: something due has not come, nothing was heard, nothing says where it belongs.
//!
//! Absence is relative to hearing. Due at `d`, it can be shown once the awaited role was heard after
//! `d`, or `proof_wait` later if its feed was not silent by then; else it is not provable, and the
//! feed's own silence is the exception.

use crate::book::{Anchor, Awaited, By, Overdue, Silent};
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
use crate::wording::Wording;

pub(super) fn overdue(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    rule: &Overdue,
) -> Vec<Finding> {
    let awaits = awaited(picture, &rule.awaits);
    if awaits.is_empty() || any(picture, &rule.unless).is_some() {
        return Vec::new();
    }
    let started = rule.from.iter().find_map(|a| picture.first(a, By::Happened));
    let given: Option<Vec<Reached>> = rule.given.iter().map(|a| picture.anchor(a)).collect();
    let (Some(started), Some(given)) = (started, given) else { return Vec::new() };
    let due_at = after(picture, rule.calendar.as_ref(), started.at.latest, rule.within);
    let ended = rule.until.iter().filter_map(|a| picture.first(a, rule.by));
    let ended = ended.min_by_key(|r| r.by(rule.by));
    let end_at = ended.as_ref().map(|r| r.by(rule.by));
    if end_at.is_some_and(|end| end <= due_at) || !picture.now.passed(due_at) {
        return Vec::new();
    }
    let awaited = rule.until.iter().map(anchor_name).collect::<Vec<_>>().join(" or ");
    let anchors = rule.until.iter().map(anchor_code).collect::<Vec<_>>().join("|");
    let by: Vec<_> =
        awaits.iter().map(|role| who(*role, picture.partner(*role).as_ref())).collect();
    let from = started.facts.first().map(ToString::to_string).unwrap_or_default();
    let mut finding = Finding::new(code, format!("{awaited} of {from}"))
        .span(due_at, end_at)
        .because(started.facts.iter().copied())
        .because(given.into_iter().flat_map(|r| r.facts))
        .because(ended.into_iter().flat_map(|r| r.facts))
        .liable(liable(picture, &awaits))
        .saying(format!("{awaited} was due from {} by {due_at}", by.join(" or ")))
        .worded(
            Wording::new("overdue")
                .with("milestones", &anchors)
                .with("who", by.join("|"))
                .with("at", due_at),
        );
    // Once it has come, that it was late is shown by its coming.
    if end_at.is_none() {
        finding.provable_at = provable_at(picture, &awaits, due_at, rule.proof_wait);
    }
    vec![finding]
}

/// The roles whose word is awaited and that any source plays.
fn awaited(picture: &Picture<'_, '_>, declared: &Awaited) -> Vec<Role> {
    declared.0.iter().copied().filter(|role| picture.known.is_heard(*role)).collect()
}

/// Of several that might have told, the only one that takes part; else nobody is named.
fn liable(picture: &Picture<'_, '_>, awaits: &[Role]) -> Option<Role> {
    if let [only] = awaits {
        return Some(*only);
    }
    let mut playing = awaits.iter().filter(|role| picture.partner(**role).is_some());
    playing.next().copied().filter(|_| playing.next().is_none())
}

fn any(picture: &Picture<'_, '_>, anchors: &[Anchor]) -> Option<Reached> {
    anchors.iter().find_map(|a| picture.anchor(a))
}

fn anchor_name(anchor: &Anchor) -> String {
    match anchor {
        Anchor::Reached(milestone) => format!("{} {}", milestone, milestone.entry().name),
        Anchor::Due { milestone, .. } => format!("a date for {milestone}"),
        Anchor::FirstHeard => "a first word".to_owned(),
        Anchor::LatestDelivery => "a delivery".to_owned(),
        Anchor::Matched => "what it belongs to".to_owned(),
    }
}

/// As [`anchor_name`], for words in other languages: a milestone, or one of the three others.
fn anchor_code(anchor: &Anchor) -> &'static str {
    match anchor {
        Anchor::Reached(milestone) | Anchor::Due { milestone, .. } => milestone.code(),
        Anchor::FirstHeard => "first_heard",
        Anchor::LatestDelivery => "delivery",
        Anchor::Matched => "matched",
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

/// When the absence of what was due at `due_at` can be shown: when it can of every role that might have
/// told.
fn provable_at(
    picture: &Picture<'_, '_>,
    awaits: &[Role],
    due_at: Instant,
    wait: Duration,
) -> Option<Instant> {
    let each: Option<Vec<Instant>> =
        awaits.iter().map(|role| provable_by(picture, *role, due_at, wait)).collect();
    each.and_then(|instants| instants.into_iter().max())
}

fn provable_by(
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
    let awaits = awaited(picture, &rule.awaits);
    if awaits.is_empty() {
        return Vec::new();
    }
    let events = events(picture, rule);
    let ends = events.iter().filter(|event| rule.ends.contains(&event.milestone));
    let last_end = ends.map(|event| event.latest).max();
    let mut finding = Finding::new(code, "silent").liable(liable(picture, &awaits));
    let mut open = None;
    for (n, event) in events.iter().enumerate() {
        let next = events.get(n + 1);
        if rule.ends.contains(&event.milestone) {
            continue;
        }
        let from = after(picture, rule.calendar.as_ref(), event.latest, rule.after);
        let until = next.map(|next| next.earliest);
        // With a stamp that leaves its time open, it cannot be told whether the end came before it.
        let may_have_ended = last_end.is_some_and(|end| end >= event.earliest);
        let over = until.is_some_and(|u| u <= from) || (until.is_none() && may_have_ended);
        if over || !picture.now.passed(from) {
            continue;
        }
        finding = finding.span(from, until).because([event.fact.id]);
        if until.is_none() {
            open = Some(from);
        }
        let by: Vec<_> =
            awaits.iter().map(|role| who(*role, picture.partner(*role).as_ref())).collect();
        finding.summary = format!(
            "nothing heard from {} since {} {}",
            by.join(" or "),
            event.milestone,
            event.milestone.entry().name
        );
        finding.wording = Wording::new("silent")
            .with("who", by.join("|"))
            .with("milestone", event.milestone.code());
    }
    if let Some(from) = open {
        finding.provable_at = provable_at(picture, &awaits, from, rule.proof_wait);
    }
    if finding.spans.is_empty() { Vec::new() } else { vec![finding] }
}

/// A sign of life that a rule about silence looks at.
struct Event<'f> {
    milestone: Milestone,
    earliest: Instant,
    latest: Instant,
    fact: &'f Fact,
}

/// Actual progress of the subject and what it contains, in time.
///
/// Nothing happened after it was told of: a stamp that says so, or that leaves its zone open, is taken
/// no later than its receipt. Else one wrong stamp would end every silence, or begin one after the end.
fn events<'p>(picture: &'p Picture<'_, '_>, rule: &Silent) -> Vec<Event<'p>> {
    // A stamp so wrong that it takes itself back is still a word that was heard.
    let holds = |fact: &&Fact| picture.known.retracted_by(fact.id).is_none_or(|by| by == fact.id);
    let mut events: Vec<Event<'_>> = picture
        .objects()
        .flat_map(|object| picture.known.about(object).filter(holds))
        .filter_map(|fact| match &fact.body {
            Body::Progress { milestone, classifier: Classifier::Actual, .. }
                if rule.events.contains(milestone) || rule.ends.contains(milestone) =>
            {
                let no_later = |at: Instant| at.min(fact.received_at);
                let (earliest, latest) =
                    (no_later(fact.happened.earliest), no_later(fact.happened.latest));
                Some(Event { milestone: *milestone, earliest, latest, fact })
            }
            _ => None,
        })
        .collect();
    events.sort_by_key(|event| (event.earliest, event.latest, event.fact.id));
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
        _ => picture.anchor(&Anchor::Matched).map(|r| r.received_at),
    };
    if matched_at.is_some_and(|at| at <= due_at) || !picture.now.passed(due_at) {
        return Vec::new();
    }
    let name = picture.known.object(picture.root).map(|o| o.best.identifier.to_string());
    let finding = Finding::new(code, "match")
        .span(due_at, matched_at)
        .because(first.facts)
        .liable(Some(Role::Platform))
        .saying(format!("nothing says what {} belongs to", name.clone().unwrap_or_default()))
        .worded(Wording::new("unmatched").with("name", name.unwrap_or_default()));
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

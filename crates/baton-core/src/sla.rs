//! SLA clocks of a subject: from a pack's declaration and the facts to a clock's inputs.
//!
//! The arithmetic is in [`crate::clock`]; here it is decided when a clock starts, pauses and stops.

use smol_str::SmolStr;

use crate::book::{By, PauseRule, Sla};
use crate::calendar::WorkingTime;
use crate::clock::{ClockEnd, Pause, SlaClock};
use crate::fact::{Body, Signal};
use crate::picture::{Picture, Reached};
use crate::state::SlaState;
use crate::taxonomy::ExceptionCode;
use crate::time::Instant;

/// Every clock of the subject that has started.
#[must_use]
pub fn clocks(picture: &Picture<'_, '_>) -> Vec<(SlaState, Option<ExceptionCode>)> {
    let slas = picture.known.book.slas.iter().filter(|s| s.on == picture.kind);
    slas.filter(|s| s.when.as_ref().is_none_or(|w| w.holds(picture)))
        .filter(|s| picture.known.is_heard(s.owner))
        .filter_map(|s| clock(picture, s).map(|state| (state, s.breach)))
        .collect()
}

fn clock(picture: &Picture<'_, '_>, sla: &Sla) -> Option<SlaState> {
    let started = picture.first(&sla.start, sla.by)?;
    let start_at = match sla.by {
        By::Receipt => started.received_at,
        By::Happened => started.at.latest,
    };
    let first = |anchors: &[crate::book::Anchor]| {
        anchors.iter().filter_map(|a| picture.first(a, sla.by)).min_by_key(|r| r.by(sla.by))
    };
    let stopped = first(&sla.stop);
    let cancelled = first(&sla.cancel);
    let end = match (&stopped, &cancelled) {
        (Some(s), Some(c)) if c.by(sla.by) < s.by(sla.by) => ClockEnd::Cancelled(c.by(sla.by)),
        (Some(s), _) => ClockEnd::Stopped(s.by(sla.by)),
        (None, Some(c)) => ClockEnd::Cancelled(c.by(sla.by)),
        (None, None) => ClockEnd::Running,
    };
    let always = WorkingTime::always();
    let causes: Vec<SmolStr> = sla.pauses.iter().map(cause).collect();
    let declared = SlaClock {
        working: picture.known.book.calendar(sla.calendar.as_ref()).unwrap_or(&always),
        start_at,
        end,
        resets: sla.reset.iter().filter_map(|a| picture.anchor(a)).map(|r| r.by(sla.by)).collect(),
        pauses: sla.pauses.iter().flat_map(|rule| pauses(picture, rule)).collect(),
        precedence: &causes,
        target: sla.target,
        changes: Vec::new(),
        warn_at: &sla.warn_at,
    };
    let facts = |reached: &Option<Reached>| reached.iter().flat_map(|r| r.facts.clone()).collect();
    let mut all: Vec<_> = started.facts.clone();
    all.extend::<Vec<_>>(facts(&stopped));
    all.extend::<Vec<_>>(facts(&cancelled));
    Some(SlaState {
        name: sla.name.clone(),
        owner: sla.owner,
        partner: picture.partner(sla.owner),
        target: sla.target,
        started_at: start_at,
        clock: declared.measure(picture.now),
        facts: all,
    })
}

fn cause(rule: &PauseRule) -> SmolStr {
    SmolStr::new_static(rule.during.entry().name)
}

/// The spans in which the trouble of a pause rule was signalled.
fn pauses(picture: &Picture<'_, '_>, rule: &PauseRule) -> Vec<Pause> {
    signalled(picture, rule.during)
        .into_iter()
        .map(|(start_at, end_at)| Pause {
            cause: cause(rule),
            party: rule.party,
            start_at,
            end_at,
            max: Some(rule.max),
        })
        .collect()
}

/// From each raising of a code to its clearing, in event time.
fn signalled(picture: &Picture<'_, '_>, code: ExceptionCode) -> Vec<(Instant, Option<Instant>)> {
    let mut spans: Vec<(Instant, Option<Instant>)> = Vec::new();
    for fact in picture.known.holding(picture.root) {
        let Body::Trouble { exception, signal, .. } = &fact.body else { continue };
        if *exception != code {
            continue;
        }
        let running = spans.last_mut().filter(|(_, end)| end.is_none());
        match (signal, running) {
            (Signal::Raised, None) => spans.push((fact.happened.latest, None)),
            (Signal::Cleared, Some((_, end))) => *end = Some(fact.happened.earliest),
            _ => {}
        }
    }
    spans
}

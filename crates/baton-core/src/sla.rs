//! SLA clocks of a subject: from a pack's declaration and the facts to a clock's inputs.
//!
//! The arithmetic is in [`crate::clock`]; here it is decided when a clock starts, pauses and stops.

use crate::book::{By, Sla, TargetFrom};
use crate::calendar::WorkingTime;
use crate::clock::{ClockEnd, SlaClock, TargetChange};
use crate::pauses;
use crate::picture::Picture;
use crate::state::SlaState;
use crate::taxonomy::ExceptionCode;

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
    let causes = pauses::precedence(&sla.pauses);
    let working = picture.known.book.calendar(sla.calendar.as_ref()).unwrap_or(&always);
    let change =
        |c: &TargetFrom| TargetChange { from_at: working.start_of(c.from), target: c.target };
    let declared = SlaClock {
        working,
        start_at,
        end,
        resets: sla.reset.iter().filter_map(|a| picture.anchor(a)).map(|r| r.by(sla.by)).collect(),
        pauses: pauses::signalled(picture, &sla.pauses, &[picture.root]),
        precedence: &causes,
        target: sla.target,
        changes: sla.changes.iter().map(change).collect(),
        warn_at: &sla.warn_at,
    };
    let reached = [Some(&started), stopped.as_ref(), cancelled.as_ref()];
    let all = reached.into_iter().flatten().flat_map(|r| r.facts.iter().copied()).collect();
    let clock = declared.measure(picture.now);
    Some(SlaState {
        name: sla.name.clone(),
        owner: sla.owner,
        partner: picture.partner(sla.owner),
        target: clock.targets.last().map_or(sla.target, |in_force| in_force.target),
        started_at: start_at,
        clock,
        facts: all,
    })
}

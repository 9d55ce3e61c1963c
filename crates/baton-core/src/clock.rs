//! SLA clocks: has the owner kept to its time, measured in its own working time.
//!
//! A clock is declared as a value ([`SlaClock`]): its start and end, resets, pauses and target, all
//! instants. [`SlaClock::measure`] answers what state it is in. Nothing is counted up while it runs, so
//! no tick can be lost or come twice, and a late fact simply gives another value.
//!
//! INVARIANTS: used time is never negative. No time is used outside working hours, in a pause, or
//! after the end. A clock breaches only at an instant at which it runs: never by the wall clock at
//! night, and what is done before the next opening is in time. A reset or a new target loses no pause.

mod history;
mod pause;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use self::history::{Segment, SegmentKind};
pub use self::pause::{PAUSE_MAX, Pause, PausedSpan, charged};
use crate::calendar::WorkingTime;
use crate::partner::Role;
use crate::time::{Duration, Instant, Now};

/// A clock over what is known, before it is asked about the present.
#[derive(Debug, Clone)]
pub struct SlaClock<'a> {
    /// The working time of the party whose clock it is.
    pub working: &'a WorkingTime,
    pub start_at: Instant,
    pub end: ClockEnd,
    /// Instants at which the clock starts again from nothing.
    pub resets: Vec<Instant>,
    pub pauses: Vec<Pause>,
    /// Which cause is charged where pauses overlap: the first in front.
    pub precedence: &'a [SmolStr],
    /// How much working time the owner has.
    pub target: Duration,
    /// Later targets. Time used and pauses had before the change stay as they are.
    pub changes: Vec<TargetChange>,
    /// Shares of the target, in per cent, at which to warn.
    pub warn_at: &'a [u32],
}

/// A target that holds from an instant on.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct TargetChange {
    pub from_at: Instant,
    pub target: Duration,
}

/// How a clock ended, if it did. An end that is still to come does not count yet.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ClockEnd {
    Running,
    /// What was to be done was done.
    Stopped(Instant),
    /// It no longer needs doing.
    Cancelled(Instant),
}

/// What state a clock is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ClockState {
    /// The target is used up at `due_at`, known pauses counted.
    Running {
        due_at: Instant,
    },
    /// The clock stands still since `since`; `cause` and `party` are charged at present.
    Paused {
        since: Instant,
        #[schemars(with = "String")]
        cause: SmolStr,
        party: Role,
        /// When it runs again, should nobody end the pause before.
        until: Instant,
    },
    /// Done in time, having used this much working time.
    Met {
        at: Instant,
        used: Duration,
    },
    /// More than the target was used. `late_end` says when it was done at last, and by how much
    /// working time it was late; `None` while it is not done.
    Breached {
        due_at: Instant,
        late_end: Option<LateEnd>,
    },
    Cancelled {
        at: Instant,
    },
}

/// The end of a clock that was late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LateEnd {
    pub at: Instant,
    /// Working time beyond the target, pauses left out.
    pub over: Duration,
}

/// A share of the target, and when it is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    pub percent: u32,
    pub at: Instant,
    pub reached: bool,
}

/// A target while it was in force in the present run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetSpan {
    pub from_at: Instant,
    /// When another one replaced it.
    pub until_at: Option<Instant>,
    pub target: Duration,
    pub due_at: Instant,
}

/// A run that a reset ended: its use is forgotten, but not that it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ForgottenRun {
    pub start_at: Instant,
    pub reset_at: Instant,
    pub used: Duration,
}

/// Everything that is known of a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClockRecord {
    pub state: ClockState,
    /// When the target in force is used up; [`Instant::MAX`] if that is beyond the calendar's horizon.
    pub due_at: Instant,
    /// The first running instant beyond the target. `None` where the clock ended before it.
    pub breach_at: Option<Instant>,
    /// By share; those that the end forestalled are left out.
    pub warnings: Vec<Warning>,
    /// The targets of the present run in time order; the last is in force.
    pub targets: Vec<TargetSpan>,
    pub forgotten: Vec<ForgottenRun>,
    /// Runs and pauses from the start on, without gaps. A pause that nobody has ended yet stands with
    /// the end that its maximum gives it.
    pub history: Vec<Segment>,
}

impl SlaClock<'_> {
    /// What is known of the clock at present.
    ///
    /// The present enters through [`Now::passed`] only, so that the wake-up covers warnings, the breach,
    /// the start and maximum of pauses, and resets, targets and ends that are still to come.
    #[must_use]
    pub fn measure(&self, now: &Now) -> ClockRecord {
        let end_at = self.ended_at(now);
        let resets = self.resets_in_force(end_at, now);
        let run_start = resets.last().copied().unwrap_or(self.start_at);
        let paused = self.paused(end_at);
        let run = Run::new(self.working, run_start, &paused);
        let targets = self.targets(&run, end_at, now);
        let (due_at, in_force) = targets.last().map_or(
            (Instant::MAX, TargetChange { from_at: run_start, target: self.target }),
            |t| (t.due_at, TargetChange { from_at: t.from_at, target: t.target }),
        );
        let breach_at = Some(run.next_running(due_at))
            .filter(|at| *at < Instant::MAX && end_at.is_none_or(|end| *at < end));
        ClockRecord {
            state: self.state(&run, &paused, (due_at, breach_at), end_at, now),
            due_at,
            breach_at,
            warnings: self.warnings(&run, in_force, end_at, now),
            targets,
            forgotten: self.forgotten(&resets, &paused),
            history: history::segments(self.working, (self.start_at, end_at), &resets, &paused),
        }
    }

    /// The working time that the present run has used by an instant.
    #[must_use]
    pub fn used_at(&self, at: Instant) -> Duration {
        let now = Now::new(at);
        let end_at = self.ended_at(&now);
        let resets = self.resets_in_force(end_at, &now);
        let run_start = resets.last().copied().unwrap_or(self.start_at);
        let run = Run::new(self.working, run_start, &self.paused(end_at));
        run.used_by(end_at.unwrap_or(at))
    }

    /// An end before the start ends the clock at its start: it never runs backwards.
    fn ended_at(&self, now: &Now) -> Option<Instant> {
        match self.end {
            ClockEnd::Running => None,
            ClockEnd::Stopped(at) | ClockEnd::Cancelled(at) => {
                now.passed(at).then_some(at.max(self.start_at))
            }
        }
    }

    fn resets_in_force(&self, end_at: Option<Instant>, now: &Now) -> Vec<Instant> {
        let mut resets: Vec<Instant> = self
            .resets
            .iter()
            .copied()
            .filter(|at| *at > self.start_at && end_at.is_none_or(|end| *at < end))
            .filter(|at| now.passed(*at))
            .collect();
        resets.sort_unstable();
        resets.dedup();
        resets
    }

    fn paused(&self, end_at: Option<Instant>) -> Vec<PausedSpan> {
        let end_at = end_at.unwrap_or(Instant::MAX);
        let mut spans = charged(&self.pauses, self.precedence);
        for span in &mut spans {
            span.start_at = span.start_at.max(self.start_at);
            span.end_at = span.end_at.min(end_at);
        }
        spans.retain(|span| span.start_at < span.end_at);
        spans
    }

    fn targets(&self, run: &Run<'_>, end_at: Option<Instant>, now: &Now) -> Vec<TargetSpan> {
        let mut changes: Vec<TargetChange> = self
            .changes
            .iter()
            .copied()
            .filter(|change| end_at.is_none_or(|end| change.from_at < end))
            .filter(|change| now.passed(change.from_at))
            .collect();
        changes.sort_unstable();
        let mut spans: Vec<TargetSpan> = Vec::with_capacity(changes.len() + 1);
        let first = TargetChange { from_at: run.start_at, target: self.target };
        for change in [first].into_iter().chain(changes) {
            let from_at = change.from_at.max(run.start_at);
            if let Some(last) = spans.last_mut() {
                last.until_at = Some(from_at);
            }
            spans.retain(|span| span.until_at != Some(span.from_at));
            let due_at = run.reach(change.target).max(from_at);
            spans.push(TargetSpan { from_at, until_at: None, target: change.target, due_at });
        }
        spans
    }

    fn warnings(
        &self,
        run: &Run<'_>,
        in_force: TargetChange,
        end_at: Option<Instant>,
        now: &Now,
    ) -> Vec<Warning> {
        let mut shares = self.warn_at.to_vec();
        shares.sort_unstable();
        shares.dedup();
        shares
            .into_iter()
            .filter_map(|percent| {
                let at = run.reach(in_force.target.percent(percent)).max(in_force.from_at);
                match end_at {
                    Some(end) => (at < end).then_some(Warning { percent, at, reached: true }),
                    None => Some(Warning { percent, at, reached: now.passed(at) }),
                }
            })
            .collect()
    }

    fn state(
        &self,
        run: &Run<'_>,
        paused: &[PausedSpan],
        (due_at, breach_at): (Instant, Option<Instant>),
        end_at: Option<Instant>,
        now: &Now,
    ) -> ClockState {
        match (end_at, self.end) {
            (Some(_), ClockEnd::Cancelled(at)) => ClockState::Cancelled { at },
            (Some(end), ClockEnd::Stopped(at)) => {
                let used = run.used_by(end);
                let over = used.saturating_sub(run.used_by(due_at.min(end)));
                if over.is_zero() {
                    ClockState::Met { at, used }
                } else {
                    ClockState::Breached { due_at, late_end: Some(LateEnd { at, over }) }
                }
            }
            _ if breach_at.is_some_and(|at| now.passed(at)) => {
                ClockState::Breached { due_at, late_end: None }
            }
            _ => match standing(paused, now) {
                Some((since, span, until)) => ClockState::Paused {
                    since,
                    cause: span.cause.clone(),
                    party: span.party,
                    until,
                },
                None => ClockState::Running { due_at },
            },
        }
    }

    fn forgotten(&self, resets: &[Instant], paused: &[PausedSpan]) -> Vec<ForgottenRun> {
        let starts = [self.start_at].into_iter().chain(resets.iter().copied());
        starts
            .zip(resets.iter().copied())
            .map(|(start_at, reset_at)| {
                let used = Run::new(self.working, start_at, paused).used_by(reset_at);
                ForgottenRun { start_at, reset_at, used }
            })
            .collect()
    }
}

/// The span that the clock stands still in at present, with the start and end of the whole halt.
fn standing<'p>(paused: &'p [PausedSpan], now: &Now) -> Option<(Instant, &'p PausedSpan, Instant)> {
    let mut halt_start = None;
    let mut found: Option<(Instant, &PausedSpan, Instant)> = None;
    let mut before = None;
    for span in paused {
        if before != Some(span.start_at) {
            halt_start = Some(span.start_at);
        }
        before = Some(span.end_at);
        match &mut found {
            Some((_, _, until)) if *until == span.start_at => *until = span.end_at,
            Some(_) => break,
            None if now.passed(span.start_at) && !now.passed(span.end_at) => {
                found = Some((halt_start.unwrap_or(span.start_at), span, span.end_at));
            }
            None => {}
        }
    }
    found
}

/// One run of the clock: from its start on, without the pauses.
struct Run<'a> {
    working: &'a WorkingTime,
    start_at: Instant,
    /// Spans in which it runs, in time order; the last one has no end.
    spans: Vec<(Instant, Instant)>,
}

impl<'a> Run<'a> {
    fn new(working: &'a WorkingTime, start_at: Instant, paused: &[PausedSpan]) -> Self {
        let mut spans = Vec::new();
        let mut from = start_at;
        for pause in paused.iter().filter(|pause| pause.end_at > start_at) {
            if from < pause.start_at {
                spans.push((from, pause.start_at));
            }
            from = pause.end_at;
        }
        spans.push((from, Instant::MAX));
        Self { working, start_at, spans }
    }

    fn used_by(&self, at: Instant) -> Duration {
        self.spans
            .iter()
            .map(|(from, to)| self.working.between(*from, at.min(*to)))
            .fold(Duration::ZERO, |sum, part| sum + part)
    }

    /// The instant at which `length` has been used.
    fn reach(&self, length: Duration) -> Instant {
        let mut need = length;
        for (from, to) in &self.spans {
            if *to == Instant::MAX {
                return self.working.add(*from, need);
            }
            let here = self.working.between(*from, *to);
            if need <= here {
                return self.working.add(*from, need);
            }
            need = need.saturating_sub(here);
        }
        Instant::MAX
    }

    /// The first instant at or after `at` at which the clock runs.
    fn next_running(&self, at: Instant) -> Instant {
        self.spans
            .iter()
            .filter(|(_, to)| *to > at)
            .map(|(from, to)| (self.working.next_open(at.max(*from)), *to))
            .find(|(open, to)| open < to)
            .map_or(Instant::MAX, |(open, _)| open)
    }
}

#[cfg(test)]
mod tests;

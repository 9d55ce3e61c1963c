//! Occurrences: from the spans in which a condition held to the exceptions that they are.
//!
//! What holds flickers: a feed is silent, says one word, is silent again. [`normalise`] is the
//! hysteresis: it joins what belongs together and drops what is too short to tell anybody. What to tell
//! about the result is [`acts_due`]'s part.
//!
//! INVARIANTS: occurrences follow from the spans alone, in whatever order they are given; the present
//! only decides whether a span that is still open has lasted long enough, and it enters through
//! [`Now::passed`]. Occurrences are apart by more than nothing, and at least by their quiet time.

mod acts;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::acts::{DueAct, PastAct, acts_due, in_chain_order};
use crate::time::{Duration, Instant, Now};

/// A span in which the condition held, from `start` up to, but without, `end`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct Span {
    pub start: Instant,
    /// `None`: as far as is known it goes on.
    pub end: Option<Instant>,
}

/// How long something must last, or be gone, to count. Applied in the order of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Hysteresis {
    /// Gaps shorter than this are as if they were not there.
    pub settle: Duration,
    /// What then lasted less than this is as if it had not been.
    #[serde(rename = "for")]
    pub hold_for: Duration,
    /// What begins again in less than this after its end continues what was.
    pub reopen: Duration,
}

impl Hysteresis {
    /// How long after its end an occurrence can still go on.
    fn quiet(&self) -> Duration {
        self.settle.max(self.reopen)
    }
}

/// One holding of the condition, worth an exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Occurrence {
    pub start: Instant,
    /// When it had lasted long enough to be told.
    pub raised_at: Instant,
    /// The end of its last episode. `None`: it goes on.
    pub end: Option<Instant>,
    /// `end` and the time in which it could begin again; from here on it is over. `None` with `end`.
    pub over_at: Option<Instant>,
    /// From here on nothing that is known can continue it. Later than `over_at` where something has
    /// begun that may yet turn out to last long enough.
    pub settled_at: Option<Instant>,
    /// The spans that it is made of, in time order and apart.
    pub episodes: Vec<Span>,
}

/// Where an occurrence stands at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum Stage {
    /// It has not lasted long enough yet to be told.
    Pending,
    Open,
    /// It has stopped, and could begin again up to `until`.
    Ending {
        until: Instant,
    },
    Ended,
}

impl Occurrence {
    #[must_use]
    pub fn stage(&self, now: &Now) -> Stage {
        if !now.passed(self.raised_at) {
            return Stage::Pending;
        }
        match (self.end, self.settled_at) {
            (Some(end), Some(until)) if now.passed(end) => {
                if now.passed(until) {
                    Stage::Ended
                } else {
                    Stage::Ending { until }
                }
            }
            _ => Stage::Open,
        }
    }

    /// Whether an act at this instant is about this occurrence.
    fn covers(&self, at: Instant) -> bool {
        self.start <= at && self.over_at.is_none_or(|over| at <= over)
    }

    fn new(span: Span, settings: &Hysteresis) -> Self {
        let over_at = span.end.map(|end| end + settings.quiet());
        Self {
            start: span.start,
            raised_at: span.start + settings.hold_for,
            end: span.end,
            over_at,
            settled_at: over_at,
            episodes: vec![span],
        }
    }

    fn continue_with(&mut self, span: Span, settings: &Hysteresis) {
        self.end = span.end;
        self.over_at = span.end.map(|end| end + settings.quiet());
        self.settled_at = self.over_at;
        self.episodes.push(span);
    }
}

/// Turns spans into occurrences, in time order.
///
/// Gaps under `settle` are joined; then spans under `for` are dropped; then gaps under `reopen`
/// continue the same occurrence. An open span counts once now has passed its start by `for`; before
/// that it is pending: on its own, or as what may continue the occurrence before it.
#[must_use]
pub fn normalise(spans: &[Span], settings: &Hysteresis, now: &Now) -> Vec<Occurrence> {
    let joined = join(spans, settings.settle);
    let last = joined.len().saturating_sub(1);
    let mut occurrences: Vec<Occurrence> = Vec::new();
    for (n, span) in joined.into_iter().enumerate() {
        let held_at = span.start + settings.hold_for;
        let counts = match span.end {
            Some(end) => end >= held_at,
            None => now.passed(held_at),
        };
        let before = occurrences
            .last_mut()
            .filter(|o| o.end.is_some_and(|end| span.start < end + settings.reopen));
        match (before, counts) {
            (Some(before), true) => before.continue_with(span, settings),
            (None, true) => occurrences.push(Occurrence::new(span, settings)),
            // Its end is known, and only the last one can still be joined by something to come.
            (Some(before), false) if n == last => {
                let decided_at = span.end.map_or(held_at, |end| end + settings.settle);
                before.settled_at = before.settled_at.max(Some(decided_at));
            }
            (None, false) if span.end.is_none() => {
                occurrences.push(Occurrence::new(span, settings));
            }
            (_, false) => {}
        }
    }
    occurrences
}

/// Sorts spans and joins those that touch, overlap, or are less than `settle` apart.
fn join(spans: &[Span], settle: Duration) -> Vec<Span> {
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(sorted.len());
    for mut span in sorted {
        // A span that ends before it starts held for no time.
        span.end = span.end.map(|end| end.max(span.start));
        match joined.last_mut() {
            Some(Span { end: None, .. }) => {}
            Some(Span { end: Some(last), .. })
                if span.start <= *last || span.start < *last + settle =>
            {
                let longest = span.end.map(|end| end.max(*last));
                if let Some(previous) = joined.last_mut() {
                    previous.end = longest;
                }
            }
            _ => joined.push(span),
        }
    }
    joined
}

#[cfg(test)]
mod tests;

//! What a clock did from its start on: runs and pauses, so that every working minute has an owner.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::PausedSpan;
use crate::calendar::WorkingTime;
use crate::partner::Role;
use crate::time::{Duration, Instant};

/// A part of a clock's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Segment {
    pub kind: SegmentKind,
    pub start_at: Instant,
    /// `None`: it goes on.
    pub end_at: Option<Instant>,
    /// Its working time; `None` while it goes on.
    pub worked: Option<Duration>,
}

/// What the clock did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    Run,
    Pause {
        #[schemars(with = "String")]
        cause: SmolStr,
        party: Role,
    },
}

/// The segments from the start to the end, without gaps, cut at every reset.
pub(super) fn segments(
    working: &WorkingTime,
    (start_at, end_at): (Instant, Option<Instant>),
    resets: &[Instant],
    paused: &[PausedSpan],
) -> Vec<Segment> {
    let mut whole: Vec<(SegmentKind, Instant, Option<Instant>)> = Vec::new();
    let mut from = start_at;
    for span in paused {
        if from < span.start_at {
            whole.push((SegmentKind::Run, from, Some(span.start_at)));
        }
        let kind = SegmentKind::Pause { cause: span.cause.clone(), party: span.party };
        whole.push((kind, span.start_at, Some(span.end_at)));
        from = span.end_at;
    }
    if end_at.is_none_or(|end| from < end) {
        whole.push((SegmentKind::Run, from, end_at));
    }
    let mut resets = resets.iter().copied().peekable();
    let mut segments = Vec::with_capacity(whole.len());
    for (kind, mut from, to) in whole {
        while let Some(cut) = resets.next_if(|cut| to.is_none_or(|to| *cut < to)) {
            if from < cut {
                segments.push(segment(working, kind.clone(), from, Some(cut)));
                from = cut;
            }
        }
        segments.push(segment(working, kind, from, to));
    }
    segments
}

fn segment(
    working: &WorkingTime,
    kind: SegmentKind,
    start_at: Instant,
    end_at: Option<Instant>,
) -> Segment {
    let worked = end_at.map(|end| working.between(start_at, end));
    Segment { kind, start_at, end_at, worked }
}

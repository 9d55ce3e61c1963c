//! Pauses: spans in which a clock stands still, each on somebody's account.
//!
//! Pauses overlap (waiting on the customer, and customs holds the goods). For stopping the clock the
//! union counts; for the account every minute is charged once, to the cause of declared precedence.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::partner::Role;
use crate::time::{Duration, Instant};

/// How long a pause lasts that nobody ends and for which no maximum is declared.
pub const PAUSE_MAX: Duration = Duration::days(90);

/// A span in which the clock stands still.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Pause {
    /// Why, in the pack's words, such as `customer_decision`.
    #[schemars(with = "String")]
    pub cause: SmolStr,
    /// Whose account it is on.
    pub party: Role,
    pub start_at: Instant,
    /// `None`: nobody has ended it yet.
    pub end_at: Option<Instant>,
    /// The longest that it may last, in elapsed time, ended by somebody or not.
    pub max: Option<Duration>,
}

impl Pause {
    /// When the pause ends at the latest, should nobody end it before.
    #[must_use]
    pub fn until(&self) -> Instant {
        match (self.end_at, self.max) {
            (Some(end), None) => end,
            (Some(end), Some(max)) => end.min(self.start_at + max),
            (None, max) => self.start_at + max.unwrap_or(PAUSE_MAX),
        }
    }
}

/// A part of the paused time that is charged to one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PausedSpan {
    #[schemars(with = "String")]
    pub cause: SmolStr,
    pub party: Role,
    pub start_at: Instant,
    pub end_at: Instant,
}

/// Charges the union of the pauses: spans in time order that do not overlap, neighbours of one cause
/// and party joined.
///
/// `precedence` lists causes, the one that is charged first in front; causes that it does not name come
/// after it, in order of their names. The order of `pauses` does not matter.
#[must_use]
pub fn charged(pauses: &[Pause], precedence: &[SmolStr]) -> Vec<PausedSpan> {
    let rank = |pause: &Pause| {
        precedence.iter().position(|cause| *cause == pause.cause).unwrap_or(precedence.len())
    };
    // (at, opens, rank, cause, party, number): closings sort before openings of the same instant.
    let mut edges: Vec<(Instant, bool, Claim<'_>)> = Vec::with_capacity(pauses.len() * 2);
    for (number, pause) in pauses.iter().enumerate() {
        if pause.until() > pause.start_at {
            let claim = (rank(pause), pause.cause.as_str(), pause.party, number);
            edges.push((pause.start_at, true, claim));
            edges.push((pause.until(), false, claim));
        }
    }
    edges.sort_unstable();
    let mut open: BTreeSet<Claim<'_>> = BTreeSet::new();
    let mut spans: Vec<PausedSpan> = Vec::new();
    let mut since = Instant::MIN;
    for (at, opens, claim) in edges {
        if let Some((_, cause, party, _)) = open.first()
            && since < at
        {
            extend(&mut spans, cause, *party, since, at);
        }
        since = at;
        if opens {
            open.insert(claim)
        } else {
            open.remove(&claim)
        };
    }
    spans
}

/// Who claims a minute: by rank, cause and party, and the pause's number to tell equals apart.
type Claim<'a> = (usize, &'a str, Role, usize);

fn extend(spans: &mut Vec<PausedSpan>, cause: &str, party: Role, from: Instant, to: Instant) {
    match spans.last_mut() {
        Some(last) if last.end_at == from && last.cause == cause && last.party == party => {
            last.end_at = to;
        }
        _ => spans.push(PausedSpan { cause: cause.into(), party, start_at: from, end_at: to }),
    }
}

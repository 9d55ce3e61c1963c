//! How SLA clocks came out: each counted once, in the step that first shows it.
//!
//! What was counted is remembered beside the rows of a hot cluster and is not stored. Of a cluster that
//! was loaded again, only that is counted which this very step brought about: an end by a fact that it
//! recorded, a breach that its timer stood at. A clock that a late fact judges anew is not counted again.

use baton_core::clock::ClockState;
use baton_core::fact::Fact;
use baton_core::id::{FactId, ObjectId};
use baton_core::state::{SlaState, State};
use baton_core::time::Instant;
use smol_str::SmolStr;

use crate::deriving::{Outline, Subject};
use crate::metrics::Metrics;

/// A clock of an object.
pub(crate) type Clock = (ObjectId, SmolStr);

/// The clocks of these subjects that came out, one way or another.
pub(crate) fn ended(subjects: &[Subject]) -> Vec<Clock> {
    let all = subjects.iter().flat_map(|s| s.state.clocks.iter().map(move |clock| (s, clock)));
    all.filter(|(_, clock)| outcome(clock).is_some())
        .map(|(subject, clock)| (subject.state.id, clock.name.clone()))
        .collect()
}

/// How one came out.
#[derive(Debug)]
pub(crate) struct Outcome {
    name: SmolStr,
    word: &'static str,
    breach_at: Option<Instant>,
    facts: Vec<FactId>,
}

/// How the clocks of a state came out that is needed no more.
pub(crate) fn outcomes(state: State) -> Vec<Outcome> {
    let ended = state.clocks.into_iter().filter_map(|clock| {
        let word = outcome(&clock)?;
        let SlaState { name, clock, facts, .. } = clock;
        Some(Outcome { name, word, breach_at: clock.breach_at, facts })
    });
    ended.collect()
}

fn outcome(clock: &SlaState) -> Option<&'static str> {
    match clock.clock.state {
        ClockState::Met { .. } => Some("met"),
        ClockState::Breached { .. } => Some("breached"),
        ClockState::Cancelled { .. } => Some("cancelled"),
        ClockState::Running { .. } | ClockState::Paused { .. } => None,
    }
}

/// What is known of a cluster before this step.
#[derive(Debug)]
pub(crate) enum Before<'a> {
    /// The clocks of it that were counted.
    Counted(&'a [Clock]),
    /// It was loaded again: its facts, when this step is, and what its timer stood at if that woke it.
    Loaded { facts: &'a [Fact], now: Instant, woken_at: Option<Instant> },
}

/// Counts what came out in this step.
pub(crate) fn count(metrics: &Metrics, subjects: &[Outline], before: &Before<'_>) {
    for subject in subjects {
        for Outcome { name, word, breach_at, facts: by } in &subject.outcomes {
            let is_new = match before {
                Before::Counted(told) => {
                    !told.iter().any(|(object, known)| *object == subject.id && known == name)
                }
                Before::Loaded { facts, now, woken_at } => {
                    let breached_at = breach_at.filter(|_| *word == "breached");
                    let by_timer = woken_at.is_some_and(|at| breached_at.is_some_and(|b| b >= at));
                    let recorded = |f: &Fact| f.recorded_at == *now && by.contains(&f.id);
                    by_timer || facts.iter().any(recorded)
                }
            };
            if is_new {
                metrics.clock(word);
            }
        }
    }
}

//! The tenant at a glance, in counts: orders by phase, how many of them are late, and open exceptions
//! by code. What a first page needs, in one call that counts and derives nothing.

use std::collections::BTreeMap;

use baton_core::taxonomy::ExceptionCode;
use baton_core::time::Instant;
use baton_store::{exceptions, orders, quarantine};
use schemars::JsonSchema;
use serde::Serialize;

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;

/// A tenant in counts.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Overview {
    /// By the tenant's clock.
    now: Instant,
    phases: Vec<PhaseCount>,
    /// Open ones, those with the most first.
    exceptions: Vec<CodeCount>,
    /// Parts of messages that could not be read and wait for somebody.
    quarantined: i64,
}

/// Orders in one phase.
#[derive(Debug, Serialize, JsonSchema)]
struct PhaseCount {
    phase: String,
    orders: i64,
    /// Of these, the ones that are late or will be.
    late: i64,
}

/// Open exceptions of one code.
#[derive(Debug, Serialize, JsonSchema)]
struct CodeCount {
    code: ExceptionCode,
    open: i64,
}

pub(super) fn overview(call: &Call) -> Outcome {
    let scope = call.scope()?;
    let (phases, late, mut open, quarantined) = call.store().read(|tx| {
        Ok((
            orders::count_by_state(tx, &scope)?,
            orders::count_late_by_state(tx, &scope)?,
            exceptions::count_open(tx, &scope)?,
            quarantine::count_open(tx, &scope)?,
        ))
    })?;
    let late: BTreeMap<String, i64> = late.into_iter().collect();
    open.sort_by_key(|(code, count)| (std::cmp::Reverse(*count), code.code()));
    Answer::json(Overview {
        now: call.tenant()?.clock.now(),
        phases: phases
            .into_iter()
            .map(|(phase, orders)| {
                let late = late.get(&phase).copied().unwrap_or_default();
                PhaseCount { phase, orders, late }
            })
            .collect(),
        exceptions: open.into_iter().map(|(code, open)| CodeCount { code, open }).collect(),
        quarantined,
    })
}

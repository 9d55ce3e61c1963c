//! What if other packs had been active: the same facts, derived by their rules. Nothing is written, and
//! our own acts are left out on both sides, for they were due by the old rules.

use baton_core::state::State;
use baton_core::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::call::Call;
use super::difference::{Difference, differences};
use super::endpoint::Outcome;
use super::limits::DIFFERENCES_MAX;
use super::orders::row;
use super::packs::source::{PackSource, declared_with};
use super::problem::Problem;
use crate::history::{View, state_of};

/// Other packs, beside those that are active; one of the same name takes the active one's place.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhatIfRequest {
    packs: Vec<PackSource>,
    /// As it would have been known then; else now.
    as_of: Option<Instant>,
}

/// The order under the other packs.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WhatIfAnswer {
    /// Name and version of everything that would be active.
    packs: String,
    state: State,
    differences: Vec<Difference>,
    /// Whether there are more differences than are listed.
    more: bool,
}

pub(super) fn what_if(call: &Call) -> Outcome {
    let request: WhatIfRequest = call.json()?;
    let id = row(call)?.id;
    let tenant = call.tenant()?;
    let other = declared_with(call, request.packs)?;
    let now = tenant.clock.now();
    let steps = &call.api.engine.settings().steps;
    let derive = |what_if| {
        let at = request.as_of.is_none().then_some(now);
        let view = View { as_of: request.as_of, at, what_if, without_acts: true };
        state_of(call.store(), tenant, steps, id, view)
    };
    let (before, state) = (derive(None)?, derive(Some(&other.book))?);
    let json = |state: &State| serde_json::to_value(state).map_err(Problem::internal);
    let differences = differences(&json(&before)?, &json(&state)?);
    let more = differences.len() >= DIFFERENCES_MAX;
    Answer::json(WhatIfAnswer { packs: other.version, state, differences, more })
}

//! The timeline of an order: every fact that it reaches, in time, with who said it and where.

use baton_core::fact::{Fact, distinct};
use baton_core::id::FactId;
use baton_store::StoreError;
use baton_store::clusters::ClusterNo;
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::orders::row;
use super::page::{self, Page};
use super::problem::Problem;
use super::shown_fact::{ShownFact, is_for_partners};
use crate::history::reach;

/// Which part of the timeline.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TimelineQuery {
    /// What was known at this instant; else what is known now.
    #[schemars(with = "Option<baton_core::time::Instant>")]
    as_of: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

pub(super) fn timeline(call: &Call) -> Outcome {
    let query: TimelineQuery = call.query()?;
    let limit = page::limit(query.limit)?;
    let after: Option<FactId> = page::cursor(query.cursor.as_deref(), |text| text.parse().ok())?;
    let as_of = page::value("as_of", query.as_of.as_deref())?;
    let mut facts = facts(call, row(call)?.cluster, as_of)?;
    if call.is_partner() {
        facts.retain(|fact| is_for_partners(&fact.body));
    }
    if let Some(after) = after {
        let at = facts.iter().position(|fact| fact.id == after).ok_or_else(|| {
            Problem::new(ErrorCode::CursorWrong, "pass on `next_cursor` as it was given")
        })?;
        facts.drain(..=at);
    }
    let tenant = call.tenant()?;
    let show = |fact| ShownFact::of(tenant, fact);
    Answer::json(Page::cut(facts, limit, |fact| fact.id.to_string(), show))
}

/// The facts that a cluster reaches, each once, in time.
pub(super) fn facts(
    call: &Call,
    cluster: ClusterNo,
    as_of: Option<baton_core::time::Instant>,
) -> Result<Vec<Fact>, Problem> {
    let tenant = call.tenant()?;
    let steps = &call.api.engine.settings().steps;
    let found: Result<_, StoreError> =
        call.store().read(|tx| reach(tx, tenant, steps, cluster, as_of));
    let reach = found?;
    let mut all = reach.home;
    all.extend(reach.below);
    Ok(distinct(all))
}

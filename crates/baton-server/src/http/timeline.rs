//! The timeline of an order: every fact that it reaches, in time, with who said it and where.

use std::collections::BTreeSet;

use baton_core::fact::{Body, Fact, distinct};
use baton_core::id::{FactId, ObjectId};
use baton_core::identifier::Identifier;
use baton_core::state::State;
use baton_core::time::Instant;
use baton_store::StoreError;
use baton_store::orders::{self, OrderRow};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::order_row::is_party;
use super::orders::row;
use super::page::{self, Page};
use super::problem::Problem;
use super::shown_fact::{ShownFact, is_for_partners};
use crate::history::{View, reach, state_of};

/// Which part of the timeline.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TimelineQuery {
    /// What was known at this instant; else what is known now.
    #[schemars(with = "Option<Instant>")]
    as_of: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

pub(super) fn timeline(call: &Call) -> Outcome {
    let query: TimelineQuery = call.query()?;
    let limit = page::limit(query.limit)?;
    let after: Option<FactId> = page::cursor(query.cursor.as_deref(), |text| text.parse().ok())?;
    let as_of = page::value("as_of", query.as_of.as_deref())?;
    let order = row(call)?;
    let mut facts = shown_to(call, &order, facts(call, &order, as_of)?)?;
    if let Some(after) = after {
        let found = facts.iter().position(|fact| fact.id == after);
        let at = found.ok_or_else(Problem::cursor)?;
        facts.drain(..=at);
    }
    let tenant = call.tenant()?;
    let show = |fact| ShownFact::of(tenant, fact);
    Answer::json(Page::cut(facts, limit, |fact| fact.id.to_string(), show))
}

/// The facts that an order reaches, each once, in time.
pub(super) fn facts(
    call: &Call,
    order: &OrderRow,
    as_of: Option<Instant>,
) -> Result<Vec<Fact>, Problem> {
    let tenant = call.tenant()?;
    let steps = &call.api.engine.settings().steps;
    let cluster = order.cluster;
    let found: Result<_, StoreError> = call.store().read(|tx| {
        let orders = orders::by_clusters(tx, &tenant.scope, &[cluster])?.len();
        Ok((orders, reach(tx, tenant, steps, cluster, as_of)?))
    });
    let (orders, reach) = found?;
    let mut all = reach.home;
    all.extend(reach.below);
    let mut facts = distinct(all);
    if orders > 1 {
        // A clash keeps several orders in one cluster: what is said of the others is not of this one.
        let own = names(present_state(call, order.id)?);
        facts.retain(|fact| {
            let other = match &fact.body {
                Body::Same { other, .. } | Body::Apart { other } => Some(other),
                _ => None,
            };
            own.contains(&fact.about.object) || other.is_some_and(|other| own.contains(other))
        });
    }
    Ok(facts)
}

/// Of an order's facts those that the caller may see. A partner is not told what else is in a parcel
/// that its order shares: that is who its order shares with.
pub(super) fn shown_to(
    call: &Call,
    order: &OrderRow,
    mut facts: Vec<Fact>,
) -> Result<Vec<Fact>, Problem> {
    let Some(partner) = call.principal.partner() else { return Ok(facts) };
    let state = present_state(call, order.id)?;
    let words: BTreeSet<FactId> = (state.handoffs.iter())
        .filter(|handoff| is_party(handoff, partner))
        .flat_map(|handoff| handoff.words.iter().map(|word| word.fact))
        .collect();
    let (own, sight) = (names(state), call.sight());
    facts.retain(|fact| match &fact.body {
        Body::Within { parent, .. } => own.contains(parent),
        // What is said of a hand-off is between those whose it is.
        Body::Judged { .. } => words.contains(&fact.id),
        body => is_for_partners(body, sight),
    });
    Ok(facts)
}

fn present_state(call: &Call, id: ObjectId) -> Result<State, Problem> {
    let steps = &call.api.engine.settings().steps;
    Ok(state_of(call.store(), call.tenant()?, steps, id, View::default())?)
}

/// Every name of an order and of the objects that it reaches.
fn names(state: State) -> BTreeSet<Identifier> {
    let below = state.objects.into_iter().flat_map(|object| object.identifiers);
    state.identifiers.into_iter().chain(below).collect()
}

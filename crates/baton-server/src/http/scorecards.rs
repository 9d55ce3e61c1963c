//! Scorecards: how the orders that were promised for a span of time came out, as a whole and for each
//! partner. A partner's key sees its own card alone, over the orders in which it takes part.

use baton_core::scorecard::Card;
use baton_core::time::{Duration, Instant};
use baton_core::wording::Wording;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::{SCORED_ORDERS_MAX, SCORED_SPAN_DEFAULT, SCORED_SPAN_MAX};
use super::order_row::for_partner;
use super::page;
use super::problem::Problem;
use crate::scoring::{Cohort, Scored, score};

/// Which orders.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScorecardsQuery {
    /// Promised at or after; else four weeks before the end.
    #[schemars(with = "Option<Instant>")]
    from: Option<String>,
    /// Promised before; else until now by the tenant's clock. At most a year after the beginning.
    #[schemars(with = "Option<Instant>")]
    until: Option<String>,
    /// This partner's card alone.
    partner: Option<String>,
}

/// How the orders of a span came out.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ScorecardsAnswer {
    from: Instant,
    /// The end of what was looked at: earlier than was asked for where there were too many orders.
    until: Instant,
    /// Whether there were more orders than one call looks at.
    cut: bool,
    /// Orders that were looked at.
    orders: usize,
    /// All of them as a whole; not for a partner's key.
    whole: Option<Card>,
    /// By the partner's key.
    partners: Vec<Card>,
}

pub(super) fn show(call: &Call) -> Outcome {
    let query: ScorecardsQuery = call.query()?;
    let tenant = call.tenant()?;
    let until: Option<Instant> = page::value("until", query.until.as_deref())?;
    let until = until.unwrap_or_else(|| tenant.clock.now());
    let from: Option<Instant> = page::value("from", query.from.as_deref())?;
    let from = from.unwrap_or(until - SCORED_SPAN_DEFAULT);
    if until <= from || until > from + SCORED_SPAN_MAX {
        let days = SCORED_SPAN_MAX.whole_minutes() / Duration::days(1).whole_minutes();
        let why = format!(
            "from, until: expected a span of at most {days} days, its end after its beginning"
        );
        let wording = Wording::new("span_days").with("most", days);
        return Err(Problem::of(ErrorCode::QueryWrong, why).said(wording));
    }
    let (own, sight) = (call.principal.partner(), call.sight());
    let scope = call.scope()?;
    let cut = |order: &mut baton_core::state::State| {
        if let Some(partner) = own {
            for_partner(order, partner, sight);
        }
    };
    let cohort = Cohort { scope: &scope, from, until, orders_max: SCORED_ORDERS_MAX, cut };
    let steps = &call.api.engine.settings().steps;
    let Scored { scoring, orders, cut_at } = score(call.store(), tenant, steps, &cohort)?;
    let wanted = own.map(baton_core::partner::PartnerKey::as_str).or(query.partner.as_deref());
    let is_wanted = |card: &Card| wanted.is_none_or(|key| card.partner.as_deref() == Some(key));
    Answer::json(ScorecardsAnswer {
        from,
        until: cut_at.unwrap_or(until),
        cut: cut_at.is_some(),
        orders,
        whole: own.is_none().then(|| scoring.whole()),
        partners: scoring.partners().filter(is_wanted).collect(),
    })
}

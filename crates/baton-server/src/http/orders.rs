//! Orders: the list, and each as a whole, now or as it was known at an earlier instant.

use axum::http::header::CONTENT_LOCATION;
use baton_core::id::ObjectId;
use baton_core::identifier::ObjectKind;
use baton_core::state::{Phase, State};
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::StoreError;
use baton_store::orders::{self, Cursor, Filter, OrderRow, Sort};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::call::Call;
use super::customers;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::exceptions::code;
use super::order_row::{OrderItem, for_partner};
use super::page::{self, Page};
use super::problem::Problem;
use crate::history::{View, state_of};

/// Which orders, in which order.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrdersQuery {
    /// One phase, or several with commas between.
    phase: Option<String>,
    /// Orders in which this partner plays a part.
    partner: Option<String>,
    /// Orders that this partner holds.
    holder: Option<String>,
    /// `true`: only those that are, or will be, late.
    #[serde(default)]
    late: bool,
    /// `true`: only those with an open exception.
    #[serde(default)]
    troubled: bool,
    /// `true`: only those of the customers that the caller looks after (`/v1/my-customers`).
    #[serde(default)]
    my_customers: bool,
    /// Only those with an open exception of this code, of their own or of what they reach.
    exception: Option<String>,
    /// Promised at or after.
    #[schemars(with = "Option<Instant>")]
    promised_from: Option<String>,
    /// Promised before.
    #[schemars(with = "Option<Instant>")]
    promised_to: Option<String>,
    /// The beginning of a number of the order or of what it reaches, or of words of the customer's name.
    q: Option<String>,
    /// A number of the order, or of what it reaches, as a whole.
    identifier: Option<String>,
    #[serde(default)]
    sort: SortWord,
    cursor: Option<String>,
    limit: Option<usize>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum SortWord {
    /// The latest change first.
    #[default]
    Updated,
    /// The earliest promise first.
    Promised,
    /// The latest order first.
    Late,
}

/// A page of orders.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OrdersPage {
    /// Whether more numbers, or names of customers, begin with `q` than are looked at, which is 5,000 of each:
    /// orders may be missing, and a longer `q` finds them.
    cut: bool,
    #[serde(flatten)]
    page: Page<OrderItem>,
}

/// When it is asked for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderQuery {
    /// What was known at this instant; else what is known now.
    #[schemars(with = "Option<Instant>")]
    as_of: Option<String>,
}

pub(super) fn list(call: &Call) -> Outcome {
    let query: OrdersQuery = call.query()?;
    let limit = page::limit(query.limit)?;
    let after = page::cursor(query.cursor.as_deref(), |text| text.parse::<Cursor>().ok())?;
    let sort = match query.sort {
        SortWord::Updated => Sort::Updated,
        SortWord::Promised => Sort::Promised,
        SortWord::Late => Sort::Late,
    };
    let mine = query.my_customers;
    let mut filter = filter(query)?;
    let scope = call.scope()?;
    let found = call.store().read(|tx| {
        filter.customers = customers::narrowed(call, &scope, tx, mine)?;
        orders::list(tx, &scope, &filter, sort, after, limit)
    })?;
    Answer::json(OrdersPage {
        cut: found.cut,
        page: Page {
            items: found.items.into_iter().map(OrderItem::of).collect(),
            next_cursor: found.next.map(|cursor| cursor.to_string()),
        },
    })
}

fn filter(query: OrdersQuery) -> Result<Filter, Problem> {
    let phases = query.phase.as_deref().unwrap_or_default();
    let states: Vec<String> =
        phases.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    if let Some(wrong) = states.iter().find(|s| Phase::ALL.iter().all(|p| p.name() != *s)) {
        let known: Vec<&str> = Phase::ALL.iter().map(|phase| phase.name()).collect();
        return Err(Problem::none_of(ErrorCode::QueryWrong, "phase", wrong, &known));
    }
    Ok(Filter {
        states,
        partner: query.partner.map(Into::into),
        holder: query.holder.map(Into::into),
        late: query.late,
        troubled: query.troubled,
        exception: query.exception.as_deref().map(code).transpose()?.map(|c| c.code().to_owned()),
        promised_from: page::value("promised_from", query.promised_from.as_deref())?,
        promised_until: page::value("promised_to", query.promised_to.as_deref())?,
        text: query.q,
        identifier: query.identifier,
        customers: None,
    })
}

pub(super) fn show(call: &Call) -> Outcome {
    let query: OrderQuery = call.query()?;
    let row = row(call)?;
    let mut state = state(call, row.id, &query)?;
    if let Some(partner) = call.principal.partner() {
        for_partner(&mut state, partner, call.sight());
    }
    let at = format!("/v1/orders/{}", state.id);
    // An order that was joined to another answers to its old id as well.
    Ok(Answer::json(&state)?.with_header(CONTENT_LOCATION, &at))
}

/// The row of the order that the address names, where the caller's scope reaches it.
pub(super) fn row(call: &Call) -> Result<OrderRow, Problem> {
    let scope = call.scope()?;
    let id = order_id(call.parameter("id"))?;
    let whole = &call.tenant()?.scope;
    Ok(call.store().read(|tx| {
        let found = orders::get(tx, &scope, id)?;
        // Beside an order that a clash keeps apart, a partner's own answers to its id no more than to
        // one that never was.
        if found.id != id && scope != *whole && orders::get(tx, whole, id)?.id == id {
            return Err(StoreError::NotFound { what: "order", key: id.to_string() });
        }
        Ok(found)
    })?)
}

fn order_id(text: &str) -> Result<ObjectId, Problem> {
    let id: Option<ObjectId> = text.parse().ok();
    let wrong = || {
        let why = format!(
            "`{text}` is not the id of an order (`ord_…`); `GET /v1/orders?identifier=…` finds one by any number that it has"
        );
        let wording = Wording::new("not_found").with("what", "order").with("key", text);
        Problem::of(ErrorCode::NotFound, why).said(wording)
    };
    id.filter(|id| id.kind == ObjectKind::Order).ok_or_else(wrong)
}

fn state(call: &Call, id: ObjectId, query: &OrderQuery) -> Result<State, Problem> {
    let as_of = page::value("as_of", query.as_of.as_deref())?;
    let view = View { as_of, ..View::default() };
    let steps = &call.api.engine.settings().steps;
    let found = state_of(call.store(), call.tenant()?, steps, id, view);
    found.map_err(|error| match error {
        StoreError::NotFound { .. } => match as_of {
            None => Problem::not_found("order", id),
            Some(at) => {
                let at: Instant = at;
                let why = format!("the order `{id}` was not known at {at}");
                let wording = Wording::new("order_unknown_at").with("key", id).with("at", at);
                Problem::of(ErrorCode::NotFound, why).said(wording)
            }
        },
        other => other.into(),
    })
}

/// The present state of an order that the caller may see, whole.
pub(super) fn present(call: &Call) -> Result<State, Problem> {
    let row = row(call)?;
    state(call, row.id, &OrderQuery::default())
}

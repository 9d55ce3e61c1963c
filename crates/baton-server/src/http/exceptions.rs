//! Exceptions: what was announced, and what each rests on.

use baton_core::id::{ExceptionId, ObjectId};
use baton_core::partner::{PartnerKey, Role};
use baton_core::rank::{Rank, Stake};
use baton_core::state::ExceptionState;
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::Sight;
use baton_store::exceptions::{self, Cursor, ExceptionRow, Filter, Place};
use baton_store::orders::{self, OrderRow};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::affected;
use super::answer::Answer;
use super::call::Call;
use super::customers;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::order_row::{OrderItem, cut_exception, quotes_values};
use super::page::{self, Page};
use super::problem::Problem;
use crate::history::{View, state_of};
use crate::tenant::Tenant;

/// Words for the life of an exception, as rows have them.
const OPEN: &str = "open";
const STATES: [&str; 5] = [OPEN, "cleared", "waived", "disproved", "not_provable"];

/// Which exceptions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExceptionsQuery {
    /// A code of the taxonomy, such as `E-TRN-05`.
    code: Option<String>,
    /// At least so severe, 1 (notice) to 4 (critical).
    severity_min: Option<i64>,
    /// `open`, `cleared`, `waived`, `disproved` or `not_provable`.
    state: Option<String>,
    /// Only those that this partner is liable for.
    partner: Option<String>,
    /// `true`: only those about money.
    #[serde(default)]
    money: bool,
    /// `true`: only those of orders of the customers that the caller looks after (`/v1/my-customers`), and of
    /// what these orders reach.
    #[serde(default)]
    my_customers: bool,
    /// Only those of this order, and of the shipments, invoices and jobs that it reaches.
    order: Option<String>,
    /// By `rank` only what is open is listed.
    #[serde(default)]
    sort: SortWord,
    cursor: Option<String>,
    limit: Option<usize>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum SortWord {
    /// The latest opened first.
    #[default]
    Opened,
    /// What matters most first: by severity, the money at stake, and how near the promise is.
    Rank,
}

/// An exception in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ExceptionItem {
    id: ExceptionId,
    code: ExceptionCode,
    /// The code's name, such as `transport.tracking_silent`.
    name: &'static str,
    /// The object that it is about.
    object: ObjectId,
    /// 1 (notice) to 4 (critical).
    severity: i64,
    state: String,
    opened_at: Instant,
    closed_at: Option<Instant>,
    /// The role whose fault it is, and the partner that plays it.
    liable: Option<Role>,
    #[schemars(with = "Option<String>")]
    partner: Option<PartnerKey>,
    /// What is wrong, in a person's words.
    summary: String,
    /// The same as a sentence's name and values, for words in other languages; null where there is
    /// nothing but the text.
    wording: Option<Wording>,
    /// Who looks after it: a source `person:…`; and since when.
    taken_by: Option<String>,
    taken_at: Option<Instant>,
    /// The promise or milestone that was not met.
    expectation: String,
    /// Which of them first, with its arithmetic; null of what is not open any more.
    rank: Option<Rank>,
    /// The orders that it touches, up to five of them; none for a source.
    orders: Vec<OrderItem>,
    /// How many orders it touches.
    orders_count: usize,
}

/// An exception with what it rests on.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ExceptionDetail {
    #[serde(flatten)]
    item: ExceptionItem,
    /// As the present derivation has it: facts, acts, money at stake.
    derived: Option<ExceptionState>,
}

impl ExceptionItem {
    fn of(
        row: ExceptionRow,
        touched: (Vec<OrderRow>, usize),
        (sight, now): (Sight, Instant),
    ) -> Self {
        let (orders, orders_count) = touched;
        let money = if sight.prices { row.stake.money } else { 0 };
        let stake = Stake { money, ..row.stake };
        Self {
            rank: row.closed_at.is_none().then(|| Rank::of(row.severity, stake, now)),
            orders: orders.into_iter().map(OrderItem::of).collect(),
            orders_count,
            id: row.id,
            code: row.code,
            name: row.code.entry().name,
            object: row.object,
            severity: row.severity,
            state: row.state,
            opened_at: row.opened_at,
            closed_at: row.closed_at,
            liable: row.liable,
            partner: row.partner,
            summary: if quotes_values(sight, row.code) {
                row.code.entry().name.to_owned()
            } else {
                row.summary
            },
            wording: serde_json::from_str(&row.wording)
                .ok()
                .filter(|_| !quotes_values(sight, row.code)),
            taken_by: row.taken.as_ref().map(|(by, _)| by.clone()),
            taken_at: row.taken.map(|(_, at)| at),
            expectation: row.expectation,
        }
    }
}

pub(super) fn list(call: &Call) -> Outcome {
    let query: ExceptionsQuery = call.query()?;
    let limit = page::limit(query.limit)?;
    let cursor = query.cursor.as_deref();
    let scope = call.scope()?;
    let code = query.code.as_deref().map(code).transpose()?;
    if let Some(wrong) = query.state.as_deref().filter(|state| !STATES.contains(state)) {
        return Err(Problem::none_of(ErrorCode::QueryWrong, "state", wrong, &STATES));
    }
    let by_rank = query.sort == SortWord::Rank;
    if by_rank && query.state.as_deref().is_some_and(|state| state != OPEN) {
        let why = "sort: only what is open has a rank; leave out `state`, or ask for `open`";
        let wording = Wording::new("rank_of_open");
        return Err(Problem::of(ErrorCode::QueryWrong, why).said(wording));
    }
    let order: Option<ObjectId> = page::value("order", query.order.as_deref())?;
    let Tenant { scope: whole, clock, .. } = &**call.tenant()?;
    let now = clock.now();
    let (after, place) = if by_rank {
        (None, page::cursor(cursor, |text| text.parse::<Place>().ok())?)
    } else {
        (page::cursor(cursor, read_cursor)?, None)
    };
    let (rows, touched, next) = call.store().read(|tx| {
        let order = order.map(|id| orders::get(tx, &scope, id)).transpose()?;
        let filter = Filter {
            open: query.state.as_deref() == Some(OPEN),
            state: query.state.clone(),
            code,
            severity_min: query.severity_min,
            partner: query.partner.clone().map(Into::into),
            money: query.money,
            order: order.map(|order| (order.cluster, order.id)),
            customers: customers::narrowed(call, &scope, tx, query.my_customers)?,
        };
        let (rows, next) = if by_rank {
            let found = exceptions::ranked(tx, &scope, &filter, now, place, limit)?;
            let rows = found.items.into_iter().map(|(row, _)| row).collect();
            (rows, found.next.map(|place| place.to_string()))
        } else {
            let (rows, next) = exceptions::list(tx, &scope, &filter, after, limit)?;
            (rows, next.map(|c| format!("{}.{}", c.opened_at.micros(), c.id)))
        };
        let touched = affected::orders_of(tx, &scope, whole, &rows)?;
        Ok((rows, touched, next))
    })?;
    let seen = (call.sight(), place.map_or(now, Place::now));
    let rows = rows.into_iter().zip(touched);
    Answer::json(Page {
        items: rows.map(|(row, touched)| ExceptionItem::of(row, touched, seen)).collect(),
        next_cursor: next,
    })
}

/// Reads a code of the taxonomy out of a query.
pub(super) fn code(text: &str) -> Result<ExceptionCode, Problem> {
    ExceptionCode::find(text).ok_or_else(|| {
        let why = format!("code: `{text}` is no code of the taxonomy, such as E-TRN-05");
        let wording = Wording::new("value_wrong").with("field", "code").with("found", text);
        Problem::of(ErrorCode::QueryWrong, why).said(wording)
    })
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let (at, id) = text.split_once('.')?;
    Some(Cursor { opened_at: Instant::from_micros(at.parse().ok()?), id: id.parse().ok()? })
}

pub(super) fn show(call: &Call) -> Outcome {
    let text = call.parameter("id");
    let none = || Problem::not_found("exception", text);
    let id: ExceptionId = text.parse().map_err(|_| none())?;
    let scope = call.scope()?;
    let Tenant { scope: whole, clock, .. } = &**call.tenant()?;
    let seen = (call.sight(), clock.now());
    let (row, touched) = call.store().read(|tx| {
        let row = exceptions::get(tx, &scope, id)?;
        let touched = affected::orders_of(tx, &scope, whole, std::slice::from_ref(&row))?;
        Ok((row, touched.into_iter().next().unwrap_or_default()))
    })?;
    let steps = &call.api.engine.settings().steps;
    let state = state_of(call.store(), call.tenant()?, steps, row.object, View::default())?;
    let mut derived = state.exceptions.into_iter().find(|exception| exception.id == id);
    if let Some(exception) = &mut derived {
        cut_exception(exception, call.sight());
    }
    Answer::json(ExceptionDetail { item: ExceptionItem::of(row, touched, seen), derived })
}

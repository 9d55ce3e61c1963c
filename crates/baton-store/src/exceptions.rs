//! Exceptions as lists show them. What holds is derived; these rows are what was announced.

mod ranked;

use std::collections::HashMap;

use baton_core::id::{ExceptionId, ObjectId};
use baton_core::partner::{PartnerKey, Role};
use baton_core::rank::Stake;
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::Instant;

pub use self::ranked::{NotAPlace, Place, Ranked, ranked};
use crate::clusters::ClusterNo;
use crate::customers::{self, Named};
use crate::error::{Result, StoreError};
use crate::parts::Assembly;
use crate::scope::Scope;
use crate::sql::{Row, params, sql, sql_pair};
use crate::tx::Tx;
use crate::words;

/// How many exceptions a page may hold.
pub const PAGE_MAX: usize = 1_000;
/// What is not closed, and the whole life of an exception.
const OPEN: &str = "open";
const STATES: [&str; 5] = [OPEN, "cleared", "waived", "disproved", "not_provable"];
/// Stands for no promise in the table, so that it is last.
const NOT_DUE: i64 = i64::MAX;
/// So many open exceptions of one code are few.
const FEW_MAX: i64 = 2_000;
/// So many orders of one partner are few.
const FEW_ORDERS_MAX: i64 = 5_000;
/// So many orders of somebody's customers are looked at for exceptions.
const CUSTOMERS_ORDERS_MAX: i64 = 20_000;
const PARTS: &str = include_str!("../sql/exceptions/list.parts.sql");

/// An exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionRow {
    pub id: ExceptionId,
    pub cluster: ClusterNo,
    /// The object that it is about.
    pub object: ObjectId,
    pub code: ExceptionCode,
    /// 1 (notice) to 4 (critical).
    pub severity: i64,
    /// `open`, `cleared`, `waived`, `disproved` or `not_provable`; all but the first are closed.
    pub state: String,
    pub opened_at: Instant,
    pub closed_at: Option<Instant>,
    /// The role whose fault it is.
    pub liable: Option<Role>,
    /// The partner that plays it.
    pub partner: Option<PartnerKey>,
    /// One sentence for a person.
    pub summary: String,
    /// The promise or milestone that was not met, as its identity names it.
    pub expectation: String,
    /// The summary as a sentence's name and values: a JSON object, or nothing.
    pub wording: String,
    /// Who looks after it, and since when.
    pub taken: Option<(String, Instant)>,
    /// What it puts at stake, which its rank is made of. While it is open; nothing after.
    pub stake: Stake,
}

impl ExceptionRow {
    /// Whether lists show the other one alike: all of it but what it puts at stake.
    #[must_use]
    pub fn shows_as(&self, other: &Self) -> bool {
        let Self { id, cluster, object, code, severity, state, opened_at, closed_at, .. } = self;
        let Self { liable, partner, summary, expectation, wording, taken, stake: _, .. } = self;
        (id, cluster, object, code, severity, state)
            == (
                &other.id,
                &other.cluster,
                &other.object,
                &other.code,
                &other.severity,
                &other.state,
            )
            && (opened_at, closed_at, liable) == (&other.opened_at, &other.closed_at, &other.liable)
            && (partner, summary) == (&other.partner, &other.summary)
            && (expectation, wording, taken) == (&other.expectation, &other.wording, &other.taken)
    }
}

/// Which exceptions; every part that is given narrows the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only those that are not closed.
    pub open: bool,
    /// Only those in this state, one word as in [`ExceptionRow::state`].
    pub state: Option<String>,
    pub code: Option<ExceptionCode>,
    /// At least so severe.
    pub severity_min: Option<i64>,
    /// Only those that this partner is liable for.
    pub partner: Option<PartnerKey>,
    /// Only those about money.
    pub money: bool,
    /// Only those of this order, and of the shipments, invoices and jobs below it.
    pub order: Option<(ClusterNo, ObjectId)>,
    /// Only those of orders of these customers, by their names, and of what these orders reach; none for a
    /// scope without sight of names.
    pub customers: Option<Vec<String>>,
}

impl Filter {
    fn state(&self) -> Option<&str> {
        self.open.then_some(OPEN).or(self.state.as_deref())
    }
    /// Whether it asks for customers of which there are none, or none that the scope has sight of.
    fn is_of_nobody(&self, scope: &Scope) -> bool {
        self.customers.as_ref().is_some_and(|names| names.is_empty() || !scope.sight().names)
    }
    fn customers(&self) -> Vec<Named> {
        self.customers.iter().flatten().map(|name| Named::of(name)).collect()
    }
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub opened_at: Instant,
    pub id: ExceptionId,
}

/// Makes `rows` stand where `before` does: writes those that changed, deletes those that are gone.
/// Returns how many rows were written.
///
/// # Errors
/// What the engine does.
pub fn write<'a>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: impl IntoIterator<Item = &'a ExceptionRow>,
    rows: impl IntoIterator<Item = &'a ExceptionRow>,
) -> Result<usize> {
    let tenant = scope.whole("writing exceptions")?;
    let mut before: HashMap<ExceptionId, &ExceptionRow> =
        before.into_iter().map(|row| (row.id, row)).collect();
    let changed: Vec<_> = rows
        .into_iter()
        .filter(|row| before.remove(&row.id) != Some(*row))
        .map(|row| (row, row.id.to_string(), row.object.to_string()))
        .collect();
    tx.bulk(
        sql_pair!("exceptions/upsert"),
        changed.iter().map(|(row, id, object)| {
            params![
                tenant,
                id,
                row.cluster.0,
                object,
                row.code.code(),
                row.severity,
                &row.state,
                row.opened_at,
                row.closed_at,
                row.liable.map(Role::name),
                row.partner.as_deref(),
                &row.summary,
                &row.expectation,
                &row.wording,
                row.taken.as_ref().map(|(by, _)| by),
                row.taken.as_ref().map(|(_, at)| *at),
                row.stake.money,
                row.stake.due_at.map_or(NOT_DUE, Instant::micros),
            ]
        }),
    )?;
    let gone: Vec<String> = before.keys().map(ToString::to_string).collect();
    tx.bulk(sql_pair!("exceptions/delete"), gone.iter().map(|id| params![tenant, id]))?;
    Ok(changed.len())
}

/// The exceptions of these clusters, in the order in which they opened.
///
/// # Errors
/// [`StoreError::Corrupt`] where one cannot be read.
pub fn by_clusters(
    tx: &mut Tx<'_>,
    scope: &Scope,
    clusters: &[ClusterNo],
) -> Result<Vec<ExceptionRow>> {
    let tenant = scope.whole("exceptions")?;
    let mut found = Vec::new();
    let wanted = clusters.iter().map(|cluster| params![tenant, cluster.0]);
    tx.bulk_query(sql_pair!("exceptions/by_clusters"), wanted, |row| {
        found.push(read(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// One exception.
///
/// # Errors
/// [`StoreError::NotFound`], also where the scope does not reach it.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, id: ExceptionId) -> Result<ExceptionRow> {
    let tenant = scope.within("exceptions")?;
    let id = id.to_string();
    let mut query = begin(scope, tenant);
    query.part("id").value(&id);
    let found = query.rows(tx, read)?.pop();
    found.ok_or_else(|| StoreError::not_found("exception", id.clone()))
}

/// Up to `limit` exceptions after the cursor, the latest opened first. A partner sees those of orders
/// in which it plays a role, and of what these orders reach. The second value is where the next page
/// begins.
///
/// # Errors
/// What the engine does.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &Filter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<(Vec<ExceptionRow>, Option<Cursor>)> {
    let tenant = scope.within("exceptions")?;
    let limit = limit.clamp(1, PAGE_MAX);
    let after_id = after.map(|cursor| cursor.id.to_string()).unwrap_or_default();
    let order = filter.order.map(|(cluster, id)| (cluster.0, id.to_string()));
    if filter.is_of_nobody(scope) {
        return Ok((Vec::new(), None));
    }
    let customers = filter.customers();
    let wanted = limit as i64 + 1;
    let few = few_of_partner(tx, scope)?.filter(|_| order.is_none());
    let mut query;
    if order.is_some() || few.is_some() || !customers.is_empty() {
        // What one order has, or a few, is sorted: walking all of a state would take longer.
        query = begin(scope, tenant);
        narrow(&mut query, filter);
        if let Some((cluster, id)) = &order {
            query.part("order").value(*cluster).value(id).value(*cluster);
        }
        of_customers(&mut query, &customers, filter.state() == Some(OPEN));
        if let Some(partner) = few {
            query.part("of few").value(partner);
        }
        after.map(|at| query.part("after").value(at.opened_at).value(&after_id));
        query.part("sorted").value(wanted);
    } else {
        // State by state along an index, as far as the page reaches.
        query = Assembly::new(PARTS, tenant);
        let states = STATES.iter().filter(|state| filter.state().is_none_or(|s| s == **state));
        let mut next = "begin state";
        for state in states {
            if next != "begin state" {
                query.part("next state");
            }
            next = "next state";
            query.part("begin state").value(*state);
            within_sight(&mut query, scope);
            narrow(&mut query, filter);
            after.map(|at| query.part("after").value(at.opened_at).value(&after_id));
            query.part("by opening").value(wanted).part("end state");
        }
        if next == "begin state" {
            return Ok((Vec::new(), None));
        }
        query.part("all by opening").value(wanted);
    }
    let mut items = query.rows(tx, read)?;
    let mut next = None;
    if items.len() > limit {
        items.truncate(limit);
        next = items.last().map(|row| Cursor { opened_at: row.opened_at, id: row.id });
    }
    Ok((items, next))
}

/// All that the scope reaches.
fn begin<'a>(scope: &'a Scope, tenant: i64) -> Assembly<'a> {
    let mut query = Assembly::new(PARTS, tenant);
    query.part("head");
    within_sight(&mut query, scope);
    query
}

fn within_sight<'a>(query: &mut Assembly<'a>, scope: &'a Scope) {
    if let Some(partner) = scope.partner_key() {
        query.part("scope").value(partner.as_str()).value(partner.as_str());
    }
    leave_out_unseen(query, scope);
}

/// What is about money is kept back from a scope without sight of prices.
fn leave_out_unseen(query: &mut Assembly<'_>, scope: &Scope) {
    if !scope.sight().prices {
        for code in ExceptionCode::all().filter(|code| code.is_about_money()) {
            query.part("code kept back").value(code.code());
        }
    }
}

/// Only those of these customers' orders, and of what these reach; what is open only of orders that have such.
fn of_customers<'a>(query: &mut Assembly<'a>, customers: &'a [Named], open: bool) {
    if customers.is_empty() {
        return;
    }
    query.part("begin of customers");
    customers::lead(query, customers, open);
    query.part("end of customers").value(CUSTOMERS_ORDERS_MAX);
    query.values(customers::names(customers));
}

/// The partner that the scope is of, if it plays a part in so few orders that it is quicker to begin with
/// them than to look at everybody's exceptions for those that it may see.
fn few_of_partner<'a>(tx: &mut Tx<'_>, scope: &'a Scope) -> Result<Option<&'a str>> {
    let Some(partner) = scope.partner_key() else { return Ok(None) };
    Ok(are_few_of_partner(tx, scope, FEW_ORDERS_MAX)?.then_some(partner.as_str()))
}

/// Whether the partner that the scope is of plays a part in so few orders.
fn are_few_of_partner(tx: &mut Tx<'_>, scope: &Scope, most: i64) -> Result<bool> {
    let values = params![scope.within("exceptions")?, scope.partner_text(), most + 1];
    let counted = tx.row(sql!("exceptions/count_orders_of_partner"), &values, |row| row.int(0))?;
    Ok(counted.is_some_and(|orders| orders <= most))
}

/// Whether a code is kept from the scope.
pub(crate) fn is_unseen(scope: &Scope, code: &str) -> bool {
    !scope.sight().prices && ExceptionCode::find(code).is_some_and(ExceptionCode::is_about_money)
}

fn narrow<'a>(query: &mut Assembly<'a>, filter: &'a Filter) {
    if let Some(state) = filter.state() {
        query.part("state").value(state);
    }
    if let Some(code) = filter.code {
        query.part("code").value(code.code());
    }
    if let Some(severity) = filter.severity_min {
        query.part("severity").value(severity);
    }
    if let Some(partner) = &filter.partner {
        query.part("partner").value(partner.as_str());
    }
    if filter.money {
        for code in ExceptionCode::all().filter(|code| !code.is_about_money()) {
            query.part("code kept back").value(code.code());
        }
    }
}

/// Whether so few exceptions of a code are open that beginning with them is the shorter way.
pub(crate) fn are_few(tx: &mut Tx<'_>, scope: &Scope, code: &str) -> Result<bool> {
    let values = params![scope.within("exceptions")?, code, FEW_MAX + 1];
    let counted = tx.row(sql!("exceptions/count_open_of_code"), &values, |row| row.int(0))?;
    Ok(counted.unwrap_or(0) <= FEW_MAX)
}

/// How many exceptions of each code are open.
///
/// # Errors
/// What the engine does.
pub fn count_open(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(ExceptionCode, i64)>> {
    let tenant = scope.whole("exceptions")?;
    tx.rows(sql!("exceptions/count_open"), &params![tenant], |row| {
        Ok((read_code(row, 0)?, row.int(1)?))
    })
}

/// How many open exceptions opened from an instant until before another.
///
/// # Errors
/// What the engine does.
pub fn count_opened_within(
    tx: &mut Tx<'_>,
    scope: &Scope,
    from: Instant,
    until: Instant,
) -> Result<i64> {
    let tenant = scope.whole("exceptions")?;
    let counted =
        tx.row(sql!("exceptions/count_opened_within"), &params![tenant, from, until], |row| {
            row.int(0)
        })?;
    Ok(counted.unwrap_or(0))
}

fn read_code(row: &Row<'_>, column: usize) -> Result<ExceptionCode> {
    ExceptionCode::find(row.text(column)?)
        .ok_or(StoreError::Corrupt { what: "an exception's code" })
}

fn read(row: &Row<'_>) -> Result<ExceptionRow> {
    Ok(ExceptionRow {
        id: row.parsed(0, "an exception's id")?,
        cluster: ClusterNo(row.int(1)?),
        object: row.parsed(2, "an exception's object")?,
        code: read_code(row, 3)?,
        severity: row.int(4)?,
        state: row.text(5)?.to_owned(),
        opened_at: row.instant(6)?,
        closed_at: row.instant_or_null(7)?,
        liable: row.text_or_null(8)?.map(words::role).transpose()?,
        partner: row.text_or_null(9)?.map(Into::into),
        summary: row.text(10)?.to_owned(),
        expectation: row.text(11)?.to_owned(),
        wording: row.text(12)?.to_owned(),
        taken: row.text_or_null(13)?.map(str::to_owned).zip(row.instant_or_null(14)?),
        stake: Stake { money: row.int(15)?, due_at: due_at(row.int(16)?) },
    })
}

fn due_at(micros: i64) -> Option<Instant> {
    (micros != NOT_DUE).then(|| Instant::from_micros(micros))
}

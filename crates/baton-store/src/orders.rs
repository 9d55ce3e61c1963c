//! The list row of each order: what lists filter, sort and show, and a digest of the derived state.
//! All else of an order is derived on reading.

mod list;
mod search;
mod write;

use std::str::FromStr;

use baton_core::amount::Money;
use baton_core::id::ObjectId;
use baton_core::partner::{PartnerKey, Role};
use baton_core::time::Instant;

pub use self::list::{Cursor, Filter, NotACursor, PAGE_MAX, Page, SEARCHED_MAX, Sort, list};
pub(crate) use self::write::words_of;
pub use self::write::write;
use crate::clusters::ClusterNo;
use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sql::{Param, Row, params, sql, sql_pair};
use crate::tx::Tx;
use crate::words;

/// Stands for an unknown promise in the table, so that it sorts last.
const NO_PROMISE: i64 = i64::MAX;

/// An order as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    pub cluster: ClusterNo,
    /// Tells the orders of one cluster apart while a clash keeps them so; 0 for the usual one.
    pub component: i64,
    pub id: ObjectId,
    /// The number that people know it by.
    pub number: String,
    /// One word, such as `open` or `closed`.
    pub state: String,
    /// The furthest milestone.
    pub progress: Option<String>,
    /// The last physical event's milestone.
    pub position: Option<String>,
    pub customer: Option<String>,
    pub value: Option<Money>,
    pub promised_at: Option<Instant>,
    pub projected_at: Option<Instant>,
    /// How late it is or will be, in minutes; 0 where it is not.
    pub late_minutes: i64,
    /// Who holds the baton.
    pub holder: Option<PartnerKey>,
    /// Who plays a part, sorted.
    pub partners: Vec<(Role, PartnerKey)>,
    pub exceptions_open: i64,
    /// Of the open exceptions, 1 to 4; 0 where there are none.
    pub severity_max: i64,
    pub placed_at: Instant,
    pub updated_at: Instant,
    /// Of the derived state, this row included: rows of an equal digest are not written again.
    pub digest: i64,
}

/// The order that this public id names, or once named.
///
/// # Errors
/// [`StoreError::NotFound`], also where the scope does not reach it.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, id: ObjectId) -> Result<OrderRow> {
    let tenant = scope.within("orders")?;
    let id = id.to_string();
    let mut row = tx
        .row(sql!("orders/get"), &params![tenant, scope.partner_text(), &id], read)?
        .ok_or_else(|| StoreError::not_found("order", id))?;
    mask(scope, &mut row);
    Ok(row)
}

/// The orders of these clusters.
///
/// # Errors
/// What the engine does.
pub fn by_clusters(
    tx: &mut Tx<'_>,
    scope: &Scope,
    clusters: &[ClusterNo],
) -> Result<Vec<OrderRow>> {
    let tenant = scope.within("orders")?;
    let partner = scope.partner_text();
    let mut found = Vec::with_capacity(clusters.len());
    let wanted = clusters.iter().map(|cluster| params![tenant, partner, cluster.0]);
    tx.bulk_query(sql_pair!("orders/by_clusters"), wanted, |row| {
        let mut row = read(row)?;
        mask(scope, &mut row);
        found.push(row);
        Ok(())
    })?;
    Ok(found)
}

/// Cuts out of a row what the scope has no sight of.
fn mask(scope: &Scope, row: &mut OrderRow) {
    let sight = scope.sight();
    row.customer.take_if(|_| !sight.names);
    row.value.take_if(|_| !sight.prices);
}

/// How many orders the tenant has in each state.
///
/// # Errors
/// What the engine does.
pub fn count_by_state(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(String, i64)>> {
    let tenant = scope.within("orders")?;
    let values = params![tenant, scope.partner_text()];
    tx.rows(sql!("orders/count_by_state"), &values, |row| {
        Ok((row.text(0)?.to_owned(), row.int(1)?))
    })
}

/// How many of the tenant's orders are late, or will be, in each state that has such.
///
/// # Errors
/// What the engine does.
pub fn count_late_by_state(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(String, i64)>> {
    let tenant = scope.within("orders")?;
    let values = params![tenant, scope.partner_text()];
    tx.rows(sql!("orders/count_late_by_state"), &values, |row| {
        Ok((row.text(0)?.to_owned(), row.int(1)?))
    })
}

/// Orders of one state whose promise has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueCount {
    pub state: String,
    pub due: i64,
    /// Of these, the ones that are late.
    pub late: i64,
}

/// How many of the tenant's orders were promised for before `now`, in each state that has such.
///
/// # Errors
/// What the engine does.
pub fn count_due_by_state(tx: &mut Tx<'_>, scope: &Scope, now: Instant) -> Result<Vec<DueCount>> {
    let tenant = scope.within("orders")?;
    let values = params![tenant, scope.partner_text(), now];
    tx.rows(sql!("orders/count_due_by_state"), &values, |row| {
        Ok(DueCount { state: row.text(0)?.to_owned(), due: row.int(1)?, late: row.int(2)? })
    })
}

/// A row's values that need to be made, so that parameters can borrow them.
struct Texts {
    id: String,
    amount: Option<String>,
    partners: String,
}

impl Texts {
    fn of(row: &OrderRow) -> Self {
        Self {
            id: row.id.to_string(),
            amount: row.value.as_ref().map(|value| value.amount.to_string()),
            partners: partners_text(&row.partners),
        }
    }
}

/// One `role:partner` a line.
fn partners_text(partners: &[(Role, PartnerKey)]) -> String {
    let mut text = String::new();
    for (role, partner) in partners {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(role.name());
        text.push(':');
        text.push_str(partner);
    }
    text
}

fn read_partners(text: &str) -> Result<Vec<(Role, PartnerKey)>> {
    let mut partners = Vec::new();
    for line in text.lines() {
        let (role, partner) =
            line.split_once(':').ok_or(StoreError::Corrupt { what: "an order's partners" })?;
        partners.push((words::role(role)?, partner.into()));
    }
    Ok(partners)
}

fn promised(row: &OrderRow) -> i64 {
    row.promised_at.map_or(NO_PROMISE, Instant::micros)
}

/// The columns in the order of every statement that writes a whole row.
fn columns<'a>(tenant: i64, row: &'a OrderRow, texts: &'a Texts) -> [Param<'a>; 21] {
    params![
        tenant,
        row.cluster.0,
        row.component,
        &texts.id,
        &row.number,
        &row.state,
        row.progress.as_ref(),
        row.position.as_ref(),
        row.customer.as_ref(),
        texts.amount.as_ref(),
        row.value.as_ref().map(|value| value.currency.as_str()),
        promised(row),
        row.projected_at,
        row.late_minutes,
        row.holder.as_deref(),
        &texts.partners,
        row.exceptions_open,
        row.severity_max,
        row.placed_at,
        row.updated_at,
        row.digest,
    ]
}

fn read(row: &Row<'_>) -> Result<OrderRow> {
    let owned = |column| Ok(row.text_or_null(column)?.map(str::to_owned));
    let value = match (row.text_or_null(8)?, row.text_or_null(9)?) {
        (Some(amount), Some(currency)) => Some(Money {
            amount: FromStr::from_str(amount)
                .map_err(|_| StoreError::Corrupt { what: "an order's value" })?,
            currency: currency.into(),
        }),
        _ => None,
    };
    let promised_at = row.int(10)?;
    Ok(OrderRow {
        cluster: ClusterNo(row.int(0)?),
        component: row.int(1)?,
        id: row.parsed(2, "an order's id")?,
        number: row.text(3)?.to_owned(),
        state: row.text(4)?.to_owned(),
        progress: owned(5)?,
        position: owned(6)?,
        customer: owned(7)?,
        value,
        promised_at: (promised_at != NO_PROMISE).then(|| Instant::from_micros(promised_at)),
        projected_at: row.instant_or_null(11)?,
        late_minutes: row.int(12)?,
        holder: row.text_or_null(13)?.map(Into::into),
        partners: read_partners(row.text(14)?)?,
        exceptions_open: row.int(15)?,
        severity_max: row.int(16)?,
        placed_at: row.instant(17)?,
        updated_at: row.instant(18)?,
        digest: row.int(19)?,
    })
}

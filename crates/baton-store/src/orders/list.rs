//! Lists of orders: filters, four orders of rows, and pages by key.
//!
//! A page begins after a row, not at a count, so that rows which come or go meanwhile neither hide
//! nor repeat another. (A row that moves in the chosen order may be met again further on.)

use std::fmt;
use std::str::FromStr;

use baton_core::partner::PartnerKey;
use baton_core::time::Instant;

use super::{OrderRow, read};
use crate::error::Result;
use crate::exceptions;
use crate::parts::Assembly;
use crate::scope::Scope;
use crate::tx::Tx;

/// How many orders a page may hold.
pub const PAGE_MAX: usize = 1_000;
const PARTS: &str = include_str!("../../sql/orders/list.parts.sql");

/// Which orders; every part that is given narrows the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Any of these states; all where empty.
    pub states: Vec<String>,
    /// Orders in which this partner plays a role.
    pub partner: Option<PartnerKey>,
    /// Orders that this partner holds.
    pub holder: Option<PartnerKey>,
    /// Only those that are, or will be, late.
    pub late: bool,
    /// Only those with an open exception.
    pub troubled: bool,
    /// Only those with an open exception of this code, of their own or of what they reach.
    pub exception: Option<String>,
    /// Promised at or after.
    pub promised_from: Option<Instant>,
    /// Promised before.
    pub promised_until: Option<Instant>,
    /// Orders with an identifier, or a shipment, package or invoice with one, that begins with this,
    /// with or without a `#` before it; or whose customer's name contains it (which a partner's scope does not search).
    pub text: Option<String>,
    /// Orders with this identifier's value, with or without a `#` before it, or a shipment, package or
    /// invoice with it.
    pub identifier: Option<String>,
}

/// The order of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The latest change first.
    #[default]
    Updated,
    /// The earliest promise first; without one last.
    Promised,
    /// The latest order (in minutes of lateness) first.
    Late,
}

/// Where a page ended. As text it is opaque to callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    key: i64,
    cluster: i64,
    component: i64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.key, self.cluster, self.component)
    }
}

/// A text that is no cursor of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a cursor, pass on the `next_cursor` of the page before")]
pub struct NotACursor(String);

impl FromStr for Cursor {
    type Err = NotACursor;
    fn from_str(text: &str) -> std::result::Result<Self, NotACursor> {
        let numbers: Option<Vec<i64>> = text.split('.').map(|part| part.parse().ok()).collect();
        match numbers.as_deref() {
            Some([key, cluster, component]) => {
                Ok(Self { key: *key, cluster: *cluster, component: *component })
            }
            _ => Err(NotACursor(text.to_owned())),
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
}

/// A page of the orders that the scope reaches and the filter lets through.
///
/// # Errors
/// What the engine does.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &Filter,
    sort: Sort,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<OrderRow>> {
    let tenant = scope.within("orders")?;
    let limit = limit.clamp(1, PAGE_MAX);
    let mut query = Assembly::new(PARTS, tenant);
    let mut texts = Patterns::of(filter);
    if scope.partner_key().is_some() {
        // Or a partner could find out customers' names by searching for them.
        texts.contains.clear();
    }
    query.part("head");
    let few = match &filter.exception {
        Some(code) => exceptions::are_few(tx, scope, code)?,
        None => false,
    };
    narrow(&mut query, scope, filter, (&texts, few));
    let (from, order) = match sort {
        Sort::Updated => ("after updated", "by updated"),
        Sort::Promised => ("after promised", "by promised"),
        Sort::Late => ("after late", "by late"),
    };
    if let Some(after) = after {
        query.part(from).value(after.key).value(after.cluster).value(after.component);
    }
    // One more than asked for tells whether there is a next page.
    query.part(order).value(limit as i64 + 1);
    let mut items = query.rows(tx, read)?;
    let mut next = None;
    if items.len() > limit {
        items.truncate(limit);
        next = items.last().map(|row| Cursor {
            key: match sort {
                Sort::Updated => row.updated_at.micros(),
                Sort::Promised => super::promised(row),
                Sort::Late => row.late_minutes,
            },
            cluster: row.cluster.0,
            component: row.component,
        });
    }
    Ok(Page { items, next })
}

fn narrow<'a>(
    query: &mut Assembly<'a>,
    scope: &'a Scope,
    filter: &'a Filter,
    (texts, few): (&'a Patterns, bool),
) {
    for partner in [scope.partner_key(), filter.partner.as_ref()].into_iter().flatten() {
        query.part("partner").value(partner.as_str());
    }
    if !filter.states.is_empty() {
        query.list("states", filter.states.iter().map(String::as_str));
    }
    if let Some(holder) = &filter.holder {
        query.part("holder").value(holder.as_str());
    }
    if filter.late {
        query.part("late");
    }
    if filter.troubled {
        query.part("troubled");
    }
    if let Some(code) = &filter.exception {
        // From the exceptions to their orders, unless there are so many that looking at each order
        // on the way is quicker.
        let part = if few { "exception of few" } else { "exception of many" };
        query.part(part).value(code.as_str());
    }
    if let Some(from) = filter.promised_from {
        query.part("promised from").value(from);
    }
    if let Some(until) = filter.promised_until {
        query.part("promised until").value(until);
    }
    if filter.text.is_some() {
        query.part("text");
        for (from, until) in &texts.ranges {
            query.value(from).value(until);
        }
        query.value(&texts.contains);
    }
    if filter.identifier.is_some() {
        let [said, other] = &texts.identifiers;
        query.part("identifier").value(said).value(other);
    }
}

/// What is searched for, as identifiers and ranges of them, and as a pattern.
#[derive(Default)]
struct Patterns {
    ranges: [(String, String); 2],
    contains: String,
    identifiers: [String; 2],
}

impl Patterns {
    fn of(filter: &Filter) -> Self {
        let text = filter.text.as_deref().unwrap_or_default().trim();
        let literal = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%");
        Self {
            ranges: with_and_without_mark(text).map(|from| {
                let until = format!("{from}{}", char::MAX);
                (from, until)
            }),
            contains: format!("%{}%", literal.replace('_', "\\_")),
            identifiers: with_and_without_mark(filter.identifier.as_deref().unwrap_or_default()),
        }
    }
}

/// A number as it was said, and the other way: shops put `#` before a number that people leave out.
fn with_and_without_mark(number: &str) -> [String; 2] {
    let other = match number.strip_prefix('#') {
        Some(bare) if !bare.is_empty() => bare.to_owned(),
        _ if number.is_empty() => String::new(),
        _ => format!("#{number}"),
    };
    [number.to_owned(), other]
}

//! Lists of orders: filters, three orders of rows, and pages by key.
//!
//! A page begins after a row, not at a count, so that rows which come or go meanwhile neither hide
//! nor repeat another. (A row that moves in the chosen order may be met again further on.)

use std::fmt;
use std::str::FromStr;

use baton_core::partner::PartnerKey;
use baton_core::time::Instant;

use super::search::Patterns;
use super::{NO_PROMISE, OrderRow, mask, promised, read};
use crate::customers::{self, Named};
use crate::error::Result;
use crate::exceptions;
use crate::parts::Assembly;
use crate::scope::Scope;
use crate::sql::{params, sql};
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
    /// with or without a `#` before it; or whose customer's name has words that begin with its words
    /// (which a scope without sight of names does not search).
    pub text: Option<String>,
    /// Orders with this identifier's value, with or without a `#` before it, or a shipment, package or
    /// invoice with it.
    pub identifier: Option<String>,
    /// Orders of these customers, by their names; none for a scope without sight of names.
    pub customers: Option<Vec<String>>,
}

impl Filter {
    /// From when until before when, where that is asked for. What has no promise is never within.
    fn promised_within(&self) -> Option<(Instant, Instant)> {
        if self.promised_from.is_none() && self.promised_until.is_none() {
            return None;
        }
        let never = Instant::from_micros(NO_PROMISE);
        Some((self.promised_from.unwrap_or(Instant::MIN), self.promised_until.unwrap_or(never)))
    }
}

/// The order of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The latest change first.
    #[default]
    Updated,
    /// The earliest promise first; without one last.
    Promised,
    /// The latest order (in minutes of lateness) first; those that are not late follow by promise.
    Late,
}

/// Where a page ended. As text it is opaque to callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    key: i64,
    cluster: i64,
    component: i64,
    /// By lateness: it is among those that are not late.
    on_time: bool,
}

const ON_TIME: &str = ".t";

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on_time = if self.on_time { ON_TIME } else { "" };
        write!(f, "{}.{}.{}{on_time}", self.key, self.cluster, self.component)
    }
}

/// A text that is no cursor of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a cursor, pass on the `next_cursor` of the page before")]
pub struct NotACursor(String);

impl FromStr for Cursor {
    type Err = NotACursor;
    fn from_str(text: &str) -> std::result::Result<Self, NotACursor> {
        let (place, on_time) = match text.strip_suffix(ON_TIME) {
            Some(place) => (place, true),
            None => (text, false),
        };
        let numbers: Option<Vec<i64>> = place.split('.').map(|part| part.parse().ok()).collect();
        match numbers.as_deref() {
            Some([key, cluster, component]) => {
                Ok(Self { key: *key, cluster: *cluster, component: *component, on_time })
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
    /// Whether more begins with the text that is searched for than is looked at: what is listed is right,
    /// and something may be missing.
    pub cut: bool,
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
    let limit = limit.clamp(1, PAGE_MAX);
    if filter.exception.as_deref().is_some_and(|code| exceptions::is_unseen(scope, code)) {
        // Which orders have trouble with money is no more to be found out than what it is.
        return Ok(Page { items: Vec::new(), next: None, cut: false });
    }
    let unnamed = |names: &Vec<String>| names.is_empty() || !scope.sight().names;
    if filter.customers.as_ref().is_some_and(unnamed) {
        return Ok(Page { items: Vec::new(), next: None, cut: false });
    }
    // One more than asked for tells whether there is a next page.
    let wanted = limit + 1;
    let ways = Ways::of(tx, scope, filter)?;
    let (mut items, mut late): (Vec<OrderRow>, usize) = (Vec::new(), 0);
    match sort {
        Sort::Updated => items = ways.rows(tx, Order::Updated, after, wanted)?,
        Sort::Promised => items = ways.rows(tx, Order::Promised, after, wanted)?,
        Sort::Late => {
            if after.is_none_or(|after| !after.on_time) {
                items = ways.rows(tx, Order::Late, after, wanted)?;
                late = items.len();
            }
            if items.len() < wanted && !filter.late {
                let after = after.filter(|after| after.on_time);
                items.extend(ways.rows(tx, Order::OnTime, after, wanted - late)?);
            }
        }
    }
    let mut next = None;
    if items.len() > limit {
        items.truncate(limit);
        let order = match sort {
            Sort::Updated => Order::Updated,
            Sort::Promised => Order::Promised,
            Sort::Late if items.len() > late => Order::OnTime,
            Sort::Late => Order::Late,
        };
        next = items.last().map(|row| order.cursor(row));
    }
    for row in &mut items {
        mask(scope, row);
    }
    Ok(Page { items, next, cut: ways.cut })
}

/// An order that an index has, once the state is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Updated,
    Promised,
    /// Those that are late, the latest first.
    Late,
    /// Those that are not, by promise.
    OnTime,
}

impl Order {
    /// The parts that say after what, in which order, and in which order over all states.
    const fn parts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Updated => ("after updated", "by updated", "all by updated"),
            Self::Promised | Self::OnTime => ("after promised", "by promised", "all by promised"),
            Self::Late => ("after late", "by late", "all by late"),
        }
    }

    fn cursor(self, row: &OrderRow) -> Cursor {
        Cursor {
            key: match self {
                Self::Updated => row.updated_at.micros(),
                Self::Promised | Self::OnTime => promised(row),
                Self::Late => row.late_minutes,
            },
            cluster: row.cluster.0,
            component: row.component,
            on_time: self == Self::OnTime,
        }
    }
}

/// From so few orders it is quicker to look at all of them than to walk along the order of the list.
const FEW_MAX: i64 = 2_000;

/// Numbers, and names of customers, that a search looks at: so many are found and put in order while somebody
/// types, and who finds more has typed too little.
pub const SEARCHED_MAX: usize = 5_000;

/// What leads to few orders.
#[derive(Debug, Clone, Copy)]
enum Few<'a> {
    Identifier,
    Text,
    Exception(&'a str),
    Customers,
    Partner(&'a str),
    Holder(&'a str),
    Late,
    Troubled,
    Promised(Instant, Instant),
}

/// How a list is found: from the few orders that one of its conditions leaves; else state by state along
/// the index of its order, as far as the page reaches.
struct Ways<'a> {
    tenant: i64,
    partners: Vec<&'a str>,
    filter: &'a Filter,
    texts: Patterns,
    customers: Vec<Named>,
    /// Those that are asked for, or all that there are.
    states: Vec<String>,
    few: Option<Few<'a>>,
    /// Whether a search leaves something out.
    cut: bool,
}

impl<'a> Ways<'a> {
    fn of(tx: &mut Tx<'_>, scope: &'a Scope, filter: &'a Filter) -> Result<Self> {
        let tenant = scope.within("orders")?;
        let partners = [scope.partner_key(), filter.partner.as_ref()].into_iter().flatten();
        let mut texts = Patterns::of(filter);
        if !scope.sight().names {
            // Or a partner could find out customers' names by searching for them.
            texts.words.clear();
        }
        let states = if filter.states.is_empty() {
            tx.rows(sql!("orders/states"), &params![tenant], |row| row.text(0).map(str::to_owned))?
        } else {
            filter.states.clone()
        };
        let partners = partners.map(PartnerKey::as_str).collect();
        let customers = filter.customers.iter().flatten().map(|name| Named::of(name)).collect();
        let mut ways =
            Self { tenant, partners, filter, texts, customers, states, few: None, cut: false };
        ways.few = ways.find_few(tx, scope)?;
        ways.cut = matches!(ways.few, Some(Few::Text)) && ways.finds_too_many(tx)?;
        Ok(ways)
    }

    fn find_few(&self, tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<Few<'a>>> {
        let filter = self.filter;
        if filter.identifier.is_some() {
            return Ok(Some(Few::Identifier));
        }
        if filter.text.is_some() {
            return Ok(Some(Few::Text));
        }
        if let Some(code) = &filter.exception
            && exceptions::are_few(tx, scope, code)?
        {
            return Ok(Some(Few::Exception(code)));
        }
        let promised = filter.promised_within().map(|(from, until)| Few::Promised(from, until));
        let conditions = filter
            .holder
            .iter()
            .map(|holder| Few::Holder(holder.as_str()))
            .chain(filter.customers.iter().map(|_| Few::Customers))
            .chain(self.partners.iter().map(|partner| Few::Partner(partner)))
            .chain(filter.late.then_some(Few::Late))
            .chain(filter.troubled.then_some(Few::Troubled))
            .chain(promised);
        for few in conditions {
            let mut query = Assembly::new(PARTS, self.tenant);
            query.part("begin count");
            self.lead(&mut query, few);
            query.part("end count").value(FEW_MAX + 1);
            let counted = query.rows(tx, |row| row.int(0))?;
            if counted.first().is_some_and(|count| *count <= FEW_MAX) {
                return Ok(Some(few));
            }
        }
        Ok(None)
    }

    /// Whether more begins with the text than is looked at.
    fn finds_too_many(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let mut numbers = Assembly::new(PARTS, self.tenant);
        numbers.part("begin count").part("numbers");
        for (from, until) in &self.texts.ranges {
            numbers.value(from).value(until);
        }
        if is_over(tx, numbers)? {
            return Ok(true);
        }
        let Some((from, until)) = self.texts.words.first() else { return Ok(false) };
        let mut words = Assembly::new(PARTS, self.tenant);
        words.part("begin count").part("words").value(from).value(until);
        self.narrow_words(&mut words);
        is_over(tx, words)
    }

    /// The further words of a search: the name has each.
    fn narrow_words<'q>(&'q self, query: &mut Assembly<'q>) {
        for (from, until) in self.texts.words.iter().skip(1) {
            query.part("and by word").value(from).value(until);
        }
    }

    /// The clusters that a condition leaves.
    fn lead<'q>(&'q self, query: &mut Assembly<'q>, few: Few<'q>) {
        match few {
            Few::Identifier => {
                let [said, other] = &self.texts.identifiers;
                query.part("begin climb").part("few by identifier").value(said).value(other);
                query.part("end climb");
            }
            Few::Text => {
                query.part("begin climb").part("few by number");
                for (from, until) in &self.texts.ranges {
                    query.value(from).value(until);
                }
                query.value(SEARCHED_MAX as i64).part("end climb");
                if let Some((from, until)) = self.texts.words.first() {
                    query.part("few by word").value(from).value(until);
                    self.narrow_words(query);
                    query.part("end few by word").value(SEARCHED_MAX as i64);
                }
            }
            Few::Exception(code) => {
                query.part("begin climb").part("few by exception").value(code).part("end climb");
            }
            Few::Customers => customers::lead(query, &self.customers, false),
            Few::Partner(partner) => {
                query.part("few by partner").value(partner);
            }
            Few::Holder(holder) => {
                query.part("few by holder").value(holder);
            }
            Few::Late => {
                query.part("few by lateness");
            }
            Few::Troubled => {
                query.part("few by trouble");
            }
            Few::Promised(from, until) => {
                query.part("few by promise").value(from).value(until);
                query.values(self.states.iter().map(String::as_str));
            }
        }
    }

    fn rows(
        &self,
        tx: &mut Tx<'_>,
        order: Order,
        after: Option<Cursor>,
        wanted: usize,
    ) -> Result<Vec<OrderRow>> {
        if self.states.is_empty() {
            return Ok(Vec::new());
        }
        let (_, by, all) = order.parts();
        let wanted = wanted as i64;
        let mut query = Assembly::new(PARTS, self.tenant);
        if let Some(few) = self.few {
            query.part("begin few");
            self.lead(&mut query, few);
            query.part("end few").part("few head");
            query.list("states", self.states.iter().map(String::as_str));
            self.narrow(&mut query, order, after);
            query.part(by).value(wanted);
            return query.rows(tx, read);
        }
        if let Some(holder) = self.filter.holder.as_ref().filter(|_| order != Order::Late) {
            // What one partner holds lies along indexes of its own, by promise and by change.
            query.part("of holder").value(holder.as_str());
            query.list("states", self.states.iter().map(String::as_str));
            self.narrow(&mut query, order, after);
            query.part(by).value(wanted);
            return query.rows(tx, read);
        }
        for (n, state) in self.states.iter().enumerate() {
            if n > 0 {
                query.part("next state");
            }
            query.part("begin state").value(state);
            self.narrow(&mut query, order, after);
            query.part(by).value(wanted).part("end state");
        }
        query.part(all).value(wanted);
        query.rows(tx, read)
    }

    /// What a row must be, besides what led to it.
    fn narrow<'q>(&'q self, query: &mut Assembly<'q>, order: Order, after: Option<Cursor>) {
        let filter = self.filter;
        for partner in &self.partners {
            query.part("partner").value(*partner);
        }
        if let Some(holder) = &filter.holder {
            query.part("holder").value(holder.as_str());
        }
        if filter.customers.is_some() {
            query.list("customers", customers::names(&self.customers));
        }
        if filter.late || order == Order::Late {
            query.part("late");
        }
        if order == Order::OnTime {
            query.part("not late");
        }
        if filter.troubled {
            query.part("troubled");
        }
        match (&filter.exception, self.few) {
            (Some(_), Some(Few::Exception(_))) => {
                query.part("troubled");
            }
            (Some(code), _) => {
                query.part("exception of many").value(code.as_str());
            }
            (None, _) => {}
        }
        if let Some((from, until)) = filter.promised_within() {
            query.part("promised within").value(from).value(until);
        }
        if let Some(after) = after {
            let (from, ..) = order.parts();
            query.part(from).value(after.key).value(after.cluster).value(after.component);
        }
    }
}

/// Whether a count that was begun comes to more than a search looks at.
fn is_over(tx: &mut Tx<'_>, mut query: Assembly<'_>) -> Result<bool> {
    query.part("end count").value(SEARCHED_MAX as i64 + 1);
    let counted = query.rows(tx, |row| row.int(0))?;
    Ok(counted.first().is_some_and(|count| *count > SEARCHED_MAX as i64))
}

//! The first page of whoever looks: what is promised for today and at risk, and what changed since they
//! last looked, told once for each order and exception however often it changed.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::{Duration, Instant};
use baton_core::wording::Wording;
use baton_store::changes::{self, Change, Kept};
use baton_store::clusters::ClusterNo;
use baton_store::looks::{self, Look};
use baton_store::orders::{self, Filter, OrderRow, Sort};
use baton_store::{Scope, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::affected::Reach;
use super::answer::Answer;
use super::call::Call;
use super::customers;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::{
    NEWS_CHANGES_MAX, NEWS_CHANGES_PARTNER_MAX, NEWS_ITEMS_MAX, NEWS_JOINED_MAX, TODAY_ITEMS_MAX,
    TODAY_ORDERS_MAX, TODAY_SPAN_MAX,
};
use super::order_row::{OrderItem, quotes_values, sees_code};
use super::page;
use super::problem::Problem;

/// Phases in which nothing is to be delivered any more.
const DONE: [&str; 4] = ["delivered", "closed", "cancelled", "disputed"];

/// When today is, where the caller is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HomeQuery {
    /// The beginning of the day; else of the day in UTC.
    #[schemars(with = "Option<Instant>")]
    from: Option<String>,
    /// Its end; else 24 hours later.
    #[schemars(with = "Option<Instant>")]
    until: Option<String>,
    /// `true`: only orders of the customers that the caller looks after (`/v1/my-customers`), and what concerns
    /// these.
    #[serde(default)]
    my_customers: bool,
}

/// A first page.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Home {
    /// By the tenant's clock.
    now: Instant,
    today: Today,
    news: News,
}

/// What is promised for a day.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Today {
    promised: usize,
    /// Of these, delivered.
    done: usize,
    /// Not delivered, and late or with an open exception.
    at_risk: usize,
    /// Of those the ones that matter most: by lateness, severity and value.
    orders: Vec<OrderItem>,
    /// Whether more is promised than was looked at.
    cut: bool,
}

/// What changed since the caller last looked.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct News {
    /// When that was; null where they never did.
    since: Option<Instant>,
    /// The latest change: what a look is noted with.
    latest: i64,
    /// Whether more changed than was looked through: counts are of the newest then.
    cut: bool,
    orders_new: usize,
    orders_changed: usize,
    exceptions_opened: usize,
    exceptions_closed: usize,
    /// The latest first.
    items: Vec<NewsItem>,
}

/// An order or an exception that changed.
#[derive(Debug, Serialize, JsonSchema)]
struct NewsItem {
    /// `order` or `exception`.
    kind: &'static str,
    id: String,
    at: Instant,
    /// Of an order: its number, and whether it is new.
    number: Option<String>,
    is_new: bool,
    /// Of an order: from which value to which, for each that changed.
    changed: BTreeMap<String, Shift>,
    /// Of an exception: what became of it.
    state: Option<String>,
    code: Option<ExceptionCode>,
    severity: Option<i64>,
    summary: Option<String>,
}

/// What it was when the caller last looked, and what it is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Shift {
    was: Value,
    is: Value,
}

/// Up to where somebody looked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LookRequest {
    /// `news.latest` of what was looked at.
    change: i64,
}

pub(super) fn show(call: &Call) -> Outcome {
    let query: HomeQuery = call.query()?;
    let now = call.tenant()?.clock.now();
    let from: Option<Instant> = page::value("from", query.from.as_deref())?;
    let day = Duration::days(1);
    let from = from.unwrap_or_else(|| {
        Instant::from_micros(now.micros() - now.micros().rem_euclid(day.micros()))
    });
    let until: Option<Instant> = page::value("until", query.until.as_deref())?;
    let until = until.unwrap_or(from + day);
    if until <= from || until > from + TODAY_SPAN_MAX {
        let why = "from, until: expected a day or so, its end after its beginning";
        let days = TODAY_SPAN_MAX.whole_minutes() / day.whole_minutes();
        let wording = Wording::new("span_days").with("most", days);
        return Err(Problem::of(ErrorCode::QueryWrong, why).said(wording));
    }
    let (scope, owner) = (call.scope()?, call.principal.owner());
    let whole = &call.tenant()?.scope;
    let (today, look, kept, changed) = call.store().read(|tx| {
        let customers = customers::narrowed(call, &scope, tx, query.my_customers)?;
        let today = today(tx, &scope, (from, until), customers.clone())?;
        let look = looks::last(tx, &scope, &owner)?;
        let (kept, mut changed) = changed_since(tx, &scope, look)?;
        let names = Names::of(tx, &scope, &changed)?;
        if let Some(customers) = customers {
            keep_those_of(&customers, tx, (&scope, whole), &mut changed, &names)?;
        }
        Ok((today, look, kept, (changed, names)))
    })?;
    let (changed, names) = changed;
    let news = news(call, look, kept, (changed, &names));
    Answer::json(Home { now, today, news })
}

pub(super) fn look(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let request: LookRequest = call.json()?;
    let scope = call.scope()?;
    let Kept { last, .. } = changes::kept(tx, &scope)?;
    // What is yet to come was not looked at.
    let look = Look { change: request.change.clamp(0, last), at: call.tenant()?.clock.now() };
    looks::note(tx, &scope, &call.principal.owner(), look)?;
    Ok(Answer::json(Value::Null)?.with_status(StatusCode::NO_CONTENT))
}

fn today(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (from, until): (Instant, Instant),
    customers: Option<Vec<String>>,
) -> Result<Today, baton_store::StoreError> {
    let filter = Filter {
        promised_from: Some(from),
        promised_until: Some(until),
        customers,
        ..Filter::default()
    };
    let found = orders::list(tx, scope, &filter, Sort::Promised, None, TODAY_ORDERS_MAX)?;
    let is_done = |row: &OrderRow| DONE.contains(&row.state.as_str());
    let promised = found.items.len();
    let done = found.items.iter().filter(|row| is_done(row)).count();
    let risky = |row: &OrderRow| row.late_minutes > 0 || row.exceptions_open > 0;
    let mut at_risk: Vec<OrderRow> =
        found.items.into_iter().filter(|row| !is_done(row) && risky(row)).collect();
    at_risk.sort_by_key(|row| {
        let value = row.value.as_ref().map(|money| money.amount);
        std::cmp::Reverse((row.late_minutes > 0, row.severity_max, row.late_minutes, value))
    });
    Ok(Today {
        promised,
        done,
        at_risk: at_risk.len(),
        orders: at_risk.into_iter().take(TODAY_ITEMS_MAX).map(OrderItem::of).collect(),
        cut: found.next.is_some(),
    })
}

/// The newest changes after a look, as many as are looked through. Who never looked has seen nothing, and
/// is told of the newest alone.
fn changed_since(
    tx: &mut Tx<'_>,
    scope: &Scope,
    look: Option<Look>,
) -> Result<(Kept, Vec<Change>), baton_store::StoreError> {
    let kept = changes::kept(tx, scope)?;
    let after = from_where(look, kept, scope.partner_key().is_some());
    let changed = changes::between(tx, scope, after, kept.last)?;
    Ok((kept, changed))
}

/// After which change one looks through.
fn from_where(look: Option<Look>, kept: Kept, is_partner: bool) -> i64 {
    let most = if is_partner { NEWS_CHANGES_PARTNER_MAX } else { NEWS_CHANGES_MAX };
    look.map_or(0, |look| look.change).max(kept.last - most).max(kept.first - 1)
}

/// Leaves out what concerns no order of these customers: an exception is about its own order, or about those
/// that reach the shipment, invoice or job that it is about.
fn keep_those_of(
    customers: &[String],
    tx: &mut Tx<'_>,
    (scope, whole): (&Scope, &Scope),
    changed: &mut Vec<Change>,
    names: &Names,
) -> Result<(), baton_store::StoreError> {
    let begun = changed.iter().filter_map(|change| change.cluster).collect();
    let reach = Reach::from(tx, scope, whole, begun)?;
    let is_theirs =
        |row: &OrderRow| row.customer.as_ref().is_some_and(|name| customers.contains(name));
    changed.retain(|change| {
        if change.kind.starts_with("order.") {
            let customer = names.customers.get(&change.object);
            return customer.is_some_and(|customer| customers.contains(customer));
        }
        let Some(cluster) = change.cluster else { return false };
        let mut own = reach.own(cluster).peekable();
        if own.peek().is_some() { own.any(is_theirs) } else { reach.all(cluster).any(is_theirs) }
    });
    Ok(())
}

/// What orders are called now that were joined to others: they are told of once, under the name that stays.
#[derive(Debug, Default)]
struct Names {
    present: BTreeMap<String, String>,
    /// Customers of orders, by each id that they have or had.
    customers: BTreeMap<String, String>,
}

impl Names {
    fn of(
        tx: &mut Tx<'_>,
        scope: &Scope,
        changed: &[Change],
    ) -> Result<Self, baton_store::StoreError> {
        let orders = || changed.iter().filter(|change| change.kind.starts_with("order."));
        let clusters: BTreeSet<ClusterNo> = orders().filter_map(|change| change.cluster).collect();
        let clusters: Vec<ClusterNo> = clusters.into_iter().collect();
        let rows = orders::by_clusters(tx, scope, &clusters)?;
        let standing: BTreeSet<String> = rows.iter().map(|row| row.id.to_string()).collect();
        let gone: BTreeSet<&str> = orders()
            .map(|change| change.object.as_str())
            .filter(|id| !standing.contains(*id))
            .take(NEWS_JOINED_MAX)
            .collect();
        let mut names = Self::default();
        for row in rows {
            names.customers.extend(row.customer.map(|customer| (row.id.to_string(), customer)));
        }
        for id in gone {
            let Ok(parsed) = id.parse() else { continue };
            match orders::get(tx, scope, parsed) {
                Ok(row) => {
                    names.present.insert(id.to_owned(), row.id.to_string());
                    names.customers.extend(row.customer.map(|customer| (id.to_owned(), customer)));
                }
                Err(baton_store::StoreError::NotFound { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(names)
    }

    fn present(&self, id: &str) -> String {
        self.present.get(id).map_or(id, String::as_str).to_owned()
    }
}

fn news(
    call: &Call,
    look: Option<Look>,
    kept: Kept,
    (changed, names): (Vec<Change>, &Names),
) -> News {
    let after = from_where(look, kept, call.is_partner());
    let mut news = News {
        since: look.map(|look| look.at),
        latest: kept.last,
        cut: look.is_some_and(|look| look.change < after),
        ..News::default()
    };
    let mut told: BTreeMap<String, NewsItem> = BTreeMap::new();
    for change in changed {
        take(call, &mut told, names.present(&change.object), &change);
    }
    let mut items: Vec<NewsItem> = told.into_values().filter(NewsItem::says_something).collect();
    for item in &items {
        match (item.kind, item.is_new, item.state.as_deref()) {
            ("order", true, _) => news.orders_new += 1,
            ("order", false, _) => news.orders_changed += 1,
            (_, _, Some("open")) => news.exceptions_opened += 1,
            _ => news.exceptions_closed += 1,
        }
    }
    items.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.id.cmp(&b.id)));
    items.truncate(NEWS_ITEMS_MAX);
    news.items = items;
    news
}

impl NewsItem {
    /// What went one way and back again is no news.
    fn says_something(&self) -> bool {
        let moved = self.changed.values().any(|shift| shift.was != shift.is);
        self.kind == "exception" || self.is_new || moved
    }
}

/// Adds a change to what is told of its object.
fn take(call: &Call, told: &mut BTreeMap<String, NewsItem>, id: String, change: &Change) {
    let Some((kind, word)) = change.kind.split_once('.') else { return };
    let kind = match kind {
        "order" => "order",
        "exception" => "exception",
        _ => return,
    };
    let summary: Value = serde_json::from_str(&change.summary).unwrap_or_default();
    let text = |field: &str| summary.get(field).and_then(Value::as_str).map(str::to_owned);
    let code = summary.get("code").and_then(Value::as_str).and_then(ExceptionCode::find);
    if code.is_some_and(|code| !sees_code(call.sight(), code)) {
        return;
    }
    let item = told.entry(id.clone()).or_insert_with(|| NewsItem {
        kind,
        id,
        at: change.at,
        number: None,
        is_new: false,
        changed: BTreeMap::new(),
        state: None,
        code,
        severity: None,
        summary: None,
    });
    item.at = item.at.max(change.at);
    if kind == "exception" {
        let is_open = matches!(word, "opened" | "reopened" | "updated");
        item.state = Some(if is_open { "open" } else { word }.to_owned());
        item.severity = summary.get("severity").and_then(Value::as_i64);
        item.summary =
            text("summary").filter(|_| !code.is_some_and(|c| quotes_values(call.sight(), c)));
        return;
    }
    item.number = text("number").or(item.number.take());
    item.is_new |= word == "created";
    for (field, shift) in summary.get("changed").and_then(Value::as_object).into_iter().flatten() {
        let part = |name: &str| shift.get(name).cloned().unwrap_or_default();
        let known = item.changed.entry(field.clone());
        known.or_insert_with(|| Shift { was: part("was"), is: Value::Null }).is = part("is");
    }
}

//! `baton order`: which orders there are, what holds of one, and what that rests on.

mod page;
pub(super) mod stating;
mod track;

use baton_core::state::State;
use baton_core::time::Instant;
use clap::{Args, Subcommand};
use serde_json::Value;

use crate::api::{Api, System, encoded, with_query};
use crate::exit::{Failure, Outcome, Result};
use crate::{listing, print};

#[derive(Debug, Subcommand)]
pub(crate) enum Order {
    /// List orders.
    List(List),
    /// Show an order as a whole.
    Show(Show),
    /// Show every fact that an order reaches, in time.
    Timeline(Show),
    /// Explain a claim about an order: its facts, and the bytes that state them.
    Explain(Explain),
    /// State a remark about an order.
    Note(stating::Note),
    /// State that an order, or something of it, reached a milestone, or is to.
    Milestone(stating::Milestone),
    /// State that an identifier, or another order, names the same.
    Link(stating::Link),
    /// State that an identifier, or another order, does not name the same.
    Unlink(stating::Link),
    /// Make links by which a customer follows an order, list them, end one.
    #[command(subcommand)]
    Track(track::Track),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only orders in these phases, with commas between: placed, confirmed, shipped …
    #[arg(long)]
    phase: Option<String>,
    /// Only orders in which this partner plays a part.
    #[arg(long)]
    partner: Option<String>,
    /// Only orders that this partner holds.
    #[arg(long)]
    holder: Option<String>,
    /// Only orders that are, or will be, late.
    #[arg(long)]
    late: bool,
    /// Only orders with an open exception.
    #[arg(long)]
    troubled: bool,
    /// Only orders of the customers that the key's holder looks after: `PUT /v1/my-customers`.
    #[arg(long)]
    my_customers: bool,
    /// Only orders with an open exception of this code.
    #[arg(long, value_name = "CODE")]
    exception: Option<String>,
    /// Only orders promised at or after this instant.
    #[arg(long, value_name = "INSTANT")]
    promised_from: Option<Instant>,
    /// Only orders promised before this instant.
    #[arg(long, value_name = "INSTANT")]
    promised_to: Option<Instant>,
    /// The beginning of a number of the order or of what it reaches, or of words of the customer's name.
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// What comes first: updated, promised or late.
    #[arg(long)]
    sort: Option<String>,
    #[command(flatten)]
    page: Page,
    #[command(flatten)]
    system: System,
}

/// Which part of a list.
#[derive(Debug, Clone, Args)]
pub(crate) struct Page {
    /// Entries at most.
    #[arg(long, value_name = "COUNT")]
    pub(crate) limit: Option<u32>,
    /// Where the page begins: what the page before ended with.
    #[arg(long)]
    pub(crate) cursor: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Its id, or any number that it has: the shop's, a purchase order, a tracking number.
    order: String,
    /// What was known at this instant.
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<Instant>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Its id, or any number that it has.
    order: String,
    /// `milestone:T60`, `exception:exc_…`, `line:1`, `line:1:shipped`, `promise`, `handoff:H4`,
    /// `field:total`, `clock:<name>` or `holder`.
    claim: String,
    #[command(flatten)]
    system: System,
}

pub(crate) fn run(order: &Order, json: bool) -> Result<Outcome> {
    match order {
        Order::List(list) => run_list(list, json)?,
        Order::Show(show) => run_show(show, json)?,
        Order::Timeline(show) => run_timeline(show, json)?,
        Order::Explain(explain) => run_explain(explain, json)?,
        Order::Note(note) => stating::note(note, json)?,
        Order::Milestone(milestone) => stating::milestone(milestone, json)?,
        Order::Link(link) => stating::link(link, "link", json)?,
        Order::Unlink(link) => stating::link(link, "unlink", json)?,
        Order::Track(track) => track::run(track, json)?,
    }
    Ok(Outcome::Fine)
}

fn run_list(list: &List, json: bool) -> Result<()> {
    let flag = |set: bool| set.then(|| "true".to_owned());
    let path = with_query(
        "/v1/orders",
        &[
            ("phase", list.phase.clone()),
            ("partner", list.partner.clone()),
            ("holder", list.holder.clone()),
            ("late", flag(list.late)),
            ("troubled", flag(list.troubled)),
            ("my_customers", flag(list.my_customers)),
            ("exception", list.exception.clone()),
            ("promised_from", list.promised_from.map(|at| at.to_string())),
            ("promised_to", list.promised_to.map(|at| at.to_string())),
            ("q", list.text.clone()),
            ("sort", list.sort.clone()),
            ("limit", list.page.limit.map(|limit| limit.to_string())),
            ("cursor", list.page.cursor.clone()),
        ],
    );
    let columns = [
        ("id", "/id"),
        ("number", "/number"),
        ("phase", "/phase"),
        ("progress", "/progress"),
        ("holder", "/holder"),
        ("promised", "/promised_at"),
        ("late min", "/late_minutes"),
        ("open", "/exceptions_open"),
        ("customer", "/customer"),
    ];
    listing::print(&list.system.reach()?.get(&path)?, columns, json)
}

/// The id of the order that is meant: by its id, or by any number, with or without the shop's `#`.
pub(crate) fn find(api: &Api, text: &str) -> Result<String> {
    if text.starts_with("ord_") {
        return Ok(text.to_owned());
    }
    let query = [("identifier", Some(text.to_owned())), ("limit", Some("5".to_owned()))];
    let found = api.get(&with_query("/v1/orders", &query))?;
    let items = found["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    match items {
        [] => Err(Failure::not_found(format!("no order has the number `{text}`"))),
        [only] => Ok(only["id"].as_str().unwrap_or_default().to_owned()),
        several => {
            let ids: Vec<&str> = several.iter().filter_map(|item| item["id"].as_str()).collect();
            let text =
                format!("`{text}` is a number of several orders, say which: {}", ids.join(", "));
            Err(Failure::usage(text))
        }
    }
}

/// An order's state, as it is or as it was known.
pub(crate) fn document(api: &Api, order: &str, as_of: Option<Instant>) -> Result<Value> {
    let id = find(api, order)?;
    let query = [("as_of", as_of.map(|at| at.to_string()))];
    api.get(&with_query(&format!("/v1/orders/{}", encoded(&id)), &query))
}

pub(crate) fn print_document(document: &Value, json: bool) -> Result<()> {
    if json {
        return print::json(document);
    }
    let state: State = serde_json::from_value(document.clone())
        .map_err(|why| Failure::failed(format!("the answer is no order ({why}): try --json")))?;
    print::text(&page::of(&state))
}

fn run_show(show: &Show, json: bool) -> Result<()> {
    let api = show.system.reach()?;
    print_document(&document(&api, &show.order, show.as_of)?, json)
}

fn run_timeline(show: &Show, json: bool) -> Result<()> {
    let api = show.system.reach()?;
    let path = format!("/v1/orders/{}/timeline", encoded(&find(&api, &show.order)?));
    let query = [("as_of", show.as_of.map(|at| at.to_string())), ("limit", Some("500".to_owned()))];
    let columns = [
        ("happened", "/happened/earliest"),
        ("received", "/received_at"),
        ("source", "/source"),
        ("fact", "/id"),
        ("about", "/about"),
        ("stated", "/stated"),
    ];
    listing::print(&api.get(&with_query(&path, &query))?, columns, json)
}

fn run_explain(explain: &Explain, json: bool) -> Result<()> {
    let api = explain.system.reach()?;
    let path = format!("/v1/orders/{}/explain", encoded(&find(&api, &explain.order)?));
    let document = api.get(&with_query(&path, &[("claim", Some(explain.claim.clone()))]))?;
    if json {
        return print::json(&document);
    }
    let facts = document["facts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let number = print::count(facts.len() as u64, "fact");
    print::line(&format!("{} rests on {number}", explain.claim))?;
    for fact in facts {
        print::text(&page::fact(fact))?;
    }
    Ok(())
}

//! What a person states: a note, a milestone, that two identifiers name one thing or do not, that an
//! exception is not to count, that a statement is wrong. Each is a fact, kept under the person's name.

use std::time::Duration;

use baton_core::time::Instant;
use clap::Args;
use serde_json::{Value, json};

use super::{document, find};
use crate::api::{Api, System, encoded, with_query};
use crate::exit::{Failure, Result};
use crate::listing::cell;
use crate::print;

/// Where this process does the work itself: how long it waits until what was stated shows.
const PATIENCE: Duration = Duration::from_secs(60);
/// Orders with one number that are looked through for the one that is meant.
const CANDIDATES_MAX: u32 = 20;

#[derive(Debug, Args)]
pub(crate) struct Note {
    /// The order, by its id or any number that it has.
    order: String,
    /// The remark.
    text: String,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Milestone {
    /// The order, by its id or any number that it has.
    order: String,
    /// The milestone's code, such as T60.
    milestone: String,
    /// What is said of it: actual (unless said otherwise), estimated, planned, promised, requested …
    #[arg(long, value_name = "WORD")]
    classifier: Option<String>,
    /// When it happened, or is to. Now, if left out.
    #[arg(long, value_name = "INSTANT")]
    at: Option<Instant>,
    /// The shipment, package, invoice or job of the order that it is about; else the order itself.
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Link {
    /// The order, by its id or any number that it has.
    order: String,
    /// The identifier, as SCHEME:ISSUER:VALUE. Or, to link, another order by its id or any number that
    /// it has; to unlink, a number of this order.
    identifier: String,
    /// The shipment, package, invoice or job of the order that it names; else the order itself.
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Waive {
    /// The exception's id.
    exception: String,
    /// Why it is not to count.
    #[arg(long)]
    reason: String,
    /// An order that shows the exception, by its id or any number; found out where it is left out.
    #[arg(long)]
    order: Option<String>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Strike {
    /// The message that states it.
    message: String,
    /// The fact's id, as `baton message show` has it. Not needed where the message has one only.
    fact: Option<String>,
    /// Why it is wrong.
    #[arg(long)]
    reason: String,
    /// An order that the fact is about, by its id or any number; found out where it is left out.
    #[arg(long)]
    order: Option<String>,
    #[command(flatten)]
    system: System,
}

pub(super) fn note(note: &Note, json: bool) -> Result<()> {
    let api = note.system.reach()?;
    let order = find(&api, &note.order)?;
    state(&api, &order, &json!({ "kind": "note", "text": note.text }), json)
}

pub(super) fn milestone(stated: &Milestone, json: bool) -> Result<()> {
    let api = stated.system.reach()?;
    let order = find(&api, &stated.order)?;
    let body = json!({
        "kind": "milestone",
        "milestone": stated.milestone,
        "classifier": stated.classifier,
        "at": stated.at,
        "object": stated.object,
    });
    state(&api, &order, &body, json)
}

/// `kind` is `link` or `unlink`.
pub(super) fn link(link: &Link, kind: &str, json: bool) -> Result<()> {
    let api = link.system.reach()?;
    let order = find(&api, &link.order)?;
    let identifier = identifier(&api, link, &order, kind)?;
    let body = json!({ "kind": kind, "identifier": identifier, "object": link.object });
    state(&api, &order, &body, json)
}

pub(crate) fn waive(waive: &Waive, json: bool) -> Result<()> {
    let api = waive.system.reach()?;
    let exception = api.get(&format!("/v1/exceptions/{}", encoded(&waive.exception)))?;
    let order = match (&waive.order, exception["object"].as_str()) {
        (Some(said), _) => find(&api, said)?,
        (None, Some(object)) if object.starts_with("ord_") => object.to_owned(),
        (None, _) => {
            let name = &exception["derived"]["object_name"];
            let has = |order: &Value| {
                let below = order["objects"].as_array().into_iter().flatten();
                let all = below.filter_map(|object| object["exceptions"].as_array()).flatten();
                all.into_iter().any(|found| found["id"] == exception["id"])
            };
            order_with(&api, name, has)?
        }
    };
    let body = json!({ "kind": "waive", "exception": waive.exception, "reason": waive.reason });
    state(&api, &order, &body, json)
}

pub(crate) fn strike(strike: &Strike, json: bool) -> Result<()> {
    let api = strike.system.reach()?;
    let message = api.get(&format!("/v1/messages/{}", encoded(&strike.message)))?;
    let facts = message["facts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let fact = match (&strike.fact, facts) {
        (Some(said), _) => facts.iter().find(|fact| fact["id"] == said.as_str()),
        (None, [only]) => Some(only),
        (None, _) => {
            let text = format!(
                "{} states {} facts, say which: `baton message show {0}` lists them",
                strike.message,
                facts.len()
            );
            return Err(Failure::usage(text));
        }
    };
    let fact = fact.ok_or_else(|| {
        let said = strike.fact.as_deref().unwrap_or_default();
        Failure::not_found(format!("{} states no fact `{said}`", strike.message))
    })?;
    let order = match &strike.order {
        Some(said) => find(&api, said)?,
        None => order_with(&api, &fact["about"]["object"], |_| true)?,
    };
    let body = json!({ "kind": "strike", "fact": fact["id"], "reason": strike.reason });
    state(&api, &order, &body, json)
}

/// States it, and tells what it was kept as.
fn state(api: &Api, order: &str, body: &Value, json: bool) -> Result<()> {
    let answer = api.post(&format!("/v1/orders/{}/facts", encoded(order)), body)?;
    api.settle(PATIENCE)?;
    if json {
        return print::json(&answer);
    }
    let (id, person) = (cell(&answer["id"]), cell(&answer["person"]));
    print::line(&format!("kept of {order} as {id}, stated by {person}"))
}

/// An identifier as it was written out, or as an order has it.
fn identifier(api: &Api, link: &Link, order: &str, kind: &str) -> Result<Value> {
    let parts: Vec<&str> = link.identifier.splitn(3, ':').collect();
    if let [scheme, issuer, value] = parts.as_slice() {
        let of = link.object.as_deref().map_or(Ok("order"), kind_of)?;
        let named = json!({ "kind": of, "scheme": scheme, "issuer": issuer, "value": value });
        return Ok(named);
    }
    if link.object.is_some() {
        return Err(Failure::usage(
            "expected an identifier as SCHEME:ISSUER:VALUE beside --object",
        ));
    }
    if kind == "link" {
        return Ok(document(api, &link.identifier, None)?["name"].clone());
    }
    let own = document(api, order, None)?["identifiers"].clone();
    let found =
        own.as_array().into_iter().flatten().find(|i| i["value"] == link.identifier.as_str());
    let missing = || Failure::not_found(format!("{order} has no number `{}`", link.identifier));
    found.cloned().ok_or_else(missing)
}

/// The kind of object that a public id is of.
fn kind_of(object: &str) -> Result<&'static str> {
    let id: baton_core::id::ObjectId = object
        .parse()
        .map_err(|_| Failure::usage(format!("--object: `{object}` is not the id of an object")))?;
    Ok(id.kind.name())
}

/// The first order that has, or reaches, an object of this name and passes.
fn order_with(api: &Api, name: &Value, passes: impl Fn(&Value) -> bool) -> Result<String> {
    let value = name["value"].as_str().unwrap_or_default();
    let query =
        [("identifier", Some(value.to_owned())), ("limit", Some(CANDIDATES_MAX.to_string()))];
    let found = api.get(&with_query("/v1/orders", &query))?;
    for item in found["items"].as_array().into_iter().flatten() {
        let id = item["id"].as_str().unwrap_or_default();
        if passes(&document(api, id, None)?) {
            return Ok(id.to_owned());
        }
    }
    let text = format!("no order was found that reaches `{value}`: say which with --order");
    Err(Failure::not_found(text))
}

//! `baton handoff`: hand-offs that wait for a partner's word, and what is said of them.

use clap::{Args, Subcommand};
use serde_json::json;

use super::order::{Page, find};
use crate::api::{System, encoded, with_query};
use crate::exit::{Outcome, Result};
use crate::listing::cell;
use crate::{listing, print};

/// How long a statement is waited for until it shows.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

#[derive(Debug, Subcommand)]
pub(crate) enum Handoff {
    /// List hand-offs that wait for a partner's word, or that are disputed.
    List(List),
    /// Say that a hand-off was as the other side says. For the partner that gives or takes.
    Accept(Accept),
    /// Say that it was not, and what was instead. For the partner that gives or takes.
    Dispute(Dispute),
    /// End what is disputed. For the tenant.
    Settle(Said),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Those that are disputed.
    #[arg(long)]
    disputed: bool,
    /// Those that this partner gives or takes.
    #[arg(long)]
    partner: Option<String>,
    #[command(flatten)]
    page: Page,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Said {
    /// The order, by its id or any number that it has.
    order: String,
    /// The hand-off's name in the journey, such as H4.
    handoff: String,
    /// The object that changes hands, where the order has several hand-offs of this name.
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    /// How you know, or why.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Accept {
    #[command(flatten)]
    said: Said,
    /// When it changed hands, if at another time than the other side says.
    #[arg(long, value_name = "INSTANT")]
    at: Option<baton_core::time::Instant>,
}

#[derive(Debug, Args)]
pub(crate) struct Dispute {
    #[command(flatten)]
    said: Said,
    /// What is not so.
    #[arg(long, value_parser = ["custody", "time", "quantity", "condition", "documents", "other"])]
    ground: String,
    /// What was instead.
    #[arg(long, value_name = "TEXT")]
    instead: String,
    /// When that was.
    #[arg(long, value_name = "INSTANT")]
    at: Option<baton_core::time::Instant>,
}

pub(crate) fn run(handoff: &Handoff, as_json: bool) -> Result<Outcome> {
    match handoff {
        Handoff::List(list) => run_list(list, as_json)?,
        Handoff::Accept(accept) => {
            say(&accept.said, json!({ "answer": "accept", "at": accept.at }), as_json)?;
        }
        Handoff::Dispute(dispute) => {
            let body = json!({
                "answer": "dispute",
                "ground": dispute.ground,
                "instead": dispute.instead,
                "at": dispute.at,
            });
            say(&dispute.said, body, as_json)?;
        }
        Handoff::Settle(said) => say(said, json!({ "answer": "settle" }), as_json)?,
    }
    Ok(Outcome::Fine)
}

fn say(said: &Said, mut body: serde_json::Value, as_json: bool) -> Result<()> {
    let api = said.system.reach()?;
    let order = find(&api, &said.order)?;
    body["handoff"] = said.handoff.as_str().into();
    body["object"] = said.object.as_deref().into();
    body["reason"] = said.reason.as_str().into();
    let answer = api.post(&format!("/v1/orders/{}/handoffs", encoded(&order)), &body)?;
    api.settle(PATIENCE)?;
    if as_json {
        return print::json(&answer);
    }
    let (id, person) = (cell(&answer["id"]), cell(&answer["person"]));
    print::line(&format!("kept of {order} as {id}, stated by {person}"))
}

fn run_list(list: &List, as_json: bool) -> Result<()> {
    let state = if list.disputed { "disputed" } else { "open" };
    let path = with_query(
        "/v1/handoffs",
        &[
            ("state", Some(state.to_owned())),
            ("partner", list.partner.clone()),
            ("limit", list.page.limit.map(|limit| limit.to_string())),
            ("cursor", list.page.cursor.clone()),
        ],
    );
    let columns = [
        ("order", "/order/number"),
        ("handoff", "/handoff/name"),
        ("object", "/object_name"),
        ("stage", "/handoff/stage/stage"),
        ("from", "/handoff/from_partner"),
        ("to", "/handoff/to_partner"),
        ("awaits", "/awaits"),
    ];
    listing::print(&list.system.reach()?.get(&path)?, columns, as_json)
}

//! What happens to packs between being written and being in force: compared, tried against what
//! happened, asked for, decided, looked up later, taken back.

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use super::pack_document;
use crate::api::{Api, System, encoded};
use crate::exit::{Outcome, Result};
use crate::listing;
use crate::print::{self, Tone, paint};

/// Messages and orders that are tried where the command does not say how many.
const SAMPLE: &str = "500";

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// What was: a folder, or a stored version such as starter@1.0.0.
    #[arg(value_name = "DIR|PACK@VERSION")]
    was: String,
    /// What is: a folder, or a stored version.
    #[arg(value_name = "DIR|PACK@VERSION")]
    is: String,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Try {
    /// The packs' folders, or stored versions.
    #[arg(required = true, value_name = "DIR|PACK@VERSION")]
    packs: Vec<String>,
    /// How many messages to read again, the newest first.
    #[arg(long, value_name = "N", default_value = SAMPLE)]
    messages: usize,
    /// How many orders to derive again, the latest change first.
    #[arg(long, value_name = "N", default_value = SAMPLE)]
    orders: usize,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct History {
    /// Only of this pack.
    pack: Option<String>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Request {
    /// The packs' folders, or stored versions.
    #[arg(required = true, value_name = "DIR|PACK@VERSION")]
    packs: Vec<String>,
    /// Why, for those who decide, and for whoever looks later.
    #[arg(long)]
    reason: String,
    /// Move the orders that are there to the new rules.
    #[arg(long)]
    move_orders: bool,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Rollback {
    /// The pack.
    pack: String,
    /// The stored version that is to be in force again.
    version: String,
    /// Why, for those who decide, and for whoever looks later.
    #[arg(long)]
    reason: String,
    /// Move the orders that are there to its rules.
    #[arg(long)]
    move_orders: bool,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Requests {
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Decide {
    /// The request's id, as `baton pack requests` shows it.
    id: String,
    /// What there is to say; a refusal needs it.
    #[arg(long, default_value = "")]
    text: String,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Approvals {
    /// How many others have to approve from then on: 0 to 5.
    approvals: i64,
    /// Why.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    system: System,
}

/// A folder's files, or the name of what is stored.
fn meant(text: &str) -> Result<Value> {
    match text.split_once('@') {
        Some((pack, version)) if !Path::new(text).exists() => {
            Ok(json!({ "pack": pack, "version": version }))
        }
        _ => pack_document(Path::new(text)),
    }
}

fn all_meant(packs: &[String]) -> Result<Vec<Value>> {
    packs.iter().map(|text| meant(text)).collect()
}

pub(super) fn diff(diff: &Diff, json: bool) -> Result<Outcome> {
    let body = json!({ "was": meant(&diff.was)?, "is": meant(&diff.is)? });
    let answer = diff.system.reach()?.post("/v1/pack-differences", &body)?;
    if json {
        print::json(&answer)?;
        return Ok(Outcome::Fine);
    }
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut told = String::new();
    for file in items(&answer["files"]) {
        told.push_str(&format!("{} {}\n", text(&file["change"]), text(&file["file"])));
        for line in items(&file["groups"]).iter().flat_map(items) {
            let sign = text(&line["sign"]);
            let tone = match sign.as_str() {
                "-" => Tone::Bad,
                "+" => Tone::Good,
                _ => Tone::Quiet,
            };
            let line = format!("{sign} {}", text(&line["text"]));
            told.push_str(&format!("  {}\n", paint(tone, line.trim_end())));
        }
    }
    if told.is_empty() {
        told.push_str("nothing differs\n");
    }
    print::text(&told)?;
    Ok(Outcome::Fine)
}

pub(super) fn history(history: &History, json: bool) -> Result<Outcome> {
    let query = history.pack.as_deref().map(|pack| format!("?pack={}", encoded(pack)));
    let path = format!("/v1/pack-activations{}", query.unwrap_or_default());
    let columns = [
        ("pack", "/pack"),
        ("version", "/version"),
        ("before", "/was"),
        ("activated", "/activated_at"),
        ("by", "/activated_by"),
        ("approved by", "/approved_by"),
        ("why", "/reason"),
    ];
    listing::print(&history.system.reach()?.get(&path)?, columns, json)?;
    Ok(Outcome::Fine)
}

pub(super) fn request(request: &Request, json: bool) -> Result<Outcome> {
    let body = json!({
        "packs": all_meant(&request.packs)?,
        "reason": request.reason,
        "move_orders": request.move_orders,
    });
    asked(&request.system.reach()?.post("/v1/pack-requests", &body)?, json)
}

pub(super) fn rollback(rollback: &Rollback, json: bool) -> Result<Outcome> {
    let body = json!({
        "packs": [{ "pack": rollback.pack, "version": rollback.version }],
        "reason": rollback.reason,
        "move_orders": rollback.move_orders,
    });
    asked(&rollback.system.reach()?.post("/v1/pack-requests", &body)?, json)
}

pub(super) fn approvals(approvals: &Approvals, json: bool) -> Result<Outcome> {
    let body = json!({ "approvals": approvals.approvals, "reason": approvals.reason });
    asked(&approvals.system.reach()?.post("/v1/pack-requests", &body)?, json)
}

/// What a request came to, in a line.
fn asked(answer: &Value, json: bool) -> Result<Outcome> {
    if json {
        print::json(answer)?;
        return Ok(Outcome::Fine);
    }
    let (id, state) = (listing::cell(&answer["id"]), listing::cell(&answer["state"]));
    let line = if state == "open" {
        let left =
            answer["needed"].as_i64().unwrap_or(0) - answer["approved"].as_i64().unwrap_or(0);
        let others =
            if left == 1 { "one other has".to_owned() } else { format!("{left} others have") };
        format!("{id}: open; {others} to approve it")
    } else {
        format!("{id}: {state}")
    };
    print::line(&line)?;
    Ok(Outcome::Fine)
}

pub(super) fn requests(requests: &Requests, json: bool) -> Result<Outcome> {
    let columns = [
        ("id", "/id"),
        ("state", "/state"),
        ("wanted", "/wanted"),
        ("asked by", "/asked_by"),
        ("asked", "/asked_at"),
        ("needed", "/needed"),
        ("approved", "/approved"),
        ("why", "/reason"),
    ];
    listing::print(&requests.system.reach()?.get("/v1/pack-requests")?, columns, json)?;
    Ok(Outcome::Fine)
}

/// Says a word of a kind to a request.
pub(super) fn decide(decide: &Decide, kind: &str, json: bool) -> Result<Outcome> {
    let path = format!("/v1/pack-requests/{}/words", encoded(&decide.id));
    let body = json!({ "kind": kind, "text": decide.text });
    asked(&decide.system.reach()?.post(&path, &body)?, json)
}

pub(super) fn try_packs(tried: &Try, json: bool) -> Result<Outcome> {
    let packs = all_meant(&tried.packs)?;
    let api = tried.system.reach()?;
    let messages = sample(&api, &packs, "messages", tried.messages)?;
    let orders = sample(&api, &packs, "orders", tried.orders)?;
    if json {
        print::json(
            &json!({ "messages": messages.found, "messages_looked_at": messages.looked_at,
            "orders": orders.found, "orders_looked_at": orders.looked_at }),
        )?;
        return Ok(Outcome::Fine);
    }
    let mut told = String::new();
    for message in &messages.found {
        told.push_str(&format!("{} of {}\n", cell(message, "id"), cell(message, "source")));
        for line in message["difference"].as_array().into_iter().flatten() {
            told.push_str(&format!("  {}\n", line.as_str().unwrap_or_default()));
        }
    }
    for order in &orders.found {
        told.push_str(&format!("{} {}\n", cell(order, "id"), cell(order, "number")));
        for difference in order["differences"].as_array().into_iter().flatten() {
            let (was, is) = (&difference["was"], &difference["is"]);
            told.push_str(&format!("  {}: {was} → {is}\n", cell(difference, "path")));
        }
    }
    told.push_str(&format!(
        "{} of {} messages would be read differently, {} of {} orders would come out differently\n",
        messages.found.len(),
        messages.looked_at,
        orders.found.len(),
        orders.looked_at,
    ));
    print::text(&told)?;
    Ok(Outcome::Fine)
}

fn cell(item: &Value, field: &str) -> String {
    item[field].as_str().unwrap_or_default().to_owned()
}

/// What of a sample differs, and how much was looked at.
struct Sample {
    looked_at: u64,
    found: Vec<Value>,
}

/// Goes through the newest until there are enough, a call at a time.
fn sample(api: &Api, packs: &[Value], what: &str, enough: usize) -> Result<Sample> {
    let mut sample = Sample { looked_at: 0, found: Vec::new() };
    let mut cursor = Value::Null;
    while (sample.looked_at as usize) < enough {
        let body = json!({ "packs": packs, "sample": what, "cursor": cursor });
        let answer = api.post("/v1/pack-trials", &body)?;
        sample.looked_at += answer["looked_at"].as_u64().unwrap_or(0);
        sample.found.extend(answer[what].as_array().cloned().unwrap_or_default());
        cursor = answer["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    Ok(sample)
}

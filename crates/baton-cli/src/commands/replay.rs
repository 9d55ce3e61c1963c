//! `baton replay`: what was known at an earlier instant, or what would hold by other rules. `baton
//! verify`: whether what is written is what the facts call for. All of it is the same derivation again.

use std::path::PathBuf;

use baton_core::time::Instant;
use clap::Args;
use serde_json::{Value, json};

use super::order::{document, find, print_document};
use super::pack::pack_document;
use crate::api::{Api, System, encoded, with_query};
use crate::exit::{Failure, Outcome, Result};
use crate::listing::cell;
use crate::print;

#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The order, by its id or any number that it has. Without it every order is looked at, which takes
    /// `--with`.
    order: Option<String>,
    /// What was known at this instant.
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<Instant>,
    /// A pack to derive by instead of the active one of its name, or beside the others; prints what would
    /// differ, and writes nothing.
    #[arg(long, value_name = "DIR")]
    with: Vec<PathBuf>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    system: System,
}

pub(crate) fn run(replay: &Replay, json: bool) -> Result<Outcome> {
    let api = replay.system.reach()?;
    match (&replay.order, replay.with.is_empty()) {
        (Some(order), true) => {
            if replay.as_of.is_none() {
                return Err(Failure::usage("replay to when (--as-of), or by what (--with)?"));
            }
            print_document(&document(&api, order, replay.as_of)?, json)?;
        }
        (Some(order), false) => {
            let id = find(&api, order)?;
            let answer = what_if(&api, &id, replay)?;
            if json {
                print::json(&answer)?;
            } else {
                print::text(&told(&id, &answer))?;
            }
        }
        (None, true) => return Err(Failure::usage("say which order, or by which pack (--with)")),
        (None, false) => every_order(&api, replay, json)?,
    }
    Ok(Outcome::Fine)
}

fn what_if(api: &Api, id: &str, replay: &Replay) -> Result<Value> {
    let packs: Result<Vec<Value>> =
        replay.with.iter().map(|folder| pack_document(folder)).collect();
    let body = json!({ "packs": packs?, "as_of": replay.as_of });
    api.post(&format!("/v1/orders/{}/what-if", encoded(id)), &body)
}

fn told(id: &str, answer: &Value) -> String {
    let differences = answer["differences"].as_array().map(Vec::as_slice).unwrap_or_default();
    let packs = cell(&answer["packs"]);
    if differences.is_empty() {
        return format!("{id}: nothing would differ by {packs}\n");
    }
    let mut text = format!("{id}: by {packs}\n");
    for difference in differences {
        let (was, is) = (cell(&difference["was"]), cell(&difference["is"]));
        text.push_str(&format!("  {}: {was} -> {is}\n", cell(&difference["path"])));
    }
    if answer["more"] == true {
        text.push_str("  and more\n");
    }
    text
}

/// Looks at all orders, a page at a time, and prints those that would differ.
fn every_order(api: &Api, replay: &Replay, json: bool) -> Result<()> {
    let (mut cursor, mut looked_at, mut items) = (None, 0_u64, Vec::new());
    loop {
        let query = [("limit", Some("100".to_owned())), ("cursor", cursor.clone())];
        let page = api.get(&with_query("/v1/orders", &query))?;
        for order in page["items"].as_array().into_iter().flatten() {
            let id = order["id"].as_str().unwrap_or_default();
            let answer = what_if(api, id, replay)?;
            looked_at += 1;
            if answer["differences"].as_array().is_none_or(Vec::is_empty) {
                continue;
            }
            if json {
                let differences = &answer["differences"];
                items.push(
                    json!({ "order": id, "differences": differences, "more": answer["more"] }),
                );
            } else {
                print::text(&told(id, &answer))?;
                items.push(Value::Null);
            }
        }
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    if json {
        return print::json(&json!({ "orders": looked_at, "items": items, "next_cursor": null }));
    }
    let number = print::count(looked_at, "order");
    print::line(&format!("{number} looked at, {} would differ", items.len()))
}

pub(crate) fn run_verify(verify: &Verify, json: bool) -> Result<Outcome> {
    let answer = verify.system.reach()?.post("/v1/verify", &json!({}))?;
    let found = answer["differences_found"].as_u64().unwrap_or_default();
    let fault = answer["audit"]["fault"].as_str();
    if json {
        print::json(&answer)?;
    } else {
        for difference in answer["differences"].as_array().into_iter().flatten() {
            let text = |name: &str| difference[name].as_str().unwrap_or_default().to_owned();
            let (subject, what) = (text("subject"), text("what"));
            print::line(&format!("{subject} {what}"))?;
            print::line(&format!("  written {}", text("written")))?;
            print::line(&format!("  derived {}", text("derived")))?;
        }
        let subjects = answer["subjects"].as_u64().unwrap_or_default();
        let subjects = print::count(subjects, "subject");
        let found = print::count(found, "difference");
        print::line(&format!("{subjects} derived again, {found}"))?;
        if let Some(fault) = fault {
            print::line(&format!("the record of acts is not whole: {fault}"))?;
        }
    }
    Ok(Outcome::of(found == 0 && fault.is_none()))
}

//! `baton message` and `baton quarantine`: what came in, and what of it could not be read.

mod page;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::order::Page;
use super::order::stating::{self, Strike};
use crate::api::{Api, Request, System, encoded, with_query};
use crate::exit::{Failure, Outcome, Result};
use crate::{listing, print};

#[derive(Debug, Subcommand)]
pub(crate) enum Message {
    /// List messages, the newest first.
    List(List),
    /// Show a message, the facts that it yielded, and what of it could not be read.
    Show(One),
    /// Write the body of a message to standard output, byte for byte.
    Raw(One),
    /// State that something that a message says is wrong.
    Strike(Strike),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Quarantine {
    /// List what could not be read.
    List(QuarantineList),
    /// Show what was wrong with an item, where, and what was expected.
    Show(One),
    /// Write the body of an item's message to standard output, byte for byte.
    Raw(One),
    /// Read again what a mended pack can read now: one item, or all that fit.
    Reread(Reread),
    /// Say that an item does not matter, and why.
    Discard(Discard),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only those of this source.
    #[arg(long)]
    source: Option<String>,
    #[command(flatten)]
    page: Page,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// Its id.
    id: String,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct QuarantineList {
    /// open (the default), reread, discarded or all.
    #[arg(long)]
    state: Option<String>,
    /// Only those of this code.
    #[arg(long)]
    code: Option<String>,
    /// Only those of this source's messages.
    #[arg(long)]
    source: Option<String>,
    #[command(flatten)]
    page: Page,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Reread {
    /// The item; without it all open ones that fit.
    id: Option<String>,
    /// Only those of this code.
    #[arg(long, conflicts_with = "id")]
    code: Option<String>,
    /// Only those of this source's messages.
    #[arg(long, conflicts_with = "id")]
    source: Option<String>,
    /// All open ones, whatever they are.
    #[arg(long, conflicts_with_all = ["id", "code", "source"])]
    all: bool,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Discard {
    /// The item.
    id: String,
    /// Why it does not matter.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    system: System,
}

pub(crate) fn run(message: &Message, json: bool) -> Result<Outcome> {
    match message {
        Message::List(list) => {
            let query = [
                ("source", list.source.clone()),
                ("limit", list.page.limit.map(|limit| limit.to_string())),
                ("cursor", list.page.cursor.clone()),
            ];
            let columns = [
                ("id", "/id"),
                ("source", "/source"),
                ("received", "/received_at"),
                ("type", "/content_type"),
                ("bytes", "/size_bytes"),
                ("repeats", "/repeats"),
            ];
            let found = list.system.reach()?.get(&with_query("/v1/messages", &query))?;
            listing::print(&found, columns, json)?;
        }
        Message::Show(one) => {
            let path = format!("/v1/messages/{}", encoded(&one.id));
            shown(&one.system.reach()?.get(&path)?, json, page::message)?;
        }
        Message::Raw(one) => raw(&one.system.reach()?, &one.id)?,
        Message::Strike(strike) => stating::strike(strike, json)?,
    }
    Ok(Outcome::Fine)
}

fn shown(document: &Value, json: bool, page: fn(&Value) -> String) -> Result<()> {
    if json { print::json(document) } else { print::text(&page(document)) }
}

fn raw(api: &Api, id: &str) -> Result<()> {
    let path = format!("/v1/messages/{}/raw", encoded(id));
    let request = Request { method: "GET", path: &path, headers: Vec::new(), body: Vec::new() };
    print::bytes(&api.bytes(request)?)
}

pub(crate) fn run_quarantine(quarantine: &Quarantine, json: bool) -> Result<Outcome> {
    let item = |id: &str| format!("/v1/quarantine/{}", encoded(id));
    match quarantine {
        Quarantine::List(list) => run_quarantine_list(list, json)?,
        Quarantine::Show(one) => {
            shown(&one.system.reach()?.get(&item(&one.id))?, json, page::quarantined)?;
        }
        Quarantine::Raw(one) => {
            let api = one.system.reach()?;
            let found = api.get(&item(&one.id))?;
            let message = found["message"].as_str();
            raw(&api, message.ok_or_else(|| Failure::failed("the item names no message"))?)?;
        }
        Quarantine::Reread(reread) => return run_reread(reread, json),
        Quarantine::Discard(discard) => {
            let path = format!("{}/discard", item(&discard.id));
            let body = json!({ "reason": discard.reason });
            let answer = discard.system.reach()?.post(&path, &body)?;
            if json {
                print::json(&answer)?;
            } else {
                print::line(&format!("{} discarded", discard.id))?;
            }
        }
    }
    Ok(Outcome::Fine)
}

fn run_quarantine_list(list: &QuarantineList, json: bool) -> Result<()> {
    let query = [
        ("state", list.state.clone()),
        ("code", list.code.clone()),
        ("source", list.source.clone()),
        ("limit", list.page.limit.map(|limit| limit.to_string())),
        ("cursor", list.page.cursor.clone()),
    ];
    let columns = [
        ("id", "/id"),
        ("source", "/source"),
        ("opened", "/opened_at"),
        ("state", "/state"),
        ("code", "/code"),
        ("part", "/part"),
        ("what", "/error/message"),
    ];
    let found = list.system.reach()?.get(&with_query("/v1/quarantine", &query))?;
    listing::print(&found, columns, json)
}

fn run_reread(reread: &Reread, json: bool) -> Result<Outcome> {
    let bulk = reread.all || reread.code.is_some() || reread.source.is_some();
    let (path, body) = match &reread.id {
        Some(id) => (format!("/v1/quarantine/{}/reread", encoded(id)), json!({})),
        None if bulk => {
            let body = json!({ "code": reread.code, "source": reread.source });
            ("/v1/quarantine/reread".to_owned(), body)
        }
        None => {
            let text = "say which: an item's id, --code or --source, or --all";
            return Err(Failure::usage(text));
        }
    };
    let answer = reread.system.reach()?.post(&path, &body)?;
    if json {
        print::json(&answer)?;
    } else {
        let count = |name: &str| answer[name].as_u64().unwrap_or_default();
        print::line(&format!(
            "{} read again: {}, {} still cannot be read",
            print::count(count("messages"), "message"),
            print::count(count("facts"), "fact"),
            print::count(count("faults"), "part"),
        ))?;
        if count("faults") > 0 {
            eprintln!("those are new items: `baton quarantine list` has them");
        }
        if answer["more"] == true {
            eprintln!("there are more: run the same again");
        }
    }
    Ok(Outcome::of(answer["faults"] == 0))
}

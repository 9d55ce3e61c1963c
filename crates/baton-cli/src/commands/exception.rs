//! `baton exception`: what went wrong, and that it is not to count.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::Value;

use super::order::stating::{self, Waive};
use super::order::{Page, find};
use crate::api::{System, encoded, with_query};
use crate::exit::{Outcome, Result};
use crate::listing::cell;
use crate::print::{Tone, paint};
use crate::{listing, print};

#[derive(Debug, Subcommand)]
pub(crate) enum Exception {
    /// List exceptions, the latest first, or what matters most first.
    List(List),
    /// Show an exception and what it rests on.
    Show(Show),
    /// State that an exception is not to count, and why.
    Waive(Waive),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only those of this code, such as E-TRN-05.
    #[arg(long)]
    code: Option<String>,
    /// Only those in this state: open, cleared, waived, disproved or not_provable.
    #[arg(long)]
    state: Option<String>,
    /// Only those at least so severe, 1 (notice) to 4 (critical).
    #[arg(long, value_name = "SEVERITY")]
    severity_min: Option<u8>,
    /// Only those that this partner is liable for.
    #[arg(long)]
    partner: Option<String>,
    /// Only those of orders of the customers that the key's holder looks after: `PUT /v1/my-customers`.
    #[arg(long)]
    my_customers: bool,
    /// Only those of this order, by its id or any number that it has.
    #[arg(long)]
    order: Option<String>,
    /// What is open, in the order of its rank: by severity, the money at stake, and the time left.
    #[arg(long)]
    rank: bool,
    #[command(flatten)]
    page: Page,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Its id.
    exception: String,
    #[command(flatten)]
    system: System,
}

pub(crate) fn run(exception: &Exception, json: bool) -> Result<Outcome> {
    match exception {
        Exception::List(list) => run_list(list, json)?,
        Exception::Show(show) => {
            let path = format!("/v1/exceptions/{}", encoded(&show.exception));
            let document = show.system.reach()?.get(&path)?;
            if json {
                print::json(&document)?;
            } else {
                print::text(&page(&document))?;
            }
        }
        Exception::Waive(waive) => stating::waive(waive, json)?,
    }
    Ok(Outcome::Fine)
}

/// An exception as a page of text. Writing to a string cannot fail.
fn page(exception: &Value) -> String {
    let state = cell(&exception["state"]);
    let tone = if state == "open" { Tone::Bad } else { Tone::Quiet };
    let mut text = paint(Tone::Strong, &cell(&exception["id"]));
    let (code, name) = (cell(&exception["code"]), cell(&exception["name"]));
    let _ = writeln!(text, " {} {code} {name}", paint(tone, &state.replace('_', " ")));
    let _ = writeln!(text, "  {}", exception["summary"].as_str().unwrap_or_default());
    let derived = &exception["derived"];
    let about = cell(&derived["object_name"]);
    let rows = [
        ("about", format!("{} {about}", cell(&exception["object"]))),
        ("severity", format!("{} of 4", exception["severity"])),
        ("opened", cell(&exception["opened_at"])),
        ("closed", cell(&exception["closed_at"])),
        ("liable", format!("{} {}", cell(&exception["liable"]), cell(&exception["partner"]))),
        ("expected", cell(&exception["expectation"])),
        ("at stake", cell(&derived["money_at_stake"])),
    ];
    for (what, told) in rows.iter().filter(|(_, told)| told != "-" && told != "- -") {
        let _ = writeln!(text, "  {what:<10} {told}");
    }
    for act in derived["acts"].as_array().into_iter().flatten() {
        let _ = writeln!(text, "  {:<10} {}", cell(&act["act"]), cell(&act["at"]));
    }
    let facts = derived["facts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ids: Vec<String> = facts.iter().map(cell).collect();
    if !ids.is_empty() {
        let _ = writeln!(text, "  {:<10} {}", "rests on", paint(Tone::Quiet, &ids.join(", ")));
    }
    text
}

fn run_list(list: &List, json: bool) -> Result<()> {
    let api = list.system.reach()?;
    let order = list.order.as_deref().map(|order| find(&api, order)).transpose()?;
    let path = with_query(
        "/v1/exceptions",
        &[
            ("code", list.code.clone()),
            ("state", list.state.clone()),
            ("severity_min", list.severity_min.map(|severity| severity.to_string())),
            ("partner", list.partner.clone()),
            ("my_customers", list.my_customers.then(|| "true".to_owned())),
            ("order", order),
            ("sort", list.rank.then(|| "rank".to_owned())),
            ("limit", list.page.limit.map(|limit| limit.to_string())),
            ("cursor", list.page.cursor.clone()),
        ],
    );
    let columns = [
        ("id", "/id"),
        ("code", "/code"),
        ("rank", "/rank/sum"),
        ("sev", "/severity"),
        ("state", "/state"),
        ("opened", "/opened_at"),
        ("liable", "/liable"),
        ("partner", "/partner"),
        ("summary", "/summary"),
    ];
    listing::print(&api.get(&path)?, columns, json)
}

//! `baton exception`: what went wrong.

use clap::{Args, Subcommand};

use super::order::{Page, find};
use crate::api::{System, encoded, with_query};
use crate::exit::{Outcome, Result};
use crate::{listing, print};

#[derive(Debug, Subcommand)]
pub(crate) enum Exception {
    /// List exceptions, the latest first.
    List(List),
    /// Show an exception and what it rests on.
    Show(Show),
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
    /// Only those of this order, by its id or any number that it has.
    #[arg(long)]
    order: Option<String>,
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
            print::json(&show.system.reach()?.get(&path)?)?;
        }
    }
    Ok(Outcome::Fine)
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
            ("order", order),
            ("limit", list.page.limit.map(|limit| limit.to_string())),
            ("cursor", list.page.cursor.clone()),
        ],
    );
    let columns = [
        ("id", "/id"),
        ("code", "/code"),
        ("sev", "/severity"),
        ("state", "/state"),
        ("opened", "/opened_at"),
        ("liable", "/liable"),
        ("partner", "/partner"),
        ("summary", "/summary"),
    ];
    listing::print(&api.get(&path)?, columns, json)
}

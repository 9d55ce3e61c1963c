//! `baton order track`: links by which a customer follows an order.

use baton_core::time::Instant;
use clap::{Args, Subcommand};
use serde_json::json;

use super::find;
use crate::api::{System, encoded};
use crate::exit::Result;
use crate::{listing, print};

#[derive(Debug, Subcommand)]
pub(crate) enum Track {
    /// Make a link to the page on which a customer follows an order; it is shown once.
    New(New),
    /// List the links of an order.
    List(List),
    /// End a link at once.
    End(End),
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The order, by its id or any number that it has.
    order: String,
    /// Whom it is for, to tell links apart by.
    #[arg(long = "for", value_name = "LABEL")]
    label: String,
    /// When it ends; in 90 days, if left out.
    #[arg(long, value_name = "INSTANT")]
    until: Option<Instant>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The order, by its id or any number that it has.
    order: String,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct End {
    /// The link's id, as the list has it.
    link: String,
    #[command(flatten)]
    system: System,
}

pub(super) fn run(track: &Track, json: bool) -> Result<()> {
    match track {
        Track::New(new) => {
            let api = new.system.reach()?;
            let path = format!("/v1/orders/{}/tracking-links", encoded(&find(&api, &new.order)?));
            let body = match new.until {
                Some(until) => json!({ "label": new.label, "expires_at": until }),
                None => json!({ "label": new.label }),
            };
            let made = api.post(&path, &body)?;
            if json {
                return print::json(&made);
            }
            // Alone, so that it can be passed on; the rest is beside the data.
            eprintln!(
                "{} holds until {}; where browsers reach this Baton, its page is at",
                listing::cell(&made["id"]),
                listing::cell(&made["expires_at"]),
            );
            print::line(made["path"].as_str().unwrap_or_default())
        }
        Track::List(list) => {
            let api = list.system.reach()?;
            let path = format!("/v1/orders/{}/tracking-links", encoded(&find(&api, &list.order)?));
            let columns = [
                ("id", "/id"),
                ("for", "/label"),
                ("made", "/created_at"),
                ("by", "/created_by"),
                ("until", "/expires_at"),
                ("ended", "/revoked_at"),
            ];
            listing::print(&api.get(&path)?, columns, json)
        }
        Track::End(end) => {
            let api = end.system.reach()?;
            let ended = api.delete(&format!("/v1/tracking-links/{}", encoded(&end.link)))?;
            if json {
                return print::json(&ended);
            }
            print::line(&format!("{} is ended", end.link))
        }
    }
}

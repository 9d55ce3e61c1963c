//! `baton user`: the people who sign in. They set their passwords themselves, by a link that is shown
//! once to whoever invites them.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::api::{System, encoded};
use crate::exit::{Outcome, Result};
use crate::{listing, print};

/// What people can be.
const ROLES: [&str; 9] = [
    "operator",
    "admin",
    "operations",
    "finance",
    "customer_success",
    "partner_manager",
    "executive",
    "auditor",
    "partner",
];

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Invite somebody; prints the link by which they set their password, once.
    #[command(visible_alias = "add")]
    Invite(Invite),
    /// List users.
    List(Everybody),
    /// Make a link to set another password with, and unlock the login; prints it, once.
    Reset(One),
    /// End somebody's seat at once.
    Disable(One),
}

#[derive(Debug, Args)]
pub(crate) struct Invite {
    /// The e-mail address to sign in by.
    login: String,
    /// How the person is called.
    #[arg(long)]
    name: String,
    /// What they may do; the reference's page on permissions has it all.
    #[arg(long, value_parser = ROLES)]
    role: String,
    /// Whose view they have, for the role partner.
    #[arg(long)]
    partner: Option<String>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Everybody {
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// The user's id, as `baton user list` shows it.
    id: String,
    #[command(flatten)]
    system: System,
}

pub(crate) fn run(user: &User, json: bool) -> Result<Outcome> {
    match user {
        User::Invite(new) => {
            let body = json!({
                "login": new.login, "name": new.name, "role": new.role, "partner": new.partner,
            });
            shown_once(&new.system.reach()?.post("/v1/users", &body)?, json)?;
        }
        User::List(all) => {
            let columns = [
                ("id", "/id"),
                ("login", "/login"),
                ("name", "/name"),
                ("role", "/role"),
                ("partner", "/partner"),
                ("invited", "/invited_at"),
                ("accepted", "/accepted_at"),
                ("disabled", "/disabled_at"),
            ];
            listing::print(&all.system.reach()?.get("/v1/users")?, columns, json)?;
        }
        User::Reset(one) => {
            let path = format!("/v1/users/{}/reset", encoded(&one.id));
            shown_once(&one.system.reach()?.post(&path, &json!({}))?, json)?;
        }
        User::Disable(one) => {
            let path = format!("/v1/users/{}", encoded(&one.id));
            let answer = one.system.reach()?.delete(&path)?;
            if json {
                print::json(&answer)?;
            } else {
                print::line(&format!("{} has no seat any more", one.id))?;
            }
        }
    }
    Ok(Outcome::Fine)
}

/// The link alone on standard output, for scripts; what to do with it beside it.
fn shown_once(answer: &Value, json: bool) -> Result<()> {
    if json {
        return print::json(answer);
    }
    eprintln!(
        "the link for {}, shown this once, good until {}; it goes with the new password to POST /v1/invitation:",
        answer["login"].as_str().unwrap_or_default(),
        answer["expires_at"].as_str().unwrap_or_default(),
    );
    print::line(answer["link"].as_str().unwrap_or_default())
}

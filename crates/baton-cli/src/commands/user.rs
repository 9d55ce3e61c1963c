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
    /// Invite somebody; sends the link by which they set their password, or prints it once.
    #[command(visible_alias = "add")]
    Invite(Invite),
    /// List users.
    List(Everybody),
    /// Change how somebody is called, what they may do, or whose view they have. What is not said stays.
    Change(Change),
    /// Make a link to set another password with, and unlock the login; sends it, or prints it once.
    Reset(One),
    /// Take the second factor away of somebody who lost it, and end their sessions.
    RemoveSecondFactor(One),
    /// End every session of somebody.
    SignOut(One),
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
    /// In which they are written to; the tenant's language otherwise.
    #[arg(long, value_parser = ["en", "de"])]
    language: Option<String>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Change {
    /// The user's id, as `baton user list` shows it.
    id: String,
    /// How the person is called.
    #[arg(long)]
    name: Option<String>,
    /// What they may do.
    #[arg(long, value_parser = ROLES)]
    role: Option<String>,
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
                "language": new.language,
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
                ("second factor", "/has_second_factor"),
                ("disabled", "/disabled_at"),
            ];
            listing::print(&all.system.reach()?.get("/v1/users")?, columns, json)?;
        }
        User::Change(change) => {
            let answer = changed(change)?;
            if json {
                print::json(&answer)?;
            } else {
                let role = answer["role"].as_str().unwrap_or_default();
                print::line(&format!("{} is {role} from now on", change.id))?;
            }
        }
        User::RemoveSecondFactor(one) => {
            let words = "signs in without a second factor, and has to anew";
            ended(one, ("/second-factor", words), json)?;
        }
        User::SignOut(one) => ended(one, ("/sessions", "has no session any more"), json)?,
        User::Reset(one) => {
            let path = format!("/v1/users/{}/reset", encoded(&one.id));
            shown_once(&one.system.reach()?.post(&path, &json!({}))?, json)?;
        }
        User::Disable(one) => ended(one, ("", "has no seat any more"), json)?,
    }
    Ok(Outcome::Fine)
}

/// Ends what of a user has this path, and says so.
fn ended(one: &One, (what, words): (&str, &str), json: bool) -> Result<()> {
    let path = format!("/v1/users/{}{what}", encoded(&one.id));
    let answer = one.system.reach()?.delete(&path)?;
    if json {
        return print::json(&answer);
    }
    print::line(&format!("{} {words}", one.id))
}

/// The whole seat as it is to be: what was not said is as it was.
fn changed(change: &Change) -> Result<Value> {
    let api = change.system.reach()?;
    let known = api.get("/v1/users")?;
    let is_it = |user: &&Value| user["id"] == change.id.as_str();
    let user = known["items"].as_array().and_then(|users| users.iter().find(is_it));
    let was = |field: &str| user.and_then(|user| user[field].as_str()).map(str::to_owned);
    let role = change.role.clone().or_else(|| was("role"));
    let is_partner = role.as_deref() == Some("partner");
    let partner = change.partner.clone().or_else(|| was("partner").filter(|_| is_partner));
    let name = change.name.clone().or_else(|| was("name")).unwrap_or_default();
    // Where there is no such user, the server says so.
    let role = role.unwrap_or_else(|| "auditor".to_owned());
    let body = json!({ "name": name, "role": role, "partner": partner });
    api.put(&format!("/v1/users/{}", encoded(&change.id)), &body)
}

/// The link alone on standard output, for scripts; what to do with it beside it. One that was sent is not
/// shown.
fn shown_once(answer: &Value, json: bool) -> Result<()> {
    if json {
        return print::json(answer);
    }
    let login = answer["login"].as_str().unwrap_or_default();
    let until = answer["expires_at"].as_str().unwrap_or_default();
    let Some(link) = answer["link"].as_str() else {
        return print::line(&format!("a link, good until {until}, was sent to {login}"));
    };
    if let Some(why) = answer["mail_failure"].as_str() {
        eprintln!("{why}; hand the link over yourself");
    }
    eprintln!(
        "the link for {login}, shown this once, good until {until}; they open /invitation#LINK at Baton's address:"
    );
    print::line(link)
}

//! `baton source`, `partner`, `tenant` and `key`: what those who run Baton work with.

use baton_core::time::{Duration, Instant};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::brand::{self, Brand};
use crate::api::{System, encoded};
use crate::exit::{Outcome, Result};
use crate::{listing, print};

/// What a key can be made for; sources' keys are made with their source.
const KEY_ROLES: [&str; 10] = [
    "operator",
    "admin",
    "operations",
    "finance",
    "customer_success",
    "partner_manager",
    "executive",
    "auditor",
    "partner",
    "monitor",
];

#[derive(Debug, Subcommand)]
pub(crate) enum Source {
    /// Make a source; prints its key, once.
    Add(NewSource),
    /// List sources.
    List(Everything),
    /// Change a source, disable it, or have it go on. What is not said stays.
    Change(SourceChange),
    /// Make a new key for a source; prints it, once. The old ones end after an overlap.
    Rotate(Rotate),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Partner {
    /// Add a partner, or change the one of this key.
    Add(NewPartner),
    /// List partners.
    List(Everything),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Tenant {
    /// Make a tenant with the shipped packs active; prints the key that runs it, once.
    #[command(visible_alias = "create")]
    Add(NewTenant),
    /// List tenants.
    List(Everything),
    /// Show as whose the pages look, or set it.
    Brand(Box<Brand>),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a key; prints it, once.
    #[command(visible_alias = "create")]
    Add(NewKey),
    /// List keys. The keys themselves are not kept.
    List(Everything),
    /// Make another key that may the same; prints it, once. The old one ends after an overlap.
    Rotate(RotateKey),
    /// End a key at once.
    Revoke(Revoke),
}

#[derive(Debug, Args)]
pub(crate) struct Everything {
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct NewSource {
    /// Lower-case letters, digits and hyphens; part of the address that messages are sent to.
    source: String,
    /// Whose feed it is. A partner that is not there yet is added.
    #[arg(long)]
    partner: Option<String>,
    /// What the sender is to an order: commerce, seller, oem, distributor, carrier, service, finance …
    #[arg(long)]
    role: String,
    /// The connector that reads it, as the active packs name it.
    #[arg(long)]
    connector: String,
    /// A name for people.
    #[arg(long)]
    name: Option<String>,
    /// It is silent when not heard for this long, such as 48h.
    #[arg(long, value_name = "DURATION")]
    silent_after: Option<Duration>,
    /// From where its keys hold, such as 192.0.2.0/24; may be said several times. Everywhere otherwise.
    #[arg(long = "network", value_name = "CIDR")]
    networks: Vec<String>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct SourceChange {
    /// The source.
    source: String,
    /// The connector that reads it, as the active packs name it.
    #[arg(long)]
    connector: Option<String>,
    /// A name for people.
    #[arg(long)]
    name: Option<String>,
    /// It is silent when not heard for this long, such as 48h.
    #[arg(long, value_name = "DURATION")]
    silent_after: Option<Duration>,
    /// From where its keys hold, instead of what was said before; may be said several times.
    #[arg(long = "network", value_name = "CIDR", conflicts_with = "everywhere")]
    networks: Vec<String>,
    /// Its keys hold from everywhere.
    #[arg(long)]
    everywhere: bool,
    /// Its keys are refused from now on.
    #[arg(long, conflicts_with = "enable")]
    disable: bool,
    /// Its keys hold again.
    #[arg(long)]
    enable: bool,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Rotate {
    /// The source.
    source: String,
    /// How long the old keys still hold; 24h otherwise.
    #[arg(long, value_name = "DURATION")]
    overlap: Option<Duration>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct NewPartner {
    /// Lower-case letters, digits and hyphens.
    partner: String,
    /// A name for people.
    #[arg(long)]
    name: Option<String>,
    /// What it usually is to an order.
    #[arg(long)]
    role: String,
    /// Whether it sees prices, totals and exceptions about money; as it was, if left out.
    #[arg(long, value_name = "BOOL")]
    sees_prices: Option<bool>,
    /// Whether it sees customers' names; as it was, if left out.
    #[arg(long, value_name = "BOOL")]
    sees_names: Option<bool>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct NewTenant {
    /// Lower-case letters, digits and hyphens.
    // Not `tenant`: that is the option that says which tenant a command is about.
    #[arg(value_name = "TENANT")]
    new_tenant: String,
    /// A name for people.
    #[arg(long)]
    name: Option<String>,
    /// A sandbox: its clock stands at this instant.
    #[arg(long, value_name = "INSTANT")]
    sandbox_at: Option<Instant>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct NewKey {
    /// Who or what will use it: what the key does is kept under this name.
    label: String,
    /// What it may do; the reference's page on permissions has it all.
    #[arg(long, value_parser = KEY_ROLES)]
    role: String,
    /// Whose view it has, for the role partner.
    #[arg(long)]
    partner: Option<String>,
    /// When it ends.
    #[arg(long, value_name = "INSTANT")]
    expires_at: Option<Instant>,
    /// From where it holds, such as 192.0.2.0/24; may be said several times. Everywhere otherwise.
    #[arg(long = "network", value_name = "CIDR")]
    networks: Vec<String>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct RotateKey {
    /// The key's id.
    id: String,
    /// How long the old key still holds; 24h otherwise.
    #[arg(long, value_name = "DURATION")]
    overlap: Option<Duration>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The key's id.
    id: String,
    #[command(flatten)]
    system: System,
}

pub(crate) fn run_source(source: &Source, json: bool) -> Result<Outcome> {
    match source {
        Source::Add(new) => add_source(new, json)?,
        Source::List(all) => {
            let columns = [
                ("source", "/source"),
                ("partner", "/partner"),
                ("role", "/role"),
                ("connector", "/connector"),
                ("heard", "/heard_at"),
                ("silent after", "/silent_after"),
                ("networks", "/networks"),
                ("disabled", "/disabled_at"),
            ];
            listing::print(&all.system.reach()?.get("/v1/sources")?, columns, json)?;
        }
        Source::Change(change) => change_source(change, json)?,
        Source::Rotate(rotate) => {
            let path = format!("/v1/sources/{}/keys", encoded(&rotate.source));
            let body = json!({ "overlap": rotate.overlap });
            shown_once(&rotate.system.reach()?.post(&path, &body)?, json)?;
        }
    }
    Ok(Outcome::Fine)
}

fn change_source(change: &SourceChange, json: bool) -> Result<()> {
    let said = change.everywhere || !change.networks.is_empty();
    let body = json!({
        "name": change.name,
        "connector": change.connector,
        "silent_after": change.silent_after,
        "networks": said.then_some(&change.networks),
        "disabled": if change.disable { Some(true) } else { change.enable.then_some(false) },
    });
    let path = format!("/v1/sources/{}", encoded(&change.source));
    let answer = change.system.reach()?.post(&path, &body)?;
    if json {
        return print::json(&answer);
    }
    let disabled = if answer["disabled_at"].is_null() { "" } else { ", disabled" };
    print::line(&format!("source {} changed{disabled}", change.source))
}

fn add_source(new: &NewSource, json: bool) -> Result<()> {
    let api = new.system.reach()?;
    if let Some(partner) = &new.partner {
        let known = api.get("/v1/partners")?;
        let is_it = |item: &Value| item["partner"] == partner.as_str();
        if !known["items"].as_array().is_some_and(|all| all.iter().any(is_it)) {
            let added = json!({ "partner": partner, "name": partner, "role": new.role });
            api.post("/v1/partners", &added)?;
        }
    }
    let body = json!({
        "source": new.source,
        "name": new.name,
        "partner": new.partner,
        "role": new.role,
        "connector": new.connector,
        "silent_after": new.silent_after,
        "networks": new.networks,
    });
    shown_once(&api.post("/v1/sources", &body)?, json)
}

/// A key alone on standard output, for scripts; the warning beside it.
fn shown_once(answer: &Value, json: bool) -> Result<()> {
    if json {
        return print::json(answer);
    }
    eprintln!("the key, shown this once:");
    print::line(answer["key"].as_str().unwrap_or_default())
}

pub(crate) fn run_partner(partner: &Partner, json: bool) -> Result<Outcome> {
    match partner {
        Partner::Add(new) => {
            let name = new.name.as_ref().unwrap_or(&new.partner);
            let body = json!({
                "partner": new.partner,
                "name": name,
                "role": new.role,
                "sees_prices": new.sees_prices,
                "sees_names": new.sees_names,
            });
            let answer = new.system.reach()?.post("/v1/partners", &body)?;
            if json {
                print::json(&answer)?;
            } else {
                print::line(&format!("partner {}", new.partner))?;
            }
        }
        Partner::List(all) => {
            let columns = [
                ("partner", "/partner"),
                ("name", "/name"),
                ("role", "/role"),
                ("prices", "/sees_prices"),
                ("names", "/sees_names"),
            ];
            listing::print(&all.system.reach()?.get("/v1/partners")?, columns, json)?;
        }
    }
    Ok(Outcome::Fine)
}

pub(crate) fn run_tenant(tenant: &Tenant, json: bool) -> Result<Outcome> {
    match tenant {
        Tenant::Add(new) => {
            let clock = new.sandbox_at.map_or_else(
                || json!({ "kind": "real" }),
                |at| json!({ "kind": "simulated", "at": at, "speed_per_mille": 0 }),
            );
            let body = json!({ "tenant": new.new_tenant, "name": new.name, "clock": clock });
            shown_once(&new.system.reach()?.post("/v1/tenants", &body)?, json)?;
        }
        Tenant::List(all) => {
            let columns = [
                ("tenant", "/tenant"),
                ("name", "/name"),
                ("clock", "/clock"),
                ("made", "/created_at"),
            ];
            listing::print(&all.system.reach()?.get("/v1/tenants")?, columns, json)?;
        }
        Tenant::Brand(brand) => return brand::run(brand, json),
    }
    Ok(Outcome::Fine)
}

pub(crate) fn run_key(key: &Key, json: bool) -> Result<Outcome> {
    match key {
        Key::Add(new) => {
            let body = json!({
                "label": new.label,
                "role": new.role,
                "partner": new.partner,
                "expires_at": new.expires_at,
                "networks": new.networks,
            });
            shown_once(&new.system.reach()?.post("/v1/keys", &body)?, json)?;
        }
        Key::List(all) => {
            let columns = [
                ("id", "/id"),
                ("begins", "/prefix"),
                ("label", "/label"),
                ("role", "/role"),
                ("partner", "/partner"),
                ("networks", "/networks"),
                ("last used", "/last_used_at"),
                ("expires", "/expires_at"),
                ("revoked", "/revoked_at"),
            ];
            listing::print(&all.system.reach()?.get("/v1/keys")?, columns, json)?;
        }
        Key::Rotate(rotate) => {
            let path = format!("/v1/keys/{}/rotate", encoded(&rotate.id));
            let body = json!({ "overlap": rotate.overlap });
            shown_once(&rotate.system.reach()?.post(&path, &body)?, json)?;
        }
        Key::Revoke(revoke) => {
            let path = format!("/v1/keys/{}", encoded(&revoke.id));
            let answer = revoke.system.reach()?.delete(&path)?;
            if json {
                print::json(&answer)?;
            } else {
                print::line(&format!("{} has ended", revoke.id))?;
            }
        }
    }
    Ok(Outcome::Fine)
}

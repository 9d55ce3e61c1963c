//! `baton doctor`: looks a system over and says what to do. `baton migrate`: brings its tables up to
//! date. Both look at the store itself and start nothing, so they can be used beside a running server.

use std::time::Instant;

use baton_core::time::Duration as Length;
use baton_server::activation;
use baton_server::clock::machine_now;
use baton_server::packs::compile;
use baton_store::tenants::{self, Clock, Tenant};
use baton_store::{
    FILE_NAME, Location, Scope, Settings, Store, messages, pending, quarantine, sources,
};
use clap::Args;
use serde::Serialize;

use crate::exit::{Outcome, Result};
use crate::place::{self, Place};
use crate::print::{self, Tone, paint};

/// A small durable write that takes longer makes a slow system.
const SLOW_WRITE_MS: u128 = 50;
/// A clock that is behind what was recorded by more than this is wrong.
const CLOCK_BEHIND_MAX: Length = Length::minutes(1);
/// So many waiting messages are a backlog.
const WAITING_MANY: i64 = 10_000;

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Migrate {
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run_migrate(migrate: &Migrate, json: bool) -> Result<Outcome> {
    let location = migrate.place.stated()?;
    let store = Store::open(&location, &Settings::default())?;
    let (before, after) = store.migrate()?;
    if json {
        print::json(&serde_json::json!({ "before": before, "after": after }))?;
    } else if before == after {
        print::line(&format!("schema version {after}: nothing to do"))?;
    } else {
        print::line(&format!("schema version {before} is now {after}"))?;
    }
    Ok(Outcome::Fine)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Health {
    Ok,
    Warn,
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Line {
    what: String,
    health: Health,
    found: String,
    /// Empty where there is nothing to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    what_to_do: String,
}

fn line(what: &str, health: Health, found: impl Into<String>, what_to_do: &str) -> Line {
    let (what, what_to_do) = (what.to_owned(), what_to_do.to_owned());
    Line { what, health, found: found.into(), what_to_do }
}

pub(crate) fn run(doctor: &Doctor, json: bool) -> Result<Outcome> {
    let location = doctor.place.stated()?;
    let mut lines = vec![disk(&location)];
    match place::open(&location) {
        Err(failure) => {
            let what_to_do = match location {
                Location::Folder(_) => "start `baton serve` on it, or run `baton migrate`",
                Location::Database(_) => "see that the database runs, then run `baton migrate`",
            };
            lines.push(line("store", Health::Fail, failure.to_string(), what_to_do));
        }
        Ok(store) => {
            lines.push(line("store", Health::Ok, "opens, and its schema is the program's", ""));
            lines.extend(contents(&store)?);
        }
    }
    let worst = lines.iter().map(|line| line.health).max().unwrap_or(Health::Ok);
    if json {
        print::json(&serde_json::json!({ "health": worst, "items": lines }))?;
    } else {
        lines.iter().try_for_each(|line| print::text(&told(line)))?;
    }
    Ok(Outcome::of(worst < Health::Fail))
}

fn told(line: &Line) -> String {
    let mark = match line.health {
        Health::Ok => paint(Tone::Good, "ok  "),
        Health::Warn => paint(Tone::Warning, "warn"),
        Health::Fail => paint(Tone::Bad, "fail"),
    };
    let mut text = format!("{mark} {}: {}\n", line.what, line.found);
    if !line.what_to_do.is_empty() {
        text.push_str(&format!("     {}\n", line.what_to_do));
    }
    text
}

fn disk(location: &Location) -> Line {
    let Location::Folder(folder) = location else {
        return line("disk", Health::Ok, "the database keeps it", "");
    };
    if !folder.join(FILE_NAME).is_file() {
        let found = format!("there is no Baton data in {}", folder.display());
        return line("disk", Health::Fail, found, "name the folder that `baton serve` uses");
    }
    let began = Instant::now();
    match write_durably(folder) {
        Ok(()) => {
            let took_ms = began.elapsed().as_millis();
            let slow = took_ms > SLOW_WRITE_MS;
            let health = if slow { Health::Warn } else { Health::Ok };
            let what_to_do = if slow { "a faster disk makes a faster system" } else { "" };
            line("disk", health, format!("a small durable write takes {took_ms} ms"), what_to_do)
        }
        Err(why) => {
            let what_to_do = "free some space, or let this user write to the folder";
            line("disk", Health::Fail, format!("cannot write: {why}"), what_to_do)
        }
    }
}

fn write_durably(folder: &std::path::Path) -> std::io::Result<()> {
    let path = folder.join(format!("doctor-{}.tmp", std::process::id()));
    let written = std::fs::File::create(&path).and_then(|mut file| {
        std::io::Write::write_all(&mut file, b"doctor")?;
        file.sync_all()
    });
    let removed = std::fs::remove_file(&path);
    written.and(removed)
}

fn contents(store: &Store) -> Result<Vec<Line>> {
    let all = store.read(|tx| tenants::list(tx, &Scope::operator()))?;
    if all.is_empty() {
        let what_to_do = "start `baton serve` on it once, or make one with `baton tenant add`";
        return Ok(vec![line("tenants", Health::Warn, "there are none", what_to_do)]);
    }
    let mut lines = Vec::new();
    for tenant in &all {
        lines.extend(of_tenant(store, tenant)?);
    }
    Ok(lines)
}

fn of_tenant(store: &Store, tenant: &Tenant) -> Result<Vec<Line>> {
    let scope = Scope::tenant(tenant.id);
    let named = |what: &str| format!("{what} of {}", tenant.key);
    let (packs, sources, waiting, quarantined, newest) = store.read(|tx| {
        let packs = activation::stored(tx, &scope)?;
        let sources = sources::list(tx, &scope)?;
        let waiting = pending::count(tx, &scope, i64::MAX)?;
        let quarantined = quarantine::count_open(tx, &scope)?;
        let newest = messages::list(tx, &scope, None, None, 1)?.pop();
        Ok((packs, sources, waiting, quarantined, newest))
    })?;
    let mut lines = vec![packs_line(&named("packs"), &packs)];
    lines.push(sources_line(&named("sources"), &sources, tenant));
    lines.push(match (waiting, quarantined) {
        (waiting, _) if waiting > WAITING_MANY => {
            let found = format!("{waiting} messages wait to be read");
            line(&named("messages"), Health::Warn, found, "see that the server runs and keeps up")
        }
        (_, 0) => {
            line(&named("messages"), Health::Ok, format!("{waiting} wait, none in quarantine"), "")
        }
        (_, quarantined) => {
            let found = format!("{quarantined} parts in quarantine");
            line(&named("messages"), Health::Warn, found, "look with `baton quarantine list`")
        }
    });
    let behind = newest.map(|newest| newest.received_at.since(machine_now()));
    lines.push(match (tenant.clock, behind) {
        (Clock::Simulated { .. }, _) => line(&named("clock"), Health::Ok, "simulated", ""),
        (Clock::Real, Some(behind)) if behind > CLOCK_BEHIND_MAX => {
            let found = format!("this machine's clock is {behind} behind the newest message");
            line(&named("clock"), Health::Fail, found, "set the clock right before going on")
        }
        (Clock::Real, _) => line(&named("clock"), Health::Ok, "not behind what was received", ""),
    });
    Ok(lines)
}

fn packs_line(what: &str, packs: &activation::StoredPacks) -> Line {
    let names: Vec<String> =
        packs.active.iter().map(|pack| format!("{}@{}", pack.pack, pack.version)).collect();
    if names.is_empty() {
        return line(what, Health::Warn, "none is active", "`baton pack activate DIR`");
    }
    match compile(&packs.files) {
        Ok(_) => line(what, Health::Ok, names.join(", "), ""),
        Err(faults) => {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            let found = format!("{} faults, the first: {first}", faults.len());
            line(what, Health::Fail, found, "mend the pack and activate it again")
        }
    }
}

fn sources_line(what: &str, sources: &[sources::Source], tenant: &Tenant) -> Line {
    // A sandbox's silence is its own affair: its clock stands still while nothing runs.
    let now = match tenant.clock {
        Clock::Real => machine_now(),
        Clock::Simulated { simulated_at, .. } => simulated_at,
    };
    let is_silent = |source: &&sources::Source| {
        let since = source.heard_at.zip(source.silent_after);
        since.is_some_and(|(heard_at, silent_after)| heard_at + silent_after < now)
    };
    let silent: Vec<&str> =
        sources.iter().filter(is_silent).map(|source| source.key.as_str()).collect();
    if silent.is_empty() {
        return line(what, Health::Ok, format!("{}, none silent", sources.len()), "");
    }
    let found = format!("silent: {}", silent.join(", "));
    line(what, Health::Warn, found, "ask their senders, or see whether their keys have ended")
}

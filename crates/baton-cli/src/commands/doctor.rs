//! `baton doctor`: looks a system over and says what to do. `baton migrate`: brings its tables up to
//! date. On a folder or a database both look at the store itself and start nothing, so they can be used
//! beside a running server, or where it does not start; with `--url` the server looks itself over.

use baton_core::time::{Duration as Length, Instant};
use baton_server::clock::machine_now;
use baton_server::doctor::{self, Health, Line};
use baton_store::tenants::{self, Tenant};
use baton_store::{FILE_NAME, Location, Scope, Settings, Store};
use clap::Args;
use serde_json::Value;

use crate::api::{Api, System, Target, URL_VARIABLE};
use crate::exit::{Failure, Outcome, Result};
use crate::place::{self, Place, variable};
use crate::print::{self, Tone, paint};
use crate::record;

/// Clocks that are further apart than this mislead whoever compares times.
const CLOCKS_APART_MAX: Length = Length::minutes(1);

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Migrate {
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run_migrate(migrate: &Migrate, json: bool) -> Result<Outcome> {
    let location = migrate.place.stated()?;
    let store = Store::open(&location, &Settings::default())?;
    let (before, after) = record::migrate(&store)?;
    if json {
        print::json(&serde_json::json!({ "before": before, "after": after }))?;
    } else if before == after {
        print::line(&format!("schema version {after}: nothing to do"))?;
    } else {
        print::line(&format!("schema version {before} is now {after}"))?;
    }
    Ok(Outcome::Fine)
}

pub(crate) fn run(doctor: &Doctor, json: bool) -> Result<Outcome> {
    let system = &doctor.system;
    let lines = match system.target(variable(URL_VARIABLE))? {
        Target::Place(location) => of_place(&location, system.tenant.as_deref())?,
        Target::Server(_) => of_server(&system.reach()?)?,
    };
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

/// What can be seen without a server, as much of it as there is.
fn of_place(location: &Location, tenant: Option<&str>) -> Result<Vec<Line>> {
    let folder = match location {
        Location::Folder(folder) => Some(folder.as_path()),
        Location::Database(_) => None,
    };
    if let Some(folder) = folder.filter(|folder| !folder.join(FILE_NAME).is_file()) {
        let found = format!("there is no Baton data in {}", folder.display());
        let what_to_do =
            "name the folder that `baton serve` uses; it makes one where there is none";
        return Ok(vec![Line::new("disk", Health::Fail, found, what_to_do)]);
    }
    let broken = |failure: Failure| {
        let what_to_do = match location {
            Location::Folder(_) => "start `baton serve` on it, or run `baton migrate`",
            Location::Database(_) => "see that the database runs, then run `baton migrate`",
        };
        let store = Line::new("store", Health::Fail, failure.to_string(), what_to_do);
        vec![doctor::disk(folder), store]
    };
    let opened = place::open(location).and_then(|store| {
        let tenants = store.read(|tx| tenants::list(tx, &Scope::operator()))?;
        Ok((store, tenants))
    });
    let (store, tenants) = match opened {
        Ok(opened) => opened,
        Err(failure) => return Ok(broken(failure)),
    };
    let tenants = wanted(tenants, tenant)?;
    Ok(doctor::examine(&store, folder, &tenants).unwrap_or_else(|why| broken(why.into())))
}

/// The tenant that is named, or all.
fn wanted(all: Vec<Tenant>, named: Option<&str>) -> Result<Vec<Tenant>> {
    let Some(named) = named else { return Ok(all) };
    let found = all.into_iter().find(|tenant| tenant.key == named);
    let missing = || Failure::not_found(format!("there is no tenant `{named}`"));
    Ok(vec![found.ok_or_else(missing)?])
}

/// What the server says of itself, and how the two machines agree.
fn of_server(api: &Api) -> Result<Vec<Line>> {
    let answer = api.get("/v1/doctor")?;
    let broken = |why| Failure::failed(format!("the answer is no examination ({why}): try --json"));
    let items: Vec<Line> = serde_json::from_value(answer["items"].clone()).map_err(broken)?;
    let mut lines = vec![server(&answer), clocks(&answer, machine_now())];
    lines.extend(items);
    Ok(lines)
}

fn server(answer: &Value) -> Line {
    let (its, ours) = (answer["version"].as_str().unwrap_or("unknown"), env!("CARGO_PKG_VERSION"));
    if its == ours {
        return Line::well("server", format!("answers, version {its}"));
    }
    let found = format!("answers, version {its}; this program is version {ours}");
    Line::new("server", Health::Warn, found, "use the same version on both sides")
}

fn clocks(answer: &Value, now: Instant) -> Line {
    let at: Option<Instant> = answer["at"].as_str().and_then(|text| text.parse().ok());
    let apart = at.map_or(Length::ZERO, |at| at.since(now).max(now.since(at)));
    if apart <= CLOCKS_APART_MAX {
        return Line::well("clocks", "the server's and this machine's agree");
    }
    let found = format!("the server's and this machine's are {apart} apart");
    Line::new("clocks", Health::Warn, found, "set the one right that is wrong")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn versions_and_clocks_are_compared() {
        let now = Instant::from_seconds(1_000_000);
        let answer = |version: &str, seconds: i64| {
            let at = Instant::from_seconds(1_000_000 + seconds);
            json!({ "version": version, "at": at })
        };
        for (version, seconds, healths) in [
            (env!("CARGO_PKG_VERSION"), 59, (Health::Ok, Health::Ok)),
            ("0.0.1", 61, (Health::Warn, Health::Warn)),
            ("0.0.1", -61, (Health::Warn, Health::Warn)),
        ] {
            let answer = answer(version, seconds);
            let found = (server(&answer).health, clocks(&answer, now).health);
            assert_eq!(found, healths, "{version} {seconds}");
        }
    }
}

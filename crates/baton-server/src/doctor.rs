//! Looking a system over: what is well, what is not, and what to do about it.
//!
//! Reads rows and writes one small file beside the store, to see how long the disk takes. It needs no
//! engine, so that a program can look at a store beside the server that has it, or instead of one that
//! does not start. Each line says one thing; one that is not well says what to do.

mod disk;

use std::path::Path;

use baton_core::time::{Duration as Length, Instant};
use baton_core::wording::Wording;
use baton_store::tenants::{Clock, Tenant};
use baton_store::{
    Scope, Store, StoreError, keys, messages, outbox, pending, quarantine, sources, subscriptions,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use disk::disk;

use crate::activation;
use crate::clock::machine_now;
use crate::packs::compile;

/// A clock that is behind what was received by more than this is wrong.
const CLOCK_BEHIND_MAX: Length = Length::minutes(1);
/// So many waiting messages are a backlog.
const WAITING_MANY: i64 = 10_000;
/// A key that ends within this time is told of.
const KEY_ENDS_SOON: Length = Length::days(14);
/// A key that was not used for this long since it was made, or since its last use, is not needed.
const KEY_IDLE: Length = Length::days(90);
/// Names that one line lists.
const NAMED_MAX: usize = 5;

/// How one thing is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    Ok,
    Warn,
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// Such as `disk`, or `keys of main`.
    pub what: String,
    pub health: Health,
    pub found: String,
    /// Left out where there is nothing to do.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub what_to_do: String,
    /// The same as a sentence's name and values, for words in other languages; null where there is nothing
    /// but the text.
    #[serde(default)]
    pub wording: Option<Wording>,
}

impl Line {
    #[must_use]
    pub fn new(what: &str, health: Health, found: impl Into<String>, what_to_do: &str) -> Self {
        let (what, what_to_do) = (what.to_owned(), what_to_do.to_owned());
        Self { what, health, found: found.into(), what_to_do, wording: None }
    }
    #[must_use]
    pub fn well(what: &str, found: impl Into<String>) -> Self {
        Self::new(what, Health::Ok, found, "")
    }
    /// Names the sentence that it says.
    #[must_use]
    pub fn said(self, wording: Wording) -> Self {
        Self { wording: Some(wording), ..self }
    }
}

/// Looks over a store: its disk, its tables, and each tenant that is given.
///
/// # Errors
/// Where the store cannot be read.
pub fn examine(
    store: &Store,
    folder: Option<&Path>,
    tenants: &[Tenant],
) -> Result<Vec<Line>, StoreError> {
    let mut lines = vec![disk(folder)];
    store.check_schema()?;
    let store_well = Line::well("store", "opens, and its schema is the program's");
    lines.push(store_well.said(Wording::new("store_well")));
    if tenants.is_empty() {
        let what_to_do = "start `baton serve` on it once, or make one with `baton tenant add`";
        let none = Line::new("tenants", Health::Warn, "there are none", what_to_do);
        lines.push(none.said(Wording::new("tenants_none")));
    }
    for tenant in tenants {
        lines.extend(of_tenant(store, tenant, machine_now())?);
    }
    Ok(lines)
}

/// Looks over what is one tenant's own.
///
/// # Errors
/// Where the store cannot be read.
pub fn of_tenant(store: &Store, tenant: &Tenant, now: Instant) -> Result<Vec<Line>, StoreError> {
    let scope = Scope::tenant(tenant.id);
    let named = |what: &str| format!("{what} of {}", tenant.key);
    store.read(|tx| {
        let newest = messages::list(tx, &scope, None, None, 1)?.pop().map(|m| m.received_at);
        let quarantined = quarantine::count_open(tx, &scope)?;
        let dead = outbox::list(tx, &scope, outbox::State::Dead, None, 1)?.len();
        let hooks = subscriptions::list(tx, &scope)?;
        let hooks = hooks.iter().filter(|hook| hook.disabled_at.is_none()).count();
        Ok(vec![
            packs(&named("packs"), &activation::stored(tx, &scope)?),
            feeds(&named("sources"), &sources::list(tx, &scope)?, tenant, now),
            waiting(&named("messages"), pending::count(tx, &scope, i64::MAX)?, quarantined),
            deliveries(&named("deliveries"), dead > 0, hooks),
            credentials(&named("keys"), &keys::list(tx, &scope)?, now),
            clock(&named("clock"), tenant, newest, now),
        ])
    })
}

fn packs(what: &str, packs: &activation::StoredPacks) -> Line {
    let names: Vec<String> =
        packs.active.iter().map(|pack| format!("{}@{}", pack.pack, pack.version)).collect();
    if names.is_empty() {
        let what_to_do = "nothing can be read: `baton pack activate DIR`";
        let none = Line::new(what, Health::Warn, "none is active", what_to_do);
        return none.said(Wording::new("packs_none"));
    }
    match compile(&packs.files) {
        Ok(_) => {
            let names = names.join(", ");
            Line::well(what, &names).said(Wording::new("packs_active").with("names", &names))
        }
        Err(faults) => {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            let found = format!("{} faults, the first: {first}", faults.len());
            let wording = Wording::new("packs_faulty").with("faults", faults.len());
            Line::new(what, Health::Fail, found, "mend the pack and activate it again")
                .said(wording)
        }
    }
}

fn feeds(what: &str, sources: &[sources::Source], tenant: &Tenant, machine_now: Instant) -> Line {
    // A sandbox's silence is its own affair: its clock stands still while nothing runs.
    let now = match tenant.clock {
        Clock::Real => machine_now,
        Clock::Simulated { simulated_at, .. } => simulated_at,
    };
    let is_silent = |source: &&sources::Source| {
        let since = source.heard_at.zip(source.silent_after);
        source.disabled_at.is_none()
            && since.is_some_and(|(heard_at, silent_after)| heard_at + silent_after < now)
    };
    let silent = names(sources.iter().filter(is_silent).map(|source| source.key.to_string()));
    if silent.is_empty() {
        let wording = Wording::new("sources_heard").with("sources", sources.len());
        return Line::well(what, format!("{}, none silent", sources.len())).said(wording);
    }
    let what_to_do = "ask their senders, or see whether their keys have ended";
    Line::new(what, Health::Warn, format!("silent: {silent}"), what_to_do)
        .said(Wording::new("sources_silent").with("names", silent))
}

fn waiting(what: &str, waiting: i64, quarantined: i64) -> Line {
    if waiting > WAITING_MANY {
        let found = format!("{waiting} messages wait to be read");
        return Line::new(what, Health::Warn, found, "see that the server runs and keeps up")
            .said(Wording::new("messages_waiting").with("waiting", waiting));
    }
    if quarantined == 0 {
        let wording = Wording::new("messages_read").with("waiting", waiting);
        return Line::well(what, format!("{waiting} wait, none in quarantine")).said(wording);
    }
    let found = format!("in quarantine: {quarantined} that could not be read");
    let what_to_do = "look with `baton quarantine list`, mend the pack or ask the sender";
    Line::new(what, Health::Warn, found, what_to_do)
        .said(Wording::new("messages_unread").with("quarantined", quarantined))
}

fn deliveries(what: &str, has_dead: bool, hooks: usize) -> Line {
    if has_dead {
        let what_to_do = "see that receivers answer; `GET /v1/outbox?state=dead` lists them, `POST /v1/outbox/{id}/retry` sends one again";
        return Line::new(what, Health::Warn, "some were given up", what_to_do)
            .said(Wording::new("deliveries_given_up"));
    }
    Line::well(what, format!("to {hooks} subscriptions, none given up"))
        .said(Wording::new("deliveries_well").with("subscriptions", hooks))
}

fn credentials(what: &str, keys: &[keys::ApiKey], now: Instant) -> Line {
    let holds = |key: &&keys::ApiKey| {
        key.revoked_at.is_none() && key.expires_at.is_none_or(|ends_at| ends_at > now)
    };
    let told = |key: &keys::ApiKey| format!("{} (key_{})", key.label, key.id);
    let valid = || keys.iter().filter(holds);
    let ends_soon = |key: &&keys::ApiKey| key.expires_at.is_some_and(|at| at < now + KEY_ENDS_SOON);
    let ending = names(valid().filter(ends_soon).map(told));
    if !ending.is_empty() {
        let found = format!("end within {KEY_ENDS_SOON}: {ending}");
        let what_to_do = "give their users new ones in time: `baton key add`";
        let wording = Wording::new("keys_ending").with("names", ending);
        return Line::new(what, Health::Warn, found, what_to_do)
            .said(wording.with("length", KEY_ENDS_SOON));
    }
    let is_idle = |key: &&keys::ApiKey| key.last_used_at.unwrap_or(key.created_at) + KEY_IDLE < now;
    let idle = names(valid().filter(is_idle).map(told));
    if !idle.is_empty() {
        let found = format!("not used for {KEY_IDLE}: {idle}");
        let what_to_do = "end what nobody needs: `baton key revoke ID`";
        let wording = Wording::new("keys_idle").with("names", idle);
        return Line::new(what, Health::Warn, found, what_to_do)
            .said(wording.with("length", KEY_IDLE));
    }
    let unused = valid().filter(|key| key.last_used_at.is_none()).count();
    let held = valid().count();
    Line::well(what, format!("{held} hold, {unused} of them not used yet"))
        .said(Wording::new("keys_held").with("held", held).with("unused", unused))
}

fn clock(what: &str, tenant: &Tenant, newest: Option<Instant>, now: Instant) -> Line {
    let behind = newest.map(|received_at| received_at.since(now));
    match (tenant.clock, behind) {
        (Clock::Simulated { .. }, _) => {
            Line::well(what, "simulated").said(Wording::new("clock_simulated"))
        }
        (Clock::Real, Some(behind)) if behind > CLOCK_BEHIND_MAX => {
            let found = format!("this machine's clock is {behind} behind the newest message");
            Line::new(what, Health::Fail, found, "set the clock right before going on")
                .said(Wording::new("clock_behind").with("length", behind))
        }
        (Clock::Real, _) => {
            Line::well(what, "not behind what was received").said(Wording::new("clock_well"))
        }
    }
}

/// The first few, and how many more.
fn names(all: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = all.collect();
    let mut shown = all.iter().take(NAMED_MAX).map(String::as_str).collect::<Vec<_>>().join(", ");
    if let Some(more @ 1..) = all.len().checked_sub(NAMED_MAX) {
        shown.push_str(&format!(" and {more} more"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use baton_store::TenantId;

    use super::*;

    fn key(id: i64, change: impl FnOnce(&mut keys::ApiKey)) -> keys::ApiKey {
        let mut key = keys::ApiKey {
            tenant: TenantId(1),
            id,
            prefix: "bak_abcdef".into(),
            label: format!("user {id}"),
            role: "auditor".into(),
            partner: None,
            created_at: Instant::from_seconds(0),
            expires_at: None,
            revoked_at: None,
            networks: String::new(),
            last_used_at: None,
        };
        change(&mut key);
        key
    }

    #[test]
    fn keys_that_end_or_that_nobody_uses_are_named() {
        let day = |n: i64| Instant::from_seconds(n * 86_400);
        let check = |keys: &[keys::ApiKey], now: Instant, health: Health, words: &str| {
            let line = credentials("keys", keys, now);
            assert_eq!((line.health, line.found.as_str()), (health, words));
            assert_eq!(line.what_to_do.is_empty(), health == Health::Ok, "{line:?}");
        };
        let fresh = key(1, |_| {});
        let used = key(2, |key| key.last_used_at = Some(day(80)));
        let ends = key(3, |key| key.expires_at = Some(day(20)));
        let revoked = key(4, |key| key.revoked_at = Some(day(1)));
        check(
            &[fresh.clone(), used.clone()],
            day(85),
            Health::Ok,
            "2 hold, 1 of them not used yet",
        );
        let words = "not used for 90d: user 1 (key_1)";
        check(&[fresh, used, revoked.clone()], day(100), Health::Warn, words);
        check(&[ends.clone(), revoked], day(3), Health::Ok, "1 hold, 1 of them not used yet");
        check(std::slice::from_ref(&ends), day(7), Health::Warn, "end within 14d: user 3 (key_3)");
        check(&[ends], day(21), Health::Ok, "0 hold, 0 of them not used yet");
        let many: Vec<_> = (1..=7).map(|id| key(id, |_| {})).collect();
        let line = credentials("keys", &many, day(100));
        assert!(line.found.ends_with("user 5 (key_5) and 2 more"), "{line:?}");
    }

    #[test]
    fn what_waits_is_told() {
        for (waits, quarantined, health) in [
            (0, 0, Health::Ok),
            (WAITING_MANY, 0, Health::Ok),
            (WAITING_MANY + 1, 0, Health::Warn),
            (0, 1, Health::Warn),
        ] {
            assert_eq!(waiting("messages", waits, quarantined).health, health);
        }
    }
}

//! What a run of the sample world came to: what was sent, what Baton made of it, and how that compares
//! with what really happened in the world.

use std::collections::BTreeMap;

use baton_core::fact::Act;
use baton_core::id::ObjectId;
use baton_core::time::Instant;
use baton_server::EngineHandle;
use baton_server::history::{View, state_of};
use baton_server::tenant::Tenant;
use baton_sim::{Found, Judgement, Truth, judge};
use baton_store::exceptions::{self, ExceptionRow};
use baton_store::orders::{self, OrderRow, Sort};
use baton_store::{StoreError, clusters, messages, objects, quarantine};
use serde::Serialize;

use crate::exit::{Failure, Result};

const PAGE: usize = 500;

/// The last line of `baton demo --until-settled`.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    pub(super) seed: u64,
    /// The simulated instant at which it ended.
    pub(super) ended_at: Instant,
    pub(super) orders: u64,
    pub(super) orders_by_phase: BTreeMap<String, u64>,
    pub(super) messages: u64,
    pub(super) duplicates: u64,
    pub(super) quarantined: i64,
    pub(super) facts: u64,
    /// All that were ever announced, by code.
    pub(super) exceptions: BTreeMap<String, u64>,
    pub(super) exceptions_open: u64,
    /// Found against true, per mille, over all codes and by code.
    pub(super) precision_per_mille: Option<u64>,
    pub(super) recall_per_mille: Option<u64>,
    pub(super) by_code: BTreeMap<String, CodeScore>,
    pub(super) events_per_second: u64,
    pub(super) cpu_seconds: Option<f64>,
    pub(super) wall_seconds: f64,
    /// Of every order and object that was derived: equal worlds have equal digests.
    pub(super) state_digest: String,
    /// How many commands there are, by what became of them.
    pub(super) commands: BTreeMap<&'static str, u64>,
    /// Of every fact and every command; instants of recording and delivering left aside.
    pub(super) export_digest: String,
}

/// How one kind of exception was found.
#[derive(Debug, Serialize)]
pub(super) struct CodeScore {
    certain: u64,
    found: u64,
    found_uncertain: u64,
    echoes: u64,
    false_alarms: u64,
    precision_per_mille: Option<u64>,
    recall_per_mille: Option<u64>,
}

/// What the store holds of a tenant.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) orders: Vec<OrderRow>,
    pub(super) exceptions: Vec<ExceptionRow>,
    pub(super) messages: u64,
    pub(super) repeats: u64,
    pub(super) quarantined: i64,
    pub(super) state_digest: String,
}

/// Reads what the store holds of a tenant, a page at a time.
pub(super) fn held(engine: &EngineHandle, tenant: &Tenant) -> Result<Held> {
    let read = || -> std::result::Result<Held, StoreError> {
        let mut held = Held { orders: all_orders(engine, tenant)?, ..Held::default() };
        held.exceptions = all_exceptions(engine, tenant)?;
        (held.messages, held.repeats) = count_messages(engine, tenant)?;
        held.quarantined = engine.store().read(|tx| quarantine::count_open(tx, &tenant.scope))?;
        held.state_digest = state_digest(engine, tenant, &held)?;
        Ok(held)
    };
    read().map_err(Failure::from)
}

pub(super) fn all_orders(
    engine: &EngineHandle,
    tenant: &Tenant,
) -> std::result::Result<Vec<OrderRow>, StoreError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = engine.store().read(|tx| {
            orders::list(tx, &tenant.scope, &orders::Filter::default(), Sort::Updated, after, PAGE)
        })?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

fn all_exceptions(
    engine: &EngineHandle,
    tenant: &Tenant,
) -> std::result::Result<Vec<ExceptionRow>, StoreError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (items, next) = engine.store().read(|tx| {
            exceptions::list(tx, &tenant.scope, &exceptions::Filter::default(), after, PAGE)
        })?;
        all.extend(items);
        after = next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// Messages of partners, and how often one of them was repeated. Baton's own notes are not counted.
fn count_messages(
    engine: &EngineHandle,
    tenant: &Tenant,
) -> std::result::Result<(u64, u64), StoreError> {
    let (mut kept, mut repeats, mut before) = (0, 0, None);
    loop {
        let page =
            engine.store().read(|tx| messages::list(tx, &tenant.scope, None, before, PAGE))?;
        let Some(last) = page.last() else { return Ok((kept, repeats)) };
        before = Some(last.id);
        for entry in page.iter().filter(|entry| entry.content_type != OWN_WORDS) {
            kept += 1;
            repeats += entry.repeats.unsigned_abs();
        }
    }
}

const OWN_WORDS: &str = baton_server::own_words::CONTENT_TYPE;

/// One digest over the digests of all orders, the public ids of all objects, and the exceptions.
fn state_digest(
    engine: &EngineHandle,
    tenant: &Tenant,
    held: &Held,
) -> std::result::Result<String, StoreError> {
    let mut lines: Vec<String> =
        held.orders.iter().map(|row| format!("{} {:x}", row.id, row.digest)).collect();
    for row in &held.exceptions {
        lines.push(format!("{} {} {} {:?}", row.id, row.code, row.state, row.closed_at));
    }
    let mut after = clusters::ClusterNo(0);
    loop {
        let rows = engine.store().read(|tx| {
            let some = clusters::list(tx, &tenant.scope, after, PAGE)?;
            let rows = objects::by_clusters(tx, &tenant.scope, &some)?;
            Ok((some.last().copied(), rows))
        })?;
        let (last, rows) = rows;
        lines.extend(rows.into_iter().map(|row| row.id.to_string()));
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    lines.sort_unstable();
    let parts: Vec<&[u8]> = lines.iter().map(String::as_bytes).collect();
    Ok(baton_core::id::Digest::of(&parts).to_string())
}

/// Holds what was announced against the truth of the world.
pub(super) fn judged(
    engine: &EngineHandle,
    tenant: &Tenant,
    held: &Held,
    truth: &Truth,
) -> Result<Judgement> {
    let found = found(engine, tenant, held)?;
    Ok(judge(&truth.expected_by(tenant.clock.now()), &found))
}

/// The announced exceptions with the numbers of their objects and of the orders that reach those.
fn found(
    engine: &EngineHandle,
    tenant: &Tenant,
    held: &Held,
) -> std::result::Result<Vec<Found>, StoreError> {
    let limits = &engine.settings().steps;
    let mut names: BTreeMap<ObjectId, Vec<String>> = BTreeMap::new();
    for row in &held.orders {
        let state = state_of(engine.store(), tenant, limits, row.id, View::default())?;
        let numbers: Vec<String> =
            state.identifiers.iter().map(|name| name.value.to_string()).collect();
        for object in &state.objects {
            names.entry(object.id).or_default().extend(numbers.iter().cloned());
        }
        names.entry(row.id).or_default().extend(numbers);
    }
    let mut found = Vec::new();
    for row in &held.exceptions {
        let mut identifiers = names.get(&row.object).cloned().unwrap_or_default();
        let state = state_of(engine.store(), tenant, limits, row.object, View::default())?;
        identifiers.extend(state.identifiers.iter().map(|name| name.value.to_string()));
        // A row holds the latest occurrence; what was said of earlier ones is in the chain of acts.
        let told = state.exceptions.iter().find(|e| e.id == row.id).map_or(&[][..], |e| &e.acts);
        for (n, act) in told.iter().enumerate().filter(|(_, a)| a.act == Act::Announced) {
            found.push(Found {
                code: row.code.code().to_owned(),
                identifiers: identifiers.clone(),
                opened_at: act.at,
                closed_at: told.get(n + 1).map(|ended| ended.at),
            });
        }
    }
    Ok(found)
}

/// How many there are of each.
pub(super) fn counted(words: impl Iterator<Item = String>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

pub(super) fn scores(judgement: &Judgement) -> BTreeMap<String, CodeScore> {
    let score = |score: &baton_sim::Score| CodeScore {
        certain: score.certain,
        found: score.found,
        found_uncertain: score.found_uncertain,
        echoes: score.echoes,
        false_alarms: score.false_alarms,
        precision_per_mille: score.precision_per_mille(),
        recall_per_mille: score.recall_per_mille(),
    };
    judgement.by_code.iter().map(|(code, of)| (code.clone(), score(of))).collect()
}

//! What the store holds of a tenant beside its states, in a form that two runs of one world share: facts
//! and commands, without what depends on when the machine did something.

use std::collections::BTreeMap;

use baton_core::fact::{Body, Fact, distinct};
use baton_core::id::Digest;
use baton_server::EngineHandle;
use baton_server::tenant::Tenant;
use baton_store::outbox::{self, State};
use baton_store::{StoreError, clusters, facts};

use crate::exit::{Failure, Result};

const PAGE: usize = 500;

/// What was exported.
#[derive(Debug, Default)]
pub(super) struct Exported {
    pub(super) commands: BTreeMap<&'static str, u64>,
    pub(super) digest: String,
}

pub(super) fn of(engine: &EngineHandle, tenant: &Tenant) -> Result<Exported> {
    let mut lines = Vec::new();
    let mut exported = Exported::default();
    fact_lines(engine, tenant, &mut lines).map_err(Failure::from)?;
    for state in [State::Pending, State::Delivered, State::Dead] {
        let count = command_lines(engine, tenant, state, &mut lines).map_err(Failure::from)?;
        exported.commands.insert(state.name(), count);
    }
    lines.sort_unstable();
    if let Some(path) = std::env::var_os(WRITE_TO) {
        std::fs::write(path, lines.join("\n"))?;
    }
    let parts: Vec<&[u8]> = lines.iter().map(String::as_bytes).collect();
    exported.digest = Digest::of(&parts).to_string();
    Ok(exported)
}

/// A file that gets the lines, for whoever looks for the difference of two runs.
const WRITE_TO: &str = "BATON_DEMO_EXPORT";

fn fact_lines(
    engine: &EngineHandle,
    tenant: &Tenant,
    lines: &mut Vec<String>,
) -> std::result::Result<(), StoreError> {
    let mut after = clusters::ClusterNo(0);
    loop {
        let (some, found) = engine.store().read(|tx| {
            let some = clusters::list(tx, &tenant.scope, after, PAGE)?;
            let found = facts::load(tx, &tenant.scope, &some, None)?;
            Ok((some, found))
        })?;
        for facts in found.into_values() {
            lines.extend(distinct(facts).iter().map(line));
        }
        match some.last() {
            Some(last) => after = *last,
            None => return Ok(()),
        }
    }
}

fn line(fact: &Fact) -> String {
    match &fact.body {
        // When it was delivered, and at which attempt, is the machine's.
        Body::Delivered { act, to, ok, .. } => format!("delivered {act} {to} {ok}"),
        _ => format!("fact {} {} {}", fact.id, fact.about.object, fact.received_at),
    }
}

fn command_lines(
    engine: &EngineHandle,
    tenant: &Tenant,
    state: State,
    lines: &mut Vec<String>,
) -> std::result::Result<u64, StoreError> {
    let (mut count, mut before) = (0, None);
    loop {
        let some =
            engine.store().read(|tx| outbox::list(tx, &tenant.scope, state, before, PAGE))?;
        let Some(last) = some.last() else { return Ok(count) };
        before = Some(last.id);
        count += some.len() as u64;
        for command in &some {
            lines.push(format!("command {} {}", command.act, state.name()));
        }
    }
}

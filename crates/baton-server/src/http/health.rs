//! Whether the process lives, whether it can do its work, what it counts, and what it says of itself.

use baton_core::time::Instant;
use baton_store::{pending, quarantine, sources, timers};
use schemars::JsonSchema;
use serde::Serialize;

use super::access::KeyRole;
use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::error_pages;
use super::openapi;
use super::problem::Problem;

/// How the server is.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Health {
    /// `live`, `ready`, or `degraded`: ready, and slower than it should be.
    status: &'static str,
    version: &'static str,
    /// What makes it slower; left out where nothing does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    slower: Vec<Slower>,
}

/// Something that the server does without.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Slower {
    /// `redis`.
    what: &'static str,
    since: Instant,
    /// What is wrong with it.
    why: String,
    /// What comes of it.
    so: &'static str,
}

impl Health {
    const fn of(status: &'static str, slower: Vec<Slower>) -> Self {
        Self { status, version: env!("CARGO_PKG_VERSION"), slower }
    }
}

/// What comes of a relay that is lost.
const WITHOUT_RELAY: &str = "nothing is lost: nodes look by themselves instead of being told, and each counts wrong keys for itself";

/// Whose key it is.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Caller {
    role: KeyRole,
    /// The tenant that calls are about; null where one is to be chosen by `Baton-Tenant`.
    tenant: Option<String>,
    partner: Option<String>,
    /// The name under which what this key does is kept.
    person: String,
    /// The tenant's present, which a sandbox sets itself.
    now: Option<baton_core::time::Instant>,
}

pub(super) fn live(_: &Call) -> Outcome {
    Answer::json(Health::of("live", Vec::new()))
}

/// Ready: the store answers and can be written to, and the loops run.
pub(super) fn ready(call: &Call) -> Outcome {
    call.api.engine.intake()?;
    let troubles = call.api.engine.troubles();
    if let Some(first) = troubles.iter().min_by_key(|trouble| trouble.since) {
        let loops: Vec<_> = troubles
            .iter()
            .map(|trouble| {
                let (which, since) = (trouble.which, trouble.since);
                serde_json::json!({ "loop": which, "since": since, "why": trouble.why.to_string() })
            })
            .collect();
        return Err(Problem::from(first.why.clone()).with("loops", loops));
    }
    call.store().check_schema()?;
    let Some(lost) = call.api.engine.relay_lost() else {
        return Answer::json(Health::of("ready", Vec::new()));
    };
    // A node without the relay takes its share as before, so whoever asks is still to send calls here.
    let slower = Slower { what: "redis", since: lost.since, why: lost.why, so: WITHOUT_RELAY };
    Answer::json(Health::of("degraded", vec![slower]))
}

pub(super) fn metrics(call: &Call) -> Outcome {
    let metrics = call.api.engine.metrics();
    // Gauges of what the store holds are taken when somebody asks.
    for tenant in call.api.engine.tenants() {
        let (scope, now) = (&tenant.scope, tenant.clock.now());
        let (sources, quarantined, earliest, timers) = call.store().read(|tx| {
            let timers = (timers::count_due(tx, scope, now)?, timers::next(tx, scope)?);
            let quarantined = quarantine::count_open(tx, scope)?;
            let earliest = pending::earliest_received_at(tx, scope)?;
            Ok((sources::list(tx, scope)?, quarantined, earliest, timers))
        })?;
        let age = |since: Option<Instant>| {
            since.map_or(0.0, |since| now.since(since).micros() as f64 / 1e6)
        };
        metrics.quarantined(&tenant.key, quarantined);
        metrics.waiting_age(&tenant.key, age(earliest));
        let (due, next) = timers;
        metrics.timers(&tenant.key, due, age(next.map(|timer| timer.wake_at)));
        for source in &sources {
            metrics.feed(&tenant.key, source);
        }
    }
    if let Some(sizes) = call.store().sizes() {
        metrics.sizes(sizes);
    }
    let text = metrics.text();
    Ok(Answer::raw("text/plain; version=0.0.4; charset=utf-8", text.into_bytes()))
}

pub(super) fn caller(call: &Call) -> Outcome {
    let tenant = call.tenant().ok();
    Answer::json(Caller {
        role: call.principal.role(),
        tenant: tenant.map(|tenant| tenant.key.clone()),
        partner: call.principal.partner().map(ToString::to_string),
        person: call.principal.person(),
        now: tenant.map(|tenant| tenant.clock.now()),
    })
}

/// What a refusal's `type` leads to; the documentation has the same page.
pub(super) fn error_page(call: &Call) -> Outcome {
    let code = call.parameter("code");
    let page = error_pages().remove(code).ok_or_else(|| Problem::not_found("error code", code))?;
    Ok(Answer::page("text/plain; charset=utf-8", page))
}

pub(super) fn description(_: &Call) -> Outcome {
    Answer::json(openapi())
}

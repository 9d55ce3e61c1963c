//! The first things of a new system: a tenant with the shipped packs active, feeds ready to be used,
//! and the first key.

use std::sync::Arc;

use baton_core::partner::Role;
use baton_core::time::{Duration, Instant};
use baton_server::EngineHandle;
use baton_server::activation::Activating;
use baton_server::http::KeyRole;
use baton_server::tenant::Tenant;
use serde_json::{Value, json};

use crate::api::Api;
use crate::exit::{Failure, Result, Why};

/// The tenant of a system that serves one enterprise.
pub(crate) const MAIN: &str = "main";
/// Who does what happens at a first start.
const BY: &str = "baton";

/// A feed to be made, with the partner whose feed it is.
#[derive(Debug, Clone)]
pub(crate) struct NewFeed<'a> {
    pub(crate) key: &'a str,
    /// Key and name.
    pub(crate) partner: (&'a str, &'a str),
    pub(crate) role: Role,
    pub(crate) connector: &'a str,
    pub(crate) silent_after: Option<Duration>,
}

const fn feed_of(
    key: &'static str,
    partner: (&'static str, &'static str),
    role: Role,
    connector: &'static str,
) -> NewFeed<'static> {
    NewFeed { key, partner, role, connector, silent_after: None }
}

/// Feeds for a newcomer's first messages, one for each kind that the shipped packs read.
pub(crate) const FEEDS: &[NewFeed<'static>] = &[
    feed_of("shop", ("shop", "Shop"), Role::Commerce, "shopify"),
    feed_of("erp", ("seller", "Seller"), Role::Seller, "starter-erp"),
    feed_of("x12", ("seller", "Seller"), Role::Seller, "x12-retail"),
    feed_of("supplier-x12", ("litware", "Litware"), Role::Distributor, "x12-retail"),
    feed_of("carrier-x12", ("tailspin", "Tailspin Parcel"), Role::Carrier, "x12-retail"),
    feed_of("tracking", ("tailspin", "Tailspin Parcel"), Role::Carrier, "carrier-tracking"),
];

/// The tenant with this key; made with the shipped packs active where there is none, and then with the
/// key that runs it, which is to be shown this once. A sandbox's clock stands at the instant that is
/// given, else the clock is the real one.
pub(crate) fn tenant(
    engine: &EngineHandle,
    (key, name): (&str, &str),
    sandbox_at: Option<Instant>,
) -> Result<(Arc<Tenant>, Option<String>)> {
    let mut first_key = None;
    if find(engine, key).is_none() {
        let clock = sandbox_at.map_or_else(
            || json!({ "kind": "real" }),
            |at| json!({ "kind": "simulated", "at": at, "speed_per_mille": 0 }),
        );
        let new = json!({ "tenant": key, "name": name, "clock": clock });
        first_key = Some(shown_once(&Api::of(engine, None)?.post("/v1/tenants", &new)?)?);
    }
    let tenant = find(engine, key).ok_or_else(|| {
        Failure::failed(format!("the tenant {key} is not there after it was made"))
    })?;
    // A first start may have been broken off in between.
    if tenant.declared().version.is_empty() {
        let activating = Activating {
            packs: baton_packs::shipped(),
            by: BY.into(),
            moves: true,
            ..Activating::default()
        };
        engine.activate(tenant.id, activating).map_err(|why| {
            Failure::failed(format!("the shipped packs cannot be activated: {why}"))
        })?;
    }
    Ok((tenant, first_key))
}

/// A tenant of the running engine by its key.
pub(crate) fn find(engine: &EngineHandle, key: &str) -> Option<Arc<Tenant>> {
    engine.tenants().into_iter().find(|tenant| tenant.key == key)
}

/// Makes a feed and its partner; returns the feed's key, which is shown this once.
pub(crate) fn feed(api: &Api, feed: &NewFeed<'_>) -> Result<String> {
    let (partner, partner_name) = feed.partner;
    let role = feed.role.name();
    api.post("/v1/partners", &json!({ "partner": partner, "name": partner_name, "role": role }))?;
    let made = json!({
        "source": feed.key,
        "partner": partner,
        "role": role,
        "connector": feed.connector,
        "silent_after": feed.silent_after,
    });
    match api.post("/v1/sources", &made) {
        // A start that was broken off made it, and nobody has seen its key.
        Err(failure) if failure.why == Why::Refused => {
            let path = format!("/v1/sources/{}/keys", feed.key);
            shown_once(&api.post(&path, &json!({ "overlap": "0s" }))?)
        }
        made => shown_once(&made?),
    }
}

/// Makes a key; returns it, which is shown this once.
pub(crate) fn key(api: &Api, label: &str, role: KeyRole) -> Result<String> {
    shown_once(&api.post("/v1/keys", &json!({ "label": label, "role": role.name() }))?)
}

fn shown_once(answer: &Value) -> Result<String> {
    let key = answer["key"].as_str();
    key.map(str::to_owned).ok_or_else(|| Failure::failed("the answer has no key in it"))
}

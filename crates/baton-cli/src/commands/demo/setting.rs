//! The scene of the demo: the tenants `sample` and `main` with their partners, sources and keys. Made at
//! the first start, found again at the next.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use baton_core::time::Instant;
use baton_server::EngineHandle;
use baton_server::http::KeyRole;
use baton_server::tenant::Tenant;
use baton_server::{clock, demo_people};
use baton_sim::{PARCEL, SOURCES};
use baton_store::tenants;

use super::keepsake::Keepsake;
use super::player::Address;
use crate::api::Api;
use crate::bootstrap::{self, NewFeed};
use crate::exit::{Failure, Result};
use crate::feeder::Feeder;

pub(super) const SAMPLE: &str = "sample";
/// Connections that the world's partners keep open.
const CONNECTIONS: usize = 32;
/// One in so many of the world's customers is looked after by whoever sees to customers.
const LOOKED_AFTER_EACH: usize = 3;

/// The scene, ready to be played on.
pub(super) struct Setting {
    pub(super) sample: Arc<Tenant>,
    kept: Keepsake,
}

impl Setting {
    pub(super) fn of(
        engine: &EngineHandle,
        mut kept: Keepsake,
        folder: &Path,
        start_at: Instant,
    ) -> Result<Self> {
        let (sample, first_key) =
            bootstrap::tenant(engine, (SAMPLE, "The sample world"), Some(start_at))?;
        let (_, main_key) = bootstrap::tenant(engine, (bootstrap::MAIN, "Main"), None)?;
        for (tenant, key) in [(SAMPLE, first_key), (bootstrap::MAIN, main_key)] {
            kept.api_keys.extend(key.map(|key| (tenant.to_owned(), key)));
        }
        let world: Vec<NewFeed<'_>> = SOURCES
            .iter()
            .map(|source| NewFeed {
                key: source.key,
                partner: (source.partner, source.partner_name),
                role: source.role,
                connector: source.connector,
                silent_after: Some(source.silent_after),
            })
            .collect();
        for (tenant, feeds) in [(SAMPLE, world.as_slice()), (bootstrap::MAIN, bootstrap::FEEDS)] {
            let api = Api::of(engine, Some(tenant))?;
            let keys = kept.source_keys.entry(tenant.to_owned()).or_default();
            for feed in feeds.iter().filter(|feed| !keys.contains_key(feed.key)).collect::<Vec<_>>()
            {
                keys.insert(feed.key.to_owned(), bootstrap::feed(&api, feed)?);
            }
            if !kept.api_keys.contains_key(tenant) {
                let key = bootstrap::key(&api, "made by baton demo", KeyRole::Admin)?;
                kept.api_keys.insert(tenant.to_owned(), key);
            }
        }
        if let Some(parcel) = SOURCES.iter().find(|source| source.key == PARCEL) {
            let now = clock::machine_now();
            let companies: Vec<&str> = baton_sim::companies().step_by(LOOKED_AFTER_EACH).collect();
            let for_whom = (parcel.partner, companies.as_slice());
            demo_people::seat(engine.store(), &sample.scope, for_whom, now)?;
        }
        kept.keep(folder)?;
        Ok(Self { sample, kept })
    }

    /// Has the sample world's events delivered to an address, once.
    pub(super) fn subscribe(&self, engine: &EngineHandle, url: &str) -> Result<()> {
        let api = Api::of(engine, Some(SAMPLE))?;
        let found = api.get("/v1/subscriptions")?;
        let mut known = found["items"].as_array().into_iter().flatten();
        if !known.any(|subscription| subscription["url"] == url) {
            api.post("/v1/subscriptions", &serde_json::json!({ "url": url }))?;
        }
        Ok(())
    }

    /// Where the letters of the world's partners go.
    pub(super) fn addresses(&self) -> HashMap<String, Address> {
        let address = |(source, key): (&String, &String)| {
            let path = format!("/v1/sources/{source}/messages");
            (source.clone(), Address { path: path.into(), key: key.as_str().into() })
        };
        self.kept.source_keys.get(SAMPLE).into_iter().flatten().map(address).collect()
    }

    pub(super) fn feeder(&self, address: SocketAddr) -> Result<Feeder> {
        Feeder::start(address, CONNECTIONS)
    }

    /// The sandbox's clock stands still until the next start, however the engine ends.
    pub(super) fn park_clock(&self, engine: &EngineHandle) -> Result<()> {
        self.sample.clock.set_speed(0);
        let Some(clock) = self.sample.clock.anchor(self.sample.clock.now()) else {
            return Err(Failure::failed("the sample world is not on a clock of its own"));
        };
        engine
            .store()
            .write(|tx| tenants::set_clock(tx, &self.sample.scope, clock))
            .map_err(Failure::from)
    }

    /// What a newcomer could type next.
    pub(super) fn words(&self, address: SocketAddr) -> Vec<String> {
        let key = |tenant: &str| self.kept.api_keys.get(tenant).cloned().unwrap_or_default();
        let source = |name: &str| {
            let keys = self.kept.source_keys.get(bootstrap::MAIN);
            keys.and_then(|keys| keys.get(name)).cloned().unwrap_or_default()
        };
        vec![
            format!("the sample world (tenant {SAMPLE}):"),
            format!("  export BATON_URL=http://{address} BATON_KEY={}", key(SAMPLE)),
            "  baton order list --late".to_owned(),
            format!("  curl -H \"Authorization: Bearer $BATON_KEY\" http://{address}/v1/orders"),
            format!("your own files (tenant {}):", bootstrap::MAIN),
            format!("  export BATON_URL=http://{address} BATON_KEY={}", key(bootstrap::MAIN)),
            format!(
                "  baton ingest --source x12 --source-key {} samples/purchase-order.850.edi",
                source("x12")
            ),
            "  baton order show 4500099001".to_owned(),
        ]
    }
}

//! The scene that runs are played in: the sample world with all its faults, its sources in a sandbox
//! tenant with a subscription, in a folder that is thrown away.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use baton_core::time::Instant;
use baton_sim::{Config, FaultRates, SOURCES, Sent, World};
use baton_store::sources::{self, NewSource, Source};
use baton_store::tenants::{self, Clock, NewTenant};
use baton_store::{Location, Scope, Store, TenantId, subscriptions};

use crate::dispatch::sign::Secret;
use crate::tenant::Declared;

/// Worlds that seeds are spread over: each is played once undisturbed.
pub(super) const WORLDS: u64 = 5;
const ORDERS: u64 = 4;

/// What is sent in one world, in the order of its receipts.
pub(super) fn letters(world: u64) -> Arc<Vec<Sent>> {
    static KNOWN: LazyLock<Mutex<HashMap<u64, Arc<Vec<Sent>>>>> = LazyLock::new(Mutex::default);
    let make = || Arc::new(World::new(config(world)).messages().collect());
    Arc::clone(KNOWN.lock().unwrap().entry(world).or_insert_with(make))
}

pub(super) fn config(world: u64) -> Config {
    Config::test(world, ORDERS).with_faults(FaultRates::all())
}

/// What the shipped packs declare, compiled once.
pub(super) fn declared() -> Arc<Declared> {
    static DECLARED: LazyLock<Arc<Declared>> =
        LazyLock::new(|| Arc::new(crate::packs::compile(&baton_packs::shipped()).unwrap()));
    Arc::clone(&DECLARED)
}

/// A folder with a tenant in it, and a store over it in which nothing goes wrong.
#[derive(Debug)]
pub(super) struct Scene {
    folder: tempfile::TempDir,
    pub(super) calm: Store,
    pub(super) tenant: TenantId,
    pub(super) sources: HashMap<String, Source>,
}

impl Scene {
    pub(super) fn new(clock: Clock, created_at: Instant) -> Self {
        // Nothing here loses power: a folder in memory spares the disk.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let calm = open(&folder);
        calm.migrate().unwrap();
        let tenant = calm
            .write(|tx| {
                let new = NewTenant { key: "sample", name: "The sample world", clock, created_at };
                let tenant = tenants::create(tx, &Scope::operator(), &new)?;
                let scope = Scope::tenant(tenant);
                for source in SOURCES {
                    let new = NewSource {
                        key: source.key,
                        name: source.key,
                        partner: Some(source.partner),
                        role: source.role,
                        connector: source.connector,
                        settings: serde_json::Value::Null,
                        silent_after: Some(source.silent_after),
                        created_at,
                    };
                    sources::create(tx, &scope, &new)?;
                }
                let secret = Secret::text(&[7; 32]);
                subscriptions::create(
                    tx,
                    &scope,
                    ("http://127.0.0.1:9/", &secret),
                    &[],
                    created_at,
                )?;
                Ok(tenant)
            })
            .unwrap();
        let listed = calm.read(|tx| sources::list(tx, &Scope::tenant(tenant))).unwrap();
        let sources = listed.into_iter().map(|source| (source.key.to_string(), source)).collect();
        Self { folder, calm, tenant, sources }
    }

    /// Another store over the same folder, as a process that starts opens it.
    pub(super) fn store(&self) -> Store {
        open(&self.folder)
    }
}

fn open(folder: &tempfile::TempDir) -> Store {
    let location = Location::Folder(folder.path().to_owned());
    Store::open(&location, &baton_store::Settings::default()).unwrap()
}

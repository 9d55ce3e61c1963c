//! The scene that runs are played in: the sample world with all its faults, its sources in a sandbox
//! tenant with a subscription, in a folder or a PostgreSQL schema that is thrown away.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use baton_core::time::Instant;
use baton_sim::{Config, FaultRates, SOURCES, Sent, World};
use baton_store::sources::{self, NewSource, Source};
use baton_store::tenants::{self, Clock, NewTenant};
use baton_store::throwaway::Schema;
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

/// Where a scene is kept; thrown away with this.
#[derive(Debug)]
pub(super) enum Place {
    Folder(tempfile::TempDir),
    Schema(Schema),
}

impl Place {
    /// Nothing here loses power: a folder in memory spares the disk.
    pub(super) fn folder() -> Self {
        Self::Folder(tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap())
    }
    /// `None`, with a note, where there is no server for tests.
    pub(super) fn schema() -> Option<Self> {
        Schema::fresh().map(Self::Schema)
    }
    /// Whether somebody waits for what another has locked.
    pub(super) fn is_waited_in(&self) -> bool {
        matches!(self, Self::Schema(schema) if schema.waiting_sessions() > 0)
    }
    fn open(&self) -> Store {
        let location = match self {
            Self::Folder(folder) => Location::Folder(folder.path().to_owned()),
            Self::Schema(schema) => schema.location(),
        };
        Store::open(&location, &baton_store::Settings::default()).unwrap()
    }
}

/// A place with a tenant in it, and a store over it in which nothing goes wrong.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) calm: Store,
    pub(super) place: Place,
    pub(super) tenant: TenantId,
    pub(super) sources: HashMap<String, Source>,
}

impl Scene {
    pub(super) fn new(place: Place, clock: Clock, created_at: Instant) -> Self {
        let calm = place.open();
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
        Self { calm, place, tenant, sources }
    }

    /// Another store over the same place, as a process that starts opens it.
    pub(super) fn store(&self) -> Store {
        self.place.open()
    }
}

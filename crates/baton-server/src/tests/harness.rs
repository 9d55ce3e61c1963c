//! A running engine over a folder that is thrown away, and short words for statements.

use std::sync::Arc;
use std::time::Duration;

use baton_core::book::Rulebook;
use baton_core::fact::{Body, Classifier, Detail, LinkClass, Place, Presence, Relation, Statement};
use baton_core::id::{MessageNo, ObjectId};
use baton_core::identifier::{Identifier, ObjectKind};
use baton_core::milestone::Milestone;
use baton_core::partner::Role;
use baton_core::state::State;
use baton_core::time::{Duration as Length, Happened, Instant};
use baton_store::sources::{self, NewSource, Source};
use baton_store::tenants::{self, Clock, NewTenant};
use baton_store::{Location, Scope, Store, TenantId};

use crate::Sharing;
use crate::engine::{Engine, EngineHandle};
use crate::history::{View, state_of};
use crate::intake::{Incoming, IntakeError, Receipt};
use crate::own_words;
use crate::reading::{Connectors, Letter, Part};
use crate::settings::Settings;
use crate::tenant::{Declared, Tenant};
use crate::verify::{Verified, verify};

pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// Reads bodies that list statements; a body of several documents, one a line, has a part for each.
#[derive(Debug)]
pub(super) struct PlainWords;

impl Connectors for PlainWords {
    fn own_id(&self, letter: &Letter<'_>) -> Option<String> {
        letter.headers.iter().find(|(name, _)| name == "x-own-id").map(|(_, value)| value.clone())
    }
    fn bytes_identify(&self, source: &Source) -> bool {
        source.connector == "versioned"
    }
    fn read(&self, letter: &Letter<'_>) -> Vec<Part> {
        let lines = letter.body.split(|b| *b == b'\n').filter(|line| !line.is_empty());
        lines
            .enumerate()
            .flat_map(|(n, line)| {
                let parts = own_words::read(line).into_iter();
                parts.map(move |part| Part { name: format!("line {}", n + 1), ..part })
            })
            .collect()
    }
}

/// A day in the test's year.
pub(super) fn at(day: i64, hour: i64) -> Instant {
    Instant::from_seconds(1_780_000_000) + Length::days(day) + Length::hours(hour)
}

pub(super) struct Bench {
    location: Location,
    /// Thrown away with this, where the place is a folder of its own.
    _folder: Option<tempfile::TempDir>,
    pub(super) engine: EngineHandle,
    pub(super) tenant: Arc<Tenant>,
    settings: Settings,
    book: Rulebook,
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::with(Settings::default(), Rulebook::default())
    }
    pub(super) fn with(settings: Settings, book: Rulebook) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bench = Self::at(Location::Folder(folder.path().to_owned()), settings, book);
        Self { _folder: Some(folder), ..bench }
    }
    /// At a place that the caller takes care of.
    pub(super) fn at(location: Location, settings: Settings, book: Rulebook) -> Self {
        let store = open(&location);
        store.migrate().unwrap();
        let clock =
            Clock::Simulated { simulated_at: at(0, 0), real_at: at(0, 0), speed_per_mille: 0 };
        let id = store
            .write(|tx| {
                let new =
                    NewTenant { key: "northwind", name: "Northwind", clock, created_at: at(0, 0) };
                let id = tenants::create(tx, &Scope::operator(), &new)?;
                for (key, role, connector) in [
                    ("northwind-shop", Role::Commerce, "plain"),
                    ("northwind-erp", Role::Seller, "versioned"),
                    ("contoso-freight", Role::Carrier, "plain"),
                ] {
                    let new = NewSource {
                        key,
                        name: key,
                        partner: Some(key),
                        role,
                        connector,
                        settings: serde_json::Value::Null,
                        silent_after: (role == Role::Carrier).then_some(Length::days(2)),
                        created_at: at(0, 0),
                    };
                    sources::create(tx, &Scope::tenant(id), &new)?;
                }
                Ok(id)
            })
            .unwrap();
        let (engine, tenant) = start(store, id, &settings, &book);
        Self { location, _folder: None, engine, tenant, settings, book }
    }

    /// Ends the engine as a kill would at the boundary of a commit, and starts another on the same
    /// folder.
    pub(super) fn restart(&mut self) {
        self.engine.stop();
        let store = open(&self.location);
        let (engine, tenant) = start(store, self.tenant.id, &self.settings, &self.book);
        self.engine = engine;
        self.tenant = tenant;
    }

    /// As [`Bench::restart`], with the facts of these messages made unreadable meanwhile.
    pub(super) fn restart_damaged(&mut self, messages: &[MessageNo]) {
        self.engine.stop();
        baton_store::throwaway::damage_facts(&self.location, messages).unwrap();
        self.restart();
    }

    /// As [`Bench::restart`], with the packs that are stored.
    pub(super) fn restart_as_stored(&mut self) {
        self.engine.stop();
        let store = open(&self.location);
        self.engine = Engine::start(store, self.settings.clone(), Sharing::Alone).unwrap();
        self.tenant = self.engine.tenant(self.tenant.id).unwrap();
    }

    pub(super) fn source(&self, key: &str) -> Source {
        self.engine.store().read(|tx| sources::by_key(tx, &self.tenant.scope, key)).unwrap()
    }

    /// Sends a body with headers.
    pub(super) fn send_raw(
        &self,
        source: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Receipt, IntakeError> {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let incoming = Incoming {
            source: self.source(source),
            content_type: "application/json".into(),
            headers,
            body,
            own_id: None,
            received_at: None,
        };
        self.engine.intake().unwrap().receive_blocking(&self.tenant, incoming)
    }
    pub(super) fn send(&self, source: &str, statements: Vec<Statement>) -> Receipt {
        self.send_raw(source, &[], own_words::body(statements)).unwrap()
    }
    /// Sends with the receipt that it has in the test's story, whenever it is sent.
    pub(super) fn send_at(&self, source: &str, received_at: Instant, statements: Vec<Statement>) {
        let incoming = Incoming {
            source: self.source(source),
            content_type: "application/json".into(),
            headers: Vec::new(),
            body: own_words::body(statements),
            own_id: None,
            received_at: Some(received_at),
        };
        self.engine.intake().unwrap().receive_blocking(&self.tenant, incoming).unwrap();
    }
    pub(super) fn settle(&self) {
        self.engine.settle(PATIENCE).unwrap();
    }
    pub(super) fn state(&self, name: &Identifier) -> State {
        self.try_state(ObjectId::of(name), View::default()).unwrap()
    }
    pub(super) fn try_state(
        &self,
        id: ObjectId,
        view: View<'_>,
    ) -> Result<State, baton_store::StoreError> {
        state_of(self.engine.store(), &self.tenant, &self.settings.steps, id, view)
    }
    pub(super) fn verify(&self) -> Verified {
        verify(self.engine.store(), &self.tenant, &self.settings.steps).unwrap()
    }
    pub(super) fn orders(&self) -> Vec<baton_store::orders::OrderRow> {
        use baton_store::orders::{Filter, Sort, list};
        let page = self
            .engine
            .store()
            .read(|tx| list(tx, &self.tenant.scope, &Filter::default(), Sort::Updated, None, 1_000))
            .unwrap();
        page.items
    }
}

pub(super) fn open(location: &Location) -> Arc<Store> {
    Arc::new(Store::open(location, &baton_store::Settings::default()).unwrap())
}

fn start(
    store: Arc<Store>,
    id: TenantId,
    settings: &Settings,
    book: &Rulebook,
) -> (EngineHandle, Arc<Tenant>) {
    start_sharing(store, id, (settings, book), Sharing::Alone)
}

pub(super) fn start_sharing(
    store: Arc<Store>,
    id: TenantId,
    (settings, book): (&Settings, &Rulebook),
    sharing: Sharing,
) -> (EngineHandle, Arc<Tenant>) {
    let declared = Declared {
        version: "test".into(),
        book: Arc::new(book.clone()),
        epochs: Arc::default(),
        connectors: Arc::new(PlainWords),
    };
    let engine = Engine::start_with(store, settings.clone(), sharing, |tenant| {
        tenant.declare(Arc::new(declared.clone()));
    })
    .unwrap();
    let tenant = engine.tenant(id).unwrap();
    (engine, tenant)
}

pub(super) fn order(scheme: &str, issuer: &str, value: &str) -> Identifier {
    Identifier::new(ObjectKind::Order, scheme, issuer, value)
}
pub(super) fn shipment(value: &str) -> Identifier {
    Identifier::new(ObjectKind::Shipment, "tracking", "contoso-freight", value)
}
pub(super) fn says(about: &Identifier, when: Instant, body: Body) -> Statement {
    Statement {
        about: about.clone().into(),
        happened: Happened::at(when),
        body,
        place: Place::None,
    }
}
pub(super) fn reached(about: &Identifier, when: Instant, code: &str) -> Statement {
    let body = Body::Progress {
        milestone: Milestone::find(code).unwrap(),
        classifier: Classifier::Actual,
        due: None,
        detail: Detail::default(),
    };
    says(about, when, body)
}
pub(super) fn same(about: &Identifier, other: &Identifier, when: Instant) -> Statement {
    says(about, when, Body::Same { other: other.clone(), class: LinkClass::DeclaredKey })
}
pub(super) fn contains(about: &Identifier, child: &Identifier, when: Instant) -> Statement {
    let body = Body::Related {
        relation: Relation::Contains,
        child: child.clone(),
        presence: Presence::Added,
    };
    says(about, when, body)
}

//! Fresh stores of both engines, and short ways to fill them.

use std::path::Path;

use baton_core::fact::{Body, Fact, Place, Statement};
use baton_core::id::{MessageNo, ObjectId};
use baton_core::identifier::{Identifier, ObjectKind};
use baton_core::partner::{Role, SourceKey};
use baton_core::time::{Happened, Instant};
use baton_store::clusters::ClusterNo;
use baton_store::facts::{self, NewFact};
use baton_store::messages::NewMessage;
use baton_store::orders::OrderRow;
use baton_store::sources::{self, NewSource, SourceId};
use baton_store::tenants::{self, Clock, NewTenant};
pub(crate) use baton_store::throwaway::Schema;
use baton_store::{Location, PackedBody, Scope, Settings, Store, Tx};

/// Declares each function `fn(&Store)` of this module as a test on each engine.
macro_rules! on_each_engine {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { crate::harness::on_sqlite(super::$name); })*
        }
        mod postgres {
            $(#[test] fn $name() { crate::harness::on_postgres(super::$name); })*
        }
    };
}
pub(crate) use on_each_engine;

pub(crate) fn on_folder(test: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    test(folder.path());
}

pub(crate) fn on_sqlite(test: fn(&Store)) {
    on_folder(|folder| run(&Location::Folder(folder.to_owned()), test));
}

pub(crate) fn on_postgres(test: fn(&Store)) {
    if let Some(schema) = fresh_schema() {
        run(&schema.location(), test);
    }
}

fn run(location: &Location, test: fn(&Store)) {
    let store = Store::open(location, &Settings::default()).unwrap();
    assert_eq!(store.migrate().unwrap().0, 0);
    test(&store);
}

/// `None`, with a note, where no server is named.
pub(crate) fn fresh_schema() -> Option<Schema> {
    Schema::fresh()
}

/// So many seconds after a fixed day.
pub(crate) fn at(seconds: i64) -> Instant {
    Instant::from_seconds(1_777_000_000 + seconds)
}

/// A tenant with the source `shop` (of partner `northwind`) and `carrier` (of `speedy`).
pub(crate) fn tenant(store: &Store, key: &str) -> Scope {
    store
        .write(|tx| {
            let new = NewTenant { key, name: key, clock: Clock::Real, created_at: at(0) };
            let scope = Scope::tenant(tenants::create(tx, &Scope::operator(), &new)?);
            source(tx, &scope, "shop", "northwind", Role::Commerce);
            source(tx, &scope, "carrier", "speedy", Role::Carrier);
            Ok(scope)
        })
        .unwrap()
}

fn source(tx: &mut Tx<'_>, scope: &Scope, key: &str, partner: &str, role: Role) {
    let new = NewSource {
        key,
        name: key,
        partner: Some(partner),
        role,
        connector: "test/json",
        settings: serde_json::json!({"unit": "EA"}),
        silent_after: None,
        created_at: at(0),
    };
    sources::create(tx, scope, &new).unwrap();
}

pub(crate) fn source_id(store: &Store, scope: &Scope, key: &str) -> SourceId {
    store.read(|tx| sources::by_key(tx, scope, key)).unwrap().id
}

pub(crate) fn message(source: SourceId, own_id: Option<&str>, body: &str) -> NewMessage {
    NewMessage {
        source,
        received_at: at(10),
        content_type: "application/json".into(),
        headers: "{}".into(),
        own_id: own_id.map(Into::into),
        bytes_identify: false,
        content: None,
        body: PackedBody::new(body.into()),
    }
}

pub(crate) fn note(text: &str, message: i64, recorded_at: Instant) -> Fact {
    let about = Identifier::new(ObjectKind::Order, "po", "northwind", "PO-1").into();
    let statement = Statement {
        about,
        happened: Happened::at(at(5)),
        body: Body::Noted { text: text.into() },
        place: Place::Pointer("/note".into()),
    };
    Fact::new(statement, &SourceKey::from("shop"), MessageNo(message), at(10), recorded_at)
}

pub(crate) fn keep(store: &Store, scope: &Scope, cluster: ClusterNo, all: &[Fact]) {
    let new: Vec<_> =
        (0..).zip(all).map(|(n, fact)| NewFact { cluster, n, fact, content: None }).collect();
    store.write(|tx| facts::insert(tx, scope, &new)).unwrap();
}

/// An open order of Northwind's, promised and without trouble.
pub(crate) fn order(number: &str, cluster: ClusterNo) -> OrderRow {
    OrderRow {
        cluster,
        component: 0,
        id: ObjectId::of(&Identifier::new(ObjectKind::Order, "po", "northwind", number)),
        number: number.into(),
        state: "open".into(),
        progress: Some("O30".into()),
        position: None,
        customer: Some("Wingtip Toys".into()),
        value: None,
        promised_at: Some(at(100)),
        projected_at: None,
        late_minutes: 0,
        holder: Some("northwind".into()),
        partners: vec![(Role::Commerce, "northwind".into())],
        exceptions_open: 0,
        severity_max: 0,
        placed_at: at(0),
        updated_at: at(50),
        digest: 1,
    }
}

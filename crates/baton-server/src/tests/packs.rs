//! The engine with the shipped packs: real formats in, orders out, versions swapped.

use super::harness::*;
use crate::activation::{Activating, ActivationError};
use crate::history::View;
use crate::intake::Incoming;
use baton_core::partner::Role;
use baton_core::time::Duration;
use baton_packs::PackFiles;
use baton_store::sources::{self, NewSource};
use baton_store::{engine_timers, quarantine};

const ORDER: &[u8] = include_bytes!("../../../../packs/shopify/fixtures/order-created/input.json");
const INTERCHANGE: &[u8] =
    include_bytes!("../../../../packs/x12-retail/fixtures/one-broken-set/input.edi");

fn with_shipped_packs() -> Bench {
    let bench = Bench::new();
    for (key, role, connector) in [
        ("tailwind-shop", Role::Commerce, "shopify"),
        ("litware-edi", Role::Distributor, "x12-retail"),
    ] {
        let new = NewSource {
            key,
            name: key,
            partner: Some(key),
            role,
            connector,
            settings: serde_json::Value::Null,
            silent_after: None,
            created_at: at(0, 0),
        };
        let made = bench.engine.store().write(|tx| sources::create(tx, &bench.tenant.scope, &new));
        made.unwrap();
    }
    activate(&bench, baton_packs::shipped(), true).unwrap();
    bench
}

fn activate(bench: &Bench, packs: Vec<PackFiles>, moves: bool) -> Result<String, ActivationError> {
    let activating = Activating { packs, by: "ada".into(), moves, ..Activating::default() };
    bench.engine.activate(bench.tenant.id, activating)
}

fn send(bench: &Bench, source: &str, headers: &[(&str, &str)], body: &[u8]) {
    let incoming = Incoming {
        source: bench.source(source),
        content_type: "application/octet-stream".into(),
        headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        body: body.to_vec(),
        own_id: None,
        received_at: None,
    };
    bench.engine.intake().unwrap().receive_blocking(&bench.tenant, incoming).unwrap();
}

const TOPIC: (&str, &str) = ("x-shopify-topic", "orders/create");

#[test]
fn partners_formats_become_orders_by_the_shipped_packs() {
    let bench = with_shipped_packs();
    send(&bench, "tailwind-shop", &[TOPIC], ORDER);
    send(&bench, "litware-edi", &[], INTERCHANGE);
    bench.settle();
    let rows = bench.orders();
    let shop = rows.iter().find(|row| row.number == "#1014").unwrap();
    assert_eq!(shop.customer.as_deref(), Some("Margie's Travel"));
    assert_eq!(shop.value.as_ref().map(|v| v.amount.to_string()).as_deref(), Some("7975.00"));
    // Of the interchange the sound set was read, the broken one waits with its reason.
    assert_eq!(rows.len(), 2, "{rows:?}");
    let items = bench
        .engine
        .store()
        .read(|tx| quarantine::list(tx, &bench.tenant.scope, None, None, 10))
        .unwrap();
    let [broken] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!((broken.code.as_str(), broken.part.contains("ST 0002")), ("broken_set", true));
    assert_eq!(bench.verify().differences, []);
}

#[test]
fn a_pack_with_faults_changes_nothing_and_says_where() {
    let bench = with_shipped_packs();
    let before = bench.tenant.declared().version.clone();
    let mut starter = starter("1.1.0");
    starter.files.insert("rules.yaml".into(), b"- code: E-XXX-99\n".to_vec());
    let refused = activate(&bench, vec![starter], false);
    let Err(ActivationError::Faults(faults)) = refused else { panic!("{refused:?}") };
    assert!(
        faults.iter().any(|fault| fault.file == "rules.yaml" && fault.at.line == 1),
        "{faults:?}"
    );
    assert_eq!(bench.tenant.declared().version, before);
}

/// The rules that an order goes by.
fn rulebook(bench: &Bench, number: &str) -> String {
    let id = bench.orders().iter().find(|row| row.number == number).unwrap().id;
    bench.try_state(id, View::default()).unwrap().rulebook.to_string()
}

#[test]
fn orders_keep_the_rules_that_they_began_under_until_they_are_moved() {
    let mut bench = with_shipped_packs();
    let first = bench.tenant.declared().version.clone();
    send(&bench, "tailwind-shop", &[TOPIC], ORDER);
    bench.settle();
    let advance = |bench: &Bench, hours| {
        bench.tenant.clock.advance_to(at(0, 0) + Duration::hours(hours));
    };
    let activate =
        |bench: &Bench, version, moves| activate(bench, vec![starter(version)], moves).unwrap();
    advance(&bench, 1);
    let second = activate(&bench, "1.1.0", false);
    assert!(second.contains("starter@1.1.0") && second.contains("shopify@1.0.0"), "{second}");
    advance(&bench, 2);
    let later =
        [("#1014", "#1015"), ("5610000430684", "5610000430685"), ("NW0000169", "NW0000170")]
            .iter()
            .fold(String::from_utf8(ORDER.to_vec()).unwrap(), |text, (of, to)| {
                text.replace(of, to)
            });
    send(&bench, "tailwind-shop", &[TOPIC], later.as_bytes());
    bench.settle();
    assert_eq!(rulebook(&bench, "#1014"), first);
    assert_eq!(rulebook(&bench, "#1015"), second);
    assert_eq!(bench.verify().differences, []);
    // The history of activations is taken up by the next start.
    bench.restart_as_stored();
    assert_eq!(bench.tenant.declared().version, second);
    assert_eq!(rulebook(&bench, "#1014"), first);
    advance(&bench, 3);
    let moved_at = bench.tenant.clock.now();
    let third = activate(&bench, "1.2.0", true);
    bench.settle();
    assert_eq!(rulebook(&bench, "#1014"), third);
    assert_eq!(rulebook(&bench, "#1015"), third);
    assert_eq!(bench.verify().differences, []);
    let cluster = bench.orders()[0].cluster;
    let timer = bench.engine.store().read(|tx| engine_timers::of(tx, &bench.tenant.scope, cluster));
    assert!(timer.unwrap().is_none_or(|at| at > bench.tenant.clock.now()), "it was woken");
    // As of before the move it went by what it went by then.
    let row = bench.orders().into_iter().find(|row| row.number == "#1014").unwrap();
    let before = View { as_of: Some(moved_at - Duration::minutes(30)), ..View::default() };
    assert_eq!(bench.try_state(row.id, before).unwrap().rulebook, first);
}

fn starter(version: &str) -> PackFiles {
    let mut starter = baton_packs::shipped().remove(0);
    let manifest = String::from_utf8(starter.files["pack.yaml"].clone()).unwrap();
    let manifest = manifest.replace("version: 1.0.0", &format!("version: {version}"));
    starter.files.insert("pack.yaml".into(), manifest.into_bytes());
    starter
}

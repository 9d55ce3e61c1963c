//! As of any past commit the derived state is the one that was stored by it: stories are told in
//! batches by chance, with late, repeated and reordered messages, readings anew and timers between, and
//! every commit that was looked at then is derived again at the end.

use std::collections::BTreeMap;

use baton_core::amount::Quantity;
use baton_core::book::Rulebook;
use baton_core::fact::{Body, Classifier, Detail, Measure, Relation, Statement};
use baton_core::fact::{LinkClass, Presence};
use baton_core::id::{ExceptionId, ObjectId};
use baton_core::identifier::{About, Identifier, LineRef, ObjectKind};
use baton_core::milestone::Milestone;
use baton_core::partner::Role;
use baton_core::time::{Duration, Happened, Instant};
use baton_packs::Pack;
use baton_store::clusters::{self, ClusterNo};
use baton_store::sources::{self, NewSource};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::harness::*;
use crate::deriving::subjects;
use crate::history::reach;
use crate::rows::Rows;
use crate::settings::Settings;
use crate::tenant::source_infos_as_of;

/// Orders of a story, two to a shipment.
const ORDERS: i64 = 4;
/// Clusters of a story; all of them are looked at.
const CLUSTERS_MAX: usize = 1_000;

/// Digests of orders (objects have none that is stored), and how the exceptions of all stand.
type Stored = (BTreeMap<ObjectId, i64>, BTreeMap<ExceptionId, String>);

/// A message of the story: who says when what.
struct Word {
    source: &'static str,
    received_at: Instant,
    statements: Vec<Statement>,
}

fn shipped_book() -> Rulebook {
    let packs: Vec<Pack> =
        baton_packs::shipped().into_iter().filter_map(|files| Pack::from_files(files).0).collect();
    baton_packs::compile(&packs).unwrap()
}

fn bench() -> Bench {
    let bench = Bench::with(Settings::default(), shipped_book());
    for (key, role, silent) in [
        ("fabrikam", Role::Oem, Some(Duration::days(3))),
        ("litware", Role::Distributor, Some(Duration::days(2))),
        ("northwind-ledger", Role::Finance, None),
    ] {
        let new = NewSource {
            key,
            name: key,
            partner: Some(key),
            role,
            connector: "plain",
            settings: serde_json::Value::Null,
            silent_after: silent,
            created_at: at(0, 0),
        };
        bench.engine.store().write(|tx| sources::create(tx, &bench.tenant.scope, &new)).unwrap();
    }
    bench
}

fn amount(
    order: &Identifier,
    measure: Measure,
    value: i64,
    via: Option<&Identifier>,
) -> (About, Body) {
    let line =
        LineRef { numbering: "erp".into(), number: Some("1".into()), sku: Some("NW-DESK".into()) };
    let about = About { object: order.clone(), line: Some(Box::new(line)) };
    let quantity = Quantity { value: value.into(), unit: "EA".into() };
    (about, Body::Amount { measure, quantity, via: via.cloned().map(Box::new) })
}

fn due(milestone: &str, classifier: Classifier, when: Instant) -> Body {
    Body::Progress {
        milestone: Milestone::find(milestone).unwrap(),
        classifier,
        due: Some(Happened::at(when)),
        detail: Detail::default(),
    }
}

/// What is said about one order, each with its source and the hours after which it happens.
fn order_story(n: i64, chance: &mut StdRng) -> Vec<(&'static str, Instant, Statement)> {
    let start = at(n % 3, 8);
    let shop = order("shop_order", "northwind-shop", &format!("{}", 1_000 + n));
    let erp = order("sales_order", "northwind-erp", &format!("SO-{n}"));
    let po = order("po", "northwind-erp", &format!("PO-{n}"));
    let parcel = shipment(&format!("TRK-{}", n / 2));
    let bill = Identifier::new(ObjectKind::Invoice, "invoice", "northwind", &format!("INV-{n}"));
    let maker = if n % 2 == 0 { "fabrikam" } else { "litware" };
    let role = if n % 2 == 0 { Role::Oem } else { Role::Distributor };
    let mut told: Vec<(&'static str, i64, About, Body)> = Vec::new();
    let mut say = |source, hours: i64, about: &Identifier, body| {
        told.push((source, hours, about.clone().into(), body));
    };
    let done = |code: &str| reached(&shop, start, code).body;
    let same =
        |other: &Identifier| Body::Same { other: other.clone(), class: LinkClass::DeclaredKey };
    let related = |relation, child: &Identifier| Body::Related {
        relation,
        child: child.clone(),
        presence: Presence::Added,
    };
    let slow = |chance: &mut StdRng, usual: i64| usual + chance.random_range(0..usual.max(2) * 2);
    say("northwind-shop", 0, &shop, done("O10"));
    say("northwind-erp", 2, &erp, same(&shop));
    say("northwind-erp", 3, &erp, same(&po));
    say("northwind-erp", 3, &erp, done("F10"));
    say("northwind-erp", 3, &erp, Body::Plays { role, partner: maker.into() });
    say("northwind-erp", 4, &erp, due("T60", Classifier::Promised, start + Duration::days(7)));
    say(maker, slow(chance, 10), &po, done("O20"));
    say(maker, slow(chance, 40), &po, related(Relation::Contains, &parcel));
    say(maker, slow(chance, 40), &parcel, done("F60"));
    let left = slow(chance, 44);
    say("contoso-freight", left, &parcel, done("T10"));
    say("contoso-freight", left + 20, &parcel, done("T30"));
    let eta = start + Duration::days(5 + chance.random_range(0..5));
    say("contoso-freight", left + 21, &parcel, due("T60", Classifier::Estimated, eta));
    say("contoso-freight", left + 30 + slow(chance, 50), &parcel, done("T60"));
    say("contoso-freight", left + 40 + slow(chance, 60), &parcel, done("T65"));
    say("northwind-ledger", left + slow(chance, 200), &bill, done("B10"));
    say("northwind-erp", left + 100, &erp, related(Relation::BilledBy, &bill));
    for (source, hours, measure, value, via) in [
        ("northwind-shop", 0, Measure::Ordered, 5, None),
        ("northwind-erp", 3, Measure::Ordered, 5, None),
        (maker, 12, Measure::Confirmed, 5 - chance.random_range(0..2), None),
        (maker, 41, Measure::Shipped, 5 - chance.random_range(0..2), Some(&parcel)),
    ] {
        let (about, body) = amount(&erp, measure, value, via);
        told.push((source, hours, about, body));
    }
    told.into_iter()
        .map(|(source, hours, about, body)| {
            let when = start + Duration::hours(hours);
            (source, when, Statement { about, ..says(&shop, when, body) })
        })
        .collect()
}

/// The messages of the story in the order of their receipt, with losses, repeats and delays.
fn story(chance: &mut StdRng) -> Vec<Word> {
    let mut words = Vec::new();
    let told: Vec<_> = (0..ORDERS).flat_map(|n| order_story(n, chance)).collect();
    for (source, when, statement) in told {
        let received_at = match chance.random_range(0..20) {
            0 => continue,
            1..=3 => when + Duration::hours(chance.random_range(1..90)),
            _ => when + Duration::minutes(chance.random_range(1..120)),
        };
        if chance.random_range(0..8) == 0 {
            let received_at = received_at + Duration::hours(chance.random_range(0..50));
            words.push(Word { source, received_at, statements: vec![statement.clone()] });
        }
        words.push(Word { source, received_at, statements: vec![statement] });
    }
    words.sort_by_key(|word| word.received_at);
    words
}

/// What stands in the store.
fn stored(bench: &Bench) -> Stored {
    let rows = bench.engine.store().read(|tx| {
        let scope = &bench.tenant.scope;
        let all = clusters::list(tx, scope, ClusterNo(0), CLUSTERS_MAX)?;
        Rows::load(tx, scope, &all)
    });
    flat(rows.unwrap().into_values())
}

/// The same, derived as of an instant.
fn derived(bench: &Bench, at: Instant) -> Stored {
    let limits = Settings::default().steps;
    let tenant = &bench.tenant;
    let declared = tenant.declared();
    let rows = bench.engine.store().read(|tx| {
        let sources = source_infos_as_of(tx, &tenant.scope, at)?;
        let all = clusters::list(tx, &tenant.scope, ClusterNo(0), CLUSTERS_MAX)?;
        let mut rows = Vec::new();
        for cluster in all {
            let reach = reach(tx, tenant, &limits, cluster, Some(at))?;
            let known = declared.rules_as_of(at).known(&reach.home, &reach.below, &sources);
            let subjects = subjects(&known, at, reach.limit.as_deref());
            rows.push(Rows::of(cluster, &subjects, at));
        }
        Ok(rows)
    });
    flat(rows.unwrap().into_iter())
}

fn flat(rows: impl Iterator<Item = Rows>) -> Stored {
    let mut flat = Stored::default();
    for rows in rows {
        flat.0.extend(rows.orders.iter().map(|row| (row.id, row.digest)));
        flat.0.extend(rows.objects.iter().map(|row| (row.id, 0)));
        flat.1.extend(rows.exceptions.into_iter().map(|row| {
            let stands =
                format!("{} {} {} {:?}", row.code, row.state, row.opened_at, row.closed_at);
            (row.id, stands)
        }));
    }
    flat
}

fn check(seed: u64) {
    let chance = &mut StdRng::seed_from_u64(seed);
    let mut bench = bench();
    let mut looked: Vec<(Instant, Stored)> = Vec::new();
    let mut words = story(chance).into_iter().peekable();
    let mut now = at(0, 0);
    let mut sent = Vec::new();
    while words.peek().is_some() || now < at(30, 0) {
        // At times nothing passes between two commits but the commit itself.
        now = now + Duration::minutes([0, 20, 90, 600, 2_000][chance.random_range(0..5)]);
        bench.tenant.clock.advance_to(now);
        let late = chance.random_range(0..10) == 0;
        for _ in 0..chance.random_range(0..8) {
            let Some(word) = words.next_if(|word| word.received_at <= now) else { break };
            if late {
                // Received long ago by a forwarder whose word for it is taken.
                bench.send_at(word.source, word.received_at, word.statements);
            } else {
                sent.push(bench.send(word.source, word.statements).message());
            }
        }
        if chance.random_range(0..15) == 0 && !sent.is_empty() {
            let again = sent[chance.random_range(0..sent.len())];
            bench.settle();
            bench.engine.reread(bench.tenant.id, &[again], "ada").unwrap();
        }
        if chance.random_range(0..25) == 0 {
            bench.restart();
        }
        bench.engine.wake();
        bench.settle();
        looked.push((bench.tenant.recorded_at(), stored(&bench)));
    }
    assert_eq!(bench.verify().differences, [], "seed {seed}");
    for (at, stored) in looked {
        let derived = derived(&bench, at);
        assert_eq!(stored.1, derived.1, "exceptions as of {at}, seed {seed}");
        assert_eq!(stored.0, derived.0, "subjects as of {at}, seed {seed}");
    }
}

#[test]
fn as_of_any_past_commit_is_the_state_that_was_stored_by_it() {
    for seed in 0..4 {
        check(seed);
    }
}

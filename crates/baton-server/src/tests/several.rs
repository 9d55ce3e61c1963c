//! Several nodes on one PostgreSQL: they share the work, agree about orders that they learn of at the same
//! instant, and take over what one of them held that was killed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use baton_core::book::Rulebook;
use baton_core::fact::{Body, Statement};
use baton_core::partner::SourceKey;
use baton_store::clusters::{self, ClusterNo};
use baton_store::faults::{Faults, Moment};
use baton_store::sources::OWN;
use baton_store::tenants::{self, Clock};
use baton_store::throwaway::Schema;
use baton_store::{Location, Store, StoreError, facts, orders, pending, quarantine};

use super::harness::*;
use crate::Sharing;
use crate::engine::EngineHandle;
use crate::intake::Incoming;
use crate::own_words;
use crate::roles::Roles;
use crate::settings::Settings;
use crate::tenant::Tenant;

const NODES: usize = 3;
const SHIPMENTS: usize = 30;
const ORDERS: usize = 45;
const MESSAGES: usize = 600;
const ALL: usize = 10_000;

/// Cuts a node off from its store for ever, as a kill does.
#[derive(Debug, Default)]
struct Killed(AtomicBool);

impl Faults for Killed {
    fn at(&self, _: Moment) -> Result<(), StoreError> {
        let gone = || StoreError::Unavailable { reason: "the node was killed".into() };
        if self.0.load(Ordering::Acquire) { Err(gone()) } else { Ok(()) }
    }
}

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.steps.batch_messages_max = 20;
    settings.steps.tick = Duration::from_millis(5);
    settings.steps.lease = Duration::from_millis(400);
    settings.steps.retry_wait_first = Duration::from_millis(1);
    settings.steps.retry_wait_max = Duration::from_millis(50);
    settings
}

/// What the story's messages say, in no particular order: orders share shipments, so that what is said of
/// one shipment is of concern to several orders at once.
fn said(n: usize) -> (&'static str, Vec<Statement>) {
    let parcel = shipment(&format!("TRK-{}", n * 7 % SHIPMENTS));
    let shop = |n: usize| order("shop_order", "northwind-shop", &format!("{}", 1_000 + n % ORDERS));
    let when = at(1, 0) + baton_core::time::Duration::minutes(n as i64);
    match n % 5 {
        0 => ("northwind-shop", vec![reached(&shop(n / 5), when, "O10")]),
        1 => ("northwind-erp", vec![contains(&shop(n / 5), &parcel, when)]),
        2 => {
            let sold = order("sales_order", "northwind-erp", &format!("SO-{}", n / 5 % ORDERS));
            ("northwind-erp", vec![same(&sold, &shop(n / 5), when), reached(&sold, when, "F10")])
        }
        3 => ("contoso-freight", vec![reached(&parcel, when, "T10")]),
        _ => ("contoso-freight", vec![reached(&parcel, when, "T30")]),
    }
}

fn send(engine: &EngineHandle, tenant: &Arc<Tenant>, n: usize) -> bool {
    let (source, statements) = said(n);
    let find =
        |tx: &mut baton_store::Tx<'_>| baton_store::sources::by_key(tx, &tenant.scope, source);
    let Ok(source) = engine.store().read(find) else { return false };
    let incoming = Incoming {
        source,
        content_type: "application/json".into(),
        headers: vec![("x-own-id".into(), format!("m{n}"))],
        body: own_words::body(statements),
        own_id: None,
        received_at: Some(at(1, 0) + baton_core::time::Duration::minutes(n as i64)),
    };
    engine.intake().is_ok_and(|intake| intake.receive_blocking(tenant, incoming).is_ok())
}

/// A place with the tenant of the tests, whose clock stands after everything that is said, and before
/// anything of it counts as unmatched: what is announced on the way depends on who was where first.
fn made(location: Location) -> Bench {
    let bench = Bench::at(location, settings(), Rulebook::default());
    bench.tenant.clock.advance_to(at(1, 12));
    let clock = Clock::Simulated { simulated_at: at(1, 12), real_at: at(0, 0), speed_per_mille: 0 };
    let set = bench.engine.store().write(|tx| tenants::set_clock(tx, &bench.tenant.scope, clock));
    set.unwrap();
    bench
}

/// What partners stated, and what was made of it.
fn held(store: &Store, tenant: &Tenant) -> BTreeSet<String> {
    let own = SourceKey::new_static(OWN);
    let read = store.read(|tx| {
        let scope = &tenant.scope;
        let all = clusters::list(tx, scope, ClusterNo(0), ALL)?;
        let mut lines = BTreeSet::new();
        for row in orders::by_clusters(tx, scope, &all)? {
            lines.insert(format!("order {} {} {:x}", row.id, row.state, row.digest));
        }
        for fact in facts::load(tx, scope, &all, None)?.into_values().flatten() {
            if fact.source != own {
                let line = format!("fact {} {} {}", fact.id, fact.about.object, fact.received_at);
                let mirror = matches!(fact.body, Body::Within { .. });
                assert!(lines.insert(line.clone()) || mirror, "{line} is there twice");
            }
        }
        assert_eq!(quarantine::list(tx, scope, None, None, ALL)?, []);
        Ok(lines)
    });
    read.unwrap()
}

/// One more node at a place that was made.
fn joined(
    schema: &Schema,
    made: &Bench,
    killed: &Arc<Killed>,
    roles: Roles,
) -> (EngineHandle, Arc<Tenant>) {
    let store = Store::open(&schema.location(), &baton_store::Settings::default()).unwrap();
    let store = Arc::new(store.with_faults(Arc::clone(killed) as _));
    let settings = Settings { roles, ..settings() };
    let book = Rulebook::default();
    start_sharing(store, made.tenant.id, (&settings, &book), Sharing::Several)
}

#[test]
fn roles_are_split_between_nodes() {
    let Some(schema) = Schema::fresh() else { return };
    let first = made(schema.location());
    first.engine.stop();
    let node = |roles: &str| joined(&schema, &first, &Arc::default(), roles.parse().unwrap());
    let (takes, tenant) = node("intake,derive");
    for n in 0..20 {
        assert!(send(&takes, &tenant, n));
    }
    let waiting = || {
        let count = |tx: &mut baton_store::Tx<'_>| pending::count(tx, &tenant.scope, 100);
        takes.store().read(count).unwrap()
    };
    assert!(takes.settle(Duration::from_millis(200)).is_err(), "nobody reads what waits");
    assert!(waiting() >= 20);
    let (reads, _) = node("interpret,dispatch");
    takes.settle(PATIENCE).unwrap();
    assert_eq!(waiting(), 0);
    assert_eq!(held(takes.store(), &tenant).iter().filter(|l| l.starts_with("order")).count(), 4);
    takes.stop();
    reads.stop();
}

#[test]
fn nodes_share_the_work_agree_and_take_over_from_one_that_was_killed() {
    let Some(schema) = Schema::fresh() else { return };
    let alone = tempfile::tempdir().unwrap();
    let one = made(Location::Folder(alone.path().to_owned()));
    for n in 0..MESSAGES {
        assert!(send(&one.engine, &one.tenant, n));
    }
    one.settle();
    let wanted = held(one.engine.store(), &one.tenant);

    let first = made(schema.location());
    first.engine.stop();
    let killed: Vec<Arc<Killed>> = (0..=NODES).map(|_| Arc::default()).collect();
    let node = |killed: &Arc<Killed>| joined(&schema, &first, killed, Roles::default());
    let nodes: Vec<_> = killed.iter().map(node).collect();
    let sent = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for (number, (engine, tenant)) in nodes.iter().take(NODES).enumerate() {
            let sent = &sent;
            scope.spawn(move || {
                for n in (number..MESSAGES).step_by(NODES) {
                    while !send(engine, tenant, n) {
                        std::thread::yield_now();
                    }
                    sent.fetch_add(1, Ordering::AcqRel);
                }
            });
        }
        // The last one takes part in the work, until it dies with whatever it holds.
        while sent.load(Ordering::Acquire) < MESSAGES / 2 {
            std::thread::yield_now();
        }
        killed[NODES].0.store(true, Ordering::Release);
    });
    let (engine, tenant) = &nodes[0];
    let began = std::time::Instant::now();
    engine.settle(PATIENCE).unwrap();
    eprintln!("settled {:?} after the last message", began.elapsed());
    let found = held(engine.store(), tenant);
    let missing: Vec<_> = wanted.difference(&found).take(5).collect();
    let surplus: Vec<_> = found.difference(&wanted).take(5).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "- {missing:#?}\n+ {surplus:#?}");
    let verified = crate::verify::verify(engine.store(), tenant, &settings().steps).unwrap();
    assert_eq!(verified.differences, []);
    for (engine, _) in &nodes {
        engine.stop();
    }
}

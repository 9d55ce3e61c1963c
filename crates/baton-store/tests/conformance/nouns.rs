//! The smaller nouns: each comes back as it was put, within its tenant.

use baton_core::id::{Digest, ExceptionId, MessageNo};
use baton_core::identifier::ObjectKind;
use baton_core::partner::Role;
use baton_core::rank::Stake;
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::Duration;
use baton_store::clusters::ClusterNo;
use baton_store::exceptions::{self, ExceptionRow};
use baton_store::idempotency::{self, Answer};
use baton_store::keys::{self, NewApiKey};
use baton_store::objects::{self, ObjectRow};
use baton_store::packs::{self, Pack};
use baton_store::partners::{self, Partner};
use baton_store::quarantine::{self, Closing, NewItem, State};
use baton_store::tenants::{self, Clock, NewTenant};
use baton_store::{
    Scope, Sight, Store, StoreError, Tx, hearing, messages, orders, progress, readings, sources,
    subscriptions,
};

use crate::harness::{at, message, on_each_engine, order, source_id, tenant};

on_each_engine!(
    a_key_opens_its_scope_until_it_ends,
    exceptions_are_listed_within_the_scope,
    quarantine_is_opened_and_closed,
    packs_are_active_as_of_an_instant,
    an_answer_is_kept_once,
    tenants_and_sources_change,
    what_was_heard_is_known_as_of_each_commit,
    objects_come_and_go,
    small_values_and_readings_are_kept,
);

fn conflicts<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    match outcome {
        Err(StoreError::Conflict { .. }) => {}
        other => panic!("expected a conflict, found {other:?}"),
    }
}

fn missing<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    match outcome {
        Err(StoreError::NotFound { .. }) => {}
        other => panic!("expected that nothing is found, found {other:?}"),
    }
}

fn a_key_opens_its_scope_until_it_ends(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let new = NewApiKey {
        hash: b"h1",
        prefix: "btn_1",
        label: "for tests",
        role: "viewer",
        partner: Some("speedy"),
        created_at: at(0),
        expires_at: Some(at(100)),
        networks: "10.0.0.0/8",
    };
    let whole = NewApiKey { hash: b"h2", partner: None, expires_at: None, ..new };
    let (first, second) = store
        .write(|tx| Ok((keys::create(tx, &scope, &new)?, keys::create(tx, &scope, &whole)?)))
        .unwrap();
    conflicts(store.write(|tx| keys::create(tx, &other, &new)));
    let opens = |hash: &[u8], now| {
        store.read(|tx| keys::authenticate(tx, hash, at(now))).unwrap().map(|key| key.scope())
    };
    let partner = Scope::partner(scope.tenant_id().unwrap(), "speedy".into());
    assert_eq!(opens(b"h1", 99), Some(partner));
    assert_eq!(opens(b"h1", 100), None);
    assert_eq!(opens(b"h2", 100), Some(scope.clone()));
    assert_eq!(opens(b"h3", 0), None);
    missing(store.write(|tx| keys::revoke(tx, &other, second, at(1))));
    store.write(|tx| keys::revoke(tx, &scope, second, at(1))).unwrap();
    assert_eq!(opens(b"h2", 2), None);
    for (scope, number, now) in [(&scope, first, 5), (&scope, first, 3), (&other, second, 7)] {
        store.write(|tx| keys::used(tx, scope, number, at(now))).unwrap();
    }
    let listed = store.read(|tx| keys::list(tx, &scope)).unwrap();
    let seen: Vec<_> = listed.iter().map(|k| (k.networks.as_str(), k.last_used_at)).collect();
    assert_eq!(seen, [("10.0.0.0/8", Some(at(5))), ("10.0.0.0/8", None)]);
    assert_eq!(listed.iter().map(|key| key.id).collect::<Vec<_>>(), [first, second]);
    assert_eq!(listed[1].revoked_at, Some(at(1)));
    assert!(store.read(|tx| keys::list(tx, &other)).unwrap().is_empty());
}

fn exceptions_are_listed_within_the_scope(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let (mine, theirs) = (order("1", ClusterNo(1)), order("2", ClusterNo(2)));
    let partners = vec![(Role::Carrier, "speedy".into())];
    let mine = orders::OrderRow { partners, exceptions_open: 2, ..mine };
    let code = |code: &str| ExceptionCode::find(code).unwrap();
    let row = |n: u8, order: &orders::OrderRow| ExceptionRow {
        id: ExceptionId(Digest::of(&[&[n]])),
        cluster: order.cluster,
        object: order.id,
        code: code("E-TRN-05"),
        severity: 2,
        state: "open".into(),
        opened_at: at(i64::from(n)),
        closed_at: None,
        liable: Some(Role::Carrier),
        partner: Some("speedy".into()),
        summary: "nothing heard for two days".into(),
        expectation: "T30".into(),
        wording: String::new(),
        taken: None,
        stake: Stake::default(),
    };
    let first = row(1, &mine);
    let second = ExceptionRow {
        severity: 4,
        code: code("E-ORD-01"),
        liable: None,
        partner: None,
        ..row(2, &mine)
    };
    let third = row(3, &theirs);
    let fourth = ExceptionRow { closed_at: Some(at(9)), state: "cleared".into(), ..row(4, &mine) };
    let all = [first.clone(), second.clone(), third.clone(), fourth.clone()];
    let clusters = [mine.cluster, theirs.cluster];
    let write = |rows: &[ExceptionRow]| {
        let write = |tx: &mut Tx<'_>| {
            let before = exceptions::by_clusters(tx, &scope, &clusters)?;
            exceptions::write(tx, &scope, &before, rows)
        };
        store.write(write).unwrap()
    };
    store.write(|tx| orders::write(tx, &scope, [], [&mine, &theirs], at(1))).unwrap();
    assert_eq!(write(&all), 4);
    assert_eq!(write(&all), 0);
    // Where it stood elsewhere, and nobody knew: it moves, and stands once.
    let moved = ExceptionRow { cluster: theirs.cluster, severity: 3, ..first.clone() };
    for row in [&moved, &first] {
        store.write(|tx| exceptions::write(tx, &scope, [], [row])).unwrap();
        let found = store.read(|tx| exceptions::by_clusters(tx, &scope, &clusters)).unwrap();
        assert_eq!(found.iter().filter(|found| found.id == row.id).collect::<Vec<_>>(), [row]);
    }
    let list = |scope: &Scope, filter: &exceptions::Filter| {
        store.read(|tx| exceptions::list(tx, scope, filter, None, 100)).unwrap().0
    };
    let none = exceptions::Filter::default();
    let speedy = Scope::partner(scope.tenant_id().unwrap(), "speedy".into()).seeing(Sight::ALL);
    let severe = exceptions::Filter { severity_min: Some(3), open: true, ..none.clone() };
    let coded = exceptions::Filter { code: Some(code("E-TRN-05")), open: true, ..none.clone() };
    let of_one = exceptions::Filter {
        order: Some((theirs.cluster, theirs.id)),
        partner: Some("speedy".into()),
        ..none.clone()
    };
    assert_eq!(list(&scope, &none), [fourth.clone(), third.clone(), second.clone(), first.clone()]);
    assert_eq!(list(&speedy, &none), [fourth.clone(), second.clone(), first.clone()]);
    assert_eq!(list(&other, &none), []);
    let in_state = |state: &str| exceptions::Filter { state: Some(state.into()), ..none.clone() };
    let opened: Vec<_> = all.iter().rev().filter(|e| e.state == "open").cloned().collect();
    assert_eq!(list(&scope, &in_state("open")), opened);
    assert_eq!(list(&scope, &in_state("unheard_of")), []);
    assert_eq!(list(&scope, &severe), std::slice::from_ref(&second));
    assert_eq!(list(&scope, &coded), [third.clone(), first.clone()]);
    assert_eq!(list(&scope, &of_one), std::slice::from_ref(&third));
    store
        .read(|tx| {
            let (page, next) = exceptions::list(tx, &scope, &none, None, 3)?;
            assert_eq!(page.len(), 3);
            let (page, next) = exceptions::list(tx, &scope, &none, next, 3)?;
            assert_eq!((page, next), (vec![first.clone()], None));
            assert_eq!(exceptions::get(tx, &speedy, first.id)?, first);
            missing(exceptions::get(tx, &speedy, third.id));
            missing(exceptions::get(tx, &other, first.id));
            assert_eq!(
                exceptions::count_open(tx, &scope)?,
                [(code("E-ORD-01"), 1), (code("E-TRN-05"), 2)]
            );
            let troubled =
                orders::Filter { exception: Some("E-TRN-05".into()), ..Default::default() };
            let page = orders::list(tx, &speedy, &troubled, orders::Sort::Updated, None, 9)?;
            assert_eq!(page.items, std::slice::from_ref(&mine));
            Ok(())
        })
        .unwrap();
    let closed = ExceptionRow { closed_at: Some(at(8)), ..second };
    assert_eq!(write(&[first.clone(), closed.clone(), third.clone()]), 1);
    assert_eq!(list(&scope, &none), [third, closed, first]);
}

fn quarantine_is_opened_and_closed(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let shop = source_id(store, &scope, "shop");
    let batch = [message(shop, Some("1"), "{"), message(shop, Some("2"), "}")];
    store.write(|tx| messages::receive_batch(tx, &scope, &batch)).unwrap();
    let ids: Vec<MessageNo> = store
        .read(|tx| messages::list(tx, &scope, None, None, 9))
        .unwrap()
        .iter()
        .map(|entry| entry.id)
        .collect();
    let item = |n: usize, part| NewItem {
        message: ids[n],
        part,
        code: "json.syntax",
        error: "{}",
        opened_at: at(1),
    };
    let items = [item(0, ""), item(1, "0001"), item(1, "0002")];
    let opened = store.write(|tx| quarantine::open(tx, &scope, &items)).unwrap();
    let list = |scope: &Scope, state| {
        let listed = store.read(|tx| quarantine::list(tx, scope, state, None, 9)).unwrap();
        listed.iter().map(|item| item.id).collect::<Vec<_>>()
    };
    let id = scope.tenant_id().unwrap();
    let newest_first: Vec<_> = opened.iter().rev().copied().collect();
    assert_eq!(list(&scope, Some(State::Open)), newest_first);
    assert_eq!(list(&Scope::partner(id, "northwind".into()), None), newest_first);
    assert_eq!(list(&Scope::partner(id, "speedy".into()), None), [0; 0]);
    assert_eq!(list(&other, None), [0; 0]);
    let discarded =
        Closing { state: State::Discarded, at: at(5), by: "ada", reason: Some("a test") };
    missing(store.write(|tx| quarantine::close(tx, &other, opened[0], discarded)));
    store.write(|tx| quarantine::close(tx, &scope, opened[0], discarded)).unwrap();
    conflicts(store.write(|tx| quarantine::close(tx, &scope, opened[0], discarded)));
    let closed = store.read(|tx| quarantine::get(tx, &scope, opened[0])).unwrap();
    assert_eq!((closed.state, closed.reason.as_deref()), (State::Discarded, Some("a test")));
    let reread = Closing { state: State::Reread, reason: None, ..discarded };
    let count = store.write(|tx| quarantine::close_messages(tx, &scope, &ids, reread)).unwrap();
    assert_eq!(count, 2);
    assert_eq!(store.read(|tx| quarantine::count_open(tx, &scope)).unwrap(), 0);
    assert_eq!(list(&scope, Some(State::Reread)), newest_first[..2]);
}

fn packs_are_active_as_of_an_instant(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let pack = |version: &str, digest: &str| Pack {
        name: "starter".into(),
        version: version.into(),
        content: vec![0, 1, 255],
        digest: digest.into(),
        stored_at: at(0),
    };
    store
        .write(|tx| {
            packs::store(tx, &scope, &pack("1", "a"))?;
            packs::store(tx, &scope, &pack("1", "a"))?;
            packs::store(tx, &scope, &pack("2", "b"))?;
            packs::activate(tx, &scope, ("starter", "1"), (at(10), "ada"), false)?;
            packs::activate(tx, &scope, ("starter", "2"), (at(20), "ada"), false)
        })
        .unwrap();
    conflicts(store.write(|tx| packs::store(tx, &scope, &pack("1", "other"))));
    missing(store.write(|tx| packs::activate(tx, &scope, ("starter", "3"), (at(1), "ada"), false)));
    missing(store.read(|tx| packs::get(tx, &other, "starter", "1")));
    let active = |seconds: Option<i64>| {
        let found = store.read(|tx| packs::active(tx, &scope, seconds.map(at))).unwrap();
        found.iter().map(|activation| activation.version.clone()).collect::<String>()
    };
    for (seconds, version) in [(Some(9), ""), (Some(10), "1"), (Some(20), "2"), (None, "2")] {
        assert_eq!(active(seconds), version, "as of {seconds:?}");
    }
    assert_eq!(store.read(|tx| packs::get(tx, &scope, "starter", "2")).unwrap(), pack("2", "b"));
    assert_eq!(store.read(|tx| packs::list(tx, &scope)).unwrap().len(), 2);
}

fn an_answer_is_kept_once(store: &Store) {
    let scope = tenant(store, "main");
    let partner = Scope::partner(scope.tenant_id().unwrap(), "speedy".into());
    let answer = Answer { request_hash: vec![1], status: 201, response: "{}".into(), at: at(5) };
    store.write(|tx| idempotency::keep(tx, &scope, "k", &answer)).unwrap();
    conflicts(store.write(|tx| idempotency::keep(tx, &scope, "k", &answer)));
    let look_up = |scope: &Scope| store.read(|tx| idempotency::look_up(tx, scope, "k")).unwrap();
    assert_eq!(look_up(&scope), Some(answer));
    assert_eq!(look_up(&partner), None, "keys of a partner are its own");
    assert_eq!(store.write(|tx| idempotency::forget(tx, &scope, at(5), 9)).unwrap(), 0);
    assert_eq!(store.write(|tx| idempotency::forget(tx, &scope, at(6), 9)).unwrap(), 1);
    assert_eq!(look_up(&scope), None);
}

fn tenants_and_sources_change(store: &Store) {
    let scope = tenant(store, "main");
    let new = NewTenant { key: "main", name: "Again", clock: Clock::Real, created_at: at(0) };
    conflicts(store.write(|tx| tenants::create(tx, &Scope::operator(), &new)));
    let clock =
        Clock::Simulated { simulated_at: at(7), real_at: at(1), speed_per_mille: 3_600_000 };
    store.write(|tx| tenants::set_clock(tx, &scope, clock)).unwrap();
    let found = store.read(|tx| tenants::by_key(tx, &Scope::operator(), "main")).unwrap();
    assert_eq!((found.clock, Some(found.id)), (clock, scope.tenant_id()));
    missing(store.read(|tx| tenants::by_key(tx, &Scope::operator(), "nobody")));
    let mut source = store.read(|tx| sources::by_key(tx, &scope, "shop")).unwrap();
    source.silent_after = Some(Duration::hours(3));
    source.disabled_at = Some(at(9));
    source.networks = "10.0.0.0/8".into();
    source.settings = serde_json::json!({"zone": "Europe/Berlin"});
    store.write(|tx| sources::update(tx, &scope, &source)).unwrap();
    assert_eq!(store.read(|tx| sources::by_key(tx, &scope, "shop")).unwrap(), source);
    let keys: Vec<_> =
        store.read(|tx| sources::list(tx, &scope)).unwrap().into_iter().map(|s| s.key).collect();
    assert_eq!(keys, [sources::OWN, sources::PEOPLE, "shop", "carrier"]);
    let partner = Partner {
        key: "speedy".into(),
        name: "Speedy".into(),
        role: Role::Carrier,
        sight: Sight::NONE,
    };
    let sight = Sight { prices: true, names: false };
    let renamed = Partner { name: "Speedy Express".into(), sight, ..partner.clone() };
    store.write(|tx| partners::put(tx, &scope, &partner)).unwrap();
    store.write(|tx| partners::put(tx, &scope, &renamed)).unwrap();
    assert_eq!(store.read(|tx| partners::list(tx, &scope)).unwrap(), [renamed]);
    missing(store.read(|tx| partners::get(tx, &scope, "northwind")));
    let id = scope.tenant_id().unwrap();
    assert_eq!(store.read(|tx| partners::sight(tx, id, "speedy")).unwrap(), sight);
    assert_eq!(store.read(|tx| partners::sight(tx, id, "nobody")).unwrap(), Sight::NONE);
    let wants = ["order.updated".to_owned()];
    let id = store
        .write(|tx| subscriptions::create(tx, &scope, ("https://example.com", "s"), &wants, at(1)))
        .unwrap();
    store.write(|tx| subscriptions::set_disabled(tx, &scope, id, Some(at(2)))).unwrap();
    let listed = store.read(|tx| subscriptions::list(tx, &scope)).unwrap();
    assert_eq!((listed[0].events.as_slice(), listed[0].disabled_at), (&wants[..], Some(at(2))));
    assert!(!format!("{listed:?}").contains("\"s\""), "secrets stay out of logs");
    missing(store.write(|tx| subscriptions::set_disabled(tx, &scope, 99, None)));
}

fn objects_come_and_go(store: &Store) {
    use baton_core::id::ObjectId;
    use baton_core::identifier::Identifier;
    use baton_store::{clusters, edges};
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let name = Identifier::new(ObjectKind::Shipment, "asn", "fabrikam", "S-1");
    let cluster =
        store.write(|tx| clusters::resolve(tx, &scope, &[vec![name.clone()]])).unwrap().clusters[0];
    let row = ObjectRow { cluster, component: 0, id: ObjectId::of(&name) };
    let second = ObjectRow { component: 1, ..row };
    let write = |rows: &[ObjectRow]| {
        let write = |tx: &mut Tx<'_>| {
            let before = objects::by_clusters(tx, &scope, &[cluster])?;
            objects::write(tx, &scope, &before, rows)
        };
        store.write(write).unwrap()
    };
    assert_eq!(write(&[row, second]), 2);
    assert_eq!(write(&[row, second]), 0);
    let renamed = Identifier::new(ObjectKind::Shipment, "asn", "fabrikam", "S-0");
    let changed = ObjectRow { id: ObjectId::of(&renamed), ..row };
    assert_eq!(write(&[changed]), 1);
    store
        .read(|tx| {
            assert_eq!(objects::by_clusters(tx, &scope, &[cluster])?, [changed]);
            assert_eq!(objects::by_clusters(tx, &other, &[cluster])?, []);
            assert_eq!(objects::cluster_of(tx, &scope, row.id)?, cluster);
            missing(objects::cluster_of(tx, &other, row.id));
            assert_eq!(objects::unmatched(tx, &scope, None, 9)?, [changed]);
            assert_eq!(objects::unmatched(tx, &scope, Some(cluster), 9)?, []);
            assert_eq!(objects::unmatched(tx, &other, None, 9)?, []);
            assert!(objects::is_unmatched(tx, &scope, cluster)?);
            Ok(())
        })
        .unwrap();
    let order = clusters::ClusterNo(cluster.0 + 1);
    let edge = edges::Edge { child: cluster, parent: order };
    store.write(|tx| edges::add(tx, &scope, &[edge])).unwrap();
    let left = store.read(|tx| objects::unmatched(tx, &scope, None, 9)).unwrap();
    assert_eq!(left, [], "it is of something now");
}

fn small_values_and_readings_are_kept(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    store
        .write(|tx| {
            progress::put(tx, &scope, "played until", "a")?;
            progress::put(tx, &scope, "played until", "b")?;
            assert_eq!(progress::get(tx, &scope, "played until")?.as_deref(), Some("b"));
            assert_eq!(progress::get(tx, &other, "played until")?, None);
            assert_eq!(readings::add(tx, &scope, MessageNo(4), "starter@2", at(1))?, 1);
            assert_eq!(readings::add(tx, &scope, MessageNo(4), "starter@3", at(2))?, 2);
            assert_eq!(readings::add(tx, &scope, MessageNo(5), "starter@3", at(2))?, 1);
            let found = readings::of(tx, &scope, MessageNo(4))?;
            assert_eq!((found.len(), found[1].pack.as_str()), (2, "starter@3"));
            assert_eq!(readings::of(tx, &other, MessageNo(4))?, []);
            Ok(())
        })
        .unwrap();
}

fn what_was_heard_is_known_as_of_each_commit(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let (shop, carrier) = (source_id(store, &scope, "shop"), source_id(store, &scope, "carrier"));
    let heard =
        |source, seconds| hearing::Heard { source, heard_at: at(seconds), silent_after: None };
    let strict = hearing::Heard { silent_after: Some(Duration::hours(2)), ..heard(carrier, 20) };
    let note = |scope: &Scope, some: &[hearing::Heard], seconds| {
        store.write(|tx| hearing::note(tx, scope, some, at(seconds))).unwrap();
    };
    note(&scope, &[heard(shop, 10)], 11);
    note(&scope, &[heard(shop, 20), heard(carrier, 20)], 21);
    note(&scope, &[strict], 30);
    // What a commit notes twice stands as it was noted last.
    note(&scope, &[heard(shop, 29)], 30);
    for (seconds, expected) in [
        (10, vec![]),
        (11, vec![heard(shop, 10)]),
        (29, vec![heard(shop, 20), heard(carrier, 20)]),
        (31, vec![heard(shop, 29), strict]),
    ] {
        let mut found = store.read(|tx| hearing::as_of(tx, &scope, at(seconds))).unwrap();
        found.sort_by_key(|heard| heard.source != shop);
        assert_eq!(found, expected, "as of {seconds}");
    }
    assert_eq!(store.read(|tx| hearing::as_of(tx, &other, at(100))).unwrap(), []);
}

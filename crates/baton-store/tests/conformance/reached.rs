//! Exceptions of what orders share: found from each order that reaches them, and from no other.

use baton_core::id::{Digest, ExceptionId, ObjectId};
use baton_core::identifier::{Identifier, ObjectKind};
use baton_core::partner::Role;
use baton_core::rank::Stake;
use baton_core::taxonomy::ExceptionCode;
use baton_store::changes::{self, NewChange};
use baton_store::clusters::{self, ClusterNo};
use baton_store::edges::{self, Edge};
use baton_store::exceptions::{self, ExceptionRow};
use baton_store::objects::{self, ObjectRow};
use baton_store::orders::{self, Cursor, OrderRow, Sort};
use baton_store::{Scope, Store, Tx};

use crate::harness::{at, on_each_engine, order, tenant};

on_each_engine!(exceptions_of_shared_objects_are_found_from_their_orders);

/// Orders 1 (Speedy's) and 2 share a shipment, which a consolidation carries; order 3 (Litware's) and
/// order 4 (Speedy's, kept apart from 3 in one cluster by a clash) are in none of it.
struct Scene<'a> {
    store: &'a Store,
    scope: Scope,
    orders: Vec<OrderRow>,
    shared: Vec<ObjectRow>,
}

fn cluster(store: &Store, scope: &Scope, kind: ObjectKind, value: &str) -> (ClusterNo, ObjectId) {
    let name = Identifier::new(kind, "po", "northwind", value);
    let id = ObjectId::of(&name);
    let found = store.write(|tx| clusters::resolve(tx, scope, &[vec![name.clone()]])).unwrap();
    (found.clusters[0], id)
}

impl<'a> Scene<'a> {
    fn new(store: &'a Store) -> Self {
        let scope = tenant(store, "main");
        let made = |number: &str, partner: &str, open: i64| OrderRow {
            partners: vec![(Role::Carrier, partner.into())],
            exceptions_open: open,
            ..order(number, cluster(store, &scope, ObjectKind::Order, number).0)
        };
        let third = made("3", "litware", 1);
        let orders = vec![
            made("1", "speedy", 2),
            made("2", "litware", 1),
            third.clone(),
            OrderRow { component: 1, cluster: third.cluster, ..made("4", "speedy", 0) },
        ];
        let shared = ["leg", "truck"].map(|value| {
            let (cluster, id) = cluster(store, &scope, ObjectKind::Shipment, value);
            ObjectRow { cluster, component: 0, id }
        });
        let clusters: Vec<_> = orders.iter().map(|row| row.cluster).collect();
        let objects: Vec<_> = shared.iter().map(|row| row.cluster).collect();
        let [leg, truck] = [objects[0], objects[1]];
        let edges = [(leg, clusters[0]), (leg, clusters[1]), (truck, leg)];
        store
            .write(|tx| {
                orders::write(tx, &scope, [], &orders, at(1))?;
                objects::write(tx, &scope, [], &shared)?;
                edges::add(tx, &scope, &edges.map(|(child, parent)| Edge { child, parent }))
            })
            .unwrap();
        Self { store, scope, orders, shared: shared.to_vec() }
    }

    fn exception(
        &self,
        n: u8,
        code: &str,
        (cluster, object): (ClusterNo, ObjectId),
    ) -> ExceptionRow {
        ExceptionRow {
            id: ExceptionId(Digest::of(&[&[n]])),
            cluster,
            object,
            code: ExceptionCode::find(code).unwrap(),
            severity: 2,
            state: "open".into(),
            opened_at: at(i64::from(n)),
            closed_at: None,
            liable: None,
            partner: None,
            summary: "nothing heard for two days".into(),
            expectation: "T30".into(),
            wording: String::new(),
            taken: None,
            stake: Stake::default(),
        }
    }

    fn listed(&self, scope: &Scope, filter: &exceptions::Filter) -> Vec<ExceptionId> {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let (page, next) =
                self.store.read(|tx| exceptions::list(tx, scope, filter, after, 2)).unwrap();
            found.extend(page.iter().map(|row| row.id));
            after = next;
            if after.is_none() {
                return found;
            }
        }
    }

    /// The numbers of orders with an open exception of the code, page by page.
    fn troubled(&self, scope: &Scope, code: &str, sort: Sort) -> String {
        let filter = orders::Filter { exception: Some(code.into()), ..orders::Filter::default() };
        let (mut found, mut after): (String, Option<Cursor>) = (String::new(), None);
        loop {
            let page =
                self.store.read(|tx| orders::list(tx, scope, &filter, sort, after, 1)).unwrap();
            found.extend(page.items.into_iter().map(|row| row.number));
            after = page.next;
            if after.is_none() {
                return found;
            }
        }
    }
}

fn exceptions_of_shared_objects_are_found_from_their_orders(store: &Store) {
    let scene = Scene::new(store);
    let of_order = |n: usize| (scene.orders[n].cluster, scene.orders[n].id);
    let of_shared = |n: usize| (scene.shared[n].cluster, scene.shared[n].id);
    let own = scene.exception(1, "E-ORD-01", of_order(0));
    let leg = scene.exception(2, "E-TRN-05", of_shared(0));
    let truck = scene.exception(3, "E-TRN-27", of_shared(1));
    let apart = scene.exception(4, "E-ORD-01", of_order(2));
    let all = [&own, &leg, &truck, &apart].map(Clone::clone);
    store.write(|tx| exceptions::write(tx, &scene.scope, [], &all)).unwrap();
    let partner = |key: &str| Scope::partner(scene.scope.tenant_id().unwrap(), key.into());
    let (speedy, litware, nobody) = (partner("speedy"), partner("litware"), partner("nobody"));
    let none = exceptions::Filter::default();
    let of = |n: usize| exceptions::Filter { order: Some(of_order(n)), ..none.clone() };
    for (scope, filter, expected) in [
        (&scene.scope, &none, vec![&apart, &truck, &leg, &own]),
        // Order 4 shares a cluster with order 3, and is told nothing of it.
        (&speedy, &none, vec![&truck, &leg, &own]),
        (&litware, &none, vec![&apart, &truck, &leg]),
        (&nobody, &none, vec![]),
        (&scene.scope, &of(0), vec![&truck, &leg, &own]),
        (&scene.scope, &of(1), vec![&truck, &leg]),
        (&scene.scope, &of(3), vec![]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|row| row.id).collect();
        assert_eq!(scene.listed(scope, filter), expected, "{scope:?} {filter:?}");
        for row in all.iter().filter(|_| *filter == none) {
            let found = store.read(|tx| exceptions::get(tx, scope, row.id));
            assert_eq!(found.is_ok(), expected.contains(&row.id), "{scope:?} {}", row.code.code());
        }
    }
    changes_are_seen_where_lists_show_what_they_are_about(&scene, &all);
    for (scope, code, numbers) in [
        (&scene.scope, "E-TRN-27", "21"),
        (&scene.scope, "E-TRN-05", "21"),
        (&scene.scope, "E-ORD-01", "31"),
        (&scene.scope, "E-ORD-99", ""),
        (&speedy, "E-TRN-27", "1"),
        (&litware, "E-TRN-27", "2"),
        (&litware, "E-ORD-01", "3"),
        (&nobody, "E-TRN-27", ""),
    ] {
        let mut numbers: Vec<char> = numbers.chars().collect();
        for sort in [Sort::Updated, Sort::Promised, Sort::Late] {
            let mut found: Vec<char> = scene.troubled(scope, code, sort).chars().collect();
            found.sort_unstable();
            numbers.sort_unstable();
            assert_eq!(found, numbers, "{scope:?} {code} {sort:?}");
        }
    }
    void_edges_are_not_followed(&scene, &[&truck, &leg, &own].map(Clone::clone));
    many_are_found_as_few_are(&scene, of_shared(1));
}

/// A change of each order and each exception: a partner's stream has those of the orders, and of the
/// exceptions, that lists show it, also where a clash keeps two orders in one cluster.
fn changes_are_seen_where_lists_show_what_they_are_about(scene: &Scene<'_>, all: &[ExceptionRow]) {
    let (store, scope) = (scene.store, &scene.scope);
    let orders = scene.orders.iter().map(|row| (row.cluster, row.id.to_string()));
    let exceptions = all.iter().map(|row| (row.cluster, row.id.to_string()));
    let shared = scene.shared.iter().map(|row| (row.cluster, row.id.to_string()));
    let about: Vec<_> = orders.chain(exceptions).chain(shared).collect();
    let noted: Vec<NewChange<'_>> = about
        .iter()
        .map(|(cluster, object)| NewChange {
            at: at(0),
            cluster: Some(*cluster),
            kind: "updated",
            object,
            summary: "{}",
        })
        .collect();
    store.write(|tx| changes::append(tx, scope, &noted)).unwrap();
    for key in ["speedy", "litware", "nobody"] {
        let partner = Scope::partner(scope.tenant_id().unwrap(), key.into());
        let listed = store.read(|tx| {
            orders::list(tx, &partner, &orders::Filter::default(), Sort::Updated, None, 100)
        });
        let listed = listed.unwrap().items.into_iter().map(|row| row.id.to_string());
        let troubles = scene.listed(&partner, &exceptions::Filter::default());
        let mut expected: Vec<String> =
            listed.chain(troubles.iter().map(ToString::to_string)).collect();
        let found = store.read(|tx| changes::between(tx, &partner, 0, 1_000)).unwrap();
        let mut found: Vec<String> = found.into_iter().map(|change| change.object).collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{key}");
    }
    let whole = store.read(|tx| changes::between(tx, scope, 0, 1_000)).unwrap();
    assert_eq!(whole.len(), about.len());
}

/// A relation that was taken back: what is behind it is in none of the lists of the order.
fn void_edges_are_not_followed(scene: &Scene<'_>, of_first: &[ExceptionRow]) {
    let (store, scope) = (scene.store, &scene.scope);
    let first = &scene.orders[0];
    let edge = Edge { child: scene.shared[0].cluster, parent: first.cluster };
    let speedy = Scope::partner(scope.tenant_id().unwrap(), "speedy".into());
    let of = exceptions::Filter { order: Some((first.cluster, first.id)), ..Default::default() };
    let own = of_first.last().unwrap().id;
    let about = |id: ExceptionId| move |row: &&ExceptionId| **row == id;
    for void in [true, false] {
        store.write(|tx| edges::set_void(tx, scope, &[(edge, void)])).unwrap();
        let below = store.read(|tx| edges::below(tx, scope, &[first.cluster])).unwrap();
        assert_eq!(below, [(edge, void)]);
        for row in of_first {
            let expected = usize::from(!void || row.id == own);
            for found in [scene.listed(scope, &of), scene.listed(&speedy, &Default::default())] {
                let found = found.iter().filter(about(row.id)).count();
                assert_eq!(found, expected, "{void} {}", row.code.code());
            }
            let seen = store.read(|tx| changes::between(tx, &speedy, 0, 1_000)).unwrap();
            let id = row.id.to_string();
            assert_eq!(seen.iter().filter(|change| change.object == id).count(), expected);
        }
        let numbers = scene.troubled(scope, "E-TRN-05", Sort::Updated);
        assert_eq!(numbers.contains('1'), !void, "{numbers}");
        let filter = orders::Filter { text: Some("leg".into()), ..Default::default() };
        let found = store.read(|tx| orders::list(tx, &speedy, &filter, Sort::Updated, None, 9));
        assert_eq!(found.unwrap().items.is_empty(), void);
    }
}

/// Above a count the list is made the other way round, and holds the same orders.
fn many_are_found_as_few_are(scene: &Scene<'_>, place: (ClusterNo, ObjectId)) {
    let id = |n: u32| ExceptionId(Digest::of(&[&n.to_be_bytes()]));
    let rows: Vec<ExceptionRow> = (0..2_001)
        .map(|n| ExceptionRow { id: id(n), ..scene.exception(9, "E-TRN-27", place) })
        .collect();
    let write = |tx: &mut Tx<'_>| {
        let before = exceptions::by_clusters(tx, &scene.scope, &[place.0])?;
        exceptions::write(tx, &scene.scope, &before, &rows)
    };
    scene.store.write(write).unwrap();
    let mut found: Vec<char> =
        scene.troubled(&scene.scope, "E-TRN-27", Sort::Updated).chars().collect();
    found.sort_unstable();
    assert_eq!(found, ['1', '2']);
}

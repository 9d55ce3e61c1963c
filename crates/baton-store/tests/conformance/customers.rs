//! Customers that somebody looks after: who chose whom, and the lists that are narrowed to their orders.

use baton_core::id::{Digest, ExceptionId, ObjectId};
use baton_core::identifier::{Identifier, ObjectKind};
use baton_core::partner::Role;
use baton_core::rank::Stake;
use baton_core::taxonomy::ExceptionCode;
use baton_store::edges::{self, Edge};
use baton_store::exceptions::{self, ExceptionRow};
use baton_store::orders::{self, OrderRow, Sort};
use baton_store::{Scope, Sight, Store, StoreError, clusters, customers, partners};

use crate::harness::{at, on_each_engine, order, tenant};

on_each_engine!(
    each_looks_after_their_own,
    lists_are_narrowed_to_customers,
    a_partner_knows_who_is_beside_it,
);

fn each_looks_after_their_own(store: &Store) {
    let scope = tenant(store, "main");
    let other = tenant(store, "other");
    let choose = |scope: &Scope, who: &str, names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        store.write(|tx| customers::choose(tx, scope, who, &names))
    };
    let of = |scope: &Scope, who: &str| store.read(|tx| customers::of(tx, scope, who));
    choose(&scope, "person:1", &["Woodgrove", "Alpine Ski House", "Woodgrove"]).unwrap();
    choose(&scope, "key:1", &["Fabrikam Retail"]).unwrap();
    assert_eq!(of(&scope, "person:1").unwrap(), ["Alpine Ski House", "Woodgrove"]);
    assert_eq!(of(&scope, "key:1").unwrap(), ["Fabrikam Retail"]);
    assert!(of(&other, "person:1").unwrap().is_empty());
    choose(&scope, "person:1", &["Contoso"]).unwrap();
    assert_eq!(of(&scope, "person:1").unwrap(), ["Contoso"]);
    choose(&scope, "person:1", &[]).unwrap();
    assert!(of(&scope, "person:1").unwrap().is_empty());
    let many: Vec<String> = (0..=customers::LOOKED_AFTER_MAX).map(|n| format!("C {n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(matches!(choose(&scope, "person:1", &many), Err(StoreError::TooMany { .. })));
    let partner = Scope::partner(scope.tenant_id().unwrap(), "speedy".into());
    assert!(matches!(choose(&partner, "key:2", &[]), Err(StoreError::OutOfScope { .. })));
    assert!(matches!(of(&partner, "key:2"), Err(StoreError::OutOfScope { .. })));
}

const NAMES: [Option<&str>; 4] =
    [Some("Woodgrove"), Some("Woodgrove Bank"), Some("Shop 12 GmbH"), None];

/// An order of each, and a shipment of the first and the last; each has an open exception and a closed one.
fn scene(store: &Store) -> (Scope, Vec<OrderRow>, ObjectId) {
    let scope = tenant(store, "main");
    let mut names: Vec<_> = (0..NAMES.len())
        .map(|n| vec![Identifier::new(ObjectKind::Order, "po", "northwind", &format!("C-{n}"))])
        .collect();
    names.push(vec![Identifier::new(ObjectKind::Shipment, "tracking", "speedy", "T-1")]);
    let made = store.write(|tx| clusters::resolve(tx, &scope, &names)).unwrap().clusters;
    let rows: Vec<OrderRow> = NAMES
        .iter()
        .zip(&made)
        .enumerate()
        .map(|(n, (name, cluster))| OrderRow {
            customer: name.map(str::to_owned),
            exceptions_open: 1,
            late_minutes: 10 * n as i64,
            partners: if n < 2 {
                vec![(Role::Carrier, "speedy".into()), (Role::Warehouse, "dock".into())]
            } else {
                vec![(Role::Oem, "maker".into())]
            },
            ..order(&format!("C-{n}"), *cluster)
        })
        .collect();
    let shipment: ObjectId = order("T-1", made[4]).id;
    let objects = rows.iter().map(|row| (row.cluster, row.id)).chain([(made[4], shipment)]);
    let troubles: Vec<ExceptionRow> = objects
        .enumerate()
        .flat_map(|(n, (cluster, object))| {
            ["open", "cleared"].map(|state| ExceptionRow {
                id: ExceptionId(Digest::of(&[&n.to_le_bytes(), state.as_bytes()])),
                cluster,
                object,
                code: ExceptionCode::find("E-TRN-05").unwrap(),
                severity: 2,
                state: state.into(),
                opened_at: at(n as i64),
                closed_at: (state != "open").then(|| at(100)),
                liable: None,
                partner: None,
                summary: format!("{n}"),
                expectation: String::new(),
                wording: String::new(),
                taken: None,
                stake: Stake::default(),
            })
        })
        .collect();
    store
        .write(|tx| {
            let up = [0, 3].map(|n: usize| Edge { child: made[4], parent: rows[n].cluster });
            edges::add(tx, &scope, &up)?;
            orders::write(tx, &scope, &[], &rows, at(1))?;
            exceptions::write(tx, &scope, [], &troubles)
        })
        .unwrap();
    (scope, rows, shipment)
}

fn lists_are_narrowed_to_customers(store: &Store) {
    let (scope, ..) = scene(store);
    let partner = Scope::partner(scope.tenant_id().unwrap(), "speedy".into());
    let check = |scope: &Scope, chosen: &[&str], numbers: &[&str], troubles: &[&str]| {
        let customers = Some(chosen.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        for sort in [Sort::Updated, Sort::Promised, Sort::Late] {
            for late in [false, true] {
                let filter =
                    orders::Filter { customers: customers.clone(), late, ..Default::default() };
                let found = store.read(|tx| orders::list(tx, scope, &filter, sort, None, 9));
                let mut found: Vec<_> =
                    found.unwrap().items.into_iter().map(|row| row.number).collect();
                found.sort();
                let numbers = numbers.iter().filter(|number| !late || **number != "C-0");
                assert_eq!(found, numbers.copied().collect::<Vec<_>>(), "{chosen:?} {sort:?}");
            }
        }
        for (state, each) in [("open", 1), ("cleared", 1), ("", 2)] {
            let state = (!state.is_empty()).then(|| state.to_owned());
            let filter =
                exceptions::Filter { customers: customers.clone(), state, ..Default::default() };
            let found = store.read(|tx| exceptions::list(tx, scope, &filter, None, 20)).unwrap().0;
            let mut found: Vec<_> = found.into_iter().map(|row| row.summary).collect();
            found.sort();
            let expected = troubles.iter().flat_map(|n| std::iter::repeat_n(*n, each));
            assert_eq!(found, expected.collect::<Vec<_>>(), "{chosen:?}");
        }
        let filter = exceptions::Filter { customers, ..Default::default() };
        let found = store.read(|tx| exceptions::ranked(tx, scope, &filter, at(50), None, 20));
        let mut found: Vec<_> =
            found.unwrap().items.into_iter().map(|(row, _)| row.summary).collect();
        found.sort();
        assert_eq!(found, troubles, "ranked, of {chosen:?}");
    };
    check(&scope, &["Woodgrove"], &["C-0"], &["0", "4"]);
    check(&scope, &["Woodgrove Bank"], &["C-1"], &["1"]);
    check(&scope, &["Shop 12 GmbH", "Woodgrove Bank"], &["C-1", "C-2"], &["1", "2"]);
    check(&scope, &["Shop", "woodgrove", "None", "%"], &[], &[]);
    check(&scope, &[], &[], &[]);
    // Without sight of names there is nothing to be found out by them.
    check(&partner, &["Woodgrove"], &[], &[]);
    check(&partner.seeing(Sight::ALL), &["Woodgrove Bank", "Shop 12 GmbH"], &["C-1"], &["1"]);
}

fn a_partner_knows_who_is_beside_it(store: &Store) {
    let (scope, ..) = scene(store);
    let tenant = scope.tenant_id().unwrap();
    store
        .write(|tx| {
            for (key, role) in [
                ("speedy", Role::Carrier),
                ("dock", Role::Warehouse),
                ("maker", Role::Oem),
                ("idle", Role::Service),
            ] {
                let (key, name) = (key.into(), format!("{key} Ltd"));
                let partner = partners::Partner { key, name, role, sight: Sight::default() };
                partners::put(tx, &scope, &partner)?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let check = |scope: &Scope, expected: &[&str]| {
        let found = store.read(|tx| partners::names(tx, scope)).unwrap();
        let expected: Vec<_> =
            expected.iter().map(|key| ((*key).into(), format!("{key} Ltd"))).collect();
        assert_eq!(found, expected);
    };
    check(&scope, &["dock", "idle", "maker", "speedy"]);
    check(&Scope::partner(tenant, "speedy".into()), &["dock", "speedy"]);
    check(&Scope::partner(tenant, "maker".into()), &["maker"]);
    check(&Scope::partner(tenant, "idle".into()), &["idle"]);
    check(&Scope::partner(tenant, "nobody".into()), &[]);
}

//! What partners see of prices and names, where people looked last, and the lists that they keep.

use baton_core::amount::Money;
use baton_core::id::{Digest, ExceptionId};
use baton_core::identifier::{Identifier, ObjectKind};
use baton_core::partner::Role;
use baton_core::rank::Stake;
use baton_core::taxonomy::ExceptionCode;
use baton_store::exceptions::{self, ExceptionRow};
use baton_store::looks::{self, Look};
use baton_store::orders::{self, Filter, OrderRow, Sort};
use baton_store::saved_views::{self, NewView};
use baton_store::{Scope, Sight, Store, StoreError, clusters};

use crate::harness::{at, on_each_engine, order, tenant};

on_each_engine!(
    a_partner_sees_as_much_as_it_has_sight_of,
    a_look_never_goes_back,
    views_are_their_owners_or_everybodys,
);

fn a_partner_sees_as_much_as_it_has_sight_of(store: &Store) {
    let scope = tenant(store, "main");
    let names = [vec![Identifier::new(ObjectKind::Order, "po", "northwind", "P-1")]];
    let cluster = store.write(|tx| clusters::resolve(tx, &scope, &names)).unwrap().clusters[0];
    let row = OrderRow {
        value: Some(Money { amount: 42_008.into(), currency: "USD".into() }),
        partners: vec![(Role::Carrier, "speedy".into())],
        exceptions_open: 1,
        ..order("P-1", cluster)
    };
    let variance = ExceptionRow {
        id: ExceptionId(Digest::of(&[b"1"])),
        cluster,
        object: row.id,
        code: ExceptionCode::find("E-FIN-02").unwrap(),
        severity: 2,
        state: "open".into(),
        opened_at: at(1),
        closed_at: None,
        liable: None,
        partner: None,
        summary: "billed 42008".into(),
        expectation: "total".into(),
        wording: String::new(),
        taken: None,
        stake: Stake::default(),
    };
    let id = row.id;
    store
        .write(|tx| {
            orders::write(tx, &scope, &[], [&row], at(1))?;
            exceptions::write(tx, &scope, [], [&variance])
        })
        .unwrap();
    let check = |scope: &Scope, sight: Sight| {
        store
            .read(|tx| {
                let shows = |row: &OrderRow| Sight {
                    prices: row.value.is_some(),
                    names: row.customer.is_some(),
                };
                let filter = Filter::default();
                let listed = orders::list(tx, scope, &filter, Sort::Updated, None, 9)?.items;
                assert_eq!(shows(&listed[0]), sight);
                assert_eq!(shows(&orders::get(tx, scope, id)?), sight);
                assert_eq!(shows(&orders::by_clusters(tx, scope, &[cluster])?[0]), sight);
                let found = |tx: &mut _, filter: Filter| {
                    let found = orders::list(tx, scope, &filter, Sort::Updated, None, 9);
                    found.map(|page| page.items.len() == 1)
                };
                let named = Filter { text: Some("wingtip".into()), ..Filter::default() };
                assert_eq!(found(tx, named)?, sight.names, "names are searched by who sees them");
                let billed = Filter { exception: Some("E-FIN-02".into()), ..Filter::default() };
                assert_eq!(found(tx, billed)?, sight.prices);
                let none = exceptions::Filter::default();
                let (all, _) = exceptions::list(tx, scope, &none, None, 9)?;
                assert_eq!(all.len() == 1, sight.prices);
                assert_eq!(exceptions::get(tx, scope, variance.id).is_ok(), sight.prices);
                Ok(())
            })
            .unwrap();
    };
    check(&scope, Sight::ALL);
    let partner = Scope::partner(scope.tenant_id().unwrap(), "speedy".into());
    check(&partner, Sight::NONE);
    for (prices, names) in [(true, false), (false, true), (true, true)] {
        let sight = Sight { prices, names };
        check(&partner.clone().seeing(sight), sight);
    }
    assert_eq!(scope.clone().seeing(Sight::NONE), scope, "it is a limit of partners");
}

fn a_look_never_goes_back(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let last = |scope: &Scope, who| store.read(|tx| looks::last(tx, scope, who)).unwrap();
    let note = |change, seconds| {
        let look = Look { change, at: at(seconds) };
        store.write(|tx| looks::note(tx, &scope, "noor", look)).unwrap();
    };
    assert_eq!(last(&scope, "noor"), None);
    note(7, 1);
    note(5, 2);
    assert_eq!(last(&scope, "noor"), Some(Look { change: 7, at: at(1) }));
    note(9, 3);
    assert_eq!(last(&scope, "noor"), Some(Look { change: 9, at: at(3) }));
    assert_eq!((last(&scope, "ada"), last(&other, "noor")), (None, None));
}

fn views_are_their_owners_or_everybodys(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let speedy = Scope::partner(scope.tenant_id().unwrap(), "speedy".into());
    let make = |scope: &Scope, owner, name, shared| {
        let (page, search) = ("orders", "late=true");
        let new = NewView { owner, page, name, search, shared, created_at: at(1) };
        store.write(|tx| saved_views::create(tx, scope, &new))
    };
    let own = make(&scope, "noor", "mine", false).unwrap();
    let shared = make(&scope, "noor", "ours", true).unwrap();
    make(&speedy, "tom", "theirs", false).unwrap();
    assert!(matches!(make(&speedy, "tom", "all", true), Err(StoreError::OutOfScope { .. })));
    let names = |scope: &Scope, owner| {
        let found = store.read(|tx| saved_views::list(tx, scope, owner)).unwrap();
        found.into_iter().map(|view| view.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&scope, "noor"), ["mine", "ours"]);
    assert_eq!(names(&scope, "ada"), ["ours"]);
    assert_eq!(names(&speedy, "tom"), ["theirs"]);
    assert_eq!(names(&other, "noor"), [""; 0]);
    let delete = |scope: &Scope, id, owner, any| {
        store.write(|tx| saved_views::delete(tx, scope, id, owner, any)).is_ok()
    };
    assert!(!delete(&scope, own, "ada", true), "one's own is nobody else's to delete");
    assert!(!delete(&scope, shared, "ada", false));
    assert!(!delete(&speedy, shared, "tom", true));
    assert!(!delete(&other, shared, "noor", true));
    assert!(delete(&scope, shared, "ada", true) && delete(&scope, own, "noor", false));
    assert_eq!(names(&scope, "noor"), [""; 0]);
}

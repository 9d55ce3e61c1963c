//! The record of acts, and that whatever is done to its rows shows; brands and tracking links beside it.

use baton_store::audit::{self, Broken, Filter, NewLine};
use baton_store::brands::{self, NewBrand};
use baton_store::tracking_links::{self, NewTrackingLink};
use baton_store::{FILE_NAME, Location, Scope, Settings, Store, StoreError};

use crate::harness::{at, on_each_engine, on_folder, tenant};

on_each_engine!(
    lines_are_numbered_chained_and_narrowed,
    each_tenant_has_its_own_record,
    a_line_goes_with_its_transaction,
    acts_of_several_at_once_follow_one_another,
    a_brand_is_the_tenants_or_the_operators,
    a_tracking_link_holds_until_it_ends,
);

fn line(seconds: i64, who: &str, operation: &str, subject: &str) -> NewLine {
    NewLine {
        at: at(seconds),
        who: who.into(),
        name: "Ada".into(),
        role: "admin".into(),
        operation: operation.into(),
        subject_kind: "key".into(),
        subject: subject.into(),
        outcome: audit::DONE.into(),
        detail: "{}".into(),
    }
}

fn add(store: &Store, scope: &Scope, line: &NewLine) -> i64 {
    store.write(|tx| audit::append(tx, scope, line)).unwrap()
}

fn seqs(store: &Store, scope: &Scope, filter: &Filter) -> Vec<i64> {
    let found = store.read(|tx| audit::list(tx, scope, filter, None, 100)).unwrap();
    found.iter().map(|line| line.seq).collect()
}

fn lines_are_numbered_chained_and_narrowed(store: &Store) {
    let scope = tenant(store, "one");
    let refused = NewLine { outcome: "role_too_small".into(), ..line(30, "b", "make", "k2") };
    for (seq, line) in (1..).zip([
        line(10, "a", "make", "k1"),
        line(20, "a", "end", "k1"),
        refused,
        // A clock that is behind does not change the order.
        line(15, "b", "make", "k3"),
    ]) {
        assert_eq!(add(store, &scope, &line), seq);
    }
    let text = |text: &str| Some(text.to_owned());
    let all = Filter::default;
    for (filter, expected) in [
        (all(), vec![4, 3, 2, 1]),
        (Filter { who: text("a"), ..all() }, vec![2, 1]),
        (Filter { operation: text("make"), ..all() }, vec![4, 3, 1]),
        (Filter { subject: text("k1"), ..all() }, vec![2, 1]),
        (Filter { subject_kind: text("order"), ..all() }, vec![]),
        (Filter { done: Some(false), ..all() }, vec![3]),
        (Filter { done: Some(true), who: text("b"), ..all() }, vec![4]),
        (Filter { from: Some(at(20)), ..all() }, vec![4, 3, 2]),
        (Filter { until: Some(at(30)), ..all() }, vec![2, 1]),
        (Filter { from: Some(at(31)), ..all() }, vec![]),
        (Filter { until: Some(at(31)), ..all() }, vec![4, 3, 2, 1]),
    ] {
        assert_eq!(seqs(store, &scope, &filter), expected, "{filter:?}");
    }
    let page = store.read(|tx| audit::list(tx, &scope, &all(), Some(3), 1)).unwrap();
    assert_eq!(page.iter().map(|line| line.seq).collect::<Vec<_>>(), [2]);
    let (chain, broken) = store.read(|tx| audit::verify(tx, &scope, None)).unwrap();
    assert_eq!((chain.seq(), &broken), (4, &None));
    let verify = |noted| store.read(|tx| audit::verify(tx, &scope, Some(noted))).unwrap().1;
    assert_eq!(verify((2, page[0].hash)), None);
    assert_eq!(verify((1, page[0].hash)), Some(Broken::NotAsNoted { seq: 1 }));
    assert_eq!(verify((9, page[0].hash)), Some(Broken::NotAsNoted { seq: 9 }));
}

fn each_tenant_has_its_own_record(store: &Store) {
    let (one, two) = (tenant(store, "one"), tenant(store, "two"));
    let scopes = [&one, &two, &Scope::operator()];
    for scope in scopes {
        assert_eq!(add(store, scope, &line(1, "a", "make", "k1")), 1);
    }
    assert_eq!(seqs(store, &one, &Filter::default()), [1]);
    // A partner's acts are in its tenant's record, which it does not see.
    let partner = Scope::partner(one.tenant_id().unwrap(), "speedy".into());
    assert_eq!(add(store, &partner, &line(2, "b", "accept", "o1")), 2);
    assert_eq!(seqs(store, &one, &Filter::default()), [2, 1]);
    let all = Filter::default();
    let seen = store.read(|tx| audit::list(tx, &partner, &all, None, 10));
    assert!(matches!(seen, Err(StoreError::OutOfScope { .. })));
}

fn a_line_goes_with_its_transaction(store: &Store) {
    let scope = tenant(store, "one");
    let refused: Result<(), StoreError> = store.write(|tx| {
        audit::append(tx, &scope, &line(1, "a", "make", "k1"))?;
        Err(StoreError::Busy)
    });
    assert_eq!(refused, Err(StoreError::Busy));
    assert_eq!(add(store, &scope, &line(1, "a", "make", "k1")), 1, "no number is lost");
    let (chain, broken) = store.read(|tx| audit::verify(tx, &scope, None)).unwrap();
    assert_eq!((chain.seq(), broken), (1, None));
}

fn acts_of_several_at_once_follow_one_another(store: &Store) {
    const EACH: i64 = 20;
    let scope = tenant(store, "one");
    std::thread::scope(|threads| {
        for who in ["a", "b", "c", "d"] {
            let scope = &scope;
            threads.spawn(move || {
                for n in 0..EACH {
                    add(store, scope, &line(n, who, "make", "k1"));
                }
            });
        }
    });
    let (chain, broken) = store.read(|tx| audit::verify(tx, &scope, None)).unwrap();
    assert_eq!((chain.seq(), broken), (4 * EACH, None));
}

#[test]
fn what_is_done_to_the_rows_shows() {
    let check = |statement: &str, expected: Option<Broken>| {
        on_folder(|folder| {
            let location = Location::Folder(folder.to_owned());
            let store = Store::open(&location, &Settings::default()).unwrap();
            store.migrate().unwrap();
            let scope = tenant(&store, "one");
            for n in 1..=5 {
                add(&store, &scope, &line(n, "a", "make", "k1"));
            }
            let connection = rusqlite::Connection::open(folder.join(FILE_NAME)).unwrap();
            connection.execute_batch(statement).unwrap();
            let (_, broken) = store.read(|tx| audit::verify(tx, &scope, None)).unwrap();
            assert_eq!(broken, expected, "{statement}");
        });
    };
    check("select 1", None);
    check("update audit set who = 'b' where seq = 3", Some(Broken::Changed { seq: 3 }));
    check("update audit set at = at + 1 where seq = 1", Some(Broken::Changed { seq: 1 }));
    check("delete from audit where seq = 3", Some(Broken::Missing { seq: 3 }));
    check("delete from audit where seq = 1", Some(Broken::Missing { seq: 1 }));
    check("delete from audit where seq > 3", Some(Broken::CutShort { last: 3, counted: 5 }));
}

fn a_brand_is_the_tenants_or_the_operators(store: &Store) {
    let (one, two) = (tenant(store, "one"), tenant(store, "two"));
    let logo: (&str, &[u8]) = ("image/png", b"png");
    let new = |host, logo| NewBrand { host, content: "{}", logo, changed_at: at(1) };
    let put = |scope: &Scope, new: &NewBrand<'_>| store.write(|tx| brands::put(tx, scope, new));
    put(&one, &new(Some("one.example"), Some(logo))).unwrap();
    put(&Scope::operator(), &new(None, None)).unwrap();
    let taken = put(&two, &new(Some("one.example"), None));
    assert!(matches!(taken, Err(StoreError::Conflict { .. })));
    put(&one, &new(Some("one.example"), Some(logo))).unwrap();
    store
        .read(|tx| {
            let found = brands::by_host(tx, "one.example")?.unwrap();
            assert_eq!(
                (found.tenant, found.logo_type.as_deref()),
                (one.tenant_id(), Some("image/png"))
            );
            assert_eq!(brands::by_host(tx, "two.example")?, None);
            assert_eq!(brands::get(tx, &two)?, None);
            assert_eq!(brands::get(tx, &Scope::operator())?.unwrap().tenant, None);
            assert_eq!(brands::logo(tx, &one)?, Some(("image/png".into(), b"png".to_vec())));
            assert_eq!(brands::logo(tx, &Scope::operator())?, None);
            Ok(())
        })
        .unwrap();
    store.write(|tx| brands::remove(tx, &one)).unwrap();
    assert_eq!(store.read(|tx| brands::get(tx, &one)).unwrap(), None);
}

fn a_tracking_link_holds_until_it_ends(store: &Store) {
    let (one, two) = (tenant(store, "one"), tenant(store, "two"));
    let make = |hash: u8, order_id| {
        let hash = [hash; 32];
        let new = NewTrackingLink {
            hash: &hash,
            order_id,
            label: "Fourth Coffee",
            created_at: at(1),
            created_by: "ada",
            expires_at: at(100),
        };
        store.write(|tx| tracking_links::create(tx, &one, &new)).unwrap()
    };
    let (first, other) = (make(1, "ord_1"), make(2, "ord_2"));
    let of = |scope: &Scope| store.read(|tx| tracking_links::list(tx, scope, "ord_1")).unwrap();
    assert_eq!((of(&one), of(&two)), (vec![first.clone()], vec![]));
    let by = |hash: u8, now| store.read(|tx| tracking_links::by_hash(tx, &[hash; 32], at(now)));
    assert_eq!(by(1, 99).unwrap(), Some(first.clone()));
    assert_eq!(by(1, 100).unwrap(), None);
    assert_eq!(by(3, 1).unwrap(), None);
    let end = |scope: &Scope, id| store.write(|tx| tracking_links::revoke(tx, scope, id, at(50)));
    assert!(matches!(end(&two, first.id), Err(StoreError::NotFound { .. })));
    assert_eq!(end(&one, first.id).unwrap().revoked_at, Some(at(50)));
    assert!(matches!(end(&one, first.id), Err(StoreError::NotFound { .. })));
    assert_eq!(by(1, 60).unwrap(), None);
    assert_eq!(by(2, 60).unwrap(), Some(other));
}

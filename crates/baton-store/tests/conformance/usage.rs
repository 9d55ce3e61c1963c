//! What was used: noted once by whatever brings it, added once to its day, and never to one that is closed.

use std::collections::BTreeMap;

use baton_core::identifier::{Identifier, ObjectKind};
use baton_core::time::{Duration, Instant};
use baton_core::usage::{Day, Figures, Month};
use baton_store::memberships::{self, NewMembership};
use baton_store::messages::{self, NewMessage};
use baton_store::orders::OrderRow;
use baton_store::people::{self, PersonId};
use baton_store::quarantine::{self, NewItem};
use baton_store::sources::OWN;
use baton_store::usage::{self, Kind, Note, Progress};
use baton_store::{Scope, Store, StoreError, clusters, orders, outbox};

use crate::harness::{at, message, on_each_engine, order, source_id, tenant};

on_each_engine!(
    messages_are_noted_by_day_and_those_that_came_again_apart,
    a_message_is_in_quarantine_once,
    notes_are_taken_once_and_added_to_days,
    an_order_is_noted_once_whatever_id_it_goes_by,
    of_a_closed_month_only_the_number_of_people_is_kept,
    two_that_count_never_count_the_same,
);

fn noted(store: &Store, scope: &Scope) -> Vec<(Kind, i64, i64)> {
    let notes = store.read(|tx| usage::waiting(tx, scope, 99)).unwrap();
    notes.iter().map(|note| (note.kind, note.events, note.bytes)).collect()
}

fn messages_are_noted_by_day_and_those_that_came_again_apart(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let id = |key| source_id(store, &scope, key);
    let day_after =
        |new: NewMessage| NewMessage { received_at: new.received_at + Duration::days(1), ..new };
    let batch = [
        message(id("shop"), Some("1"), "one"),
        message(id("shop"), Some("1"), "one"),
        message(id("shop"), Some("2"), "three"),
        day_after(message(id("shop"), Some("3"), "3")),
        message(id(OWN), None, "of its own"),
    ];
    store.write(|tx| messages::receive_batch(tx, &scope, &batch)).unwrap();
    let again = [message(id("shop"), Some("1"), "one"), message(id("shop"), Some("2"), "three")];
    store.write(|tx| messages::receive_batch(tx, &scope, &again)).unwrap();
    let expected =
        [(Kind::Message, 2, 8), (Kind::Message, 1, 1), (Kind::Repeat, 1, 0), (Kind::Repeat, 2, 0)];
    assert_eq!(noted(store, &scope), expected);
    assert_eq!(noted(store, &other), []);
    let partner = Scope::partner(scope.tenant_id().unwrap(), "northwind".into());
    for outside in [partner, Scope::operator()] {
        let refused = store.read(|tx| usage::waiting(tx, &outside, 9));
        assert!(matches!(refused, Err(StoreError::OutOfScope { .. })));
    }
}

fn a_message_is_in_quarantine_once(store: &Store) {
    let scope = tenant(store, "main");
    let shop = source_id(store, &scope, "shop");
    let batch = [message(shop, Some("1"), "{"), message(shop, Some("2"), "}")];
    let kept = store.write(|tx| messages::receive_batch(tx, &scope, &batch)).unwrap();
    let mut ids: Vec<_> = messages::kept(&kept).into_iter().collect();
    ids.sort_unstable();
    let item = |n: usize, part| NewItem {
        message: ids[n],
        part,
        code: "json.syntax",
        error: "{}",
        opened_at: at(20),
    };
    let open = |items: &[NewItem<'_>], expected: &[i64]| {
        store.write(|tx| quarantine::open(tx, &scope, items)).unwrap();
        let taken = store.write(|tx| usage::take(tx, &scope, 9)).unwrap();
        let of_quarantine = taken.iter().filter(|note| note.kind == Kind::Quarantine);
        assert_eq!(of_quarantine.map(|note| note.events).collect::<Vec<_>>(), expected);
    };
    open(&[item(0, "1"), item(0, "2")], &[1]);
    // What is read again and is at fault again is the same message.
    open(&[item(0, "1")], &[]);
    open(&[item(0, "2"), item(1, "")], &[1]);
}

fn notes_are_taken_once_and_added_to_days(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let deliver =
        |ids: &[i64], at| store.write(|tx| outbox::count_delivered(tx, &scope, ids, at)).unwrap();
    deliver(&[], at(1));
    for n in 0..5 {
        deliver(&[2 * n + 1, 2 * n + 2], at(n));
    }
    let take = |limit| store.write(|tx| usage::take(tx, &scope, limit)).unwrap();
    let note = |n| Note { kind: Kind::Delivery, at: at(n), events: 2, bytes: 0 };
    assert_eq!(take(3), [note(0), note(1), note(2)]);
    assert_eq!((take(3), take(3)), (vec![note(3), note(4)], vec![]));
    let figures = Figures { deliveries: 4, messages: 1, bytes: 9, ..Figures::default() };
    let day = Day::of(at(0));
    let days = BTreeMap::from([(day, figures), (Day(day.0 + 1), figures)]);
    store.write(|tx| usage::add(tx, &scope, &days)).unwrap();
    store.write(|tx| usage::add(tx, &scope, &BTreeMap::from([(day, figures)]))).unwrap();
    let list = |scope: &Scope, until| store.read(|tx| usage::days(tx, scope, day, until)).unwrap();
    assert_eq!(list(&scope, Day(day.0 + 1)), BTreeMap::from([(day, figures + figures)]));
    assert_eq!(list(&scope, Day(day.0 + 9)).len(), 2);
    assert_eq!(list(&other, Day(day.0 + 9)).len(), 0);
    let progress = |scope: &Scope| store.read(|tx| usage::progress(tx, scope)).unwrap();
    let further = Progress { closed_before: day };
    assert_eq!(progress(&scope), Progress { closed_before: Day(0) });
    let moved = store.write(|tx| {
        let held = usage::hold(tx, &scope)?;
        usage::advance(tx, &scope, further)?;
        Ok(held)
    });
    assert_eq!(moved.unwrap().closed_before, Day(0));
    assert_eq!((progress(&scope), progress(&other).closed_before), (further, Day(0)));
}

fn an_order_is_noted_once_whatever_id_it_goes_by(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let names = ["P-1", "P-2", "P-3"]
        .map(|po| vec![Identifier::new(ObjectKind::Order, "po", "northwind", po)]);
    let found = store.write(|tx| clusters::resolve(tx, &scope, &names)).unwrap().clusters;
    let write = |before: &[OrderRow], rows: &[OrderRow], seconds| {
        store.write(|tx| orders::write(tx, &scope, before, rows, at(seconds))).unwrap();
        store.write(|tx| usage::take(tx, &scope, 9)).unwrap()
    };
    let note = |seconds, events| Note { kind: Kind::Order, at: at(seconds), events, bytes: 0 };
    let rows = [order("P-1", found[0]), order("P-2", found[1])];
    assert_eq!(write(&[], &rows, 10), [note(10, 2)]);
    assert_eq!(write(&rows, &rows, 11), [], "nothing new");
    // It goes by another id from now on.
    let id_of = |name| order(name, found[0]).id;
    let moved = [OrderRow { id: id_of("P-9"), digest: 7, ..rows[0].clone() }];
    assert_eq!(write(&rows[..1], &moved, 12), []);
    // Rows go away and come again, in another cluster too, and one is new.
    assert_eq!(write(&moved, &[], 13), []);
    assert_eq!(write(&rows[1..], &[], 13), []);
    let again = [moved[0].clone(), order("P-2", found[2]), order("P-3", found[2])];
    let again = again.map(|row| OrderRow { component: (row.id == id_of("P-3")).into(), ..row });
    assert_eq!(write(&[], &again, 14), [note(14, 1)]);
    let read = store.read(|tx| orders::get(tx, &scope, again[1].id)).unwrap();
    assert_eq!(read.cluster, found[2], "an id leads to where its order is");
    // Two of one cluster before anybody counts are one note.
    let both = ["P-4", "P-5"].map(|name| order(name, found[0]));
    let both = [both[0].clone(), OrderRow { component: 1, ..both[1].clone() }];
    for (row, seconds) in both.iter().zip([20, 21]) {
        store.write(|tx| orders::write(tx, &scope, &[], [row], at(seconds))).unwrap();
    }
    assert_eq!(store.write(|tx| usage::take(tx, &scope, 9)).unwrap(), [note(20, 2)]);
    assert_eq!(noted(store, &other), []);
}

fn person(store: &Store, scope: &Scope, login: &str) -> PersonId {
    store
        .write(|tx| {
            let person = people::create(tx, login, None, at(0))?;
            let new = NewMembership {
                person,
                name: "Ada",
                role: "operations",
                partner: None,
                created_at: at(1),
                accepted_at: Some(at(2)),
            };
            memberships::create(tx, scope, &new)?;
            Ok(person)
        })
        .unwrap()
}

fn of_a_closed_month_only_the_number_of_people_is_kept(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let ada = person(store, &scope, "ada@northwind.example");
    let bob = person(store, &scope, "bob@northwind.example");
    let staff = person(store, &Scope::operator(), "staff@operator.example");
    let (may, june) = (Month(100), Month(101));
    let id = scope.tenant_id().unwrap();
    for (who, month) in [(ada, may), (bob, may), (staff, may), (ada, may), (bob, june)] {
        store.write(|tx| usage::note_active(tx, id, who, month)).unwrap();
    }
    let people =
        |scope: &Scope| store.read(|tx| usage::people(tx, scope, Month(0), Month(999))).unwrap();
    let expected = BTreeMap::from([(may, 2), (june, 1)]);
    assert_eq!(people(&scope), expected);
    store.write(|tx| usage::close_months(tx, &other, Month(999))).unwrap();
    for _ in 0..2 {
        store.write(|tx| usage::close_months(tx, &scope, june)).unwrap();
        assert_eq!(people(&scope), expected);
    }
    assert_eq!(people(&other), BTreeMap::new());
    let one = store.read(|tx| usage::people(tx, &scope, june, june.next())).unwrap();
    assert_eq!(one, BTreeMap::from([(june, 1)]));
}

fn two_that_count_never_count_the_same(store: &Store) {
    let scope = tenant(store, "main");
    let at_once = |n: i64| -> Instant { at(n) };
    for n in 1..=60 {
        store.write(|tx| outbox::count_delivered(tx, &scope, &[n], at_once(n))).unwrap();
    }
    let count = || {
        let mut all = 0;
        loop {
            let taken = store
                .write(|tx| {
                    let progress = usage::hold(tx, &scope)?;
                    let taken = usage::take(tx, &scope, 7)?;
                    let sum = taken.iter().fold(Figures::default(), |sum, n| sum + n.figures());
                    usage::add(tx, &scope, &BTreeMap::from([(Day(1), sum)]))?;
                    let closed_before = Day(progress.closed_before.0 + taken.len() as i64);
                    usage::advance(tx, &scope, Progress { closed_before })?;
                    Ok(taken.len())
                })
                .unwrap();
            all += taken;
            if taken == 0 {
                return all;
            }
        }
    };
    let taken: usize = std::thread::scope(|threads| {
        let counting: Vec<_> = (0..3).map(|_| threads.spawn(count)).collect();
        counting.into_iter().map(|counting| counting.join().unwrap()).sum()
    });
    assert_eq!(taken, 60);
    let days = store.read(|tx| usage::days(tx, &scope, Day(0), Day(9))).unwrap();
    assert_eq!(days.values().map(|figures| figures.deliveries).sum::<i64>(), 60);
    let counted = store.read(|tx| usage::progress(tx, &scope)).unwrap();
    assert_eq!(counted.closed_before, Day(60));
}

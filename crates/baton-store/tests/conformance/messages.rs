//! Receipt: nothing lost, nothing kept twice.

use std::sync::Barrier;

use baton_core::id::{Digest, MessageNo};
use baton_store::messages::{self, NewMessage, Receipt};
use baton_store::{PackedBody, Store, StoreError, earlier, pending};

use crate::harness::{at, message, on_each_engine, source_id, tenant};

on_each_engine!(
    duplicates_are_found_between_and_within_batches,
    the_same_bytes_are_one_message_only_where_the_connector_says_so,
    two_writers_at_one_instant_keep_a_message_once,
    a_claim_is_never_given_twice_and_lapses,
    bodies_and_headers_come_back,
    a_batch_has_a_limit,
    the_receipt_of_a_message_is_the_earliest_of_its_copies,
    what_is_ignored_makes_no_other_message,
    a_callers_number_gives_way_to_the_bytes,
);

fn receive(store: &Store, scope: &baton_store::Scope, batch: &[NewMessage]) -> Vec<Receipt> {
    store.write(|tx| messages::receive_batch(tx, scope, batch)).unwrap()
}

fn accepted(receipt: Receipt) -> MessageNo {
    match receipt {
        Receipt::Accepted(id) => id,
        other => panic!("expected an accepted message, found {other:?}"),
    }
}

fn duplicates_are_found_between_and_within_batches(store: &Store) {
    let scope = tenant(store, "main");
    let shop = source_id(store, &scope, "shop");
    let carrier = source_id(store, &scope, "carrier");
    let first = receive(
        store,
        &scope,
        &[
            message(shop, Some("1"), "a"),
            message(shop, Some("1"), "a"),
            message(shop, Some("1"), "b"),
            message(shop, Some("1"), "b"),
            message(shop, Some("2"), "a"),
            message(carrier, Some("1"), "a"),
            message(shop, None, "a"),
        ],
    );
    let one = accepted(first[0]);
    assert_eq!(first[1], Receipt::Duplicate { of: one });
    let Receipt::Differs { id: other, of } = first[2] else { panic!("{first:?}") };
    assert_eq!(of, one);
    assert_eq!(first[3], Receipt::Duplicate { of: other });
    for receipt in &first[4..] {
        accepted(*receipt);
    }
    let again = receive(
        store,
        &scope,
        &[
            message(shop, Some("3"), "new"),
            message(shop, Some("1"), "a"),
            message(shop, Some("1"), "b"),
            message(shop, Some("1"), "c"),
        ],
    );
    accepted(again[0]);
    assert_eq!(again[1], Receipt::Duplicate { of: one });
    assert_eq!(again[2], Receipt::Duplicate { of: other });
    assert!(matches!(again[3], Receipt::Differs { of, .. } if of == one));
    let (repeats, waiting) = store
        .read(|tx| {
            Ok((messages::get(tx, &scope, one)?.entry.repeats, pending::count(tx, &scope, 100)?))
        })
        .unwrap();
    assert_eq!((repeats, waiting), (2, 7));
}

fn the_same_bytes_are_one_message_only_where_the_connector_says_so(store: &Store) {
    let scope = tenant(store, "main");
    let shop = source_id(store, &scope, "shop");
    let by_bytes = NewMessage { bytes_identify: true, ..message(shop, None, "hold") };
    let receipts = receive(store, &scope, &[by_bytes.clone(), by_bytes]);
    assert_eq!(receipts[1], Receipt::Duplicate { of: accepted(receipts[0]) });
    let statement = message(shop, None, "hold");
    for receipt in receive(store, &scope, &[statement.clone(), statement]) {
        accepted(receipt);
    }
}

fn two_writers_at_one_instant_keep_a_message_once(store: &Store) {
    const WRITERS: usize = 4;
    let scope = tenant(store, "main");
    let shop = source_id(store, &scope, "shop");
    let start = Barrier::new(WRITERS);
    let write = |writer: usize| {
        let mut batch: Vec<_> =
            (0..20).map(|n| message(shop, Some(&format!("m{n}")), "same")).collect();
        batch.rotate_left(writer * 5);
        start.wait();
        receive(store, &scope, &batch)
    };
    let receipts: Vec<Receipt> = std::thread::scope(|threads| {
        let write = &write;
        let running: Vec<_> = (0..WRITERS).map(|n| threads.spawn(move || write(n))).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let kept = messages::kept(&receipts);
    assert_eq!(kept.len(), 20);
    let duplicates = receipts.iter().filter_map(|receipt| match receipt {
        Receipt::Duplicate { of } => Some(*of),
        _ => None,
    });
    assert_eq!(duplicates.clone().count(), 20 * (WRITERS - 1));
    assert!(duplicates.into_iter().all(|of| kept.contains(&of)));
}

fn a_claim_is_never_given_twice_and_lapses(store: &Store) {
    let scope = tenant(store, "main");
    let shop = source_id(store, &scope, "shop");
    let batch: Vec<_> = (0..60).map(|n| message(shop, Some(&format!("m{n}")), "x")).collect();
    receive(store, &scope, &batch);
    let claim = |worker: i64, now: i64| {
        store.write(|tx| pending::claim(tx, &scope, worker, (at(now), at(now + 30)), 10)).unwrap()
    };
    let mut claimed: Vec<_> = std::thread::scope(|threads| {
        let claim = &claim;
        let running: Vec<_> = (0..4).map(|n| threads.spawn(move || claim(n, 100))).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    claimed.extend(claim(4, 110));
    claimed.extend(claim(5, 110));
    claimed.sort_unstable();
    claimed.dedup();
    assert_eq!(claimed.len(), 60);
    assert_eq!(claim(6, 129), []);
    let lapsed = claim(6, 131);
    assert_eq!(lapsed.len(), 10);
    assert_eq!(store.write(|tx| pending::finish(tx, &scope, &lapsed)).unwrap().len(), 10);
    assert_eq!(store.write(|tx| pending::release(tx, &scope, 5)).unwrap(), 10);
    assert_eq!(store.read(|tx| pending::count(tx, &scope, 1_000)).unwrap(), 50);
    assert_eq!(store.read(|tx| pending::count(tx, &scope, 5)).unwrap(), 5);
}

fn bodies_and_headers_come_back(store: &Store) {
    let scope = tenant(store, "main");
    let shop = source_id(store, &scope, "shop");
    let long = "line\n".repeat(5_000);
    let bytes: Vec<u8> = (0..=255).collect();
    let batch = [
        NewMessage { body: PackedBody::new(bytes.clone()), ..message(shop, Some("nul\0id"), "") },
        NewMessage { headers: r#"{"x":"y"}"#.into(), ..message(shop, None, &long) },
    ];
    let receipts = receive(store, &scope, &batch);
    let found = |n: usize| store.read(|tx| messages::get(tx, &scope, accepted(receipts[n])));
    assert_eq!(found(0).unwrap().body, bytes);
    let second = found(1).unwrap();
    assert_eq!(second.body, long.as_bytes());
    assert_eq!(second.entry.headers, r#"{"x":"y"}"#);
    assert_eq!(second.entry.size_bytes, 25_000);
    let listed = store.read(|tx| messages::list(tx, &scope, Some(shop), None, 1)).unwrap();
    assert_eq!(listed[0], second.entry);
    let before = Some(listed[0].id);
    let listed = store.read(|tx| messages::list(tx, &scope, None, before, 9)).unwrap();
    assert_eq!(listed.len(), 1);
    let heard = store.read(|tx| baton_store::sources::by_key(tx, &scope, "shop")).unwrap().heard_at;
    assert_eq!(heard, Some(at(10)));
}

fn a_batch_has_a_limit(store: &Store) {
    let scope = tenant(store, "main");
    let shop = source_id(store, &scope, "shop");
    let batch = vec![message(shop, None, "x"); messages::BATCH_MAX + 1];
    let refused = store.write(|tx| messages::receive_batch(tx, &scope, &batch)).unwrap_err();
    assert!(matches!(refused, StoreError::TooMany { .. }));
}

/// Receipts of copies in the order in which they are committed; a list inside is one batch.
fn the_receipt_of_a_message_is_the_earliest_of_its_copies(store: &Store) {
    let scope = tenant(store, "main");
    let shop = source_id(store, &scope, "shop");
    let orders: &[(&[&[i64]], bool)] = &[
        (&[&[3], &[5]], false),
        (&[&[5], &[3]], true),
        (&[&[5, 3]], false),
        (&[&[3, 5, 4]], false),
        (&[&[5], &[9, 3, 4]], true),
        (&[&[5], &[4], &[3]], true),
    ];
    for (n, (batches, moves)) in orders.iter().enumerate() {
        let name = n.to_string();
        let copy = |second: &i64| NewMessage {
            received_at: at(*second),
            ..message(shop, Some(&name), "a")
        };
        let mut first = None;
        for batch in *batches {
            let receipts = receive(store, &scope, &batch.iter().map(copy).collect::<Vec<_>>());
            let id = *first.get_or_insert_with(|| accepted(receipts[0]));
            let repeats = receipts.iter().filter(|r| **r != Receipt::Accepted(id));
            assert!(repeats.into_iter().all(|r| *r == Receipt::Duplicate { of: id }));
        }
        let id = first.unwrap();
        let kept = store.read(|tx| messages::get(tx, &scope, id)).unwrap().entry;
        assert_eq!(kept.received_at, at(3), "{batches:?}");
        let moved = store.read(|tx| earlier::list(tx, &scope, 10)).unwrap();
        let expected = earlier::Moved { message: id, received_at: at(3), waits: true };
        assert_eq!(moved, if *moves { vec![expected] } else { vec![] }, "{batches:?}");
        store.write(|tx| earlier::done(tx, &scope, id)).unwrap();
    }
}

fn what_is_ignored_makes_no_other_message(store: &Store) {
    let scope = tenant(store, "main");
    let shop = source_id(store, &scope, "shop");
    let with = |own_id: Option<&str>, body: &str, content: &str| NewMessage {
        content: Some(Digest::of(&[content.as_bytes()])),
        bytes_identify: own_id.is_none(),
        ..message(shop, own_id, body)
    };
    for id in [Some("1"), None] {
        let first =
            receive(store, &scope, &[with(id, "a, sent 5", "a"), with(id, "a, sent 6", "a")]);
        let one = accepted(first[0]);
        assert_eq!(first[1], Receipt::Duplicate { of: one });
        let again =
            receive(store, &scope, &[with(id, "a, sent 7", "a"), with(id, "b, sent 7", "b")]);
        assert_eq!(again[0], Receipt::Duplicate { of: one });
        match (id, again[1]) {
            (Some(_), Receipt::Differs { of, .. }) => assert_eq!(of, one),
            (None, other) => drop(accepted(other)),
            (_, other) => panic!("{other:?}"),
        }
    }
}

fn a_callers_number_gives_way_to_the_bytes(store: &Store) {
    let scope = tenant(store, "main");
    let shop = source_id(store, &scope, "shop");
    let versioned = |own_id: Option<&str>, body: &str| NewMessage {
        bytes_identify: true,
        ..message(shop, own_id, body)
    };
    let one = accepted(receive(store, &scope, &[versioned(Some("file-1"), "a")])[0]);
    let again = [
        (None, "a", Receipt::Duplicate { of: one }),
        (Some("file-2"), "a", Receipt::Duplicate { of: one }),
        (Some("file-1"), "a", Receipt::Duplicate { of: one }),
    ];
    for (number, body, expected) in again {
        assert_eq!(receive(store, &scope, &[versioned(number, body)]), [expected], "{number:?}");
    }
    let other = receive(store, &scope, &[versioned(Some("file-1"), "b")]);
    assert!(matches!(other[0], Receipt::Differs { of, .. } if of == one), "{other:?}");
}

//! Facts: kept once, read back as they were, at any earlier instant.

use baton_core::id::MessageNo;
use baton_store::clusters::ClusterNo;
use baton_store::{Store, engine_facts, facts};

use crate::harness::{at, keep, note, on_each_engine, tenant};

on_each_engine!(facts_come_back_as_they_were, as_of_reads_what_was_known_then);

fn facts_come_back_as_they_were(store: &Store) {
    let scope = tenant(store, "main");
    let (one, two, none) = (ClusterNo(1), ClusterNo(2), ClusterNo(3));
    let facts_of_one = vec![note("a", 7, at(20)), note("b", 7, at(20))];
    keep(store, &scope, one, &facts_of_one);
    keep(store, &scope, one, &facts_of_one);
    keep(store, &scope, two, &[note("c", -1, at(21))]);
    let found = store.read(|tx| facts::load(tx, &scope, &[one, two, none], None)).unwrap();
    assert_eq!(found[&one], facts_of_one, "also the ids, which are computed from what is stored");
    assert_eq!(found[&two], [note("c", -1, at(21))]);
    assert!(!found.contains_key(&none));
    let numbers = store.write(|tx| facts::act_numbers(tx, &scope, 3)).unwrap();
    let of_message =
        store.read(|tx| engine_facts::of_messages(tx, &scope, &[MessageNo(7)])).unwrap();
    assert_eq!(of_message, [(one, MessageNo(7))]);
    assert_eq!(numbers, [MessageNo(-1), MessageNo(-2), MessageNo(-3)]);
}

fn as_of_reads_what_was_known_then(store: &Store) {
    let scope = tenant(store, "main");
    let one = ClusterNo(1);
    keep(store, &scope, one, &[note("early", 7, at(20))]);
    keep(store, &scope, one, &[note("late", 8, at(30))]);
    store.write(|tx| facts::supersede(tx, &scope, &[(one, MessageNo(7))], at(40))).unwrap();
    let known = |seconds: Option<i64>| {
        let found = store.read(|tx| facts::load(tx, &scope, &[one], seconds.map(at))).unwrap();
        found.get(&one).map_or(0, Vec::len)
    };
    for (seconds, count) in [(Some(19), 0), (Some(20), 1), (Some(39), 2), (Some(40), 1), (None, 1)]
    {
        assert_eq!(known(seconds), count, "as of {seconds:?}");
    }
}

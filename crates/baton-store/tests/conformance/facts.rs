//! Facts: kept once, read back as they were, at any earlier instant.

use baton_core::id::MessageNo;
use baton_core::identifier::{Identifier, ObjectKind};
use baton_store::clusters::ClusterNo;
use baton_store::facts::NewFact;
use baton_store::readings::fact_number;
use baton_store::{Store, clusters, engine_facts, facts};

use crate::harness::{at, keep, note, on_each_engine, tenant};

on_each_engine!(
    facts_come_back_as_they_were,
    as_of_reads_what_was_known_then,
    a_reading_of_many_facts_comes_back_in_order,
    the_clusters_of_a_message_are_found_after_a_merge,
);

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

fn a_reading_of_many_facts_comes_back_in_order(store: &Store) {
    let scope = tenant(store, "main");
    let one = ClusterNo(1);
    let all: Vec<_> = (0..3_000).map(|n| note(&format!("line {n}"), 7, at(20))).collect();
    keep(store, &scope, one, &all);
    keep(store, &scope, one, &[note(&"long ".repeat(50_000), 8, at(20))]);
    let found = store.read(|tx| facts::load(tx, &scope, &[one], None)).unwrap();
    assert_eq!(found[&one][..3_000], all);
    assert_eq!(found[&one][3_000], note(&"long ".repeat(50_000), 8, at(20)));
}

fn the_clusters_of_a_message_are_found_after_a_merge(store: &Store) {
    let scope = tenant(store, "main");
    let name = |value: &str| Identifier::new(ObjectKind::Order, "po", "northwind", value);
    let groups = [vec![name("a")], vec![name("b")]];
    let made = store.write(|tx| clusters::resolve(tx, &scope, &groups)).unwrap().clusters;
    let new = |cluster, n, fact| NewFact { cluster, n, fact, content: None };
    // Two messages, one about both clusters; the second is read again and says less.
    let (both, later) =
        ([note("to a", 300, at(20)), note("to b", 300, at(20))], note("x", 301, at(21)));
    let again = note("y", 301, at(30));
    store
        .write(|tx| {
            facts::insert(tx, &scope, &[new(made[0], 0, &both[0]), new(made[1], 1, &both[1])])?;
            facts::insert(tx, &scope, &[new(made[1], 0, &later)])?;
            facts::supersede(tx, &scope, &[(made[1], MessageNo(301))], at(30))?;
            facts::insert(tx, &scope, &[new(made[0], fact_number(1, 0), &again)])
        })
        .unwrap();
    let of = |messages: &[i64]| {
        let messages: Vec<_> = messages.iter().map(|number| MessageNo(*number)).collect();
        store.read(|tx| engine_facts::of_messages(tx, &scope, &messages)).unwrap()
    };
    assert_eq!(of(&[300]), [(made[0], MessageNo(300)), (made[1], MessageNo(300))]);
    assert_eq!(of(&[301]), [(made[0], MessageNo(301))], "the first reading is out of force");
    assert_eq!(of(&[299, 302, 1_000]), []);
    let join = [vec![name("a"), name("b")]];
    let kept = store.write(|tx| clusters::resolve(tx, &scope, &join)).unwrap().clusters[0];
    assert_eq!(of(&[300, 301]), [(kept, MessageNo(300)), (kept, MessageNo(301))]);
    let found = store.read(|tx| facts::load(tx, &scope, &made, None)).unwrap();
    assert_eq!(found[&kept].len(), 3, "facts of one message from two clusters stand side by side");
}

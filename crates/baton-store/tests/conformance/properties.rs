//! Properties: what is kept does not depend on how it came.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use baton_core::identifier::{Identifier, ObjectKind};
use baton_store::messages::{self, Receipt};
use baton_store::{Store, clusters, pending};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::harness::{message, on_each_engine, source_id, tenant};

/// Each case writes to the store; the rules below are small enough for so many to find a breach.
const CASES: u32 = 48;

on_each_engine!(batches_do_not_matter_to_what_is_kept, links_make_the_same_groups_in_any_order);

fn runner() -> TestRunner {
    TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() })
}

fn batches_do_not_matter_to_what_is_kept(store: &Store) {
    // Four numbers with three bodies, in batches of any size.
    let sent = prop::collection::vec(prop::collection::vec((0..4u8, 0..3u8), 0..8), 1..5);
    let tenants = std::cell::Cell::new(0);
    runner()
        .run(&sent, |batches| {
            tenants.set(tenants.get() + 1);
            let scope = tenant(store, &format!("t{}", tenants.get()));
            let shop = source_id(store, &scope, "shop");
            let mut kept = BTreeMap::new();
            let mut duplicates = 0;
            for sent in &batches {
                let batch: Vec<_> = sent
                    .iter()
                    .map(|(id, body)| message(shop, Some(&id.to_string()), &body.to_string()))
                    .collect();
                let receipts =
                    store.write(|tx| messages::receive_batch(tx, &scope, &batch)).unwrap();
                for (what, receipt) in sent.iter().zip(receipts) {
                    match receipt {
                        Receipt::Accepted(id) | Receipt::Differs { id, .. } => {
                            prop_assert!(kept.insert(*what, id).is_none(), "kept {what:?} twice");
                        }
                        Receipt::Duplicate { of } => {
                            prop_assert_eq!(kept.get(what), Some(&of));
                            duplicates += 1;
                        }
                    }
                }
            }
            let sent: BTreeSet<_> = batches.iter().flatten().copied().collect();
            prop_assert_eq!(kept.keys().copied().collect::<BTreeSet<_>>(), sent);
            let (entries, waiting) = store
                .read(|tx| {
                    let entries = messages::list(tx, &scope, None, None, 100)?;
                    Ok((entries, pending::count(tx, &scope, 100)?))
                })
                .unwrap();
            prop_assert_eq!(entries.len(), kept.len());
            prop_assert_eq!(waiting, kept.len() as i64);
            prop_assert_eq!(entries.iter().map(|entry| entry.repeats).sum::<i64>(), duplicates);
            Ok(())
        })
        .unwrap();
}

fn links_make_the_same_groups_in_any_order(store: &Store) {
    let links = prop::collection::vec((0..10usize, 0..10usize), 1..12);
    let batches = (links, 1..5usize);
    let tenants = std::cell::Cell::new(0);
    let name = |n: &usize| Identifier::new(ObjectKind::Order, "po", "northwind", &n.to_string());
    runner()
        .run(&batches, |(links, batch)| {
            tenants.set(tenants.get() + 1);
            let scope = tenant(store, &format!("t{}", tenants.get()));
            for links in links.chunks(batch) {
                let groups: Vec<_> = links.iter().map(|(a, b)| vec![name(a), name(b)]).collect();
                store.write(|tx| clusters::resolve(tx, &scope, &groups)).unwrap();
            }
            // The plainest way to the same groups: colour, and colour again.
            let mut colours: Vec<usize> = (0..10).collect();
            for (a, b) in &links {
                let (from, to) = (colours[*a], colours[*b]);
                colours.iter_mut().filter(|c| **c == from).for_each(|c| *c = to);
            }
            let named: BTreeSet<usize> = links.iter().flat_map(|(a, b)| [*a, *b]).collect();
            let names: Vec<_> = named.iter().map(name).collect();
            let found = store.read(|tx| clusters::find(tx, &scope, &names)).unwrap();
            let mut seen: HashMap<usize, clusters::ClusterNo> = HashMap::new();
            for n in &named {
                let cluster = found[&name(n)];
                prop_assert_eq!(*seen.entry(colours[*n]).or_insert(cluster), cluster);
            }
            let distinct: BTreeSet<_> = seen.values().collect();
            prop_assert_eq!(distinct.len(), seen.len(), "two groups share a cluster");
            Ok(())
        })
        .unwrap();
}

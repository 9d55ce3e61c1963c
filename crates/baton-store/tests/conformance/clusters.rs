//! Clusters: the same links give the same groups in whatever order and by however many writers.

use std::collections::HashSet;
use std::sync::Barrier;

use baton_core::identifier::{Identifier, ObjectKind};
use baton_store::clusters::{self, ClusterNo, Resolved};
use baton_store::edges::{self, Edge};
use baton_store::{Scope, Store, facts, orders, timers};

use crate::harness::{at, keep, note, on_each_engine, order, tenant};

on_each_engine!(
    identifiers_lead_to_one_cluster_once_they_are_joined,
    a_merge_moves_what_was_kept,
    a_chain_in_one_batch_is_one_cluster,
    writers_that_join_the_same_names_agree,
    a_cluster_is_listed_until_it_is_merged,
);

fn name(value: &str) -> Identifier {
    Identifier::new(ObjectKind::Order, "po", "northwind", value)
}

fn resolve(store: &Store, scope: &Scope, groups: &[&[&str]]) -> Resolved {
    let groups: Vec<Vec<Identifier>> =
        groups.iter().map(|group| group.iter().map(|value| name(value)).collect()).collect();
    store.write(|tx| clusters::resolve(tx, scope, &groups)).unwrap()
}

fn identifiers_lead_to_one_cluster_once_they_are_joined(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let first = resolve(store, &scope, &[&["1"], &["2"], &["3", "1"]]);
    assert_eq!(first.merged, []);
    let [one, two, three] = first.clusters[..] else { panic!("{first:?}") };
    assert!(one == three && one != two);
    let joined = resolve(store, &scope, &[&["4", "1"], &["2", "3"]]);
    let kept = joined.clusters[0];
    assert_eq!(joined.clusters, [kept, kept]);
    assert_eq!(joined.merged.len(), 1);
    let found =
        store.read(|tx| clusters::find(tx, &scope, &["1", "2", "3", "4", "5"].map(name))).unwrap();
    assert_eq!(found.len(), 4);
    assert!(found.values().all(|cluster| *cluster == kept));
    let elsewhere = store.read(|tx| clusters::find(tx, &other, &[name("1")])).unwrap();
    assert!(elsewhere.is_empty());
    let same_value = Identifier::new(ObjectKind::Order, "po", "contoso", "1");
    let found = store.read(|tx| clusters::find(tx, &scope, &[same_value])).unwrap();
    assert!(found.is_empty(), "the same number of another issuer is another identifier");
}

fn a_merge_moves_what_was_kept(store: &Store) {
    let scope = tenant(store, "main");
    let [small, large, shipment] =
        resolve(store, &scope, &[&["small"], &["large"], &["shipment"]]).clusters[..]
    else {
        panic!()
    };
    keep(store, &scope, small, &[note("a", 1, at(20))]);
    keep(store, &scope, large, &[note("b", 2, at(20)), note("c", 2, at(20))]);
    let (old, new) = (order("small", small), order("large", large));
    store
        .write(|tx| {
            edges::add(
                tx,
                &scope,
                &[
                    Edge { child: shipment, parent: small },
                    Edge { child: shipment, parent: large },
                    Edge { child: small, parent: large },
                ],
            )?;
            timers::set(tx, &scope, &[(small, Some(at(1))), (large, Some(at(2)))])?;
            orders::write(tx, &scope, [], [&old, &new], at(1))
        })
        .unwrap();
    let joined = resolve(store, &scope, &[&["small", "large"]]);
    assert_eq!(joined.clusters, [large]);
    assert_eq!(joined.merged, [(small, large)]);
    store
        .read(|tx| {
            let found = facts::load(tx, &scope, &[small, large], None)?;
            assert_eq!(found[&large].len(), 3);
            assert!(!found.contains_key(&small));
            let edge = Edge { child: shipment, parent: large };
            assert_eq!(edges::to_parents(tx, &scope, &[small, large, shipment])?, [edge]);
            assert_eq!(edges::to_children(tx, &scope, &[small, large])?, [edge]);
            let due: Vec<_> = timers::due(tx, &scope, at(9), 9)?;
            assert_eq!(due.iter().map(|timer| timer.cluster).collect::<Vec<_>>(), [large]);
            // The id that the order had before leads to the one that it is part of now.
            assert_eq!(orders::get(tx, &scope, old.id)?, new);
            Ok(())
        })
        .unwrap();
}

fn a_chain_in_one_batch_is_one_cluster(store: &Store) {
    let scope = tenant(store, "main");
    let links: Vec<[String; 2]> =
        (0..50).map(|n| [format!("n{n}"), format!("n{}", n + 1)]).collect();
    let separate: Vec<Vec<Identifier>> =
        (0..=50).step_by(2).map(|n| vec![name(&format!("n{n}"))]).collect();
    store.write(|tx| clusters::resolve(tx, &scope, &separate)).unwrap();
    let groups: Vec<Vec<Identifier>> =
        links.iter().map(|link| link.iter().map(|value| name(value)).collect()).collect();
    let joined = store.write(|tx| clusters::resolve(tx, &scope, &groups)).unwrap();
    assert_eq!(joined.clusters.iter().collect::<HashSet<_>>().len(), 1);
    assert_eq!(joined.merged.len(), 25);
    assert!(joined.merged.iter().all(|(_, stays)| *stays == joined.clusters[0]));
}

fn writers_that_join_the_same_names_agree(store: &Store) {
    const WRITERS: usize = 4;
    let scope = tenant(store, "main");
    let start = Barrier::new(WRITERS);
    let write = |writer: usize| {
        start.wait();
        for round in 0..10 {
            let names: Vec<String> = (0..4).map(|n| format!("r{round}n{n}")).collect();
            let mut links: Vec<Vec<Identifier>> = (0..3)
                .map(|n| vec![name(&names[n]), name(&names[n + 1])])
                .chain([vec![name(&format!("r{round}w{writer}")), name(&names[writer])]])
                .collect();
            links.rotate_left(writer);
            for link in links {
                store
                    .write(|tx| clusters::resolve(tx, &scope, std::slice::from_ref(&link)))
                    .unwrap();
            }
        }
    };
    std::thread::scope(|threads| {
        let write = &write;
        for writer in 0..WRITERS {
            threads.spawn(move || write(writer));
        }
    });
    for round in 0..10 {
        let names: Vec<_> = (0..WRITERS)
            .flat_map(|n| [name(&format!("r{round}n{n}")), name(&format!("r{round}w{n}"))])
            .collect();
        let found = store.read(|tx| clusters::find(tx, &scope, &names)).unwrap();
        assert_eq!(found.len(), names.len());
        assert_eq!(found.values().collect::<HashSet<_>>().len(), 1, "round {round}");
    }
}

fn a_cluster_is_listed_until_it_is_merged(store: &Store) {
    let scope = tenant(store, "main");
    let made = resolve(store, &scope, &[&["1"], &["2"], &["3"]]).clusters;
    resolve(store, &scope, &[&["1", "3"]]);
    let listed = store.read(|tx| clusters::list(tx, &scope, ClusterNo(0), 10)).unwrap();
    assert_eq!(listed, [made[0], made[1]]);
    let listed = store.read(|tx| clusters::list(tx, &scope, made[0], 10)).unwrap();
    assert_eq!(listed, [made[1]]);
}

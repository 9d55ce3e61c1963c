//! Timers, the outbox, and the stream of changes.

use std::sync::Barrier;
use std::sync::atomic::{AtomicI64, Ordering};

use baton_core::id::{ActId, Digest, MessageNo};
use baton_core::identifier::{Identifier, ObjectKind};
use baton_core::time::Instant;
use baton_store::changes::{self, Kept, NewChange};
use baton_store::clusters::{self, ClusterNo};
use baton_store::messages::{self, NewMessage, Receipt};
use baton_store::outbox::{self, NewCommand, State};
use baton_store::{Scope, Store, Tx, engine_timers, pending, timers, workers};

use crate::harness::{at, message, on_each_engine, source_id, tenant};

on_each_engine!(
    timers_are_due_in_order,
    every_cluster_is_woken_at_once,
    what_waits_is_found_by_its_receipt,
    a_command_is_added_once_and_goes_in_order,
    eight_workers_share_a_queue_and_one_dies_over_it,
    two_dispatchers_never_hold_one_command,
    a_command_is_given_up_and_revived,
    changes_have_no_gaps_and_follow_commits,
);

fn timers_are_due_in_order(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let set = |timers: &[(i64, Option<i64>)]| {
        let timers: Vec<_> =
            timers.iter().map(|(cluster, wake)| (ClusterNo(*cluster), wake.map(at))).collect();
        store.write(|tx| timers::set(tx, &scope, &timers)).unwrap();
    };
    let due = |scope: &Scope, now: i64, limit: usize| {
        let due = store.read(|tx| timers::due(tx, scope, at(now), limit)).unwrap();
        due.iter().map(|timer| timer.cluster.0).collect::<Vec<_>>()
    };
    set(&[(1, Some(30)), (2, Some(10)), (3, Some(20)), (4, Some(99))]);
    assert_eq!(due(&scope, 30, 10), [2, 3, 1]);
    assert_eq!(due(&scope, 30, 2), [2, 3]);
    assert_eq!(due(&other, 30, 10), [0; 0]);
    set(&[(2, Some(40)), (3, None), (1, Some(30)), (9, None)]);
    assert_eq!(due(&scope, 40, 10), [1, 2]);
    let next = store.read(|tx| timers::next(tx, &scope)).unwrap().unwrap();
    assert_eq!((next.cluster.0, next.wake_at), (1, at(30)));
    let waiting = |scope: &Scope| store.read(|tx| timers::count(tx, scope)).unwrap();
    assert_eq!((waiting(&scope), waiting(&other)), (3, 0));
    assert_eq!(store.read(|tx| timers::next(tx, &other)).unwrap(), None);
}

fn every_cluster_is_woken_at_once(store: &Store) {
    let scope = tenant(store, "main");
    let name = |value: &str| vec![Identifier::new(ObjectKind::Order, "po", "northwind", value)];
    let groups = [name("1"), name("2"), name("3")];
    let made = store.write(|tx| clusters::resolve(tx, &scope, &groups)).unwrap().clusters;
    let joined = [name("1"), name("3")].concat();
    store.write(|tx| clusters::resolve(tx, &scope, std::slice::from_ref(&joined))).unwrap();
    store.write(|tx| timers::set(tx, &scope, &[(made[1], Some(at(900)))])).unwrap();
    assert_eq!(store.write(|tx| engine_timers::wake_all(tx, &scope, at(5))).unwrap(), 2);
    let of = |n: usize| store.read(|tx| engine_timers::of(tx, &scope, made[n])).unwrap();
    assert_eq!((of(0), of(1), of(2)), (Some(at(5)), Some(at(5)), None));
}

fn what_waits_is_found_by_its_receipt(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let shop = source_id(store, &scope, "shop");
    let receive = |name: &str, second: i64| {
        let sent = NewMessage { received_at: at(second), ..message(shop, Some(name), name) };
        store.write(|tx| messages::receive_batch(tx, &scope, std::slice::from_ref(&sent))).unwrap()
            [0]
    };
    let numbers: Vec<MessageNo> = [("a", 30), ("b", 10), ("c", 20), ("d", 20)]
        .map(|(name, second)| match receive(name, second) {
            Receipt::Accepted(number) => number,
            other => panic!("{other:?}"),
        })
        .to_vec();
    let named = |found: Vec<MessageNo>| -> String {
        let place = |n: MessageNo| numbers.iter().position(|number| *number == n).unwrap();
        found.into_iter().map(|n| ["a", "b", "c", "d"][place(n)]).collect()
    };
    let due = |scope: &Scope, due_by: i64, after: (Instant, MessageNo), limit: usize| {
        let due = store.read(|tx| pending::list_due(tx, scope, at(due_by), after, limit)).unwrap();
        named(due.into_iter().map(|(_, number)| number).collect())
    };
    let start = (Instant::MIN, MessageNo(0));
    assert_eq!(due(&scope, 30, start, 9), "bcda");
    assert_eq!(due(&scope, 29, start, 2), "bc");
    assert_eq!(due(&scope, 30, (at(20), numbers[2]), 9), "da");
    assert_eq!(due(&other, 30, start, 9), "");
    let earliest =
        |scope: &Scope| store.read(|tx| pending::earliest_received_at(tx, scope)).unwrap();
    let counted =
        |second: i64| store.read(|tx| pending::count_due(tx, &scope, at(second))).unwrap();
    assert_eq!((earliest(&scope), earliest(&other)), (Some(at(10)), None));
    assert_eq!((counted(9), counted(20), counted(30)), (0, 3, 4));
    // Another copy moves the receipt of what waits, if it was received earlier, and of nothing else.
    assert_eq!(receive("a", 5), Receipt::Duplicate { of: numbers[0] });
    assert_eq!(receive("c", 25), Receipt::Duplicate { of: numbers[2] });
    assert_eq!(due(&scope, 30, start, 9), "abcd");
    assert_eq!(earliest(&scope), Some(at(5)));
    let claim = |due_by: i64, limit: usize| {
        let claimed = store
            .write(|tx| pending::claim_due(tx, &scope, 1, (at(100), at(200)), (at(due_by), limit)));
        claimed.map(named).unwrap()
    };
    let mut first: Vec<char> = claim(20, 2).chars().collect();
    first.sort_unstable();
    assert_eq!((first, claim(19, 9), claim(20, 1)), (vec!['a', 'b'], String::new(), "c".into()));
    store.write(|tx| pending::finish(tx, &scope, &numbers[..2])).unwrap();
    let waiting = store.read(|tx| pending::among(tx, &scope, &numbers)).unwrap();
    assert_eq!(waiting, numbers[2..]);
    assert_eq!((earliest(&scope), counted(30)), (Some(at(20)), 2));
}

fn command(n: i64, cluster: i64) -> NewCommand<'static> {
    NewCommand {
        act: ActId(Digest::of(&[&n.to_le_bytes()])),
        cluster: ClusterNo(cluster),
        subscription: 1,
        payload: "{}",
        next_at: at(n),
        created_at: at(n),
    }
}

fn add(store: &Store, scope: &Scope, commands: &[NewCommand<'_>]) -> u64 {
    store.write(|tx| outbox::add(tx, scope, commands)).unwrap()
}

fn claim(store: &Store, scope: &Scope, now: i64, limit: usize) -> Vec<(i64, i64)> {
    let claimed =
        store.write(|tx| outbox::claim(tx, scope, 1, (at(now), at(now + 60)), limit)).unwrap();
    claimed.iter().map(|command| (command.id, command.cluster.0)).collect()
}

fn a_command_is_added_once_and_goes_in_order(store: &Store) {
    let scope = tenant(store, "main");
    let commands = [command(1, 7), command(2, 7), command(3, 8)];
    assert_eq!(add(store, &scope, &commands), 3);
    assert_eq!(add(store, &scope, &commands), 0, "an act is known by its id");
    assert_eq!(store.read(|tx| outbox::next_at(tx, &scope)).unwrap(), Some(at(1)));
    let first = claim(store, &scope, 10, 10);
    assert_eq!(first.iter().map(|(_, cluster)| *cluster).collect::<Vec<_>>(), [7, 8]);
    assert_eq!(claim(store, &scope, 10, 10), [], "the second of 7 waits for the first");
    let (ahead, _) = first[0];
    store.write(|tx| outbox::failed(tx, &scope, ahead, at(90), "no answer")).unwrap();
    assert_eq!(claim(store, &scope, 69, 10), [], "a failure holds up what comes after");
    store.write(|tx| outbox::delivered(tx, &scope, ahead)).unwrap();
    assert!(store.write(|tx| outbox::delivered(tx, &scope, ahead)).is_err());
    let second = claim(store, &scope, 69, 10);
    assert_eq!(second.len(), 1);
    assert!(second[0].0 > ahead);
    // The lease of 8 lapsed: whoever had it is gone.
    assert_eq!(claim(store, &scope, 71, 10), [first[1]]);
    // A worker that lives and has nothing in hand lets go of what it claimed, and of nobody else's.
    let free =
        |worker| store.write(|tx| workers::free_own_commands(tx, &scope, worker, at(72))).unwrap();
    assert_eq!((free(2), free(1), free(1)), (0, 2, 0));
    assert_eq!(claim(store, &scope, 72, 10).len(), 2);
}

fn eight_workers_share_a_queue_and_one_dies_over_it(store: &Store) {
    const WORKERS: i64 = 8;
    const MESSAGES: usize = 20_000;
    /// In seconds; what a worker says when it has begun with a batch.
    const LEASE: i64 = 5;
    let scope = tenant(store, "main");
    let shop = source_id(store, &scope, "shop");
    for half in 0..2 {
        let batch: Vec<_> =
            (0..MESSAGES / 2).map(|n| message(shop, Some(&format!("m{half}-{n}")), "x")).collect();
        store.write(|tx| messages::receive_batch(tx, &scope, &batch)).unwrap();
    }
    let clock = AtomicI64::new(1_000);
    let each_holds_a_batch = Barrier::new(WORKERS as usize);
    let work = |worker: i64| {
        let mut finished = Vec::new();
        let mut begun = false;
        loop {
            let now = clock.load(Ordering::Acquire);
            let claim = |tx: &mut Tx<'_>| {
                workers::alive(tx, worker, (at(now), at(now + LEASE)))?;
                pending::claim(tx, &scope, worker, (at(now), at(now + 600)), 97)
            };
            let claimed = store.write(claim).unwrap();
            if !begun {
                // Whoever is slow to start would else find that the others have done it all.
                begun = true;
                assert!(!claimed.is_empty(), "there is a batch for each");
                each_holds_a_batch.wait();
                if worker == 0 {
                    return finished;
                }
            }
            if claimed.is_empty() {
                // It waits, and looks whether another one has died.
                clock.fetch_add(1, Ordering::AcqRel);
                store.write(|tx| workers::free(tx, &scope, at(now))).unwrap();
                if store.read(|tx| pending::count(tx, &scope, 1)).unwrap() == 0 {
                    return finished;
                }
            }
            finished.extend(store.write(|tx| pending::finish(tx, &scope, &claimed)).unwrap());
        }
    };
    let mut finished: Vec<_> = std::thread::scope(|threads| {
        let work = &work;
        let running: Vec<_> = (0..WORKERS).map(|n| threads.spawn(move || work(n))).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(finished.len(), MESSAGES, "none is stuck");
    finished.sort_unstable();
    finished.dedup();
    assert_eq!(finished.len(), MESSAGES, "none is done twice");
}

fn two_dispatchers_never_hold_one_command(store: &Store) {
    const DISPATCHERS: usize = 4;
    let scope = tenant(store, "main");
    let commands: Vec<_> = (0..40).map(|n| command(n, n)).collect();
    add(store, &scope, &commands);
    let start = Barrier::new(DISPATCHERS);
    let take = || {
        start.wait();
        claim(store, &scope, 100, 10)
    };
    let mut taken: Vec<_> = std::thread::scope(|threads| {
        let running: Vec<_> = (0..DISPATCHERS).map(|_| threads.spawn(take)).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    taken.extend(claim(store, &scope, 100, 40));
    taken.sort_unstable();
    assert_eq!(taken.len(), 40);
    taken.dedup();
    assert_eq!(taken.len(), 40);
}

fn a_command_is_given_up_and_revived(store: &Store) {
    let scope = tenant(store, "main");
    add(store, &scope, &[command(1, 7), command(2, 7)]);
    let (first, _) = claim(store, &scope, 10, 10)[0];
    store.write(|tx| outbox::give_up(tx, &scope, first, at(11), "410 gone")).unwrap();
    let dead = store.read(|tx| outbox::list(tx, &scope, State::Dead, None, 10)).unwrap();
    assert_eq!(dead[0].last_error.as_deref(), Some("410 gone"));
    assert_eq!((dead[0].attempts, dead[0].act), (1, command(1, 7).act));
    assert_eq!(claim(store, &scope, 12, 10).len(), 1, "it does not hold up the next for ever");
    store.write(|tx| outbox::revive(tx, &scope, first, at(13))).unwrap();
    assert!(store.write(|tx| outbox::revive(tx, &scope, first, at(13))).is_err());
    assert_eq!(claim(store, &scope, 13, 10), [(first, 7)]);
}

fn changes_have_no_gaps_and_follow_commits(store: &Store) {
    const WRITERS: i64 = 4;
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let append = |writer: i64| {
        for _ in 0..10 {
            let change = NewChange {
                at: at(writer),
                cluster: None,
                kind: "pack.activated",
                object: "starter",
                summary: "{}",
            };
            store
                .write(|tx| changes::append(tx, &scope, &[change.clone(), change.clone()]))
                .unwrap();
        }
    };
    let mut seen: Vec<i64> = Vec::new();
    std::thread::scope(|threads| {
        let append = &append;
        let running: Vec<_> =
            (0..WRITERS).map(|writer| threads.spawn(move || append(writer))).collect();
        // A reader that follows while they write misses nothing.
        while seen.len() < 80 {
            let after = seen.last().copied().unwrap_or(0);
            let found = store.read(|tx| changes::between(tx, &scope, after, after + 7)).unwrap();
            seen.extend(found.iter().map(|change| change.id));
            if found.is_empty() && running.iter().all(std::thread::ScopedJoinHandle::is_finished) {
                let rest =
                    store.read(|tx| changes::between(tx, &scope, after, after + 100)).unwrap();
                seen.extend(rest.iter().map(|change| change.id));
                break;
            }
        }
    });
    assert_eq!(seen, (1..=80).collect::<Vec<_>>());
    let kept = |scope: &Scope| {
        let Kept { first, last } = store.read(|tx| changes::kept(tx, scope)).unwrap();
        (first, last)
    };
    assert_eq!((kept(&other), kept(&scope)), ((1, 0), (1, 80)));
    assert_eq!(store.write(|tx| changes::append(tx, &scope, &[])).unwrap(), 80);
    assert_eq!(store.write(|tx| changes::forget(tx, &scope, at(1_000_000), 49)).unwrap(), 49);
    assert_eq!(kept(&scope), (50, 80));
    store.write(|tx| changes::forget(tx, &scope, at(1_000_000), 49)).unwrap();
    assert_eq!(kept(&scope), (81, 80), "what was forgotten is known to have been");
}

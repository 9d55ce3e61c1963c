//! A message's receipt is the least of all its copies, whichever is committed first, and whether or not
//! it was read before the earlier one came. And nothing is known in a sandbox before it was received.

use super::harness::*;
use baton_core::id::ObjectId;
use baton_core::identifier::Identifier;
use baton_core::state::State;
use baton_core::time::Instant;
use baton_store::facts;

use crate::history::View;
use crate::intake::{Incoming, Receipt};
use crate::own_words;

/// A step of a plan.
enum Do {
    /// Send a copy that was received at this hour.
    Copy(i64),
    /// Let everything be read.
    Settle,
}
use Do::{Copy, Settle};

const EARLIEST: i64 = 3;

fn the_order() -> Identifier {
    order("shop_order", "northwind-shop", "1001")
}

fn send_copy(bench: &Bench, hour: i64) -> Receipt {
    let incoming = Incoming {
        source: bench.source("northwind-shop"),
        content_type: "application/json".into(),
        headers: Vec::new(),
        body: own_words::body(vec![reached(&the_order(), at(0, 1), "O10")]),
        own_id: Some("evt-1".into()),
        received_at: Some(at(0, hour)),
    };
    bench.engine.intake().unwrap().receive_blocking(&bench.tenant, incoming).unwrap()
}

/// The state at the end, and the receipts of the facts in force.
fn outcome(plan: &[Do]) -> (State, Vec<Instant>) {
    let bench = Bench::new();
    bench.tenant.clock.advance_to(at(1, 0));
    for step in plan {
        match step {
            Copy(hour) => drop(send_copy(&bench, *hour)),
            Settle => bench.settle(),
        }
    }
    bench.settle();
    assert_eq!(bench.verify().differences, []);
    let known = bench
        .engine
        .store()
        .read(|tx| {
            let cluster = baton_store::objects::cluster_of(
                tx,
                &bench.tenant.scope,
                ObjectId::of(&the_order()),
            )?;
            facts::load(tx, &bench.tenant.scope, &[cluster], None)
        })
        .unwrap();
    let receipts = known.into_values().flatten().map(|fact| fact.received_at).collect();
    (bench.state(&the_order()), receipts)
}

#[test]
fn the_order_in_which_copies_are_committed_is_not_seen() {
    let wanted = outcome(&[Copy(EARLIEST)]);
    assert_eq!(wanted.1, [at(0, EARLIEST)]);
    let plans: &[&[Do]] = &[
        &[Copy(3), Copy(5)],
        &[Copy(5), Copy(3)],
        &[Copy(3), Settle, Copy(5)],
        &[Copy(5), Settle, Copy(3)],
        &[Copy(5), Settle, Copy(4), Settle, Copy(3)],
        &[Copy(5), Copy(4), Settle, Copy(3), Copy(9)],
    ];
    for (n, plan) in plans.iter().enumerate() {
        assert_eq!(outcome(plan), wanted, "plan {n}");
    }
}

#[test]
fn what_was_known_before_the_earlier_copy_came_can_still_be_seen() {
    let mut bench = Bench::new();
    bench.tenant.clock.advance_to(at(1, 0));
    send_copy(&bench, 5);
    bench.settle();
    let id = ObjectId::of(&the_order());
    let before = bench.state(&the_order());
    bench.tenant.clock.advance_to(at(2, 0));
    send_copy(&bench, 3);
    bench.settle();
    bench.restart();
    let as_of = View { as_of: Some(at(1, 0)), ..View::default() };
    assert_eq!(bench.try_state(id, as_of).unwrap(), before);
}

#[test]
fn a_message_is_read_in_a_sandbox_when_its_receipt_has_come() {
    let bench = Bench::new();
    bench.tenant.clock.advance_to(at(0, 2));
    send_copy(&bench, 3);
    bench.settle();
    let id = ObjectId::of(&the_order());
    assert!(bench.try_state(id, View::default()).is_err(), "it was read an hour too early");
    bench.tenant.clock.advance_to(at(0, 3));
    bench.engine.wake();
    bench.settle();
    assert!(bench.try_state(id, View::default()).is_ok());
}

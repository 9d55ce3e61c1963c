//! Facts of one order that cannot be read any more: what comes about it goes to quarantine with the reason, and
//! all that comes beside it is recorded.

use baton_core::id::ObjectId;
use baton_core::milestone::Milestone;

use super::*;
use crate::history::View;

const ORDERS: usize = 64;

fn shop_order(n: usize) -> baton_core::identifier::Identifier {
    order("shop_order", "northwind-shop", &format!("{}", 1_000 + n))
}

/// Steps that failed while messages were recorded.
fn steps_failed(bench: &Bench) -> u32 {
    let text = bench.engine.metrics().text();
    let counts = text.lines().filter(|line| {
        line.starts_with("baton_loop_failures_total{") && line.contains("loop=\"record\"")
    });
    counts.map(|line| line.rsplit(' ').next().unwrap().parse::<u32>().unwrap()).sum()
}

#[test]
fn facts_that_cannot_be_read_stop_their_own_order_alone() {
    let damaged = [5, 40];
    let mut bench = Bench::with(quick(), baton_core::book::Rulebook::default());
    let first: Vec<MessageNo> = (0..ORDERS).map(|n| send(&bench, n, "").unwrap()).collect();
    bench.settle();
    bench.restart_damaged(&damaged.map(|n| first[n]));

    // All of them come due at once, so that they are recorded together.
    for n in 0..ORDERS {
        let progress = reached(&shop_order(n), at(1, 0), "O20");
        bench.send_at("northwind-shop", at(1, 0), vec![progress]);
    }
    bench.tenant.clock.advance_to(at(1, 0));
    bench.engine.wake();
    bench.settle();

    let scope = &bench.tenant.scope;
    let items = bench.engine.store().read(|tx| quarantine::list(tx, scope, None, None, ALL));
    let items = items.unwrap();
    assert_eq!(
        items.iter().map(|item| item.code.as_str()).collect::<Vec<_>>(),
        ["not_recorded"; 2]
    );
    let acknowledged = |n: &usize| {
        let state = bench.try_state(ObjectId::of(&shop_order(*n)), View::default());
        state.is_ok_and(|state| state.progress == Milestone::find("O20"))
    };
    let left = (0..ORDERS).filter(|n| !acknowledged(n)).collect::<Vec<_>>();
    assert_eq!(left, damaged);
    // Each of the two is found by halves: six times from 64 to one, of which the first is the same for both.
    assert_eq!(steps_failed(&bench), 1 + 2 * 6);
}

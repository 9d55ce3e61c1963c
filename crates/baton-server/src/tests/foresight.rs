//! What is derived before a step comes to what is derived within it. (That it does whatever goes wrong is
//! what the simulation shows: its undisturbed runs foresee nothing.)

use super::harness::*;
use crate::settings::Settings;
use baton_core::book::Rulebook;
use baton_core::fact::Statement;

fn bench(foreseen_messages_min: usize) -> Bench {
    let mut settings = Settings::default();
    settings.steps.foreseen_messages_min = foreseen_messages_min;
    let bench = Bench::with(settings, Rulebook::default());
    bench.tenant.clock.advance_to(at(9, 0));
    bench
}

/// How many derivations were foreseen.
fn foreseen(bench: &Bench) -> u32 {
    let text = bench.engine.metrics().text();
    let line =
        text.lines().find(|line| line.starts_with("baton_derivations_total{foreseen=\"yes\"}"));
    line.and_then(|line| line.rsplit(' ').next()).map_or(0, |count| count.parse().unwrap())
}

/// Steps of a message each; of which of them how many derivations can be foreseen.
fn check(story: &[(Vec<Statement>, u32)]) {
    let (within, before) = (bench(usize::MAX), bench(1));
    for (n, (statements, expected)) in story.iter().enumerate() {
        let known = foreseen(&before);
        for bench in [&within, &before] {
            bench.send_at("contoso-freight", at(1, n as i64), statements.clone());
            bench.settle();
        }
        assert_eq!(foreseen(&before) - known, *expected, "message {n}");
        assert_eq!(rows(&before), rows(&within), "message {n}");
    }
    assert_eq!(foreseen(&within), 0);
    assert_eq!(before.verify().differences, []);
}

/// The rows of all orders, but for when each was last changed, which is the machine's.
fn rows(bench: &Bench) -> Vec<baton_store::orders::OrderRow> {
    let mut rows = bench.orders();
    rows.sort_by_key(|row| row.id);
    rows
}

#[test]
fn what_is_known_before_is_derived_before() {
    let the_order = order("shop_order", "northwind-shop", "1001");
    let the_same = order("sales_order", "northwind-erp", "SO-7");
    let (one, two) = (shipment("TRK-1"), shipment("TRK-2"));
    check(&[
        // Neither is known.
        (vec![reached(&the_order, at(0, 1), "O10"), contains(&the_order, &one, at(0, 2))], 0),
        // The shipment, and the order above it.
        (vec![reached(&one, at(0, 3), "T10")], 2),
        // The order alone: what is below it hears nothing.
        (vec![reached(&the_order, at(0, 4), "O20")], 1),
        // The order will have another shipment, so that it is derived within; what is known of the first
        // shows nothing of that.
        (vec![contains(&the_order, &two, at(0, 5)), reached(&one, at(0, 5), "T30")], 1),
        // Both again, of which the order once.
        (vec![reached(&one, at(0, 6), "T60"), reached(&two, at(0, 6), "T10")], 3),
        // Another order, which becomes one with the first: what was foreseen of that had not heard this.
        (vec![reached(&the_same, at(0, 7), "O20")], 0),
        (vec![same(&the_same, &the_order, at(0, 8)), reached(&the_order, at(0, 8), "O30")], 0),
        (vec![reached(&the_same, at(0, 9), "T60")], 1),
    ]);
}

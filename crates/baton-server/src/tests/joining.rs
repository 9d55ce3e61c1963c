//! Facts that come before their order, and one result for every order of arrival.

use super::harness::*;
use crate::history::View;
use crate::settings::Settings;
use baton_core::book::Rulebook;
use baton_core::fact::Statement;
use baton_core::id::ObjectId;
use baton_core::identifier::Identifier;
use baton_core::milestone::Milestone;
use baton_core::state::State;
use baton_core::time::Instant;

/// A small story: shop and ERP name one order, a shipment was tracked before anything said whose it is.
fn story() -> Vec<(&'static str, Instant, Vec<Statement>)> {
    let (shop, erp, box_one) = names();
    vec![
        ("contoso-freight", at(1, 9), vec![reached(&box_one, at(1, 8), "T10")]),
        ("contoso-freight", at(2, 9), vec![reached(&box_one, at(2, 8), "T30")]),
        ("northwind-shop", at(0, 0), vec![reached(&shop, at(0, 0), "O10")]),
        ("northwind-erp", at(0, 1), vec![reached(&erp, at(0, 1), "O20")]),
        ("northwind-erp", at(0, 2), vec![same(&erp, &shop, at(0, 2))]),
        ("northwind-erp", at(1, 7), vec![contains(&erp, &box_one, at(1, 7))]),
        ("contoso-freight", at(3, 9), vec![reached(&box_one, at(3, 8), "T60")]),
    ]
}

fn names() -> (Identifier, Identifier, Identifier) {
    (
        order("shop_order", "northwind-shop", "1001"),
        order("sales_order", "northwind-erp", "SO-77"),
        shipment("TRK-1"),
    )
}

fn tell(order_of_telling: &[usize], settle_every: usize) -> (Bench, State) {
    let bench = Bench::new();
    bench.tenant.clock.advance_to(at(4, 0));
    let story = story();
    for (n, index) in order_of_telling.iter().enumerate() {
        let (source, received_at, statements) = &story[*index];
        bench.send_at(source, *received_at, statements.clone());
        if n % settle_every == settle_every - 1 {
            bench.settle();
        }
    }
    bench.settle();
    let (shop, ..) = names();
    let row = &bench.orders()[0];
    assert_eq!(bench.orders().len(), 1, "{:?}", bench.orders());
    let state = bench.try_state(row.id, View::default()).unwrap();
    assert!(state.identifiers.contains(&shop));
    (bench, state)
}

/// What the state says of the world, our own acts left out: those are due by what was known when.
fn holds(bench: &Bench, id: ObjectId) -> String {
    let view = View { without_acts: true, ..View::default() };
    let mut state = bench.try_state(id, view).unwrap();
    // When it was derived is all that arrival may change.
    (state.derived_at, state.wake_at) = (Instant::MIN, None);
    serde_json::to_string(&state).unwrap()
}

#[test]
fn facts_that_come_before_their_order_are_adopted_when_the_link_appears() {
    let (_bench, state) = tell(&[0, 1, 2, 3, 4, 5, 6], 1);
    assert_eq!(state.identifiers.len(), 2);
    assert_eq!(state.objects.len(), 1);
    assert_eq!(state.position.map(Milestone::code), Some("T60"));
}

#[test]
fn twenty_orders_of_arrival_give_one_state() {
    let (bench, state) = tell(&[2, 3, 4, 5, 0, 1, 6], 100);
    let expected = holds(&bench, state.id);
    let mut order: Vec<usize> = (0..7).collect();
    for round in 0..20_usize {
        // A shuffle that needs no chance: each round swaps along another stride.
        for n in 0..7 {
            order.swap(n, (n * (round + 2) + round) % 7);
        }
        let (bench, state) = tell(&order, 1 + round % 3);
        assert_eq!(holds(&bench, state.id), expected, "{order:?}");
        assert_eq!(bench.verify().differences, [], "{order:?}");
    }
}

#[test]
fn old_ids_lead_to_the_joined_order() {
    let bench = Bench::new();
    let (shop, erp, _) = names();
    bench.send("northwind-shop", vec![reached(&shop, at(0, 0), "O10")]);
    bench.send("northwind-erp", vec![reached(&erp, at(0, 1), "O20")]);
    bench.settle();
    assert_eq!(bench.orders().len(), 2);
    bench.send("northwind-erp", vec![same(&erp, &shop, at(0, 2))]);
    bench.settle();
    assert_eq!(bench.orders().len(), 1);
    let joined = bench.orders()[0].id;
    for name in [&shop, &erp] {
        assert_eq!(bench.state(name).id, joined);
    }
    assert_eq!(bench.verify().differences, []);
}

#[test]
fn many_subjects_in_one_step_each_see_all_that_they_reach() {
    let mut settings = Settings::default();
    settings.steps.descendants_max = 3;
    let bench = Bench::with(settings, Rulebook::default());
    let mut statements = Vec::new();
    for n in 0..12 {
        let shop = order("shop_order", "northwind-shop", &format!("{}", 1_000 + n));
        statements.push(reached(&shop, at(0, 0), "O10"));
        for m in 0..3 {
            let parcel = shipment(&format!("TRK-{n}-{m}"));
            statements.push(contains(&shop, &parcel, at(0, 1)));
            statements.push(reached(&parcel, at(0, 2), "T10"));
        }
    }
    bench.send("northwind-shop", statements);
    bench.settle();
    for row in bench.orders() {
        let state = bench.try_state(row.id, View::default()).unwrap();
        assert_eq!((state.objects.len(), row.position.as_deref()), (3, Some("T10")));
        assert_eq!(state.limit_reached, None);
    }
    assert_eq!(bench.verify().differences, []);
    // One more than may be: said, and the same whoever derives it.
    let shop = order("shop_order", "northwind-shop", "1000");
    bench.send("northwind-shop", vec![contains(&shop, &shipment("TRK-0-3"), at(0, 3))]);
    bench.settle();
    assert!(bench.state(&shop).limit_reached.is_some());
    assert_eq!(bench.verify().differences, []);
}

#[test]
fn what_is_beyond_a_bound_is_done_in_steps_of_its_own() {
    let mut settings = Settings::default();
    settings.steps.ancestors_max = 2;
    settings.steps.derive_clusters_max = 4;
    settings.steps.wake_max = 3;
    let bench = Bench::with(settings, Rulebook::default());
    let truck = shipment("TRUCK");
    let orders: Vec<_> =
        (0..15).map(|n| order("shop_order", "northwind-shop", &format!("{}", 1_000 + n))).collect();
    let mut statements = Vec::new();
    for shop in &orders {
        statements.push(reached(shop, at(0, 0), "O10"));
        statements.push(contains(shop, &truck, at(0, 1)));
    }
    bench.send("northwind-shop", statements);
    bench.settle();
    bench.send("contoso-freight", vec![reached(&truck, at(1, 0), "T20")]);
    bench.settle();
    let rows = bench.orders();
    assert_eq!(rows.len(), 15);
    assert!(rows.iter().all(|row| row.position.as_deref() == Some("T20")), "{rows:?}");
    assert_eq!(bench.verify().differences, []);
}

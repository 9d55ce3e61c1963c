//! The world as its users see it: the same bytes for the same seed, in order, resumable, and true to
//! itself.

use std::collections::BTreeMap;

use baton_core::time::{Duration, Instant};
use baton_sim::{Config, FaultRates, SOURCES, Sent, World};

fn world(seed: u64, orders: u64) -> World {
    World::new(Config::test(seed, orders).with_faults(FaultRates::all()))
}

#[test]
fn same_seed_same_messages_and_another_seed_others() {
    let stream = |seed| world(seed, 200).messages().collect::<Vec<Sent>>();
    assert_eq!(stream(7), stream(7));
    assert_ne!(stream(7), stream(8));
}

#[test]
fn the_stream_is_sorted_and_holds_exactly_what_the_truth_counts() {
    let world = world(3, 600);
    let sent: Vec<Sent> = world.messages().collect();
    assert!(sent.is_sorted_by_key(|message| message.send_at));
    let truth = world.truth();
    assert_eq!(sent.len() as u64, truth.messages);
    assert_eq!(truth.orders.len(), 600);
    assert!(sent.iter().all(|message| SOURCES.iter().any(|s| s.key == message.source)));
}

#[test]
fn a_stream_begun_again_goes_on_as_the_first_would_have() {
    let config = Config { orders: 60, days: 10, ..Config::test(5, 60) };
    let world = World::new(config.with_faults(FaultRates::all()));
    let start_at = world.config().start_at;
    let whole: Vec<Sent> = world
        .endless_from(Instant::MIN)
        .take_while(|m| m.send_at < start_at + Duration::days(130))
        .collect();
    for days in [0, 1, 9, 40, 125] {
        let from = start_at + Duration::days(days) + Duration::minutes(77);
        let end = from + Duration::days(4);
        let expected = whole.iter().filter(|m| m.send_at >= from && m.send_at < end);
        let resumed = world.endless_from(from).take_while(|m| m.send_at < end);
        assert!(expected.cloned().eq(resumed), "resumed after {days} days");
    }
}

#[test]
fn the_endless_stream_begins_as_the_finite_one() {
    let world = world(11, 150);
    let cut = world.config().start_at + Duration::days(5);
    let finite = world.messages().take_while(|m| m.send_at < cut);
    let endless = world.endless_from(Instant::MIN).take_while(|m| m.send_at < cut);
    assert!(finite.eq(endless));
}

#[test]
fn quantities_add_up_and_instants_follow_each_other() {
    for order in world(13, 1_000).truth().orders {
        for line in &order.lines {
            assert_eq!(line.ordered, line.shipped + line.cancelled + line.open, "{order:?}");
            assert!(line.delivered <= line.shipped && line.invoiced <= line.delivered);
            assert!(line.confirmed <= line.ordered && line.ordered > 0);
        }
        let at = |code| order.milestones.iter().find(|(c, _)| *c == code).map(|(_, at)| *at);
        for (before, after) in [
            ("O10", "O20"),
            ("O20", "O30"),
            ("O30", "T10"),
            ("T10", "T60"),
            ("B10", "B40"),
            ("S20", "S50"),
        ] {
            if let (Some(before), Some(after)) = (at(before), at(after)) {
                assert!(before < after, "{order:?}");
            }
        }
    }
}

#[test]
fn no_message_outlives_the_life_of_its_order() {
    let config = Config::test(17, 30).with_faults(FaultRates::all());
    let start_at = config.start_at;
    let limit = start_at + Duration::days(i64::try_from(baton_sim::LIFE_DAYS_MAX).unwrap());
    assert_eq!(config.days, 1);
    for seed in 0..60 {
        let world = World::new(Config { seed, ..config.clone() });
        let last = world.messages().last().map(|m| m.send_at);
        assert!(last < Some(limit), "seed {seed}: {last:?}");
        let first = world.messages().next().map(|m| m.send_at);
        assert!(first >= Some(start_at - Duration::seconds(1)));
    }
}

#[test]
fn the_demo_has_its_size() {
    let world = World::new(Config::demo(1));
    let mut by_source: BTreeMap<String, u64> = BTreeMap::new();
    for message in world.messages() {
        *by_source.entry(message.source.to_string()).or_default() += 1;
    }
    let an_order = by_source.values().sum::<u64>() as f64 / 2_000.0;
    assert!((12.0..=16.0).contains(&an_order), "{an_order} messages an order: {by_source:?}");
    let end = world.config().start_at + Duration::days(60);
    let played = world.messages().take_while(|m| m.send_at < end).count() as f64 / 2_000.0;
    assert!((10.0..=15.0).contains(&played), "{played} messages an order within the 60 days");
}

#[test]
fn a_number_names_one_order_but_for_what_orders_share() {
    let mut named: BTreeMap<(&str, String), u64> = BTreeMap::new();
    for order in world(19, 3_000).truth().orders {
        for name in order.identifiers {
            *named.entry(name).or_default() += 1;
        }
    }
    let shared: BTreeMap<&str, u64> = named
        .iter()
        .filter(|(_, orders)| **orders > 1)
        .map(|((scheme, _), orders)| (*scheme, *orders))
        .collect();
    let schemes: Vec<&str> = shared.into_keys().collect();
    assert_eq!(schemes, ["asn", "bol", "invoice", "sscc", "tracking"]);
}

//! More of the traps that other people's systems fell into: repeats, tolerances and bounds.

mod story;

use baton_core::derive::FACTS_PER_SUBJECT_MAX;
use baton_core::fact::{Body, Measure};
use baton_core::time::{Duration, Happened};
use story::book::book;
use story::*;

fn ordered(s: &mut Story, quantity: i64) {
    s.reached("shop", po("P1"), "O10", "2026-03-02T09:00");
    let line = line(po("P1"), "shop", "1", "A");
    s.amount("shop", line, (Measure::Ordered, quantity), None, "2026-03-02T09:00");
}

#[test]
fn trap_4_the_same_told_twice_at_one_instant_counts_once() {
    let (mut once, mut twice) = (Story::default(), Story::default());
    ordered(&mut once, 10);
    ordered(&mut twice, 10);
    ordered(&mut twice, 10);
    let state = |s: &Story| s.state(&po("P1"), &book(), "2026-03-03");
    assert_eq!(state(&twice), state(&once));
}

#[test]
fn trap_6_several_events_of_one_change_say_it_once() {
    let mut s = Story::default();
    ordered(&mut s, 10);
    // The same change, told again under other numbers and seconds later.
    for minute in 1..5 {
        let later = at("2026-03-02T09:00") + Duration::minutes(minute);
        let told = line(po("P1"), "shop", "1", "A");
        let body = Body::Amount {
            measure: Measure::Ordered,
            quantity: baton_core::amount::Quantity { value: 10.into(), unit: "EA".into() },
            via: None,
        };
        s.say_late("shop", told, Happened::at(at("2026-03-02T09:00")), body, later);
    }
    let state = s.state(&po("P1"), &book(), "2026-03-03");
    assert_eq!(state.lines[0].balance.ordered, 10.into());
    assert_eq!(state.facts, 2);
}

#[test]
fn trap_25_a_tolerance_is_of_the_sum_of_many_small_parts() {
    let mut book = book();
    book.rules = serde_json::from_value(serde_json::json!([{ "code": "E-FUL-04", "on": "order",
        "detect": { "differs": { "measure": "shipped", "from": "ordered", "direction": "either",
            "tolerance_percent": 5 } } }]))
    .unwrap();
    let shipped = |parts: i64| {
        let mut s = Story::default();
        ordered(&mut s, 100);
        for part in 0..parts {
            let about = line(po("P1"), "oem", "1", "A");
            let via = package(&format!("T{part}"));
            s.contains("oem", po("P1"), via.clone(), "2026-03-03T10:00");
            s.amount("oem", about, (Measure::Shipped, 1), Some(via), "2026-03-03T10:00");
        }
        open(&s.state(&po("P1"), &book, "2026-03-04")).contains(&"E-FUL-04")
    };
    for (parts, differs) in [(94, true), (95, false), (105, false), (106, true)] {
        assert_eq!(shipped(parts), differs, "{parts} of 100");
    }
}

#[test]
fn trap_26_a_history_beyond_its_bound_is_said_and_still_derived() {
    let mut s = Story::default();
    ordered(&mut s, 10);
    for n in 0..FACTS_PER_SUBJECT_MAX {
        let when = Happened::at(at("2026-03-02T10:00") + Duration::seconds(n as i64));
        s.say("shop", po("P1"), when, Body::Noted { text: n.to_string().into() });
    }
    let state = s.state(&po("P1"), &book(), "2026-03-09");
    assert!(state.limit_reached.is_some_and(|told| told.contains("10002 facts")));
    assert_eq!(state.lines[0].balance.ordered, 10.into());
}

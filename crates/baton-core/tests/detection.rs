//! What rules about absence, lateness and differences find, and what they must not: each case is one
//! that a run of the sample world once had wrong.

mod story;

use baton_core::book::Rulebook;
use baton_core::fact::{Body, Classifier, Field, Measure, Value};
use baton_core::partner::SourceInfo;
use baton_core::time::{Duration, Happened};
use serde_json::json;
use story::book::book;
use story::*;

/// An order of ten of A, promised for the 10th.
fn promised() -> Story {
    let mut s = Story::default();
    s.reached("shop", po("P1"), "O10", "2026-03-02T09:00");
    let ordered = line(po("P1"), "shop", "1", "A");
    s.amount("shop", ordered, (Measure::Ordered, 10), None, "2026-03-02T09:00");
    let promise = ("T60", Classifier::Promised);
    s.due("erp", po("P1"), promise, day("2026-03-10"), "2026-03-02T10:00");
    s.reached("oem", po("P1"), "O20", "2026-03-02T11:00");
    s
}

/// So many of A leave in a package, which is advised and picked up.
fn ships(s: &mut Story, tracking: &str, quantity: i64, when: &str) {
    s.contains("oem", po("P1"), package(tracking), when);
    let shipped = line(po("P1"), "oem", "1", "A");
    s.amount("oem", shipped, (Measure::Shipped, quantity), Some(package(tracking)), when);
    s.reached("oem", package(tracking), "F60", when);
    s.reached("parcel", package(tracking), "T10", when);
}

fn postcode(s: &mut Story, source: &str, of: baton_core::identifier::Identifier, code: &str) {
    let body = Body::Stated { field: Field::ShipToPostcode, value: Value::Text(code.into()) };
    s.say(source, of, Happened::at(at("2026-03-02T09:30")), body);
}

fn with_rules(rules: serde_json::Value) -> Rulebook {
    Rulebook { rules: serde_json::from_value(rules).unwrap(), ..book() }
}

#[test]
fn a_part_that_came_late_is_late_whatever_becomes_of_the_rest() {
    let mut s = promised();
    ships(&mut s, "T1", 6, "2026-03-09T10:00");
    ships(&mut s, "T2", 4, "2026-03-09T10:00");
    s.reached("parcel", package("T1"), "T60", "2026-03-11T10:00");
    assert!(open(&s.state(&po("P1"), &book(), "2026-03-12")).contains(&"E-TRN-22"));
}

#[test]
fn early_is_what_was_confirmed_and_not_a_part_of_it() {
    let mut s = promised();
    let confirmed = line(po("P1"), "oem", "1", "A");
    s.amount("oem", confirmed, (Measure::Confirmed, 6), None, "2026-03-02T11:00");
    ships(&mut s, "T1", 4, "2026-03-04T10:00");
    s.reached("parcel", package("T1"), "T60", "2026-03-05T10:00");
    assert!(!open(&s.state(&po("P1"), &book(), "2026-03-06")).contains(&"E-TRN-23"));
    ships(&mut s, "T2", 2, "2026-03-05T11:00");
    s.reached("parcel", package("T2"), "T60", "2026-03-06T10:00");
    assert!(open(&s.state(&po("P1"), &book(), "2026-03-07")).contains(&"E-TRN-23"));
}

#[test]
fn a_leg_to_a_dock_at_another_postcode_delivers_nothing_of_the_order() {
    let mut s = promised();
    ships(&mut s, "T1", 10, "2026-03-04T10:00");
    s.reached("parcel", package("T1"), "T60", "2026-03-05T10:00");
    let looks_whole = s.state(&po("P1"), &book(), "2026-03-06");
    assert!(open(&looks_whole).contains(&"E-TRN-23"));
    postcode(&mut s, "shop", po("P1"), "97204");
    postcode(&mut s, "oem", package("T1"), "38103");
    let state = s.state(&po("P1"), &book(), "2026-03-06");
    assert!(!open(&state).contains(&"E-TRN-23"), "{:?}", open(&state));
    assert_eq!(state.phase, baton_core::state::Phase::Shipped);
}

#[test]
fn the_longer_form_of_a_postcode_is_the_same_place() {
    let mut s = promised();
    ships(&mut s, "T1", 10, "2026-03-04T10:00");
    s.reached("parcel", package("T1"), "T60", "2026-03-09T10:00");
    postcode(&mut s, "shop", po("P1"), "97204");
    postcode(&mut s, "oem", package("T1"), "97204-1234");
    let state = s.state(&po("P1"), &book(), "2026-03-10");
    assert_eq!(state.phase, baton_core::state::Phase::Delivered);
}

#[test]
fn a_paper_does_not_break_a_silence() {
    let mut s = promised();
    s.contains("oem", po("P1"), package("T1"), "2026-03-04T10:00");
    s.reached("parcel", package("T1"), "T10", "2026-03-04T10:00");
    s.reached("oem", package("T1"), "F60", "2026-03-04T11:00");
    assert!(open(&s.state(&package("T1"), &book(), "2026-03-07")).contains(&"E-TRN-05"));
}

#[test]
fn a_stamp_from_the_future_neither_ends_a_silence_nor_begins_one_after_the_delivery() {
    let mut s = promised();
    s.contains("oem", po("P1"), package("T1"), "2026-03-04T10:00");
    s.reached("oem", package("T1"), "F60", "2026-03-04T10:00");
    s.reached("parcel", package("T1"), "T10", "2026-03-04T10:00");
    let ahead = Happened::at(at("2026-03-08T10:00"));
    let scanned = progress("T30", Classifier::Actual, None);
    s.say_late("parcel", package("T1"), ahead, scanned, at("2026-03-05T10:00"));
    let silent = s.state(&package("T1"), &book(), "2026-03-08");
    assert!(open(&silent).contains(&"E-TRN-05"), "{:?}", open(&silent));
    s.reached("parcel", package("T1"), "T60", "2026-03-05T15:00");
    s.reached("parcel", package("T1"), "T65", "2026-03-05T16:00");
    let state = s.state(&package("T1"), &book(), "2026-03-15");
    assert!(!open(&state).contains(&"E-TRN-05"), "{:?}", open(&state));
}

#[test]
fn what_may_have_ended_before_is_not_called_silent() {
    let mut s = promised();
    s.contains("oem", po("P1"), package("T1"), "2026-03-04T10:00");
    let scanned = progress("T50", Classifier::Actual, None);
    let delivered = progress("T60", Classifier::Actual, None);
    let unknown = |text| Happened::at(at(text)).zone_unknown();
    s.say_late(
        "parcel",
        package("T1"),
        unknown("2026-03-05T09:00"),
        scanned,
        at("2026-03-05T09:01"),
    );
    s.say_late(
        "parcel",
        package("T1"),
        unknown("2026-03-05T08:00"),
        delivered,
        at("2026-03-05T12:00"),
    );
    let state = s.state(&package("T1"), &book(), "2026-03-15");
    assert!(!open(&state).contains(&"E-TRN-05"), "{:?}", open(&state));
}

#[test]
fn nobody_owes_an_advice_of_a_parcel_that_belongs_to_no_order() {
    let book = with_rules(json!([{ "code": "E-FUL-03", "on": "package",
        "detect": { "overdue": { "from": [{"reached": "T10"}, {"reached": "T30"}], "given": ["matched"],
            "within": "4h", "until": [{"reached": "F60"}], "by": "receipt", "awaits": "oem" } } }]));
    let mut s = promised();
    s.reached("parcel", package("T1"), "T10", "2026-03-04T10:00");
    assert!(!open(&s.state(&package("T1"), &book, "2026-03-05")).contains(&"E-FUL-03"));
    s.contains("oem", po("P1"), package("T1"), "2026-03-06T10:00");
    assert!(open(&s.state(&package("T1"), &book, "2026-03-07")).contains(&"E-FUL-03"));
}

#[test]
fn absence_is_shown_only_once_each_who_might_have_told_was_heard() {
    let book = with_rules(json!([{ "code": "E-FUL-03", "on": "package",
        "detect": { "overdue": { "from": [{"reached": "T10"}], "within": "4h",
            "until": [{"reached": "F60"}], "by": "receipt", "awaits": ["oem", "seller"] } } }]));
    let mut s = promised();
    s.contains("shop", po("P1"), package("T1"), "2026-03-04T10:00");
    s.reached("parcel", package("T1"), "T10", "2026-03-04T10:00");
    let heard = |key: &str, text: &str| {
        let until = |s: SourceInfo| match s.key == key {
            true => {
                SourceInfo { heard_at: Some(at(text)), silent_after: Some(Duration::hours(1)), ..s }
            }
            false => s,
        };
        let sources: Vec<SourceInfo> = sources().into_iter().map(until).collect();
        open(&state_of(&s.facts, &package("T1"), &book, &sources, at("2026-03-05")))
            .contains(&"E-FUL-03")
    };
    assert!(!heard("erp", "2026-03-04T10:00"), "the seller was silent when it was due");
    assert!(!heard("oem", "2026-03-04T10:00"), "the maker was silent when it was due");
    assert!(heard("erp", "2026-03-04T15:00"));
}

#[test]
fn a_duty_is_done_at_its_first_word_and_not_undone_by_the_next() {
    let book = with_rules(json!([{ "code": "E-TRN-02", "on": "package",
        "detect": { "overdue": {
            "from": [{"due": {"milestone": "T10", "classifier": "estimated"}}], "within": "4h",
            "until": [{"reached": "T10"}, {"reached": "T30"}], "by": "receipt", "awaits": "carrier" } } }]));
    let mut s = promised();
    s.contains("oem", po("P1"), package("T1"), "2026-03-04T08:00");
    let planned = ("T10", Classifier::Estimated);
    s.due(
        "parcel",
        package("T1"),
        planned,
        Happened::at(at("2026-03-04T15:00")),
        "2026-03-04T09:00",
    );
    s.reached("parcel", package("T1"), "T30", "2026-03-05T03:00");
    let cleared = |s: &Story| {
        let state = s.state(&package("T1"), &book, "2026-03-09");
        let acts: Vec<_> = state.due_acts.iter().map(|act| (act.act, act.due_at)).collect();
        assert_eq!(acts.len(), 2, "{acts:?}");
        acts
    };
    let once = cleared(&s);
    s.reached("parcel", package("T1"), "T30", "2026-03-06T03:00");
    s.reached("parcel", package("T1"), "T30", "2026-03-07T03:00");
    assert_eq!(cleared(&s), once);
}

#[test]
fn a_partial_is_no_difference_before_the_goods_are_advised() {
    let book = with_rules(json!([{ "code": "E-FUL-04", "on": "order", "for": "4h",
        "detect": { "differs": { "measure": "shipped", "from": "ordered", "direction": "either",
            "once": "F60" } } }]));
    let mut s = promised();
    let shipped = line(po("P1"), "oem", "1", "A");
    s.amount(
        "oem",
        shipped.clone(),
        (Measure::Shipped, 4),
        Some(package("T1")),
        "2026-03-04T10:00",
    );
    s.amount("oem", shipped, (Measure::Shipped, 6), Some(package("T2")), "2026-03-04T15:00");
    s.reached("oem", po("P1"), "F60", "2026-03-04T15:00");
    let state = s.state(&po("P1"), &book, "2026-03-09");
    assert!(state.due_acts.is_empty(), "{:?}", state.due_acts);
}

#[test]
fn a_difference_begins_once_both_sides_have_spoken() {
    let mut s = Story::default();
    s.reached("shop", po("P1"), "O10", "2026-03-02T09:00");
    // Confirmed on a day without a time: said at the latest when it was received.
    let confirmed = Body::Amount {
        measure: Measure::Confirmed,
        quantity: baton_core::amount::Quantity { value: 4.into(), unit: "EA".into() },
        via: None,
    };
    let about = line(po("P1"), "oem", "1", "A");
    s.say_late("oem", about, day("2026-03-02"), confirmed, at("2026-03-02T18:00"));
    let ordered = line(po("P1"), "shop", "1", "A");
    s.amount("shop", ordered, (Measure::Ordered, 10), None, "2026-03-02T09:00");
    let state = s.state(&po("P1"), &book(), "2026-03-04");
    let announced: Vec<_> =
        state.due_acts.iter().filter(|a| a.code.code() == "E-ORD-03").map(|a| a.due_at).collect();
    assert_eq!(announced, [at("2026-03-02T18:00")]);
}

#[test]
fn what_was_delivered_is_billed_whatever_is_still_to_come() {
    let book = with_rules(json!([{ "code": "E-FIN-01", "on": "order",
        "detect": { "overdue": { "from": ["latest_delivery"], "within": "5d",
            "until": [{"reached": "B10"}], "by": "receipt", "awaits": "finance" } } }]));
    let mut s = promised();
    ships(&mut s, "T1", 6, "2026-03-04T10:00");
    s.reached("parcel", package("T1"), "T60", "2026-03-05T10:00");
    assert!(!open(&s.state(&po("P1"), &book, "2026-03-10")).contains(&"E-FIN-01"));
    assert!(open(&s.state(&po("P1"), &book, "2026-03-11")).contains(&"E-FIN-01"));
}

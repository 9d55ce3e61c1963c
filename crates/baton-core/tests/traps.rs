//! The traps that other people's systems fell into, each with the thread that tells of it in its name.

mod story;

use baton_core::fact::{Body, Classifier, Field, LinkClass, Measure, Presence, Signal};
use baton_core::milestone::Milestone;
use baton_core::partner::Role;
use baton_core::state::{ExceptionStatus, HandoffStage, Kept, Phase};
use baton_core::time::{Duration, Happened};
use story::book::book;
use story::*;

fn placed() -> Story {
    let mut s = Story::default();
    s.reached("shop", po("P1"), "O10", "2026-03-02T09:00");
    s.amount(
        "shop",
        line(po("P1"), "shop", "1", "A"),
        (Measure::Ordered, 10),
        None,
        "2026-03-02T09:00",
    );
    s
}

fn shipped() -> Story {
    let mut s = placed();
    s.reached("oem", po("P1"), "O20", "2026-03-02T10:00");
    s.contains("oem", po("P1"), package("T1"), "2026-03-03T10:00");
    s.amount(
        "oem",
        line(po("P1"), "oem", "1", "A"),
        (Measure::Shipped, 10),
        Some(package("T1")),
        "2026-03-03T10:00",
    );
    s.reached("oem", package("T1"), "F60", "2026-03-03T10:00");
    s.reached("parcel", package("T1"), "T10", "2026-03-03T16:00");
    s
}

#[test]
fn trap_1_updated_may_come_before_created() {
    let s = shipped();
    let forward = s.state(&po("P1"), &book(), "2026-03-10");
    let mut reversed = s.clone();
    reversed.facts.reverse();
    assert_eq!(forward, reversed.state(&po("P1"), &book(), "2026-03-10"));
}

#[test]
fn trap_2_facts_before_their_order_are_adopted_when_the_link_comes() {
    let mut s = Story::default();
    s.reached("parcel", package("T1"), "T60", "2026-03-05T10:00");
    s.reached("oem", po("P1"), "O20", "2026-03-01T10:00");
    let parked = s.state(&package("T1"), &book(), "2026-03-07");
    assert_eq!(open(&parked), ["E-DAT-01", "E-TRN-24"]);
    s.reached("shop", shop_order("1001"), "O10", "2026-03-01T09:00");
    s.same("erp", shop_order("1001"), po("P1"), LinkClass::DeclaredKey, "2026-03-08T10:00");
    s.contains("oem", po("P1"), package("T1"), "2026-03-02T10:00");
    let state = s.state(&shop_order("1001"), &book(), "2026-03-09");
    assert_eq!(
        state.id,
        baton_core::id::ObjectId::of(&shop_order("1001")),
        "the shop's name ranks higher"
    );
    assert_eq!(state.identifiers.len(), 2);
    assert_eq!(state.phase, Phase::Delivered);
}

#[test]
fn trap_7_and_9_a_late_webhook_does_not_overwrite_a_later_event() {
    let mut s = shipped();
    s.reached("parcel", package("T1"), "T60", "2026-03-05T10:00");
    // Received days after, happened before: the older event does not win by arriving later.
    let body = progress("T25", Classifier::Actual, None);
    let when = Happened::at(at("2026-03-04T10:00"));
    s.say_late("parcel", package("T1"), when, body, at("2026-03-08"));
    let state = s.state(&po("P1"), &book(), "2026-03-09");
    assert_eq!(state.phase, Phase::Delivered);
    assert_eq!(state.position.map(Milestone::code), Some("T60"));
}

#[test]
fn an_event_after_a_terminal_milestone_disputes_it() {
    let mut s = shipped();
    s.reached("parcel", package("T1"), "T60", "2026-03-05T10:00");
    s.reached("parcel", package("T1"), "T50", "2026-03-06T10:00");
    let state = s.state(&po("P1"), &book(), "2026-03-09");
    assert_eq!(state.phase, Phase::Disputed);
}

#[test]
fn trap_11_a_stamp_without_a_zone_is_neither_late_nor_early_where_it_spans_the_limit() {
    for (hour, kept, opened) in [
        ("2026-03-05T23:30", Kept::CannotTell, vec![]),
        ("2026-03-05T02:00", Kept::OnTime, vec![]),
        ("2026-03-07T20:00", Kept::Late, vec!["E-TRN-22"]),
    ] {
        let mut s = shipped();
        s.due(
            "erp",
            po("P1"),
            ("T60", Classifier::Promised),
            day("2026-03-05"),
            "2026-03-02T12:00",
        );
        let when = Happened::at(at(hour)).zone_unknown();
        s.say("parcel", package("T1"), when, progress("T60", Classifier::Actual, None));
        s.reached("parcel", package("T1"), "T65", "2026-03-07T21:00");
        let state = s.state(&po("P1"), &book(), "2026-03-09");
        assert_eq!(state.promise.kept, kept, "{hour}");
        assert_eq!(open(&state), opened, "{hour}");
    }
}

#[test]
fn trap_12_almost_all_is_not_all() {
    let mut s = placed();
    s.contains("oem", po("P1"), package("T1"), "2026-03-03T10:00");
    let shipped = rust_decimal::Decimal::new(9_999_996, 6);
    let quantity = baton_core::amount::Quantity { value: shipped, unit: "EA".into() };
    let body =
        Body::Amount { measure: Measure::Shipped, quantity, via: Some(Box::new(package("T1"))) };
    s.say("oem", line(po("P1"), "oem", "1", "A"), Happened::at(at("2026-03-03T10:00")), body);
    s.reached("parcel", package("T1"), "T60", "2026-03-05T10:00");
    let state = s.state(&po("P1"), &book(), "2026-03-09");
    assert_eq!(state.phase, Phase::PartlyDelivered);
    assert_eq!(state.lines[0].balance.open.to_string(), "0.000004");
}

#[test]
fn trap_13_a_failed_delivery_after_shipping_is_said_and_is_not_delivered() {
    let mut s = shipped();
    s.reached("parcel", package("T1"), "T58", "2026-03-05T10:00");
    s.trouble("parcel", package("T1"), "E-TRN-15", Signal::Raised, "2026-03-05T10:00");
    let order = s.state(&po("P1"), &book(), "2026-03-05T12:00");
    assert_eq!(order.phase, Phase::Shipped);
    assert_eq!(order.position.map(Milestone::code), Some("T58"));
    assert_eq!(order.objects[0].exceptions.iter().filter(|e| e.status.is_open()).count(), 1);
}

#[test]
fn trap_14_promises_are_per_line_and_versioned_and_the_whole_is_promised_for_its_last() {
    let mut s = placed();
    let a = || line(po("P1"), "erp", "10", "A");
    let b = || line(po("P1"), "erp", "20", "B");
    s.due("erp", a(), ("T60", Classifier::Promised), day("2026-03-05"), "2026-03-02T10:00");
    s.due("erp", b(), ("T60", Classifier::Promised), day("2026-03-09"), "2026-03-02T10:00");
    s.due("erp", a(), ("T60", Classifier::Promised), day("2026-03-12"), "2026-03-04T10:00");
    let ledger = s.state(&po("P1"), &book(), "2026-03-05").promise;
    assert_eq!(ledger.versions.len(), 3);
    assert_eq!(ledger.first, Some(day("2026-03-09")));
    assert_eq!(ledger.current, Some(day("2026-03-12")));
}

#[test]
fn trap_15_17_18_a_clock_runs_in_working_time_pauses_and_stops() {
    // Ordered on Friday at 16:00: eight working hours are over on Monday at 16:00.
    let mut s = Story::default();
    s.reached("shop", po("P1"), "O10", "2026-03-06T15:59");
    let open_at =
        |s: &Story, now: &str| open(&s.state(&po("P1"), &book(), now)).contains(&"E-ORD-01");
    assert!(!open_at(&s, "2026-03-08T12:00"), "not on Sunday");
    assert!(!open_at(&s, "2026-03-09T15:59"));
    assert!(open_at(&s, "2026-03-09T16:00"));
    // A credit hold of Monday's first two hours moves it by two hours.
    s.trouble("ledger", po("P1"), "E-ORD-07", Signal::Raised, "2026-03-09T08:00");
    s.trouble("ledger", po("P1"), "E-ORD-07", Signal::Cleared, "2026-03-09T10:00");
    assert!(!open_at(&s, "2026-03-09T16:30"));
    assert!(open_at(&s, "2026-03-10T09:00"));
    // It does not run on after it was stopped.
    s.reached("oem", po("P1"), "O20", "2026-03-09T15:00");
    assert!(!open_at(&s, "2026-03-20T09:00"));
}

#[test]
fn trap_24_flapping_is_one_exception_and_a_later_silence_another_occurrence() {
    let mut s = shipped();
    for when in ["2026-03-05T17:00", "2026-03-15T16:00", "2026-03-16T09:00"] {
        s.reached("parcel", package("T1"), "T25", when);
    }
    let state = s.state(&package("T1"), &book(), "2026-03-17T00:00");
    let silent: Vec<_> = state.exceptions.iter().filter(|e| e.code.code() == "E-TRN-05").collect();
    assert_eq!(silent.len(), 1, "one identity");
    assert!(matches!(silent[0].status, ExceptionStatus::Cleared { .. }));
    let acts: Vec<_> = state.due_acts.iter().filter(|a| a.code.code() == "E-TRN-05").collect();
    assert_eq!(acts.len(), 4, "announced and cleared, twice: {acts:?}");
}

#[test]
fn a_package_that_left_its_shipment_is_not_delivered_with_it() {
    let mut s = placed();
    s.contains("oem", po("P1"), shipment("S1"), "2026-03-03T10:00");
    s.contains("oem", shipment("S1"), package("T1"), "2026-03-03T10:00");
    s.contains("oem", shipment("S1"), package("T2"), "2026-03-03T10:00");
    for (tracking, amount) in [("T1", 4), ("T2", 6)] {
        let l = line(po("P1"), "oem", "1", "A");
        s.amount("oem", l, (Measure::Shipped, amount), Some(package(tracking)), "2026-03-03T10:00");
    }
    s.related("parcel", shipment("S1"), package("T2"), Presence::Removed, "2026-03-08T10:00");
    s.reached("parcel", shipment("S1"), "T60", "2026-03-10T10:00");
    let state = s.state(&po("P1"), &book(), "2026-03-12");
    assert_eq!(state.phase, Phase::PartlyDelivered);
    let delivered: Vec<bool> = state.lines[0].carried_by.iter().map(|c| c.delivered).collect();
    assert_eq!(delivered.iter().filter(|d| **d).count(), 1);
}

#[test]
fn cancelled_after_shipping_is_trouble_and_not_cancelled() {
    let mut s = shipped();
    s.reached("shop", po("P1"), "O90", "2026-03-04T10:00");
    let state = s.state(&po("P1"), &book(), "2026-03-04T12:00");
    assert_eq!(state.phase, Phase::Shipped);
    assert!(open(&state).contains(&"E-ORD-06"));
}

#[test]
fn released_and_not_received_is_a_custody_gap_until_it_is() {
    let mut s = placed();
    s.contains("oem", po("P1"), package("T1"), "2026-03-03T10:00");
    s.reached("oem", package("T1"), "F60", "2026-03-03T10:00");
    let gap =
        |s: &Story, now: &str| open(&s.state(&package("T1"), &book(), now)).contains(&"E-TRN-27");
    assert!(!gap(&s, "2026-03-03T21:59"));
    assert!(gap(&s, "2026-03-03T22:00"));
    s.reached("parcel", package("T1"), "T10", "2026-03-04T08:00");
    assert!(!gap(&s, "2026-03-04T09:00"));
    let state = s.state(&po("P1"), &book(), "2026-03-04T09:00");
    let h4 = state.handoffs.iter().find(|h| h.name == "H4").unwrap();
    assert!(matches!(h4.stage, HandoffStage::Reconciled { .. }));
    assert_eq!(state.holder.unwrap().role, baton_core::partner::Role::Carrier);
}

#[test]
fn absence_is_not_provable_while_the_source_that_would_tell_is_silent() {
    let mut s = placed();
    s.contains("oem", po("P1"), package("T1"), "2026-03-03T10:00");
    s.reached("oem", package("T1"), "F60", "2026-03-03T10:00");
    for (heard, expected) in [("2026-03-05T00:00", true), ("2026-03-01T00:00", false)] {
        let mut feeds = sources();
        feeds[3].heard_at = Some(at(heard));
        let state = state_of(&s.facts, &package("T1"), &book(), &feeds, at("2026-03-06"));
        let ghost = state.exceptions.iter().find(|e| e.code.code() == "E-FUL-06").unwrap();
        assert_eq!(ghost.status.is_open(), expected, "heard at {heard}: {:?}", ghost.status);
        assert_eq!(matches!(ghost.status, ExceptionStatus::NotProvable { .. }), !expected);
    }
}

#[test]
fn a_stamp_from_the_future_is_flagged_and_freezes_nothing() {
    let mut s = shipped();
    let body = progress("T60", Classifier::Actual, None);
    s.say_late("parcel", package("T1"), Happened::at(at("2027-03-05")), body, at("2026-03-04"));
    s.reached("parcel", package("T1"), "T30", "2026-03-05T10:00");
    let state = s.state(&package("T1"), &book(), "2026-03-05T12:00");
    assert_eq!(state.position.map(Milestone::code), Some("T30"));
    assert!(open(&state).contains(&"E-DAT-07"));
}

#[test]
fn a_retraction_reaches_its_own_source_only() {
    let mut s = shipped();
    s.reached("parcel", package("T1"), "T60", "2026-03-05T10:00");
    let body = Body::Retracted { milestone: Some(code("T60")), classifier: None };
    let mut other = s.clone();
    s.say("parcel", package("T1"), Happened::at(at("2026-03-05T11:00")), body.clone());
    other.say("shop", package("T1"), Happened::at(at("2026-03-05T11:00")), body);
    assert_eq!(s.state(&po("P1"), &book(), "2026-03-06").phase, Phase::Shipped);
    assert_eq!(other.state(&po("P1"), &book(), "2026-03-06").phase, Phase::Delivered);
}

#[test]
fn a_clash_suspends_the_weakest_link_whichever_came_first() {
    let mut s = Story::default();
    s.reached("shop", shop_order("1001"), "O10", "2026-03-02T09:00");
    s.reached("shop", shop_order("1002"), "O10", "2026-03-02T09:00");
    s.same("erp", po("P1"), shop_order("1001"), LinkClass::DeclaredKey, "2026-03-02T10:00");
    s.same("oem", po("P1"), shop_order("1002"), LinkClass::Reference, "2026-03-01T10:00");
    let first = s.state(&shop_order("1001"), &book(), "2026-03-02T12:00");
    let second = s.state(&shop_order("1002"), &book(), "2026-03-02T12:00");
    assert_eq!((first.identifiers.len(), second.identifiers.len()), (2, 1));
    assert!(open(&first).contains(&"E-DAT-02") && open(&second).contains(&"E-DAT-02"));
    // A person settles it.
    let apart = Body::Apart { other: shop_order("1002") };
    s.say("person:ada", po("P1"), Happened::at(at("2026-03-02T13:00")), apart);
    let settled = s.state(&shop_order("1001"), &book(), "2026-03-02T14:00");
    assert!(!open(&settled).contains(&"E-DAT-02"));
}

#[test]
fn placeholders_never_link() {
    let mut s = Story::default();
    for (order, reference) in [("1001", "N/A"), ("1002", "N/A"), ("1003", "0000"), ("1004", "0000")]
    {
        s.reached("shop", shop_order(order), "O10", "2026-03-02T09:00");
        s.same("erp", shop_order(order), po(reference), LinkClass::DeclaredKey, "2026-03-02T10:00");
    }
    for order in ["1001", "1002", "1003", "1004"] {
        assert_eq!(s.state(&shop_order(order), &book(), "2026-03-03").identifiers.len(), 1);
    }
}

#[test]
fn a_number_that_is_used_again_names_another_object() {
    let mut s = shipped();
    s.reached("parcel", package("T1"), "T60", "2026-03-05T10:00");
    s.reached("shop", po("P2"), "O10", "2026-08-01T09:00");
    s.contains("oem", po("P2"), package("T1"), "2026-08-02T10:00");
    s.reached("parcel", package("T1"), "T10", "2026-08-03T10:00");
    assert_eq!(s.state(&po("P1"), &book(), "2026-08-04").phase, Phase::Delivered);
    let second = s.state(&po("P2"), &book(), "2026-08-04");
    assert_eq!(second.objects[0].progress.map(Milestone::code), Some("T10"));
}

#[test]
fn price_and_quantity_mismatches_have_a_beginning_and_an_end() {
    let mut s = placed();
    let l = || line(po("P1"), "oem", "1", "A");
    s.price("erp", l(), Field::Price, 1000, "2026-03-02T09:30");
    s.price("oem", l(), Field::Price, 1100, "2026-03-02T11:00");
    s.amount("oem", l(), (Measure::Confirmed, 8), None, "2026-03-02T11:00");
    s.reached("oem", po("P1"), "O20", "2026-03-02T11:00");
    assert_eq!(open(&s.state(&po("P1"), &book(), "2026-03-02T12:00")), ["E-ORD-03", "E-ORD-04"]);
    s.price("oem", l(), Field::Price, 1000, "2026-03-03T11:00");
    s.amount("oem", l(), (Measure::Confirmed, 10), None, "2026-03-03T11:00");
    let state = s.state(&po("P1"), &book(), "2026-03-03T12:00");
    assert!(open(&state).is_empty());
    let cleared = |e: &&baton_core::state::ExceptionState| {
        matches!(e.status, ExceptionStatus::Cleared { .. })
    };
    assert_eq!(state.exceptions.iter().filter(cleared).count(), 2);
}

#[test]
fn contradictory_sources_are_settled_by_authority_and_shown() {
    let mut s = placed();
    s.amount(
        "erp",
        line(po("P1"), "erp", "10", "A"),
        (Measure::Ordered, 11),
        None,
        "2026-03-02T10:00",
    );
    let state = s.state(&po("P1"), &book(), "2026-03-02T12:00");
    assert_eq!(state.lines.len(), 1, "one line in two numberings");
    assert_eq!(state.lines[0].balance.ordered.to_string(), "10");
    assert_eq!(state.contradictions.len(), 1);
    assert!(open(&state).contains(&"E-DAT-09"));
}

#[test]
fn an_announcement_that_a_late_fact_disproves_is_withdrawn() {
    let mut s = placed();
    s.contains("oem", po("P1"), package("T1"), "2026-03-03T10:00");
    s.reached("oem", package("T1"), "F60", "2026-03-03T10:00");
    let state = s.state(&package("T1"), &book(), "2026-03-04T11:00");
    for due in &state.due_acts {
        let when = Happened::at(due.due_at);
        s.say("baton", package("T1"), when, baton_core::exceptions::acted(due));
    }
    assert!(s.state(&package("T1"), &book(), "2026-03-04T11:00").due_acts.is_empty(), "said once");
    let body = progress("T10", Classifier::Actual, None);
    let when = Happened::at(at("2026-03-03T12:00"));
    s.say_late("parcel", package("T1"), when, body, at("2026-03-04T12:00"));
    let after = s.state(&package("T1"), &book(), "2026-03-04T12:00");
    let withdrawn = after.due_acts.iter().filter(|a| a.act == baton_core::fact::Act::Withdrawn);
    assert_eq!(withdrawn.count(), state.due_acts.len());
    assert!(after.exceptions.iter().all(|e| e.status == ExceptionStatus::Disproved));
}

#[test]
fn a_milestone_that_no_live_source_can_report_does_not_apply() {
    let state = shipped().state(&po("P1"), &book(), "2026-03-04");
    assert_eq!(state.not_applicable.iter().map(|m| m.code()).collect::<Vec<_>>(), ["T70"]);
}

#[test]
fn charged_lateness_sums_to_the_lateness() {
    let mut s = placed();
    s.due("erp", po("P1"), ("T60", Classifier::Promised), day("2026-03-04"), "2026-03-02T10:00");
    s.contains("oem", po("P1"), package("T1"), "2026-03-03T10:00");
    s.reached("oem", po("P1"), "O20", "2026-03-03T09:00");
    s.amount(
        "oem",
        line(po("P1"), "oem", "1", "A"),
        (Measure::Shipped, 10),
        Some(package("T1")),
        "2026-03-03T10:00",
    );
    s.reached("oem", package("T1"), "F60", "2026-03-03T10:00");
    s.reached("parcel", package("T1"), "T10", "2026-03-07T09:00");
    s.reached("parcel", package("T1"), "T60", "2026-03-08T09:00");
    let state = s.state(&po("P1"), &book(), "2026-03-10");
    let late = state.promise.late_by.unwrap();
    assert_eq!(late, Duration::days(3) + Duration::hours(9) + Duration::seconds(1));
    let charged: i64 = state.liability.iter().map(|c| c.minutes).sum();
    assert_eq!(charged, late.whole_minutes(), "{:?}", state.liability);
}

#[test]
fn what_kept_a_holder_is_charged_to_whom_the_hand_off_names() {
    let mut s = placed();
    s.due("erp", po("P1"), ("T60", Classifier::Promised), day("2026-03-04"), "2026-03-02T10:00");
    s.trouble("ledger", po("P1"), "E-ORD-07", Signal::Raised, "2026-03-02T12:00");
    s.trouble("ledger", po("P1"), "E-ORD-07", Signal::Cleared, "2026-03-04T12:00");
    s.reached("oem", po("P1"), "O20", "2026-03-04T17:00");
    s.contains("oem", po("P1"), package("T1"), "2026-03-04T18:00");
    let shipped = line(po("P1"), "oem", "1", "A");
    s.amount("oem", shipped, (Measure::Shipped, 10), Some(package("T1")), "2026-03-04T18:00");
    s.reached("oem", package("T1"), "F60", "2026-03-05T10:00");
    s.reached("parcel", package("T1"), "T10", "2026-03-05T12:00");
    // Of another parcel, which was there in time: it made nobody late.
    s.contains("oem", po("P1"), package("T2"), "2026-03-04T18:00");
    s.reached("parcel", package("T2"), "T60", "2026-03-05T12:00");
    s.trouble("parcel", package("T2"), "E-TRN-29", Signal::Raised, "2026-03-05T12:00");
    s.reached("parcel", package("T1"), "T60", "2026-03-07T09:00");
    let state = s.state(&po("P1"), &book(), "2026-03-10");
    let finance: Vec<_> = state.liability.iter().filter(|c| c.role == Role::Finance).collect();
    let [charge] = finance.as_slice() else { panic!("{:?}", state.liability) };
    assert_eq!((charge.cause.as_deref(), charge.minutes), (Some("order.credit_hold"), 48 * 60));
    assert!(state.liability.iter().all(|c| c.role != Role::Customer), "{:?}", state.liability);
    let charged: i64 = state.liability.iter().map(|c| c.minutes).sum();
    assert_eq!(charged, state.promise.late_by.unwrap().whole_minutes(), "{:?}", state.liability);
}

#[test]
fn trap_16_a_changed_target_forgets_no_pause() {
    let mut book = book();
    let sla = book.slas.first_mut().unwrap();
    sla.changes = vec![
        serde_json::from_value(serde_json::json!({ "from": "2026-03-03", "target": "6h" }))
            .unwrap(),
    ];
    let mut s = placed();
    s.trouble("ledger", po("P1"), "E-ORD-07", Signal::Raised, "2026-03-02T10:00");
    s.trouble("ledger", po("P1"), "E-ORD-07", Signal::Cleared, "2026-03-03T09:00");
    let clock = |s: &Story, now| s.state(&po("P1"), &book, now).clocks.remove(0);
    // Placed at 09:00 and held from 10:00 to 09:00 of the next day: one hour of eight is used.
    let before = clock(&s, "2026-03-02T12:00");
    assert_eq!(before.target, Duration::hours(8));
    let after = clock(&s, "2026-03-03T10:00");
    assert_eq!(after.target, Duration::hours(6));
    // Five more from 09:00, with an hour for lunch.
    assert_eq!(after.clock.due_at.to_string(), at("2026-03-03T15:01").to_string());
    // Who starts after the change has the new target from the first.
    let mut late = Story::default();
    late.reached("shop", po("P2"), "O10", "2026-03-04T08:00");
    let fresh = late.state(&po("P2"), &book, "2026-03-04T09:00").clocks.remove(0);
    assert_eq!((fresh.target, fresh.clock.targets.len()), (Duration::hours(6), 1));
}

#[test]
fn one_release_is_a_hand_off_to_the_taker_who_plays() {
    let mut book = book();
    let journey = book.journeys.first_mut().unwrap();
    let mut twin = journey.handoffs.iter().find(|h| h.name == "H2").unwrap().clone();
    twin.name = "H2-stock".into();
    twin.to = baton_core::partner::Role::Distributor;
    twin.received.iter_mut().for_each(|e| e.by = Some(twin.to));
    journey.handoffs.push(twin);
    let state = shipped().state(&po("P1"), &book, "2026-03-04");
    let to_supplier: Vec<_> =
        state.handoffs.iter().map(|h| h.name.as_str()).filter(|n| n.starts_with("H2")).collect();
    assert_eq!(to_supplier, ["H2"], "the distributor has no part in it");
}

#[test]
fn who_delivers_what_an_order_reaches_takes_part_in_the_order() {
    let mut s = placed();
    let takes_part = |s: &Story| {
        let state = s.state(&po("P1"), &book(), "2026-03-06T12:00");
        state.partners.iter().any(|p| p.role == Role::Carrier && p.partner == "parcel")
    };
    s.reached("parcel", package("T1"), "T10", "2026-03-05T10:00");
    assert!(!takes_part(&s), "nothing says yet that the package is of the order");
    s.contains("oem", po("P1"), package("T1"), "2026-03-04T10:00");
    assert!(takes_part(&s));
}

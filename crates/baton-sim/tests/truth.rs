//! What the truth expects: every fault leaves its trace, a faultless world leaves none, and each kind
//! of exception that the rules can find occurs.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::time::Instant;
use baton_sim::{Config, ExpectedException, Fault, FaultRates, Found, Truth, World, judge};

fn truth(faults: FaultRates, seed: u64, orders: u64) -> Truth {
    World::new(Config::test(seed, orders).with_faults(faults)).truth()
}

fn certain(truth: &Truth) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for expected in truth.expected.iter().filter(|e| e.deducible_at.is_some()) {
        *counts.entry(expected.code.code()).or_default() += 1;
    }
    counts
}

#[test]
fn a_faultless_world_has_no_exceptions_but_silence_at_its_end() {
    let truth = truth(FaultRates::none(), 31, 1_500);
    let expected: Vec<&ExpectedException> = truth
        .expected
        .iter()
        .filter(|e| e.code.code() != "E-DAT-08" && e.deducible_at.is_some())
        .collect();
    assert_eq!(expected, Vec::<&ExpectedException>::new());
    assert_eq!((truth.quarantine.len(), truth.repeats, truth.lost), (0, 0, 0));
}

/// What a fault alone must show, often, and what it may show besides.
const TRACES: &[(Fault, &str, &[&str])] = &[
    (Fault::AckLate, "E-ORD-01", &[]),
    (Fault::AckMissing, "E-ORD-01", &[]),
    (Fault::AckQuantity, "E-ORD-03", &[]),
    (Fault::AckPrice, "E-ORD-04", &[]),
    (Fault::Rejected, "E-ORD-02", &[]),
    (Fault::Backordered, "E-SUP-01", &[]),
    (Fault::CreditHold, "E-ORD-07", &[]),
    (Fault::AsnMissing, "E-FUL-03", &[]),
    (Fault::AsnLate, "E-FUL-03", &[]),
    (Fault::AsnQuantity, "E-FUL-04", &[]),
    (Fault::ShortShipment, "E-FUL-04", &[]),
    // Of two boxes one may be a ghost, and the advice then tells of the other only.
    (Fault::GhostLabel, "E-FUL-06", &["E-TRN-04", "E-TRN-22", "E-FUL-03", "E-FUL-04"]),
    (Fault::PickupMissed, "E-TRN-02", &["E-TRN-04", "E-TRN-22"]),
    (Fault::CustodyGap, "E-TRN-27", &["E-FUL-06", "E-TRN-02", "E-TRN-04", "E-TRN-22"]),
    (Fault::CarrierSilent, "E-TRN-05", &["E-TRN-04", "E-TRN-22"]),
    (Fault::DeliveredLate, "E-TRN-22", &["E-TRN-04"]),
    (Fault::DeliveredEarly, "E-TRN-23", &[]),
    (Fault::EstimateLate, "E-TRN-04", &[]),
    (Fault::PodMissing, "E-TRN-24", &[]),
    (Fault::CancelledAfterCommit, "E-ORD-06", &[]),
    (Fault::CancelledAfterShip, "E-ORD-06", &[]),
    (Fault::InvoiceMissing, "E-FIN-01", &[]),
    (Fault::ContradictoryQuantity, "E-DAT-09", &[]),
    (Fault::ContradictoryDate, "E-DAT-09", &[]),
    // A scan that nobody understands may have been the only one in two days.
    (Fault::UnmappedCode, "E-DAT-04", &["E-TRN-05"]),
    (Fault::ClockSkew, "E-DAT-07", &[]),
    (Fault::Orphan, "E-DAT-01", &[]),
    (Fault::FeedSilent, "E-DAT-08", &[]),
    (Fault::NoZone, "E-DAT-08", &[]),
    (Fault::Placeholder, "E-DAT-08", &[]),
    (Fault::Doubled, "E-DAT-08", &[]),
    (Fault::DoubledWithoutId, "E-DAT-08", &[]),
    (Fault::MalformedX12, "E-DAT-08", &[]),
];

#[test]
fn each_fault_alone_shows_what_it_must_and_nothing_that_it_cannot() {
    for (fault, must, may) in TRACES {
        let counts = certain(&truth(FaultRates::none().with(*fault, 0.5), 33, 200));
        assert!(counts.get(must).is_some_and(|n| *n > 5), "{fault:?}: {counts:?}");
        // Feeds fall silent when a small world comes to its end.
        let known = |code: &str| code == *must || code == "E-DAT-08" || may.contains(&code);
        assert!(counts.keys().all(|code| known(code)), "{fault:?}: {counts:?}");
    }
}

#[test]
fn faults_of_the_way_show_in_the_counts() {
    let rates = FaultRates::none();
    let count = |fault| truth(rates.clone().with(fault, 0.5), 35, 200);
    assert!(count(Fault::Lost).lost > 50);
    assert!(count(Fault::Doubled).repeats > 50);
    assert!(count(Fault::DoubledWithoutId).repeats > 50);
    assert!(count(Fault::MalformedJson).quarantine.len() > 50);
    assert!(count(Fault::MalformedX12).quarantine.len() > 50);
    let plain = World::new(Config::test(35, 200).with_faults(rates.clone()));
    for fault in [Fault::Reordered, Fault::Placeholder, Fault::NoZone] {
        let other = World::new(Config::test(35, 200).with_faults(rates.clone().with(fault, 0.5)));
        assert!(!plain.messages().eq(other.messages()), "{fault:?} changes nothing");
    }
}

#[test]
fn every_kind_occurs_in_the_demo() {
    let truth = World::new(Config::demo(1)).truth();
    let kinds: BTreeSet<&str> = certain(&truth).into_keys().collect();
    let wanted = [
        "E-DAT-01", "E-DAT-04", "E-DAT-07", "E-DAT-08", "E-DAT-09", "E-FIN-01", "E-FUL-03",
        "E-FUL-04", "E-FUL-06", "E-ORD-01", "E-ORD-02", "E-ORD-03", "E-ORD-04", "E-ORD-06",
        "E-ORD-07", "E-SUP-01", "E-TRN-02", "E-TRN-04", "E-TRN-05", "E-TRN-22", "E-TRN-23",
        "E-TRN-24", "E-TRN-27",
    ];
    assert_eq!(kinds, wanted.into_iter().collect());
    assert!(truth.lost > 0 && truth.repeats > 0);
    for fault in Fault::ALL.iter().filter(|fault| **fault != Fault::FeedSilent) {
        let struck = truth.orders.iter().filter(|o| o.faults.contains(fault)).count();
        assert!(struck > 1, "{fault:?} strikes {struck} of 2,000 orders");
    }
    let reasons: BTreeSet<&str> = truth.quarantine.iter().map(|q| q.reason).collect();
    assert_eq!(reasons.len(), 2);
}

#[test]
fn spans_are_sound_and_nothing_is_known_after_it_ended() {
    let truth = truth(FaultRates::all(), 37, 1_000);
    for expected in &truth.expected {
        assert!(!expected.object.is_empty());
        if let (Some(known), Some(until)) = (expected.deducible_at, expected.until) {
            assert!(known < until, "{expected:?}");
        }
        assert!(expected.deducible_at.is_none_or(|at| at >= expected.from), "{expected:?}");
    }
}

#[test]
fn whoever_finds_what_is_certain_is_judged_perfect() {
    let truth = truth(FaultRates::all(), 39, 1_000);
    let found: Vec<Found> = truth
        .expected
        .iter()
        .filter_map(|e| {
            Some(Found {
                code: e.code.code().to_owned(),
                identifiers: vec![e.object.first()?.clone()],
                opened_at: e.deducible_at?,
                closed_at: e.until,
            })
        })
        .collect();
    let judged = judge(&truth.expected, &found);
    let total = judged.total();
    assert_eq!((total.recall_per_mille(), total.precision_per_mille()), (Some(1_000), Some(1_000)));
    assert!(judged.missed.is_empty() && judged.false_alarms.is_empty());
    let nothing = Found {
        code: "E-TRN-05".to_owned(),
        identifiers: vec!["TSP000".to_owned()],
        opened_at: Instant::MIN,
        closed_at: None,
    };
    assert_eq!(judge(&truth.expected, &[nothing]).total().false_alarms, 1);
}

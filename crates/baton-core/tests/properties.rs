//! What must be true of every set of facts, tried on thousands of random stories.
//!
//! A story is drawn from what partners of one small world can say: two order numbers, a shipment, two
//! packages, an invoice, at random instants of thirty days, by any source, received whenever.

mod story;

use baton_core::book::Rulebook;
use baton_core::derive::derive;
use baton_core::exceptions::acted;
use baton_core::fact::{
    Body, Classifier, Detail, Fact, Field, LinkClass, Measure, Place, Presence, Relation, Signal,
    Statement, Value,
};
use baton_core::id::MessageNo;
use baton_core::identifier::{About, Identifier};
use baton_core::known::Known;
use baton_core::state::State;
use baton_core::time::{Duration, Happened, Instant};
use baton_core::verdict::{Ground, Side, Verdict};
use proptest::prelude::*;
use story::book::book;
use story::*;

const CASES: u32 = 2_000;

fn instant() -> impl Strategy<Value = Instant> {
    // Quarter hours of thirty days.
    (0i64..30 * 96).prop_map(|n| at("2026-03-02") + Duration::minutes(15 * n))
}

fn happened() -> impl Strategy<Value = Happened> {
    (instant(), 0u8..5).prop_map(|(at, kind)| match kind {
        0 => Happened::at(at).zone_unknown(),
        1 => Happened { latest: at + Duration::hours(20), ..Happened::at(at) },
        _ => Happened::at(at),
    })
}

fn object() -> impl Strategy<Value = Identifier> {
    prop_oneof![
        3 => Just(po("P1")),
        1 => Just(po("P2")),
        2 => Just(shop_order("1001")),
        1 => Just(shipment("S1")),
        2 => Just(package("T1")),
        2 => Just(package("T2")),
    ]
}

fn about_line() -> impl Strategy<Value = About> {
    let order = prop_oneof![2 => Just(po("P1")), 1 => Just(shop_order("1001"))];
    (order, prop::sample::select(vec!["shop", "erp", "oem"]), 1..3u8).prop_map(
        |(order, numbering, n)| {
            let sku = if n == 1 { "A" } else { "B" };
            line(order, numbering, &n.to_string(), sku)
        },
    )
}

fn body() -> impl Strategy<Value = (About, Body)> {
    let milestones = vec![
        "O10", "O20", "O30", "O90", "F60", "T10", "T25", "T30", "T50", "T58", "T60", "T65", "B40",
    ];
    let classifiers = vec![
        Classifier::Actual,
        Classifier::Actual,
        Classifier::Promised,
        Classifier::Estimated,
        Classifier::Planned,
    ];
    let progress =
        (object(), prop::sample::select(milestones), prop::sample::select(classifiers), happened())
            .prop_map(|(object, m, classifier, due)| {
                let due = (classifier != Classifier::Actual).then_some(due);
                (object.into(), progress(m, classifier, due))
            });
    let measures = vec![
        Measure::Ordered,
        Measure::Confirmed,
        Measure::Shipped,
        Measure::Cancelled,
        Measure::Delivered,
    ];
    let via = prop::option::of(prop_oneof![
        Just(package("T1")),
        Just(package("T2")),
        Just(shipment("S1"))
    ]);
    let amount = (about_line(), prop::sample::select(measures), 0i64..20, via).prop_map(
        |(about, measure, n, via)| {
            let quantity = baton_core::amount::Quantity { value: n.into(), unit: "EA".into() };
            (about, Body::Amount { measure, quantity, via: via.map(Box::new) })
        },
    );
    let relation = (
        prop::sample::select(vec![po("P1"), po("P2"), shop_order("1001"), shipment("S1")]),
        prop::sample::select(vec![package("T1"), package("T2"), shipment("S1")]),
        any::<bool>(),
    )
        .prop_map(|(parent, child, added)| {
            let presence = if added { Presence::Added } else { Presence::Removed };
            (parent.into(), Body::Related { relation: Relation::Contains, child, presence })
        });
    let link = (prop::sample::select(vec![po("P1"), po("P2")]), 0u8..4).prop_map(|(one, class)| {
        let other = shop_order("1001");
        let body = match class {
            0 => Body::Apart { other },
            1 => Body::Same { other, class: LinkClass::Person },
            2 => Body::Same { other, class: LinkClass::DeclaredKey },
            _ => Body::Same { other, class: LinkClass::Reference },
        };
        (one.into(), body)
    });
    let price = (about_line(), 0i64..3).prop_map(|(about, cents)| {
        let money = baton_core::amount::Money { amount: cents.into(), currency: "USD".into() };
        (about, Body::Stated { field: Field::Price, value: Value::Money(money) })
    });
    let trouble =
        (object(), prop::sample::select(vec!["E-ORD-07", "E-SUP-01", "E-TRN-15"]), any::<bool>())
            .prop_map(|(object, code, raised)| {
                let signal = if raised { Signal::Raised } else { Signal::Cleared };
                (
                    object.into(),
                    Body::Trouble { exception: exception(code), signal, detail: Detail::default() },
                )
            });
    let retraction = object().prop_map(|o| {
        (o.into(), Body::Retracted { milestone: Some(code("T60")), classifier: None })
    });
    prop_oneof![6 => progress, 4 => amount, 3 => relation, 2 => link, 1 => price, 2 => trouble, 1 => retraction,
        2 => judged()]
}

fn judged() -> impl Strategy<Value = (About, Body)> {
    let side = prop::sample::select(vec![Side::Giver, Side::Taker]);
    let ground = prop::sample::select(vec![Ground::Custody, Ground::Time, Ground::Quantity]);
    let about = prop::sample::select(vec![package("T1"), package("T2"), po("P1")]);
    let handoff = prop::sample::select(vec!["H2", "H4"]);
    let at = prop::option::of(happened());
    (about, handoff, side, ground, at, 0u8..4).prop_map(|(about, handoff, side, ground, at, n)| {
        let verdict = match n {
            0 => Verdict::Accepted { side, at },
            1 => Verdict::Settled,
            _ => Verdict::Disputed { side, ground, instead: "else".into(), at },
        };
        let (handoff, verdict) = (handoff.into(), Box::new(verdict));
        (about.into(), Body::Judged { handoff, verdict, reason: "seen".into() })
    })
}

fn fact() -> impl Strategy<Value = Vec<Fact>> {
    let source = prop::sample::select(vec![
        "shop",
        "erp",
        "oem",
        "parcel",
        "ledger",
        "person:ada",
        "person:parcel:ines",
        "person:oem:tom",
    ]);
    (source, body(), happened(), 0i64..200, 1i64..40).prop_map(
        |(source, (about, body), when, late, message)| {
            let received_at = when.latest + Duration::minutes(15 * late);
            let statement = Statement { about, happened: when, body, place: Place::None };
            let number = MessageNo(message);
            let all = statement.mirrored().into_iter().chain([statement]);
            all.map(|s| Fact::new(s, &source.into(), number, received_at, received_at)).collect()
        },
    )
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    prop::collection::vec(fact(), 1..25).prop_map(|f| f.into_iter().flatten().collect())
}

/// The states of everything that the facts name.
fn states(facts: &[Fact], book: &Rulebook, now: Instant) -> Vec<State> {
    let sources = sources();
    let known = Known::new(facts, &[], &sources, book);
    let mut states: Vec<State> = known.roots().iter().map(|r| derive(&known, *r, now)).collect();
    states.sort_by_key(|s| s.id);
    states
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_and_repetition_of_arrival_change_nothing(
        facts in facts(),
        (order, repeats) in (any::<u64>(), 1usize..4),
        now in instant(),
    ) {
        let book = book();
        let expected = states(&facts, &book, now);
        let mut arrived: Vec<Fact> = facts.iter().cycle().take(facts.len() * repeats).cloned().collect();
        // A seeded shuffle.
        let mut seed = order | 1;
        for n in (1..arrived.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            arrived.swap(n, (seed >> 33) as usize % (n + 1));
        }
        prop_assert_eq!(states(&arrived, &book, now), expected);
    }

    #[test]
    fn between_facts_a_state_changes_only_when_it_said_so(facts in facts(), now in instant(), share in 0i64..1000) {
        let book = book();
        for before in states(&facts, &book, now) {
            let until = before.wake_at.unwrap_or(Instant::MAX).min(now + Duration::days(400));
            let length = until.since(now).micros();
            if length <= 1 {
                continue;
            }
            let later = now + Duration::from_micros((length - 1) / 1000 * share);
            let after = states(&facts, &book, later).into_iter().find(|s| s.id == before.id);
            let same = State { derived_at: now, ..after.unwrap() };
            prop_assert_eq!(same, before);
        }
    }

    #[test]
    fn quantities_add_up(facts in facts(), now in instant()) {
        for state in states(&facts, &book(), now) {
            for line in &state.lines {
                let b = line.balance;
                prop_assert_eq!(b.ordered + b.over, b.shipped + b.cancelled + b.open + b.unexplained);
                for part in [b.over, b.shipped, b.cancelled, b.open, b.unexplained] {
                    prop_assert!(part >= rust_decimal::Decimal::ZERO);
                }
            }
        }
    }

    #[test]
    fn what_is_charged_of_a_late_delivery_is_its_lateness(
        taken in 0..200_i64, left in 0..200_i64, scanned in proptest::option::of(0..200_i64),
        delivered in 150..300_i64, promised in 0..250_i64,
        troubles in proptest::collection::vec((0..3usize, any::<bool>(), 0..300_i64), 0..8),
    ) {
        let hour = |n: i64| Happened::at(at("2026-03-02") + Duration::hours(n));
        let (order, parcel) = (po("P1"), package("T1"));
        let reached = |milestone| progress(milestone, Classifier::Actual, None);
        let mut story = Story::default();
        story.say("shop", order.clone(), hour(0), reached("O10"));
        story.say("erp", order.clone(), hour(0), progress("T60", Classifier::Promised, Some(hour(promised))));
        story.say("oem", order.clone(), hour(taken), reached("O20"));
        story.contains("oem", order.clone(), parcel.clone(), "2026-03-02");
        story.say("oem", parcel.clone(), hour(left), reached("F60"));
        if let Some(scanned) = scanned {
            story.say("parcel", parcel.clone(), hour(scanned), reached("T10"));
        }
        story.say("parcel", parcel.clone(), hour(delivered), reached("T60"));
        // Holds and delays, raised and taken back or not, about the order and about the parcel.
        for (which, raised, when) in troubles {
            let (source, object, code) = [
                ("ledger", &order, "E-ORD-07"), ("parcel", &parcel, "E-TRN-29"), ("erp", &order, "E-TRN-30"),
            ][which];
            let signal = if raised { Signal::Raised } else { Signal::Cleared };
            let body = Body::Trouble { exception: exception(code), signal, detail: Detail::default() };
            story.say(source, object.clone(), hour(when), body);
        }
        let state = story.state(&order, &book(), "2026-04-01");
        let charged: i64 = state.liability.iter().map(|c| c.minutes).sum();
        prop_assert_eq!(charged, 60 * (delivered - promised).max(0), "{:?}", state.liability);
        // What is charged for a trouble is charged to whom the hand-off names, never to the holder.
        for charge in state.liability.iter().filter(|c| c.cause.is_some()) {
            prop_assert!(matches!(charge.role.name(), "finance" | "customer" | "seller"), "{charge:?}");
        }
    }

    #[test]
    fn every_fact_is_about_one_subject_and_counted_once(facts in facts(), repeats in 1usize..3) {
        let (book, sources) = (book(), sources());
        let told: Vec<Fact> = facts.iter().cycle().take(facts.len() * repeats).cloned().collect();
        let mut distinct: Vec<_> = facts.iter().map(|fact| fact.id).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let known = Known::new(&told, &[], &sources, &book);
        let mut found: Vec<_> =
            known.roots().iter().flat_map(|root| known.about(*root)).map(|fact| fact.id).collect();
        found.sort_unstable();
        prop_assert_eq!(found, distinct);
    }

    #[test]
    fn what_is_due_is_said_once_and_then_no_more(facts in facts(), now in instant()) {
        let book = book();
        let mut told = facts;
        for state in states(&told, &book, now) {
            for due in &state.due_acts {
                let statement = Statement {
                    about: state.name.clone().into(),
                    happened: Happened::at(due.due_at),
                    body: acted(due),
                    place: Place::None,
                };
                told.push(Fact::new(statement, &"baton".into(), MessageNo(-1), now, now));
            }
        }
        for state in states(&told, &book, now) {
            prop_assert!(state.due_acts.is_empty(), "{:?}", state.due_acts);
        }
    }

    #[test]
    fn one_exception_an_identity(facts in facts(), now in instant()) {
        for state in states(&facts, &book(), now) {
            let mut ids: Vec<_> = state.exceptions.iter().map(|e| e.id).collect();
            ids.sort_unstable();
            let count = ids.len();
            ids.dedup();
            prop_assert_eq!(ids.len(), count);
        }
    }

    #[test]
    fn a_fact_is_stored_and_read_back_as_it_was(facts in facts()) {
        for fact in facts {
            let bytes = rmp_serde::to_vec(&(&fact.about, &fact.happened, &fact.body)).unwrap();
            let (about, happened, body): (About, Happened, Body) = rmp_serde::from_slice(&bytes).unwrap();
            prop_assert_eq!((about, happened, body), (fact.about.clone(), fact.happened, fact.body.clone()));
            let json = serde_json::to_string(&fact).unwrap();
            prop_assert_eq!(serde_json::from_str::<Fact>(&json).unwrap(), fact);
        }
    }
}

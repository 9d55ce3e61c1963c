//! The commercial side of a group: placed, booked, perhaps held, ordered at the supplier, answered.

use baton_core::time::{Duration, Instant};

use super::{Acknowledgement, Answer, Group, Line, Order, Route, Share};
use crate::calendar::{self, OFFICE, SUPPLIER, SUPPLIER_ZONE};
use crate::cast::{CUSTOMERS, Customer, PLACES, PRODUCTS, Place};
use crate::chance::Chance;
use crate::config::{Fault, FaultRates, FaultSet};
use crate::expectations;

/// Faults of which an order has at most one, because each changes its whole course; the first wins.
const COURSES: &[Fault] = &[
    Fault::Rejected,
    Fault::CancelledAfterCommit,
    Fault::AckQuantity,
    Fault::AckPrice,
    Fault::Backordered,
    Fault::ShortShipment,
];
/// The same for the way of the goods.
const WAYS: &[Fault] = &[
    Fault::GhostLabel,
    Fault::CustodyGap,
    Fault::PickupMissed,
    Fault::CarrierSilent,
    Fault::DeliveredLate,
    Fault::DeliveredEarly,
    Fault::EstimateLate,
];
const ADVICES: &[Fault] = &[Fault::AsnMissing, Fault::AsnLate, Fault::AsnQuantity];
const ACKNOWLEDGEMENTS: &[Fault] = &[Fault::AckMissing, Fault::AckLate];

pub(super) fn place(
    chance: &mut Chance,
    rates: &FaultRates,
    first: u64,
    count: usize,
    day_starts_at: Instant,
) -> Group {
    let share = match (count, chance.between(0, 2)) {
        (..=1, _) => Share::Nothing,
        (_, 0) => Share::Truck,
        (_, 1) => Share::Advice,
        _ => Share::Invoice,
    };
    let route = route(chance, share);
    let whom = (chance.pick(CUSTOMERS), chance.pick(PLACES));
    let orders = (first..)
        .take(count)
        .map(|number| {
            let faults = draw(chance, rates, route, share);
            order(chance, number, (faults, route), whom, day_starts_at)
        })
        .collect();
    Group {
        share,
        orders,
        consignments: Vec::new(),
        advices: Vec::new(),
        invoices: Vec::new(),
        orphans: Vec::new(),
    }
}

fn route(chance: &mut Chance, share: Share) -> Route {
    let shared_truck = matches!(share, Share::Truck | Share::Advice);
    match chance.between(0, 99) {
        0..50 if shared_truck => Route::StockFreight,
        _ if shared_truck => Route::BuiltFreight,
        0..70 => Route::StockParcel,
        70..80 => Route::StockFreight,
        80..90 => Route::CrossDock,
        _ => Route::BuiltFreight,
    }
}

fn draw(chance: &mut Chance, rates: &FaultRates, route: Route, share: Share) -> FaultSet {
    let mut faults = FaultSet::default();
    for &fault in Fault::ALL {
        if fault != Fault::FeedSilent && chance.happens(rates.rate(fault)) {
            faults.add(fault);
        }
    }
    for family in [COURSES, WAYS, ADVICES, ACKNOWLEDGEMENTS] {
        let mut struck = family.iter().filter(|fault| faults.has(**fault)).skip(1);
        let extra: Vec<Fault> = struck.by_ref().copied().collect();
        extra.into_iter().for_each(|fault| faults.remove(fault));
    }
    let by_truck = matches!(route, Route::StockFreight | Route::BuiltFreight);
    if by_truck && faults.has(Fault::GhostLabel) {
        faults.remove(Fault::GhostLabel);
    }
    if !by_truck && faults.has(Fault::PickupMissed) {
        faults.remove(Fault::PickupMissed);
    }
    // An order that shares a truck is not pulled off it: its fellows would be another story.
    if matches!(share, Share::Truck | Share::Advice) {
        faults.remove(Fault::Rejected);
        faults.remove(Fault::CancelledAfterCommit);
    }
    if faults.has(Fault::Rejected) {
        ACKNOWLEDGEMENTS.iter().for_each(|fault| faults.remove(*fault));
    }
    faults
}

fn order(
    chance: &mut Chance,
    number: u64,
    (faults, route): (FaultSet, Route),
    (customer, place): (&'static Customer, &'static Place),
    day_starts_at: Instant,
) -> Order {
    let placed_at = day_starts_at + Duration::seconds(chance.between(0, 86_399));
    let booked_at = placed_at + chance.minutes(2, 45);
    let checked_at = calendar::next_open(booked_at, OFFICE);
    let hold = faults.has(Fault::CreditHold).then(|| {
        let from = checked_at + chance.minutes(10, 60);
        (from, calendar::plus_working(from, chance.hours(3, 16), OFFICE))
    });
    let free_at = hold.map_or(checked_at, |(_, until)| until);
    let po_at = calendar::plus_working(free_at, chance.minutes(15, 180), OFFICE);
    let lines = lines(chance);
    let acknowledgement = answer(chance, faults, po_at, &lines);
    // The ERP confirms once it knows the supplier's answer, by telephone if it must.
    let known_at = acknowledgement
        .sent_at
        .unwrap_or_else(|| calendar::plus_working(po_at, Duration::hours(12), SUPPLIER));
    let confirmed_at = calendar::plus_working(known_at, chance.minutes(10, 90), OFFICE);
    let mut order = Order {
        number,
        faults,
        route,
        customer,
        place,
        lines,
        placed_at,
        booked_at,
        hold,
        po_at,
        acknowledgement,
        confirmed_at: Some(confirmed_at),
        promised_on: calendar::date(confirmed_at, place.zone),
        cancelled_at: None,
        job: None,
    };
    settle(chance, &mut order, confirmed_at);
    order
}

fn lines(chance: &mut Chance) -> Vec<Line> {
    let start = chance.index(PRODUCTS.len());
    let count = 1 + chance.index(10).saturating_sub(5).min(3);
    (0..count)
        .map(|n| {
            let ordered = chance.quantity(2, 12);
            Line {
                product: &PRODUCTS[(start + n * 3) % PRODUCTS.len()],
                ordered,
                confirmed: ordered,
                cancelled: 0,
                shipped: 0,
                delivered: 0,
                invoiced: 0,
            }
        })
        .collect()
}

fn answer(
    chance: &mut Chance,
    faults: FaultSet,
    po_at: Instant,
    lines: &[Line],
) -> Acknowledgement {
    let limit = Duration::hours(expectations::ACK_WORKING_HOURS);
    let taken = if faults.has(Fault::AckLate) {
        limit + chance.hours(2, 16)
    } else {
        // Well inside the limit: messages take their time too.
        chance.minutes(20, 360)
    };
    let at = calendar::plus_working(po_at, taken, SUPPLIER);
    let first = lines.first();
    let ordered = first.map_or(0, |line| line.ordered);
    let price = first.map_or(0, |line| line.product.price_cents);
    let answer = if faults.has(Fault::Rejected) {
        Answer::Rejected
    } else if faults.has(Fault::AckQuantity) {
        Answer::FewerOf { confirmed: chance.quantity(1, ordered.saturating_sub(1).max(1)) }
    } else if faults.has(Fault::AckPrice) {
        Answer::PricedAt { cents: price + price / 100 * chance.quantity(3, 15) }
    } else if faults.has(Fault::Backordered) {
        let today = calendar::date(at, SUPPLIER_ZONE);
        Answer::Backordered { until: calendar::plus_working_days(today, chance.between(4, 8)) }
    } else {
        Answer::Accepted
    };
    let sent_at = (!faults.has(Fault::AckMissing)).then_some(at);
    Acknowledgement { sent_at, answer }
}

/// What the answer and a cancellation do to the order.
fn settle(chance: &mut Chance, order: &mut Order, confirmed_at: Instant) {
    if let Answer::FewerOf { confirmed } = order.acknowledgement.answer
        && let Some(line) = order.lines.first_mut()
    {
        line.confirmed = confirmed;
    }
    let cancelled_at = match order.acknowledgement.answer {
        Answer::Rejected => {
            order.confirmed_at = None;
            Some(calendar::plus_working(confirmed_at, chance.minutes(30, 300), OFFICE))
        }
        _ if order.faults.has(Fault::CancelledAfterCommit) => {
            Some(confirmed_at + chance.minutes(20, 120))
        }
        _ => None,
    };
    if let Some(at) = cancelled_at {
        order.cancelled_at = Some(at);
        for line in &mut order.lines {
            line.confirmed = if order.confirmed_at.is_some() { line.confirmed } else { 0 };
            line.cancelled = line.ordered;
        }
    }
}

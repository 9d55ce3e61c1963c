//! What is put into which consignment and which day it leaves, and what day that lets the seller
//! promise.

use jiff::civil::Date;

use super::{Answer, Carrier, Consignment, Group, Portion, Route, Share, Supplier, references};
use crate::calendar::{self, SUPPLIER_ZONE};
use crate::cast::DISTRIBUTOR_HOUSE;
use crate::chance::Chance;
use crate::config::Fault;

/// Share of orders of several lines that travel on two days.
const SPLIT_SHARE: f64 = 0.12;
/// Share of parcels that are packed into two boxes.
const TWO_BOXES_SHARE: f64 = 0.1;

/// Plans the consignments of a group, and its promises.
pub(super) fn plan(chance: &mut Chance, group: &mut Group) {
    if matches!(group.share, Share::Truck | Share::Advice) {
        let contents: Vec<Portion> =
            (0..group.orders.len()).flat_map(|n| portions(chance, group, n)).collect();
        let latest = (0..group.orders.len()).map(|n| ship_on(chance, group, n, false)).max();
        if let Some(ship_on) = latest {
            consign(chance, group, &contents, ship_on);
        }
    } else {
        for order in 0..group.orders.len() {
            move_order(chance, group, order);
        }
    }
    for order in 0..group.orders.len() {
        promise(chance, group, order);
    }
}

fn move_order(chance: &mut Chance, group: &mut Group, order: usize) {
    let portions = portions(chance, group, order);
    if portions.is_empty() {
        return;
    }
    let today = ship_on(chance, group, order, false);
    let later = ship_on(chance, group, order, true);
    let waits = later > today;
    let (now, then): (Vec<Portion>, Vec<Portion>) = if portions.len() > 1 {
        let split = waits || chance.happens(SPLIT_SHARE);
        portions.into_iter().partition(|portion| !split || portion.line > 0)
    } else if waits {
        (Vec::new(), portions)
    } else {
        (portions, Vec::new())
    };
    let by_parcel = group.orders.get(order).is_some_and(|o| o.route == Route::StockParcel);
    let boxes = if by_parcel && chance.happens(TWO_BOXES_SHARE) { pack(now) } else { vec![now] };
    let lead = group.consignments.len();
    for contents in boxes.iter().filter(|contents| !contents.is_empty()) {
        let index = group.consignments.len();
        consign(chance, group, contents, today);
        let due_on = group.consignments.get(lead).map(|c| c.due_on);
        if let (Some(due_on), Some(next)) = (due_on, group.consignments.get_mut(index))
            && index > lead
            && by_parcel
        {
            (next.due_on, next.beside) = (due_on, Some(lead));
        }
    }
    if !then.is_empty() {
        let day = later.max(calendar::plus_working_days(today, chance.between(1, 2)));
        consign(chance, group, &then, day);
    }
}

/// Two boxes: the first line and the others, or each a part of the only line.
fn pack(contents: Vec<Portion>) -> Vec<Vec<Portion>> {
    match contents.as_slice() {
        [one] if one.quantity > 1 => {
            let second = one.quantity / 2;
            let part = |quantity| vec![Portion { quantity, ..*one }];
            vec![part(one.quantity - second), part(second)]
        }
        [first, others @ ..] if !others.is_empty() => vec![vec![*first], others.to_vec()],
        _ => vec![contents],
    }
}

/// What of an order leaves the house.
fn portions(chance: &mut Chance, group: &Group, order: usize) -> Vec<Portion> {
    let Some(life) = group.orders.get(order) else { return Vec::new() };
    let short = life.faults.has(Fault::ShortShipment);
    if life.cancelled_at.is_some() {
        return Vec::new();
    }
    let quantity = |chance: &mut Chance, line: usize, confirmed: u32| match (line, short) {
        (0, true) => chance.quantity(1, confirmed.saturating_sub(1).max(1)),
        _ => confirmed,
    };
    let lines = life.lines.iter().enumerate();
    lines
        .map(|(line, l)| Portion { order, line, quantity: quantity(chance, line, l.confirmed) })
        .filter(|portion| portion.quantity > 0)
        .collect()
}

/// The day on which goods are ready to leave; `held_back`: those that are backordered.
fn ship_on(chance: &mut Chance, group: &Group, order: usize, held_back: bool) -> Date {
    let Some(life) = group.orders.get(order) else { return Date::MIN };
    let known_at = life.confirmed_at.unwrap_or(life.po_at);
    let ready = match life.route.supplier() {
        Supplier::Distributor => 1,
        Supplier::Oem => 5,
    };
    let today = calendar::date(known_at, SUPPLIER_ZONE);
    let day =
        calendar::plus_working_days(today, ready + i64::from(!held_back && chance.happens(0.3)));
    match life.acknowledgement.answer {
        Answer::Backordered { until } if held_back => day.max(until),
        // A shared truck waits for all that it is to carry.
        Answer::Backordered { until } if group.share != Share::Nothing => day.max(until),
        _ if held_back => Date::MIN,
        _ => day,
    }
}

fn consign(chance: &mut Chance, group: &mut Group, contents: &[Portion], ship_on: Date) {
    let Some(order) = contents.first().and_then(|p| group.orders.get(p.order)) else { return };
    let (route, place) = (order.route, order.place);
    let legs: &[(Carrier, Supplier, bool)] = match route {
        Route::StockParcel => &[(Carrier::Parcel, Supplier::Distributor, false)],
        Route::StockFreight => &[(Carrier::Freight, Supplier::Distributor, false)],
        Route::BuiltFreight => &[(Carrier::Freight, Supplier::Oem, false)],
        Route::CrossDock => &[
            (Carrier::Freight, Supplier::Oem, true),
            (Carrier::Parcel, Supplier::Distributor, false),
        ],
    };
    let first = group.orders.first().map_or(0, |o| o.number);
    let mut ship_on = ship_on;
    for &(carrier, shipper, inbound) in legs {
        let slot = group.consignments.len();
        let by_truck = carrier == Carrier::Freight;
        let days = match (inbound, by_truck) {
            (true, _) => 1,
            (false, true) => chance.between(1, 4),
            (false, false) => 1 + chance.between(0, 5) / 3,
        };
        let due_on = calendar::working_day_from(calendar::plus_days(ship_on, days));
        group.consignments.push(Consignment {
            carrier,
            shipper,
            inbound,
            tracking: if by_truck {
                references::pro(first, slot)
            } else {
                references::tracking(first, slot)
            },
            bol: by_truck.then(|| references::bol(first, slot)),
            sscc: references::sscc(first, slot),
            contents: contents.to_vec(),
            ship_on,
            due_on,
            released_at: None,
            picked_up_at: None,
            delivered_at: None,
            scans: Vec::new(),
            to: if inbound { &DISTRIBUTOR_HOUSE } else { place },
            beside: None,
        });
        // The distributor sends on what came in on the working day after.
        ship_on = calendar::plus_working_days(due_on, 1);
    }
}

/// The day promised to the customer: the plan, with a day to spare where that is a working day.
fn promise(chance: &mut Chance, group: &mut Group, order: usize) {
    let Some(due_on) = group.deliveries_of(order).map(|c| c.due_on).max() else { return };
    let spare = calendar::plus_days(due_on, 1);
    let early = calendar::plus_days(due_on, chance.between(4, 6));
    let spared = calendar::is_working_day(spare) && chance.happens(0.4);
    let Some(life) = group.orders.get_mut(order) else { return };
    life.promised_on = if life.faults.has(Fault::DeliveredEarly) {
        early
    } else if spared {
        spare
    } else {
        due_on
    };
}

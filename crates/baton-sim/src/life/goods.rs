//! The way of the goods: what is put into which consignment, when it leaves, where it is scanned,
//! when it arrives, and what goes wrong on the way.

use baton_core::time::{Duration, Instant};
use jiff::civil::Date;

use super::{
    Answer, Carrier, Consignment, Group, Portion, Route, Scan, Share, Step, Supplier, references,
};
use crate::calendar::{self, SUPPLIER_ZONE};
use crate::cast::{DISTRIBUTOR_HOUSE, HUBS, OEM_PLANT, PLACES, Place};
use crate::chance::Chance;
use crate::config::{Fault, FaultSet};

/// Share of orders of several lines that travel on two days.
const SPLIT_SHARE: f64 = 0.12;
/// Share of parcels that are packed into two boxes.
const TWO_BOXES_SHARE: f64 = 0.1;

pub(super) fn move_all(chance: &mut Chance, group: &mut Group) {
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
    for index in 0..group.consignments.len() {
        travel(chance, group, index);
    }
    settle_quantities(group);
    orphan(chance, group);
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

/// All faults of the orders in a consignment; the way to the distributor goes well.
fn faults_of(group: &Group, consignment: &Consignment) -> FaultSet {
    let mut all = FaultSet::default();
    if !consignment.inbound {
        for &order in &group.orders_of(&consignment.contents) {
            group
                .orders
                .get(order)
                .into_iter()
                .flat_map(|o| o.faults.iter())
                .for_each(|f| all.add(f));
        }
    }
    all
}

fn travel(chance: &mut Chance, group: &mut Group, index: usize) {
    let Some(mut consignment) = group.consignments.get(index).cloned() else { return };
    let faults = faults_of(group, &consignment);
    let orders = group.orders_of(&consignment.contents);
    let promised_on =
        orders.iter().filter_map(|n| group.orders.get(*n)).map(|o| o.promised_on).max();
    let promised_on = promised_on.filter(|_| !consignment.inbound).unwrap_or(consignment.due_on);
    let planned_at = pick_up_plan(chance, &mut consignment);
    let pickup_at = leave(chance, &mut consignment, faults, planned_at);
    if let Some(pickup_at) = pickup_at {
        under_way(chance, &mut consignment, (faults, promised_on), pickup_at);
    }
    distort(chance, &mut consignment, faults);
    if let Some(slot) = group.consignments.get_mut(index) {
        *slot = consignment;
    }
}

const fn origin(shipper: Supplier) -> &'static Place {
    match shipper {
        Supplier::Oem => &OEM_PLANT,
        Supplier::Distributor => &DISTRIBUTOR_HOUSE,
    }
}

fn scan(step: Step, at: Instant, place: &'static Place, estimate_on: Option<Date>) -> Scan {
    let (odd_code, without_zone) = (false, false);
    Scan { step, happened_at: at, stated_at: at, place, estimate_on, odd_code, without_zone }
}

/// When the carrier is to come; trucks announce it in the morning.
fn pick_up_plan(chance: &mut Chance, consignment: &mut Consignment) -> Instant {
    let from = origin(consignment.shipper);
    let planned_at = calendar::at(consignment.ship_on, 15, 0, from.zone) + chance.minutes(0, 120);
    if consignment.carrier == Carrier::Freight {
        let said_at = planned_at - chance.hours(3, 8);
        let step = Step::PickupPlanned(planned_at);
        consignment.scans.push(scan(step, said_at, from, None));
    }
    planned_at
}

/// Label, release and pick-up. `None`: the carrier never gets the goods, or never says so.
fn leave(
    chance: &mut Chance,
    consignment: &mut Consignment,
    faults: FaultSet,
    planned_at: Instant,
) -> Option<Instant> {
    let from = origin(consignment.shipper);
    let due_on = Some(consignment.due_on);
    let ghost = faults.has(Fault::GhostLabel);
    if consignment.carrier == Carrier::Parcel && (ghost || chance.happens(0.2)) {
        let label_at = planned_at - chance.hours(2, 5);
        consignment.scans.push(scan(Step::Label, label_at, from, due_on));
    }
    if ghost && chance.happens(0.3) {
        return None;
    }
    let mut pickup_at = planned_at + chance.minutes(0, 75);
    if ghost || faults.has(Fault::PickupMissed) {
        let days = if ghost { chance.between(2, 3) } else { 1 };
        let day = calendar::plus_working_days(consignment.ship_on, days);
        pickup_at = calendar::at(day, 15, 0, from.zone) + chance.minutes(0, 120);
    }
    consignment.released_at = Some(pickup_at - chance.minutes(2, 15));
    if faults.has(Fault::CustodyGap) {
        if chance.happens(0.3) {
            return None;
        }
        consignment.picked_up_at = Some(pickup_at + chance.hours(24, 40));
        return consignment.picked_up_at;
    }
    consignment.picked_up_at = Some(pickup_at);
    consignment.scans.push(scan(Step::PickedUp, pickup_at, from, due_on));
    Some(pickup_at)
}

/// Hubs, estimates, delivery and its proof.
fn under_way(
    chance: &mut Chance,
    consignment: &mut Consignment,
    (faults, promised_on): (FaultSet, Date),
    pickup_at: Instant,
) {
    let to = consignment.to;
    let due_on = consignment.due_on;
    let first_day = calendar::plus_days(calendar::date(pickup_at, to.zone), 1);
    let silent = faults.has(Fault::CarrierSilent);
    let mut arrives_on = calendar::working_day_from(due_on.max(first_day));
    if faults.has(Fault::DeliveredLate) {
        arrives_on = calendar::plus_working_days(promised_on, chance.between(2, 4)).max(arrives_on);
    }
    if silent {
        let after_silence = calendar::plus_days(first_day, 3);
        arrives_on = calendar::working_day_from(after_silence.max(arrives_on));
    }
    let goes_dark = silent && chance.happens(0.4);
    let wrong_estimate = faults.has(Fault::EstimateLate);
    let told_at_hubs =
        [Fault::EstimateLate, Fault::DeliveredLate, Fault::ClockSkew, Fault::UnmappedCode]
            .into_iter()
            .any(|fault| faults.has(fault));
    let mut day = first_day;
    let mut hubs = 0;
    while day <= arrives_on {
        let last = day == arrives_on && (day != first_day || !told_at_hubs);
        let unseen = silent || (last && chance.happens(0.8));
        if !unseen {
            let hub = chance.pick(HUBS);
            let at = calendar::at(day, 3, 0, hub.zone) + chance.minutes(0, 150);
            let estimate_on = match hubs {
                0 if wrong_estimate => calendar::plus_days(promised_on, chance.between(2, 3)),
                _ => arrives_on,
            };
            consignment.scans.push(scan(Step::Hub, at, hub, Some(estimate_on)));
            hubs += 1;
        }
        day = calendar::plus_days(day, 1);
    }
    let delivered_at = calendar::at(arrives_on, 9, 30, to.zone) + chance.minutes(0, 420);
    consignment.delivered_at = Some(delivered_at);
    if goes_dark {
        return;
    }
    if consignment.carrier == Carrier::Parcel && (silent || chance.happens(0.7)) {
        let out_at = calendar::at(arrives_on, 7, 30, to.zone) + chance.minutes(0, 90);
        consignment.scans.push(scan(Step::OutForDelivery, out_at, to, Some(arrives_on)));
    }
    consignment.scans.push(scan(Step::Delivered, delivered_at, to, None));
    let proof_at = match faults.has(Fault::PodMissing) {
        true if chance.happens(0.6) => None,
        true => Some(delivered_at + chance.hours(40, 90)),
        false => Some(delivered_at + chance.hours(1, 9)),
    };
    consignment.scans.extend(proof_at.map(|at| scan(Step::Proof, at, to, None)));
}

/// Faults of the telling rather than of the goods.
fn distort(chance: &mut Chance, consignment: &mut Consignment, faults: FaultSet) {
    if faults.has(Fault::NoZone) {
        consignment.scans.iter_mut().for_each(|s| s.without_zone = true);
    }
    let hub = consignment.scans.iter_mut().find(|s| s.step == Step::Hub);
    if let Some(hub) = hub {
        if faults.has(Fault::ClockSkew) {
            hub.stated_at = hub.happened_at + chance.hours(30, 90);
        }
        hub.odd_code = faults.has(Fault::UnmappedCode);
    }
}

/// What was shipped and delivered of each line, in truth.
fn settle_quantities(group: &mut Group) {
    let moved: Vec<(Vec<Portion>, bool, bool)> = group
        .consignments
        .iter()
        .filter(|c| !c.inbound)
        .map(|c| (c.contents.clone(), c.picked_up_at.is_some(), c.delivered_at.is_some()))
        .collect();
    for (contents, left, arrived) in moved {
        for portion in contents {
            let order = group.orders.get_mut(portion.order);
            let Some(line) = order.and_then(|o| o.lines.get_mut(portion.line)) else { continue };
            line.shipped += if left { portion.quantity } else { 0 };
            line.delivered += if arrived { portion.quantity } else { 0 };
        }
    }
    for order in 0..group.orders.len() {
        let departed = group.deliveries_of(order).filter_map(|c| c.picked_up_at).min();
        let Some(life) = group.orders.get_mut(order) else { continue };
        if life.faults.has(Fault::CancelledAfterShip) && life.cancelled_at.is_none() {
            life.cancelled_at = departed.map(|at| at + Duration::hours(3));
        }
    }
}

/// A parcel that has nothing to do with any order.
fn orphan(chance: &mut Chance, group: &mut Group) {
    let Some(life) = group.orders.iter().find(|o| o.faults.has(Fault::Orphan)) else { return };
    let (number, po_at) = (life.number, life.po_at);
    let from = chance.pick(PLACES);
    let picked_up_at = po_at + chance.hours(1, 20);
    let scanned = |step, hours| scan(step, picked_up_at + Duration::hours(hours), from, None);
    group.orphans.push(Consignment {
        carrier: Carrier::Parcel,
        shipper: Supplier::Distributor,
        inbound: false,
        tracking: references::tracking(number, 60),
        bol: None,
        sscc: references::sscc(number, 60),
        contents: Vec::new(),
        ship_on: calendar::date(picked_up_at, from.zone),
        due_on: calendar::date(picked_up_at, from.zone),
        released_at: None,
        picked_up_at: Some(picked_up_at),
        delivered_at: Some(picked_up_at + Duration::hours(30)),
        scans: vec![
            scanned(Step::PickedUp, 0),
            scanned(Step::Hub, 14),
            scanned(Step::Delivered, 30),
        ],
        to: from,
        beside: None,
    });
}

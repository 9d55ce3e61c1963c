//! The way of the goods: when they leave, where they are scanned, when they arrive, and what goes
//! wrong on the way.

use baton_core::time::{Duration, Instant};
use jiff::civil::Date;

use super::{Carrier, Consignment, Group, Portion, Scan, Step, Supplier, references};
use crate::calendar;
use crate::cast::{DISTRIBUTOR_HOUSE, HUBS, OEM_PLANT, PLACES, Place};
use crate::chance::Chance;
use crate::config::{Fault, FaultSet};

pub(super) fn move_all(chance: &mut Chance, group: &mut Group) {
    for index in 0..group.consignments.len() {
        travel(chance, group, index);
    }
    settle_quantities(group);
    orphan(chance, group);
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

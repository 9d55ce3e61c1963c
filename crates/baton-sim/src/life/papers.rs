//! The papers that follow the goods: despatch advices, visits of the installer, invoices and their
//! payment.

use baton_core::time::{Duration, Instant};

use super::{Advice, Group, Invoice, Job, Portion, Share, references};
use crate::calendar::{self, OFFICE, OFFICE_ZONE};
use crate::chance::Chance;
use crate::config::Fault;

/// Share of orders that an installer is sent for.
const INSTALLED_SHARE: f64 = 0.1;

pub(super) fn file(chance: &mut Chance, group: &mut Group) {
    advices(chance, group);
    jobs(chance, group);
    let all = (0..group.orders.len()).collect();
    let (together, alone) = match group.share {
        Share::Invoice => arrived_together(group, all),
        _ => (Vec::new(), all),
    };
    invoice(chance, group, together);
    for order in alone {
        invoice(chance, group, vec![order]);
    }
}

/// Orders that arrived within two days of the last of them, which one invoice bills; and the others.
fn arrived_together(group: &Group, orders: Vec<usize>) -> (Vec<usize>, Vec<usize>) {
    let arrived = |n: &usize| group.deliveries_of(*n).filter_map(|c| c.delivered_at).max();
    let last = orders.iter().filter_map(arrived).max();
    let near = |n: &usize| {
        arrived(n).zip(last).is_some_and(|(at, last)| last.since(at) <= Duration::days(2))
    };
    orders.into_iter().partition(near)
}

fn advices(chance: &mut Chance, group: &mut Group) {
    for lead in 0..group.consignments.len() {
        let together: Vec<usize> = (lead..group.consignments.len())
            .filter(|n| *n == lead || beside(group, *n) == Some(lead))
            .filter(|n| group.consignments.get(*n).is_some_and(|c| c.released_at.is_some()))
            .collect();
        if beside(group, lead).is_some() || together.is_empty() {
            continue;
        }
        let contents = contents_of(group, &together);
        let mut orders: Vec<usize> = contents.iter().map(|(_, portion)| portion.order).collect();
        orders.sort_unstable();
        orders.dedup();
        let papers: Vec<Vec<usize>> = match group.share {
            Share::Truck => orders.into_iter().map(|order| vec![order]).collect(),
            _ => vec![orders],
        };
        for covered in papers {
            let stated = contents.iter().filter(|(_, p)| covered.contains(&p.order)).copied();
            advise(chance, group, &together, stated.collect());
        }
    }
}

fn beside(group: &Group, consignment: usize) -> Option<usize> {
    group.consignments.get(consignment).and_then(|c| c.beside)
}

fn contents_of(group: &Group, consignments: &[usize]) -> Vec<(usize, Portion)> {
    let lives = consignments.iter().filter_map(|n| group.consignments.get(*n).map(|c| (*n, c)));
    lives.flat_map(|(n, c)| c.contents.iter().map(move |portion| (n, *portion))).collect()
}

/// One despatch advice over consignments that leave together.
fn advise(
    chance: &mut Chance,
    group: &mut Group,
    consignments: &[usize],
    mut stated: Vec<(usize, Portion)>,
) {
    let lives = || consignments.iter().filter_map(|n| group.consignments.get(*n));
    let Some(released_at) = lives().filter_map(|c| c.released_at).max() else { return };
    let Some((shipper, inbound)) = lives().map(|c| (c.shipper, c.inbound)).next() else { return };
    let has = |fault| {
        let struck = |n: usize| group.orders.get(n).is_some_and(|o| o.faults.has(fault));
        !inbound && stated.iter().any(|(_, portion)| struck(portion.order))
    };
    let sent_at = if has(Fault::AsnMissing) {
        None
    } else if has(Fault::AsnLate) {
        Some(released_at + chance.hours(8, 30))
    } else {
        Some(released_at + chance.minutes(10, 100))
    };
    let wrong = has(Fault::AsnQuantity);
    if let Some((_, portion)) = stated.first_mut().filter(|_| wrong) {
        portion.quantity += chance.quantity(1, 3);
    }
    let first = group.orders.first().map_or(0, |o| o.number);
    let number = references::advice(shipper, first, group.advices.len());
    let consignments = consignments.to_vec();
    group.advices.push(Advice { number, consignments, released_at, stated, sent_at });
}

fn jobs(chance: &mut Chance, group: &mut Group) {
    for order in 0..group.orders.len() {
        let deliveries: Vec<Option<Instant>> =
            group.deliveries_of(order).map(|c| c.delivered_at).collect();
        let Some(life) = group.orders.get_mut(order) else { continue };
        let Some(confirmed_at) = life.confirmed_at.filter(|_| chance.happens(INSTALLED_SHARE))
        else {
            continue;
        };
        if life.cancelled_at.is_some() || deliveries.is_empty() {
            continue;
        }
        let zone = life.place.zone;
        let arrived = deliveries.iter().copied().collect::<Option<Vec<Instant>>>();
        let last = arrived.and_then(|all| all.into_iter().max());
        let ready_on = last.map_or(life.promised_on, |at| calendar::date(at, zone));
        let visit_on =
            calendar::plus_working_days(ready_on.max(life.promised_on), chance.between(1, 3));
        let slot_at = calendar::at(visit_on, 9, 0, zone) + Duration::hours(chance.between(0, 4));
        let started_at = last.map(|_| slot_at + chance.minutes(0, 25));
        let installed_at = started_at.map(|at| at + chance.minutes(45, 240));
        let activated_at = installed_at.map(|at| at + chance.minutes(10, 60));
        let accepted_at = activated_at.map(|at| at + chance.minutes(5, 600));
        life.job = Some(Job {
            scheduled_at: calendar::plus_working(confirmed_at, chance.hours(1, 8), OFFICE),
            slot_at,
            started_at,
            installed_at,
            activated_at,
            accepted_at,
        });
    }
}

/// Bills what was delivered, once all that left has arrived.
fn invoice(chance: &mut Chance, group: &mut Group, orders: Vec<usize>) {
    let billed = |order: &usize| group.deliveries_of(*order).any(|c| c.delivered_at.is_some());
    let orders: Vec<usize> = orders.into_iter().filter(billed).collect();
    let arrivals =
        orders.iter().flat_map(|n| group.deliveries_of(*n)).filter_map(|c| c.delivered_at);
    let Some(last) = arrivals.max() else { return };
    let missing = orders
        .iter()
        .filter_map(|n| group.orders.get(*n))
        .any(|o| o.faults.has(Fault::InvoiceMissing));
    let day = calendar::date(last, OFFICE_ZONE);
    let billed_on = calendar::plus_working_days(day, if missing { 6 } else { 1 });
    let ready_at = calendar::at(billed_on, 9, 0, OFFICE_ZONE) + chance.minutes(0, 420);
    let sent_at = (!(missing && chance.happens(0.6))).then_some(ready_at);
    let approved_at = sent_at
        .filter(|_| chance.happens(0.2))
        .map(|at| calendar::plus_working(at, chance.hours(4, 20), OFFICE));
    let paid_at = sent_at
        .filter(|_| chance.happens(0.45))
        .map(|at| calendar::plus_working(at, chance.hours(21, 80), OFFICE));
    let contents: Vec<Portion> = orders
        .iter()
        .filter_map(|n| group.orders.get(*n).map(|life| (*n, life)))
        .flat_map(|(order, life)| {
            let lines = life.lines.iter().enumerate();
            lines.map(move |(line, l)| Portion { order, line, quantity: l.delivered })
        })
        .filter(|portion| portion.quantity > 0)
        .collect();
    if sent_at.is_some() {
        for portion in &contents {
            let order = group.orders.get_mut(portion.order);
            if let Some(line) = order.and_then(|o| o.lines.get_mut(portion.line)) {
                line.invoiced += portion.quantity;
            }
        }
    }
    let first = group.orders.first().map_or(0, |o| o.number);
    let number = references::invoice(first, group.invoices.len());
    group.invoices.push(Invoice { number, contents, sent_at, approved_at, paid_at });
}

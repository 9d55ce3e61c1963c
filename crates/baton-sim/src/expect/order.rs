//! What goes wrong with the order itself: acknowledgement, changes, holds, cancellation, invoice.

use baton_core::time::Duration;

use super::{Evidence, Held, feed_of, is_delivery};
use crate::calendar::{self, SUPPLIER};
use crate::cast::FINANCE_EDI;
use crate::config::Fault;
use crate::expectations::{ACK_WORKING_HOURS, INVOICE_AFTER_DELIVERY};
use crate::life::{Answer, Order};
use crate::say::Mark;

pub(super) fn conclude(evidence: &mut Evidence<'_>, n: usize) {
    let Some(order) = evidence.order(n) else { return };
    acknowledgement(evidence, n, order);
    answer(evidence, n, order);
    hold_and_cancellation(evidence, n, order);
    booking(evidence, n, order);
    invoice(evidence, n);
}

/// E-ORD-01.
fn acknowledgement(evidence: &mut Evidence<'_>, n: usize, order: &Order) {
    let due = calendar::plus_working(order.po_at, Duration::hours(ACK_WORKING_HOURS), SUPPLIER);
    let answered_at = evidence.heard_at(Mark::Acknowledged(n));
    let cancelled_at = evidence.heard_at(Mark::Cancelled(n));
    let ends_at = [answered_at, cancelled_at].into_iter().flatten().min();
    if ends_at.is_none_or(|at| at > due) {
        let raised_at = evidence.heard_at(Mark::PoRaised(n));
        let held_up = evidence.is_held_up(feed_of(order.route.supplier()), due);
        let held = Held::since(due).until(ends_at).known_with(raised_at).tolerated(held_up);
        evidence.about_order("E-ORD-01", n, held);
    }
}

/// E-ORD-02, E-ORD-03, E-ORD-04, E-SUP-01: what the supplier's answer says.
fn answer(evidence: &mut Evidence<'_>, n: usize, order: &Order) {
    let Some(heard) = evidence.heard(Mark::Acknowledged(n)) else { return };
    // To compare, the order must have been heard of.
    let ordered_at = evidence.first(|m| matches!(m, Mark::Placed(o) | Mark::PoRaised(o) if o == n));
    let held = Held::told(heard);
    match order.acknowledgement.answer {
        Answer::Accepted => {}
        Answer::Rejected => evidence.about_order("E-ORD-02", n, held),
        Answer::FewerOf { confirmed } => {
            let fewer = order.lines.first().is_some_and(|line| confirmed < line.ordered);
            if fewer {
                evidence.about_order("E-ORD-03", n, held.known_with(ordered_at));
            }
        }
        Answer::PricedAt { .. } => {
            evidence.about_order("E-ORD-04", n, held.known_with(ordered_at));
        }
        Answer::Backordered { .. } => {
            let ships = |a: &crate::life::Advice| {
                a.stated.iter().any(|(_, portion)| portion.order == n && portion.line == 0)
            };
            let advices = &evidence.group.advices;
            let shipped_at = evidence
                .first(|m| matches!(m, Mark::Advised(a) if advices.get(a).is_some_and(ships)));
            evidence.about_order("E-SUP-01", n, held.until(shipped_at));
        }
    }
}

/// E-ORD-06, E-ORD-07.
fn hold_and_cancellation(evidence: &mut Evidence<'_>, n: usize, order: &Order) {
    if let Some(hold) = evidence.heard(Mark::Held(n)) {
        let ended_at = evidence.heard_at(Mark::HoldEnded(n));
        evidence.about_order("E-ORD-07", n, Held::told(hold).until(ended_at));
    }
    if let Some(cancelled) = evidence.heard(Mark::Cancelled(n)) {
        let committed_at = evidence
            .first(|m| matches!(m, Mark::PoRaised(o) | Mark::Confirmed(o) | Mark::Acknowledged(o) if o == n));
        // A rejected order is cancelled as a matter of course.
        let rejected = order.faults.has(Fault::Rejected);
        let held = Held::told(cancelled).known_with(committed_at).tolerated(rejected);
        evidence.about_order("E-ORD-06", n, held);
    }
}

/// E-DAT-09: the ERP booked another quantity than the shop sold.
fn booking(evidence: &mut Evidence<'_>, n: usize, order: &Order) {
    if !order.faults.has(Fault::ContradictoryQuantity) {
        return;
    }
    let Some(booked) = evidence.heard(Mark::Booked(n)) else { return };
    let placed_at = evidence.heard_at(Mark::Placed(n));
    let corrected_at = evidence
        .first(|m| matches!(m, Mark::Held(o) | Mark::PoRaised(o) | Mark::Confirmed(o) if o == n));
    let held = Held::told(booked).known_with(placed_at).until(corrected_at);
    evidence.about_order("E-DAT-09", n, held);
    evidence.about_order("E-ORD-03", n, held.tolerated(true));
}

/// E-FIN-01.
fn invoice(evidence: &mut Evidence<'_>, n: usize) {
    let invoices = &evidence.group.invoices;
    let bills = |i: usize| {
        invoices.get(i).is_some_and(|i| i.contents.iter().any(|portion| portion.order == n))
    };
    let billed_at = evidence.first(|m| matches!(m, Mark::Invoiced(i) if bills(i)));
    let mine = |c: &crate::life::Consignment| !c.inbound && c.contents.iter().any(|p| p.order == n);
    let consignments: Vec<usize> = (0..evidence.group.consignments.len())
        .filter(|c| evidence.group.consignments.get(*c).is_some_and(mine))
        .collect();
    let delivered: Vec<_> = consignments
        .iter()
        .map(|c| evidence.scans(*c).into_iter().find(|s| is_delivery(s.scan)))
        .collect();
    let linked_at = consignments.iter().filter_map(|c| evidence.linked_at(*c)).max();
    let heard = || delivered.iter().flatten();
    let Some(first_at) = heard().map(|s| s.scan.stated_at).min() else { return };
    let last_at = heard().map(|s| s.scan.stated_at).max().unwrap_or(first_at);
    let all_heard = delivered.iter().all(Option::is_some);
    let by_last = last_at + INVOICE_AFTER_DELIVERY;
    let overdue = |due| billed_at.is_none_or(|at| at > due);
    if overdue(by_last) && all_heard {
        let heard_at = heard().map(|s| s.at).max();
        let held_up = evidence.is_held_up(FINANCE_EDI, by_last);
        let held = Held::since(by_last)
            .until(billed_at)
            .known_with(heard_at)
            .known_with(linked_at)
            .tolerated(held_up);
        evidence.about_order("E-FIN-01", n, held);
    }
    // Whether what came first is billed before the rest has come is a matter of custom.
    let by_first = first_at + INVOICE_AFTER_DELIVERY;
    if overdue(by_first) && (by_first < by_last || !all_heard) {
        let held = Held::since(by_first).until(billed_at).tolerated(true);
        evidence.about_order("E-FIN-01", n, held);
    }
}

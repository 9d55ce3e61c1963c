//! What is wrong with the data: codes, stamps, contradictions, and what belongs to nothing.

use baton_core::identifier::ObjectKind;

use super::{Evidence, Held, consignment_values, goods, is_delivery};
use crate::expectations::{PROOF_AFTER_DELIVERY, SKEW_TOLERANCE, UNMATCHED_AFTER};
use crate::life::Answer;
use crate::say::Mark;

pub(super) fn conclude(evidence: &mut Evidence<'_>) {
    for consignment in 0..evidence.group.consignments.len() {
        stamps_and_codes(evidence, consignment);
        contradiction(evidence, consignment);
        unlinked(evidence, consignment);
    }
    for order in 0..evidence.group.orders.len() {
        unplaced(evidence, order);
    }
    orphans(evidence);
}

/// E-DAT-04, E-DAT-07.
fn stamps_and_codes(evidence: &mut Evidence<'_>, index: usize) {
    let Some(life) = evidence.group.consignments.get(index) else { return };
    let orders = evidence.group.orders_of(&life.contents);
    for heard in evidence.scans(index) {
        if heard.scan.odd_code {
            let held = Held::since(heard.scan.happened_at).known_with(Some(heard.at));
            evidence.about_consignment("E-DAT-04", life, &orders, held);
        }
        if goods::is_ahead(&heard, SKEW_TOLERANCE) {
            // It ends when the present has caught up with the stamp, or never.
            let held = Held::since(heard.at).tolerated(heard.scan.without_zone);
            evidence.about_consignment("E-DAT-07", life, &orders, held);
        }
    }
}

/// E-DAT-09: two sources, two days of delivery.
fn contradiction(evidence: &mut Evidence<'_>, index: usize) {
    let Some(life) = evidence.group.consignments.get(index) else { return };
    let Some(otherwise) = evidence.heard(Mark::DeliveredOtherwise(index)) else { return };
    let orders = evidence.group.orders_of(&life.contents);
    let delivery = evidence.scans(index).into_iter().find(|s| is_delivery(s.scan));
    let held = Held::told(otherwise).known_with(delivery.map(|s| s.at));
    evidence.about_consignment("E-DAT-09", life, &orders, held);
    // Whoever believed the shop would call it late, and the silence before it long.
    for code in ["E-TRN-22", "E-TRN-05"] {
        let held = Held::told(otherwise).tolerated(true);
        evidence.about_consignment(code, life, &orders, held);
    }
}

/// E-DAT-01: scans of a parcel that nobody has linked to an order yet, or ever.
fn unlinked(evidence: &mut Evidence<'_>, index: usize) {
    let Some(life) = evidence.group.consignments.get(index) else { return };
    let Some(first_at) = evidence.scans(index).iter().map(|s| s.at).min() else { return };
    let due = first_at + UNMATCHED_AFTER;
    let linked_at = evidence.linked_at(index);
    if linked_at.is_none_or(|at| at > due) {
        let held = Held::since(due).until(linked_at);
        evidence.about_consignment("E-DAT-01", life, &[], held);
    }
}

/// E-DAT-01: a purchase order that a supplier refuses or puts off, or that is billed, before anybody said
/// that there is one. A confirmation or goods that move make it an order whoever told of it first.
fn unplaced(evidence: &mut Evidence<'_>, n: usize) {
    let group = evidence.group;
    let Some(order) = evidence.order(n) else { return };
    let confirms = match order.acknowledgement.answer {
        Answer::Rejected => false,
        Answer::Backordered { .. } => order.lines.len() > 1,
        _ => true,
    };
    let carries = |c: usize| {
        group.consignments.get(c).is_some_and(|c| group.orders_of(&c.contents).contains(&n))
    };
    let first_at = evidence.first(|mark| match mark {
        Mark::Acknowledged(o) => o == n,
        Mark::Invoiced(_) => mark.tells_of(group, n),
        _ => false,
    });
    let told_at = evidence.first(|mark| match mark {
        Mark::Acknowledged(o) => o == n && confirms,
        Mark::PoRaised(o) | Mark::Confirmed(o) | Mark::Cancelled(o) => o == n,
        Mark::Advised(_) => mark.tells_of(group, n),
        Mark::Scanned { consignment, .. } => carries(consignment),
        _ => false,
    });
    let Some(first_at) = first_at else { return };
    let due = first_at + UNMATCHED_AFTER;
    if told_at.is_none_or(|at| at > due) {
        evidence.about_order("E-DAT-01", n, Held::since(due).until(told_at));
    }
}

/// E-DAT-01: parcels of nobody here.
fn orphans(evidence: &mut Evidence<'_>) {
    let group = evidence.group;
    for (index, orphan) in group.orphans.iter().enumerate() {
        let heard =
            evidence.first(|m| matches!(m, Mark::OrphanScanned { orphan: n, .. } if n == index));
        let Some(first_at) = heard else { continue };
        let object = || (ObjectKind::Package, consignment_values(group, orphan));
        let held = Held::since(first_at + UNMATCHED_AFTER);
        evidence.push("E-DAT-01", object(), Vec::new(), held);
        for (code, after) in [("E-TRN-24", PROOF_AFTER_DELIVERY), ("E-TRN-05", UNMATCHED_AFTER)] {
            let held = Held::since(first_at + after).tolerated(true);
            evidence.push(code, object(), Vec::new(), held);
        }
    }
}

//! What goes wrong with the goods on their way, by consignment.

use baton_core::time::{Duration, Instant};

use super::{Evidence, HeardScan, Held, feed_of, gives_position, is_delivery};
use crate::calendar;
use crate::cast::{FREIGHT_EDI, FREIGHT_POD, PARCEL};
use crate::config::Fault;
use crate::expectations::{
    ADVICE_AFTER_PICKUP, CUSTODY_GRACE, EARLY_DAYS, PICKUP_GRACE, PROOF_AFTER_DELIVERY,
    SCAN_AFTER_LABEL, SILENCE,
};
use crate::life::{Carrier, Consignment, Group, Line, Scan, Share, Step};
use crate::say::Mark;

/// One consignment with what was heard of it.
struct Trail<'a> {
    index: usize,
    life: &'a Consignment,
    orders: Vec<usize>,
    scans: Vec<HeardScan<'a>>,
    /// Stamps without zone or dated ahead: nothing about time is certain.
    blurred: bool,
}

impl<'a> Trail<'a> {
    fn positions(&self) -> impl Iterator<Item = &HeardScan<'a>> {
        self.scans.iter().filter(|s| gives_position(s.scan))
    }
    fn find(&self, wanted: impl Fn(Step) -> bool) -> Option<&HeardScan<'a>> {
        self.scans.iter().find(|s| wanted(s.scan.step) && !s.scan.odd_code)
    }
    /// The feed on which its scans come.
    const fn feed(&self) -> &'static str {
        match self.life.carrier {
            Carrier::Freight => FREIGHT_EDI,
            Carrier::Parcel => PARCEL,
        }
    }
    fn delivery(&self) -> Option<&HeardScan<'a>> {
        self.scans.iter().find(|s| is_delivery(s.scan))
    }
}

pub(super) fn conclude(evidence: &mut Evidence<'_>, index: usize) {
    let Some(life) = evidence.group.consignments.get(index) else { return };
    let scans = evidence.scans(index);
    let ahead = |s: &HeardScan<'_>| s.scan.stated_at != s.scan.happened_at;
    let blurred = scans.iter().any(|s| s.scan.without_zone || ahead(s));
    let orders = evidence.group.orders_of(&life.contents);
    let trail = Trail { index, life, orders, scans, blurred };
    advice(evidence, &trail);
    label(evidence, &trail);
    silence(evidence, &trail);
    custody(evidence, &trail);
    pick_up(evidence, &trail);
    proof(evidence, &trail);
    if !life.inbound {
        arrival(evidence, &trail);
        estimate(evidence, &trail);
    }
    advised_quantity(evidence, &trail);
}

/// E-FUL-03: by arrival of the advice, since the first that the carrier did.
fn advice(evidence: &mut Evidence<'_>, trail: &Trail<'_>) {
    let Some(first) = trail.positions().next().copied() else { return };
    let due = first.scan.stated_at + ADVICE_AFTER_PICKUP;
    let group = evidence.group;
    let mine =
        group.advices.iter().enumerate().filter(|(_, a)| a.consignments.contains(&trail.index));
    let papers: Vec<(Vec<usize>, Option<Instant>)> =
        mine.map(|(n, a)| (group.orders_advised(a), evidence.heard_at(Mark::Advised(n)))).collect();
    let one_in_time = papers.iter().any(|(_, at)| at.is_some_and(|at| at <= due));
    for (orders, at) in papers {
        if at.is_some_and(|at| at <= due) {
            continue;
        }
        // With an advice for each order of a truck, one of them may pass for all.
        let doubtful = trail.blurred
            || (group.share == Share::Truck && one_in_time)
            || evidence.is_held_up(feed_of(trail.life.shipper), due);
        let linked_at = evidence.linked_at(trail.index);
        let held = Held::since(due)
            .until(at)
            .known_with(Some(first.at))
            .known_with(linked_at)
            .tolerated(doubtful);
        evidence.about_consignment("E-FUL-03", trail.life, &orders, held);
    }
}

/// E-FUL-06.
fn label(evidence: &mut Evidence<'_>, trail: &Trail<'_>) {
    let Some(label) = trail.find(|step| step == Step::Label).copied() else { return };
    let due = label.scan.stated_at + SCAN_AFTER_LABEL;
    let first = trail.positions().next();
    let scanned_in_time = first.is_some_and(|s| s.scan.stated_at <= due);
    let heard_in_time = first.is_some_and(|s| s.at <= due);
    if !heard_in_time {
        let held = Held::since(due)
            .until(first.map(|s| s.at))
            .known_with(Some(label.at))
            .tolerated(scanned_in_time || trail.blurred)
            .tolerated(evidence.is_held_up(trail.feed(), due));
        evidence.about_consignment("E-FUL-06", trail.life, &trail.orders, held);
    }
}

/// E-TRN-05, each time: by what the stamps say, and where those are wrong also by what really happened,
/// which whoever distrusts a stamp may conclude.
fn silence(evidence: &mut Evidence<'_>, trail: &Trail<'_>) {
    silences(evidence, trail, |scan| scan.stated_at);
    if trail.blurred {
        silences(evidence, trail, |scan| scan.happened_at);
    }
}

fn silences(evidence: &mut Evidence<'_>, trail: &Trail<'_>, time: fn(&Scan) -> Instant) {
    // A proof of delivery says where the goods are, even if the delivery itself was never told.
    let speaks = |s: &&HeardScan<'_>| gives_position(s.scan) || s.scan.step == Step::Proof;
    let mut positions: Vec<HeardScan<'_>> = trail.scans.iter().filter(speaks).copied().collect();
    positions.sort_by_key(|s| time(s.scan));
    for (n, here) in positions.iter().enumerate() {
        if is_delivery(here.scan) || here.scan.step == Step::Proof {
            break;
        }
        let due = time(here.scan) + SILENCE;
        let next = positions.get(n + 1);
        // Whatever of the later scans is heard first ends the silence as far as anybody knows.
        let heard_at = positions.iter().skip(n + 1).map(|s| s.at).min();
        let moved_in_time = next.is_some_and(|s| time(s.scan) <= due);
        if heard_at.is_some_and(|at| at <= due) && moved_in_time {
            continue;
        }
        let held = Held::since(due)
            .until(heard_at)
            .known_with(Some(here.at))
            .tolerated(moved_in_time || trail.blurred)
            .tolerated(evidence.is_held_up(trail.feed(), due));
        evidence.about_consignment("E-TRN-05", trail.life, &trail.orders, held);
    }
}

/// E-TRN-27: the shipper's release is stated by the advice.
fn custody(evidence: &mut Evidence<'_>, trail: &Trail<'_>) {
    let advices = &evidence.group.advices;
    let mine = |n: usize| advices.get(n).is_some_and(|a| a.consignments.contains(&trail.index));
    let told_at = evidence.first(|m| matches!(m, Mark::Advised(n) if mine(n)));
    let advice = advices.iter().find(|a| a.consignments.contains(&trail.index));
    let (Some(advice), Some(told_at)) = (advice, told_at) else { return };
    let due = advice.released_at + CUSTODY_GRACE;
    let taken = trail.positions().next();
    let taken_in_time = taken.is_some_and(|s| s.scan.stated_at <= due);
    if taken.is_none_or(|s| s.at > due) {
        let held = Held::since(due)
            .until(taken.map(|s| s.at))
            .known_with(Some(told_at))
            .tolerated(taken_in_time || trail.blurred)
            .tolerated(evidence.is_held_up(trail.feed(), due));
        evidence.about_consignment("E-TRN-27", trail.life, &trail.orders, held);
    }
}

/// E-TRN-02.
fn pick_up(evidence: &mut Evidence<'_>, trail: &Trail<'_>) {
    let planned = trail.find(|step| matches!(step, Step::PickupPlanned(_))).copied();
    let Some((planned, Step::PickupPlanned(planned_at))) = planned.map(|s| (s, s.scan.step)) else {
        return;
    };
    let due = planned_at + PICKUP_GRACE;
    let first = trail.positions().next();
    let in_time = first.is_some_and(|s| s.scan.stated_at <= due);
    if first.is_none_or(|s| s.at > due) {
        let held = Held::since(due)
            .until(first.map(|s| s.at))
            .known_with(Some(planned.at))
            .tolerated(in_time || trail.blurred)
            .tolerated(evidence.is_held_up(trail.feed(), due));
        evidence.about_consignment("E-TRN-02", trail.life, &trail.orders, held);
    }
}

/// E-TRN-24: by arrival of the proof.
fn proof(evidence: &mut Evidence<'_>, trail: &Trail<'_>) {
    let Some(delivery) = trail.delivery().copied() else { return };
    let due = delivery.scan.stated_at + PROOF_AFTER_DELIVERY;
    let proof_at = trail.find(|step| step == Step::Proof).map(|s| s.at);
    let proof_feed = match trail.life.carrier {
        Carrier::Freight => FREIGHT_POD,
        Carrier::Parcel => PARCEL,
    };
    if proof_at.is_none_or(|at| at > due) {
        let doubtful = trail.blurred || evidence.is_held_up(proof_feed, due);
        let held =
            Held::since(due).until(proof_at).known_with(Some(delivery.at)).tolerated(doubtful);
        evidence.about_consignment("E-TRN-24", trail.life, &trail.orders, held);
    }
}

/// E-TRN-22, E-TRN-23: against the promise, which is a day at the place of delivery.
fn arrival(evidence: &mut Evidence<'_>, trail: &Trail<'_>) {
    let zone = trail.life.to.zone;
    for &n in &trail.orders {
        let Some(order) = evidence.order(n) else { continue };
        let promised_at = evidence.heard_at(Mark::Confirmed(n));
        let linked_at = evidence.linked_at(trail.index);
        let ends_at = calendar::at(calendar::plus_days(order.promised_on, 1), 0, 0, zone);
        let known = |held: Held| held.known_with(promised_at).known_with(linked_at);
        let Some(delivery) = trail.delivery() else {
            // Not delivered as far as anybody knows: late once the promised day is over.
            let held = known(Held::since(ends_at)).tolerated(true);
            evidence.about_consignment("E-TRN-22", trail.life, &[n], held);
            continue;
        };
        let delivered_at = delivery.scan.stated_at;
        let several = evidence.group.deliveries_of(n).count() > 1;
        let mut known_at = known(Held::since(delivered_at)).known_with(Some(delivery.at));
        if delivered_at >= ends_at {
            known_at.from = ends_at;
            let held = known_at.tolerated(trail.blurred);
            evidence.about_consignment("E-TRN-22", trail.life, &[n], held);
        } else if delivery.at >= ends_at {
            let held = known(Held::since(ends_at)).until(Some(delivery.at)).tolerated(true);
            evidence.about_consignment("E-TRN-22", trail.life, &[n], held);
        }
        let day = calendar::date(delivered_at, zone);
        if calendar::plus_days(day, EARLY_DAYS) < order.promised_on {
            // The first of several consignments is early for what it brings, or for nothing; and who
            // is told of a part only cannot know that no other is to come.
            let in_part = several || order.faults.has(Fault::ShortShipment);
            let held = known_at.tolerated(in_part || trail.blurred);
            evidence.about_consignment("E-TRN-23", trail.life, &[n], held);
        }
    }
}

/// E-TRN-04: the carrier expects a day after the promise.
fn estimate(evidence: &mut Evidence<'_>, trail: &Trail<'_>) {
    let linked_at = evidence.linked_at(trail.index);
    for &n in &trail.orders {
        let Some(order) = evidence.order(n) else { continue };
        let promised_at = evidence.heard_at(Mark::Confirmed(n));
        // An estimate is read whatever the code beside it.
        let mut estimates = trail.scans.iter();
        let late = |s: &&HeardScan<'_>| s.scan.estimate_on.is_some_and(|on| on > order.promised_on);
        let Some(first) = estimates.find(late).copied() else { continue };
        let in_time = |s: &&HeardScan<'_>| {
            s.scan.estimate_on.is_some_and(|on| on <= order.promised_on) || is_delivery(s.scan)
        };
        let ended_at = estimates.find(in_time).map(|s| s.at);
        let ended_at = ended_at.or_else(|| trail.delivery().map(|s| s.at));
        let held = Held::since(first.scan.happened_at)
            .until(ended_at)
            .known_with(Some(first.at))
            .known_with(promised_at)
            .known_with(linked_at)
            .tolerated(trail.blurred);
        evidence.about_consignment("E-TRN-04", trail.life, &[n], held);
    }
}

/// E-FUL-04: what the advice states is not what was confirmed.
fn advised_quantity(evidence: &mut Evidence<'_>, trail: &Trail<'_>) {
    let group = evidence.group;
    for (n, advice) in group.advices.iter().enumerate() {
        // One finding an advice: it is the first of its consignments that speaks for it.
        let mine = advice.consignments.first() == Some(&trail.index);
        let Some(told) = evidence.heard(Mark::Advised(n)).filter(|_| mine) else { continue };
        for o in group.orders_advised(advice) {
            let Some(order) = evidence.order(o) else { continue };
            let unlike_confirmed = differing(group, n, o, |line| line.confirmed);
            let unlike_ordered = differing(group, n, o, |line| line.ordered);
            if unlike_confirmed.is_empty() && unlike_ordered.is_empty() {
                continue;
            }
            // What the OEM's advice to the distributor said of a line, the onward one only repeats.
            let same = (0..group.advices.len()).filter(|other| {
                let lines = differing(group, *other, o, |line| line.confirmed);
                lines.iter().any(|line| unlike_confirmed.contains(line))
            });
            let said = same.filter_map(|other| evidence.heard(Mark::Advised(other)));
            let from = said.map(|heard| heard.said_at).min().unwrap_or(told.said_at);
            // Until somebody tells of the change, an advice can only be held against the order.
            let told_at = evidence.first(
                |m| matches!(m, Mark::Confirmed(x) | Mark::Acknowledged(x) | Mark::PoRaised(x) if x == o),
            );
            let held = Held::since(from).known_with(Some(told.at));
            let certain = held.known_with(told_at).tolerated(unlike_confirmed.is_empty());
            evidence.about_consignment("E-FUL-04", trail.life, &[o], certain);
            if order.faults.has(Fault::ShortShipment) || unlike_confirmed.is_empty() {
                evidence.about_consignment("E-FUL-02", trail.life, &[o], held.tolerated(true));
            }
        }
    }
}

/// The lines of an order of which an advice states another quantity. A line travels on one day: what an
/// advice states of it is all of it.
fn differing(group: &Group, advice: usize, order: usize, against: fn(&Line) -> u32) -> Vec<usize> {
    let (Some(advice), Some(life)) = (group.advices.get(advice), group.orders.get(order)) else {
        return Vec::new();
    };
    let stated = |line: usize| {
        let of_line = advice.stated.iter().filter(|(_, p)| p.order == order && p.line == line);
        of_line.map(|(_, portion)| portion.quantity).reduce(|sum, next| sum + next)
    };
    let lines = life.lines.iter().enumerate();
    lines
        .filter(|(n, line)| stated(*n).is_some_and(|sum| sum != against(line)))
        .map(|(n, _)| n)
        .collect()
}

/// How long a wrong stamp may be ahead before it is called one.
pub(super) fn is_ahead(scan: &HeardScan<'_>, tolerance: Duration) -> bool {
    scan.scan.stated_at > scan.at + tolerance
}

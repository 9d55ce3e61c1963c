//! The phase of a whole: a roll-up of lines and objects in which partial stays partial.
//!
//! Nothing here rounds: 99.9996 % shipped is partly shipped.

use rust_decimal::Decimal;

use crate::book::Step;
use crate::fact::{Classifier, Measure, Relation};
use crate::identifier::ObjectKind;
use crate::lines::Finality;
use crate::milestone::Milestone;
use crate::picture::Picture;
use crate::progress::{actual, furthest};
use crate::state::Phase;

/// Where the subject stands.
#[must_use]
pub fn phase(picture: &Picture<'_, '_>) -> Phase {
    if picture.disputed {
        return Phase::Disputed;
    }
    if is_closed(picture) {
        return Phase::Closed;
    }
    if picture.kind == ObjectKind::Order { order_phase(picture) } else { object_phase(picture) }
}

/// Whether more can come for the lines of an order.
#[must_use]
pub fn finality(picture: &Picture<'_, '_>) -> Finality {
    let own = |m| actual(&picture.own, m);
    if own(Milestone::O90).is_some() {
        Finality::Cancelled
    } else if own(Milestone::O95).is_some() || is_closed(picture) {
        Finality::Final
    } else {
        Finality::Open
    }
}

fn is_closed(picture: &Picture<'_, '_>) -> bool {
    if actual(&picture.own, Milestone::O95).is_some() {
        return true;
    }
    let Some(journey) = picture.journey.filter(|_| picture.kind == ObjectKind::Order) else {
        return false;
    };
    let mut applicable = journey.closes_on.iter().filter(|m| applies(picture, **m)).peekable();
    applicable.peek().is_some() && applicable.all(|m| picture.reached(*m).is_some())
}

/// Whether any live source can report the milestone.
#[must_use]
pub fn applies(picture: &Picture<'_, '_>, milestone: Milestone) -> bool {
    let Some(journey) = picture.journey else { return true };
    let step = journey.steps.iter().find(|s| s.milestone == milestone);
    step.is_none_or(|step| can_be_reported(picture, step))
}

/// Whether any live source can report a step.
#[must_use]
pub fn can_be_reported(picture: &Picture<'_, '_>, step: &Step) -> bool {
    let by = &step.reported_by;
    by.is_empty() || by.iter().any(|role| picture.known.is_heard(*role))
}

#[derive(Default)]
struct Sums {
    ordered: Decimal,
    shipped: Decimal,
    cancelled: Decimal,
    all_shipped: bool,
    any_delivered: bool,
}

fn sums(picture: &Picture<'_, '_>) -> Sums {
    let mut sums = Sums { all_shipped: true, ..Sums::default() };
    for (key, amounts) in &picture.amounts {
        let (ordered, shipped, cancelled) = (
            amounts.value(Measure::Ordered),
            amounts.value(Measure::Shipped),
            amounts.value(Measure::Cancelled),
        );
        sums.all_shipped &= shipped >= ordered - cancelled;
        sums.ordered += ordered;
        sums.shipped += shipped;
        sums.cancelled += cancelled;
        let (delivered, _) = picture.line_delivered(key, amounts, Milestone::T60);
        sums.any_delivered |= delivered > Decimal::ZERO;
    }
    sums
}

fn order_phase(picture: &Picture<'_, '_>) -> Phase {
    let reached = |milestone| picture.reached(milestone).is_some();
    let sums = sums(picture);
    let moving = contained_progress(picture);
    let cancelled = actual(&picture.own, Milestone::O90).is_some()
        || (sums.ordered > Decimal::ZERO && sums.cancelled >= sums.ordered);
    if reached(Milestone::T60) {
        return Phase::Delivered;
    }
    if sums.any_delivered || some_object_delivered(picture) {
        return Phase::PartlyDelivered;
    }
    let nothing_left = sums.shipped.is_zero() && !moving;
    if cancelled && nothing_left {
        return Phase::Cancelled;
    }
    if sums.shipped > Decimal::ZERO {
        return if sums.all_shipped || cancelled { Phase::Shipped } else { Phase::PartlyShipped };
    }
    if moving {
        return if sums.ordered > Decimal::ZERO { Phase::PartlyShipped } else { Phase::Shipped };
    }
    if reached(Milestone::O30) {
        Phase::Confirmed
    } else if reached(Milestone::O10) || sums.ordered > Decimal::ZERO {
        Phase::Placed
    } else {
        Phase::Unplaced
    }
}

fn some_object_delivered(picture: &Picture<'_, '_>) -> bool {
    let t60 = Milestone::T60;
    let mut others = picture.others.iter().enumerate();
    others.any(|(object, states)| actual(states, t60).is_some() && picture.tells_of(object, t60))
}

/// Whether goods of the order have left: an object that it contains was picked up or beyond.
fn contained_progress(picture: &Picture<'_, '_>) -> bool {
    let left = Milestone::T10.rank();
    picture.below.iter().filter(|(_, c)| c.relation == Relation::Contains).any(|(_, c)| {
        picture.others.get(c.object).is_some_and(|states| {
            states
                .iter()
                .filter(|m| m.current.has(Classifier::Actual))
                .any(|m| m.milestone.is_physical() && m.milestone.rank() >= left)
        })
    })
}

fn object_phase(picture: &Picture<'_, '_>) -> Phase {
    let reached = |milestone| picture.reached(milestone).is_some();
    if reached(Milestone::T60) || reached(Milestone::S50) || reached(Milestone::B40) {
        return Phase::Delivered;
    }
    if reached(Milestone::T95) || reached(Milestone::S90) {
        return Phase::Cancelled;
    }
    if some_object_delivered(picture) {
        return Phase::PartlyDelivered;
    }
    match furthest(picture.own.iter()) {
        Some(m) if m.is_physical() => Phase::Shipped,
        Some(_) => Phase::Placed,
        None if contained_progress(picture) => Phase::PartlyShipped,
        None => Phase::Unplaced,
    }
}

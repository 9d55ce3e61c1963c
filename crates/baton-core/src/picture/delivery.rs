//! What of a subject was delivered, when, and which deliveries count: quantities over the objects that
//! carry them, and no leg that ends at a dock on the way.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use smallvec::smallvec;

use super::{Picture, Reached, latest};
use crate::authority::value_text;
use crate::fact::{Body, Classifier, Field, Measure, Value};
use crate::identifier::ObjectKind;
use crate::lines::{LineKey, Totals};
use crate::milestone::Milestone;
use crate::progress::actual;

impl Picture<'_, '_> {
    /// Whether an object's delivery is a delivery of the subject: a leg to a dock on the way, which is
    /// stated to go to another postcode than the order, ends there and delivers nothing of it. Every
    /// other milestone of such a leg is one of the order's way.
    #[must_use]
    pub fn tells_of(&self, object: usize, milestone: Milestone) -> bool {
        let arrives = matches!(milestone.code(), "T60" | "T65");
        !arrives || !self.elsewhere.get_or_init(|| self.find_elsewhere()).contains(&object)
    }

    fn find_elsewhere(&self) -> BTreeSet<usize> {
        if self.kind != ObjectKind::Order {
            return BTreeSet::new();
        }
        let [to, ..] = self.opinions.of(None, Field::ShipToPostcode) else {
            return BTreeSet::new();
        };
        let goes_elsewhere = |object: &usize| {
            let stated = self.known.holding(*object).filter_map(|fact| match &fact.body {
                Body::Stated { field: Field::ShipToPostcode, value } => Some(value),
                _ => None,
            });
            stated.last().is_some_and(|value| !same_postcode(value, to.value))
        };
        self.below.iter().map(|(_, child)| child.object).filter(goes_elsewhere).collect()
    }

    /// When all of it was delivered.
    pub(super) fn find_delivered(&self) -> Option<Reached> {
        self.delivered_of(|amounts| self.to_deliver(amounts))
    }

    /// When all was delivered that a supplier confirmed: who confirms three of six sends no more than
    /// three for now. The order is not whole by it.
    #[must_use]
    pub fn delivered_as_confirmed(&self) -> Option<Reached> {
        self.delivered_of(|amounts| {
            let due = self.to_deliver(amounts);
            amounts.believed(Measure::Confirmed).map_or(due, |c| c.value.min(due))
        })
    }

    fn delivered_of(&self, due: impl Fn(&Totals<'_>) -> Decimal) -> Option<Reached> {
        let t60 = Milestone::T60;
        if let Some(version) = actual(&self.own, t60) {
            return Some(Reached::of(version));
        }
        if self.kind != ObjectKind::Order {
            return self.reached_by_content(self.root, t60);
        }
        let mut parts = Vec::new();
        let mut carried_anything = false;
        for (key, amounts) in &self.amounts {
            let due = due(amounts);
            if due <= Decimal::ZERO {
                continue;
            }
            let (delivered, reached) = self.line_delivered(key, amounts, t60);
            if delivered < due {
                return None;
            }
            carried_anything = true;
            parts.extend(reached);
        }
        if carried_anything { latest(parts) } else { self.reached_by_content(self.root, t60) }
    }

    /// Every delivery of a part of the subject, or of all of it.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Reached> {
        let t60 = Milestone::T60;
        let own = self.own.iter().filter(|m| m.milestone == t60);
        let own = own.filter_map(|m| m.current.get(Classifier::Actual)).map(Reached::of);
        let objects = self.below.iter().map(|(_, c)| c.object);
        let below = objects
            .filter(|object| self.tells_of(*object, t60))
            .filter_map(|object| actual(self.others.get(object)?, t60))
            .map(Reached::of);
        own.chain(below).collect()
    }

    /// What of a line is to be delivered: ordered less cancelled.
    #[must_use]
    pub fn to_deliver(&self, amounts: &Totals<'_>) -> Decimal {
        amounts.value(Measure::Ordered) - amounts.value(Measure::Cancelled)
    }

    /// How much of a line was delivered, by the objects that carry it or by plain word, and when.
    #[must_use]
    pub fn line_delivered(
        &self,
        key: &LineKey,
        amounts: &Totals<'_>,
        t60: Milestone,
    ) -> (Decimal, Vec<Reached>) {
        let mut reached = Vec::new();
        let own = self.own.iter().find(|m| m.milestone == t60 && m.line.as_ref() == Some(key));
        if let Some(version) = own.and_then(|m| m.current.get(Classifier::Actual)) {
            return (self.to_deliver(amounts), vec![Reached::of(version)]);
        }
        let mut total = Decimal::ZERO;
        for (object, quantity) in amounts.carriers() {
            if let Some(at) = self.object_reached(object, t60) {
                total += quantity;
                reached.push(at);
            }
        }
        let stated = amounts.believed(Measure::Delivered);
        if let Some(stated) = stated.filter(|s| s.value > total) {
            total = stated.value;
            let facts = stated
                .facts
                .iter()
                .filter_map(|id| self.known.holding(self.root).find(|f| f.id == *id));
            reached.extend(facts.map(|f| Reached {
                at: f.happened,
                received_at: f.received_at,
                facts: smallvec![f.id],
            }));
        }
        (total, reached)
    }
}

/// Whether two postcodes are of one place: blanks and hyphens do not count, and one may be the longer
/// form of the other (`38103` and `38103-1234`).
fn same_postcode(one: &Value, other: &Value) -> bool {
    let letters = |value: &Value| -> String {
        let text = value_text(value);
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
    };
    let (one, other) = (letters(one), letters(other));
    one.starts_with(&other) || other.starts_with(&one)
}

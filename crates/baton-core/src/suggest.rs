//! What something might belong to that nothing says anything of: how much speaks for an order, in points
//! whose reasons can be read. It is a suggestion to a person and never a link: what only looks alike is
//! not the same until somebody says so.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::fact::{Field, Measure, Value};
use crate::identifier::Identifier;
use crate::partner::PartnerKey;
use crate::state::State;
use crate::time::{Duration, Instant};

/// Numbers of fewer letters and digits than this are alike by chance.
const ALIKE_CHARS_MIN: usize = 5;
/// What each reason counts for.
const SAME_NUMBER: u32 = 60;
const WITHIN_NUMBER: u32 = 40;
const ONE_SIGN_OFF: u32 = 40;
const TWO_SIGNS_OFF: u32 = 20;
const SAME_PARTNER: u32 = 10;
const SAME_PLACE: u32 = 15;
const SAME_QUANTITY: u32 = 15;
const SAME_TIME: u32 = 10;
/// Below this nothing is suggested: a partner and a time alone fit too many.
pub const POINTS_MIN: u32 = 30;
/// How long after an order was placed something of it is usually heard of first.
const USUAL: Duration = Duration::days(21);

/// Something that speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Reason {
    /// Two numbers are the same but for how they are written: case, blanks, signs, leading zeros.
    SameNumber {
        #[schemars(with = "String")]
        found: SmolStr,
        #[schemars(with = "String")]
        known: SmolStr,
    },
    /// One number is a part of the other.
    WithinNumber {
        #[schemars(with = "String")]
        found: SmolStr,
        #[schemars(with = "String")]
        known: SmolStr,
    },
    /// So many signs are missing, too many, other ones, or change places.
    NearNumber {
        #[schemars(with = "String")]
        found: SmolStr,
        #[schemars(with = "String")]
        known: SmolStr,
        signs: usize,
    },
    /// Whoever speaks of it takes part in the order.
    SamePartner {
        #[schemars(with = "String")]
        partner: PartnerKey,
    },
    /// It goes to where the order is to be delivered.
    SamePlace {
        #[schemars(with = "String")]
        place: SmolStr,
    },
    /// As much of the same article.
    SameQuantity {
        #[schemars(with = "String")]
        sku: SmolStr,
        quantity: String,
    },
    /// First heard of when things of such an order usually are.
    SameTime { placed_at: Instant },
}

impl Reason {
    #[must_use]
    pub const fn points(&self) -> u32 {
        match self {
            Self::SameNumber { .. } => SAME_NUMBER,
            Self::WithinNumber { .. } => WITHIN_NUMBER,
            Self::NearNumber { signs: 1, .. } => ONE_SIGN_OFF,
            Self::NearNumber { .. } => TWO_SIGNS_OFF,
            Self::SamePartner { .. } => SAME_PARTNER,
            Self::SamePlace { .. } => SAME_PLACE,
            Self::SameQuantity { .. } => SAME_QUANTITY,
            Self::SameTime { .. } => SAME_TIME,
        }
    }
}

/// What is known of something that belongs to nothing.
#[derive(Debug, Clone, Copy)]
pub struct Stray<'a> {
    pub state: &'a State,
    /// When it was first heard of.
    pub first_heard_at: Option<Instant>,
    /// Whoever spoke of it.
    pub heard_of: &'a [PartnerKey],
}

/// What speaks for a stray thing being of an order that was placed then; the greatest first.
#[must_use]
pub fn reasons(stray: Stray<'_>, order: &State, placed_at: Option<Instant>) -> Vec<Reason> {
    let mut found: Vec<Reason> = number(stray.state, order).into_iter().collect();
    found.extend(partner(stray, order));
    found.extend(place(stray.state, order));
    found.extend(quantity(stray.state, order));
    if let (Some(heard), Some(placed)) = (stray.first_heard_at, placed_at)
        && heard >= placed
        && heard <= placed + USUAL
    {
        found.push(Reason::SameTime { placed_at: placed });
    }
    found.sort_by_key(|reason| std::cmp::Reverse(reason.points()));
    found
}

/// A number as people compare it: letters and digits alone, no leading zeros.
fn bare(value: &str) -> String {
    let signs = value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase);
    let signs: String = signs.collect();
    signs.trim_start_matches('0').to_owned()
}

/// The best likeness between a number of one and a number of the other, or of what it reaches.
fn number(stray: &State, order: &State) -> Option<Reason> {
    let below = order.objects.iter().flat_map(|object| &object.identifiers);
    let known: Vec<&Identifier> = order.identifiers.iter().chain(below).collect();
    let pairs =
        stray.identifiers.iter().flat_map(|one| known.iter().map(move |other| (one, *other)));
    let found = pairs.filter_map(|(one, other)| likeness(&one.value, &other.value));
    found.max_by_key(Reason::points)
}

fn likeness(found: &SmolStr, known: &SmolStr) -> Option<Reason> {
    let (one, other) = (bare(found), bare(known));
    let shorter = one.chars().count().min(other.chars().count());
    if shorter < ALIKE_CHARS_MIN {
        return None;
    }
    let (found, known) = (found.clone(), known.clone());
    if one == other {
        return Some(Reason::SameNumber { found, known });
    }
    if one.contains(&other) || other.contains(&one) {
        return Some(Reason::WithinNumber { found, known });
    }
    // In a short number two signs off is another number.
    let off_max = if shorter < 2 * ALIKE_CHARS_MIN { 1 } else { 2 };
    let signs = strsim::damerau_levenshtein(&one, &other);
    (signs <= off_max).then_some(Reason::NearNumber { found, known, signs })
}

fn partner(stray: Stray<'_>, order: &State) -> Option<Reason> {
    let plays =
        |partner: &&PartnerKey| order.partners.iter().any(|playing| playing.partner == **partner);
    let found = stray.heard_of.iter().find(plays)?;
    Some(Reason::SamePartner { partner: found.clone() })
}

fn text(state: &State, field: Field) -> Option<&SmolStr> {
    match state.fields.get(&field).map(|field| &field.value) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

fn place(stray: &State, order: &State) -> Option<Reason> {
    let same = |field| {
        let (one, other) = (text(stray, field)?, text(order, field)?);
        one.eq_ignore_ascii_case(other).then(|| one.clone())
    };
    let postcode = same(Field::ShipToPostcode);
    postcode.or_else(|| same(Field::ShipToPlace)).map(|place| Reason::SamePlace { place })
}

fn quantity(stray: &State, order: &State) -> Option<Reason> {
    let all = |state: &State| -> BTreeSet<(SmolStr, String)> {
        let lines = state.lines.iter().flat_map(|line| {
            let of = |measure: &Measure| line.quantities.get(measure);
            let measured = [Measure::Ordered, Measure::Shipped].iter().filter_map(of);
            let sku = line.sku.clone();
            measured.filter_map(move |m| Some((sku.clone()?, m.value.normalize().to_string())))
        });
        lines.collect()
    };
    let ordered = all(order);
    let (sku, quantity) = all(stray).into_iter().find(|one| ordered.contains(one))?;
    Some(Reason::SameQuantity { sku, quantity })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: &str, known: &str, expected: Option<u32>) {
        let reason = likeness(&found.into(), &known.into());
        assert_eq!(reason.as_ref().map(Reason::points), expected, "{found} {known}: {reason:?}");
    }

    #[test]
    fn numbers_are_alike_as_people_compare_them() {
        check("PO-00123", "po 00123", Some(SAME_NUMBER));
        check("0004500123", "4500123", Some(SAME_NUMBER));
        check("4500123", "PO4500123", Some(WITHIN_NUMBER));
        check("4500123", "4500132", Some(ONE_SIGN_OFF));
        check("4500123", "4500124", Some(ONE_SIGN_OFF));
        check("4500123", "4500245", None);
        check("TSP790000009001", "TSP790000009102", Some(TWO_SIGNS_OFF));
        check("TSP790000009001", "TSP790000009112", None);
        check("123", "123", None);
        check("#1001", "1001", None);
    }
}

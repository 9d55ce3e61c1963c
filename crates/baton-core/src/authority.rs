//! Who is believed: every field keeps each role's latest statement; authority declared in a pack
//! picks the one that counts, and the others stay visible as contradictions.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use crate::book::AuthorityOver;
use crate::fact::{Body, Fact, Field, Measure, Value};
use crate::known::Known;
use crate::lines::{LineKey, Totals};
use crate::partner::Role;
use crate::state::{Contradiction, FieldState, Said};

/// The latest statement of each source about each field of the subject and its lines.
#[derive(Debug, Default)]
pub struct Opinions<'b> {
    by_field: BTreeMap<(Option<LineKey>, Field), SaidOf<'b>>,
}

/// What is said of one field, by one source or two as a rule.
type SaidOf<'b> = SmallVec<[Opinion<'b>; 2]>;

/// One source's latest word on a field.
#[derive(Debug, Clone)]
pub struct Opinion<'b> {
    pub role: Role,
    pub fact: &'b Fact,
    pub value: &'b Value,
}

/// Gathers the fields of a subject; `lines` are the lines of all facts about it.
#[must_use]
pub fn opinions<'b>(known: &Known<'b>, object: usize, lines: &[Option<LineKey>]) -> Opinions<'b> {
    let mut by_field: BTreeMap<(Option<LineKey>, Field), SaidOf<'b>> = BTreeMap::new();
    for (fact, line) in known.about(object).zip(lines) {
        let Body::Stated { field, value } = &fact.body else { continue };
        let is_of_no_known_line = fact.about.line.is_some() && line.is_none();
        if is_of_no_known_line || known.retracted_by(fact.id).is_some() {
            continue;
        }
        let role = known.role_of(&fact.source);
        let opinion = Opinion { role, fact, value };
        let said = by_field.entry((line.clone(), *field)).or_default();
        match said.iter_mut().find(|o| o.fact.source == fact.source) {
            Some(earlier) => *earlier = opinion,
            None => said.push(opinion),
        }
    }
    for ((_, field), opinions) in &mut by_field {
        let roles = known.book.believed(AuthorityOver::Field(*field));
        let trust = |role: Role| roles.iter().position(|r| *r == role).unwrap_or(roles.len());
        // The most trusted role first; within it the latest word.
        opinions
            .sort_by(|a, b| trust(a.role).cmp(&trust(b.role)).then_with(|| b.fact.in_time(a.fact)));
    }
    Opinions { by_field }
}

impl<'b> Opinions<'b> {
    /// The opinions on a field, the believed one first.
    #[must_use]
    pub fn of(&self, line: Option<&LineKey>, field: Field) -> &[Opinion<'b>] {
        self.by_field.get(&(line.cloned(), field)).map_or(&[], SmallVec::as_slice)
    }

    /// Whether several sources ever stated the field of the subject or of one of its lines.
    #[must_use]
    pub fn several(&self, field: Field) -> bool {
        self.by_field.iter().any(|((_, of), said)| *of == field && said.len() > 1)
    }

    /// The believed values of the subject (`None`) or of one line.
    #[must_use]
    pub fn fields(&self, line: Option<&LineKey>) -> BTreeMap<Field, FieldState> {
        self.by_field
            .iter()
            .filter(|((l, _), _)| l.as_ref() == line)
            .filter_map(|((_, field), opinions)| {
                let best = opinions.first()?;
                let state =
                    FieldState { value: best.value.clone(), role: best.role, fact: best.fact.id };
                Some((*field, state))
            })
            .collect()
    }
}

/// The field's name as documents write it.
#[must_use]
pub const fn field_name(field: Field) -> &'static str {
    match field {
        Field::Price => "price",
        Field::Total => "total",
        Field::Description => "description",
        Field::CustomerRef => "customer_ref",
        Field::CustomerName => "customer_name",
        Field::ShipToPlace => "ship_to_place",
        Field::ShipToPostcode => "ship_to_postcode",
        Field::ShipToCountry => "ship_to_country",
        Field::Channel => "channel",
        Field::Incoterm => "incoterm",
        Field::ServiceLevel => "service_level",
        Field::Number => "number",
    }
}

/// A value as people read it.
#[must_use]
pub fn value_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Money(money) => format!("{} {}", money.amount.normalize(), money.currency),
        Value::Number(number) => number.normalize().to_string(),
    }
}

/// Whether two values say the same: amounts by value, texts without regard to case and blanks.
#[must_use]
pub fn same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Text(a), Value::Text(b)) => a.trim().eq_ignore_ascii_case(b.trim()),
        _ => one == other || value_text(one) == value_text(other),
    }
}

/// Everything that two sources disagree about.
#[must_use]
pub fn contradictions(
    opinions: &Opinions<'_>,
    amounts: &BTreeMap<LineKey, Totals<'_>>,
) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for ((line, field), said) in &opinions.by_field {
        if !matches!(field, Field::Price | Field::Total | Field::Incoterm | Field::ShipToCountry) {
            continue;
        }
        let Some(best) = said.first() else { continue };
        let others: Vec<Said> = said
            .iter()
            .skip(1)
            .filter(|o| o.role != best.role && !same_value(o.value, best.value))
            .map(said_of)
            .collect();
        if !others.is_empty() {
            let about = about_text(line.as_ref(), field_name(*field));
            found.push(Contradiction { about, believed: said_of(best), others });
        }
    }
    for (line, amounts) in amounts {
        for measure in amounts.measures() {
            found.extend(quantity_contradiction(line, amounts, measure));
        }
    }
    found
}

fn quantity_contradiction(
    line: &LineKey,
    amounts: &Totals<'_>,
    measure: Measure,
) -> Option<Contradiction> {
    let (best, rest) = amounts.of_measure(measure).split_first()?;
    let said = |t: &crate::lines::SourceTotal<'_>| {
        t.facts.first().map(|fact| Said {
            value: format!("{} {}", t.value.normalize(), t.unit),
            role: t.role,
            source: t.source.clone(),
            fact: *fact,
        })
    };
    // Sources are compared only in the same unit; "10 cases" against "240 each" cannot be told.
    let others: Vec<Said> = rest
        .iter()
        .filter(|t| t.role != best.role && t.unit == best.unit && t.value != best.value)
        .filter_map(said)
        .collect();
    if others.is_empty() {
        return None;
    }
    Some(Contradiction {
        about: about_text(Some(line), measure_name(measure)),
        believed: said(best)?,
        others,
    })
}

/// A measure's name as documents write it.
#[must_use]
pub const fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Ordered => "ordered",
        Measure::Confirmed => "confirmed",
        Measure::Backordered => "backordered",
        Measure::Allocated => "allocated",
        Measure::Shipped => "shipped",
        Measure::Delivered => "delivered",
        Measure::Received => "received",
        Measure::Cancelled => "cancelled",
        Measure::Invoiced => "invoiced",
        Measure::Returned => "returned",
    }
}

fn about_text(line: Option<&LineKey>, what: &str) -> String {
    line.map_or_else(|| what.to_owned(), |l| format!("line {l} {what}"))
}

fn said_of(opinion: &Opinion<'_>) -> Said {
    Said {
        value: value_text(opinion.value),
        role: opinion.role,
        source: opinion.fact.source.clone(),
        fact: opinion.fact.id,
    }
}

//! The elements of one segment against their rules: there or not, too long or too short, a date, a
//! time, a number, and the conditions between them.

use rust_decimal::Decimal;

use super::document::SetView;
use super::fault::{FaultCode, Severity, StandardCode};
use super::moment::{X12Date, X12Time};
use super::schema::elements::{self, Condition, Content, ElementRule};
use super::segment::{Segment, clean};
use super::tree::{Findings, fault};

use FaultCode::{
    ElementDate, ElementExclusive, ElementLong, ElementMissing, ElementNumber, ElementPaired,
    ElementShort, ElementTime,
};
use Severity::{Error, Warning};

pub(super) fn check(
    set: &SetView<'_>,
    segment: Segment<'_>,
    path: &dyn Fn() -> String,
    faults: &mut Findings,
) {
    let Some(rules) = elements::of_key(segment.key()) else { return };
    let mut given = Given(0);
    let mut listed = rules.elements.iter();
    let mut elements = segment.elements();
    for position in 1.. {
        let (rule, element) = (listed.next(), elements.next());
        if rule.is_none() && element.is_none() {
            break;
        }
        let element = element.unwrap_or_default();
        let blank = element.trim_ascii().is_empty();
        given.note(position, !blank);
        let Some(rule) = rule else { continue };
        let wrong = if blank { absence(rule) } else { violation(rule, element) };
        if let Some((kind, expected, code)) = wrong {
            let detail = (Some(position), expected, StandardCode::Element(code));
            faults.push(fault(set, segment, kind, &path(), detail));
        }
    }
    for condition in &rules.conditions {
        if let Some((kind, at, expected, code)) = broken_condition(condition, segment, given) {
            let detail = (Some(at), expected, StandardCode::Element(code));
            faults.push(fault(set, segment, kind, &path(), detail));
        }
    }
}

/// Which elements of a segment have a value, by position. Conditions reach no further than 63.
#[derive(Debug, Clone, Copy)]
struct Given(u64);

impl Given {
    fn note(&mut self, position: usize, given: bool) {
        if given && position < 64 {
            self.0 |= 1 << position;
        }
    }

    fn has(self, position: usize) -> bool {
        position < 64 && self.0 & (1 << position) != 0
    }
}

type Kind = (Severity, FaultCode);

fn absence(rule: &ElementRule) -> Option<(Kind, String, &'static str)> {
    rule.required.then(|| ((Error, ElementMissing), "a value".to_owned(), "1"))
}

fn violation(rule: &ElementRule, element: &[u8]) -> Option<(Kind, String, &'static str)> {
    let text = clean(element);
    match rule.content {
        Content::Date => {
            let wrong = X12Date::parse(&text).is_none();
            return wrong.then(|| ((Error, ElementDate), "a date as CCYYMMDD".to_owned(), "8"));
        }
        Content::Time => {
            let wrong = X12Time::parse(&text).is_none();
            return wrong.then(|| ((Error, ElementTime), "a time as HHMM".to_owned(), "9"));
        }
        Content::Decimal if !is_decimal(&text) => {
            return Some(((Error, ElementNumber), "a number".to_owned(), "6"));
        }
        Content::Integer { .. } if integer(&text).is_none() => {
            return Some(((Error, ElementNumber), "a whole number".to_owned(), "6"));
        }
        Content::Text | Content::Decimal | Content::Integer { .. } => {}
    }
    // Sign and decimal point do not count towards the length of a number.
    let length = match rule.content {
        Content::Text if text.is_ascii() => text.len(),
        Content::Text => text.chars().count(),
        _ => text.chars().filter(char::is_ascii_digit).count(),
    };
    let expected = || format!("{} to {} characters", rule.length_min, rule.length_max);
    if length > rule.length_max {
        return Some(((Warning, ElementLong), expected(), "5"));
    }
    (length < rule.length_min).then(|| ((Warning, ElementShort), expected(), "4"))
}

fn broken_condition(
    condition: &Condition,
    segment: Segment<'_>,
    given: Given,
) -> Option<(Kind, usize, String, &'static str)> {
    match condition {
        Condition::Exclusive(positions) => {
            let both = positions.iter().filter(|p| given.has(**p)).count() > 1;
            let at = *positions.last()?;
            let expected = || format!("only one of {}", names(segment, positions));
            both.then(|| ((Error, ElementExclusive), at, expected(), "10"))
        }
        Condition::Paired(positions) => {
            let absent = *positions.iter().find(|p| !given.has(**p))?;
            let some = positions.iter().any(|p| given.has(*p));
            let expected = || format!("both of {} or neither", names(segment, positions));
            some.then(|| ((Warning, ElementPaired), absent, expected(), "2"))
        }
        Condition::AnyOf(positions) => {
            let none = !positions.iter().any(|p| given.has(*p));
            let first = *positions.first()?;
            let expected = || format!("at least one of {}", names(segment, positions));
            none.then(|| ((Warning, ElementPaired), first, expected(), "2"))
        }
        Condition::Needs(positions) => {
            let (first, rest) = positions.split_first()?;
            let absent = *rest.iter().find(|p| !given.has(**p))?;
            let expected = || format!("a value beside {}{first:02}", segment.id());
            given.has(*first).then(|| ((Warning, ElementPaired), absent, expected(), "2"))
        }
    }
}

fn names(segment: Segment<'_>, positions: &[usize]) -> String {
    let names: Vec<String> = positions.iter().map(|p| format!("{}{p:02}", segment.id())).collect();
    names.join(" and ")
}

/// Would [`decimal`] read it? Said without making the number, for checks that only ask.
fn is_decimal(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let points = text.bytes().filter(|b| *b == b'.').count();
    let plain = digits + points == text.len();
    if plain && (1..=DIGITS_CERTAIN).contains(&digits) && points <= 1 {
        return true;
    }
    decimal(text).is_some()
}

/// As many digits as always fit into a decimal.
const DIGITS_CERTAIN: usize = 27;

/// A number as X12 writes it: digits, at most one point, a sign before or none.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    if !plain {
        return None;
    }
    // `.5` and `5.` are both written by partners.
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let digits = digits.strip_suffix('.').unwrap_or(digits);
    format!("{sign}0{}", digits.trim_start_matches('+')).parse().ok()
}

/// A whole number, possibly signed.
pub(super) fn integer(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_partners_write_them() {
        let cases = [("12", "12"), (".5", "0.5"), ("5.", "5"), ("-0.10", "-0.10"), ("007", "7")];
        for (text, value) in cases {
            assert_eq!(decimal(text), value.parse().ok(), "{text}");
        }
        for text in [".", "", "-", "+5", "-5", "1 ", "0000000000000000000000000000000000000001"] {
            assert_eq!(is_decimal(text), decimal(text).is_some(), "{text}");
        }
        for text in ["1,5", "1e3", "1.2.3", "--1", "12 EA", "1-"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}

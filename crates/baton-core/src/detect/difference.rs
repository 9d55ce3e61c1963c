//! Differences: a quantity that is not what another says, a field that two roles state differently.
//!
//! They are judged at every instant at which a statement changed, so that a difference that was put
//! right has an end, and one that never stood leaves no trace.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use smol_str::ToSmolStr;

use crate::authority::{measure_name, same_value, value_text};
use crate::book::{Anchor, By, Differs, Direction, Disagree};
use crate::detect::Finding;
use crate::fact::{Body, Classifier, Fact, Field, Measure, Value};
use crate::id::FactId;
use crate::lines::{Amounts, LineKey, SourceTotal};
use crate::milestone::Milestone;
use crate::occurrence::Span;
use crate::partner::Role;
use crate::picture::Picture;
use crate::state::{MilestoneState, Version};
use crate::taxonomy::ExceptionCode;
use crate::time::Instant;
use crate::wording::Wording;

/// A difference at one instant: in words, and the facts that it rests on.
type Difference = (String, Wording, Vec<FactId>);

fn finding(
    code: ExceptionCode,
    expectation: String,
    ((text, said, facts), spans): (Difference, Vec<Span>),
) -> Finding {
    let mut finding = Finding::new(code, expectation).because(facts).saying(text).worded(said);
    finding.spans = spans;
    finding
}

pub(super) fn differs(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    rule: &Differs,
) -> Vec<Finding> {
    let once = rule.once.map(|m| picture.first(&Anchor::Reached(m), By::Happened));
    let Some(not_before) = once.map_or(Some(Instant::MIN), |o| o.map(|r| r.at.earliest)) else {
        return Vec::new();
    };
    let measures = [rule.measure, rule.from];
    let mut found = Vec::new();
    for (line, said) in &picture.said {
        // A statement is replaced, never taken out: who says nothing now has never said anything.
        let told = |m| picture.amounts.get(line).is_some_and(|a| !a.of_measure(m).is_empty());
        if !told(rule.measure) || !told(rule.from) {
            continue;
        }
        let judge = |amounts: &Amounts<'_>| {
            let one = amounts.believed(picture.known, rule.measure)?;
            let other = amounts.believed(picture.known, rule.from)?;
            quantity_difference(rule, line, &one, &other)
        };
        let told = over_time(picture, said, &measures, &judge);
        found.extend(told.and_then(|told| not_before_instant(told, not_before)).map(|told| {
            let (measure, from) = (measure_name(rule.measure), measure_name(rule.from));
            finding(code, format!("line {line} {measure} as {from}"), told)
        }));
    }
    found
}

/// Leaves out what of a difference was before an instant.
fn not_before_instant(
    (difference, mut spans): (Difference, Vec<Span>),
    not_before: Instant,
) -> Option<(Difference, Vec<Span>)> {
    spans.retain(|span| span.end.is_none_or(|end| end > not_before));
    for span in &mut spans {
        span.start = span.start.max(not_before);
    }
    (!spans.is_empty()).then_some((difference, spans))
}

fn quantity_difference(
    rule: &Differs,
    line: &LineKey,
    one: &SourceTotal<'_>,
    other: &SourceTotal<'_>,
) -> Option<Difference> {
    if one.unit != other.unit {
        return None;
    }
    let tolerated = other.value * Decimal::from(rule.tolerance_percent) / Decimal::ONE_HUNDRED;
    let gap = one.value - other.value;
    let counts = match rule.direction {
        Direction::Less => gap < -tolerated,
        Direction::More => gap > tolerated,
        Direction::Either => gap.abs() > tolerated,
    };
    counts.then(|| {
        let text = format!(
            "line {line}: {} {} but {} {} {}",
            measure_name(rule.measure),
            one.value.normalize(),
            measure_name(rule.from),
            other.value.normalize(),
            other.unit
        );
        let said = Wording::new("differs")
            .with("line", line)
            .with("measure", measure_name(rule.measure))
            .with("is", one.value.normalize())
            .with("from", measure_name(rule.from))
            .with("other", other.value.normalize())
            .with("unit", &other.unit);
        (text, said, one.facts.iter().chain(&other.facts).copied().collect())
    })
}

/// Judges a line after every instant at which it changed, and makes spans of the answers.
fn over_time(
    picture: &Picture<'_, '_>,
    said: &[&Fact],
    measures: &[Measure],
    judge: &dyn Fn(&Amounts<'_>) -> Option<Difference>,
) -> Option<(Difference, Vec<Span>)> {
    let concerns = |fact: &Fact| matches!(&fact.body, Body::Amount { measure, .. } if measures.contains(measure));
    let mut amounts = Amounts::default();
    let mut spans = Vec::new();
    let mut last: Option<Difference> = None;
    let mut open: Option<Instant> = None;
    let mut at = Instant::MIN;
    let mut relevant = said.iter().filter(|f| concerns(f)).peekable();
    while let Some(fact) = relevant.next() {
        amounts.hear(picture.known, fact);
        // Both sides must have been said: a day without a time comes first and ends last.
        at = at.max(said_at(fact));
        // What is said of one instant counts as a whole.
        if relevant.peek().is_some_and(|next| next.happened.earliest == fact.happened.earliest) {
            continue;
        }
        match (judge(&amounts), open) {
            (Some(difference), since) => {
                last = Some(difference);
                open = since.or(Some(at));
            }
            (None, Some(since)) => {
                spans.push(Span { start: since, end: Some(at.max(since)) });
                open = None;
            }
            (None, None) => {}
        }
    }
    spans.extend(open.map(|since| Span { start: since, end: None }));
    last.map(|difference| (difference, spans))
}

pub(super) fn disagree(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    rule: &Disagree,
) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(field) = rule.field {
        found.extend(fields_disagree(picture, code, rule, field));
    }
    if let Some(measure) = rule.measure {
        found.extend(measures_disagree(picture, code, rule, measure));
    }
    if let Some(milestone) = rule.milestone {
        found.extend(instants_disagree(picture, code, rule, milestone));
    }
    found
}

/// Two roles say that the subject's milestone was reached at instants surely too far apart.
fn instants_disagree(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    rule: &Disagree,
    milestone: Milestone,
) -> Option<Finding> {
    let of_subject = |m: &&MilestoneState| m.milestone == milestone && m.line.is_none();
    let states = picture.own.iter().filter(of_subject);
    let holds = |v: &&Version| {
        v.classifier == Classifier::Actual && v.retracted_by.is_none() && compared(rule, v.role)
    };
    let said: Vec<&Version> = states.flat_map(|m| &m.versions).filter(holds).collect();
    let believed = said.first()?;
    let other = said.iter().find(|v| {
        v.role != believed.role && v.at.surely_after(believed.at.latest + rule.tolerance)
    })?;
    let known_at = believed.received_at.max(other.received_at);
    let finding = Finding::new(code, format!("{milestone} agreed"))
        .span(known_at, None)
        .because([believed.fact, other.fact])
        .saying(format!(
            "{}: {} says {}, {} says {}",
            milestone.entry().name,
            believed.source,
            believed.at.earliest,
            other.source,
            other.at.earliest
        ))
        .worded(
            disagreement(
                (&believed.source, believed.at.earliest),
                (&other.source, other.at.earliest),
            )
            .with("milestone", milestone.code()),
        );
    Some(finding)
}

/// Two sources, and what each says.
fn disagreement<T: ToSmolStr>((one, is): (&str, T), (other, says): (&str, T)) -> Wording {
    Wording::new("disagree")
        .with("one", one)
        .with("one_says", is)
        .with("other", other)
        .with("other_says", says)
}

/// From when a statement stands: the end of its interval, or its receipt where that is sooner.
fn said_at(fact: &Fact) -> Instant {
    fact.happened.latest.min(fact.received_at).max(fact.happened.earliest)
}

fn compared(rule: &Disagree, role: Role) -> bool {
    rule.between.is_empty() || rule.between.contains(&role)
}

fn measures_disagree(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    rule: &Disagree,
    measure: Measure,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for (line, said) in &picture.said {
        if picture.amounts.get(line).is_none_or(|a| a.of_measure(measure).len() < 2) {
            continue;
        }
        let judge = |amounts: &Amounts<'_>| {
            let mut totals = amounts.totals(picture.known, measure);
            totals.retain(|t| compared(rule, t.role));
            let (best, rest) = totals.split_first()?;
            let other = rest
                .iter()
                .find(|t| t.role != best.role && t.unit == best.unit && t.value != best.value)?;
            let text = format!(
                "line {line}: {} says {} {}, {} says {}",
                best.source,
                measure_name(measure),
                best.value.normalize(),
                other.source,
                other.value.normalize()
            );
            let said = disagreement(
                (best.source, best.value.normalize()),
                (other.source, other.value.normalize()),
            );
            let said = said.with("line", line).with("measure", measure_name(measure));
            Some((text, said, best.facts.iter().chain(&other.facts).copied().collect()))
        };
        found.extend(over_time(picture, said, &[measure], &judge).map(|told| {
            finding(code, format!("line {line} {} agreed", measure_name(measure)), told)
        }));
    }
    found
}

/// Follows what each source said of a field, in time, for the subject and for each line.
fn fields_disagree(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    rule: &Disagree,
    field: Field,
) -> Vec<Finding> {
    if !picture.opinions.several(field) {
        return Vec::new();
    }
    let mut by_line: BTreeMap<Option<LineKey>, Vec<(&Fact, Role, &Value)>> = BTreeMap::new();
    for fact in picture.known.holding(picture.root) {
        let Body::Stated { field: f, value } = &fact.body else { continue };
        let role = picture.known.role_of(&fact.source);
        if *f != field || !compared(rule, role) {
            continue;
        }
        let line = fact.about.line.as_deref().and_then(|l| picture.lines.key(l));
        if fact.about.line.is_none() || line.is_some() {
            by_line.entry(line).or_default().push((fact, role, value));
        }
    }
    let name = crate::authority::field_name(field);
    let mut found = Vec::new();
    for (line, said) in by_line {
        let line_text = line.as_ref().map(ToString::to_string).unwrap_or_default();
        let about = line.map_or_else(|| name.to_owned(), |l| format!("line {l} {name}"));
        let mut finding = Finding::new(code, format!("{about} agreed"));
        let mut latest: BTreeMap<&str, (&Fact, Role, &Value)> = BTreeMap::new();
        let (mut open, mut at) = (None, Instant::MIN);
        for (fact, role, value) in said {
            latest.insert(fact.source.as_str(), (fact, role, value));
            at = at.max(said_at(fact));
            match (first_difference(&latest), open) {
                (Some((one, other)), since) => {
                    finding.summary = format!(
                        "{about}: {} says {}, {} says {}",
                        one.0.source,
                        value_text(one.2),
                        other.0.source,
                        value_text(other.2)
                    );
                    finding.wording = disagreement(
                        (&one.0.source, value_text(one.2)),
                        (&other.0.source, value_text(other.2)),
                    )
                    .with("line", line_text.as_str())
                    .with("field", name);
                    finding.facts = vec![one.0.id, other.0.id];
                    open = since.or(Some(at));
                }
                (None, Some(since)) => {
                    finding = finding.span(since, Some(at.max(since)));
                    open = None;
                }
                (None, None) => {}
            }
        }
        if let Some(since) = open {
            finding = finding.span(since, None);
        }
        if !finding.spans.is_empty() {
            found.push(finding);
        }
    }
    found
}

type Word<'f> = (&'f Fact, Role, &'f Value);

fn first_difference<'f>(latest: &BTreeMap<&str, Word<'f>>) -> Option<(Word<'f>, Word<'f>)> {
    let words: Vec<&Word<'f>> = latest.values().collect();
    words.iter().enumerate().find_map(|(n, one)| {
        let other = words.iter().skip(n + 1).find(|o| o.1 != one.1 && !same_value(o.2, one.2))?;
        Some((**one, **other))
    })
}

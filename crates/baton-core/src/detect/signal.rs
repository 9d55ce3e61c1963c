//! What partners announce themselves, what comes in an order that it must not, and custody gaps.

use std::collections::BTreeMap;

use crate::book::{AfterRule, Expression, HandoffRule};
use crate::detect::Finding;
use crate::fact::{Body, Classifier, Fact, Signal};
use crate::handoff::{Sides, handoff};
use crate::milestone::Milestone;
use crate::picture::{Picture, who};
use crate::state::HandoffStage;
use crate::taxonomy::ExceptionCode;
use crate::time::Instant;
use crate::verdict::Verdict;
use crate::wording::Wording;

/// Trouble that a partner announced, until it is taken back or progress shows that it is over.
pub(super) fn signalled(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    cleared_by: &[Milestone],
) -> Vec<Finding> {
    let is_said =
        |f: &Fact| matches!(&f.body, Body::Trouble { exception, .. } if *exception == code);
    if !picture.known.holding(picture.root).any(is_said) {
        return Vec::new();
    }
    let mut by_line: BTreeMap<Option<String>, Vec<(&Fact, Signal)>> = BTreeMap::new();
    let mut overcome: Vec<&Fact> = Vec::new();
    for fact in picture.known.holding(picture.root) {
        match &fact.body {
            Body::Trouble { exception, signal, .. } if *exception == code => {
                let line = fact.about.line.as_deref().and_then(|l| picture.lines.key(l));
                let key = line.map(|l| format!("line {l}"));
                by_line.entry(key).or_default().push((fact, *signal));
            }
            Body::Progress { milestone, classifier: Classifier::Actual, .. }
                if cleared_by.contains(milestone) =>
            {
                overcome.push(fact);
            }
            _ => {}
        }
    }
    by_line
        .into_iter()
        .map(|(line, signals)| one_signal(picture, code, line.as_ref(), &signals, &overcome))
        .filter(|finding| !finding.spans.is_empty())
        .collect()
}

fn one_signal(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    line: Option<&String>,
    signals: &[(&Fact, Signal)],
    overcome: &[&Fact],
) -> Finding {
    let expectation = line.cloned().unwrap_or_else(|| "signal".to_owned());
    let mut finding = Finding::new(code, expectation);
    for (n, (fact, signal)) in signals.iter().enumerate() {
        if *signal == Signal::Cleared {
            continue;
        }
        let start = fact.happened.latest;
        let cleared = signals
            .iter()
            .skip(n + 1)
            .find(|(_, s)| *s == Signal::Cleared)
            .map(|(f, _)| f.happened.earliest);
        let overcome_at = overcome
            .iter()
            .filter(|f| f.happened.earliest > start)
            .map(|f| f.happened.earliest)
            .min();
        let end = [cleared, overcome_at].into_iter().flatten().min();
        finding = finding.span(start, end.map(|e| e.max(start))).because([fact.id]);
        if let Body::Trouble { detail, .. } = &fact.body {
            finding.liable = detail.liable.or(finding.liable);
            let said = detail.text.as_deref().unwrap_or(code.entry().name);
            let role = picture.known.role_of(&fact.source);
            let partner = picture.known.source(&fact.source).and_then(|s| s.partner.clone());
            let about = line.map(|l| format!(" for {l}")).unwrap_or_default();
            finding.summary = format!("{} reports {said}{about}", who(role, partner.as_ref()));
            finding.wording = Wording::new("signalled")
                .with("who", who(role, partner.as_ref()))
                .with("exception", code.code())
                .with("text", detail.text.as_deref().unwrap_or_default())
                .with("line", line.map_or("", |line| line.trim_start_matches("line ")));
        }
    }
    finding
}

/// A milestone that came after another that rules it out.
pub(super) fn after(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    rule: &AfterRule,
) -> Vec<Finding> {
    let Some(done) = picture.reached(rule.milestone) else { return Vec::new() };
    let before = rule
        .reached
        .iter()
        .filter_map(|m| picture.reached(*m).map(|r| (*m, r)))
        .find(|(_, r)| r.at.latest <= done.at.latest);
    let Some((earlier, reached)) = before else { return Vec::new() };
    let finding = Finding::new(code, format!("not after {earlier}"))
        .span(done.at.latest, None)
        .because(done.facts)
        .because(reached.facts)
        .saying(format!("{} after {}", rule.milestone.entry().name, earlier.entry().name))
        .worded(
            Wording::new("after")
                .with("milestone", rule.milestone.code())
                .with("earlier", earlier.code()),
        );
    vec![finding]
}

/// Released by the giver and not shown by the taker within the grace.
pub(super) fn custody_gap(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    name: &str,
) -> Vec<Finding> {
    let rule = picture
        .journey
        .and_then(|j| j.handoffs.iter().find(|h| h.name == name && h.on == picture.kind));
    let Some(rule) = rule.filter(|r| picture.known.is_heard(r.to)) else { return Vec::new() };
    let Some(state) = handoff(picture, rule, picture.root) else { return Vec::new() };
    let stage = if state.words.is_empty() {
        state.stage
    } else {
        // That one side disputes it says nothing of who has it.
        Sides::of(picture, rule, picture.root).stage(picture, rule, picture.root)
    };
    let (from, until): (Instant, Option<Instant>) = match stage {
        HandoffStage::Released { gap_from, .. } => (gap_from, None),
        HandoffStage::Reconciled { released_at, received_at } => {
            (released_at.latest + rule.grace, Some(received_at.earliest))
        }
        _ => return Vec::new(),
    };
    if until.is_some_and(|u| u <= from) || !picture.now.passed(from) {
        return Vec::new();
    }
    let finding = Finding::new(code, name)
        .span(from, until)
        .because(state.facts)
        .liable(Some(rule.to))
        .saying(format!(
            "{} released it and {} has not shown that it took it",
            who(rule.from, state.from_partner.as_ref()),
            who(rule.to, state.to_partner.as_ref())
        ))
        .worded(
            Wording::new("custody_gap")
                .with("giver", who(rule.from, state.from_partner.as_ref()))
                .with("taker", who(rule.to, state.to_partner.as_ref())),
        );
    vec![finding]
}

/// What a partner's own people say was not so, until they accept it, its feed shows it, or it is settled.
pub(super) fn disputed(picture: &Picture<'_, '_>) -> Vec<Finding> {
    if !picture.known.is_judged() {
        return Vec::new();
    }
    let declared = picture.journey.into_iter().chain(&picture.known.book.journeys);
    let mut rules: Vec<&HandoffRule> = Vec::new();
    for rule in declared.flat_map(|journey| &journey.handoffs).filter(|r| r.on == picture.kind) {
        if !rules.iter().any(|known| known.name == rule.name) {
            rules.push(rule);
        }
    }
    rules.into_iter().filter_map(|rule| dispute(picture, rule)).collect()
}

fn dispute(picture: &Picture<'_, '_>, rule: &HandoffRule) -> Option<Finding> {
    let mut finding =
        Finding::new(ExceptionCode::HANDOFF_DISPUTED, format!("handoff {} agreed", rule.name));
    for word in Sides::of(picture, rule, picture.root).words {
        let Verdict::Disputed { ground, .. } = &word.verdict else { continue };
        finding = finding.span(word.said_at, word.until.map(|until| until.max(word.said_at)));
        finding.facts.push(word.fact);
        finding.summary = format!(
            "{} disputes the hand-off {} ({})",
            word.partner.as_deref().unwrap_or_default(),
            rule.name,
            ground.name()
        );
        finding.wording = Wording::new("handoff_disputed")
            .with("who", word.partner.as_deref().unwrap_or_default())
            .with("handoff", &rule.name)
            .with("ground", ground.name());
    }
    (!finding.spans.is_empty()).then_some(finding)
}

/// A pack's own condition. It holds from the subject's first event: an expression sees the whole
/// content and not when each part of it became so.
pub(super) fn condition(
    picture: &Picture<'_, '_>,
    code: ExceptionCode,
    expression: &Expression,
) -> Vec<Finding> {
    if !expression.holds(picture) {
        return Vec::new();
    }
    let Some(first) = picture.known.holding(picture.root).next() else { return Vec::new() };
    let finding = Finding::new(code, expression.source.as_str())
        .span(first.happened.earliest, None)
        .because([first.id])
        .saying(format!("condition holds: {}", expression.source))
        .worded(Wording::new("condition").with("expression", &expression.source));
    vec![finding]
}

//! What every tenant wants to know without declaring it: breached clocks, announced trouble that no
//! rule mentions, and faults of the data itself.

use std::collections::BTreeSet;

use crate::book::Detect;
use crate::detect::{Finding, absence, signal};
use crate::fact::{Body, Classifier, CodeRef, Fact};
use crate::identifier::ObjectKind;
use crate::milestone::Milestone;
use crate::partner::Role;
use crate::picture::{Picture, who};
use crate::state::SlaState;
use crate::taxonomy::ExceptionCode;
use crate::time::Duration;
use crate::wording::Wording;

/// How far ahead of its receipt an event may be stamped before its clock is called wrong.
pub(super) const SKEW_MAX: Duration = Duration::hours(1);
/// How long something may stay unmatched where no rule says otherwise.
pub(super) const UNMATCHED_AFTER: Duration = Duration::hours(24);

/// Breaches of clocks that declare what exception a breach is.
pub(super) fn breaches(clocks: &[(SlaState, Option<ExceptionCode>)]) -> Vec<Finding> {
    let breached = clocks.iter().filter_map(|(sla, code)| Some((sla, (*code)?)));
    breached
        .filter_map(|(sla, code)| {
            let crate::clock::ClockState::Breached { due_at, late_end } = &sla.clock.state else {
                return None;
            };
            let from = sla.clock.breach_at.unwrap_or(*due_at);
            let finding = Finding::new(code, format!("clock {}", sla.name))
                .span(from, late_end.map(|end| end.at))
                .because(sla.facts.iter().copied())
                .liable(Some(sla.owner))
                .saying(format!(
                    "{} had until {due_at} for {}",
                    who(sla.owner, sla.partner.as_ref()),
                    sla.name
                ))
                .worded(
                    Wording::new("breached")
                        .with("who", who(sla.owner, sla.partner.as_ref()))
                        .with("at", due_at)
                        .with("clock", &sla.name),
                );
            Some(finding)
        })
        .collect()
}

/// Announced trouble whose code no rule of this kind of object takes up.
pub(super) fn undeclared_signals(picture: &Picture<'_, '_>) -> Vec<Finding> {
    let is_trouble = |f: &Fact| matches!(f.body, Body::Trouble { .. });
    if !picture.known.holding(picture.root).any(is_trouble) {
        return Vec::new();
    }
    let declared: BTreeSet<ExceptionCode> = picture
        .known
        .book
        .rules
        .iter()
        .filter(|r| r.on == picture.kind && matches!(r.detect, Detect::Signalled(_)))
        .map(|r| r.code)
        .collect();
    let announced: BTreeSet<ExceptionCode> = picture
        .known
        .holding(picture.root)
        .filter_map(|f| match &f.body {
            Body::Trouble { exception, .. } => Some(*exception),
            _ => None,
        })
        .collect();
    announced
        .difference(&declared)
        .flat_map(|code| signal::signalled(picture, *code, &[]))
        .collect()
}

/// Unmapped codes, clashes, stamps from the future, faults of messages, silence, things unmatched.
pub(super) fn about_data(picture: &Picture<'_, '_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for fact in picture.known.about(picture.root) {
        found.extend(about_fact(picture, fact));
    }
    found.extend(clash(picture));
    if picture.kind == ObjectKind::Source {
        found.extend(feed_silent(picture));
    }
    {
        let code = ExceptionCode::UNMATCHED;
        let declared = |r: &crate::book::Rule| r.code == code && r.on == picture.kind;
        if !picture.known.book.rules.iter().any(declared) {
            found.extend(absence::unmatched(picture, code, UNMATCHED_AFTER));
        }
    }
    found
}

fn about_fact(picture: &Picture<'_, '_>, fact: &Fact) -> Vec<Finding> {
    match &fact.body {
        Body::Unmapped { code } => {
            let stamped = format!("{} {}", code.element, code.code);
            let mut found = vec![unmapped(fact, code)];
            found.extend(ahead(picture, fact, &stamped));
            found
        }
        Body::MessageFault { exception, text } => vec![
            Finding::new(*exception, text.clone())
                .span(fact.received_at, None)
                .because([fact.id])
                .saying(format!("{}: {text}", fact.source))
                .worded(message_fault(*exception, fact, text)),
        ],
        Body::Progress { classifier: Classifier::Actual, milestone, .. } => {
            ahead(picture, fact, milestone.code()).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Only a number that was used again has a sentence of its own; what else is wrong with a message is said
/// by whoever found it.
fn message_fault(exception: ExceptionCode, fact: &Fact, text: &str) -> Wording {
    match text.rsplit_once(' ') {
        Some((_, number)) if exception.code() == "E-DAT-05" => {
            Wording::new("number_reused").with("source", &fact.source).with("number", number)
        }
        _ => Wording::default(),
    }
}

/// An unknown code is said once for each code of a system, however often it comes; and known from its
/// receipt, whatever its stamp.
fn unmapped(fact: &Fact, code: &CodeRef) -> Finding {
    Finding::new(ExceptionCode::UNMAPPED, format!("{} {} {}", code.system, code.element, code.code))
        .span(fact.happened.latest.min(fact.received_at), None)
        .because([fact.id])
        .liable(Some(Role::Platform))
        .saying(format!(
            "{} sent {} `{}`, which no code table of {} maps",
            fact.source, code.element, code.code, code.system
        ))
        .worded(
            Wording::new("unmapped")
                .with("source", &fact.source)
                .with("element", &code.element)
                .with("code", &code.code)
                .with("system", &code.system),
        )
}

/// A stamp further ahead of its receipt than clocks may differ, of something called `what`.
fn ahead(picture: &Picture<'_, '_>, fact: &Fact, what: &str) -> Option<Finding> {
    if fact.happened.earliest <= fact.received_at + SKEW_MAX {
        return None;
    }
    let name = Milestone::find(what).map_or(what, |milestone| milestone.entry().name);
    let finding = Finding::new(ExceptionCode::FUTURE_DATED, format!("{what} of {}", fact.source))
        .span(fact.received_at, None)
        .because([fact.id])
        .liable(Some(picture.known.role_of(&fact.source)))
        .saying(format!(
            "{} stamped {name} at {}, after it was received at {}",
            fact.source, fact.happened.earliest, fact.received_at
        ))
        .worded(
            Wording::new("ahead")
                .with("source", &fact.source)
                .with("milestone", what)
                .with("at", fact.happened.earliest)
                .with("received", fact.received_at),
        );
    Some(finding)
}

fn clash(picture: &Picture<'_, '_>) -> Option<Finding> {
    let object = picture.known.object(picture.root)?;
    let mut links = picture.known.facts.iter().filter(|f| object.suspended.contains(&f.id));
    let first = links.next()?;
    let Body::Same { other, .. } = &first.body else { return None };
    let finding = Finding::new(ExceptionCode::AMBIGUOUS, "one object")
        .span(first.happened.latest, None)
        .because(object.suspended.iter().copied())
        .liable(Some(Role::Platform))
        .saying(format!(
            "{} and {other} are linked and cannot be one; the link is suspended",
            first.about.object
        ))
        .worded(Wording::new("clash").with("one", &first.about.object).with("other", other));
    Some(finding)
}

fn feed_silent(picture: &Picture<'_, '_>) -> Option<Finding> {
    let object = picture.known.object(picture.root)?;
    let source = picture.known.source(&object.best.identifier.value)?;
    let silent_after = source.silent_after?;
    let mut finding = Finding::new(ExceptionCode::FEED_SILENT, "heard")
        .liable(Some(source.role))
        .saying(format!("nothing received from {} for more than {silent_after}", source.key))
        .worded(
            Wording::new("feed_silent").with("source", &source.key).with("length", silent_after),
        );
    for fact in picture.known.holding(picture.root) {
        if let Body::HeardAgain { previous } = fact.body {
            let from = previous + silent_after;
            if from < fact.received_at {
                finding = finding.span(from, Some(fact.received_at)).because([fact.id]);
            }
        }
    }
    if let Some(from) = source.heard_at.map(|at| at + silent_after)
        && picture.now.passed(from)
    {
        finding = finding.span(from, None);
    }
    (!finding.spans.is_empty()).then_some(finding)
}

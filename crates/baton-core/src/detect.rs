//! Detection: from rules to the spans in which each trouble held.
//!
//! A [`Finding`] says since when and until when something was wrong, on what it rests and against
//! which expectation. Spans follow from content alone; hysteresis, announcing and clearing are the
//! part of [`crate::exceptions`].

mod absence;
mod builtin;
mod difference;
mod lateness;
mod signal;

use smol_str::SmolStr;

use crate::book::{Detect, Rule};
use crate::id::FactId;
use crate::occurrence::{Hysteresis, Span};
use crate::partner::Role;
use crate::picture::Picture;
use crate::state::SlaState;
use crate::taxonomy::ExceptionCode;
use crate::time::Instant;
use crate::wording::Wording;

/// Trouble of one kind about one expectation.
#[derive(Debug, Clone)]
pub struct Finding {
    pub code: ExceptionCode,
    /// What was expected: part of the identity, stable as long as the expectation is.
    pub expectation: SmolStr,
    pub spans: Vec<Span>,
    pub hysteresis: Hysteresis,
    pub severity: u8,
    pub liable: Option<Role>,
    pub summary: String,
    /// The same for readers of other languages.
    pub wording: Wording,
    pub facts: Vec<FactId>,
    /// When absence can be shown; `None` if it cannot, as the source that would tell is silent.
    pub provable_at: Option<Instant>,
}

impl Finding {
    fn new(code: ExceptionCode, expectation: impl Into<SmolStr>) -> Self {
        Self {
            code,
            expectation: expectation.into(),
            spans: Vec::new(),
            hysteresis: Hysteresis::default(),
            severity: code.entry().severity,
            liable: None,
            summary: String::new(),
            wording: Wording::default(),
            facts: Vec::new(),
            provable_at: Some(Instant::MIN),
        }
    }
    fn span(mut self, start: Instant, end: Option<Instant>) -> Self {
        self.spans.push(Span { start, end });
        self
    }
    fn because(mut self, facts: impl IntoIterator<Item = FactId>) -> Self {
        self.facts.extend(facts);
        self
    }
    fn saying(mut self, summary: String) -> Self {
        self.summary = summary;
        self
    }
    fn worded(mut self, wording: Wording) -> Self {
        self.wording = wording;
        self
    }
    fn liable(mut self, role: Option<Role>) -> Self {
        self.liable = role;
        self
    }
}

/// Everything that is or was wrong with the subject.
#[must_use]
pub fn findings(
    picture: &Picture<'_, '_>,
    clocks: &[(SlaState, Option<ExceptionCode>)],
) -> Vec<Finding> {
    let mut found = Vec::new();
    let rules = picture.known.book.rules.iter().filter(|r| r.on == picture.kind);
    for rule in rules.filter(|r| r.when.as_ref().is_none_or(|w| w.holds(picture))) {
        for mut finding in by_rule(picture, rule) {
            finding.hysteresis =
                Hysteresis { settle: rule.settle, hold_for: rule.hold_for, reopen: rule.reopen };
            finding.severity = rule.severity.unwrap_or(finding.severity);
            finding.liable = rule.liable.or(finding.liable);
            found.push(finding);
        }
    }
    found.extend(builtin::breaches(clocks));
    found.extend(builtin::undeclared_signals(picture));
    found.extend(signal::disputed(picture));
    found.extend(builtin::about_data(picture));
    found
}

fn by_rule(picture: &Picture<'_, '_>, rule: &Rule) -> Vec<Finding> {
    match &rule.detect {
        Detect::Overdue(overdue) => absence::overdue(picture, rule.code, overdue),
        Detect::Silent(silent) => absence::silent(picture, rule.code, silent),
        Detect::Unmatched(after) => absence::unmatched(picture, rule.code, *after),
        Detect::Late(against) => lateness::late(picture, rule.code, against),
        Detect::Early(against) => lateness::early(picture, rule.code, against),
        Detect::Slipping(against) => lateness::slipping(picture, rule.code, against),
        Detect::Differs(differs) => difference::differs(picture, rule.code, differs),
        Detect::Disagree(disagree) => difference::disagree(picture, rule.code, disagree),
        Detect::Signalled(signalled) => {
            signal::signalled(picture, rule.code, &signalled.cleared_by)
        }
        Detect::After(after) => signal::after(picture, rule.code, after),
        Detect::CustodyGap(handoff) => signal::custody_gap(picture, rule.code, handoff),
        Detect::Condition(expression) => signal::condition(picture, rule.code, expression),
    }
}

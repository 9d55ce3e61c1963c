//! Statements in a line each, for fixtures, differences and terminals.

use std::fmt::Write;

use baton_core::fact::{Body, Detail, Place, Presence, Relation, Signal, Statement, Value};
use baton_core::time::{Basis, Happened};

/// A statement as people write it down:
/// `order:po:self:PO-1 line 10/RTR-200: ordered 2 EA, 2026-05-03T14:10:00Z (given), at /lines/0`.
#[must_use]
pub fn told(statement: &Statement) -> String {
    let mut text = statement.about.object.to_string();
    if let Some(line) = &statement.about.line {
        let part = |t: &Option<smol_str::SmolStr>| t.clone().unwrap_or_default();
        let _ =
            write!(text, " line {}/{} of {}", part(&line.number), part(&line.sku), line.numbering);
    }
    let _ = write!(text, ": {}, {}", body(&statement.body), happened(&statement.happened));
    match &statement.place {
        Place::None => {}
        Place::Pointer(pointer) if pointer.is_empty() => text.push_str(", at the root"),
        Place::Pointer(pointer) => {
            let _ = write!(text, ", at {pointer}");
        }
        Place::Segment { number, .. } => {
            let _ = write!(text, ", at segment {number}");
        }
        Place::Line(line) => {
            let _ = write!(text, ", at line {line}");
        }
    }
    text
}

/// `2026-05-03T14:10:00Z (given)`, or both ends of an interval.
pub(crate) fn happened(at: &Happened) -> String {
    let basis = match at.basis {
        Basis::Given => "given",
        Basis::Inferred => "zone inferred",
        Basis::Unknown => "zone unknown",
        Basis::Receipt => "on receipt",
    };
    if at.earliest == at.latest {
        format!("{} ({basis})", at.earliest)
    } else {
        format!("{}..{} ({basis})", at.earliest, at.latest)
    }
}

fn detail(detail: &Detail) -> String {
    let mut text = String::new();
    for (name, code) in [("status", &detail.status), ("reason", &detail.reason)] {
        if let Some(code) = code {
            let _ = write!(text, " {name} {}/{}/{}", code.system, code.element, code.code);
        }
    }
    if let Some(role) = detail.liable {
        let _ = write!(text, " liable {}", role.name());
    }
    for (name, value) in [("place", &detail.place), ("text", &detail.text)] {
        if let Some(value) = value {
            let _ = write!(text, " {name} `{value}`");
        }
    }
    text
}

fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(why) => why.to_string(),
    }
}

fn body(body: &Body) -> String {
    match body {
        Body::Same { other, class } => format!("same as {other} by {}", word(class)),
        Body::Related { relation, child, presence } => {
            let verb = match relation {
                Relation::Contains => "contains",
                Relation::BilledBy => "is billed by",
                Relation::ServedBy => "is served by",
            };
            let no_more = if *presence == Presence::Removed { " no more" } else { "" };
            format!("{verb} {child}{no_more}")
        }
        Body::Progress { milestone, classifier, due, detail: more } => {
            let due = due.as_ref().map_or_else(String::new, |d| format!(" for {}", happened(d)));
            let name = milestone.entry().name;
            format!("{} {milestone} {name}{due}{}", word(classifier), detail(more))
        }
        Body::Amount { measure, quantity, via } => {
            let via = via.as_ref().map_or_else(String::new, |v| format!(" via {v}"));
            format!("{} {} {}{via}", word(measure), quantity.value, quantity.unit)
        }
        Body::Stated { field, value } => {
            let value = match value {
                Value::Text(text) => format!("`{text}`"),
                Value::Money(money) => format!("{} {}", money.amount, money.currency),
                Value::Number(number) => number.to_string(),
            };
            format!("{} is {value}", word(field))
        }
        Body::Plays { role, partner } => format!("{partner} plays {}", role.name()),
        Body::Trouble { exception, signal, detail: more } => {
            let signal = if *signal == Signal::Raised { "trouble" } else { "trouble over:" };
            format!("{signal} {exception} {}{}", exception.entry().name, detail(more))
        }
        Body::Unmapped { code } => {
            format!("unmapped code {}/{}/{}", code.system, code.element, code.code)
        }
        Body::Retracted { milestone, .. } => {
            let what = milestone.map_or_else(|| "everything".to_owned(), |m| m.to_string());
            format!("takes back {what}")
        }
        Body::Noted { text } => format!("note `{text}`"),
        Body::MessageFault { exception, text } => format!("message fault {exception} `{text}`"),
        other => word(other),
    }
}

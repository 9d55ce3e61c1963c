//! An order as a page of text.

use std::fmt::Write as _;

use baton_core::fact::Classifier;
use baton_core::state::{ExceptionState, ExceptionStatus, MilestoneState, State};
use baton_core::time::Happened;
use serde_json::Value;

use crate::listing::cell;
use crate::print::{self, Tone, paint};

/// Everything of a state that a person looks for first. The document has the rest.
pub(super) fn of(state: &State) -> String {
    let mut text = head(state);
    lines(&mut text, state);
    milestones(&mut text, state);
    handoffs(&mut text, state);
    objects(&mut text, state);
    exceptions(&mut text, state);
    text
}

fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).map_or_else(|_| String::new(), |value| cell(&value))
}

/// An instant, or a span where it is not known more exactly.
fn when(at: &Happened) -> String {
    let (earliest, latest) = (word(&at.earliest), word(&at.latest));
    if earliest == latest { earliest } else { format!("{earliest} to {latest}") }
}

// Writing to a string cannot fail, here and below.
fn head(state: &State) -> String {
    let mut text = String::new();
    let phase = state.phase.name().replace('_', " ");
    let _ = writeln!(text, "{} {}", paint(Tone::Strong, &state.id.to_string()), phase);
    let names: Vec<String> =
        state.identifiers.iter().map(|name| format!("{} {}", name.scheme, name.value)).collect();
    let _ = writeln!(text, "  numbers    {}", names.join(", "));
    if let Some(holder) = &state.holder {
        let partner = holder.partner.as_ref().map(ToString::to_string).unwrap_or_default();
        let since = holder.since.map_or_else(String::new, |at| format!(" since {}", word(&at)));
        let _ = writeln!(text, "  with       {} {partner}{since}", holder.role.name());
    }
    if let Some(current) = &state.promise.current {
        let _ = writeln!(text, "  promised   {} ({})", when(current), word(&state.promise.kept));
    }
    if let Some(projected) = &state.promise.projected {
        let _ = writeln!(text, "  projected  {}", when(projected));
    }
    for charge in &state.liability {
        let partner = charge.partner.as_ref().map(ToString::to_string).unwrap_or_default();
        let cause = charge.cause.as_ref().map(|cause| format!("({cause})")).unwrap_or_default();
        let told = format!("{} min {} {partner}{cause}", charge.minutes, charge.role.name());
        let _ = writeln!(text, "  lateness   {}", told.trim_end());
    }
    text
}

fn lines(text: &mut String, state: &State) {
    if state.lines.is_empty() {
        return;
    }
    text.push_str("lines\n");
    for line in &state.lines {
        let sku = line.sku.as_deref().unwrap_or("-");
        let amounts: Vec<String> = line
            .quantities
            .iter()
            .map(|(measure, measured)| format!("{} {}", word(measure), measured.value))
            .collect();
        let _ = writeln!(text, "  {:<4} {sku:<12} {}", line.key, amounts.join(", "));
    }
}

fn milestones(text: &mut String, state: &State) {
    let below = state.objects.iter().flat_map(|object| &object.milestones);
    let all: Vec<&MilestoneState> = state.milestones.iter().chain(below).collect();
    let mut rows: Vec<(Happened, String)> = Vec::new();
    for milestone in all {
        for version in milestone.current.iter() {
            let mark = if version.classifier == Classifier::Actual { ' ' } else { '~' };
            let code = milestone.milestone.code();
            let line = format!(
                "  {mark}{:<17} {code} {:<28} {} by {}",
                word(&version.at.earliest),
                milestone.milestone.entry().name,
                word(&version.classifier),
                version.source,
            );
            rows.push((version.at, line));
        }
    }
    if rows.is_empty() {
        return;
    }
    rows.sort_by_key(|(at, line)| (at.earliest, line.clone()));
    text.push_str("milestones (~: not yet, or not actual)\n");
    // Each line of an order is promised by itself, often all alike.
    for same in rows.chunk_by(|(_, line), (_, next)| line == next) {
        let Some((_, line)) = same.first() else { continue };
        let times = if same.len() > 1 { format!(", {} times", same.len()) } else { String::new() };
        let _ = writeln!(text, "{line}{times}");
    }
}

fn handoffs(text: &mut String, state: &State) {
    if state.handoffs.is_empty() {
        return;
    }
    text.push_str("hand-offs\n");
    for handoff in &state.handoffs {
        let stage = serde_json::to_value(handoff.stage).unwrap_or_default();
        let stage = stage["stage"].as_str().unwrap_or_default().replace('_', " ");
        let side = |role: &str, partner: Option<&str>| {
            partner.map_or_else(|| role.to_owned(), |partner| format!("{role} ({partner})"))
        };
        let from = side(handoff.from.name(), handoff.from_partner.as_deref());
        let to = side(handoff.to.name(), handoff.to_partner.as_deref());
        let _ = writeln!(text, "  {:<9} {from} to {to}: {stage}", handoff.name);
    }
}

fn objects(text: &mut String, state: &State) {
    if state.objects.is_empty() {
        return;
    }
    text.push_str("reaches\n");
    for object in &state.objects {
        let position = object.position.map_or("-", |milestone| milestone.entry().name);
        let (id, name) = (object.id, &object.name);
        let _ = writeln!(text, "  {id}  {} {}: {position}", name.scheme, name.value);
    }
}

fn exceptions(text: &mut String, state: &State) {
    let below = state.objects.iter().flat_map(|object| &object.exceptions);
    let all: Vec<&ExceptionState> = state.exceptions.iter().chain(below).collect();
    if all.is_empty() {
        return;
    }
    text.push_str("exceptions\n");
    for exception in all {
        let status = serde_json::to_value(exception.status).unwrap_or_default();
        let status_word = status["status"].as_str().unwrap_or_default();
        let open = matches!(exception.status, ExceptionStatus::Open { .. });
        let tone = if open { Tone::Bad } else { Tone::Quiet };
        let _ = writeln!(
            text,
            "  {} {status_word} {} ({})",
            exception.code.code(),
            paint(tone, &exception.summary),
            exception.id
        );
    }
}

/// A fact of an explanation, with the bytes that state it.
pub(super) fn fact(fact: &Value) -> String {
    let mut text = format!(
        "{} {} by {}: {}\n",
        cell(&fact["happened"]["earliest"]),
        cell(&fact["about"]),
        cell(&fact["source"]),
        cell(&fact["stated"]),
    );
    if let Some(message) = fact["message"].as_str() {
        let offset = &fact["excerpt"]["offset"];
        let _ = writeln!(text, "  in {message} at byte {}", cell(offset));
    }
    for line in fact["excerpt"]["text"].as_str().unwrap_or_default().lines() {
        let _ = writeln!(text, "  | {}", print::paint(Tone::Quiet, line));
    }
    text
}

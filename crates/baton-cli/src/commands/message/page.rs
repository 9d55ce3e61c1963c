//! Messages and what could not be read of them, as pages of text.

use std::fmt::Write as _;

use serde_json::Value;

use crate::listing::cell;
use crate::print::{Tone, paint};

/// What of a place is told: the words of its fields.
fn place(place: &Value) -> String {
    if let Some(pointer) = place["pointer"].as_str() {
        return format!("at {pointer}");
    }
    let segment = &place["segment"];
    match (segment["number"].as_u64(), segment["offset"].as_u64()) {
        (Some(number), Some(offset)) => format!("in segment {number}, byte {offset}"),
        _ => String::new(),
    }
}

// Writing to a string cannot fail, here and below.
pub(super) fn message(message: &Value) -> String {
    let mut text = paint(Tone::Strong, &cell(&message["id"]));
    let _ = writeln!(text, " of {}", cell(&message["source"]));
    let _ = writeln!(text, "  received   {}", cell(&message["received_at"]));
    let size = format!("{}, {} bytes", cell(&message["content_type"]), message["size_bytes"]);
    let _ = writeln!(text, "  content    {size}, hash {}", cell(&message["hash"]));
    for (name, value) in message["headers"].as_object().into_iter().flatten() {
        let _ = writeln!(text, "  header     {name}: {}", cell(value));
    }
    if message["repeats"].as_i64().is_some_and(|repeats| repeats > 0) {
        let last = cell(&message["last_repeated_at"]);
        let _ = writeln!(text, "  came again {} times, the last at {last}", message["repeats"]);
    }
    for reading in message["readings"].as_array().into_iter().flatten() {
        let at = cell(&reading["recorded_at"]);
        let _ = writeln!(text, "  read again {at} by {}", cell(&reading["packs"]));
    }
    let facts = message["facts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let _ = writeln!(text, "facts ({})", facts.len());
    for fact in facts {
        let id = paint(Tone::Quiet, &cell(&fact["id"]));
        let (about, stated) = (cell(&fact["about"]), cell(&fact["stated"]));
        let _ = writeln!(text, "  {id}  {about}: {stated} {}", place(&fact["place"]));
    }
    for item in message["quarantine"].as_array().into_iter().flatten() {
        text.push_str(&quarantined(item));
    }
    text
}

pub(super) fn quarantined(item: &Value) -> String {
    let state = cell(&item["state"]);
    let tone = if state == "open" { Tone::Bad } else { Tone::Quiet };
    let mut text = paint(Tone::Strong, &cell(&item["id"]));
    let _ = writeln!(text, " {} in quarantine", paint(tone, &state));
    let (message, source) = (cell(&item["message"]), cell(&item["source"]));
    let _ = writeln!(text, "  message    {message} of {source}");
    if item["part"].as_str().is_some_and(|part| !part.is_empty()) {
        let _ = writeln!(text, "  part       {}", cell(&item["part"]));
    }
    let _ = writeln!(text, "  opened     {}", cell(&item["opened_at"]));
    if !item["closed_at"].is_null() {
        let by = cell(&item["closed_by"]);
        let _ = writeln!(text, "  closed     {} by {by}", cell(&item["closed_at"]));
    }
    if !item["reason"].is_null() {
        let _ = writeln!(text, "  reason     {}", cell(&item["reason"]));
    }
    let faults = item["error"]["faults"].as_array().map(Vec::as_slice).unwrap_or_default();
    if faults.is_empty() {
        let _ = writeln!(text, "  what       {}", whole(&item["error"]["message"]));
    }
    for fault in faults {
        let _ =
            writeln!(text, "  {} {}", paint(tone, &cell(&fault["code"])), place(&fault["place"]));
        let _ = writeln!(text, "    found    {}", whole(&fault["found"]));
        let _ = writeln!(text, "    expected {}", whole(&fault["expected"]));
    }
    text
}

/// A text that is not to be cut: a person mends by it.
fn whole(value: &Value) -> String {
    value.as_str().map_or_else(|| cell(value), |text| text.replace(['\n', '\r'], " "))
}

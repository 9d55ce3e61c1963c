//! Lists of the API as tables for people: which fields, in which order, under which heads.

use serde_json::Value;

use crate::exit::Result;
use crate::print;

/// A column: its head, and where its value stands in each item.
pub(crate) type Column = (&'static str, &'static str);

/// Longest cell, in characters; the document has it whole.
const CELL_CHARS_MAX: usize = 60;

/// Prints a list: the document itself, or a table of some of its fields.
pub(crate) fn print<const N: usize>(
    document: &Value,
    columns: [Column; N],
    json: bool,
) -> Result<()> {
    if json {
        return print::json(document);
    }
    let items = document["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let rows: Vec<[String; N]> = items
        .iter()
        .map(|item| columns.map(|(_, pointer)| cell(item.pointer(pointer).unwrap_or(&Value::Null))))
        .collect();
    print::text(&print::table(columns.map(|(head, _)| head), &rows))?;
    if let Some(cursor) = document["next_cursor"].as_str() {
        eprintln!("there are more: --cursor {cursor}");
    }
    Ok(())
}

/// A value as a person wants to read it.
pub(crate) fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => "-".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => shorter_instant(text),
        Value::Array(all) if all.is_empty() => "-".to_owned(),
        Value::Array(all) => all.iter().map(cell).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let said = fields.values().filter(|value| !value.is_null());
            said.map(cell).collect::<Vec<_>>().join(" ")
        }
        Value::Number(number) => number.to_string(),
    };
    if text.chars().count() <= CELL_CHARS_MAX {
        return text;
    }
    text.chars().take(CELL_CHARS_MAX - 1).chain(['…']).collect()
}

/// Instants to the minute; anything else as it is.
fn shorter_instant(text: &str) -> String {
    let is_instant = text.len() >= 20
        && text.ends_with('Z')
        && text.as_bytes().get(10) == Some(&b'T')
        && text.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    match text.get(..16) {
        Some(minute) if is_instant => minute.replace('T', " "),
        _ => text.replace(['\n', '\r', '\t'], " "),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_told_for_people() {
        for (value, text) in [
            (json!(null), "-"),
            (json!("2026-05-04T16:10:33.5Z"), "2026-05-04 16:10"),
            (json!("TSP790000009001ZZZZZZZ"), "TSP790000009001ZZZZZZZ"),
            (json!({"amount": "2176.00", "currency": "USD"}), "2176.00 USD"),
            (json!([1, true]), "1, yes"),
        ] {
            assert_eq!(cell(&value), text);
        }
        assert_eq!(cell(&json!("x".repeat(100))).chars().count(), CELL_CHARS_MAX);
    }
}

//! What differs between two states, as a list that a person can read: a path, what was, what is.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::limits::DIFFERENCES_MAX;

/// Fields by which the entries of a list are told apart, the first that is there.
const LABELS: [&str; 7] = ["id", "name", "key", "milestone", "about", "handoff", "role"];
/// What differs by asking at another instant, or is the other rulebook's name.
const LEFT_OUT: [&str; 4] = ["/derived_at", "/wake_at", "/rulebook", "/due_acts"];

/// A difference.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub(super) struct Difference {
    /// Such as `/promise/late_by`, or `/milestones/T60/current`.
    pub(super) path: String,
    /// Null where it is new.
    pub(super) was: Value,
    /// Null where it is gone.
    pub(super) is: Value,
}

/// The differences from one document to another, up to a limit.
pub(super) fn differences(was: &Value, is: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", was, is, &mut found);
    found
}

// Recursion is bounded by the nesting of a state.
fn compare(path: &str, was: &Value, is: &Value, found: &mut Vec<Difference>) {
    if was == is || found.len() >= DIFFERENCES_MAX || LEFT_OUT.contains(&path) {
        return;
    }
    match (was, is) {
        (Value::Object(a), Value::Object(b)) => {
            let a = a.iter().map(|(name, value)| (name.clone(), value)).collect();
            let b = b.iter().map(|(name, value)| (name.clone(), value)).collect();
            members(path, &a, &b, found);
        }
        (Value::Array(a), Value::Array(b)) => members(path, &labelled(a), &labelled(b), found),
        _ => {
            found.push(Difference { path: path.to_owned(), was: was.clone(), is: is.clone() });
        }
    }
}

fn members(
    path: &str,
    was: &BTreeMap<String, &Value>,
    is: &BTreeMap<String, &Value>,
    found: &mut Vec<Difference>,
) {
    let mut names: Vec<&String> = was.keys().chain(is.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let of = |side: &BTreeMap<String, &Value>| side.get(name).copied().cloned();
        let (a, b) = (of(was).unwrap_or_default(), of(is).unwrap_or_default());
        compare(&format!("{path}/{name}"), &a, &b, found);
    }
}

/// The entries of a list by what tells them apart; a label that comes again is numbered.
fn labelled(list: &[Value]) -> BTreeMap<String, &Value> {
    let mut labelled = BTreeMap::new();
    for (n, value) in list.iter().enumerate() {
        let text = |name: &&str| value.get(name).and_then(Value::as_str);
        let label = LABELS.iter().find_map(text).map_or_else(|| n.to_string(), str::to_owned);
        let mut unique = label.clone();
        let mut again = 1;
        while labelled.contains_key(&unique) {
            again += 1;
            unique = format!("{label}#{again}");
        }
        labelled.insert(unique, value);
    }
    labelled
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(was: &Value, is: &Value, expected: &[(&str, Value, Value)]) {
        let found = differences(was, is);
        let found: Vec<_> = found.into_iter().map(|d| (d.path, d.was, d.is)).collect();
        let expected: Vec<_> =
            expected.iter().map(|(p, a, b)| ((*p).to_owned(), a.clone(), b.clone())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn lists_are_compared_by_what_their_entries_are() {
        check(
            &json!({ "milestones": [{ "milestone": "T20", "at": 1 }, { "milestone": "T60", "at": 2 }] }),
            &json!({ "milestones": [{ "milestone": "T60", "at": 3 }, { "milestone": "T20", "at": 1 }] }),
            &[("/milestones/T60/at", json!(2), json!(3))],
        );
        check(&json!([1, 2]), &json!([1]), &[("/1", json!(2), Value::Null)]);
        check(
            &json!({ "derived_at": 1, "phase": "placed" }),
            &json!({ "derived_at": 2, "phase": "shipped" }),
            &[("/phase", json!("placed"), json!("shipped"))],
        );
    }

    #[test]
    fn no_more_are_listed_than_the_limit() {
        let one: Vec<Value> = (0..2 * DIFFERENCES_MAX).map(|n| json!(n)).collect();
        let other: Vec<Value> = (0..2 * DIFFERENCES_MAX).map(|n| json!(n + 1)).collect();
        assert_eq!(differences(&json!(one), &json!(other)).len(), DIFFERENCES_MAX);
    }
}

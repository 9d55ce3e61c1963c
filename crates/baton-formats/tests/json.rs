//! Reading JSON within limits, and finding the bytes behind a pointer.

use baton_formats::{json, ndjson};
use proptest::prelude::*;
use serde_json::{Value, json as value};

fn refused(text: &str, limits: json::Limits) -> (&'static str, usize, usize, usize) {
    let error = json::read(text.as_bytes(), &limits).unwrap_err();
    (error.reason.code(), error.line, error.column, error.offset)
}

#[test]
fn errors_say_where() {
    let limits = json::Limits::default();
    let cases = [
        ("{\n  \"a\": trux\n}", ("JSON-SYNTAX", 2, 11, 12)),
        ("{\"a\" 1}", ("JSON-SYNTAX", 1, 6, 5)),
        ("[1,\n2", ("JSON-SYNTAX", 2, 1, 4)),
        ("", ("JSON-SYNTAX", 1, 1, 0)),
        ("{} x", ("JSON-SYNTAX", 1, 4, 3)),
        ("\u{feff}[1 2]", ("JSON-SYNTAX", 1, 7, 6)),
    ];
    for (text, expected) in cases {
        assert_eq!(refused(text, limits), expected, "{text:?}");
    }
}

#[test]
fn limits_hold() {
    let limits = json::Limits { size_bytes_max: 20, depth_max: 2 };
    assert_eq!(refused("[[[1]]]", limits), ("JSON-TOO-DEEP", 1, 3, 2));
    assert_eq!(refused("[\n [\n  {}]]", limits), ("JSON-TOO-DEEP", 3, 3, 7));
    assert_eq!(refused(&" ".repeat(21), limits).0, "JSON-TOO-LARGE");
    assert_eq!(json::read(b"[\"[[[[\", [1]]", &limits), Ok(value!(["[[[[", [1]])));
    let generous = json::Limits { size_bytes_max: usize::MAX, depth_max: usize::MAX };
    assert_eq!(refused(&"[".repeat(1_000_000), generous).0, "JSON-TOO-DEEP");
    let message = json::read(b"[1,", &limits).unwrap_err().to_string();
    assert!(message.starts_with("not JSON: EOF"), "{message}");
}

#[test]
fn evidence_is_found() {
    let text = r#" {"a": {"b/c": [1, {"d~": "x\"y"}, null]}, "": true, "é": -1.5e3, "a2": [] } "#;
    let cases = [
        ("", Some(text.trim())),
        ("/a/b~1c/1/d~0", Some(r#""x\"y""#)),
        ("/a/b~1c/2", Some("null")),
        ("/a/b~1c/3", None),
        ("/a/b~1c/01", None),
        ("/a2/0", None),
        ("/", Some("true")),
        ("/é", Some("-1.5e3")),
        ("/a/b", None),
        ("a", None),
    ];
    for (pointer, expected) in cases {
        let found = json::locate(text.as_bytes(), pointer).map(|range| &text[range]);
        assert_eq!(found, expected, "{pointer}");
    }
    let twice = r#"{"\u0061": 1, "a": 2}"#;
    assert_eq!(json::locate(twice.as_bytes(), "/a").map(|range| &twice[range]), Some("2"));
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map("[a-c~/\"\\\\é]{0,2}", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Every pointer into a document.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let token = key.replace('~', "~0").replace('/', "~1");
                pointers(member, &format!("{at}/{token}"), found);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn every_element_of_a_document_is_found(document in document(), pretty in any::<bool>()) {
        let bytes = if pretty {
            serde_json::to_vec_pretty(&document).unwrap()
        } else {
            serde_json::to_vec(&document).unwrap()
        };
        let read = json::read(&bytes, &json::Limits::default()).unwrap();
        prop_assert_eq!(&read, &document);
        let mut all = Vec::new();
        pointers(&document, "", &mut all);
        for pointer in all {
            let range = json::locate(&bytes, &pointer).unwrap();
            let found: Value = serde_json::from_slice(&bytes[range]).unwrap();
            prop_assert_eq!(Some(&found), document.pointer(&pointer), "{}", pointer);
        }
    }

    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), pointer in ".{0,12}") {
        if let Err(error) = json::read(&bytes, &json::Limits::default()) {
            prop_assert!(error.offset <= bytes.len());
        }
        if let Some(range) = json::locate(&bytes, &pointer) {
            prop_assert!(range.end <= bytes.len());
        }
        for line in ndjson::lines(&bytes) {
            prop_assert_eq!(&bytes[line.range.clone()], line.bytes);
        }
    }

    #[test]
    fn arbitrary_marks(text in "[\\[\\]{}\",:0-9a/ \\\\\n]{0,40}", pointer in "(/[0-9a]?){0,4}") {
        let limits = json::Limits::default();
        let read = json::read(text.as_bytes(), &limits);
        let located = json::locate(text.as_bytes(), &pointer);
        if let Ok(value) = read {
            let found = located.map(|range| serde_json::from_str::<Value>(&text[range]).unwrap());
            prop_assert_eq!(found.as_ref(), value.pointer(&pointer));
        }
    }
}

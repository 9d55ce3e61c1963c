//! Which messages are one: a fixture's `repeat` must count as its input once more, its `another` must not.

use baton_packs::test;

/// Connector lines, the input, another message, and whether that is the same once more.
const CASES: &[(&str, &str, &str, bool)] = &[
    ("own_id: /id\nignore: [/sent]", r#"{"id": 1, "sent": 5}"#, r#"{"id": 1, "sent": 6}"#, true),
    ("own_id: /id\nignore: [/sent]", r#"{"id": 1, "sent": 5}"#, r#"{"id": 2, "sent": 5}"#, false),
    ("own_id: /id\nignore: [/sent]", r#"{"id": 1, "a": 1}"#, r#"{"id": 1, "a": 2}"#, false),
    ("own_id: /id", r#"{"id": 1, "sent": 5}"#, r#"{"id": 1, "sent": 6}"#, false),
    ("versioned: true\nignore: [/h/sent, /h]", r#"{"h": {"sent": 5}}"#, r#"{"h": {"x": 6}}"#, true),
    ("versioned: true\nignore: [/sent]", r#"{"sent": 5, "n": 1}"#, r#"{"sent": 55, "n": 1}"#, true),
    // Numbers that a reader would round to the same are not the same.
    (
        "versioned: true\nignore: [/sent]",
        r#"{"sent": 5, "n": 123456789012345678901234567890}"#,
        r#"{"sent": 6, "n": 123456789012345678901234567891}"#,
        false,
    ),
    // Without a number or a version each is a statement of its own, also with the same bytes.
    ("ignore: [/sent]", r#"{"sent": 5}"#, r#"{"sent": 5}"#, false),
];

#[test]
fn what_is_ignored_makes_no_other_message() {
    for (n, (lines, input, other, same)) in CASES.iter().enumerate() {
        for (file, passes) in [("repeat", *same), ("another", !*same)] {
            let folder = tempfile::tempdir().unwrap();
            let connector = format!("name: c\nformat: json\n{lines}\nmap: empty\n");
            let fixture = "connector: c\nreceived_at: 2026-05-03T14:10:00Z\nrole: carrier\n";
            let files = [
                ("pack.yaml".to_owned(), "name: t\nversion: 1.0.0\ntitle: T\n"),
                ("connectors/c.yaml".to_owned(), connector.as_str()),
                ("fixtures/f/fixture.yaml".to_owned(), fixture),
                ("fixtures/f/input.json".to_owned(), input),
                (format!("fixtures/f/{file}.json"), other),
                ("fixtures/f/expected.yaml".to_owned(), "- part: message\n"),
            ];
            for (name, text) in files {
                let path = folder.path().join(name);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            let report = test(folder.path());
            assert_eq!(report.passed(), passes, "case {n}, {file}: {report:?}");
        }
    }
}

//! Statements as integrators write them, well and badly, and what each is read as.

use std::path::Path;

use crate::{Pack, Sender, connectors};

use super::*;

fn read(map: &str, input: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let files = [
        ("pack.yaml", "name: t\nversion: 1.0.0\ntitle: t\n".to_owned()),
        ("connectors/t.yaml", {
            let head = "name: t\nformat: json\ntime_zone: America/Chicago\nissuers: {po: self}\nmap: |\n";
            map.lines().fold(head.to_owned(), |all, line| format!("{all}  {line}\n"))
        }),
        ("codes/c.yaml", "name: c\nsystem: s\nelement: e\nreasons: r\ncodes:\n  - {code: D1, milestone: T60}\n  - {code: AG, milestone: T60, classifier: estimated}\n  - {code: X, exception: E-TRN-08, liable: carrier}\n".to_owned()),
        ("codes/r.yaml", "name: r\nsystem: s\nelement: r\ncodes:\n  - {code: D1, exception: E-TRN-06}\n  - {code: OK, nothing: true}\n".to_owned()),
    ];
    let files = files.into_iter().map(|(n, t)| (n.to_owned(), t.into_bytes())).collect();
    let (pack, findings) = Pack::from_files(crate::PackFiles { files });
    assert!(findings.is_empty(), "{findings:?}");
    let all = connectors(&[pack.unwrap()]).unwrap();
    let sender = Sender { source: "src", partner: Some("acme"), role: "carrier" };
    let at = "2026-05-05T00:00:00Z".parse().unwrap();
    let part = all["t"].interpret(input.as_bytes(), &[], at, sender).remove(0);
    let warnings = part.warnings.iter().map(ToString::to_string).collect();
    match part.result {
        Ok(statements) => {
            let told = |s: Statement| {
                format!("{} | {} | {:?}", s.about.object, s.happened.earliest, s.body)
            };
            (statements.into_iter().map(told).collect(), Vec::new(), warnings)
        }
        Err(faults) => (Vec::new(), faults.iter().map(ToString::to_string).collect(), warnings),
    }
}

#[test]
fn one_object_says_several_things_and_null_says_nothing() {
    let map = r#"{about: {order: ["po", .po], line: {number: "1", sku: .sku}}, at: .day,
                  ordered: .q, price: {amount: .p, currency: "USD"}, description: null, confirmed: .none}"#;
    let (said, faults, _) =
        read(map, r#"{"po": 77, "day": "2026-05-03", "q": 10, "p": "1.10", "sku": "A"}"#);
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("order:po:self:77 | 2026-05-03T05:00:00Z | Amount"), "{said:?}");
}

#[test]
fn placeholders_never_link_and_never_are_a_subject() {
    let map = r#"{about: {order: ["sales_order", .so]}, same_as: {order: ["po", .po]}}"#;
    let (said, faults, warnings) = read(map, r#"{"so": "SO-1", "po": "N/A"}"#);
    assert_eq!((said.len(), faults.len()), (0, 0));
    assert!(warnings[0].contains("placeholder: found `N/A`"), "{warnings:?}");
    let (_, faults, _) = read(map, r#"{"so": "0000", "po": "1"}"#);
    assert!(faults[0].starts_with("no_subject (about): found `0000`"), "{faults:?}");
    let (said, faults, warnings) = read(map, r#"{"so": "SO-1", "po": null}"#);
    assert_eq!((said.len(), faults.len(), warnings.len()), (0, 0, 0));
}

#[test]
fn faults_name_what_is_wrong() {
    let about = r#"about: {order: ["po", "1"]}"#;
    for (map, expected) in [
        (format!("{{{about}, milestone: \"T61\"}}"), "unknown_name (milestone): found `\"T61\"`"),
        (
            format!("{{{about}, milestone: \"T60\", at: \"soon\"}}"),
            "bad_time (at): found `\"soon\"`",
        ),
        (
            format!("{{{about}, orderd: 1}}"),
            "not_a_statement (orderd): found `orderd`, expected a key that statements have such as `ordered`",
        ),
        (
            format!("{{{about}, ordered: (0.1 + 0.2)}}"),
            "bad_amount (ordered): found `0.30000000000000004`, expected an exact number",
        ),
        (format!("{{{about}}}"), "not_a_statement: expected something said"),
        (
            "{about: {ordr: [\"po\", \"1\"]}, milestone: \"T60\"}".to_owned(),
            "bad_identifier (about): found `ordr`, expected a kind of object such as order",
        ),
        ("{milestone: \"T60\"}".to_owned(), "no_subject: expected `about`"),
        ("7".to_owned(), "not_a_statement: found `7`"),
        (".a.b.c".to_owned(), "mapping_failed"),
        ("error(\"no such thing\")".to_owned(), "mapping_failed"),
        ("repeat(1) | select(false)".to_owned(), "limit_exceeded: found `more steps"),
        (
            format!("{{{about}, status: {{table: \"d\", code: \"D1\"}}}}"),
            "unknown_name (status): found `d`",
        ),
    ] {
        let (_, faults, _) = read(&map, r#"{"a": 1}"#);
        let told = faults[0].replace(" at :", ":").replace(" at  (", " (");
        assert!(told.starts_with(expected), "{map}: {faults:?}");
    }
}

#[test]
fn what_is_not_json_is_told_with_its_byte() {
    for (input, expected) in [
        ("{\"a\": 1", "not_readable"),
        ("{\"a\": NaN}", "not_readable: found `no JSON at byte 6`"),
        ("", "not_readable"),
        (&"[".repeat(1000), "limit_exceeded"),
    ] {
        let (_, faults, _) = read(".", input);
        assert!(faults[0].starts_with(expected), "{input}: {faults:?}");
    }
}

#[test]
fn trap_03_the_same_letters_in_two_elements_are_two_codes() {
    let map =
        r#"{about: {shipment: ["pro", "1"]}, status: {table: "c", code: "D1", reason: "D1"}}"#;
    let (said, ..) = read(map, "{}");
    assert!(said[0].contains("T60") && said[1].contains("E-TRN-06"), "{said:?}");
}

#[test]
fn trap_10_an_unknown_code_is_unmapped_and_nothing_is_guessed() {
    let map = r#"{about: {shipment: ["pro", "1"]}, status: {table: "c", code: "d1"}}"#;
    let (said, ..) = read(map, "{}");
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("Unmapped"), "{said:?}");
}

#[test]
fn an_estimate_is_due_at_its_time_and_was_said_on_receipt() {
    let map = r#"{about: {shipment: ["pro", "1"]}, at: "2026-05-09T12:00:00Z", status: {table: "c", code: "AG"}}"#;
    let (said, ..) = read(map, "{}");
    assert!(
        said[0].contains("| 2026-05-05T00:00:00Z |") && said[0].contains("2026-05-09"),
        "{said:?}"
    );
    assert!(said[0].contains("Estimated"), "{said:?}");
}

#[test]
fn the_shipped_tracking_pack_reads_a_scan() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/carrier-tracking");
    let (pack, findings) = Pack::load(&folder);
    assert!(findings.is_empty(), "{findings:#?}");
    let all = connectors(&[pack.unwrap()]).unwrap();
    let sender = Sender { source: "parcel", partner: Some("tailspin"), role: "carrier" };
    let at = "2026-05-05T00:00:00Z".parse().unwrap();
    let scan = br#"{"event_id":"e1","tracking_number":"TSP1","carrier":"tailspin","status":"delivered","code":"DL","timestamp":"2026-05-04T10:00:00-05:00","location":{"city":"Omaha","region":"NE"}}"#;
    let connector = &all["carrier-tracking"];
    let parts = connector.interpret(scan, &[], at, sender);
    let statements = parts[0].result.as_ref().unwrap();
    assert_eq!(statements.len(), 1, "{statements:?}");
    assert_eq!(connector.own_id(scan, &[]).as_deref(), Some("e1"));
}

//! The integrator's way: the page that shows it is followed, and what `new` writes passes its tests.

use std::path::Path;

use baton_packs::{PackFiles, check, new, schemas, test};

const PAGE: &str = include_str!("../../../docs/src/extend/add-a-partner.md");
/// The measure: a connector for a format never seen before is shorter than this.
const CONNECTOR_LINES_MAX: usize = 80;

/// The files that the page shows, each named by a comment before its block.
fn files_of_the_page() -> PackFiles {
    let mut pack = PackFiles::default();
    for shown in PAGE.split("<!-- file: ").skip(1) {
        let (name, rest) = shown.split_once(" -->\n```").unwrap();
        let (_, block) = rest.split_once('\n').unwrap();
        let (text, _) = block.split_once("```").unwrap();
        pack.files.insert(name.to_owned(), text.as_bytes().to_vec());
    }
    pack
}

fn sound(folder: &Path) {
    let findings: Vec<String> = check(folder).iter().map(ToString::to_string).collect();
    assert_eq!(findings, Vec::<String>::new());
    let report = test(folder);
    assert!(!report.fixtures.is_empty());
    for fixture in &report.fixtures {
        assert!(fixture.passed, "{}:\n{}", fixture.name, fixture.difference);
    }
}

#[test]
fn the_page_can_be_followed() {
    let pack = files_of_the_page();
    assert_eq!(pack.files.len(), 6, "{:?}", pack.files.keys());
    let lines: usize = ["connectors/fourth-parcel.yaml", "codes/fourth-parcel-scans.yaml"]
        .iter()
        .map(|name| pack.files[*name].split(|b| *b == b'\n').count())
        .sum();
    assert!(lines < CONNECTOR_LINES_MAX, "{lines} lines");
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("fourth-parcel");
    pack.write(&folder).unwrap();
    sound(&folder);
}

#[test]
fn a_new_pack_passes_its_own_tests() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("acme-tracking");
    new(&folder, "acme-tracking").unwrap();
    sound(&folder);
    assert!(new(&folder, "acme-tracking").is_err(), "it wrote over what was there");
    assert!(new(&folder.join("x"), "Acme Tracking").is_err());
}

#[test]
fn a_difference_is_shown_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("acme-tracking");
    new(&folder, "acme-tracking").unwrap();
    let input = folder.join("fixtures/delivered/input.json");
    let text = std::fs::read_to_string(&input).unwrap();
    std::fs::write(&input, text.replace("PO-1", "PO-2")).unwrap();
    let report = test(&folder);
    assert!(!report.passed());
    let lines: Vec<&str> = report.fixtures[0].difference.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].starts_with("- message: says order:po:self:PO-1: contains"));
    assert!(lines[1].starts_with("+ message: says order:po:self:PO-2: contains"));
}

#[test]
fn every_file_of_a_pack_has_a_schema() {
    let all = schemas();
    for name in ["pack", "connector", "codes", "journeys", "rules", "fixture"] {
        let schema = &all[&format!("{name}.schema.json")];
        assert!(schema["title"].is_string() || schema["type"].is_string(), "{name}: {schema}");
    }
}

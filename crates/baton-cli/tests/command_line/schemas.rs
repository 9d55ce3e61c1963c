//! Stores as earlier programs left them, with data in them, are brought up to date and are sound.
//!
//! `baton-store/tests/schemas/` has the rows of a small system for each version of the schema, with the
//! columns and tables that the version knew; packs are the same in all. The first ones are of a system
//! that was sent `samples/`; each later one is what the one before became, and went on with. They are never changed: who adds a
//! migration runs `BATON_WRITE_SCHEMAS=1 cargo test -p baton-cli a_schema_that_is_new`, which writes
//! the rows of the version that is new, and checks them in.

use std::fs;
use std::path::{Path, PathBuf};

use baton_store::Location;
use baton_store::throwaway::{NEWEST, Schema, dump, load};

use crate::binary::*;

fn schemas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../baton-store/tests/schemas")
}

fn rows(version: i64) -> PathBuf {
    schemas().join(format!("v{version}.sql"))
}

fn check(version: i64, location: &Location, place: [&str; 2]) {
    let [packs, rows] =
        [schemas().join("packs.sql"), rows(version)].map(|path| fs::read_to_string(path).unwrap());
    load(location, version, &[&packs, &rows]).unwrap();
    let on = |args: &[&str], code| json(baton().args(args).args(place), code);
    // Nothing but `migrate` and `serve` touches it before.
    run(baton().args(["order", "list"]).args(place), if version < NEWEST { 4 } else { 0 });
    let migrated = on(&["migrate"], 0);
    assert_eq!((&migrated["before"], &migrated["after"]), (&version.into(), &NEWEST.into()));
    if version < NEWEST {
        let told = on(&["audit", "list", "--operator", "--operation", "migrate"], 0);
        let expected = serde_json::json!({ "before": version, "after": NEWEST });
        assert_eq!(told["items"][0]["detail"], expected, "{told}");
    }
    let verified = on(&["verify"], 0);
    assert_eq!(verified["differences_found"], 0, "from version {version}: {verified}");
    assert!(verified["subjects"].as_u64().unwrap() >= 2, "{verified}");
    let order = on(&["order", "show", "4500099001"], 0);
    assert_eq!(order["progress"], "T60", "from version {version}: {order}");
    let timeline = run(baton().args(["order", "timeline", "4500099001"]).args(place), 0);
    assert!(timeline.contains("rang the customer"), "{timeline}");
    // The first message, byte for byte.
    let messages = on(&["message", "list"], 0);
    let first = messages["items"].as_array().unwrap().last().unwrap()["id"].to_string();
    let body = run(baton().args(["message", "raw", first.trim_matches('"')]).args(place), 0);
    assert_eq!(body, fs::read_to_string(samples().join("tracking.json")).unwrap());
    // What was used before there were figures of it is counted from what is there.
    let sent = messages["items"].as_array().unwrap();
    let sent = sent.iter().filter(|message| message["source"] != "baton").count();
    let used = on(&["usage", "--from", "2026-01", "--to", "2028-12"], 0);
    let figure = |name: &str| -> u64 {
        used["months"].as_array().unwrap().iter().map(|month| month[name].as_u64().unwrap()).sum()
    };
    assert_eq!(figure("messages"), sent as u64, "from version {version}");
    // It went by another id soon after it began.
    assert_eq!(figure("orders"), 1, "from version {version}");
    let waiting = on(&["quarantine", "list"], 0);
    assert_eq!(waiting["items"].as_array().map(Vec::len), Some(1), "{waiting}");
    assert!(run(baton().args(["key", "list"]).args(place), 0).contains("first administrator"));
    // It goes on: what comes next is taken and read.
    let mut note = baton();
    run(note.args(["order", "note", "4500099001", "rang again"]).args(place), 0);
    assert_eq!(on(&["verify"], 0)["differences_found"], 0, "from version {version}, later");
}

#[test]
fn a_store_of_every_earlier_schema_is_brought_up_to_date() {
    for version in 1..=NEWEST {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        check(version, &Location::Folder(path.into()), ["--data", path]);
        if let Some(schema) = Schema::fresh() {
            check(version, &schema.location(), ["--database", &schema.url]);
        }
    }
}

#[test]
fn a_schema_that_is_new_has_rows() {
    if std::env::var_os("BATON_WRITE_SCHEMAS").is_some() {
        write();
    }
    for version in 1..=NEWEST {
        assert!(
            rows(version).is_file(),
            "write the rows of version {version}: see this file's top"
        );
    }
}

/// Writes the rows of a version that has none: what the version before it has become, and is gone on with.
fn write() {
    let Some(before) = (1..NEWEST).rfind(|version| rows(*version).is_file()) else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    check(before, &Location::Folder(path.into()), ["--data", path]);
    for version in before + 1..=NEWEST {
        let rows_of_it = dump(folder.path(), version, |table| table != "pack").unwrap();
        fs::write(rows(version), rows_of_it).unwrap();
    }
}

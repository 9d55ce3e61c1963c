//! The shipped packs: sound, together one rulebook, and read what their fixtures say.

use std::path::{Path, PathBuf};

use baton_packs::{Pack, check, compile, connectors, shipped, test};

fn folders() -> Vec<PathBuf> {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(packs).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    folders
}

#[test]
fn every_shipped_pack_is_sound() {
    for folder in folders() {
        let findings = check(&folder);
        let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(told, Vec::<String>::new(), "{}", folder.display());
    }
}

#[test]
fn every_fixture_is_read_as_expected() {
    if std::env::var_os("BATON_RECORD").is_some() {
        for folder in folders() {
            baton_packs::record(&folder).unwrap();
        }
    }
    for folder in folders() {
        let report = test(&folder);
        assert!(!report.fixtures.is_empty(), "{} has no fixtures", folder.display());
        for fixture in &report.fixtures {
            assert!(
                fixture.passed,
                "{}/{}:\n{}",
                folder.display(),
                fixture.name,
                fixture.difference
            );
        }
    }
}

#[test]
fn the_packs_within_the_binary_make_one_rulebook() {
    let packs: Vec<Pack> =
        shipped().into_iter().map(|files| Pack::from_files(files).0.unwrap()).collect();
    assert_eq!(packs.len(), folders().len());
    let book = compile(&packs).unwrap();
    assert!(book.version.starts_with("starter@1.0.0+"), "{}", book.version);
    assert!(book.rules.len() > 20 && book.journeys.len() == 2);
    let ready = connectors(&packs).unwrap();
    for name in [
        "carrier-tracking",
        "shopify",
        "starter-erp",
        "starter-finance",
        "starter-service",
        "x12-retail",
    ] {
        assert!(ready.contains_key(name), "{name}");
    }
}

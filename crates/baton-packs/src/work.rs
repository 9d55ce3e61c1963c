//! What an integrator runs: check, test, record, new, and the schemas for an editor.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::connectors::{Connectors, connectors};
use crate::files::PackFiles;
use crate::finding::{Finding, FindingCode, Position};
use crate::fixture::{self, TestReport};
use crate::manifest::is_name;
use crate::pack::Pack;
use crate::rulebook::compile;
use crate::shipped::shipped;

/// Tells everything that is wrong with the pack in a folder. Packs that it requires are taken from
/// the shipped ones, or from the folders beside it.
#[must_use]
pub fn check(folder: &Path) -> Vec<Finding> {
    prepare(folder).1
}

/// Runs the fixtures of the pack in a folder.
#[must_use]
pub fn test(folder: &Path) -> TestReport {
    tested(prepare(folder))
}

/// Runs the fixtures of a pack in memory. Packs that it requires are taken from those beside it, or from
/// the shipped ones.
#[must_use]
pub fn test_beside(files: PackFiles, beside: &[Pack]) -> TestReport {
    let is_named = |name: &str| beside.iter().find(|pack| pack.manifest.name == name).cloned();
    tested(prepared(Pack::from_files(files), is_named))
}

type Prepared = (Option<(Pack, Connectors)>, Vec<Finding>);

fn tested(prepared: Prepared) -> TestReport {
    match prepared {
        (Some((pack, connectors)), findings) if findings.is_empty() => {
            fixture::run_all(&pack.files, &connectors)
        }
        (_, findings) => TestReport { findings, fixtures: Vec::new() },
    }
}

/// Writes what the fixtures are read as now as what is expected of them; gives how many.
///
/// # Errors
/// Where a file cannot be written.
pub fn record(folder: &Path) -> std::io::Result<usize> {
    match prepare(folder) {
        (Some((pack, connectors)), findings) if findings.is_empty() => {
            fixture::record(folder, &pack.files, &connectors)
        }
        _ => Ok(0),
    }
}

fn prepare(folder: &Path) -> Prepared {
    let beside = |name: &str| {
        let beside = folder.parent().map(|parent| parent.join(name));
        let beside = beside.filter(|folder| folder.is_dir() && is_name(name));
        beside.and_then(|folder| Pack::load(&folder).0)
    };
    prepared(Pack::load(folder), beside)
}

fn prepared(
    (pack, mut findings): (Option<Pack>, Vec<Finding>),
    beside: impl Fn(&str) -> Option<Pack>,
) -> Prepared {
    let Some(pack) = pack else { return (None, findings) };
    findings.extend(fixture::check(&pack.files));
    let mut packs = required(&pack, beside);
    packs.push(pack.clone());
    if let Err(more) = compile(&packs) {
        findings.extend(more);
    }
    let ready = match connectors(&packs) {
        Ok(ready) => Some((pack, ready)),
        Err(more) => {
            findings.extend(more);
            None
        }
    };
    findings.sort();
    findings.dedup();
    (ready, findings)
}

/// The packs that a pack requires, and those that they require, each before what builds on it.
fn required(pack: &Pack, beside: impl Fn(&str) -> Option<Pack>) -> Vec<Pack> {
    let mut found: Vec<Pack> = Vec::new();
    let mut wanted: Vec<String> = pack.manifest.requires.iter().map(ToString::to_string).collect();
    while let Some(name) = wanted.pop() {
        if found.iter().any(|p| p.manifest.name == name) || pack.manifest.name == name {
            continue;
        }
        if let Some(loaded) = beside(&name).or_else(|| shipped_pack(&name)) {
            wanted.extend(loaded.manifest.requires.iter().map(ToString::to_string));
            found.insert(0, loaded);
        }
    }
    found
}

fn shipped_pack(name: &str) -> Option<Pack> {
    let all = shipped().into_iter().filter_map(|files| Pack::from_files(files).0);
    all.into_iter().find(|pack| pack.manifest.name == name)
}

const MANIFEST: &str = include_str!("../scaffold/pack.yaml");
const CONNECTOR: &str = include_str!("../scaffold/connector.yaml");
const CODES: &str = include_str!("../scaffold/codes.yaml");
const FIXTURE: &str = include_str!("../scaffold/fixture.yaml");
const INPUT: &str = include_str!("../scaffold/input.json");
const EXPECTED: &str = include_str!("../scaffold/expected.yaml");

fn bad_name(name: &str) -> Vec<Finding> {
    let at = Position { line: 1, column: 1 };
    let expected = "a name of lower-case letters, digits and hyphens, such as acme-tracking";
    vec![Finding::new("pack.yaml", at, FindingCode::BadValue, name, expected)]
}

/// A new pack that passes check and test, to be changed into what is wanted.
///
/// # Errors
/// Where the name is none.
pub fn skeleton(name: &str) -> Result<PackFiles, Vec<Finding>> {
    if !is_name(name) {
        return Err(bad_name(name));
    }
    let file = |path: &str, text: &str| {
        let bytes = text.replace("NAME", name).into_bytes();
        (path.replace("NAME", name), bytes)
    };
    let files = [
        file("pack.yaml", MANIFEST),
        file("connectors/NAME.yaml", CONNECTOR),
        file("codes/NAME-status.yaml", CODES),
        file("fixtures/delivered/fixture.yaml", FIXTURE),
        file("fixtures/delivered/input.json", INPUT),
        file("fixtures/delivered/expected.yaml", EXPECTED),
    ];
    Ok(PackFiles { files: files.into_iter().collect() })
}

/// A copy of a pack under a name of its own, which takes the place of what it declares where both are
/// active: of the manifest, name, version and `overrides` are set and everything else is as it was.
///
/// # Errors
/// Where the name is none.
pub fn copied(mut files: PackFiles, name: &str) -> Result<PackFiles, Vec<Finding>> {
    if !is_name(name) {
        return Err(bad_name(name));
    }
    if let Some(manifest) = files.files.get_mut("pack.yaml") {
        let text = String::from_utf8_lossy(manifest);
        let is_set = |line: &&str| {
            let key = line.split(':').next().unwrap_or_default();
            !matches!(key, "name" | "version" | "overrides")
        };
        let rest: Vec<&str> = text.lines().filter(is_set).collect();
        let text = format!("name: {name}\nversion: 1.0.0\noverrides: true\n{}\n", rest.join("\n"));
        *manifest = text.into_bytes();
    }
    Ok(files)
}

/// Writes a new pack that passes check and test, to be changed into what is wanted.
///
/// # Errors
/// Where the name is none, the folder has files already, or it cannot be written.
pub fn new(folder: &Path, name: &str) -> Result<(), Vec<Finding>> {
    let at = Position { line: 1, column: 1 };
    let files = skeleton(name)?;
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        let (found, expected) = (folder.display().to_string(), "a folder that is new or empty");
        return Err(vec![Finding::new("pack.yaml", at, FindingCode::BadValue, found, expected)]);
    }
    files.write(folder).map_err(|why| {
        let expected = "a folder that can be written";
        vec![Finding::new("pack.yaml", at, FindingCode::FileUnreadable, why.to_string(), expected)]
    })
}

/// JSON Schemas of the files of a pack, by file name, for editors.
#[must_use]
pub fn schemas() -> BTreeMap<String, Value> {
    use baton_core::book::{Authority, Rule, Scheme, Sla};
    use baton_core::calendar::Calendar;
    let file =
        |name: &str, schema: schemars::Schema| (format!("{name}.schema.json"), schema.to_value());
    [
        file("pack", schemars::schema_for!(crate::manifest::Manifest)),
        file("connector", schemars::schema_for!(crate::connector::Declaration)),
        file("codes", schemars::schema_for!(crate::codes::CodeTable)),
        file("journeys", schemars::schema_for!(Vec<crate::journey::Declared>)),
        file("schemes", schemars::schema_for!(Vec<Scheme>)),
        file("calendars", schemars::schema_for!(Vec<Calendar>)),
        file("slas", schemars::schema_for!(Vec<Sla>)),
        file("rules", schemars::schema_for!(Vec<Rule>)),
        file("authority", schemars::schema_for!(Vec<Authority>)),
        file("fixture", schemars::schema_for!(crate::fixture::Fixture)),
        file("expected", schemars::schema_for!(Vec<crate::fixture::ExpectedPart>)),
    ]
    .into_iter()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_begun_passes_its_own_check_and_test() {
        let names = |files: PackFiles| {
            let (pack, findings) = Pack::from_files(files);
            assert_eq!(findings, []);
            let manifest = pack.unwrap().manifest;
            (manifest.name.to_string(), manifest.overrides)
        };
        assert_eq!(names(skeleton("acme").unwrap()), ("acme".into(), false));
        for shipped in shipped() {
            let original = Pack::from_files(shipped.clone()).0.unwrap().manifest;
            let copy = copied(shipped, "acme").unwrap();
            let manifest = Pack::from_files(copy.clone()).0.unwrap().manifest;
            assert_eq!((manifest.title, manifest.requires), (original.title, original.requires));
            assert_eq!(names(copy), ("acme".into(), true));
        }
        for name in ["", "Acme", "a b", "-", "pack.yaml", "../x"] {
            assert!(skeleton(name).is_err() && copied(PackFiles::default(), name).is_err());
        }
    }
}

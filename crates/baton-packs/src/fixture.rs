//! Fixtures: a message and what it must be read as. `baton pack test` runs them.
//!
//! `fixtures/<name>/` holds `input.<ext>`, `fixture.yaml` and `expected.yaml`. Expected statements are
//! written as [`crate::told`] tells them, a line each, so that a difference can be read. With a file
//! `repeat.<ext>` it also says that this is the same message once more, and with `another.<ext>` that it
//! is not.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use baton_core::partner::Role;
use baton_core::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::connector::Connector;
use crate::connectors::Connectors;
use crate::files::PackFiles;
use crate::finding::{Finding, FindingCode, Position};
use crate::reading::PartReading;
use crate::statement::Sender;
use crate::told::told;
use crate::yaml;

/// `fixture.yaml`: how the message came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    /// The connector that is to read it.
    pub connector: String,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    pub received_at: Instant,
    /// The source's key.
    #[serde(default = "source")]
    pub source: String,
    /// The partner's key.
    #[serde(default)]
    pub partner: Option<String>,
    /// The role that the source speaks as.
    pub role: Role,
    #[serde(default)]
    pub note: Option<String>,
}

fn source() -> String {
    "a-source".to_owned()
}

/// `expected.yaml`: what a part of the message says, or why it cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectedPart {
    pub part: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub says: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

impl ExpectedPart {
    fn of(part: &PartReading) -> Self {
        let lines =
            |faults: &[crate::MappingFault]| faults.iter().map(ToString::to_string).collect();
        let (says, faults) = match &part.result {
            Ok(statements) => (statements.iter().map(told).collect(), Vec::new()),
            Err(faults) => (Vec::new(), lines(faults)),
        };
        Self { part: part.part.clone(), says, faults, warnings: lines(&part.warnings) }
    }
}

/// What came of running a pack's fixtures.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TestReport {
    /// Faults of the pack itself; with any, no fixture was run.
    pub findings: Vec<Finding>,
    pub fixtures: Vec<FixtureResult>,
}

/// What came of one fixture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FixtureResult {
    pub name: String,
    pub passed: bool,
    /// Lines that were expected and not said (`-`), and said and not expected (`+`).
    pub difference: String,
}

impl TestReport {
    #[must_use]
    pub fn passed(&self) -> bool {
        self.findings.is_empty() && self.fixtures.iter().all(|f| f.passed)
    }
}

/// Names of the fixtures of a pack.
fn names(files: &PackFiles) -> Vec<String> {
    let inside = files.files.keys().filter_map(|f| f.strip_prefix("fixtures/")?.split_once('/'));
    let mut names: Vec<String> = inside.map(|(name, _)| name.to_owned()).collect();
    names.dedup();
    names
}

/// The files of a fixture, checked.
pub(crate) fn check(files: &PackFiles) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in names(files) {
        if let Err(more) = load(files, &name) {
            findings.extend(more);
        }
    }
    findings
}

struct Loaded<'f> {
    fixture: Fixture,
    input: &'f [u8],
    /// Other messages, by the names of their files, and whether they repeat the input.
    others: Vec<(&'f str, &'f [u8], bool)>,
    expected: Option<Vec<ExpectedPart>>,
}

fn load<'f>(files: &'f PackFiles, name: &str) -> Result<Loaded<'f>, Vec<Finding>> {
    let folder = format!("fixtures/{name}/");
    let missing = |file: &str, expected: &str| {
        let (file, at) = (format!("{folder}{file}"), Position { line: 1, column: 1 });
        vec![Finding::new(&file, at, FindingCode::FileMissing, "", expected)]
    };
    let input = files.files.iter().find(|(f, _)| f.starts_with(&format!("{folder}input.")));
    let (_, input) =
        input.ok_or_else(|| missing("input.json", "the message, as `input.<extension>`"))?;
    let fixture = read::<Fixture>(files, &format!("{folder}fixture.yaml"))?;
    let fixture =
        fixture.ok_or_else(|| missing("fixture.yaml", "connector, received_at and role"))?;
    let expected = read::<Vec<ExpectedPart>>(files, &format!("{folder}expected.yaml"))?;
    let others =
        [("repeat.", true), ("another.", false)].into_iter().flat_map(|(stem, repeats)| {
            let found = files.files.iter().filter_map(|(file, bytes)| {
                let file = file.strip_prefix(&folder).filter(|file| file.starts_with(stem))?;
                Some((file, bytes.as_slice(), repeats))
            });
            found.collect::<Vec<_>>()
        });
    let others = others.collect();
    Ok(Loaded { fixture, input, others, expected })
}

fn read<T: serde::de::DeserializeOwned>(
    files: &PackFiles,
    name: &str,
) -> Result<Option<T>, Vec<Finding>> {
    let Some(text) = files.text(name) else { return Ok(None) };
    let text = text.map_err(|finding| vec![finding])?;
    let node = yaml::parse(text).map_err(|fault| {
        vec![Finding::new(name, fault.at, FindingCode::YamlSyntax, fault.found, fault.expected)]
    })?;
    match yaml::read(&node, name) {
        (Some(value), findings) if findings.is_empty() => Ok(Some(value)),
        (_, findings) => Err(findings),
    }
}

fn connector<'c>(fixture: &Fixture, connectors: &'c Connectors) -> Result<&'c Connector, String> {
    let found = connectors.get(fixture.connector.as_str()).ok_or_else(|| {
        let near = crate::finding::nearest(
            &fixture.connector,
            connectors.keys().map(smol_str::SmolStr::as_str),
        );
        let hint = near.map_or_else(String::new, |n| format!("; did you mean `{n}`?"));
        format!("no connector is called `{}`{hint}\n", fixture.connector)
    })?;
    Ok(found)
}

fn headers(fixture: &Fixture) -> Vec<(String, String)> {
    fixture.headers.iter().map(|(n, v)| (n.clone(), v.clone())).collect()
}

/// What is wrong about which messages are the same.
fn repeats(loaded: &Loaded<'_>, connectors: &Connectors) -> Result<String, String> {
    let connector = connector(&loaded.fixture, connectors)?;
    let headers = headers(&loaded.fixture);
    let mut text = String::new();
    for (file, bytes, expected) in &loaded.others {
        let found = connector.repeats(loaded.input, bytes, &headers);
        if found != *expected {
            let is = if found { "the same message once more" } else { "another message" };
            let _ = writeln!(text, "! {file} is {is}");
        }
    }
    Ok(text)
}

fn run(loaded: &Loaded<'_>, connectors: &Connectors) -> Result<Vec<ExpectedPart>, String> {
    let fixture = &loaded.fixture;
    let connector = connector(fixture, connectors)?;
    let headers = headers(fixture);
    let sender = Sender {
        source: &fixture.source,
        partner: fixture.partner.as_deref(),
        role: fixture.role.name(),
    };
    let parts = connector.interpret(loaded.input, &headers, fixture.received_at, sender);
    Ok(parts.iter().map(ExpectedPart::of).collect())
}

/// Runs every fixture of a pack whose connectors are ready.
pub(crate) fn run_all(files: &PackFiles, connectors: &Connectors) -> TestReport {
    let mut report = TestReport::default();
    for name in names(files) {
        let difference = match load(files, &name) {
            Err(findings) => findings.iter().map(|f| format!("{f}\n")).collect(),
            Ok(loaded) => match (run(&loaded, connectors), &loaded.expected) {
                (Err(why), _) => why,
                (Ok(said), Some(expected)) => {
                    let wrong = repeats(&loaded, connectors).unwrap_or_else(|why| why);
                    difference(expected, &said) + &wrong
                }
                (Ok(said), None) => {
                    format!(
                        "there is no expected.yaml yet; this is what was read:\n{}",
                        written(&said)
                    )
                }
            },
        };
        report.fixtures.push(FixtureResult { passed: difference.is_empty(), name, difference });
    }
    report
}

/// Writes what is read now as what is expected, for a person to read before it is kept.
pub(crate) fn record(
    folder: &Path,
    files: &PackFiles,
    connectors: &Connectors,
) -> std::io::Result<usize> {
    let mut count = 0;
    for name in names(files) {
        if let Ok(loaded) = load(files, &name)
            && let Ok(said) = run(&loaded, connectors)
        {
            std::fs::write(folder.join(format!("fixtures/{name}/expected.yaml")), written(&said))?;
            count += 1;
        }
    }
    Ok(count)
}

/// YAML of expected parts: JSON texts are YAML texts.
fn written(parts: &[ExpectedPart]) -> String {
    let mut text = String::new();
    for part in parts {
        let _ = writeln!(text, "- part: {}", json!(part.part));
        for (key, lines) in
            [("says", &part.says), ("faults", &part.faults), ("warnings", &part.warnings)]
        {
            if !lines.is_empty() {
                let _ = writeln!(text, "  {key}:");
                for line in lines {
                    let _ = writeln!(text, "    - {}", json!(line));
                }
            }
        }
    }
    text
}

fn difference(expected: &[ExpectedPart], said: &[ExpectedPart]) -> String {
    let lines = |parts: &[ExpectedPart]| -> Vec<String> {
        let of = |p: &ExpectedPart| {
            let each = |key: &str, lines: &[String]| -> Vec<String> {
                lines.iter().map(|l| format!("{}: {key} {l}", p.part)).collect()
            };
            let none = p.says.is_empty() && p.faults.is_empty();
            let nothing = none.then(|| format!("{}: says nothing", p.part));
            let all =
                [each("says", &p.says), each("fault", &p.faults), each("warning", &p.warnings)];
            all.into_iter().flatten().chain(nothing).collect::<Vec<_>>()
        };
        parts.iter().flat_map(of).collect()
    };
    let (expected, said) = (lines(expected), lines(said));
    let mut text = String::new();
    let mut left = said.clone();
    for line in &expected {
        match left.iter().position(|l| l == line) {
            Some(n) => {
                left.remove(n);
            }
            None => {
                let _ = writeln!(text, "- {line}");
            }
        }
    }
    for line in &left {
        let _ = writeln!(text, "+ {line}");
    }
    text
}

//! Running the fixtures of packs before anything depends on them: what of each message is said that was
//! not expected, and the other way round. And the schemas of a pack's files, for editors.

use baton_packs::fixture::FixtureResult;
use baton_packs::{Finding, FindingCode, Pack, TestReport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::source::{PackSource, beside, read};
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::endpoint::Outcome;
use crate::http::page::Page;

/// The packs whose fixtures are to be run.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TestRequest {
    packs: Vec<PackSource>,
}

/// What came of the fixtures of a pack.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct TestItem {
    pack: String,
    passed: bool,
    /// Faults of the pack itself; with any, no fixture was run.
    findings: Vec<FindingItem>,
    fixtures: Vec<FixtureItem>,
}

/// What came of one fixture.
#[derive(Debug, Serialize, JsonSchema)]
struct FixtureItem {
    name: String,
    passed: bool,
    /// Lines that were expected and not said (`-`), and said and not expected (`+`).
    difference: Vec<String>,
}

/// Something that is wrong with a pack.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct FindingItem {
    file: String,
    /// From 1.
    line: usize,
    column: usize,
    code: FindingCode,
    found: String,
    expected: String,
    /// The valid name that was probably meant.
    nearest: Option<String>,
}

/// The schema of one sort of file.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct SchemaItem {
    /// `pack`, `connector`, `codes`, `journeys`, `schemes`, `calendars`, `slas`, `rules`, `authority`,
    /// `fixture`, `expected`.
    name: String,
    /// As JSON Schema.
    schema: Value,
}

impl From<Finding> for FindingItem {
    fn from(finding: Finding) -> Self {
        let Finding { file, at, code, found, expected, nearest } = finding;
        let (line, column) = (at.line, at.column);
        Self { file, line, column, code, found, expected, nearest }
    }
}

impl From<FixtureResult> for FixtureItem {
    fn from(result: FixtureResult) -> Self {
        let difference = result.difference.lines().map(str::to_owned).collect();
        Self { name: result.name, passed: result.passed, difference }
    }
}

pub(in crate::http) fn run(call: &Call) -> Outcome {
    let TestRequest { packs } = call.json()?;
    let files = read(call, packs)?;
    let scope = call.scope()?;
    let all = call.store().read(|tx| beside(tx, &scope, &files))?;
    let all: Vec<Pack> = all.into_iter().filter_map(|files| Pack::from_files(files).0).collect();
    let items = files.into_iter().map(|files| {
        let name = super::source::name(&files).unwrap_or_default();
        let report: TestReport = baton_packs::test_beside(files, &all);
        TestItem {
            pack: name,
            passed: report.passed(),
            findings: report.findings.into_iter().map(FindingItem::from).collect(),
            fixtures: report.fixtures.into_iter().map(FixtureItem::from).collect(),
        }
    });
    Answer::json(Page::whole(items.collect()))
}

pub(in crate::http) fn schemas(_: &Call) -> Outcome {
    let all = baton_packs::schemas().into_iter().map(|(name, schema)| SchemaItem {
        name: name.trim_end_matches(".schema.json").to_owned(),
        schema,
    });
    Answer::json(Page::whole(all.collect()))
}

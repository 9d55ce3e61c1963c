//! What differs between two packs, file by file and line by line: two versions, or one and a draft.

use std::collections::BTreeSet;
use std::time::Duration;

use baton_packs::PackFiles;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

use super::source::{PackSource, read};
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::endpoint::Outcome;
use crate::http::problem::Problem;

/// Unchanged lines that are shown around a change.
const CONTEXT_LINES: usize = 3;
/// Lines that one answer shows; of files beyond them it says only that they differ.
const LINES_MAX: usize = 10_000;
/// How long the shortest way from one file to the other is looked for, before a longer one does.
const EFFORT_MAX: Duration = Duration::from_millis(300);

/// What is compared.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct DifferenceRequest {
    was: PackSource,
    is: PackSource,
}

/// What differs.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct DifferenceAnswer {
    /// Files that differ, by name.
    files: Vec<FileDifference>,
}

/// A file that differs.
#[derive(Debug, Serialize, JsonSchema)]
struct FileDifference {
    file: String,
    /// `added`, `removed`, `changed`.
    change: &'static str,
    added_lines: usize,
    removed_lines: usize,
    /// Groups of lines that stand together, with some around them. Empty for bytes that are no text, and
    /// where there are too many.
    groups: Vec<Vec<DifferenceLine>>,
}

/// A line.
#[derive(Debug, Serialize, JsonSchema)]
struct DifferenceLine {
    /// `+`, `-`, or a blank for one that is in both.
    sign: char,
    /// Its number before and after, from 1.
    was: Option<usize>,
    is: Option<usize>,
    text: String,
}

pub(in crate::http) fn show(call: &Call) -> Outcome {
    let DifferenceRequest { was, is } = call.json()?;
    let files = compare(&one(call, was)?, &one(call, is)?);
    Answer::json(DifferenceAnswer { files })
}

fn one(call: &Call, source: PackSource) -> Result<PackFiles, Problem> {
    Ok(read(call, vec![source])?.pop().unwrap_or_default())
}

fn compare(was: &PackFiles, is: &PackFiles) -> Vec<FileDifference> {
    let names: BTreeSet<&String> = was.files.keys().chain(is.files.keys()).collect();
    let mut room = LINES_MAX;
    let mut found = Vec::new();
    for name in names {
        let (before, after) = (was.files.get(name), is.files.get(name));
        if before != after {
            found.push(file(name, before, after, &mut room));
        }
    }
    found
}

fn file(
    name: &str,
    before: Option<&Vec<u8>>,
    after: Option<&Vec<u8>>,
    room: &mut usize,
) -> FileDifference {
    let change = match (before, after) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    };
    let text = |bytes: Option<&Vec<u8>>| {
        bytes.map_or(Ok(String::new()), |bytes| String::from_utf8(bytes.clone()))
    };
    let mut difference = FileDifference {
        file: name.to_owned(),
        change,
        added_lines: 0,
        removed_lines: 0,
        groups: Vec::new(),
    };
    let (Ok(before), Ok(after)) = (text(before), text(after)) else { return difference };
    let lines = TextDiff::configure().timeout(EFFORT_MAX).diff_lines(&before, &after);
    for group in lines.grouped_ops(CONTEXT_LINES) {
        let mut shown = Vec::new();
        for change in group.iter().flat_map(|op| lines.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            difference.added_lines += usize::from(sign == '+');
            difference.removed_lines += usize::from(sign == '-');
            shown.push(DifferenceLine {
                sign,
                was: change.old_index().map(|n| n + 1),
                is: change.new_index().map(|n| n + 1),
                text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
            });
        }
        if shown.len() <= *room {
            *room -= shown.len();
            difference.groups.push(shown);
        }
    }
    difference
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &[u8])]) -> PackFiles {
        let files = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()));
        PackFiles { files: files.collect() }
    }

    fn told(difference: &FileDifference) -> String {
        let lines = difference.groups.iter().flatten();
        let lines = lines.map(|line| format!("{}{} ", line.sign, line.text));
        let lines: String = lines.collect();
        format!("{} {} | {lines}", difference.change, difference.file).trim_end().to_owned()
    }

    fn check(was: &[(&str, &[u8])], is: &[(&str, &[u8])], expected: &[&str]) {
        let found: Vec<String> = compare(&files(was), &files(is)).iter().map(told).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn files_come_go_and_change_line_by_line() {
        check(&[("a", b"1\n")], &[("a", b"1\n")], &[]);
        check(&[("a", b"1\n2\n3\n")], &[("a", b"1\n4\n3\n")], &["changed a |  1 -2 +4  3"]);
        check(&[("a", b"1\n")], &[("b", b"1\n")], &["removed a | -1", "added b | +1"]);
        check(&[("a", b"\xff")], &[("a", b"1\n")], &["changed a |"]);
    }

    #[test]
    fn unchanged_parts_are_left_out_and_lines_are_numbered() {
        let long = |at: usize| {
            let line = |n| if n == at { "x\n".to_owned() } else { format!("{n}\n") };
            (1..=20).map(line).collect::<String>().into_bytes()
        };
        let found = compare(&files(&[("a", &long(0))]), &files(&[("a", &long(10))]));
        let [only] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((only.added_lines, only.removed_lines, only.groups[0].len()), (1, 1, 8));
        let removed = only.groups[0].iter().find(|line| line.sign == '-').unwrap();
        assert_eq!((removed.was, removed.is), (Some(10), None));
    }
}

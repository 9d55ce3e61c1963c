//! Rules of the house that no compiler checks; run as a task, in CI and as a unit test.
//!
//! Sizes, the paragraph at the top of each module, unfinished notes, names that say nothing, paths
//! of somebody's machine, links that lead nowhere. Each rule looks at one file and returns faults; that of
//! the book looks at its pages together.

mod book;
mod links;
mod names;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use crate::fault::Fault;
use crate::workspace::Workspace;

/// At this many lines a file has a seam that somebody should find.
const RUST_LINES_MAX: usize = 500;

/// Marks a file that a program wrote, in one of its first lines.
const GENERATED: &str = concat!("@", "generated");
const GENERATED_WITHIN_LINES: usize = 5;

/// Endings of files that people write and that may hold a note or a path.
const WRITTEN: [&str; 9] =
    [".rs", ".md", ".toml", ".yaml", ".yml", ".sql", ".sh", ".jq", ".ci/run"];

/// Words put together here so that this file does not find itself.
const UNFINISHED: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];
const MACHINE_PATHS: [&str; 4] =
    [concat!("/wor", "k/"), concat!("/roo", "t/"), concat!("/hom", "e/"), concat!("/Use", "rs/")];

pub(crate) fn faults(workspace: &Workspace) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let mut pages = BTreeMap::new();
    for path in workspace.files()? {
        let shown = path.display().to_string();
        if !WRITTEN.iter().any(|ending| shown.ends_with(ending)) {
            continue;
        }
        let Some(text) = workspace.text(&path)? else {
            faults.push(Fault::new(shown, "is not UTF-8", "save it as UTF-8"));
            continue;
        };
        faults.extend(word_faults(&shown, &text));
        if shown.ends_with(".rs") {
            faults.extend(rust_faults(&shown, &text));
        }
        if links::concerns(&shown) {
            let exists = |target: &Path| workspace.root.join(target).exists();
            faults.extend(links::faults(&path, &text, exists));
        }
        if book::concerns(&path) {
            pages.insert(path, text);
        }
    }
    faults.extend(book::faults(&pages));
    Ok(faults)
}

fn rust_faults(path: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if text.lines().take(GENERATED_WITHIN_LINES).any(|line| line.contains(GENERATED)) {
        return faults;
    }
    let lines = text.lines().count();
    if lines > RUST_LINES_MAX {
        faults.push(Fault::new(
            path,
            format!("{lines} lines, {RUST_LINES_MAX} at most"),
            "split it where one part does not need the other's insides",
        ));
    }
    if !starts_with_paragraph(text) {
        faults.push(Fault::new(
            path,
            "no paragraph at its top",
            "open it with `//!` and say, for a newcomer, what is here and why",
        ));
    }
    faults.extend(names::faults(path, text));
    faults
}

/// Attributes of the whole file (`#![no_main]`) may stand before the paragraph.
fn starts_with_paragraph(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("#!["))
        .is_some_and(|line| line.strip_prefix("//!").is_some_and(|doc| !doc.trim().is_empty()))
}

fn word_faults(path: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let place = || format!("{path}:{}", at + 1);
        for word in UNFINISHED {
            if has_word(line, word) {
                faults.push(Fault::new(
                    place(),
                    format!("`{word}` left behind"),
                    "do it now, or open an issue and take the note out",
                ));
            }
        }
        for prefix in MACHINE_PATHS {
            if has_path(line, prefix) {
                faults.push(Fault::new(
                    place(),
                    format!("a path of one machine (`{prefix}…`)"),
                    "name it relative to the repository, or by a variable",
                ));
            }
        }
    }
    faults
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
        !line[..at].ends_with(part_of_word) && !line[at + word.len()..].starts_with(part_of_word)
    })
}

/// The prefix where a path starts, not in the middle of one (`/v1/home/x`, `https://host/home/`).
fn has_path(line: &str, prefix: &str) -> bool {
    line.match_indices(prefix)
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "_-./~}".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::{RUST_LINES_MAX, rust_faults, word_faults};
    use crate::fault::Fault;
    use crate::workspace::Workspace;

    fn check(found: &[Fault], expected: &[&str]) {
        let found: Vec<String> =
            found.iter().map(|f| format!("{}: {}", f.place, f.wrong)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn rust_files_are_short_and_explained() {
        let lines = |n: usize| format!("//! Explained.\n{}", "\n".repeat(n - 1));
        check(&rust_faults("a.rs", &lines(RUST_LINES_MAX)), &[]);
        check(&rust_faults("a.rs", &lines(RUST_LINES_MAX + 1)), &["a.rs: 501 lines, 500 at most"]);
        let generated = format!("// @{} by x\n{}", "generated", "\n".repeat(600));
        check(&rust_faults("a.rs", &generated), &[]);
        check(&rust_faults("a.rs", "#![no_main]\n\n//! Explained.\n"), &[]);
        for bare in ["", "use std::fs;\n//! late\n", "//!\n", "// not a doc\n"] {
            check(&rust_faults("a.rs", bare), &["a.rs: no paragraph at its top"]);
        }
    }

    #[test]
    fn notes_and_machine_paths_are_found() {
        let note = concat!("TO", "DO");
        let fault = format!("a.rs:2: `{note}` left behind");
        check(&word_faults("a.rs", &format!("x\n// {note}: later")), &[&fault]);
        check(&word_faults("a.rs", &format!("let {note}S = 1; A_{note}")), &[]);
        let home = concat!("/hom", "e/");
        let fault = format!("a.md:1: a path of one machine (`{home}…`)");
        check(&word_faults("a.md", &format!("see `{home}ann/x`")), &[&fault]);
        check(&word_faults("a.md", &format!("GET /v1{home}x, $ROOT{home}x")), &[]);
    }

    #[test]
    fn this_repository_is_tidy() {
        let faults = super::faults(&Workspace::here()).expect("the files can be read");
        let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(faults.is_empty(), "{}", shown.join("\n"));
    }
}

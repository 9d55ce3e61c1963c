//! The book (`docs/src`) as mdBook renders it: every page stands once in its summary, links lead to headings
//! that are there, and what leads out of the book into the repository is no page, because mdBook would lead
//! to a rendered one that nobody makes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::links::{normal, targets};
use crate::fault::Fault;

const BOOK: &str = "docs/src";
const SUMMARY: &str = "docs/src/SUMMARY.md";

pub(super) fn concerns(path: &Path) -> bool {
    path.starts_with(BOOK) && path.extension().is_some_and(|ending| ending == "md")
}

/// `pages` are all of the book, its summary among them, by their paths in the repository.
pub(super) fn faults(pages: &BTreeMap<PathBuf, String>) -> Vec<Fault> {
    let summary = Path::new(SUMMARY);
    let Some(text) = pages.get(summary) else {
        return vec![Fault::new(SUMMARY, "is missing", "list the pages of the book in it")];
    };
    let mut faults = Vec::new();
    let mut listed = BTreeSet::new();
    for (line, target) in links(text) {
        let page = beside(summary, target);
        if !page.is_some_and(|page| listed.insert(page)) {
            let place = format!("{SUMMARY}:{line}");
            let wrong = format!("`{target}` is listed twice");
            faults.push(Fault::new(place, wrong, "a page has one place in the book"));
        }
    }
    for (path, text) in pages.iter().filter(|(path, _)| *path != summary) {
        if !listed.contains(path) {
            let remedy = format!("give it its place in {SUMMARY}");
            faults.push(Fault::new(path.display().to_string(), "is in no summary", remedy));
        }
        for (line, target) in links(text) {
            if let Some((wrong, remedy)) = link_fault(pages, path, target) {
                faults.push(Fault::new(format!("{}:{line}", path.display()), wrong, remedy));
            }
        }
    }
    faults
}

/// What is wrong with a link, beside that its file may be missing, which is told elsewhere.
fn link_fault(
    pages: &BTreeMap<PathBuf, String>,
    from: &Path,
    target: &str,
) -> Option<(String, &'static str)> {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let page = if file.is_empty() { from.to_owned() } else { beside(from, file)? };
    if !concerns(&page) {
        let is_page = page.extension().is_some_and(|ending| ending == "md");
        let wrong = format!("`{target}` would lead to a rendered page outside of the book");
        return is_page.then_some((wrong, "link to its folder, or name the file"));
    }
    let text = pages.get(&page)?;
    let is_there = anchor.is_empty() || anchors(text).contains(anchor);
    let wrong = format!("`{target}` names a heading that is not there");
    (!is_there).then_some((wrong, "mend or remove the link"))
}

fn beside(from: &Path, target: &str) -> Option<PathBuf> {
    normal(&from.parent().unwrap_or(Path::new("")).join(target))
}

/// Links on lines that are no code, with the number of the line.
fn links(text: &str) -> impl Iterator<Item = (usize, &str)> {
    prose(text).flat_map(|(at, line)| targets(line).map(move |target| (at, target)))
}

fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_code = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        !in_code && !is_fence && !line.starts_with("    ")
    })
}

/// The names that headings have in a rendered page.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, line) in prose(text) {
        let heading = line.trim_start_matches('#');
        if heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let name = anchor(heading.trim());
        // One that is there already is told apart by a number.
        let other = (1..).map(|n| format!("{name}-{n}")).find(|other| !found.contains(other));
        if !found.insert(name) {
            found.extend(other);
        }
    }
    found
}

fn anchor(heading: &str) -> String {
    let kept = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c.to_ascii_lowercase()),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    };
    heading.chars().filter_map(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(pages: &[(&str, &str)]) -> BTreeMap<PathBuf, String> {
        pages.iter().map(|(path, text)| (Path::new(BOOK).join(path), (*text).to_owned())).collect()
    }

    #[test]
    fn a_book_that_would_not_render_whole_has_faults() {
        let summary = "- [One](one.md)\n- [Two](use/two.md)\n";
        let two = "# Two\n\n## Who did `what`?\n\n## Again\n\n## Again\n";
        let check = |summary: &str, one: &str, expected: &[&str]| {
            let pages = book(&[("SUMMARY.md", summary), ("one.md", one), ("use/two.md", two)]);
            let found: Vec<String> = faults(&pages).into_iter().map(|fault| fault.wrong).collect();
            assert_eq!(found, expected, "{one}");
        };
        for sound in [
            "[two](use/two.md#who-did-what), [again](use/two.md#again-1), [web](https://a.example/b.md)",
            "# Here\n\n[up](#here), [folder](../../adr), [data](../../packs/a.yaml)",
            "```\n[code](use/two.md#nowhere)\n```\n\n    [code](../../SECURITY.md)\n",
        ] {
            check(summary, sound, &[]);
        }
        check(
            summary,
            "[x](use/two.md#nowhere)",
            &["`use/two.md#nowhere` names a heading that is not there"],
        );
        check(summary, "[x](#nowhere)", &["`#nowhere` names a heading that is not there"]);
        let outside = "`../../SECURITY.md` would lead to a rendered page outside of the book";
        check(summary, "[x](../../SECURITY.md)", &[outside]);
        check("- [Two](use/two.md)\n", "one", &["is in no summary"]);
        let twice = format!("{summary}- [Two again](use/two.md)\n");
        check(&twice, "one", &["`use/two.md` is listed twice"]);
        assert_eq!(faults(&BTreeMap::new()).len(), 1);
    }
}

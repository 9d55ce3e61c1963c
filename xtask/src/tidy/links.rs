//! Relative links of the documentation: each must lead to a file that is there.
//!
//! Anchors are followed within the book alone (see [`super::book`]), and addresses on the web are not asked: CI has no network, and
//! somebody else's page that is gone must not stop our build.

use std::path::{Component, Path, PathBuf};

use crate::fault::Fault;

pub(super) fn concerns(path: &str) -> bool {
    path.ends_with(".md") && (path.starts_with("docs/") || !path.contains('/'))
}

/// `exists` is asked with a path relative to the repository.
pub(super) fn faults(file: &Path, text: &str, exists: impl Fn(&Path) -> bool) -> Vec<Fault> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut faults = Vec::new();
    let mut in_code = false;
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for target in targets(line) {
            let target = target.split('#').next().unwrap_or_default();
            if target.is_empty() {
                continue;
            }
            let missing = match normal(&folder.join(target)) {
                Some(path) => !exists(&path),
                None => true,
            };
            if missing {
                faults.push(Fault::new(
                    format!("{}:{}", file.display(), at + 1),
                    format!("link to `{target}` leads nowhere"),
                    "write the file, or mend or remove the link",
                ));
            }
        }
    }
    faults
}

/// The relative targets of `[text](target)` on a line: files, headings or both.
pub(super) fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split_once(')')?.0.split_whitespace().next()?;
        let path = target.split('#').next().unwrap_or_default();
        let elsewhere = path.contains(':') || path.starts_with('/');
        (!elsewhere).then_some(target)
    })
}

/// Without `.` and `..`; nothing if it leaves the repository.
pub(super) fn normal(path: &Path) -> Option<PathBuf> {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => normal.push(name),
            Component::CurDir => {}
            Component::ParentDir => {
                if !normal.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(normal)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::faults;

    #[test]
    fn only_relative_links_to_missing_files_are_faults() {
        let there = ["README.md", "docs/a.md", "docs/adr/1.md"];
        let exists = |path: &Path| there.iter().any(|name| path == Path::new(name));
        for (file, line, missing) in [
            ("README.md", "see [a](docs/a.md) and [b](docs/b.md)", vec!["docs/b.md"]),
            ("docs/a.md", "[one](adr/1.md#part), [up](../README.md)", vec![]),
            ("docs/adr/1.md", "[a](../a.md), [no](a.md)", vec!["a.md"]),
            ("docs/a.md", "[out](../../secret.md)", vec!["../../secret.md"]),
            ("README.md", "[web](https://example.org/x), [mail](mailto:a@example.org)", vec![]),
            ("README.md", "[here](#part), [root](/v1/orders)", vec![]),
            ("README.md", "[t](docs/c.md \"title\")", vec!["docs/c.md"]),
            ("README.md", "```\n[code](nowhere.md)\n```", vec![]),
        ] {
            let found: Vec<String> =
                faults(Path::new(file), line, exists).into_iter().map(|f| f.wrong).collect();
            let expected: Vec<String> =
                missing.iter().map(|m| format!("link to `{m}` leads nowhere")).collect();
            assert_eq!(found, expected, "{file}: {line}");
        }
    }
}

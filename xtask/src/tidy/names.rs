//! Names that say nothing about what a thing is: in types, and in the files of modules.

use std::path::Path;

use crate::fault::Fault;

/// Words that may not be a part of a type's name. `Service` and `Data` are not among them although
/// they say as little: a service partner and a data fault are words of the trade.
const TYPE_WORDS: [&str; 5] = ["Manager", "Helper", "Util", "Utils", "Handler"];

/// Names that no module may have.
const MODULE_NAMES: [&str; 8] =
    ["helper", "helpers", "util", "utils", "common", "misc", "manager", "shared"];

const DECLARATIONS: [&str; 5] = ["struct ", "enum ", "trait ", "union ", "type "];

pub(super) fn faults(path: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let remedy = "name it by what it is or does in the trade's words";
    let module = Path::new(path).with_extension("");
    if module.iter().any(|part| MODULE_NAMES.iter().any(|name| part == *name)) {
        faults.push(Fault::new(path, "the module's name says nothing", remedy));
    }
    for (at, line) in text.lines().enumerate() {
        if let Some(name) = declared_type(line)
            && let Some(word) = words(name).find(|word| TYPE_WORDS.contains(word))
        {
            faults.push(Fault::new(
                format!("{path}:{}", at + 1),
                format!("`{word}` in `{name}` says nothing"),
                remedy,
            ));
        }
    }
    faults
}

/// The name that a line declares, if it starts with a declaration (after its visibility).
fn declared_type(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    if let Some(after) = rest.strip_prefix("pub") {
        rest = match after.strip_prefix('(') {
            Some(scope) => scope.split_once(')')?.1,
            None => after,
        };
    }
    let rest = rest.trim_start();
    let name = DECLARATIONS.iter().find_map(|declaration| rest.strip_prefix(declaration))?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    name.get(..end).filter(|name| !name.is_empty())
}

/// `OrderListPage` as `Order`, `List`, `Page`.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let mut starts: Vec<usize> =
        name.char_indices().filter(|(_, c)| c.is_uppercase()).map(|(at, _)| at).collect();
    starts.push(name.len());
    let pairs: Vec<(usize, usize)> = starts.windows(2).map(|pair| (pair[0], pair[1])).collect();
    pairs.into_iter().map(|(from, to)| &name[from..to])
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn empty_words_are_found_in_declarations_only() {
        for (line, wrong) in [
            ("pub struct PackManager;", Some("`Manager` in `PackManager` says nothing")),
            ("pub(crate) enum OrderHelper {", Some("`Helper` in `OrderHelper` says nothing")),
            ("    struct DateUtils<T>(T);", Some("`Utils` in `DateUtils` says nothing")),
            ("trait Handler {", Some("`Handler` in `Handler` says nothing")),
            ("type EventHandler = fn();", Some("`Handler` in `EventHandler` says nothing")),
            ("struct Utility;", None),
            ("struct ServiceJob;", None),
            ("let manager = PackManager::new();", None),
            ("/// struct PackManager", None),
            ("publish(struct_)", None),
            ("pub struct Order {", None),
        ] {
            let found: Vec<String> = faults("a.rs", line).into_iter().map(|f| f.wrong).collect();
            let expected: Vec<String> = wrong.into_iter().map(str::to_owned).collect();
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn empty_module_names_are_found() {
        for (path, allowed) in [
            ("crates/baton-core/src/order.rs", true),
            ("crates/baton-core/src/utils.rs", false),
            ("crates/baton-core/src/common/mod.rs", false),
            ("crates/baton-core/src/commonplace.rs", true),
        ] {
            assert_eq!(faults(path, "").is_empty(), allowed, "{path}");
        }
    }
}

//! The way from what could not be read to the place that reads it: which file of which pack, and about
//! which line, so that it can be mended there.

use baton_packs::PackFiles;
use baton_store::{Scope, StoreError, Tx};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::activation::{StoredPacks, stored};

/// Where a source's messages are read.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub(super) struct Reader {
    pack: String,
    version: String,
    file: String,
    /// From 1: where the fault's field is read, as far as that can be told, else where reading begins.
    line: usize,
}

/// The declaration of a connector among the active packs, and the line that a fault is about.
pub(super) fn reader(
    tx: &mut Tx<'_>,
    scope: &Scope,
    connector: &str,
    error: &Value,
) -> Result<Option<Reader>, StoreError> {
    let found = stored(tx, scope)?;
    let found = found.active.into_iter().zip(found.files).find_map(|(active, files)| {
        let (file, text) = declaration(&files, connector)?;
        let line = line(&text, &keys(error));
        Some(Reader { pack: active.pack, version: active.version, file, line })
    });
    Ok(found)
}

/// Where a list of an active pack declares something by its name.
pub(super) fn declared_at(packs: &StoredPacks, file: &str, name: &str) -> Option<Reader> {
    packs.active.iter().zip(&packs.files).find_map(|(active, files)| {
        let text = std::str::from_utf8(files.files.get(file)?).ok()?;
        let at = text.lines().position(|line| {
            let line = line.trim_start().trim_start_matches("- ");
            line.strip_prefix("name:").is_some_and(|value| value.trim() == name)
        })?;
        Some(Reader {
            pack: active.pack.clone(),
            version: active.version.clone(),
            file: file.to_owned(),
            line: at + 1,
        })
    })
}

/// The file that declares a connector, which names it in its first column.
fn declaration(files: &PackFiles, connector: &str) -> Option<(String, String)> {
    let inside = files.files.iter().filter(|(name, _)| name.starts_with("connectors/"));
    inside.into_iter().find_map(|(name, bytes)| {
        let text = std::str::from_utf8(bytes).ok()?;
        let is_named = text.lines().any(|line| {
            line.strip_prefix("name:").is_some_and(|value| {
                value.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\''])
                    == connector
            })
        });
        is_named.then(|| (name.clone(), text.to_owned()))
    })
}

/// The fields that the faults name.
fn keys(error: &Value) -> Vec<&str> {
    let faults = error.get("faults").and_then(Value::as_array);
    // The last part of a key such as `about.order` is what the mapping writes.
    let keys = faults.into_iter().flatten().filter_map(|fault| fault.get("key")?.as_str());
    let keys = keys.filter_map(|key| key.rsplit('.').next());
    keys.filter(|key| !key.is_empty()).collect()
}

fn line(text: &str, keys: &[&str]) -> usize {
    let begins = |line: &str| {
        ["map:", "mappings:", "sets:"].iter().any(|word| line.trim_start().starts_with(word))
    };
    let first = text.lines().position(begins).unwrap_or(0);
    let names = |line: &str| keys.iter().any(|key| has_word(line, key));
    let named = text.lines().skip(first).position(names).map(|n| first + n);
    named.unwrap_or(first) + 1
}

/// Whether a word stands by itself in a line.
fn has_word(line: &str, word: &str) -> bool {
    let signs = |c: char| !(c.is_alphanumeric() || c == '_');
    line.split(signs).any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fault_leads_to_the_line_that_reads_its_field() {
        let text = "name: \"acme\" # theirs\nformat: json\nmap: |\n  {about: .x,\n   at: .when}\n";
        let files = [("connectors/a.yaml", "name: other\n"), ("connectors/b.yaml", text)];
        let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
        let files = PackFiles { files: files.into_iter().collect() };
        let (file, found) = declaration(&files, "acme").unwrap();
        assert_eq!((file.as_str(), found.as_str()), ("connectors/b.yaml", text));
        assert_eq!(declaration(&files, "none"), None);
        for (error, expected) in [
            (json!({ "faults": [{ "key": "at" }] }), 5),
            (json!({ "faults": [{ "key": "form" }] }), 3),
            (json!({ "message": "no" }), 3),
        ] {
            assert_eq!(line(text, &keys(&error)), expected, "{error}");
        }
    }
}

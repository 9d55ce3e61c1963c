//! Packs as the engine uses them: compiled together into what a tenant declares.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_core::id::Digest;
use baton_packs::{Connector, Finding, Pack, PackFiles, PartReading, Sender};
use baton_store::sources::Source;
use smol_str::SmolStr;

use crate::reading::{Connectors, Fault, Letter, Part};
use crate::tenant::{Declared, NoConnectors};

/// The connectors of a tenant's active packs.
#[derive(Debug)]
struct PackConnectors(BTreeMap<SmolStr, Arc<Connector>>);

impl Connectors for PackConnectors {
    fn own_id(&self, letter: &Letter<'_>) -> Option<String> {
        self.of(letter.source)?.own_id(letter.body, letter.headers)
    }
    fn bytes_identify(&self, source: &Source) -> bool {
        self.of(source).is_some_and(|connector| connector.versioned)
    }
    fn content(&self, letter: &Letter<'_>) -> Option<Digest> {
        self.of(letter.source)?.content(letter.body)
    }
    fn read(&self, letter: &Letter<'_>) -> Vec<Part> {
        let Some(connector) = self.of(letter.source) else {
            return NoConnectors.read(letter);
        };
        let sender = Sender {
            source: &letter.source.key,
            partner: letter.source.partner.as_deref(),
            role: letter.source.role.name(),
        };
        connector
            .interpret(letter.body, letter.headers, letter.received_at, sender)
            .into_iter()
            .map(part)
            .collect()
    }
}

impl PackConnectors {
    fn of(&self, source: &Source) -> Option<&Connector> {
        self.0.get(source.connector.as_str()).map(Arc::as_ref)
    }
}

fn part(reading: PartReading) -> Part {
    let outcome = reading.result.map_err(|faults| {
        let code = faults.first().map_or_else(
            || "unreadable".to_owned(),
            |fault| {
                let code = serde_json::to_value(fault.code).ok();
                code.and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
            },
        );
        let message = faults.first().map(ToString::to_string);
        Fault { code, error: serde_json::json!({ "message": message, "faults": faults }) }
    });
    Part { name: reading.part, outcome }
}

/// Compiles packs into what a tenant declares.
///
/// # Errors
/// Everything that is wrong with them, with file, line and column.
pub fn compile(files: &[PackFiles]) -> Result<Declared, Vec<Finding>> {
    if files.is_empty() {
        return Ok(Declared::nothing());
    }
    let mut packs = Vec::with_capacity(files.len());
    let mut findings = Vec::new();
    for files in files {
        let (pack, found) = Pack::from_files(files.clone());
        packs.extend(pack);
        findings.extend(found);
    }
    if !findings.is_empty() || packs.len() < files.len() {
        return Err(findings);
    }
    // What overrides others comes after them.
    packs.sort_by_key(|pack| (pack.manifest.overrides, pack.manifest.name.clone()));
    let connectors = baton_packs::connectors(&packs)?;
    let book = baton_packs::compile(&packs)?;
    Ok(Declared {
        version: book.version.to_string(),
        book: Arc::new(book),
        epochs: Arc::default(),
        connectors: Arc::new(PackConnectors(connectors)),
    })
}

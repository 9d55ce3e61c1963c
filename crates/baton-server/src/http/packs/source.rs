//! Which packs a call means: files that it brings, a version that is stored, or the caller's own draft;
//! and what would be declared if they were active.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_core::wording::Wording;
use baton_packs::{Finding, PackFiles};
use baton_store::{Scope, StoreError, Tx, pack_drafts, packs};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::activation::{read_files, stored};
use crate::http::call::Call;
use crate::http::errors::ErrorCode;
use crate::http::problem::Problem;
use crate::packs::compile;
use crate::tenant::Declared;

/// Packs that one call brings.
const TOGETHER_MAX: usize = 20;
/// Faults that one answer lists.
const FINDINGS_MAX: usize = 200;

/// A file: text, or bytes that are none.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(in crate::http) enum FileContent {
    Text(String),
    Bytes { base64: String },
}

/// A pack that is meant: its files, or a version that is stored.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(in crate::http) enum PackSource {
    Stored {
        pack: String,
        version: String,
    },
    /// The caller's own draft of a pack.
    Draft {
        draft: String,
    },
    /// By path within the pack: `pack.yaml`, `connectors/acme.yaml`, …
    Files {
        files: BTreeMap<String, FileContent>,
    },
}

impl FileContent {
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(why) => Self::Bytes { base64: STANDARD.encode(why.as_bytes()) },
        }
    }
    pub(super) fn bytes(self, name: &str) -> Result<Vec<u8>, Problem> {
        match self {
            Self::Text(text) => Ok(text.into_bytes()),
            Self::Bytes { base64 } => {
                STANDARD.decode(base64).map_err(|why| Problem::of_base64(name, &why))
            }
        }
    }
}

/// The files of the packs that a call means.
pub(super) fn read(call: &Call, sources: Vec<PackSource>) -> Result<Vec<PackFiles>, Problem> {
    if sources.is_empty() || sources.len() > TOGETHER_MAX {
        let most = i64::try_from(TOGETHER_MAX).unwrap_or(i64::MAX);
        return Err(Problem::from_to(ErrorCode::ValueWrong, "packs", 1, most));
    }
    let scope = call.scope()?;
    sources.into_iter().map(|source| one(call, &scope, source)).collect()
}

fn one(call: &Call, scope: &Scope, source: PackSource) -> Result<PackFiles, Problem> {
    match source {
        PackSource::Stored { pack, version } => {
            let found = call.store().read(|tx| packs::get(tx, scope, &pack, &version))?;
            Ok(read_files(&found.content)?)
        }
        PackSource::Draft { draft } => {
            let author = call.principal.owner();
            let found = call.store().read(|tx| pack_drafts::get(tx, scope, &draft, &author))?;
            let found = found.ok_or_else(|| Problem::not_found("draft of the pack", &draft))?;
            Ok(read_files(&found.content)?)
        }
        PackSource::Files { files } => from_wire(files),
    }
}

/// The files of a pack that came over the wire.
pub(super) fn from_wire(files: BTreeMap<String, FileContent>) -> Result<PackFiles, Problem> {
    let files: Result<BTreeMap<String, Vec<u8>>, Problem> = files
        .into_iter()
        .map(|(name, content)| Ok((name.clone(), content.bytes(&name)?)))
        .collect();
    let files = PackFiles { files: files? };
    let over = files.over_limits();
    if over.is_empty() { Ok(files) } else { Err(faults(&over)) }
}

/// The files of a pack as they go over the wire.
pub(super) fn to_wire(files: PackFiles) -> BTreeMap<String, FileContent> {
    files.files.into_iter().map(|(name, bytes)| (name, FileContent::of(bytes))).collect()
}

/// The first of what is wrong, which stands for the rest where there is no room for all.
fn first_of(finding: &Finding) -> Wording {
    let Finding { file, at, code, .. } = finding;
    let place = Wording::new("pack_fault").with("file", file).with("line", at.line);
    place.with("column", at.column).with("finding", code.name())
}

pub(super) fn faults(findings: &[Finding]) -> Problem {
    let detail = findings.first().map(ToString::to_string).unwrap_or_default();
    let wording = findings.first().map_or_else(Wording::default, first_of);
    let shown: Vec<Value> = findings
        .iter()
        .take(FINDINGS_MAX)
        .map(|finding| serde_json::to_value(finding).unwrap_or_default())
        .collect();
    Problem::of(ErrorCode::PackFaults, detail)
        .said(wording)
        .with("findings", shown)
        .with("findings_found", findings.len())
}

/// What would be declared if these packs were active beside the others.
pub(in crate::http) fn declared_with(
    call: &Call,
    sources: Vec<PackSource>,
) -> Result<Declared, Problem> {
    let new = read(call, sources)?;
    let scope = call.scope()?;
    let all = call.store().read(|tx| beside(tx, &scope, &new))?;
    compile(&all).map_err(|findings| faults(&findings))
}

/// All packs that would be active if these were: those, and what is active of other names.
pub(super) fn beside(
    tx: &mut Tx<'_>,
    scope: &Scope,
    new: &[PackFiles],
) -> Result<Vec<PackFiles>, StoreError> {
    let names: Vec<Option<String>> = new.iter().map(name).collect();
    let before = stored(tx, scope)?;
    let kept = before.active.iter().zip(before.files);
    let kept = kept.filter(|(active, _)| {
        names.iter().all(|name| name.as_deref() != Some(active.pack.as_str()))
    });
    Ok(kept.map(|(_, files)| files).chain(new.iter().cloned()).collect())
}

pub(super) fn name(files: &PackFiles) -> Option<String> {
    let (pack, _) = baton_packs::Pack::from_files(files.clone());
    pack.map(|pack| pack.manifest.name.to_string())
}

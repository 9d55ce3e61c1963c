//! Packs: uploaded, checked and activated in the running system; every version is kept.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_core::time::Instant;
use baton_packs::{Finding, PackFiles};
use baton_store::packs::{self, Activation};
use baton_store::{Scope, StoreError, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::page::Page;
use super::problem::Problem;
use crate::activation::{ActivationError, read_files, stored};
use crate::packs::compile;
use crate::tenant::Declared;

/// Packs that one call brings.
const TOGETHER_MAX: usize = 20;
/// Faults that one answer lists.
const FINDINGS_MAX: usize = 200;

/// A version of a pack.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PackItem {
    pack: String,
    version: String,
    digest: String,
    stored_at: Instant,
    /// Since when it is the active one, and who made it so.
    active_since: Option<Instant>,
    activated_by: Option<String>,
}

/// A version with its files.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PackDetail {
    #[serde(flatten)]
    item: PackItem,
    /// Every stored version, in the order in which they were stored.
    versions: Vec<String>,
    files: BTreeMap<String, FileContent>,
}

/// Which version.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PackQuery {
    /// Else the active one, or the one stored last.
    version: Option<String>,
}

/// A file: text, or bytes that are none.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum FileContent {
    Text(String),
    Bytes { base64: String },
}

/// A pack that is meant: its files, or a version that is stored.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum PackSource {
    Stored {
        pack: String,
        version: String,
    },
    /// By path within the pack: `pack.yaml`, `connectors/acme.yaml`, …
    Files {
        files: BTreeMap<String, FileContent>,
    },
}

/// Packs to be stored and activated beside those that are active; one of the same name is replaced.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ActivateRequest {
    packs: Vec<PackSource>,
    /// `true`: only look for faults.
    #[serde(default)]
    check_only: bool,
    /// `true`: orders that are there go by the new rules too; else they keep those that they began
    /// under, and only new ones go by these. Messages are read by the new connectors either way.
    #[serde(default)]
    move_orders: bool,
}

/// What is active then.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ActivateAnswer {
    /// Name and version of everything that is active.
    active: String,
    activated: bool,
}

impl FileContent {
    fn of(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(why) => Self::Bytes { base64: STANDARD.encode(why.as_bytes()) },
        }
    }
    fn bytes(self, name: &str) -> Result<Vec<u8>, Problem> {
        match self {
            Self::Text(text) => Ok(text.into_bytes()),
            Self::Bytes { base64 } => STANDARD.decode(base64).map_err(|why| {
                Problem::new(ErrorCode::ValueWrong, format_args!("{name}: base64: {why}"))
            }),
        }
    }
}

/// The files of the packs that a call means.
fn read(call: &Call, sources: Vec<PackSource>) -> Result<Vec<PackFiles>, Problem> {
    if sources.is_empty() || sources.len() > TOGETHER_MAX {
        let why = format!("packs: expected 1 to {TOGETHER_MAX} packs");
        return Err(Problem::new(ErrorCode::ValueWrong, why));
    }
    let scope = call.scope()?;
    let one = |source| match source {
        PackSource::Stored { pack, version } => {
            let found = call.store().read(|tx| packs::get(tx, &scope, &pack, &version))?;
            Ok(read_files(&found.content)?)
        }
        PackSource::Files { files } => {
            let files: Result<BTreeMap<String, Vec<u8>>, Problem> = files
                .into_iter()
                .map(|(name, content)| Ok((name.clone(), content.bytes(&name)?)))
                .collect();
            let files = PackFiles { files: files? };
            let over = files.over_limits();
            if over.is_empty() { Ok(files) } else { Err(faults(&over)) }
        }
    };
    sources.into_iter().map(one).collect()
}

fn faults(findings: &[Finding]) -> Problem {
    let first = findings.first().map(ToString::to_string).unwrap_or_default();
    let shown: Vec<Value> = findings
        .iter()
        .take(FINDINGS_MAX)
        .map(|finding| serde_json::to_value(finding).unwrap_or_default())
        .collect();
    Problem::new(ErrorCode::PackFaults, first)
        .with("findings", shown)
        .with("findings_found", findings.len())
}

/// What would be declared if these packs were active beside the others.
pub(super) fn declared_with(call: &Call, sources: Vec<PackSource>) -> Result<Declared, Problem> {
    let new = read(call, sources)?;
    let names: Vec<Option<String>> = new.iter().map(name).collect();
    let scope = call.scope()?;
    let before = call.store().read(|tx| stored(tx, &scope))?;
    let kept = before.active.iter().zip(before.files);
    let kept = kept.filter(|(active, _)| {
        names.iter().all(|name| name.as_deref() != Some(active.pack.as_str()))
    });
    let all: Vec<PackFiles> = kept.map(|(_, files)| files).chain(new).collect();
    compile(&all).map_err(|findings| faults(&findings))
}

fn name(files: &PackFiles) -> Option<String> {
    let (pack, _) = baton_packs::Pack::from_files(files.clone());
    pack.map(|pack| pack.manifest.name.to_string())
}

pub(super) fn activate(call: &Call) -> Outcome {
    let request: ActivateRequest = call.json()?;
    if request.check_only {
        let declared = declared_with(call, request.packs)?;
        return Answer::json(ActivateAnswer { active: declared.version, activated: false });
    }
    let files = read(call, request.packs)?;
    let by = call.principal.person();
    let done = call.api.engine.activate(call.tenant()?.id, files, &by, request.move_orders);
    let active = done.map_err(|error| match error {
        ActivationError::Faults(findings) => faults(&findings),
        ActivationError::Store(error) => error.into(),
        ActivationError::Engine(error) => error.into(),
        ActivationError::NoTenant | ActivationError::Step(_) => Problem::internal(error),
    })?;
    let answer = Answer::json(ActivateAnswer { active, activated: true })?;
    Ok(answer.with_status(StatusCode::CREATED))
}

fn items(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<PackItem>, StoreError> {
    let active = packs::active(tx, scope, None)?;
    let all = packs::list(tx, scope)?;
    let show = |pack: packs::Pack| {
        let is_this = |a: &&Activation| a.pack == pack.name && a.version == pack.version;
        let activation = active.iter().find(is_this);
        PackItem {
            active_since: activation.map(|a| a.activated_at),
            activated_by: activation.map(|a| a.activated_by.clone()),
            pack: pack.name,
            version: pack.version,
            digest: pack.digest,
            stored_at: pack.stored_at,
        }
    };
    Ok(all.into_iter().map(show).collect())
}

pub(super) fn list(call: &Call) -> Outcome {
    let scope = call.scope()?;
    let items = call.store().read(|tx| items(tx, &scope))?;
    Answer::json(Page::whole(items))
}

pub(super) fn show(call: &Call) -> Outcome {
    let query: PackQuery = call.query()?;
    let (scope, name) = (call.scope()?, call.parameter("pack"));
    let all = call.store().read(|tx| items(tx, &scope))?;
    let mut all: Vec<PackItem> = all.into_iter().filter(|item| item.pack == name).collect();
    let versions = all.iter().map(|item| item.version.clone()).collect();
    let wanted = match &query.version {
        Some(version) => all.iter().position(|item| item.version == *version),
        None => all
            .iter()
            .position(|item| item.active_since.is_some())
            .or_else(|| all.len().checked_sub(1)),
    };
    let what = query.version.as_ref().map_or(name.to_owned(), |v| format!("{name}@{v}"));
    let wanted = wanted.ok_or_else(|| Problem::not_found("pack", what))?;
    let item = all.swap_remove(wanted);
    let pack = call.store().read(|tx| packs::get(tx, &scope, &item.pack, &item.version))?;
    let files = read_files(&pack.content)?.files;
    let files = files.into_iter().map(|(name, bytes)| (name, FileContent::of(bytes))).collect();
    Answer::json(PackDetail { item, versions, files })
}

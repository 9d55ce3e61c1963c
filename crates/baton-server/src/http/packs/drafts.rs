//! Drafts: what somebody has changed of a pack and not yet brought in, kept by the server so that it is
//! lost neither with a browser nor with an evening. Each caller has one of each pack.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_packs::manifest::NAME_CHARS_MAX;
use baton_packs::{Pack, PackFiles, copied, skeleton};
use baton_store::pack_drafts::{self, Draft, Saved};
use baton_store::{Scope, StoreError, Tx, packs};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::source::{FileContent, from_wire, to_wire};
use crate::activation::read_files;
use crate::clock::machine_now;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::endpoint::Outcome;
use crate::http::errors::ErrorCode;
use crate::http::page::Page;
use crate::http::problem::Problem;

/// What a pack that is new began as.
const NEW: &str = "";

/// A draft, without its files.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct DraftItem {
    pack: String,
    /// Whose it is.
    person: String,
    /// Whether it is the caller's own, which nobody else reads or writes.
    mine: bool,
    /// The version that it began as; empty for a pack that is new.
    base: String,
    /// Grows with each time it is saved.
    revision: i64,
    saved_at: Instant,
}

/// The caller's draft.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct DraftDetail {
    #[serde(flatten)]
    item: DraftItem,
    files: BTreeMap<String, FileContent>,
}

/// A draft to be saved.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SaveDraft {
    /// The version that it began as; empty for a pack that was begun as new.
    base: String,
    /// The revision that it is saved over, as the last answer said; none for a new draft.
    revision: Option<i64>,
    files: BTreeMap<String, FileContent>,
}

/// A pack to be begun.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct BeginDraft {
    /// The pack that it is to be a copy of, stored or shipped; else it is a small one that passes its own
    /// test.
    copy: Option<CopiedPack>,
}

/// A version of a pack.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CopiedPack {
    pack: String,
    version: String,
}

impl DraftItem {
    pub(super) fn of(draft: Draft, author: &str) -> Self {
        Self {
            mine: draft.author == author,
            pack: draft.pack,
            person: draft.person,
            base: draft.base,
            revision: draft.revision,
            saved_at: draft.saved_at,
        }
    }
}

/// How the files of a pack are kept.
pub(super) fn packed(files: &PackFiles) -> Vec<u8> {
    // Plain bytes by name; writing them cannot fail.
    rmp_serde::to_vec(files).unwrap_or_default()
}

/// Refuses where the tenant has no such version.
fn check_there(call: &Call, tx: &mut Tx<'_>, version: Option<&str>) -> Result<(), Problem> {
    let (scope, name) = (call.scope()?, call.parameter("pack"));
    let all = packs::list(tx, &scope)?;
    let mut of_name = all.iter().filter(|pack| pack.name == name).peekable();
    if of_name.peek().is_none() {
        return Err(Problem::not_found("pack", name));
    }
    match version {
        Some(version) if of_name.all(|pack| pack.version != version) => {
            Err(Problem::not_found("pack", format_args!("{name}@{version}")))
        }
        _ => Ok(()),
    }
}

pub(in crate::http) fn show(call: &Call) -> Outcome {
    let (scope, name, author) = (call.scope()?, call.parameter("pack"), call.principal.owner());
    let found = call.store().read(|tx| pack_drafts::get(tx, &scope, name, &author))?;
    let draft = found.ok_or_else(|| Problem::not_found("pack", name))?;
    let files = to_wire(read_files(&draft.content)?);
    Answer::json(DraftDetail { item: DraftItem::of(draft, &author), files })
}

/// Every draft of the tenant, without files.
pub(in crate::http) fn list(call: &Call) -> Outcome {
    let (scope, author) = (call.scope()?, call.principal.owner());
    let found = call.store().read(|tx| pack_drafts::list(tx, &scope))?;
    let items = found.into_iter().map(|draft| DraftItem::of(draft, &author)).collect();
    Answer::json(Page::whole(items))
}

/// Begins a pack that is not there yet.
pub(in crate::http) fn begin(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let BeginDraft { copy } = call.json()?;
    let (scope, name) = (call.scope()?, call.parameter("pack"));
    let files = match copy {
        None => skeleton(name),
        Some(CopiedPack { pack, version }) => copied(kept(tx, &scope, &pack, &version)?, name),
    };
    let files = files.map_err(|_| {
        let why = format!(
            "pack: `{name}` is no name, expected lower-case letters, digits and hyphens, such as acme-tracking"
        );
        let wording = Wording::new("name_wrong").with("field", "pack");
        let wording = wording.with("most", NAME_CHARS_MAX);
        Problem::of(ErrorCode::ValueWrong, why).said(wording)
    })?;
    if packs::list(tx, &scope)?.iter().any(|pack| pack.name == name) {
        let why = "there is a pack of this name: change that one, or take another name";
        let wording = Wording::new("pack_name_taken");
        return Err(Problem::of(ErrorCode::Conflict, why).said(wording));
    }
    let (author, person) = (call.principal.owner(), call.principal.person());
    if pack_drafts::get(tx, &scope, name, &author)?.is_some() {
        let why = "you have begun a pack of this name: go on with that one, or take another name";
        let wording = Wording::new("pack_begun");
        return Err(Problem::of(ErrorCode::Conflict, why).said(wording));
    }
    let (content, saved_at) = (packed(&files), machine_now());
    let base = NEW;
    let saved =
        Saved { pack: name, author: &author, person: &person, base, content: &content, saved_at };
    let revision = pack_drafts::save(tx, &scope, &saved, None)?;
    let (pack, base) = (name.to_owned(), base.to_owned());
    let item = DraftItem { pack, person, mine: true, base, revision, saved_at };
    Ok(Answer::json(item)?.with_status(StatusCode::CREATED))
}

/// The files of a version, of the tenant's or as it was shipped.
fn kept(tx: &mut Tx<'_>, scope: &Scope, pack: &str, version: &str) -> Result<PackFiles, Problem> {
    match packs::get(tx, scope, pack, version) {
        Ok(found) => Ok(read_files(&found.content)?),
        Err(StoreError::NotFound { .. }) => {
            let is_meant = |files: &PackFiles| {
                let manifest = Pack::from_files(files.clone()).0.map(|pack| pack.manifest);
                manifest.is_some_and(|m| m.name == pack && m.version == version)
            };
            let found = baton_packs::shipped().into_iter().find(is_meant);
            found.ok_or_else(|| Problem::not_found("pack", format_args!("{pack}@{version}")))
        }
        Err(why) => Err(why.into()),
    }
}

pub(in crate::http) fn save(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let own = {
        let (scope, name) = (call.scope()?, call.parameter("pack"));
        pack_drafts::get(tx, &scope, name, &call.principal.owner())?
    };
    // A pack that was begun has no version to begin from.
    let is_new = own.is_some_and(|draft| draft.base == NEW);
    if !is_new {
        check_there(call, tx, None)?;
    }
    let SaveDraft { base, revision, files } = call.json()?;
    if !(is_new && base == NEW) {
        check_there(call, tx, Some(&base))?;
    }
    let content = packed(&from_wire(files)?);
    let (scope, pack) = (call.scope()?, call.parameter("pack"));
    let (author, person) = (call.principal.owner(), call.principal.person());
    let saved_at = machine_now();
    let saved =
        Saved { pack, author: &author, person: &person, base: &base, content: &content, saved_at };
    let revision = pack_drafts::save(tx, &scope, &saved, revision)?;
    Answer::json(DraftItem { pack: pack.to_owned(), person, mine: true, base, revision, saved_at })
}

pub(in crate::http) fn discard(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let (scope, name, author) = (call.scope()?, call.parameter("pack"), call.principal.owner());
    let draft = pack_drafts::get(tx, &scope, name, &author)?;
    let draft = draft.ok_or_else(|| Problem::not_found("pack", name))?;
    pack_drafts::delete(tx, &scope, name, &author)?;
    Answer::json(DraftItem::of(draft, &author))
}

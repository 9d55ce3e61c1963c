//! Drafts: what somebody has changed of a pack and not yet brought in, kept by the server so that it is
//! lost neither with a browser nor with an evening. Each caller has one of each pack.

use std::collections::BTreeMap;

use baton_core::time::Instant;
use baton_packs::PackFiles;
use baton_store::pack_drafts::{self, Draft, Saved};
use baton_store::{Tx, packs};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::source::{FileContent, from_wire, to_wire};
use crate::activation::read_files;
use crate::clock::machine_now;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::endpoint::Outcome;
use crate::http::problem::Problem;

/// A draft, without its files.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct DraftItem {
    pack: String,
    /// Whose it is.
    person: String,
    /// Whether it is the caller's own, which nobody else reads or writes.
    mine: bool,
    /// The version that it began as.
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
    /// The version that it began as.
    base: String,
    /// The revision that it is saved over, as the last answer said; none for a new draft.
    revision: Option<i64>,
    files: BTreeMap<String, FileContent>,
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

pub(in crate::http) fn save(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    check_there(call, tx, None)?;
    let SaveDraft { base, revision, files } = call.json()?;
    check_there(call, tx, Some(&base))?;
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

//! Packs: uploaded, checked and activated in the running system; every version is kept.
//!
//! Where the tenant wants that others approve, [`requests`] is the way to an activation, and
//! [`activate`] only checks.

pub(super) mod deciding;
pub(super) mod difference;
pub(super) mod drafts;
pub(in crate::http) mod fixtures;
pub(super) mod history;
mod letters;
pub(super) mod requests;
mod rules;
pub(super) mod source;
pub(super) mod trial;

use std::collections::BTreeMap;

use axum::http::StatusCode;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::packs::{self, Activation};
use baton_store::{Scope, StoreError, Tx, pack_drafts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use self::drafts::DraftItem;
use self::source::{FileContent, PackSource, declared_with, faults, read, to_wire};
use super::access::Principal;
use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::page::Page;
use super::problem::Problem;
use crate::activation::{Activating, ActivationError, read_files};

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
    /// Who is at work on it: a draft for each.
    drafts: Vec<DraftItem>,
    files: BTreeMap<String, FileContent>,
}

/// Which version.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PackQuery {
    /// Else the active one, or the one stored last.
    version: Option<String>,
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

pub(super) fn activate(call: &Call) -> Outcome {
    let request: ActivateRequest = call.json()?;
    if request.check_only {
        let declared = declared_with(call, request.packs)?;
        return Answer::json(ActivateAnswer { active: declared.version, activated: false });
    }
    check_alone(call)?;
    let packs = read(call, request.packs)?;
    let names: Vec<String> = packs.iter().filter_map(source::name).collect();
    let detail = json!({ "packs": names, "move_orders": request.move_orders });
    let activating = Activating {
        packs,
        by: call.by(Some(&names.join(",")), &detail),
        moves: request.move_orders,
        ..Activating::default()
    };
    let active = call.api.engine.activate(call.tenant()?.id, activating).map_err(refusal)?;
    let answer = Answer::json(ActivateAnswer { active, activated: true })?;
    Ok(answer.with_status(StatusCode::CREATED))
}

/// Whether the caller may activate something without anybody's approval. Whoever sits at the machine
/// holds the data and may: a tenant whose people are gone must not be locked out of its own packs.
fn check_alone(call: &Call) -> Result<(), Problem> {
    if matches!(call.principal, Principal::Local(_)) {
        return Ok(());
    }
    let scope = call.scope()?;
    match call.store().read(|tx| rules::approvals(tx, &scope))? {
        0 => Ok(()),
        approvals => {
            let why =
                format!("it needs the approval of {approvals}: ask by `POST /v1/pack-requests`");
            let wording = Wording::new("approvals_needed").with("count", approvals);
            let needed = Problem::of(ErrorCode::ApprovalNeeded, why).said(wording);
            Err(needed.with("approvals", approvals))
        }
    }
}

fn refusal(error: ActivationError) -> Problem {
    match error {
        ActivationError::Faults(findings) => faults(&findings),
        ActivationError::Store(error) => error.into(),
        ActivationError::Engine(error) => error.into(),
        ActivationError::Overtaken(_) => {
            Problem::of(ErrorCode::Conflict, format_args!("{error}: look at it, and ask anew"))
                .said(Wording::new("overtaken"))
        }
        ActivationError::NoTenant | ActivationError::Step(_) => Problem::internal(error),
    }
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
    let files = to_wire(read_files(&pack.content)?);
    let drafts = call.store().read(|tx| pack_drafts::list(tx, &scope))?;
    let author = call.principal.owner();
    let drafts = drafts.into_iter().filter(|draft| draft.pack == name);
    let drafts = drafts.map(|draft| DraftItem::of(draft, &author)).collect();
    Answer::json(PackDetail { item, versions, drafts, files })
}

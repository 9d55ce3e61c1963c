//! Saved views: lists as people keep them, under a name, for themselves or for the whole tenant.

use axum::http::StatusCode;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::saved_views::{self, NewView, SavedView};
use baton_store::{StoreError, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access::KeyRole;
use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::{VIEW_NAME_BYTES_MAX, VIEW_SEARCH_BYTES_MAX, VIEWS_MAX};
use super::page::Page;
use super::problem::Problem;

const PREFIX: &str = "viw_";

/// The pages that have views.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ViewPage {
    Orders,
    Exceptions,
}

impl ViewPage {
    const fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Exceptions => "exceptions",
        }
    }
}

/// A view.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ViewItem {
    id: String,
    page: String,
    name: String,
    /// The search part of the page's address: filters, order, columns.
    search: String,
    /// Whether everybody of the tenant's own has it.
    shared: bool,
    /// Whether it is the caller's own.
    own: bool,
    created_at: Instant,
}

/// A view to be kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewViewRequest {
    page: ViewPage,
    name: String,
    search: String,
    #[serde(default)]
    shared: bool,
}

impl ViewItem {
    fn of(view: SavedView, caller: &str) -> Self {
        Self {
            id: format!("{PREFIX}{}", view.id),
            own: view.owner == caller,
            page: view.page,
            name: view.name,
            search: view.search,
            shared: view.shared,
            created_at: view.created_at,
        }
    }
}

pub(super) fn list(call: &Call) -> Outcome {
    let (scope, owner) = (call.scope()?, call.principal.owner());
    let found = call.store().read(|tx| saved_views::list(tx, &scope, &owner))?;
    let items = found.into_iter().map(|view| ViewItem::of(view, &owner)).collect();
    Answer::json(Page::whole(items))
}

pub(super) fn create(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let request: NewViewRequest = call.json()?;
    let (name, search) = (request.name.trim(), request.search.as_str());
    for (field, text, least, most) in
        [("name", name, 1, VIEW_NAME_BYTES_MAX), ("search", search, 0, VIEW_SEARCH_BYTES_MAX)]
    {
        if text.len() < least || text.len() > most {
            return Err(Problem::length(ErrorCode::ValueWrong, field, least, most));
        }
    }
    if request.shared && call.is_partner() {
        let why = "shared: a partner keeps views for itself";
        let wording = Wording::new("view_not_shared");
        return Err(Problem::of(ErrorCode::ValueWrong, why).said(wording));
    }
    let (scope, owner) = (call.scope()?, call.principal.owner());
    let kept = saved_views::list(tx, &scope, &owner)?;
    if kept.iter().filter(|view| view.owner == owner).count() >= VIEWS_MAX {
        let why = "has as many as one may keep, delete one first";
        return Err(StoreError::Conflict { what: "views", key: owner, why }.into());
    }
    let new = NewView {
        owner: &owner,
        page: request.page.name(),
        name,
        search,
        shared: request.shared,
        created_at: call.tenant()?.clock.now(),
    };
    let id = saved_views::create(tx, &scope, &new)?;
    let made = saved_views::list(tx, &scope, &owner)?.into_iter().find(|view| view.id == id);
    let made = made.ok_or_else(|| Problem::not_found("view", id))?;
    Ok(Answer::json(ViewItem::of(made, &owner))?.with_status(StatusCode::CREATED))
}

pub(super) fn delete(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let text = call.parameter("id");
    let none = || Problem::not_found("view", text);
    let id: i64 = text.strip_prefix(PREFIX).and_then(|id| id.parse().ok()).ok_or_else(none)?;
    let any = matches!(call.principal.role(), KeyRole::Operator | KeyRole::Admin);
    let (scope, owner) = (call.scope()?, call.principal.owner());
    let listed = saved_views::list(tx, &scope, &owner)?;
    let view = listed.into_iter().find(|view| view.id == id).ok_or_else(none)?;
    if view.owner != owner && !any {
        return Err(none());
    }
    saved_views::delete(tx, &scope, id, &owner, any)?;
    Answer::json(ViewItem::of(view, &owner))
}

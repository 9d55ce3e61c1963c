//! What was active when, and why: every activation there was, the newest first, each with the request
//! that it granted. Going back to an earlier version is an activation like any other.

use std::collections::BTreeMap;

use baton_core::time::Instant;
use baton_store::pack_requests::{self, Request, WordKind};
use baton_store::packs::{self, Activation};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::requests::packs_of;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::endpoint::Outcome;
use crate::http::page::{self, Page};

/// Requests that are looked through for reasons; of older activations none is told.
const REQUESTS_MAX: usize = 500;

/// Which activations.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ActivationsQuery {
    /// Only those of this pack.
    pack: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// That a version became the active one.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct ActivationItem {
    pack: String,
    version: String,
    /// The version that was active before.
    was: Option<String>,
    activated_at: Instant,
    activated_by: String,
    /// Whether orders that were there went by it too.
    moved_orders: bool,
    /// Why, where it was asked for.
    reason: Option<String>,
    /// The request that it granted, and who approved.
    request: Option<String>,
    approved_by: Vec<String>,
}

/// The request that an activation was made of: a request has one for each of its packs, in order.
fn granting(granted: &BTreeMap<i64, Request>, seq: i64) -> Option<Request> {
    let (first, request) = granted.range(..=seq).next_back()?;
    let many = packs_of(request);
    (seq < first.saturating_add(i64::try_from(many).unwrap_or(i64::MAX))).then(|| request.clone())
}

pub(in crate::http) fn list(call: &Call) -> Outcome {
    let query: ActivationsQuery = call.query()?;
    let limit = page::limit(query.limit)?;
    let before: Option<i64> = page::cursor(query.cursor.as_deref(), |text| text.parse().ok())?;
    let scope = call.scope()?;
    let rows = call.store().read(|tx| {
        let mut last: BTreeMap<String, String> = BTreeMap::new();
        let mut all: Vec<(Activation, Option<String>)> = Vec::new();
        for activation in packs::history(tx, &scope)? {
            let was = last.insert(activation.pack.clone(), activation.version.clone());
            all.push((activation, was));
        }
        all.retain(|(activation, _)| {
            before.is_none_or(|before| activation.seq < before)
                && query.pack.as_ref().is_none_or(|pack| *pack == activation.pack)
        });
        all.reverse();
        all.truncate(limit + 1);
        let granted: BTreeMap<i64, Request> = pack_requests::list(tx, &scope, None, REQUESTS_MAX)?
            .into_iter()
            .filter_map(|request| Some((request.activation?, request)))
            .collect();
        let mut rows = Vec::with_capacity(all.len());
        for (activation, was) in all {
            let request = granting(&granted, activation.seq);
            let words = match &request {
                Some(request) => pack_requests::words(tx, &scope, request.id)?,
                None => Vec::new(),
            };
            rows.push((activation, was, request, words));
        }
        Ok(rows)
    })?;
    Answer::json(Page::cut(
        rows,
        limit,
        |(activation, ..)| activation.seq.to_string(),
        |(activation, was, request, words)| ActivationItem {
            pack: activation.pack,
            version: activation.version,
            was,
            activated_at: activation.activated_at,
            activated_by: activation.activated_by,
            moved_orders: activation.moves,
            request: request.as_ref().map(|request| format!("prq_{}", request.id)),
            reason: request.map(|request| request.reason),
            approved_by: words
                .into_iter()
                .filter(|word| word.kind == WordKind::Approval)
                .map(|word| word.by.person)
                .collect(),
        },
    ))
}

//! What becomes of a request: others comment, approve or refuse, whoever asked withdraws, and when enough
//! have approved, what was asked for is done in the transaction that closes it.

use std::collections::BTreeMap;

use baton_core::wording::Wording;
use baton_packs::PackFiles;
use baton_store::pack_requests::{self, Request, State, Word, WordKind};
use baton_store::{Scope, StoreError, Tx, changes, packs};
use schemars::JsonSchema;
use serde::Deserialize;

use super::requests::{
    DECIDE, PREFIX, Wanted, WantedPack, found, needed, shown, speaker, text_of, wanted,
};
use super::{refusal, rules};
use crate::acting::By;
use crate::activation::{Activating, Grant, read_files};
use crate::clock::machine_now;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::endpoint::Outcome;
use crate::http::errors::ErrorCode;
use crate::http::limits::NOTE_BYTES_MAX;
use crate::http::problem::Problem;

/// An answer to a request.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AnswerRequest {
    kind: AnswerKind,
    /// What there is to say; an approval and a withdrawal may go without.
    #[serde(default)]
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum AnswerKind {
    Comment,
    Approve,
    Refuse,
    /// Whoever asked wants it no more.
    Withdraw,
}

/// Says something to a request, and does what it asks for once enough have approved.
pub(in crate::http) fn answer(call: &Call) -> Outcome {
    let AnswerRequest { kind, text } = call.json()?;
    let (request, words) = found(call)?;
    let standing = rules::standing(&request, machine_now());
    if standing != "open" && kind != AnswerKind::Comment {
        let why = format!("the request is {standing}");
        let wording = Wording::new("request_is").with("standing", standing);
        return Err(Problem::of(ErrorCode::Conflict, why).said(wording));
    }
    check_may(call, kind, &request)?;
    let least = usize::from(matches!(kind, AnswerKind::Comment | AnswerKind::Refuse));
    let text = text_of("text", &text, least, NOTE_BYTES_MAX)?;
    let author = call.principal.owner();
    let again =
        kind == AnswerKind::Approve && rules::approved(&request, &words).contains(author.as_str());
    if !again {
        say(call, &request, kind, text)?;
    }
    if kind == AnswerKind::Approve {
        let (_, words) = found(call)?;
        let scope = call.scope()?;
        let policy = call.store().read(|tx| rules::approvals(tx, &scope))?;
        if rules::approved(&request, &words).len() as i64 >= needed(&request, policy) {
            grant(call, request.id)?;
        }
    }
    Answer::json(shown(call, request.id)?)
}

/// Commenting is everybody's who may call this; deciding is for people who did not ask.
fn check_may(call: &Call, kind: AnswerKind, request: &Request) -> Result<(), Problem> {
    let mine = request.asked_by.author == call.principal.owner();
    let refuse =
        |name, why: &str| Err(Problem::of(ErrorCode::CannotApprove, why).said(Wording::new(name)));
    match kind {
        AnswerKind::Comment => Ok(()),
        AnswerKind::Withdraw if mine => Ok(()),
        AnswerKind::Withdraw => refuse("asker_withdraws", "only whoever asked withdraws a request"),
        AnswerKind::Approve | AnswerKind::Refuse => {
            let role = call.principal.role();
            if !DECIDE.contains(&role) {
                let why = format!("the role {} can comment", role.name());
                let wording = Wording::new("role_is").with("role", role.name());
                let refused = Problem::of(ErrorCode::RoleTooSmall, why).said(wording);
                return Err(refused.with("roles", DECIDE));
            }
            if mine {
                return refuse("asker_decides_not", "whoever asked does not decide");
            }
            if !call.principal.is_person() {
                return refuse(
                    "key_decides_not",
                    "who holds a key is not known: a key decides nothing",
                );
            }
            Ok(())
        }
    }
}

fn say(call: &Call, request: &Request, kind: AnswerKind, words: String) -> Result<(), Problem> {
    let (scope, by, at) = (call.scope()?, speaker(call), machine_now());
    let person = by.person.clone();
    let (kind, ends) = match kind {
        AnswerKind::Comment => (WordKind::Comment, None),
        AnswerKind::Approve => (WordKind::Approval, None),
        AnswerKind::Refuse => (WordKind::Refusal, Some((State::Refused, "packs.refused"))),
        AnswerKind::Withdraw => (WordKind::Withdrawal, Some((State::Withdrawn, "packs.withdrawn"))),
    };
    let word = Word { by, said_at: at, kind, words };
    call.store().write(|tx| {
        pack_requests::say(tx, &scope, request.id, &word)?;
        if let Some((state, what)) = ends {
            let closing = pack_requests::Closing { state, at, by: &person, activation: None };
            pack_requests::close(tx, &scope, request.id, &closing)?;
            note(tx, &scope, call, what, request.id)?;
        }
        call.tell(tx, None, &serde_json::json!({ "word": kind.name() }))
    })?;
    Ok(())
}

/// Does what a request asks for, and closes it in the same transaction.
pub(super) fn grant(call: &Call, id: i64) -> Result<(), Problem> {
    let (tenant, scope, at) = (call.tenant()?, call.scope()?, machine_now());
    let request = call.store().read(|tx| pack_requests::get(tx, &scope, id))?;
    let by = call.principal.person();
    match wanted(&request)? {
        Wanted::Activation { packs: versions, move_orders } => {
            let files: Result<Vec<PackFiles>, StoreError> = call.store().read(|tx| {
                let one = |wanted: &WantedPack| {
                    let found = packs::get(tx, &scope, &wanted.pack, &wanted.version)?;
                    read_files(&found.content)
                };
                Ok(versions.iter().map(one).collect())
            })?;
            let was: BTreeMap<String, Option<String>> =
                versions.into_iter().map(|wanted| (wanted.pack, wanted.was)).collect();
            let activating = Activating {
                packs: files?,
                // What follows from the last word is done by itself.
                by: request.asked_by.person.as_str().into(),
                moves: move_orders,
                grants: Some(Grant { request: id, was, at, by }),
            };
            call.api.engine.activate(tenant.id, activating).map_err(refusal)?;
        }
        Wanted::Approvals { approvals } => call.store().write(|tx| {
            let state = State::Granted;
            let closing = pack_requests::Closing { state, at, by: &by, activation: None };
            pack_requests::close(tx, &scope, id, &closing)?;
            rules::set_approvals(tx, &scope, approvals)?;
            note(tx, &scope, call, "packs.approvals", id)?;
            By::from(by.as_str()).tell(tx, &scope, "set_pack_approvals")
        })?,
    }
    Ok(())
}

/// What everybody who follows the tenant is told.
pub(super) fn note(
    tx: &mut Tx<'_>,
    scope: &Scope,
    call: &Call,
    kind: &'static str,
    id: i64,
) -> Result<(), StoreError> {
    let at = call.tenant().map_or_else(|_| machine_now(), |tenant| tenant.clock.now());
    let object = format!("{PREFIX}{id}");
    let summary = serde_json::json!({ "by": call.principal.person() }).to_string();
    let change = changes::NewChange { at, cluster: None, kind, object: &object, summary: &summary };
    changes::append(tx, scope, &[change]).map(drop)
}

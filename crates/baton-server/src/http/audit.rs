//! The record of acts: who did what to what, when, and how it came out. Each endpoint that changes
//! something says in the table of endpoints what it is about, and leaves one line in the transaction of
//! what it did ([`line`]); so does what a caller was refused for their role ([`refused`]), within bounds.
//!
//! What Baton itself sends is in the outbox already, row by row: the list shows both, and nothing is
//! written twice. What sources send are the messages, which have a list of their own.
//!
//! INVARIANT: a line holds neither bodies nor secrets: the operation, its subject, and the few fields of the
//! answer that the table names.

mod export;
mod line;
mod query;
mod refused;

use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::audit::{self as record, Broken, Line};
use baton_store::outbox::Command;
use baton_store::{Scope, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::access::KeyRole;
use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::page::{self, Page};
use super::problem::Problem;
use crate::acting::BATON;

pub(super) use export::export;
pub(super) use line::{tell, user, who};
pub(super) use query::AuditQuery;
pub(super) use refused::{Refusals, refused};

/// The operation of what Baton sends.
const DELIVER: &str = "deliver";
const DELIVERY: &str = "delivery";
const COMMAND: &str = "cmd_";
const HASH_HEX_LENGTH: usize = 64;

/// What sort of line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// Something was done.
    Act,
    /// Somebody was refused for their role.
    Refusal,
    /// Baton sent an event to a subscription, or is about to.
    Delivery,
}

/// A line of the record.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AuditItem {
    kind: Kind,
    at: Instant,
    /// `usr_…`, `key_…`, `source:…`, `local` for the person at the machine, or `baton`.
    who: String,
    /// How they were called then.
    name: String,
    role: String,
    /// As the API's description names it: `create_key`; `deliver` for what Baton sends.
    operation: String,
    subject_kind: String,
    subject: String,
    /// `done`, or the code of the refusal; of a delivery `pending`, `delivered` or `dead`.
    outcome: String,
    detail: Value,
    /// The line's number, from 1 without gaps; null for deliveries.
    seq: Option<i64>,
    /// Of this line and all before it; null for deliveries.
    hash: Option<String>,
}

/// Whether the record is whole.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AuditVerified {
    whole: bool,
    /// How many lines follow from the first without a fault.
    lines: i64,
    /// The hash of the last of them. Noted elsewhere with `lines`, it shows later that nothing before
    /// it was changed.
    hash: String,
    /// What is wrong.
    fault: Option<String>,
    /// The same as a sentence's name and values, for words in other languages.
    wording: Option<Wording>,
}

/// Which record, and what was noted of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyQuery {
    /// `operator`: what the operator did that is about no tenant.
    of: Option<String>,
    /// The number of a line that was noted elsewhere, and its hash.
    seq: Option<i64>,
    hash: Option<String>,
}

impl AuditItem {
    fn of(line: Line) -> Self {
        let Line { seq, line, hash } = line;
        let kind = if line.outcome == record::DONE { Kind::Act } else { Kind::Refusal };
        Self {
            kind,
            at: line.at,
            who: line.who,
            name: line.name,
            role: line.role,
            operation: line.operation,
            subject_kind: line.subject_kind,
            subject: line.subject,
            outcome: line.outcome,
            detail: serde_json::from_str(&line.detail).unwrap_or_default(),
            seq: Some(seq),
            hash: Some(hex(&hash)),
        }
    }
    fn sent(command: &Command) -> Self {
        let payload: Value = serde_json::from_str(&command.payload).unwrap_or_default();
        let detail = json!({
            "subscription": format!("sub_{}", command.subscription),
            "event": payload.get("type"),
            "attempts": command.attempts,
            "last_error": command.last_error,
        });
        Self {
            kind: Kind::Delivery,
            at: command.created_at,
            who: BATON.to_owned(),
            name: "Baton".to_owned(),
            role: BATON.to_owned(),
            operation: DELIVER.to_owned(),
            subject_kind: DELIVERY.to_owned(),
            subject: format!("{COMMAND}{}", command.id),
            outcome: command.state.name().to_owned(),
            detail,
            seq: None,
            hash: None,
        }
    }
}

pub(super) fn hex(hash: &[u8; 32]) -> String {
    blake3::Hash::from_bytes(*hash).to_hex().to_string()
}

/// Whose record it is about.
fn scope(call: &Call, of: Option<&str>) -> Result<Scope, Problem> {
    match of {
        None => call.scope(),
        Some("operator") if call.principal.role() == KeyRole::Operator => Ok(Scope::operator()),
        Some("operator") => Err(Problem::of_operator("of: the operator's own record")),
        Some(other) => Err(Problem::none_of(ErrorCode::QueryWrong, "of", other, &["operator"])),
    }
}

pub(super) fn list(call: &Call) -> Outcome {
    let query: AuditQuery = call.query()?;
    let limit = page::limit(query.limit)?;
    let scope = scope(call, query.of.as_deref())?;
    let wanted = query.wanted()?;
    let before = page::cursor(query.cursor.as_deref(), query::Before::parse)?.unwrap_or_default();
    let (items, next) = call.store().read(|tx| wanted.page(tx, &scope, before, limit))?;
    Answer::json(Page { items, next_cursor: next.map(|before| before.to_string()) })
}

/// Follows the record from its first line and looks whether each is what it was.
pub(super) fn verify(call: &Call) -> Outcome {
    let query: VerifyQuery = call.query()?;
    let scope = scope(call, query.of.as_deref())?;
    let wrong =
        |why: &str| Problem::of(ErrorCode::QueryWrong, why).said(Wording::new("line_noted"));
    let noted = match (query.seq, query.hash.as_deref()) {
        (None, None) => None,
        (Some(seq), Some(hash)) if hash.len() == HASH_HEX_LENGTH => {
            let hash = blake3::Hash::from_hex(hash).map_err(|_| wrong("hash: expected hex"))?;
            Some((seq, *hash.as_bytes()))
        }
        _ => return Err(wrong("expected `seq` and `hash` of one line, as they were noted")),
    };
    Answer::json(call.store().read(|tx| verified(tx, &scope, noted))?)
}

/// The same, for whoever verifies everything.
pub(super) fn verified(
    tx: &mut Tx<'_>,
    scope: &Scope,
    noted: Option<(i64, [u8; 32])>,
) -> Result<AuditVerified, baton_store::StoreError> {
    let (chain, broken) = record::verify(tx, scope, noted)?;
    let wording = broken.as_ref().map(|broken| match broken {
        Broken::Missing { seq } => Wording::new("line_missing").with("line", seq),
        Broken::Changed { seq } => Wording::new("line_changed").with("line", seq),
        Broken::CutShort { last, counted } => {
            Wording::new("lines_cut_short").with("count", counted).with("line", last)
        }
        Broken::NotAsNoted { seq } => Wording::new("line_otherwise").with("line", seq),
    });
    let fault = broken.map(|broken| match broken {
        Broken::Missing { seq } => format!("line {seq} is not there"),
        Broken::Changed { seq } => format!("line {seq} is not what was written"),
        Broken::CutShort { last, counted } => {
            format!("{counted} lines were written, those after {last} are not there")
        }
        Broken::NotAsNoted { seq } => format!("line {seq} has another hash than was noted"),
    });
    let (lines, hash) = (chain.seq(), hex(chain.hash()));
    Ok(AuditVerified { whole: fault.is_none(), lines, hash, fault, wording })
}

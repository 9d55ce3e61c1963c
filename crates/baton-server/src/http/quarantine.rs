//! Quarantine: what of messages could not be read; read again once a pack is mended, or discarded.

use std::collections::BTreeMap;

use baton_core::fact::Place;
use baton_core::id::MessageNo;
use baton_core::time::Instant;
use baton_store::messages::Message;
use baton_store::quarantine::{self, Closing, Item, State};
use baton_store::{Scope, StoreError, Tx, messages, sources};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::explain::bytes_at;
use super::limits::{REREAD_MAX, TEXT_BYTES_MAX};
use super::page::{self, Page};
use super::problem::Problem;
use super::reader::{Reader, reader};
use crate::body::decoded;
use crate::intake::{encoding, read_headers};
use crate::receipt::message_id;
use crate::reread::RereadError;
use crate::tenant::Tenant;

const PREFIX: &str = "qrt_";
/// Items that are looked at for one page or one bulk reading, whatever the filter lets through.
const LOOKED_AT_MAX: usize = 20_000;
const STEP: usize = 500;

/// Which items.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QuarantineQuery {
    /// `open` (the default), `reread`, `discarded` or `all`.
    state: Option<String>,
    /// Only those of this code.
    code: Option<String>,
    /// Only those of this source's messages.
    source: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// What of a message could not be read.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct QuarantineItem {
    id: String,
    message: String,
    source: String,
    /// Which part of the message, such as a transaction set; empty for all of it.
    part: String,
    code: String,
    /// What was wrong, where, and what was expected.
    error: Value,
    opened_at: Instant,
    state: &'static str,
    closed_at: Option<Instant>,
    closed_by: Option<String>,
    reason: Option<String>,
}

/// An item with the bytes that its faults are about.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct QuarantineDetail {
    #[serde(flatten)]
    item: QuarantineItem,
    /// Where in the message's body; empty where a fault is about all of it, or about what is missing.
    marks: Vec<Mark>,
    /// Where it is read, to be mended there; null where no active pack reads its source, and for partners.
    reader: Option<Reader>,
}

/// Bytes of a message's body, as it is read.
#[derive(Debug, Serialize, JsonSchema)]
struct Mark {
    offset: usize,
    length: usize,
}

/// Which open items' messages are to be read again: all that fit every part that is given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RereadRequest {
    code: Option<String>,
    source: Option<String>,
}

/// What reading again came to.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RereadAnswer {
    messages: usize,
    facts: usize,
    /// Parts that still cannot be read; they are new items.
    faults: usize,
    /// There are more that fit: ask once more.
    more: bool,
}

/// Why an item does not matter.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DiscardRequest {
    reason: String,
}

impl QuarantineItem {
    pub(super) fn of(tenant: &Tenant, item: Item, source: String) -> Self {
        Self {
            id: item_id(item.id),
            message: message_id(tenant.id, item.message),
            source,
            part: item.part,
            code: item.code,
            error: serde_json::from_str(&item.error).unwrap_or_default(),
            opened_at: item.opened_at,
            state: item.state.name(),
            closed_at: item.closed_at,
            closed_by: item.closed_by,
            reason: item.reason,
        }
    }
}

fn item_id(number: i64) -> String {
    format!("{PREFIX}{number}")
}

fn parse_id(text: &str) -> Option<i64> {
    text.strip_prefix(PREFIX)?.parse().ok().filter(|number| *number > 0)
}

/// Which items are wanted.
struct Wanted {
    state: Option<State>,
    code: Option<String>,
    source: Option<String>,
}

/// Items that fit, newest first, each with its source; and whether there may be more.
fn find(
    tx: &mut Tx<'_>,
    scope: &Scope,
    wanted: &Wanted,
    mut before: Option<i64>,
    limit: usize,
) -> Result<Vec<(Item, String)>, StoreError> {
    let mut sources: BTreeMap<MessageNo, String> = BTreeMap::new();
    let mut found = Vec::new();
    let mut looked_at = 0;
    while found.len() < limit && looked_at < LOOKED_AT_MAX {
        let some = quarantine::list(tx, scope, wanted.state, before, STEP)?;
        let Some(last) = some.last().map(|item| item.id) else { break };
        before = Some(last);
        looked_at += some.len();
        for item in some {
            if found.len() == limit {
                break;
            }
            if wanted.code.as_ref().is_some_and(|code| *code != item.code) {
                continue;
            }
            let source = source_of(tx, scope, item.message, &mut sources)?;
            if wanted.source.as_ref().is_none_or(|wanted| *wanted == source) {
                found.push((item, source));
            }
        }
    }
    Ok(found)
}

/// The source of a message, without loading its body.
fn source_of(
    tx: &mut Tx<'_>,
    scope: &Scope,
    message: MessageNo,
    known: &mut BTreeMap<MessageNo, String>,
) -> Result<String, StoreError> {
    if let Some(source) = known.get(&message) {
        return Ok(source.clone());
    }
    let entries = messages::list(tx, scope, None, Some(MessageNo(message.0 + 1)), 1)?;
    let entry = entries.into_iter().find(|entry| entry.id == message);
    let source = entry.map(|entry| entry.source_key.to_string()).unwrap_or_default();
    known.insert(message, source.clone());
    Ok(source)
}

pub(super) fn list(call: &Call) -> Outcome {
    let query: QuarantineQuery = call.query()?;
    let limit = page::limit(query.limit)?;
    let before = page::cursor(query.cursor.as_deref(), parse_id)?;
    let state = match query.state.as_deref() {
        None | Some("open") => Some(State::Open),
        Some("reread") => Some(State::Reread),
        Some("discarded") => Some(State::Discarded),
        Some("all") => None,
        Some(other) => {
            let known = ["open", "reread", "discarded", "all"];
            return Err(Problem::none_of(ErrorCode::QueryWrong, "state", other, &known));
        }
    };
    let wanted = Wanted { state, code: query.code, source: query.source };
    let (tenant, scope) = (call.tenant()?, call.scope()?);
    let rows = call.store().read(|tx| find(tx, &scope, &wanted, before, limit + 1))?;
    let show = |(item, source)| QuarantineItem::of(tenant, item, source);
    Answer::json(Page::cut(rows, limit, |(item, _)| item_id(item.id), show))
}

pub(super) fn show(call: &Call) -> Outcome {
    let (item, source) = item(call)?;
    let (scope, number) = (call.scope()?, item.message);
    let message = call.store().read(|tx| messages::get(tx, &scope, number))?;
    let item = QuarantineItem::of(call.tenant()?, item, source);
    let marks = marks(call, &message, &item.error);
    let whole = &call.tenant()?.scope;
    let reader = call.store().read(|tx| {
        let source = sources::by_key(tx, &scope, &item.source)?;
        reader(tx, whole, &source.connector, &item.error)
    })?;
    let reader = reader.filter(|_| !call.is_partner());
    Answer::json(QuarantineDetail { item, marks, reader })
}

/// The bytes that the faults of an error name as their places.
fn marks(call: &Call, message: &Message, error: &Value) -> Vec<Mark> {
    let limit = call.api.engine.settings().intake.decompressed_bytes_max;
    let headers = read_headers(&message.entry.headers);
    let Ok(plain) = decoded(&message.body, encoding(&headers), limit) else { return Vec::new() };
    let faults = error.get("faults").and_then(Value::as_array);
    let places = faults.into_iter().flatten().filter_map(|fault| fault.get("place"));
    let places = places.filter_map(|place| serde_json::from_value::<Place>(place.clone()).ok());
    let ranges = places.filter_map(|place| bytes_at(&plain, &place));
    ranges
        .filter(|range| range.len() < plain.len() && range.end <= plain.len())
        .map(|range| Mark { offset: range.start, length: range.len() })
        .collect()
}

fn item(call: &Call) -> Result<(Item, String), Problem> {
    let text = call.parameter("id");
    let number = parse_id(text).ok_or_else(|| none(text))?;
    let scope = call.scope()?;
    let found = call.store().read(|tx| {
        let item = quarantine::get(tx, &scope, number)?;
        let source = source_of(tx, &scope, item.message, &mut BTreeMap::new())?;
        Ok((item, source))
    });
    found.map_err(|error| named(error, text))
}

fn none(text: &str) -> Problem {
    Problem::not_found("item of the quarantine", text)
}

/// The store knows items by number, people by id.
fn named(error: StoreError, text: &str) -> Problem {
    match error {
        StoreError::NotFound { .. } => none(text),
        other => other.into(),
    }
}

/// An item that is settled stays so.
fn check_open(item: &Item) -> Result<(), Problem> {
    let why = match item.state {
        State::Open => return Ok(()),
        State::Reread => "was read again already: what still cannot be read of it is a newer item",
        State::Discarded => "was discarded already",
    };
    let key = item_id(item.id);
    Err(StoreError::Conflict { what: "item of the quarantine", key, why }.into())
}

pub(super) fn reread_one(call: &Call) -> Outcome {
    let (item, _) = item(call)?;
    check_open(&item)?;
    reread(call, &[item.message], false)
}

pub(super) fn reread_many(call: &Call) -> Outcome {
    let request: RereadRequest = call.json()?;
    let wanted = Wanted { state: Some(State::Open), code: request.code, source: request.source };
    let scope = call.scope()?;
    let found = call.store().read(|tx| find(tx, &scope, &wanted, None, LOOKED_AT_MAX))?;
    let more_items = found.len() == LOOKED_AT_MAX;
    let mut numbers: Vec<MessageNo> = found.into_iter().map(|(item, _)| item.message).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let more = more_items || numbers.len() > REREAD_MAX;
    numbers.truncate(REREAD_MAX);
    reread(call, &numbers, more)
}

fn reread(call: &Call, numbers: &[MessageNo], more: bool) -> Outcome {
    let by = call.by(None, &json!({ "messages": numbers.len() }));
    let done = call.api.engine.reread(call.tenant()?.id, numbers, by);
    let done = done.map_err(|error| match error {
        RereadError::Store(error) => error.into(),
        RereadError::Engine(error) => error.into(),
        RereadError::NoTenant | RereadError::Step(_) => Problem::internal(error),
    })?;
    let (messages, facts, faults) = (done.messages, done.facts, done.faults);
    Answer::json(RereadAnswer { messages, facts, faults, more })
}

pub(super) fn discard(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let request: DiscardRequest = call.json()?;
    let reason = request.reason.trim();
    if reason.is_empty() || reason.len() > TEXT_BYTES_MAX {
        let why = format!("reason: expected why it does not matter, 1 to {TEXT_BYTES_MAX} bytes");
        let blank = Problem::of(ErrorCode::ValueWrong, why);
        return Err(blank.of_length("reason", 1, TEXT_BYTES_MAX));
    }
    let text = call.parameter("id");
    let number = parse_id(text).ok_or_else(|| none(text))?;
    let (tenant, scope) = (call.tenant()?, call.scope()?);
    check_open(&quarantine::get(tx, &scope, number).map_err(|error| named(error, text))?)?;
    let by = call.principal.person();
    let at = tenant.clock.now();
    let closing = Closing { state: State::Discarded, at, by: &by, reason: Some(reason) };
    quarantine::close(tx, &scope, number, closing)?;
    let item = quarantine::get(tx, &scope, number)?;
    let source = source_of(tx, &scope, item.message, &mut BTreeMap::new())?;
    Answer::json(QuarantineItem::of(tenant, item, source))
}

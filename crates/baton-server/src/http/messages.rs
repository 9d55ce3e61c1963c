//! Messages as they were received, and the facts that they yielded.

use std::collections::HashMap;

use baton_core::fact::Fact;
use baton_core::id::MessageNo;
use baton_core::time::Instant;
use baton_store::messages::{self, Entry, Message};
use baton_store::{StoreError, engine_facts, facts, quarantine, readings, sources};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::page::{self, Page};
use super::problem::Problem;
use super::quarantine::QuarantineItem;
use super::shown_fact::ShownFact;
use crate::receipt::{message_id, parse_message_id};
use crate::tenant::Tenant;

/// Which messages.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MessagesQuery {
    /// Only those of this source.
    source: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// A message without its body.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MessageItem {
    id: String,
    source: String,
    /// The first durable receipt.
    received_at: Instant,
    content_type: String,
    /// The headers that were kept.
    headers: Value,
    /// The first 128 bits of the BLAKE3 of the body as it came, in hex.
    hash: String,
    size_bytes: i64,
    /// How often it came again.
    repeats: i64,
    last_repeated_at: Option<Instant>,
}

/// A message with what came of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MessageDetail {
    #[serde(flatten)]
    item: MessageItem,
    /// The facts in force that it yielded.
    facts: Vec<ShownFact>,
    /// What of it could not be read.
    quarantine: Vec<QuarantineItem>,
    /// Readings after the first: which packs it was read by again, and when.
    readings: Vec<ReadingItem>,
}

/// A reading after the first.
#[derive(Debug, Serialize, JsonSchema)]
struct ReadingItem {
    packs: String,
    recorded_at: Instant,
}

impl MessageItem {
    pub(super) fn of(tenant: &Tenant, entry: Entry) -> Self {
        Self {
            id: message_id(tenant.id, entry.id),
            source: entry.source_key.to_string(),
            received_at: entry.received_at,
            content_type: entry.content_type,
            headers: serde_json::from_str(&entry.headers).unwrap_or_default(),
            hash: hex(&entry.hash),
            size_bytes: entry.size_bytes,
            repeats: entry.repeats,
            last_repeated_at: entry.last_repeated_at,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn list(call: &Call) -> Outcome {
    let query: MessagesQuery = call.query()?;
    let limit = page::limit(query.limit)?;
    let (tenant, scope) = (call.tenant()?, call.scope()?);
    let before = page::cursor(query.cursor.as_deref(), |text| parse_message_id(tenant.id, text))?;
    let rows = call.store().read(|tx| {
        let source = query.source.as_deref();
        let source = source.map(|key| sources::by_key(tx, &scope, key)).transpose()?;
        messages::list(tx, &scope, source.map(|source| source.id), before, limit + 1)
    })?;
    let cursor = |entry: &Entry| message_id(tenant.id, entry.id);
    Answer::json(Page::cut(rows, limit, cursor, |entry| MessageItem::of(tenant, entry)))
}

pub(super) fn show(call: &Call) -> Outcome {
    let (tenant, scope) = (call.tenant()?, call.scope()?);
    let message = message(call)?;
    let id = message.entry.id;
    let facts = facts_of(call, &message)?;
    let (quarantined, again) = call.store().read(|tx| {
        let items = quarantine::of_message(tx, &scope, id)?;
        Ok((items, readings::of(tx, &tenant.scope, id)?))
    })?;
    let item = MessageItem::of(tenant, message.entry);
    let source = item.source.clone();
    Answer::json(MessageDetail {
        item,
        facts: facts.into_iter().map(|fact| ShownFact::of(tenant, fact)).collect(),
        quarantine: quarantined
            .into_iter()
            .map(|item| QuarantineItem::of(tenant, item, source.clone()))
            .collect(),
        readings: again
            .into_iter()
            .map(|r| ReadingItem { packs: r.pack, recorded_at: r.recorded_at })
            .collect(),
    })
}

pub(super) fn raw(call: &Call) -> Outcome {
    let message = message(call)?;
    Ok(Answer::raw(&message.entry.content_type, message.body))
}

/// The message that the address names.
fn message(call: &Call) -> Result<Message, Problem> {
    let text = call.parameter("id");
    let none = || Problem::not_found("message", text);
    let number = parse_message_id(call.tenant()?.id, text).ok_or_else(none)?;
    let scope = call.scope()?;
    call.store().read(|tx| messages::get(tx, &scope, number)).map_err(|error| match error {
        StoreError::NotFound { .. } => none(),
        other => other.into(),
    })
}

/// The facts in force of a message, from every cluster that they are in.
fn facts_of(call: &Call, message: &Message) -> Result<Vec<Fact>, Problem> {
    let scope = &call.tenant()?.scope;
    let id: MessageNo = message.entry.id;
    let mut found = call.store().read(|tx| {
        let places = engine_facts::of_messages(tx, scope, &[id])?;
        let clusters: Vec<_> = places.into_iter().map(|(cluster, _)| cluster).collect();
        let by_cluster: HashMap<_, Vec<Fact>> = facts::load(tx, scope, &clusters, None)?;
        Ok(by_cluster.into_values().flatten().filter(|f| f.message == id).collect::<Vec<_>>())
    })?;
    found.sort_by(Fact::in_time);
    Ok(found)
}

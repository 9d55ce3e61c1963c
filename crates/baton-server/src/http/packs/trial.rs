//! Packs tried against what happened: which of the stored messages they would read differently, and
//! which orders would come out differently by their rules. Nothing is written.
//!
//! A call looks at a bounded part, the newest first, and says where the next one goes on: whoever asks
//! decides how large the sample is, sees it grow, and stops when it has seen enough.
//!
//! What is read differently is told of messages, and what is derived differently of the facts as they
//! were read: orders are not put together anew from other readings.

use std::collections::BTreeSet;

use baton_core::id::MessageNo;
use baton_core::state::State;
use baton_core::time::Instant;
use baton_store::messages::{self, Message};
use baton_store::orders::{self, Cursor, Filter, OrderRow, Sort};
use baton_store::sources;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::source::{PackSource, declared_with};
use crate::history::{View, state_of};
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::difference::{Difference, differences};
use crate::http::endpoint::Outcome;
use crate::http::page;
use crate::http::problem::Problem;
use crate::read_loop::read_message;
use crate::reading::Part;
use crate::receipt::{message_id, parse_message_id};
use crate::tenant::{Declared, Tenant};

/// What one call looks at.
const MESSAGES: usize = 100;
const ORDERS: usize = 50;
/// Lines of one message, and differences of one order, that are shown.
const LINES_MAX: usize = 40;
const DIFFERENCES_MAX: usize = 40;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Sample {
    /// Messages, the newest first: are they read differently?
    Messages,
    /// Orders, the latest change first: would they come out differently, if they were moved to the
    /// rules?
    Orders,
}

/// Packs to be tried.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TrialRequest {
    packs: Vec<PackSource>,
    sample: Sample,
    /// Where the call before ended; none: from the newest.
    cursor: Option<String>,
}

/// What came of a part of the sample.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct TrialAnswer {
    /// Name and version of everything that would be active.
    active: String,
    /// How many messages, or orders, this call looked at.
    looked_at: usize,
    /// The oldest of them: when it was received, or changed.
    back_to: Option<Instant>,
    messages: Vec<MessageTrial>,
    orders: Vec<OrderTrial>,
    /// Where the next call goes on; null where there are no more.
    next_cursor: Option<String>,
}

/// A message that would be read differently.
#[derive(Debug, Serialize, JsonSchema)]
struct MessageTrial {
    id: String,
    source: String,
    received_at: Instant,
    /// Whether it is read now, and would be.
    readable: bool,
    would_be_readable: bool,
    /// What is said now and would not be (`-`), and the other way round (`+`).
    difference: Vec<String>,
    /// Whether there is more.
    more: bool,
}

/// An order that would come out differently.
#[derive(Debug, Serialize, JsonSchema)]
struct OrderTrial {
    id: String,
    number: String,
    customer: Option<String>,
    differences: Vec<Difference>,
    more: bool,
}

pub(in crate::http) fn run(call: &Call) -> Outcome {
    let TrialRequest { packs, sample, cursor } = call.json()?;
    let other = declared_with(call, packs)?;
    let mut answer = TrialAnswer {
        active: other.version.clone(),
        looked_at: 0,
        back_to: None,
        messages: Vec::new(),
        orders: Vec::new(),
        next_cursor: None,
    };
    match sample {
        Sample::Messages => messages(call, &other, cursor.as_deref(), &mut answer)?,
        Sample::Orders => orders(call, &other, cursor.as_deref(), &mut answer)?,
    }
    Answer::json(answer)
}

fn messages(
    call: &Call,
    other: &Declared,
    cursor: Option<&str>,
    answer: &mut TrialAnswer,
) -> Result<(), Problem> {
    let (tenant, scope) = (call.tenant()?, call.scope()?);
    let before = page::cursor(cursor, |text| parse_message_id(tenant.id, text))?;
    let (mut found, known) = call.store().read(|tx| {
        let entries = messages::list(tx, &scope, None, before, MESSAGES)?;
        let numbers: Vec<MessageNo> = entries.into_iter().map(|entry| entry.id).collect();
        Ok((messages::get_many(tx, &scope, &numbers)?, sources::list(tx, &scope)?))
    })?;
    found.sort_unstable_by_key(|message| std::cmp::Reverse(message.entry.id));
    tenant.set_sources(known);
    let limit = call.api.engine.settings().intake.decompressed_bytes_max;
    let declared = tenant.declared();
    let tried = found.iter().filter_map(|message| {
        let read = |declared| read_message(tenant, declared, message, limit).parts;
        compared(tenant, message, &read(&declared), &read(other))
    });
    answer.messages = tried.collect();
    answer.looked_at = found.len();
    let last = found.last().map(|message| &message.entry);
    answer.back_to = last.map(|entry| entry.received_at);
    if found.len() == MESSAGES {
        answer.next_cursor = last.map(|entry| message_id(tenant.id, entry.id));
    }
    Ok(())
}

/// What a message says, a line for each statement and each fault.
fn told(parts: &[Part]) -> Vec<String> {
    let lines = parts.iter().flat_map(|part| {
        let name = if part.name.is_empty() { String::new() } else { format!("{}: ", part.name) };
        match &part.outcome {
            Ok(statements) => statements
                .iter()
                .map(|statement| format!("{name}{}", baton_packs::told(statement)))
                .collect::<Vec<_>>(),
            Err(fault) => {
                let why = fault.error.get("message").and_then(serde_json::Value::as_str);
                vec![format!("{name}{}: {}", fault.code, why.unwrap_or_default())]
            }
        }
    });
    lines.collect()
}

fn compared(
    tenant: &Tenant,
    message: &Message,
    before: &[Part],
    after: &[Part],
) -> Option<MessageTrial> {
    let (was, is) = (told(before), told(after));
    if was == is {
        return None;
    }
    let (known, new): (BTreeSet<&String>, BTreeSet<&String>) =
        (was.iter().collect(), is.iter().collect());
    let gone = was.iter().filter(|line| !new.contains(line)).map(|line| format!("- {line}"));
    let come = is.iter().filter(|line| !known.contains(line)).map(|line| format!("+ {line}"));
    let mut difference: Vec<String> = gone.chain(come).collect();
    let more = difference.len() > LINES_MAX;
    difference.truncate(LINES_MAX);
    let readable = |parts: &[Part]| parts.iter().all(|part| part.outcome.is_ok());
    Some(MessageTrial {
        id: message_id(tenant.id, message.entry.id),
        source: message.entry.source_key.to_string(),
        received_at: message.entry.received_at,
        readable: readable(before),
        would_be_readable: readable(after),
        difference,
        more,
    })
}

fn orders(
    call: &Call,
    other: &Declared,
    cursor: Option<&str>,
    answer: &mut TrialAnswer,
) -> Result<(), Problem> {
    let scope = call.scope()?;
    let after = page::cursor(cursor, |text| text.parse::<Cursor>().ok())?;
    let filter = Filter::default();
    let page =
        call.store().read(|tx| orders::list(tx, &scope, &filter, Sort::Updated, after, ORDERS))?;
    let now = call.tenant()?.clock.now();
    answer.looked_at = page.items.len();
    answer.back_to = page.items.last().map(|row| row.updated_at);
    answer.next_cursor = page.next.map(|cursor| cursor.to_string());
    for row in page.items {
        answer.orders.extend(derived(call, other, row, now)?);
    }
    Ok(())
}

/// An order by both rules; our own acts are left out, for they were due by the old ones.
fn derived(
    call: &Call,
    other: &Declared,
    row: OrderRow,
    now: Instant,
) -> Result<Option<OrderTrial>, Problem> {
    let tenant = call.tenant()?;
    let steps = &call.api.engine.settings().steps;
    let derive = |what_if| {
        let view = View { at: Some(now), what_if, without_acts: true, as_of: None };
        state_of(call.store(), tenant, steps, row.id, view)
    };
    let json = |state: State| serde_json::to_value(state).map_err(Problem::internal);
    let (was, is) = match (derive(None), derive(Some(&other.book))) {
        (Ok(was), Ok(is)) => (json(was)?, json(is)?),
        // It was joined to another while the sample was looked at.
        (Err(baton_store::StoreError::NotFound { .. }), _)
        | (_, Err(baton_store::StoreError::NotFound { .. })) => return Ok(None),
        (Err(error), _) | (_, Err(error)) => return Err(error.into()),
    };
    let mut differences = differences(&was, &is);
    if differences.is_empty() {
        return Ok(None);
    }
    let more = differences.len() > DIFFERENCES_MAX;
    differences.truncate(DIFFERENCES_MAX);
    let (id, number, customer) = (row.id.to_string(), row.number, row.customer);
    Ok(Some(OrderTrial { id, number, customer, differences, more }))
}

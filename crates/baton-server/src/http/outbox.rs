//! The outbox: deliveries that wait, were made, or were given up.

use baton_core::id::ActId;
use baton_core::time::Instant;
use baton_store::Tx;
use baton_store::outbox::{self, Command, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::page::{self, Page};
use super::problem::Problem;
use crate::clock::machine_now;

const PREFIX: &str = "cmd_";

/// Which deliveries.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OutboxQuery {
    /// `pending` (the default), `delivered` or `dead`.
    state: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// A delivery.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CommandItem {
    id: String,
    /// What it is: it goes out as the delivery's id, the same at every attempt.
    act: ActId,
    subscription: String,
    /// What is delivered.
    payload: Value,
    attempts: i64,
    /// When it may be tried again.
    next_at: Instant,
    state: &'static str,
    last_error: Option<String>,
    created_at: Instant,
}

/// A delivery that is to be tried again.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RetryAnswer {
    id: String,
    state: &'static str,
}

impl CommandItem {
    fn of(command: Command) -> Self {
        Self {
            id: format!("{PREFIX}{}", command.id),
            act: command.act,
            subscription: format!("sub_{}", command.subscription),
            payload: serde_json::from_str(&command.payload).unwrap_or_default(),
            attempts: command.attempts,
            next_at: command.next_at,
            state: command.state.name(),
            last_error: command.last_error,
            created_at: command.created_at,
        }
    }
}

fn parse_id(text: &str) -> Option<i64> {
    text.strip_prefix(PREFIX)?.parse().ok()
}

pub(super) fn list(call: &Call) -> Outcome {
    let query: OutboxQuery = call.query()?;
    let limit = page::limit(query.limit)?;
    let before = page::cursor(query.cursor.as_deref(), parse_id)?;
    let wanted = query.state.as_deref().unwrap_or("pending");
    let known = ["pending", "delivered", "dead"];
    let none = |_| Problem::none_of(ErrorCode::QueryWrong, "state", wanted, &known);
    let state: State = wanted.parse().map_err(none)?;
    let scope = call.scope()?;
    let rows = call.store().read(|tx| outbox::list(tx, &scope, state, before, limit + 1))?;
    Answer::json(Page::cut(rows, limit, |row| format!("{PREFIX}{}", row.id), CommandItem::of))
}

/// Tries a delivery again that was given up.
pub(super) fn retry(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let text = call.parameter("id");
    let none = || Problem::not_found("delivery that was given up", text);
    let number = parse_id(text).ok_or_else(none)?;
    let scope = call.scope()?;
    outbox::revive(tx, &scope, number, machine_now()).map_err(|_| none())?;
    Answer::json(RetryAnswer { id: text.to_owned(), state: State::Pending.name() })
}

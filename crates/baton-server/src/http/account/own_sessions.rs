//! One's own sessions: from where they were opened, when they were used last, and their end.

use axum::http::StatusCode;
use baton_core::time::Instant;
use baton_store::sessions::{self, Session};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::own;
use crate::clock::machine_now;
use crate::http::answer::Answer;
use crate::http::audit;
use crate::http::call::Call;
use crate::http::endpoint::Outcome;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::sign_in::EnteredBy;

const PREFIX: &str = "ses_";

/// A session of one's own.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct SessionItem {
    id: String,
    /// Whether it is the one of this call.
    is_this: bool,
    entered_by: EnteredBy,
    /// Where it was opened from; empty where nobody knows.
    address: String,
    /// How the browser calls itself.
    agent: String,
    opened_at: Instant,
    /// To five minutes or so.
    seen_at: Instant,
    expires_at: Instant,
}

impl SessionItem {
    fn of(session: Session, this: i64) -> Self {
        Self {
            id: format!("{PREFIX}{}", session.id),
            is_this: session.id == this,
            entered_by: EnteredBy::kept(&session.way),
            address: session.address,
            agent: session.agent,
            opened_at: session.created_at,
            seen_at: session.seen_at,
            expires_at: session.expires_at,
        }
    }
}

pub(in crate::http) fn list(call: &Call) -> Outcome {
    let (person, this) = own(call)?;
    let now = machine_now();
    let found = call.store().read(|tx| sessions::of_person(tx, person.id, now))?;
    let items = found.into_iter().map(|session| SessionItem::of(session, this.id));
    Answer::json(Page::whole(items.collect()))
}

pub(in crate::http) fn end(call: &Call) -> Outcome {
    let (person, _) = own(call)?;
    let text = call.parameter("id");
    let none = || Problem::not_found("session", text);
    let id: i64 = text.strip_prefix(PREFIX).and_then(|n| n.parse().ok()).ok_or_else(none)?;
    let ended = call.store().write(|tx| {
        let ended = sessions::end_one(tx, person.id, id)?;
        if ended {
            call.tell(tx, Some(&audit::user(person.id)), &Value::Null)?;
        }
        Ok(ended)
    })?;
    if !ended {
        return Err(none());
    }
    call.api.keyring.forget();
    Ok(Answer::text(String::new()).with_status(StatusCode::NO_CONTENT))
}

/// Ends every session of one's own but this one.
pub(in crate::http) fn end_others(call: &Call) -> Outcome {
    let (person, this) = own(call)?;
    call.store().write(|tx| {
        sessions::end_others(tx, person.id, &this.hash)?;
        call.tell(tx, Some(&audit::user(person.id)), &Value::Null)
    })?;
    call.api.keyring.forget();
    Ok(Answer::text(String::new()).with_status(StatusCode::NO_CONTENT))
}

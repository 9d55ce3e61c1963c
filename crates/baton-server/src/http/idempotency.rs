//! `Idempotency-Key`: a write that is sent again is answered as it was, and not done again. What was done
//! has its line in the record of acts, in the same transaction.
//!
//! What is one transaction keeps its answer in it. What the engine does in transactions of its own is
//! guarded in this process, and its answer kept after it: a crash in between leads to doing it again,
//! which all of those bear. Refusals are not kept; secrets are not kept either.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use baton_core::wording::Wording;
use baton_store::idempotency::{self, Answer as Kept};
use baton_store::{Scope, StoreError, Tx};

use super::answer::{Answer, Body};
use super::audit;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::problem::Problem;
use crate::clock::machine_now;

/// Keys of requests that are being worked on.
#[derive(Debug, Default)]
pub(super) struct InProgress(Mutex<HashSet<(i64, String)>>);

/// A request that asked to be done once.
struct Once {
    scope: Scope,
    key: String,
    request_hash: Vec<u8>,
}

impl Once {
    fn of(call: &Call) -> Result<Option<Self>, Problem> {
        let Some(key) = call.idempotency_key()? else { return Ok(None) };
        // Making the first tenant is about none, and refuses to be done twice by itself.
        let Ok(scope) = call.scope() else { return Ok(None) };
        let key = format!("{}\n{key}", call.principal.space());
        let mut hash = blake3::Hasher::new();
        for part in [call.method.as_str(), call.uri.to_string().as_str()] {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        hash.update(&call.body);
        let request_hash = hash.finalize().as_bytes().to_vec();
        Ok(Some(Self { scope, key, request_hash }))
    }

    /// The answer that was given before; a problem where it was to another request.
    fn before(&self, tx: &mut Tx<'_>) -> Result<Option<Outcome>, StoreError> {
        let Some(kept) = idempotency::look_up(tx, &self.scope, &self.key)? else {
            return Ok(None);
        };
        if kept.request_hash != self.request_hash {
            let why = "the key came first with another method, address or body";
            let reused = Problem::of(ErrorCode::IdempotencyKeyReused, why);
            return Ok(Some(Err(reused.said(Wording::new("repeat_of_other")))));
        }
        let status = u16::try_from(kept.status).ok().and_then(|s| StatusCode::from_u16(s).ok());
        Ok(Some(Ok(Answer::text(kept.response).with_status(status.unwrap_or(StatusCode::OK)))))
    }

    fn keep(&self, tx: &mut Tx<'_>, status: StatusCode, answer: &Answer) -> Result<(), StoreError> {
        let response = match &answer.body {
            Body::Json(value) => value.to_string(),
            Body::Text(text) => text.clone(),
            Body::Raw(..) => return Ok(()),
        };
        let kept = Kept {
            request_hash: self.request_hash.clone(),
            status: i64::from(answer.status.unwrap_or(status).as_u16()),
            response,
            at: machine_now(),
        };
        idempotency::keep(tx, &self.scope, &self.key, &kept)
    }
}

/// Runs a write and keeps its answer in one transaction. A refusal rolls everything back.
pub(super) fn write(
    call: &Call,
    status: StatusCode,
    run: fn(&Call, &mut Tx<'_>) -> Outcome,
) -> Outcome {
    let once = Once::of(call)?;
    let mut refused = None;
    let done = call.store().write(|tx| {
        if let Some(once) = &once
            && let Some(before) = once.before(tx)?
        {
            return Ok(before);
        }
        match run(call, tx) {
            Ok(answer) => {
                if let Some(once) = &once {
                    once.keep(tx, status, &answer)?;
                }
                audit::tell(call, tx, &answer)?;
                Ok(Ok(answer))
            }
            Err(problem) => {
                refused = Some(problem);
                Err(StoreError::Refused { code: "rolled back".into() })
            }
        }
    });
    match (done, refused) {
        (Ok(outcome), _) => {
            if outcome.as_ref().is_ok_and(|answer| answer.is_about_access) {
                // Not before: whoever asked meanwhile would have been told what holds no more.
                call.api.keyring.forget();
            }
            outcome
        }
        (Err(StoreError::Refused { .. }), Some(problem)) => Err(problem),
        (Err(error), _) => Err(error.into()),
    }
}

/// Has the engine do something, once for each key.
pub(super) fn act(call: &Call, status: StatusCode, run: fn(&Call) -> Outcome) -> Outcome {
    let Some(once) = Once::of(call)? else { return run(call) };
    let _guard = Guard::take(&call.api.in_progress, &once)?;
    if let Some(before) = call.store().read(|tx| once.before(tx))? {
        return before;
    }
    let answer = run(call)?;
    call.store().write(|tx| once.keep(tx, status, &answer))?;
    Ok(answer)
}

/// Keeps a second request of the same key out while the first is worked on.
struct Guard<'a> {
    held: &'a InProgress,
    key: (i64, String),
}

impl<'a> Guard<'a> {
    fn take(held: &'a InProgress, once: &Once) -> Result<Self, Problem> {
        let tenant = once.scope.tenant_id().map_or(0, |id| id.0);
        let key = (tenant, once.key.clone());
        let mut keys = held.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !keys.insert(key.clone()) {
            let why = "the first request with this key is not answered yet";
            let wording = Wording::new("repeat_too_early");
            return Err(Problem::of(ErrorCode::IdempotencyInProgress, why).said(wording));
        }
        Ok(Self { held, key })
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.held.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

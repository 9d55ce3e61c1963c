//! Idempotency keys: a write that is sent again is answered as it was, and not done again.
//!
//! Look the key up and keep the answer in the transaction of the write itself: of two that come at one
//! instant, one is done, and the other waits and then finds its answer (or, with PostgreSQL, is refused
//! with a conflict and finds it when it is sent once more).

use baton_core::time::Instant;

use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sql::{params, sql};
use crate::tx::Tx;

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Of the request that it answered: another request with the same key is a mistake.
    pub request_hash: Vec<u8>,
    /// The HTTP status.
    pub status: i64,
    /// The body.
    pub response: String,
    pub at: Instant,
}

/// The answer that was given under this key.
///
/// # Errors
/// What the engine does.
pub fn look_up(tx: &mut Tx<'_>, scope: &Scope, key: &str) -> Result<Option<Answer>> {
    let tenant = scope.within("idempotency keys")?;
    let key = scoped(scope, key);
    tx.row(sql!("idempotency/get"), &params![tenant, &key], |row| {
        Ok(Answer {
            request_hash: row.bytes(0)?.to_vec(),
            status: row.int(1)?,
            response: row.text(2)?.to_owned(),
            at: row.instant(3)?,
        })
    })
}

/// Keeps an answer.
///
/// # Errors
/// [`StoreError::Conflict`] where another request has taken the key.
pub fn keep(tx: &mut Tx<'_>, scope: &Scope, key: &str, answer: &Answer) -> Result<()> {
    let tenant = scope.within("idempotency keys")?;
    let stored = scoped(scope, key);
    let values = params![
        tenant,
        &stored,
        &answer.request_hash[..],
        answer.status,
        &answer.response,
        answer.at,
    ];
    match tx.execute(sql!("idempotency/insert"), values)? {
        0 => Err(StoreError::conflict("idempotency key", key, "is in use by another request")),
        _ => Ok(()),
    }
}

/// Forgets up to `limit` answers from before `at`, the oldest first; returns how many.
///
/// # Errors
/// What the engine does.
pub fn forget(tx: &mut Tx<'_>, scope: &Scope, at: Instant, limit: usize) -> Result<u64> {
    let tenant = scope.whole("idempotency keys")?;
    tx.execute(sql!("idempotency/forget"), params![tenant, at, limit as i64])
}

/// Partners choose keys of their own and must not meet each other's answers.
fn scoped(scope: &Scope, key: &str) -> String {
    format!("{}\n{key}", scope.partner_key().map_or("", |partner| partner.as_str()))
}

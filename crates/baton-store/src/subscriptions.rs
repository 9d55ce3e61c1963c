//! Subscriptions: where events are delivered to, signed.

use baton_core::time::Instant;

use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sql::{Row, params, sql};
use crate::tx::Tx;
use crate::words;

/// A subscription.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    pub id: i64,
    pub url: String,
    /// What deliveries are signed with.
    pub secret: String,
    /// The kinds of event that it wants; all where empty.
    pub events: Vec<String>,
    pub created_at: Instant,
    pub disabled_at: Option<Instant>,
}

impl std::fmt::Debug for Subscription {
    // The secret stays out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription")
            .field("id", &self.id)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// Makes a subscription; returns its number.
///
/// # Errors
/// What the engine does.
pub fn create(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (url, secret): (&str, &str),
    events: &[String],
    created_at: Instant,
) -> Result<i64> {
    let tenant = scope.whole("subscriptions")?;
    let id = tx.numbers(tenant, Counter::Subscription, 1)?.start;
    let events = serde_json::Value::from(events).to_string();
    let values = params![tenant, id, url, secret, &events, created_at];
    tx.execute(sql!("subscriptions/insert"), values)?;
    Ok(id)
}

/// The tenant's subscriptions, by number.
///
/// # Errors
/// What the engine does.
pub fn list(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Subscription>> {
    let tenant = scope.whole("subscriptions")?;
    tx.rows(sql!("subscriptions/list"), &params![tenant], read)
}

/// Disables a subscription, or enables it again with `None`.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_disabled(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: i64,
    disabled_at: Option<Instant>,
) -> Result<()> {
    let tenant = scope.whole("subscriptions")?;
    match tx.execute(sql!("subscriptions/set_disabled"), params![tenant, id, disabled_at])? {
        0 => Err(StoreError::not_found("subscription", id)),
        _ => Ok(()),
    }
}

fn read(row: &Row<'_>) -> Result<Subscription> {
    Ok(Subscription {
        id: row.int(0)?,
        url: row.text(1)?.to_owned(),
        secret: row.text(2)?.to_owned(),
        events: words::json(row.text(3)?)?,
        created_at: row.instant(4)?,
        disabled_at: row.instant_or_null(5)?,
    })
}

//! Links by which a customer follows one order, without a login. Only hashes are kept.

use baton_core::time::Instant;

use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::{Scope, TenantId};
use crate::sql::{Row, params, sql};
use crate::tx::Tx;

/// Links that one order may have.
pub const LINKS_MAX: usize = 100;

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackingLink {
    pub tenant: TenantId,
    pub id: i64,
    /// The public id of the order that it shows.
    pub order_id: String,
    /// Whom it is for.
    pub label: String,
    pub created_at: Instant,
    pub created_by: String,
    pub expires_at: Instant,
    pub revoked_at: Option<Instant>,
}

/// A link to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewTrackingLink<'a> {
    pub hash: &'a [u8],
    pub order_id: &'a str,
    pub label: &'a str,
    pub created_at: Instant,
    pub created_by: &'a str,
    pub expires_at: Instant,
}

/// Makes a link.
///
/// # Errors
/// [`StoreError::Conflict`] where the order has as many as it may.
pub fn create(tx: &mut Tx<'_>, scope: &Scope, new: &NewTrackingLink<'_>) -> Result<TrackingLink> {
    let tenant = scope.whole("making a tracking link")?;
    if list(tx, scope, new.order_id)?.len() >= LINKS_MAX {
        return Err(StoreError::conflict("order", new.order_id, "has as many links as it may"));
    }
    let id = tx.numbers(tenant, Counter::TrackingLink, 1)?.start;
    let values = params![
        tenant,
        id,
        new.hash,
        new.order_id,
        new.label,
        new.created_at,
        new.created_by,
        new.expires_at,
    ];
    tx.execute(sql!("tracking_links/insert"), values)?;
    let found = tx.row(sql!("tracking_links/get"), &params![tenant, id], read)?;
    found.ok_or_else(|| StoreError::not_found("tracking link", id))
}

/// The links of an order, newest first.
///
/// # Errors
/// What the engine does.
pub fn list(tx: &mut Tx<'_>, scope: &Scope, order_id: &str) -> Result<Vec<TrackingLink>> {
    let tenant = scope.whole("the list of tracking links")?;
    tx.rows(sql!("tracking_links/list"), &params![tenant, order_id, LINKS_MAX as i64], read)
}

/// Ends a link at once.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none that could be ended.
pub fn revoke(tx: &mut Tx<'_>, scope: &Scope, id: i64, at: Instant) -> Result<TrackingLink> {
    let tenant = scope.whole("ending a tracking link")?;
    let none = || StoreError::not_found("tracking link", id);
    match tx.execute(sql!("tracking_links/revoke"), params![tenant, id, at])? {
        0 => Err(none()),
        _ => tx.row(sql!("tracking_links/get"), &params![tenant, id], read)?.ok_or_else(none),
    }
}

/// The link with this hash, where it holds; like finding out whose key it is, this is how a scope
/// comes about: that of the link's tenant, for the link's order.
///
/// # Errors
/// What the engine does.
pub fn by_hash(tx: &mut Tx<'_>, hash: &[u8], now: Instant) -> Result<Option<TrackingLink>> {
    tx.row(sql!("tracking_links/by_hash"), &params![hash, now], read)
}

fn read(row: &Row<'_>) -> Result<TrackingLink> {
    let text = |column| row.text(column).map(str::to_owned);
    Ok(TrackingLink {
        tenant: TenantId(row.int(0)?),
        id: row.int(1)?,
        order_id: text(2)?,
        label: text(3)?,
        created_at: row.instant(4)?,
        created_by: text(5)?,
        expires_at: row.instant(6)?,
        revoked_at: row.instant_or_null(7)?,
    })
}

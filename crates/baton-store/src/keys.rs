//! Keys for the API: each has a tenant, a role, and perhaps a partner. Only hashes are kept.

use baton_core::partner::PartnerKey;
use baton_core::time::Instant;

use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::{Scope, TenantId};
use crate::sql::{Row, params, sql};
use crate::tx::Tx;

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub tenant: TenantId,
    pub id: i64,
    /// The first characters, to tell keys apart by.
    pub prefix: String,
    pub label: String,
    /// What it may do, in the server's words.
    pub role: String,
    /// Whose view it has; `None` sees the whole tenant.
    pub partner: Option<PartnerKey>,
    pub created_at: Instant,
    pub expires_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
    /// From where it holds, in the server's words; empty is from everywhere.
    pub networks: String,
    /// As [`used`] noted it.
    pub last_used_at: Option<Instant>,
}

impl ApiKey {
    /// What this key may see.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match &self.partner {
            Some(partner) => Scope::partner(self.tenant, partner.clone()),
            None => Scope::tenant(self.tenant),
        }
    }
}

/// A key to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewApiKey<'a> {
    pub hash: &'a [u8],
    pub prefix: &'a str,
    pub label: &'a str,
    pub role: &'a str,
    pub partner: Option<&'a str>,
    pub created_at: Instant,
    pub expires_at: Option<Instant>,
    pub networks: &'a str,
}

/// Makes a key; returns its number.
///
/// # Errors
/// [`StoreError::Conflict`] where the hash is in use.
pub fn create(tx: &mut Tx<'_>, scope: &Scope, new: &NewApiKey<'_>) -> Result<i64> {
    let tenant = scope.whole("making a key")?;
    let id = tx.numbers(tenant, Counter::ApiKey, 1)?.start;
    let values = params![
        tenant,
        id,
        new.hash,
        new.prefix,
        new.label,
        new.role,
        new.partner,
        new.created_at,
        new.expires_at,
        new.networks,
    ];
    match tx.execute(sql!("keys/insert"), values)? {
        0 => Err(StoreError::conflict("key", new.prefix, "is in use")),
        _ => Ok(id),
    }
}

/// The key with this hash: the one look-up before a scope is known. `None` for a wrong, ended or
/// revoked one.
///
/// # Errors
/// What the engine does.
pub fn authenticate(tx: &mut Tx<'_>, hash: &[u8], now: Instant) -> Result<Option<ApiKey>> {
    tx.row(sql!("keys/authenticate"), &params![hash, now], read)
}

/// The key with this number; `None` for an ended or revoked one.
///
/// # Errors
/// What the engine does.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, id: i64, now: Instant) -> Result<Option<ApiKey>> {
    let tenant = scope.whole("a key")?;
    tx.row(sql!("keys/get"), &params![tenant, id, now], read)
}

/// The tenant's keys, by number.
///
/// # Errors
/// What the engine does.
pub fn list(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<ApiKey>> {
    let tenant = scope.whole("the list of keys")?;
    tx.rows(sql!("keys/list"), &params![tenant], read)
}

/// Ends a key at once.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none that could be ended.
pub fn revoke(tx: &mut Tx<'_>, scope: &Scope, id: i64, at: Instant) -> Result<()> {
    let tenant = scope.whole("ending a key")?;
    match tx.execute(sql!("keys/revoke"), params![tenant, id, at])? {
        0 => Err(StoreError::not_found("key", id)),
        _ => Ok(()),
    }
}

/// Has a key end at an instant, unless it does before.
///
/// # Errors
/// What the engine does.
pub fn expire(tx: &mut Tx<'_>, scope: &Scope, id: i64, at: Instant) -> Result<()> {
    let tenant = scope.whole("the end of a key")?;
    tx.execute(sql!("keys/expire"), params![tenant, id, at]).map(drop)
}

/// Notes that a key was used; an earlier instant than the one known changes nothing.
///
/// # Errors
/// What the engine does.
pub fn used(tx: &mut Tx<'_>, scope: &Scope, id: i64, at: Instant) -> Result<()> {
    let tenant = scope.whole("a key's use")?;
    tx.execute(sql!("keys/used"), params![tenant, id, at])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<ApiKey> {
    Ok(ApiKey {
        tenant: TenantId(row.int(0)?),
        id: row.int(1)?,
        prefix: row.text(2)?.to_owned(),
        label: row.text(3)?.to_owned(),
        role: row.text(4)?.to_owned(),
        partner: row.text_or_null(5)?.map(Into::into),
        created_at: row.instant(6)?,
        expires_at: row.instant_or_null(7)?,
        revoked_at: row.instant_or_null(8)?,
        networks: row.text(9)?.to_owned(),
        last_used_at: row.instant_or_null(10)?,
    })
}

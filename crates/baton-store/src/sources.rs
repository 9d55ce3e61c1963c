//! Sources: the authenticated feeds of partners, systems and people, and their keys.

use std::collections::HashMap;

use baton_core::partner::{PartnerKey, Role, SourceKey};
use baton_core::time::{Duration, Instant};

use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::{Scope, TenantId};
use crate::sql::{Row, params, sql};
use crate::tx::Tx;
use crate::words;

/// The source of Baton's own acts.
pub const OWN: &str = "baton";
/// The source of what people state.
pub const PEOPLE: &str = "people";

/// A source's number within its tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub i64);

/// A feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub id: SourceId,
    /// Unique within its tenant, such as `northwind-shop`.
    pub key: SourceKey,
    pub name: String,
    /// Whose feed it is.
    pub partner: Option<PartnerKey>,
    pub role: Role,
    /// The connector that reads it, as the packs name it.
    pub connector: String,
    pub settings: serde_json::Value,
    /// It is silent when not heard for this long.
    pub silent_after: Option<Duration>,
    /// The receipt of its latest message.
    pub heard_at: Option<Instant>,
    pub created_at: Instant,
    pub disabled_at: Option<Instant>,
    /// From where its keys hold, in the server's words; empty is from everywhere.
    pub networks: String,
}

/// A feed to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSource<'a> {
    pub key: &'a str,
    pub name: &'a str,
    pub partner: Option<&'a str>,
    pub role: Role,
    pub connector: &'a str,
    pub settings: serde_json::Value,
    pub silent_after: Option<Duration>,
    pub created_at: Instant,
}

/// Makes a source.
///
/// # Errors
/// [`StoreError::Conflict`] where the key is taken.
pub fn create(tx: &mut Tx<'_>, scope: &Scope, new: &NewSource<'_>) -> Result<SourceId> {
    let tenant = scope.whole("making a source")?;
    let id = tx.numbers(tenant, Counter::Source, 1)?.start;
    let (role, settings) = (new.role.name(), new.settings.to_string());
    let values = params![
        tenant,
        id,
        new.key,
        new.name,
        new.partner,
        role,
        new.connector,
        &settings,
        new.silent_after.map(Duration::micros),
        new.created_at,
    ];
    match tx.execute(sql!("sources/insert"), values)? {
        0 => Err(StoreError::conflict("source", new.key, "exists already")),
        _ => Ok(SourceId(id)),
    }
}

/// The two sources that every tenant has.
pub(crate) fn create_own(tx: &mut Tx<'_>, tenant: TenantId, at: Instant) -> Result<()> {
    for (key, name, connector) in [(OWN, "Baton's own acts", "acts"), (PEOPLE, "People", "person")]
    {
        let new = NewSource {
            key,
            name,
            partner: None,
            role: Role::Platform,
            connector,
            settings: serde_json::Value::Null,
            silent_after: None,
            created_at: at,
        };
        create(tx, &Scope::tenant(tenant), &new)?;
    }
    Ok(())
}

/// The sources that the scope reaches, by number.
///
/// # Errors
/// What the engine does.
pub fn list(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Source>> {
    let tenant = scope.within("sources")?;
    tx.rows(sql!("sources/list"), &params![tenant, scope.partner_text()], read)
}

/// The source with this key.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn by_key(tx: &mut Tx<'_>, scope: &Scope, key: &str) -> Result<Source> {
    let tenant = scope.within("sources")?;
    tx.row(sql!("sources/by_key"), &params![tenant, scope.partner_text(), key], read)?
        .ok_or_else(|| StoreError::not_found("source", key))
}

/// Changes name, connector, settings, silence, networks and whether it is disabled; key, partner and
/// role stay.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn update(tx: &mut Tx<'_>, scope: &Scope, source: &Source) -> Result<()> {
    let tenant = scope.whole("changing a source")?;
    let settings = source.settings.to_string();
    let values = params![
        tenant,
        source.id.0,
        &source.name,
        &source.connector,
        &settings,
        source.silent_after.map(Duration::micros),
        source.disabled_at,
        &source.networks,
    ];
    match tx.execute(sql!("sources/update"), values)? {
        0 => Err(StoreError::not_found("source", source.key.as_str())),
        _ => Ok(()),
    }
}

/// Notes that sources were heard; an earlier instant than the one known changes nothing.
pub(crate) fn heard(
    tx: &mut Tx<'_>,
    tenant: i64,
    receipts: impl Iterator<Item = (SourceId, Instant)>,
) -> Result<()> {
    let mut latest: HashMap<i64, Instant> = HashMap::new();
    for (source, at) in receipts {
        let known = latest.entry(source.0).or_insert(at);
        *known = at.max(*known);
    }
    let mut latest: Vec<_> = latest.into_iter().collect();
    // Two nodes lock these rows in the same order.
    latest.sort_unstable();
    for (source, at) in latest {
        tx.execute(sql!("sources/heard"), params![tenant, source, at])?;
    }
    Ok(())
}

/// Adds a key. Only its hash is kept.
///
/// # Errors
/// [`StoreError::Conflict`] where the hash is in use.
pub fn add_key(
    tx: &mut Tx<'_>,
    scope: &Scope,
    source: SourceId,
    hash: &[u8],
    created_at: Instant,
) -> Result<()> {
    let tenant = scope.whole("a source's keys")?;
    let values = params![hash, tenant, source.0, created_at];
    match tx.execute(sql!("sources/add_key"), values)? {
        0 => Err(StoreError::conflict("source key", source.0, "is in use")),
        _ => Ok(()),
    }
}

/// Lets every key of a source but this one end at `valid_until`: old and new overlap until then.
///
/// # Errors
/// What the engine does.
pub fn expire_other_keys(
    tx: &mut Tx<'_>,
    scope: &Scope,
    source: SourceId,
    keep_hash: &[u8],
    valid_until: Instant,
) -> Result<u64> {
    let tenant = scope.whole("a source's keys")?;
    tx.execute(sql!("sources/expire_keys"), params![tenant, source.0, keep_hash, valid_until])
}

/// Whose key this is: the one look-up before a scope is known. `None` for a wrong, ended or
/// disabled one.
///
/// # Errors
/// What the engine does.
pub fn authenticate(
    tx: &mut Tx<'_>,
    hash: &[u8],
    now: Instant,
) -> Result<Option<(TenantId, Source, Option<Instant>)>> {
    tx.row(sql!("sources/authenticate"), &params![hash, now], |row| {
        Ok((TenantId(row.int(12)?), read(row)?, row.instant_or_null(13)?))
    })
}

impl Tx<'_> {
    /// A source's number, remembered for this transaction.
    pub(crate) fn source_number(&mut self, tenant: i64, key: &SourceKey) -> Result<i64> {
        // The key is copied for each look-up: keys of up to 23 bytes live inside themselves.
        if let Some(number) = self.source_numbers.get(&(tenant, key.clone())) {
            return Ok(*number);
        }
        let number = self
            .row(sql!("sources/number"), &params![tenant, key.as_str()], |row| row.int(0))?
            .ok_or_else(|| StoreError::not_found("source", key.as_str()))?;
        self.source_numbers.insert((tenant, key.clone()), number);
        Ok(number)
    }
    /// A source's key, remembered for this transaction.
    pub(crate) fn source_key(&mut self, tenant: i64, number: i64) -> Result<SourceKey> {
        if let Some(key) = self.source_keys.get(&(tenant, number)) {
            return Ok(key.clone());
        }
        let key = self
            .row(sql!("sources/key"), &params![tenant, number], |row| {
                row.text(0).map(SourceKey::from)
            })?
            .ok_or(StoreError::Corrupt { what: "a fact's source" })?;
        self.source_keys.insert((tenant, number), key.clone());
        Ok(key)
    }
}

fn read(row: &Row<'_>) -> Result<Source> {
    Ok(Source {
        id: SourceId(row.int(0)?),
        key: row.text(1)?.into(),
        name: row.text(2)?.to_owned(),
        partner: row.text_or_null(3)?.map(Into::into),
        role: words::role(row.text(4)?)?,
        connector: row.text(5)?.to_owned(),
        settings: words::json(row.text(6)?)?,
        silent_after: row.int_or_null(7)?.map(Duration::from_micros),
        heard_at: row.instant_or_null(8)?,
        created_at: row.instant(9)?,
        disabled_at: row.instant_or_null(10)?,
        networks: row.text(11)?.to_owned(),
    })
}

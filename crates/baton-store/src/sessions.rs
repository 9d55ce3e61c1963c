//! Sessions: what a browser holds in place of a password or a key. Only hashes are kept. A session ends
//! by itself; rows of ended ones are forgotten when the next one is opened.
//!
//! Like keys, sessions are found without a scope, by the hash of what the caller sent: they are how a
//! scope comes about.

use baton_core::time::Instant;

use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::people::PersonId;
use crate::scope::TenantId;
use crate::sql::{Row, params, sql};
use crate::tx::Tx;

const WHOLE_STORE: i64 = 0;

/// Whom a session stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Person(PersonId),
    /// A key, by its tenant and its number there.
    Key(TenantId, i64),
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: i64,
    pub holder: Holder,
    /// The tenant that its calls are about; `None` where none was chosen.
    pub tenant: Option<TenantId>,
    pub created_at: Instant,
    /// As [`seen`] noted it.
    pub seen_at: Instant,
    pub expires_at: Instant,
    /// How the browser calls itself.
    pub agent: String,
    /// Where it was opened from.
    pub address: String,
    /// By which way it was opened, in the server's words.
    pub way: String,
}

/// A session to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewSession<'a> {
    pub hash: &'a [u8],
    pub holder: Holder,
    pub tenant: Option<TenantId>,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub agent: &'a str,
    pub address: &'a str,
    pub way: &'a str,
}

/// Opens a session, and forgets those that have ended; returns its number.
///
/// # Errors
/// [`StoreError::Conflict`] where the hash is in use.
pub fn open(tx: &mut Tx<'_>, new: &NewSession<'_>) -> Result<i64> {
    tx.execute(sql!("sessions/end_expired"), params![new.created_at])?;
    let id = tx.numbers(WHOLE_STORE, Counter::Session, 1)?.start;
    let (person, key) = match new.holder {
        Holder::Person(person) => (Some(person.0), None),
        Holder::Key(tenant, number) => (None, Some((tenant.0, number))),
    };
    let values = params![
        new.hash,
        id,
        person,
        key.map(|(tenant, _)| tenant),
        key.map(|(_, number)| number),
        new.tenant.map_or(0, |tenant| tenant.0),
        new.created_at,
        new.expires_at,
        new.agent,
        new.address,
        new.way,
    ];
    match tx.execute(sql!("sessions/insert"), values)? {
        0 => Err(StoreError::conflict("session", id, "is open already")),
        _ => Ok(id),
    }
}

/// The session with this hash, unless it has ended.
///
/// # Errors
/// What the engine does.
pub fn authenticate(tx: &mut Tx<'_>, hash: &[u8], now: Instant) -> Result<Option<Session>> {
    tx.row(sql!("sessions/authenticate"), &params![hash, now], read)
}

/// Notes that a session was used, which puts its end off.
///
/// # Errors
/// What the engine does.
pub fn seen(tx: &mut Tx<'_>, hash: &[u8], at: Instant, expires_at: Instant) -> Result<()> {
    tx.execute(sql!("sessions/seen"), params![hash, at, expires_at]).map(drop)
}

/// Chooses the tenant that a session's calls are about.
///
/// # Errors
/// What the engine does.
pub fn choose_tenant(tx: &mut Tx<'_>, hash: &[u8], tenant: TenantId) -> Result<()> {
    tx.execute(sql!("sessions/choose_tenant"), params![hash, tenant.0]).map(drop)
}

/// Ends a session.
///
/// # Errors
/// What the engine does.
pub fn end(tx: &mut Tx<'_>, hash: &[u8]) -> Result<()> {
    tx.execute(sql!("sessions/end"), params![hash]).map(drop)
}

/// The sessions of a person that have not ended, the one that was used last first.
///
/// # Errors
/// What the engine does.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId, now: Instant) -> Result<Vec<Session>> {
    tx.rows(sql!("sessions/of_person"), &params![person.0, now], read)
}

/// Ends one session of a person; `false` where the person has none of this number.
///
/// # Errors
/// What the engine does.
pub fn end_one(tx: &mut Tx<'_>, person: PersonId, id: i64) -> Result<bool> {
    Ok(tx.execute(sql!("sessions/end_one"), params![person.0, id])? > 0)
}

/// Ends every session of a person but the one with this hash; says how many they were.
///
/// # Errors
/// What the engine does.
pub fn end_others(tx: &mut Tx<'_>, person: PersonId, hash: &[u8]) -> Result<u64> {
    tx.execute(sql!("sessions/end_others"), params![person.0, hash])
}

/// Ends every session of a person.
///
/// # Errors
/// What the engine does.
pub fn end_all(tx: &mut Tx<'_>, person: PersonId) -> Result<()> {
    tx.execute(sql!("sessions/end_all"), params![person.0]).map(drop)
}

fn read(row: &Row<'_>) -> Result<Session> {
    let key = row.int_or_null(3)?.zip(row.int_or_null(4)?);
    let holder = match (row.int_or_null(2)?, key) {
        (Some(person), None) => Holder::Person(PersonId(person)),
        (None, Some((tenant, number))) => Holder::Key(TenantId(tenant), number),
        _ => return Err(StoreError::Corrupt { what: "whom a session stands for" }),
    };
    let tenant = row.int(5)?;
    Ok(Session {
        id: row.int(1)?,
        holder,
        tenant: (tenant != 0).then_some(TenantId(tenant)),
        created_at: row.instant(6)?,
        seen_at: row.instant(7)?,
        expires_at: row.instant(8)?,
        agent: row.text(9)?.to_owned(),
        address: row.text(10)?.to_owned(),
        way: row.text(11)?.to_owned(),
    })
}

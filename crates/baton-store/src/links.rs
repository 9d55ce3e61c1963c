//! Links that are good once and for a while: with one, an invited person takes up their seat, or
//! somebody who forgot a password sets another. What is kept is a hash; the newest link of a person in a
//! tenant replaces the one before.

use baton_core::time::Instant;

use crate::error::{Result, StoreError};
use crate::people::{PersonId, seat};
use crate::scope::{Scope, TenantId};
use crate::sql::{params, sql};
use crate::tx::Tx;

/// Stands for a tenant where a link is of no seat: somebody forgot a password and said so themselves.
const OF_NO_SEAT: i64 = -1;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To take up a seat.
    Invitation,
    /// To set another password.
    Reset,
}

impl Kind {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub person: PersonId,
    /// `None` for one of the operator's staff, and where it is of no seat.
    pub tenant: Option<TenantId>,
    pub kind: Kind,
    pub expires_at: Instant,
}

/// Makes a link for somebody with a seat in the scope.
///
/// # Errors
/// What the engine does.
pub fn create(
    tx: &mut Tx<'_>,
    scope: &Scope,
    link: (&[u8], PersonId, Kind),
    span: (Instant, Instant),
) -> Result<()> {
    let tenant = seat(scope, "making a link")?;
    insert(tx, tenant, link, span)
}

/// Makes a link for somebody who forgot their password. What links they have by their seats stay good.
///
/// # Errors
/// What the engine does.
pub fn create_for_oneself(
    tx: &mut Tx<'_>,
    (hash, person): (&[u8], PersonId),
    span: (Instant, Instant),
) -> Result<()> {
    insert(tx, OF_NO_SEAT, (hash, person, Kind::Reset), span)
}

/// When the link of somebody who forgot their password was made, if one was and is not used yet.
///
/// # Errors
/// What the engine does.
pub fn made_for_oneself_at(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Instant>> {
    tx.row(sql!("links/made_at"), &params![person.0, OF_NO_SEAT], |row| row.instant(0))
}

fn insert(
    tx: &mut Tx<'_>,
    tenant: i64,
    (hash, person, kind): (&[u8], PersonId, Kind),
    (created_at, expires_at): (Instant, Instant),
) -> Result<()> {
    tx.execute(sql!("links/forget"), params![created_at, person.0, tenant])?;
    let kind = match kind {
        Kind::Invitation => "invitation",
        Kind::Reset => "reset",
    };
    let values = params![hash, person.0, tenant, kind, created_at, expires_at];
    tx.execute(sql!("links/insert"), values).map(drop)
}

/// What a link is for; `None` for one that was used, replaced or is too old. Like finding out whose key
/// it is, this takes no scope.
///
/// # Errors
/// What the engine does.
pub fn get(tx: &mut Tx<'_>, hash: &[u8], now: Instant) -> Result<Option<Link>> {
    tx.row(sql!("links/get"), &params![hash, now], |row| {
        let tenant = row.int(1)?;
        let kind = match row.text(2)? {
            "invitation" => Kind::Invitation,
            "reset" => Kind::Reset,
            _ => return Err(StoreError::Corrupt { what: "what a link is for" }),
        };
        let tenant = (tenant > 0).then_some(TenantId(tenant));
        let (person, expires_at) = (PersonId(row.int(0)?), row.instant(3)?);
        Ok(Link { person, tenant, kind, expires_at })
    })
}

/// Uses a link up; `false` where somebody else has.
///
/// # Errors
/// What the engine does.
pub fn take(tx: &mut Tx<'_>, hash: &[u8]) -> Result<bool> {
    Ok(tx.execute(sql!("links/take"), params![hash])? > 0)
}

//! Links that are good once and for a while: with one, an invited person takes up their seat, or
//! somebody who forgot a password sets another. What is kept is a hash; the newest link of a person in a
//! tenant replaces the one before.

use baton_core::time::Instant;

use crate::error::{Result, StoreError};
use crate::people::{PersonId, seat};
use crate::scope::{Scope, TenantId};
use crate::sql::{params, sql};
use crate::tx::Tx;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To take up a seat.
    Invitation,
    /// To set another password.
    Reset,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub person: PersonId,
    /// `None` for one of the operator's staff.
    pub tenant: Option<TenantId>,
    pub kind: Kind,
}

/// Makes a link for somebody with a seat in the scope.
///
/// # Errors
/// What the engine does.
pub fn create(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (hash, person, kind): (&[u8], PersonId, Kind),
    (created_at, expires_at): (Instant, Instant),
) -> Result<()> {
    let tenant = seat(scope, "making a link")?;
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
        let tenant = (tenant != 0).then_some(TenantId(tenant));
        Ok(Link { person: PersonId(row.int(0)?), tenant, kind })
    })
}

/// Uses a link up; `false` where somebody else has.
///
/// # Errors
/// What the engine does.
pub fn take(tx: &mut Tx<'_>, hash: &[u8]) -> Result<bool> {
    Ok(tx.execute(sql!("links/take"), params![hash])? > 0)
}

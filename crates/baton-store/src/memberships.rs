//! Memberships: what a person may do in a tenant, or, as one of the operator's own staff, in all of
//! them. A tenant knows its people by the names that it gave them itself, and learns nothing of what
//! else they work for.

use baton_core::partner::PartnerKey;
use baton_core::time::Instant;

use crate::error::{Result, StoreError};
use crate::people::{PersonId, seat};
use crate::scope::{Scope, TenantId};
use crate::sql::{Row, params, sql};
use crate::tx::Tx;

/// What a person may do in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// `None` for the operator's staff.
    pub tenant: Option<TenantId>,
    pub person: PersonId,
    /// How the tenant calls the person.
    pub name: String,
    /// In the server's words.
    pub role: String,
    /// Whose view it has; `None` sees the whole tenant.
    pub partner: Option<PartnerKey>,
    pub created_at: Instant,
    /// When the person took it up; it does not hold before.
    pub accepted_at: Option<Instant>,
    pub disabled_at: Option<Instant>,
}

impl Membership {
    /// Whether it was taken up and has not ended.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.accepted_at.is_some() && self.disabled_at.is_none()
    }
}

/// A membership with what its tenant may know of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub membership: Membership,
    pub login: String,
    pub has_password: bool,
    pub has_second_factor: bool,
    /// Since when the login is of no use, for anything.
    pub login_disabled_at: Option<Instant>,
}

/// A membership to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewMembership<'a> {
    pub person: PersonId,
    pub name: &'a str,
    pub role: &'a str,
    pub partner: Option<&'a str>,
    pub created_at: Instant,
    pub accepted_at: Option<Instant>,
}

/// Makes a person a member of the scope's tenant, or one of the operator's staff; one whose membership
/// ended begins anew.
///
/// # Errors
/// [`StoreError::Conflict`] where it is one already.
pub fn create(tx: &mut Tx<'_>, scope: &Scope, new: &NewMembership<'_>) -> Result<()> {
    let tenant = seat(scope, "making a member")?;
    let values = params![
        tenant,
        new.person.0,
        new.name,
        new.role,
        new.partner,
        new.created_at,
        new.accepted_at,
    ];
    match tx.execute(sql!("memberships/insert"), values)? {
        0 => Err(StoreError::conflict("user", new.name, "is a member already")),
        _ => Ok(()),
    }
}

/// Notes that a person took up their seat.
///
/// # Errors
/// What the engine does.
pub fn accept(tx: &mut Tx<'_>, scope: &Scope, person: PersonId, at: Instant) -> Result<()> {
    let tenant = seat(scope, "taking up a seat")?;
    tx.execute(sql!("memberships/accept"), params![tenant, person.0, at]).map(drop)
}

/// Changes what a membership says: how the person is called, what they may do, whose view they have.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none that has not ended.
pub fn change(
    tx: &mut Tx<'_>,
    scope: &Scope,
    person: PersonId,
    (name, role, partner): (&str, &str, Option<&str>),
) -> Result<()> {
    let tenant = seat(scope, "changing a membership")?;
    match tx.execute(sql!("memberships/change"), params![tenant, person.0, name, role, partner])? {
        0 => Err(StoreError::not_found("user", person.0)),
        _ => Ok(()),
    }
}

/// Ends a membership at once.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none that could be ended.
pub fn disable(tx: &mut Tx<'_>, scope: &Scope, person: PersonId, at: Instant) -> Result<()> {
    let tenant = seat(scope, "ending a membership")?;
    match tx.execute(sql!("memberships/disable"), params![tenant, person.0, at])? {
        0 => Err(StoreError::not_found("user", person.0)),
        _ => Ok(()),
    }
}

/// Every membership of a person, by tenant: like finding out whose key it is, this is how a scope comes
/// about.
///
/// # Errors
/// What the engine does.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Membership>> {
    tx.rows(sql!("memberships/of_person"), &params![person.0], read)
}

/// The members of the scope's tenant, or the operator's staff, by login.
///
/// # Errors
/// What the engine does.
pub fn list(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Member>> {
    let tenant = seat(scope, "the list of users")?;
    tx.rows(sql!("memberships/list"), &params![tenant], |row| {
        Ok(Member {
            membership: read(row)?,
            login: row.text(8)?.to_owned(),
            has_password: row.int(9)? > 0,
            has_second_factor: row.int(10)? > 0,
            login_disabled_at: row.instant_or_null(11)?,
        })
    })
}

fn read(row: &Row<'_>) -> Result<Membership> {
    let tenant = row.int(0)?;
    Ok(Membership {
        tenant: (tenant != 0).then_some(TenantId(tenant)),
        person: PersonId(row.int(1)?),
        name: row.text(2)?.to_owned(),
        role: row.text(3)?.to_owned(),
        partner: row.text_or_null(4)?.map(Into::into),
        created_at: row.instant(5)?,
        accepted_at: row.instant_or_null(6)?,
        disabled_at: row.instant_or_null(7)?,
    })
}

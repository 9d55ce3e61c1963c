//! Identities: as whom providers of identities know our people. A subject of an issuer is one person for
//! ever; a person may be several subjects.
//!
//! Looking one up takes no scope, as finding out whose key it is does not: it is how a scope comes about.

use baton_core::time::Instant;

use crate::error::{Result, StoreError};
use crate::people::PersonId;
use crate::sql::{params, sql};
use crate::tx::Tx;

/// Who a subject of an issuer is.
///
/// # Errors
/// What the engine does.
pub fn get(tx: &mut Tx<'_>, issuer: &str, subject: &str) -> Result<Option<PersonId>> {
    tx.row(sql!("identities/get"), &params![issuer, subject], |row| Ok(PersonId(row.int(0)?)))
}

/// Notes that a subject of an issuer is this person.
///
/// # Errors
/// [`StoreError::Conflict`] where it is somebody already.
pub fn link(
    tx: &mut Tx<'_>,
    (issuer, subject): (&str, &str),
    person: PersonId,
    at: Instant,
) -> Result<()> {
    match tx.execute(sql!("identities/insert"), params![issuer, subject, person.0, at])? {
        0 => Err(StoreError::conflict("identity", issuer, "is somebody's already")),
        _ => Ok(()),
    }
}

/// The issuers that know a person.
///
/// # Errors
/// What the engine does.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<String>> {
    tx.rows(sql!("identities/of_person"), &params![person.0], |row| Ok(row.text(0)?.to_owned()))
}

//! People who sign in. They are of the whole store: what one may do in a tenant is said by a membership
//! (see [`crate::memberships`]), so that one person can work for several tenants by one login.
//!
//! Logins that were tried in vain are counted here as well, whether anybody has them or not: otherwise
//! being locked out would tell that there is such a person.
//!
//! Looking somebody up by login or number takes no scope, as finding out whose key it is does not: both
//! are how a scope comes about.

use baton_core::time::Instant;

use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sql::{Row, params, sql};
use crate::tx::Tx;

/// Owner of numbers that are of no tenant.
const WHOLE_STORE: i64 = 0;

/// A person's number within the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub i64);

/// A person.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    /// An e-mail address in lower case, unique in the store.
    pub login: String,
    /// What is kept of the password, in the server's words; `None` where none was set.
    pub password: Option<String>,
    /// The secret of the second factor, in the server's words; it counts once it is confirmed.
    pub totp_secret: Option<String>,
    pub totp_confirmed_at: Option<Instant>,
    /// The last step of time whose code was used: no code is good twice.
    pub totp_step: Option<i64>,
    /// A language tag such as `de`; `None` leaves it to the browser.
    pub locale: Option<String>,
    pub created_at: Instant,
    /// Since when nobody signs in by this login.
    pub disabled_at: Option<Instant>,
}

impl std::fmt::Debug for Person {
    // Secrets stay out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Adds a person.
///
/// # Errors
/// [`StoreError::Conflict`] where the login is taken.
pub fn create(
    tx: &mut Tx<'_>,
    login: &str,
    password: Option<&str>,
    created_at: Instant,
) -> Result<PersonId> {
    let id = tx.numbers(WHOLE_STORE, Counter::Person, 1)?.start;
    match tx.execute(sql!("people/insert"), params![id, login, password, created_at])? {
        0 => Err(StoreError::conflict("person", login, "exists already")),
        _ => Ok(PersonId(id)),
    }
}

/// Whoever has this login.
///
/// # Errors
/// What the engine does.
pub fn by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<Person>> {
    tx.row(sql!("people/by_login"), &params![login], read)
}

/// Whoever has this number.
///
/// # Errors
/// What the engine does.
pub fn get(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Person>> {
    tx.row(sql!("people/get"), &params![id.0], read)
}

/// Sets the password, as the server keeps it.
///
/// # Errors
/// What the engine does.
pub fn set_password(tx: &mut Tx<'_>, id: PersonId, password: &str) -> Result<()> {
    tx.execute(sql!("people/set_password"), params![id.0, password]).map(drop)
}

/// Sets the password of somebody who has none; `false` where there is one by now.
///
/// # Errors
/// What the engine does.
pub fn set_first_password(tx: &mut Tx<'_>, id: PersonId, password: &str) -> Result<bool> {
    Ok(tx.execute(sql!("people/set_first_password"), params![id.0, password])? > 0)
}

/// Sets the language; `None` leaves it to the browser.
///
/// # Errors
/// What the engine does.
pub fn set_locale(tx: &mut Tx<'_>, id: PersonId, locale: Option<&str>) -> Result<()> {
    tx.execute(sql!("people/set_locale"), params![id.0, locale]).map(drop)
}

/// Sets the second factor, which counts once it is confirmed; `None` removes it.
///
/// # Errors
/// What the engine does.
pub fn set_second_factor(
    tx: &mut Tx<'_>,
    id: PersonId,
    secret: Option<&str>,
    confirmed_at: Option<Instant>,
) -> Result<()> {
    tx.execute(sql!("people/set_second_factor"), params![id.0, secret, confirmed_at]).map(drop)
}

/// Uses up the code of a step of time; `false` where that or a later one was used before.
///
/// # Errors
/// What the engine does.
pub fn use_step(tx: &mut Tx<'_>, id: PersonId, step: i64) -> Result<bool> {
    Ok(tx.execute(sql!("people/use_step"), params![id.0, step])? > 0)
}

/// How often a login was tried in vain of late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    pub count: i64,
    pub last_at: Instant,
}

/// How often this login was tried in vain, as [`note_failure`] counted. A login is named by a hash.
///
/// # Errors
/// What the engine does.
pub fn failures(tx: &mut Tx<'_>, login: &[u8]) -> Result<Option<Failures>> {
    tx.row(sql!("sign_in_failures/get"), &params![login], |row| {
        Ok(Failures { count: row.int(0)?, last_at: row.instant(1)? })
    })
}

/// Counts that a login was tried in vain; what was before `since` counts no more, and is forgotten.
///
/// # Errors
/// What the engine does.
pub fn note_failure(tx: &mut Tx<'_>, login: &[u8], at: Instant, since: Instant) -> Result<()> {
    tx.execute(sql!("sign_in_failures/forget_old"), params![since])?;
    tx.execute(sql!("sign_in_failures/note"), params![login, at, since]).map(drop)
}

/// Forgets how often a login was tried in vain.
///
/// # Errors
/// What the engine does.
pub fn forget_failures(tx: &mut Tx<'_>, login: &[u8]) -> Result<()> {
    tx.execute(sql!("sign_in_failures/forget"), params![login]).map(drop)
}

/// The number under which a scope's memberships are kept: 0 for those of the operator's staff.
pub(crate) fn seat(scope: &Scope, what: &'static str) -> Result<i64> {
    if scope.operator_only(what).is_ok() { Ok(0) } else { scope.whole(what) }
}

fn read(row: &Row<'_>) -> Result<Person> {
    Ok(Person {
        id: PersonId(row.int(0)?),
        login: row.text(1)?.to_owned(),
        password: row.text_or_null(2)?.map(str::to_owned),
        totp_secret: row.text_or_null(3)?.map(str::to_owned),
        totp_confirmed_at: row.instant_or_null(4)?,
        totp_step: row.int_or_null(5)?,
        locale: row.text_or_null(6)?.map(str::to_owned),
        created_at: row.instant(7)?,
        disabled_at: row.instant_or_null(8)?,
    })
}

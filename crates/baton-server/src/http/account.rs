//! One's own account: what somebody who is signed in sees and changes of themselves. Their name and
//! language, their password, their second factor ([`second_factor`]), their sessions
//! ([`own_sessions`]).
//!
//! INVARIANT: whoever holds a session and nothing else, such as the finder of a machine, changes nothing
//! by which its owner signs in: that takes the password once more.

pub(super) mod own_sessions;
pub(super) mod second_factor;

use std::sync::Arc;

use axum::http::StatusCode;
use baton_core::partner::PartnerKey;
use baton_core::time::Instant;
use baton_store::people::{self, Person};
use baton_store::{Scope, StoreError, identities, memberships, recovery_codes, sessions};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::access::{OpenSession, Principal, SignedIn};
use super::answer::Answer;
use super::audit;
use super::call::Call;
use super::endpoint::{Later, Outcome};
use super::errors::ErrorCode;
use super::limits::TEXT_BYTES_MAX;
use super::problem::Problem;
use super::sign_in::attempts::Attempts;
use super::sign_in::{password, weighed};
use crate::language::Language;

/// Somebody's own account.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AccountAnswer {
    login: String,
    /// As the tenant at hand calls them.
    name: String,
    /// In which they are written to; null leaves it to the tenant.
    language: Option<Language>,
    has_password: bool,
    second_factor: SecondFactor,
    /// The providers of identities that know them, by their addresses.
    providers: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SecondFactor {
    /// Since when a code is asked for at signing in; null where none is.
    confirmed_at: Option<Instant>,
    recovery_codes_left: i64,
    /// Whether nothing else can be called before one is set.
    is_missing: bool,
}

/// What somebody changes of themselves.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountChange {
    /// As the tenant at hand is to call them.
    name: String,
    language: Option<Language>,
}

/// Another password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordChange {
    /// The one that holds.
    password: String,
    /// At least 12 characters.
    new_password: String,
}

/// Who is signed in, and by which session.
fn own(call: &Call) -> Result<(&Arc<SignedIn>, &Arc<OpenSession>), Problem> {
    let missing = || Problem::no_session("sign in first");
    let session = call.session.as_ref().ok_or_else(missing)?;
    match &call.principal {
        Principal::Person { person, .. } => Ok((person, session)),
        _ => {
            let why = "stands for a key, and keys have no account";
            Err(StoreError::Conflict { what: "session", key: String::new(), why }.into())
        }
    }
}

fn row(call: &Call, signed_in: &SignedIn) -> Result<Person, Problem> {
    let found = call.store().read(|tx| people::get(tx, signed_in.id))?;
    found.ok_or_else(|| Problem::no_session("sign in first"))
}

/// Somebody with a password; others prove who they are elsewhere.
fn with_password(call: &Call) -> Result<(Person, &Arc<OpenSession>), Problem> {
    let (signed_in, session) = own(call)?;
    let person = row(call, signed_in)?;
    if person.password.is_none() {
        let why = "signs in without a password, and so has neither one nor a second factor here";
        return Err(StoreError::Conflict { what: "user", key: person.login, why }.into());
    }
    Ok((person, session))
}

fn answer(call: &Call, signed_in: &SignedIn, name: &str) -> Outcome {
    let person = row(call, signed_in)?;
    let (providers, codes) = call.store().read(|tx| {
        Ok((identities::of_person(tx, person.id)?, recovery_codes::count(tx, person.id)?))
    })?;
    let second_factor = SecondFactor {
        confirmed_at: person.totp_confirmed_at,
        recovery_codes_left: codes,
        is_missing: signed_in.lacks_second_factor && person.totp_confirmed_at.is_none(),
    };
    Answer::json(AccountAnswer {
        login: person.login,
        name: name.to_owned(),
        language: person.locale.and_then(|tag| tag.parse().ok()),
        has_password: person.password.is_some(),
        second_factor,
        providers,
    })
}

pub(super) fn show(call: &Call) -> Outcome {
    let (signed_in, _) = own(call)?;
    answer(call, signed_in, &signed_in.name)
}

pub(super) fn change(call: &Call) -> Outcome {
    let (signed_in, _) = own(call)?;
    let change: AccountChange = call.json()?;
    let name = change.name.trim();
    if name.is_empty() || name.len() > TEXT_BYTES_MAX {
        let why = "name: expected how you are to be called";
        let blank = Problem::of(ErrorCode::ValueWrong, why);
        return Err(blank.of_length("name", 1, TEXT_BYTES_MAX));
    }
    let scope = signed_in.tenant.map_or_else(Scope::operator, Scope::tenant);
    call.store().write(|tx| {
        people::set_locale(tx, signed_in.id, change.language.map(Language::tag))?;
        let seats = memberships::of_person(tx, signed_in.id)?;
        let seat = seats.into_iter().find(|seat| seat.tenant == signed_in.tenant);
        let seat = seat.ok_or(StoreError::Corrupt { what: "a user" })?;
        let partner = seat.partner.as_ref().map(PartnerKey::as_str);
        memberships::change(tx, &scope, signed_in.id, (name, &seat.role, partner))?;
        call.tell(tx, Some(&audit::user(signed_in.id)), &Value::Null)
    })?;
    call.api.keyring.forget();
    answer(call, signed_in, name)
}

/// Changes the password, and ends what else is open with the old one.
pub(super) fn change_password(call: Call) -> Later {
    weighed(call, StatusCode::NO_CONTENT, |call| {
        let change: PasswordChange = call.json()?;
        let (person, session) = with_password(call)?;
        password::check(&change.new_password)?;
        let attempts = Attempts::by(call, &person.login)?;
        attempts.prove(&person, &change.password, None)?;
        let limits = &call.api.engine.settings().access;
        let kept = password::kept(&change.new_password, limits)?;
        call.store().write(|tx| {
            people::set_password(tx, person.id, &kept)?;
            sessions::end_others(tx, person.id, &session.hash)?;
            call.tell(tx, Some(&audit::user(person.id)), &Value::Null)
        })?;
        call.api.keyring.forget();
        Ok(Answer::text(String::new()))
    })
}

//! One's own second factor: begun with the password, confirmed by a first code, and removed by both.
//!
//! With it come recovery codes, shown once: each stands in for a code where the app is lost.

use axum::http::StatusCode;
use baton_store::people::{self, Person};
use baton_store::{StoreError, recovery_codes};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::with_password;
use crate::http::answer::Answer;
use crate::http::audit;
use crate::http::call::Call;
use crate::http::endpoint::Later;
use crate::http::problem::Problem;
use crate::http::sign_in::attempts::Attempts;
use crate::http::sign_in::totp::Secret;
use crate::http::sign_in::{BRAND, recovery, weighed};

/// A secret to be given to an app; it counts once a code of it is confirmed.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct Begun {
    /// `otpauth://totp/…`.
    uri: String,
    /// The same to be photographed, as SVG.
    picture: String,
    /// The secret in base32, to be typed where there is no camera.
    secret: String,
}

/// What begins a second factor.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Begin {
    password: String,
}

/// What confirms it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Confirm {
    /// The six digits that the app shows.
    code: String,
}

/// What proves more than a session does.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Proof {
    password: String,
    /// The six digits that the app shows, or a recovery code.
    code: String,
}

/// Codes that stand in for the second factor, each good once. They are shown this once.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

fn conflict(person: &Person, why: &'static str) -> Problem {
    StoreError::Conflict { what: "second factor", key: person.login.clone(), why }.into()
}

pub(in crate::http) fn begin(call: Call) -> Later {
    weighed(call, StatusCode::CREATED, |call| {
        let begin: Begin = call.json()?;
        let (person, _) = with_password(call)?;
        if person.totp_confirmed_at.is_some() {
            return Err(conflict(&person, "is set already: remove it first"));
        }
        Attempts::by(call, &person.login)?.prove(&person, &begin.password, None)?;
        let secret = Secret::new()?;
        let shown = secret.shown(BRAND, &person.login)?;
        let kept = secret.kept();
        call.store().write(|tx| {
            people::set_second_factor(tx, person.id, Some(&kept), None)?;
            call.tell(tx, Some(&audit::user(person.id)), &Value::Null)
        })?;
        Answer::json(Begun { uri: shown.uri, picture: shown.picture, secret: shown.typed })
    })
}

pub(in crate::http) fn confirm(call: Call) -> Later {
    weighed(call, StatusCode::OK, |call| {
        let confirm: Confirm = call.json()?;
        let (person, _) = with_password(call)?;
        if person.totp_confirmed_at.is_some() {
            return Err(conflict(&person, "is confirmed already"));
        }
        let Some(kept) = &person.totp_secret else {
            return Err(conflict(&person, "was not begun"));
        };
        let attempts = Attempts::by(call, &person.login)?;
        let step = Secret::read(kept).and_then(|secret| secret.step(&confirm.code, attempts.now));
        attempts.came_out(step.is_some())?;
        let step = step
            .ok_or_else(|| attempts.failed(("code_wrong", "the code is none of the present's")))?;
        let (codes, hashes) = recovery::minted()?;
        let now = attempts.now;
        call.store().write(|tx| {
            people::set_second_factor(tx, person.id, Some(kept), Some(now))?;
            people::use_step(tx, person.id, step)?;
            recovery_codes::replace(tx, person.id, &hashes, now)?;
            call.tell(tx, Some(&audit::user(person.id)), &Value::Null)
        })?;
        call.api.keyring.forget();
        Answer::json(RecoveryCodes { recovery_codes: codes })
    })
}

/// Somebody with a second factor who proved by it, and by the password, who they are.
fn proven(call: &Call) -> Result<Person, Problem> {
    let proof: Proof = call.json()?;
    let (person, _) = with_password(call)?;
    if person.totp_confirmed_at.is_none() {
        return Err(conflict(&person, "is not set"));
    }
    Attempts::by(call, &person.login)?.prove(&person, &proof.password, Some(&proof.code))?;
    Ok(person)
}

pub(in crate::http) fn remove(call: Call) -> Later {
    weighed(call, StatusCode::NO_CONTENT, |call| {
        let person = proven(call)?;
        call.store().write(|tx| {
            people::set_second_factor(tx, person.id, None, None)?;
            recovery_codes::replace::<[u8; 32]>(tx, person.id, &[], person.created_at)?;
            call.tell(tx, Some(&audit::user(person.id)), &Value::Null)
        })?;
        call.api.keyring.forget();
        Ok(Answer::text(String::new()))
    })
}

/// New recovery codes in the place of all old ones.
pub(in crate::http) fn renew_codes(call: Call) -> Later {
    weighed(call, StatusCode::CREATED, |call| {
        let person = proven(call)?;
        let (codes, hashes) = recovery::minted()?;
        let at = crate::clock::machine_now();
        call.store().write(|tx| {
            recovery_codes::replace(tx, person.id, &hashes, at)?;
            call.tell(tx, Some(&audit::user(person.id)), &Value::Null)
        })?;
        Answer::json(RecoveryCodes { recovery_codes: codes })
    })
}

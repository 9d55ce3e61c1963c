//! Using a link: an invited person sets a password and takes up their seat; who was sent a link to reset
//! theirs sets another. Who has a password already takes up a seat by saying it.

use axum::http::StatusCode;
use axum::response::Response;
use baton_store::links::{self, Kind};
use baton_store::people;
use schemars::JsonSchema;
use serde::Deserialize;

use super::enter::refuse_other_sites;
use super::password;
use crate::clock::machine_now;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::endpoint::{Later, Outcome};
use crate::http::errors::ErrorCode;
use crate::http::problem::Problem;
use crate::http::secret::hash;
use crate::http::{serving, users};

/// A link, and the password to be set by it; of an invited person who has one already, that one.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TakenUp {
    link: String,
    /// At least 12 characters.
    password: String,
}

/// Uses a link up; signing in comes after it.
pub(in crate::http) fn take_up(call: Call) -> Later {
    Box::pin(async move {
        refuse_other_sites(&call.headers)?;
        let taken: TakenUp = call.json()?;
        serving::wait_for_failures(&call.api, call.address)?;
        let api = std::sync::Arc::clone(&call.api);
        let _turn = api.hashing.acquire().await.map_err(Problem::internal)?;
        let used = tokio::task::spawn_blocking(move || use_up(&call, &taken));
        let answer: Outcome = used.await.map_err(Problem::internal)?;
        answer.map(|answer| -> Response { answer.respond(StatusCode::NO_CONTENT) })
    })
}

fn use_up(call: &Call, taken: &TakenUp) -> Outcome {
    let limits = &call.api.engine.settings().access;
    let (link_hash, now) = (hash(taken.link.trim()), machine_now());
    let failed = || {
        serving::note_failed_sign_in(&call.api, call.address, false);
        let why =
            "the link was used, replaced or is too old, or the password is not the person's own";
        Problem::new(ErrorCode::SignInFailed, why)
    };
    let found = call.store().read(|tx| {
        let Some(link) = links::get(tx, &link_hash, now)? else { return Ok(None) };
        Ok(people::get(tx, link.person)?.map(|person| (link, person)))
    })?;
    let (link, person) = found.ok_or_else(failed)?;
    let kept = match (link.kind, &person.password) {
        (Kind::Invitation, Some(own)) => {
            let is_right = taken.password.len() <= password::BYTES_MAX
                && password::holds(&taken.password, Some(own), limits);
            if !is_right {
                return Err(failed());
            }
            None
        }
        _ => {
            password::check(&taken.password)?;
            Some(password::kept(&taken.password, limits)?)
        }
    };
    let used = call.store().write(|tx| users::use_link(tx, &link_hash, kept.as_deref(), now))?;
    used.ok_or_else(failed)?;
    call.api.keyring.forget();
    Ok(Answer::text(String::new()))
}

//! A forgotten password: whoever says a login is answered the same, and whoever has it is sent a link.
//!
//! INVARIANT: the answer is given before anything is looked up, so neither its words nor its time tell
//! whether there is such a person. What comes after it is bounded: so many letters at once, and one to
//! each person within some minutes.

use std::sync::Arc;

use axum::http::StatusCode;
use baton_core::time::{Duration, Instant};
use baton_core::wording::Wording;
use baton_store::{links, memberships, people};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{refuse_other_sites, rules};
use crate::clock::machine_now;
use crate::http::answer::Answer;
use crate::http::brand;
use crate::http::call::Call;
use crate::http::endpoint::Later;
use crate::http::errors::ErrorCode;
use crate::http::problem::Problem;
use crate::http::secret::{LINK, mint};
use crate::http::serving;
use crate::http::users::links::{RESET_FOR, RESET_HOURS, address, deliver};
use crate::mail::Letter;
use crate::mail::letter::About;

/// Between two letters to one person at least.
const LETTERS_APART: Duration = Duration::minutes(5);
const LOGIN_BYTES_MAX: usize = 254;

/// Whoever forgot a password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Forgotten {
    /// An e-mail address.
    login: String,
}

/// Answers, and then sees to it that a letter goes out where there is somebody to get one.
pub(in crate::http) fn forgot(call: Call) -> Later {
    Box::pin(async move {
        refuse_other_sites(&call.headers)?;
        let forgotten: Forgotten = call.json()?;
        let login = forgotten.login.trim().to_lowercase();
        serving::wait_for_failures(&call.api, call.address)?;
        if call.api.post.is_none() || call.api.engine.settings().public_url.is_none() {
            let why = "links cannot be sent from here";
            let wording = Wording::new("no_links_sent");
            return Err(Problem::of(ErrorCode::NoMailServer, why).said(wording));
        }
        // Asking costs as a failure does: nobody fills other people's mailboxes from one place.
        serving::count_for(&call.api, call.address);
        match Arc::clone(&call.api.forgetful).try_acquire_owned() {
            Err(_) => {
                tracing::warn!("too many forgot their passwords at once; one was sent nothing");
            }
            Ok(turn) if login.len() <= LOGIN_BYTES_MAX => {
                // Nobody waits for it: that is the point.
                drop(tokio::task::spawn_blocking(move || {
                    let _turn = turn;
                    if let Err(why) = send_link(&call, &login, machine_now()) {
                        tracing::warn!(why = %why.json()["detail"], "a forgotten password could not be seen to");
                    }
                }));
            }
            Ok(_) => {}
        }
        Ok(Answer::text(String::new()).respond(StatusCode::ACCEPTED))
    })
}

fn send_link(call: &Call, login: &str, at: Instant) -> Result<(), Problem> {
    let minted = mint(LINK)?;
    let letter = call.store().write(|tx| {
        let Some(person) = people::by_login(tx, login)? else { return Ok(None) };
        let seats = memberships::of_person(tx, person.id)?;
        let holding = seats.into_iter().find(memberships::Membership::holds);
        // Who has no password signs in another way, and is not to get a second one by a letter.
        let is_out = person.disabled_at.is_some() || person.password.is_none();
        let Some(seat) = holding.filter(|_| !is_out) else { return Ok(None) };
        let last_at = links::made_for_oneself_at(tx, person.id)?;
        if last_at.is_some_and(|last| at.since(last) < LETTERS_APART) {
            return Ok(None);
        }
        let span = (at, at + RESET_FOR);
        links::create_for_oneself(tx, (&minted.hash, person.id), span)?;
        let language = rules::language(tx, &person, seat.tenant)?;
        let about = About::Reset { url: String::new(), hours: RESET_HOURS };
        let sender = brand::sender(tx, seat.tenant)?;
        Ok(Some(Letter { language, name: seat.name, sender, about }))
    })?;
    let Some(mut letter) = letter else { return Ok(()) };
    let Some(url) = address(call, &minted.secret) else { return Ok(()) };
    letter.about = About::Reset { url, hours: RESET_HOURS };
    deliver(&call.api, login, &letter);
    Ok(())
}

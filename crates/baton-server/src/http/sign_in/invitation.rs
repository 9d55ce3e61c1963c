//! Using a link: an invited person sets a password and takes up their seat; who was sent a link to reset
//! theirs sets another. Who has a password already takes up a seat by saying it.
//!
//! INVARIANT: a link tells and does the same whether its person has a password or not, up to the moment
//! in which one is said: whoever made the link has it as well.

use axum::http::StatusCode;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::links::{self, Kind, Link};
use baton_store::people::{self, Person};
use baton_store::{Scope, memberships, tenants};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attempts::Attempts;
use super::{password, refuse_other_sites, weighed};
use crate::clock::machine_now;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::endpoint::{Later, Outcome};
use crate::http::errors::ErrorCode;
use crate::http::problem::Problem;
use crate::http::secret::hash;
use crate::http::serving;
use crate::http::users::links::{Said, use_link};

/// A link, and the password to be set by it; of an invited person who has one already, that one.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TakenUp {
    link: String,
    /// At least 12 characters.
    password: String,
}

/// A link to be looked at. It goes in the body, since addresses end up in logs.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Looked {
    link: String,
}

/// What a link is for.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct LinkShown {
    kind: LinkKind,
    login: String,
    /// How the tenant calls the person; null where the link is of no seat.
    name: Option<String>,
    /// Who invites; null for the operator's staff, and where the link is of no seat.
    tenant: Option<String>,
    expires_at: Instant,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum LinkKind {
    Invitation,
    Reset,
}

/// Says what a link is for.
pub(in crate::http) fn look(call: Call) -> Later {
    Box::pin(async move {
        refuse_other_sites(&call.headers)?;
        weighed(call, StatusCode::OK, shown).await
    })
}

/// Uses a link up; signing in comes after it.
pub(in crate::http) fn take_up(call: Call) -> Later {
    Box::pin(async move {
        refuse_other_sites(&call.headers)?;
        weighed(call, StatusCode::NO_CONTENT, use_up).await
    })
}

fn failed(call: &Call) -> Problem {
    serving::note_failed_sign_in(&call.api, call.address, false);
    let why = "the link was used, replaced or is too old, or the password is not the person's own";
    Problem::of(ErrorCode::SignInFailed, why).said(Wording::new("link_wrong"))
}

fn found(call: &Call, link: &[u8], now: Instant) -> Result<(Link, Person), Problem> {
    let found = call.store().read(|tx| {
        let Some(link) = links::get(tx, link, now)? else { return Ok(None) };
        Ok(people::get(tx, link.person)?.map(|person| (link, person)))
    })?;
    found.ok_or_else(|| failed(call))
}

fn shown(call: &Call) -> Outcome {
    let looked: Looked = call.json()?;
    let (link, person) = found(call, &hash(looked.link.trim()), machine_now())?;
    let (tenant, name) = call.store().read(|tx| {
        let seats = memberships::of_person(tx, link.person)?;
        let seat = seats.into_iter().find(|seat| seat.tenant == link.tenant);
        let tenants = tenants::list(tx, &Scope::operator())?;
        let tenant = tenants.into_iter().find(|tenant| Some(tenant.id) == link.tenant);
        Ok((tenant.map(|tenant| tenant.name), seat.map(|seat| seat.name)))
    })?;
    let kind = match link.kind {
        Kind::Invitation => LinkKind::Invitation,
        Kind::Reset => LinkKind::Reset,
    };
    Answer::json(LinkShown { kind, login: person.login, name, tenant, expires_at: link.expires_at })
}

fn use_up(call: &Call) -> Outcome {
    let taken: TakenUp = call.json()?;
    let limits = &call.api.engine.settings().access;
    let (link_hash, now) = (hash(taken.link.trim()), machine_now());
    let (link, person) = found(call, &link_hash, now)?;
    let said = if link.kind == Kind::Invitation && person.password.is_some() {
        // The link alone is no way to guess a password by.
        let attempts = Attempts::by(call, &person.login)?;
        let is_right = attempts.password_holds(Some(&person), &taken.password);
        attempts.came_out(is_right)?;
        if !is_right {
            return Err(failed(call));
        }
        Said::Own
    } else {
        password::check(&taken.password)?;
        Said::New(password::kept(&taken.password, limits)?)
    };
    let used = call.store().write(|tx| use_link(call, tx, &link_hash, &said, now))?;
    used.ok_or_else(|| failed(call))?;
    call.api.keyring.forget();
    Ok(Answer::text(String::new()))
}

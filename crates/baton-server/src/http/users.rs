//! Users: the people who have a seat in a tenant, or among the operator's staff. They are invited, and
//! set their passwords themselves by a link that is good once.
//!
//! INVARIANT: a tenant's administrator neither learns whether somebody has a login already nor comes by
//! it: who has a password takes up a seat by saying it, and of somebody who works for others as well an
//! administrator resets none.

use axum::http::StatusCode;
use baton_core::partner::PartnerKey;
use baton_core::time::{Duration, Instant};
use baton_store::links::{self, Kind};
use baton_store::memberships::{self, Member, NewMembership};
use baton_store::people::{self, PersonId};
use baton_store::{Scope, StoreError, Tx, partners, sessions};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access::{KeyRole, Principal};
use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::TEXT_BYTES_MAX;
use super::page::Page;
use super::problem::Problem;
use super::secret::{LINK, hash, mint};
use crate::clock::machine_now;

const PREFIX: &str = "usr_";
const LOGIN_BYTES_MAX: usize = 254;
/// How long a link is good.
const INVITED_FOR: Duration = Duration::days(7);
const RESET_FOR: Duration = Duration::hours(24);

/// Somebody who has a seat.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct UserItem {
    id: String,
    /// An e-mail address.
    login: String,
    /// As this tenant calls them.
    name: String,
    role: String,
    #[schemars(with = "Option<String>")]
    partner: Option<PartnerKey>,
    /// Null before: an invitation that nobody took up.
    accepted_at: Option<Instant>,
    invited_at: Instant,
    disabled_at: Option<Instant>,
}

/// Somebody to be invited.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewUser {
    /// An e-mail address.
    login: String,
    name: String,
    /// `operator` is one of the operator's staff, in every tenant.
    role: KeyRole,
    /// Whose view they have, for the role `partner`.
    partner: Option<String>,
}

/// A link to be handed over to whom it is for.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LinkAnswer {
    id: String,
    login: String,
    expires_at: Instant,
    /// What `POST /v1/invitation` takes, with the password. Shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

impl UserItem {
    fn of(member: Member) -> Self {
        let seat = member.membership;
        Self {
            id: format!("{PREFIX}{}", seat.person.0),
            login: member.login,
            name: seat.name,
            role: seat.role,
            partner: seat.partner,
            accepted_at: seat.accepted_at,
            invited_at: seat.created_at,
            disabled_at: seat.disabled_at,
        }
    }
}

pub(super) fn list(call: &Call) -> Outcome {
    let scope = call.scope()?;
    let with_staff = call.principal.role() == KeyRole::Operator;
    let found = call.store().read(|tx| {
        let mut found = memberships::list(tx, &scope)?;
        if with_staff {
            found.extend(memberships::list(tx, &Scope::operator())?);
        }
        Ok(found)
    })?;
    Answer::json(Page::whole(found.into_iter().map(UserItem::of).collect()))
}

pub(super) fn invite(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let new: NewUser = call.json()?;
    let login = new.login.trim().to_lowercase();
    check(call, tx, &new, &login)?;
    let scope = match new.role {
        KeyRole::Operator => Scope::operator(),
        _ => call.scope()?,
    };
    let at = machine_now();
    let person = match people::by_login(tx, &login)? {
        Some(found) => found.id,
        None => people::create(tx, &login, None, at)?,
    };
    let seat = NewMembership {
        person,
        name: new.name.trim(),
        role: new.role.name(),
        partner: new.partner.as_deref(),
        created_at: at,
        accepted_at: None,
    };
    memberships::create(tx, &scope, &seat)?;
    let answer = link(tx, &scope, (person, &login, Kind::Invitation), at)?;
    Ok(answer.with_status(StatusCode::CREATED))
}

fn check(call: &Call, tx: &mut Tx<'_>, new: &NewUser, login: &str) -> Result<(), Problem> {
    let wrong = |why: &str| Err(Problem::new(ErrorCode::ValueWrong, why));
    let is_address = login
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'));
    if !is_address || login.len() > LOGIN_BYTES_MAX || login.contains(char::is_whitespace) {
        return wrong("login: expected an e-mail address");
    }
    if new.name.trim().is_empty() || new.name.len() > TEXT_BYTES_MAX {
        return wrong("name: expected how the person is called");
    }
    match (new.role, &new.partner) {
        (KeyRole::Source | KeyRole::Monitor, _) => {
            wrong("role: sources and monitors are programs, and have keys")
        }
        (KeyRole::Operator, _) if call.principal.role() != KeyRole::Operator => {
            let why = "only an operator can invite to the operator's staff";
            Err(Problem::new(ErrorCode::RoleTooSmall, why))
        }
        (KeyRole::Partner, None) => wrong("partner: expected whose view the user is to have"),
        (KeyRole::Partner, Some(partner)) => {
            Ok(partners::get(tx, &call.scope()?, partner).map(drop)?)
        }
        (_, Some(_)) => wrong("partner: only users of the role `partner` have one"),
        (_, None) => Ok(()),
    }
}

fn link(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (person, login, kind): (PersonId, &str, Kind),
    at: Instant,
) -> Outcome {
    let minted = mint(LINK)?;
    let expires_at = match kind {
        Kind::Invitation => at + INVITED_FOR,
        Kind::Reset => at + RESET_FOR,
    };
    links::create(tx, scope, (&minted.hash, person, kind), (at, expires_at))?;
    let id = format!("{PREFIX}{}", person.0);
    let answer = LinkAnswer { id, login: login.to_owned(), expires_at, link: None };
    Ok(Answer::json(answer)?.with_secret("link", minted.secret))
}

/// The user that the path names, and the scope of their seat.
fn named(call: &Call, tx: &mut Tx<'_>) -> Result<(Member, Scope), Problem> {
    let text = call.parameter("id");
    let none = || Problem::not_found("user", text);
    let number: i64 = text.strip_prefix(PREFIX).and_then(|n| n.parse().ok()).ok_or_else(none)?;
    let mut scopes = vec![call.scope()?];
    if call.principal.role() == KeyRole::Operator {
        scopes.push(Scope::operator());
    }
    for scope in scopes {
        let members = memberships::list(tx, &scope)?;
        let found = members.into_iter().find(|member| member.membership.person.0 == number);
        if let Some(found) = found {
            return Ok((found, scope));
        }
    }
    Err(none())
}

pub(super) fn disable(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let (mut member, scope) = named(call, tx)?;
    let person = member.membership.person;
    if matches!(&call.principal, Principal::Person { person: own, .. } if own.id == person) {
        let why = "is the one of this call, and would lock itself out: have another do it";
        return Err(StoreError::Conflict { what: "user", key: member.login, why }.into());
    }
    let at = machine_now();
    memberships::disable(tx, &scope, person, at)?;
    call.api.keyring.forget();
    member.membership.disabled_at = Some(at);
    Answer::json(UserItem::of(member))
}

/// Makes a link to set another password with, and unlocks the login.
pub(super) fn reset(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let (member, scope) = named(call, tx)?;
    let seat = &member.membership;
    let conflict = |why| StoreError::Conflict { what: "user", key: member.login.clone(), why };
    if seat.disabled_at.is_some() {
        return Err(conflict("has no seat any more: invite them again").into());
    }
    let at = machine_now();
    if seat.accepted_at.is_none() {
        return link(tx, &scope, (seat.person, &member.login, Kind::Invitation), at);
    }
    let seats = memberships::of_person(tx, seat.person)?;
    let elsewhere = seats.iter().any(|other| other.tenant != seat.tenant && other.holds());
    if elsewhere && call.principal.role() != KeyRole::Operator {
        return Err(conflict("works for others as well: the operator can reset it").into());
    }
    people::forget_failures(tx, &hash(&member.login))?;
    link(tx, &scope, (seat.person, &member.login, Kind::Reset), at)
}

/// Sets the password that came with a link, or, of an invited person who has one, ends the link by it.
/// `None` where the link is of no use by now.
pub(super) fn use_link(
    tx: &mut Tx<'_>,
    link_hash: &[u8],
    new_password: Option<&str>,
    at: Instant,
) -> Result<Option<PersonId>, StoreError> {
    let Some(link) = links::get(tx, link_hash, at)? else { return Ok(None) };
    if !links::take(tx, link_hash)? {
        return Ok(None);
    }
    if let Some(password) = new_password {
        people::set_password(tx, link.person, password)?;
        sessions::end_all(tx, link.person)?;
    }
    if link.kind == Kind::Invitation {
        let scope = link.tenant.map_or_else(Scope::operator, Scope::tenant);
        memberships::accept(tx, &scope, link.person, at)?;
    }
    Ok(Some(link.person))
}

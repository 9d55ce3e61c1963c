//! Users: the people who have a seat in a tenant, or among the operator's staff. They are invited, and
//! set their passwords themselves by a link that is good once.
//!
//! INVARIANT: a tenant's administrator neither learns whether somebody has a login already nor comes by
//! it: who has a password takes up a seat by saying it, and of somebody who works for others as well an
//! administrator resets neither password nor second factor.

pub(super) mod links;

use axum::http::StatusCode;
use baton_core::partner::PartnerKey;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::links::Kind;
use baton_store::memberships::{self, Member, NewMembership};
use baton_store::people;
use baton_store::{Scope, StoreError, Tx, partners, recovery_codes, sessions};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access::{KeyRole, Principal};
use super::answer::Answer;
use super::audit;
use super::brand;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::TEXT_BYTES_MAX;
use super::page::Page;
use super::problem::Problem;
use super::secret::hash;
use crate::clock::machine_now;
use crate::language::Language;
use crate::mail::Sender;

const PREFIX: &str = "usr_";
const LOGIN_BYTES_MAX: usize = 254;

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
    has_second_factor: bool,
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
    /// In which they are written to; the tenant's where it is left out.
    language: Option<Language>,
}

/// What is to hold of a user from now on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UserChange {
    name: String,
    role: KeyRole,
    /// Whose view they have, for the role `partner`.
    partner: Option<String>,
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
            has_second_factor: member.has_second_factor,
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

pub(super) fn invite(call: &Call) -> Outcome {
    let new: NewUser = call.json()?;
    let login = new.login.trim().to_lowercase();
    let scope = match new.role {
        KeyRole::Operator => Scope::operator(),
        _ => call.scope()?,
    };
    let at = machine_now();
    let made = call.write(|tx| {
        check_login(&login)?;
        check_seat(call, tx, (&new.name, new.role, new.partner.as_deref()))?;
        let person = match people::by_login(tx, &login)? {
            Some(found) => found.id,
            None => {
                let id = people::create(tx, &login, None, at)?;
                people::set_locale(tx, id, new.language.map(Language::tag))?;
                id
            }
        };
        let name = new.name.trim();
        let (role, partner) = (new.role.name(), new.partner.as_deref());
        let seat = NewMembership { person, name, role, partner, created_at: at, accepted_at: None };
        memberships::create(tx, &scope, &seat)?;
        let made = links::make(tx, &scope, (person, name, Kind::Invitation), at)?;
        let told = json!({ "login": login, "role": role, "partner": partner });
        call.tell(tx, Some(&audit::user(person)), &told)?;
        Ok(made)
    })?;
    let answer = links::hand_over(call, made, sender(call, &scope)?)?;
    Ok(answer.with_status(StatusCode::CREATED))
}

/// In whose name a letter goes out.
fn sender(call: &Call, scope: &Scope) -> Result<Sender, Problem> {
    Ok(call.store().read(|tx| brand::sender(tx, scope.tenant_id()))?)
}

fn check_login(login: &str) -> Result<(), Problem> {
    let is_address = login
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'));
    if !is_address || login.len() > LOGIN_BYTES_MAX || login.contains(char::is_whitespace) {
        let why = "login: expected an e-mail address";
        let wording = Wording::new("no_address").with("field", "login");
        return Err(Problem::of(ErrorCode::ValueWrong, why).said(wording));
    }
    Ok(())
}

fn check_seat(
    call: &Call,
    tx: &mut Tx<'_>,
    (name, role, partner): (&str, KeyRole, Option<&str>),
) -> Result<(), Problem> {
    let wrong = |wording, why: &str| Err(Problem::of(ErrorCode::ValueWrong, why).said(wording));
    if name.trim().is_empty() || name.len() > TEXT_BYTES_MAX {
        let why = "name: expected how the person is called";
        let blank = Problem::of(ErrorCode::ValueWrong, why);
        return Err(blank.of_length("name", 1, TEXT_BYTES_MAX));
    }
    match (role, partner) {
        (KeyRole::Source | KeyRole::Monitor, _) => wrong(
            Wording::new("role_of_programs"),
            "role: sources and monitors are programs, and have keys",
        ),
        (KeyRole::Operator, _) if call.principal.role() != KeyRole::Operator => {
            Err(Problem::of_operator("only an operator can invite to the operator's staff"))
        }
        (KeyRole::Partner, None) => wrong(
            Wording::new("partner_missing"),
            "partner: expected whose view the user is to have",
        ),
        (KeyRole::Partner, Some(partner)) => {
            Ok(partners::get(tx, &call.scope()?, partner).map(drop)?)
        }
        (_, Some(_)) => wrong(
            Wording::new("partner_needless"),
            "partner: only users of the role `partner` have one",
        ),
        (_, None) => Ok(()),
    }
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

/// Refuses what somebody would do to themselves, and regret outside.
fn refuse_own(call: &Call, member: &Member, why: &'static str) -> Result<(), Problem> {
    let person = member.membership.person;
    if matches!(&call.principal, Principal::Person { person: own, .. } if own.id == person) {
        return Err(conflict(member, why));
    }
    Ok(())
}

fn conflict(member: &Member, why: &'static str) -> Problem {
    StoreError::Conflict { what: "user", key: member.login.clone(), why }.into()
}

/// Changes how somebody is called here, what they may do, whose view they have.
pub(super) fn change(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let change: UserChange = call.json()?;
    let (mut member, scope) = named(call, tx)?;
    if member.membership.disabled_at.is_some() {
        return Err(conflict(&member, "has no seat any more: invite them again"));
    }
    let is_of_staff = scope.tenant_id().is_none();
    if is_of_staff != (change.role == KeyRole::Operator) {
        let why = "role: the operator's staff is no tenant's, and a tenant's people are no staff";
        return Err(Problem::of(ErrorCode::ValueWrong, why).said(Wording::new("staff_apart")));
    }
    check_seat(call, tx, (&change.name, change.role, change.partner.as_deref()))?;
    if change.role.name() != member.membership.role {
        refuse_own(call, &member, "is the one of this call: have another change the role")?;
    }
    let (name, role) = (change.name.trim(), change.role.name());
    let person = member.membership.person;
    memberships::change(tx, &scope, person, (name, role, change.partner.as_deref()))?;
    let seat = &mut member.membership;
    (seat.name, seat.role) = (name.to_owned(), role.to_owned());
    seat.partner = change.partner.as_deref().map(Into::into);
    Ok(Answer::json(UserItem::of(member))?.about_access())
}

pub(super) fn disable(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let (mut member, scope) = named(call, tx)?;
    let why = "is the one of this call, and would lock itself out: have another do it";
    refuse_own(call, &member, why)?;
    let at = machine_now();
    memberships::disable(tx, &scope, member.membership.person, at)?;
    member.membership.disabled_at = Some(at);
    Ok(Answer::json(UserItem::of(member))?.about_access())
}

/// Ends every session of somebody: a lost machine is of no use to its finder.
pub(super) fn sign_out(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let (member, _) = named(call, tx)?;
    sessions::end_all(tx, member.membership.person)?;
    Ok(Answer::json(UserItem::of(member))?.about_access())
}

/// Takes the second factor away of somebody who lost it.
pub(super) fn remove_second_factor(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let (mut member, _) = named(call, tx)?;
    refuse_of_others(call, tx, &member)?;
    refuse_own(call, &member, "is the one of this call: remove it on the page of your account")?;
    if !member.has_second_factor {
        return Err(conflict(&member, "has no second factor"));
    }
    let person = member.membership.person;
    people::set_second_factor(tx, person, None, None)?;
    recovery_codes::replace::<[u8; 32]>(tx, person, &[], machine_now())?;
    sessions::end_all(tx, person)?;
    member.has_second_factor = false;
    Ok(Answer::json(UserItem::of(member))?.about_access())
}

/// Of somebody who works for others as well, only the operator resets what all of them trust.
fn refuse_of_others(call: &Call, tx: &mut Tx<'_>, member: &Member) -> Result<(), Problem> {
    let seat = &member.membership;
    let seats = memberships::of_person(tx, seat.person)?;
    let elsewhere = seats.iter().any(|other| other.tenant != seat.tenant && other.holds());
    if elsewhere && call.principal.role() != KeyRole::Operator {
        return Err(conflict(member, "works for others as well: the operator can reset it"));
    }
    Ok(())
}

/// Makes a link to set another password with, and unlocks the login.
pub(super) fn reset(call: &Call) -> Outcome {
    let at = machine_now();
    let (made, scope) = call.write(|tx| {
        let (member, scope) = named(call, tx)?;
        let seat = &member.membership;
        if seat.disabled_at.is_some() {
            return Err(conflict(&member, "has no seat any more: invite them again"));
        }
        let kind = if seat.accepted_at.is_none() { Kind::Invitation } else { Kind::Reset };
        if kind == Kind::Reset {
            refuse_of_others(call, tx, &member)?;
            people::forget_failures(tx, &hash(&member.login))?;
        }
        let made = links::make(tx, &scope, (seat.person, &seat.name, kind), at)?;
        call.tell(tx, None, &json!({ "login": member.login, "link": kind.name() }))?;
        Ok((made, scope))
    })?;
    links::hand_over(call, made, sender(call, &scope)?)
}

//! Opening a session: by e-mail address and password, by a key, or, in the demo, by saying as whom.
//!
//! INVARIANT: a wrong password, a login that nobody has, one that is disabled and a wrong code are
//! answered by the same words after the same work. Failures count for the login, whether anybody has it
//! or not, and for the address that they come from, together with wrong keys.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::memberships::Membership;
use baton_store::people::{self, Person, PersonId};
use baton_store::sessions::{self, Holder, NewSession};
use baton_store::{Scope, StoreError, TenantId, Tx, audit as record, keys, memberships, usage};
use schemars::JsonSchema;
use serde::Deserialize;

use super::attempts::Attempts;
use super::{EnteredBy, cookie, demo_tenant, ends_at, seats, session};
use crate::clock::machine_now;
use crate::http::access::{KeyRole, Principal};
use crate::http::answer::Answer;
use crate::http::audit;
use crate::http::call::Call;
use crate::http::endpoint::{Later, Outcome};
use crate::http::errors::ErrorCode;
use crate::http::keyring::Known;
use crate::http::limits::KEY_BYTES_MAX;
use crate::http::problem::Problem;
use crate::http::secret::{SESSION, SOURCE_KEY, mint};
use crate::http::serving;

/// An e-mail address, in bytes.
const LOGIN_BYTES_MAX: usize = 254;
/// How a browser calls itself is kept up to here.
const AGENT_CHARS_MAX: usize = 200;

/// One of: `login` and `password` (with `code`, where a second factor is set), `key`, or `demo`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SignIn {
    /// An e-mail address.
    login: Option<String>,
    password: Option<String>,
    /// The six digits that the app for the second factor shows, or a recovery code.
    code: Option<String>,
    /// An API key: the session may do what the key may, as long as the key holds.
    key: Option<String>,
    /// Only in the demo, at its own machine.
    demo: Option<KeyRole>,
}

enum Way {
    Password { login: String, password: String, code: Option<String> },
    Key(String),
    Demo(KeyRole),
}

impl SignIn {
    fn way(self) -> Result<Way, Problem> {
        let way = match self {
            Self { login: Some(login), password: Some(password), code, key: None, demo: None } => {
                Way::Password { login: login.trim().to_lowercase(), password, code }
            }
            Self { login: None, password: None, code: None, key: Some(key), demo: None } => {
                Way::Key(key.trim().to_owned())
            }
            Self { login: None, password: None, code: None, key: None, demo: Some(role) } => {
                Way::Demo(role)
            }
            _ => {
                let why = "expected `login` with `password` (and `code`), or `key`, or `demo`";
                let wording = Wording::new("ways_to_sign_in");
                return Err(Problem::of(ErrorCode::BodyWrong, why).said(wording));
            }
        };
        Ok(way)
    }
}

/// Opens a session and gives it to the browser.
pub(in crate::http) fn open(call: Call) -> Later {
    Box::pin(async move {
        refuse_other_sites(&call.headers)?;
        let way = call.json::<SignIn>()?.way()?;
        serving::wait_for_failures(&call.api, call.address)?;
        let api = std::sync::Arc::clone(&call.api);
        let _turn = match way {
            // Each takes megabytes and all of a processor for its while.
            Way::Password { .. } => Some(api.hashing.acquire().await.map_err(Problem::internal)?),
            Way::Key(_) | Way::Demo(_) => None,
        };
        let entered = tokio::task::spawn_blocking(move || enter(&call, way));
        let answer: Outcome = entered.await.map_err(Problem::from)?;
        answer.map(|answer| -> Response { answer.respond(StatusCode::CREATED) })
    })
}

/// A page of another site can send a body here as well. It gains a session that it cannot read; but the
/// browser would go on as somebody else.
pub(in crate::http) fn refuse_other_sites(headers: &HeaderMap) -> Result<(), Problem> {
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    match site {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => {
            let why = "a page of another site cannot sign anybody in";
            Err(Problem::of(ErrorCode::CsrfTokenWrong, why).said(Wording::new("other_site")))
        }
    }
}

fn enter(call: &Call, way: Way) -> Outcome {
    let (way, (holder, tenant, ends)) = match way {
        Way::Password { login, password, code } => {
            let person = by_password(call, &login, &password, code.as_deref())?;
            let (holder, tenant) = seated(call, person, None)?;
            (EnteredBy::Password, (holder, tenant, None))
        }
        Way::Key(key) => (EnteredBy::Key, by_key(call, &key)?),
        Way::Demo(role) => {
            let failed = || failed(call, None);
            let tenant = demo_tenant(call).ok_or_else(failed)?;
            let seat = seats(call, &tenant)?.into_iter().find(|seat| seat.role == role);
            let seat = seat.ok_or_else(failed)?;
            let (holder, tenant) = seated(call, seat.person, Some(tenant.id))?;
            (EnteredBy::Demo, (holder, tenant, None))
        }
    };
    let (opened, secret) = begin(call, way, (holder, tenant, ends))?;
    let known = opened.session.as_ref().ok_or_else(|| Problem::internal("no session"))?;
    let shown = session::shown(call, &opened.principal, known)?;
    let cookie = cookie::set(&secret, call.is_https);
    Ok(Answer::json(shown)?.with_header(header::SET_COOKIE, &cookie))
}

/// Whom a login and a password are of.
fn by_password(
    call: &Call,
    login: &str,
    said: &str,
    code: Option<&str>,
) -> Result<PersonId, Problem> {
    let attempts = Attempts::by(call, login)?;
    let found = match login.len() > LOGIN_BYTES_MAX {
        true => None,
        false => call.store().read(|tx| people::by_login(tx, login))?,
    };
    let found = found.filter(|person| person.disabled_at.is_none());
    let is_right = attempts.password_holds(found.as_ref(), said);
    let entered = match found.filter(|_| is_right) {
        Some(person) => second_factor(&attempts, &person, code)?.then_some(person.id),
        None => None,
    };
    attempts.came_out(entered.is_some())?;
    entered.ok_or_else(|| failed(call, Some(login)))
}

/// Whether the second factor is right, where one is set.
fn second_factor(
    attempts: &Attempts<'_>,
    person: &Person,
    code: Option<&str>,
) -> Result<bool, Problem> {
    if person.totp_confirmed_at.is_none() {
        return Ok(true);
    }
    let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
        let why = "send `code` as well: the six digits that your app shows, or a recovery code";
        let wording = Wording::new("code_wanted");
        return Err(Problem::of(ErrorCode::SecondFactorWanted, why).said(wording));
    };
    attempts.code_holds(person, code)
}

/// The seat that a person takes first: in the tenant that is wanted, else the first that there is.
pub(super) fn seated(
    call: &Call,
    person: PersonId,
    wanted: Option<TenantId>,
) -> Result<(Holder, Option<TenantId>), Problem> {
    let found = call.store().read(|tx| memberships::of_person(tx, person))?;
    let mut holding: Vec<Membership> = found.into_iter().filter(Membership::holds).collect();
    holding.sort_by_key(|membership| membership.tenant != wanted);
    let first = holding.first().ok_or_else(|| failed(call, None))?;
    let any = || call.api.engine.tenants().first().map(|tenant| tenant.id);
    Ok((Holder::Person(person), first.tenant.or(wanted).or_else(any)))
}

/// Whom a session is to stand for, the tenant that it is about first, and when it ends at the latest.
pub(super) type Entered = (Holder, Option<TenantId>, Option<Instant>);

/// Whose key it is. Sources have nothing to look at.
fn by_key(call: &Call, key: &str) -> Result<Entered, Problem> {
    let is_possible = key.len() <= KEY_BYTES_MAX && !key.starts_with(SOURCE_KEY);
    let known = match is_possible.then(|| call.api.keyring.look_up(call.store(), key)) {
        Some(known) => known?,
        None => None,
    };
    let known = known.filter(|known| known.networks.hold(call.address));
    match known.map(|known| known.principal) {
        Some(Principal::Key { key, .. }) => {
            Ok((Holder::Key(key.tenant, key.id), Some(key.tenant), key.expires_at))
        }
        _ => Err(failed(call, None)),
    }
}

/// Opens a session; returns whom it stands for, and its secret.
pub(in crate::http) fn begin(
    call: &Call,
    way: EnteredBy,
    (holder, tenant, ends): Entered,
) -> Result<(Known, String), Problem> {
    let minted = mint(SESSION)?;
    let now = machine_now();
    let end = ends_at(now, now);
    let agent = call.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let agent: String = agent.unwrap_or_default().chars().take(AGENT_CHARS_MAX).collect();
    let address = call.address.map(|address| address.to_string()).unwrap_or_default();
    let new = NewSession {
        hash: &minted.hash,
        holder,
        tenant,
        created_at: now,
        expires_at: ends.map_or(end, |ends| ends.min(end)),
        agent: &agent,
        address: &address,
        way: way.name(),
    };
    call.store().write(|tx| {
        sessions::open(tx, &new)?;
        if let (Holder::Person(person), Some(tenant)) = (holder, tenant) {
            usage::note_active(tx, tenant, person, call.api.month_of(tenant))?;
        }
        tell(call, tx, holder, tenant)
    })?;
    let known = call.api.look_up_session(&minted.secret)?;
    Ok((known.ok_or_else(|| failed(call, None))?, minted.secret))
}

/// Adds the line of a session that was opened to the record of the tenant that it is about.
fn tell(
    call: &Call,
    tx: &mut Tx<'_>,
    holder: Holder,
    tenant: Option<TenantId>,
) -> Result<(), StoreError> {
    let record = tenant.map_or_else(Scope::operator, Scope::tenant);
    let mut line = call.line(None, &serde_json::Value::Null);
    match holder {
        Holder::Key(of, number) => {
            let found = keys::get(tx, &Scope::tenant(of), number, machine_now())?;
            (line.name, line.role) = found.map(|key| (key.label, key.role)).unwrap_or_default();
            line.who = format!("key_{number}");
        }
        Holder::Person(person) => {
            let seats = memberships::of_person(tx, person)?;
            let holding = || seats.iter().filter(|seat| seat.holds());
            let seat = holding().find(|seat| seat.tenant == tenant);
            let seat = seat.or_else(|| holding().find(|seat| seat.tenant.is_none()));
            let named = seat.map(|seat| (seat.name.clone(), seat.role.clone()));
            (line.name, line.role) = named.unwrap_or_default();
            line.who = audit::user(person);
        }
    }
    record::append(tx, &record, &line).map(drop)
}

/// The one answer to all that is wrong.
pub(in crate::http) fn failed(call: &Call, login: Option<&str>) -> Problem {
    serving::note_failed_sign_in(&call.api, call.address, login.is_some());
    let why = "the address or the password is wrong, or the code, or nobody may sign in so";
    Problem::of(ErrorCode::SignInFailed, why).said(Wording::new("sign_in_wrong"))
}

//! Signing in: how a browser comes to hold a session in place of a password or a key, and what the
//! session says.
//!
//! `enter` opens sessions, `session` shows and ends them; `invitation` and `forgotten` are how people come
//! to a password, `oidc` is how they do without; `rules` is what a tenant asks of its people; `attempts`, `password`, `totp`, `recovery`
//! and `cookie` are the parts. What somebody does about their own account is in [`super::account`].
//! Whose session it is that a call came with, [`super::keyring`] finds out as it does for keys.
//!
//! A session is a secret of 256 random bits in a cookie that scripts cannot read. Calls that change
//! something have to bring the session's token in a header as well: another site's page may cause a call,
//! but can neither read the token nor set the header. The token is derived from the secret, so nothing
//! beside the secret's hash need be kept.
//!
//! Deliberately absent: signed tokens. A session ends when its row is gone, on every node within seconds.

pub(super) mod attempts;
pub(super) mod cookie;
mod enter;
pub(super) mod forgotten;
pub(super) mod invitation;
pub(super) mod oidc;
pub(super) mod password;
pub(super) mod recovery;
pub(super) mod rules;
pub(super) mod session;
pub(super) mod totp;

use axum::http::{HeaderMap, StatusCode, header};
use baton_core::time::{Duration, Instant};
use baton_store::sessions::Session;
use baton_store::{Scope, memberships, people};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access::KeyRole;
use super::answer::Answer;
use super::brand::Brand;
use super::call::Call;
use super::endpoint::{Later, Outcome};
use super::problem::Problem;
use super::serving;
use crate::oidc::Oidc;
use crate::tenant::Tenant;

pub(super) use enter::{SignIn, open, refuse_other_sites};

/// How the server calls itself where a tenant has no say.
pub(super) const BRAND: &str = "Baton";
/// A session ends when it was not used for this long, and at the latest when it is so old.
const IDLE_MAX: Duration = Duration::hours(12);
const AGE_MAX: Duration = Duration::days(7);

/// By which way a session was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum EnteredBy {
    Password,
    Key,
    /// By a provider of identities.
    Oidc,
    Demo,
}

impl EnteredBy {
    const ALL: [Self; 4] = [Self::Password, Self::Key, Self::Oidc, Self::Demo];
    const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Key => "key",
            Self::Oidc => "oidc",
            Self::Demo => "demo",
        }
    }
    /// As the store keeps it. What nobody knows is taken for a password, which is asked for the most.
    pub(super) fn kept(name: &str) -> Self {
        Self::ALL.into_iter().find(|way| way.name() == name).unwrap_or(Self::Password)
    }
}

/// Runs what checks passwords beside the threads that serve sockets, so many at once: each check takes
/// megabytes and all of a processor for its while.
pub(super) fn weighed(call: Call, status: StatusCode, run: fn(&Call) -> Outcome) -> Later {
    Box::pin(async move {
        serving::wait_for_failures(&call.api, call.address)?;
        let api = std::sync::Arc::clone(&call.api);
        let _turn = api.hashing.acquire().await.map_err(Problem::internal)?;
        let done = tokio::task::spawn_blocking(move || run(&call));
        let answer: Outcome = done.await.map_err(Problem::from)?;
        answer.map(|answer| answer.respond(status))
    })
}

/// When a session ends that is used now.
pub(super) fn ends_at(created_at: Instant, now: Instant) -> Instant {
    (now + IDLE_MAX).min(created_at + AGE_MAX)
}

/// The token that proves that a call comes from the session's own page.
pub(super) fn csrf_token(secret: &str) -> String {
    let token = blake3::derive_key("baton session csrf token, version 1", secret.as_bytes());
    blake3::Hash::from_bytes(token).to_hex().to_string()
}

/// How one can sign in here.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WaysIn {
    /// By e-mail address and password.
    password: bool,
    /// Whether whoever forgot theirs can have a link sent.
    forgotten: bool,
    /// By providers of identities: `GET /v1/oidc/{id}/start` leads there.
    oidc: Vec<Provider>,
    /// In the demo, at its own machine: by one click, as one of its made-up people.
    demo: Vec<DemoSeat>,
    brand: Brand,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Provider {
    id: String,
    name: String,
}

/// Somebody of the demo.
#[derive(Debug, Serialize, JsonSchema)]
struct DemoSeat {
    #[serde(rename = "as")]
    role: KeyRole,
    title: &'static str,
    person: String,
    tenant: String,
}

/// At whose door.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WaysInQuery {
    /// Whose brand the page shows, where the name of its host does not say.
    tenant: Option<String>,
}

pub(super) fn ways(call: &Call) -> Outcome {
    let query: WaysInQuery = call.query()?;
    let brand = Brand::before_sign_in(call, query.tenant.as_deref())?;
    let demo = match demo_tenant(call) {
        Some(tenant) => seats(call, &tenant)?,
        None => Vec::new(),
    };
    let seat = |seat: Seat| DemoSeat {
        role: seat.role,
        title: seat.role.title(),
        person: seat.name,
        tenant: seat.tenant,
    };
    let demo = demo.into_iter().map(seat).collect();
    let forgotten = call.api.post.is_some() && call.api.engine.settings().public_url.is_some();
    let providers = call.api.oidc.iter().flat_map(Oidc::providers);
    let oidc = providers
        .map(|provider| Provider { id: provider.id.clone(), name: provider.name.clone() })
        .collect();
    Answer::json(WaysIn { password: true, forgotten, oidc, demo, brand })
}

/// Somebody whom anybody at the demo's machine may be.
struct Seat {
    person: people::PersonId,
    role: KeyRole,
    name: String,
    tenant: String,
}

/// The tenant of the demo, for a caller at its own machine.
///
/// A call that came by a proxy, or for a name that is none of this machine's, is from elsewhere: a page
/// of another site can have its name lead here.
fn demo_tenant(call: &Call) -> Option<std::sync::Arc<Tenant>> {
    let key = call.api.engine.settings().access.demo_tenant.as_ref()?;
    let is_forwarded = ["x-forwarded-for", "forwarded", "x-real-ip"]
        .iter()
        .any(|name| call.headers.contains_key(*name));
    let host = call.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_here = call.address.is_some_and(|address| address.is_loopback());
    if !is_here || is_forwarded || !host.is_some_and(is_this_machine) {
        return None;
    }
    call.api.engine.tenants().into_iter().find(|tenant| tenant.key == *key)
}

/// The name of the host that a call is for, without its port, in lower case.
pub(super) fn host_name(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok())?;
    Some(without_port(host).to_ascii_lowercase())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

fn is_this_machine(host: &str) -> bool {
    let name = without_port(host);
    ["localhost", "127.0.0.1", "[::1]"].contains(&name)
}

/// The made-up people: members who took up their seat and have no password, which nobody else has.
fn seats(call: &Call, tenant: &Tenant) -> Result<Vec<Seat>, Problem> {
    let (staff, members) = call.store().read(|tx| {
        Ok((memberships::list(tx, &Scope::operator())?, memberships::list(tx, &tenant.scope)?))
    })?;
    let mut seats: Vec<Seat> = staff
        .into_iter()
        .chain(members)
        .filter(|member| {
            member.membership.holds() && !member.has_password && member.login_disabled_at.is_none()
        })
        .filter_map(|member| {
            let membership = member.membership;
            let role = KeyRole::find(&membership.role)?;
            let tenant = tenant.key.clone();
            Some(Seat { person: membership.person, role, name: membership.name, tenant })
        })
        .collect();
    seats.sort_by_key(|seat| seat.role);
    seats.dedup_by_key(|seat| seat.role);
    Ok(seats)
}

/// When a session was used again after so long that it is worth a row.
pub(super) fn is_worth_noting(session: &Session, now: Instant) -> bool {
    const EVERY: Duration = Duration::minutes(5);
    now.since(session.seen_at) >= EVERY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_this_machine() {
        for (host, is_it) in [
            ("localhost", true),
            ("127.0.0.1:7300", true),
            ("[::1]:7300", true),
            ("localhost.evil.example:7300", false),
            ("baton.example", false),
            ("192.0.2.9:7300", false),
            ("", false),
        ] {
            assert_eq!(is_this_machine(host), is_it, "{host}");
        }
    }

    #[test]
    fn a_session_is_not_put_off_for_ever() {
        let begin = Instant::from_seconds(1_000_000);
        assert_eq!(ends_at(begin, begin), begin + IDLE_MAX);
        assert_eq!(ends_at(begin, begin + Duration::days(6)), begin + Duration::hours(6 * 24 + 12));
        assert_eq!(ends_at(begin, begin + Duration::hours(7 * 24 - 1)), begin + AGE_MAX);
    }

    #[test]
    fn tokens_are_of_one_session_and_do_not_tell_it() {
        assert_eq!(csrf_token("bas_1"), csrf_token("bas_1"));
        assert_ne!(csrf_token("bas_1"), csrf_token("bas_2"));
        assert_eq!(csrf_token("bas_1").len(), 64);
    }
}

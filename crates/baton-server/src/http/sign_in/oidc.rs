//! Coming in by a provider of identities: the way there, the way back, and who it is here.
//!
//! A subject that is known comes in. One that is not becomes the person whose login is its address, where
//! the provider speaks for that address and says that it is verified; somebody new only where the
//! provider may give seats. What an administrator ended stays ended.
//!
//! INVARIANT: whatever goes wrong, the browser ends on the first page and is told one thing.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::time::Instant;
use baton_store::memberships::{self, Membership, NewMembership};
use baton_store::people::{self, PersonId};
use baton_store::{Scope, StoreError, TenantId, Tx, identities};
use schemars::JsonSchema;
use serde::Deserialize;

use super::enter::{begin, seated};
use super::{EnteredBy, cookie};
use crate::clock::machine_now;
use crate::http::call::Call;
use crate::http::endpoint::Later;
use crate::http::problem::Problem;
use crate::http::secret::{ROUND_TRIP, mint};
use crate::http::serving;
use crate::oidc::{Back, Identity, Provider};

/// The longest place to come back to, in bytes.
const PLACE_BYTES_MAX: usize = 1_000;
/// Where one ends who does not come in; the page says so.
const REFUSED: &str = "/?sign_in=refused";

/// Where the browser was.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::http) struct From {
    /// A place of the pages to come back to.
    to: Option<String>,
}

/// What a provider answers with.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::http) struct Answered {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// A place within the pages, and not one that only looks like it.
fn place(to: Option<String>) -> String {
    let is_within = |to: &String| {
        to.len() <= PLACE_BYTES_MAX
            && to.starts_with('/')
            && !to.starts_with("//")
            && to.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
    };
    to.filter(is_within).unwrap_or_else(|| "/".to_owned())
}

fn provider(call: &Call) -> Result<&Provider, Problem> {
    let id = call.parameter("provider");
    let found = call.api.oidc.as_ref().and_then(|oidc| oidc.provider(id));
    found.ok_or_else(|| Problem::not_found("provider", id))
}

/// Sends the browser there and the cookies along; nothing of it is kept anywhere.
fn sent_to(place: &str, cookies: &[String]) -> Result<Response, Problem> {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, HeaderValue::from_str(place).map_err(Problem::internal)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    for cookie in cookies {
        headers
            .append(header::SET_COOKIE, HeaderValue::from_str(cookie).map_err(Problem::internal)?);
    }
    Ok(response)
}

/// Sends the browser to the provider.
pub(in crate::http) fn start(call: Call) -> Later {
    Box::pin(async move {
        let task = tokio::task::spawn_blocking(move || {
            let (provider, from) = (provider(&call)?, call.query::<From>()?);
            let oidc = call.api.oidc.as_ref().ok_or_else(|| Problem::internal("no providers"))?;
            let minted = mint(ROUND_TRIP)?;
            match oidc.way_there(provider, &minted.secret) {
                Ok(way) => {
                    let back_to = URL_SAFE_NO_PAD.encode(place(from.to));
                    let cookie = cookie::set_round_trip(
                        &format!("{}.{back_to}", minted.secret),
                        call.is_https,
                    );
                    sent_to(way.as_str(), &[cookie])
                }
                Err(why) => {
                    tracing::warn!(provider = %provider.id, %why, "nobody can be sent to a provider");
                    sent_to(REFUSED, &[])
                }
            }
        });
        task.await.map_err(Problem::internal)?
    })
}

/// Takes up whoever comes back from the provider.
pub(in crate::http) fn callback(call: Call) -> Later {
    Box::pin(async move {
        serving::wait_for_failures(&call.api, call.address)?;
        let task = tokio::task::spawn_blocking(move || came_back(&call));
        task.await.map_err(Problem::internal)?
    })
}

fn came_back(call: &Call) -> Result<Response, Problem> {
    let provider = provider(call)?;
    let Answered { code, state, iss, error } = call.query()?;
    let back = Back { code, state, iss, error };
    let kept = cookie::round_trip(&call.headers).and_then(|kept| kept.split_once('.'));
    let (secret, to) = kept.unwrap_or_default();
    let gone = cookie::clear_round_trip(call.is_https);
    match enter(call, provider, secret, &back) {
        Ok((session, token)) => {
            let came_by = cookie::set_came_by(&provider.id, &token, call.is_https);
            let to = URL_SAFE_NO_PAD.decode(to).ok().and_then(|to| String::from_utf8(to).ok());
            sent_to(&place(to), &[cookie::set(&session, call.is_https), came_by, gone])
        }
        Err(why) => {
            serving::note_failed_sign_in(&call.api, call.address, false);
            tracing::warn!(provider = %provider.id, %why, "nobody comes in by a provider");
            sent_to(REFUSED, &[gone])
        }
    }
}

/// Opens a session; its secret, and the provider's token. In words, why not.
fn enter(
    call: &Call,
    provider: &Provider,
    secret: &str,
    back: &Back,
) -> Result<(String, String), String> {
    let oidc = call.api.oidc.as_ref().ok_or("there are no providers")?;
    let (identity, token) =
        oidc.came_back(provider, secret, back).map_err(|why| why.to_string())?;
    let detail = |problem: Problem| problem.json()["detail"].to_string();
    let tenant = match &provider.tenant {
        None => None,
        Some(key) => {
            let all = call.api.engine.tenants();
            let found = all.iter().find(|tenant| tenant.key == *key).map(|tenant| tenant.id);
            Some(found.ok_or_else(|| format!("there is no tenant `{key}`"))?)
        }
    };
    let at = machine_now();
    let admitted = call.store().write(|tx| admit(tx, (provider, tenant), &identity, at));
    let person = admitted.map_err(|why| why.to_string())?.ok_or("there is no seat for them")?;
    call.api.keyring.forget();
    let (holder, tenant) = seated(call, person, tenant).map_err(detail)?;
    let (_, secret) = begin(call, EnteredBy::Oidc, (holder, tenant, None)).map_err(detail)?;
    Ok((secret, token))
}

/// Where the browser of whoever signs out goes to sign out at the provider that they came by.
pub(super) fn way_out(call: &Call) -> Option<String> {
    let oidc = call.api.oidc.as_ref()?;
    let (id, token) = cookie::came_by(&call.headers)?;
    let provider = oidc.provider(id)?;
    match oidc.way_out(provider, token) {
        Ok(way) => way.map(Into::into),
        Err(why) => {
            tracing::warn!(provider = %provider.id, %why, "nobody can be signed out at a provider");
            None
        }
    }
}

/// Who an identity is here, with the seats that it has or gets; `None` where there is none for it.
fn admit(
    tx: &mut Tx<'_>,
    (provider, tenant): (&Provider, Option<TenantId>),
    identity: &Identity,
    at: Instant,
) -> Result<Option<PersonId>, StoreError> {
    let Identity { issuer, subject, .. } = identity;
    let email = identity.email.as_deref().filter(|email| provider.speaks_for(email));
    let role = tenant.and_then(|_| provider.role(&identity.groups));
    let known = match identities::get(tx, issuer, subject)? {
        Some(known) => Some(known),
        None => {
            let Some(email) = email else { return Ok(None) };
            let person = match people::by_login(tx, email)? {
                Some(found) => Some(found.id),
                None if role.is_some() => Some(people::create(tx, email, None, at)?),
                None => None,
            };
            if let Some(person) = person {
                identities::link(tx, (issuer, subject), person, at)?;
            }
            person
        }
    };
    let Some(person) = known else { return Ok(None) };
    if people::get(tx, person)?.is_none_or(|person| person.disabled_at.is_some()) {
        return Ok(None);
    }
    let seats = memberships::of_person(tx, person)?;
    // The provider vouched for the address that the invitation went to.
    if email.is_some() {
        take_up(tx, &seats, tenant, at)?;
    }
    if let (Some(tenant), Some(role)) = (tenant, role) {
        let scope = Scope::tenant(tenant);
        let seat = seats.iter().find(|seat| seat.tenant == Some(tenant));
        match seat {
            None => {
                let name = identity.name.as_deref().or(email).unwrap_or("somebody");
                let new = NewMembership {
                    person,
                    name,
                    role: role.name(),
                    partner: None,
                    created_at: at,
                    accepted_at: Some(at),
                };
                memberships::create(tx, &scope, &new)?;
            }
            // Where the provider tells roles, it tells them each time.
            Some(seat) if seat.disabled_at.is_none() && seat.role != role.name() => {
                memberships::change(tx, &scope, person, (&seat.name, role.name(), None))?;
            }
            Some(_) => {}
        }
    }
    let holds = memberships::of_person(tx, person)?.iter().any(Membership::holds);
    Ok(holds.then_some(person))
}

/// Takes up the seats that wait: in the provider's own tenant, or, where it has none, those of somebody
/// who has no other yet.
fn take_up(
    tx: &mut Tx<'_>,
    seats: &[Membership],
    tenant: Option<TenantId>,
    at: Instant,
) -> Result<(), StoreError> {
    let is_new = !seats.iter().any(Membership::holds);
    for seat in seats.iter().filter(|seat| seat.accepted_at.is_none()) {
        let is_meant = if tenant.is_some() { seat.tenant == tenant } else { is_new };
        if is_meant {
            let scope = seat.tenant.map_or_else(Scope::operator, Scope::tenant);
            memberships::accept(tx, &scope, seat.person, at)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comes_back_to_the_pages_and_nowhere_else() {
        for (to, within) in [
            ("/orders?late=true", true),
            ("/", true),
            ("//evil.example", false),
            ("/\\evil.example", false),
            ("https://evil.example", false),
            ("orders", false),
            ("/a b", false),
            ("/a\r\nSet-Cookie: x", false),
            ("", false),
        ] {
            let expected = if within { to } else { "/" };
            assert_eq!(place(Some(to.to_owned())), expected, "{to}");
        }
        assert_eq!(place(None), "/");
    }
}

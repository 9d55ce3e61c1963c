//! Finding out whose key it is, or whose session, without asking the store each time.
//!
//! It also knows from which networks a key holds; whether the call at hand comes from one is for the
//! caller to see. What the store answered is believed for a few seconds. A key that is ended through this process is
//! forgotten at once. Wrong keys are not remembered: they would push out right ones.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use baton_core::partner::PartnerKey;
use baton_core::usage::Month;
use baton_store::keys::ApiKey;
use baton_store::people::PersonId;
use baton_store::sessions::{self, Holder, Session};
use baton_store::{
    Scope, Sight, Store, StoreError, TenantId, Tx, keys, memberships, partners, people, sources,
    usage,
};

use super::access::{KeyRole, OpenSession, Principal, SignedIn};
use super::limits::{KEY_BELIEVED, KEY_USE_NOTED_EVERY, KEYS_REMEMBERED_MAX};
use super::networks::Networks;
use super::problem::Problem;
use super::secret::{SOURCE_KEY, hash};
use super::sign_in::{EnteredBy, csrf_token, ends_at, is_worth_noting, rules};
use crate::clock::machine_now;
use crate::settings::AccessLimits;

type Hash = [u8; 32];

/// Whose key it is, and from where it holds.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) principal: Principal,
    pub(super) networks: Networks,
    /// Where the call came with one in place of a key.
    pub(super) session: Option<Arc<OpenSession>>,
}

impl Known {
    /// Somebody who is known from everywhere and without a session.
    pub(super) fn without_session(principal: Principal) -> Self {
        Self { principal, networks: Networks::default(), session: None }
    }
}

/// Whom something stands for, from where it holds, and until when.
type Found = (Principal, Option<Networks>, Option<baton_core::time::Instant>);

/// Keys that were seen lately. Shared by all calls.
#[derive(Debug, Default)]
pub(super) struct Keyring {
    known: Mutex<HashMap<Hash, (Known, Instant)>>,
    /// How often all was forgotten: what was asked before is not remembered after.
    forgotten: AtomicU64,
}

impl Keyring {
    /// Whose key it is, if that was found out lately.
    pub(super) fn remembered(&self, secret: &str) -> Option<Known> {
        let keys = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, until) = keys.get(&hash(secret))?;
        (*until > Instant::now()).then(|| known.clone())
    }

    /// Asks the store whose key it is; `None` for a wrong one.
    pub(super) fn look_up(&self, store: &Store, secret: &str) -> Result<Option<Known>, Problem> {
        let (hash, now) = (hash(secret), machine_now());
        let forgotten = self.forgotten.load(Ordering::Acquire);
        let found = if secret.starts_with(SOURCE_KEY) {
            let found = store.read(|tx| sources::authenticate(tx, &hash, now))?;
            found.map(|(tenant, source, ends_at)| {
                let networks = Networks::kept(&source.networks);
                (Principal::Source { tenant, source: Arc::new(source) }, networks, ends_at)
            })
        } else {
            store.read(|tx| match keys::authenticate(tx, &hash, now)? {
                Some(key) => of_key(tx, key),
                None => Ok(None),
            })?
        };
        let Some((principal, Some(networks), ends_at)) = found else { return Ok(None) };
        if let Principal::Key { key, .. } = &principal {
            note_use(store, key, now);
        }
        let known = Known { principal, networks, session: None };
        self.remember(hash, known.clone(), believed_for(now, ends_at), forgotten);
        Ok(Some(known))
    }

    /// Asks the store whose session it is; `None` for one that has ended, or whose key or person may no
    /// more.
    pub(super) fn look_up_session(
        &self,
        store: &Store,
        limits: &AccessLimits,
        months: &dyn Fn(TenantId) -> Month,
        secret: &str,
    ) -> Result<Option<Known>, Problem> {
        let (hash, now) = (hash(secret), machine_now());
        let forgotten = self.forgotten.load(Ordering::Acquire);
        let found = store.read(|tx| {
            let Some(session) = sessions::authenticate(tx, &hash, now)? else { return Ok(None) };
            let found = match session.holder {
                Holder::Key(tenant, number) => {
                    match keys::get(tx, &Scope::tenant(tenant), number, now)? {
                        Some(key) => of_key(tx, key)?,
                        None => None,
                    }
                }
                Holder::Person(person) => of_person(tx, limits, person, &session)?,
            };
            Ok(found.map(|found| (session, found)))
        })?;
        let Some((session, (principal, Some(networks), key_ends_at))) = found else {
            return Ok(None);
        };
        let expires_at = note_session_use(store, months, (&hash, &session), now);
        let expires_at = key_ends_at.map_or(expires_at, |ends_at| ends_at.min(expires_at));
        let csrf = csrf_token(secret);
        let way = EnteredBy::kept(&session.way);
        let open =
            OpenSession { hash, id: session.id, csrf, tenant: session.tenant, expires_at, way };
        let known = Known { principal, networks, session: Some(Arc::new(open)) };
        self.remember(hash, known.clone(), believed_for(now, Some(expires_at)), forgotten);
        Ok(Some(known))
    }

    /// Forgets all, because a key or a session was ended, or something changed of whom they are. It is to
    /// be committed before.
    pub(super) fn forget(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        self.forgotten.fetch_add(1, Ordering::AcqRel);
        known.clear();
    }

    fn remember(&self, hash: Hash, key: Known, length: Duration, forgotten: u64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if self.forgotten.load(Ordering::Acquire) != forgotten {
            return;
        }
        let now = Instant::now();
        if known.len() >= KEYS_REMEMBERED_MAX {
            known.retain(|_, (_, until)| *until > now);
        }
        if known.len() < KEYS_REMEMBERED_MAX {
            known.insert(hash, (key, now + length));
        }
    }
}

/// Whom a key stands for; nobody, where it makes no sense.
fn of_key(tx: &mut Tx<'_>, key: ApiKey) -> Result<Option<Found>, StoreError> {
    let Some(role) = KeyRole::find(&key.role) else { return Ok(None) };
    // A partner's key without a partner would see the whole tenant.
    let whole = (role == KeyRole::Partner) == key.partner.is_some();
    let (networks, ends_at) = (Networks::kept(&key.networks), key.expires_at);
    let sight = sight_of(tx, Some(key.tenant), key.partner.as_ref())?;
    Ok(whole.then(|| (Principal::Key { role, key: Arc::new(key), sight }, networks, ends_at)))
}

/// Whoever is of no partner sees all of prices and names.
fn sight_of(
    tx: &mut Tx<'_>,
    tenant: Option<TenantId>,
    partner: Option<&PartnerKey>,
) -> Result<Sight, StoreError> {
    match (tenant, partner) {
        (Some(tenant), Some(partner)) => partners::sight(tx, tenant, partner),
        (None, Some(_)) => Ok(Sight::NONE),
        (_, None) => Ok(Sight::ALL),
    }
}

/// Whom a session of a person stands for: what they are in the tenant that it is about, or as one of
/// the operator's staff.
fn of_person(
    tx: &mut Tx<'_>,
    limits: &AccessLimits,
    id: PersonId,
    session: &Session,
) -> Result<Option<Found>, StoreError> {
    let tenant = session.tenant;
    let person = people::get(tx, id)?.filter(|person| person.disabled_at.is_none());
    let Some(person) = person else { return Ok(None) };
    let seats = memberships::of_person(tx, id)?;
    let holding = || seats.iter().filter(|seat| seat.holds());
    let of_tenant = tenant.and_then(|_| holding().find(|seat| seat.tenant == tenant));
    let Some(seat) = of_tenant.or_else(|| holding().find(|seat| seat.tenant.is_none())) else {
        return Ok(None);
    };
    let role = KeyRole::find(&seat.role).filter(|role| {
        // As with keys; and what reaches beyond a tenant is for the operator's staff alone.
        (*role == KeyRole::Partner) == seat.partner.is_some()
            && (*role == KeyRole::Operator) == seat.tenant.is_none()
    });
    let Some(role) = role else { return Ok(None) };
    // A provider of identities, and the demo, have their own ways to be sure of somebody.
    let by_password = EnteredBy::kept(&session.way) == EnteredBy::Password;
    let lacks_second_factor = by_password && person.totp_confirmed_at.is_none() && {
        let of_tenant = match seat.tenant {
            Some(tenant) => rules::of(tx, &Scope::tenant(tenant))?.second_factor_roles,
            None => Vec::new(),
        };
        limits.second_factor_roles.contains(&role) || of_tenant.contains(&role)
    };
    let signed_in = SignedIn {
        id,
        login: person.login,
        name: seat.name.clone(),
        tenant: seat.tenant,
        partner: seat.partner.clone(),
        language: person.locale.and_then(|tag| tag.parse().ok()),
        lacks_second_factor,
    };
    let sight = sight_of(tx, seat.tenant, seat.partner.as_ref())?;
    let principal = Principal::Person { person: Arc::new(signed_in), role, sight };
    Ok(Some((principal, Some(Networks::default()), None)))
}

/// Notes that a session was used, now and then, and by whom in which month; returns when it ends.
fn note_session_use(
    store: &Store,
    months: &dyn Fn(TenantId) -> Month,
    (hash, session): (&Hash, &Session),
    now: baton_core::time::Instant,
) -> baton_core::time::Instant {
    if !is_worth_noting(session, now) {
        return session.expires_at;
    }
    let expires_at = ends_at(session.created_at, now);
    let noted = store.write(|tx| {
        if let (Holder::Person(person), Some(tenant)) = (session.holder, session.tenant) {
            usage::note_active(tx, tenant, person, months(tenant))?;
        }
        sessions::seen(tx, hash, now, expires_at)
    });
    match noted {
        Ok(()) => expires_at,
        Err(why) => {
            tracing::debug!("the use of a session could not be noted: {why}");
            session.expires_at
        }
    }
}

/// Notes that a key was used, now and then. A store that cannot write just now is no reason to refuse.
fn note_use(store: &Store, key: &ApiKey, now: baton_core::time::Instant) {
    if key.last_used_at.is_some_and(|at| now.since(at) < KEY_USE_NOTED_EVERY) {
        return;
    }
    let tenant = Scope::tenant(key.tenant);
    if let Err(why) = store.write(|tx| keys::used(tx, &tenant, key.id, now)) {
        tracing::debug!("the use of a key could not be noted: {why}");
    }
}

/// How long a key is believed from now on: never beyond its own end.
fn believed_for(
    now: baton_core::time::Instant,
    ends_at: Option<baton_core::time::Instant>,
) -> Duration {
    let left = ends_at.map(|end| Duration::from_micros(end.since(now).micros().unsigned_abs()));
    left.map_or(KEY_BELIEVED, |left| left.min(KEY_BELIEVED))
}

#[cfg(test)]
mod tests {
    use baton_core::time::{Duration as Length, Instant as At};

    use super::*;

    #[test]
    fn a_key_is_not_believed_beyond_its_end() {
        let now = At::from_seconds(1_000);
        for (ends_at, expected) in [
            (None, KEY_BELIEVED),
            (Some(now + Length::hours(1)), KEY_BELIEVED),
            (Some(now + Length::seconds(2)), Duration::from_secs(2)),
            (Some(now), Duration::ZERO),
        ] {
            assert_eq!(believed_for(now, ends_at), expected, "{ends_at:?}");
        }
    }
}

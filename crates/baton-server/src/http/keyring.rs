//! Finding out whose key it is, without asking the store each time.
//!
//! It also knows from which networks a key holds; whether the call at hand comes from one is for the
//! caller to see. What the store answered is believed for a few seconds. A key that is ended through this process is
//! forgotten at once. Wrong keys are not remembered: they would push out right ones.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use baton_store::keys::ApiKey;
use baton_store::{Scope, Store, keys, sources};

use super::access::{KeyRole, Principal};
use super::limits::{KEY_BELIEVED, KEY_USE_NOTED_EVERY, KEYS_REMEMBERED_MAX};
use super::networks::Networks;
use super::problem::Problem;
use super::secret::{SOURCE_KEY, hash};
use crate::clock::machine_now;

type Hash = [u8; 32];

/// Whose key it is, and from where it holds.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) principal: Principal,
    pub(super) networks: Networks,
}

/// Keys that were seen lately. Shared by all calls.
#[derive(Debug, Default)]
pub(super) struct Keyring(Mutex<HashMap<Hash, (Known, Instant)>>);

impl Keyring {
    /// Whose key it is, if that was found out lately.
    pub(super) fn remembered(&self, secret: &str) -> Option<Known> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, until) = keys.get(&hash(secret))?;
        (*until > Instant::now()).then(|| known.clone())
    }

    /// Asks the store whose key it is; `None` for a wrong one.
    pub(super) fn look_up(&self, store: &Store, secret: &str) -> Result<Option<Known>, Problem> {
        let hash = hash(secret);
        let now = machine_now();
        let found = if secret.starts_with(SOURCE_KEY) {
            let found = store.read(|tx| sources::authenticate(tx, &hash, now))?;
            found.map(|(tenant, source, ends_at)| {
                let networks = Networks::kept(&source.networks);
                (Principal::Source { tenant, source: Arc::new(source) }, networks, ends_at)
            })
        } else {
            let found = store.read(|tx| keys::authenticate(tx, &hash, now))?;
            found.and_then(|key| {
                let role = KeyRole::find(&key.role)?;
                // A partner's key without a partner would see the whole tenant.
                let whole = (role == KeyRole::Partner) == key.partner.is_some();
                let (networks, ends_at) = (Networks::kept(&key.networks), key.expires_at);
                whole.then(|| (Principal::Key { role, key: Arc::new(key) }, networks, ends_at))
            })
        };
        let Some((principal, Some(networks), ends_at)) = found else { return Ok(None) };
        if let Principal::Key { key, .. } = &principal {
            note_use(store, key, now);
        }
        let known = Known { principal, networks };
        self.remember(hash, known.clone(), believed_for(now, ends_at));
        Ok(Some(known))
    }

    /// Forgets all, because a key was ended or a source changed.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn remember(&self, hash: Hash, key: Known, length: Duration) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if known.len() >= KEYS_REMEMBERED_MAX {
            known.retain(|_, (_, until)| *until > now);
        }
        if known.len() < KEYS_REMEMBERED_MAX {
            known.insert(hash, (key, now + length));
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

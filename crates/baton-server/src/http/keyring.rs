//! Finding out whose key it is, without asking the store each time.
//!
//! What the store answered is believed for a few seconds. A key that is ended through this process is
//! forgotten at once. Wrong keys are not remembered: they would push out right ones.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use baton_store::{Store, keys, sources};

use super::access::{KeyRole, Principal};
use super::errors::ErrorCode;
use super::limits::{KEY_BELIEVED, KEYS_REMEMBERED_MAX};
use super::problem::Problem;
use super::secret::{SOURCE_KEY, hash};
use crate::clock::machine_now;

type Hash = [u8; 32];

/// Keys that were seen lately. Shared by all calls.
#[derive(Debug, Default)]
pub(super) struct Keyring(Mutex<HashMap<Hash, (Principal, Instant)>>);

impl Keyring {
    /// Whose key it is, if that was found out lately.
    pub(super) fn remembered(&self, secret: &str) -> Option<Principal> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (principal, until) = known.get(&hash(secret))?;
        (*until > Instant::now()).then(|| principal.clone())
    }

    /// Asks the store whose key it is.
    pub(super) fn look_up(&self, store: &Store, secret: &str) -> Result<Principal, Problem> {
        let hash = hash(secret);
        let now = machine_now();
        let found = if secret.starts_with(SOURCE_KEY) {
            let found = store.read(|tx| sources::authenticate(tx, &hash, now))?;
            found.map(|(tenant, source, ends_at)| {
                (Principal::Source { tenant, source: Arc::new(source) }, ends_at)
            })
        } else {
            let found = store.read(|tx| keys::authenticate(tx, &hash, now))?;
            found.and_then(|key| {
                let role = KeyRole::find(&key.role)?;
                // A partner's key without a partner would see the whole tenant.
                let whole = (role == KeyRole::Partner) == key.partner.is_some();
                let ends_at = key.expires_at;
                whole.then(|| (Principal::Key { role, key: Arc::new(key) }, ends_at))
            })
        };
        let wrong = || Problem::new(ErrorCode::KeyWrong, "the key is mistyped, ended or revoked");
        let (principal, ends_at) = found.ok_or_else(wrong)?;
        self.remember(hash, principal.clone(), believed_for(now, ends_at));
        Ok(principal)
    }

    /// Forgets all, because a key was ended or a source changed.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn remember(&self, hash: Hash, principal: Principal, length: Duration) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if known.len() >= KEYS_REMEMBERED_MAX {
            known.retain(|_, (_, until)| *until > now);
        }
        if known.len() < KEYS_REMEMBERED_MAX {
            known.insert(hash, (principal, now + length));
        }
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

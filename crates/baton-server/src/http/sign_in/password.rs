//! Passwords: kept as Argon2id, in the usual form of such texts (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`),
//! so that what was kept at another cost can still be checked.
//!
//! INVARIANT: checking costs the same time whether there is such a person, and such a password, or not.
//! It takes memory and some tens of milliseconds: never on a thread that serves sockets.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use baton_core::wording::Wording;
use rand::TryRng as _;
use rand::rngs::SysRng;

use crate::http::errors::ErrorCode;
use crate::http::problem::Problem;
use crate::settings::AccessLimits;

/// A password, in characters and in bytes. There are no rules about its letters: length is what helps.
const CHARS_MIN: usize = 12;
pub(in crate::http) const BYTES_MAX: usize = 200;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
const BEGIN: &str = "$argon2id$v=19$";
/// Memory beyond which a kept text is not believed, in KiB.
const MEMORY_KIB_MAX: u32 = 1 << 20;

/// What one hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    memory_kib: u32,
    passes: u32,
}

/// What is kept of a password.
pub(in crate::http) fn kept(password: &str, limits: &AccessLimits) -> Result<String, Problem> {
    let mut salt = [0; SALT_BYTES];
    SysRng.try_fill_bytes(&mut salt).map_err(Problem::internal)?;
    let cost = Cost { memory_kib: limits.password_memory_kib, passes: limits.password_passes };
    let hash = cost.hash(password, &salt).ok_or_else(|| Problem::internal("the cost is wrong"))?;
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    Ok(format!("{BEGIN}m={},t={},p=1${salt}${hash}", cost.memory_kib, cost.passes))
}

/// Whether this is the password that was kept. Where none was, the time of a check is taken all the same.
pub(in crate::http) fn holds(password: &str, kept: Option<&str>, limits: &AccessLimits) -> bool {
    let read = kept.and_then(parts);
    let nobody = || {
        let cost = Cost { memory_kib: limits.password_memory_kib, passes: limits.password_passes };
        (cost, vec![0; SALT_BYTES], Vec::new())
    };
    let (cost, salt, expected) = read.unwrap_or_else(nobody);
    let found = cost.hash(password, &salt).unwrap_or_default();
    // Hashes of blake3 are compared in constant time.
    !expected.is_empty() && blake3::hash(&found) == blake3::hash(&expected)
}

/// Refuses what is no password to be set.
pub(in crate::http) fn check(password: &str) -> Result<(), Problem> {
    if password.chars().count() < CHARS_MIN || password.len() > BYTES_MAX {
        let why = format!(
            "password: expected at least {CHARS_MIN} characters, and at most {BYTES_MAX} bytes"
        );
        let wording = Wording::new("password_short").with("least", CHARS_MIN);
        return Err(Problem::of(ErrorCode::ValueWrong, why).said(wording));
    }
    Ok(())
}

impl Cost {
    fn hash(self, password: &str, salt: &[u8]) -> Option<[u8; HASH_BYTES]> {
        let params = Params::new(self.memory_kib, self.passes, 1, Some(HASH_BYTES)).ok()?;
        let mut hash = [0; HASH_BYTES];
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon.hash_password_into(password.as_bytes(), salt, &mut hash).ok()?;
        Some(hash)
    }
}

fn parts(kept: &str) -> Option<(Cost, Vec<u8>, Vec<u8>)> {
    let mut parts = kept.strip_prefix(BEGIN)?.split('$');
    let (cost, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let (memory, rest) = cost.strip_prefix("m=")?.split_once(",t=")?;
    let passes = rest.strip_suffix(",p=1")?;
    let cost = Cost { memory_kib: memory.parse().ok()?, passes: passes.parse().ok()? };
    let (salt, hash) = (STANDARD_NO_PAD.decode(salt).ok()?, STANDARD_NO_PAD.decode(hash).ok()?);
    (cost.memory_kib <= MEMORY_KIB_MAX && !hash.is_empty()).then_some((cost, salt, hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> AccessLimits {
        AccessLimits { password_memory_kib: 64, password_passes: 1, ..AccessLimits::default() }
    }

    #[test]
    fn a_password_holds_as_it_was_kept_and_no_other_does() {
        let right = "a long way to Omaha";
        let text = kept(right, &cheap()).unwrap();
        assert!(text.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{text}");
        assert_ne!(text, kept(right, &cheap()).unwrap(), "each has a salt of its own");
        let dear = AccessLimits { password_memory_kib: 128, ..cheap() };
        for (password, kept, holds_it) in [
            (right, Some(text.as_str()), true),
            ("a long way to Austin", Some(&text), false),
            ("", Some(&text), false),
            (right, None, false),
            (right, Some(""), false),
            (right, Some("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$"), false),
            (right, Some("$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHQ$AAAA"), false),
        ] {
            assert_eq!(holds(password, kept, &dear), holds_it, "{password} {kept:?}");
        }
    }

    #[test]
    fn passwords_are_long_and_not_endless() {
        for (password, fine) in [
            ("short", false),
            ("eleven char", false),
            ("twelve chars", true),
            (&*"x".repeat(201), false),
        ] {
            assert_eq!(check(password).is_ok(), fine, "{password}");
        }
    }
}

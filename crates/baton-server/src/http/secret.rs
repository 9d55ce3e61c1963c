//! Secrets of keys: 256 random bits each, shown once, kept as a hash.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand::TryRng as _;
use rand::rngs::SysRng;

use super::problem::Problem;

/// How an API key begins, how a source's key does, a session, a link that is good once, one by which a customer follows an order, and how the secret of a
/// subscription does (as Standard Webhooks has it).
pub(super) const LINK: &str = "bal_";
/// What a browser holds on its way to a provider of identities and back.
pub(super) const ROUND_TRIP: &str = "bao_";
pub(super) const TRACKING: &str = "bat_";
pub(super) const SESSION: &str = "bas_";
pub(super) const API_KEY: &str = "bak_";
pub(super) const SOURCE_KEY: &str = "bsk_";
const WEBHOOK: &str = "whsec_";
const BYTES: usize = 32;
/// Characters by which a key is told apart in lists; far too few to guess the rest by.
const PREFIX_CHARS: usize = 10;
/// What is shorter than this is no key, or so much cut off that its beginning gives too much away.
const KEY_BYTES_MIN: usize = 40;

/// A new secret, and what is kept of it.
pub(super) struct Minted {
    pub(super) secret: String,
    pub(super) hash: [u8; 32],
    pub(super) prefix: String,
}

impl std::fmt::Debug for Minted {
    // The secret stays out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Minted").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// Makes a key that begins with `kind`.
pub(super) fn mint(kind: &str) -> Result<Minted, Problem> {
    let secret = format!("{kind}{}", URL_SAFE_NO_PAD.encode(random()?));
    let prefix = secret.chars().take(PREFIX_CHARS).collect();
    Ok(Minted { hash: hash(&secret), prefix, secret })
}

/// The characters by which a key is told apart; none of what cannot be a key of ours, which may be
/// a password of somebody's.
pub(super) fn shown_prefix(secret: &str) -> Option<&str> {
    let is_ours = secret.starts_with(API_KEY) || secret.starts_with(SOURCE_KEY);
    let is_whole = secret.len() >= KEY_BYTES_MIN && secret.is_ascii();
    (is_ours && is_whole).then(|| secret.get(..PREFIX_CHARS))?
}

/// A secret to sign deliveries with.
pub(super) fn webhook_secret() -> Result<String, Problem> {
    Ok(format!("{WEBHOOK}{}", STANDARD.encode(random()?)))
}

/// What is kept of a key.
pub(super) fn hash(secret: &str) -> [u8; 32] {
    *blake3::hash(secret.as_bytes()).as_bytes()
}

fn random() -> Result<[u8; BYTES], Problem> {
    let mut bytes = [0; BYTES];
    SysRng.try_fill_bytes(&mut bytes).map_err(Problem::internal)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_say_what_they_are() {
        let (one, other) = (mint(API_KEY).unwrap(), mint(API_KEY).unwrap());
        assert_ne!(one.secret, other.secret);
        assert!(one.secret.starts_with("bak_") && one.secret.len() == 47, "{}", one.secret);
        assert_eq!(hash(&one.secret), one.hash);
        assert!(!format!("{one:?}").contains(&one.secret));
        assert_eq!(shown_prefix(&one.secret), Some(one.prefix.as_str()));
        for other in ["", "bak_", "bak_short", "hunter2", &"x".repeat(47), &one.secret[..20]] {
            assert_eq!(shown_prefix(other), None, "{other}");
        }
        assert!(webhook_secret().unwrap().starts_with("whsec_"));
    }
}

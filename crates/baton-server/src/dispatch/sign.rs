//! Signatures of webhooks, as the Standard Webhooks specification has them.
//!
//! What is signed is `id.timestamp.body` with HMAC-SHA256 under the subscription's secret, written
//! `whsec_` and base64. The id stays the same over all attempts: receivers drop repeats by it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_core::time::Instant;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

const PREFIX: &str = "whsec_";
/// Shorter secrets can be guessed, longer ones are none of ours.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
const MICROS_A_SECOND: i64 = 1_000_000;

/// The key of a subscription.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A secret that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a webhook's secret is `whsec_` followed by 24 to 64 bytes in base64")]
pub struct NotASecret;

impl std::str::FromStr for Secret {
    type Err = NotASecret;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let encoded = text.strip_prefix(PREFIX).ok_or(NotASecret)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| NotASecret)?;
        if SECRET_BYTES.contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(NotASecret) }
    }
}

impl Secret {
    /// A secret of these random bytes, as it is shown to its owner.
    #[must_use]
    pub fn text(random: &[u8; 32]) -> String {
        format!("{PREFIX}{}", STANDARD.encode(random))
    }
}

/// The three headers of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    pub id: String,
    /// Seconds since 1970.
    pub timestamp: String,
    pub signature: String,
}

/// Signs a body that is sent now.
#[must_use]
pub fn sign(secret: &Secret, id: &str, at: Instant, body: &[u8]) -> SignedHeaders {
    let timestamp = (at.micros() / MICROS_A_SECOND).to_string();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&secret.0) else {
        unreachable!("HMAC takes keys of any length")
    };
    mac.update(id.as_bytes());
    mac.update(b".");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    SignedHeaders { id: id.to_owned(), timestamp, signature }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specifications_example_is_signed_as_it_says() {
        // The test vector of the Standard Webhooks specification.
        let secret: Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap();
        let at = Instant::from_seconds(1_614_265_330);
        let signed = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b"{\"test\": 2432232314}");
        assert_eq!(signed.timestamp, "1614265330");
        assert_eq!(signed.signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_are_checked_and_never_shown() {
        let text = Secret::text(&[7; 32]);
        let secret: Secret = text.parse().unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(..)");
        for wrong in ["", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!!"] {
            assert!(wrong.parse::<Secret>().is_err(), "{wrong}");
        }
    }
}

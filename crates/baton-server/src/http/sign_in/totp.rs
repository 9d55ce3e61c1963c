//! The second factor: codes of six digits from a shared secret and the time, as RFC 6238 has them and
//! every app for it understands (HMAC-SHA-1, steps of 30 seconds).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use baton_core::time::Instant;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

const STEP_SECONDS: i64 = 30;
const DIGITS: u32 = 6;
/// Clocks differ: this many steps before and after the present one are taken.
const STEPS_AROUND: i64 = 1;

/// A secret as it is kept, in base64.
pub(in crate::http) fn secret(kept: &str) -> Option<Vec<u8>> {
    STANDARD_NO_PAD.decode(kept).ok().filter(|bytes| !bytes.is_empty())
}

/// The step of time whose code this is; `None` where it is none of the present's.
pub(in crate::http) fn step(secret: &[u8], said: &str, now: Instant) -> Option<i64> {
    let said: String = said.chars().filter(|c| !c.is_whitespace()).collect();
    if said.len() != DIGITS as usize || !said.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let present = now.micros().div_euclid(1_000_000).div_euclid(STEP_SECONDS);
    let steps = present - STEPS_AROUND..=present + STEPS_AROUND;
    // All are compared, in constant time each, so that the answer tells nothing by when it comes.
    let right = steps.filter(|step| {
        let code = code(secret, *step).unwrap_or_default();
        blake3::hash(code.as_bytes()) == blake3::hash(said.as_bytes())
    });
    right.max()
}

/// The code of a step of time.
pub(in crate::http) fn code(secret: &[u8], step: i64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest.last()? & 0xf);
    let four: [u8; 4] = digest.get(offset..offset + 4)?.try_into().ok()?;
    let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 10_u32.pow(DIGITS);
    Some(format!("{number:0width$}", width = DIGITS as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's table of examples.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_standards_table() {
        for (seconds, last_six) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(code(SECRET, seconds / STEP_SECONDS).as_deref(), Some(last_six));
        }
    }

    #[test]
    fn a_code_is_good_about_its_time() {
        let now = Instant::from_seconds(1_111_111_111);
        let present = 1_111_111_111 / STEP_SECONDS;
        for (away, good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let said = code(SECRET, present + away).unwrap();
            assert_eq!(step(SECRET, &said, now), good.then_some(present + away), "{away}");
        }
        for wrong in ["", "05047", "0504711", "o50471", "000000"] {
            assert_eq!(step(SECRET, wrong, now), None, "{wrong}");
        }
        assert_eq!(step(SECRET, "050 471", now), Some(present), "as apps show it");
    }
}

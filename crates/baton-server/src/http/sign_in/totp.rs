//! The second factor: codes of six digits from a shared secret and the time, as RFC 6238 has them and
//! every app for it understands (HMAC-SHA-1, steps of 30 seconds; one step before and after the present
//! is taken, since clocks differ). `totp-rs` knows the standard; that no step is good twice is ours to
//! see to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use baton_core::time::Instant;
use qrcode::QrCode;
use qrcode::render::svg;
use rand::TryRng as _;
use rand::rngs::SysRng;
use totp_rs::{Builder, Totp};

use crate::http::problem::Problem;

/// What the standard recommends.
const SECRET_BYTES: usize = 20;
/// The picture of the code is scaled by whoever shows it; this is what it is at least.
const PICTURE_DOTS_MIN: u32 = 200;

/// A shared secret.
#[derive(Clone)]
pub(in crate::http) struct Secret(Vec<u8>);

/// What an app is given of a secret.
pub(in crate::http) struct Shown {
    /// `otpauth://totp/…`, for apps on the same machine.
    pub(in crate::http) uri: String,
    /// The same as an SVG picture, for a phone's camera.
    pub(in crate::http) picture: String,
    /// The secret in base32, to be typed where there is no camera.
    pub(in crate::http) typed: String,
}

impl Secret {
    pub(in crate::http) fn new() -> Result<Self, Problem> {
        let mut bytes = vec![0; SECRET_BYTES];
        SysRng.try_fill_bytes(&mut bytes).map_err(Problem::internal)?;
        Ok(Self(bytes))
    }

    /// As it was kept, in base64.
    pub(in crate::http) fn read(kept: &str) -> Option<Self> {
        STANDARD_NO_PAD.decode(kept).ok().map(Self)
    }

    pub(in crate::http) fn kept(&self) -> String {
        STANDARD_NO_PAD.encode(&self.0)
    }

    fn totp(&self, issuer: &str, login: &str) -> Option<Totp> {
        // The format divides issuer and account by a colon.
        let plain = |text: &str| text.replace(':', " ");
        let builder = Builder::new().with_secret(self.0.clone());
        let named = builder.with_account_name(plain(login)).with_issuer(Some(plain(issuer)));
        named.build().ok()
    }

    /// The step of time whose code this is; `None` where it is none of the present's.
    pub(in crate::http) fn step(&self, said: &str, now: Instant) -> Option<i64> {
        let said: String = said.chars().filter(|c| !c.is_whitespace()).collect();
        let seconds = u64::try_from(now.micros().div_euclid(1_000_000)).ok()?;
        i64::try_from(self.totp("", "")?.check(&said, seconds)?).ok()
    }

    /// What an app is given, in the name of whoever runs this Baton.
    pub(in crate::http) fn shown(&self, issuer: &str, login: &str) -> Result<Shown, Problem> {
        let wrong = || Problem::internal("a second factor cannot be shown");
        let totp = self.totp(issuer, login).ok_or_else(wrong)?;
        let uri = totp.to_url().map_err(|_| wrong())?;
        let code = QrCode::new(uri.as_bytes()).map_err(Problem::internal)?;
        let picture = code
            .render::<svg::Color<'_>>()
            .min_dimensions(PICTURE_DOTS_MIN, PICTURE_DOTS_MIN)
            .build();
        Ok(Shown { uri, picture, typed: totp.secret().to_base32() })
    }
}

/// The code of the instant, for tests: what an app would show.
#[cfg(test)]
pub(in crate::http) fn code(secret: &[u8], at: Instant) -> String {
    let seconds = u64::try_from(at.micros().div_euclid(1_000_000)).unwrap();
    Secret(secret.to_vec()).totp("", "").unwrap().generate(seconds).to_string()
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
            assert_eq!(code(SECRET, Instant::from_seconds(seconds)), last_six);
        }
    }

    #[test]
    fn a_code_is_good_about_its_time() {
        let seconds = 1_111_111_111;
        let (now, present) = (Instant::from_seconds(seconds), seconds / 30);
        let secret = Secret(SECRET.to_vec());
        for (away, good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let said = code(SECRET, Instant::from_seconds(seconds + 30 * away));
            assert_eq!(secret.step(&said, now), good.then_some(present + away), "{away}");
        }
        for wrong in ["", "05047", "0504711", "o50471", "+50471", "000000"] {
            assert_eq!(secret.step(wrong, now), None, "{wrong}");
        }
        assert_eq!(secret.step("050 471", now), Some(present), "as apps show it");
    }

    #[test]
    fn a_secret_is_shown_to_an_app_and_kept() {
        let secret = Secret::new().unwrap();
        assert_eq!(Secret::read(&secret.kept()).unwrap().0, secret.0);
        let shown = Secret(SECRET.to_vec()).shown("Baton: ours", "noor@x.example").unwrap();
        assert_eq!(shown.typed, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for part in ["otpauth://totp/", "noor%40x.example", "secret=GEZDGNBV", "issuer="] {
            assert!(shown.uri.contains(part), "{part} in {}", shown.uri);
        }
        assert!(shown.picture.contains("<svg ") && shown.picture.ends_with("</svg>"));
        assert!(Secret(b"short".to_vec()).step("000000", Instant::from_seconds(0)).is_none());
    }
}

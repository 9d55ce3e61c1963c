//! Where the relay's Redis is, as people say it.

use std::fmt;
use std::str::FromStr;

/// The address of a Redis: `redis://user:password@host:port/number`, or `rediss://` with TLS. Shown
/// without the password.
#[derive(Clone)]
pub struct Address {
    url: String,
    shown: String,
    number: i64,
}

impl Address {
    pub(super) fn url(&self) -> &str {
        &self.url
    }
    /// Under which name letters go: systems that share a Redis take different numbers.
    pub(super) fn channel(&self) -> String {
        format!("baton:{}", self.number)
    }
}

impl FromStr for Address {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        // The text is not repeated: there may be a password in it.
        let expected = "expected redis://HOST:PORT, or rediss:// for TLS, with /NUMBER for another than database 0, and user and password before the host where it asks for them";
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        let scheme = scheme.filter(|scheme| ["redis", "rediss"].contains(scheme));
        let scheme = scheme.ok_or_else(|| format!("is no address of a Redis: {expected}"))?;
        let wrong = |why| format!("is no address of a Redis ({why}): {expected}");
        let client = redis::Client::open(text).map_err(wrong)?;
        let known = client.get_connection_info();
        let number = known.redis_settings().db();
        let shown = format!("{scheme}://{}/{number}", known.addr());
        Ok(Self { url: text.to_owned(), shown, number })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_and_shown_without_its_password() {
        for (text, shown) in [
            ("redis://127.0.0.1:6379", Some("redis://127.0.0.1:6379/0")),
            ("redis://cache", Some("redis://cache:6379/0")),
            ("redis://ada:s3cret@cache:7000/3", Some("redis://cache:7000/3")),
            ("rediss://:s3cret@cache:7000", Some("rediss://cache:7000/0")),
            ("postgres://cache:7000", None),
            ("unix:///run/redis.sock", None),
            ("redis://", None),
            ("redis://ada:s3cret@cache:7000/three", None),
            ("cache:6379", None),
            ("", None),
        ] {
            let found = text.parse::<Address>();
            assert_eq!(found.as_ref().ok().map(ToString::to_string).as_deref(), shown, "{text}");
            let told = format!("{found:?}");
            assert!(!told.contains("s3cret"), "{told}");
        }
    }
}

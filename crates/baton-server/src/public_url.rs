//! Where people reach this Baton with their browsers, as its operator says it: what links in letters and
//! ways back from providers of identities begin with. What a call says of its own host is never taken for
//! it, because anybody can write that.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// Scheme, host and port, without anything after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// The address of a place there; `path` begins with a slash.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.to_string().trim_end_matches('/'))
    }
}

/// Whether a host is this very machine by its name or number.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl FromStr for PublicUrl {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let expected = "expected https://HOST, perhaps with a port and nothing after it";
        let url = Url::parse(text).map_err(|why| format!("is no address ({why}): {expected}"))?;
        let is_plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let is_named = url.username().is_empty() && url.password().is_none() && url.has_host();
        if !is_plain || !is_named {
            return Err(format!("says too much: {expected}"));
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            _ => Err(format!("is not of https: {expected}; http is for this machine alone")),
        }
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_nothing_more() {
        for (text, shown) in [
            ("https://baton.example", Some("https://baton.example")),
            ("https://baton.example:8443/", Some("https://baton.example:8443")),
            ("http://127.0.0.1:7300", Some("http://127.0.0.1:7300")),
            ("http://localhost:7300", Some("http://localhost:7300")),
            ("http://baton.example", None),
            ("http://localhost.evil.example", None),
            ("https://baton.example/app", None),
            ("https://baton.example?x", None),
            ("https://ada@baton.example", None),
            ("baton.example", None),
            ("ftp://baton.example", None),
            ("", None),
        ] {
            let found = text.parse::<PublicUrl>();
            assert_eq!(found.ok().map(|url| url.to_string()).as_deref(), shown, "{text}");
        }
        let url: PublicUrl = "https://baton.example/".parse().unwrap();
        assert_eq!(url.at("/invitation#x"), "https://baton.example/invitation#x");
    }
}

//! From where a key holds: a list of networks, and the address that a call comes from.
//!
//! A call's address is its connection's, unless that is a proxy's which the settings trust: then it is
//! the last address in `X-Forwarded-For` that is none of a trusted proxy. Whatever stands before that
//! one anybody may have written.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use baton_core::wording::Wording;
use ipnet::IpNet;

use super::errors::ErrorCode;
use super::limits::NETWORKS_MAX;
use super::problem::Problem;

const FORWARDED: &str = "x-forwarded-for";

/// Networks; none of them is from everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Networks(Vec<IpNet>);

impl Networks {
    /// As a caller says them: networks, or single addresses.
    pub(super) fn said(texts: &[String]) -> Result<Self, Problem> {
        if texts.len() > NETWORKS_MAX {
            let most = NETWORKS_MAX as i64;
            return Err(Problem::from_to(ErrorCode::ValueWrong, "networks", 0, most));
        }
        texts.iter().map(|text| network(text)).collect::<Result<_, _>>().map(Self)
    }

    /// As the store keeps them. What cannot be read holds from nowhere: `None`.
    pub(super) fn kept(text: &str) -> Option<Self> {
        let parts = text.split(',').filter(|part| !part.is_empty());
        parts.map(|part| part.parse().ok()).collect::<Option<_>>().map(Self)
    }

    pub(super) fn to_kept(&self) -> String {
        self.texts().join(",")
    }

    pub(super) fn texts(&self) -> Vec<String> {
        self.0.iter().map(IpNet::to_string).collect()
    }

    /// Whether a key holds from there. Where a call comes from nowhere known, it holds only if it does
    /// from everywhere.
    pub(super) fn hold(&self, from: Option<IpAddr>) -> bool {
        self.0.is_empty() || from.is_some_and(|from| self.0.iter().any(|net| net.contains(&from)))
    }
}

fn network(text: &str) -> Result<IpNet, Problem> {
    let text = text.trim();
    let found = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    let wrong = || {
        let shown: String = text.chars().take(60).collect();
        let why = format!(
            "networks: `{shown}` is no network, expected such as 192.0.2.0/24, 2001:db8::/32 or one address"
        );
        let wording = Wording::new("network_wrong").with("found", shown);
        Problem::of(ErrorCode::ValueWrong, why).said(wording)
    };
    Ok(found.ok_or_else(wrong)?.trunc())
}

/// Where a call comes from; `None` for calls within this process.
pub(super) fn caller_address(parts: &Parts, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    if !is_trusted(&peer) {
        return Some(peer);
    }
    let forwarded: Vec<&str> = parts
        .headers
        .get_all(FORWARDED)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut nearest = peer;
    for text in forwarded.into_iter().rev() {
        // A trusted proxy wrote this; if it cannot be read, nothing before it can be believed.
        let Ok(address) = text.trim().parse::<IpAddr>() else { break };
        nearest = address.to_canonical();
        if !is_trusted(&nearest) {
            break;
        }
    }
    Some(nearest)
}

/// Whether a trusted proxy says that it was called by https.
pub(super) fn came_by_https(parts: &Parts, trusted: &[IpNet]) -> bool {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let is_trusted = peer.is_some_and(|peer| {
        let peer = peer.0.ip().to_canonical();
        trusted.iter().any(|net| net.contains(&peer))
    });
    let said = parts.headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    is_trusted && said.is_some_and(|said| said.trim().eq_ignore_ascii_case("https"))
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn from(peer: &str, forwarded: &[&str], trusted: &str) -> Option<IpAddr> {
        let mut request = Request::builder();
        for value in forwarded {
            request = request.header(FORWARDED, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        if !peer.is_empty() {
            parts.extensions.insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
        }
        caller_address(&parts, &Networks::kept(trusted).unwrap().0)
    }

    #[test]
    fn the_address_is_the_last_that_nobody_trusted_wrote() {
        for (peer, forwarded, trusted, address) in [
            ("192.0.2.9:1", &[][..], "", Some("192.0.2.9")),
            ("192.0.2.9:1", &["10.0.0.1"], "", Some("192.0.2.9")),
            ("127.0.0.1:1", &["198.51.100.7"], "127.0.0.0/8", Some("198.51.100.7")),
            ("127.0.0.1:1", &["10.0.0.1, 198.51.100.7"], "127.0.0.0/8", Some("198.51.100.7")),
            ("127.0.0.1:1", &["10.0.0.1", "198.51.100.7"], "127.0.0.0/8", Some("198.51.100.7")),
            ("127.0.0.1:1", &["10.0.0.1, 127.0.0.2"], "127.0.0.0/8", Some("10.0.0.1")),
            ("127.0.0.1:1", &["10.0.0.1, nonsense"], "127.0.0.0/8", Some("127.0.0.1")),
            ("127.0.0.1:1", &[], "127.0.0.0/8", Some("127.0.0.1")),
            ("[::ffff:192.0.2.9]:1", &[], "", Some("192.0.2.9")),
            ("", &["198.51.100.7"], "0.0.0.0/0", None),
        ] {
            let expected = address.map(|text| text.parse().unwrap());
            assert_eq!(from(peer, forwarded, trusted), expected, "{peer} {forwarded:?} {trusted}");
        }
    }

    #[test]
    fn a_key_holds_from_its_networks_and_from_nowhere_else() {
        for (networks, address, holds) in [
            ("", "192.0.2.9", true),
            ("192.0.2.0/24", "192.0.2.9", true),
            ("192.0.2.0/24", "192.0.3.9", false),
            ("10.0.0.0/8,2001:db8::/32", "2001:db8::5", true),
            ("10.0.0.0/8,2001:db8::/32", "192.0.2.9", false),
        ] {
            let networks = Networks::kept(networks).unwrap();
            assert_eq!(networks.hold(address.parse().ok()), holds, "{networks:?} {address}");
        }
        assert!(
            !Networks::kept("10.0.0.0/8").unwrap().hold(None),
            "who has no address has none of it"
        );
        assert_eq!(Networks::kept("10.0.0.0/8,what"), None);
    }

    #[test]
    fn networks_are_kept_as_they_are_said() {
        let said = ["192.0.2.77/24".to_owned(), " 2001:db8::1 ".to_owned()];
        let networks = Networks::said(&said).unwrap();
        assert_eq!(networks.to_kept(), "192.0.2.0/24,2001:db8::1/128");
        assert_eq!(Networks::kept(&networks.to_kept()), Some(networks));
        for wrong in ["", "everywhere", "192.0.2.0/33", "192.0.2/24"] {
            assert!(Networks::said(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
        assert!(Networks::said(&vec!["10.0.0.1".to_owned(); NETWORKS_MAX + 1]).is_err());
    }
}

//! Failed authentications: noted in the log, and bounded for each address that they come from.
//!
//! An address may fail so often in a span of time; beyond it, keys from there are not looked up until
//! some of the span has passed. A key that was found right lately is still believed, so that whoever
//! shares an address with a guesser (a proxy that nobody named in the settings) can go on.
//!
//! Addresses are kept in bounded memory, the longest unused are forgotten first. Of IPv6 the first 64
//! bits count: the rest is the caller's to choose.
//!
//! INVARIANT: nothing of a key reaches the log but the few characters by which lists tell keys apart,
//! and of what is no key of ours nothing at all.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::secret;
use crate::lru::Lru;
use crate::settings::AccessLimits;

const IPV6_PREFIX_BITS: u32 = 64;

/// Why a key was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failed {
    /// No key of ours, or one that has ended.
    Wrong,
    /// A right one, from where it does not hold. The caller is not told that it is right.
    Elsewhere,
    /// What was to sign somebody in does not.
    SignIn,
    /// A link by which customers follow an order is none, or has ended.
    Link,
}

impl Failed {
    /// As metrics and the log name it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Wrong => "wrong_key",
            Self::Elsewhere => "other_network",
            Self::SignIn => "wrong_sign_in",
            Self::Link => "wrong_link",
        }
    }
}

/// What addresses have failed of late.
#[derive(Debug)]
pub(super) struct Failures {
    /// Until when what an address has failed is worked off; each failure adds its share of the span.
    until: Mutex<Lru<IpAddr, Instant>>,
    share: Duration,
    span: Duration,
}

impl Failures {
    /// `None` where the settings do not bound failures.
    pub(super) fn within(limits: &AccessLimits) -> Option<Self> {
        let share = limits.failures_span.checked_div(limits.failures_max)?;
        let until = Mutex::new(Lru::new(limits.addresses_max));
        Some(Self { until, share, span: limits.failures_span })
    }

    /// How long an address has to wait before its next key is looked up.
    pub(super) fn wait(&self, address: IpAddr, now: Instant) -> Option<Duration> {
        let known = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let until = known.peek(&place(address))?;
        let owed = (*until + self.share).checked_duration_since(now + self.span)?;
        (!owed.is_zero()).then_some(owed)
    }

    /// Counts a failure.
    pub(super) fn note(&self, address: IpAddr, now: Instant) {
        let place = place(address);
        let mut known = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let until = known.get(&place, |_| 1).map_or(now, |until| (*until).max(now));
        known.put(place, until + self.share, |_| 1);
        known.trim();
    }
}

/// What counts of an address.
fn place(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let mask = u128::MAX << (Ipv6Addr::BITS - IPV6_PREFIX_BITS);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
        }
    }
}

/// Writes a failure to the log.
pub(super) fn log(why: Failed, address: Option<IpAddr>, key: &str) {
    let address = address.map_or_else(|| "this process".to_owned(), |at| at.to_string());
    let key = secret::shown_prefix(key).unwrap_or("none of ours");
    let why = why.name();
    tracing::warn!(%address, %key, why, "a call came with a key that does not hold");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(failures_max: u32, addresses_max: usize) -> AccessLimits {
        let failures_span = Duration::from_secs(60);
        AccessLimits { failures_max, failures_span, addresses_max, ..AccessLimits::default() }
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_that_fails_too_often_waits_and_goes_on() {
        let failures = Failures::within(&limits(6, 100)).unwrap();
        let (one, other) = (address("192.0.2.9"), address("192.0.2.10"));
        let begin = Instant::now();
        let after = |seconds| begin + Duration::from_secs(seconds);
        for _ in 0..6 {
            assert_eq!(failures.wait(one, begin), None);
            failures.note(one, begin);
        }
        assert_eq!(failures.wait(one, begin), Some(Duration::from_secs(10)));
        assert_eq!(failures.wait(one, after(4)), Some(Duration::from_secs(6)));
        assert_eq!(failures.wait(other, begin), None, "others are not concerned");
        assert_eq!(failures.wait(one, after(10)), None);
        failures.note(one, after(10));
        assert_eq!(failures.wait(one, after(10)), Some(Duration::from_secs(10)));
        assert_eq!(failures.wait(one, after(200)), None);
        for _ in 0..6 {
            assert_eq!(failures.wait(one, after(200)), None, "the whole span is there again");
            failures.note(one, after(200));
        }
    }

    #[test]
    fn a_caller_of_ipv6_has_no_more_than_one_address() {
        let failures = Failures::within(&limits(1, 100)).unwrap();
        let now = Instant::now();
        failures.note(address("2001:db8:1:2:3::1"), now);
        assert!(failures.wait(address("2001:db8:1:2:ffff::9"), now).is_some());
        assert!(failures.wait(address("2001:db8:1:3::1"), now).is_none());
    }

    #[test]
    fn so_many_addresses_are_kept_and_no_more() {
        let failures = Failures::within(&limits(1, 10)).unwrap();
        let now = Instant::now();
        let each = |n: u32| IpAddr::from(n.to_be_bytes());
        (0..1_000).for_each(|n| failures.note(each(n), now));
        let kept = (0..1_000).filter(|n| failures.wait(each(*n), now).is_some()).count();
        assert!((1..=11).contains(&kept), "{kept}");
        assert!(failures.wait(each(999), now).is_some(), "the latest is known");
    }

    #[test]
    fn a_limit_of_none_bounds_nothing() {
        assert!(Failures::within(&limits(0, 10)).is_none());
    }
}

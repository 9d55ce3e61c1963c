//! Time as the rules see it: instants, lengths, the interval in which something happened, and `Now`.
//!
//! Partners state times badly: a date without a time, a time without a zone, a stamp a day ahead. So
//! an event time is an interval ([`Happened`]) that says how it was come by, and the rules call
//! something late or early only where that is true of the whole interval.
//!
//! INVARIANT: rules never read a clock. The one way to ask about the present is [`Now::passed`], which
//! notes every instant that was asked for and not yet reached; the earliest of them is the order's
//! `wake_at`. A rule therefore cannot depend on the present without announcing when its answer
//! changes.

use std::cell::Cell;
use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const MICROS_A_SECOND: i64 = 1_000_000;

/// A point in time: microseconds since 1970-01-01T00:00:00Z. RFC 3339 in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(i64);

impl Instant {
    pub const MIN: Self = Self(-62_135_596_800 * MICROS_A_SECOND);
    /// 9999-12-30T00:00:00Z, the latest instant that a date can name.
    pub const MAX: Self = Self(253_402_128_000 * MICROS_A_SECOND);

    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS_A_SECOND))
    }
    /// For calendars, which need civil time.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0.clamp(Self::MIN.0, Self::MAX.0))
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
    #[must_use]
    pub fn from_jiff(at: jiff::Timestamp) -> Self {
        Self(at.as_microsecond())
    }
    /// The length from `earlier` to this instant; zero where `earlier` is the later one.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration(self.0.saturating_sub(earlier.0).max(0))
    }
}

impl Add<Duration> for Instant {
    type Output = Self;
    fn add(self, length: Duration) -> Self {
        Self(self.0.saturating_add(length.0).min(Self::MAX.0))
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;
    fn sub(self, length: Duration) -> Self {
        Self(self.0.saturating_sub(length.0).max(Self::MIN.0))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An instant that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an instant, expected RFC 3339 with an offset, such as 2026-05-03T14:10:00Z")]
pub struct NotAnInstant(String);

impl FromStr for Instant {
    type Err = NotAnInstant;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim()
            .parse::<jiff::Timestamp>()
            .map(Self::from_jiff)
            .map_err(|_| NotAnInstant(text.to_owned()))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_str(self) } else { to.serialize_i64(self.0) }
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if from.is_human_readable() {
            let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
            text.parse().map_err(serde::de::Error::custom)
        } else {
            i64::deserialize(from).map(Self)
        }
    }
}

impl JsonSchema for Instant {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// A length of time in microseconds, never negative. Written `90m`, `36h`, `2d`, `1d 12h`, `30s`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration(i64);

impl Duration {
    pub const ZERO: Self = Self(0);
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(if micros < 0 { 0 } else { micros })
    }
    #[must_use]
    pub const fn seconds(n: i64) -> Self {
        Self::from_micros(n.saturating_mul(MICROS_A_SECOND))
    }
    #[must_use]
    pub const fn minutes(n: i64) -> Self {
        Self::seconds(n.saturating_mul(60))
    }
    #[must_use]
    pub const fn hours(n: i64) -> Self {
        Self::minutes(n.saturating_mul(60))
    }
    #[must_use]
    pub const fn days(n: i64) -> Self {
        Self::hours(n.saturating_mul(24))
    }
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }
    #[must_use]
    pub const fn whole_minutes(self) -> i64 {
        self.0 / (60 * MICROS_A_SECOND)
    }
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self::from_micros(self.0 - other.0)
    }
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
    /// This share of the length, in whole per cent.
    #[must_use]
    pub const fn percent(self, percent: u32) -> Self {
        Self::from_micros((self.0 / 100).saturating_mul(percent as i64))
    }
}

impl Add for Duration {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

const UNITS: [(char, Duration); 4] = [
    ('d', Duration::days(1)),
    ('h', Duration::hours(1)),
    ('m', Duration::minutes(1)),
    ('s', Duration::seconds(1)),
];

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        let mut written = false;
        for (unit, length) in UNITS {
            let count = rest / length.0;
            rest %= length.0;
            if count > 0 {
                write!(f, "{}{count}{unit}", if written { " " } else { "" })?;
                written = true;
            }
        }
        if written { Ok(()) } else { f.write_str("0s") }
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A length that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a length of time, expected for example 90m, 36h, 2d or 1d 12h")]
pub struct NotADuration(String);

impl FromStr for Duration {
    type Err = NotADuration;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotADuration(text.to_owned());
        let mut total = Self::ZERO;
        let mut digits = String::new();
        let mut parts = 0;
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            if c.is_ascii_digit() {
                digits.push(c);
                continue;
            }
            let (_, unit) = UNITS.into_iter().find(|(name, _)| *name == c).ok_or_else(wrong)?;
            let count: i64 = digits.parse().map_err(|_| wrong())?;
            total = total + Self(unit.0.checked_mul(count).ok_or_else(wrong)?);
            digits.clear();
            parts += 1;
        }
        if parts == 0 || !digits.is_empty() { Err(wrong()) } else { Ok(total) }
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_str(self) } else { to.serialize_i64(self.0) }
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if from.is_human_readable() {
            let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
            text.parse().map_err(serde::de::Error::custom)
        } else {
            i64::deserialize(from).map(Self::from_micros)
        }
    }
}

impl JsonSchema for Duration {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Duration".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^\\s*([0-9]+\\s*[dhms]\\s*)+$",
            "examples": ["90m", "36h", "2d"]
        })
    }
}

/// How the zone of an event time was come by.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The message states the offset.
    Given,
    /// The connector declares the zone of the sender or the place.
    Inferred,
    /// Nobody says: the interval spans every zone in use.
    Unknown,
    /// The message has no time at all: the instant of its receipt stands in.
    Receipt,
}

/// When something happened: the interval in which it did, both ends included.
///
/// INVARIANT: `earliest <= latest`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct Happened {
    pub earliest: Instant,
    pub latest: Instant,
    pub basis: Basis,
}

impl Happened {
    /// The widest offsets in civil use: UTC+14 and UTC-12.
    pub const EAST_MAX: Duration = Duration::hours(14);
    pub const WEST_MAX: Duration = Duration::hours(12);

    #[must_use]
    pub const fn at(instant: Instant) -> Self {
        Self { earliest: instant, latest: instant, basis: Basis::Given }
    }
    #[must_use]
    pub const fn received(instant: Instant) -> Self {
        Self { earliest: instant, latest: instant, basis: Basis::Receipt }
    }
    /// The interval between two instants, in either order.
    #[must_use]
    pub fn between(one: Instant, other: Instant, basis: Basis) -> Self {
        Self { earliest: one.min(other), latest: one.max(other), basis }
    }
    /// Widens an interval that was read as UTC to all zones that it may have meant.
    #[must_use]
    pub fn zone_unknown(self) -> Self {
        Self {
            earliest: self.earliest - Self::EAST_MAX,
            latest: self.latest + Self::WEST_MAX,
            basis: Basis::Unknown,
        }
    }
    /// True only where no reading of the interval is at or before `limit`.
    #[must_use]
    pub fn surely_after(&self, limit: Instant) -> bool {
        self.earliest > limit
    }
    /// True only where no reading of the interval is at or after `limit`.
    #[must_use]
    pub fn surely_before(&self, limit: Instant) -> bool {
        self.latest < limit
    }
}

/// The present, as `derive` may ask about it.
#[derive(Debug)]
pub struct Now {
    at: Instant,
    next: Cell<Option<Instant>>,
}

impl Now {
    #[must_use]
    pub const fn new(at: Instant) -> Self {
        Self { at, next: Cell::new(None) }
    }
    /// Whether `instant` has been reached. If not, it is a candidate for `wake_at`.
    pub fn passed(&self, instant: Instant) -> bool {
        if instant <= self.at {
            return true;
        }
        if instant < Instant::MAX && self.next.get().is_none_or(|next| instant < next) {
            self.next.set(Some(instant));
        }
        false
    }
    /// The earliest instant at which an answer that was given could change.
    #[must_use]
    pub fn wake_at(&self) -> Option<Instant> {
        self.next.get()
    }
    /// The instant that the state is derived at, to be stated and never compared.
    #[must_use]
    pub const fn stated(&self) -> Instant {
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_and_write() {
        for (text, minutes, written) in [
            ("90m", 90, "1h 30m"),
            ("36h", 36 * 60, "1d 12h"),
            ("1d 12h", 36 * 60, "1d 12h"),
            ("0s", 0, "0s"),
        ] {
            let read: Duration = text.parse().unwrap();
            assert_eq!(read, Duration::minutes(minutes), "{text}");
            assert_eq!(read.to_string(), written);
        }
        for wrong in ["", "5", "h", "5x", "-3h", "99999999999999999999d", "9223372036854775807d"] {
            assert!(wrong.parse::<Duration>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn now_announces_the_earliest_boundary_it_was_asked_about() {
        let now = Now::new(Instant::from_seconds(100));
        assert!(now.passed(Instant::from_seconds(100)));
        assert_eq!(now.wake_at(), None);
        assert!(!now.passed(Instant::from_seconds(300)));
        assert!(!now.passed(Instant::from_seconds(200)));
        assert!(!now.passed(Instant::MAX));
        assert_eq!(now.wake_at(), Some(Instant::from_seconds(200)));
    }

    #[test]
    fn trap_a_time_without_a_zone_is_never_silently_utc() {
        let noon = Instant::from_seconds(12 * 3600);
        let unknown = Happened::at(noon).zone_unknown();
        assert!(!unknown.surely_after(noon) && !unknown.surely_before(noon));
        assert!(unknown.surely_after(noon - Duration::hours(14) - Duration::seconds(1)));
    }
}

//! A length of time with a sign, for charges and gains.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::{Duration, NotADuration};

/// Microseconds, below zero for a gain. Written like a length, gains with a minus: `-1h 30m`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SignedDuration(i64);

impl SignedDuration {
    pub const ZERO: Self = Self(0);

    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }
    /// Minutes, rounded towards zero. Rounded charges need not sum to the rounded lateness.
    #[must_use]
    pub const fn whole_minutes(self) -> i64 {
        self.0 / 60_000_000
    }
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
    /// What is to be added to `from` to come to `to`.
    #[must_use]
    pub const fn from_to(from: Duration, to: Duration) -> Self {
        Self(to.micros() - from.micros())
    }
}

impl Add for SignedDuration {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for SignedDuration {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Self::add)
    }
}

impl fmt::Display for SignedDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}", Duration::from_micros(self.0.saturating_abs()))
    }
}

impl fmt::Debug for SignedDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for SignedDuration {
    type Err = NotADuration;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        match text.strip_prefix('-') {
            Some(gain) => gain.parse::<Duration>().map(|length| Self(-length.micros())),
            None => text.parse::<Duration>().map(|length| Self(length.micros())),
        }
    }
}

impl Serialize for SignedDuration {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_str(self) } else { to.serialize_i64(self.0) }
    }
}

impl<'de> Deserialize<'de> for SignedDuration {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if from.is_human_readable() {
            let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
            text.parse().map_err(serde::de::Error::custom)
        } else {
            i64::deserialize(from).map(Self)
        }
    }
}

impl JsonSchema for SignedDuration {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SignedDuration".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^\\s*-?\\s*([0-9]+\\s*[dhms]\\s*)+$",
            "examples": ["90m", "-2h"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_are_written_with_a_minus() {
        for (minutes, written) in [(-90, "-1h 30m"), (0, "0s"), (1500, "1d 1h")] {
            let length = SignedDuration::from_micros(minutes * 60_000_000);
            assert_eq!(length.to_string(), written);
            assert_eq!(written.parse::<SignedDuration>().unwrap(), length);
            assert_eq!(length.whole_minutes(), minutes);
        }
        assert!("--1h".parse::<SignedDuration>().is_err());
    }
}

//! What a tenant used, as whoever runs Baton for others bills it: figures by day and by month, both in UTC,
//! so that they do not depend on where somebody looks from.
//!
//! A day is closed some time after its end, and is final from then on. What becomes known of a closed day
//! later (a message that is said to have been received then) counts for the first day that is open, as in
//! any books: an invoice that was sent stays right.

use std::fmt;
use std::ops::{Add, AddAssign};
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::Offset;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::time::{Duration, Instant};

const MONTHS_A_YEAR: i64 = 12;
/// The first and the last year that a month may be of, as it is written.
const YEARS: std::ops::RangeInclusive<i64> = 1970..=9998;

/// A day in UTC, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

/// A month in UTC, counted from 1970-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i64);

/// What was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Figures {
    /// Messages that were accepted, what people state among them; what came again is not.
    pub messages: i64,
    /// The bytes of these messages, decompressed.
    pub bytes: i64,
    /// Messages that came again and were answered as the first time.
    pub repeats: i64,
    /// Messages of which at least a part went to quarantine, each once.
    pub quarantined: i64,
    /// Orders that were first heard of.
    pub orders: i64,
    /// Events that were delivered to subscriptions.
    pub deliveries: i64,
}

impl Day {
    #[must_use]
    pub const fn of(at: Instant) -> Self {
        Self(at.micros().div_euclid(Duration::days(1).micros()))
    }
    #[must_use]
    pub const fn begins_at(self) -> Instant {
        Instant::from_micros(self.0.saturating_mul(Duration::days(1).micros()))
    }
    #[must_use]
    pub fn month(self) -> Month {
        Month::of(self.begins_at())
    }
    fn date(self) -> Date {
        Offset::UTC.to_datetime(self.begins_at().to_jiff()).date()
    }
}

impl Month {
    #[must_use]
    pub fn of(at: Instant) -> Self {
        let date = Offset::UTC.to_datetime(at.to_jiff()).date();
        Self((i64::from(date.year()) - 1970) * MONTHS_A_YEAR + i64::from(date.month()) - 1)
    }
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
    /// So many months before.
    #[must_use]
    pub const fn before(self, months: i64) -> Self {
        Self(self.0.saturating_sub(months))
    }
    #[must_use]
    pub fn first_day(self) -> Day {
        let (year, month) = self.parts();
        let first = i16::try_from(year).ok().zip(i8::try_from(month).ok());
        let date = first.and_then(|(year, month)| Date::new(year, month, 1).ok());
        let at = date.and_then(|date| Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok());
        Day::of(at.map_or(Instant::MIN, Instant::from_jiff))
    }
    const fn parts(self) -> (i64, i64) {
        (1970 + self.0.div_euclid(MONTHS_A_YEAR), self.0.rem_euclid(MONTHS_A_YEAR) + 1)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = self.parts();
        write!(f, "{year:04}-{month:02}")
    }
}

/// A month that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a month, expected one such as 2026-05")]
pub struct NotAMonth(String);

impl FromStr for Month {
    type Err = NotAMonth;
    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let wrong = || NotAMonth(text.to_owned());
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let (year, month) = text
            .split_once('-')
            .filter(|(year, month)| year.len() == 4 && month.len() == 2)
            .filter(|(year, month)| is_digits(year) && is_digits(month))
            .ok_or_else(wrong)?;
        let year: i64 = year.parse().map_err(|_| wrong())?;
        let month: i64 = month.parse().map_err(|_| wrong())?;
        if !YEARS.contains(&year) || !(1..=MONTHS_A_YEAR).contains(&month) {
            return Err(wrong());
        }
        Ok(Self((year - 1970) * MONTHS_A_YEAR + month - 1))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Figures {
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Add for Figures {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            messages: self.messages.saturating_add(other.messages),
            bytes: self.bytes.saturating_add(other.bytes),
            repeats: self.repeats.saturating_add(other.repeats),
            quarantined: self.quarantined.saturating_add(other.quarantined),
            orders: self.orders.saturating_add(other.orders),
            deliveries: self.deliveries.saturating_add(other.deliveries),
        }
    }
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_are_those_of_utc() {
        let check = |at: &str, day: &str, month: &str, first: &str| {
            let at: Instant = at.parse().unwrap();
            assert_eq!(Day::of(at).to_string(), day);
            assert_eq!(Month::of(at).to_string(), month);
            assert_eq!(Day::of(at).month(), Month::of(at));
            assert_eq!(Month::of(at).first_day().to_string(), first);
            assert_eq!(month.parse(), Ok(Month::of(at)));
            assert!(Day::of(at).begins_at() <= at);
            assert!(Month::of(at).next().first_day() > Day::of(at));
        };
        check("2026-05-03T23:59:59.999999Z", "2026-05-03", "2026-05", "2026-05-01");
        check("2026-05-31T23:59:59-02:00", "2026-06-01", "2026-06", "2026-06-01");
        check("2024-02-29T00:00:00Z", "2024-02-29", "2024-02", "2024-02-01");
        check("2026-12-31T12:00:00Z", "2026-12-31", "2026-12", "2026-12-01");
        check("1970-01-01T00:00:00Z", "1970-01-01", "1970-01", "1970-01-01");
    }

    #[test]
    fn what_is_no_month_is_said_to_be_none() {
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "26-05",
            "2026-5",
            "2026-05-01",
            "+026-05",
            "1969-12",
        ] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
        assert_eq!("2026-05".parse::<Month>().unwrap().before(5).to_string(), "2025-12");
    }
}

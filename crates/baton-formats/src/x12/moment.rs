//! Dates and times as X12 writes them. A date may lack its century, a time may lack its seconds,
//! and neither says a zone; all of that is kept as it was written, because what it means is for the
//! reader to decide.

use std::fmt;

use serde::Serialize;

/// Two-digit years below this are of the 2000s, the others of the 1900s.
const CENTURY_PIVOT: u16 = 70;

/// A calendar date, written CCYYMMDD or YYMMDD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct X12Date {
    year: u16,
    month: u8,
    day: u8,
    short: bool,
}

impl X12Date {
    /// A date written with its century; `None` if there is no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<X12Date> {
        let exists = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        exists.then_some(X12Date { year, month, day, short: false })
    }

    /// The same date written as YYMMDD; `None` outside 1970 to 2069, which six digits cannot say.
    pub fn shortened(self) -> Option<X12Date> {
        let span = 1900 + CENTURY_PIVOT..2000 + CENTURY_PIVOT;
        span.contains(&self.year).then_some(X12Date { short: true, ..self })
    }

    /// Reads CCYYMMDD or YYMMDD.
    pub fn parse(text: &str) -> Option<X12Date> {
        let text = text.trim_end();
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number: u32 = text.parse().ok()?;
        let (month, day) = ((number / 100 % 100) as u8, (number % 100) as u8);
        let year = u16::try_from(number / 10_000).ok()?;
        match text.len() {
            8 => X12Date::new(year, month, day),
            6 if year < CENTURY_PIVOT => X12Date::new(2000 + year, month, day)?.shortened(),
            6 => X12Date::new(1900 + year, month, day)?.shortened(),
            _ => None,
        }
    }

    /// Year with its century; two-digit years lie between 1970 and 2069.
    pub fn year(self) -> u16 {
        self.year
    }

    /// Month, from 1.
    pub fn month(self) -> u8 {
        self.month
    }

    /// Day of the month, from 1.
    pub fn day(self) -> u8 {
        self.day
    }

    /// Was it written without its century?
    pub fn is_short(self) -> bool {
        self.short
    }
}

impl fmt::Display for X12Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let X12Date { year, month, day, short } = self;
        if *short {
            write!(f, "{:02}{month:02}{day:02}", year % 100)
        } else {
            write!(f, "{year:04}{month:02}{day:02}")
        }
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A time of day as written: HHMM, HHMMSS, HHMMSSD or HHMMSSDD.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct X12Time(String);

impl X12Time {
    /// Reads a time; `None` if it is not one. 2400 is not one: midnight is 0000.
    pub fn parse(text: &str) -> Option<X12Time> {
        let text = text.trim_end();
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let time = X12Time(text.to_owned());
        let length = matches!(text.len(), 4 | 6 | 7 | 8);
        let of_day = time.hour() < 24 && time.minute() < 60 && time.second().unwrap_or(0) < 60;
        (digits && length && of_day).then_some(time)
    }

    /// Hour and minute; `None` if there is no such time.
    pub fn new(hour: u8, minute: u8) -> Option<X12Time> {
        X12Time::parse(&format!("{hour:02}{minute:02}"))
    }

    fn two(&self, at: usize) -> Option<u8> {
        self.0.get(at..at + 2)?.parse().ok()
    }

    /// Hour, 0 to 23.
    pub fn hour(&self) -> u8 {
        self.two(0).unwrap_or(0)
    }

    /// Minute, 0 to 59.
    pub fn minute(&self) -> u8 {
        self.two(2).unwrap_or(0)
    }

    /// Second, if the time was written with seconds.
    pub fn second(&self) -> Option<u8> {
        self.two(4)
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for X12Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_kept_as_written() {
        for text in ["20260228", "20240229", "260228", "991231", "690101"] {
            assert_eq!(X12Date::parse(text).map(|d| d.to_string()).as_deref(), Some(text));
        }
        for text in ["", "20260229", "20260431", "0", "2026022", "000000", "2026-1-1", "20261301"] {
            assert_eq!(X12Date::parse(text), None, "{text}");
        }
        assert_eq!(X12Date::parse("690101").map(X12Date::year), Some(2069));
        assert_eq!(X12Date::parse("700101").map(X12Date::year), Some(1970));
    }

    #[test]
    fn times_are_kept_as_written() {
        for text in ["0000", "2359", "142428", "1424281", "14242899"] {
            assert_eq!(X12Time::parse(text).map(|t| t.to_string()).as_deref(), Some(text));
        }
        for text in ["", "2400", "1260", "12", "12345", "12:30", "123061"] {
            assert_eq!(X12Time::parse(text), None, "{text}");
        }
        assert_eq!(X12Time::parse("142428").and_then(|t| t.second()), Some(28));
    }
}

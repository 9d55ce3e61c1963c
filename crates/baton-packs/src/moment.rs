//! Event times as partners write them: with an offset, without one, or as a mere day.
//!
//! INVARIANT: a time without a zone is never silently UTC. It takes the zone that the message or the
//! connector declares (inferred), or else spans every zone in use (unknown).

use baton_core::time::{Basis, Duration, Happened, Instant};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// What times are expected to look like, for messages.
pub(crate) const EXPECTED: &str = "a time such as 2026-05-03T14:10:00Z, 2026-05-03T14:10:00-05:00, 2026-05-03T14:10 or 2026-05-03";

/// Reads a time. `zone` is where a time without an offset was meant.
pub(crate) fn read(text: &str, zone: Option<&TimeZone>) -> Option<Happened> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(Happened::at(Instant::from_jiff(at)));
    }
    if !text.contains(['T', 't', ' ', ':'])
        && let Some(day) = date(text)
    {
        return Some(of_day(day, zone));
    }
    text.parse::<DateTime>().ok().map(|at| of_local(at, zone))
}

/// Reads a date and perhaps a time of day, written apart.
pub(crate) fn read_parts(
    date_text: &str,
    time_text: Option<&str>,
    zone: Option<&TimeZone>,
) -> Option<Happened> {
    let day = date(date_text.trim())?;
    match time_text.map(str::trim).filter(|t| !t.is_empty()) {
        Some(text) => Some(of_local(day.to_datetime(time(text)?), zone)),
        None => Some(of_day(day, zone)),
    }
}

/// `2026-05-03`, `20260503`, or `260503` as X12 wrote it before the year 2000.
fn date(text: &str) -> Option<Date> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let number = |from, to| text.get(from..to)?.parse::<i16>().ok();
    match text.len() {
        8 if digits => Date::new(number(0, 4)?, number(4, 6)? as i8, number(6, 8)? as i8).ok(),
        6 if digits => {
            let short = number(0, 2)?;
            let year = if short < 70 { 2000 + short } else { 1900 + short };
            Date::new(year, number(2, 4)? as i8, number(4, 6)? as i8).ok()
        }
        10 => text.parse().ok(),
        _ => None,
    }
}

/// `14:10`, `14:10:30`, `1410`, `141030` and with fractions of the second, as X12 writes them.
fn time(text: &str) -> Option<Time> {
    if text.contains(':') {
        return text.parse().ok();
    }
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let two = |from: usize| text.get(from..from + 2).map_or(Some(0), |t| t.parse::<i8>().ok());
    let length = matches!(text.len(), 4 | 6 | 7 | 8);
    if digits && length { Time::new(two(0)?, two(2)?, two(4)?, 0).ok() } else { None }
}

/// A zone by its IANA name, an offset such as `-05:00`, or a code of X12 element 623.
pub(crate) fn zone(text: &str) -> Option<TimeZone> {
    let text = text.trim();
    let hours = match text {
        "UT" | "GM" | "Z" | "UTC" => return Some(TimeZone::UTC),
        "ET" => return TimeZone::get("America/New_York").ok(),
        "CT" => return TimeZone::get("America/Chicago").ok(),
        "MT" => return TimeZone::get("America/Denver").ok(),
        "PT" => return TimeZone::get("America/Los_Angeles").ok(),
        "ES" | "CD" => -5,
        "ED" => -4,
        "CS" | "MD" => -6,
        "MS" | "PD" => -7,
        "PS" => -8,
        _ => return offset(text).or_else(|| TimeZone::get(text).ok()),
    };
    Some(Offset::constant(hours).to_time_zone())
}

fn offset(text: &str) -> Option<TimeZone> {
    let sign = match text.as_bytes().first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return None,
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let two = |from: usize| digits.get(from..from + 2).map_or(Some(0), |t| t.parse::<i32>().ok());
    let seconds = sign * (two(0)? * 3600 + two(2)? * 60);
    Offset::from_seconds(seconds).ok().map(Offset::to_time_zone)
}

fn of_day(day: Date, zone: Option<&TimeZone>) -> Happened {
    let start = |day: Date| instant(day.to_datetime(Time::midnight()), zone);
    let from = start(day).0;
    let until = day.tomorrow().map_or(from, |next| start(next).0 - Duration::from_micros(1));
    stated(from, until, zone)
}

fn of_local(at: DateTime, zone: Option<&TimeZone>) -> Happened {
    let (earlier, later) = instant(at, zone);
    stated(earlier, later, zone)
}

fn stated(from: Instant, until: Instant, zone: Option<&TimeZone>) -> Happened {
    let interval = Happened::between(from, until, Basis::Inferred);
    if zone.is_some() { interval } else { interval.zone_unknown() }
}

/// The instants that a civil time may mean: two where clocks are set back.
fn instant(at: DateTime, zone: Option<&TimeZone>) -> (Instant, Instant) {
    let utc = TimeZone::UTC;
    let zone = zone.unwrap_or(&utc);
    let ambiguous = zone.to_ambiguous_timestamp(at);
    let read = |at: Result<Timestamp, jiff::Error>| {
        Instant::from_jiff(at.unwrap_or(Timestamp::UNIX_EPOCH))
    };
    if ambiguous.is_ambiguous()
        && matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Fold { .. })
    {
        (read(ambiguous.earlier()), read(ambiguous.later()))
    } else {
        let at = read(ambiguous.compatible());
        (at, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, zone_name: Option<&str>) -> String {
        let zone = zone_name.map(|name| zone(name).unwrap());
        match read(text, zone.as_ref()) {
            Some(Happened { earliest, latest, basis }) => format!("{earliest} {latest} {basis:?}"),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn times_are_intervals_that_say_how_they_were_come_by() {
        let chicago = Some("America/Chicago");
        for (text, zone, expected) in [
            ("2026-05-03T14:10:00Z", None, "2026-05-03T14:10:00Z 2026-05-03T14:10:00Z Given"),
            (
                "2026-05-03T14:10:00-05:00",
                chicago,
                "2026-05-03T19:10:00Z 2026-05-03T19:10:00Z Given",
            ),
            ("2026-05-03T14:10", chicago, "2026-05-03T19:10:00Z 2026-05-03T19:10:00Z Inferred"),
            (
                "2026-05-03 14:10:00",
                Some("-05:00"),
                "2026-05-03T19:10:00Z 2026-05-03T19:10:00Z Inferred",
            ),
            ("2026-05-03", chicago, "2026-05-03T05:00:00Z 2026-05-04T04:59:59.999999Z Inferred"),
            ("20260503", chicago, "2026-05-03T05:00:00Z 2026-05-04T04:59:59.999999Z Inferred"),
            // Clocks are set back: the hour comes twice.
            ("2026-11-01T01:30", chicago, "2026-11-01T06:30:00Z 2026-11-01T07:30:00Z Inferred"),
            ("tomorrow", chicago, "none"),
            ("2026-13-01", None, "none"),
            ("", None, "none"),
        ] {
            assert_eq!(check(text, zone), expected, "{text}");
        }
    }

    #[test]
    fn trap_11_a_stamp_without_a_zone_spans_all_zones() {
        assert_eq!(
            check("2026-05-03T14:10:00", None),
            "2026-05-03T00:10:00Z 2026-05-04T02:10:00Z Unknown"
        );
    }

    #[test]
    fn x12_writes_date_and_time_apart() {
        let central = zone("CS").unwrap();
        let read = |d, t| read_parts(d, t, Some(&central)).map(|h| h.earliest.to_string());
        assert_eq!(read("20260503", Some("1410")).as_deref(), Some("2026-05-03T20:10:00Z"));
        assert_eq!(read("260503", Some("14103055")).as_deref(), Some("2026-05-03T20:10:30Z"));
        assert_eq!(read("20260503", Some("2460")), None);
        assert_eq!(zone("LT"), None);
    }
}

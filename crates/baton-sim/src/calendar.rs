//! Civil time and working hours of the partners. Everybody works Monday to Friday; there are no
//! holidays in this world, on purpose: the packs' calendars have tests of their own for them.

use baton_core::time::{Duration, Instant};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, ZonedDateTime};

/// The zone of shop, ERP and finance.
pub(crate) const OFFICE_ZONE: &str = "America/New_York";
/// The zone of the OEM and the distributor; acknowledgements are due in its working time.
pub const SUPPLIER_ZONE: &str = "America/Chicago";

/// Working hours, the same on each working day, in whole hours of local time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hours {
    pub(crate) zone: &'static str,
    pub(crate) opens: i8,
    pub(crate) closes: i8,
}

/// Opening hour of the suppliers, local time.
pub const SUPPLIER_OPENS: i8 = 8;
/// Closing hour of the suppliers, local time.
pub const SUPPLIER_CLOSES: i8 = 17;

pub(crate) const SUPPLIER: Hours =
    Hours { zone: SUPPLIER_ZONE, opens: SUPPLIER_OPENS, closes: SUPPLIER_CLOSES };
pub(crate) const OFFICE: Hours = Hours { zone: OFFICE_ZONE, opens: 8, closes: 18 };

pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

pub(crate) fn local(at: Instant, zone_name: &str) -> ZonedDateTime {
    at.to_jiff().to_zoned_datetime(zone(zone_name))
}

pub(crate) fn date(at: Instant, zone_name: &str) -> Date {
    local(at, zone_name).date()
}

/// The instant at which it is this hour and minute there.
pub(crate) fn at(date: Date, hour: i8, minute: i8, zone_name: &str) -> Instant {
    let there = zone(zone_name).to_ambiguous_timestamp(date.at(hour, minute, 0, 0)).compatible();
    Instant::from_jiff(there.unwrap_or(Timestamp::UNIX_EPOCH))
}

pub(crate) fn plus_days(date: Date, days: i64) -> Date {
    date.checked_add(days.days()).unwrap_or(date)
}

pub(crate) fn is_working_day(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// This day, or the first working day after it.
pub(crate) fn working_day_from(date: Date) -> Date {
    let mut day = date;
    while !is_working_day(day) {
        day = plus_days(day, 1);
    }
    day
}

/// The day so many working days later.
pub(crate) fn plus_working_days(date: Date, days: i64) -> Date {
    let mut day = working_day_from(date);
    for _ in 0..days {
        day = working_day_from(plus_days(day, 1));
    }
    day
}

/// The instant at which so much working time has passed since `from`.
pub(crate) fn plus_working(from: Instant, length: Duration, hours: Hours) -> Instant {
    let mut rest = length;
    let mut day = date(from, hours.zone);
    let mut start = from;
    loop {
        if is_working_day(day) {
            let opens = at(day, hours.opens, 0, hours.zone).max(start);
            let closes = at(day, hours.closes, 0, hours.zone);
            let open = closes.since(opens);
            if opens < closes && rest <= open {
                return opens + rest;
            }
            rest = rest.saturating_sub(open);
        }
        day = plus_days(day, 1);
        start = at(day, 0, 0, hours.zone);
    }
}

/// This instant if it is working time, else the next opening.
pub(crate) fn next_open(from: Instant, hours: Hours) -> Instant {
    plus_working(from, Duration::from_micros(1), hours) - Duration::from_micros(1)
}

/// RFC 3339 with the local offset, whole seconds.
pub(crate) fn stamp(at: Instant, zone_name: &str) -> String {
    local(at, zone_name).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Local time without any offset, as careless senders write it.
pub(crate) fn stamp_without_zone(at: Instant, zone_name: &str) -> String {
    local(at, zone_name).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_time_skips_nights_weekends_and_dst() {
        for (from, hours, expected) in [
            ("2026-05-04T15:00:00Z", 2, "2026-05-04T17:00:00Z"),
            ("2026-05-04T20:00:00Z", 8, "2026-05-05T19:00:00Z"),
            ("2026-05-08T21:00:00Z", 8, "2026-05-11T20:00:00Z"),
            ("2026-05-09T03:00:00Z", 1, "2026-05-11T14:00:00Z"),
            // The clocks go back on Sunday 1 November: 08:00 is then an hour later in UTC.
            ("2026-10-30T20:00:00Z", 4, "2026-11-02T16:00:00Z"),
        ] {
            let from: Instant = from.parse().unwrap();
            let got = plus_working(from, Duration::hours(hours), SUPPLIER);
            assert_eq!(got.to_string(), expected);
        }
    }

    #[test]
    fn next_opening() {
        let saturday: Instant = "2026-05-09T15:00:00Z".parse().unwrap();
        assert_eq!(next_open(saturday, SUPPLIER).to_string(), "2026-05-11T13:00:00Z");
        let noon: Instant = "2026-05-11T17:00:00Z".parse().unwrap();
        assert_eq!(next_open(noon, SUPPLIER), noon);
    }
}

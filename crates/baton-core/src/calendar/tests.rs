//! Working time, checked against the clock on the wall, minute by minute, in zones of every kind.

use proptest::prelude::*;

use super::*;
use crate::time::{Duration, Instant};

fn texts(intervals: &[&str]) -> Vec<String> {
    intervals.iter().map(|text| (*text).to_owned()).collect()
}

/// Monday to Friday 08–12 and 13–17, Saturday 09–12, nights from Sunday 22:00.
fn calendar(zone: &str) -> Calendar {
    let day = texts(&["08:00-12:00", "13:00-17:00"]);
    let week = Week {
        mon: texts(&["00:00-06:00", "08:00-12:00", "13:00-17:00"]),
        tue: day.clone(),
        wed: day.clone(),
        thu: day.clone(),
        fri: day,
        sat: texts(&["09:00-12:00"]),
        sun: texts(&["01:30-03:30", "22:00-24:00"]),
    };
    let version = CalendarVersion {
        from: "2025-01-01".into(),
        week: week.clone(),
        holidays: vec![Holiday { on: "2026-05-01".into(), name: "Labour Day".into() }],
        exceptions: [("2026-05-09".to_owned(), texts(&["08:00-16:00"]))].into(),
    };
    let summer = CalendarVersion {
        from: "2026-06-01".into(),
        week: Week { fri: texts(&["08:00-12:00"]), ..week },
        holidays: vec![],
        exceptions: BTreeMap::new(),
    };
    Calendar {
        name: "northwind-dock".into(),
        time_zone: zone.into(),
        versions: vec![summer, version],
    }
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

#[test]
fn working_time_is_added_and_counted() {
    // Zurich is at +01:00 in winter and +02:00 from 2026-03-29 to 2026-10-25.
    for (why, from, length, to) in [
        ("within an interval", "2026-05-05T09:00:00+02:00", "2h", "2026-05-05T11:00:00+02:00"),
        ("up to the close", "2026-05-05T08:00:00+02:00", "8h", "2026-05-05T17:00:00+02:00"),
        ("over lunch", "2026-05-05T11:00:00+02:00", "2h", "2026-05-05T14:00:00+02:00"),
        ("from the night", "2026-05-05T03:00:00+02:00", "1h", "2026-05-05T09:00:00+02:00"),
        (
            "over a holiday (trap 18)",
            "2026-04-30T16:00:00+02:00",
            "2h",
            "2026-05-02T10:00:00+02:00",
        ),
        ("on an extra Saturday", "2026-05-08T16:00:00+02:00", "8h", "2026-05-09T15:00:00+02:00"),
        ("over midnight", "2026-05-10T22:00:00+02:00", "3h", "2026-05-11T01:00:00+02:00"),
        ("the summer's hours", "2026-06-05T11:00:00+02:00", "2h", "2026-06-06T10:00:00+02:00"),
        (
            "before the first version",
            "2024-05-07T11:00:00+02:00",
            "2h",
            "2024-05-07T14:00:00+02:00",
        ),
        ("a skipped hour", "2026-03-29T01:00:00+01:00", "1h", "2026-03-29T03:30:00+02:00"),
        (
            "an hour that comes twice",
            "2026-10-25T01:30:00+02:00",
            "3h",
            "2026-10-25T03:30:00+01:00",
        ),
    ] {
        let work = calendar("Europe/Zurich").compile().unwrap();
        let (from, to, length) = (at(from), at(to), length.parse::<Duration>().unwrap());
        assert_eq!(work.add(from, length), to, "{why}");
        assert_eq!(work.between(from, to), length, "{why}");
    }
}

#[test]
fn the_next_opening_is_found() {
    let work = calendar("America/New_York").compile().unwrap();
    for (from, open) in [
        ("2026-05-05T09:00:00-04:00", "2026-05-05T09:00:00-04:00"),
        ("2026-05-05T12:00:00-04:00", "2026-05-05T13:00:00-04:00"),
        ("2026-05-05T17:00:00-04:00", "2026-05-06T08:00:00-04:00"),
        ("2026-05-01T09:00:00-04:00", "2026-05-02T09:00:00-04:00"),
    ] {
        assert_eq!(work.next_open(at(from)), at(open), "{from}");
        assert_eq!(work.is_open(at(from)), from == open, "{from}");
    }
}

#[test]
fn what_is_beyond_the_horizon_never_comes() {
    let work = calendar("UTC").compile().unwrap();
    assert_eq!(work.add(at("2026-05-05T09:00:00Z"), Duration::days(20 * 366)), Instant::MAX);
    assert_eq!(work.add(Instant::MAX, Duration::hours(1)), Instant::MAX);
    assert_eq!(work.next_open(Instant::MAX), Instant::MAX);
    assert!(work.add(at("2026-05-05T09:00:00Z"), Duration::days(365)) < Instant::MAX);
    // An exception far behind is the only opening.
    let mut once = calendar("UTC");
    once.versions = vec![CalendarVersion {
        from: "2025-01-01".into(),
        week: Week::default(),
        holidays: vec![],
        exceptions: [("2026-05-09".to_owned(), texts(&["08:00-09:00"]))].into(),
    }];
    let once = once.compile().unwrap();
    assert_eq!(once.next_open(at("2025-02-01T00:00:00Z")), at("2026-05-09T08:00:00Z"));
    assert_eq!(once.next_open(at("2026-05-09T09:00:00Z")), Instant::MAX);
    assert_eq!(once.between(Instant::MIN, Instant::MAX), Duration::hours(1));
}

#[test]
fn always_is_elapsed_time() {
    let (always, from) = (WorkingTime::always(), at("2026-05-02T23:00:00Z"));
    assert_eq!(always.add(from, Duration::hours(2)), at("2026-05-03T01:00:00Z"));
    assert_eq!(always.next_open(from), from);
    assert_eq!(always.between(from, from - Duration::hours(1)), Duration::ZERO);
}

#[test]
fn every_fault_is_told_with_its_place() {
    fn check(why: &str, spoil: impl FnOnce(&mut Calendar), expected: &[&str]) {
        let mut calendar = calendar("Europe/Zurich");
        spoil(&mut calendar);
        let told: Vec<String> = calendar
            .compile()
            .expect_err(why)
            .into_iter()
            .map(|fault| fault.to_string().chars().take(70).collect())
            .collect();
        let matches = told.len() == expected.len()
            && told.iter().zip(expected).all(|(told, expected)| told.starts_with(expected));
        assert!(matches, "{why}: {told:#?}");
    }
    check("zone", |c| c.time_zone = "Mars/Base".into(), &["/time_zone: `Mars/Base` is not a time"]);
    check("name", |c| c.name = "always".into(), &["/name: `always` is the calendar that is alw"]);
    check("none", |c| c.versions.clear(), &["/versions: a calendar needs at least one version"]);
    check(
        "several at once",
        |c| {
            c.versions[0].week.mon = texts(&["8-12", "12:00-08:00", "08:00-12:00", "11:00-13:00"]);
            c.versions[1].from = "1 May".into();
        },
        &[
            "/versions/0/week/mon/0: `8-12` is not an interval",
            "/versions/0/week/mon/1: `12:00-08:00` does not end",
            "/versions/0/week/mon/3: `11:00-13:00` overlaps `08:00-12:00`",
            "/versions/1/from: `1 May` is not a date",
        ],
    );
    check(
        "past the end of the day",
        |c| c.versions[0].week.fri = texts(&["22:00-24:01", "08:00-09:60", "+8:00-09:00"]),
        &["/versions/0/week/fri/0: ", "/versions/0/week/fri/1: ", "/versions/0/week/fri/2: "],
    );
    check(
        "dates",
        |c| {
            c.versions[1].from = c.versions[0].from.clone();
            c.versions[1].holidays[0].on = "2026-02-30".into();
            c.versions[1].exceptions.insert("a/b".into(), vec![]);
        },
        &[
            "/versions/1/holidays/0/on: `2026-02-30` is not",
            "/versions/1/exceptions/a~1b: `a/b` is not a date",
            "/versions/1/from: 2026-06-01 is given twice",
        ],
    );
    check(
        "closed for good",
        |c| {
            c.versions.truncate(1);
            c.versions[0].week = Week::default();
        },
        &["/versions: no version has any working time"],
    );
}

/// Minute by minute through the wall clock: slow, and too simple to be wrong.
fn minutes_by_hand(calendar: &Calendar, from: Instant, minutes: i64) -> i64 {
    let zone = jiff::tz::TimeZone::get(&calendar.time_zone).unwrap();
    let open = |instant: Instant| {
        let wall = zone.to_datetime(instant.to_jiff());
        let date = wall.date().to_string();
        let mut versions: Vec<_> = calendar.versions.iter().collect();
        versions.sort_by(|a, b| a.from.cmp(&b.from));
        let version = versions.iter().rfind(|v| v.from <= date).unwrap_or(&versions[0]);
        let weekday = wall.weekday().to_monday_zero_offset() as usize;
        let hours = match version.exceptions.get(&date) {
            Some(hours) => hours.as_slice(),
            None if version.holidays.iter().any(|h| h.on == date) => &[],
            None => version.week.days()[weekday].1,
        };
        let time = format!("{:02}:{:02}", wall.hour(), wall.minute());
        hours.iter().any(|text| {
            let (open, close) = text.split_once('-').unwrap();
            open <= time.as_str() && time.as_str() < close
        })
    };
    (0..minutes).filter(|n| open(from + Duration::minutes(*n))).count() as i64
}

const ZONES: [&str; 5] =
    ["America/New_York", "Europe/Zurich", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"];
/// Around the changes of the clocks of 2026, and anywhere in three years.
const STARTS: [&str; 6] = [
    "2026-03-07T00:00:00Z",
    "2026-03-28T00:00:00Z",
    "2026-04-03T00:00:00Z",
    "2026-10-02T00:00:00Z",
    "2026-10-24T00:00:00Z",
    "2026-10-31T00:00:00Z",
];

fn instants() -> impl Strategy<Value = Instant> {
    let near = (0..STARTS.len(), 0..3 * 86_400_000_000i64)
        .prop_map(|(n, micros)| at(STARTS[n]) + Duration::from_micros(micros));
    let anywhere = (0..3 * 365 * 86_400i64)
        .prop_map(|seconds| at("2025-01-01T00:00:00Z") + Duration::seconds(seconds));
    prop_oneof![near, anywhere]
}

fn lengths() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0..12 * 3600 * 1_000_000i64).prop_map(Duration::from_micros),
        (0..120i64).prop_map(Duration::minutes),
        (0..400i64).prop_map(Duration::hours),
        (0..4_000i64).prop_map(Duration::hours),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn what_was_added_is_what_lies_between(zone in 0..5usize, start in instants(), a in lengths(), b in lengths()) {
        let work = calendar(ZONES[zone]).compile().unwrap();
        let end = work.add(start, a);
        prop_assert!(start <= end && end < Instant::MAX);
        prop_assert_eq!(work.between(start, end), a);
        prop_assert_eq!(work.add(end, b), work.add(start, a + b), "in two steps or one");
        prop_assert!(a.is_zero() || !work.is_open(end) || work.is_open(end - Duration::from_micros(1)));
        let open = work.next_open(start);
        prop_assert!(open >= start && work.is_open(open) && work.between(start, open).is_zero());
        if a > b {
            prop_assert!(work.add(start, b) < end, "more work ends later");
        }
    }

    #[test]
    fn working_time_adds_up(zone in 0..5usize, mut t in prop::array::uniform3(instants())) {
        let work = calendar(ZONES[zone]).compile().unwrap();
        t.sort();
        let (first, second) = (work.between(t[0], t[1]), work.between(t[1], t[2]));
        prop_assert_eq!(work.between(t[0], t[2]), first + second);
        prop_assert!(first <= t[1].since(t[0]));
        prop_assert_eq!(work.between(t[2], t[0]).is_zero(), true);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_wall_clock_agrees(zone in 0..5usize, start in instants(), minutes in 0..2 * 1440i64) {
        let calendar = calendar(ZONES[zone]);
        let start = Instant::from_seconds(start.micros() / 60_000_000 * 60);
        let worked = calendar.compile().unwrap().between(start, start + Duration::minutes(minutes));
        prop_assert_eq!(worked.whole_minutes(), minutes_by_hand(&calendar, start, minutes));
    }
}

#[test]
fn a_declaration_is_read_and_strays_are_refused() {
    let text = r#"{
        "name": "fabrikam-dock", "time_zone": "Europe/Zurich",
        "versions": [{
            "from": "2026-01-01",
            "week": { "mon": ["08:00-12:00", "13:00-17:00"] },
            "holidays": [{ "on": "2026-05-25", "name": "Whit Monday" }],
            "exceptions": { "2026-05-09": ["08:00-12:00"] }
        }]
    }"#;
    let calendar: Calendar = serde_json::from_str(text).unwrap();
    assert!(calendar.compile().is_ok());
    let stray = text.replace("\"mon\"", "\"monday\"");
    assert!(serde_json::from_str::<Calendar>(&stray).unwrap_err().to_string().contains("monday"));
}

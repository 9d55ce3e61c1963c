//! Working hours on the civil time line: days counted from 1970-01-01 and microseconds of the day.
//!
//! Nothing here knows of zones. A stretch of time with one UTC offset is a stretch of this line, so
//! all arithmetic is on integers; [`super::WorkingTime`] cuts time into such stretches.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{CalendarFault, CalendarFaultKind, INTERVALS_MAX};

/// Microseconds of a civil day.
pub(super) const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;
/// 1970-01-01 was a Thursday; Monday is day 0 of the week.
const EPOCH_WEEKDAY: i64 = 3;

/// The open intervals of one day.
///
/// INVARIANT: sorted, apart, each within `0..=DAY` and not empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct DayPlan {
    open: Vec<(i64, i64)>,
    pub(super) total: i64,
}

impl DayPlan {
    /// Reads intervals; those that are wrong are left out and reported.
    pub(super) fn read(texts: &[String], path: &str, faults: &mut Vec<CalendarFault>) -> Self {
        super::limit(texts.len(), INTERVALS_MAX, path, faults);
        let mut read: Vec<(i64, i64, &String)> = Vec::new();
        for (n, text) in texts.iter().take(INTERVALS_MAX).enumerate() {
            let place = format!("{path}/{n}");
            match interval(text) {
                None => {
                    faults.push(CalendarFaultKind::NotAnInterval { text: text.clone() }.at(place));
                }
                Some((from, to)) if from >= to => {
                    faults.push(CalendarFaultKind::Backwards { text: text.clone() }.at(place));
                }
                Some((from, to)) => {
                    if let Some((_, _, other)) = read.iter().find(|(f, t, _)| from < *t && *f < to)
                    {
                        let (text, other) = (text.clone(), (*other).clone());
                        faults.push(CalendarFaultKind::Overlap { text, other }.at(place));
                    } else {
                        read.push((from, to, text));
                    }
                }
            }
        }
        let mut open: Vec<(i64, i64)> = read.into_iter().map(|(from, to, _)| (from, to)).collect();
        open.sort_unstable();
        let total = open.iter().map(|(from, to)| to - from).sum();
        Self { open, total }
    }

    /// Working time between two times of the day.
    fn within(&self, from: i64, to: i64) -> i64 {
        self.open.iter().map(|(open, close)| (to.min(*close) - from.max(*open)).max(0)).sum()
    }

    /// The time of the day at which `need` has been worked since `from`; the day's end if it never is.
    fn reach(&self, from: i64, mut need: i64) -> i64 {
        for (open, close) in &self.open {
            let begin = from.max(*open);
            let here = (close - begin).max(0);
            if need <= here {
                return begin + need;
            }
            need -= here;
        }
        DAY
    }
}

/// `08:00-12:00` in microseconds of the day.
fn interval(text: &str) -> Option<(i64, i64)> {
    let (from, to) = text.split_once('-')?;
    Some((time_of_day(from.trim())?, time_of_day(to.trim())?))
}

fn time_of_day(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !two_digits(hours) || !two_digits(minutes) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let of_day = (hours * 60 + minutes) * MINUTE;
    (minutes < 60 && of_day <= DAY).then_some(of_day)
}

/// Days from 1970-01-01 to the date, if it is one.
pub(super) fn day_of(text: &str, path: &str, faults: &mut Vec<CalendarFault>) -> Option<i64> {
    let date = if text.len() == 10 { text.parse::<Date>().ok() } else { None };
    if date.is_none() {
        faults.push(CalendarFaultKind::NotADate { text: text.to_owned() }.at(path));
    }
    let epoch = Date::constant(1970, 1, 1);
    date.map(|d| epoch.duration_until(d).as_hours() / 24)
}

/// One version of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) from_day: i64,
    week: [DayPlan; 7],
    week_total: i64,
    /// Holidays and exceptions by day.
    special: BTreeMap<i64, DayPlan>,
}

impl Version {
    pub(super) fn new(from_day: i64, week: [DayPlan; 7], special: BTreeMap<i64, DayPlan>) -> Self {
        let week_total = week.iter().map(|day| day.total).sum();
        Self { from_day, week, week_total, special }
    }

    pub(super) fn never_opens(&self) -> bool {
        self.week_total == 0 && self.special.values().all(|day| day.total == 0)
    }

    fn weekday(&self, day: i64) -> &DayPlan {
        let [mon, tue, wed, thu, fri, sat, sun] = &self.week;
        match (day + EPOCH_WEEKDAY).rem_euclid(7) {
            0 => mon,
            1 => tue,
            2 => wed,
            3 => thu,
            4 => fri,
            5 => sat,
            _ => sun,
        }
    }

    fn day(&self, day: i64) -> &DayPlan {
        self.special.get(&day).unwrap_or_else(|| self.weekday(day))
    }

    /// Working time of the whole days `from..to`: whole weeks at once, then what is special in them.
    fn days(&self, from: i64, to: i64) -> i64 {
        if from >= to {
            return 0;
        }
        let rest = (to - from) % 7;
        let regular = (to - from) / 7 * self.week_total
            + (from..from + rest).map(|day| self.weekday(day).total).sum::<i64>();
        let special: i64 = self
            .special
            .range(from..to)
            .map(|(day, plan)| plan.total - self.weekday(*day).total)
            .sum();
        regular + special
    }
}

/// All versions, in order of their dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan(Vec<Version>);

impl Plan {
    pub(super) fn new(versions: Vec<Version>) -> Self {
        Self(versions)
    }

    fn day(&self, day: i64) -> Option<&DayPlan> {
        let version = self.0.iter().rev().find(|v| v.from_day <= day).or(self.0.first())?;
        Some(version.day(day))
    }

    /// Working time of the whole days `from..to`.
    fn days(&self, from: i64, to: i64) -> i64 {
        let ends = self.0.iter().skip(1).map(|v| v.from_day).chain([i64::MAX]);
        let begins = [i64::MIN].into_iter().chain(self.0.iter().skip(1).map(|v| v.from_day));
        self.0
            .iter()
            .zip(begins.zip(ends))
            .map(|(version, (begin, end))| version.days(from.max(begin), to.min(end)))
            .sum()
    }

    /// Working time between two points of the civil line.
    pub(super) fn between(&self, from: i64, to: i64) -> i64 {
        if from >= to {
            return 0;
        }
        let (first, last) = (from.div_euclid(DAY), to.div_euclid(DAY));
        let within = |day, a, b| self.day(day).map_or(0, |plan| plan.within(a, b));
        if first == last {
            return within(first, from.rem_euclid(DAY), to.rem_euclid(DAY));
        }
        within(first, from.rem_euclid(DAY), DAY)
            + self.days(first + 1, last)
            + within(last, 0, to.rem_euclid(DAY))
    }

    /// The point at which `need` (above zero) has been worked since `from`. The caller has made sure
    /// that it is reached at or before `limit`.
    pub(super) fn reach(&self, from: i64, need: i64, limit: i64) -> i64 {
        let first = from.div_euclid(DAY);
        let reach = |day, at, need| self.day(day).map_or(DAY, |plan| plan.reach(at, need));
        let today = self.day(first).map_or(0, |plan| plan.within(from.rem_euclid(DAY), DAY));
        if need <= today {
            return first * DAY + reach(first, from.rem_euclid(DAY), need);
        }
        let need = need - today;
        // Doubling, then halving: the last day before which less than `need` has been worked.
        let begin = first + 1;
        let last = limit.div_euclid(DAY).max(begin);
        let mut step = 1;
        while begin + step <= last && self.days(begin, begin + step) < need {
            step *= 2;
        }
        let (mut low, mut high) = (begin, (begin + step).min(last + 1));
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.days(begin, middle) < need { low = middle } else { high = middle }
        }
        low * DAY + reach(low, 0, need - self.days(begin, low))
    }
}

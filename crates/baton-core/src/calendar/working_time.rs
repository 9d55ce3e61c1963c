//! Arithmetic in working time, safe across changes of the clocks.
//!
//! INVARIANT: an instant is working time if, and only if, the wall clock of the calendar's zone then
//! shows a time within an interval of that day. So an hour that is skipped in spring is not worked, one
//! that comes twice in autumn is worked twice, and working time is always real, elapsed time.

use super::Day;
use super::plan::{Plan, Version};
use crate::time::{Duration, Instant};

/// How far ahead [`WorkingTime::add`] looks for working time.
pub const HORIZON: Duration = Duration::days(20 * 366);

/// A checked calendar: what [`super::Calendar::compile`] gives, or [`WorkingTime::always`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingTime(Hours);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Hours {
    Always,
    Zoned { zone: jiff::tz::TimeZone, plan: Plan, stretches: Stretches },
}

/// A stretch of time with one UTC offset, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    offset: i64,
    end_at: Instant,
}

impl WorkingTime {
    /// Open at every instant: working time is elapsed time.
    #[must_use]
    pub const fn always() -> Self {
        Self(Hours::Always)
    }

    pub(super) fn in_zone(zone: jiff::tz::TimeZone, versions: Vec<Version>) -> Self {
        let stretches = Stretches::of(&zone);
        Self(Hours::Zoned { zone, plan: Plan::new(versions), stretches })
    }

    /// The instant at which `length` of working time has been used since `start`: the close of the
    /// last interval, not the next opening, where both would do. `start` itself for no length.
    ///
    /// [`Instant::MAX`] if that is further away than [`HORIZON`].
    #[must_use]
    pub fn add(&self, start: Instant, length: Duration) -> Instant {
        let Hours::Zoned { zone, plan, stretches } = &self.0 else { return start + length };
        if length.is_zero() {
            return start;
        }
        let limit = start + HORIZON;
        let (mut at, mut need) = (start.max(Instant::MIN), length.micros());
        while at < limit {
            let stretch = stretches.at(zone, at);
            let end_at = stretch.end_at.min(limit);
            let (from, to) = (at.micros() + stretch.offset, end_at.micros() + stretch.offset);
            let here = plan.between(from, to);
            if need <= here {
                return Instant::from_micros(plan.reach(from, need, to) - stretch.offset);
            }
            need -= here;
            at = end_at;
        }
        Instant::MAX
    }

    /// When a day begins in the calendar's zone; in UTC where every hour counts.
    #[must_use]
    pub fn start_of(&self, day: Day) -> Instant {
        let zone = match &self.0 {
            Hours::Always => jiff::tz::TimeZone::UTC,
            Hours::Zoned { zone, .. } => zone.clone(),
        };
        let start = zone.to_timestamp(day.0.at(0, 0, 0, 0));
        start.map_or(Instant::MAX, |at| Instant::from_micros(at.as_microsecond()))
    }

    /// The working time in `[from, to]`; none where `to` is the earlier one.
    #[must_use]
    pub fn between(&self, from: Instant, to: Instant) -> Duration {
        let Hours::Zoned { zone, plan, stretches } = &self.0 else { return to.since(from) };
        let (mut at, mut worked) = (from.max(Instant::MIN), 0);
        let to = to.min(Instant::MAX);
        while at < to {
            let stretch = stretches.at(zone, at);
            let end_at = stretch.end_at.min(to);
            worked += plan.between(at.micros() + stretch.offset, end_at.micros() + stretch.offset);
            at = end_at;
        }
        Duration::from_micros(worked)
    }

    /// The first instant at or after `at` that is working time; [`Instant::MAX`] if none is within
    /// [`HORIZON`].
    #[must_use]
    pub fn next_open(&self, at: Instant) -> Instant {
        let least = Duration::from_micros(1);
        match self.add(at, least) {
            Instant::MAX => Instant::MAX,
            used => used - least,
        }
    }

    /// Whether the instant is working time.
    #[must_use]
    pub fn is_open(&self, at: Instant) -> bool {
        self.next_open(at) == at
    }
}

/// The stretches of a zone for some decades, worked out once: a deadline is asked for in every derivation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretches {
    /// When the first of them begins.
    from: Instant,
    /// One after the other.
    known: Vec<Stretch>,
}

/// The first year of [`Stretches`], and that after their last.
const YEARS_AT_HAND: std::ops::Range<i16> = 2000..2060;

impl Stretches {
    fn of(zone: &jiff::tz::TimeZone) -> Self {
        let begin = |year| {
            let day = jiff::civil::date(year, 1, 1).at(0, 0, 0, 0);
            jiff::tz::TimeZone::UTC.to_timestamp(day).map_or(Instant::MAX, Instant::from_jiff)
        };
        let (from, until) = (begin(YEARS_AT_HAND.start), begin(YEARS_AT_HAND.end));
        let mut known = Vec::new();
        let mut at = from;
        while at < until {
            let stretch = stretch(zone, at);
            known.push(stretch);
            at = stretch.end_at;
        }
        Self { from, known }
    }

    /// The stretch that `at` lies in.
    fn at(&self, zone: &jiff::tz::TimeZone, at: Instant) -> Stretch {
        let n = self.known.partition_point(|stretch| stretch.end_at <= at);
        match self.known.get(n) {
            Some(stretch) if at >= self.from => *stretch,
            _ => stretch(zone, at),
        }
    }
}

/// The stretch of one offset that `at` lies in.
fn stretch(zone: &jiff::tz::TimeZone, at: Instant) -> Stretch {
    let from = at.to_jiff();
    let offset = i64::from(zone.to_offset(from).seconds()) * 1_000_000;
    let end_at = zone
        .following(from)
        .map(|change| Instant::from_jiff(change.timestamp()))
        .find(|change_at| *change_at > at)
        .unwrap_or(Instant::MAX);
    Stretch { offset, end_at }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn stretches_at_hand_are_those_of_the_zone(
            zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Africa/Casablanca", "Asia/Kolkata"]),
            seconds in -2_000_000_000_i64..5_000_000_000,
        ) {
            let zone = jiff::tz::TimeZone::get(zone).unwrap();
            let at = Instant::from_micros(seconds * 1_000_000);
            prop_assert_eq!(Stretches::of(&zone).at(&zone, at), stretch(&zone, at));
        }
    }
}

//! Which exception first. A rank is a sum that a person can check: points for severity, for the money at
//! stake, and for how near the promise of an order under way is.
//!
//! The first two change only when something is heard. The third grows by itself as time goes on, and
//! within exceptions that are alike in the others it grows with the promise alone: the earlier one is
//! never below the later one. So a list in the order of ranks needs no row to be written when time passes.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::time::{Duration, Instant};

/// What each step of severity adds.
const PER_SEVERITY: i64 = 25;
/// The most that time adds: once the promise is there, or past.
pub const TIME_POINTS_MAX: i64 = 35;
/// A promise farther off than this adds nothing.
const TIME_SPAN: Duration = Duration::hours(120);
/// From which amount on, in hundredths, money adds its first point, its second, and so on. They lie evenly
/// in orders of magnitude, up to a hundred thousand; of each currency alike, which is enough to rank.
const MONEY_STEPS: [i64; 40] = [
    16, 54, 106, 174, 266, 387, 550, 766, 1_055, 1_440, 1_954, 2_639, 3_552, 4_770, 6_394, 8_560,
    11_448, 15_300, 20_436, 27_285, 36_418, 48_598, 64_839, 86_497, 115_379, 153_894, 205_254,
    273_744, 365_077, 486_872, 649_287, 865_872, 1_154_692, 1_539_840, 2_053_443, 2_738_344,
    3_651_675, 4_869_621, 6_493_779, 8_659_629,
];

/// What an exception puts at stake: all of its rank that is not its severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stake {
    /// Points for the greatest value among the orders that are touched.
    pub money: i64,
    /// The earliest promise among those that are still under way.
    pub due_at: Option<Instant>,
}

impl Stake {
    /// Of one order: what it is worth, and what is promised where it is under way.
    #[must_use]
    pub fn of(value: Option<Decimal>, due_at: Option<Instant>) -> Self {
        Self { money: value.map_or(0, money_points), due_at }
    }

    /// Of two orders together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let due_at = match (self.due_at, other.due_at) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        Self { money: self.money.max(other.money), due_at }
    }
}

fn money_points(amount: Decimal) -> i64 {
    let reached = MONEY_STEPS.iter().take_while(|step| Decimal::new(**step, 2) <= amount);
    i64::try_from(reached.count()).unwrap_or(0)
}

/// A rank, with its arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rank {
    /// 25 for each step.
    pub severity: i64,
    /// Up to 40 for the money at stake.
    pub money: i64,
    /// Up to 35 for how near the promise is.
    pub time: i64,
    /// Of the three.
    pub sum: i64,
}

impl Rank {
    #[must_use]
    pub fn of(severity: i64, stake: Stake, now: Instant) -> Self {
        let severity = severity * PER_SEVERITY;
        let time = time_points(stake.due_at, now);
        Self { severity, money: stake.money, time, sum: severity + stake.money + time }
    }
}

/// Points for how near a promise is.
#[must_use]
pub fn time_points(due_at: Option<Instant>, now: Instant) -> i64 {
    let Some(due_at) = due_at else { return 0 };
    (1..=TIME_POINTS_MAX).rev().find(|points| due_at <= latest_with(*points, now)).unwrap_or(0)
}

/// The latest promise that has at least so many points, of which there are some.
#[must_use]
pub fn latest_with(points: i64, now: Instant) -> Instant {
    // Points are rounded: the first is there from half of its step on.
    let left = TIME_SPAN.micros() * (2 * (TIME_POINTS_MAX - points) + 1) / (2 * TIME_POINTS_MAX);
    now + Duration::from_micros(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_counts_by_its_order_of_magnitude() {
        for (amount, expected) in [
            ("-3", 0),
            ("0", 0),
            ("0.15", 0),
            ("0.16", 1),
            ("9", 8),
            ("999.99", 24),
            ("86596.28", 39),
            ("86596.29", 40),
            ("100000", 40),
            ("79228162514264337593543950335", 40),
        ] {
            assert_eq!(money_points(amount.parse().unwrap()), expected, "{amount}");
        }
    }

    #[test]
    fn time_counts_more_the_nearer_the_promise_is() {
        let now = Instant::from_micros(1_800_000_000_000_000);
        for (hours, expected) in
            [(-500, 35), (0, 35), (1, 35), (2, 34), (60, 18), (118, 1), (119, 0), (500, 0)]
        {
            let due_at = Some(now + Duration::hours(hours));
            assert_eq!(time_points(due_at, now), expected, "in {hours} hours");
        }
        assert_eq!(time_points(None, now), 0);
        for points in 1..=TIME_POINTS_MAX {
            let last = latest_with(points, now);
            let next = last + Duration::from_micros(1);
            assert_eq!(time_points(Some(last), now), points);
            assert_eq!(time_points(Some(next), now), points - 1);
        }
    }

    #[test]
    fn of_several_orders_the_most_is_at_stake() {
        let now = Instant::from_micros(1_800_000_000_000_000);
        let cheap = Stake::of(Some(9.into()), Some(now));
        let dear = Stake::of(Some(999.into()), None);
        let both = cheap.and(dear);
        assert_eq!(both, dear.and(cheap));
        let rank = Rank::of(3, both, now);
        assert_eq!(rank, Rank { severity: 75, money: 24, time: 35, sum: 134 });
    }
}

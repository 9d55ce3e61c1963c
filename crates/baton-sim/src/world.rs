//! The world: days of orders, and the stream of everything that is sent about them.
//!
//! The orders of a day are a function of (config, day), and what is sent about a group of them is a
//! function of (seed, group): a stream can therefore begin at any instant, by making the days whose
//! messages could still be under way.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use baton_core::time::{Duration, Instant};

use crate::calendar;
use crate::cast::{SOURCES, Source};
use crate::chance::{Chance, Stream};
use crate::config::Config;
use crate::life::Group;
use crate::post::{self, Post, Posted, Sent};
use crate::truth::{self, Truth};

/// No message about an order arrives later than this after the day on which it was placed.
pub const LIFE_DAYS_MAX: u64 = 90;
/// Orders of a working day for each order of a day at the weekend.
const WORKDAY_WEIGHT: u64 = 5;
/// Share of groups of two and more orders that have something in common.
const SHARED_SHARE: f64 = 0.06;

/// A seeded world of partners.
#[derive(Debug, Clone)]
pub struct World {
    config: Config,
    weight_total: u64,
}

impl World {
    #[must_use]
    pub fn new(config: Config) -> Self {
        let weight_total = weight_until(&config, u64::from(config.days.max(1))).max(1);
        Self { config, weight_total }
    }

    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The feeds of the world, as Baton is to know them.
    #[must_use]
    pub fn sources(&self) -> &'static [Source] {
        SOURCES
    }

    /// All messages about the orders of the configured days, in the order of their arrival.
    pub fn messages(&self) -> impl Iterator<Item = Sent> + use<> {
        Messages::new(self.clone(), Instant::MIN, Some(u64::from(self.config.days)))
    }

    /// The messages that arrive at or after an instant, for ever: when the configured days are over,
    /// orders go on at the same rate. A stream that is begun again where another stopped goes on as
    /// that one would have.
    pub fn endless_from(&self, from: Instant) -> impl Iterator<Item = Sent> + use<> {
        Messages::new(self.clone(), from, None)
    }

    /// What really happened to the orders of the configured days, and what Baton should conclude.
    #[must_use]
    pub fn truth(&self) -> Truth {
        let days = 0..u64::from(self.config.days);
        truth::of(days.flat_map(|day| self.day(day)))
    }

    /// The truth about all orders placed before an instant, configured days or not.
    #[must_use]
    pub fn truth_until(&self, until: Instant) -> Truth {
        let days = until.since(self.config.start_at).whole_minutes() / (24 * 60) + 1;
        truth::of((0..days.unsigned_abs()).flat_map(|day| self.day(day)))
    }

    /// How many orders are placed before the day with this number.
    fn orders_before(&self, day: u64) -> u64 {
        let weight = u128::from(weight_until(&self.config, day));
        let orders = u128::from(self.config.orders) * weight / u128::from(self.weight_total);
        u64::try_from(orders).unwrap_or(u64::MAX)
    }

    /// The groups of one day, with what is sent about them.
    fn day(&self, day: u64) -> Vec<(Group, Post)> {
        let Config { seed, ref faults, .. } = self.config;
        let mut chance = Chance::new(seed, Stream::Day, day);
        let mut first = self.orders_before(day);
        let end = self.orders_before(day + 1);
        let mut groups = Vec::new();
        while first < end {
            let shared = chance.happens(SHARED_SHARE);
            let wanted = if shared { chance.between(2, 4).unsigned_abs() } else { 1 };
            let count = wanted.min(end - first);
            let size = usize::try_from(count).unwrap_or(1);
            let group = Group::live(seed, faults, first, size, self.day_starts_at(day));
            let post = post::send(seed, faults, &group);
            groups.push((group, post));
            first += count;
        }
        groups
    }

    fn day_starts_at(&self, day: u64) -> Instant {
        self.config.start_at + days(day)
    }
}

fn days(count: u64) -> Duration {
    Duration::days(i64::try_from(count).unwrap_or(i64::MAX / 2))
}

fn weight_until(config: &Config, day: u64) -> u64 {
    let start_on = calendar::date(config.start_at, "UTC");
    // A whole week weighs the same wherever it starts.
    let week = 5 * WORKDAY_WEIGHT + 2;
    let rest: u64 = (0..i64::try_from(day % 7).unwrap_or(0))
        .map(|n| calendar::plus_days(start_on, n))
        .map(|on| if calendar::is_working_day(on) { WORKDAY_WEIGHT } else { 1 })
        .sum();
    (day / 7) * week + rest
}

/// A stream of messages. Days are made when the stream reaches them.
#[derive(Debug)]
struct Messages {
    world: World,
    from: Instant,
    next_day: u64,
    /// No orders are placed from this day on.
    end_day: Option<u64>,
    waiting: BinaryHeap<Reverse<Waiting>>,
}

#[derive(Debug)]
struct Waiting(Posted);

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.0.key() == other.0.key()
    }
}
impl Eq for Waiting {}
impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.key().cmp(&other.0.key())
    }
}

impl Messages {
    fn new(world: World, from: Instant, end_day: Option<u64>) -> Self {
        let elapsed = from.since(world.config.start_at).whole_minutes() / (24 * 60);
        let next_day = elapsed.unsigned_abs().saturating_sub(LIFE_DAYS_MAX);
        Self { world, from, next_day, end_day, waiting: BinaryHeap::new() }
    }

    fn has_more_days(&self) -> bool {
        self.end_day.is_none_or(|end| self.next_day < end)
    }

    fn make_day(&mut self) {
        for (_, post) in self.world.day(self.next_day) {
            let wanted = post.posted.into_iter().filter(|p| p.sent.send_at >= self.from);
            self.waiting.extend(wanted.map(Waiting).map(Reverse));
        }
        self.next_day += 1;
    }
}

impl Iterator for Messages {
    type Item = Sent;

    fn next(&mut self) -> Option<Sent> {
        loop {
            // Nothing of a day arrives more than a second before it begins.
            let complete_until = self.world.day_starts_at(self.next_day) - Duration::seconds(1);
            let ready =
                self.waiting.peek().is_some_and(|Reverse(w)| w.0.sent.send_at < complete_until);
            if ready || !self.has_more_days() {
                return self.waiting.pop().map(|Reverse(Waiting(posted))| posted.sent);
            }
            self.make_day();
        }
    }
}

//! Orders that stand already when a bench begins to measure, as many as it likes: one message each, and
//! later one more about some of them, in an order that no cache likes.

use baton_core::time::{Duration, Instant};

use crate::cast::ERP;
use crate::config::Config;
use crate::mix::{sent, under_way};
use crate::post::Sent;

/// Their numbers begin here, so that they are none of [`crate::standard_mix`].
const FIRST: u64 = 100_000_000;
/// Simulated time between two orders: ten thousand begin within a minute, and so do their timers.
const STEP: Duration = Duration::from_micros(6_000);
/// Which order comes next: far from the one before. A prime, so that each order comes once.
const STRIDE: u64 = 7_368_787;

/// When the first of them is placed.
#[must_use]
pub fn standing_from(seed: u64) -> Instant {
    Config::demo(seed).start_at + Duration::hours(15)
}

fn placed_at(seed: u64, n: u64) -> Instant {
    standing_from(seed)
        + Duration::from_micros(
            STEP.micros() * i64::try_from(n).unwrap_or(i64::MAX / STEP.micros()),
        )
}

/// The purchase order of each of so many orders, as its ERP tells of it when it is placed.
pub fn standing_orders(seed: u64, orders: u64) -> impl Iterator<Item = Sent> {
    (0..orders).filter_map(move |n| {
        let placed_at = placed_at(seed, n);
        let papers = under_way(seed, FIRST + n, placed_at)?.papers;
        papers.into_iter().find(|draft| draft.source == ERP).map(|draft| sent(draft, placed_at))
    })
}

/// Which of the standing orders hear once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Later {
    /// Nine in ten are among the newest 50,000, as most that happens to orders happens to young ones.
    MostlyRecent,
    /// All over them, which no store and no cache likes.
    Anywhere,
}

/// The orders that most of the later messages are about, where there are more.
const RECENT: u64 = 50_000;
/// Every so manyth later message is about an older one.
const OLDER_EVERY: u64 = 10;

impl Later {
    /// The orders in turn, each at most once, and each far from the one before.
    fn orders(self, orders: u64) -> impl Iterator<Item = u64> {
        let recent = match self {
            Self::MostlyRecent => RECENT.min(orders),
            Self::Anywhere => 0,
        };
        let older = orders - recent;
        let (mut recent_told, mut older_told) = (0_u64, 0_u64);
        (0..orders).map(move |n| {
            let is_older = n % OLDER_EVERY == OLDER_EVERY - 1 || recent_told == recent;
            let (told, of, first) = if is_older && older_told < older {
                (&mut older_told, older, 0)
            } else {
                (&mut recent_told, recent, older)
            };
            let order = first + told.wrapping_mul(STRIDE) % of.max(1);
            *told += 1;
            order
        })
    }
}

/// What is said of an order goes by its number, in turns of so many: which of its papers comes later is
/// not to go by the same, or few and many orders would hear different papers.
const KINDS: u64 = 4;

/// One more message about each of so many of those orders: of every second four a despatch advice, of the
/// others what the shop, the supplier or a carrier says. At most one an order.
pub fn later_papers(
    seed: u64,
    orders: u64,
    later: Later,
    events: u64,
) -> impl Iterator<Item = Sent> {
    later
        .orders(orders)
        .filter_map(move |order| {
            let papers = under_way(seed, FIRST + order, placed_at(seed, order))?.papers;
            let mut others = papers.into_iter().filter(|draft| draft.source != ERP);
            let paper =
                if (order / KINDS).is_multiple_of(2) { others.next_back() } else { others.next() };
            paper.map(|draft| sent(draft, placed_at(seed, orders)))
        })
        .take(usize::try_from(events).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use super::*;

    #[test]
    fn each_order_stands_once_and_hears_once_more() {
        let standing: Vec<Sent> = standing_orders(3, 200).collect();
        assert!(standing.len() > 190, "{} of 200 orders are told by their ERP", standing.len());
        let bodies: HashSet<&[u8]> = standing.iter().map(|sent| sent.body.as_slice()).collect();
        assert_eq!(bodies.len(), standing.len());
        let papers = || later_papers(3, 200, Later::MostlyRecent, 100);
        let later: Vec<Sent> = papers().collect();
        assert_eq!(later.len(), 100);
        let bodies: HashSet<&[u8]> = later.iter().map(|sent| sent.body.as_slice()).collect();
        assert_eq!(bodies.len(), later.len());
        let again: Vec<Sent> = papers().collect();
        assert!(later.iter().zip(&again).all(|(one, other)| one.body == other.body));
    }

    #[test]
    fn few_orders_and_many_hear_of_the_same_things() {
        let said = |orders: u64| {
            let mut said: BTreeMap<String, i32> = BTreeMap::new();
            for sent in later_papers(3, orders, Later::MostlyRecent, 800) {
                *said.entry(sent.source.to_string()).or_default() += 1;
            }
            said
        };
        let (few, many) = (said(1_000), said(RECENT * 20));
        assert!(few.len() >= 3 && few.keys().eq(many.keys()), "{few:?}, {many:?}");
        for (source, count) in &few {
            let other = many.get(source).copied().unwrap_or(0);
            assert!(count.abs_diff(other) < 40, "{source}: {few:?}, {many:?}");
        }
    }

    #[test]
    fn nine_in_ten_of_what_comes_later_is_about_young_orders() {
        let all = 2 * RECENT;
        for (later, young) in [(Later::MostlyRecent, 900), (Later::Anywhere, 500)] {
            let orders: Vec<u64> = later.orders(all).take(1_000).collect();
            let found = orders.iter().filter(|order| **order >= all - RECENT).count();
            assert!(found.abs_diff(young) < 20, "{later:?}: {found} of 1000 are young");
        }
        for (later, orders) in
            [(Later::MostlyRecent, all), (Later::Anywhere, all), (Later::MostlyRecent, 70)]
        {
            let each: HashSet<u64> = later.orders(orders).collect();
            assert_eq!(each.len() as u64, orders, "{later:?}: each of {orders} once");
            assert!(each.iter().all(|order| *order < orders));
        }
    }
}

//! Chance, seeded. Every unit of the world (a group of orders, a week of a feed) draws from a stream
//! of its own, so that changing one never changes another, and so that any of them can be made again
//! without making what came before it.
//!
//! The distributions are written out here rather than taken from a library: the same seed must give
//! the same bytes for as long as the golden tests stand.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use baton_core::time::Duration;

/// What a stream of chance is for: part of its seed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    Day,
    Group,
    Delivery,
    Outage,
}

/// A stream of chance.
#[derive(Debug)]
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    pub(crate) fn new(seed: u64, stream: Stream, index: u64) -> Self {
        let mut key = [0; 32];
        let words = [seed, stream as u64, index, 0x0ba7_0b5e_ed00_0001];
        for (part, word) in key.chunks_exact_mut(8).zip(words) {
            part.copy_from_slice(&word.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// True with this probability (0 to 1).
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// A number from 0 up to and without 1.
    fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number between the two, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).saturating_add(1).max(1);
        low + (self.share() * span as f64) as i64
    }

    /// A quantity between the two, both included.
    pub(crate) fn quantity(&mut self, low: u32, high: u32) -> u32 {
        u32::try_from(self.between(i64::from(low), i64::from(high))).unwrap_or(low)
    }

    /// A position in a list of this length (0 for an empty one).
    pub(crate) fn index(&mut self, length: usize) -> usize {
        let last = i64::try_from(length).unwrap_or(i64::MAX).saturating_sub(1);
        usize::try_from(self.between(0, last)).unwrap_or(0)
    }

    /// One of a list that is not empty.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.index(from.len())]
    }

    /// A length of time, skewed to its lower end as lead times are.
    pub(crate) fn span(&mut self, low: Duration, high: Duration) -> Duration {
        let share = self.share() * self.share().max(0.2);
        let width = high.saturating_sub(low).micros() as f64;
        Duration::from_micros(low.micros() + (width * share) as i64)
    }

    pub(crate) fn minutes(&mut self, low: i64, high: i64) -> Duration {
        self.span(Duration::minutes(low), Duration::minutes(high))
    }

    pub(crate) fn hours(&mut self, low: i64, high: i64) -> Duration {
        self.span(Duration::hours(low), Duration::hours(high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_apart_and_repeatable() {
        let draw = |seed, stream, index| Chance::new(seed, stream, index).bits();
        assert_eq!(draw(1, Stream::Group, 5), draw(1, Stream::Group, 5));
        assert_ne!(draw(1, Stream::Group, 5), draw(1, Stream::Group, 6));
        assert_ne!(draw(1, Stream::Group, 5), draw(1, Stream::Day, 5));
        assert_ne!(draw(1, Stream::Group, 5), draw(2, Stream::Group, 5));
    }

    #[test]
    fn draws_keep_their_bounds() {
        let mut chance = Chance::new(7, Stream::Day, 9);
        for _ in 0..10_000 {
            assert!((3..=9).contains(&chance.between(3, 9)));
            let span = chance.minutes(5, 60);
            assert!(span >= Duration::minutes(5) && span <= Duration::hours(1));
        }
        assert_eq!(chance.index(0), 0);
        assert!(!chance.happens(0.0) && chance.happens(1.0));
    }
}

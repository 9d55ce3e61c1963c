//! When to try again: the wait doubles with each failure, up to a bound, and is spread by jitter so
//! that what failed together does not come back together.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// The wait after `attempts` failures (1 or more): between half of the doubled wait and all of it.
///
/// The jitter follows from `seed`, which is to differ between deliveries.
#[must_use]
pub fn wait_after(attempts: u32, first: Duration, longest: Duration, seed: u64) -> Duration {
    let doublings = attempts.saturating_sub(1).min(31);
    let full = first.saturating_mul(1 << doublings).min(longest);
    let mut chance = StdRng::seed_from_u64(seed.wrapping_add(u64::from(attempts)));
    full.mul_f64(chance.random_range(0.5..=1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_bound_and_are_spread() {
        let (first, longest) = (Duration::from_secs(2), Duration::from_secs(60));
        for (attempts, full) in [(1, 2), (2, 4), (3, 8), (6, 60), (40, 60)] {
            let full = Duration::from_secs(full);
            for seed in 0..50 {
                let wait = wait_after(attempts, first, longest, seed);
                assert!(wait >= full / 2 && wait <= full, "{attempts} {seed} {wait:?}");
            }
        }
        let spread: std::collections::BTreeSet<Duration> =
            (0..50).map(|seed| wait_after(3, first, longest, seed)).collect();
        assert!(spread.len() > 40);
        assert_eq!(wait_after(3, first, longest, 9), wait_after(3, first, longest, 9));
    }
}

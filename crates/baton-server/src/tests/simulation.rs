//! The engine in one process under a seeded scheduler: its loops take one step after the other in an
//! order drawn by chance, on simulated clocks, while calls of the store fail, commits succeed and are
//! not told, the process dies, messages come in any order and more than once, and the receiver of
//! webhooks answers as it likes. What Baton holds at the end is what an undisturbed run holds.
//!
//! The world's hours are played in step: what is sent in one is worked off before the next begins, and
//! each source waits for its acknowledgements, so that what Baton says at a moment of knowledge does not
//! depend on the order of steps. Everything else does what it likes.
//!
//! A seed is everything: a failing one is replayed by the command that it prints.

mod fate;
mod live;
mod node;
mod outages;
mod outcome;
mod play;
mod post;
mod process;
mod receiver;
mod scene;

use std::sync::atomic::{AtomicU64, Ordering};

use play::{Done, simulate};

/// Seeds of every test run; `cargo xtask simulate` runs as many as wanted.
const SEEDS_IN_STEP: u64 = 100;
const SEEDS_IN_REAL_TIME: u64 = 24;
/// What `cargo xtask simulate` says: the first seed, and how many.
const FIRST: &str = "BATON_SIMULATE_FIRST";
const SEEDS: &str = "BATON_SIMULATE_SEEDS";

/// Runs seeds on as many threads as the machine has; says what each is made of where `aloud`.
fn run(first: u64, seeds: u64, play: fn(u64) -> Result<Done, String>, aloud: bool) {
    let (next, days) = (AtomicU64::new(first), AtomicU64::new(0));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + seeds {
                        return;
                    }
                    let played = play(seed);
                    let done = played.unwrap_or_else(|why| {
                        // No other seed is begun.
                        next.store(first + seeds, Ordering::Relaxed);
                        panic!("seed {seed} (cargo xtask simulate --from {seed} --seeds 1): {why}")
                    });
                    let all = days.fetch_add(done.days, Ordering::Relaxed) + done.days;
                    if aloud {
                        eprintln!("seed {seed}: the same after {done} ({all} days in all)");
                    }
                }
            });
        }
    });
    eprintln!("{seeds} seeds, {} simulated days", days.load(Ordering::Relaxed));
}

#[test]
fn disturbed_runs_end_as_undisturbed_ones() {
    run(1, SEEDS_IN_STEP, simulate, false);
}

#[test]
fn in_real_time_nothing_is_lost_doubled_or_owed() {
    run(1, SEEDS_IN_REAL_TIME, live::simulate, false);
}

#[test]
fn a_seed_replays_exactly() {
    let (one, other) = (simulate(7).unwrap(), simulate(7).unwrap());
    assert_eq!(one, other);
    let (one, other) = (live::simulate(7).unwrap(), live::simulate(7).unwrap());
    assert_eq!(one, other);
}

#[test]
#[ignore = "as many seeds as `cargo xtask simulate` says"]
fn simulate_as_told() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (first, seeds) = (number(FIRST).unwrap_or(1), number(SEEDS).unwrap_or(1));
    run(first, seeds, simulate, true);
    run(first, seeds, live::simulate, true);
}

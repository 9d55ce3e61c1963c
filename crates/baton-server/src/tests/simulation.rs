//! The engine in one process under a seeded scheduler: its loops take one step after the other in an
//! order drawn by chance, on simulated clocks, while calls of the store fail, commits succeed and are
//! not told, the process dies, messages come in any order and more than once, and the receiver of
//! webhooks answers as it likes. What Baton holds at the end is what an undisturbed run holds.
//!
//! The world's hours are played in step: what is sent in one is worked off before the next begins, and
//! each source waits for its acknowledgements, so that what Baton says at a moment of knowledge does not
//! depend on the order of steps. Everything else does what it likes.
//!
//! Two such processes on one PostgreSQL database end like it as well, though one is now and then about to commit
//! while the other takes a step, and hears later what the sandbox's clock shows.
//!
//! A seed is everything: a failing one is replayed by the command that it prints; of two processes nearly
//! everything, as they run beside each other while they meet.

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

use play::{Done, simulate, simulate_two};
use scene::Place;

/// Seeds of every test run; `cargo xtask simulate` runs as many as wanted.
const SEEDS_IN_STEP: u64 = 100;
const SEEDS_IN_REAL_TIME: u64 = 24;
const SEEDS_OF_TWO: u64 = 4;
const FIRST: &str = "BATON_SIMULATE_FIRST";
const SEEDS: &str = "BATON_SIMULATE_SEEDS";

/// How a seed is played, and what its command says beside it.
type Play = (fn(u64) -> Result<Done, String>, &'static str);
const IN_STEP: Play = (simulate, "");
const IN_REAL_TIME: Play = (live::simulate, "");
const OF_TWO: Play = (two, "--store postgres ");

/// Runs seeds on as many threads as the machine has; says what each is made of where `aloud`.
fn run(first: u64, seeds: u64, (play, said): Play, aloud: bool) {
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
                        let replay = format!("cargo xtask simulate {said}--from {seed} --seeds 1");
                        panic!("seed {seed} ({replay}): {why}")
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
    run(1, SEEDS_IN_STEP, IN_STEP, false);
}

#[test]
fn in_real_time_nothing_is_lost_doubled_or_owed() {
    run(1, SEEDS_IN_REAL_TIME, IN_REAL_TIME, false);
}

#[test]
fn two_processes_on_one_database_end_as_one_that_is_undisturbed() {
    if Place::schema().is_some() {
        run(1, SEEDS_OF_TWO, OF_TWO, false);
    }
}

fn two(seed: u64) -> Result<Done, String> {
    simulate_two(seed).unwrap_or_else(|| Err("the server for tests is gone".to_owned()))
}

#[test]
fn a_seed_replays_exactly() {
    let (one, other) = (simulate(7).unwrap(), simulate(7).unwrap());
    assert_eq!(one, other);
    let (one, other) = (live::simulate(7).unwrap(), live::simulate(7).unwrap());
    assert_eq!(one, other);
}

/// What `cargo xtask simulate` says: the first seed, and how many.
fn told() -> (u64, u64) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    (number(FIRST).unwrap_or(1), number(SEEDS).unwrap_or(1))
}

#[test]
#[ignore = "as many seeds as `cargo xtask simulate` says"]
fn simulate_as_told() {
    let (first, seeds) = told();
    run(first, seeds, IN_STEP, true);
    run(first, seeds, IN_REAL_TIME, true);
}

#[test]
#[ignore = "as many seeds as `cargo xtask simulate --store postgres` says"]
fn simulate_two_as_told() {
    let (first, seeds) = told();
    run(first, seeds, OF_TWO, true);
}

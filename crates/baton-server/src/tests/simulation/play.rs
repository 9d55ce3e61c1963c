//! A run in a sandbox, the world's hours in step: each is worked off before the next, so that what is
//! concluded when depends on the simulated clock alone, and the whole end can be compared with that of
//! an undisturbed run. One process plays it, or several on one database, each of which hears by itself what
//! the sandbox's clock shows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use baton_core::time::{Duration, Instant};
use baton_store::StoreError;
use baton_store::tenants::Clock;

use super::fate::{Fate, Troubles};
use super::node::settings;
use super::outcome::Outcome;
use super::post::Post;
use super::process::Process;
use super::scene::{Place, WORLDS, config, letters};
use crate::settings::Settings;

/// Steps between two looks whether an hour is worked off.
const ROUND: usize = 6;
/// An hour that takes more rounds than this does not come to its end.
const ROUNDS_MAX: usize = 5_000;
const AFTERMATH: Duration = Duration::days(2);
const SENT_TWICE: u32 = 60;
const CLOCK_JUMPS: u32 = 4;

/// What a run was made of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) days: u64,
    pub(super) troubles: Troubles,
    pub(super) deliveries: u32,
    pub(super) steps: u64,
    /// How often a process had to wait for what another was about to commit.
    pub(super) waits: u64,
}

impl std::fmt::Display for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Troubles { errors, unanswered, deaths } = self.troubles;
        write!(
            f,
            "{} days, {} steps, {errors} errors, {unanswered} commits not told, {deaths} deaths, {} deliveries",
            self.days, self.steps, self.deliveries
        )?;
        if self.waits > 0 {
            write!(f, ", {} waits for another process", self.waits)?;
        }
        Ok(())
    }
}

/// Plays a seed and compares it with the undisturbed run of its world.
pub(super) fn simulate(seed: u64) -> Result<Done, String> {
    let world = 1 + seed % WORLDS;
    compare(Run::new(seed, world, false), world)
}

/// The same with two processes on one database. `None` where there is none for tests.
pub(super) fn simulate_two(seed: u64) -> Option<Result<Done, String>> {
    let world = 1 + seed % WORLDS;
    let run = Run::of_two(seed, world, Place::schema()?);
    Some(compare(run, world))
}

fn compare(mut run: Run, world: u64) -> Result<Done, String> {
    let wanted = undisturbed(world);
    run.play().map_err(|why| format!("{why}{}", run.process.fate.story()))?;
    if let Some(difference) = wanted.difference(&run.outcome()) {
        return Err(format!("it ends otherwise:\n{difference}{}", run.process.fate.story()));
    }
    let days = run.process.now().since(config(world).start_at).whole_minutes() / (24 * 60);
    Ok(Done {
        days: days.unsigned_abs(),
        troubles: run.process.fate.troubles(),
        deliveries: run.process.receiver.taken().values().sum(),
        steps: run.process.steps,
        waits: run.process.waits,
    })
}

/// The undisturbed run of a world, played once.
fn undisturbed(world: u64) -> Arc<Outcome> {
    static KNOWN: Mutex<BTreeMap<u64, Arc<Outcome>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let play = || {
        let mut run = Run::new(0, world, true);
        run.play().unwrap();
        Arc::new(run.outcome())
    };
    Arc::clone(known.entry(world).or_insert_with(play))
}

/// With short batches, so that both have some of what waits.
fn settings_of_two(fate: &Fate) -> Settings {
    let mut settings = settings(fate);
    settings.steps.batch_messages_max = 1 + fate.draw(3);
    settings
}

fn sandbox(start_at: Instant) -> Clock {
    Clock::Simulated { simulated_at: start_at, real_at: start_at, speed_per_mille: 0 }
}

struct Run {
    process: Process,
    post: Post,
    /// Letters by the hour in which they are received.
    hours: BTreeMap<i64, Vec<usize>>,
}

impl Run {
    fn new(seed: u64, world: u64, calm: bool) -> Self {
        let start_at = config(world).start_at;
        Self::of(Process::new(Fate::new(seed, calm), sandbox(start_at), start_at, settings), world)
    }

    fn of_two(seed: u64, world: u64, place: Place) -> Self {
        let start_at = config(world).start_at;
        let fate = Fate::new(seed, false);
        let seeds = [(); 2].map(|()| fate.draw(usize::MAX) as u64);
        let since = (sandbox(start_at), start_at);
        Self::of(Process::several((fate, &seeds), place, since, settings_of_two), world)
    }

    fn of(process: Process, world: u64) -> Self {
        let letters = letters(world);
        let mut hours: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (n, sent) in letters.iter().enumerate() {
            hours.entry(sent.send_at.micros().div_euclid(HOUR_MICROS)).or_default().push(n);
        }
        let post = Post::new(&letters, &process.scene.sources);
        Self { process, post, hours }
    }

    /// Plays every hour in which something is sent, and what comes due after the last.
    fn play(&mut self) -> Result<(), String> {
        let mut end = self.process.now();
        for (hour, sent) in std::mem::take(&mut self.hours) {
            self.process.set_sandbox(Instant::from_micros(hour * HOUR_MICROS));
            self.work_off()?;
            self.post.unsent = sent;
            self.until("letters are not acknowledged", |run| Ok(run.post.is_done()))?;
            end = Instant::from_micros((hour + 1) * HOUR_MICROS - 1);
            self.process.set_sandbox(end);
            self.work_off()?;
        }
        self.process.set_sandbox(end + AFTERMATH);
        self.work_off()?;
        self.process.fate.calm_down();
        self.work_off()?;
        self.process.check()
    }

    fn outcome(&self) -> Outcome {
        let Process { scene, scope, receiver, .. } = &self.process;
        Outcome::of(&scene.calm, scope, &receiver.taken())
    }

    fn work_off(&mut self) -> Result<(), String> {
        self.until("what waits is not worked off", |run| run.process.has_settled())
    }

    fn until(
        &mut self,
        or_else: &str,
        held: impl Fn(&mut Self) -> Result<bool, StoreError>,
    ) -> Result<(), String> {
        for _ in 0..ROUNDS_MAX {
            if held(self).map_err(|why| why.to_string())? {
                return Ok(());
            }
            for _ in 0..ROUND {
                self.step();
            }
        }
        Err(format!("{or_else} in {ROUNDS_MAX} rounds"))
    }

    /// Somebody takes a step.
    fn step(&mut self) {
        let fate = Arc::clone(&self.process.fate);
        if fate.strikes(CLOCK_JUMPS) {
            let seconds = [5, 60, 3_700, 86_400, -86_400][fate.draw(5)];
            self.process.jump(Duration::seconds(seconds));
        }
        let free = self.post.in_turn();
        if !free.is_empty() && fate.draw(3) == 0 {
            let n = free[fate.draw(free.len())];
            let copies = 1 + usize::from(fate.strikes(SENT_TWICE));
            let received_at = Some(self.post.letter(n).send_at);
            self.post.send((self.process.node(), &fate), n, copies, received_at);
        } else {
            self.process.step();
        }
        self.post.hear();
    }
}

const HOUR_MICROS: i64 = 3_600 * 1_000_000;

//! One run: the scheduler that has everybody take a step by chance, and the hours of the world, each
//! worked off before the next, so that what is concluded when depends on the simulated clock alone.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use baton_core::time::{Duration, Instant};
use baton_sim::Sent;
use baton_store::tenants::Clock;
use baton_store::{Scope, outbox, pending, timers};
use tokio::sync::oneshot::error::TryRecvError;

use super::fate::{Fate, Troubles};
use super::node::{Answer, Node};
use super::outcome::Outcome;
use super::receiver::Receiver;
use super::scene::{Scene, WORLDS, config, letters};
use crate::clock::MachineClock;
use crate::intake::Incoming;
use crate::verify::verify;

/// Steps between two looks whether an hour is worked off.
const ROUND: usize = 6;
/// An hour that takes more rounds than this does not come to its end.
const ROUNDS_MAX: usize = 5_000;
const AFTERMATH: Duration = Duration::days(2);
const DIES_BETWEEN_STEPS: u32 = 3;
const SENT_TWICE: u32 = 60;
const CLOCK_JUMPS: u32 = 4;

/// What a run was made of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) days: u64,
    troubles: Troubles,
    deliveries: u32,
    steps: u64,
}

impl std::fmt::Display for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Troubles { errors, unanswered, deaths } = self.troubles;
        write!(
            f,
            "{} days, {} steps, {errors} errors, {unanswered} commits not told, {deaths} deaths, {} deliveries",
            self.days, self.steps, self.deliveries
        )
    }
}

/// Plays a seed and compares it with the undisturbed run of its world.
pub(super) fn simulate(seed: u64) -> Result<Done, String> {
    let world = 1 + seed % WORLDS;
    let wanted = undisturbed(world);
    let mut run = Run::new(seed, world, false);
    run.play().map_err(|why| format!("{why}{}", run.fate.story()))?;
    let found = run.outcome();
    if let Some(difference) = wanted.difference(&found) {
        return Err(format!("it ends otherwise:\n{difference}{}", run.fate.story()));
    }
    let days = run.present.since(config(world).start_at).whole_minutes() / (24 * 60);
    Ok(Done {
        days: days.unsigned_abs(),
        troubles: run.fate.troubles(),
        deliveries: run.receiver.taken().values().sum(),
        steps: run.steps,
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

struct Run {
    fate: Arc<Fate>,
    scene: Scene,
    scope: Scope,
    receiver: Arc<Receiver>,
    machine: Arc<AtomicI64>,
    node: Option<Node>,
    /// Where the sandbox's clock was set.
    present: Instant,
    letters: Arc<Vec<Sent>>,
    /// Letters of the hour that have no acknowledgement, by their place among all.
    unsent: Vec<usize>,
    under_way: Vec<(usize, Answer)>,
    steps: u64,
}

impl Run {
    fn new(seed: u64, world: u64, calm: bool) -> Self {
        let fate = Arc::new(Fate::new(seed, calm));
        let start_at = config(world).start_at;
        let clock =
            Clock::Simulated { simulated_at: start_at, real_at: start_at, speed_per_mille: 0 };
        let scene = Scene::new(clock, start_at);
        Self {
            scope: Scope::tenant(scene.tenant),
            scene,
            receiver: Receiver::new(&fate),
            fate,
            machine: Arc::new(AtomicI64::new(start_at.micros())),
            node: None,
            present: start_at,
            letters: letters(world),
            unsent: Vec::new(),
            under_way: Vec::new(),
            steps: 0,
        }
    }

    /// Plays every hour in which something is sent, and what comes due after the last.
    fn play(&mut self) -> Result<(), String> {
        let hour = Duration::hours(1).micros();
        let mut hours: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (n, sent) in self.letters.iter().enumerate() {
            hours.entry(sent.send_at.micros().div_euclid(hour)).or_default().push(n);
        }
        let mut end = self.present;
        for (begins, sent) in hours {
            self.set_clock(Instant::from_micros(begins * hour));
            self.work_off()?;
            self.unsent = sent;
            self.send_all()?;
            end = Instant::from_micros((begins + 1) * hour - 1);
            self.set_clock(end);
            self.work_off()?;
        }
        self.set_clock(end + AFTERMATH);
        self.work_off()?;
        self.fate.calm_down();
        self.work_off()?;
        self.check()
    }

    /// What must hold at the end whatever happened.
    fn check(&mut self) -> Result<(), String> {
        let tenant = Arc::clone(&self.node().tenant);
        let limits = crate::settings::Settings::default().steps;
        self.node().tidy();
        let waiting = self.scene.calm.read(|tx| pending::count(tx, &self.scope, i64::MAX));
        if Ok(tenant.waiting()) != waiting {
            return Err(format!("{} wait, and {waiting:?} do", tenant.waiting()));
        }
        let verified = verify(&self.scene.calm, &tenant, &limits).map_err(|e| e.to_string())?;
        if verified.differences.is_empty() {
            return Ok(());
        }
        Err(format!("what is written cannot be derived: {:#?}", verified.differences))
    }

    fn outcome(&self) -> Outcome {
        Outcome::of(&self.scene.calm, &self.scope, &self.receiver.taken())
    }

    /// Steps until every letter of the hour is acknowledged.
    fn send_all(&mut self) -> Result<(), String> {
        self.until("letters are not acknowledged", |run| {
            Ok(run.unsent.is_empty() && run.under_way.is_empty())
        })
    }

    /// Steps until nothing waits, nothing is due and nothing is owed.
    fn work_off(&mut self) -> Result<(), String> {
        self.until("what waits is not worked off", |run| {
            if !run.node().is_idle() {
                return Ok(false);
            }
            let now = run.present;
            let (read, due, owed) = run.scene.calm.read(|tx| {
                let read = pending::count_due(tx, &run.scope, now)? == 0;
                let next = timers::next(tx, &run.scope)?;
                Ok((read, next.map(|timer| timer.wake_at), outbox::next_at(tx, &run.scope)?))
            })?;
            // What is to be woken at once has the instant of its commit.
            let recorded_at = run.node().tenant.recorded_at();
            if let (true, Some(at)) = (read, owed) {
                // Nothing but time will bring the next attempt.
                run.machine.fetch_max(at.micros(), Ordering::AcqRel);
            }
            Ok(read && owed.is_none() && due.is_none_or(|at| at > now.max(recorded_at)))
        })
    }

    fn until(
        &mut self,
        or_else: &str,
        held: impl Fn(&mut Self) -> Result<bool, baton_store::StoreError>,
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
        self.steps += 1;
        if self.fate.strikes(CLOCK_JUMPS) {
            self.jump();
        }
        if self.fate.strikes(DIES_BETWEEN_STEPS) {
            self.fate.die("between two steps");
        }
        match self.fate.draw(6) {
            0 | 1 if !self.unsent.is_empty() => self.send(),
            0 | 1 => self.commit(),
            2 => self.node().read(),
            3 => self.node().work(),
            4 => self.node().deliver(),
            _ if self.fate.draw(20) == 0 => self.node().tidy(),
            _ => self.commit(),
        }
        if self.fate.is_dead() {
            self.node = None;
            self.hear();
        }
    }

    /// A source hands its next letter in, whichever source; now and then twice. It waits for the
    /// acknowledgement of the one before: what Baton notes of a source's silence goes by the order in
    /// which the source speaks.
    fn send(&mut self) {
        let source = |n: &usize| &self.letters[*n].source;
        let waits = |n: &usize| self.under_way.iter().any(|(sent, _)| source(sent) == source(n));
        let earlier = |n: &usize| self.unsent.iter().any(|m| m < n && source(m) == source(n));
        let free: Vec<usize> =
            self.unsent.iter().copied().filter(|n| !waits(n) && !earlier(n)).collect();
        if free.is_empty() {
            return self.commit();
        }
        let n = free[self.fate.draw(free.len())];
        let copies = 1 + usize::from(self.fate.strikes(SENT_TWICE));
        for _ in 0..copies {
            let incoming = self.incoming(n);
            self.fate.note(format!("letter {n} is sent"));
            // The queue is full: later.
            let Ok(answer) = self.node().receive(incoming) else { return };
            self.under_way.push((n, answer));
        }
        self.unsent.retain(|unsent| *unsent != n);
    }

    fn commit(&mut self) {
        self.node().commit();
        self.hear();
    }

    /// Senders hear what became of their letters; those that do not, send again.
    fn hear(&mut self) {
        for (n, mut answer) in std::mem::take(&mut self.under_way) {
            match answer.try_recv() {
                Err(TryRecvError::Empty) => self.under_way.push((n, answer)),
                Ok(Err(_)) | Err(TryRecvError::Closed) if !self.unsent.contains(&n) => {
                    self.unsent.push(n);
                }
                _ => {}
            }
        }
    }

    fn incoming(&self, n: usize) -> Incoming {
        let sent = &self.letters[n];
        Incoming {
            source: self.scene.sources[sent.source.as_str()].clone(),
            content_type: sent.content_type.to_owned(),
            headers: sent.headers.iter().map(|(n, v)| (n.to_lowercase(), v.clone())).collect(),
            body: sent.body.clone(),
            own_id: None,
            received_at: Some(sent.send_at),
        }
    }

    /// The machine's clock goes on a little, or is set.
    fn jump(&mut self) {
        let seconds = [5, 60, 3_700, 86_400, -86_400][self.fate.draw(5)];
        self.fate.note(format!("the machine's clock jumps by {seconds} s"));
        self.machine.fetch_add(seconds * 1_000_000, Ordering::AcqRel);
    }

    /// The sandbox's clock is set; a process that dies right then has it set again.
    fn set_clock(&mut self, at: Instant) {
        self.fate.note(format!("it is {at}"));
        self.present = at;
        self.node().tenant.clock.advance_to(at);
    }

    fn node(&mut self) -> &mut Node {
        while self.node.is_none() {
            let machine = MachineClock::Set(Arc::clone(&self.machine));
            let born = Node::start(&self.scene, &self.fate, &self.receiver, &machine);
            self.node = born.ok();
            if let Some(node) = &self.node {
                node.tenant.clock.advance_to(self.present);
            }
        }
        self.node.as_mut().unwrap()
    }
}

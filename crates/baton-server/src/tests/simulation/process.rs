//! One process, or several on one database, that live and die over one scene, on a machine whose clock is
//! simulated, and the steps that their loops take by chance.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::channel;

use baton_core::fact::{Fact, distinct};
use baton_core::time::{Duration, Instant};
use baton_store::tenants::Clock;
use baton_store::{Scope, StoreError, clusters, facts, outbox, pending, timers};

use super::fate::{Fate, Meeting};
use super::node::{Node, Task};
use super::outcome::ALL;
use super::receiver::Receiver;
use super::scene::{Place, Scene};
use crate::Sharing;
use crate::clock::MachineClock;
use crate::settings::Settings;
use crate::verify::verify;

const DIES_BETWEEN_STEPS: u32 = 3;
/// Of so many steps of several processes one meets another's.
const MEETS: usize = 8;
/// Of so many steps one process hears what a sandbox's clock shows, where it has not.
const HEARS_THE_CLOCK: usize = 4;

pub(super) struct Process {
    pub(super) fate: Arc<Fate>,
    pub(super) scene: Scene,
    pub(super) scope: Scope,
    pub(super) receiver: Arc<Receiver>,
    machine: Arc<AtomicI64>,
    lives: Vec<Life>,
    settings: fn(&Fate) -> Settings,
    /// Where a sandbox's clock was set; a process that starts has it set again.
    sandbox_at: Option<Instant>,
    pub(super) steps: u64,
    /// How often a process had to wait for what another was about to commit.
    pub(super) waits: u64,
}

/// A process, and the next one in its place where it died.
struct Life {
    fate: Arc<Fate>,
    receiver: Arc<Receiver>,
    node: Option<Node>,
    /// It has not heard yet what the sandbox's clock shows.
    is_behind: bool,
}

impl Process {
    pub(super) fn new(
        fate: Fate,
        clock: Clock,
        start_at: Instant,
        settings: fn(&Fate) -> Settings,
    ) -> Self {
        let mut process = Self::nobody(fate, Place::folder(), (clock, start_at), settings);
        let (fate, receiver) = (Arc::clone(&process.fate), Arc::clone(&process.receiver));
        process.lives.push(Life { fate, receiver, node: None, is_behind: false });
        process
    }

    /// One for each of the seeds, on one database.
    pub(super) fn several(
        (fate, seeds): (Fate, &[u64]),
        place: Place,
        since: (Clock, Instant),
        settings: fn(&Fate) -> Settings,
    ) -> Self {
        let mut process = Self::nobody(fate, place, since, settings);
        for seed in seeds {
            let fate = Arc::new(process.fate.beside(*seed));
            let receiver = process.receiver.beside(&fate);
            process.lives.push(Life { fate, receiver, node: None, is_behind: false });
        }
        process
    }

    fn nobody(
        fate: Fate,
        place: Place,
        (clock, start_at): (Clock, Instant),
        settings: fn(&Fate) -> Settings,
    ) -> Self {
        let fate = Arc::new(fate);
        let scene = Scene::new(place, clock, start_at);
        Self {
            scope: Scope::tenant(scene.tenant),
            scene,
            receiver: Receiver::new(&fate),
            fate,
            machine: Arc::new(AtomicI64::new(start_at.micros())),
            lives: Vec::new(),
            settings,
            sandbox_at: None,
            steps: 0,
            waits: 0,
        }
    }

    fn sharing(&self) -> Sharing {
        if self.lives.len() > 1 { Sharing::Several } else { Sharing::Alone }
    }
    /// One of the processes.
    fn someone(&self) -> usize {
        if self.lives.len() > 1 { self.fate.draw(self.lives.len()) } else { 0 }
    }

    /// A process that lives; another is born where the last one died.
    pub(super) fn node(&mut self) -> &mut Node {
        let n = self.someone();
        self.node_of(n)
    }

    fn node_of(&mut self, n: usize) -> &mut Node {
        let sharing = self.sharing();
        let life = &mut self.lives[n];
        while life.node.is_none() {
            let settings = ((self.settings)(&self.fate), sharing);
            let machine = MachineClock::Set(Arc::clone(&self.machine));
            let born = Node::start(&self.scene, (&life.fate, &life.receiver), machine, settings);
            life.node = born.ok();
            if let (Some(node), Some(at)) = (&life.node, self.sandbox_at) {
                node.tenant.clock.advance_to(at);
                life.is_behind = false;
            }
        }
        life.node.as_mut().unwrap()
    }

    /// A sandbox's clock is set. Of several processes some hear of it later.
    pub(super) fn set_sandbox(&mut self, at: Instant) {
        self.fate.note(format!("it is {at}"));
        self.sandbox_at = Some(at);
        for n in 0..self.lives.len() {
            self.lives[n].is_behind = self.lives.len() > 1 && self.fate.draw(2) == 0;
            if !self.lives[n].is_behind {
                self.node_of(n).tenant.clock.advance_to(at);
            }
        }
    }
    fn hear_the_clock(&mut self) {
        if self.lives.len() > 1 && self.fate.draw(HEARS_THE_CLOCK) == 0 {
            let n = self.someone();
            if let (Some(at), true) = (self.sandbox_at, self.lives[n].is_behind) {
                self.fate.note(format!("{n} hears that it is {at}"));
                self.node_of(n).tenant.clock.advance_to(at);
                self.lives[n].is_behind = false;
            }
        }
    }
    /// The tenant's present.
    pub(super) fn now(&mut self) -> Instant {
        let shown = self.node_of(0).tenant.clock.now();
        self.sandbox_at.map_or(shown, |at| at.max(shown))
    }
    pub(super) fn machine_at(&self) -> Instant {
        Instant::from_micros(self.machine.load(Ordering::Acquire))
    }
    pub(super) fn set_machine(&self, at: Instant) {
        self.machine.store(at.micros(), Ordering::Release);
    }
    /// The machine's clock is set, forward or back.
    pub(super) fn jump(&self, by: Duration) {
        self.fate.note(format!("the machine's clock jumps by {} s", by.micros() / 1_000_000));
        self.set_machine(self.machine_at() + by);
    }

    /// A loop takes a step, unless its process dies before.
    pub(super) fn step(&mut self) {
        self.steps += 1;
        self.hear_the_clock();
        let n = self.someone();
        if self.fate.strikes(DIES_BETWEEN_STEPS) {
            self.lives[n].fate.die("between two steps");
        } else if self.lives.len() > 1 && self.fate.draw(MEETS) == 0 {
            self.meet(n);
        } else {
            let task = Task::drawn(&self.fate, self.sharing());
            self.node_of(n).take(task);
        }
        self.bury();
    }

    /// A process is about to commit something when another takes a step, which begins before that commit and
    /// ends before it, or waits for it.
    fn meet(&mut self, n: usize) {
        let other = (n + 1 + self.fate.draw(self.lives.len() - 1)) % self.lives.len();
        let [task, meanwhile] = [n, other].map(|n| {
            if self.fate.draw(4) == 0 {
                return Task::drawn(&self.fate, Sharing::Several);
            }
            // So that it has something to write, if there is anything.
            self.node_of(n).take(Task::Read);
            Task::Work
        });
        // The second may have died of its reading.
        self.bury();
        self.node_of(n);
        self.node_of(other);
        self.fate.note(format!("{n} is to {task:?} while {other} is to {meanwhile:?}"));
        let Ok([one, other]) = self.lives.get_disjoint_mut([n, other]) else { return };
        let place = &self.scene.place;
        let ((is_here, here), (go, goes_on)) = (channel(), channel());
        one.fate.meets(Meeting { is_here, goes_on });
        let waited = std::thread::scope(|scope| {
            scope.spawn(|| {
                let node = one.node.as_mut();
                node.unwrap().take(task);
                one.fate.meets_nobody();
            });
            // Where it commits nothing, there is nothing to meet.
            here.recv().ok()?;
            let second = scope.spawn(|| other.node.as_mut().unwrap().take(meanwhile));
            let waits = loop {
                if second.is_finished() || place.is_waited_in() {
                    break !second.is_finished();
                }
                std::thread::yield_now();
            };
            go.send(()).ok()?;
            Some(waits)
        });
        self.waits += u64::from(waited == Some(true));
    }

    /// Another process takes the place of one that died.
    fn bury(&mut self) {
        for life in &mut self.lives {
            if life.fate.is_dead() {
                life.node = None;
            }
        }
    }

    /// Whether nothing waits, nothing is due and nothing is owed. Where only the next attempt at a
    /// delivery is, the machine's clock goes on to it.
    pub(super) fn has_settled(&mut self) -> Result<bool, StoreError> {
        let now = self.now();
        let mut recorded_at = now;
        for n in 0..self.lives.len() {
            let node = self.node_of(n);
            recorded_at = recorded_at.max(node.tenant.recorded_at());
            if !node.is_idle() || self.lives[n].is_behind {
                return Ok(false);
            }
        }
        let (unread, next, owed) = self.scene.calm.read(|tx| {
            let unread = pending::count_due(tx, &self.scope, now)?;
            Ok((unread, timers::next(tx, &self.scope)?, outbox::next_at(tx, &self.scope)?))
        })?;
        // What is to be woken at once has the instant of its commit.
        let due = next.is_some_and(|timer| timer.wake_at <= recorded_at);
        if let (0, false, Some(at)) = (unread, due, owed) {
            self.set_machine(at.max(self.machine_at()));
        }
        Ok(unread == 0 && !due && owed.is_none())
    }

    /// All facts that are kept.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let found = self.scene.calm.read(|tx| {
            let all = clusters::list(tx, &self.scope, clusters::ClusterNo(0), ALL)?;
            facts::load(tx, &self.scope, &all, None)
        });
        found.unwrap().into_values().flat_map(|facts| distinct(facts).to_vec()).collect()
    }

    /// What must hold whatever happened: what is written follows from the facts, and what waits is
    /// counted right.
    pub(super) fn check(&mut self) -> Result<(), String> {
        for n in 0..self.lives.len() {
            let node = self.node_of(n);
            node.take(Task::LookAround);
            node.take(Task::Tidy);
        }
        for n in 0..self.lives.len() {
            let tenant = Arc::clone(&self.node_of(n).tenant);
            let waiting = self.scene.calm.read(|tx| pending::count(tx, &self.scope, i64::MAX));
            if Ok(tenant.waiting()) != waiting {
                return Err(format!("{} wait, and {waiting:?} do", tenant.waiting()));
            }
        }
        let tenant = Arc::clone(&self.node_of(0).tenant);
        let limits = Settings::default().steps;
        let verified = verify(&self.scene.calm, &tenant, &limits).map_err(|e| e.to_string())?;
        if verified.differences.is_empty() {
            return Ok(());
        }
        Err(format!("what is written cannot be derived: {:#?}", verified.differences))
    }
}

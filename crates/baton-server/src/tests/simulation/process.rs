//! A process that lives and dies over one scene, on a machine whose clock is simulated, and the steps
//! that its loops take by chance.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use baton_core::fact::{Fact, distinct};
use baton_core::time::{Duration, Instant};
use baton_store::tenants::Clock;
use baton_store::{Scope, StoreError, clusters, facts, outbox, pending, timers};

use super::fate::Fate;
use super::node::Node;
use super::outcome::ALL;
use super::receiver::Receiver;
use super::scene::Scene;
use crate::clock::MachineClock;
use crate::settings::Settings;
use crate::verify::verify;

const DIES_BETWEEN_STEPS: u32 = 3;

pub(super) struct Process {
    pub(super) fate: Arc<Fate>,
    pub(super) scene: Scene,
    pub(super) scope: Scope,
    pub(super) receiver: Arc<Receiver>,
    machine: Arc<AtomicI64>,
    node: Option<Node>,
    settings: fn(&Fate) -> Settings,
    /// Where a sandbox's clock was set; a process that starts has it set again.
    sandbox_at: Option<Instant>,
    pub(super) steps: u64,
}

impl Process {
    pub(super) fn new(
        fate: Fate,
        clock: Clock,
        start_at: Instant,
        settings: fn(&Fate) -> Settings,
    ) -> Self {
        let fate = Arc::new(fate);
        let scene = Scene::new(clock, start_at);
        Self {
            scope: Scope::tenant(scene.tenant),
            scene,
            receiver: Receiver::new(&fate),
            fate,
            machine: Arc::new(AtomicI64::new(start_at.micros())),
            node: None,
            settings,
            sandbox_at: None,
            steps: 0,
        }
    }

    /// The process that lives; another is born where the last one died.
    pub(super) fn node(&mut self) -> &mut Node {
        while self.node.is_none() {
            let settings = (self.settings)(&self.fate);
            let machine = MachineClock::Set(Arc::clone(&self.machine));
            let born = Node::start(&self.scene, (&self.fate, &self.receiver), machine, settings);
            self.node = born.ok();
            if let (Some(node), Some(at)) = (&self.node, self.sandbox_at) {
                node.tenant.clock.advance_to(at);
            }
        }
        self.node.as_mut().unwrap()
    }

    pub(super) fn set_sandbox(&mut self, at: Instant) {
        self.fate.note(format!("it is {at}"));
        self.sandbox_at = Some(at);
        self.node().tenant.clock.advance_to(at);
    }
    /// The tenant's present.
    pub(super) fn now(&mut self) -> Instant {
        self.node().tenant.clock.now()
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

    /// A loop takes a step, unless the process dies before. Whether it lives.
    pub(super) fn step(&mut self) -> bool {
        self.steps += 1;
        if self.fate.strikes(DIES_BETWEEN_STEPS) {
            self.fate.die("between two steps");
        } else {
            let (which, seldom) = (self.fate.draw(5), self.fate.draw(20) == 0);
            let node = self.node();
            match which {
                0 => node.read(),
                1 => node.work(),
                2 => node.deliver(),
                3 if seldom => node.tidy(),
                _ => node.commit(),
            }
        }
        self.survives()
    }
    /// Whether the process has survived what it was asked to do.
    pub(super) fn survives(&mut self) -> bool {
        let dead = self.fate.is_dead();
        if dead {
            self.node = None;
        }
        !dead
    }

    /// Whether nothing waits, nothing is due and nothing is owed. Where only the next attempt at a
    /// delivery is, the machine's clock goes on to it.
    pub(super) fn has_settled(&mut self) -> Result<bool, StoreError> {
        if !self.node().is_idle() {
            return Ok(false);
        }
        let now = self.now();
        let (unread, next, owed) = self.scene.calm.read(|tx| {
            let unread = pending::count_due(tx, &self.scope, now)?;
            Ok((unread, timers::next(tx, &self.scope)?, outbox::next_at(tx, &self.scope)?))
        })?;
        // What is to be woken at once has the instant of its commit.
        let now = now.max(self.node().tenant.recorded_at());
        let due = next.is_some_and(|timer| timer.wake_at <= now);
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
        self.node().tidy();
        let tenant = Arc::clone(&self.node().tenant);
        let waiting = self.scene.calm.read(|tx| pending::count(tx, &self.scope, i64::MAX));
        if Ok(tenant.waiting()) != waiting {
            return Err(format!("{} wait, and {waiting:?} do", tenant.waiting()));
        }
        let limits = Settings::default().steps;
        let verified = verify(&self.scene.calm, &tenant, &limits).map_err(|e| e.to_string())?;
        if verified.differences.is_empty() {
            return Ok(());
        }
        Err(format!("what is written cannot be derived: {:#?}", verified.differences))
    }
}

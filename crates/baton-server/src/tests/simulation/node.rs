//! A process: the engine's loops without their threads. It is born from the store, takes steps that it
//! is told to take, and dies by being dropped.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver as Channel, sync_channel};
use std::time::Duration;

use baton_store::StoreError;
use tokio::sync::oneshot;

use super::fate::Fate;
use super::receiver::Receiver;
use super::scene::{Scene, declared};
use crate::Sharing;
use crate::clock::MachineClock;
use crate::group_commit::Request;
use crate::intake::{Incoming, Intake, IntakeError, Receipt};
use crate::loops::{Loops, Shared};
use crate::neighbours::NeighboursLoop;
use crate::read_loop::Places;
use crate::settings::Settings;
use crate::tenant::Tenant;
use crate::work_loop::Job;

/// As many batches are read ahead as in the real engine.
const JOBS_MAX: usize = 2;
const REQUESTS_MAX: usize = 64;

/// A sender's wait for its acknowledgement.
pub(super) type Answer = oneshot::Receiver<Result<Receipt, IntakeError>>;

pub(super) struct Node {
    loops: Loops,
    /// Where several share the store.
    neighbours: Option<NeighboursLoop>,
    pub(super) tenant: Arc<Tenant>,
    intake: Intake,
    requests: Channel<Request>,
    places: Places,
    jobs: VecDeque<Job>,
}

/// What a process can be told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    Read,
    Work,
    Deliver,
    Tidy,
    Commit,
    LookAround,
}

impl Task {
    /// One of them; what is seldom to be done is drawn seldom.
    pub(super) fn drawn(fate: &Fate, sharing: Sharing) -> Self {
        let (which, seldom) = (fate.draw(5), fate.draw(20) == 0);
        match which {
            0 => Self::Read,
            1 => Self::Work,
            2 => Self::Deliver,
            3 if seldom => Self::Tidy,
            3 if sharing == Sharing::Several => Self::LookAround,
            _ => Self::Commit,
        }
    }
}

/// The settings of a process whose loops share a thread and wait for nothing.
pub(super) fn settings(fate: &Fate) -> Settings {
    let mut settings = Settings::default();
    settings.intake.commit_wait = Duration::ZERO;
    settings.intake.commit_messages_max = 1 + fate.draw(6);
    // The undisturbed run, which all others are compared with, finds everything within its steps.
    settings.steps.foreseen_messages_min =
        if fate.is_calm() { usize::MAX } else { 1 + fate.draw(4) };
    settings.steps.readers = 1;
    settings.steps.derivers = 1;
    settings.steps.derivers_on_demand = 1;
    settings.steps.retry_wait_first = Duration::ZERO;
    settings.steps.retry_wait_max = Duration::ZERO;
    settings.dispatch.workers = 1;
    settings.dispatch.batch_max = 1 + fate.draw(20);
    // Nothing is given up, so that all runs end alike.
    settings.dispatch.attempts_max = u32::MAX;
    settings
}

impl Node {
    /// A process that starts; it may fail to, as any call of the store may.
    pub(super) fn start(
        scene: &Scene,
        (fate, receiver): (&Arc<Fate>, &Arc<Receiver>),
        machine: MachineClock,
        (settings, sharing): (Settings, Sharing),
    ) -> Result<Self, StoreError> {
        let store = Arc::new(scene.store().with_faults(Arc::clone(fate) as _));
        let shared = Arc::new(Shared::new(store, settings.clone(), machine, sharing));
        fate.be_born(&shared.stop);
        if sharing == Sharing::Several {
            shared.say_alive()?;
        }
        shared.load_tenants()?;
        let tenant = shared.registry.get(scene.tenant).unwrap();
        tenant.declare(declared());
        let loops = shared.loops(Box::new(Arc::clone(receiver)));
        let (ask, requests) = sync_channel(REQUESTS_MAX);
        let intake = Intake::new(Arc::new(settings.intake), Arc::clone(&shared.metrics), ask);
        loops.dispatch.take_over();
        let (places, jobs) = (Places::new(), VecDeque::new());
        let bell = Arc::clone(&shared.neighbours_bell);
        let neighbours = (sharing == Sharing::Several)
            .then(|| NeighboursLoop { shared: Arc::clone(&shared), bell });
        Ok(Self { loops, neighbours, tenant, intake, requests, places, jobs })
    }

    pub(super) fn take(&mut self, task: Task) {
        match task {
            Task::Read => self.read(),
            Task::Work => self.work(),
            Task::Deliver => self.deliver(),
            Task::Tidy => self.tidy(),
            Task::Commit => self.commit(),
            // What fails is looked at again.
            Task::LookAround => {
                let _ = self.neighbours.as_ref().map(NeighboursLoop::look);
            }
        }
    }

    pub(super) fn receive(&self, incoming: Incoming) -> Result<Answer, IntakeError> {
        self.intake.submit(&self.tenant, incoming, crate::intake::Beside::default())
    }
    /// Commits what was handed in, or some of it.
    pub(super) fn commit(&self) {
        if let Ok(first) = self.requests.try_recv() {
            self.loops.committer.take(first, &self.requests);
        }
    }
    /// Reads a batch where one waits.
    fn read(&mut self) {
        if self.jobs.len() < JOBS_MAX
            && let Some(batch) = self.loops.read.read_some(&self.tenant, &mut self.places)
        {
            self.jobs.push_back(Job::Batch(batch));
        }
    }
    /// Does what was handed to the work loop, and looks for what is due.
    fn work(&mut self) {
        if let Some(job) = self.jobs.pop_front() {
            self.loops.work.job(job);
        }
        self.loops.work.look();
    }
    fn deliver(&self) {
        self.loops.dispatch.mind_the_clock();
        self.loops.dispatch.deliver_some(&self.tenant);
    }
    pub(super) fn tidy(&self) {
        // A pass that fails is made again at the next.
        let _ = self.loops.tidy.tidy(&self.tenant, self.tenant.clock.machine_now());
    }
    /// Whether nothing is under way in memory.
    pub(super) fn is_idle(&self) -> bool {
        self.jobs.is_empty()
    }
}

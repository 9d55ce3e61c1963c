//! The engine: its threads, and the handle by which the edges use it.
//!
//! Five loops share a store: the committer makes messages durable, the read loop reads them, the work
//! loop records and derives, the dispatch loop delivers, the tidy loop forgets what is old. They meet only in rows and in bells; each can
//! be killed at any instant.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use baton_store::{Store, StoreError, TenantId};

use crate::cache::Sharing;
use crate::clock::MachineClock;
use crate::dispatch::Sender;
use crate::group_commit::Request;
use crate::intake::Intake;
use crate::loops::Shared;
use crate::metrics::Metrics;
use crate::neighbours::NeighboursLoop;
use crate::relay::{self, Lost, Relay, Word};
use crate::settings::Settings;
use crate::tenant::Tenant;
use crate::traces::Traces;
use crate::troubles::Trouble;
use crate::work_loop::{Errand, Job, WorkLoop};

/// Batches that may be read ahead of the one that is being recorded.
const JOBS_MAX: usize = 2;
/// Messages that may wait for the committer, in commits.
const COMMITS_AHEAD: usize = 8;

/// Why the engine cannot do what it is asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the engine is stopping")]
    Stopping,
    #[error("the engine did not settle within {0:?}")]
    NotSettled(Duration),
}

/// The running engine, as its users hold it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct EngineHandle(Arc<Engine>);

/// The running engine. Stops when it is told to, or when the last handle goes.
#[derive(Debug)]
pub struct Engine {
    shared: Arc<Shared>,
    /// Taken away when the engine stops, so that its loops end.
    ends: Mutex<Option<Ends>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Debug, Clone)]
struct Ends {
    intake: Intake,
    jobs: Jobs,
}

#[derive(Clone)]
struct Jobs(SyncSender<Job>);

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Jobs")
    }
}

impl Engine {
    /// Starts the loops on a store whose tables are up to date.
    ///
    /// # Errors
    /// Where the store cannot be read, or a tenant's packs cannot be compiled.
    pub fn start(
        store: Arc<Store>,
        settings: Settings,
        sharing: Sharing,
    ) -> Result<EngineHandle, EngineError> {
        Self::start_with(store, settings, sharing, |_| {})
    }

    /// As [`Engine::start`], with tenants made ready by `prepare` before any loop sees them.
    pub(crate) fn start_with(
        store: Arc<Store>,
        settings: Settings,
        sharing: Sharing,
        prepare: impl Fn(&Tenant),
    ) -> Result<EngineHandle, EngineError> {
        store.check_schema()?;
        let shared = Arc::new(Shared::new(store, settings, MachineClock::System, sharing));
        let limits = &shared.settings.intake;
        let (requests, to_commit) = sync_channel(limits.commit_messages_max * COMMITS_AHEAD);
        let (jobs, to_do) = sync_channel(JOBS_MAX);
        let intake = Intake::new(Arc::new(limits.clone()), Arc::clone(&shared.metrics), requests);
        let engine = Arc::new(Self {
            shared,
            ends: Mutex::new(Some(Ends { intake, jobs: Jobs(jobs.clone()) })),
            threads: Mutex::default(),
        });
        let handle = EngineHandle(engine);
        if sharing == Sharing::Several {
            handle.0.shared.say_alive()?;
        }
        handle.load_tenants()?;
        handle.tenants().iter().for_each(|tenant| prepare(tenant));
        handle.0.hear_others(&jobs);
        handle.0.spawn_loops((to_commit, jobs, to_do));
        Ok(handle)
    }

    /// What other nodes say rings this one's bells.
    fn hear_others(&self, jobs: &SyncSender<Job>) {
        let Some(relay) = &self.shared.relay else { return };
        let bells =
            [&self.shared.messages_bell, &self.shared.outbox_bell, &self.shared.neighbours_bell];
        let [messages, outbox, neighbours] = bells.map(Arc::clone);
        let (registry, jobs) = (Arc::clone(&self.shared.registry), jobs.clone());
        relay.hear(move |word, _| match word {
            Word::Messages => messages.ring_here(),
            Word::Outbox => outbox.ring_here(),
            Word::Standing => neighbours.ring_here(),
            // Full: the work loop is busy and looks after each job.
            Word::Timers => drop(jobs.try_send(Job::Look)),
            Word::Changes(tenant) => registry.get(tenant).iter().for_each(|t| t.changed()),
            // The edge's.
            Word::Failed(_) => {}
        });
    }

    fn spawn_loops(
        &self,
        (to_commit, jobs, to_do): (Receiver<Request>, SyncSender<Job>, Receiver<Job>),
    ) {
        let sender = Sender::new(self.shared.settings.dispatch.answer_wait_max);
        let loops = self.shared.loops(Box::new(sender));
        let mut threads = vec![
            spawn("baton-commit", move || loops.committer.run(&to_commit)),
            spawn("baton-work", move || loops.work.run(&to_do)),
            spawn("baton-tidy", move || loops.tidy.run()),
        ];
        let roles = self.shared.settings.roles;
        if roles.interpret {
            threads.push(spawn("baton-read", move || loops.read.run(&jobs)));
        }
        if roles.dispatch {
            threads.push(spawn("baton-dispatch", move || loops.dispatch.run()));
        }
        if self.shared.sharing == Sharing::Several {
            let shared = Arc::clone(&self.shared);
            let neighbours =
                NeighboursLoop { shared, bell: Arc::clone(&self.shared.neighbours_bell) };
            threads.push(spawn("baton-neighbours", move || neighbours.run()));
        }
        if let Some(relay) = &self.shared.relay {
            threads.extend(relay::THREADS.map(|(name, run)| {
                let relay = Arc::clone(relay);
                spawn(name, move || run(&relay))
            }));
        }
        if let Some(traces) = &self.shared.traces {
            let traces = Arc::clone(traces);
            threads.push(spawn("baton-traces", move || traces.export()));
        }
        let mut kept = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(threads.into_iter().flatten());
    }

    fn end(&self) {
        let ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.shared.stop.store(true, Ordering::Release);
        self.shared.messages_bell.ring_here();
        self.shared.outbox_bell.ring_here();
        self.shared.tidy_bell.ring();
        self.shared.neighbours_bell.ring();
        if let Some(relay) = &self.shared.relay {
            relay.end();
        }
        if let Some(traces) = &self.shared.traces {
            traces.stop();
        }
        if let Some(ends) = ends {
            // The work loop may be waiting for a job; a full channel wakes it as well.
            let _ = ends.jobs.0.try_send(Job::Look);
        }
        let threads: Vec<JoinHandle<()>> =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        if threads.is_empty() {
            return;
        }
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a loop ended by a failure");
            }
        }
        if self.shared.sharing == Sharing::Several {
            self.shared.say_gone();
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.end();
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Option<JoinHandle<()>> {
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run);
    thread.inspect_err(|error| tracing::error!(%error, name, "a loop could not be started")).ok()
}

impl EngineHandle {
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        &self.0.shared.store
    }
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.shared.settings
    }
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.shared.metrics
    }
    /// The way in for messages.
    ///
    /// # Errors
    /// [`EngineError::Stopping`].
    pub fn intake(&self) -> Result<Intake, EngineError> {
        self.ends().map(|ends| ends.intake)
    }
    /// A tenant of the running engine.
    #[must_use]
    pub fn tenant(&self, id: TenantId) -> Option<Arc<Tenant>> {
        self.0.shared.registry.get(id)
    }
    /// All tenants by number.
    #[must_use]
    pub fn tenants(&self) -> Vec<Arc<Tenant>> {
        self.0.shared.registry.all()
    }

    /// Takes up tenants that were made since.
    ///
    /// # Errors
    /// Where the store cannot be read, or a tenant's packs cannot be compiled.
    pub fn load_tenants(&self) -> Result<(), EngineError> {
        let known = self.0.shared.registry.all().len();
        self.0.shared.load_tenants()?;
        if let Some(relay) = self.relay()
            && self.0.shared.registry.all().len() > known
        {
            relay.say(Word::Standing);
        }
        self.wake();
        Ok(())
    }

    /// Looks for work at once, because a clock was set forward or rows were written past the engine.
    pub fn wake(&self) {
        self.0.shared.messages_bell.ring();
        self.0.shared.outbox_bell.ring();
        if let Ok(ends) = self.ends() {
            // Full: the work loop is busy and looks after each job.
            let _ = ends.jobs.0.try_send(Job::Look);
        }
    }

    /// Waits until no message waits and no timer is due, by the tenants' clocks.
    ///
    /// # Errors
    /// [`EngineError::NotSettled`] after `at_most`.
    pub fn settle(&self, at_most: Duration) -> Result<(), EngineError> {
        let (reply, settled) = sync_channel(1);
        let ends = self.ends()?;
        self.0.shared.messages_bell.ring();
        ends.jobs.0.send(Job::Settle(reply)).map_err(|_| EngineError::Stopping)?;
        drop(ends);
        settled.recv_timeout(at_most).map_err(|_| EngineError::NotSettled(at_most))
    }

    /// Has the work loop do something between two steps, and waits for what comes of it.
    pub(crate) fn between_steps<T: Send + 'static>(
        &self,
        errand: impl FnOnce(&mut WorkLoop) -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let (reply, done) = sync_channel(1);
        let errand: Errand = Box::new(move |work| {
            // Who asked may have given up.
            let _ = reply.send(errand(work));
        });
        let ends = self.ends()?;
        ends.jobs.0.send(Job::Errand(errand)).map_err(|_| EngineError::Stopping)?;
        drop(ends);
        done.recv().map_err(|_| EngineError::Stopping)
    }

    /// What keeps the loops from their work. Where something did, the store is tried; it is over when
    /// that goes well.
    #[must_use]
    pub fn troubles(&self) -> Vec<Trouble> {
        let shared = &self.0.shared;
        let known = shared.troubles.all();
        if !known.is_empty() && shared.try_store().is_ok() {
            shared.troubles.all_over();
            return Vec::new();
        }
        known
    }

    /// Since when and why nodes cannot tell each other what to look at, where they cannot. Everything goes
    /// on without it, slower.
    #[must_use]
    pub fn relay_lost(&self) -> Option<Lost> {
        self.relay().and_then(|relay| relay.lost())
    }

    pub(crate) fn traces(&self) -> Option<&Arc<Traces>> {
        self.0.shared.traces.as_ref()
    }

    pub(crate) fn relay(&self) -> Option<&Arc<Relay>> {
        self.0.shared.relay.as_ref()
    }

    /// Ends the loops: what is in a commit is finished, what waits is taken up at the next start.
    pub fn stop(&self) {
        self.0.end();
    }

    fn ends(&self) -> Result<Ends, EngineError> {
        let ends = self.0.ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.clone().ok_or(EngineError::Stopping)
    }
}

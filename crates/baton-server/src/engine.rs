//! The engine: its threads, and the handle by which the edges use it.
//!
//! Five loops share a store: the committer makes messages durable, the read loop reads them, the work
//! loop records and derives, the dispatch loop delivers, the tidy loop forgets what is old. They meet only in rows and in bells; each can
//! be killed at any instant.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use baton_store::{Scope, Store, StoreError, TenantId, pending, sources, tenants};

use crate::bell::Bell;
use crate::cache::Sharing;
use crate::dispatch::DispatchLoop;
use crate::group_commit::{Committer, Request};
use crate::intake::Intake;
use crate::metrics::Metrics;
use crate::read_loop::ReadLoop;
use crate::registry::Registry;
use crate::settings::Settings;
use crate::tenant::Tenant;
use crate::tidy::TidyLoop;
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
    store: Arc<Store>,
    settings: Arc<Settings>,
    metrics: Arc<Metrics>,
    registry: Arc<Registry>,
    /// Taken away when the engine stops, so that its loops end.
    ends: Mutex<Option<Ends>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    stop: Arc<AtomicBool>,
    messages_bell: Arc<Bell>,
    outbox_bell: Arc<Bell>,
    tidy_bell: Arc<Bell>,
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
        let settings = Arc::new(settings);
        let metrics = Arc::new(Metrics::default());
        metrics.build(env!("CARGO_PKG_VERSION"));
        let (requests, to_commit) =
            sync_channel(settings.intake.commit_messages_max * COMMITS_AHEAD);
        let (jobs, to_do) = sync_channel(JOBS_MAX);
        let intake = Intake::new(Arc::new(settings.intake.clone()), Arc::clone(&metrics), requests);
        let engine = Arc::new(Self {
            store,
            settings,
            metrics,
            registry: Arc::default(),
            ends: Mutex::new(Some(Ends { intake, jobs: Jobs(jobs.clone()) })),
            threads: Mutex::default(),
            stop: Arc::default(),
            messages_bell: Arc::default(),
            outbox_bell: Arc::default(),
            tidy_bell: Arc::default(),
        });
        let handle = EngineHandle(engine);
        handle.load_tenants()?;
        handle.tenants().iter().for_each(|tenant| prepare(tenant));
        handle.0.spawn_loops(sharing, (to_commit, jobs, to_do));
        Ok(handle)
    }

    fn spawn_loops(
        &self,
        sharing: Sharing,
        (to_commit, jobs, to_do): (Receiver<Request>, SyncSender<Job>, Receiver<Job>),
    ) {
        let limits = &self.settings.intake;
        let committer = Committer {
            store: Arc::clone(&self.store),
            metrics: Arc::clone(&self.metrics),
            bell: Arc::clone(&self.messages_bell),
            wait: limits.commit_wait,
            messages_max: limits.commit_messages_max,
            tick: self.settings.steps.tick,
            stop: Arc::clone(&self.stop),
        };
        let read = ReadLoop {
            store: Arc::clone(&self.store),
            registry: Arc::clone(&self.registry),
            settings: Arc::clone(&self.settings),
            metrics: Arc::clone(&self.metrics),
            bell: Arc::clone(&self.messages_bell),
            stop: Arc::clone(&self.stop),
            sharing,
            worker: i64::from(std::process::id()),
        };
        let work = WorkLoop {
            store: Arc::clone(&self.store),
            registry: Arc::clone(&self.registry),
            settings: Arc::clone(&self.settings),
            metrics: Arc::clone(&self.metrics),
            outbox_bell: Arc::clone(&self.outbox_bell),
            stop: Arc::clone(&self.stop),
            sharing,
            caches: HashMap::new(),
            settling: Vec::new(),
        };
        let dispatch = DispatchLoop {
            store: Arc::clone(&self.store),
            registry: Arc::clone(&self.registry),
            limits: self.settings.dispatch.clone(),
            tick: self.settings.steps.tick,
            metrics: Arc::clone(&self.metrics),
            bell: Arc::clone(&self.outbox_bell),
            messages_bell: Arc::clone(&self.messages_bell),
            stop: Arc::clone(&self.stop),
            sharing,
        };
        let tidy = TidyLoop {
            store: Arc::clone(&self.store),
            registry: Arc::clone(&self.registry),
            limits: self.settings.tidy.clone(),
            metrics: Arc::clone(&self.metrics),
            bell: Arc::clone(&self.tidy_bell),
            stop: Arc::clone(&self.stop),
        };
        let threads = vec![
            spawn("baton-commit", move || committer.run(&to_commit)),
            spawn("baton-read", move || read.run(&jobs)),
            spawn("baton-work", move || work.run(&to_do)),
            spawn("baton-dispatch", move || dispatch.run()),
            spawn("baton-tidy", move || tidy.run()),
        ];
        let mut kept = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(threads.into_iter().flatten());
    }

    fn end(&self) {
        let ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.stop.store(true, Ordering::Release);
        self.messages_bell.ring();
        self.outbox_bell.ring();
        self.tidy_bell.ring();
        if let Some(ends) = ends {
            // The work loop may be waiting for a job; a full channel wakes it as well.
            let _ = ends.jobs.0.try_send(Job::Look);
        }
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a loop ended by a failure");
            }
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
        &self.0.store
    }
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
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
        self.0.registry.get(id)
    }
    /// All tenants by number.
    #[must_use]
    pub fn tenants(&self) -> Vec<Arc<Tenant>> {
        self.0.registry.all()
    }

    /// Takes up tenants that were made since.
    ///
    /// # Errors
    /// Where the store cannot be read, or a tenant's packs cannot be compiled.
    pub fn load_tenants(&self) -> Result<(), EngineError> {
        for stored in self.0.store.read(|tx| tenants::list(tx, &Scope::operator()))? {
            if self.0.registry.get(stored.id).is_some() {
                continue;
            }
            let scope = Scope::tenant(stored.id);
            let (waiting, recorded_at, sources, declared) = self.0.store.read(|tx| {
                let waiting = pending::count(tx, &scope, i64::MAX)?;
                let recorded_at = crate::wake::recorded_at(tx, &scope)?;
                let declared = crate::activation::History::load(tx, &scope)?;
                Ok((waiting, recorded_at, sources::list(tx, &scope)?, declared))
            })?;
            let tenant = Tenant::new(&stored, declared.compile(), waiting, recorded_at);
            tenant.set_sources(sources);
            self.0.registry.add(Arc::new(tenant));
        }
        self.wake();
        Ok(())
    }

    /// Looks for work at once, because a clock was set forward or rows were written past the engine.
    pub fn wake(&self) {
        self.0.messages_bell.ring();
        self.0.outbox_bell.ring();
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
        self.0.messages_bell.ring();
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

    /// Ends the loops: what is in a commit is finished, what waits is taken up at the next start.
    pub fn stop(&self) {
        self.0.end();
    }

    fn ends(&self) -> Result<Ends, EngineError> {
        let ends = self.0.ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.clone().ok_or(EngineError::Stopping)
    }
}

//! The loops, made ready to run over one store: what they share, and each of them. The engine gives each
//! a thread; a simulation has them take one step after the other.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64};
use std::sync::{Arc, Mutex};

use baton_store::{Scope, Store, StoreError, pending, progress, sources, tenants};
use rand::TryRng as _;
use rand::rngs::SysRng;

use crate::bell::Bell;
use crate::cache::Sharing;
use crate::clock::MachineClock;
use crate::dispatch::{Deliver, DispatchLoop};
use crate::group_commit::Committer;
use crate::metrics::Metrics;
use crate::read_loop::ReadLoop;
use crate::registry::Registry;
use crate::relay::{Relay, Word};
use crate::settings::Settings;
use crate::tenant::Tenant;
use crate::tidy::TidyLoop;
use crate::traces::Traces;
use crate::troubles::Troubles;
use crate::work_loop::WorkLoop;

/// Under this name the store keeps when it was last tried whether it can be written to.
const TRIED_AT: &str = "tried_at";
const TRIAL_BYTES: usize = 256 << 10;

/// Numbers of processes on several machines are the same; this one is nobody else's.
fn drawn_number() -> i64 {
    // Where the system gives no chance, the process at least is told from others of this machine.
    let drawn = SysRng.try_next_u64().unwrap_or_else(|_| u64::from(std::process::id()));
    i64::from_ne_bytes(drawn.to_ne_bytes())
}

/// What all loops share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) store: Arc<Store>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) troubles: Arc<Troubles>,
    pub(crate) machine: MachineClock,
    pub(crate) sharing: Sharing,
    /// This process among those that share the store.
    pub(crate) worker: i64,
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) messages_bell: Arc<Bell>,
    pub(crate) outbox_bell: Arc<Bell>,
    pub(crate) tidy_bell: Arc<Bell>,
    pub(crate) neighbours_bell: Arc<Bell>,
    /// What nodes tell each other by, where there are several and a Redis is configured.
    pub(crate) relay: Option<Arc<Relay>>,
    /// Where spans are wanted.
    pub(crate) traces: Option<Arc<Traces>>,
}

/// The loops.
pub(crate) struct Loops {
    pub(crate) committer: Committer,
    pub(crate) read: ReadLoop,
    pub(crate) work: WorkLoop,
    pub(crate) dispatch: DispatchLoop,
    pub(crate) tidy: TidyLoop,
}

impl Shared {
    pub(crate) fn new(
        store: Arc<Store>,
        settings: Settings,
        machine: MachineClock,
        sharing: Sharing,
    ) -> Self {
        let metrics = Arc::new(Metrics::default());
        metrics.build(env!("CARGO_PKG_VERSION"));
        let told = Arc::clone(&metrics);
        store.on_commit(move |took| told.commit(took));
        let worker = drawn_number();
        let relay = settings.redis.clone().filter(|_| sharing == Sharing::Several);
        let relay = relay.map(|address| {
            Arc::new(Relay::new(address, worker, machine.clone(), Arc::clone(&metrics)))
        });
        let traces = settings.otlp.clone().map(|address| {
            Arc::new(Traces::new(address, worker, machine.clone(), Arc::clone(&metrics)))
        });
        let (messages_bell, outbox_bell) = (Bell::default(), Bell::default());
        if let Some(relay) = &relay {
            // A node that does the work itself is at it before another could be.
            if !settings.roles.interpret {
                messages_bell.heard_afar(relay, Word::Messages);
            }
            if !settings.roles.dispatch {
                outbox_bell.heard_afar(relay, Word::Outbox);
            }
        }
        Self {
            store,
            settings: Arc::new(settings),
            metrics,
            registry: Arc::default(),
            troubles: Arc::default(),
            machine,
            sharing,
            worker,
            stop: Arc::default(),
            messages_bell: Arc::new(messages_bell),
            outbox_bell: Arc::new(outbox_bell),
            tidy_bell: Arc::default(),
            neighbours_bell: Arc::default(),
            relay,
            traces,
        }
    }

    /// Takes up tenants that were made since.
    pub(crate) fn load_tenants(&self) -> Result<(), StoreError> {
        for stored in self.store.read(|tx| tenants::list(tx, &Scope::operator()))? {
            if self.registry.get(stored.id).is_some() {
                continue;
            }
            let scope = Scope::tenant(stored.id);
            let (known, sources, declared) = self.store.read(|tx| {
                let waiting = pending::count(tx, &scope, i64::MAX)?;
                let recorded_at = crate::wake::recorded_at(tx, &scope)?;
                let declared = crate::activation::History::load(tx, &scope)?;
                Ok(((waiting, recorded_at), sources::list(tx, &scope)?, declared))
            })?;
            let tenant = Tenant::new(&stored, self.machine.clone(), declared.compile(), known);
            tenant.set_activations(declared.activations());
            tenant.set_sources(sources);
            self.registry.add(Arc::new(tenant));
        }
        Ok(())
    }

    /// Writes something, to see whether the store can be written to: as much as a batch of messages may
    /// take, since a disk that is full still has room for a line.
    pub(crate) fn try_store(&self) -> Result<(), StoreError> {
        let Some(tenant) = self.registry.all().into_iter().next() else { return Ok(()) };
        let ballast = ".".repeat(TRIAL_BYTES);
        let now = self.machine.now().to_string();
        for text in [&ballast, &now] {
            self.store.write(|tx| progress::put(tx, &tenant.scope, TRIED_AT, text))?;
        }
        Ok(())
    }

    /// Makes the loops; `deliver` is how commands leave.
    pub(crate) fn loops(&self, deliver: Box<dyn Deliver>) -> Loops {
        let settings = &self.settings;
        let committer = Committer {
            store: Arc::clone(&self.store),
            metrics: Arc::clone(&self.metrics),
            troubles: Arc::clone(&self.troubles),
            bell: Arc::clone(&self.messages_bell),
            wait: settings.intake.commit_wait,
            messages_max: settings.intake.commit_messages_max,
            tick: settings.steps.tick,
            traces: self.traces.clone(),
            machine: self.machine.clone(),
            stop: Arc::clone(&self.stop),
        };
        let read = ReadLoop {
            store: Arc::clone(&self.store),
            registry: Arc::clone(&self.registry),
            settings: Arc::clone(settings),
            metrics: Arc::clone(&self.metrics),
            troubles: Arc::clone(&self.troubles),
            bell: Arc::clone(&self.messages_bell),
            stop: Arc::clone(&self.stop),
            sharing: self.sharing,
            worker: self.worker,
            traces: self.traces.clone(),
        };
        let work = WorkLoop {
            store: Arc::clone(&self.store),
            registry: Arc::clone(&self.registry),
            settings: Arc::clone(settings),
            metrics: Arc::clone(&self.metrics),
            troubles: Arc::clone(&self.troubles),
            outbox_bell: Arc::clone(&self.outbox_bell),
            relay: self.relay.clone(),
            traces: self.traces.clone(),
            tracing: None,
            stop: Arc::clone(&self.stop),
            sharing: self.sharing,
            caches: HashMap::new(),
            settling: Vec::new(),
        };
        let dispatch = DispatchLoop {
            store: Arc::clone(&self.store),
            registry: Arc::clone(&self.registry),
            limits: settings.dispatch.clone(),
            tick: settings.steps.tick,
            metrics: Arc::clone(&self.metrics),
            troubles: Arc::clone(&self.troubles),
            bell: Arc::clone(&self.outbox_bell),
            messages_bell: Arc::clone(&self.messages_bell),
            stop: Arc::clone(&self.stop),
            sharing: self.sharing,
            deliver,
            worker: self.worker,
            machine: self.machine.clone(),
            seen_at: AtomicI64::new(i64::MIN),
            doubtful: Mutex::default(),
            traces: self.traces.clone(),
        };
        let tidy = TidyLoop {
            store: Arc::clone(&self.store),
            registry: Arc::clone(&self.registry),
            limits: settings.tidy.clone(),
            metrics: Arc::clone(&self.metrics),
            troubles: Arc::clone(&self.troubles),
            bell: Arc::clone(&self.tidy_bell),
            stop: Arc::clone(&self.stop),
        };
        Loops { committer, read, work, dispatch, tidy }
    }
}

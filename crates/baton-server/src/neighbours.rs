//! Several processes on one database: this one says that it lives, frees what others hold that do not, and
//! takes up what others changed: tenants that were made, packs that were activated.
//!
//! A process that stops in good order frees what it holds; of one that was killed it is free as soon as
//! it has not said for the length of a lease that it lives. Everything here is only about
//! time lost: whatever two processes work on at once, one of them commits.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use baton_core::time::Duration as Length;
use baton_store::{Store, StoreError, packs, pending, workers};

use crate::activation::History;
use crate::bell::Bell;
use crate::loops::Shared;
use crate::tenant::Tenant;

/// The loop. It runs where several processes share the store.
#[derive(Debug)]
pub(crate) struct NeighboursLoop {
    pub(crate) shared: Arc<Shared>,
    /// Rung when another node says that something stands otherwise, and when the engine stops.
    pub(crate) bell: Arc<Bell>,
}

impl NeighboursLoop {
    pub(crate) fn run(&self) {
        let every = self.shared.settings.steps.lease / BEATS_A_LEASE;
        while !self.shared.stop.load(Ordering::Acquire) {
            let seen = self.bell.rings();
            if let Err(error) = self.look() {
                self.shared.metrics.failure("neighbours", error.name());
                self.shared.troubles.note("neighbours", &error, self.shared.machine.now());
                tracing::warn!(%error, "other processes cannot be seen, trying again");
            } else {
                self.shared.troubles.over("neighbours");
            }
            if !self.shared.stop.load(Ordering::Acquire) {
                self.bell.wait(seen, every);
            }
        }
    }

    /// Says that this process lives, and looks at what the others do.
    pub(crate) fn look(&self) -> Result<(), StoreError> {
        self.shared.say_alive()?;
        self.shared.load_tenants()?;
        for tenant in self.shared.registry.all() {
            self.free(&tenant)?;
            take_up(&self.shared.store, &tenant)?;
            self.shared.store.read(|tx| crate::wake::adopt_clock(tx, &tenant))?;
            // Whoever was told of an earlier receipt may be gone.
            tenant.receipts_moved();
            let limit = self.shared.settings.intake.messages_waiting_max;
            tenant.recount_waiting(|| {
                self.shared.store.read(|tx| pending::count(tx, &tenant.scope, limit))
            })?;
        }
        Ok(())
    }

    fn free(&self, tenant: &Tenant) -> Result<(), StoreError> {
        let now = self.shared.machine.now();
        let (messages, commands) =
            self.shared.store.write(|tx| workers::free(tx, &tenant.scope, now))?;
        if messages + commands > 0 {
            tracing::warn!(messages, commands, tenant = %tenant.key, "another process is gone, what it held is free");
            self.shared.messages_bell.ring_here();
            self.shared.outbox_bell.ring_here();
        }
        Ok(())
    }
}

/// Packs that another process activated are in force here as well. Asked for again before messages are
/// recorded: one that was sent after an activation is never read as if before it.
pub(crate) fn take_up(store: &Store, tenant: &Tenant) -> Result<(), StoreError> {
    let _declaring = tenant.declaring();
    let known = tenant.activations();
    if store.read(|tx| packs::activations(tx, &tenant.scope))? == known {
        return Ok(());
    }
    let history = store.read(|tx| History::load(tx, &tenant.scope))?;
    let activations = history.activations();
    tenant.declare(Arc::new(history.compile()));
    tenant.set_activations(activations);
    Ok(())
}

/// How often within its lease a process says that it lives.
const BEATS_A_LEASE: u32 = 4;

impl Shared {
    /// Says that this process lives, for as long as its lease.
    pub(crate) fn say_alive(&self) -> Result<(), StoreError> {
        let now = self.machine.now();
        let until = now + length(self.settings.steps.lease);
        self.store.write(|tx| workers::alive(tx, self.worker, (now, until)))
    }

    /// Frees what this process holds; what cannot be freed now is when its lease has ended.
    pub(crate) fn say_gone(&self) {
        let now = self.machine.now();
        let freed = self.store.write(|tx| {
            workers::gone(tx, self.worker)?;
            for tenant in self.registry.all() {
                workers::free(tx, &tenant.scope, now)?;
            }
            Ok(())
        });
        if let Err(error) = freed {
            tracing::warn!(%error, "what this process held is free when its lease has ended");
        }
    }
}

fn length(of: Duration) -> Length {
    Length::from_micros(i64::try_from(of.as_micros()).unwrap_or(i64::MAX))
}

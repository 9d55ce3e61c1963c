//! The tidy loop: forgets what is of use for a while only, so that a store does not grow by it for
//! ever: answers kept for repeats of a request, and old entries of the stream of changes. Before, it counts
//! what the tenant used. It also counts again how many messages wait, which goes wrong beside commits whose
//! answer was lost.
//!
//! INVARIANT: no fact, message, act or command is ever deleted here. What was sent to the outside stays,
//! because its row is what keeps it from being sent twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use baton_core::time::Instant;
use baton_store::{Store, StoreError, changes, idempotency, pending};

use crate::bell::Bell;
use crate::metrics::Metrics;
use crate::registry::Registry;
use crate::settings::TidyLimits;
use crate::tenant::Tenant;
use crate::troubles::Troubles;
use crate::usage;

#[derive(Debug)]
pub(crate) struct TidyLoop {
    pub(crate) store: Arc<Store>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) limits: TidyLimits,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) troubles: Arc<Troubles>,
    /// Rung when the engine stops; nothing else hurries this loop.
    pub(crate) bell: Arc<Bell>,
    pub(crate) stop: Arc<AtomicBool>,
}

/// How many rows were forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Forgotten {
    pub(crate) idempotency_keys: u64,
    pub(crate) changes: u64,
}

impl TidyLoop {
    pub(crate) fn run(&self) {
        while !self.stop.load(Ordering::Acquire) {
            let seen = self.bell.rings();
            for tenant in self.registry.all() {
                let now = tenant.clock.machine_now();
                let began = std::time::Instant::now();
                let tidied = self.tidy(&tenant, now);
                self.metrics.batch("tidy", began.elapsed());
                if tidied.is_ok() {
                    self.troubles.over("tidy");
                }
                if let Err(error) = tidied {
                    self.metrics.failure("tidy", error.name());
                    self.troubles.note("tidy", &error, now);
                    tracing::warn!(tenant = %tenant.key, "tidying failed and is tried again: {error}");
                }
            }
            // A stop between looking and waiting has rung already.
            if !self.stop.load(Ordering::Acquire) {
                self.bell.wait(seen, self.limits.every);
            }
        }
    }

    /// One pass over a tenant: batches, each a transaction of its own, and no more than so many. Keys
    /// age by the machine's clock, by which they are kept; changes by the tenant's.
    pub(crate) fn tidy(
        &self,
        tenant: &Tenant,
        machine_now: Instant,
    ) -> Result<Forgotten, StoreError> {
        let TidyLimits { batch_rows, idempotency_kept, changes_kept, .. } = self.limits;
        let keys_before = machine_now - idempotency_kept;
        let changes_before = tenant.clock.now() - changes_kept;
        self.count_usage(tenant)?;
        let idempotency_keys = self.batches(|| {
            self.store.write(|tx| idempotency::forget(tx, &tenant.scope, keys_before, batch_rows))
        })?;
        let changes = self.batches(|| {
            self.store.write(|tx| changes::forget(tx, &tenant.scope, changes_before, batch_rows))
        })?;
        tenant.recount_waiting(|| {
            self.store.read(|tx| pending::count(tx, &tenant.scope, i64::MAX))
        })?;
        self.metrics.tidied("idempotency_keys", idempotency_keys);
        self.metrics.tidied("changes", changes);
        Ok(Forgotten { idempotency_keys, changes })
    }

    fn count_usage(&self, tenant: &Tenant) -> Result<(), StoreError> {
        let (scope, now) = (&tenant.scope, tenant.clock.now());
        if self.store.read(|tx| usage::is_due(tx, scope, now))? {
            let batch_rows = self.limits.batch_rows;
            self.batches(|| self.store.write(|tx| usage::count(tx, scope, now, batch_rows)))?;
        }
        Ok(())
    }

    fn batches(&self, batch: impl Fn() -> Result<u64, StoreError>) -> Result<u64, StoreError> {
        let mut all = 0;
        for _ in 0..self.limits.batches_max {
            let gone = batch()?;
            all += gone;
            if gone < self.limits.batch_rows as u64 || self.stop.load(Ordering::Acquire) {
                break;
            }
        }
        Ok(all)
    }
}

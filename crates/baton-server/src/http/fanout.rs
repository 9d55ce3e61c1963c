//! One look at the store for all streams of events: a task a tenant, as long as somebody listens.
//!
//! The task looks when changes were committed, here or on a node that says so, and from time to time by
//! itself. It reads what has been committed since its last look and hands it to every stream. A stream
//! that falls behind, or that began further back, reads for itself what it has missed: the task keeps
//! no more than the latest batch, so a slow reader costs nobody memory but itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use baton_store::changes::{self, Change, Kept};
use baton_store::{Scope, StoreError, TenantId};
use tokio::sync::watch;

use super::limits::{EVENTS_APART, EVENTS_TOGETHER_MAX};
use crate::engine::EngineHandle;
use crate::tenant::Tenant;

/// What was committed between two looks.
#[derive(Debug)]
pub(super) struct Batch {
    /// The changes that are above this number …
    pub(super) after: i64,
    /// … and up to this one.
    pub(super) upto: i64,
    /// All of them, as the whole tenant's scope sees them.
    pub(super) changes: Vec<Change>,
}

pub(super) type Latest = watch::Receiver<Arc<Batch>>;

/// The tasks that look.
#[derive(Debug, Default)]
pub(super) struct Fanout(Mutex<HashMap<TenantId, watch::Sender<Arc<Batch>>>>);

impl Fanout {
    /// Joins those who hear of a tenant's changes; the first begins the task. `last` is the latest
    /// change that is known. Needs a tokio runtime about it.
    pub(super) fn join(
        self: &Arc<Self>,
        engine: &EngineHandle,
        scope: Scope,
        tenant: TenantId,
        last: i64,
    ) -> Latest {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = tasks.get(&tenant) {
            return task.subscribe();
        }
        let none = Batch { after: last, upto: last, changes: Vec::new() };
        let (send, receive) = watch::channel(Arc::new(none));
        tasks.insert(tenant, send);
        drop(tasks);
        let looking = Looking { fanout: Arc::clone(self), engine: engine.clone(), scope, tenant };
        tokio::spawn(looking.run(last));
        receive
    }

    #[cfg(test)]
    pub(super) fn tasks(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

struct Looking {
    fanout: Arc<Fanout>,
    engine: EngineHandle,
    scope: Scope,
    tenant: TenantId,
}

impl Looking {
    /// Looks until nobody listens, or the engine stops; then the streams end with it.
    async fn run(self, mut last: i64) {
        loop {
            self.until_changed().await;
            let (engine, scope) = (self.engine.clone(), self.scope.clone());
            let look = tokio::task::spawn_blocking(move || {
                engine.store().read(|tx| look(tx, &scope, last))
            });
            match look.await {
                Ok(Ok(batch)) => {
                    last = batch.upto;
                    if !self.tell(batch) {
                        return;
                    }
                }
                Ok(Err(why)) => {
                    self.engine.metrics().failure("events", why.name());
                    tracing::warn!("events cannot be read and are tried again: {why}");
                    if !self.is_heard() {
                        return;
                    }
                }
                // The runtime ends.
                Err(_) => break,
            }
            if self.engine.intake().is_err() {
                break;
            }
        }
        self.fanout.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.tenant);
    }

    /// Waits until something may have changed: until that is said, or for a while where it is not.
    async fn until_changed(&self) {
        let tick = self.engine.settings().steps.events_tick;
        let tenant: Option<Arc<Tenant>> = self.engine.tenant(self.tenant);
        match tenant {
            Some(tenant) => drop(tokio::time::timeout(tick, tenant.until_changed()).await),
            None => tokio::time::sleep(tick).await,
        }
        // What is committed meanwhile is read together.
        tokio::time::sleep(EVENTS_APART).await;
    }

    /// Hands a batch out; false where nobody listens any more, and the task is over.
    fn tell(&self, batch: Batch) -> bool {
        let mut tasks = self.fanout.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(task) = tasks.get(&self.tenant) else { return false };
        // Nobody can join while the lock is held, so a task that is over is never joined.
        if task.receiver_count() == 0 {
            tasks.remove(&self.tenant);
            return false;
        }
        if batch.after < batch.upto {
            task.send_replace(Arc::new(batch));
        }
        true
    }

    fn is_heard(&self) -> bool {
        let mut tasks = self.fanout.0.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = tasks.get(&self.tenant).is_some_and(|task| task.receiver_count() > 0);
        if !heard {
            tasks.remove(&self.tenant);
        }
        heard
    }
}

/// What came after the last look, as much as one batch holds.
fn look(tx: &mut baton_store::Tx<'_>, scope: &Scope, after: i64) -> Result<Batch, StoreError> {
    let Kept { last, .. } = changes::kept(tx, scope)?;
    let upto = last.min(after + EVENTS_TOGETHER_MAX).max(after);
    let changes = if upto > after { changes::between(tx, scope, after, upto)? } else { Vec::new() };
    Ok(Batch { after, upto, changes })
}

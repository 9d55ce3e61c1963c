//! The loop that writes: batches that were read become facts and states, timers that came due are
//! derived again, and what people ask for between is done, one step after the other.
//!
//! One thread does all of it, so the steps of this process never wait for each other's locks. A step
//! that fails is tried again with growing waits; one that fails for a reason of its own is taken apart
//! until the message that causes it stands alone, and that one goes to quarantine.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use baton_core::wording::Wording;
use baton_store::{Store, StoreError, TenantId, Tx, pending, timers};

use crate::bell::Bell;
use crate::cache::{Cache, Sharing};
use crate::crash::{self, CrashPoint};
use crate::derivation::Step;
use crate::foresight::Foresight;
use crate::metrics::Metrics;
use crate::read_loop::{Batch, lag, read_message};
use crate::reading::{Fault, Part};
use crate::record::{Read, record};
use crate::registry::Registry;
use crate::relay::{Relay, Word};
use crate::settings::Settings;
use crate::tenant::{Declared, Tenant};
use crate::traces::{Context, Traces};
use crate::troubles::Troubles;
use crate::{earlier, neighbours, wake};

/// Something to be done between steps, with the cache of a tenant at hand.
pub(crate) type Errand = Box<dyn FnOnce(&mut WorkLoop) + Send>;

/// What the loop is handed.
pub(crate) enum Job {
    Batch(Batch),
    Errand(Errand),
    /// Answered once nothing waits and no timer is due.
    Settle(SyncSender<()>),
    /// Look for timers: a clock was set forward.
    Look,
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a rule failed in a way that it must not, please report it")]
    Panicked,
}

impl StepError {
    /// A word for metrics.
    const fn name(&self) -> &'static str {
        match self {
            Self::Store(error) => error.name(),
            Self::Panicked => "panicked",
        }
    }
    /// What a reader is told; why the store refused, is for whoever runs it.
    fn wording(&self) -> Wording {
        match self {
            Self::Store(_) => Wording::new("store_refused"),
            Self::Panicked => Wording::new("to_report"),
        }
    }
    /// Whether the same step may succeed later.
    const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Store(StoreError::Busy | StoreError::Unavailable { .. } | StoreError::Full)
        )
    }
}

/// What becomes of messages whose step failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AfterFailure {
    /// They stay in the queue: the store could not, and the loop was stopped while it waited for it.
    LeaveWaiting,
    /// Each is tried by itself, to find the one that it is.
    TakeApart,
    /// It is the one.
    Quarantine,
}

impl AfterFailure {
    const fn of(error: &StepError, messages: usize) -> Self {
        if error.is_passing() {
            Self::LeaveWaiting
        } else if messages == 1 {
            Self::Quarantine
        } else {
            Self::TakeApart
        }
    }
}

/// The loop.
pub(crate) struct WorkLoop {
    pub(crate) store: Arc<Store>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) troubles: Arc<Troubles>,
    /// Rung when commands may wait in the outbox.
    pub(crate) outbox_bell: Arc<Bell>,
    pub(crate) relay: Option<Arc<Relay>>,
    pub(crate) traces: Option<Arc<Traces>>,
    /// The span of the step that is under way, where it is one of messages.
    pub(crate) tracing: Option<Context>,
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) sharing: Sharing,
    pub(crate) caches: HashMap<TenantId, Cache>,
    pub(crate) settling: Vec<SyncSender<()>>,
}

impl WorkLoop {
    pub(crate) fn run(mut self, jobs: &Receiver<Job>) {
        let mut wait = Duration::ZERO;
        loop {
            match jobs.recv_timeout(wait) {
                Ok(job) => self.job(job),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.stop.load(Ordering::Acquire) {
                return;
            }
            wait = self.look();
        }
    }

    pub(crate) fn job(&mut self, job: Job) {
        match job {
            Job::Batch(batch) => self.batch(&batch),
            Job::Errand(errand) => errand(self),
            Job::Settle(reply) => self.settling.push(reply),
            Job::Look => {}
        }
    }

    /// Wakes what is due; returns how long nothing else will be.
    pub(crate) fn look(&mut self) -> Duration {
        let mut wait = self.settings.steps.tick;
        let mut settled = true;
        for tenant in self.registry.all() {
            let looked = earlier::look(self, &tenant).and_then(|()| wake::look(self, &tenant));
            match looked {
                Ok(looked) => {
                    wait = wait.min(looked.wait);
                    settled &= looked.settled;
                }
                Err(error) => {
                    self.failed(&tenant, "wake", &error);
                    settled = false;
                }
            }
        }
        if settled {
            for reply in self.settling.drain(..) {
                // Who asked may have given up.
                let _ = reply.send(());
            }
        }
        wait
    }

    fn batch(&mut self, batch: &Batch) {
        crash::reached(CrashPoint::BatchRead);
        let tenant = &batch.tenant;
        if let Err(error) = wake::before_messages(self, tenant) {
            self.failed(tenant, "wake", &error);
        }
        if self.sharing == Sharing::Several
            && let Err(error) = neighbours::take_up(&self.store, tenant)
        {
            self.failed(tenant, "packs", &StepError::Store(error));
        }
        let declared = tenant.declared();
        self.tracing = batch.context;
        if !Arc::ptr_eq(&declared, &batch.declared) {
            // Packs were activated after it was read.
            let limit = self.settings.intake.decompressed_bytes_max;
            let reads: Vec<Read> =
                batch.messages.iter().map(|m| read_message(tenant, &declared, m, limit)).collect();
            self.record(tenant, &declared, &reads);
        } else {
            self.record(tenant, &declared, &batch.reads);
        }
        self.tracing = None;
        for read in &batch.reads {
            self.metrics.lag("derived", lag(tenant, read.received_at));
        }
        self.outbox_bell.ring();
    }

    /// Records messages, together if that goes, else each half of them by itself: one that cannot be recorded costs as
    /// many steps more as the batch can be halved, and not as many as it has messages.
    fn record(&mut self, tenant: &Tenant, declared: &Declared, reads: &[Read]) {
        let Err(error) = self.record_once(tenant, declared, reads) else { return };
        self.failed(tenant, "record", &error);
        match AfterFailure::of(&error, reads.len()) {
            AfterFailure::LeaveWaiting => {}
            AfterFailure::Quarantine => {
                let broken =
                    reads.iter().map(|read| not_recorded(read, &error)).collect::<Vec<_>>();
                if let Err(error) = self.record_once(tenant, declared, &broken) {
                    self.failed(tenant, "quarantine", &error);
                }
            }
            AfterFailure::TakeApart => {
                for half in reads.chunks(reads.len().div_ceil(2)) {
                    if self.stop.load(Ordering::Acquire) {
                        return;
                    }
                    self.record(tenant, declared, half);
                }
            }
        }
    }

    fn record_once(
        &mut self,
        tenant: &Tenant,
        declared: &Declared,
        reads: &[Read],
    ) -> Result<(), StepError> {
        let began = std::time::Instant::now();
        let within = self.tracing;
        let span = self.traces.as_ref().map(|traces| traces.begin("derive", within));
        self.tracing = span.as_ref().map(|span| span.context);
        let mut foresight = self.foresee(tenant, declared, reads);
        let done = self.step(tenant, declared, |tx, step, cache| {
            record(tx, step, cache, reads, foresight.take())
        });
        self.tracing = within;
        if let Some((traces, mut span)) = self.traces.as_ref().zip(span) {
            span.attribute("baton.messages", reads.len());
            if let Ok(done) = &done {
                span.attribute("baton.facts", done.facts);
                for cluster in &done.touched {
                    traces.saw_cluster(tenant.id, *cluster, span.context);
                }
            } else {
                span.failed();
            }
            traces.end(span);
        }
        let done = done?;
        self.metrics.batch("record", began.elapsed());
        self.metrics.facts(done.facts);
        self.metrics.part("read", done.parts - done.faults);
        self.metrics.part("quarantined", done.faults);
        tenant.add_waiting(-i64::try_from(reads.len()).unwrap_or(i64::MAX));
        Ok(())
    }

    /// What a step will come to, as far as that can be told before it; none where it is to find out by itself.
    fn foresee<'a>(
        &mut self,
        tenant: &Tenant,
        declared: &Declared,
        reads: &'a [Read],
    ) -> Option<Foresight<'a>> {
        let (limits, sharing) = (&self.settings.steps, self.sharing);
        let step = Step { tenant, declared, limits, metrics: &self.metrics, sharing };
        let cache = self.caches.entry(tenant.id).or_insert_with(|| Cache::new(limits, sharing));
        let foreseen = catch_unwind(AssertUnwindSafe(|| {
            // A store that fails here fails the step as well, which says so.
            Foresight::of(&self.store, &step, cache, reads).unwrap_or_default()
        }));
        foreseen.unwrap_or_else(|_| {
            // So will the step, which finds the message that it is.
            cache.clear();
            None
        })
    }

    /// Runs one step in one transaction, again and again while the store cannot do it.
    pub(crate) fn step<T>(
        &mut self,
        tenant: &Tenant,
        declared: &Declared,
        mut work: impl FnMut(&mut Tx<'_>, &Step<'_>, &mut Cache) -> Result<T, StoreError>,
    ) -> Result<T, StepError> {
        let (settings, sharing) = (Arc::clone(&self.settings), self.sharing);
        let metrics = Arc::clone(&self.metrics);
        let limits = &settings.steps;
        let step = Step { tenant, declared, limits, metrics: &metrics, sharing };
        let mut wait = limits.retry_wait_first;
        loop {
            let mut commit = None;
            let cache = self.caches.entry(tenant.id).or_insert_with(|| Cache::new(limits, sharing));
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                let mut runs = 0;
                self.store.write(|tx| {
                    // A transaction that is run again finds what the failed one had put there.
                    if runs > 0 {
                        cache.clear();
                    }
                    runs += 1;
                    cache.begin_step();
                    let done = work(tx, &step, cache)?;
                    wake::keep_clock(tx, tenant, sharing)?;
                    crash::reached(CrashPoint::StepBeforeCommit);
                    let traces = self.traces.as_ref().filter(|_| self.tracing.is_some());
                    commit = traces.map(|traces| traces.begin("commit", self.tracing));
                    Ok(done)
                })
            }));
            let error = match outcome {
                Ok(Ok(done)) => {
                    crash::reached(CrashPoint::StepCommitted);
                    if let Some((traces, commit)) = self.traces.as_ref().zip(commit) {
                        traces.end(commit);
                    }
                    self.troubles.over("work");
                    self.tell(tenant);
                    return Ok(done);
                }
                Ok(Err(error)) => StepError::Store(error),
                Err(_) => StepError::Panicked,
            };
            if let Some(cache) = self.caches.get_mut(&tenant.id) {
                cache.clear();
            }
            if !error.is_passing() || self.stop.load(Ordering::Acquire) {
                return Err(error);
            }
            self.failed(tenant, "step", &error);
            std::thread::sleep(wait);
            wait = (wait * 2).min(limits.retry_wait_max);
        }
    }

    /// Has those know who wait for what a step may have committed.
    fn tell(&self, tenant: &Tenant) {
        tenant.changed();
        let Some(relay) = &self.relay else { return };
        relay.say(Word::Changes(tenant.id));
        if !self.settings.roles.derive {
            relay.say(Word::Timers);
        }
    }

    fn failed(&self, tenant: &Tenant, which: &str, error: &StepError) {
        self.metrics.failure(which, error.name());
        tracing::warn!(%error, tenant = %tenant.key, which, "a step failed");
        if let StepError::Store(why) = error
            && error.is_passing()
        {
            self.troubles.note("work", why, tenant.clock.machine_now());
        }
    }

    /// How many messages of a tenant wait, as the store has it; in a sandbox those whose receipt has come.
    pub(crate) fn pending(&self, tenant: &Tenant) -> Result<i64, StoreError> {
        let (scope, now) = (&tenant.scope, tenant.clock.now());
        self.store.read(|tx| match tenant.clock.is_simulated() {
            true => pending::count_due(tx, scope, now),
            false => pending::count(tx, scope, i64::MAX),
        })
    }

    /// The timer of a tenant that is due first.
    pub(crate) fn next_timer(&self, tenant: &Tenant) -> Result<Option<timers::Timer>, StoreError> {
        self.store.read(|tx| timers::next(tx, &tenant.scope))
    }
}

/// A message as one that cannot be recorded, and why.
fn not_recorded(read: &Read, why: &StepError) -> Read {
    let outcome = Err(Fault::new("not_recorded", &why.wording(), why));
    Read {
        message: read.message,
        source: read.source.clone(),
        received_at: read.received_at,
        reading: read.reading,
        parts: vec![Part { name: String::new(), outcome }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_message_that_fails_for_a_reason_of_its_own_goes_to_quarantine() {
        let corrupt = || StepError::Store(StoreError::Corrupt { what: "a fact" });
        for (error, messages, expected) in [
            (StepError::Store(StoreError::Busy), 1, AfterFailure::LeaveWaiting),
            (StepError::Store(StoreError::Full), 1, AfterFailure::LeaveWaiting),
            (StepError::Store(StoreError::Busy), 7, AfterFailure::LeaveWaiting),
            (corrupt(), 7, AfterFailure::TakeApart),
            (corrupt(), 1, AfterFailure::Quarantine),
            (StepError::Panicked, 1, AfterFailure::Quarantine),
        ] {
            assert_eq!(AfterFailure::of(&error, messages), expected, "{error:?} of {messages}");
        }
    }
}

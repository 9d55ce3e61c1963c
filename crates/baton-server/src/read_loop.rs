//! The loop that reads: messages that wait are loaded, read by their connectors on several threads,
//! and handed on in batches.
//!
//! It writes nothing. A message stays in the queue until the transaction that commits its facts, so a
//! batch that is lost with the process is simply read again.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::mpsc::SyncSender;
use std::time::Duration as StdDuration;

use baton_core::id::MessageNo;
use baton_core::time::{Duration, Instant};
use baton_core::wording::Wording;
use baton_store::messages::{Entry, Message};
use baton_store::sources::{Source, SourceId};
use baton_store::{Store, StoreError, TenantId, messages, pending, sources};

use crate::bell::Bell;
use crate::body::decoded;
use crate::cache::Sharing;
use crate::intake::{encoding, read_headers};
use crate::metrics::Metrics;
use crate::own_words;
use crate::reading::{Fault, Letter, Part};
use crate::record::Read;
use crate::registry::Registry;
use crate::settings::{Settings, StepLimits};
use crate::side_by_side::side_by_side;
use crate::tenant::{Declared, Tenant};
use crate::traces::{Context, Traces};
use crate::troubles::Troubles;
use crate::work_loop::Job;

/// Batches of fewer messages than this are worked off as they come.
const STREAM_MIN: usize = 8;
/// From so many messages a second on they gather until a batch is nearly full: by then what one costs
/// matters more than when it is seen.
const DENSE_MIN_PER_SECOND: u128 = 2_000;
/// The share of a full batch that a dense stream gathers to: a full one may have left more behind, and is
/// not waited for.
const GATHERED_SHARE_PERCENT: u128 = 80;
/// How long a claim holds at most while its process lives.
const CLAIM: Duration = Duration::minutes(10);

/// A batch that was read.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) tenant: Arc<Tenant>,
    /// What it was read by.
    pub(crate) declared: Arc<Declared>,
    pub(crate) messages: Vec<Message>,
    pub(crate) reads: Vec<Read>,
    in_flight: Arc<AtomicI64>,
    /// The span of its reading, which the rest of its way goes on below.
    pub(crate) context: Option<Context>,
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.in_flight.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The loop.
#[derive(Debug)]
pub(crate) struct ReadLoop {
    pub(crate) store: Arc<Store>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) troubles: Arc<Troubles>,
    pub(crate) bell: Arc<Bell>,
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) sharing: Sharing,
    /// This process among those that share the store.
    pub(crate) worker: i64,
    pub(crate) traces: Option<Arc<Traces>>,
}

/// What of the queue was taken up: everything up to a message, by its receipt where the tenant's clock is
/// simulated, else by its number alone.
#[derive(Debug)]
pub(crate) struct Place {
    after: (Instant, MessageNo),
    in_flight: Arc<AtomicI64>,
    /// The store failed: this process may hold claims of messages that it does not have.
    doubtful: bool,
}

/// The place of each tenant.
pub(crate) type Places = HashMap<TenantId, Place>;

impl Default for Place {
    fn default() -> Self {
        Self { after: Self::START, in_flight: Arc::default(), doubtful: false }
    }
}

impl Place {
    const START: (Instant, MessageNo) = (Instant::MIN, MessageNo(0));
}

/// How densely messages came of late; each batch counts half of the one after it.
#[derive(Debug, Default)]
struct Pace {
    messages: u128,
    micros: u128,
}

impl Pace {
    fn note(&mut self, messages: usize, span: StdDuration) {
        self.messages = self.messages / 2 + messages as u128;
        self.micros = self.micros / 2 + span.as_micros();
    }

    /// How long messages are to gather after a batch with so many: not at all where few came, or where more are
    /// left than a batch can take.
    fn gathering(&self, messages: usize, limits: &StepLimits) -> Option<StdDuration> {
        if messages < STREAM_MIN || messages >= limits.batch_messages_max {
            return None;
        }
        // A burst is no stream: what came in less than it gathers anyway says nothing of what follows.
        let micros = self.micros.max(limits.gather_wait.as_micros()).max(1);
        if self.messages * 1_000_000 / micros < DENSE_MIN_PER_SECOND {
            return Some(limits.gather_wait);
        }
        let wanted = limits.batch_messages_max as u128 * GATHERED_SHARE_PERCENT / 100;
        let filled = u64::try_from(wanted * micros / self.messages);
        let filled = filled.map_or(StdDuration::MAX, StdDuration::from_micros);
        Some(filled.clamp(limits.gather_wait, limits.gather_wait_max.max(limits.gather_wait)))
    }
}

impl ReadLoop {
    pub(crate) fn run(&self, jobs: &SyncSender<Job>) {
        let mut places = Places::new();
        let mut pace = Pace::default();
        let mut before = std::time::Instant::now();
        while !self.stop.load(Ordering::Acquire) {
            let (seen, began) = (self.bell.rings(), std::time::Instant::now());
            let span = began - std::mem::replace(&mut before, began);
            let mut found = 0;
            for tenant in self.registry.all() {
                if let Some(batch) = self.read_some(&tenant, &mut places) {
                    found = found.max(batch.messages.len());
                    if jobs.send(Job::Batch(batch)).is_err() {
                        return;
                    }
                }
            }
            pace.note(found, span);
            if found == 0 {
                self.bell.wait(seen, self.settings.steps.tick);
            } else if let Some(wait) = pace.gathering(found, &self.settings.steps) {
                self.gather(began, wait);
            }
        }
    }

    /// Reads the next batch of a tenant, if one waits and the store can be read.
    pub(crate) fn read_some(&self, tenant: &Arc<Tenant>, places: &mut Places) -> Option<Batch> {
        let place = places.entry(tenant.id).or_default();
        let began = std::time::Instant::now();
        let batch = self.let_go(tenant, place).and_then(|()| self.next_batch(tenant, place));
        if matches!(batch, Ok(Some(_))) {
            self.metrics.batch("read", began.elapsed());
        }
        if batch.is_ok() {
            self.troubles.over("read");
        }
        batch.unwrap_or_else(|error| {
            place.doubtful = true;
            self.metrics.failure("read", error.name());
            self.troubles.note("read", &error, tenant.clock.machine_now());
            tracing::warn!(%error, tenant = %tenant.key, "messages cannot be loaded, trying again");
            None
        })
    }

    /// Frees what this process claimed and did not get to read, once it has nothing in hand: the claim
    /// may have been committed without its answer, or reading failed after it. Otherwise it would wait for
    /// the end of the claim, since the process lives.
    fn let_go(&self, tenant: &Tenant, place: &mut Place) -> Result<(), StoreError> {
        if self.sharing == Sharing::Alone || !place.doubtful {
            return Ok(());
        }
        if place.in_flight.load(Ordering::Acquire) == 0 {
            self.store.write(|tx| pending::release(tx, &tenant.scope, self.worker))?;
            place.doubtful = false;
        }
        Ok(())
    }

    /// Lets messages gather: what is worked off together shares the pages that a commit writes, and an
    /// order that several of them are about is derived once.
    fn gather(&self, since: std::time::Instant, wait: StdDuration) {
        while !self.stop.load(Ordering::Acquire)
            && let Some(left) = wait.checked_sub(since.elapsed())
        {
            self.bell.wait(self.bell.rings(), left);
        }
    }

    fn next_batch(
        &self,
        tenant: &Arc<Tenant>,
        place: &mut Place,
    ) -> Result<Option<Batch>, StoreError> {
        let limit = self.settings.steps.batch_messages_max;
        let numbers = self.waiting(tenant, place, limit)?;
        let Some(last) = numbers.last() else {
            // What a step could not commit has a lower number; with nothing under way, all that waits may be taken.
            if place.in_flight.load(Ordering::Acquire) == 0 {
                place.after = Place::START;
            }
            return Ok(None);
        };
        let last = *last;
        let (mut messages, sources) = self.store.read(|tx| {
            let messages = messages::get_many(tx, &tenant.scope, &numbers)?;
            Ok((messages, sources::list(tx, &tenant.scope)?))
        })?;
        let in_order = in_order(tenant);
        messages.sort_unstable_by_key(|message| in_order(&message.entry));
        tenant.set_sources(sources);
        self.cut(&mut messages);
        place.after = match self.sharing {
            Sharing::Alone => {
                messages.last().map_or((place.after.0, last), |message| in_order(&message.entry))
            }
            Sharing::Several => Place::START,
        };
        let declared = tenant.declared();
        let span = self.traces.as_ref().map(|traces| {
            let numbers = messages.iter().map(|message| message.entry.id);
            traces.begin_batch("read", tenant.id, numbers)
        });
        let context = span.as_ref().map(|span| span.context);
        let reads = self.read_all(tenant, &declared, &messages);
        if let Some((traces, mut span)) = self.traces.as_ref().zip(span) {
            span.attribute("baton.tenant", &tenant.key);
            traces.end(span);
        }
        place.in_flight.fetch_add(1, Ordering::AcqRel);
        let in_flight = Arc::clone(&place.in_flight);
        Ok(Some(Batch {
            tenant: Arc::clone(tenant),
            declared,
            messages,
            reads,
            in_flight,
            context,
        }))
    }

    fn waiting(
        &self,
        tenant: &Tenant,
        place: &Place,
        limit: usize,
    ) -> Result<Vec<MessageNo>, StoreError> {
        // In a sandbox a message may state a receipt that is still to come: it is read when it has come.
        let due_by = tenant.clock.is_simulated().then(|| tenant.clock.now());
        let (scope, after) = (&tenant.scope, place.after);
        match (self.sharing, due_by) {
            (Sharing::Alone, None) => {
                self.store.read(|tx| pending::list(tx, scope, after.1, limit))
            }
            (Sharing::Alone, Some(due_by)) => {
                let due =
                    self.store.read(|tx| pending::list_due(tx, scope, due_by, after, limit))?;
                Ok(due.into_iter().map(|(_, message)| message).collect())
            }
            (Sharing::Several, due_by) => {
                let now = tenant.clock.machine_now();
                let lease = (now, now + CLAIM);
                self.store.write(|tx| match due_by {
                    None => pending::claim(tx, scope, self.worker, lease, limit),
                    Some(at) => pending::claim_due(tx, scope, self.worker, lease, (at, limit)),
                })
            }
        }
    }

    /// Leaves messages for the next batch where this one would be too large.
    fn cut(&self, messages: &mut Vec<Message>) {
        if self.sharing == Sharing::Several {
            return;
        }
        let mut bytes = 0;
        let fits = messages
            .iter()
            .take_while(|message| {
                bytes += message.body.len();
                bytes <= self.settings.steps.batch_bytes_max
            })
            .count();
        messages.truncate(fits.max(1));
    }

    /// Counts a reading by the connector that did it, and what it could not read.
    fn count(&self, tenant: &Tenant, read: &Read, source: SourceId, took: std::time::Duration) {
        let Some(source) = tenant.source(source) else { return };
        self.metrics.mapped(&source.connector, took);
        for fault in read.parts.iter().filter_map(|part| part.outcome.as_ref().err()) {
            self.metrics.not_mapped(&source.connector, &fault.code);
        }
    }

    fn read_all(&self, tenant: &Tenant, declared: &Declared, messages: &[Message]) -> Vec<Read> {
        let limit = self.settings.intake.decompressed_bytes_max;
        side_by_side(self.settings.steps.readers, messages, &|message: &Message| {
            let began = std::time::Instant::now();
            let read = read_message(tenant, declared, message, limit);
            self.count(tenant, &read, message.entry.source, began.elapsed());
            read
        })
    }
}

/// The order in which a tenant's messages are worked off: as they were numbered; by receipt where the
/// clock is simulated, since a sender into a sandbox may state receipts in any order.
fn in_order(tenant: &Tenant) -> impl Fn(&Entry) -> (Instant, MessageNo) + use<> {
    let by_receipt = tenant.clock.is_simulated();
    move |entry| (if by_receipt { entry.received_at } else { Instant::MIN }, entry.id)
}

/// Reads one message. A connector that panics faults this message and no other.
pub(crate) fn read_message(
    tenant: &Tenant,
    declared: &Declared,
    message: &Message,
    decompressed_bytes_max: usize,
) -> Read {
    let entry = &message.entry;
    let read = || match tenant.source(entry.source) {
        Some(source) => read_body(declared, &source, message, decompressed_bytes_max),
        None => {
            let why = "the source of this message is none of the tenant's";
            vec![fault("no_source", &Wording::new("to_report"), why)]
        }
    };
    let parts = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).unwrap_or_else(|_| {
        let why = "the connector failed on this message, please report it";
        vec![fault("reader_failed", &Wording::new("to_report"), why)]
    });
    Read {
        message: entry.id,
        source: entry.source_key.clone(),
        received_at: entry.received_at,
        reading: 0,
        parts,
    }
}

fn read_body(
    declared: &Declared,
    source: &Source,
    message: &Message,
    decompressed_bytes_max: usize,
) -> Vec<Part> {
    let entry = &message.entry;
    if entry.content_type == own_words::CONTENT_TYPE
        && own_words::CONNECTORS.contains(&source.connector.as_str())
    {
        return own_words::read(&message.body);
    }
    let headers = read_headers(&entry.headers);
    let body = match decoded(&message.body, encoding(&headers), decompressed_bytes_max) {
        Ok(body) => body,
        Err(error) => return vec![fault("body_unreadable", &error.wording(), &error.to_string())],
    };
    declared.connectors.read(&Letter {
        source,
        content_type: &entry.content_type,
        headers: &headers,
        body: &body,
        received_at: entry.received_at,
    })
}

fn fault(code: &str, wording: &Wording, why: &str) -> Part {
    Part { name: String::new(), outcome: Err(Fault::new(code, wording, why)) }
}

/// How long ago, by the tenant's clock, a message was received.
pub(crate) fn lag(tenant: &Tenant, received_at: Instant) -> std::time::Duration {
    let micros = tenant.clock.now().since(received_at).micros();
    std::time::Duration::from_micros(micros.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_denser_a_stream_the_longer_it_gathers() {
        let limits = StepLimits {
            batch_messages_max: 500,
            gather_wait: StdDuration::from_millis(40),
            gather_wait_max: StdDuration::from_millis(120),
            ..StepLimits::default()
        };
        // Batches, each with how many messages it had and within how many ms they came.
        let check = |batches: &[(usize, u64)], expected: Option<u64>| {
            let mut pace = Pace::default();
            for (messages, span_ms) in batches {
                pace.note(*messages, StdDuration::from_millis(*span_ms));
            }
            let last = batches.last().map_or(0, |(messages, _)| *messages);
            let wait = pace.gathering(last, &limits);
            assert_eq!(wait, expected.map(StdDuration::from_millis), "{batches:?}");
        };
        // Somebody waits for these.
        check(&[(1, 0)], None);
        check(&[(7, 1)], None);
        // A stream: 1,000 a second, and 1,975.
        check(&[(40, 40)], Some(40));
        check(&[(79, 40)], Some(40));
        // A dense one gathers until there are 400, or for 120 ms: at 2,000 a second, 4,000, and 10,000.
        check(&[(80, 40)], Some(120));
        check(&[(160, 40)], Some(100));
        check(&[(400, 40)], Some(40));
        // What a full batch left is part of a dense stream; a burst after a quiet time is none.
        check(&[(500, 100), (50, 10)], Some(80));
        check(&[(0, 200), (0, 200), (64, 3)], Some(40));
        // More wait already.
        check(&[(500, 40)], None);
    }
}

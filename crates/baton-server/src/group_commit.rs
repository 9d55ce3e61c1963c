//! Group commit: many senders, one fsync.
//!
//! One thread gathers what arrives within a few milliseconds, or up to a number of messages, commits
//! it in one transaction a tenant, and then answers each sender. The instant of receipt is stamped
//! inside that transaction, so that on one machine whoever sees a later instant also sees the message.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use baton_core::fact::Statement;
use baton_core::id::MessageNo;
use baton_core::time::Instant;
use baton_store::sources::{OWN, Source, SourceId};
use baton_store::{PackedBody, Store, StoreError, Tx, audit, messages, sources, tenants};
use tokio::sync::oneshot;

use crate::acting::Shared;
use crate::bell::Bell;
use crate::clock::MachineClock;
use crate::crash::{self, CrashPoint};
use crate::hearing::{Hearing, Silence};
use crate::intake::{Beside, IntakeError, Receipt};
use crate::metrics::Metrics;
use crate::own_words;
use crate::tenant::Tenant;
use crate::traces::Traces;
use crate::troubles::Troubles;

/// A message on its way to durability.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) source: Source,
    /// As the caller says; else it is stamped.
    pub(crate) received_at: Option<Instant>,
    pub(crate) message: messages::NewMessage,
    pub(crate) reply: oneshot::Sender<Result<Receipt, IntakeError>>,
    pub(crate) beside: Beside,
}

/// The thread that commits.
#[derive(Debug)]
pub(crate) struct Committer {
    pub(crate) store: Arc<Store>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) troubles: Arc<Troubles>,
    /// Rung after each commit.
    pub(crate) bell: Arc<Bell>,
    pub(crate) wait: Duration,
    pub(crate) messages_max: usize,
    /// How often it looks whether it is to stop.
    pub(crate) tick: Duration,
    pub(crate) traces: Option<Arc<Traces>>,
    /// For saying since when it cannot.
    pub(crate) machine: MachineClock,
    pub(crate) stop: Arc<AtomicBool>,
}

impl Committer {
    /// Runs until it is stopped; what was handed in by then is committed first.
    pub(crate) fn run(&self, requests: &Receiver<Request>) {
        loop {
            match requests.recv_timeout(self.tick) {
                Ok(first) => self.take(first, requests),
                Err(RecvTimeoutError::Timeout) if self.stop.load(Ordering::Acquire) => return,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Commits a message together with what arrives while it waits.
    pub(crate) fn take(&self, first: Request, requests: &Receiver<Request>) {
        for (tenant, group) in by_tenant(self.gather(first, requests)) {
            self.commit(&tenant, group);
        }
    }

    /// What arrives while the first one waits. It sleeps until then: to be woken by each message would
    /// cost the sender and this thread more than the rest of handing it over.
    fn gather(&self, first: Request, requests: &Receiver<Request>) -> Vec<Request> {
        std::thread::sleep(self.wait);
        let mut batch = vec![first];
        batch.extend(requests.try_iter().take(self.messages_max.saturating_sub(1)));
        batch
    }

    fn commit(&self, tenant: &Tenant, group: Vec<Request>) {
        let began = std::time::Instant::now();
        let mut batch = Vec::with_capacity(group.len());
        let mut waiting = Vec::with_capacity(group.len());
        let mut contexts = Vec::with_capacity(group.len());
        let mut lines: Vec<Arc<Shared>> = Vec::new();
        for request in group {
            batch.push(request.message);
            contexts.push(request.beside.context);
            if let Some(line) = request.beside.line
                && !line.is_told()
                && !lines.iter().any(|other| Arc::ptr_eq(other, &line))
            {
                lines.push(line);
            }
            waiting.push((request.source, request.received_at, request.reply));
        }
        let stated: Vec<Option<Instant>> = waiting.iter().map(|(_, at, _)| *at).collect();
        let from: Vec<&Source> = waiting.iter().map(|(source, ..)| source).collect();
        let outcome = self.store.write(|tx| {
            let done = commit_group(tx, tenant, &mut batch, (&from, &stated))?;
            for line in &lines {
                audit::append(tx, &tenant.scope, &line.line)?;
            }
            crash::reached(CrashPoint::IntakeBeforeCommit);
            Ok(done)
        });
        crash::reached(CrashPoint::IntakeCommitted);
        self.metrics.batch("intake", began.elapsed());
        match outcome {
            Ok((receipts, kept)) => {
                lines.iter().for_each(|line| line.was_told());
                self.troubles.over("intake");
                tenant.add_waiting(kept);
                if receipts.iter().any(|r| matches!(r, Receipt::Duplicate { .. })) {
                    tenant.receipts_moved();
                }
                // Known before anybody reads them.
                for (receipt, context) in receipts.iter().zip(contexts) {
                    if let Some((traces, context)) = self.traces.as_ref().zip(context) {
                        traces.saw_message(tenant.id, receipt.message(), context);
                    }
                }
                self.bell.ring();
                for (((source, _, reply), receipt), message) in
                    waiting.into_iter().zip(receipts).zip(&batch)
                {
                    self.count(&source, message, &receipt);
                    // A sender that went away sends again and is told of the duplicate.
                    let _ = reply.send(Ok(receipt));
                }
            }
            Err(error) => {
                self.metrics.failure("intake", error.name());
                tracing::error!(%error, tenant = %tenant.key, "messages could not be committed");
                self.troubles.note("intake", &error, self.machine.now());
                for (_, _, reply) in waiting {
                    let _ = reply.send(Err(error.clone().into()));
                }
            }
        }
    }

    fn count(&self, source: &Source, message: &messages::NewMessage, receipt: &Receipt) {
        let (result, kept) = match receipt {
            Receipt::Accepted { .. } => ("accepted", true),
            Receipt::Duplicate { .. } => ("duplicate", false),
            Receipt::Differs { .. } => ("differs", true),
        };
        self.metrics.event(&source.connector, &message.content_type, result);
        if kept {
            self.metrics.kept(&source.key, message.body.size_bytes());
        }
    }
}

fn by_tenant(batch: Vec<Request>) -> Vec<(Arc<Tenant>, Vec<Request>)> {
    let mut groups: Vec<(Arc<Tenant>, Vec<Request>)> = Vec::new();
    for request in batch {
        match groups.iter_mut().find(|(tenant, _)| tenant.id == request.tenant.id) {
            Some((_, group)) => group.push(request),
            None => groups.push((Arc::clone(&request.tenant), vec![request])),
        }
    }
    groups
}

/// Keeps a group in one transaction, with what Baton has to note about its sources. Returns the
/// receipts and how many messages are now waiting more than before.
fn commit_group(
    tx: &mut Tx<'_>,
    tenant: &Tenant,
    batch: &mut [messages::NewMessage],
    (from, stated): (&[&Source], &[Option<Instant>]),
) -> Result<(Vec<Receipt>, i64), StoreError> {
    let now = tenant.clock.now();
    for (message, stated) in batch.iter_mut().zip(stated) {
        message.received_at = stated.unwrap_or(now);
    }
    let mut notes: Vec<(Statement, Option<Silence>)> = heard_again(tx, tenant, batch, from)?
        .into_iter()
        .map(|(statement, silence)| (statement, Some(silence)))
        .collect();
    let receipts: Vec<Receipt> = messages::receive_batch(tx, &tenant.scope, batch)?
        .into_iter()
        .map(|receipt| match receipt {
            messages::Receipt::Accepted(id) => Receipt::Accepted { id },
            messages::Receipt::Duplicate { of } => Receipt::Duplicate { of },
            messages::Receipt::Differs { id, of } => Receipt::Differs { id, of },
        })
        .collect();
    for ((receipt, message), source) in receipts.iter().zip(batch.iter()).zip(from) {
        if let (Receipt::Differs { of, .. }, Some(number)) = (receipt, &message.own_id) {
            // Whichever of the two is committed first, it is known from the later receipt on.
            let other = messages::get(tx, &tenant.scope, *of)?.entry.received_at;
            let at = message.received_at.max(other);
            let reused = own_words::number_reused(&source.key, number, at);
            notes.extend(reused.map(|statement| (statement, None)));
        }
    }
    let mut kept = receipts.iter().filter(|r| !matches!(r, Receipt::Duplicate { .. })).count();
    for (at, notes) in by_instant(notes) {
        let (statements, silences): (Vec<_>, Vec<_>) = notes.into_iter().unzip();
        let message = note(tx, tenant, statements, at)?;
        let ended: Vec<Silence> = silences.into_iter().flatten().collect();
        if !ended.is_empty() {
            Hearing::will_tell(tx, &tenant.scope, message, &ended)?;
        }
        kept += 1;
    }
    if let Some(anchor) = tenant.clock.anchor(now) {
        tenants::set_clock(tx, &tenant.scope, anchor)?;
    }
    Ok((receipts, i64::try_from(kept).unwrap_or(i64::MAX)))
}

/// Statements by the instant that they are about, which is when they are received: they do not depend on
/// which messages happened to share a commit.
fn by_instant<T>(statements: Vec<(Statement, T)>) -> BTreeMap<Instant, Vec<(Statement, T)>> {
    let mut groups: BTreeMap<Instant, Vec<(Statement, T)>> = BTreeMap::new();
    for (statement, about) in statements {
        groups.entry(statement.happened.latest).or_default().push((statement, about));
    }
    groups
}

/// A statement for each silence that ended with this batch, and which that is.
fn heard_again(
    tx: &mut Tx<'_>,
    tenant: &Tenant,
    batch: &[messages::NewMessage],
    from: &[&Source],
) -> Result<Vec<(Statement, Silence)>, StoreError> {
    if from.iter().all(|source| source.silent_after.is_none()) {
        return Ok(Vec::new());
    }
    let mut notes = Vec::new();
    for source in sources::list(tx, &tenant.scope)? {
        let Some(silent_after) = source.silent_after else { continue };
        let mut receipts: Vec<Instant> =
            batch.iter().filter(|m| m.source == source.id).map(|m| m.received_at).collect();
        receipts.sort_unstable();
        let Some(first) = receipts.first().copied() else { continue };
        let mut ends = |since, at| {
            let statement = own_words::heard_again(&source.key, since, at);
            notes.push((statement, Silence { source: source.id, since }));
        };
        // The first word of a source makes it a subject, whose silence can be found from then on.
        if source.heard_at.is_none() {
            ends(first, first);
        }
        let mut heard_at = source.heard_at.unwrap_or(first);
        for at in receipts {
            if at > heard_at + silent_after {
                ends(heard_at, at);
            }
            heard_at = heard_at.max(at);
        }
    }
    Ok(notes)
}

/// Keeps statements of Baton's own as a message, and returns its number.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    tenant: &Tenant,
    statements: Vec<Statement>,
    now: Instant,
) -> Result<MessageNo, StoreError> {
    let message = messages::NewMessage {
        source: own_source(tx, tenant)?,
        received_at: now,
        content_type: own_words::CONTENT_TYPE.to_owned(),
        headers: "{}".to_owned(),
        own_id: None,
        bytes_identify: false,
        content: None,
        body: PackedBody::new(own_words::body(statements)),
    };
    match messages::receive_batch(tx, &tenant.scope, &[message])?.as_slice() {
        [messages::Receipt::Accepted(number)] => Ok(*number),
        // It has neither a number of a sender's nor an identity by its bytes.
        _ => Err(StoreError::Corrupt { what: "a message of its own" }),
    }
}

fn own_source(tx: &mut Tx<'_>, tenant: &Tenant) -> Result<SourceId, StoreError> {
    sources::by_key(tx, &tenant.scope, OWN).map(|source| source.id)
}

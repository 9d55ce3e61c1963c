//! Traces: spans from a call to the commit of what its message brought about, exported by OTLP where an
//! address is given. Without one nothing of this is made.
//!
//! What waits in rows has no trace: it may be taken up by another node, and a batch is about messages of
//! many traces. So a node keeps in memory where it saw a message last; a batch goes on in the trace of the
//! first of its messages that is known here and has a link to each other one. Every span of a batch also
//! names its messages, by which traces are found where that memory is gone.
//!
//! INVARIANT: nothing of a body, no key and no number of an order is an attribute.

mod address;
mod otlp;

use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use baton_core::id::MessageNo;
use baton_core::time::Instant;
use baton_store::TenantId;
use baton_store::clusters::ClusterNo;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

pub use address::Address;
pub(crate) use otlp::CALL;

use crate::bell::Bell;
use crate::clock::MachineClock;
use crate::lru::Lru;
use crate::metrics::Metrics;
use crate::receipt::message_id;

/// Spans that may wait to be exported; those beyond are dropped and counted.
const SPANS_WAITING_MAX: usize = 8_192;
/// Messages, and clusters, of which it is known where they were seen last.
const KNOWN_MAX: usize = 50_000;
/// Messages that a span names or links to.
const MESSAGES_NAMED_MAX: usize = 32;

/// A span by its trace and its own number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Context {
    pub(crate) trace: u128,
    pub(crate) span: u64,
}

/// A span.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) context: Context,
    parent: Option<u64>,
    name: &'static str,
    began_at: Instant,
    ended_at: Instant,
    attributes: Vec<(&'static str, String)>,
    links: Vec<Context>,
    failed: bool,
}

impl Span {
    pub(crate) fn attribute(&mut self, name: &'static str, value: impl Display) {
        self.attributes.push((name, value.to_string()));
    }
    pub(crate) fn failed(&mut self) {
        self.failed = true;
    }
}

/// What of a tenant was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Seen {
    Message(TenantId, MessageNo),
    Cluster(TenantId, ClusterNo),
}

/// Spans on their way out, and where things were seen last.
#[derive(Debug)]
pub(crate) struct Traces {
    address: Address,
    /// This process among those that share the store.
    node: i64,
    machine: MachineClock,
    metrics: Arc<Metrics>,
    chance: Mutex<StdRng>,
    waiting: Mutex<Vec<Span>>,
    seen: Mutex<Lru<Seen, Context>>,
    bell: Bell,
    stop: AtomicBool,
}

impl Traces {
    pub(crate) fn new(
        address: Address,
        node: i64,
        machine: MachineClock,
        metrics: Arc<Metrics>,
    ) -> Self {
        let seed = u64::from_ne_bytes(node.to_ne_bytes());
        Self {
            address,
            node,
            machine,
            metrics,
            chance: Mutex::new(StdRng::seed_from_u64(seed)),
            waiting: Mutex::default(),
            seen: Mutex::new(Lru::new(KNOWN_MAX)),
            bell: Bell::default(),
            stop: AtomicBool::new(false),
        }
    }

    /// Begins a span: below another one, or in a trace of its own.
    pub(crate) fn begin(&self, name: &'static str, within: Option<Context>) -> Span {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        // Zero is no number of a trace or span.
        let span = chance.random::<u64>().max(1);
        let trace = within.map_or_else(|| chance.random::<u128>().max(1), |within| within.trace);
        let now = self.machine.now();
        Span {
            context: Context { trace, span },
            parent: within.map(|within| within.span),
            name,
            began_at: now,
            ended_at: now,
            attributes: Vec::new(),
            links: Vec::new(),
            failed: false,
        }
    }

    /// Begins a span of a batch of messages.
    pub(crate) fn begin_batch(
        &self,
        name: &'static str,
        tenant: TenantId,
        messages: impl Iterator<Item = MessageNo>,
    ) -> Span {
        let messages: Vec<MessageNo> = messages.collect();
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let known = messages.iter().filter_map(|m| seen.peek(&Seen::Message(tenant, *m)).copied());
        let mut known: Vec<Context> = known.take(MESSAGES_NAMED_MAX).collect();
        drop(seen);
        let first = (!known.is_empty()).then(|| known.remove(0));
        let mut span = self.begin(name, first);
        span.links = known;
        let named = messages.iter().take(MESSAGES_NAMED_MAX).map(|m| message_id(tenant, *m));
        span.attribute("baton.message_ids", named.collect::<Vec<_>>().join(","));
        span.attribute("baton.messages", messages.len());
        span
    }

    /// Begins a span about a cluster: in the trace of the step that last recorded something of it here.
    pub(crate) fn begin_about(
        &self,
        name: &'static str,
        tenant: TenantId,
        cluster: ClusterNo,
    ) -> Span {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let known = seen.peek(&Seen::Cluster(tenant, cluster)).copied();
        drop(seen);
        self.begin(name, known)
    }

    /// Ends a span, which goes out soon.
    pub(crate) fn end(&self, mut span: Span) {
        span.ended_at = self.machine.now().max(span.began_at);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= SPANS_WAITING_MAX {
            self.metrics.spans("dropped", 1);
            return;
        }
        waiting.push(span);
    }

    /// Notes that a span is about a message.
    pub(crate) fn saw_message(&self, tenant: TenantId, message: MessageNo, context: Context) {
        self.saw(Seen::Message(tenant, message), context);
    }
    /// Notes that a span recorded something of a cluster.
    pub(crate) fn saw_cluster(&self, tenant: TenantId, cluster: ClusterNo, context: Context) {
        self.saw(Seen::Cluster(tenant, cluster), context);
    }
    fn saw(&self, what: Seen, context: Context) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.put(what, context, |_| 1);
        seen.trim();
    }

    /// Ends the thread that exports; what waits goes out first.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        self.bell.ring();
    }
}

//! A tenant as the running engine holds it: its clock, its sources, and what its packs declare.
//!
//! What is declared is one value that is swapped as a whole when packs are activated, so that no step
//! works with half of one pack and half of another.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use baton_core::book::Rulebook;
use baton_core::epoch::{Epoch, up_to};
use baton_core::fact::Fact;
use baton_core::known::Known;
use baton_core::partner::SourceInfo;
use baton_core::time::{Duration, Instant};
use baton_core::wording::Wording;
use baton_store::sources::{self, Source, SourceId};
use baton_store::{Scope, StoreError, TenantId, Tx, hearing, tenants};

use crate::clock::{MachineClock, TenantClock};
use crate::reading::{Connectors, Fault, Letter, Part};

/// What a tenant's active packs declare, compiled.
#[derive(Debug, Clone)]
pub struct Declared {
    /// Name and version of what is active, for readings and states.
    pub version: String,
    pub book: Arc<Rulebook>,
    /// What was in force when, the present last; empty where one book is all there ever was.
    pub epochs: Arc<[Epoch]>,
    pub connectors: Arc<dyn Connectors>,
}

/// The rules by which what is known is read: each subject by those of its own epoch.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The latest, which also say what identifiers name.
    pub book: &'a Rulebook,
    pub epochs: &'a [Epoch],
}

impl<'a> Rules<'a> {
    /// The same rules for everything.
    #[must_use]
    pub fn all_by(book: &'a Rulebook) -> Self {
        Self { book, epochs: &[] }
    }
    /// What these facts come to by the rules.
    #[must_use]
    pub fn known(
        self,
        home: impl IntoIterator<Item = &'a Fact>,
        reached: impl IntoIterator<Item = &'a Fact>,
        sources: &'a [SourceInfo],
    ) -> Known<'a> {
        Known::new(home, reached, sources, self.book).through(self.epochs)
    }
}

/// Before any pack is active: nothing can be read, and nothing is lost by it.
#[derive(Debug)]
pub(crate) struct NoConnectors;

impl Connectors for NoConnectors {
    fn own_id(&self, _: &Letter<'_>) -> Option<String> {
        None
    }
    fn bytes_identify(&self, _: &Source) -> bool {
        false
    }
    fn read(&self, letter: &Letter<'_>) -> Vec<Part> {
        let why = format_args!(
            "the source `{}` is to be read by the connector `{}`, which no active pack has: activate one, then read again",
            letter.source.key, letter.source.connector
        );
        let wording = Wording::new("connector_away").with("connector", &letter.source.connector);
        let wording = wording.with("source", &letter.source.key);
        let fault = Fault::new("no_connector", &wording, why);
        vec![Part { name: String::new(), outcome: Err(fault) }]
    }
}

impl Declared {
    pub(crate) fn nothing() -> Self {
        Self {
            version: String::new(),
            book: Arc::new(Rulebook::default()),
            epochs: Arc::default(),
            connectors: Arc::new(NoConnectors),
        }
    }
}

impl Declared {
    /// The rules at present.
    #[must_use]
    pub fn rules(&self) -> Rules<'_> {
        Rules { book: &self.book, epochs: &self.epochs }
    }
    /// The rules that were in force at an instant.
    #[must_use]
    pub fn rules_as_of(&self, at: Instant) -> Rules<'_> {
        let epochs = up_to(&self.epochs, at);
        Rules { book: epochs.last().map_or(&self.book, |epoch| &epoch.book), epochs }
    }
}

type Sources = HashMap<SourceId, Arc<Source>>;

/// A tenant in the running engine.
#[derive(Debug)]
pub struct Tenant {
    pub id: TenantId,
    pub key: String,
    pub scope: Scope,
    pub clock: TenantClock,
    declared: RwLock<Arc<Declared>>,
    /// Held from reading what is active to having it declared.
    declaring: Mutex<()>,
    sources: RwLock<Arc<Sources>>,
    waiting: AtomicI64,
    recorded_at: Mutex<Instant>,
    /// How many activations of packs there were when what is declared was taken up.
    activations: AtomicUsize,
    /// Receipts may have become earlier ones; also at the start, when it is not known.
    receipts_moved: AtomicBool,
    /// Rung when changes were committed, here or on a node that says so.
    changed: tokio::sync::Notify,
}

impl Tenant {
    /// With how many messages wait, and the last instant at which anything was recorded.
    pub(crate) fn new(
        stored: &tenants::Tenant,
        machine: MachineClock,
        declared: Declared,
        (waiting, recorded_at): (i64, Instant),
    ) -> Self {
        Self {
            id: stored.id,
            key: stored.key.clone(),
            scope: Scope::tenant(stored.id),
            clock: TenantClock::stored(&stored.clock, machine),
            declared: RwLock::new(Arc::new(declared)),
            declaring: Mutex::default(),
            sources: RwLock::default(),
            waiting: AtomicI64::new(waiting),
            recorded_at: Mutex::new(recorded_at),
            activations: AtomicUsize::new(0),
            receipts_moved: AtomicBool::new(true),
            changed: tokio::sync::Notify::new(),
        }
    }
    /// What is declared now. Take it once a step.
    #[must_use]
    pub fn declared(&self) -> Arc<Declared> {
        Arc::clone(&self.declared.read().unwrap_or_else(PoisonError::into_inner))
    }
    /// Nobody else declares anything meanwhile: what was read earlier never replaces what was read later.
    pub(crate) fn declaring(&self) -> MutexGuard<'_, ()> {
        self.declaring.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(crate) fn declare(&self, declared: Arc<Declared>) {
        *self.declared.write().unwrap_or_else(PoisonError::into_inner) = declared;
    }
    /// A source, as it was when it was last looked up.
    pub(crate) fn source(&self, id: SourceId) -> Option<Arc<Source>> {
        self.sources.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }
    pub(crate) fn set_sources(&self, sources: Vec<Source>) {
        let sources = sources.into_iter().map(|s| (s.id, Arc::new(s))).collect();
        *self.sources.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(sources);
    }
    pub(crate) fn activations(&self) -> usize {
        self.activations.load(Ordering::Acquire)
    }
    pub(crate) fn set_activations(&self, count: usize) {
        self.activations.store(count, Ordering::Release);
    }
    /// How many messages wait to be read.
    #[must_use]
    pub fn waiting(&self) -> i64 {
        self.waiting.load(Ordering::Relaxed)
    }
    pub(crate) fn add_waiting(&self, more: i64) {
        self.waiting.fetch_add(more, Ordering::Relaxed);
    }
    /// Sets it right by what the store holds, which may have done more or less than was told. What moves
    /// while the store counts is not forgotten; at worst it is taken twice, until the next count.
    pub(crate) fn recount_waiting(
        &self,
        count: impl FnOnce() -> Result<i64, StoreError>,
    ) -> Result<(), StoreError> {
        let before = self.waiting();
        self.add_waiting(count()? - before);
        Ok(())
    }
    /// Says that a message came again, perhaps with an earlier receipt.
    pub(crate) fn receipts_moved(&self) {
        self.receipts_moved.store(true, Ordering::Release);
    }
    /// Whether that was said since the last time.
    pub(crate) fn take_receipts_moved(&self) -> bool {
        self.receipts_moved.swap(false, Ordering::AcqRel)
    }
    /// Says that changes were committed, to the one task that hands them to streams.
    pub(crate) fn changed(&self) {
        self.changed.notify_one();
    }
    /// Waits until that is said; at once where it was said since the last time.
    pub(crate) async fn until_changed(&self) {
        self.changed.notified().await;
    }
    /// The instant to record at: after every one before it, whatever the clock does, so that each
    /// commit has an instant as of which exactly it and those before it are known.
    pub(crate) fn record_at(&self, now: Instant) -> Instant {
        let mut last = self.recorded_at.lock().unwrap_or_else(PoisonError::into_inner);
        *last = now.max(*last + Duration::from_micros(1));
        *last
    }
    /// Another process has recorded at an instant: this one records after it.
    pub(crate) fn recorded_elsewhere(&self, at: Instant) {
        let mut last = self.recorded_at.lock().unwrap_or_else(PoisonError::into_inner);
        *last = at.max(*last);
    }
    /// The last instant at which anything was recorded.
    pub(crate) fn recorded_at(&self) -> Instant {
        *self.recorded_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What `derive` knew of sources by the commits up to an instant.
pub(crate) fn source_infos_as_of(
    tx: &mut Tx<'_>,
    scope: &Scope,
    at: Instant,
) -> Result<Vec<SourceInfo>, StoreError> {
    let noted = hearing::as_of(tx, scope, at)?;
    let mut listed = sources::list(tx, scope)?;
    for source in &mut listed {
        let heard = noted.iter().find(|heard| heard.source == source.id);
        source.heard_at = heard.map(|heard| heard.heard_at);
        source.silent_after = heard.map_or(source.silent_after, |heard| heard.silent_after);
    }
    Ok(source_infos(&listed, at))
}

/// What `derive` knows of sources at `now`: what was heard after it is not known yet.
pub(crate) fn source_infos(sources: &[Source], now: Instant) -> Vec<SourceInfo> {
    sources
        .iter()
        .map(|source| SourceInfo {
            key: source.key.clone(),
            partner: source.partner.clone(),
            role: source.role,
            heard_at: source.heard_at.map(|at| at.min(now)),
            silent_after: source.silent_after,
        })
        .collect()
}

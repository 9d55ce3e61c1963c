//! The relay: nodes that share a database tell each other through Redis that there is something to look
//! at, so that nobody waits for his next look.
//!
//! The truth is rows, and Redis holds nothing: it hands letters on (publish and subscribe) and keeps none.
//! A node that hears nothing looks by itself as it does without a relay, so that Redis lost costs time and
//! nothing else; the server says so while it lasts, and takes the relay up again when it is back.
//!
//! Two threads have a connection each: one writes what was said since the last letter, the other reads.
//! A node hears its own letters as well, and writes one every second: whoever does not hear himself has
//! lost the relay, in whichever direction.

mod address;
mod link;
mod word;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use baton_core::time::Instant;

pub use address::Address;
pub(crate) use link::THREADS;
pub(crate) use word::Word;

use self::word::{WORDS_MAX, Words};
use crate::bell::Bell;
use crate::clock::MachineClock;
use crate::metrics::Metrics;

/// The relay is lost: what it carries comes later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// By the machine's clock.
    pub since: Instant,
    pub why: String,
}

type Ear = Box<dyn Fn(Word, u32) + Send + Sync>;

/// This node's end of the relay.
pub(crate) struct Relay {
    address: Address,
    /// This process among those that share the store.
    node: i64,
    machine: MachineClock,
    metrics: Arc<Metrics>,
    /// What was said and is not written yet.
    said: Mutex<Words>,
    bell: Bell,
    ears: Mutex<Vec<Ear>>,
    lost: Mutex<Option<Lost>>,
    stop: AtomicBool,
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Relay {
    pub(crate) fn new(
        address: Address,
        node: i64,
        machine: MachineClock,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            address,
            node,
            machine,
            metrics,
            said: Mutex::new(BTreeMap::new()),
            bell: Bell::default(),
            ears: Mutex::default(),
            lost: Mutex::default(),
            stop: AtomicBool::new(false),
        }
    }

    /// Has the others know, soon. Never waits.
    pub(crate) fn say(&self, word: Word) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let known = said.len();
        match said.get_mut(&word) {
            Some(times) => {
                *times = times.saturating_add(1);
                return;
            }
            // Who hears less looks later.
            None if known >= WORDS_MAX => return,
            None => said.insert(word, 1),
        };
        drop(said);
        self.bell.ring();
    }

    /// Calls `ear` with each word of another node, and how often it is meant. It must not wait.
    pub(crate) fn hear(&self, ear: impl Fn(Word, u32) + Send + Sync + 'static) {
        self.ears.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(ear));
    }

    /// Since when and why the relay is lost, where it is.
    pub(crate) fn lost(&self) -> Option<Lost> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends both threads; what was said until then is written.
    pub(crate) fn end(&self) {
        self.stop.store(true, Ordering::Release);
        self.bell.ring();
    }

    fn is_ended(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    fn tell_ears(&self, words: &Words) {
        let ears = self.ears.lock().unwrap_or_else(PoisonError::into_inner);
        for (word, times) in words {
            for ear in ears.iter() {
                ear(*word, *times);
            }
        }
    }

    /// Notes that the relay is lost, and says so once.
    fn note_lost(&self, why: String) {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        if lost.is_none() {
            tracing::warn!(redis = %self.address, %why, "the relay between nodes is lost: what nodes tell each other comes later");
            self.metrics.relay_up(false);
        }
        let since = lost.as_ref().map_or_else(|| self.machine.now(), |lost| lost.since);
        *lost = Some(Lost { since, why });
    }

    /// Notes that this node hears itself.
    fn note_well(&self) {
        self.metrics.relay_up(true);
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lost) = lost.take() {
            tracing::warn!(redis = %self.address, since = %lost.since, "the relay between nodes is back");
        }
    }
}

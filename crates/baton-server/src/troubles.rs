//! What keeps the loops from their work at present: for whoever asks whether the process is ready.
//!
//! Only what the store could not do is noted, by the loop that wanted it, and it is over when that loop
//! or a trial finds the store working again. What is wrong with a message is no trouble of the process.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use baton_core::time::Instant;
use baton_store::StoreError;

/// A loop that cannot do its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Which one: `intake`, `read`, `work`, `dispatch`, `tidy`, `neighbours`.
    pub which: &'static str,
    /// By the machine's clock.
    pub since: Instant,
    pub why: StoreError,
}

/// All of them. Shared by the loops.
#[derive(Debug, Default)]
pub(crate) struct Troubles(Mutex<BTreeMap<&'static str, Trouble>>);

impl Troubles {
    /// A loop could not do its work.
    pub(crate) fn note(&self, which: &'static str, why: &StoreError, now: Instant) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let trouble = known.entry(which).or_insert(Trouble { which, since: now, why: why.clone() });
        trouble.why = why.clone();
    }
    /// A loop has done its work.
    pub(crate) fn over(&self, which: &'static str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(which);
    }
    /// The store was tried, and works.
    pub(crate) fn all_over(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
    pub(crate) fn all(&self) -> Vec<Trouble> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.values().cloned().collect()
    }
}

//! What a store tells of itself to those who watch it: how long commits take, and how large its files are.
//!
//! A stopwatch is no clock: what is measured here goes into no row.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

type Told = Box<dyn Fn(Duration) + Send + Sync>;

/// Who is told of commits, if anybody.
#[derive(Default)]
pub(crate) struct Watch(OnceLock<Told>);

impl Watch {
    pub(crate) fn by(&self, told: Told) {
        // The first who asks is told.
        let _ = self.0.set(told);
    }
    pub(crate) fn committed(&self, took: Duration) {
        if let Some(told) = self.0.get() {
            told(took);
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("watched", &self.0.get().is_some()).finish()
    }
}

/// The sizes of an embedded store's files, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    pub file_bytes: u64,
    /// Of the write-ahead log: it grows while a long read holds it open.
    pub log_bytes: u64,
}

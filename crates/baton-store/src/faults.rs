//! Faults on purpose, for simulations: whether a call of the store goes wrong, asked at each of the
//! places where one can.
//!
//! Compiled with the feature `faults`, which only tests ask for; without it a store has nobody to ask.

use crate::error::Result;

/// A place within a call of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A transaction that only reads is about to begin.
    Read,
    /// One that writes is about to begin.
    Write,
    /// All is written and nothing committed; an error rolls it back.
    BeforeCommit,
    /// The commit is done; an error hides that from the caller.
    AfterCommit,
}

/// Says whether calls of a store go wrong. An error is what the caller is told.
pub trait Faults: std::fmt::Debug + Send + Sync {
    /// # Errors
    /// As the simulation wants.
    fn at(&self, moment: Moment) -> Result<()>;
}

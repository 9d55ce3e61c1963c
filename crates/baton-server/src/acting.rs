//! Who has the engine do something, with the line of the record that tells of it. Whatever is done for
//! a call brings the call's own line, and adds it in the transaction of the act; what the program does by
//! itself, such as the first start's activation of the shipped packs, gets a line of Baton's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use baton_store::audit::{self, NewLine};
use baton_store::{Scope, StoreError, Tx};

use crate::clock::machine_now;

/// How Baton calls itself in the record.
pub const BATON: &str = "baton";

/// Who has something done.
#[derive(Debug, Clone, Default)]
pub struct By {
    name: String,
    line: Option<NewLine>,
}

impl From<&str> for By {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), line: None }
    }
}

impl By {
    /// Whoever calls, under the name by which what they do is kept.
    pub(crate) const fn told(name: String, line: NewLine) -> Self {
        Self { name, line: Some(line) }
    }
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
    /// The line that tells of it.
    pub(crate) fn line(&self, operation: &str) -> NewLine {
        self.line.clone().unwrap_or_else(|| NewLine {
            at: machine_now(),
            who: BATON.to_owned(),
            name: self.name.clone(),
            role: BATON.to_owned(),
            operation: operation.to_owned(),
            subject_kind: String::new(),
            subject: String::new(),
            outcome: audit::DONE.to_owned(),
            detail: "{}".to_owned(),
        })
    }
    /// Adds the line that tells of it; last in the transaction of the act.
    pub(crate) fn tell(
        &self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        operation: &str,
    ) -> Result<(), StoreError> {
        audit::append(tx, scope, &self.line(operation)).map(drop)
    }
}

/// A line that several messages of one call share: the first of them that is committed brings it.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) line: NewLine,
    is_told: AtomicBool,
}

impl Shared {
    pub(crate) fn new(line: NewLine) -> Arc<Self> {
        Arc::new(Self { line, is_told: AtomicBool::new(false) })
    }
    pub(crate) fn is_told(&self) -> bool {
        self.is_told.load(Ordering::Acquire)
    }
    pub(crate) fn was_told(&self) {
        self.is_told.store(true, Ordering::Release);
    }
}

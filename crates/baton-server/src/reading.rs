//! From a message to statements: what the engine asks of a tenant's connectors.
//!
//! A reading has one or more parts (the transaction sets of an interchange, the lines of a batch). A
//! part that cannot be read says why, and holds up none of the others. Readings are pure: the same
//! bytes under the same packs give the same statements.

use std::fmt;

use baton_core::fact::Statement;
use baton_core::id::Digest;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::sources::Source;

/// A message as a connector sees it.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    pub source: &'a Source,
    pub content_type: &'a str,
    /// The headers that were kept with it, with names in lower case.
    pub headers: &'a [(String, String)],
    /// Decompressed.
    pub body: &'a [u8],
    pub received_at: Instant,
}

/// What was read of one part.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its name within the message: `1/850/0001`, `line 3`; empty where there is only one.
    pub name: String,
    pub outcome: Result<Vec<Statement>, Fault>,
}

/// Why a part could not be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Stable.
    pub code: String,
    /// What, where, and what was expected, as the quarantine shows it.
    pub error: serde_json::Value,
}

impl Fault {
    /// The wording is what the message says, for words in other languages.
    #[must_use]
    pub fn new(code: &str, wording: &Wording, message: impl fmt::Display) -> Self {
        let error = serde_json::json!({ "message": message.to_string(), "wording": wording });
        Self { code: code.to_owned(), error }
    }
}

/// A tenant's connectors, compiled.
pub trait Connectors: fmt::Debug + Send + Sync {
    /// The sender's own number of this message, where its connector declares where it stands.
    fn own_id(&self, letter: &Letter<'_>) -> Option<String>;
    /// Whether equal bytes mean the same message where there is no own number.
    fn bytes_identify(&self, source: &Source) -> bool;
    /// A digest of the message without what its connector ignores; `None` where it ignores nothing of it.
    fn content(&self, letter: &Letter<'_>) -> Option<Digest> {
        let _ = letter;
        None
    }
    /// Reads a message. A source without a connector gives one faulty part.
    fn read(&self, letter: &Letter<'_>) -> Vec<Part>;
}

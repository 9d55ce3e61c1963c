//! Why a part of a message could not be read: what quarantine shows to the person who mends it.

use std::fmt;

use baton_core::fact::Place;
use baton_formats::x12::FaultCode;
use serde::{Deserialize, Serialize};

/// What sort of fault it is. The names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappingCode {
    /// The bytes are not of the connector's format.
    NotReadable,
    /// A size, depth, step or count limit was reached.
    LimitExceeded,
    /// No mapping of the connector is for such a message.
    NoMapping,
    /// The mapping failed on it.
    MappingFailed,
    /// The mapping gave something that is no statement.
    NotAStatement,
    /// What the statement is about is missing or names nothing.
    NoSubject,
    BadIdentifier,
    BadTime,
    BadAmount,
    /// A milestone, exception, role or table that does not exist.
    UnknownName,
    /// The envelope or the content of an EDI set is broken.
    BrokenSet,
    /// No table of the connector reads such a set.
    UnknownSet,
    /// An identifier that stands for "no number"; it was left out.
    Placeholder,
    /// The envelope is not as the standard says, and can be read all the same.
    OddEnvelope,
}

impl MappingCode {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotReadable => "not_readable",
            Self::LimitExceeded => "limit_exceeded",
            Self::NoMapping => "no_mapping",
            Self::MappingFailed => "mapping_failed",
            Self::NotAStatement => "not_a_statement",
            Self::NoSubject => "no_subject",
            Self::BadIdentifier => "bad_identifier",
            Self::BadTime => "bad_time",
            Self::BadAmount => "bad_amount",
            Self::UnknownName => "unknown_name",
            Self::BrokenSet => "broken_set",
            Self::UnknownSet => "unknown_set",
            Self::Placeholder => "placeholder",
            Self::OddEnvelope => "odd_envelope",
        }
    }
}

/// A fault or a warning about a part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MappingFault {
    pub code: MappingCode,
    /// The evidence that the statement at fault names.
    pub place: Place,
    /// The key within the statement, such as `about.order` or `at`; empty for the whole.
    pub key: String,
    pub found: String,
    /// Empty where the X12 reader's code says it all.
    pub expected: String,
    /// The code of the X12 reader, such as `X12-SE-COUNT`, where it found the fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x12: Option<FaultCode>,
}

/// Longest text of a message that a fault repeats, in characters.
const FOUND_CHARS_MAX: usize = 120;

impl MappingFault {
    pub(crate) fn new(code: MappingCode, found: &str, expected: impl Into<String>) -> Self {
        let found = shortened(found);
        let (key, expected) = (String::new(), expected.into());
        Self { code, place: Place::None, key, found, expected, x12: None }
    }
    pub(crate) fn at(mut self, place: &Place) -> Self {
        self.place = place.clone();
        self
    }
    pub(crate) fn key(mut self, key: &str) -> Self {
        self.key = if self.key.is_empty() { key.to_owned() } else { format!("{key}.{}", self.key) };
        self
    }
    /// The place as people write it: a JSON pointer, or the segment and its byte.
    #[must_use]
    pub fn pointer(&self) -> String {
        match &self.place {
            Place::None => String::new(),
            Place::Pointer(pointer) => pointer.to_string(),
            Place::Segment { number, offset, .. } => format!("segment {number}, byte {offset}"),
            Place::Line(line) => format!("line {line}"),
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(FOUND_CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

impl fmt::Display for MappingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code.name())?;
        let pointer = self.pointer();
        if !pointer.is_empty() {
            write!(f, " at {pointer}")?;
        }
        if !self.key.is_empty() {
            write!(f, " ({})", self.key)?;
        }
        write!(f, ": ")?;
        if !self.found.is_empty() {
            write!(f, "found `{}`, ", self.found)?;
        }
        match &self.x12 {
            Some(code) if self.expected.is_empty() => write!(f, "expected that not {code}"),
            Some(code) => write!(f, "expected {} ({code})", self.expected),
            None => write!(f, "expected {}", self.expected),
        }
    }
}

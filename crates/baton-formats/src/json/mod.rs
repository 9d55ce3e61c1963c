//! JSON from outside: read with limits, refused with the place of what is wrong, and the bytes
//! behind a JSON pointer found again when evidence is to be shown.

mod scan;

pub use scan::locate;

use serde_json::Value;

/// Bounds on one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest document, in bytes.
    pub size_bytes_max: usize,
    /// Deepest nesting of objects and arrays; no more than [`DEPTH_MAX`] is ever taken.
    pub depth_max: usize,
}

/// The deepest nesting that is read whatever the limits say; the parser's own bound.
pub const DEPTH_MAX: usize = 127;

impl Default for Limits {
    fn default() -> Limits {
        Limits { size_bytes_max: 16 * 1024 * 1024, depth_max: 64 }
    }
}

/// Why a document is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at line {line}, column {column} (byte {offset})")]
pub struct JsonError {
    /// What is wrong.
    pub reason: Reason,
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes, from 1.
    pub column: usize,
    /// Position in the document, in bytes.
    pub offset: usize,
}

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// Longer than the limit.
    #[error("the document has {size_bytes} bytes, at most {size_bytes_max} are read")]
    TooLarge {
        /// Its length.
        size_bytes: usize,
        /// The limit.
        size_bytes_max: usize,
    },
    /// Nested deeper than the limit.
    #[error("objects and arrays are nested deeper than {depth_max}")]
    TooDeep {
        /// The limit.
        depth_max: usize,
    },
    /// Not JSON.
    #[error("not JSON: {what}")]
    Syntax {
        /// What the parser met.
        what: String,
    },
}

impl Reason {
    /// The stable code of the reason.
    pub fn code(&self) -> &'static str {
        match self {
            Reason::TooLarge { .. } => "JSON-TOO-LARGE",
            Reason::TooDeep { .. } => "JSON-TOO-DEEP",
            Reason::Syntax { .. } => "JSON-SYNTAX",
        }
    }
}

/// Reads a document. A byte-order mark before it is skipped.
///
/// # Errors
/// If it is not JSON or goes beyond a limit; the error says where.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Value, JsonError> {
    let size_bytes = bytes.len();
    if size_bytes > limits.size_bytes_max {
        let size_bytes_max = limits.size_bytes_max;
        let reason = Reason::TooLarge { size_bytes, size_bytes_max };
        return Err(at(bytes, size_bytes_max, reason));
    }
    let depth_max = limits.depth_max.min(DEPTH_MAX);
    // Before parsing, so that a hostile document costs one pass over its bytes and no memory.
    if let Some(offset) = scan::deeper_than(bytes, depth_max) {
        return Err(at(bytes, offset, Reason::TooDeep { depth_max }));
    }
    let start = scan::body_start(bytes);
    serde_json::from_slice(bytes.get(start..).unwrap_or_default()).map_err(|error| {
        let line_start = line_start(bytes, start, error.line());
        let offset = (line_start + error.column().saturating_sub(1)).min(size_bytes);
        let what = error.to_string();
        // The parser's own place counts without the byte-order mark; ours is told beside it.
        let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
        at(bytes, offset, Reason::Syntax { what: what.to_owned() })
    })
}

fn line_start(bytes: &[u8], start: usize, line: usize) -> usize {
    let body = bytes.get(start..).unwrap_or_default();
    let breaks = memchr::memchr_iter(b'\n', body);
    match line.checked_sub(2) {
        None => start,
        Some(nth) => breaks.map(|at| start + at + 1).nth(nth).unwrap_or(bytes.len()),
    }
}

fn at(bytes: &[u8], offset: usize, reason: Reason) -> JsonError {
    let (line, column) = position(bytes, offset);
    JsonError { reason, line, column, offset }
}

/// Line and column (in bytes) of a position, both from 1.
pub fn position(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    (line, before.len() - line_start + 1)
}

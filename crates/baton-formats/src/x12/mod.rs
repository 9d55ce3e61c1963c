//! ASC X12: from bytes to interchanges, groups, sets, loops and typed documents, and back.

mod delimiters;
mod document;
mod envelope;
mod fault;
mod header_checks;
mod moment;
pub mod schema;
mod segment;
mod tokeniser;
pub mod verdict;

pub use delimiters::{Delimiters, ISA_LENGTH};
pub use document::{Document, FAULTS_MAX, Group, Interchange, Set, SetIdentity, SetView};
pub use envelope::read_envelope;
pub use fault::{FOUND_CHARS_MAX, Fault, FaultCode, Level, Place, Severity, StandardCode, shorten};
pub use moment::{X12Date, X12Time};
pub use segment::{Kind, Segment, is_segment_id};
pub use tokeniser::{FILE_BYTES_MAX, Tokeniser, tokenise};
pub use verdict::{Report, Verdict};

/// Reads a file.
pub fn read(bytes: &[u8]) -> Document<'_> {
    read_envelope(bytes)
}

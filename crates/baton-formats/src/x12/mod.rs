//! ASC X12: from bytes to interchanges, groups, sets, loops and typed documents, and back.

mod acknowledge;
mod content;
mod delimiters;
mod document;
mod envelope;
mod fault;
mod header_checks;
mod hierarchy;
mod moment;
pub mod schema;
mod segment;
pub mod sets;
mod show;
mod tokeniser;
pub mod tree;
pub mod verdict;
pub mod write;
pub mod zone;

pub use acknowledge::acknowledge;
pub use delimiters::{Delimiters, ISA_LENGTH};
pub use document::{Document, FAULTS_MAX, Group, Interchange, Set, SetIdentity, SetView};
pub use envelope::read_envelope;
pub use fault::{FOUND_CHARS_MAX, Fault, FaultCode, Level, Place, Severity, StandardCode, shorten};
pub use hierarchy::HL_DEPTH_MAX;
pub use moment::{X12Date, X12Time};
pub use segment::{Kind, Segment, is_segment_id};
pub use show::show;
pub use tokeniser::{FILE_BYTES_MAX, Tokeniser, tokenise};
pub use verdict::{Report, Verdict};

/// Reads a file: its envelope, and the content of every set whose schema is known.
///
/// Never fails: what could not be read is in [`Document::faults`], and a fault weighs only on the
/// set, group or interchange that it belongs to.
pub fn read(bytes: &[u8]) -> Document<'_> {
    let mut document = read_envelope(bytes);
    for index in 0..document.sets.len() {
        let faults = document.set(index).map(|set| tree::build(&set).1).unwrap_or_default();
        for fault in faults {
            document.add_fault(fault);
        }
    }
    document
}

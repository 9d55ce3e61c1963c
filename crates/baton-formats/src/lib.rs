//! Bytes to trees and back: the wire formats that partners speak, read without knowing what an
//! order is.
//!
//! - [`x12`]: ASC X12 interchanges. A tokeniser, the envelope (ISA/GS/ST and their trailers), loop
//!   trees by declared schema, typed sets, writing, acknowledging.
//! - [`json`]: JSON with limits and with errors that say where; the bytes behind a JSON pointer.
//! - [`ndjson`]: one JSON document a line.
//!
//! INVARIANT: no function here panics, whatever the bytes; reading never fails as a whole but
//! answers with what could be read and a list of faults. Nothing here knows clocks, files,
//! networks or orders.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice
    )
)]

pub mod json;
pub mod ndjson;
pub mod x12;

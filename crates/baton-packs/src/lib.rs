//! Packs: how partners' messages are read and what is expected of orders, as data.
//!
//! A pack is a folder of YAML. Its reading half turns messages into statements: [`Pack::load`] reads
//! the declarations, [`connectors`] makes them ready, [`Connector::interpret`] reads a message. Its
//! deriving half becomes a rulebook. [`check`] and [`test`] are what an integrator runs.
//!
//! Nothing here reads a clock, a network or a database; the only files are those of pack folders.
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

pub mod codes;
mod condition;
pub mod connector;
mod connectors;
pub mod files;
pub mod finding;
pub mod fixture;
mod journey;
mod jq;
pub mod manifest;
pub mod mapping_fault;
mod moment;
pub mod pack;
mod pointed;
pub mod reading;
mod rulebook;
mod shipped;
mod statement;
mod told;
mod work;
mod x12;
mod yaml;

pub use connector::Connector;
pub use connectors::{Connectors, connectors};
pub use files::PackFiles;
pub use finding::{Finding, FindingCode, Position};
pub use fixture::TestReport;
pub use mapping_fault::{MappingCode, MappingFault};
pub use pack::Pack;
pub use reading::{Headers, PartReading};
pub use rulebook::compile;
pub use shipped::shipped;
pub use statement::Sender;
pub use told::told;
pub use work::{check, copied, new, record, schemas, skeleton, test, test_beside};

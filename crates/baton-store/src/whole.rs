//! A tenant whole: everything that a store holds of it, as lines of JSON, and back into another store.
//!
//! The lines say what the tables hold, so that the other store continues where this one was: the same
//! states without deriving anything, timers with their instants, senders known by what they sent, readers
//! of events where they were. Only what is squeezed or sealed in a row is written out: bodies byte for
//! byte, facts as they read. `baton verify` shows that it is what the facts call for.
//!
//! The first line says what follows and how much of it, the last one what all of it hashes to. Reading
//! checks every line, so that a file that is cut short or changed is refused with the line.
//!
//! Both work on a store and not over the API: only one transaction of the store sees a tenant at one
//! instant, and much of this no call of the API shows. Memory is bounded by the longest row.
//!
//! Deliberately absent: lines of another schema. Only a store knows how its rows become the next schema's, so
//! such a file goes into a store of its own schema, which is migrated. And renumbering. Messages are called by number in people's facts, so a store in
//! which the numbers are taken cannot take the tenant.

mod export;
mod facts_line;
mod import;
mod lines;
mod tables;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use export::export;
pub use import::import;

/// The number of the form of lines that this module describes.
const FORM: u32 = 1;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The form of the lines that follow.
    pub baton_tenant: u32,
    /// The schema of the store that it was made of: lines say what its tables held. 0 where the file does not say.
    #[serde(default)]
    pub schema: i64,
    pub tenant: HeadTenant,
    /// Whether hashes of keys, and subscriptions with their secrets, are among them.
    pub with_keys: bool,
    /// How many lines of each kind follow.
    pub counts: BTreeMap<String, u64>,
}

/// The tenant itself. Instants are microseconds since 1970, here as in every line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadTenant {
    pub key: String,
    pub name: String,
    /// `real` or `simulated`.
    pub clock: String,
    pub simulated_at: i64,
    pub real_at: i64,
    pub speed_per_mille: i64,
    pub created_at: i64,
}

/// The last line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    /// Of the whole file, this one too.
    lines: u64,
    /// BLAKE3 of every byte before this line.
    digest: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndLine {
    end: End,
}

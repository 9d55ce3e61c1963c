//! The rules of delivery: facts in, order state out.
//!
//! Read [`derive`] first: it is the spine. The nouns are [`time`], [`id`], [`identifier`],
//! [`amount`], [`partner`], [`milestone`], [`taxonomy`] and [`fact`]; [`book`] is what a pack
//! declares for the deriving half. The verbs each answer one question about an order.
//!
//! INVARIANT: nothing here does I/O, reads a clock, draws chance or awaits. The same facts give the
//! same state in whatever order, batches and repetitions they came.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice)
)]

pub mod amount;
pub mod authority;
pub mod book;
pub mod calendar;
pub mod charges;
pub mod clock;
mod code_table;
pub mod correlate;
pub mod current;
pub mod derive;
pub mod detect;
pub mod epoch;
pub mod exceptions;
pub mod fact;
pub mod handoff;
pub mod id;
pub mod identifier;
pub mod known;
pub mod liability;
pub mod lines;
pub mod milestone;
pub mod occurrence;
pub mod partner;
mod paths;
pub mod pauses;
pub mod phase;
pub mod picture;
pub mod progress;
pub mod promise;
pub mod rank;
pub mod scorecard;
pub mod sla;
pub mod state;
pub mod suggest;
pub mod taxonomy;
pub mod time;
pub mod usage;
pub mod verdict;
pub mod view;
pub mod wording;

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
pub mod calendar;
pub mod clock;
mod code_table;
pub mod fact;
pub mod id;
pub mod identifier;
pub mod liability;
pub mod milestone;
pub mod occurrence;
pub mod partner;
pub mod taxonomy;
pub mod time;

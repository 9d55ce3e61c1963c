//! The only SQL: embedded SQLite with no set-up, or PostgreSQL where one machine is outgrown,
//! behind one set of queries.
//!
//! Open a [`Store`], run [`Store::read`] or [`Store::write`] with a closure over [`Tx`], and call
//! the query functions in it: one module a noun ([`messages`], [`facts`], [`orders`], ...). Each
//! takes a [`Scope`], which says whose rows it may touch.
//!
//! The text of the statements is in `sql/`, one file for both engines, a pair where the dialects
//! differ; the tables are in `migrations/`. What of an order can be derived again is not stored:
//! there is a narrow row for lists, and a digest to verify by.
//!
//! INVARIANT: nothing here knows a rule. Instants come from the caller; nothing reads a clock.

mod body;
mod counter;
mod error;
mod migrations;
mod parts;
mod pool;
mod postgres;
mod scope;
mod settings;
mod sql;
mod sqlite;
mod squeeze;
mod store;
mod tls;
mod tx;
mod varint;
mod watch;
mod whereabouts;
mod words;
pub mod workers;
mod write_ahead_log;

pub mod audit;
pub mod backup;
pub mod brands;
pub mod changes;
pub mod clusters;
pub mod customers;
pub mod earlier;
pub mod edges;
pub mod engine_facts;
pub mod engine_outbox;
pub mod engine_timers;
pub mod exceptions;
pub mod facts;
#[cfg(feature = "faults")]
pub mod faults;
pub mod hearing;
pub mod idempotency;
pub mod identities;
pub mod keys;
pub mod links;
pub mod looks;
pub mod memberships;
pub mod messages;
pub mod objects;
pub mod orders;
pub mod outbox;
pub mod pack_drafts;
pub mod pack_requests;
pub mod packs;
pub mod partners;
pub mod pending;
pub mod people;
pub mod progress;
pub mod quarantine;
pub mod readings;
pub mod recovery_codes;
pub mod saved_views;
pub mod sessions;
pub mod sources;
pub mod subscriptions;
pub mod tenants;
#[cfg(feature = "throwaway")]
pub mod throwaway;
pub mod timers;
pub mod tracking_links;
pub mod usage;
pub mod whole;

pub use body::{BodyHash, PackedBody};
pub use error::{Result, StoreError};
pub use scope::{Scope, Sight, TenantId};
pub use settings::{Location, Settings};
pub use sqlite::FILE_NAME;
pub use store::Store;
pub use tx::Tx;
pub use watch::Sizes;

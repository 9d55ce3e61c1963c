//! The loops and the edges: messages come in, become facts, and what follows from them is derived,
//! written and sent.
//!
//! The way of the data is the list of modules: [`intake`] and [`group_commit`] make a message durable,
//! [`read_loop`] has it read ([`reading`]), [`record`] finds its clusters and keeps its facts,
//! [`derivation`] derives every subject that they touch (what can be foreseen in [`foresight`], before anything is
//! written), [`commit`] writes the difference, [`wake`] does the same when time has come, [`dispatch`] sends what is to be sent. [`engine`] holds the loops
//! together and is what the edges use.

mod above;
pub mod acting;
pub mod activation;
mod bell;
pub mod body;
mod cache;
mod changed;
pub mod clock;
mod clocks;
mod commit;
pub mod crash;
pub mod demo_people;
mod derivation;
mod deriving;
pub mod digest;
pub mod dispatch;
pub mod doctor;
mod earlier;
pub mod engine;
pub mod event;
mod foresight;
mod group_commit;
mod hearing;
pub mod history;
pub mod http;
pub mod intake;
pub mod language;
mod loops;
mod lru;
pub mod mail;
pub mod metrics;
mod neighbours;
pub mod oidc;
pub mod own_words;
pub mod packs;
pub mod people;
mod public_url;
mod read_loop;
pub mod reading;
pub mod receipt;
mod record;
mod registry;
pub mod relay;
pub mod reread;
pub mod roles;
mod rows;
mod scoring;
pub mod settings;
mod side_by_side;
mod stakes;
pub mod tenant;
#[cfg(any(test, feature = "throwaway"))]
pub mod throwaway;
mod tidy;
pub mod traces;
mod troubles;
mod usage;
pub mod verify;
mod wake;
mod work_loop;

#[cfg(test)]
mod tests;

pub use cache::Sharing;
pub use engine::{Engine, EngineError, EngineHandle};
pub use public_url::PublicUrl;
pub use troubles::Trouble;

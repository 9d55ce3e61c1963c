//! The commands, one file for each family.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod bench;
pub(crate) mod brand;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod edi;
pub(crate) mod exception;
pub(crate) mod handoff;
pub(crate) mod ingest;
pub(crate) mod message;
pub(crate) mod order;
pub(crate) mod pack;
pub(crate) mod reference;
pub(crate) mod replay;
pub(crate) mod running;
pub(crate) mod serve;
pub(crate) mod usage;
pub(crate) mod user;
pub(crate) mod whole;

//! The commands, one file for each family.

pub(crate) mod bench;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod edi;
pub(crate) mod ingest;
pub(crate) mod pack;
pub(crate) mod reference;
pub(crate) mod serve;

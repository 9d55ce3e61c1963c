//! The commands, one file for each family.

pub(crate) mod edi;
pub(crate) mod pack;

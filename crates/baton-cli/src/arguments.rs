//! What may be said on the command line.

use clap::{Parser, Subcommand};

use crate::commands::{edi::Edi, pack::Pack};
use crate::exit::EXIT_CODES;

/// The truth about every order: who holds the baton, whether it arrives as promised, what went wrong.
#[derive(Debug, Parser)]
#[command(name = "baton", version, after_long_help = EXIT_CODES)]
pub(crate) struct Baton {
    /// Print JSON in the API's own shapes instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check, show and answer X12 files.
    #[command(subcommand)]
    Edi(Edi),
    /// Write, check, test and activate packs.
    #[command(subcommand)]
    Pack(Pack),
}

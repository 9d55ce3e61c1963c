//! The binary `baton`: the command line over everything.
//!
//! [`arguments`] says what may be said, [`commands`] has a file for each family of commands, [`exit`]
//! how it ends. Commands that look at a system speak the HTTP API, over the wire or in this process:
//! there is no second way to do anything.

mod arguments;
mod commands;
mod exit;
mod files;
mod folders;
mod print;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Baton, Command};
use crate::exit::{Outcome, Result};

fn main() -> ExitCode {
    let baton = Baton::parse();
    match run(&baton) {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(failure) => {
            eprintln!("baton: {failure}");
            ExitCode::from(failure.why.code())
        }
    }
}

fn run(baton: &Baton) -> Result<Outcome> {
    match &baton.command {
        Command::Edi(edi) => commands::edi::run(edi, baton.json),
        Command::Pack(pack) => commands::pack::run(pack, baton.json),
    }
}

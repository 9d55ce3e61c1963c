//! `cargo xtask demo`: from a clone to a running system with one command.
//!
//! Says at once what is going to happen, because the release build may take minutes, and then
//! becomes `baton demo`, so that Ctrl-C and the exit code are the product's own.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;
use crate::{Outcome, web};

const WHAT_HAPPENS: &str = "\
Baton demo: builds the web app (where Node is there) and the release binary (some minutes the
first time, seconds after that), then starts `baton demo`: a simulated world of partners that
sends real wire formats into Baton.
Pages and API will be on http://127.0.0.1:7300 unless --port says otherwise; Ctrl-C ends it.
";

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<Outcome> {
    // Standard output is left to the binary: scripts read its last line.
    eprint!("{WHAT_HAPPENS}");
    web::build_if_node(workspace)?;
    let binary = workspace.build_baton(true)?;
    // Returns only if it fails.
    let error = Command::new(&binary).arg("demo").args(arguments).exec();
    Err(error).with_context(|| format!("cannot start {}", binary.display()))
}

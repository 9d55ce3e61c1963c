//! What becomes of memory that nobody needs just now.
//!
//! A step reads, derives and writes some hundred messages and lets go of all that it made. Ten milliseconds later the
//! allocator would give that memory back to the system, and the next step, a tenth to half a second on, would get it anew,
//! page by page, each cleared first: 2 to 6 % of what an event costs. So a process that works on many messages keeps
//! what is free for ten seconds.
//!
//! The allocator can be told so by a variable, which it reads before `main`, and by a function whose call would be unsafe
//! code. So such a process begins once more as itself, under the same number, with the variable set. Whoever has set it
//! is left alone; where it cannot begin again (no Unix, its file gone) it goes on as it is, dearer and no different.

use crate::arguments::Command;

/// The allocator's own name for it, in milliseconds.
const VARIABLE: &str = "MIMALLOC_PURGE_DELAY";
const KEPT_MS: &str = "10000";

/// Begins the process again, where it works on many messages and the allocator was told nothing.
pub(crate) fn keep_what_is_free(command: &Command) {
    let works_on_many = matches!(
        command,
        Command::Serve(_)
            | Command::Demo(_)
            | Command::Ingest(_)
            | Command::Bench(_)
            | Command::Verify(_)
    );
    if works_on_many && std::env::var_os(VARIABLE).is_none() {
        begin_again();
    }
}

/// Does not come back where it can be done. Why it cannot be is nothing to anybody: nothing is lost but time.
#[cfg(unix)]
fn begin_again() {
    use std::os::unix::process::CommandExt as _;

    // By its own path and not by `/proc/self/exe`, after which it would be listed as `exe`.
    let Ok(program) = std::env::current_exe() else { return };
    let mut arguments = std::env::args_os();
    let mut again = std::process::Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    let _ = again.args(arguments).env(VARIABLE, KEPT_MS).exec();
}

#[cfg(not(unix))]
const fn begin_again() {}

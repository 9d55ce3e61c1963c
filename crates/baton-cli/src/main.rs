//! The binary `baton`: the command line over everything.
//!
//! [`arguments`] says what may be said, [`commands`] has a file for each family of commands, [`exit`]
//! how it ends. Commands that look at a system speak the HTTP API, over the wire or in this process:
//! there is no second way to do anything.

mod api;
mod arguments;
mod bootstrap;
mod commands;
mod exit;
mod feeder;
mod files;
mod folders;
mod listing;
mod lock;
mod machine;
mod place;
mod print;
mod record;
mod serving;
mod wire;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use baton_server::crash;
use clap::Parser as _;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::arguments::{Baton, Command, LogFormat};
use crate::exit::{Failure, Outcome, Result};

/// Deriving makes and drops many small values; the system's allocator takes a tenth more of an event. How it is set
/// is compiled in (`.cargo/config.toml`); SQLite, zstd and whatever else calls `malloc` use it as well.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Which lines of the log are wanted, such as `info` or `baton_server=debug`.
const LOG_VARIABLE: &str = "BATON_LOG";

fn main() -> ExitCode {
    let baton = Baton::parse();
    log(baton.log_format);
    match armed().and_then(|()| run(&baton)) {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(failure) => {
            eprintln!("baton: {failure}");
            ExitCode::from(failure.why.code())
        }
    }
}

/// A test may have this process die at a chosen place.
fn armed() -> Result<()> {
    match std::env::var(crash::ARMED_BY) {
        Ok(text) => {
            let wrong = |why: String| Failure::usage(format!("{}: {why}", crash::ARMED_BY));
            crash::arm(&text).map_err(wrong)
        }
        Err(_) => Ok(()),
    }
}

/// The log goes to standard error: standard output is for data.
fn log(format: LogFormat) {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .with_env_var(LOG_VARIABLE)
        .from_env_lossy();
    let colour = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter);
    let lines = lines.with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.with_ansi(colour).init(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).init(),
    }
}

fn run(baton: &Baton) -> Result<Outcome> {
    match &baton.command {
        Command::Serve(serve) => commands::serve::run(serve, baton.json),
        Command::Demo(demo) => commands::demo::run(demo),
        Command::Ingest(ingest) => commands::ingest::run(ingest, baton.json),
        Command::Order(order) => commands::order::run(order, baton.json),
        Command::Exception(exception) => commands::exception::run(exception, baton.json),
        Command::Handoff(handoff) => commands::handoff::run(handoff, baton.json),
        Command::Message(message) => commands::message::run(message, baton.json),
        Command::Quarantine(quarantine) => {
            commands::message::run_quarantine(quarantine, baton.json)
        }
        Command::Replay(replay) => commands::replay::run(replay, baton.json),
        Command::Verify(verify) => commands::replay::run_verify(verify, baton.json),
        Command::Source(source) => commands::running::run_source(source, baton.json),
        Command::Partner(partner) => commands::running::run_partner(partner, baton.json),
        Command::Tenant(tenant) => commands::running::run_tenant(tenant, baton.json),
        Command::Audit(audit) => commands::audit::run(audit, baton.json),
        Command::Usage(usage) => commands::usage::run(usage, baton.json),
        Command::User(user) => commands::user::run(user, baton.json),
        Command::Key(key) => commands::running::run_key(key, baton.json),
        Command::Edi(edi) => commands::edi::run(edi, baton.json),
        Command::Pack(pack) => commands::pack::run(pack, baton.json),
        Command::Backup(backup) => commands::backup::run(backup, baton.json),
        Command::Restore(restore) => commands::backup::run_restore(restore, baton.json),
        Command::Export(export) => commands::whole::run_export(export, baton.json),
        Command::Import(import) => commands::whole::run_import(import, baton.json),
        Command::Migrate(migrate) => commands::doctor::run_migrate(migrate, baton.json),
        Command::Doctor(doctor) => commands::doctor::run(doctor, baton.json),
        Command::Bench(bench) => commands::bench::run(bench, baton.json),
        Command::BenchLoad(load) => commands::bench::run_load(load),
        Command::Reference(reference) => commands::reference::run(reference),
        Command::Openapi => commands::reference::run_openapi(),
        Command::Completions(completions) => commands::reference::run_completions(completions),
        Command::ExitCodes => commands::reference::run_exit_codes(),
    }
}

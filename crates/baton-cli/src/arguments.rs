//! What may be said on the command line.

use clap::{Parser, Subcommand, ValueEnum};

use crate::commands::audit::Audit;
use crate::commands::backup::{Backup, Restore};
use crate::commands::bench::{Bench, Load};
use crate::commands::demo::Demo;
use crate::commands::doctor::{Doctor, Migrate};
use crate::commands::edi::Edi;
use crate::commands::exception::Exception;
use crate::commands::handoff::Handoff;
use crate::commands::ingest::Ingest;
use crate::commands::message::{Message, Quarantine};
use crate::commands::order::Order;
use crate::commands::pack::Pack;
use crate::commands::reference::{Completions, Reference};
use crate::commands::replay::{Replay, Verify};
use crate::commands::running::{Key, Partner, Source, Tenant};
use crate::commands::serve::Serve;
use crate::commands::usage::Usage;
use crate::commands::user::User;
use crate::commands::whole::{Export, Import};
use crate::exit::EXIT_CODES;

/// The truth about every order: who holds the baton, whether it arrives as promised, what went wrong.
#[derive(Debug, Parser)]
#[command(name = "baton", version, after_long_help = EXIT_CODES)]
pub(crate) struct Baton {
    /// Print JSON in the API's own shapes instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// How the log on standard error is written: lines for people, or a JSON document a line.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT",
        env = "BATON_LOG_FORMAT"
    )]
    pub(crate) log_format: LogFormat,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the API and work on what comes in.
    Serve(Serve),
    /// Play a made-up world of partners into a system of its own, to look at and to try things on.
    Demo(Demo),
    /// Send messages from files.
    Ingest(Ingest),
    /// List orders, show one, explain what it says.
    #[command(subcommand)]
    Order(Order),
    /// List and show what went wrong.
    #[command(subcommand)]
    Exception(Exception),
    /// List hand-offs that wait for a word, accept or dispute them, settle disputes.
    #[command(subcommand)]
    Handoff(Handoff),
    /// Look at messages as they came.
    #[command(subcommand)]
    Message(Message),
    /// Look at what could not be read, read it again, or discard it.
    #[command(subcommand)]
    Quarantine(Quarantine),
    /// Show what was known at an earlier instant, or what would differ by other packs.
    Replay(Replay),
    /// Derive everything again from its facts and compare it with what is written.
    Verify(Verify),
    /// Make, list and re-key sources.
    #[command(subcommand)]
    Source(Source),
    /// Add and list partners.
    #[command(subcommand)]
    Partner(Partner),
    /// Make and list tenants.
    #[command(subcommand)]
    Tenant(Tenant),
    /// Invite people who sign in, list them, end their seats.
    #[command(subcommand)]
    User(User),
    /// See who did what, and whether the record of it is whole.
    #[command(subcommand)]
    Audit(Audit),
    /// See what was used, by month and day: messages, orders, deliveries, people.
    Usage(Usage),
    /// Make, list and end keys.
    #[command(subcommand)]
    Key(Key),
    /// Check, show and answer X12 files.
    #[command(subcommand)]
    Edi(Edi),
    /// Write, check, test and activate packs.
    #[command(subcommand)]
    Pack(Pack),
    /// Copy a data folder into one file, while it is served or not.
    Backup(Backup),
    /// Put a backup into a data folder.
    Restore(Restore),
    /// Write everything of a tenant into a file, for another store.
    Export(Export),
    /// Take a tenant from such a file into a store.
    Import(Import),
    /// Bring a store's tables up to date.
    Migrate(Migrate),
    /// Look a system over: disk, store, packs, sources, deliveries, keys, clock; and say what to do.
    Doctor(Doctor),
    /// Measure what one event costs, from HTTP until the state of its order is durable.
    Bench(Bench),
    #[command(hide = true)]
    BenchLoad(Load),
    /// Print the reference of the command line.
    Reference(Reference),
    /// Print the OpenAPI description of the API.
    Openapi,
    /// Print the script that completes commands in a shell.
    Completions(Completions),
    /// Print what the exit codes mean.
    ExitCodes,
}

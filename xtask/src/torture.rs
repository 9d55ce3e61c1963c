//! `cargo xtask torture`: the real process is killed again and again while the sample world sends, and
//! must end with what an undisturbed run holds. The work is done by the test of the same name
//! (`crates/baton-cli/tests/crash.rs`), a few seeds of which run with every test; this runs many, and keeps both
//! worlds of a seed that differs as files in `target/torture`.

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};

use crate::workspace::Workspace;
use crate::{Outcome, postgres};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many seeds; each is a world and the ways in which its process is killed.
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// The first seed: a failing one is run again with `--first SEED --seeds 1`.
    #[arg(long, default_value_t = 1)]
    first: u64,
    /// Where the world is kept.
    #[arg(long, value_enum, default_value_t = Kind::Sqlite)]
    store: Kind,
    /// The optimised binary: several times the seeds in the same time, once it is built.
    #[arg(long)]
    release: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Sqlite,
    Postgres,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<Outcome> {
    let mut command = workspace.cargo_command();
    command.args(["test", "--package", "baton-cli", "--test", "crash", "--"]);
    command.args(["torture_as_told", "--exact", "--ignored", "--nocapture"]);
    command.env("BATON_TORTURE_FIRST", options.first.to_string());
    command.env("BATON_TORTURE_SEEDS", options.seeds.to_string());
    command.env("BATON_TORTURE_DIFFERING", workspace.metadata()?.target_directory.join("torture"));
    if options.release {
        command.env("BATON_TORTURE_BINARY", workspace.build_baton(true)?);
    }
    let mut server = None;
    match options.store {
        Kind::Sqlite => command.env("BATON_TORTURE_STORE", "sqlite"),
        Kind::Postgres => {
            let Some(started) = postgres::start(postgres::Durability::None)? else {
                bail!("there is no PostgreSQL to torture: {}", postgres::HOW_TO_GET);
            };
            command.env("BATON_TEST_POSTGRES", &started.url);
            server = Some(started);
            command.env("BATON_TORTURE_STORE", "postgres")
        }
    };
    let status = command.status().context("cannot start cargo")?;
    drop(server);
    Ok(Outcome::of(status.success()))
}

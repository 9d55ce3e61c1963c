//! `cargo xtask simulate`: the engine in one process under a seeded scheduler, with faults at every call
//! of its store; on PostgreSQL two such engines on one database, one of which is now and then about to
//! commit while the other takes a step. The work is done by the test of the same name
//! (`crates/baton-server/src/tests/simulation.rs`), some seeds of which run with every test; this runs
//! many.

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};

use crate::workspace::Workspace;
use crate::{Outcome, postgres};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many seeds; each is a world of some weeks and everything that goes wrong in it.
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first seed: a failing one is run again with `--from SEED --seeds 1`.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Where the world is kept: by one engine, or by two on a server.
    #[arg(long, value_enum, default_value_t = Kind::Sqlite)]
    store: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Sqlite,
    Postgres,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<Outcome> {
    let mut command = workspace.cargo_command();
    command.args(["test", "--package", "baton-server", "--lib", "--"]);
    let mut server = None;
    let test = match options.store {
        Kind::Sqlite => "tests::simulation::simulate_as_told",
        Kind::Postgres => {
            let Some(started) = postgres::start(postgres::Durability::None)? else {
                bail!("there is no PostgreSQL to simulate on: {}", postgres::HOW_TO_GET);
            };
            command.env("BATON_TEST_POSTGRES", &started.url);
            server = Some(started);
            "tests::simulation::simulate_two_as_told"
        }
    };
    command.args([test, "--exact", "--ignored", "--nocapture"]);
    command.env("BATON_SIMULATE_FIRST", options.from.to_string());
    command.env("BATON_SIMULATE_SEEDS", options.seeds.to_string());
    let status = command.status().context("cannot start cargo")?;
    drop(server);
    Ok(Outcome::of(status.success()))
}

//! `cargo xtask simulate`: the engine in one process under a seeded scheduler, with faults at every call
//! of its store. The work is done by the test of the same name
//! (`crates/baton-server/src/tests/simulation.rs`), some seeds of which run with every test; this runs
//! many.

use anyhow::{Context as _, Result};
use clap::Args;

use crate::Outcome;
use crate::workspace::Workspace;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many seeds; each is a world of some weeks and everything that goes wrong in it.
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first seed: a failing one is run again with `--from SEED --seeds 1`.
    #[arg(long, default_value_t = 1)]
    from: u64,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<Outcome> {
    let mut command = workspace.cargo_command();
    command.args(["test", "--package", "baton-server", "--lib", "--"]);
    command.args(["tests::simulation::simulate_as_told", "--exact", "--ignored", "--nocapture"]);
    command.env("BATON_SIMULATE_FIRST", options.from.to_string());
    command.env("BATON_SIMULATE_SEEDS", options.seeds.to_string());
    let status = command.status().context("cannot start cargo")?;
    Ok(Outcome::of(status.success()))
}

//! `cargo xtask nodes`: how fast one, two and four nodes on one PostgreSQL work off what waits, and where
//! the time goes. The work is done by the test of the same name (`crates/baton-cli/tests/nodes.rs`), with
//! the release binary and a server as people run it.

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::workspace::Workspace;
use crate::{Outcome, postgres};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Numbers of nodes, measured one after the other.
    #[arg(long, default_value = "1,2,4", value_name = "NUMBERS")]
    counts: String,
    /// Messages that wait when the nodes begin, each time.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..))]
    events: u32,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<Outcome> {
    let binary = workspace.build_baton(true)?;
    let Some(server) = postgres::start(postgres::Durability::Full)? else {
        bail!("there is no PostgreSQL to measure on: {}", postgres::HOW_TO_GET);
    };
    let mut command = workspace.cargo_command();
    command.args(["test", "--package", "baton-cli", "--test", "nodes", "--"]);
    command.args(["nodes_as_told", "--ignored", "--nocapture"]);
    command.env("BATON_NODES_BINARY", binary).env("BATON_TEST_POSTGRES", &server.url);
    command.env("BATON_NODES_COUNTS", &options.counts);
    command.env("BATON_NODES_EVENTS", options.events.to_string());
    if let Some(process) = server.process {
        command.env("BATON_NODES_DATABASE_PROCESS", process.to_string());
    }
    let status = command.status().context("cannot start cargo")?;
    drop(server);
    Ok(Outcome::of(status.success()))
}

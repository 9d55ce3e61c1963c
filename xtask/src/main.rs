//! Every development task of this repository, so that cargo is the only tool one needs.
//!
//! `cargo xtask --help` lists them. The rules that hold the house together (layers, dependencies,
//! tidiness) are tables in the modules of the same name; each has a function that returns the
//! faults found, so that the same check runs as a command, in CI and as a unit test. Two tasks
//! hand over to the product itself: `demo` and `bench` start the binary `baton`.

mod apt;
mod baton;
mod bench;
mod codegen;
mod demo;
mod dependencies;
mod fault;
mod fuzz;
mod layers;
mod licence;
mod lints;
mod make;
mod nodes;
mod postgres;
mod redis;
mod release;
mod simulate;
mod suites;
mod tidy;
mod torture;
mod web;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Exit code when everything that ran passed, but a suite was left out for want of PostgreSQL or Redis.
const EXIT_SUITES_SKIPPED: u8 = 3;

const EXIT_CODES: &str = "\
Exit codes: 0 all is well; 1 a check or a test failed (it says which); 2 the command line was not
understood; 3 every test that ran passed, but what needs PostgreSQL or Redis was left out.";

/// Development tasks of Baton.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Build the release binary and start `baton demo`; everything after `demo` goes to it.
    #[command(disable_help_flag = true)]
    Demo {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run every test, with a throw-away PostgreSQL. `-- FILTER` runs the tests whose name has it.
    Test(suites::Options),
    /// Build the web app with npm; the next build of the binary takes it in.
    Web(web::Options),
    /// Everything CI checks besides the tests, in CI's order; goes on after a failure.
    Checks,
    /// Formatting, as `cargo fmt --check`.
    Fmt,
    /// Clippy over the workspace and all targets, warnings as errors.
    Clippy,
    /// Which crate may depend on which, who may hold SQL, what must stay pure.
    Layers,
    /// Licences, sources, versions and banned names of all dependencies.
    Deps,
    /// Sizes, module paragraphs, names, links: what a compiler does not see.
    Tidy,
    /// Write the generated files; with `--check` compare only, and fail on a difference.
    Codegen {
        #[arg(long)]
        check: bool,
    },
    /// Build the binary as it is shipped: compiled twice, the second time by a profile of the first.
    Release,
    /// CPU time of one event, whole way, beside the floor of raw rows; states the ratio.
    Bench(bench::Options),
    /// Kill the process at many places while the sample world sends; it must lose and double nothing.
    Torture(torture::Options),
    /// How fast 1, 2 and 4 nodes on one PostgreSQL work off what waits, and where the time goes.
    Nodes(nodes::Options),
    /// Each reader of bytes from outside against bytes that nobody thought of; needs cargo-fuzz.
    Fuzz(fuzz::Options),
    /// Run the engine under a seeded scheduler with faults at every call of its store.
    Simulate(simulate::Options),
}

impl Task {
    /// Whether the product is compiled for it.
    const fn builds(&self) -> bool {
        !matches!(self, Self::Checks | Self::Fmt | Self::Layers | Self::Deps | Self::Tidy)
    }
}

/// How a task ended, when it could be carried out at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    SuitesSkipped,
}

impl Outcome {
    fn of(passed: bool) -> Self {
        if passed { Self::Passed } else { Self::Failed }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::SUCCESS,
            Outcome::Failed => Self::FAILURE,
            Outcome::SuitesSkipped => Self::from(EXIT_SUITES_SKIPPED),
        }
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<Outcome> {
    let workspace = Workspace::here();
    if task.builds() {
        make::look_for();
    }
    match task {
        Task::Demo { arguments } => demo::run(&workspace, &arguments),
        Task::Test(options) => suites::run(&workspace, &options),
        Task::Web(options) => web::run(&workspace, &options),
        Task::Checks => checks(&workspace),
        Task::Fmt => lints::fmt(&workspace),
        Task::Clippy => lints::clippy(&workspace),
        Task::Layers => Ok(fault::report("layers", &layers::faults(&workspace)?)),
        Task::Deps => Ok(fault::report("deps", &dependencies::faults(&workspace)?)),
        Task::Tidy => Ok(fault::report("tidy", &tidy::faults(&workspace)?)),
        Task::Codegen { check } => codegen::run(&workspace, check),
        Task::Release => release::run(&workspace),
        Task::Bench(options) => bench::run(&workspace, &options),
        Task::Torture(options) => torture::run(&workspace, &options),
        Task::Nodes(options) => nodes::run(&workspace, &options),
        Task::Fuzz(options) => fuzz::run(&workspace, &options),
        Task::Simulate(options) => simulate::run(&workspace, &options),
    }
}

/// The cheap checks come first, so that a slip in a name costs seconds and not a build.
fn checks(workspace: &Workspace) -> Result<Outcome> {
    let mut failed = Vec::new();
    for (name, task) in [
        ("fmt", Task::Fmt),
        ("layers", Task::Layers),
        ("deps", Task::Deps),
        ("tidy", Task::Tidy),
        ("clippy", Task::Clippy),
        ("codegen --check", Task::Codegen { check: true }),
    ] {
        println!("== {name}");
        let outcome = run(task).unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Outcome::Failed
        });
        if outcome != Outcome::Passed {
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        eprintln!("error: failed: {} (in {})", failed.join(", "), workspace.root.display());
    }
    Ok(Outcome::of(failed.is_empty()))
}

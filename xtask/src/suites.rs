//! `cargo xtask test`: every test there is, on both stores.
//!
//! Plain `cargo test`, so that what one reads is what every Rust programmer knows. The suites that
//! need PostgreSQL run where `BATON_TEST_POSTGRES` is set and pass without a word where it is not;
//! therefore this task sets it, or says at the end that it could not. So it does for Redis, which the
//! tests start themselves.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::postgres::{self, Server};
use crate::workspace::Workspace;
use crate::{Outcome, baton, redis, web};

/// The address of a server that the tests may fill and empty as they like.
const POSTGRES_VARIABLE: &str = "BATON_TEST_POSTGRES";

/// The file that makes a folder under `packs/` a pack, by any of its names.
const PACK_MANIFESTS: [&str; 2] = ["pack.yaml", "pack.yml"];

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only this package's tests; may be given several times. The packs' fixtures are left out.
    #[arg(short, long, value_name = "PACKAGE")]
    package: Vec<String>,

    /// Passed on to the test programs: a part of the names to run, `--nocapture` and the like.
    #[arg(last = true)]
    filter: Vec<String>,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<Outcome> {
    let whole = options.package.is_empty() && options.filter.is_empty();
    // Before the binary is built, so that it has its pages.
    let web = if whole { web::for_tests(workspace)? } else { None };
    let server = postgres::start(postgres::Durability::None)?;
    let had_redis = redis::is_to_be_had();
    if let Some(server) = &server {
        eprintln!("test server: {}", server.origin);
    }
    let status =
        cargo_test(workspace, options, server.as_ref()).status().context("cannot start cargo")?;
    let mut passed = status.success();
    if passed && whole {
        passed = test_packs(workspace)?;
    }
    if let Some(web) = web.filter(|_| passed) {
        passed = web.check()? && web.browse(&workspace.build_baton(false)?, None, None)?;
    }
    let had_server = server.is_some();
    drop(server);
    if !had_server {
        eprintln!("left out: the suites on PostgreSQL. To have them: {}", postgres::HOW_TO_GET);
    }
    if !had_redis {
        eprintln!("left out: the tests with Redis. To have them: {}", redis::HOW_TO_GET);
    }
    Ok(outcome(passed, had_server && had_redis))
}

/// A failure weighs more than an omission.
fn outcome(passed: bool, had_servers: bool) -> Outcome {
    match (passed, had_servers) {
        (false, _) => Outcome::Failed,
        (true, true) => Outcome::Passed,
        (true, false) => Outcome::SuitesSkipped,
    }
}

fn cargo_test(workspace: &Workspace, options: &Options, server: Option<&Server>) -> Command {
    let mut command = workspace.cargo_command();
    command.arg("test").args(test_arguments(options));
    match server {
        Some(server) => command.env(POSTGRES_VARIABLE, &server.url),
        // One from outside may hold somebody's data.
        None => command.env_remove(POSTGRES_VARIABLE),
    };
    command
}

/// `--no-fail-fast`: one run shows everything that is broken.
fn test_arguments(options: &Options) -> Vec<&str> {
    let mut arguments = vec!["--no-fail-fast"];
    if options.package.is_empty() {
        arguments.push("--workspace");
    }
    for package in &options.package {
        arguments.extend(["--package", package.as_str()]);
    }
    if !options.filter.is_empty() {
        arguments.push("--");
        arguments.extend(options.filter.iter().map(String::as_str));
    }
    arguments
}

/// Runs the fixtures of each shipped pack, as its author would.
fn test_packs(workspace: &Workspace) -> Result<bool> {
    let packs = pack_folders(workspace)?;
    if packs.is_empty() {
        return Ok(true);
    }
    let binary = workspace.build_baton(false)?;
    if !baton::has_command(&binary, &["pack", "test"])? {
        bail!("there are packs, but the binary has no `baton pack test` to run their fixtures");
    }
    let mut passed = true;
    for pack in packs {
        println!("baton pack test {}", workspace.relative(&pack).display());
        let mut command = Command::new(&binary);
        command.args(["pack", "test"]).arg(&pack).current_dir(&workspace.root);
        passed &= command.status().context("cannot start baton")?.success();
    }
    Ok(passed)
}

fn pack_folders(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let packs = workspace.root.join("packs");
    if !packs.is_dir() {
        return Ok(Vec::new());
    }
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&packs)
        .context("cannot list packs")?
        .flatten()
        .map(|entry| entry.path())
        .filter(|folder| PACK_MANIFESTS.iter().any(|name| folder.join(name).is_file()))
        .collect();
    folders.sort();
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use super::{Options, outcome, pack_folders, test_arguments};
    use crate::Outcome;
    use crate::workspace::Workspace;

    #[test]
    fn what_is_asked_for_reaches_cargo() {
        for (package, filter, expected) in [
            (vec![], vec![], "--no-fail-fast --workspace"),
            (vec![], vec!["clock"], "--no-fail-fast --workspace -- clock"),
            (vec!["a", "b"], vec![], "--no-fail-fast --package a --package b"),
            (vec!["a"], vec!["x", "--nocapture"], "--no-fail-fast --package a -- x --nocapture"),
        ] {
            let owned = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect();
            let options = Options { package: owned(package), filter: owned(filter) };
            assert_eq!(test_arguments(&options).join(" "), expected);
        }
    }

    #[test]
    fn a_failure_weighs_more_than_an_omission() {
        for (passed, had_server, expected) in [
            (true, true, Outcome::Passed),
            (true, false, Outcome::SuitesSkipped),
            (false, true, Outcome::Failed),
            (false, false, Outcome::Failed),
        ] {
            assert_eq!(outcome(passed, had_server), expected);
        }
    }

    #[test]
    fn a_pack_is_a_folder_with_a_manifest() {
        let root = tempfile::tempdir().expect("a folder");
        let workspace = Workspace { root: root.path().to_path_buf() };
        assert!(pack_folders(&workspace).expect("none is fine").is_empty());
        for (folder, file) in [("b", "pack.yaml"), ("a", "pack.yml"), ("c", "notes.md")] {
            let folder = root.path().join("packs").join(folder);
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(folder.join(file), "").expect("a file");
        }
        let found = pack_folders(&workspace).expect("listed");
        assert_eq!(found, ["a", "b"].map(|name| root.path().join("packs").join(name)));
    }
}

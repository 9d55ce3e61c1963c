//! `cargo xtask fuzz`: each reader of bytes from outside against bytes that nobody thought of, for as long
//! as is wanted. The targets are in `fuzz/`; they need a nightly compiler and cargo-fuzz, which this
//! looks for and does not install.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::Outcome;
use crate::workspace::Workspace;

/// Longest input: what goes wrong in a large one goes wrong in a small one as well, sooner.
const BYTES_MAX: u32 = 16 * 1024;
/// Above it, or slower, an input counts as a fault.
const MEMORY_MB_MAX: u32 = 2_048;
const SECONDS_AN_INPUT_MAX: u32 = 10;
const HOW_TO_GET: &str =
    "`rustup toolchain install nightly --profile minimal` and `cargo install cargo-fuzz --locked`";
/// Readers whose input is a document as partners send it: real ones are where they begin.
const OF_DOCUMENTS: [&str; 3] = ["x12_read", "x12_sets", "x12_tokenise"];

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Which targets; all of them where none is named.
    targets: Vec<String>,
    /// For how many seconds each.
    #[arg(long, default_value_t = 3_600)]
    seconds: u64,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<Outcome> {
    let known = targets(&workspace.root)?;
    if let Some(unknown) = options.targets.iter().find(|target| !known.contains(target)) {
        bail!("there is no fuzz target `{unknown}`, expected one of: {}", known.join(", "));
    }
    if !is_here() {
        bail!("there is no nightly compiler with cargo-fuzz: {HOW_TO_GET}");
    }
    let wanted = if options.targets.is_empty() { &known } else { &options.targets };
    let mut failed = Vec::new();
    for target in wanted {
        println!("== {target}");
        if !fuzz(workspace, target, options.seconds)? {
            failed.push(target.as_str());
        }
    }
    if !failed.is_empty() {
        eprintln!("error: inputs that fail are in fuzz/artifacts: {}", failed.join(", "));
    }
    Ok(Outcome::of(failed.is_empty()))
}

/// The names of the files of the targets, sorted.
fn targets(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("fuzz/fuzz_targets");
    let files = std::fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
    let stems = files.filter_map(|file| {
        let path = file.ok()?.path();
        (path.extension()? == "rs").then(|| path.file_stem()?.to_str().map(str::to_owned))?
    });
    let mut names: Vec<String> = stems.collect();
    names.sort_unstable();
    Ok(names)
}

fn is_here() -> bool {
    let mut command = nightly(&["fuzz", "--version"]);
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Cargo of the nightly toolchain, whichever runs us.
fn nightly(arguments: &[&str]) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo"]).args(arguments);
    for inherited in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(inherited);
    }
    command
}

fn fuzz(workspace: &Workspace, target: &str, seconds: u64) -> Result<bool> {
    let own = workspace.root.join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&own).with_context(|| own.display().to_string())?;
    let mut command = nightly(&["fuzz", "run", target]);
    command.current_dir(&workspace.root).arg(own);
    if OF_DOCUMENTS.contains(&target) {
        command.arg(workspace.root.join("samples"));
        command.args(std::env::var_os("BATON_CORPUS"));
    }
    command.arg("--").arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-max_len={BYTES_MAX}")).arg(format!("-rss_limit_mb={MEMORY_MB_MAX}"));
    command.arg(format!("-timeout={SECONDS_AN_INPUT_MAX}")).arg("-print_final_stats=1");
    let status = command.status().context("cannot start rustup")?;
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_found_and_declared() {
        let root = Workspace::here().root;
        let declared = std::fs::read_to_string(root.join("fuzz/Cargo.toml")).unwrap();
        let found = targets(&root).unwrap();
        assert!(OF_DOCUMENTS.iter().all(|name| found.iter().any(|target| target == name)));
        for target in found {
            assert!(declared.contains(&format!("name = \"{target}\"")), "{target}");
        }
    }
}

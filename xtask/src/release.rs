//! `cargo xtask release`: the binary as it is shipped.
//!
//! It is compiled twice. The first binary counts, while it plays a sample world, which way each branch went
//! and how often each function was called; the second is laid out by these counts, and takes an eighth
//! less processor time for an event. Nothing else differs: `cargo build --release` makes the same program, sooner.
//!
//! The world that is played has all four kinds of partner, their mistakes, and what reads of it afterwards.
//! It is not the load that `cargo xtask bench` measures: whoever learns from what he is measured by has
//! learnt nothing.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::workspace::Workspace;
use crate::{Outcome, web};

/// What the counting binary does, after `--data FOLDER`.
const LESSONS: [&[&str]; 4] = [
    &[
        "demo",
        "--port",
        "0",
        "--seed",
        "3",
        "--orders",
        "2000",
        "--faults",
        "all",
        "--until-settled",
    ],
    &["verify", "--tenant", "sample"],
    &["order", "list", "--tenant", "sample", "--json"],
    &["exception", "list", "--tenant", "sample", "--json"],
];
const MERGER: &str = "llvm-profdata";
const COMPONENT: &str = "llvm-tools";

pub(crate) fn run(workspace: &Workspace) -> Result<Outcome> {
    eprintln!("Compiles Baton twice, so that the second time knows the first: some ten minutes.");
    web::build_if_node(workspace)?;
    let binary = build(workspace)?;
    println!("{}", binary.display());
    Ok(Outcome::Passed)
}

/// Builds it, and says where it is.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    let compiler = Compiler::of(workspace)?;
    let merger = compiler.merger()?;
    let target = workspace.metadata()?.target_directory;
    let counts = target.join("profile");
    // Counts of an older program would be added to these.
    if counts.exists() {
        fs::remove_dir_all(&counts).with_context(|| counts.display().to_string())?;
    }
    fs::create_dir_all(&counts).with_context(|| counts.display().to_string())?;
    let flag = format!("-Cprofile-generate={}", counts.display());
    let counting = compiler.build(workspace, &target.join("counting"), &flag)?;
    teach(&counting)?;
    let profile = counts.join("merged.profdata");
    let mut merge = Command::new(&merger);
    merge.args(["merge", "--output"]).arg(&profile).arg(&counts);
    succeed(merge)?;
    let profile = named_by_content(&profile)?;
    let by_profile = format!("-Cprofile-use={}", profile.display());
    compiler.build(workspace, &target.join("shipped"), &by_profile)
}

/// Cargo compiles anew what is compiled with other flags, and does not look into the file that a flag names:
/// other counts are to have another name.
fn named_by_content(profile: &Path) -> Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    hasher.write(&fs::read(profile)?);
    let named = profile.with_file_name(format!("{:016x}.profdata", hasher.finish()));
    fs::rename(profile, &named).with_context(|| named.display().to_string())?;
    Ok(named)
}

/// Has the counting binary do what Baton does all day, in a folder that is gone afterwards.
fn teach(counting: &Path) -> Result<()> {
    let folder = tempfile::tempdir_in(counting.parent().unwrap_or(Path::new(".")))?;
    for lesson in LESSONS {
        let mut command = Command::new(counting);
        command.args(lesson).arg("--data").arg(folder.path()).stdout(Stdio::null());
        succeed(command)?;
    }
    Ok(())
}

fn succeed(mut command: Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot start {program}"))?;
    if !status.success() {
        bail!("{program} failed; its words are above");
    }
    Ok(())
}

/// The compiler that the workspace is built with.
struct Compiler {
    sysroot: PathBuf,
    /// The kind of machine that it runs on, which is the one that it builds for.
    host: String,
}

impl Compiler {
    fn of(workspace: &Workspace) -> Result<Self> {
        let says = |arguments: &[&str]| -> Result<String> {
            let mut command = Command::new("rustc");
            let output = command.args(arguments).current_dir(&workspace.root).output();
            Ok(String::from_utf8_lossy(&output.context("cannot start rustc")?.stdout).into_owned())
        };
        let version = says(&["-vV"])?;
        let host = version.lines().find_map(|line| line.strip_prefix("host: "));
        Ok(Self {
            sysroot: PathBuf::from(says(&["--print", "sysroot"])?.trim()),
            host: host.context("rustc does not say what machine it is for")?.to_owned(),
        })
    }

    /// What merges the counts: it must be of the compiler's own version, so that the system's does not do.
    fn merger(&self) -> Result<PathBuf> {
        let merger = self.sysroot.join("lib/rustlib").join(&self.host).join("bin").join(MERGER);
        if !merger.exists() {
            let mut add = Command::new("rustup");
            add.args(["component", "add", COMPONENT]);
            let toolchain = self.sysroot.file_name();
            add.arg("--toolchain").args(toolchain).stdout(Stdio::null());
            // What it says is not why: the file is there afterwards, or it is not.
            let _ = add.status();
        }
        if !merger.exists() {
            bail!("there is no {MERGER} of this compiler: `rustup component add {COMPONENT}`");
        }
        Ok(merger)
    }

    /// Builds the binary in a folder of its own: whatever is compiled with other flags is compiled anew.
    fn build(&self, workspace: &Workspace, target: &Path, flag: &str) -> Result<PathBuf> {
        let mut cargo = workspace.cargo_command();
        cargo.args(["build", "--release", "--locked", "--package", "baton-cli", "--bin", "baton"]);
        // With a target named, the flag is not for build scripts and macros, which would count as well.
        cargo.args(["--target", &self.host, "--target-dir"]).arg(target);
        cargo.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flag);
        cargo.env("CARGO_INCREMENTAL", "0");
        succeed(cargo)?;
        let name = format!("baton{}", std::env::consts::EXE_SUFFIX);
        Ok(target.join(&self.host).join("release").join(name))
    }
}

//! Where things are, and how cargo is asked: the root, the packages of `cargo metadata`, the files
//! that people wrote.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

/// Folders that hold nothing a person wrote.
const NOT_WRITTEN: [&str; 5] = ["target", "node_modules", "dist", ".git", "baton-data"];

/// The repository that this xtask was built from.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
}

/// What `cargo metadata` says, as far as the checks need it.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) workspace_members: BTreeSet<String>,
    pub(crate) target_directory: PathBuf,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    /// Absent for a package in a local folder.
    pub(crate) source: Option<String>,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) source: Option<String>,
    pub(crate) req: String,
    /// Absent for a normal dependency, else `dev` or `build`.
    pub(crate) kind: Option<String>,
}

impl Dependency {
    pub(crate) fn is_dev(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

impl Metadata {
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }
}

impl Workspace {
    /// The folder above this crate's own.
    pub(crate) fn here() -> Self {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self { root: own.parent().unwrap_or(own).to_path_buf() }
    }

    /// The cargo that runs us, so that a `cargo +toolchain xtask` stays on its toolchain.
    pub(crate) fn cargo_command(&self) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.current_dir(&self.root);
        command
    }

    /// Runs cargo with its output shown; true if it succeeded.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Result<bool> {
        let status = self.cargo_command().args(arguments).status().context("cannot start cargo")?;
        Ok(status.success())
    }

    /// `--locked`: a manifest that the lock file does not fit fails here, with cargo's own words.
    pub(crate) fn metadata(&self) -> Result<Metadata> {
        let output = self
            .cargo_command()
            .args(["metadata", "--format-version", "1", "--locked"])
            .output()
            .context("cannot start cargo")?;
        if !output.status.success() {
            bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        serde_json::from_slice(&output.stdout).context("cargo metadata printed unexpected JSON")
    }

    /// Builds the binary `baton` and says where it is.
    pub(crate) fn build_baton(&self, release: bool) -> Result<PathBuf> {
        let mut arguments = vec!["build", "--package", "baton-cli", "--bin", "baton"];
        arguments.extend(release.then_some("--release"));
        if !self.cargo(&arguments)? {
            bail!("the binary baton does not build; the compiler's words are above");
        }
        let profile = if release { "release" } else { "debug" };
        let name = format!("baton{}", std::env::consts::EXE_SUFFIX);
        Ok(self.metadata()?.target_directory.join(profile).join(name))
    }

    /// Paths of all files that people wrote, relative to the root, sorted.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(&folder)
                .with_context(|| format!("cannot list {}", folder.display()))?;
            for entry in entries {
                let entry = entry?;
                let kind = entry.file_type()?;
                if kind.is_dir() && !NOT_WRITTEN.iter().any(|name| entry.file_name() == *name) {
                    folders.push(entry.path());
                } else if kind.is_file() {
                    found.push(self.relative(&entry.path()));
                }
            }
        }
        found.sort();
        Ok(found)
    }

    pub(crate) fn relative(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.root).unwrap_or(path).to_path_buf()
    }

    /// A file's text, or nothing if it is not text.
    pub(crate) fn text(&self, relative: &Path) -> Result<Option<String>> {
        let bytes = fs::read(self.root.join(relative))
            .with_context(|| format!("cannot read {}", relative.display()))?;
        Ok(String::from_utf8(bytes).ok())
    }
}

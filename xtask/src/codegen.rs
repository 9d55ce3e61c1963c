//! Files that a program writes and people read: schemas, the API's description, reference pages.
//!
//! They are checked in, so that a reader of the repository sees them and a change of the code shows
//! its effect in review; CI fails when they are not what the code would write now. Every generator
//! is a command of the binary `baton`, so that a user can ask the binary for the same thing.
//!
//! A row whose command the binary does not have yet is passed over as long as nothing of its is
//! checked in; afterwards a missing command is a fault, so that no check falls silent.

mod compare;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::workspace::Workspace;
use crate::{Outcome, baton, fault};

/// Relative path to content, of everything that one generator writes.
type Files = BTreeMap<PathBuf, Vec<u8>>;

#[derive(Debug, Clone, Copy)]
enum Output {
    /// The command prints one file.
    Printed { file: &'static str },
    /// The command takes `--out DIR` and fills that folder, which is its own.
    Folder { folder: &'static str },
}

impl Output {
    fn path(self) -> &'static str {
        match self {
            Self::Printed { file } => file,
            Self::Folder { folder } => folder,
        }
    }
}

struct Generator {
    what: &'static str,
    /// Arguments of the binary `baton`.
    command: &'static [&'static str],
    output: Output,
}

const GENERATORS: &[Generator] = &[
    Generator {
        what: "JSON Schema of each file of a pack",
        command: &["pack", "schema"],
        output: Output::Folder { folder: "docs/reference/pack-schema" },
    },
    Generator {
        what: "OpenAPI description of the HTTP API",
        command: &["openapi"],
        output: Output::Printed { file: "docs/reference/openapi.json" },
    },
    Generator {
        what: "reference of the command line",
        command: &["reference"],
        output: Output::Printed { file: "docs/reference/cli.md" },
    },
    Generator {
        what: "a page for each error code",
        command: &["reference", "errors"],
        output: Output::Folder { folder: "docs/errors" },
    },
    Generator {
        what: "table of milestones",
        command: &["reference", "milestones"],
        output: Output::Printed { file: "docs/src/reference/milestones.md" },
    },
    Generator {
        what: "table of exceptions",
        command: &["reference", "exceptions"],
        output: Output::Printed { file: "docs/src/reference/exceptions.md" },
    },
    Generator {
        what: "table of permissions",
        command: &["reference", "permissions"],
        output: Output::Printed { file: "docs/src/reference/permissions.md" },
    },
];

/// What is to be done about a generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    Run,
    NotThereYet,
    CommandLost,
}

fn plan(has_command: bool, is_checked_in: bool) -> Plan {
    match (has_command, is_checked_in) {
        (true, _) => Plan::Run,
        (false, false) => Plan::NotThereYet,
        (false, true) => Plan::CommandLost,
    }
}

pub(crate) fn run(workspace: &Workspace, check: bool) -> Result<Outcome> {
    let binary = workspace.build_baton(false)?;
    let mut faults = Vec::new();
    for generator in GENERATORS {
        let shown = generator.command.join(" ");
        let path = generator.output.path();
        let is_checked_in = workspace.root.join(path).exists();
        match plan(baton::has_command(&binary, generator.command)?, is_checked_in) {
            Plan::NotThereYet => {
                println!("passed over: {}: there is no `baton {shown}` yet", generator.what);
            }
            Plan::CommandLost => faults.push(fault::Fault::new(
                path,
                format!("the binary has no `baton {shown}`, which writes this"),
                "bring the command back, or remove the files and the row in xtask/src/codegen.rs",
            )),
            Plan::Run => {
                let wanted = generate(&binary, generator)?;
                let root = workspace.root.join(path);
                let held = read(&root, generator.output)?;
                if check {
                    faults.extend(compare::faults(path, &held, &wanted));
                } else {
                    write(&root, generator.output, &held, &wanted)?;
                    println!("written: {path}: {}", generator.what);
                }
            }
        }
    }
    Ok(fault::report("codegen", &faults))
}

fn generate(baton: &Path, generator: &Generator) -> Result<Files> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let mut command = Command::new(baton);
    // A width of its own, or the help would be as wide as the terminal of whoever ran this.
    command.args(generator.command).stdin(Stdio::null()).env("COLUMNS", "100");
    if let Output::Folder { .. } = generator.output {
        command.arg("--out").arg(folder.path()).stdout(Stdio::null());
    }
    let output = command.stderr(Stdio::inherit()).output().context("cannot start baton")?;
    if !output.status.success() {
        bail!("`baton {}` failed; its words are above", generator.command.join(" "));
    }
    match generator.output {
        Output::Printed { .. } => Ok(Files::from([(PathBuf::new(), output.stdout)])),
        Output::Folder { .. } => read(folder.path(), generator.output),
    }
}

/// What is there now; nothing if the path is not there. A printed file has an empty relative path.
fn read(root: &Path, output: Output) -> Result<Files> {
    if !root.exists() {
        return Ok(Files::new());
    }
    if let Output::Printed { .. } = output {
        let bytes = fs::read(root).with_context(|| format!("cannot read {}", root.display()))?;
        return Ok(Files::from([(PathBuf::new(), bytes)]));
    }
    let files = Workspace { root: root.to_path_buf() }.files()?;
    files.into_iter().map(|path| Ok((path.clone(), fs::read(root.join(path))?))).collect()
}

/// Writes what differs and removes what would no longer be written; the rest keeps its times.
fn write(root: &Path, output: Output, held: &Files, wanted: &Files) -> Result<()> {
    let place = |path: &Path| match output {
        Output::Printed { .. } => root.to_path_buf(),
        Output::Folder { .. } => root.join(path),
    };
    for path in held.keys().filter(|path| !wanted.contains_key(*path)) {
        fs::remove_file(place(path))
            .with_context(|| format!("cannot remove {}", place(path).display()))?;
    }
    for (path, bytes) in wanted.iter().filter(|(path, bytes)| held.get(*path) != Some(*bytes)) {
        let target = place(path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&target, bytes).with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;

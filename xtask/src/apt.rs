//! Programs that tests need and a bare Debian does not have: apt installs them, where we may.

use std::path::Path;
use std::process::{Command, Stdio};

/// Whether this is a Debian on which we are root.
pub(crate) fn is_ours() -> bool {
    Path::new("/etc/debian_version").exists() && effective_user_id() == Some(0)
}

/// Whether there is a program that says its version.
pub(crate) fn is_there(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Installs a package; true if apt says that it did. Its failure is shown and is no error of ours.
pub(crate) fn install(package: &str) -> bool {
    run(&["update", "--quiet"])
        && run(&["install", "--yes", "--quiet", "--no-install-recommends", package])
}

fn run(arguments: &[&str]) -> bool {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command.status().is_ok_and(|status| status.success())
}

pub(crate) fn effective_user_id() -> Option<u32> {
    id(&["-u"])
}

/// What `id` answers, where that is a number.
pub(crate) fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    if output.status.success() { text.trim().parse().ok() } else { None }
}

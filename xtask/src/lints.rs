//! The checks that cargo's own tools do; here so that one list of tasks names them all.

use anyhow::Result;

use crate::Outcome;
use crate::workspace::Workspace;

pub(crate) fn fmt(workspace: &Workspace) -> Result<Outcome> {
    Ok(Outcome::of(workspace.cargo(&["fmt", "--all", "--", "--check"])?))
}

pub(crate) fn clippy(workspace: &Workspace) -> Result<Outcome> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    Ok(Outcome::of(workspace.cargo(&arguments)?))
}

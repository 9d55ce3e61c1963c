//! What the binary `baton` can do, asked of itself: the tasks that use it are older than some of
//! its commands, and must notice if one of them goes.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

/// Asks for the command's own help. That it ends well is not enough: the help must be of this very
/// command and not of one above it.
pub(crate) fn has_command(baton: &Path, command: &[&str]) -> Result<bool> {
    let mut probe = Command::new(baton);
    probe.args(command).arg("--help").stdin(Stdio::null()).stdout(Stdio::piped());
    let output = probe.stderr(Stdio::null()).output().context("cannot start baton")?;
    let help = String::from_utf8_lossy(&output.stdout);
    Ok(output.status.success() && help_is_of(&help, command))
}

/// The usage line of clap names the command whose help it is: `Usage: baton pack schema [OPTIONS]`.
fn help_is_of(help: &str, command: &[&str]) -> bool {
    let wanted = format!("Usage: baton {}", command.join(" "));
    help.lines()
        .filter_map(|line| line.trim().strip_prefix(wanted.as_str()))
        .any(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::help_is_of;

    #[test]
    fn help_is_known_by_its_usage_line() {
        for (help, known) in [
            ("Writes.\n\nUsage: baton pack schema [OPTIONS] --out <DIR>\n", true),
            ("Usage: baton pack schema", true),
            ("Usage: baton pack [OPTIONS] <COMMAND>\n", false),
            ("Usage: baton pack schemas\n", false),
            ("Usage: baton <COMMAND>\n", false),
            ("", false),
        ] {
            assert_eq!(help_is_of(help, &["pack", "schema"]), known, "{help}");
        }
    }
}

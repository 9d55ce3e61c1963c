//! Sees to it that a server ends when we do, however we end.
//!
//! A small shell script starts the server, prints one line when it is ready, and then waits for the
//! end of its standard input, whose other end this process alone holds. Drop closes it; so does the
//! kernel when we are interrupted or killed. Then the script stops the server and removes its
//! files. It runs in a process group of its own, so that Ctrl-C reaches us and not it.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// How the script's one line starts; the port follows.
const READY: &str = "ready ";

#[derive(Debug)]
pub(super) struct Keeper {
    script: Child,
}

impl Keeper {
    /// Starts the script and waits for its line; the script bounds the wait.
    ///
    /// # Errors
    /// If the script ends without it. What went wrong is on standard error, where the script wrote.
    pub(super) fn start(mut command: Command) -> Result<(Self, u16)> {
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut script = command.spawn().context("cannot start a shell")?;
        let stdout = script.stdout.take().context("the shell has no standard output")?;
        let keeper = Self { script };
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).context("cannot read from the shell")?;
        match ready_port(&line) {
            Some(port) => Ok((keeper, port)),
            None => bail!("the test server did not start; its own words are above"),
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        if let Err(error) = self.script.wait() {
            eprintln!("cannot wait for the end of the test server: {error}");
        }
    }
}

/// The port of the line `ready 127.0.0.1:55001` or `ready 55001`.
fn ready_port(line: &str) -> Option<u16> {
    let address = line.strip_prefix(READY)?.trim_end();
    address.rsplit(':').next()?.parse().ok().filter(|port| *port != 0)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{Keeper, ready_port};

    #[test]
    fn the_ready_line_is_read() {
        for (line, port) in [
            ("ready 55001\n", Some(55001)),
            ("ready 127.0.0.1:55001\n", Some(55001)),
            ("ready [::1]:5432", Some(5432)),
            ("ready \n", None),
            ("ready 0\n", None),
            ("ready 70000\n", None),
            ("starting\n", None),
            ("", None),
        ] {
            assert_eq!(ready_port(line), port, "{line:?}");
        }
    }

    #[test]
    fn the_script_cleans_up_when_its_keeper_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let script = "touch running; echo ready 1; read -r _; rm running";
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(folder.path());
        let (keeper, port) = Keeper::start(command).expect("the script is ready");
        assert_eq!((port, folder.path().join("running").exists()), (1, true));
        drop(keeper);
        assert!(!folder.path().join("running").exists());
    }

    #[test]
    fn a_script_that_ends_early_is_an_error() {
        let mut command = Command::new("sh");
        command.args(["-c", "exit 1"]);
        assert!(Keeper::start(command).is_err());
    }
}

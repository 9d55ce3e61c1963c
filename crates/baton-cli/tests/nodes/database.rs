//! A PostgreSQL of one test alone, because it is stopped and started; gone with the test however that ends.
//! Durable, as people run it: what is acknowledged must be there after a hard stop.

use std::fs::Permissions;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// Where Debian keeps one folder for each major version, outside PATH.
const DEBIAN_ROOT: &str = "/usr/lib/postgresql";
const PASSWORD: &str = "for-one-test-alone";

/// `$1` folder of the programs, `$2` our folder, `$3` port. Reads what to do, a word a line, and answers
/// each with `done`; ends the server when nobody is left to say anything.
const SCRIPT: &str = r#"
cd "$2" || exit 1
"$1/initdb" --pgdata=cluster --username=postgres --pwfile=password --auth=scram-sha-256 \
  --encoding=UTF8 --locale=C --no-sync >initdb.log 2>&1 || exit 1
begin() {
  "$1/pg_ctl" start --pgdata=cluster --wait --timeout=60 --silent --log=server.log \
    --options="-c listen_addresses=127.0.0.1 -c port=$2 -c unix_socket_directories=''" >/dev/null 2>&1
}
begin "$1" "$3" && echo done
while read -r word; do
  case "$word" in
    begin) begin "$1" "$3" && echo done ;;
    *) "$1/pg_ctl" stop --pgdata=cluster --mode="$word" --wait --silent >/dev/null 2>&1; echo done ;;
  esac
done
"$1/pg_ctl" stop --pgdata=cluster --mode=immediate --silent >/dev/null 2>&1
"#;

pub(crate) struct Database {
    _folder: tempfile::TempDir,
    port: u16,
    script: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Database {
    /// Starts one; `None`, with a note, where its programs are not to be had.
    pub(crate) fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("skipped: there are no programs of PostgreSQL to stop and start one with");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("baton-restart-").tempdir_in("/tmp").unwrap();
        let free = TempPort::take();
        let password = folder.path().join("password");
        std::fs::write(&password, PASSWORD).unwrap();
        std::fs::set_permissions(&password, Permissions::from_mode(0o600)).unwrap();
        // PostgreSQL does not run as root.
        let mut command = match number(&["-u"]) {
            Some(0) => {
                let (user, group) = (number(&["-u", "postgres"])?, number(&["-g", "postgres"])?);
                for path in [folder.path(), &password] {
                    chown(path, Some(user), Some(group)).unwrap();
                }
                let mut command = Command::new("setpriv");
                command.arg(format!("--reuid={user}")).arg(format!("--regid={group}"));
                command.args(["--clear-groups", "sh"]);
                command
            }
            _ => Command::new("sh"),
        };
        command.args(["-c", SCRIPT, "sh"]).arg(programs).arg(folder.path()).arg(free.0.to_string());
        let mut script =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell");
        let answers = BufReader::new(script.stdout.take().unwrap());
        let mut database = Self { _folder: folder, port: free.0, script, answers };
        database.until_done();
        Some(database)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres:{PASSWORD}@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops it: with sessions ended in order, or without a word as where the machine goes.
    pub(crate) fn stop(&mut self, hard: bool) {
        self.say(if hard { "immediate" } else { "fast" });
    }
    pub(crate) fn begin(&mut self) {
        self.say("begin");
    }

    fn say(&mut self, word: &str) {
        use std::io::Write as _;
        writeln!(self.script.stdin.as_mut().unwrap(), "{word}").unwrap();
        self.until_done();
    }
    fn until_done(&mut self) {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "done", "PostgreSQL does not do as it is told");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}

/// A port of loopback that nobody listens on at this moment.
struct TempPort(u16);

impl TempPort {
    fn take() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self(listener.local_addr().unwrap().port())
    }
}

fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = std::fs::read_dir(DEBIAN_ROOT) {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders.into_iter().find(|folder| ["initdb", "pg_ctl"].iter().all(|p| folder.join(p).is_file()))
}

/// What `id` answers.
fn number(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

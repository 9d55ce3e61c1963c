//! Where a tortured process keeps its world: a folder, or a schema of its own on a server for tests.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// The address of a PostgreSQL server that tests may fill and empty as they like.
const SERVER: &str = "BATON_TEST_POSTGRES";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// Whether this machine has it; says aloud where it has not.
    pub(crate) fn is_here(self) -> bool {
        let here = self == Self::Sqlite || (std::env::var(SERVER).is_ok() && psql("select 1"));
        if !here {
            eprintln!("skipped on PostgreSQL: {SERVER} is not set, or there is no psql");
        }
        here
    }
}

/// A world's place; what it made goes with it.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
    schema: Option<String>,
}

impl Place {
    pub(crate) fn new(kind: Kind) -> Self {
        static SCHEMAS: AtomicU32 = AtomicU32::new(0);
        let schema = (kind == Kind::Postgres).then(|| {
            let number = SCHEMAS.fetch_add(1, Ordering::Relaxed);
            format!("torture_{}_{number}", std::process::id())
        });
        if let Some(schema) = &schema {
            assert!(psql(&format!("create schema {schema}")), "no schema could be made");
        }
        Self { folder: tempfile::tempdir().unwrap(), schema }
    }

    /// Tells a command where its world is.
    pub(crate) fn of(&self, command: &mut Command) {
        command.arg("--data").arg(self.folder.path());
        if let Some(schema) = &self.schema {
            let server = std::env::var(SERVER).unwrap();
            let mark = if server.contains('?') { '&' } else { '?' };
            command.arg("--database");
            // Its sessions bear its name, so that they are found.
            let options = format!("options=-csearch_path%3D{schema}&application_name={schema}");
            command.arg(format!("{server}{mark}{options}"));
        }
    }

    /// Has the server's sessions for this place stand still, so that what they are asked waits for them.
    /// They go on when the answer is dropped. Nothing where there is no server, or it is on another
    /// machine.
    pub(crate) fn hold_sessions(&self) -> Held {
        let of = |schema: &String| {
            format!("select pid from pg_stat_activity where application_name = '{schema}'")
        };
        let found = self.schema.as_ref().and_then(|schema| asked(&of(schema)));
        let pids = found.iter().flat_map(|text| text.lines()).map(str::trim);
        let held = Held(pids.filter(|pid| is_session(pid)).map(str::to_owned).collect());
        held.signal("-STOP");
        held
    }
}

/// Sessions that stand still.
pub(crate) struct Held(Vec<String>);

impl Held {
    fn signal(&self, which: &str) {
        for pid in &self.0 {
            let _gone_already = Command::new("kill").args([which, pid]).status();
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.signal("-CONT");
    }
}

/// Whether a process of this machine is a session of a PostgreSQL server: one in a container has
/// other numbers.
fn is_session(pid: &str) -> bool {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    line.starts_with(b"postgres:")
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(schema) = &self.schema {
            psql(&format!("drop schema {schema} cascade"));
        }
    }
}

fn psql(statement: &str) -> bool {
    asked(statement).is_some()
}

/// What the server answers, a line a row; none where it refuses.
fn asked(statement: &str) -> Option<String> {
    let server = std::env::var(SERVER).ok()?;
    let mut command = Command::new("psql");
    command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--set", "ON_ERROR_STOP=1"]);
    command.args(["--command", statement]).arg(server);
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

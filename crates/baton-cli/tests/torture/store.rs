//! Where a tortured process keeps its world: a folder, or a schema of its own on a server for tests.

use std::process::Command;

use baton_store::throwaway::Schema;

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
        let here = self == Self::Sqlite || std::env::var(SERVER).is_ok();
        if !here {
            eprintln!("skipped on PostgreSQL: {SERVER} is not set");
        }
        here
    }
}

/// A world's place; what it made goes with it.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
    schema: Option<Schema>,
}

impl Place {
    pub(crate) fn new(kind: Kind) -> Self {
        let schema = (kind == Kind::Postgres).then(|| Schema::fresh().expect("a server for tests"));
        Self { folder: tempfile::tempdir().unwrap(), schema }
    }

    /// Tells a command where its world is.
    pub(crate) fn of(&self, command: &mut Command) {
        command.arg("--data").arg(self.folder.path());
        if let Some(schema) = &self.schema {
            command.arg("--database").arg(&schema.url);
        }
    }

    /// Has the server's sessions for this place stand still, so that what they are asked waits for them.
    /// They go on when the answer is dropped. Nothing where there is no server, or it is on another
    /// machine.
    pub(crate) fn hold_sessions(&self) -> Held {
        let sessions = self.schema.iter().flat_map(Schema::sessions);
        let held = Held(sessions.filter(|process| is_session(*process)).collect());
        held.signal("-STOP");
        held
    }
}

/// Sessions that stand still.
pub(crate) struct Held(Vec<i32>);

impl Held {
    fn signal(&self, which: &str) {
        for process in &self.0 {
            let _gone_already = Command::new("kill").args([which, &process.to_string()]).status();
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
fn is_session(process: i32) -> bool {
    let line = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    line.starts_with(b"postgres:")
}

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
            command.arg(format!("{server}{mark}options=-csearch_path%3D{schema}"));
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(schema) = &self.schema {
            psql(&format!("drop schema {schema} cascade"));
        }
    }
}

fn psql(statement: &str) -> bool {
    let Ok(server) = std::env::var(SERVER) else { return false };
    let mut command = Command::new("psql");
    command.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--command", statement]);
    command.arg(server).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

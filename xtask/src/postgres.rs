//! A throw-away PostgreSQL for the tests: found, started, and gone when the tests are.
//!
//! In this order: binaries of version 15 or newer; else, as root on Debian, those that apt installs;
//! else Docker; else none, and the caller says which suites were left out. The server listens on
//! loopback alone, on a port that was free, asks for a password that nobody else has, and keeps its
//! files in a folder that goes with it. A server that we did not start is never looked for and
//! never spoken to.

mod binaries;
mod docker;
mod keeper;
mod local;

use anyhow::Result;

use self::keeper::Keeper;

/// Oldest major version that Baton supports.
const MAJOR_MIN: u32 = 15;

/// What to do to have the suites that were left out.
pub(crate) const HOW_TO_GET: &str = "install PostgreSQL 15 or newer (Debian 12: `apt-get install \
    postgresql`; macOS: `brew install postgresql@17`) or start Docker";

/// A running server. It stops, and its files go, when this is dropped or this process ends in
/// whatever way.
#[derive(Debug)]
pub(crate) struct Server {
    /// `postgres://…`, with the password in it.
    pub(crate) url: String,
    /// Where it came from, for people.
    pub(crate) origin: String,
    /// Its first process, where that is one of this machine's.
    pub(crate) process: Option<u32>,
    _keeper: Keeper,
}

/// Whether what is committed survives the machine's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// For tests, whose files are gone after them: it need not, and is faster so.
    None,
    /// As people run it: the defaults.
    Full,
}

impl Durability {
    /// What the server is started with.
    const fn options(self) -> &'static str {
        match self {
            Self::None => "-c fsync=off -c synchronous_commit=off -c full_page_writes=off",
            Self::Full => "",
        }
    }
}

/// Starts a server, or nothing if this machine has no way to.
///
/// # Errors
/// If there is a way and it failed: that is a fault of the machine to be seen, not a suite to be
/// left out.
pub(crate) fn start(durability: Durability) -> Result<Option<Server>> {
    if let Some(found) = binaries::find() {
        return local::start(&found, durability).map(Some);
    }
    if binaries::install()
        && let Some(found) = binaries::find()
    {
        return local::start(&found, durability).map(Some);
    }
    if docker::is_running() {
        return docker::start(durability).map(Some);
    }
    Ok(None)
}

fn url(password: &str, port: u16) -> String {
    format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres")
}

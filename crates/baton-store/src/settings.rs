//! Where a store is and how it may use the machine.

use std::path::PathBuf;
use std::time::Duration;

/// Where the rows are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder of its own, for embedded SQLite.
    Folder(PathBuf),
    /// A PostgreSQL server: `postgres://user:password@host:port/database`, with `?sslmode=require` or
    /// `verify-full` (and `sslrootcert=FILE`) where it is to be encrypted.
    Database(String),
}

/// Limits and sizes; the defaults suit a small server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Readers beside the one writer (SQLite), or connections in all (PostgreSQL).
    pub connections_max: usize,
    /// How long a call waits for the writer, a lock or a free connection before it is `Busy`.
    pub busy_wait_max: Duration,
    /// Page cache of the SQLite writer, in KiB, once the file is long.
    pub writer_cache_kib: i64,
    /// The same while the file is shorter than a gibibyte, where a larger cache costs more than it saves.
    pub writer_cache_kib_at_first: i64,
    /// Page cache of each SQLite reader, in KiB.
    pub reader_cache_kib: i64,
    /// How many pages of write-ahead log SQLite gathers before it moves them into the file. A page that was written
    /// several times meanwhile is moved once, and in a long file hardly two events are about the same pages.
    pub checkpoint_pages: i64,
    /// The write-ahead log is emptied, waiting for readers, when it has grown past this.
    pub log_bytes_max: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connections_max: 8,
            busy_wait_max: Duration::from_secs(5),
            writer_cache_kib: 64_000,
            writer_cache_kib_at_first: 16_000,
            reader_cache_kib: 8_000,
            checkpoint_pages: 32_000,
            log_bytes_max: 384 << 20,
        }
    }
}

//! The embedded engine: one file in a folder, one writer, readers beside it.
//!
//! Durability is `synchronous=FULL`: a commit that returned survives a power cut. Memory mapping is
//! off, since an I/O error under it would be a signal instead of an error.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};

use crate::error::{Result, StoreError};
use crate::pool::{Pool, Taken};
use crate::settings::Settings;
use crate::sql::{Param, Row, Sql};
use crate::watch::Sizes;
use crate::write_ahead_log::Log;

/// The file within the data folder.
pub const FILE_NAME: &str = "baton.db";
const STATEMENTS_CACHED_MAX: usize = 256;
/// A page that SQLite moves has for a moment a number as if it lay here, a gibibyte into the file. In a file that
/// is shorter it looks through its whole cache for such pages at the end of the transaction, so that each
/// commit costs by how large the cache is.
const SHORT_FILE_BYTES_MAX: u64 = 1 << 30;

#[derive(Debug)]
pub(crate) struct Sqlite {
    file: PathBuf,
    settings: Settings,
    log: Log,
    writer: Mutex<Connection>,
    /// Whether the writer has all of its cache.
    is_long: AtomicBool,
    readers: Pool<Connection>,
}

impl Sqlite {
    pub(crate) fn open(folder: &Path, settings: &Settings) -> Result<Self> {
        make_folder(folder).map_err(|cause| StoreError::Unavailable {
            reason: format!("the folder cannot be made: {}", cause.kind()),
        })?;
        let file = folder.join(FILE_NAME);
        let mut writer = connect(&file, settings, true)?;
        let log = Log::of(&mut writer, &file, settings)?;
        let readers = Pool::new(settings.connections_max, settings.busy_wait_max);
        Ok(Self {
            file,
            settings: settings.clone(),
            log,
            writer: Mutex::new(writer),
            is_long: AtomicBool::new(false),
            readers,
        })
    }
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.file.parent()
    }
    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        // A panic inside a transaction rolled it back: the connection is as good as new.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(crate) fn reader(&self) -> Result<Taken<'_, Connection>> {
        self.readers.take(|_| true, || connect(&self.file, &self.settings, false))
    }
    pub(crate) fn sizes(&self) -> Sizes {
        let size = |file: &Path| std::fs::metadata(file).map_or(0, |entry| entry.len());
        Sizes { file_bytes: size(&self.file), log_bytes: self.log.size_bytes() }
    }
    /// Keeps the log short and the cache fitting. To be called after each commit.
    pub(crate) fn tend(&self, writer: &Connection) {
        self.log.tend(writer);
        self.fit_cache(writer);
    }
    /// Gives the writer all of its cache once the file is long. What is set is held by the connection alone, so
    /// that a failure costs speed and nothing else: it is tried again after the next commit.
    fn fit_cache(&self, writer: &Connection) {
        if self.is_long.load(Ordering::Relaxed) {
            return;
        }
        let is_long =
            std::fs::metadata(&self.file).is_ok_and(|file| file.len() > SHORT_FILE_BYTES_MAX);
        let cache_kib = self.settings.writer_cache_kib;
        if is_long && writer.pragma_update(None, "cache_size", -cache_kib).is_ok() {
            self.is_long.store(true, Ordering::Relaxed);
        }
    }
}

/// Messages hold what customers ordered: a new folder is for its owner alone.
pub(crate) fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

pub(crate) fn connect(file: &Path, settings: &Settings, writes: bool) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(|e| fault(&e))?;
    let cache_kib =
        if writes { settings.writer_cache_kib_at_first } else { settings.reader_cache_kib };
    let set = |name: &str, value: &dyn ToSql| {
        connection.pragma_update(None, name, value).map_err(|e| fault(&e))
    };
    connection.busy_timeout(settings.busy_wait_max).map_err(|e| fault(&e))?;
    // Else each statement with a limit is compiled again for each value that its limit is given.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(|e| fault(&e))?;
    set("journal_mode", &"wal")?;
    set("synchronous", &"full")?;
    set("foreign_keys", &false)?;
    set("mmap_size", &0)?;
    set("temp_store", &"memory")?;
    set("cache_size", &-cache_kib)?;
    if writes {
        set("journal_size_limit", &i64::try_from(settings.log_bytes_max).unwrap_or(i64::MAX))?;
    } else {
        set("query_only", &true)?;
    }
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED_MAX);
    Ok(connection)
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

/// Runs a statement once for each row of parameters; returns how many rows it touched.
pub(crate) fn execute<'a>(
    connection: &Connection,
    sql: &Sql,
    rows: impl IntoIterator<Item = impl AsRef<[Param<'a>]>>,
) -> Result<u64> {
    let mut touched = 0;
    execute_each(connection, sql, rows.into_iter().map(|row| ((), row)), |(), count| {
        touched += count as u64;
    })?;
    Ok(touched)
}

/// As [`execute`], for rows with a number; returns the numbers of those that touched something.
pub(crate) fn touched<'a, const N: usize>(
    connection: &Connection,
    sql: &Sql,
    rows: impl IntoIterator<Item = (i64, [Param<'a>; N])>,
) -> Result<Vec<i64>> {
    let mut touched = Vec::new();
    execute_each(connection, sql, rows, |number, count| {
        if count > 0 {
            touched.push(number);
        }
    })?;
    Ok(touched)
}

fn execute_each<'a, K>(
    connection: &Connection,
    sql: &Sql,
    rows: impl IntoIterator<Item = (K, impl AsRef<[Param<'a>]>)>,
    mut done: impl FnMut(K, usize),
) -> Result<()> {
    let mut statement = connection.prepare_cached(sql.for_sqlite()).map_err(|e| fault(&e))?;
    for (key, row) in rows {
        for (index, param) in row.as_ref().iter().enumerate() {
            statement.raw_bind_parameter(index + 1, param).map_err(|e| fault(&e))?;
        }
        done(key, statement.raw_execute().map_err(|e| fault(&e))?);
    }
    statement.clear_bindings();
    Ok(())
}

/// Runs a query once for each row of parameters and hands every row that it yields to `each`.
pub(crate) fn query<'a>(
    connection: &Connection,
    sql: &Sql,
    rows: impl IntoIterator<Item = impl AsRef<[Param<'a>]>>,
    mut each: impl FnMut(&Row<'_>) -> Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare_cached(sql.for_sqlite()).map_err(|e| fault(&e))?;
    for row in rows {
        for (index, param) in row.as_ref().iter().enumerate() {
            statement.raw_bind_parameter(index + 1, param).map_err(|e| fault(&e))?;
        }
        let mut found = statement.raw_query();
        while let Some(row) = found.next().map_err(|e| fault(&e))? {
            each(&Row::Sqlite(row))?;
        }
    }
    statement.clear_bindings();
    Ok(())
}

pub(crate) fn batch(connection: &Connection, text: &str) -> Result<()> {
    connection.execute_batch(text).map_err(|e| fault(&e))
}

pub(crate) fn fault(error: &rusqlite::Error) -> StoreError {
    let rusqlite::Error::SqliteFailure(failure, _) = error else {
        let code = match error {
            rusqlite::Error::SqlInputError { error, .. } => error.extended_code.to_string(),
            _ => "driver".to_owned(),
        };
        tracing::error!(code, "SQLite could not run a statement");
        return StoreError::Refused { code };
    };
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            StoreError::Corrupt { what: "its database file" }
        }
        ErrorCode::CannotOpen
        | ErrorCode::SystemIoFailure
        | ErrorCode::ReadOnly
        | ErrorCode::PermissionDenied
        | ErrorCode::FileLockingProtocolFailed => {
            let what = match failure.code {
                ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
                    "its file or folder cannot be written to: check their permissions and the disk"
                }
                ErrorCode::CannotOpen => {
                    "its file cannot be opened: check that the folder is there and its permissions"
                }
                _ => "the disk failed: see the system's log",
            };
            let code = failure.extended_code;
            StoreError::Unavailable { reason: format!("{what}; SQLite code {code}") }
        }
        _ => {
            tracing::error!(code = failure.extended_code, "SQLite refused a statement");
            StoreError::Refused { code: failure.extended_code.to_string() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_writer_has_all_of_its_cache_once_the_file_is_long() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::default();
        let store = Sqlite::open(folder.path(), &settings).unwrap();
        let check = |cache_kib: i64| {
            let writer = store.writer();
            store.fit_cache(&writer);
            let size = writer.pragma_query_value(None, "cache_size", |row| row.get::<_, i64>(0));
            assert_eq!(size, Ok(-cache_kib));
        };
        check(settings.writer_cache_kib_at_first);
        // A hole: it takes no room on the disk.
        let file = std::fs::File::options().write(true).open(&store.file).unwrap();
        file.set_len(SHORT_FILE_BYTES_MAX + 1).unwrap();
        check(settings.writer_cache_kib);
    }
}

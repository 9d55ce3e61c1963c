//! Copying an embedded store into one file while it is written to, and putting such a file in place of
//! a store.
//!
//! The copy is of one instant, which a read transaction holds: writers go on meanwhile, and what they
//! write stays in the write-ahead log until the copy is done. Nothing has its name before it is whole,
//! checked and durable, so that whatever interrupts this leaves no half a backup and no half a store.
//!
//! Deliberately absent: PostgreSQL, which has better tools for this than a client could be.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::StepResult;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Result, StoreError};
use crate::migrations;
use crate::sql::sql;
use crate::sqlite::{self, FILE_NAME, fault};
use crate::tx::{Engine, Tx};

/// Pages that are copied before the machine may do something else.
const PAGES_AT_ONCE: i32 = 1_000;
/// How long a file that another process has locked is waited for.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// What a file is called until it is whole.
const UNFINISHED: &str = ".unfinished";
/// What the file of a store is called after another has taken its place.
const REPLACED: &str = ".replaced";
/// What belongs to a database file while it is open: the log, and the index of the log.
const LOG: &str = "-wal";
const LOG_INDEX: &str = "-shm";
/// The schema that first named stores.
const NAMED_SINCE: i64 = 6;

/// What a copy is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Which store; `None` where its schema is older than such names.
    pub identity: Option<String>,
    pub schema: i64,
    /// The number of the last message in it; 0 where there is none.
    pub last_message: i64,
    pub size_bytes: u64,
}

/// What came of putting a copy in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub copied: Copied,
    /// Where the store is now that was there before.
    pub replaced: Option<PathBuf>,
}

/// Copies the store in `folder` into `file`, as it is at one instant. It may be in use, and of any
/// schema.
///
/// # Errors
/// [`StoreError::Conflict`] where the file is there already, [`StoreError::Corrupt`] where the copy
/// does not pass its check.
pub fn make(folder: &Path, file: &Path) -> Result<Copied> {
    if file.exists() {
        return Err(in_the_way("file", file, "is there already: name another"));
    }
    let source = open(&folder.join(FILE_NAME), false)?;
    let unfinished = beside(file, UNFINISHED);
    let copied = copy(&source, &unfinished)?;
    rename(&unfinished, file)?;
    sync_folder_of(file)?;
    Ok(copied)
}

/// Puts the store that `file` holds into `folder`, which nobody else may be working on. With `force` a
/// store that is there already makes place, and is kept beside it.
///
/// # Errors
/// [`StoreError::Conflict`] where there is a store already or the file is none of ours,
/// [`StoreError::SchemaTooNew`], [`StoreError::Corrupt`]. The folder is then as it was.
pub fn restore(file: &Path, folder: &Path, force: bool) -> Result<Restored> {
    let place = folder.join(FILE_NAME);
    let is_taken = place.exists();
    if is_taken && !force {
        let why = "holds a store already: --force puts the backup there and keeps what there was";
        return Err(in_the_way("folder", folder, why));
    }
    let source = open(file, true)?;
    let (_, schema) = named(&source).map_err(|_| foreign(file))?;
    match schema {
        0 => return Err(foreign(file)),
        found if found > migrations::NEWEST => {
            return Err(StoreError::SchemaTooNew { found, known: migrations::NEWEST });
        }
        _ => {}
    }
    sqlite::make_folder(folder).map_err(|why| failed(folder, &why))?;
    let unfinished = beside(&place, UNFINISHED);
    let copied = copy(&source, &unfinished)?;
    let replaced = if is_taken { Some(set_aside(&place)?) } else { None };
    // A log without its file would be taken for this one's.
    remove(&beside(&place, LOG))?;
    remove(&beside(&place, LOG_INDEX))?;
    rename(&unfinished, &place)?;
    sync_folder_of(&place)?;
    Ok(Restored { copied, replaced })
}

/// Copies what `source` shows at this instant, checks the copy and makes it durable.
fn copy(source: &Connection, to: &Path) -> Result<Copied> {
    for leftover in [to.to_owned(), beside(to, "-journal")] {
        remove(&leftover)?;
    }
    make_private(to).map_err(|why| failed(to, &why))?;
    // The first look at the file is what the whole transaction sees.
    sqlite::batch(source, "begin")?;
    let told = named(source)?;
    let mut target = open(to, true)?;
    let copying = rusqlite::backup::Backup::new(source, &mut target).map_err(|e| fault(&e))?;
    loop {
        match copying.step(PAGES_AT_ONCE).map_err(|e| fault(&e))? {
            StepResult::Done => break,
            StepResult::More => {}
            // The file is private to this copy, and the source is held by its transaction.
            _ => return Err(StoreError::Busy),
        }
    }
    drop(copying);
    sqlite::batch(source, "commit")?;
    // One file, with nothing beside it.
    target.pragma_update(None, "journal_mode", "delete").map_err(|e| fault(&e))?;
    let check = target.pragma_query_value(None, "integrity_check", |row| row.get::<_, String>(0));
    let is_whole = check.is_ok_and(|verdict| verdict == "ok");
    if !is_whole || named(&target)? != told {
        return Err(StoreError::Corrupt { what: "the copy, or what it is a copy of" });
    }
    let mut tx = Tx::begun(Engine::Sqlite(&target));
    let last_message = tx.row(sql!("backup/last_message"), &[], |row| row.int(0))?.unwrap_or(0);
    tx.leave();
    target.close().map_err(|(_, e)| fault(&e))?;
    let written = File::open(to).and_then(|file| file.sync_all().and_then(|()| file.metadata()));
    let size_bytes = written.map_err(|why| failed(to, &why))?.len();
    Ok(Copied { identity: told.0, schema: told.1, last_message, size_bytes })
}

/// Which store this is, and its schema.
fn named(connection: &Connection) -> Result<(Option<String>, i64)> {
    let mut tx = Tx::begun(Engine::Sqlite(connection));
    let schema = migrations::version(&mut tx)?;
    let identity = match schema {
        NAMED_SINCE.. => tx.row(sql!("schema/identity"), &[], |row| Ok(row.text(0)?.to_owned()))?,
        _ => None,
    };
    // The transaction, where there is one, is the caller's.
    tx.leave();
    Ok((identity, schema))
}

/// Opens a file that must be there.
fn open(file: &Path, alone: bool) -> Result<Connection> {
    if !file.is_file() {
        return Err(StoreError::NotFound { what: "file", key: file.display().to_string() });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(|e| fault(&e))?;
    connection.busy_timeout(BUSY_WAIT).map_err(|e| fault(&e))?;
    if !alone {
        connection.pragma_update(None, "query_only", true).map_err(|e| fault(&e))?;
    }
    Ok(connection)
}

/// Gives a store's file another name.
fn set_aside(place: &Path) -> Result<PathBuf> {
    let aside = beside(place, REPLACED);
    for old in [aside.clone(), beside(&aside, LOG), beside(&aside, LOG_INDEX)] {
        remove(&old)?;
    }
    // In one piece it takes one renaming. What is too damaged for that goes as it is.
    let emptied = open(place, true)
        .and_then(|old| old.pragma_update(None, "journal_mode", "delete").map_err(|e| fault(&e)));
    if emptied.is_err() {
        tracing::warn!("the log of the store that is replaced could not be emptied");
    }
    if beside(place, LOG).exists() {
        rename(&beside(place, LOG), &beside(&aside, LOG))?;
    }
    rename(place, &aside)?;
    sync_folder_of(place)?;
    Ok(aside)
}

/// A name made of another and an ending.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.to_owned().into_os_string();
    name.push(ending);
    name.into()
}

fn make_private(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => Err(failed(file, &why)),
        _ => Ok(()),
    }
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|why| failed(to, &why))
}

/// Makes the names in a file's folder durable.
fn sync_folder_of(file: &Path) -> Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    // Elsewhere a folder cannot be opened as a file.
    if cfg!(unix) {
        File::open(folder).and_then(|opened| opened.sync_all()).map_err(|w| failed(folder, &w))?;
    }
    Ok(())
}

fn failed(file: &Path, why: &io::Error) -> StoreError {
    StoreError::File { file: file.display().to_string(), why: why.to_string() }
}

fn in_the_way(what: &'static str, key: &Path, why: &'static str) -> StoreError {
    StoreError::Conflict { what, key: key.display().to_string(), why }
}

fn foreign(file: &Path) -> StoreError {
    in_the_way("file", file, "is no whole backup of a store of Baton's")
}

#[cfg(test)]
mod tests;

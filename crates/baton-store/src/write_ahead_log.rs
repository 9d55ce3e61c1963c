//! The write-ahead log of an embedded store, and how it gets into the file.
//!
//! Moving it takes tens of milliseconds: thousands of pages are written, and the disk is waited for. Whoever held the
//! writer meanwhile would keep everything waiting that comes in. So another thread moves what there is while the
//! writer goes on, and again what was added meanwhile. As long as somebody always writes, a log that is moved this
//! way has always grown again and never begins anew; what it has grown by is little, though, and the writer moves that
//! itself after its next commit.
//!
//! The thread lives for one such turn. It does nothing that a killed process could leave half done: moved pages are in
//! the log as well until SQLite begins it anew.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use crate::error::Result;
use crate::settings::Settings;
use crate::sqlite::{connect, fault};

/// How often in turn the thread moves what there is, as long as commits are added meanwhile. SQLite waits for the disk
/// only in a move that ends with nothing left, so that one such move spares the writer this wait.
const MOVES_BESIDE_MAX: usize = 4;

/// The log of one store.
#[derive(Debug)]
pub(crate) struct Log {
    database: PathBuf,
    file: PathBuf,
    settings: Settings,
    /// How long it was after the last commit.
    pages: Arc<AtomicI64>,
    /// The length at which it is moved next.
    pages_next: AtomicI64,
    /// The size above which it is emptied next, whoever waits.
    bytes_next: AtomicU64,
    mover: Mutex<Option<JoinHandle<()>>>,
}

impl Log {
    /// The log that this connection writes. SQLite leaves moving it to us from then on.
    pub(crate) fn of(
        writer: &mut Connection,
        database: &Path,
        settings: &Settings,
    ) -> Result<Self> {
        let pages = Arc::new(AtomicI64::new(0));
        let told = Arc::clone(&pages);
        let hook = move |_: &mut rusqlite::hooks::Wal, pages| {
            told.store(i64::from(pages), Ordering::Relaxed);
            Ok(())
        };
        writer.wal_hook(Some(hook)).map_err(|e| fault(&e))?;
        let mut file = database.to_owned().into_os_string();
        file.push("-wal");
        Ok(Self {
            database: database.to_owned(),
            file: file.into(),
            settings: settings.clone(),
            pages,
            pages_next: AtomicI64::new(settings.checkpoint_pages),
            bytes_next: AtomicU64::new(settings.log_bytes_max),
            mover: Mutex::default(),
        })
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        std::fs::metadata(&self.file).map_or(0, |entry| entry.len())
    }

    /// To be called by who holds the writer, after each commit.
    pub(crate) fn tend(&self, writer: &Connection) {
        self.shorten(writer);
        self.bound(writer);
    }

    fn shorten(&self, writer: &Connection) {
        let (pages, bound) = (self.pages.load(Ordering::Relaxed), self.settings.checkpoint_pages);
        if pages < bound {
            self.pages_next.store(bound, Ordering::Relaxed);
        }
        let mut mover = self.mover.lock().unwrap_or_else(PoisonError::into_inner);
        match mover.take() {
            Some(thread) if thread.is_finished() => {
                let _ = thread.join();
                move_pages(writer);
            }
            Some(thread) => *mover = Some(thread),
            None if pages >= self.pages_next.load(Ordering::Relaxed) => {
                // A long read may keep it from beginning anew: not tried again with each commit.
                self.pages_next.store(pages + bound / 2, Ordering::Relaxed);
                *mover = self.spawn();
                if mover.is_none() {
                    move_pages(writer);
                }
            }
            None => {}
        }
    }

    fn spawn(&self) -> Option<JoinHandle<()>> {
        let (database, settings) = (self.database.clone(), self.settings.clone());
        let pages = Arc::clone(&self.pages);
        let moving = move || match connect(&database, &settings, false) {
            Ok(connection) => {
                let mut moves = 1;
                while move_pages(&connection) < pages.load(Ordering::Relaxed)
                    && moves < MOVES_BESIDE_MAX
                {
                    moves += 1;
                }
            }
            Err(error) => tracing::warn!(%error, "the write-ahead log could not be moved"),
        };
        std::thread::Builder::new().name("baton-log".to_owned()).spawn(moving).ok()
    }

    /// Empties the log where it has outgrown its bound because readers held it open.
    ///
    /// This waits for readers. Where one does not end in time, it is tried again when the log has
    /// grown by half its bound once more, so that a long read does not slow every commit.
    fn bound(&self, writer: &Connection) {
        let size_bytes = self.size_bytes();
        let bound = self.settings.log_bytes_max;
        if size_bytes <= self.bytes_next.load(Ordering::Relaxed) {
            return;
        }
        let held = writer.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0));
        let next = if held == Ok(0) {
            bound
        } else {
            tracing::warn!(size_bytes, "a long read keeps the write-ahead log from being emptied");
            size_bytes + bound / 2
        };
        self.bytes_next.store(next, Ordering::Relaxed);
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let mover = self.mover.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = mover.take() {
            let _ = thread.join();
        }
    }
}

/// Moves what no reader holds, and returns how many pages of the log are in the file then. Whatever keeps it from that
/// keeps the log as it is, and nothing is lost.
fn move_pages(connection: &Connection) -> i64 {
    let moved = connection.query_row("pragma wal_checkpoint(passive)", [], |row| row.get(2));
    moved.unwrap_or_else(|error| {
        let error = fault(&error);
        tracing::warn!(%error, "the write-ahead log could not be moved");
        0
    })
}

//! The store itself: where the rows are, and how to run a transaction over them.

use std::path::Path;
use std::time::{Duration, Instant as Stopwatch};

use crate::counter::Blocks;
use crate::error::{Result, StoreError};
use crate::migrations;
use crate::postgres::Postgres;
use crate::settings::{Location, Settings};
use crate::sqlite::{self, Sqlite};
use crate::tx::{Engine, Tx};
use crate::watch::{Sizes, Watch};

/// How often a transaction is run that lost against another one (deadlock) before it is `Busy`.
const RUNS_MAX: u32 = 8;

/// A store. Share it between threads; every call blocks until it is done.
#[derive(Debug)]
pub struct Store {
    backend: Backend,
    watch: Watch,
    #[cfg(feature = "faults")]
    faults: Option<std::sync::Arc<dyn crate::faults::Faults>>,
}

#[derive(Debug)]
enum Backend {
    Sqlite(Box<Sqlite>),
    Postgres(Box<Server>),
}

/// A PostgreSQL server, and the numbers that this process has taken there.
#[derive(Debug)]
struct Server {
    postgres: Postgres,
    blocks: Blocks,
}

impl Store {
    /// Opens a store, making its folder and file where there is none. Migrates nothing: see
    /// [`Store::migrate`] and [`Store::check_schema`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where it cannot be reached, [`StoreError::Corrupt`] where the
    /// file is none of ours.
    pub fn open(location: &Location, settings: &Settings) -> Result<Self> {
        let backend = match location {
            Location::Folder(folder) => Backend::Sqlite(Box::new(Sqlite::open(folder, settings)?)),
            Location::Database(url) => Backend::Postgres(Box::new(Server {
                postgres: Postgres::open(url, settings)?,
                blocks: Blocks::default(),
            })),
        };
        Ok(Self {
            backend,
            watch: Watch::default(),
            #[cfg(feature = "faults")]
            faults: None,
        })
    }

    /// The same store, whose calls go wrong as it is said.
    #[cfg(feature = "faults")]
    #[must_use]
    pub fn with_faults(self, faults: std::sync::Arc<dyn crate::faults::Faults>) -> Self {
        Self { faults: Some(faults), ..self }
    }

    #[cfg(feature = "faults")]
    fn at(&self, moment: crate::faults::Moment) -> Result<()> {
        self.faults.as_ref().map_or(Ok(()), |faults| faults.at(moment))
    }

    /// The data folder, where it is one.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.backend {
            Backend::Sqlite(file) => file.folder(),
            Backend::Postgres(_) => None,
        }
    }

    /// Has somebody told how long each commit takes, the durable write alone. The first who asks is.
    pub fn on_commit(&self, told: impl Fn(Duration) + Send + Sync + 'static) {
        self.watch.by(Box::new(told));
    }

    /// The sizes of the files, where the store is in some.
    #[must_use]
    pub fn sizes(&self) -> Option<Sizes> {
        match &self.backend {
            Backend::Sqlite(file) => Some(file.sizes()),
            Backend::Postgres(_) => None,
        }
    }

    /// Runs `work` on a consistent view of what is committed.
    ///
    /// # Errors
    /// What `work` returns, or what the engine does.
    pub fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        #[cfg(feature = "faults")]
        self.at(crate::faults::Moment::Read)?;
        match &self.backend {
            Backend::Sqlite(file) => {
                let connection = file.reader()?;
                sqlite::batch(&connection, "begin")?;
                let mut tx = Tx::begun(Engine::Sqlite(&connection));
                let outcome = work(&mut tx)?;
                tx.commit()?;
                Ok(outcome)
            }
            Backend::Postgres(server) => on_server(server, None, work),
        }
    }

    /// Runs `look` while nobody writes, on all that was committed; `None` where the store has more than one
    /// writer. Whatever a transaction stamped by the clock before `look` reads it, is seen by `look`.
    ///
    /// What `look` writes is taken back.
    ///
    /// # Errors
    /// What `look` returns, or what the engine does.
    pub fn between_writes<T>(
        &self,
        look: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let Backend::Sqlite(file) = &self.backend else { return Ok(None) };
        #[cfg(feature = "faults")]
        self.at(crate::faults::Moment::Read)?;
        let connection = file.writer();
        sqlite::batch(&connection, "begin immediate")?;
        look(&mut Tx::begun(Engine::Sqlite(&connection))).map(Some)
    }

    /// Runs `work` and commits what it wrote; durable when this returns. An error of `work` rolls
    /// everything back.
    ///
    /// `work` is run again where PostgreSQL made it the loser of a deadlock, so it must not count
    /// on being called once.
    ///
    /// # Errors
    /// What `work` returns, or what the engine does.
    #[cfg(not(feature = "faults"))]
    pub fn write<T>(&self, work: impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.commit(work)
    }

    /// As without the feature, with faults where they are wanted.
    ///
    /// # Errors
    /// As there.
    #[cfg(feature = "faults")]
    pub fn write<T>(&self, mut work: impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        use crate::faults::Moment;
        self.at(Moment::Write)?;
        let done = self.commit(|tx| {
            let done = work(tx)?;
            self.at(Moment::BeforeCommit)?;
            Ok(done)
        })?;
        self.at(Moment::AfterCommit)?;
        Ok(done)
    }

    fn commit<T>(&self, mut work: impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        match &self.backend {
            Backend::Sqlite(file) => {
                let connection = file.writer();
                // Taking the write lock at once means that nothing fails half-way for want of it.
                sqlite::batch(&connection, "begin immediate")?;
                let mut tx = Tx::begun(Engine::Sqlite(&connection));
                let outcome = work(&mut tx)?;
                let began = Stopwatch::now();
                tx.commit()?;
                self.watch.committed(began.elapsed());
                file.tend(&connection);
                Ok(outcome)
            }
            Backend::Postgres(server) => {
                let mut runs = 1;
                loop {
                    match on_server(server, Some(&self.watch), &mut work) {
                        Err(error) if error.may_run_again() && runs < RUNS_MAX => runs += 1,
                        outcome => return outcome,
                    }
                }
            }
        }
    }

    /// Brings the tables to the newest version; does nothing where they are. Returns the versions
    /// before and after.
    ///
    /// # Errors
    /// [`StoreError::SchemaTooNew`] where a newer program made the tables.
    pub fn migrate(&self) -> Result<(i64, i64)> {
        self.write(migrations::migrate)
    }

    /// Checks that the tables are of the version that this program works with.
    ///
    /// # Errors
    /// [`StoreError::NotMigrated`] or [`StoreError::SchemaTooNew`].
    pub fn check_schema(&self) -> Result<()> {
        let (found, known) = (self.read(migrations::version)?, migrations::NEWEST);
        match found.cmp(&known) {
            std::cmp::Ordering::Less => Err(StoreError::NotMigrated { found, known }),
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Greater => Err(StoreError::SchemaTooNew { found, known }),
        }
    }
}

/// Runs one transaction on a server. A connection that was cut while idle is replaced; one that is
/// cut later is an error, since the commit may have happened.
fn on_server<T>(
    server: &Server,
    writes: Option<&Watch>,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    let begin = match writes {
        Some(_) => "begin",
        None => "begin isolation level repeatable read read only",
    };
    let Server { postgres: server, blocks } = server;
    let mut session = server.session()?;
    if let Err(error) = session.batch(begin) {
        if !matches!(error, StoreError::Unavailable { .. }) {
            return Err(error);
        }
        drop(session);
        server.forget_idle();
        session = server.session()?;
        session.batch(begin)?;
    }
    let mut tx = Tx::begun(Engine::Postgres { session: &mut session, server, blocks });
    let outcome = work(&mut tx)?;
    let began = Stopwatch::now();
    tx.commit()?;
    if let Some(watch) = writes {
        watch.committed(began.elapsed());
    }
    Ok(outcome)
}

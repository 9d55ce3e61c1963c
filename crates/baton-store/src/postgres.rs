//! The server engine: a pool of connections to PostgreSQL 15 or newer, with prepared statements
//! kept by each connection.
//!
//! The driver is synchronous and waits inside; call the store from threads that may block.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::BytesMut;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{IsNull, ToSql, Type};
use postgres::{Client, Config, NoTls, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{Result, StoreError};
use crate::pool::{Pool, Taken};
use crate::settings::Settings;
use crate::sql::{Param, Row, Sql};
use crate::tls;

const CONNECT_WAIT_MAX: Duration = Duration::from_secs(10);
const STATEMENTS_CACHED_MAX: usize = 512;

/// One connection with its prepared statements.
pub(crate) struct Session {
    client: Client,
    statements: HashMap<String, Statement>,
}

pub(crate) struct Postgres {
    config: Config,
    /// `None` where nothing is encrypted.
    encryption: Option<MakeRustlsConnect>,
    sessions: Pool<Session>,
    /// Numbers are taken on a connection of their own, so that they hold no locks of a transaction.
    counting: Mutex<Option<Session>>,
}

impl Postgres {
    pub(crate) fn open(url: &str, settings: &Settings) -> Result<Self> {
        let (url, encryption) = tls::of(url)?;
        let mut config: Config = url.parse().map_err(|_| StoreError::Unavailable {
            reason: "the address is not like postgres://user:password@host:port/database".into(),
        })?;
        config.connect_timeout(CONNECT_WAIT_MAX);
        if config.get_application_name().is_none() {
            config.application_name("baton");
        }
        let lock_wait_ms = settings.busy_wait_max.as_millis();
        let given = config.get_options().unwrap_or_default().to_owned();
        config.options(&format!("{given} -c lock_timeout={lock_wait_ms} -c synchronous_commit=on"));
        let sessions = Pool::new(settings.connections_max, settings.busy_wait_max);
        let postgres = Self { config, encryption, sessions, counting: Mutex::new(None) };
        drop(postgres.session()?);
        Ok(postgres)
    }
    pub(crate) fn session(&self) -> Result<Taken<'_, Session>> {
        self.sessions.take(|session| !session.client.is_closed(), || self.connect())
    }
    /// Drops idle connections: after one was found cut, the others most likely are too.
    pub(crate) fn forget_idle(&self) {
        self.sessions.clear();
    }
    /// Runs `work` on the connection that numbers are taken on.
    pub(crate) fn counting<T>(&self, work: impl FnOnce(&mut Session) -> Result<T>) -> Result<T> {
        let mut slot = self.counting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut session = match slot.take() {
            Some(session) if !session.client.is_closed() => session,
            _ => self.connect()?,
        };
        let outcome = work(&mut session)?;
        *slot = Some(session);
        Ok(outcome)
    }
    fn connect(&self) -> Result<Session> {
        let client = match &self.encryption {
            None => self.config.connect(NoTls),
            Some(encryption) => self.config.connect(encryption.clone()),
        };
        let client = client.map_err(|e| tls::refusal(&e).unwrap_or_else(|| fault(&e)))?;
        Ok(Session { client, statements: HashMap::new() })
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres").field("sessions", &self.sessions).finish_non_exhaustive()
    }
}

impl Session {
    pub(crate) fn batch(&mut self, text: &str) -> Result<()> {
        self.client.batch_execute(text).map_err(|e| fault(&e))
    }
    pub(crate) fn execute(&mut self, sql: &Sql, values: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        let statement = self.prepared(sql.for_postgres())?;
        self.client.execute(&statement, values).map_err(|e| fault(&e))
    }
    pub(crate) fn query(
        &mut self,
        sql: &Sql,
        values: &[&(dyn ToSql + Sync)],
        mut each: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let statement = self.prepared(sql.for_postgres())?;
        let values = values.iter().map(|value| *value as &dyn ToSql);
        let mut rows = self
            .client
            .query_raw::<_, &dyn ToSql, _>(&statement, values.collect::<Vec<_>>())
            .map_err(|e| fault(&e))?;
        while let Some(row) = rows.next().map_err(|e| fault(&e))? {
            each(&Row::Postgres(&row))?;
        }
        Ok(())
    }
    fn prepared(&mut self, text: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(text) {
            return Ok(statement.clone());
        }
        if self.statements.len() >= STATEMENTS_CACHED_MAX {
            self.statements.clear();
        }
        let statement = self.client.prepare(text).map_err(|e| fault(&e))?;
        self.statements.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn Error + Sync + Send>> {
        match *self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) => value.to_sql(kind, out),
            // PostgreSQL's text cannot hold NUL; SQLite's can.
            Self::Text(value) if value.contains('\0') => {
                value.replace('\0', "\u{fffd}").to_sql(kind, out)
            }
            Self::Text(value) => value.to_sql(kind, out),
            Self::Bytes(value) => value.to_sql(kind, out),
        }
    }
    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::TEXT | Type::BYTEA)
    }
    fn to_sql_checked(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn Error + Sync + Send>> {
        let fits = match self {
            Self::Null => true,
            Self::Int(_) => *kind == Type::INT8,
            Self::Text(_) => *kind == Type::TEXT,
            Self::Bytes(_) => *kind == Type::BYTEA,
        };
        if fits { self.to_sql(kind, out) } else { Err("a parameter of the wrong type".into()) }
    }
}

fn fault(error: &postgres::Error) -> StoreError {
    let code = error.code().map(|state| state.code().to_owned());
    match code.as_deref() {
        Some("40001" | "40P01" | "55P03") => StoreError::Busy,
        Some("53100" | "53200") => StoreError::Full,
        Some("XX001" | "XX002") => StoreError::Corrupt { what: "its database" },
        Some(code)
            if code.starts_with("08")
                || code.starts_with("57P")
                || code.starts_with("28")
                || code == "3D000"
                || code == "53300" =>
        {
            StoreError::Unavailable { reason: format!("PostgreSQL code {code}") }
        }
        Some(code) => {
            tracing::error!(code, "PostgreSQL refused a statement");
            StoreError::Refused { code: code.to_owned() }
        }
        None if error.is_closed()
            || error.source().is_some_and(<dyn Error>::is::<std::io::Error>) =>
        {
            StoreError::Unavailable { reason: "the connection was cut or refused".into() }
        }
        None => {
            tracing::error!("the PostgreSQL driver could not run a statement");
            StoreError::Refused { code: "driver".into() }
        }
    }
}

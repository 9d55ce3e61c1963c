//! A transaction on either engine: the one place where they are told apart.
//!
//! Queries are written against [`Tx`]: `execute` and `query` run a statement once, `bulk` and
//! `bulk_query` run it for many rows of parameters: a prepared statement a row in SQLite, one
//! statement over `unnest` arrays in PostgreSQL.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use baton_core::partner::SourceKey;
use postgres::types::ToSql;
use rusqlite::Connection;

use crate::counter::{Blocks, Counter};
use crate::error::{Result, StoreError};
use crate::postgres::{Postgres, Session};
use crate::sql::{Param, Row, Sql, sql};
use crate::sqlite;

pub(crate) enum Engine<'s> {
    Sqlite(&'s Connection),
    Postgres { session: &'s mut Session, server: &'s Postgres, blocks: &'s Blocks },
}

/// An open transaction. Every query function takes one, and a scope.
pub struct Tx<'s> {
    engine: Engine<'s>,
    open: bool,
    /// Sources met in this transaction, so that facts carry keys outside and numbers inside.
    pub(crate) source_numbers: HashMap<(i64, SourceKey), i64>,
    pub(crate) source_keys: HashMap<(i64, i64), SourceKey>,
}

impl<'s> Tx<'s> {
    /// A transaction that the engine has begun already.
    pub(crate) fn begun(engine: Engine<'s>) -> Self {
        Self { engine, open: true, source_numbers: HashMap::new(), source_keys: HashMap::new() }
    }

    pub(crate) fn commit(mut self) -> Result<()> {
        self.batch("commit")?;
        self.open = false;
        Ok(())
    }

    /// Leaves the transaction, where there is one, to whoever began it.
    pub(crate) fn leave(mut self) {
        self.open = false;
    }

    /// Runs statements without parameters.
    pub(crate) fn batch(&mut self, text: &str) -> Result<()> {
        match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::batch(connection, text),
            Engine::Postgres { session, .. } => session.batch(text),
        }
    }

    /// Which of two this engine needs.
    pub(crate) fn by_engine<T>(&self, sqlite: T, postgres: T) -> T {
        match self.engine {
            Engine::Sqlite(_) => sqlite,
            Engine::Postgres { .. } => postgres,
        }
    }

    /// Whether nobody else can write while this transaction does, so that no row needs a lock.
    pub(crate) fn is_only_writer(&self) -> bool {
        self.by_engine(true, false)
    }

    /// Runs a statement; returns how many rows it touched.
    pub(crate) fn execute<const N: usize>(
        &mut self,
        sql: &Sql,
        values: [Param<'_>; N],
    ) -> Result<u64> {
        match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::execute(connection, sql, [values]),
            Engine::Postgres { session, .. } => {
                session.execute(sql, &values.each_ref().map(|value| value as &(dyn ToSql + Sync)))
            }
        }
    }

    /// Runs a query and hands each row to `each`.
    pub(crate) fn query(
        &mut self,
        sql: &Sql,
        values: &[Param<'_>],
        each: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::query(connection, sql, [values], each),
            Engine::Postgres { session, .. } => {
                let values: Vec<_> = values.iter().map(|v| v as &(dyn ToSql + Sync)).collect();
                session.query(sql, &values, each)
            }
        }
    }

    /// Runs a query and gathers what `read` makes of its rows.
    pub(crate) fn rows<T>(
        &mut self,
        sql: &Sql,
        values: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.query(sql, values, |row| {
            found.push(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Runs a query for its first row.
    pub(crate) fn row<T>(
        &mut self,
        sql: &Sql,
        values: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut found = None;
        self.query(sql, values, |row| {
            if found.is_none() {
                found = Some(read(row)?);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Runs a statement for many rows; returns how many rows it touched.
    ///
    /// A statement that updates on conflict must not be given the same key twice.
    pub(crate) fn bulk<'a, const N: usize>(
        &mut self,
        sql: &Sql,
        rows: impl IntoIterator<Item = [Param<'a>; N]>,
    ) -> Result<u64> {
        match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::execute(connection, sql, rows),
            Engine::Postgres { session, .. } => {
                let columns = columns(rows);
                if columns.first().is_none_or(Vec::is_empty) {
                    return Ok(0);
                }
                session.execute(sql, &columns.each_ref().map(|c| c as &(dyn ToSql + Sync)))
            }
        }
    }

    /// As [`Tx::bulk`], for rows whose width is known only when it runs.
    pub(crate) fn bulk_rows(
        &mut self,
        sql: &Sql,
        width: usize,
        rows: &[Vec<Param<'_>>],
    ) -> Result<u64> {
        match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::execute(connection, sql, rows),
            Engine::Postgres { session, .. } => {
                let column = |at| rows.iter().map(|row| row.get(at).copied()).collect();
                let columns: Option<Vec<Vec<Param<'_>>>> = (0..width).map(column).collect();
                let columns = columns.ok_or_else(|| StoreError::Refused {
                    code: "a row that is too short".into(),
                })?;
                let values: Vec<_> = columns.iter().map(|c| c as &(dyn ToSql + Sync)).collect();
                session.execute(sql, &values)
            }
        }
    }

    /// Runs a statement for many rows, each with a number; returns the numbers of those that touched
    /// something. PostgreSQL's statement has to return them.
    pub(crate) fn bulk_touched<'a, const N: usize>(
        &mut self,
        sql: &Sql,
        rows: impl IntoIterator<Item = (i64, [Param<'a>; N])>,
    ) -> Result<Vec<i64>> {
        if let Engine::Sqlite(connection) = &self.engine {
            return sqlite::touched(connection, sql, rows);
        }
        let mut touched = Vec::new();
        self.bulk_query(sql, rows.into_iter().map(|(_, row)| row), |row| {
            touched.push(row.int(0)?);
            Ok(())
        })?;
        Ok(touched)
    }

    /// Runs a query for many rows of parameters and hands each row that is found to `each`.
    pub(crate) fn bulk_query<'a, const N: usize>(
        &mut self,
        sql: &Sql,
        rows: impl IntoIterator<Item = [Param<'a>; N]>,
        each: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::query(connection, sql, rows, each),
            Engine::Postgres { session, .. } => {
                let columns = columns(rows);
                if columns.first().is_none_or(Vec::is_empty) {
                    return Ok(());
                }
                let values = columns.each_ref().map(|c| c as &(dyn ToSql + Sync));
                session.query(sql, &values, each)
            }
        }
    }

    /// Takes `count` fresh numbers of a tenant.
    pub(crate) fn numbers(
        &mut self,
        tenant: i64,
        counter: Counter,
        count: usize,
    ) -> Result<Range<i64>> {
        if count == 0 {
            return Ok(0..0);
        }
        match &mut self.engine {
            Engine::Postgres { server, blocks, .. } if counter.may_have_gaps() => {
                blocks.take(server, counter.owner(tenant), counter, count)
            }
            Engine::Sqlite(_) | Engine::Postgres { .. } => {
                self.count_up(counter.owner(tenant), counter, count)
            }
        }
    }

    fn count_up(&mut self, owner: i64, counter: Counter, count: usize) -> Result<Range<i64>> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let values = [Param::Int(owner), Param::Text(counter.name()), Param::Int(count)];
        let mut last = 0;
        self.query(sql!("counter/take"), &values, |row| {
            last = row.int(0)?;
            Ok(())
        })?;
        Ok(last - count + 1..last + 1)
    }
}

fn columns<'a, const N: usize>(
    rows: impl IntoIterator<Item = [Param<'a>; N]>,
) -> [Vec<Param<'a>>; N] {
    let mut columns = [const { Vec::new() }; N];
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    columns
}

impl Drop for Tx<'_> {
    fn drop(&mut self) {
        if self.open && self.batch("rollback").is_err() {
            tracing::debug!("a transaction could not be rolled back, its connection is gone");
        }
    }
}

impl fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx").field("open", &self.open).finish_non_exhaustive()
    }
}

//! Statements: text from `sql/`, one for both engines or a pair where their dialects differ, and
//! the values that go in and out of them.
//!
//! Parameters are written `$1`, as PostgreSQL wants them, and become `?1` for SQLite.

use std::borrow::Cow;
use std::sync::OnceLock;

use baton_core::time::Instant;

use crate::error::{Result, StoreError};

/// A statement. Both engines cache its prepared form by its text.
#[derive(Debug)]
pub(crate) struct Sql {
    sqlite: Cow<'static, str>,
    postgres: Cow<'static, str>,
    numbered: OnceLock<String>,
}

impl Sql {
    pub(crate) const fn both(text: &'static str) -> Self {
        Self::pair(text, text)
    }
    pub(crate) const fn pair(sqlite: &'static str, postgres: &'static str) -> Self {
        Self {
            sqlite: Cow::Borrowed(sqlite),
            postgres: Cow::Borrowed(postgres),
            numbered: OnceLock::new(),
        }
    }
    /// A statement put together from parts, for lists with filters.
    pub(crate) fn assembled(text: String) -> Self {
        Self {
            sqlite: Cow::Owned(text.clone()),
            postgres: Cow::Owned(text),
            numbered: OnceLock::new(),
        }
    }
    pub(crate) fn for_sqlite(&self) -> &str {
        // No statement holds a `$` in a text literal; a test prepares every one of them.
        self.numbered.get_or_init(|| self.sqlite.replace('$', "?"))
    }
    pub(crate) fn for_postgres(&self) -> &str {
        &self.postgres
    }
}

/// The statement `sql/<path>.sql`, the same for both engines.
macro_rules! sql {
    ($path:literal) => {{
        static STATEMENT: $crate::sql::Sql = $crate::sql::Sql::both(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/sql/",
            $path,
            ".sql"
        )));
        &STATEMENT
    }};
}
/// The pair `sql/<path>.sqlite.sql` and `sql/<path>.postgres.sql`.
macro_rules! sql_pair {
    ($path:literal) => {{
        static STATEMENT: $crate::sql::Sql = $crate::sql::Sql::pair(
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $path, ".sqlite.sql")),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $path, ".postgres.sql")),
        );
        &STATEMENT
    }};
}
pub(crate) use {sql, sql_pair};

/// A value for a statement.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Param<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<Instant> for Param<'_> {
    fn from(at: Instant) -> Self {
        Self::Int(at.micros())
    }
}
impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}
impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}
impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(value)
    }
}
impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// An array of parameters from values of different types.
macro_rules! params {
    ($($value:expr),* $(,)?) => { [$($crate::sql::Param::from($value)),*] };
}
pub(crate) use params;

/// A row of a result, by column number. A column of another type than expected is corruption.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

const UNREADABLE: StoreError = StoreError::Corrupt { what: "a column" };

impl Row<'_> {
    pub(crate) fn int(&self, column: usize) -> Result<i64> {
        self.int_or_null(column)?.ok_or(UNREADABLE)
    }
    pub(crate) fn int_or_null(&self, column: usize) -> Result<Option<i64>> {
        match self {
            Self::Sqlite(row) => {
                row.get_ref(column).ok().and_then(|v| v.as_i64_or_null().ok()).ok_or(UNREADABLE)
            }
            Self::Postgres(row) => row.try_get(column).map_err(|_| UNREADABLE),
        }
    }
    pub(crate) fn instant(&self, column: usize) -> Result<Instant> {
        self.int(column).map(Instant::from_micros)
    }
    pub(crate) fn instant_or_null(&self, column: usize) -> Result<Option<Instant>> {
        Ok(self.int_or_null(column)?.map(Instant::from_micros))
    }
    pub(crate) fn text(&self, column: usize) -> Result<&str> {
        self.text_or_null(column)?.ok_or(UNREADABLE)
    }
    pub(crate) fn text_or_null(&self, column: usize) -> Result<Option<&str>> {
        match self {
            Self::Sqlite(row) => {
                row.get_ref(column).ok().and_then(|v| v.as_str_or_null().ok()).ok_or(UNREADABLE)
            }
            Self::Postgres(row) => row.try_get(column).map_err(|_| UNREADABLE),
        }
    }
    pub(crate) fn bytes(&self, column: usize) -> Result<&[u8]> {
        match self {
            Self::Sqlite(row) => {
                row.get_ref(column).ok().and_then(|v| v.as_blob().ok()).ok_or(UNREADABLE)
            }
            Self::Postgres(row) => row.try_get(column).map_err(|_| UNREADABLE),
        }
    }
    /// A text column that holds a word or id of the core.
    pub(crate) fn parsed<T: std::str::FromStr>(
        &self,
        column: usize,
        what: &'static str,
    ) -> Result<T> {
        self.text(column)?.parse().map_err(|_| StoreError::Corrupt { what })
    }
}

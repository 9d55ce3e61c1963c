//! Pages of lists: how many entries, and where the next page begins.

use baton_core::wording::Wording;
use schemars::JsonSchema;
use serde::Serialize;

use super::errors::ErrorCode;
use super::limits::{PAGE_DEFAULT, PAGE_MAX};
use super::problem::Problem;

/// A page.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// Pass it on as `cursor` for the next page; null on the last.
    pub(super) next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// All there is, on one page.
    pub(super) const fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
    /// A page of at most `limit` out of rows that were asked for with one more.
    pub(super) fn cut<R>(
        mut rows: Vec<R>,
        limit: usize,
        cursor: impl Fn(&R) -> String,
        show: impl FnMut(R) -> T,
    ) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = if more { rows.last().map(cursor) } else { None };
        Self { items: rows.into_iter().map(show).collect(), next_cursor }
    }
}

/// How many entries are wanted.
pub(super) fn limit(wanted: Option<usize>) -> Result<usize, Problem> {
    match wanted {
        None => Ok(PAGE_DEFAULT),
        Some(wanted @ 1..=PAGE_MAX) => Ok(wanted),
        Some(other) => {
            let why = format!("limit: {other} is not from 1 to {PAGE_MAX}");
            let wording = Wording::new("from_to").with("field", "limit").with("least", 1);
            let wording = wording.with("most", PAGE_MAX);
            Err(Problem::of(ErrorCode::QueryWrong, why).said(wording))
        }
    }
}

/// Reads a cursor.
pub(super) fn cursor<T>(
    text: Option<&str>,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    text.map(|text| read(text).ok_or_else(Problem::cursor)).transpose()
}

/// Reads one value of a query whose type has no reader of its own there.
pub(super) fn value<T: std::str::FromStr>(
    name: &str,
    text: Option<&str>,
) -> Result<Option<T>, Problem>
where
    T::Err: std::fmt::Display,
{
    let read = |text: &str| {
        text.parse().map_err(|why| {
            let wording = Wording::new("value_wrong").with("field", name).with("found", text);
            Problem::of(ErrorCode::QueryWrong, format_args!("{name}: {why}")).said(wording)
        })
    };
    text.map(read).transpose()
}

//! Reading lines one after the other, and saying of one that is not right where it is and what should
//! have been there.

use std::collections::HashMap;
use std::io::{BufRead, Read as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_core::id::MessageNo;
use baton_core::partner::SourceKey;
use baton_core::time::Instant;
use serde_json::{Map, Value};

use super::facts_line::Facts;
use super::tables::{Kind, Table};
use crate::body::PackedBody;
use crate::clusters::ClusterNo;
use crate::error::{Result, StoreError};
use crate::facts;
use crate::sql::Param;

/// Longest line that is read, in bytes: more than the longest body of a message comes to.
const LINE_BYTES_MAX: u64 = 128 << 20;

/// What was found, and what was expected.
type Wrong = (String, String);

/// A value on its way into a table.
#[derive(Debug)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Cell {
    pub(super) fn param(&self) -> Param<'_> {
        match self {
            Self::Null => Param::Null,
            Self::Int(value) => Param::Int(*value),
            Self::Text(text) => Param::Text(text),
            Self::Bytes(bytes) => Param::Bytes(bytes),
        }
    }
    /// About how much memory it takes.
    pub(super) fn size_bytes(&self) -> usize {
        match self {
            Self::Null | Self::Int(_) => size_of::<Self>(),
            Self::Text(text) => size_of::<Self>() + text.len(),
            Self::Bytes(bytes) => size_of::<Self>() + bytes.len(),
        }
    }
}

/// The lines of a file.
pub(super) struct Lines<R> {
    reader: R,
    /// The number of the current line, from 1.
    pub(super) number: u64,
    /// Of all lines before the current one.
    hasher: blake3::Hasher,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, number: 0, hasher: blake3::Hasher::new(), line: Vec::new() }
    }

    /// The next line, without its end; `expected` says what it should be.
    pub(super) fn next(&mut self, expected: impl FnOnce() -> String) -> Result<&[u8]> {
        self.advance()?;
        match self.line.strip_suffix(b"\n") {
            // Borrowed twice, which the compiler does not see to be the same.
            Some(_) => Ok(self.line.get(..self.line.len() - 1).unwrap_or_default()),
            None if self.line.is_empty() => Err(self.wrong("the end of the file", expected())),
            None if self.line.len() as u64 >= LINE_BYTES_MAX => {
                let expected = format!("one of at most {LINE_BYTES_MAX} bytes");
                Err(self.wrong("a line that does not end", expected))
            }
            None => Err(self.wrong("a line that is cut off", expected())),
        }
    }

    /// Nothing may follow.
    pub(super) fn finish(&mut self) -> Result<()> {
        self.advance()?;
        if self.line.is_empty() {
            return Ok(());
        }
        Err(self.wrong("more", "the end of the file".to_owned()))
    }

    /// What everything before the current line hashes to.
    pub(super) fn digest(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }

    fn advance(&mut self) -> Result<()> {
        self.hasher.update(&self.line);
        self.line.clear();
        self.number += 1;
        let read = (&mut self.reader).take(LINE_BYTES_MAX).read_until(b'\n', &mut self.line);
        read.map(drop).map_err(|why| StoreError::File {
            file: format!("line {}", self.number),
            why: why.to_string(),
        })
    }

    pub(super) fn wrong(&self, found: impl Into<String>, expected: String) -> StoreError {
        StoreError::Line { line: self.number, found: found.into(), expected }
    }
}

/// The values of a line as its table keeps them, in the order of its statement's columns.
pub(super) fn row(
    table: &Table,
    line: &[u8],
    sources: &HashMap<i64, SourceKey>,
) -> Result<Vec<Cell>, Wrong> {
    let line: Value = serde_json::from_slice(line)
        .map_err(|why| (format!("what is no JSON ({why})"), table.line()))?;
    let fields = fields(table, line)?;
    let mut cells: Vec<Cell> = Vec::with_capacity(table.width());
    for column in table.columns {
        let value = fields.get(column.name).unwrap_or(&Value::Null);
        let said = |sort: &str| {
            let found = serde_json::to_string(value).unwrap_or_default();
            let shown: String = found.chars().take(40).collect();
            (format!("`{}` with the value {shown}", column.name), sort.to_owned())
        };
        match (column.kind, value) {
            (Kind::IntOrNull | Kind::TextOrNull, Value::Null) => cells.push(Cell::Null),
            (Kind::Int | Kind::IntOrNull, value) => {
                cells.push(Cell::Int(value.as_i64().ok_or_else(|| said("a whole number"))?));
            }
            (Kind::Text | Kind::TextOrNull, Value::String(text)) => {
                cells.push(Cell::Text(text.clone()));
            }
            (Kind::Bytes, Value::String(text)) => {
                cells.push(Cell::Bytes(decoded(text).ok_or_else(|| said("bytes in base64"))?));
            }
            (Kind::Body, Value::String(text)) => {
                let body = decoded(text).ok_or_else(|| said("bytes in base64"))?;
                cells.extend(body_cells(table, &cells, body)?);
            }
            (Kind::Facts, value) => cells.push(facts_cell(table, &cells, value, sources)?),
            _ => return Err(said("a text")),
        }
    }
    Ok(cells)
}

/// What a line says of its table, which has all of the columns and no other.
fn fields(table: &Table, line: Value) -> Result<Map<String, Value>, Wrong> {
    let expected = || table.line();
    let Value::Object(mut line) = line else { return Err(("no object".into(), expected())) };
    let first = line.keys().next().map_or_else(String::new, |name| format!("a line `{name}`"));
    let Some(Value::Object(fields)) = line.remove(table.name).filter(|_| line.is_empty()) else {
        return Err((first, expected()));
    };
    let unknown = fields.keys().find(|name| table.columns.iter().all(|c| c.name != name.as_str()));
    if let Some(name) = unknown {
        return Err((format!("`{name}`"), format!("what `{}` has", table.name)));
    }
    match table.columns.iter().find(|column| !fields.contains_key(column.name)) {
        Some(column) => {
            Err((format!("`{}` without `{}`", table.name, column.name), "all that it has".into()))
        }
        None => Ok(fields),
    }
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// How the body is squeezed, and the body so squeezed; it must be the one that the line says it is.
fn body_cells(table: &Table, before: &[Cell], body: Vec<u8>) -> Result<[Cell; 2], Wrong> {
    let packed = PackedBody::new(body);
    let hash = matches!(before.get(table.place("hash")), Some(Cell::Bytes(h)) if *h == packed.hash);
    let size = int(table, before, "size").and_then(|size| usize::try_from(size).ok());
    if !hash || size != Some(packed.size_bytes) {
        let found = format!("a body of {} bytes", packed.size_bytes);
        let expected = "the one that `hash` and `size` are of".to_owned();
        return Err((found, expected));
    }
    Ok([Cell::Int(packed.encoding), Cell::Bytes(packed.bytes)])
}

fn facts_cell(
    table: &Table,
    before: &[Cell],
    value: &Value,
    sources: &HashMap<i64, SourceKey>,
) -> Result<Cell, Wrong> {
    let facts = serde_json::from_value::<Facts<'static>>(value.clone())
        .map_err(|why| (format!("facts that cannot be read ({why})"), "facts".to_owned()))?;
    let number = |name| int(table, before, name).unwrap_or_default();
    let source = sources.get(&number("source")).ok_or_else(|| {
        (format!("the source {}", number("source")), "one of the lines `source`".to_owned())
    })?;
    let recorded_at = Instant::from_micros(number("recorded_at"));
    let kept = facts.kept(source, MessageNo(number("message")), recorded_at)?;
    let content = facts::packed(ClusterNo(number("cluster")), &kept);
    match content {
        Ok(Some(content)) if !kept.is_empty() => Ok(Cell::Bytes(content)),
        _ => Err((format!("{} facts", kept.len()), "as many as a row takes".to_owned())),
    }
}

fn int(table: &Table, cells: &[Cell], name: &str) -> Option<i64> {
    match cells.get(table.place(name)) {
        Some(Cell::Int(value)) => Some(*value),
        _ => None,
    }
}

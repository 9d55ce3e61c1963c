//! Reading a tenant back, in one transaction: it is there whole, or not at all.

use std::collections::HashMap;
use std::io::BufRead;

use baton_core::partner::SourceKey;

use super::lines::{Cell, Lines, row};
use super::tables::{TABLES, Table};
use super::{EndLine, FORM, Head};
use crate::audit::{self, NewLine};
use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::migrations::NEWEST;
use crate::scope::Scope;
use crate::sql::{Param, params, sql};
use crate::store::Store;
use crate::tx::Tx;

/// Rows that go into the store by one statement, and about how many bytes of them.
const ROWS_AT_ONCE: usize = 500;
const BYTES_AT_ONCE: usize = 4 << 20;

/// Reads a tenant from the lines that [`super::export`] wrote, under the key that it had or another.
/// `line` tells of it, about the key that the tenant has from now on, in the operator's record: the tenant's
/// own is as it was, with the same hashes.
/// `open` is called again where the transaction has to be run again. Returns the first line.
///
/// A running engine takes the tenant up when it starts next.
///
/// # Errors
/// [`StoreError::Line`] with what is wrong, [`StoreError::Conflict`] where the key or a number is
/// taken; then, as on any error, nothing was changed.
pub fn import<R: BufRead>(
    store: &Store,
    key: Option<&str>,
    line: Option<&NewLine>,
    mut open: impl FnMut() -> std::io::Result<R>,
) -> Result<Head> {
    store.write(|tx| {
        let reader = open().map_err(|why| StoreError::File {
            file: "the export".to_owned(),
            why: why.to_string(),
        })?;
        let mut lines = Lines::new(reader);
        let head = head(&mut lines)?;
        let tenant = make(tx, &head, key)?;
        let mut import = Import { tenant, sources: HashMap::new(), last_message: 0 };
        for table in TABLES {
            import.table(tx, table, &head, &mut lines)?;
        }
        end(&mut lines)?;
        tx.execute(sql!("whole/count_messages_up_to"), params![import.last_message])?;
        if let Some(line) = line {
            let subject = key.unwrap_or(&head.tenant.key).to_owned();
            let line = NewLine { subject, ..line.clone() };
            audit::append(tx, &Scope::operator(), &line)?;
        }
        Ok(head)
    })
}

fn head<R: BufRead>(lines: &mut Lines<R>) -> Result<Head> {
    let expected = || format!("the first line of an export of form {FORM}");
    let line = lines.next(expected)?;
    let form = serde_json::from_slice::<serde_json::Value>(line)
        .ok()
        .and_then(|line| line.get("baton_tenant")?.as_u64());
    let read = serde_json::from_slice::<Head>(line);
    match (form, read) {
        (Some(form), Ok(head)) if form == u64::from(FORM) && head.schema != NEWEST => {
            Err(lines.wrong(format!("an export of schema {}", head.schema), of_this_schema()))
        }
        (Some(form), Ok(head)) if form == u64::from(FORM) => {
            let unknown = head.counts.keys().find(|name| TABLES.iter().all(|t| t.name != **name));
            match unknown {
                Some(name) => Err(lines.wrong(format!("lines `{name}`"), expected())),
                None => Ok(head),
            }
        }
        (Some(form), _) if form != u64::from(FORM) => {
            Err(lines.wrong(format!("an export of form {form}"), expected()))
        }
        (_, Err(why)) => Err(lines.wrong(format!("something else ({why})"), expected())),
        (_, Ok(_)) => Err(lines.wrong("something else", expected())),
    }
}

/// What to do with a file of another schema.
fn of_this_schema() -> String {
    format!(
        "one of schema {NEWEST}: import it by the Baton that made it into a new store, and run this one's `baton migrate` on that store (of a later schema, install the later Baton)"
    )
}

/// The tenant's own row; returns its number in this store.
fn make(tx: &mut Tx<'_>, head: &Head, key: Option<&str>) -> Result<i64> {
    let of = &head.tenant;
    if !matches!(of.clock.as_str(), "real" | "simulated") {
        let expected = "`real` or `simulated`".to_owned();
        return Err(StoreError::Line { line: 1, found: format!("clock `{}`", of.clock), expected });
    }
    let key = key.unwrap_or(&of.key);
    let id = tx.numbers(0, Counter::Tenant, 1)?.start;
    let values = params![
        id,
        key,
        &of.name,
        of.clock.as_str(),
        of.simulated_at,
        of.real_at,
        of.speed_per_mille,
        of.created_at,
    ];
    if tx.execute(sql!("tenants/insert"), values)? == 0 {
        return Err(StoreError::conflict("tenant", key, "exists already: give it another key"));
    }
    Ok(id)
}

fn end<R: BufRead>(lines: &mut Lines<R>) -> Result<()> {
    let expected = || "the line `end`".to_owned();
    let line = lines.next(expected)?;
    let read = serde_json::from_slice::<EndLine>(line);
    let Ok(EndLine { end }) = read else {
        return Err(lines.wrong("another line", expected()));
    };
    if end.lines != lines.number {
        return Err(lines.wrong("the end", format!("it to be line {}", end.lines)));
    }
    let digest = lines.digest();
    if end.digest != digest {
        let found = format!("lines before it that hash to {digest}");
        let expected = format!("{}: something in them was changed", end.digest);
        return Err(lines.wrong(found, expected));
    }
    lines.finish()
}

struct Import {
    tenant: i64,
    sources: HashMap<i64, SourceKey>,
    last_message: i64,
}

impl Import {
    fn table<R: BufRead>(
        &mut self,
        tx: &mut Tx<'_>,
        table: &Table,
        head: &Head,
        lines: &mut Lines<R>,
    ) -> Result<()> {
        let count = head.counts.get(table.name).copied().unwrap_or(0);
        let insert = table.insert(tx.by_engine(true, false));
        let (mut rows, mut size_bytes) = (Vec::new(), 0);
        for n in 1..=count {
            let which = || format!("{}, {n} of {count}", table.line());
            let read = row(table, lines.next(which)?, &self.sources);
            let cells = read.map_err(|(found, expected)| {
                let is_other = expected == table.line();
                lines.wrong(found, if is_other { which() } else { expected })
            })?;
            self.note(table, &cells);
            size_bytes += cells.iter().map(Cell::size_bytes).sum::<usize>();
            rows.push(cells);
            if rows.len() < ROWS_AT_ONCE && size_bytes < BYTES_AT_ONCE && n < count {
                continue;
            }
            let all: Vec<Vec<Param<'_>>> = rows
                .iter()
                .map(|row| std::iter::once(self.tenant.into()).chain(row.iter().map(Cell::param)))
                .map(Iterator::collect)
                .collect();
            if tx.bulk_rows(&insert, table.width() + 1, &all)? < all.len() as u64 {
                let from = lines.number + 1 - all.len() as u64;
                let key = format!("lines {from} to {}", lines.number);
                let why = "are not free in this store: import the tenant into a store of its own";
                return Err(StoreError::conflict("numbers or keys of", key, why));
            }
            drop(all);
            rows.clear();
            size_bytes = 0;
        }
        Ok(())
    }

    /// Remembers what later lines and the store's counter go by.
    fn note(&mut self, table: &Table, cells: &[Cell]) {
        match (table.name, cells) {
            ("source", [Cell::Int(id), Cell::Text(key), ..]) => {
                self.sources.insert(*id, key.as_str().into());
            }
            ("message", [Cell::Int(id), ..]) => self.last_message = self.last_message.max(*id),
            _ => {}
        }
    }
}

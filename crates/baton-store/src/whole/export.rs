//! Writing a tenant out, as one transaction sees it.

use std::collections::HashMap;
use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_core::id::MessageNo;
use baton_core::partner::SourceKey;
use serde::Serialize;

use super::facts_line::Facts;
use super::tables::{Column, Kind, TABLES, Table};
use super::{End, EndLine, FORM, Head, HeadTenant};
use crate::body::unpack;
use crate::error::{Result, StoreError};
use crate::facts;
use crate::migrations::NEWEST;
use crate::scope::Scope;
use crate::sql::{Row, params};
use crate::store::Store;
use crate::tenants::{self, Tenant};
use crate::tx::Tx;

/// Writes everything of a tenant; with `with_keys` also the hashes of keys, and subscriptions with their
/// secrets. The store may be in use. Returns the first line.
///
/// # Errors
/// [`StoreError::NotFound`] where there is no such tenant, [`StoreError::File`] where it cannot be
/// written.
pub fn export(store: &Store, tenant: &str, with_keys: bool, out: &mut dyn Write) -> Result<Head> {
    store.read(|tx| {
        let tenant = tenants::by_key(tx, &Scope::operator(), tenant)?;
        let mut counts = std::collections::BTreeMap::new();
        for table in TABLES {
            let count = match table.of_keys && !with_keys {
                true => None,
                false => tx.row(&table.count(), &params![tenant.id.0], |row| row.int(0))?,
            };
            counts.insert(table.name.to_owned(), count.unwrap_or(0).unsigned_abs());
        }
        let head =
            Head { baton_tenant: FORM, schema: NEWEST, tenant: of(&tenant), with_keys, counts };
        let mut out = Out { out, hasher: blake3::Hasher::new(), lines: 0, line: Vec::new() };
        out.json(&head)?;
        let mut sources = HashMap::new();
        for table in TABLES.iter().filter(|table| with_keys || !table.of_keys) {
            write_table(tx, &tenant, table, &mut sources, &mut out)?;
        }
        let (digest, lines) = (out.hasher.finalize().to_hex().to_string(), out.lines + 1);
        out.json(&EndLine { end: End { lines, digest } })?;
        out.out.flush().map_err(|why| unwritten(&why))?;
        Ok(head)
    })
}

fn of(tenant: &Tenant) -> HeadTenant {
    let (clock, simulated_at, real_at, speed_per_mille) = tenants::parts(tenant.clock);
    HeadTenant {
        key: tenant.key.clone(),
        name: tenant.name.clone(),
        clock: clock.to_owned(),
        simulated_at: simulated_at.micros(),
        real_at: real_at.micros(),
        speed_per_mille,
        created_at: tenant.created_at.micros(),
    }
}

fn write_table(
    tx: &mut Tx<'_>,
    tenant: &Tenant,
    table: &Table,
    sources: &mut HashMap<i64, SourceKey>,
    out: &mut Out<'_>,
) -> Result<()> {
    let is_source = table.name == "source";
    tx.query(&table.rows(), &params![tenant.id.0], |row| {
        if is_source {
            sources.insert(row.int(0)?, row.text(1)?.into());
        }
        out.line.extend_from_slice(b"{\"");
        out.line.extend_from_slice(table.name.as_bytes());
        out.line.extend_from_slice(b"\":{");
        let mut joint: &[u8] = b"\"";
        for (at, column) in table.columns.iter().enumerate() {
            out.line.extend_from_slice(joint);
            joint = b",\"";
            out.line.extend_from_slice(column.name.as_bytes());
            out.line.extend_from_slice(b"\":");
            let cell = Written { table, row, at, sources };
            cell.write(column, &mut out.line)?;
        }
        out.line.extend_from_slice(b"}}");
        out.end_line()
    })
}

/// One value of a row.
struct Written<'a> {
    table: &'a Table,
    row: &'a Row<'a>,
    at: usize,
    sources: &'a HashMap<i64, SourceKey>,
}

impl Written<'_> {
    fn write(&self, column: &Column, line: &mut Vec<u8>) -> Result<()> {
        let Self { row, at, .. } = *self;
        match column.kind {
            Kind::Int => append(line, &row.int(at)?),
            Kind::IntOrNull => append(line, &row.int_or_null(at)?),
            Kind::Text => append(line, row.text(at)?),
            Kind::TextOrNull => append(line, &row.text_or_null(at)?),
            Kind::Bytes => append(line, &STANDARD.encode(row.bytes(at)?)),
            Kind::Body => {
                let size = row.int(self.table.place("size"))?;
                // How it is squeezed stands before it.
                let body = unpack(row.bytes(at + 1)?, row.int(at)?, size)?;
                append(line, &STANDARD.encode(body))
            }
            Kind::Facts => {
                let number = row.int(self.table.place("source"))?;
                let source = self.sources.get(&number).cloned();
                let source = source.ok_or(StoreError::Corrupt { what: "a fact's source" })?;
                let message = MessageNo(row.int(self.table.place("message"))?);
                let recorded_at = row.instant(self.table.place("recorded_at"))?;
                let facts = facts::unpacked(row.bytes(at)?, (source, message), recorded_at)?;
                append(line, &Facts::of(&facts))
            }
        }
    }
}

fn append(line: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> Result<()> {
    serde_json::to_writer(line, value).map_err(|_| StoreError::Corrupt { what: "a row" })
}

/// Where the lines go, and what they hash to.
struct Out<'a> {
    out: &'a mut dyn Write,
    hasher: blake3::Hasher,
    lines: u64,
    /// The one that is being made.
    line: Vec<u8>,
}

impl Out<'_> {
    fn json(&mut self, value: &impl Serialize) -> Result<()> {
        append(&mut self.line, value)?;
        self.end_line()
    }

    fn end_line(&mut self) -> Result<()> {
        self.line.push(b'\n');
        self.hasher.update(&self.line);
        self.out.write_all(&self.line).map_err(|why| unwritten(&why))?;
        self.line.clear();
        self.lines += 1;
        Ok(())
    }
}

fn unwritten(why: &std::io::Error) -> StoreError {
    StoreError::File { file: "the export".to_owned(), why: why.to_string() }
}

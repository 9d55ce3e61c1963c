//! A place on a throw-away PostgreSQL for one test of any crate, stores as earlier programs left them, and
//! stores that were damaged, so that only this crate has a client.
//!
//! `BATON_TEST_POSTGRES` names the server (`cargo xtask test` starts one and sets it); its contents
//! are nobody's. Compiled with the feature `throwaway`, which only tests ask for.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use baton_core::id::MessageNo;
use rusqlite::Connection;

use crate::error::Result;
use crate::migrations;
use crate::settings::{Location, Settings};
use crate::sql::Sql;
use crate::sqlite::{FILE_NAME, fault};
use crate::store::Store;
use crate::tx::{Engine, Tx};

/// The version of the schema that this program works with.
pub const NEWEST: i64 = migrations::NEWEST;

const VARIABLE: &str = "BATON_TEST_POSTGRES";

/// A schema of its own, dropped with this.
#[derive(Debug)]
pub struct Schema {
    pub name: String,
    server: String,
    /// The server's address, with this schema as the only one that is looked in.
    pub url: String,
}

impl Schema {
    /// Makes one; `None`, with a note, where no server is named.
    ///
    /// # Panics
    /// Where the server that is named cannot be used: a test that was asked for must not be left out.
    #[must_use]
    #[expect(clippy::expect_used, reason = "only tests compile this, and they are to fail")]
    pub fn fresh() -> Option<Self> {
        static SCHEMAS: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var(VARIABLE) else {
            eprintln!("skipped on PostgreSQL: {VARIABLE} is not set");
            return None;
        };
        let number = SCHEMAS.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let connected = ::postgres::Client::connect(&server, ::postgres::NoTls);
        let mut client = connected.expect("the throw-away server answers");
        client.batch_execute(&format!("create schema {name}")).expect("a schema can be made");
        let mark = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{mark}options=-csearch_path%3D{name}&application_name={name}");
        Some(Self { name, server, url })
    }

    /// The server's processes for the sessions that use this place.
    ///
    /// # Panics
    /// Where the server cannot be used.
    #[must_use]
    pub fn sessions(&self) -> Vec<i32> {
        self.sessions_where("true")
    }

    /// How many of them wait for what another session has locked.
    ///
    /// # Panics
    /// Where the server cannot be used.
    #[must_use]
    pub fn waiting_sessions(&self) -> usize {
        self.sessions_where("wait_event_type = 'Lock'").len()
    }

    #[expect(clippy::expect_used, reason = "only tests compile this, and they are to fail")]
    fn sessions_where(&self, condition: &str) -> Vec<i32> {
        let connected = ::postgres::Client::connect(&self.server, ::postgres::NoTls);
        let mut client = connected.expect("the throw-away server answers");
        let sessions = "select pid from pg_stat_activity where application_name = $1 and";
        let found = client.query(&format!("{sessions} {condition}"), &[&self.name]);
        found.expect("sessions can be listed").iter().map(|row| row.get(0)).collect()
    }

    /// Ends the sessions that use this place, as an administrator does; whatever they were at is undone.
    /// Returns how many there were.
    ///
    /// # Panics
    /// Where the server cannot be used.
    #[must_use]
    #[expect(clippy::expect_used, reason = "only tests compile this, and they are to fail")]
    pub fn end_sessions(&self) -> usize {
        let connected = ::postgres::Client::connect(&self.server, ::postgres::NoTls);
        let mut client = connected.expect("the throw-away server answers");
        let ended = client.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1",
            &[&self.name],
        );
        ended.expect("sessions can be ended").len()
    }

    #[must_use]
    pub fn location(&self) -> Location {
        Location::Database(self.url.clone())
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let drop = format!("drop schema {} cascade", self.name);
        let client = ::postgres::Client::connect(&self.server, ::postgres::NoTls);
        client.and_then(|mut client| client.batch_execute(&drop)).ok();
    }
}

/// Marks bytes in rows that [`dump`] writes, since the engines write them differently.
const BYTES: &str = "/*bytes*/x'";

/// Makes a store of an earlier schema that holds these rows, as [`dump`] wrote them.
///
/// # Errors
/// What the engine does.
pub fn load(location: &Location, version: i64, rows: &[&str]) -> Result<()> {
    Store::open(location, &Settings::default())?.write(|tx| {
        migrations::migrate_to(tx, version)?;
        for rows in rows {
            // PostgreSQL takes a text for bytes where a column has them.
            let of_postgres = rows.replace(BYTES, "'\\x");
            let rows = tx.by_engine(*rows, of_postgres.as_str());
            tx.batch(rows)?;
        }
        Ok(())
    })
}

/// Makes the facts of these messages unreadable, as a failing disk or a stranger's hand does.
///
/// # Errors
/// What the engine does.
pub fn damage_facts(location: &Location, messages: &[MessageNo]) -> Result<()> {
    Store::open(location, &Settings::default())?.write(|tx| {
        for MessageNo(message) in messages {
            let content = tx.by_engine("x'ff'", "'\\xff'");
            tx.batch(&format!("update fact set content = {content} where message = {message}"))?;
        }
        Ok(())
    })
}

/// The rows of these tables of an embedded store, as a store of an earlier schema would hold them: with
/// the columns that it knew.
///
/// # Errors
/// What the engine does.
pub fn dump(folder: &Path, version: i64, wanted: impl Fn(&str) -> bool) -> Result<String> {
    let earlier = Connection::open_in_memory().map_err(|e| fault(&e))?;
    let mut tx = Tx::begun(Engine::Sqlite(&earlier));
    migrations::migrate_to(&mut tx, version)?;
    let columns = Sql::both(
        "select t.name, c.name from sqlite_schema t join pragma_table_info(t.name) c
        where t.type = 'table' and t.name not like 'sqlite_%' order by t.name, c.cid",
    );
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    tx.query(&columns, &[], |row| {
        tables.entry(row.text(0)?.to_owned()).or_default().push(row.text(1)?.to_owned());
        Ok(())
    })?;
    tx.leave();
    let store = Connection::open(folder.join(FILE_NAME)).map_err(|e| fault(&e))?;
    let mut out = String::new();
    for (table, columns) in tables {
        if table == "schema_version" || !wanted(&table) {
            continue;
        }
        let columns = columns.join(", ");
        // Each value as the engine itself would write it.
        let quoted = columns.split(", ").map(|name| format!("quote({name})"));
        let select = format!("select {} from {table}", quoted.collect::<Vec<_>>().join(", "));
        let mut statement = store.prepare(&select).map_err(|e| fault(&e))?;
        let width = statement.column_count();
        let mut rows = statement.query([]).map_err(|e| fault(&e))?;
        while let Some(row) = rows.next().map_err(|e| fault(&e))? {
            let values = (0..width).map(|at| row.get::<_, String>(at));
            let values = values.collect::<rusqlite::Result<Vec<_>>>().map_err(|e| fault(&e))?;
            if table == "setting" && values.iter().any(|value| value == "'identity'") {
                // The migration makes one.
                continue;
            }
            let values: Vec<String> = values
                .into_iter()
                .map(|value| match value.strip_prefix("X'") {
                    Some(hex) => format!("{BYTES}{hex}"),
                    None => value,
                })
                .collect();
            out.push_str(&format!(
                "insert into {table} ({columns}) values ({});\n",
                values.join(", ")
            ));
        }
    }
    Ok(out)
}

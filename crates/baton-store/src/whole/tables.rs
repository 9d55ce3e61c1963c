//! What there is of a tenant, table by table: the one list that both ways go by.
//!
//! The statements are assembled from it and from the texts under `sql/whole/`; a test holds it against
//! the tables that the migrations make, so that a new column cannot be forgotten.

use crate::sql::Sql;

/// How a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    IntOrNull,
    Text,
    TextOrNull,
    /// Base64.
    Bytes,
    /// A message's body: in the table squeezed, with how in the column `encoding` before it.
    Body,
    /// What a row of facts holds.
    Facts,
}

#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// In which order its rows are written.
    key: &'static str,
    pub(super) columns: &'static [Column],
    /// Whether its rows are of no use without hashes of keys, or secrets, that are in them.
    pub(super) of_keys: bool,
}

macro_rules! tables {
    ($($name:ident by $key:literal $(of $of_keys:ident)? { $($column:ident $kind:ident),* $(,)? };)*) => {
        &[$(Table {
            name: stringify!($name),
            key: $key,
            columns: &[$(Column { name: stringify!($column), kind: Kind::$kind }),*],
            of_keys: tables!(@of_keys $($of_keys)?),
        }),*]
    };
    (@of_keys) => { false };
    (@of_keys keys) => { true };
}

/// In the order in which they are written.
pub(super) const TABLES: &[Table] = tables! {
    counter by "name" { name Text, value Int };
    setting by "key" { key Text, value Text };
    pack by "name, version" { name Text, version Text, content Bytes, digest Text, stored_at Int };
    activation by "seq" {
        seq Int, pack Text, version Text, activated_at Int, activated_by Text, moves Int,
    };
    pack_draft by "pack, author" {
        pack Text, author Text, person Text, base Text, content Bytes, revision Int, saved_at Int,
    };
    pack_request by "id" {
        id Int, wanted Text, reason Text, needed Int, author Text, asked_by Text, asked_at Int,
        expires_at Int, state Text, closed_at IntOrNull, closed_by TextOrNull,
        activation IntOrNull,
    };
    pack_request_word by "request, seq" {
        request Int, seq Int, author Text, said_by Text, said_at Int, kind Text, words Text,
    };
    partner by "key" { key Text, name Text, role Text, sees_prices Int, sees_names Int };
    source by "id" {
        id Int, key Text, name Text, partner TextOrNull, role Text, connector Text, settings Text,
        silent_after IntOrNull, heard_at IntOrNull, created_at Int, disabled_at IntOrNull, networks Text,
    };
    source_key by "hash" of keys {
        hash Bytes, source Int, created_at Int, valid_until IntOrNull,
    };
    api_key by "id" of keys {
        id Int, hash Bytes, prefix Text, label Text, role Text, partner TextOrNull, created_at Int,
        expires_at IntOrNull, revoked_at IntOrNull, networks Text, last_used_at IntOrNull,
    };
    subscription by "id" of keys {
        id Int, url Text, secret Text, events Text, created_at Int, disabled_at IntOrNull,
    };
    message by "id" {
        id Int, source Int, received_at Int, content_type Text, headers Text, hash Bytes, size Int,
        repeats Int, last_repeated_at IntOrNull, body Body,
    };
    message_key by "source, key" { source Int, key Text, message Int };
    pending by "message" { message Int, received_at Int };
    reading by "message, seq" { message Int, seq Int, pack Text, recorded_at Int };
    earlier_receipt by "message" { message Int };
    quarantine by "id" {
        id Int, message Int, part Text, code Text, error Text, opened_at Int, state Text,
        closed_at IntOrNull, closed_by TextOrNull, reason TextOrNull,
    };
    cluster by "id" { id Int, merged_into IntOrNull };
    alias by "value, space" { value Text, space Text, cluster Int };
    edge by "child, parent" { child Int, parent Int, void Int };
    fact by "cluster, message, n" {
        cluster Int, message Int, n Int, source Int, recorded_at Int, superseded_at IntOrNull,
        content Facts,
    };
    whereabouts by "message" { message Int, clusters Bytes };
    hearing by "source, recorded_at" {
        source Int, recorded_at Int, heard_at Int, silent_after IntOrNull,
    };
    orders by "cluster, component" {
        cluster Int, component Int, id Text, number Text, state Text, progress TextOrNull,
        position TextOrNull, customer TextOrNull, value TextOrNull, currency TextOrNull,
        promised_at Int, projected_at IntOrNull, late_minutes Int, holder TextOrNull, partners Text,
        exceptions_open Int, severity_max Int, placed_at Int, updated_at Int, digest Int,
    };
    public_id by "id" { id Text, cluster Int };
    order_partner by "partner, cluster, component, role" {
        partner Text, cluster Int, component Int, role Text,
    };
    order_word by "word, cluster, component" { word Text, cluster Int, component Int };
    object by "cluster, component" { cluster Int, component Int, id Text, kind Text };
    timer by "cluster" { cluster Int, wake_at Int };
    exception by "id" {
        id Text, cluster Int, object Text, code Text, severity Int, state Text, opened_at Int,
        closed_at IntOrNull, liable TextOrNull, partner TextOrNull, summary Text, expectation Text,
        wording Text, taken_by TextOrNull, taken_at IntOrNull, money Int, due_at Int,
    };
    outbox by "id" {
        id Int, act Text, cluster Int, subscription Int, payload Text, attempts Int, next_at Int,
        state Text, last_error TextOrNull, created_at Int,
    };
    change by "id" { id Int, at Int, cluster Int, kind Text, object Text, summary Text };
    look by "who" { who Text, change Int, at Int };
    looked_after by "owner, customer" { owner Text, customer Text };
    saved_view by "id" {
        id Int, owner Text, page Text, name Text, search Text, shared Int, created_at Int,
    };
    audit by "seq" {
        seq Int, at Int, who Text, name Text, role Text, operation Text, subject_kind Text, subject Text,
        outcome Text, detail Text, hash Bytes,
    };
    brand by "tenant" {
        host TextOrNull, content Text, logo_type Text, logo Bytes, changed_at Int,
    };
    tracking_link by "id" of keys {
        id Int, hash Bytes, order_id Text, label Text, created_at Int, created_by Text, expires_at Int,
        revoked_at IntOrNull,
    };
    usage_note by "kind, number" { kind Text, number Int, at Int, events Int, bytes Int };
    usage_day by "day" {
        day Int, messages Int, bytes Int, repeats Int, quarantined Int, orders Int, deliveries Int,
    };
    usage_month by "month" { month Int, people Int };
    usage_progress by "tenant" { closed_before Int };
    idempotency by "key" { key Text, request_hash Bytes, status Int, response Text, at Int };
};

/// Tables that are of the whole store: the versions of the schema, tenants, which the first line is, and
/// people with what they may do, who are invited anew where a tenant moves to.
#[cfg(test)]
const OF_THE_STORE: &[&str] = &[
    "worker",
    "schema_version",
    "tenant",
    "person",
    "membership",
    "session",
    "sign_in_failure",
    "link",
    "recovery_code",
    "identity",
    "active_person",
];
/// Columns that say what a process is at.
#[cfg(test)]
const OF_A_PROCESS: &[(&str, &[&str])] =
    &[("pending", &["claimed_by", "claimed_until"]), ("outbox", &["claimed_by"])];

impl Table {
    /// Where a column is among those that are written.
    pub(super) fn place(&self, name: &str) -> usize {
        self.columns.iter().position(|column| column.name == name).unwrap_or(usize::MAX)
    }

    /// What a line of it is called.
    pub(super) fn line(&self) -> String {
        format!("a line `{}`", self.name)
    }

    /// The columns as statements name them, with the type of each in PostgreSQL.
    fn stored(&self) -> Vec<(&'static str, &'static str)> {
        let mut stored = Vec::with_capacity(self.columns.len() + 1);
        for column in self.columns {
            match column.kind {
                Kind::Int | Kind::IntOrNull => stored.push((column.name, "bigint")),
                Kind::Text | Kind::TextOrNull => stored.push((column.name, "text")),
                Kind::Bytes | Kind::Facts => stored.push((column.name, "bytea")),
                Kind::Body => stored.extend([("encoding", "bigint"), (column.name, "bytea")]),
            }
        }
        stored
    }

    /// How many values a row has in the table, without its tenant.
    pub(super) fn width(&self) -> usize {
        self.stored().len()
    }

    pub(super) fn count(&self) -> Sql {
        Sql::assembled(self.filled(include_str!("../../sql/whole/count.parts.sql"), ""))
    }

    /// All rows of a tenant.
    pub(super) fn rows(&self) -> Sql {
        Sql::assembled(self.filled(include_str!("../../sql/whole/rows.parts.sql"), ""))
    }

    /// A row of a tenant, unless it is there.
    pub(super) fn insert(&self, sqlite: bool) -> Sql {
        let (text, value): (_, fn(usize, &str) -> String) = if sqlite {
            (include_str!("../../sql/whole/insert.sqlite.parts.sql"), |n, _| format!("${n}"))
        } else {
            let text = include_str!("../../sql/whole/insert.postgres.parts.sql");
            (text, |n, sort| format!("${n}::{sort}[]"))
        };
        let sorts = std::iter::once("bigint").chain(self.stored().into_iter().map(|(_, s)| s));
        let values: Vec<String> = (1..).zip(sorts).map(|(n, sort)| value(n, sort)).collect();
        Sql::assembled(self.filled(text, &values.join(", ")))
    }

    fn filled(&self, text: &str, values: &str) -> String {
        let columns: Vec<&str> = self.stored().into_iter().map(|(name, _)| name).collect();
        text.replace(":columns", &columns.join(", "))
            .replace(":table", self.name)
            .replace(":key", self.key)
            .replace(":values", values)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::{Location, Settings, Store};

    #[test]
    fn every_column_of_every_table_is_written_or_said_to_be_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Folder(folder.path().to_owned());
        let store = Store::open(&location, &Settings::default()).unwrap();
        store.migrate().unwrap();
        // The engine's own are made by it and say nothing of a tenant.
        let columns = Sql::both(
            "select t.name, c.name from sqlite_schema t join pragma_table_info(t.name) c
             where t.type = 'table' and t.name not like 'sqlite_%'",
        );
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        store
            .read(|tx| {
                tx.query(&columns, &[], |row| {
                    found.entry(row.text(0)?.into()).or_default().insert(row.text(1)?.into());
                    Ok(())
                })
            })
            .unwrap();
        let listed: BTreeMap<String, BTreeSet<String>> = TABLES
            .iter()
            .map(|table| {
                let stored = table.stored().into_iter().map(|(name, _)| name);
                let left_out = OF_A_PROCESS.iter().filter(|(name, _)| *name == table.name);
                let left_out = left_out.flat_map(|(_, columns)| columns.iter().copied());
                let all = stored.chain(left_out).chain(["tenant"]);
                (table.name.to_owned(), all.map(str::to_owned).collect())
            })
            .collect();
        found.retain(|name, _| !OF_THE_STORE.contains(&name.as_str()));
        assert_eq!(found, listed);
    }
}

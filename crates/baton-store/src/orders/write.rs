//! Writing list rows with as few index entries touched as can be.
//!
//! The caller says what stands. A row of an equal digest is left alone; one whose filtered columns
//! stay touches no index but that by update; the public id and the partners are written when they
//! change.

use std::collections::HashMap;

use baton_core::time::Instant;

use super::{OrderRow, Texts, columns, promised};
use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{Sql, params, sql_pair};
use crate::tx::Tx;
use crate::usage;

/// Whether lists show the same: what is not in the digest is what the order reaches.
fn is_known(known: &OrderRow, row: &OrderRow) -> bool {
    let shown = |row: &OrderRow| (row.digest, row.exceptions_open, row.severity_max);
    shown(known) == shown(row)
}

/// Whether every column that lists filter by stays.
fn keeps_its_place(known: &OrderRow, row: &OrderRow) -> bool {
    known.state == row.state
        && promised(known) == promised(row)
        && known.late_minutes == row.late_minutes
        && known.holder == row.holder
}

/// Makes `rows` stand where `before` does: writes those that changed, deletes those that are gone.
/// Returns how many rows were written. Orders that nobody had heard of before `at` are noted as used.
///
/// Each (cluster, component) may be among `before` and among `rows` once.
///
/// # Errors
/// What the engine does.
pub fn write<'a>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: impl IntoIterator<Item = &'a OrderRow>,
    rows: impl IntoIterator<Item = &'a OrderRow>,
    at: Instant,
) -> Result<usize> {
    let tenant = scope.whole("writing orders")?;
    let mut before: HashMap<(i64, i64), &OrderRow> =
        before.into_iter().map(|row| ((row.cluster.0, row.component), row)).collect();
    let (mut placed, mut quiet) = (Vec::new(), Vec::new());
    let (mut ids, mut casts, mut names) = (Ids::default(), Vec::new(), Vec::new());
    for row in rows {
        let known = before.remove(&(row.cluster.0, row.component));
        if known.is_some_and(|known| is_known(known, row)) {
            continue;
        }
        let texts = Texts::of(row);
        match known {
            None => ids.first.push((texts.id.clone(), row.cluster.0)),
            Some(known) if known.id != row.id => ids.other.push((texts.id.clone(), row.cluster.0)),
            Some(_) => {}
        }
        let cast = known.map_or(&[][..], |known| &known.partners);
        if cast != row.partners {
            casts.push((row, !cast.is_empty()));
        }
        let name = known.and_then(|known| known.customer.as_ref());
        if name != row.customer.as_ref() {
            names.push((row, name.is_some()));
        }
        match known {
            Some(known) if keeps_its_place(known, row) => quiet.push((row, texts)),
            _ => placed.push((row, texts)),
        }
    }
    let written = placed.len() + quiet.len();
    let whole = placed.iter().map(|(row, texts)| columns(tenant, row, texts));
    tx.bulk(sql_pair!("orders/upsert"), whole)?;
    let values = quiet.iter().map(|(row, texts)| {
        params![
            tenant,
            row.cluster.0,
            row.component,
            &texts.id,
            &row.number,
            row.progress.as_ref(),
            row.position.as_ref(),
            row.customer.as_ref(),
            texts.amount.as_ref(),
            row.value.as_ref().map(|value| value.currency.as_str()),
            row.projected_at,
            &texts.partners,
            row.exceptions_open,
            row.severity_max,
            row.placed_at,
            row.updated_at,
            row.digest,
        ]
    });
    tx.bulk(sql_pair!("orders/update_quiet"), values)?;
    ids.write(tx, tenant, at)?;
    write_casts(tx, tenant, &casts)?;
    write_words(tx, tenant, &names)?;
    delete(tx, tenant, before.into_keys().collect())?;
    Ok(written)
}

/// Public ids that orders go by from now on, and the cluster of each.
#[derive(Debug, Default)]
struct Ids {
    /// Of rows where none stood.
    first: Vec<(String, i64)>,
    /// Of rows that went by another one.
    other: Vec<(String, i64)>,
}

impl Ids {
    /// INVARIANT: an order is noted as used when its first id is written, and never again: ids stay when their row
    /// goes away, and one that it goes by later is not its first.
    fn write(mut self, tx: &mut Tx<'_>, tenant: i64, at: Instant) -> Result<()> {
        let cluster = self.first.iter().map(|(_, cluster)| *cluster).min();
        let born = put_ids(tx, tenant, sql_pair!("orders/insert_first_id"), &mut self.first)?;
        if let Some(cluster) = cluster.filter(|_| born > 0) {
            usage::note_orders(tx, tenant, cluster, (at, born))?;
        }
        // Where some were there already, they may have been those of another cluster.
        if born < self.first.len() as u64 {
            self.other.append(&mut self.first);
        }
        put_ids(tx, tenant, sql_pair!("orders/insert_public_id"), &mut self.other).map(drop)
    }
}

/// In the order of the ids, for two nodes whose orders change hands over the same one. Returns how many were written.
fn put_ids(
    tx: &mut Tx<'_>,
    tenant: i64,
    statement: &Sql,
    ids: &mut Vec<(String, i64)>,
) -> Result<u64> {
    ids.sort_unstable();
    ids.dedup_by(|later, kept| later.0 == kept.0);
    tx.bulk(statement, ids.iter().map(|(id, cluster)| params![tenant, id, *cluster]))
}

/// Writes who plays a part in each order; where somebody did before, those are deleted first.
fn write_casts(tx: &mut Tx<'_>, tenant: i64, casts: &[(&OrderRow, bool)]) -> Result<()> {
    let replaced = casts.iter().filter(|(_, replaced)| *replaced);
    tx.bulk(
        sql_pair!("orders/delete_partners"),
        replaced.map(|(row, _)| params![tenant, row.cluster.0, row.component]),
    )?;
    let parts = casts.iter().flat_map(|(row, _)| {
        row.partners.iter().map(|(role, partner)| {
            params![tenant, partner.as_str(), row.cluster.0, row.component, role.name()]
        })
    });
    tx.bulk(sql_pair!("orders/insert_partner"), parts)?;
    Ok(())
}

/// Words of a customer's name that are searched for, and letters of each.
const WORDS_MAX: usize = 8;
const WORD_CHARS_MAX: usize = 40;

/// The words of a text as they are searched for: letters and digits in lower case, each word once.
pub(crate) fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<String> =
        words.map(|word| word.to_lowercase().chars().take(WORD_CHARS_MAX).collect()).collect();
    words.sort_unstable();
    words.dedup();
    words.truncate(WORDS_MAX);
    words
}

/// Writes the words of each customer's name; where there was one before, its words are deleted first.
fn write_words(tx: &mut Tx<'_>, tenant: i64, names: &[(&OrderRow, bool)]) -> Result<()> {
    let replaced = names.iter().filter(|(_, replaced)| *replaced);
    tx.bulk(
        sql_pair!("orders/delete_words"),
        replaced.map(|(row, _)| params![tenant, row.cluster.0, row.component]),
    )?;
    let words: Vec<(String, &OrderRow)> = names
        .iter()
        .flat_map(|(row, _)| {
            let words = row.customer.as_deref().map(words_of).unwrap_or_default();
            words.into_iter().map(|word| (word, *row))
        })
        .collect();
    let words = words.iter().map(|(word, row)| params![tenant, word, row.cluster.0, row.component]);
    tx.bulk(sql_pair!("orders/insert_word"), words)?;
    Ok(())
}

fn delete(tx: &mut Tx<'_>, tenant: i64, mut gone: Vec<(i64, i64)>) -> Result<()> {
    gone.sort_unstable();
    let rows = || gone.iter().map(|(cluster, component)| params![tenant, *cluster, *component]);
    tx.bulk(sql_pair!("orders/delete"), rows())?;
    tx.bulk(sql_pair!("orders/delete_partners"), rows())?;
    tx.bulk(sql_pair!("orders/delete_words"), rows())?;
    Ok(())
}

//! Writing list rows with as few index entries touched as can be.
//!
//! What is there is read first: it stands on the page that is to be written. A row of an equal digest
//! is left alone; one whose filtered columns stay touches no index but that by update; the public id
//! and the partners are written when they change.

use std::collections::HashMap;

use super::{OrderRow, Texts, columns, promised};
use crate::clusters::ClusterNo;
use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{params, sql_pair};
use crate::tx::Tx;

/// What a row in the table has in the columns that have indices or tables of their own.
struct Before {
    id: String,
    state: String,
    promised_at: i64,
    late_minutes: i64,
    holder: Option<String>,
    partners: String,
    digest: i64,
}

impl Before {
    fn keeps_its_place(&self, row: &OrderRow) -> bool {
        self.state == row.state
            && self.promised_at == promised(row)
            && self.late_minutes == row.late_minutes
            && self.holder.as_deref() == row.holder.as_deref()
    }
}

/// Makes `rows` the orders of `clusters`: writes those that changed, deletes those that are gone.
/// Returns how many rows were written.
///
/// Each row's cluster must be among `clusters`, and each (cluster, component) once.
///
/// # Errors
/// What the engine does.
pub fn write(
    tx: &mut Tx<'_>,
    scope: &Scope,
    clusters: &[ClusterNo],
    rows: &[OrderRow],
) -> Result<usize> {
    let tenant = scope.whole("writing orders")?;
    let mut before = read_before(tx, tenant, clusters)?;
    let (mut new, mut moved, mut quiet) = (Vec::new(), Vec::new(), Vec::new());
    let (mut ids, mut casts) = (Vec::new(), Vec::new());
    for row in rows {
        let texts = Texts::of(row);
        let known = before.remove(&(row.cluster.0, row.component));
        if known.as_ref().is_some_and(|known| known.digest == row.digest) {
            continue;
        }
        if known.as_ref().is_none_or(|known| known.id != texts.id) {
            ids.push((texts.id.clone(), row.cluster.0));
        }
        let cast = known.as_ref().map_or("", |known| &known.partners);
        if cast != texts.partners {
            casts.push((row, !cast.is_empty()));
        }
        match known {
            None => new.push((row, texts)),
            Some(known) if known.keeps_its_place(row) => quiet.push((row, texts)),
            Some(_) => moved.push((row, texts)),
        }
    }
    let written = new.len() + moved.len() + quiet.len();
    let whole = |(row, texts)| columns(tenant, row, texts);
    tx.bulk(sql_pair!("orders/insert"), new.iter().map(|(row, texts)| whole((*row, texts))))?;
    tx.bulk(sql_pair!("orders/update"), moved.iter().map(|(row, texts)| whole((*row, texts))))?;
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
    // In one order, for two nodes whose orders change hands over the same id.
    ids.sort_unstable();
    ids.dedup_by(|later, kept| later.0 == kept.0);
    let ids = ids.iter().map(|(id, cluster)| params![tenant, id, *cluster]);
    tx.bulk(sql_pair!("orders/insert_public_id"), ids)?;
    write_casts(tx, tenant, &casts)?;
    delete(tx, tenant, before.into_keys().collect())?;
    Ok(written)
}

fn read_before(
    tx: &mut Tx<'_>,
    tenant: i64,
    clusters: &[ClusterNo],
) -> Result<HashMap<(i64, i64), Before>> {
    let mut before = HashMap::with_capacity(clusters.len());
    let wanted = clusters.iter().map(|cluster| params![tenant, cluster.0]);
    tx.bulk_query(sql_pair!("orders/before"), wanted, |row| {
        let known = Before {
            id: row.text(2)?.to_owned(),
            state: row.text(3)?.to_owned(),
            promised_at: row.int(4)?,
            late_minutes: row.int(5)?,
            holder: row.text_or_null(6)?.map(str::to_owned),
            partners: row.text(7)?.to_owned(),
            digest: row.int(8)?,
        };
        before.insert((row.int(0)?, row.int(1)?), known);
        Ok(())
    })?;
    Ok(before)
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

fn delete(tx: &mut Tx<'_>, tenant: i64, mut gone: Vec<(i64, i64)>) -> Result<()> {
    gone.sort_unstable();
    let rows = || gone.iter().map(|(cluster, component)| params![tenant, *cluster, *component]);
    tx.bulk(sql_pair!("orders/delete"), rows())?;
    tx.bulk(sql_pair!("orders/delete_partners"), rows())?;
    Ok(())
}

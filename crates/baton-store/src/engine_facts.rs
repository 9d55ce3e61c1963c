//! Where the facts of a message are, for reading it again. Facts stand together by cluster, so what
//! was kept of messages when their facts were (see [`crate::whereabouts`]) leads to them.

use std::collections::BTreeSet;

use baton_core::id::MessageNo;
use baton_core::time::{Basis, Happened, Instant};

use crate::clusters::ClusterNo;
use crate::error::Result;
use crate::facts::{self, NewFact};
use crate::readings::{self, fact_number};
use crate::scope::Scope;
use crate::sql::{params, sql, sql_pair};
use crate::tx::Tx;
use crate::whereabouts;

/// The clusters that hold facts in force of these messages, each pair once.
///
/// # Errors
/// [`crate::StoreError::Corrupt`] where what was kept cannot be read.
pub fn of_messages(
    tx: &mut Tx<'_>,
    scope: &Scope,
    messages: &[MessageNo],
) -> Result<Vec<(ClusterNo, MessageNo)>> {
    let tenant = scope.whole("facts")?;
    let kept = whereabouts::of_messages(tx, tenant, messages)?;
    let wanted = kept.iter().map(|(message, cluster)| params![tenant, cluster.0, message.0]);
    let mut found = BTreeSet::new();
    tx.bulk_query(sql_pair!("facts/in_force"), wanted, |row| {
        found.insert((ClusterNo(row.int(0)?), MessageNo(row.int(1)?)));
        Ok(())
    })?;
    Ok(found.into_iter().collect())
}

/// Gives the facts of a message in these clusters the receipt `received_at` where theirs is later; returns
/// the clusters in which there were some.
///
/// They are kept as those of another reading by the same pack (`pack` where it was read only once), so
/// that what was known before can still be seen. One that took its time from the receipt takes the new.
///
/// # Errors
/// [`crate::StoreError::Corrupt`] where a fact cannot be read.
pub fn stamp_again(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (message, clusters): (MessageNo, &[ClusterNo]),
    (received_at, recorded_at): (Instant, Instant),
    pack: &str,
) -> Result<Vec<ClusterNo>> {
    let tenant = scope.whole("facts")?;
    let mut later = facts::of_message(tx, tenant, message, clusters)?;
    later.retain(|row| row.facts.first().is_some_and(|fact| fact.received_at > received_at));
    if later.is_empty() {
        return Ok(Vec::new());
    }
    let latest = readings::of(tx, scope, message)?.pop();
    let pack = latest.as_ref().map_or(pack, |reading| reading.pack.as_str());
    let reading = readings::add(tx, scope, message, pack, recorded_at)?;
    let old = later.iter().map(|row| params![tenant, row.cluster.0, message.0, row.n, recorded_at]);
    for values in old {
        tx.execute(sql!("facts/supersede_row"), values)?;
    }
    let stamped =
        later.iter_mut().flat_map(|row| row.facts.iter_mut().map(|fact| (row.cluster, fact)));
    let mut new = Vec::new();
    for (n, (cluster, fact)) in (0..).zip(stamped) {
        fact.received_at = received_at;
        fact.recorded_at = recorded_at;
        if fact.happened.basis == Basis::Receipt {
            fact.happened = Happened::received(received_at);
        }
        new.push(NewFact { cluster, n: fact_number(reading, n), fact, content: None });
    }
    facts::insert(tx, scope, &new)?;
    let touched: BTreeSet<ClusterNo> = new.iter().map(|fact| fact.cluster).collect();
    Ok(touched.into_iter().collect())
}

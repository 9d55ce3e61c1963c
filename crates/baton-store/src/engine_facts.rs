//! Where the facts of a message are, for reading it again. Facts stand together by cluster, so this
//! looks through all of them: it is rare, and an index for it would cost every event.

use std::collections::HashSet;

use baton_core::fact::Body;
use baton_core::id::MessageNo;
use baton_core::identifier::About;
use baton_core::time::{Basis, Happened, Instant};

use crate::clusters::ClusterNo;
use crate::error::{Result, StoreError};
use crate::readings::{self, fact_number};
use crate::scope::Scope;
use crate::sql::{params, sql, sql_pair};
use crate::tx::Tx;

const UNREADABLE: StoreError = StoreError::Corrupt { what: "a fact" };

/// The clusters that hold facts in force of these messages, each pair once.
///
/// # Errors
/// What the engine does.
pub fn of_messages(
    tx: &mut Tx<'_>,
    scope: &Scope,
    messages: &[MessageNo],
) -> Result<Vec<(ClusterNo, MessageNo)>> {
    let tenant = scope.whole("facts")?;
    let (Some(first), Some(last)) = (messages.iter().min(), messages.iter().max()) else {
        return Ok(Vec::new());
    };
    let wanted: HashSet<MessageNo> = messages.iter().copied().collect();
    let mut found = HashSet::new();
    tx.query(sql!("facts/of_messages"), &params![tenant, first.0, last.0], |row| {
        let message = MessageNo(row.int(1)?);
        if wanted.contains(&message) {
            found.insert((ClusterNo(row.int(0)?), message));
        }
        Ok(())
    })?;
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_unstable();
    Ok(found)
}

/// Gives the facts of a message in these clusters the receipt `received_at` where theirs is later; returns
/// the clusters in which there were some.
///
/// They are kept as those of another reading by the same pack (`pack` where it was read only once), so
/// that what was known before can still be seen. One that took its time from the receipt takes the new.
///
/// # Errors
/// [`StoreError::Corrupt`] where a fact cannot be read.
pub fn stamp_again(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (message, clusters): (MessageNo, &[ClusterNo]),
    (received_at, recorded_at): (Instant, Instant),
    pack: &str,
) -> Result<Vec<ClusterNo>> {
    let tenant = scope.whole("facts")?;
    let mut found = Vec::new();
    for cluster in clusters {
        let values = params![tenant, cluster.0, message.0, received_at];
        tx.query(sql!("facts/later_than"), &values, |row| {
            let content = restamped(row.bytes(1)?, received_at)?;
            found.push((*cluster, row.int(0)?, content, row.bytes(2)?.to_vec()));
            Ok(())
        })?;
    }
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let latest = readings::of(tx, scope, message)?.pop();
    let pack = latest.as_ref().map_or(pack, |reading| reading.pack.as_str());
    let reading = readings::add(tx, scope, message, pack, recorded_at)?;
    let old = clusters
        .iter()
        .map(|cluster| params![tenant, cluster.0, message.0, received_at, recorded_at]);
    for values in old {
        tx.execute(sql!("facts/supersede_later"), values)?;
    }
    let new = (0..).zip(&found).map(|(n, (cluster, source, content, place))| {
        let n = fact_number(reading, n);
        params![
            tenant,
            cluster.0,
            message.0,
            n,
            *source,
            received_at,
            recorded_at,
            content.as_slice(),
            place.as_slice(),
        ]
    });
    tx.bulk(sql_pair!("facts/insert"), new)?;
    let mut touched: Vec<ClusterNo> = found.into_iter().map(|(cluster, ..)| cluster).collect();
    touched.dedup();
    Ok(touched)
}

/// A fact's content, with the receipt for its time where the receipt was its time.
fn restamped(content: &[u8], received_at: Instant) -> Result<Vec<u8>> {
    let (about, happened, body): (About, Happened, Body) =
        rmp_serde::from_slice(content).map_err(|_| UNREADABLE)?;
    if happened.basis != Basis::Receipt {
        return Ok(content.to_vec());
    }
    let happened = Happened::received(received_at);
    rmp_serde::to_vec(&(about, happened, body)).map_err(|_| UNREADABLE)
}

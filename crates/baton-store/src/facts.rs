//! Facts, kept together by cluster so that deriving an order reads one place.
//!
//! A row holds what one reading of a message says about one cluster, squeezed (see [`row`]): facts of
//! one message share most of their bytes. A fact's id is not stored: it is a hash of the bytes that
//! are, and of the source's key. Facts that come from no message (our own acts) carry a negative
//! message number of their own.

mod row;

use std::collections::HashMap;
use std::ops::Range;

use baton_core::fact::Fact;
use baton_core::id::MessageNo;
use baton_core::partner::SourceKey;
use baton_core::time::Instant;

use crate::clusters::ClusterNo;
use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::readings::STATEMENTS_MAX;
use crate::scope::Scope;
use crate::sql::{params, sql, sql_pair};
use crate::tx::Tx;
use crate::whereabouts;

const UNREADABLE: StoreError = StoreError::Corrupt { what: "a fact" };

/// A fact, and where it is to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewFact<'a> {
    pub cluster: ClusterNo,
    /// Its number among the statements of its message.
    pub n: i64,
    pub fact: &'a Fact,
    /// What [`Fact::with_content`] gave with it, where that is still at hand.
    pub content: Option<&'a [u8]>,
}

impl NewFact<'_> {
    /// Whether both say what the same reading of a message says about the same cluster.
    fn shares_row(&self, other: &Self) -> bool {
        let (one, two) = (self.fact, other.fact);
        self.cluster == other.cluster
            && one.message == two.message
            && self.n / STATEMENTS_MAX == other.n / STATEMENTS_MAX
            && one.source == two.source
            && (one.received_at, one.recorded_at) == (two.received_at, two.recorded_at)
    }
}

/// Keeps facts: of one reading of a message all that there are, in one call. Where they are there
/// already they stay as they are. Returns how many rows they took.
///
/// # Errors
/// [`StoreError::NotFound`] where a fact's source is none of the tenant's.
pub fn insert(tx: &mut Tx<'_>, scope: &Scope, facts: &[NewFact<'_>]) -> Result<u64> {
    let tenant = scope.whole("facts")?;
    let mut facts: Vec<&NewFact<'_>> = facts.iter().collect();
    facts.sort_unstable_by_key(|new| (new.cluster, new.fact.message, new.n));
    let mut packer = row::Packer::default();
    let mut rows = Vec::new();
    let mut whereabouts = Vec::new();
    for group in facts.chunk_by(|one, other| one.shares_row(other)) {
        let Some(first) = group.first() else { continue };
        let source = tx.source_number(tenant, &first.fact.source)?;
        let mut rest = group;
        while let Some(first) = rest.first() {
            let content = packer.pack(&mut rest)?;
            rows.push((*first, source, content));
        }
        if first.fact.message.0 > 0 {
            whereabouts.push((first.fact.message, first.cluster));
        }
    }
    let kept = tx.bulk(
        sql_pair!("facts/insert"),
        rows.iter().map(|(first, source, content)| {
            params![
                tenant,
                first.cluster.0,
                first.fact.message.0,
                first.n,
                *source,
                first.fact.recorded_at,
                packer.packed(content),
            ]
        }),
    )?;
    whereabouts.sort_unstable();
    whereabouts.dedup();
    whereabouts::add(tx, tenant, &whereabouts)?;
    Ok(kept)
}

/// Message numbers for facts that come from no message: `count` negative ones, each used once.
///
/// # Errors
/// What the engine does.
pub fn act_numbers(tx: &mut Tx<'_>, scope: &Scope, count: usize) -> Result<Vec<MessageNo>> {
    let tenant = scope.whole("facts")?;
    Ok(tx.numbers(tenant, Counter::Act, count)?.map(|number| MessageNo(-number)).collect())
}

/// The facts in force of these clusters, each in the order of message and number; with `as_of`, those
/// in force at that instant by when they were recorded.
///
/// A partner's scope is refused: what a partner may see of an order is for the caller to cut out.
///
/// # Errors
/// [`StoreError::Corrupt`] where a fact cannot be read.
pub fn load(
    tx: &mut Tx<'_>,
    scope: &Scope,
    clusters: &[ClusterNo],
    as_of: Option<Instant>,
) -> Result<HashMap<ClusterNo, Vec<Fact>>> {
    let tenant = scope.whole("facts")?;
    let mut bytes = Vec::new();
    let mut stored = Vec::new();
    let read = |row: &crate::sql::Row<'_>| {
        let start = bytes.len();
        bytes.extend_from_slice(row.bytes(4)?);
        stored.push(Stored {
            cluster: ClusterNo(row.int(0)?),
            message: MessageNo(row.int(1)?),
            source: row.int(2)?,
            recorded_at: row.instant(3)?,
            content: start..bytes.len(),
        });
        Ok(())
    };
    if let Some(at) = as_of {
        let wanted = clusters.iter().map(|cluster| params![tenant, cluster.0, at]);
        tx.bulk_query(sql_pair!("facts/load_as_of"), wanted, read)?;
    } else {
        let wanted = clusters.iter().map(|cluster| params![tenant, cluster.0]);
        tx.bulk_query(sql_pair!("facts/load"), wanted, read)?;
    }
    let mut facts: HashMap<ClusterNo, Vec<Fact>> = HashMap::with_capacity(clusters.len());
    let mut buffer = Vec::new();
    for Stored { cluster, message, source, recorded_at, content } in stored {
        let shared = row::Shared { source: tx.source_key(tenant, source)?, message, recorded_at };
        let content = bytes.get(content).unwrap_or_default();
        let of_cluster = facts.entry(cluster).or_default();
        row::unpack(content, &shared, &mut buffer, of_cluster).ok_or(UNREADABLE)?;
    }
    Ok(facts)
}

/// A row of facts, to be kept anew.
pub(crate) struct Kept {
    pub(crate) cluster: ClusterNo,
    /// The number of its first fact.
    pub(crate) n: i64,
    pub(crate) facts: Vec<Fact>,
}

/// The rows in force of a message in these clusters, in the order of their numbers.
pub(crate) fn of_message(
    tx: &mut Tx<'_>,
    tenant: i64,
    message: MessageNo,
    clusters: &[ClusterNo],
) -> Result<Vec<Kept>> {
    let mut found = Vec::new();
    let mut buffer = Vec::new();
    for cluster in clusters {
        let values = params![tenant, cluster.0, message.0];
        let rows = tx.rows(sql!("facts/of_message"), &values, |row| {
            Ok((row.int(0)?, row.int(1)?, row.instant(2)?, row.bytes(3)?.to_vec()))
        })?;
        for (n, source, recorded_at, content) in rows {
            let shared =
                row::Shared { source: tx.source_key(tenant, source)?, message, recorded_at };
            let mut facts = Vec::new();
            row::unpack(&content, &shared, &mut buffer, &mut facts).ok_or(UNREADABLE)?;
            found.push(Kept { cluster: *cluster, n, facts });
        }
    }
    found.sort_unstable_by_key(|row| (row.n, row.cluster));
    Ok(found)
}

struct Stored {
    cluster: ClusterNo,
    message: MessageNo,
    source: i64,
    recorded_at: Instant,
    content: Range<usize>,
}

/// The facts of a row, from its content.
pub(crate) fn unpacked(
    content: &[u8],
    (source, message): (SourceKey, MessageNo),
    recorded_at: Instant,
) -> Result<Vec<Fact>> {
    let shared = row::Shared { source, message, recorded_at };
    let (mut buffer, mut facts) = (Vec::new(), Vec::new());
    row::unpack(content, &shared, &mut buffer, &mut facts).ok_or(UNREADABLE)?;
    Ok(facts)
}

/// The content of a row of these facts, which share one; `None` where they take more than one.
pub(crate) fn packed(cluster: ClusterNo, facts: &[Fact]) -> Result<Option<Vec<u8>>> {
    let new: Vec<_> =
        (0..).zip(facts).map(|(n, fact)| NewFact { cluster, n, fact, content: None }).collect();
    let new: Vec<&NewFact<'_>> = new.iter().collect();
    let mut rest = new.as_slice();
    let mut packer = row::Packer::default();
    let content = packer.pack(&mut rest)?;
    Ok(rest.is_empty().then(|| packer.packed(&content).to_vec()))
}

/// Puts the facts of messages out of force within these clusters, because another reading of the
/// messages takes their place at `at`.
///
/// # Errors
/// What the engine does.
pub fn supersede(
    tx: &mut Tx<'_>,
    scope: &Scope,
    readings: &[(ClusterNo, MessageNo)],
    at: Instant,
) -> Result<u64> {
    let tenant = scope.whole("facts")?;
    let rows = readings.iter().map(|(cluster, message)| params![tenant, cluster.0, message.0, at]);
    tx.bulk(sql_pair!("facts/supersede"), rows)
}

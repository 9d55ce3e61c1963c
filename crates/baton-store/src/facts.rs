//! Facts, kept together by cluster so that deriving an order reads one place.
//!
//! A fact's id is not stored: it is a hash of the bytes that are, and of the source's key.
//! Facts that come from no message (our own acts) carry a negative message number of their own.

use std::collections::HashMap;
use std::ops::Range;

use baton_core::fact::{Body, Fact, Place};
use baton_core::id::{Digest, FactId, MessageNo};
use baton_core::identifier::About;
use baton_core::time::{Happened, Instant};

use crate::clusters::ClusterNo;
use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sql::{params, sql_pair};
use crate::tx::Tx;

const UNREADABLE: StoreError = StoreError::Corrupt { what: "a fact" };

/// A fact, and where it is to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewFact<'a> {
    pub cluster: ClusterNo,
    /// Its number among the statements of its message.
    pub n: i64,
    pub fact: &'a Fact,
}

/// Keeps facts. One that is there already (same cluster, message and number) stays as it is.
///
/// # Errors
/// [`StoreError::NotFound`] where a fact's source is none of the tenant's.
pub fn insert(tx: &mut Tx<'_>, scope: &Scope, facts: &[NewFact<'_>]) -> Result<u64> {
    let tenant = scope.whole("facts")?;
    let mut bytes = Vec::with_capacity(facts.len() * 128);
    let mut rows = Vec::with_capacity(facts.len());
    for new in facts {
        let Fact { about, happened, body, place, .. } = new.fact;
        let content = append(&mut bytes, &(about, happened, body))?;
        let place = match place {
            Place::None => 0..0,
            place => append(&mut bytes, place)?,
        };
        rows.push((new, tx.source_number(tenant, &new.fact.source)?, content, place));
    }
    let slice = |range: &Range<usize>| bytes.get(range.clone()).unwrap_or_default();
    tx.bulk(
        sql_pair!("facts/insert"),
        rows.iter().map(|(new, source, content, place)| {
            params![
                tenant,
                new.cluster.0,
                new.fact.message.0,
                new.n,
                *source,
                new.fact.received_at,
                new.fact.recorded_at,
                slice(content),
                slice(place),
            ]
        }),
    )
}

fn append(bytes: &mut Vec<u8>, value: &impl serde::Serialize) -> Result<Range<usize>> {
    let start = bytes.len();
    rmp_serde::encode::write(bytes, value).map_err(|_| UNREADABLE)?;
    Ok(start..bytes.len())
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
    let mut raw = Vec::new();
    let read = |row: &crate::sql::Row<'_>| {
        let start = bytes.len();
        bytes.extend_from_slice(row.bytes(5)?);
        let middle = bytes.len();
        bytes.extend_from_slice(row.bytes(6)?);
        raw.push(Raw {
            cluster: ClusterNo(row.int(0)?),
            message: MessageNo(row.int(1)?),
            source: row.int(2)?,
            received_at: row.instant(3)?,
            recorded_at: row.instant(4)?,
            content: start..middle,
            place: middle..bytes.len(),
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
    for raw in raw {
        let cluster = raw.cluster;
        let fact = raw.decode(tx, tenant, &bytes)?;
        facts.entry(cluster).or_default().push(fact);
    }
    Ok(facts)
}

struct Raw {
    cluster: ClusterNo,
    message: MessageNo,
    source: i64,
    received_at: Instant,
    recorded_at: Instant,
    content: Range<usize>,
    place: Range<usize>,
}

impl Raw {
    fn decode(self, tx: &mut Tx<'_>, tenant: i64, bytes: &[u8]) -> Result<Fact> {
        let content = bytes.get(self.content).ok_or(UNREADABLE)?;
        let place = bytes.get(self.place).ok_or(UNREADABLE)?;
        let (about, happened, body): (About, Happened, Body) =
            rmp_serde::from_slice(content).map_err(|_| UNREADABLE)?;
        let place = match place {
            [] => Place::None,
            place => rmp_serde::from_slice(place).map_err(|_| UNREADABLE)?,
        };
        let source = tx.source_key(tenant, self.source)?;
        Ok(Fact {
            id: FactId(Digest::of(&[source.as_bytes(), content])),
            about,
            happened,
            body,
            source,
            received_at: self.received_at,
            recorded_at: self.recorded_at,
            message: self.message,
            place,
        })
    }
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

//! In which clusters a message's facts were put. It is written with every batch of facts and read when
//! a message is read again or shown, which is rare; so it is kept small rather than easy to look up.
//!
//! A row holds this for the messages of one step that lie within one block of numbers: it costs a
//! few bytes a message, and a row a step. It goes by the first of the messages; a step that comes to
//! the same one adds its part to the row. A part is: its length in bytes; then for each message how
//! far it lies behind the first, how many clusters it has, and each cluster as the difference to the
//! one before.
//!
//! Never changed: a cluster may have been merged since, and a reading superseded.

use std::collections::BTreeSet;

use baton_core::id::MessageNo;

use crate::clusters::ClusterNo;
use crate::error::{Result, StoreError};
use crate::sql::{params, sql_pair};
use crate::tx::Tx;
use crate::varint;

/// How many message numbers make a block: a look-up reads the rows of one.
const BLOCK: i64 = 256;
const UNREADABLE: StoreError = StoreError::Corrupt { what: "the whereabouts of facts" };

type Pair = (MessageNo, ClusterNo);

/// Keeps pairs, which are sorted and each there once.
pub(crate) fn add(tx: &mut Tx<'_>, tenant: i64, pairs: &[Pair]) -> Result<()> {
    let rows: Vec<(MessageNo, Vec<u8>)> = pairs
        .chunk_by(|(one, _), (other, _)| block(*one) == block(*other))
        .filter_map(|pairs| Some((pairs.first()?.0, part(pairs))))
        .collect();
    let rows = rows.iter().map(|(first, part)| params![tenant, first.0, part.as_slice()]);
    tx.bulk(sql_pair!("whereabouts/insert"), rows).map(drop)
}

/// The pairs that were kept of these messages.
pub(crate) fn of_messages(
    tx: &mut Tx<'_>,
    tenant: i64,
    messages: &[MessageNo],
) -> Result<BTreeSet<Pair>> {
    let wanted: BTreeSet<MessageNo> = messages.iter().copied().collect();
    let blocks: BTreeSet<i64> = messages.iter().map(|message| block(*message)).collect();
    let ranges = blocks.iter().map(|b| params![tenant, b * BLOCK, b * BLOCK + (BLOCK - 1)]);
    let mut found = BTreeSet::new();
    tx.bulk_query(sql_pair!("whereabouts/within"), ranges, |row| {
        let mut parts = row.bytes(1)?;
        while !parts.is_empty() {
            let part = varint::take_run(&mut parts).ok_or(UNREADABLE)?;
            let pairs = read(row.int(0)?, part).ok_or(UNREADABLE)?;
            found.extend(pairs.into_iter().filter(|(message, _)| wanted.contains(message)));
        }
        Ok(())
    })?;
    Ok(found)
}

const fn block(message: MessageNo) -> i64 {
    message.0.div_euclid(BLOCK)
}

fn part(pairs: &[Pair]) -> Vec<u8> {
    let first = pairs.first().map_or(0, |(message, _)| message.0);
    let mut part = Vec::with_capacity(pairs.len() * 4);
    let mut before = 0;
    for of_one in pairs.chunk_by(|(one, _), (other, _)| one == other) {
        let behind = of_one.first().map_or(0, |(message, _)| message.0 - first);
        varint::put(&mut part, behind.cast_unsigned());
        varint::put(&mut part, of_one.len() as u64);
        for (_, cluster) in of_one {
            varint::put_signed(&mut part, cluster.0.wrapping_sub(before));
            before = cluster.0;
        }
    }
    let mut whole = Vec::with_capacity(part.len() + 2);
    varint::put(&mut whole, part.len() as u64);
    whole.append(&mut part);
    whole
}

fn read(first: i64, mut part: &[u8]) -> Option<Vec<Pair>> {
    let mut pairs = Vec::new();
    let mut cluster = 0i64;
    while !part.is_empty() {
        let message = first.checked_add_unsigned(varint::take(&mut part)?)?;
        for _ in 0..varint::take(&mut part)? {
            cluster = cluster.wrapping_add(varint::take_signed(&mut part)?);
            pairs.push((MessageNo(message), ClusterNo(cluster)));
        }
    }
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_comes_back_and_what_is_cut_off_is_refused() {
        let pairs: Vec<Pair> = [(300, 7), (300, 9), (301, 2), (511, i64::MAX), (511, i64::MIN)]
            .map(|(message, cluster)| (MessageNo(message), ClusterNo(cluster)))
            .to_vec();
        let whole = part(&pairs);
        let mut rest = whole.as_slice();
        let inner = varint::take_run(&mut rest).unwrap();
        assert!(rest.is_empty());
        assert_eq!(read(300, inner), Some(pairs));
        assert_eq!(read(300, &inner[..inner.len() - 1]), None);
    }
}

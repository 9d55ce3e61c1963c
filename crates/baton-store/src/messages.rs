//! Messages: what arrived, byte for byte, kept before anything is understood.
//!
//! Duplicates are found by natural keys: the sender's own number of the message, or its bytes where
//! the connector says that they are enough. The same number with the same bytes is a duplicate, also
//! within one batch and between two writers at one instant. The same number with other bytes is kept,
//! to be read and flagged. Where the connector ignores parts of a message, bytes are equal if all else is.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use baton_core::id::{Digest, MessageNo};
use baton_core::partner::SourceKey;
use baton_core::time::Instant;
use baton_core::usage::Day;

use crate::body::{BodyHash, PackedBody, unpack};
use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sources::{self, SourceId};
use crate::sql::{Row, params, sql, sql_pair};
use crate::tx::Tx;
use crate::usage::{self, Kind, Note};

/// How many messages one call may receive or read.
pub const BATCH_MAX: usize = 10_000;
/// A sender's own number longer than this is known by its hash.
const OWN_ID_BYTES_MAX: usize = 200;

/// A message to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    pub source: SourceId,
    pub received_at: Instant,
    pub content_type: String,
    /// The headers that matter, as a JSON object.
    pub headers: String,
    /// The sender's own number of this message.
    pub own_id: Option<String>,
    /// Whether equal bytes mean the same message, whatever its number: so where the number is only the
    /// caller's.
    pub bytes_identify: bool,
    /// A digest of the message without what its connector ignores; where nothing of it is, `None`.
    pub content: Option<Digest>,
    pub body: PackedBody,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// Kept, and waiting to be interpreted.
    Accepted(MessageNo),
    /// The same as one that is kept already; counted, not kept again.
    Duplicate { of: MessageNo },
    /// Its number was used before with other bytes: kept, and waiting to be interpreted.
    Differs { id: MessageNo, of: MessageNo },
}

/// A message without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: MessageNo,
    pub source: SourceId,
    pub source_key: SourceKey,
    /// The first durable receipt, the earliest of all copies.
    pub received_at: Instant,
    pub content_type: String,
    /// A JSON object.
    pub headers: String,
    pub hash: BodyHash,
    /// The length of the body as it came.
    pub size_bytes: i64,
    /// How often it came again.
    pub repeats: i64,
    pub last_repeated_at: Option<Instant>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub entry: Entry,
    pub body: Vec<u8>,
}

/// Keeps a batch of messages and queues those that are new. The answers are in the order of the batch.
///
/// # Errors
/// [`StoreError::TooMany`] above [`BATCH_MAX`]; then, as on any error, nothing was kept.
pub fn receive_batch(tx: &mut Tx<'_>, scope: &Scope, batch: &[NewMessage]) -> Result<Vec<Receipt>> {
    let tenant = scope.whole("receiving messages")?;
    if batch.len() > BATCH_MAX {
        return Err(StoreError::TooMany { what: "receiving messages", limit: BATCH_MAX });
    }
    let first_number = tx.numbers(tenant, Counter::Message, batch.len())?.start;
    let numbers: Vec<i64> = (first_number..).take(batch.len()).collect();
    let receipts = settle_keys(tx, tenant, batch, &numbers)?;
    let repeats = repeats(batch, &receipts);
    let kept = || {
        batch.iter().zip(&numbers).zip(&receipts).filter_map(|((message, number), receipt)| {
            (!matches!(receipt, Receipt::Duplicate { .. })).then_some((message, *number))
        })
    };
    tx.bulk(
        sql_pair!("messages/insert"),
        kept().map(|(message, number)| {
            let body = &message.body;
            params![
                number,
                tenant,
                message.source.0,
                first_receipt(message, number, &repeats),
                &message.content_type,
                &message.headers,
                &body.hash[..],
                body.size_bytes as i64,
                body.encoding,
                &body.bytes[..],
            ]
        }),
    )?;
    if tx.is_only_writer() {
        // PostgreSQL's statement has left the notes itself.
        for ((source, _), (number, note)) in received(kept()) {
            usage::note_received(tx, (tenant, source), number, note)?;
        }
    }
    let queued = kept()
        .map(|(message, number)| params![tenant, number, first_receipt(message, number, &repeats)]);
    tx.bulk(sql_pair!("pending/insert"), queued)?;
    count_repeats(tx, tenant, &repeats)?;
    for (number, note) in repeated(batch, &numbers, &receipts).into_values() {
        usage::note(tx, tenant, number, note)?;
    }
    sources::heard(tx, tenant, batch.iter().map(|message| (message.source, message.received_at)))?;
    Ok(receipts)
}

/// What is noted as used of messages that are kept, by source and day, with the first of their numbers.
fn received<'a>(
    kept: impl Iterator<Item = (&'a NewMessage, i64)>,
) -> BTreeMap<(i64, Day), (i64, Note)> {
    let mut notes = BTreeMap::new();
    for (message, number) in kept {
        let at = message.received_at;
        let slot = (message.source.0, Day::of(at));
        let none = Note { kind: Kind::Message, at, events: 0, bytes: 0 };
        let (_, note) = notes.entry(slot).or_insert((number, none));
        note.events += 1;
        note.bytes += message.body.size_bytes as i64;
    }
    notes
}

/// The same of those that came again, by day: each has a number of its own that no message got.
fn repeated(
    batch: &[NewMessage],
    numbers: &[i64],
    receipts: &[Receipt],
) -> BTreeMap<Day, (i64, Note)> {
    let mut notes = BTreeMap::new();
    for ((message, number), receipt) in batch.iter().zip(numbers).zip(receipts) {
        if let Receipt::Duplicate { .. } = receipt {
            let at = message.received_at;
            let none = Note { kind: Kind::Repeat, at, events: 0, bytes: 0 };
            let (_, note) = notes.entry(Day::of(at)).or_insert((*number, none));
            note.events += 1;
        }
    }
    notes
}

/// How often a message came again in a batch, and between which receipts.
#[derive(Debug, Clone, Copy)]
struct Repeats {
    count: i64,
    first_at: Instant,
    last_at: Instant,
}

/// By number, so that two writers wait for each other's rows in the same order.
fn repeats(batch: &[NewMessage], receipts: &[Receipt]) -> BTreeMap<MessageNo, Repeats> {
    let mut repeats: BTreeMap<MessageNo, Repeats> = BTreeMap::new();
    for (message, receipt) in batch.iter().zip(receipts) {
        if let Receipt::Duplicate { of } = receipt {
            let at = message.received_at;
            let some =
                repeats.entry(*of).or_insert(Repeats { count: 0, first_at: at, last_at: at });
            some.count += 1;
            some.first_at = at.min(some.first_at);
            some.last_at = at.max(some.last_at);
        }
    }
    repeats
}

/// A message's receipt is the earliest of its copies, whichever of them is kept.
fn first_receipt(
    message: &NewMessage,
    number: i64,
    repeats: &BTreeMap<MessageNo, Repeats>,
) -> Instant {
    let again = repeats.get(&MessageNo(number)).map(|some| some.first_at);
    again.map_or(message.received_at, |at| at.min(message.received_at))
}

/// Counts repeats. One that was received before the message that is kept moves its receipt, and what
/// was made of the message is noted for being stamped again (see [`crate::earlier`]).
fn count_repeats(
    tx: &mut Tx<'_>,
    tenant: i64,
    repeats: &BTreeMap<MessageNo, Repeats>,
) -> Result<()> {
    for (id, Repeats { count, first_at, last_at }) in repeats {
        tx.execute(sql!("messages/note_earlier"), params![tenant, id.0, *first_at])?;
        let values = params![tenant, id.0, *count, *last_at, *first_at];
        tx.execute(sql!("messages/repeat"), values)?;
        tx.execute(sql!("pending/repeat"), params![tenant, id.0, *first_at])?;
    }
    Ok(())
}

/// Takes the natural keys of a batch and says of each message what it is.
fn settle_keys(
    tx: &mut Tx<'_>,
    tenant: i64,
    batch: &[NewMessage],
    numbers: &[i64],
) -> Result<Vec<Receipt>> {
    let keys: Vec<Option<String>> = batch.iter().map(natural_key).collect();
    let mut holders: HashMap<(i64, &str), (MessageNo, BodyHash)> = HashMap::new();
    let mut firsts = Vec::with_capacity(batch.len());
    for ((message, key), number) in batch.iter().zip(&keys).zip(numbers) {
        let Some(key) = key else { continue };
        let slot = (message.source.0, key.as_str());
        if let std::collections::hash_map::Entry::Vacant(vacant) = holders.entry(slot) {
            vacant.insert((MessageNo(*number), message.body.hash));
            firsts.push((slot, *number));
        }
    }
    let taken = tx.bulk(
        sql_pair!("messages/insert_key"),
        firsts.iter().map(|((source, key), number)| params![tenant, *source, *key, *number]),
    )?;
    if taken < firsts.len() as u64 {
        // Some were known before this batch: learn of which message.
        let known = firsts.iter().map(|((source, key), _)| params![tenant, *source, *key]);
        let mut found = HashMap::new();
        tx.bulk_query(sql_pair!("messages/by_key"), known, |row| {
            let slot = (row.int(0)?, row.text(1)?.to_owned());
            found.insert(slot, (MessageNo(row.int(2)?), read_hash(row, 3)?));
            Ok(())
        })?;
        // A key that this batch has just taken leads to a message that is not there yet.
        for ((source, key), holder) in &mut holders {
            if let Some(earlier) = found.get(&(*source, (*key).to_owned())) {
                *holder = *earlier;
            }
        }
    }
    let mut receipts = Vec::with_capacity(batch.len());
    for ((message, key), number) in batch.iter().zip(&keys).zip(numbers) {
        let number = MessageNo(*number);
        let holder = key.as_ref().and_then(|key| holders.get(&(message.source.0, key.as_str())));
        receipts.push(match (key, holder) {
            (Some(key), Some((of, hash))) if *of != number => {
                if message.bytes_identify || *hash == message.body.hash {
                    Receipt::Duplicate { of: *of }
                } else {
                    keep_differing(tx, tenant, (message, key), number, *of)?
                }
            }
            (key, _) => keep_first(tx, tenant, (message, key.as_deref()), number)?,
        });
    }
    Ok(receipts)
}

/// A message whose natural key was free, with its other keys.
fn keep_first(
    tx: &mut Tx<'_>,
    tenant: i64,
    (message, key): (&NewMessage, Option<&str>),
    id: MessageNo,
) -> Result<Receipt> {
    let source = message.source.0;
    if let (true, Some(number)) = (message.bytes_identify, &message.own_id) {
        // Other bytes under a number that the caller gave before.
        let key = number_key(number);
        if tx.execute(sql!("messages/insert_one_key"), params![tenant, source, &key, id.0])? == 0 {
            let values = params![tenant, source, &key];
            let of = tx.row(sql!("messages/one_by_key"), &values, |row| row.int(0))?;
            return Ok(
                of.map_or(Receipt::Accepted(id), |of| Receipt::Differs { id, of: MessageNo(of) })
            );
        }
    } else if let (Some(_), Some(key)) = (message.content, key) {
        // By which one is known that differs only in what is ignored.
        let key = differing_key(message, key);
        tx.execute(sql!("messages/insert_one_key"), params![tenant, source, &key, id.0])?;
    }
    Ok(Receipt::Accepted(id))
}

/// A number that was used again: kept once for each different body.
fn keep_differing(
    tx: &mut Tx<'_>,
    tenant: i64,
    (message, key): (&NewMessage, &str),
    id: MessageNo,
    of: MessageNo,
) -> Result<Receipt> {
    let key = differing_key(message, key);
    let source = message.source.0;
    let values = params![tenant, source, &key, id.0];
    if tx.execute(sql!("messages/insert_one_key"), values)? == 1 {
        return Ok(Receipt::Differs { id, of });
    }
    let kept = tx.row(sql!("messages/one_by_key"), &params![tenant, source, &key], |row| {
        Ok(MessageNo(row.int(0)?))
    })?;
    Ok(Receipt::Duplicate { of: kept.unwrap_or(of) })
}

fn natural_key(message: &NewMessage) -> Option<String> {
    match &message.own_id {
        _ if message.bytes_identify => Some(format!("h{}", content_text(message))),
        Some(own_id) => Some(number_key(own_id)),
        None => None,
    }
}

fn number_key(number: &str) -> String {
    if number.len() <= OWN_ID_BYTES_MAX {
        return format!("i{number}");
    }
    format!("l{}", blake3::hash(number.as_bytes()).to_hex())
}

/// For a message whose number (by `key`) other messages may have as well.
fn differing_key(message: &NewMessage, key: &str) -> String {
    format!("d{key}#{}", content_text(message))
}

fn content_text(message: &NewMessage) -> String {
    message.content.map_or_else(|| hex(&message.body.hash), |content| content.to_string())
}

fn hex(hash: &BodyHash) -> String {
    let mut text = String::with_capacity(2 * hash.len());
    for byte in hash {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The messages with these numbers that the scope reaches, in no particular order.
///
/// # Errors
/// [`StoreError::TooMany`] above [`BATCH_MAX`].
pub fn get_many(tx: &mut Tx<'_>, scope: &Scope, ids: &[MessageNo]) -> Result<Vec<Message>> {
    let tenant = scope.within("messages")?;
    if ids.len() > BATCH_MAX {
        return Err(StoreError::TooMany { what: "reading messages", limit: BATCH_MAX });
    }
    let partner = scope.partner_text();
    let mut found = Vec::with_capacity(ids.len());
    let wanted = ids.iter().map(|id| params![tenant, partner, id.0]);
    tx.bulk_query(sql_pair!("messages/get"), wanted, |row| {
        let entry = read(row)?;
        let body = unpack(row.bytes(11)?, row.int(10)?, entry.size_bytes)?;
        found.push(Message { entry, body });
        Ok(())
    })?;
    Ok(found)
}

/// One message.
///
/// # Errors
/// [`StoreError::NotFound`], also where the scope does not reach it.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, id: MessageNo) -> Result<Message> {
    get_many(tx, scope, &[id])?.pop().ok_or_else(|| StoreError::not_found("message", id.0))
}

/// Up to `limit` messages before `before` (or the newest), newest first, of one source or of all.
///
/// # Errors
/// What the engine does.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    source: Option<SourceId>,
    before: Option<MessageNo>,
    limit: usize,
) -> Result<Vec<Entry>> {
    let tenant = scope.within("messages")?;
    let values = params![
        tenant,
        scope.partner_text(),
        source.map(|source| source.0),
        before.map_or(i64::MAX, |id| id.0),
        limit.min(BATCH_MAX) as i64,
    ];
    tx.rows(sql!("messages/list"), &values, read)
}

fn read(row: &Row<'_>) -> Result<Entry> {
    Ok(Entry {
        id: MessageNo(row.int(0)?),
        source: SourceId(row.int(1)?),
        source_key: row.text(2)?.into(),
        received_at: row.instant(3)?,
        content_type: row.text(4)?.to_owned(),
        headers: row.text(5)?.to_owned(),
        hash: read_hash(row, 6)?,
        size_bytes: row.int(7)?,
        repeats: row.int(8)?,
        last_repeated_at: row.instant_or_null(9)?,
    })
}

fn read_hash(row: &Row<'_>, column: usize) -> Result<BodyHash> {
    row.bytes(column)?.try_into().map_err(|_| StoreError::Corrupt { what: "a message's hash" })
}

/// The numbers that were kept, for a caller that goes on with them.
#[must_use]
pub fn kept(receipts: &[Receipt]) -> HashSet<MessageNo> {
    receipts
        .iter()
        .filter_map(|receipt| match receipt {
            Receipt::Accepted(id) | Receipt::Differs { id, .. } => Some(*id),
            Receipt::Duplicate { .. } => None,
        })
        .collect()
}

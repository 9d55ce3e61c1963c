//! The content of a row of facts.
//!
//! It is: a number for the format; how much later than received the facts were recorded, in
//! microseconds; the length of what follows when expanded; and that, squeezed. Expanded it is for
//! each fact its content, MessagePack of (about, happened, body), of which its id is a hash, and its
//! place in the message; each with its length before it.

use std::ops::Range;

use baton_core::fact::{Body, Fact, Place};
use baton_core::id::{Digest, FactId, MessageNo};
use baton_core::identifier::About;
use baton_core::partner::SourceKey;
use baton_core::time::{Happened, Instant};

use super::{NewFact, UNREADABLE};
use crate::error::Result;
use crate::squeeze::{expand, squeeze};
use crate::varint;

/// The format of content as this module describes it.
const FORMAT: u8 = 1;
/// A row takes facts up to this length, and at least one.
const PLAIN_BYTES_MAX: usize = 32 * 1_024;

/// What the facts of a row have in common.
pub(super) struct Shared {
    pub(super) source: SourceKey,
    pub(super) message: MessageNo,
    pub(super) recorded_at: Instant,
}

/// Packs rows one after the other, and holds their content.
#[derive(Default)]
pub(super) struct Packer {
    plain: Vec<u8>,
    one: Vec<u8>,
    packed: Vec<u8>,
}

impl Packer {
    /// Packs a row of the first of `facts`, which share one, and takes them off.
    pub(super) fn pack(&mut self, facts: &mut &[&NewFact<'_>]) -> Result<Range<usize>> {
        let start = self.packed.len();
        self.plain.clear();
        self.packed.push(FORMAT);
        if let Some(first) = facts.first() {
            let Fact { recorded_at, received_at, .. } = first.fact;
            let delay = recorded_at.micros().wrapping_sub(received_at.micros());
            varint::put_signed(&mut self.packed, delay);
        }
        while let Some((new, rest)) = facts.split_first() {
            let Fact { about, happened, body, place, .. } = new.fact;
            match new.content {
                Some(content) => self.append_run(content),
                None => self.append(&(about, happened, body))?,
            }
            match place {
                Place::None => self.plain.push(0),
                place => self.append(place)?,
            }
            *facts = rest;
            if self.plain.len() >= PLAIN_BYTES_MAX {
                break;
            }
        }
        varint::put(&mut self.packed, self.plain.len() as u64);
        squeeze(&self.plain, &mut self.packed).ok_or(UNREADABLE)?;
        Ok(start..self.packed.len())
    }

    /// The content of a row that was packed.
    pub(super) fn packed(&self, row: &Range<usize>) -> &[u8] {
        self.packed.get(row.clone()).unwrap_or_default()
    }

    fn append(&mut self, value: &impl serde::Serialize) -> Result<()> {
        self.one.clear();
        rmp_serde::encode::write(&mut self.one, value).map_err(|_| UNREADABLE)?;
        let one = std::mem::take(&mut self.one);
        self.append_run(&one);
        self.one = one;
        Ok(())
    }

    fn append_run(&mut self, run: &[u8]) {
        varint::put(&mut self.plain, run.len() as u64);
        self.plain.extend_from_slice(run);
    }
}

/// Unpacks the content of a row; `None` where it is none. `buffer` is used again.
pub(super) fn unpack(
    packed: &[u8],
    shared: &Shared,
    buffer: &mut Vec<u8>,
    facts: &mut Vec<Fact>,
) -> Option<()> {
    let mut rest = packed.strip_prefix(&[FORMAT])?;
    let delay = varint::take_signed(&mut rest)?;
    let received_at = Instant::from_micros(shared.recorded_at.micros().wrapping_sub(delay));
    let size = usize::try_from(varint::take(&mut rest)?).ok()?;
    let mut plain = expand(rest, size, buffer)?;
    while !plain.is_empty() {
        let content = varint::take_run(&mut plain)?;
        let (about, happened, body): (About, Happened, Body) =
            rmp_serde::from_slice(content).ok()?;
        let place = match varint::take_run(&mut plain)? {
            [] => Place::None,
            place => rmp_serde::from_slice(place).ok()?,
        };
        facts.push(Fact {
            id: FactId(Digest::of(&[shared.source.as_bytes(), content])),
            about,
            happened,
            body,
            source: shared.source.clone(),
            received_at,
            recorded_at: shared.recorded_at,
            message: shared.message,
            place,
        });
    }
    Some(())
}

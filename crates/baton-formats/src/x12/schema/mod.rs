//! What the standard declares of transaction sets, as data: which loops and segments a set has
//! ([`sets`]), and what the elements of a segment may hold ([`elements`]). Taken broadly over the
//! releases from 3010 to 5010: where they differ the wider rule stands, so that a partner on an old
//! release is not told off for it.

pub mod elements;
mod sets;

use super::segment::key_of;

/// A segment or a loop in its place within a loop or a set. The order of parts is the order that
/// the standard wants.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Segment identifier; for a loop that of its first segment, which also names the loop.
    pub id: &'static str,
    pub(super) key: u32,
    /// Must it occur?
    pub required: bool,
    /// How often it may occur; 0 for as often as one likes.
    pub repeat_max: u32,
    /// The parts of a loop, its first segment among them; empty for a segment.
    pub parts: &'static [Part],
}

/// A transaction set.
#[derive(Debug, Clone, Copy)]
pub struct SetSchema {
    /// ST01.
    pub code: &'static str,
    /// What it is, in the trade's words.
    pub name: &'static str,
    /// Everything between ST and SE.
    pub parts: &'static [Part],
}

/// The schema of a set; `None` for sets that are read as flat segments.
pub fn of(set_code: &str) -> Option<&'static SetSchema> {
    sets::ALL.iter().find(|schema| schema.code == set_code)
}

/// The identifier that has a key, of those that any schema or the envelope knows.
pub(super) fn id_of(key: u32) -> Option<&'static str> {
    const ENVELOPE: [&str; 8] = ["ISA", "TA1", "GS", "ST", "SE", "GE", "IEA", "BDS"];
    let envelope = ENVELOPE.into_iter().find(|id| key_of(id) == key);
    let of_set = |schema: &SetSchema| id_within(schema.parts, key);
    envelope.or_else(|| sets::ALL.iter().find_map(of_set))
}

/// Recursion ends with the tables, which are a few loops deep.
fn id_within(parts: &'static [Part], key: u32) -> Option<&'static str> {
    let found = |part: &'static Part| {
        if part.key == key { Some(part.id) } else { id_within(part.parts, key) }
    };
    parts.iter().find_map(found)
}

/// The functional identifier (GS01) that a set belongs under, for the sets known here.
pub fn functional_id(set_code: &str) -> Option<&'static str> {
    let found = FUNCTIONAL_IDS.iter().find(|(code, _)| *code == set_code);
    found.map(|(_, functional_id)| *functional_id)
}

/// A set code as the table has it, if it is known here.
pub(super) fn known_code(set_code: &str) -> Option<&'static str> {
    FUNCTIONAL_IDS.iter().find(|(code, _)| *code == set_code.trim()).map(|(code, _)| *code)
}

#[rustfmt::skip]
const FUNCTIONAL_IDS: [(&str, &str); 36] = [
    ("204", "SM"), ("210", "IM"), ("214", "QM"), ("270", "HS"), ("271", "HB"), ("276", "HR"),
    ("277", "HN"), ("278", "HI"), ("310", "IO"), ("810", "IN"), ("812", "CD"), ("820", "RA"),
    ("824", "AG"), ("830", "PS"), ("832", "SC"), ("834", "BE"), ("835", "HP"), ("837", "HC"),
    ("840", "RQ"), ("843", "RR"), ("846", "IB"), ("850", "PO"), ("852", "PD"), ("855", "PR"),
    ("856", "SH"), ("858", "SI"), ("860", "PC"), ("861", "RC"), ("862", "SS"), ("865", "CA"),
    ("940", "OW"), ("943", "AR"), ("944", "RE"), ("945", "SW"), ("997", "FA"), ("999", "FA"),
];

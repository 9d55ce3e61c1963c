//! Squeezing what is short and full of repeats: the facts of one message.
//!
//! A general compressor spends more on its tables than such a text is long. This one replaces a run
//! of bytes by how far back the same run stands, where "back" reaches over what came before into
//! [`WORDS`], a text that reader and writer both have, with what facts are mostly made of.
//!
//! The squeezed form is a sequence of literals and copies. A byte below 128 is the number of
//! literals that follow, less one. Any other is a copy: six bits of its length less
//! [`COPY_MIN`] (all set: a number that is added follows), and one that says whether the distance
//! takes two bytes or one; distances are kept less one, the low byte first.
//!
//! INVARIANT: stored rows were made with [`WORDS`] as it is. It is never changed; other words are
//! another format, with a number of its own beside the old one.

use std::sync::LazyLock;

use crate::varint;

/// What facts are mostly made of, the likeliest last. MessagePack, as the core writes it.
const WORDS: &[u8] = b"\0\
    \xa6source\xa6source\xa6handed\xa8apart\x81\xa8unmapped\x91\x93\
    \x81\xaaheard_again\x91\xcf\x81\xa9delivered\x94\x81\xa6waived\x93\x81\xa6struck\x93\
    \x81\xadmessage_fault\x92\xa8E-DAT-05\x81\xa5noted\x91\xa4note\
    \xaabackordered\xa8received\xa9allocated\xa9cancelled\xa8invoiced\xa8returned\xa9delivered\
    \xa9requested\xa8promised\xa9appointed\x81\xa9retracted\x92\
    \xacdescription\xa8incoterm\xadservice_level\xafship_to_country\x81\xa4text\xa2\
    \xaccustomer_ref\xadcustomer_name\xa7channel\xa5price\x81\xa5money\x92\
    \x81\xa6stated\x92\xa5total\x81\xa5money\x92\xa6\xa3USD\xa3EUR\
    \x81\xa6stated\x92\xadship_to_place\x81\xa4text\
    \x81\xa7trouble\x93\xa8E-TRN-01\xa6raised\xa7cleared\
    \xa5plays\x92\xa8supplier\xa6seller\xa6vendor\xabmanufacturer\xabdistributor\xa8platform\
    \x81\xa5plays\x92\xa8commerce\x81\xa5plays\x92\xa9warehouse\xa33pl\xa3erp\
    \x81\xa5plays\x92\xa7carrier\xa7service\
    \xa7package\xa4sscc\xa7invoice\xa3job\xa3leg\xa3bol\xa3asn\
    \xaabilled_by\xa9served_by\xa8inferred\xa7unknown\xa7receipt\
    \x81\xa3act\x95\xa9withdrawn\x81\xa3act\x95\xa7cleared\xa8E-DAT-07\
    \xa5given\x81\xa5acted\x95\xa9announced\xa8E-DAT-01\xc4\x10\
    \x81\xa4same\x92\x94\xa5order\xa9shop_name\xa9reference\xacdeclared_key\
    \xa7shipped\xa9confirmed\x81\xa6amount\x93\xa7ordered\x92\xa11\xa2EA\xc0\
    \xa7segment\x93\x81\xa4line\x81\xa7segment\x93\
    \x81\xa7pointer\xad/line_items/0/\x81\xa7pointer\xa8/lines/0\
    \xa7planned\xa9estimated\xa8x12-214\xa6AT7-01\xa6AT7-02\xa5given\
    \x81\xa6within\x93\xa8contains\x94\xa5order\xabsales_order\xa5added\
    \x81\xa7related\x93\xa8contains\x94\xa8shipment\xa5added\
    \x93\x92\x94\xa8shipment\xa8tracking\xa8shipment\
    \x93\x92\x94\xa5order\xaashop_order\xa4shop\x93\x92\x94\xa5order\xabsales_order\xa4self\xaa\
    \x93\x92\x94\xa5order\xa2po\xa4self\xc0\x93\xcf\x00\x06\x4c\xcf\x00\x06\
    \xa5given\x81\xa8progress\x94\xa3O10\xa5given\x81\xa8progress\x94\xa3T\
    \xa6actual\xc0\x95\xc0\xc0\xc0\xc0\xc0";

/// Shorter repeats than this are left as they are.
const COPY_MIN: usize = 4;
const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 11;
const LITERALS_MAX: usize = 128;
const COPY: u8 = 0x80;
const FAR: u8 = 0x40;
/// A copy's length that does not fit its byte.
const LONG: usize = 0x3f;

/// Where in the words each run of four bytes stands last; 0 for nowhere.
static WORD_PLACES: LazyLock<[u16; SLOTS]> = LazyLock::new(|| {
    let mut places = [0; SLOTS];
    for at in 1..WORDS.len() - COPY_MIN {
        remember(&mut places, WORDS, at);
    }
    places
});

/// A squeezer, which is large and is to be used again.
pub(crate) struct Squeezer {
    /// The words, and after them what is squeezed.
    bytes: Vec<u8>,
    places: Box<[u16; SLOTS]>,
}

impl Squeezer {
    pub(crate) fn new() -> Self {
        Self { bytes: WORDS.to_vec(), places: Box::new([0; SLOTS]) }
    }

    /// Appends `plain`, squeezed, to `out`.
    pub(crate) fn squeeze(&mut self, plain: &[u8], out: &mut Vec<u8>) {
        self.bytes.truncate(WORDS.len());
        self.bytes.extend_from_slice(plain);
        self.places.copy_from_slice(WORD_PLACES.as_slice());
        let bytes = self.bytes.as_slice();
        let (mut at, mut literals) = (WORDS.len(), WORDS.len());
        while let Some(run) = run_at(bytes, at) {
            let back = usize::from(remember(&mut self.places, bytes, at));
            if back == 0 || run_at(bytes, back) != Some(run) || at - back > usize::from(u16::MAX) {
                at += 1;
                continue;
            }
            let length = COPY_MIN + common(bytes, back + COPY_MIN, at + COPY_MIN);
            put_literals(out, bytes.get(literals..at).unwrap_or_default());
            put_copy(out, at - back, length);
            for passed in at + 1..at + length {
                remember(&mut self.places, bytes, passed);
            }
            at += length;
            literals = at;
        }
        put_literals(out, bytes.get(literals..).unwrap_or_default());
    }
}

/// Undoes [`Squeezer::squeeze`], into a buffer that is used again; `None` where that is not what
/// made it, or made it of more or fewer than `size` bytes.
pub(crate) fn expand<'a>(
    mut squeezed: &[u8],
    size: usize,
    buffer: &'a mut Vec<u8>,
) -> Option<&'a [u8]> {
    buffer.clear();
    buffer.extend_from_slice(WORDS);
    let end = WORDS.len().checked_add(size)?;
    while let Some((first, rest)) = squeezed.split_first() {
        squeezed = rest;
        if first & COPY == 0 {
            let (literals, rest) = squeezed.split_at_checked(usize::from(*first) + 1)?;
            squeezed = rest;
            buffer.extend_from_slice(literals);
        } else {
            let (length, distance) = take_copy(*first, &mut squeezed)?;
            let from = buffer.len().checked_sub(distance)?;
            if length > end.checked_sub(buffer.len())? {
                return None;
            }
            if distance >= length {
                buffer.extend_from_within(from..from + length);
            } else {
                // What is copied begins before it is there as a whole.
                for at in from..from + length {
                    buffer.push(*buffer.get(at)?);
                }
            }
        }
        if buffer.len() > end {
            return None;
        }
    }
    (buffer.len() == end).then(|| buffer.get(WORDS.len()..))?
}

fn take_copy(first: u8, squeezed: &mut &[u8]) -> Option<(usize, usize)> {
    let mut length = usize::from(first) & LONG;
    if length == LONG {
        length = length.checked_add(usize::try_from(varint::take(squeezed)?).ok()?)?;
    }
    let distance = if first & FAR == 0 {
        let (low, rest) = squeezed.split_first()?;
        *squeezed = rest;
        usize::from(*low)
    } else {
        let (both, rest) = squeezed.split_first_chunk()?;
        *squeezed = rest;
        usize::from(u16::from_le_bytes(*both))
    };
    Some((length.checked_add(COPY_MIN)?, distance + 1))
}

fn put_literals(out: &mut Vec<u8>, literals: &[u8]) {
    for some in literals.chunks(LITERALS_MAX) {
        out.push((some.len() - 1) as u8);
        out.extend_from_slice(some);
    }
}

fn put_copy(out: &mut Vec<u8>, distance: usize, length: usize) {
    let (length, distance) = (length - COPY_MIN, distance - 1);
    let far = if distance > usize::from(u8::MAX) { FAR } else { 0 };
    out.push(COPY | far | length.min(LONG) as u8);
    if length >= LONG {
        varint::put(out, (length - LONG) as u64);
    }
    let bytes = (distance as u16).to_le_bytes();
    out.extend_from_slice(if far == 0 { &bytes[..1] } else { &bytes });
}

fn run_at(bytes: &[u8], at: usize) -> Option<u32> {
    let run = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*run))
}

/// Notes that a run stands at `at`; returns where it, or another of the same slot, stood before.
fn remember(places: &mut [u16; SLOTS], bytes: &[u8], at: usize) -> u16 {
    let (Some(run), Ok(place)) = (run_at(bytes, at), u16::try_from(at)) else { return 0 };
    let slot = run.wrapping_mul(0x9e37_79b1) >> (u32::BITS - SLOT_BITS);
    places.get_mut(slot as usize).map_or(0, |known| std::mem::replace(known, place))
}

/// How many bytes from `one` on equal those from `other`, the later.
fn common(bytes: &[u8], one: usize, other: usize) -> usize {
    let tail = |at| bytes.get(at..).unwrap_or_default().iter();
    tail(one).zip(tail(other)).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(plain: &[u8]) -> Vec<u8> {
        let mut squeezed = Vec::new();
        Squeezer::new().squeeze(plain, &mut squeezed);
        let mut buffer = Vec::new();
        assert_eq!(expand(&squeezed, plain.len(), &mut buffer), Some(plain));
        assert_eq!(expand(&squeezed, plain.len() + 1, &mut buffer), None);
        if !plain.is_empty() {
            assert_eq!(expand(&squeezed, plain.len() - 1, &mut buffer), None);
        }
        squeezed
    }

    #[test]
    fn repeats_and_known_words_take_little() {
        assert!(check(b"").is_empty());
        assert_eq!(check(b"abc").len(), 4);
        assert!(check(&[7; 100_000]).len() < 16);
        assert!(
            check(b"\xa5given\x81\xa8progress\x94\xa3T60\xa6actual\xc0\x95\xc0\xc0").len() < 16
        );
        let far: Vec<u8> = (0..40_000u32).flat_map(|n| (n % 7_001).to_le_bytes()).collect();
        check(&far);
    }

    proptest! {
        #[test]
        fn everything_comes_back(
            parts in prop::collection::vec((prop::collection::vec(any::<u8>(), 1..40), 1..9usize), 0..40),
        ) {
            let plain: Vec<u8> = parts.iter().flat_map(|(part, times)| part.repeat(*times)).collect();
            check(&plain);
        }

        #[test]
        fn garbage_is_refused_or_bounded(
            garbage in prop::collection::vec(any::<u8>(), 0..200),
            size in 0..5_000usize,
        ) {
            let mut buffer = Vec::new();
            if let Some(plain) = expand(&garbage, size, &mut buffer) {
                prop_assert_eq!(plain.len(), size);
            }
            prop_assert!(buffer.len() <= WORDS.len() + size + LITERALS_MAX);
        }
    }
}

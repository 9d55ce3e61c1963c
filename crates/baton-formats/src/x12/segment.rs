//! One segment, borrowed from the file. Nothing is split until it is asked for: most segments of a
//! large file are only counted, and splitting them all would cost more than the rest of the
//! reading.

use std::borrow::Cow;

use super::delimiters::Delimiters;
use super::schema;

/// An identifier has three bytes, and a file wrapped at one column two more after each; the
/// separator follows.
const ID_BYTES_MAX: usize = 10;

/// What the tokeniser took a run of bytes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An ISA segment whose delimiters were read.
    Header,
    /// Any other segment of an interchange.
    Body,
    /// Bytes before the first ISA, or after an ISA that could not be read: not segments.
    Stray,
}

/// A segment of an X12 file.
/// 32 bytes, because a large file has millions of them and clearing memory is what reading costs.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) offset: u32,
    pub(super) number: u32,
    pub(super) delimiters: Delimiters,
    pub(super) kind: Kind,
    pub(super) flaw: Flaw,
}

/// What the tokeniser saw of a segment's bytes that is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    /// The file ended, or another ISA began, before the terminator.
    Unterminated,
    /// A line break stands inside that is not the terminator.
    LineBreak,
    /// Both.
    UnterminatedLineBreak,
}

impl Flaw {
    pub(super) fn of(terminated: bool, line_break: bool) -> Flaw {
        match (terminated, line_break) {
            (true, false) => Flaw::None,
            (true, true) => Flaw::LineBreak,
            (false, false) => Flaw::Unterminated,
            (false, true) => Flaw::UnterminatedLineBreak,
        }
    }
}

impl<'a> Segment<'a> {
    /// The segment's bytes without its terminator and the line breaks about it.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Position of its first byte in the file.
    pub fn offset(&self) -> usize {
        self.offset as usize
    }

    /// Position in the file, from 1, counted in segments.
    pub fn number(&self) -> usize {
        self.number as usize
    }

    /// The separators of its interchange.
    pub fn delimiters(&self) -> Delimiters {
        self.delimiters
    }

    /// What it is to the tokeniser.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Did the segment terminator follow, or did the file end?
    pub fn is_terminated(&self) -> bool {
        matches!(self.flaw, Flaw::None | Flaw::LineBreak)
    }

    /// Does a line break stand inside the segment that is not its terminator?
    pub fn has_line_break(&self) -> bool {
        matches!(self.flaw, Flaw::LineBreak | Flaw::UnterminatedLineBreak)
    }

    /// The segment identifier, as bytes.
    pub fn id_bytes(&self) -> &'a [u8] {
        let end = self.bytes.iter().take(ID_BYTES_MAX).position(|&b| b == self.delimiters.element);
        let end = end.unwrap_or(self.bytes.len());
        self.bytes.get(..end).unwrap_or(self.bytes)
    }

    /// The segment identifier; empty if it is not one (two or three capitals and digits).
    pub fn id(&self) -> &'a str {
        let key = self.key();
        if key == NO_KEY {
            return "";
        }
        let id = self.id_bytes();
        if self.has_line_break() && !is_segment_id(id) {
            return schema::id_of(key).unwrap_or("");
        }
        std::str::from_utf8(id).unwrap_or_default()
    }

    /// The identifier as one number, for comparing; [`NO_KEY`] if it is not an identifier.
    pub(super) fn key(&self) -> u32 {
        let separator = self.delimiters.element;
        let (id, rest): ([u8; 3], _) = match self.bytes {
            [a, b, c, rest @ ..] if *c != separator => ([*a, *b, *c], rest.first()),
            [a, b, rest @ ..] => ([*a, *b, 0], rest.first()),
            _ => return NO_KEY,
        };
        let ends = rest.is_none_or(|&b| b == separator);
        let [first, second, third] = id;
        let of_id = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        let valid = first.is_ascii_uppercase() && of_id(second) && (third == 0 || of_id(third));
        match (ends && valid, self.has_line_break()) {
            (true, _) => key([first, second, third]),
            (false, true) => self.wrapped_key(),
            (false, false) => NO_KEY,
        }
    }

    /// The key of an identifier that a line break has cut, as files wrapped at 80 columns have it.
    fn wrapped_key(&self) -> u32 {
        let id = self.bytes.split(|&b| b == self.delimiters.element).next().unwrap_or_default();
        let mut whole = [0; 3];
        let mut chars = id.iter().filter(|b| !matches!(b, b'\r' | b'\n'));
        for (slot, byte) in whole.iter_mut().zip(chars.by_ref()) {
            *slot = *byte;
        }
        let length = whole.iter().position(|&b| b == 0).unwrap_or(whole.len());
        let valid = whole.get(..length).is_some_and(is_segment_id) && chars.next().is_none();
        if valid { key(whole) } else { NO_KEY }
    }

    /// The elements after the identifier. Data of BIN and BDS is one element whatever it contains.
    pub fn elements(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let separator = self.delimiters.element;
        let parts = match binary_element(self.bytes, separator) {
            Some(element) => element + 1,
            None => usize::MAX,
        };
        self.bytes.splitn(parts, move |&b| b == separator).skip(1)
    }

    /// Element `position` (from 1) byte for byte; empty if it is absent.
    pub fn element(&self, position: usize) -> &'a [u8] {
        position.checked_sub(1).and_then(|n| self.elements().nth(n)).unwrap_or_default()
    }

    /// Element `position` as text: trailing blanks and line breaks removed (X12 gives them no
    /// meaning), bytes that are not UTF-8 read as Latin-1. Empty if it is absent.
    pub fn text(&self, position: usize) -> Cow<'a, str> {
        clean(self.element(position))
    }

    /// Element `position` as text, `None` if it is absent or blank.
    pub fn value(&self, position: usize) -> Option<String> {
        let text = self.text(position);
        if text.trim().is_empty() { None } else { Some(text.into_owned()) }
    }

    /// The components of element `position`.
    pub fn components(&self, position: usize) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        split(self.element(position), self.delimiters.component)
    }

    /// Component `component` (from 1) of element `position`, as text.
    pub fn component(&self, position: usize, component: usize) -> Cow<'a, str> {
        let found = component.checked_sub(1).and_then(|n| self.components(position).nth(n));
        clean(found.unwrap_or_default())
    }

    /// The repetitions of element `position`.
    pub fn repetitions(&self, position: usize) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        split(self.element(position), self.delimiters.repetition)
    }

    /// Where element `position` stands in the file: offset and length. An absent element stands at
    /// the end of its segment.
    pub fn element_place(&self, position: usize) -> (usize, usize) {
        // However far the identifier reaches: line breaks in it are not bounded.
        let separator = self.bytes.iter().position(|&b| b == self.delimiters.element);
        let mut offset = separator.map_or(self.bytes.len(), |at| at + 1);
        for (index, element) in self.elements().enumerate() {
            if index + 1 == position {
                return (self.offset() + offset, element.len());
            }
            offset += element.len() + 1;
        }
        (self.offset() + self.bytes.len(), 0)
    }
}

/// What is not a segment identifier.
pub(super) const NO_KEY: u32 = 0;

const fn key([first, second, third]: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, first, second, third])
}

/// The key of a known identifier of two or three characters.
pub(super) const fn key_of(id: &str) -> u32 {
    match id.as_bytes() {
        [first, second] => key([*first, *second, 0]),
        [first, second, third] => key([*first, *second, *third]),
        _ => NO_KEY,
    }
}

fn split<'a>(value: &'a [u8], separator: Option<u8>) -> impl Iterator<Item = &'a [u8]> + use<'a> {
    value.split(move |&b| Some(b) == separator)
}

/// Two or three capitals or digits, the first a capital.
pub fn is_segment_id(id: &[u8]) -> bool {
    let chars = id.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    (2..=3).contains(&id.len()) && chars && id.first().is_some_and(u8::is_ascii_uppercase)
}

/// Which element of a segment holds binary data of declared length: BIN02 or BDS03. Its length
/// stands in the element before it.
pub(super) fn binary_element(segment: &[u8], separator: u8) -> Option<usize> {
    if segment.get(3) != Some(&separator) || segment.first() != Some(&b'B') {
        return None;
    }
    match segment.get(..3) {
        Some(b"BIN") => Some(2),
        Some(b"BDS") => Some(3),
        _ => None,
    }
}

/// Text of a value, see [`Segment::text`].
pub(super) fn clean(value: &[u8]) -> Cow<'_, str> {
    let text = decode(value.trim_ascii_end());
    if text.contains(['\r', '\n']) {
        Cow::Owned(text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect())
    } else {
        text
    }
}

/// UTF-8, else Latin-1, so that no byte is lost.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&b| char::from(b)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(text: &str) -> Segment<'_> {
        Segment {
            bytes: text.as_bytes(),
            offset: 100,
            number: 3,
            delimiters: Delimiters { repetition: Some(b'^'), ..Delimiters::default() },
            kind: Kind::Body,
            flaw: Flaw::None,
        }
    }

    #[test]
    fn a_segment_stays_small() {
        assert_eq!(size_of::<Segment<'_>>(), 32);
    }

    #[test]
    fn elements_components_repetitions_and_places() {
        let seg = segment("REF*PO*4711 **A>B>C^D>E");
        assert_eq!(seg.id(), "REF");
        assert_eq!(seg.text(2), "4711");
        assert_eq!(seg.value(3), None);
        assert_eq!(seg.component(4, 2), "B");
        assert_eq!(seg.repetitions(4).count(), 2);
        assert_eq!(seg.element_place(2), (107, 5));
        assert_eq!(seg.element_place(9), (123, 0));
        assert_eq!(seg.element(0), b"");
    }

    #[test]
    fn elements_stand_where_they_do_however_an_identifier_is_broken() {
        let check = |text: &str, place: (usize, usize)| {
            assert_eq!(segment(text).element_place(1), place, "{text:?}");
        };
        check("GS*7", (103, 1));
        check("G\r\nS*7", (105, 1));
        check("G\r\r\r\r\r\r\r\rS*7", (111, 1));
        check("G\r\r\r\r\r\r\r\rS*", (111, 0));
        check("G\r\r\r\r\r\r\r\rS", (110, 0));
    }

    #[test]
    fn odd_identifiers_and_bytes() {
        assert_eq!(segment("5*U").id(), "");
        assert_eq!(segment("bsn*U").id(), "");
        assert_eq!(segment("N1").id(), "N1");
        assert_eq!(segment("N").id(), "");
        assert_eq!(segment("ABCD*1").id(), "");
        for id in ["N1", "N1*", "PO1", "PO1*A", "ST*", "7A", "a1", "A", "", "ABCD", "A*B"] {
            let seg = segment(id);
            assert_eq!(seg.key() != NO_KEY, is_segment_id(seg.id_bytes()), "{id}");
            assert_eq!(seg.key(), key_of(seg.id()), "{id}");
        }
        assert_eq!(segment("BIN*5*a*b~c").element(2), b"a*b~c");
        assert_eq!(decode(b"Z\xfcrich"), "Zürich");
        assert_eq!(segment("X1*ab\r\ncd\n").text(1), "abcd");
    }
}

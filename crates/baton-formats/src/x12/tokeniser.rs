//! Bytes to segments. A file is cut at its ISA headers first and each piece at its own segment
//! terminator, so that a damaged interchange can never swallow the next one. Nothing is copied.
//!
//! INVARIANT: segments come in the order of the file, do not overlap, and every byte outside them
//! is a terminator, a blank, a line break, a byte-order mark, NUL or end-of-file mark.

use memchr::{memchr, memchr2, memchr3, memmem};

use super::delimiters::{self, Delimiters};
use super::segment::{Flaw, Kind, Segment, binary_element};

/// Longest number of digits of a BIN or BDS length that is believed.
const BINARY_DIGITS_MAX: usize = 15;
/// Longest file that is read. [`super::read_envelope`] tells of a longer one; no more than this much
/// of it is looked at.
pub const FILE_BYTES_MAX: usize = u32::MAX as usize;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Cuts `bytes` into segments.
pub fn tokenise(bytes: &[u8]) -> Tokeniser<'_> {
    let bytes = bytes.get(..FILE_BYTES_MAX).unwrap_or(bytes);
    let at = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let mut tokeniser =
        Tokeniser { bytes, at, number: 0, next_header: 0, delimiters: None, finder: finder() };
    tokeniser.next_header = tokeniser.find_header(at);
    tokeniser
}

fn finder() -> memmem::Finder<'static> {
    memmem::Finder::new(b"ISA")
}

/// Iterator over the segments of a file, see [`tokenise`].
#[derive(Debug, Clone)]
pub struct Tokeniser<'a> {
    bytes: &'a [u8],
    at: usize,
    number: u32,
    /// The next place at which a believable ISA stands; the end of the file if there is none.
    next_header: usize,
    /// Absent until the first header, and after a header that could not be read.
    delimiters: Option<Delimiters>,
    finder: memmem::Finder<'static>,
}

impl<'a> Tokeniser<'a> {
    /// Where a header stands that can be read, at `from` or after.
    fn find_header(&self, from: usize) -> usize {
        let mut from = from;
        while let Some(found) = self.bytes.get(from..).and_then(|rest| self.finder.find(rest)) {
            let at = from + found;
            let after_text = at
                .checked_sub(1)
                .and_then(|n| self.bytes.get(n))
                .is_some_and(u8::is_ascii_alphanumeric);
            let readable = || self.bytes.get(at..).and_then(delimiters::header).is_some();
            if !after_text && readable() {
                return at;
            }
            from = at + 3;
        }
        self.bytes.len()
    }

    fn skip_blanks(&mut self) {
        let terminator = self.delimiters.map(|d| d.terminator);
        while let Some(&byte) = self.bytes.get(self.at) {
            let blank = matches!(byte, b'\r' | b'\n' | b' ' | b'\t' | 0 | 0x1a);
            if !blank && Some(byte) != terminator {
                break;
            }
            self.at += 1;
        }
        // A file that was joined from several may have further marks inside.
        if self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(BYTE_ORDER_MARK)) {
            self.at += BYTE_ORDER_MARK.len();
            self.skip_blanks();
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The segment from `self.at` of `length` bytes; moves past it and its terminator.
    fn emit(&mut self, length: usize, kind: Kind, delimiters: Delimiters) -> Segment<'a> {
        let offset = self.at;
        let bytes = self.rest().get(..length).unwrap_or_default();
        let after = self.bytes.get(offset + length);
        let terminated = after == Some(&delimiters.terminator);
        self.at = offset + length + usize::from(terminated);
        self.number += 1;
        let kept = match kind {
            Kind::Body if binary_element(bytes, delimiters.element).is_some() => bytes,
            _ => trim_end(bytes),
        };
        // The tokeniser looks at no more than `FILE_BYTES_MAX`, so that positions always fit.
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        let flaw = Flaw::of(terminated, false);
        Segment { bytes: kept, offset, number: self.number, delimiters, kind, flaw }
    }

    fn header(&mut self) -> Option<Segment<'a>> {
        let header = delimiters::header(self.rest())?;
        self.delimiters = Some(header.delimiters);
        self.next_header = self.find_header(self.at + header.length);
        // With CR LF as one line break the CR stands between the header and its terminator.
        let break_before =
            self.rest().get(header.length) == Some(&b'\r') && header.delimiters.terminator == b'\n';
        let length = header.length + usize::from(break_before);
        Some(self.emit(length, Kind::Header, header.delimiters))
    }

    fn stray(&mut self) -> Segment<'a> {
        let length = self.next_header.saturating_sub(self.at).max(1);
        self.delimiters = None;
        self.emit(length, Kind::Stray, Delimiters::default())
    }

    fn body(&mut self, delimiters: Delimiters) -> Segment<'a> {
        if let Some(length) = self.binary_length(delimiters) {
            let segment = self.emit(length, Kind::Body, delimiters);
            if self.next_header < self.at {
                self.next_header = self.find_header(self.at);
            }
            return segment;
        }
        let piece = self.bytes.get(self.at..self.next_header).unwrap_or_default();
        let (length, broken_line) = segment_length(delimiters.terminator, piece);
        let mut segment = self.emit(length, Kind::Body, delimiters);
        // Breaks at the very end belong to the layout of the file, not to the segment.
        if broken_line && memchr2(b'\r', b'\n', segment.bytes).is_some() {
            segment.flaw = Flaw::of(segment.is_terminated(), true);
        }
        segment
    }

    /// Length of the BIN or BDS segment that stands here, if its data is followed by a terminator
    /// where its declared length says so; otherwise it is cut as any other segment is.
    fn binary_length(&self, delimiters: Delimiters) -> Option<usize> {
        let rest = self.rest();
        let data_element = binary_element(rest, delimiters.element)?;
        let mut data_at = 0;
        let mut declared: &[u8] = b"";
        for _ in 0..data_element {
            let after = rest.get(data_at..)?;
            let window = after.get(..BINARY_DIGITS_MAX + 1).unwrap_or(after);
            let end = memchr(delimiters.element, window)?;
            declared = after.get(..end)?;
            data_at += end + 1;
        }
        let length: usize = std::str::from_utf8(declared).ok()?.trim().parse().ok()?;
        let end = data_at.checked_add(length)?;
        (rest.get(end) == Some(&delimiters.terminator)).then_some(end)
    }
}

/// Length of the segment at the start of `piece`, and whether a line break stands before its end.
/// One search for all three bytes, because nearly every segment has no break inside.
fn segment_length(terminator: u8, piece: &[u8]) -> (usize, bool) {
    match memchr3(terminator, b'\n', b'\r', piece) {
        None => (piece.len(), false),
        Some(end) if piece.get(end) == Some(&terminator) => (end, false),
        Some(end) => {
            let rest = piece.get(end..).unwrap_or_default();
            (memchr(terminator, rest).map_or(piece.len(), |more| end + more), true)
        }
    }
}

fn trim_end(bytes: &[u8]) -> &[u8] {
    let mut kept = bytes;
    while let [head @ .., b'\r' | b'\n' | 0 | 0x1a] = kept {
        kept = head;
    }
    kept
}

impl<'a> Iterator for Tokeniser<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        self.skip_blanks();
        if self.at >= self.bytes.len() {
            return None;
        }
        let rest = self.rest();
        let looks_like_header =
            rest.starts_with(b"ISA") && rest.get(3).is_some_and(|b| !b.is_ascii_alphanumeric());
        if self.at >= self.next_header || looks_like_header {
            if let Some(header) = self.header() {
                return Some(header);
            }
            return Some(self.stray());
        }
        if self.number == 0 && self.delimiters.is_none() {
            self.delimiters = Delimiters::guessed(rest);
        }
        match self.delimiters {
            Some(delimiters) => Some(self.body(delimiters)),
            None => Some(self.stray()),
        }
    }
}

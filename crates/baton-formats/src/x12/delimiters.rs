//! The four bytes that an X12 interchange chooses for itself. ISA has fixed widths, so that each of
//! them stands at a fixed place; senders who trim or wrap ISA are common enough that the places
//! are also found by counting its sixteen elements.

use serde::Serialize;

/// Length of a well-made ISA segment in bytes, its terminator included.
pub const ISA_LENGTH: usize = 106;
/// An ISA that is not well made is searched for its elements no further than this.
const ISA_LENGTH_MAX: usize = 400;
/// Where the element separators of a well-made ISA stand.
const ISA_SEPARATORS: [usize; 16] =
    [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103];
/// Most characters of the elements that tell whether an ISA is one, the identifier first. The
/// others may be as long as they like.
const ISA_LENGTHS_BELIEVED: [Option<usize>; 17] = {
    const NONE: Option<usize> = None;
    let (one, two, five) = (Some(1), Some(2), Some(5));
    [NONE, two, NONE, two, NONE, two, NONE, two, NONE, NONE, NONE, one, five, NONE, one, one, NONE]
};
/// The first version in which ISA11 is the repetition separator.
const REPETITION_SINCE: &[u8] = b"00402";

/// The separators of one interchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Delimiters {
    /// Between elements, usually `*`.
    pub element: u8,
    /// Between components of an element (ISA16); absent if ISA declares none that can be used.
    pub component: Option<u8>,
    /// Between repetitions of an element (ISA11 from version 00402 on).
    pub repetition: Option<u8>,
    /// After each segment, usually `~`.
    pub terminator: u8,
}

impl Default for Delimiters {
    fn default() -> Self {
        Delimiters { element: b'*', component: Some(b'>'), repetition: None, terminator: b'~' }
    }
}

/// An ISA segment that was found, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) delimiters: Delimiters,
    /// Bytes from `I` up to and without the terminator.
    pub(super) length: usize,
    /// Is it laid out as the standard says, to the byte?
    pub(super) exact: bool,
}

impl Delimiters {
    /// The delimiters that the ISA at the very start of `bytes` declares; `None` if there is no
    /// ISA or it cannot be told.
    pub fn declared_by(bytes: &[u8]) -> Option<Delimiters> {
        header(bytes).map(|header| header.delimiters)
    }

    /// Delimiters guessed for a file that begins with GS or ST and so declares none: the byte after
    /// the segment identifier, and the first byte that ends the segment.
    pub(super) fn guessed(bytes: &[u8]) -> Option<Delimiters> {
        let starts = bytes.starts_with(b"GS") || bytes.starts_with(b"ST");
        let element = *bytes.get(2)?;
        if !starts || !may_separate(element) {
            return None;
        }
        let body = bytes.get(3..)?;
        let end = body.iter().take(ISA_LENGTH_MAX).position(|&b| {
            let of_text = b.is_ascii_alphanumeric() || b" -._/&()>:^,@".contains(&b);
            !of_text && b != element
        })?;
        let terminator = match (body.get(end)?, body.get(end + 1)) {
            (b'\r', Some(b'\n')) => b'\n',
            (&b, _) => b,
        };
        Some(Delimiters { element, terminator, ..Delimiters::default() })
    }

    /// May `byte` stand in a value without being taken for a delimiter?
    pub fn collides(&self, byte: u8) -> bool {
        byte == self.element
            || byte == self.terminator
            || Some(byte) == self.component
            || Some(byte) == self.repetition
    }

    /// Are all four distinct, and none a letter, digit or blank?
    pub fn usable(&self) -> bool {
        let mut all = vec![self.element, self.terminator];
        all.extend(self.component);
        all.extend(self.repetition);
        let distinct = all.iter().collect::<std::collections::BTreeSet<_>>().len() == all.len();
        distinct
            && all.iter().all(|&b| !b.is_ascii_alphanumeric() && b != b' ' && b.is_ascii())
            && may_separate(self.element)
    }
}

/// A line break may end a segment but never separates elements.
fn may_separate(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric() && !matches!(byte, b' ' | b'\r' | b'\n' | 0 | 0x80..)
}

/// Reads the ISA at the start of `bytes`.
pub(super) fn header(bytes: &[u8]) -> Option<Header> {
    let element = *bytes.get(3)?;
    if !bytes.starts_with(b"ISA") || !may_separate(element) {
        return None;
    }
    exact_header(bytes, element).or_else(|| loose_header(bytes, element))
}

fn exact_header(bytes: &[u8], element: u8) -> Option<Header> {
    let isa = bytes.get(..ISA_LENGTH)?;
    let (&terminator, head) = isa.split_last()?;
    let in_place = ISA_SEPARATORS.iter().all(|&at| head.get(at) == Some(&element));
    let count = head.iter().filter(|&&b| b == element).count();
    if !in_place || count != ISA_SEPARATORS.len() || !may_end(terminator) {
        return None;
    }
    let terminator = line_end(terminator, bytes.get(ISA_LENGTH));
    let component = head.get(104).copied();
    let delimiters = settle(element, component, terminator, head.get(82..83), head.get(84..89));
    Some(Header { delimiters, length: ISA_LENGTH - 1, exact: true })
}

/// Finds the sixteen elements by counting, and believes them only if the short ones are short:
/// otherwise a separator was forgotten and everything after it would be read shifted.
fn loose_header(bytes: &[u8], element: u8) -> Option<Header> {
    let window = bytes.get(..ISA_LENGTH_MAX).unwrap_or(bytes);
    let mut parts = window.splitn(17, |&b| b == element);
    let mut elements: [&[u8]; 17] = [b""; 17];
    for (slot, length_max) in elements.iter_mut().zip(ISA_LENGTHS_BELIEVED) {
        *slot = parts.next()?;
        if length_max.is_some_and(|length_max| slot.trim_ascii().len() > length_max) {
            return None;
        }
    }
    let tail = elements.get(16)?;
    let head_length = elements.iter().take(16).map(|e| e.len() + 1).sum::<usize>();
    let (component, terminator, extra) = match (tail.first().copied(), tail.get(1).copied()) {
        (Some(component), Some(terminator)) if may_end(terminator) => {
            (Some(component), line_end(terminator, tail.get(2)), 1)
        }
        (Some(terminator), Some(next)) if may_end(terminator) => {
            (None, line_end(terminator, Some(&next)), 0)
        }
        _ => return None,
    };
    if terminator == element {
        return None;
    }
    let delimiters = settle(element, component, terminator, elements.get(11).copied(), {
        elements.get(12).copied()
    });
    Some(Header { delimiters, length: head_length + extra, exact: false })
}

fn may_end(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric() && byte != b' '
}

/// CR LF is one line break; LF is the half that files which mix both styles always have.
fn line_end(terminator: u8, next: Option<&u8>) -> u8 {
    if terminator == b'\r' && next == Some(&b'\n') { b'\n' } else { terminator }
}

fn settle(
    element: u8,
    component: Option<u8>,
    terminator: u8,
    isa11: Option<&[u8]>,
    version: Option<&[u8]>,
) -> Delimiters {
    let component = component.filter(|&b| b != element && b != terminator && b != b' ');
    let repetition = match (isa11.map(<[u8]>::trim_ascii), version) {
        (Some(&[byte]), Some(version)) if version >= REPETITION_SINCE => Some(byte),
        _ => None,
    };
    let taken = |byte: u8| byte == element || byte == terminator || Some(byte) == component;
    let repetition = repetition.filter(|&b| !b.is_ascii_alphanumeric() && !taken(b));
    Delimiters { element, component, repetition, terminator }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISA: &str = "ISA*00*          *00*          *ZZ*NORTHWIND      *ZZ*TRADEWINDS     *260105*0930*^*00501*000000007*0*T*:~";

    fn check(isa: &str, element: u8, component: Option<u8>, repetition: Option<u8>, end: u8) {
        let delimiters = Delimiters::declared_by(isa.as_bytes());
        let expected = Delimiters { element, component, repetition, terminator: end };
        assert_eq!(delimiters, Some(expected), "{isa:?}");
    }

    #[test]
    fn delimiters_by_position_and_by_count() {
        check(ISA, b'*', Some(b':'), Some(b'^'), b'~');
        check(&ISA.replace("00501", "00401"), b'*', Some(b':'), None, b'~');
        check(&ISA.replace('~', "\r\nGS"), b'*', Some(b':'), Some(b'^'), b'\n');
        check(&ISA.replace('~', "\rGS"), b'*', Some(b':'), Some(b'^'), b'\r');
        check(&ISA.replace("          ", ""), b'*', Some(b':'), Some(b'^'), b'~');
        check(&ISA.replace(":~", "~\n"), b'*', Some(b'~'), Some(b'^'), b'\n');
        check(&ISA.replace(":~", "~GS"), b'*', None, Some(b'^'), b'~');
        check(&ISA.replace('*', "\u{1d}"), 0x1d, Some(b':'), Some(b'^'), b'~');
        check(&ISA.replace('^', ":"), b'*', Some(b':'), None, b'~');
    }

    #[test]
    fn no_delimiters_when_isa_is_shifted_or_cut() {
        for isa in ["ISA", "ISA*", &ISA[..104], &ISA[..105], "ISAAC NEWTON WAS HERE"] {
            assert_eq!(Delimiters::declared_by(isa.as_bytes()), None, "{isa:?}");
        }
        let one_short = ISA.replacen("*00", "", 1);
        assert_eq!(Delimiters::declared_by(format!("{one_short}GS*PO*A").as_bytes()), None);
    }

    #[test]
    fn fragments_are_guessed() {
        let guess = Delimiters::guessed(b"ST|850|0001'\nBEG|00").map(|d| (d.element, d.terminator));
        assert_eq!(guess, Some((b'|', b'\'')));
        let lines = Delimiters::guessed(b"GS*PO*A B*C\r\nST").map(|d| (d.element, d.terminator));
        assert_eq!(lines, Some((b'*', b'\n')));
        assert_eq!(Delimiters::guessed(b"STREET"), None);
    }
}

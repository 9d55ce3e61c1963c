//! What ISA says about itself: its length, its delimiters, its sixteen elements. Kept apart from
//! the reading of the envelope because nothing here changes how the rest of the file is read.

use super::fault::{FaultCode, Severity, StandardCode};
use super::moment::{X12Date, X12Time};
use super::segment::Segment;
use super::{ISA_LENGTH, Severity::Error, Severity::Warning};

/// A fault as the envelope's reader notes it: element, expected, standard code.
type Detail = (Option<usize>, String, Option<StandardCode>);

pub(super) fn of_isa(isa: Segment<'_>) -> Vec<(Severity, FaultCode, Detail)> {
    let mut faults = Vec::new();
    let length = isa.bytes().len() + usize::from(isa.is_terminated());
    // Which widths are off matters less than that they are: the one fault names the length.
    let widths = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1];
    let exact = isa.elements().map(<[u8]>::len).eq(widths);
    if length != ISA_LENGTH || !exact {
        let expected = format!("{ISA_LENGTH} bytes with elements of fixed width, found {length}");
        faults.push((Warning, FaultCode::IsaLength, (None, expected, None)));
    }
    delimiter_faults(isa, &mut faults);
    let mut expect = |position: usize, holds: bool, expected: &str, note: &'static str| {
        if !holds {
            let standard = Some(StandardCode::Interchange(note));
            let detail = (Some(position), expected.to_owned(), standard);
            faults.push((Warning, FaultCode::IsaElement, detail));
        }
    };
    let trimmed = |position: usize| isa.element(position).trim_ascii();
    let digits = |position: usize| {
        let text = trimmed(position);
        !text.is_empty() && text.iter().all(u8::is_ascii_digit)
    };
    expect(6, !trimmed(6).is_empty(), "a sender", "006");
    expect(8, !trimmed(8).is_empty(), "a receiver", "008");
    expect(9, X12Date::parse(&isa.text(9)).is_some(), "a date as YYMMDD", "014");
    expect(10, X12Time::parse(&isa.text(10)).is_some(), "a time as HHMM", "015");
    expect(12, digits(12), "a version such as 00401", "017");
    expect(13, digits(13), "a control number of nine digits", "018");
    expect(14, matches!(trimmed(14), b"0" | b"1"), "`0` or `1`", "019");
    expect(15, matches!(trimmed(15), b"P" | b"T" | b"I"), "`P`, `T` or `I`", "020");
    faults
}

/// What GS says about itself. Nothing of it changes how the group is read, so all are warnings.
pub(super) fn of_gs(gs: Segment<'_>) -> Vec<(Severity, FaultCode, Detail)> {
    let trimmed = |position: usize| gs.text(position).trim().to_owned();
    let number = trimmed(6);
    let checks = [
        (1, trimmed(1).len() == 2, "two characters such as PO", Some("1")),
        (2, !trimmed(2).is_empty(), "a sender", None),
        (3, !trimmed(3).is_empty(), "a receiver", None),
        (4, X12Date::parse(&gs.text(4)).is_some(), "a date as CCYYMMDD", None),
        (5, X12Time::parse(&gs.text(5)).is_some(), "a time as HHMM", None),
        (
            6,
            (1..=9).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()),
            "1 to 9 digits",
            Some("6"),
        ),
        (8, !trimmed(8).is_empty(), "a version such as 004010", Some("2")),
    ];
    let wrong = checks.into_iter().filter(|(_, holds, ..)| !holds);
    wrong
        .map(|(position, _, expected, code)| {
            let detail = (Some(position), expected.to_owned(), code.map(StandardCode::Group));
            (Warning, FaultCode::GsElement, detail)
        })
        .collect()
}

fn delimiter_faults(isa: Segment<'_>, faults: &mut Vec<(Severity, FaultCode, Detail)>) {
    let delimiters = isa.delimiters();
    // A line wrapped by a mail gateway, in a file whose segments end in line breaks: from here on
    // nothing tells a wrapped line from a segment.
    if isa.bytes().contains(&delimiters.terminator) {
        let expected = "the segment terminator only at the end of ISA".to_owned();
        let detail = (None, expected, Some(StandardCode::Interchange("004")));
        faults.push((Error, FaultCode::IsaDelimiter, detail));
    } else if memchr::memchr2(b'\r', b'\n', isa.bytes()).is_some() {
        let detail = (None, "no line break inside ISA".to_owned(), None);
        faults.push((Warning, FaultCode::LineBreak, detail));
    }
    if delimiters.component.is_none() {
        let expected = "a component separator of its own".to_owned();
        let detail = (Some(16), expected, Some(StandardCode::Interchange("027")));
        faults.push((Warning, FaultCode::IsaDelimiter, detail));
    }
}

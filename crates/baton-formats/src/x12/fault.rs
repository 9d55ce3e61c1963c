//! What can be wrong with an interchange, and how it is told: a stable code, a place down to the
//! byte, what was found, what was expected, and the code by which the standard's own
//! acknowledgements (997, TA1) name it.

use std::fmt;

use serde::Serialize;
use serde::ser::SerializeStruct as _;

/// Does the fault stop what it stands in from being used?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Read all the same; the sender should be told.
    Warning,
    /// What the fault belongs to (a set, a group, an interchange) must not be used as it stands.
    Error,
}

/// The code that the standard's acknowledgements use for a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "element", content = "code")]
pub enum StandardCode {
    /// AK304: segment syntax error.
    #[serde(rename = "AK304")]
    Segment(&'static str),
    /// AK403: element syntax error.
    #[serde(rename = "AK403")]
    Element(&'static str),
    /// AK502: transaction set syntax error.
    #[serde(rename = "AK502")]
    Set(&'static str),
    /// AK905: functional group syntax error.
    #[serde(rename = "AK905")]
    Group(&'static str),
    /// TA105: interchange note code.
    #[serde(rename = "TA105")]
    Interchange(&'static str),
}

macro_rules! fault_codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal / $level:ident,)+) => {
        /// Every fault that reading X12 can find. The text form is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum FaultCode { $($(#[doc = $doc])+ $name,)+ }

        impl FaultCode {
            /// All codes, for documentation and tests.
            pub const ALL: &'static [FaultCode] = &[$(FaultCode::$name,)+];

            /// The stable text form, such as `X12-ISA-LENGTH`.
            pub fn as_str(self) -> &'static str {
                match self { $(FaultCode::$name => $code,)+ }
            }

            /// One sentence that says what is wrong.
            pub fn meaning(self) -> &'static str {
                match self { $(FaultCode::$name => concat!($($doc),+).trim_ascii(),)+ }
            }

            /// Where the fault is found: in the envelope or in the content of a set.
            pub fn level(self) -> Level {
                match self { $(FaultCode::$name => Level::$level,)+ }
            }
        }
    };
}

/// Which of the two readings finds a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// ISA, GS, ST, their trailers, segment syntax.
    Envelope,
    /// Loops, segments and elements inside a set, against the set's schema.
    Content,
}

fault_codes! {
    /// there is no ISA segment
    IsaMissing = "X12-ISA-MISSING" / Envelope,
    /// the ISA segment cannot be read: its delimiters cannot be told
    IsaUnreadable = "X12-ISA-UNREADABLE" / Envelope,
    /// the ISA segment is not 106 bytes long
    IsaLength = "X12-ISA-LENGTH" / Envelope,
    /// the delimiters that ISA declares collide
    IsaDelimiter = "X12-ISA-DELIMITER" / Envelope,
    /// an element of ISA is not what the standard allows there
    IsaElement = "X12-ISA-ELEMENT" / Envelope,
    /// the interchange has no IEA trailer
    IeaMissing = "X12-IEA-MISSING" / Envelope,
    /// an IEA trailer closes no interchange
    IeaUnexpected = "X12-IEA-UNEXPECTED" / Envelope,
    /// IEA02 is not the control number of the interchange (ISA13)
    IeaControlNumber = "X12-IEA-CONTROL-NUMBER" / Envelope,
    /// IEA01 is not the number of groups in the interchange
    IeaCount = "X12-IEA-COUNT" / Envelope,
    /// a transaction set stands outside any functional group
    GsMissing = "X12-GS-MISSING" / Envelope,
    /// the functional group has no GE trailer
    GeMissing = "X12-GE-MISSING" / Envelope,
    /// a GE trailer closes no group
    GeUnexpected = "X12-GE-UNEXPECTED" / Envelope,
    /// GE02 is not the control number of the group (GS06)
    GeControlNumber = "X12-GE-CONTROL-NUMBER" / Envelope,
    /// GE01 is not the number of sets in the group
    GeCount = "X12-GE-COUNT" / Envelope,
    /// two groups of one interchange have the same control number
    GsDuplicate = "X12-GS-DUPLICATE" / Envelope,
    /// an element of GS is not what the standard allows there
    GsElement = "X12-GS-ELEMENT" / Envelope,
    /// the functional identifier of the group (GS01) is not the one of the set
    GsFunction = "X12-GS-FUNCTION" / Envelope,
    /// ST01 is not a transaction set identifier
    StIdentifier = "X12-ST-IDENTIFIER" / Envelope,
    /// ST02 is not a control number
    StControlNumber = "X12-ST-CONTROL-NUMBER" / Envelope,
    /// two sets of one group have the same control number
    StDuplicate = "X12-ST-DUPLICATE" / Envelope,
    /// the set has no SE trailer
    SeMissing = "X12-SE-MISSING" / Envelope,
    /// an SE trailer closes no set
    SeUnexpected = "X12-SE-UNEXPECTED" / Envelope,
    /// SE02 is not the control number of the set (ST02)
    SeControlNumber = "X12-SE-CONTROL-NUMBER" / Envelope,
    /// SE01 is not the number of segments in the set
    SeCount = "X12-SE-COUNT" / Envelope,
    /// a TA1 segment stands elsewhere than between ISA and GS
    Ta1Place = "X12-TA1-PLACE" / Envelope,
    /// a segment stands outside any transaction set
    SegmentOutside = "X12-SEGMENT-OUTSIDE" / Envelope,
    /// the last segment does not end in the segment terminator
    SegmentUnterminated = "X12-SEGMENT-UNTERMINATED" / Envelope,
    /// a segment does not begin with a segment identifier
    SegmentId = "X12-SEGMENT-ID" / Envelope,
    /// a line break stands inside a segment
    LineBreak = "X12-LINE-BREAK" / Envelope,
    /// the declared length of binary data is not its length
    BinaryLength = "X12-BINARY-LENGTH" / Envelope,
    /// bytes stand outside any interchange
    Stray = "X12-STRAY" / Envelope,
    /// the file is longer than is read
    FileLength = "X12-FILE-LENGTH" / Envelope,
    /// there are more faults than are listed
    MoreFaults = "X12-MORE-FAULTS" / Envelope,

    /// a mandatory segment is missing
    SegmentMissing = "X12-SEGMENT-MISSING" / Content,
    /// a segment is not expected in this place of the set
    SegmentUnexpected = "X12-SEGMENT-UNEXPECTED" / Content,
    /// a segment comes after one that it should come before
    SegmentOrder = "X12-SEGMENT-ORDER" / Content,
    /// a segment occurs more often than it may
    SegmentRepeated = "X12-SEGMENT-REPEATED" / Content,
    /// a mandatory element is empty
    ElementMissing = "X12-ELEMENT-MISSING" / Content,
    /// an element is shorter than it may be
    ElementShort = "X12-ELEMENT-SHORT" / Content,
    /// an element is longer than it may be
    ElementLong = "X12-ELEMENT-LONG" / Content,
    /// an element is not a date
    ElementDate = "X12-ELEMENT-DATE" / Content,
    /// an element is not a time
    ElementTime = "X12-ELEMENT-TIME" / Content,
    /// an element is not a number
    ElementNumber = "X12-ELEMENT-NUMBER" / Content,
    /// of two elements that exclude each other both are given
    ElementExclusive = "X12-ELEMENT-EXCLUSIVE" / Content,
    /// of elements that need each other one is missing
    ElementPaired = "X12-ELEMENT-PAIRED" / Content,
    /// the parent of an HL segment is not an earlier HL of the set
    HlParent = "X12-HL-PARENT" / Content,
    /// the number of an HL segment is empty or used twice
    HlNumber = "X12-HL-NUMBER" / Content,
    /// HL segments are nested too deep
    HlDepth = "X12-HL-DEPTH" / Content,
}

impl Serialize for FaultCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a fault stands. Byte positions count from the first byte of the file, segment numbers
/// from 1, indices of interchange, group and set from 0 as in the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// First byte of the segment (or element) at fault.
    pub offset: usize,
    /// Number of bytes at fault.
    pub length: usize,
    /// Position of the segment in the file, from 1; 0 if the fault is in no segment.
    pub segment_number: usize,
    /// Position of the segment in its set, ST being 1 (the number that AK302 wants).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment_in_set: Option<usize>,
    /// The segment identifier, such as `BEG`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment_id: Option<String>,
    /// Position of the element in its segment, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<usize>,
    /// Position of the component in its element, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<usize>,
    /// The loop that the segment stands in, such as `PO1/N1`.
    #[serde(rename = "loop", skip_serializing_if = "Option::is_none")]
    pub loop_id: Option<String>,
    /// Index of the interchange that the fault belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interchange: Option<usize>,
    /// Index of the group that the fault belongs to; absent if it belongs to the interchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<usize>,
    /// Index of the set that the fault belongs to; absent if it belongs to the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.segment_number > 0 {
            write!(f, "segment {}", self.segment_number)?;
            if let Some(id) = &self.segment_id {
                write!(f, " {id}")?;
            }
            if let Some(element) = self.element {
                write!(f, "{element:02}")?;
            }
            if let Some(component) = self.component {
                write!(f, "-{component}")?;
            }
            f.write_str(", ")?;
        }
        write!(f, "byte {}", self.offset)?;
        if let Some(loop_id) = &self.loop_id {
            write!(f, ", loop {loop_id}")?;
        }
        Ok(())
    }
}

/// Something wrong, where, and what was expected instead. As JSON it has a `message` too: the
/// sentence of its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Does it stop what it belongs to?
    pub severity: Severity,
    /// What is wrong, as a stable code.
    pub code: FaultCode,
    /// Where.
    pub place: Place,
    /// What stands there, shortened to [`FOUND_CHARS_MAX`] characters.
    pub found: String,
    /// What should stand there.
    pub expected: String,
    /// The same in the words of 997 or TA1, where they have one.
    pub standard_code: Option<StandardCode>,
}

/// Longest text, in characters, that a fault repeats from the file.
pub const FOUND_CHARS_MAX: usize = 80;

impl Serialize for Fault {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Fault { severity, code, place, found, expected, standard_code } = self;
        let mut out = serializer.serialize_struct("Fault", 7)?;
        out.serialize_field("severity", severity)?;
        out.serialize_field("code", code)?;
        out.serialize_field("message", code.meaning())?;
        out.serialize_field("place", place)?;
        out.serialize_field("found", found)?;
        out.serialize_field("expected", expected)?;
        match standard_code {
            Some(standard_code) => out.serialize_field("standard_code", standard_code)?,
            None => out.skip_field("standard_code")?,
        }
        out.end()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.code, self.code.meaning(), self.place)?;
        if !self.found.is_empty() {
            write!(f, ": found `{}`", self.found)?;
        }
        if !self.expected.is_empty() {
            write!(f, ", expected {}", self.expected)?;
        }
        Ok(())
    }
}

/// Bytes of a file made fit to be repeated in a fault: text, no control characters, bounded.
pub fn shorten(bytes: &[u8]) -> String {
    let head = bytes.get(..FOUND_CHARS_MAX * 4).unwrap_or(bytes);
    let text = super::segment::decode(head);
    let mut shortened: String = text
        .chars()
        .take(FOUND_CHARS_MAX)
        .map(|c| if c.is_control() { '\u{00b7}' } else { c })
        .collect();
    if text.chars().nth(FOUND_CHARS_MAX).is_some() {
        shortened.push('…');
    }
    shortened
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_say_something() {
        let mut seen = std::collections::BTreeSet::new();
        for code in FaultCode::ALL {
            assert!(seen.insert(code.as_str()), "{code} twice");
            assert!(code.as_str().starts_with("X12-"));
            assert!(code.meaning().len() > 10);
        }
    }

    #[test]
    fn found_is_bounded_and_printable() {
        let found = shorten("ü\n".repeat(500).as_bytes());
        assert_eq!(found.chars().count(), FOUND_CHARS_MAX + 1);
        assert!(!found.contains('\n'));
    }
}

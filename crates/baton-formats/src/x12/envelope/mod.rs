//! The reading of the envelope: segments into interchanges, groups and sets, with every check that
//! needs no knowledge of what a set means. One pass, one segment at a time; what is open is at most
//! one interchange, one group and one set, and a header closes whatever stands open before it.

mod close;

use std::collections::HashSet;

use crate::x12::document::{Document, Group, Interchange, Set};
use crate::x12::fault::{Fault, FaultCode, Place, Severity, StandardCode, shorten};
use crate::x12::segment::{Flaw, Kind, NO_KEY, Segment, binary_element, key_of};
use crate::x12::tokeniser::tokenise;
use crate::x12::verdict::Verdict;
use crate::x12::{header_checks, schema};

use Severity::{Error, Warning};

/// Less than a segment takes on average in real files; sizes a vector, whose unused end costs nothing.
const SEGMENT_BYTES_TYPICAL: usize = 16;

const ST: u32 = key_of("ST");
const SE: u32 = key_of("SE");
const GS: u32 = key_of("GS");
const GE: u32 = key_of("GE");
const IEA: u32 = key_of("IEA");
const TA1: u32 = key_of("TA1");

/// Reads a file's envelope. Content inside sets is left alone; [`super::read`] checks it too.
pub fn read_envelope(bytes: &[u8]) -> Document<'_> {
    let document = Document {
        bytes,
        segments: Vec::with_capacity(bytes.len() / SEGMENT_BYTES_TYPICAL),
        interchanges: Vec::new(),
        groups: Vec::new(),
        sets: Vec::new(),
        faults: Vec::new(),
    };
    let mut reader = Reader { document, open: Open::default(), seen: Seen::default(), position: 0 };
    for segment in tokenise(bytes) {
        let position = reader.document.segments.len();
        reader.document.segments.push(segment);
        reader.take(position, segment);
    }
    reader.finish()
}

/// What the next segment would belong to, as positions in the document.
#[derive(Debug, Default)]
struct Open {
    interchange: Option<usize>,
    group: Option<usize>,
    set: Option<usize>,
}

/// Control numbers used so far, to find those used twice.
#[derive(Debug, Default)]
struct Seen<'a> {
    in_interchange: HashSet<&'a [u8]>,
    in_group: HashSet<&'a [u8]>,
}

struct Reader<'a> {
    document: Document<'a>,
    open: Open,
    seen: Seen<'a>,
    /// Position of the segment that is being taken: where whatever it closes ends.
    position: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, position: usize, segment: Segment<'a>) {
        match segment.kind {
            Kind::Header => {
                self.position = position;
                return self.open_interchange(position, segment);
            }
            Kind::Stray => {
                self.position = position;
                return self.stray(segment);
            }
            Kind::Body => {}
        }
        self.position = position;
        let key = segment.key();
        // Ordinary segments, nearly all of a file, leave here after few comparisons.
        if !matches!(key, ST | SE | GS | GE | IEA | TA1) {
            if self.open.set.is_none() {
                self.outside(segment);
                self.extend_to(position + 1);
            }
            if key == NO_KEY || segment.flaw != Flaw::None || segment.bytes.first() == Some(&b'B') {
                self.check_syntax(segment);
            }
            return;
        }
        match key {
            ST => self.open_set(position, segment),
            SE => self.close_set(position, segment),
            GS => self.open_group(position, segment),
            GE => self.close_group(position, segment),
            IEA => self.close_interchange(position, segment),
            _ => self.interchange_acknowledgement(position, segment),
        }
        self.check_syntax(segment);
        self.extend_to(position + 1);
        self.close_ended(key);
    }

    fn fault(
        &mut self,
        segment: Segment<'a>,
        severity: Severity,
        code: FaultCode,
        (element, expected, standard_code): (Option<usize>, String, Option<StandardCode>),
    ) {
        let Open { interchange, group, set } = self.open;
        let (offset, length) = match element {
            Some(element) => segment.element_place(element),
            None => (segment.offset(), segment.bytes.len()),
        };
        let found = match element {
            Some(element) => shorten(segment.element(element)),
            None => shorten(segment.bytes),
        };
        let first = set.and_then(|s| self.document.sets.get(s)).map(|s| s.header);
        let first_number = self.document.segment(first).map(|st| st.number());
        let place = Place {
            offset,
            length,
            segment_number: segment.number(),
            segment_in_set: first_number.map(|n| segment.number().saturating_sub(n) + 1),
            segment_id: Some(segment.id().to_owned()).filter(|id| !id.is_empty()),
            element,
            component: None,
            loop_id: None,
            interchange,
            group,
            set,
        };
        self.document.add_fault(Fault { severity, code, place, found, expected, standard_code });
    }

    fn check_syntax(&mut self, segment: Segment<'a>) {
        if segment.key() == NO_KEY {
            let expected = "two or three capitals or digits".to_owned();
            let standard = Some(StandardCode::Segment("1"));
            self.fault(segment, Error, FaultCode::SegmentId, (None, expected, standard));
        }
        if !segment.is_terminated() {
            let expected = format!("`{}` at the end", segment.delimiters.terminator.escape_ascii());
            let standard = Some(StandardCode::Interchange("023"));
            self.fault(segment, Error, FaultCode::SegmentUnterminated, (None, expected, standard));
        }
        if let Some(element) = binary_element(segment.bytes, segment.delimiters.element) {
            let declared = segment.text(element - 1).trim().parse::<usize>().ok();
            if declared != Some(segment.element(element).len()) {
                let expected = format!("{} bytes of data", segment.element(element).len());
                let standard = Some(StandardCode::Segment("8"));
                let detail = (Some(element - 1), expected, standard);
                self.fault(segment, Error, FaultCode::BinaryLength, detail);
            }
        } else if segment.has_line_break() {
            let expected = "line breaks only between segments".to_owned();
            self.fault(segment, Warning, FaultCode::LineBreak, (None, expected, None));
        }
    }

    fn stray(&mut self, segment: Segment<'a>) {
        let code = match (segment.bytes.starts_with(b"ISA"), self.document.interchanges.is_empty())
        {
            (true, _) => FaultCode::IsaUnreadable,
            (false, true) => FaultCode::IsaMissing,
            (false, false) => FaultCode::Stray,
        };
        self.close_open_interchange();
        let expected = "ISA with 16 elements and a segment terminator".to_owned();
        let standard = Some(StandardCode::Interchange("022"));
        self.fault(segment, Error, code, (None, expected, standard));
    }

    fn open_interchange(&mut self, position: usize, segment: Segment<'a>) {
        self.close_open_interchange();
        self.push_interchange(Some(position), position, segment);
        for (severity, code, detail) in header_checks::of_isa(segment) {
            self.fault(segment, severity, code, detail);
        }
        if !segment.is_terminated() {
            self.check_syntax(segment);
        }
    }

    fn push_interchange(&mut self, header: Option<usize>, position: usize, segment: Segment<'a>) {
        let groups = self.document.groups.len();
        self.open.interchange = Some(self.document.interchanges.len());
        self.seen.in_interchange.clear();
        self.document.interchanges.push(Interchange {
            header,
            trailer: None,
            segments: position..position + 1,
            groups: groups..groups,
            acknowledgements: Vec::new(),
            delimiters: segment.delimiters,
            verdict: Verdict::Sound,
        });
    }

    /// Sets and groups of a file without ISA are read all the same.
    fn ensure_interchange(&mut self, position: usize, segment: Segment<'a>) {
        let continues = self.open.interchange.is_some_and(|at| {
            self.document.interchanges.get(at).is_some_and(|i| i.trailer.is_none())
        });
        if continues {
            return;
        }
        let fragment = self.document.interchanges.is_empty();
        self.push_interchange(None, position, segment);
        let severity = if fragment { Warning } else { Error };
        let standard = Some(StandardCode::Interchange("022"));
        let detail = (None, "ISA before it".to_owned(), standard);
        self.fault(segment, severity, FaultCode::IsaMissing, detail);
    }

    fn open_group(&mut self, position: usize, segment: Segment<'a>) {
        self.close_open_group();
        self.ensure_interchange(position, segment);
        self.push_group(Some(position), position);
        for (severity, code, detail) in header_checks::of_gs(segment) {
            self.fault(segment, severity, code, detail);
        }
        if !self.seen.in_interchange.insert(segment.element(6)) {
            let detail = (Some(6), "a number used once in the interchange".to_owned(), {
                Some(StandardCode::Group("19"))
            });
            self.fault(segment, Warning, FaultCode::GsDuplicate, detail);
        }
    }

    fn push_group(&mut self, header: Option<usize>, position: usize) {
        let sets = self.document.sets.len();
        self.open.group = Some(self.document.groups.len());
        self.seen.in_group.clear();
        self.document.groups.push(Group {
            header,
            trailer: None,
            segments: position..position + 1,
            sets: sets..sets,
            interchange: self.open.interchange.unwrap_or_default(),
            verdict: Verdict::Sound,
        });
        if let Some(open) =
            self.open.interchange.and_then(|at| self.document.interchanges.get_mut(at))
        {
            open.groups.end = self.document.groups.len();
        }
    }

    fn open_set(&mut self, position: usize, segment: Segment<'a>) {
        self.close_open_set();
        self.ensure_interchange(position, segment);
        if self.open.group.is_none() {
            let fragment = self.open.interchange.is_some_and(|at| {
                self.document.interchanges.get(at).is_some_and(|i| i.header.is_none())
            });
            self.push_group(None, position);
            let severity = if fragment { Warning } else { Error };
            let standard = Some(StandardCode::Interchange("024"));
            let detail = (None, "GS before it".to_owned(), standard);
            self.fault(segment, severity, FaultCode::GsMissing, detail);
        }
        self.open.set = Some(self.document.sets.len());
        self.document.sets.push(Set {
            header: position,
            trailer: None,
            segments: position..position + 1,
            group: self.open.group.unwrap_or_default(),
            interchange: self.open.interchange.unwrap_or_default(),
            verdict: Verdict::Sound,
        });
        if let Some(group) = self.open.group.and_then(|at| self.document.groups.get_mut(at)) {
            group.sets.end = self.document.sets.len();
        }
        self.check_set_header(segment);
    }

    fn check_set_header(&mut self, segment: Segment<'a>) {
        let (code, control_number) = (segment.text(1), segment.element(2));
        let code = code.trim();
        if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            let detail =
                (Some(1), "three digits such as 850".to_owned(), { Some(StandardCode::Set("6")) });
            self.fault(segment, Error, FaultCode::StIdentifier, detail);
        }
        if control_number.trim_ascii().is_empty() {
            let standard = Some(StandardCode::Set("7"));
            let detail = (Some(2), "4 to 9 characters".to_owned(), standard);
            self.fault(segment, Error, FaultCode::StControlNumber, detail);
        } else if !self.seen.in_group.insert(control_number) {
            let standard = Some(StandardCode::Set("23"));
            let detail = (Some(2), "a number used once in the group".to_owned(), standard);
            self.fault(segment, Warning, FaultCode::StDuplicate, detail);
        }
        let group = self.open.group.and_then(|at| self.document.groups.get(at));
        let function = self.document.segment(group.and_then(|g| g.header)).map(|gs| gs.text(1));
        let expected = schema::functional_id(code);
        if let (Some(function), Some(expected)) = (function, expected)
            && function.trim() != expected
        {
            let expected = format!("GS01 `{expected}`, found `{}`", shorten(function.as_bytes()));
            self.fault(segment, Warning, FaultCode::GsFunction, (Some(1), expected, None));
        }
    }

    fn interchange_acknowledgement(&mut self, position: usize, segment: Segment<'a>) {
        self.ensure_interchange(position, segment);
        let Some(open) =
            self.open.interchange.and_then(|at| self.document.interchanges.get_mut(at))
        else {
            return;
        };
        let in_place = open.groups.is_empty();
        open.acknowledgements.push(position);
        if !in_place || self.open.set.is_some() {
            let detail = (None, "TA1 between ISA and the first GS".to_owned(), None);
            self.fault(segment, Warning, FaultCode::Ta1Place, detail);
        }
    }

    fn outside(&mut self, segment: Segment<'a>) {
        let closed = self.open.interchange.is_none_or(|at| {
            self.document.interchanges.get(at).is_none_or(|i| i.trailer.is_some())
        });
        let expected = if closed {
            "ISA or the end of the file"
        } else if self.open.group.is_some() {
            "ST or GE"
        } else {
            "GS, TA1 or IEA"
        };
        let standard = Some(StandardCode::Interchange("022"));
        let detail = (None, expected.to_owned(), standard);
        self.fault(segment, Error, FaultCode::SegmentOutside, detail);
    }

    /// The ranges of what is open grow with each segment that belongs to them.
    fn extend_to(&mut self, end: usize) {
        let document = &mut self.document;
        if let Some(set) = self.open.set.and_then(|at| document.sets.get_mut(at)) {
            set.segments.end = end;
            return;
        }
        if let Some(group) = self.open.group.and_then(|at| document.groups.get_mut(at)) {
            group.segments.end = end;
            return;
        }
        if let Some(at) = self.open.interchange.and_then(|at| document.interchanges.get_mut(at)) {
            at.segments.end = end;
        }
    }
}

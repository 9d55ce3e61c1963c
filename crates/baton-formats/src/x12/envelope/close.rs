//! The closing half of the envelope: trailers, their counts and control numbers, and what is still
//! open when something else begins or the file ends.

use super::{
    Document, Error, Fault, FaultCode, Place, Reader, Segment, StandardCode, Verdict, Warning,
};
use std::borrow::Cow;

use crate::x12::tokeniser::FILE_BYTES_MAX;

/// What a trailer says about itself against what was read.
struct Trailer<'a> {
    count: (FaultCode, usize, Option<StandardCode>),
    control: (FaultCode, Cow<'a, str>, Option<StandardCode>),
}

impl<'a> Reader<'a> {
    pub(super) fn close_set(&mut self, position: usize, segment: Segment<'a>) {
        let Some(set) = self.open.set.and_then(|at| self.document.sets.get_mut(at)) else {
            let detail = (None, "ST before it".to_owned(), None);
            return self.fault(segment, Error, FaultCode::SeUnexpected, detail);
        };
        set.trailer = Some(position);
        let count = position + 1 - set.header;
        let header = set.header;
        let control = self.document.segment(Some(header)).map(|st| st.text(2)).unwrap_or_default();
        self.check_trailer(
            segment,
            &Trailer {
                count: (FaultCode::SeCount, count, Some(StandardCode::Set("4"))),
                control: (FaultCode::SeControlNumber, control, Some(StandardCode::Set("3"))),
            },
        );
    }

    pub(super) fn close_group(&mut self, position: usize, segment: Segment<'a>) {
        self.close_open_set();
        let Some(group) = self.open.group.and_then(|at| self.document.groups.get_mut(at)) else {
            let detail = (None, "GS before it".to_owned(), None);
            return self.fault(segment, Error, FaultCode::GeUnexpected, detail);
        };
        group.trailer = Some(position);
        let (count, header) = (group.sets.len(), group.header);
        let control = self.document.segment(header).map(|gs| gs.text(6)).unwrap_or_default();
        self.check_trailer(
            segment,
            &Trailer {
                count: (FaultCode::GeCount, count, Some(StandardCode::Group("5"))),
                control: (FaultCode::GeControlNumber, control, Some(StandardCode::Group("4"))),
            },
        );
    }

    pub(super) fn close_interchange(&mut self, position: usize, segment: Segment<'a>) {
        self.close_open_group();
        let open = self.open.interchange.and_then(|at| self.document.interchanges.get_mut(at));
        let Some(interchange) = open.filter(|i| i.trailer.is_none()) else {
            let detail = (None, "ISA before it".to_owned(), None);
            return self.fault(segment, Error, FaultCode::IeaUnexpected, detail);
        };
        interchange.trailer = Some(position);
        let (count, header) = (interchange.groups.len(), interchange.header);
        let control = self.document.segment(header).map(|isa| isa.text(13)).unwrap_or_default();
        self.check_trailer(
            segment,
            &Trailer {
                count: (FaultCode::IeaCount, count, Some(StandardCode::Interchange("021"))),
                control: (
                    FaultCode::IeaControlNumber,
                    control,
                    Some(StandardCode::Interchange("001")),
                ),
            },
        );
    }

    fn check_trailer(&mut self, segment: Segment<'a>, trailer: &Trailer<'a>) {
        let counted = segment.text(1).trim().parse::<usize>().ok();
        // As text, because a wrapped line may have cut the number in two.
        let control = segment.text(2);
        let (code, count, standard) = trailer.count;
        if counted != Some(count) {
            self.fault(segment, Error, code, (Some(1), format!("`{count}`"), standard));
        }
        let (code, expected, standard) = &trailer.control;
        let (code, control, expected) = (*code, control.trim(), expected.trim());
        if control != expected {
            // GS06 is a number of free width; ISA13 has a fixed one and ST02 is text.
            let same_number = code == FaultCode::GeControlNumber
                && control.trim_start_matches('0') == expected.trim_start_matches('0')
                && !control.is_empty();
            let severity = if same_number { Warning } else { Error };
            let expected = format!("`{}`", super::shorten(expected.as_bytes()));
            self.fault(segment, severity, code, (Some(2), expected, *standard));
        }
    }

    /// After a trailer the thing is closed; its faults had to be noted while it was open. An
    /// interchange stays the owner of what follows it up to the next ISA.
    pub(super) fn close_ended(&mut self, key: u32) {
        match key {
            super::SE => self.open.set = None,
            super::GE => self.open.group = None,
            _ => return,
        }
        self.extend_to(self.document.segments.len());
    }

    pub(super) fn close_open_set(&mut self) {
        let end = self.position;
        self.extend_to(end);
        let Some(set) = self.open.set.and_then(|at| self.document.sets.get(at)) else { return };
        let st = self.document.segment(Some(set.header));
        if let Some(st) = st.filter(|_| set.trailer.is_none()) {
            let expected = format!("SE with control number `{}`", st.text(2));
            let detail = (None, expected, Some(StandardCode::Set("2")));
            self.fault(st, Error, FaultCode::SeMissing, detail);
        }
        self.open.set = None;
        self.extend_to(end);
    }

    pub(super) fn close_open_group(&mut self) {
        self.close_open_set();
        let Some(group) = self.open.group.and_then(|at| self.document.groups.get(at)) else {
            return;
        };
        let end = group.segments.end;
        let gs = self.document.segment(group.header).filter(|_| group.trailer.is_none());
        if let Some(gs) = gs {
            let expected = format!("GE with control number `{}`", gs.text(6));
            let detail = (None, expected, Some(StandardCode::Group("3")));
            self.fault(gs, Error, FaultCode::GeMissing, detail);
        }
        self.open.group = None;
        self.extend_to(end);
    }

    pub(super) fn close_open_interchange(&mut self) {
        self.close_open_group();
        let open = self.open.interchange.and_then(|at| self.document.interchanges.get(at));
        let Some(interchange) = open else { return };
        let isa = self.document.segment(interchange.header);
        if let Some(isa) = isa.filter(|_| interchange.trailer.is_none()) {
            let expected = format!("IEA with control number `{}`", isa.text(13));
            let detail = (None, expected, Some(StandardCode::Interchange("023")));
            self.fault(isa, Error, FaultCode::IeaMissing, detail);
        }
        self.open.interchange = None;
    }

    pub(super) fn finish(mut self) -> Document<'a> {
        self.position = self.document.segments.len();
        self.close_open_interchange();
        if self.document.interchanges.is_empty() && self.document.faults.is_empty() {
            self.document.add_fault(Fault {
                severity: Error,
                code: FaultCode::IsaMissing,
                place: Place::default(),
                found: String::new(),
                expected: "an interchange that begins with ISA".to_owned(),
                standard_code: Some(StandardCode::Interchange("022")),
            });
        }
        if self.document.bytes.len() > FILE_BYTES_MAX {
            self.document.add_fault(Fault {
                severity: Error,
                code: FaultCode::FileLength,
                place: Place { offset: FILE_BYTES_MAX, ..Place::default() },
                found: format!("{} bytes", self.document.bytes.len()),
                expected: format!("at most {FILE_BYTES_MAX} bytes"),
                standard_code: None,
            });
        }
        self.warn_of_empty_interchanges();
        self.document
    }

    /// An interchange with neither group nor TA1 says nothing: likely cut, so it is told.
    fn warn_of_empty_interchanges(&mut self) {
        for at in 0..self.document.interchanges.len() {
            let Some(interchange) = self.document.interchanges.get(at) else { return };
            let empty = interchange.groups.is_empty() && interchange.acknowledgements.is_empty();
            let trailer = self.document.segment(interchange.trailer);
            if let Some(iea) = trailer.filter(|_| empty && interchange.verdict == Verdict::Sound) {
                self.open.interchange = Some(at);
                let expected = "at least one group or TA1 before it".to_owned();
                self.fault(iea, Warning, FaultCode::GsMissing, (None, expected, None));
            }
        }
        self.open.interchange = None;
    }
}

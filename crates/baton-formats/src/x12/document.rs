//! A file that was read: one vector of segments, and interchanges, groups and sets as ranges into
//! it. Views put a document and an index together so that callers write `set.control_number()`.

use std::borrow::Cow;
use std::ops::Range;

use super::delimiters::Delimiters;
use super::fault::{Fault, Level, Place, Severity};
use super::schema;
use super::segment::Segment;
use super::verdict::Verdict;

/// Everything that a file holds, as far as it could be read.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    /// The file.
    pub bytes: &'a [u8],
    /// All segments in the order of the file.
    pub segments: Vec<Segment<'a>>,
    /// Interchanges in the order of the file.
    pub interchanges: Vec<Interchange>,
    /// Groups of all interchanges, in the order of the file.
    pub groups: Vec<Group>,
    /// Sets of all groups, in the order of the file.
    pub sets: Vec<Set>,
    /// What is wrong, in the order of finding; at most [`FAULTS_MAX`] are listed.
    pub faults: Vec<Fault>,
}

/// Most faults that are listed for one file. Verdicts take every fault into account.
pub const FAULTS_MAX: usize = 2_000;

/// One interchange. Numbers are positions in [`Document::segments`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interchange {
    /// The ISA segment; absent for a file that begins with GS or ST.
    pub header: Option<usize>,
    /// The IEA segment.
    pub trailer: Option<usize>,
    /// Everything from ISA to IEA.
    pub segments: Range<usize>,
    /// Positions in [`Document::groups`].
    pub groups: Range<usize>,
    /// TA1 segments, wherever they stood.
    pub acknowledgements: Vec<usize>,
    /// The separators that ISA declares.
    pub delimiters: Delimiters,
    /// Verdict on the interchange's own envelope; its groups and sets have their own.
    pub verdict: Verdict,
}

/// One functional group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The GS segment; absent for sets that stand outside any group.
    pub header: Option<usize>,
    /// The GE segment.
    pub trailer: Option<usize>,
    /// Everything from GS to GE.
    pub segments: Range<usize>,
    /// Positions in [`Document::sets`].
    pub sets: Range<usize>,
    /// Position in [`Document::interchanges`].
    pub interchange: usize,
    /// Verdict on the group's own envelope.
    pub verdict: Verdict,
}

/// One transaction set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// The ST segment.
    pub header: usize,
    /// The SE segment.
    pub trailer: Option<usize>,
    /// Everything from ST to SE.
    pub segments: Range<usize>,
    /// Position in [`Document::groups`].
    pub group: usize,
    /// Position in [`Document::interchanges`].
    pub interchange: usize,
    /// Verdict on the set: its envelope and its content.
    pub verdict: Verdict,
}

impl<'a> Document<'a> {
    /// Every set, each with what it stands in.
    pub fn sets(&self) -> impl Iterator<Item = SetView<'_>> {
        (0..self.sets.len()).filter_map(|index| self.set(index))
    }

    /// Set `index` of the document.
    pub fn set(&self, index: usize) -> Option<SetView<'_>> {
        let set = self.sets.get(index)?;
        Some(SetView { document: self, set, index })
    }

    /// Segment at a position, if there is one.
    pub fn segment(&self, position: Option<usize>) -> Option<Segment<'a>> {
        self.segments.get(position?).copied()
    }

    /// Segments of a range.
    pub fn range(&self, range: &Range<usize>) -> &[Segment<'a>] {
        self.segments.get(range.clone()).unwrap_or_default()
    }

    /// The worst of all verdicts: that of the file.
    pub fn verdict(&self) -> Verdict {
        if self.interchanges.is_empty() {
            return Verdict::Broken;
        }
        let interchanges = self.interchanges.iter().map(|i| i.verdict);
        let groups = self.groups.iter().map(|g| g.verdict);
        let sets = self.sets.iter().map(|s| s.verdict);
        let unowned = self.faults.iter().filter(|f| f.place.interchange.is_none());
        interchanges
            .chain(groups)
            .chain(sets)
            .chain(unowned.map(|f| Verdict::of(f.severity)))
            .max()
            .unwrap_or(Verdict::Sound)
    }

    /// The verdict that the envelope faults alone give, content left out. With more faults than
    /// are listed the two can no longer be told apart, and it is the verdict on everything.
    pub fn envelope_verdict(&self) -> Verdict {
        if self.interchanges.is_empty() || self.faults.len() > FAULTS_MAX {
            return self.verdict();
        }
        let faults = self.faults.iter().filter(|f| f.code.level() == Level::Envelope);
        faults.map(|f| Verdict::of(f.severity)).max().unwrap_or(Verdict::Sound)
    }

    /// Notes a fault and lets it weigh on what it belongs to. Beyond [`FAULTS_MAX`] it only weighs.
    pub(super) fn add_fault(&mut self, fault: Fault) {
        let Place { interchange, group, set, .. } = fault.place;
        let owner = match (set, group, interchange) {
            (Some(set), _, _) => self.sets.get_mut(set).map(|s| &mut s.verdict),
            (_, Some(group), _) => self.groups.get_mut(group).map(|g| &mut g.verdict),
            (_, _, Some(at)) => self.interchanges.get_mut(at).map(|i| &mut i.verdict),
            _ => None,
        };
        if let Some(verdict) = owner {
            *verdict = (*verdict).max(Verdict::of(fault.severity));
        }
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(fault);
        } else if self.faults.len() == FAULTS_MAX {
            self.faults.push(Fault {
                severity: Severity::Warning,
                code: super::FaultCode::MoreFaults,
                place: Place::default(),
                found: String::new(),
                expected: format!("at most {FAULTS_MAX} faults in one file"),
                standard_code: None,
            });
        }
    }
}

/// A set together with the document that it stands in.
#[derive(Debug, Clone, Copy)]
pub struct SetView<'d> {
    /// The document.
    pub document: &'d Document<'d>,
    /// The set.
    pub set: &'d Set,
    /// Its position in [`Document::sets`].
    pub index: usize,
}

impl<'d> SetView<'d> {
    /// ST01, such as `850`.
    pub fn code(&self) -> &'d str {
        let Some(st) = self.header() else { return "" };
        match st.text(1) {
            Cow::Borrowed(code) => code.trim(),
            // Only a line break inside makes a copy; then the known sets are told apart.
            Cow::Owned(code) => schema::known_code(&code).unwrap_or(""),
        }
    }

    /// ST02.
    pub fn control_number(&self) -> String {
        self.header().map_or_else(String::new, |st| st.text(2).into_owned())
    }

    /// The ST segment.
    pub fn header(&self) -> Option<Segment<'d>> {
        self.document.segment(Some(self.set.header))
    }

    /// All segments from ST to SE.
    pub fn segments(&self) -> &'d [Segment<'d>] {
        self.document.range(&self.set.segments)
    }

    /// The segments between ST and SE.
    pub fn body(&self) -> &'d [Segment<'d>] {
        let Range { start, end } = self.set.segments;
        let end = if self.set.trailer.is_some() { end.saturating_sub(1) } else { end };
        self.document.range(&(start + 1..end.max(start + 1)))
    }

    /// Verdict on the set itself, see [`Set::verdict`].
    pub fn verdict(&self) -> Verdict {
        self.set.verdict
    }

    /// Verdict on the group and the interchange about the set. A broken envelope does not make the
    /// set broken: what to do with it is the reader's to decide.
    pub fn envelope_verdict(&self) -> Verdict {
        let group = self.group().map_or(Verdict::Sound, |g| g.verdict);
        let interchange = self.interchange().map_or(Verdict::Sound, |i| i.verdict);
        group.max(interchange)
    }

    /// The listed faults that belong to the set.
    pub fn faults(&self) -> impl Iterator<Item = &'d Fault> + use<'d> {
        let index = self.index;
        self.document.faults.iter().filter(move |f| f.place.set == Some(index))
    }

    /// The group about the set.
    pub fn group(&self) -> Option<&'d Group> {
        self.document.groups.get(self.set.group)
    }

    /// The interchange about the set.
    pub fn interchange(&self) -> Option<&'d Interchange> {
        self.document.interchanges.get(self.set.interchange)
    }

    /// What an intake needs to know a set again when it is sent twice.
    pub fn identity(&self) -> SetIdentity {
        let document = self.document;
        let isa = self.interchange().and_then(|i| document.segment(i.header));
        let gs = self.group().and_then(|g| document.segment(g.header));
        let of = |segment: Option<Segment<'d>>, position| {
            segment.map_or_else(String::new, |s| s.text(position).trim().to_owned())
        };
        SetIdentity {
            sender_qualifier: of(isa, 5),
            sender_id: of(isa, 6),
            receiver_qualifier: of(isa, 7),
            receiver_id: of(isa, 8),
            interchange_control_number: of(isa, 13),
            group_control_number: of(gs, 6),
            functional_id: of(gs, 1),
            version: of(gs, 8),
            set_code: self.code().to_owned(),
            set_control_number: self.control_number(),
        }
    }
}

/// The envelope's own name for a set: two sets with the same one are the same, or one of them is
/// an error of the sender.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct SetIdentity {
    /// ISA05.
    pub sender_qualifier: String,
    /// ISA06.
    pub sender_id: String,
    /// ISA07.
    pub receiver_qualifier: String,
    /// ISA08.
    pub receiver_id: String,
    /// ISA13.
    pub interchange_control_number: String,
    /// GS06.
    pub group_control_number: String,
    /// GS01, such as `PO`.
    pub functional_id: String,
    /// GS08, such as `004010`.
    pub version: String,
    /// ST01, such as `850`.
    pub set_code: String,
    /// ST02.
    pub set_control_number: String,
}

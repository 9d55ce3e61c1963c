//! The verdict on a file and the report that says why: what `baton edi check` prints and what a
//! quarantined message shows.

use serde::Serialize;

use super::document::{Document, Interchange};
use super::fault::{Fault, Severity};
use super::segment::Segment;

/// May it be used?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing is wrong.
    Sound,
    /// It can be used; its sender should be told of the faults.
    #[serde(rename = "sound with warnings")]
    SoundWithWarnings,
    /// It must not be used as it stands.
    Broken,
}

impl Verdict {
    /// The verdict that one fault alone gives.
    pub fn of(severity: Severity) -> Verdict {
        match severity {
            Severity::Warning => Verdict::SoundWithWarnings,
            Severity::Error => Verdict::Broken,
        }
    }

    /// As it is printed: `sound`, `sound with warnings`, `broken`.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Sound => "sound",
            Verdict::SoundWithWarnings => "sound with warnings",
            Verdict::Broken => "broken",
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A file's verdict with everything it rests on.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The worst verdict of all below.
    pub verdict: Verdict,
    /// Length of the file in bytes.
    pub size_bytes: usize,
    /// Number of segments in the file.
    pub segment_count: usize,
    /// Its interchanges, in order.
    pub interchanges: Vec<InterchangeReport>,
    /// Every fault, with its place.
    pub faults: Vec<Fault>,
}

/// One interchange of a report.
#[derive(Debug, Clone, Serialize)]
pub struct InterchangeReport {
    /// Verdict on its own envelope.
    pub verdict: Verdict,
    /// ISA05 and ISA06.
    pub sender: Address,
    /// ISA07 and ISA08.
    pub receiver: Address,
    /// ISA13.
    pub control_number: String,
    /// ISA09 as written.
    pub date: String,
    /// ISA10 as written.
    pub time: String,
    /// ISA12.
    pub version: String,
    /// ISA15: `P` production, `T` test.
    pub usage: String,
    /// How many TA1 segments it carries.
    pub interchange_acknowledgements: usize,
    /// Its groups, in order.
    pub groups: Vec<GroupReport>,
}

/// Who an interchange is from or for.
#[derive(Debug, Clone, Serialize)]
pub struct Address {
    /// What kind of identifier it is, such as `ZZ` or `01`.
    pub qualifier: String,
    /// The identifier.
    pub id: String,
}

/// One functional group of a report.
#[derive(Debug, Clone, Serialize)]
pub struct GroupReport {
    /// Verdict on its own envelope.
    pub verdict: Verdict,
    /// GS01.
    pub functional_id: String,
    /// GS02.
    pub sender: String,
    /// GS03.
    pub receiver: String,
    /// GS04 as written.
    pub date: String,
    /// GS05 as written.
    pub time: String,
    /// GS06.
    pub control_number: String,
    /// GS08.
    pub version: String,
    /// Its sets, in order.
    pub sets: Vec<SetReport>,
}

/// One transaction set of a report.
#[derive(Debug, Clone, Serialize)]
pub struct SetReport {
    /// Verdict on the set.
    pub verdict: Verdict,
    /// ST01.
    #[serde(rename = "type")]
    pub code: String,
    /// ST02.
    pub control_number: String,
    /// Segments from ST to SE, both counted.
    pub segment_count: usize,
    /// Position of ST in the file.
    pub offset: usize,
}

impl Report {
    /// The report on a document.
    pub fn of(document: &Document<'_>) -> Report {
        let interchanges = document.interchanges.iter().map(|i| interchange_report(document, i));
        Report {
            verdict: document.verdict(),
            size_bytes: document.bytes.len(),
            segment_count: document.segments.len(),
            interchanges: interchanges.collect(),
            faults: document.faults.clone(),
        }
    }
}

fn text(segment: Option<Segment<'_>>, position: usize) -> String {
    segment.map_or_else(String::new, |s| s.text(position).trim().to_owned())
}

fn interchange_report(document: &Document<'_>, interchange: &Interchange) -> InterchangeReport {
    let isa = document.segment(interchange.header);
    let groups = document.groups.get(interchange.groups.clone()).unwrap_or_default();
    let groups = groups.iter().map(|group| {
        let gs = document.segment(group.header);
        let sets = group.sets.clone().filter_map(|index| document.set(index));
        let sets = sets.map(|view| SetReport {
            verdict: view.verdict(),
            code: view.code().to_owned(),
            control_number: view.control_number(),
            segment_count: view.segments().len(),
            offset: view.header().map_or(0, |st| st.offset()),
        });
        GroupReport {
            verdict: group.verdict,
            functional_id: text(gs, 1),
            sender: text(gs, 2),
            receiver: text(gs, 3),
            date: text(gs, 4),
            time: text(gs, 5),
            control_number: text(gs, 6),
            version: text(gs, 8),
            sets: sets.collect(),
        }
    });
    InterchangeReport {
        verdict: interchange.verdict,
        sender: Address { qualifier: text(isa, 5), id: text(isa, 6) },
        receiver: Address { qualifier: text(isa, 7), id: text(isa, 8) },
        control_number: text(isa, 13),
        date: text(isa, 9),
        time: text(isa, 10),
        version: text(isa, 12),
        usage: text(isa, 15),
        interchange_acknowledgements: interchange.acknowledgements.len(),
        groups: groups.collect(),
    }
}

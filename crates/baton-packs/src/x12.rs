//! Reading X12: every transaction set of a file is a part of its own, read by the connector's table
//! for that set.
//!
//! What is broken about a set faults that set; what is broken about an envelope is a part of its own,
//! so that it is seen, and the sound sets within are read all the same.

mod reference;
mod table;

use baton_core::fact::Place;
use baton_formats::x12::{self, Document, Fault, SetView, Severity, Verdict, read_envelope, tree};

pub(crate) use self::table::SetTable;
use crate::connector::Connector;
use crate::mapping_fault::{MappingCode, MappingFault};
use crate::reading::{PARTS_MAX, PartReading};
use crate::statement::{Read, Reader};

/// Faults that are told of one part.
const FAULTS_MAX: usize = 20;

impl Connector {
    pub(crate) fn interchanges(&self, bytes: &[u8], reader: &Reader<'_>) -> Vec<PartReading> {
        let document = read_envelope(bytes);
        let mut parts = envelope_parts(&document);
        for set in document.sets().take(PARTS_MAX) {
            parts.push(self.set(&set, reader));
        }
        if document.sets.len() > PARTS_MAX {
            let expected = format!("at most {PARTS_MAX} transaction sets");
            let fault = MappingFault::new(MappingCode::LimitExceeded, "more sets", expected);
            parts.push(PartReading::faulty("further sets", fault));
        }
        if parts.is_empty() {
            let expected = "an X12 interchange with transaction sets";
            let fault = MappingFault::new(MappingCode::NotReadable, "none", expected);
            parts.push(PartReading::faulty("message", fault));
        }
        parts
    }

    fn set(&self, set: &SetView<'_>, reader: &Reader<'_>) -> PartReading {
        let part = part_name(set);
        let (root, content) = tree::build(set);
        let faults: Vec<&Fault> = set.faults().chain(&content).collect();
        let mut read = Read::default();
        for fault in faults {
            match fault.severity {
                Severity::Error if read.faults.len() < FAULTS_MAX => {
                    read.faults.push(told(fault, MappingCode::BrokenSet));
                }
                Severity::Error => {}
                _ if read.warnings.len() < FAULTS_MAX => {
                    read.warnings.push(told(fault, MappingCode::OddEnvelope));
                }
                _ => {}
            }
        }
        if !read.faults.is_empty() || set.verdict() == Verdict::Broken {
            if read.faults.is_empty() {
                let fault =
                    MappingFault::new(MappingCode::BrokenSet, "", "a sound transaction set");
                read.faults.push(fault);
            }
            return PartReading::new(&part, read);
        }
        match self.sets.get(set.code()) {
            Some(table) => table.read(&root, reader, &mut read),
            None => {
                let known: Vec<&str> = self.sets.keys().map(String::as_str).collect();
                let expected = format!("a set that `{}` reads: {}", self.name, known.join(", "));
                read.faults.push(MappingFault::new(MappingCode::UnknownSet, set.code(), expected));
            }
        }
        PartReading::new(&part, read)
    }
}

/// `ISA 000000101 / GS 1 / ST 0001`
fn part_name(set: &SetView<'_>) -> String {
    let id = set.identity();
    format!(
        "ISA {} / GS {} / ST {}",
        id.interchange_control_number, id.group_control_number, id.set_control_number
    )
}

/// What is wrong outside the sets, by interchange.
fn envelope_parts(document: &Document<'_>) -> Vec<PartReading> {
    let mut parts: Vec<(Option<usize>, Vec<MappingFault>)> = Vec::new();
    let outside = document.faults.iter().filter(|f| f.place.set.is_none());
    for fault in outside.filter(|f| f.severity == Severity::Error) {
        let owner = fault.place.interchange;
        if !parts.iter().any(|(of, _)| *of == owner) {
            parts.push((owner, Vec::new()));
        }
        if let Some((_, faults)) = parts.iter_mut().find(|(of, _)| *of == owner)
            && faults.len() < FAULTS_MAX
        {
            faults.push(told(fault, MappingCode::NotReadable));
        }
    }
    let named = |(owner, faults): (Option<usize>, Vec<MappingFault>)| {
        let header = owner.and_then(|n| document.interchanges.get(n)).and_then(|i| i.header);
        let number = document.segment(header).map(|isa| isa.text(13).trim().to_owned());
        let part = number.map_or_else(|| "envelope".to_owned(), |number| format!("ISA {number}"));
        PartReading { part, result: Err(faults), warnings: Vec::new() }
    };
    parts.into_iter().map(named).collect()
}

fn told(fault: &Fault, code: MappingCode) -> MappingFault {
    let place = Place::Segment {
        number: u32::try_from(fault.place.segment_number).unwrap_or(u32::MAX),
        offset: fault.place.offset as u64,
        length: u32::try_from(fault.place.length).unwrap_or(u32::MAX),
    };
    let key = fault.place.segment_id.as_deref().map_or_else(String::new, |id| {
        fault.place.element.map_or_else(|| id.to_owned(), |n| format!("{id}{n:02}"))
    });
    let mut told = MappingFault::new(code, &fault.found, fault.expected.as_str()).at(&place);
    told.key = key;
    told.x12 = Some(fault.code);
    told
}

/// Sender and control number of each interchange of a file: what tells it from a repeat.
pub(crate) fn control_numbers(bytes: &[u8]) -> Option<String> {
    let document = read_envelope(bytes);
    let isas = document.interchanges.iter().filter_map(|i| document.segment(i.header));
    let ids: Vec<String> = isas
        .map(|isa: x12::Segment<'_>| {
            let text = |n| isa.text(n).trim().to_owned();
            format!("{}:{}/{}", text(5), text(6), text(13))
        })
        .collect();
    if ids.is_empty() { None } else { Some(ids.join("+")) }
}

#[cfg(test)]
mod tests;

//! The interchange of 997s that answers a file: addressed back to whoever sent it.

use baton_core::time::Instant;
use baton_formats::x12::write::{
    Address, GroupHeader, InterchangeHeader, InterchangeWriter, WriteError,
};
use baton_formats::x12::{
    Delimiters, Document, Interchange, Segment, X12Date, X12Time, acknowledge,
};

use crate::exit::{Failure, Result};

/// The version in which answers are written where the file does not tell its own.
const VERSION: &str = "00401";
const GROUP_VERSION: &str = "004010";
/// The qualifier "mutually agreed".
const AGREED: &str = "ZZ";

/// An interchange for each one of the file, with a group of one 997 for each group that may be
/// answered. Control numbers count up from `first_number`.
pub(super) fn of(document: &Document<'_>, at: Instant, first_number: u32) -> Result<Vec<u8>> {
    let (date, time) = moment(at)?;
    let mut answers = Answers { document, date, time, number: first_number, bytes: Vec::new() };
    for interchange in &document.interchanges {
        answers.answer(interchange).map_err(|why| Failure::refused(why.to_string()))?;
    }
    if answers.bytes.is_empty() {
        let text = "it has no envelope with a group of anything but acknowledgments";
        return Err(Failure::refused(text));
    }
    Ok(answers.bytes)
}

struct Answers<'d> {
    document: &'d Document<'d>,
    date: X12Date,
    time: X12Time,
    number: u32,
    bytes: Vec<u8>,
}

impl Answers<'_> {
    fn answer(&mut self, interchange: &Interchange) -> std::result::Result<(), WriteError> {
        let groups = interchange.groups.clone();
        let answers: Vec<_> =
            groups.filter_map(|n| Some((n, acknowledge(self.document, n)?))).collect();
        let Some(isa) = self.document.segment(interchange.header) else { return Ok(()) };
        if answers.is_empty() {
            return Ok(());
        }
        let header = self.interchange_header(isa);
        let mut writer = InterchangeWriter::new(Delimiters::default(), &header)?;
        for (n, answer) in answers {
            writer.begin_group(self.group_header(n, &header))?;
            writer.write_set(&answer, "0001")?;
            self.number = self.number.saturating_add(1);
        }
        self.bytes.extend(writer.finish());
        Ok(())
    }

    fn interchange_header(&self, isa: Segment<'_>) -> InterchangeHeader {
        let address = |qualifier, id| Address {
            qualifier: stated(isa, qualifier, AGREED),
            id: stated(isa, id, ""),
        };
        InterchangeHeader {
            sender: address(7, 8),
            receiver: address(5, 6),
            date: self.date,
            time: self.time.clone(),
            version: stated(isa, 12, VERSION),
            control_number: self.number,
            test: stated(isa, 15, "P") == "T",
        }
    }

    fn group_header(&self, group: usize, header: &InterchangeHeader) -> GroupHeader {
        let group = self.document.groups.get(group);
        let gs = group.and_then(|group| self.document.segment(group.header));
        let stated = |position, otherwise: &str| {
            gs.map_or_else(|| otherwise.to_owned(), |gs| stated(gs, position, otherwise))
        };
        GroupHeader {
            sender: stated(3, &header.sender.id),
            receiver: stated(2, &header.receiver.id),
            date: self.date,
            time: self.time.clone(),
            control_number: self.number,
            version: stated(8, GROUP_VERSION),
        }
    }
}

fn stated(segment: Segment<'_>, position: usize, otherwise: &str) -> String {
    let text = segment.text(position).trim().to_owned();
    if text.is_empty() { otherwise.to_owned() } else { text }
}

/// Day and minute in UTC. An instant reads `2026-05-04T16:10:00Z`: its digits are what X12 writes.
fn moment(at: Instant) -> Result<(X12Date, X12Time)> {
    let digits: String = at.to_string().chars().filter(char::is_ascii_digit).collect();
    let date = digits.get(0..8).and_then(X12Date::parse);
    let time = digits.get(8..12).and_then(X12Time::parse);
    date.zip(time).ok_or_else(|| Failure::usage(format!("{at} cannot be written as an X12 date")))
}

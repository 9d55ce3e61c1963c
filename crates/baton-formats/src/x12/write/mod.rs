//! Writing interchanges: delimiters, control numbers, nesting and counts are the writer's business,
//! so that what it writes is always sound. X12 has no escape character, therefore a value that
//! contains a delimiter cannot be written: that is an error which names the value, and the set it
//! stands in leaves no trace in the interchange.

mod segment;

pub use segment::{SegmentWriter, SetWriter, WriteError};

use super::delimiters::Delimiters;
use super::moment::{X12Date, X12Time};

/// Control numbers of interchanges and groups have at most nine digits.
pub const CONTROL_NUMBER_MAX: u32 = 999_999_999;

/// Who an interchange is from or for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// ISA05 or ISA07, such as `ZZ`.
    pub qualifier: String,
    /// ISA06 or ISA08, at most 15 characters.
    pub id: String,
}

impl Address {
    /// An address under qualifier `ZZ`, mutually agreed.
    pub fn agreed(id: impl Into<String>) -> Address {
        Address { qualifier: "ZZ".to_owned(), id: id.into() }
    }
}

/// What ISA says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterchangeHeader {
    /// The sender.
    pub sender: Address,
    /// The receiver.
    pub receiver: Address,
    /// ISA09; written with six digits.
    pub date: X12Date,
    /// ISA10; written with four digits.
    pub time: X12Time,
    /// ISA12, such as `00401`.
    pub version: String,
    /// ISA13, 0 to [`CONTROL_NUMBER_MAX`].
    pub control_number: u32,
    /// ISA15: a test interchange.
    pub test: bool,
}

/// What GS says, but for the functional identifier, which follows from the sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupHeader {
    /// GS02.
    pub sender: String,
    /// GS03.
    pub receiver: String,
    /// GS04.
    pub date: X12Date,
    /// GS05.
    pub time: X12Time,
    /// GS06, 0 to [`CONTROL_NUMBER_MAX`].
    pub control_number: u32,
    /// GS08, such as `004010`.
    pub version: String,
}

/// A document that can be written as a transaction set.
pub trait WriteSet {
    /// ST01, such as `850`.
    fn set_code(&self) -> &'static str;
    /// Writes every segment between ST and SE.
    ///
    /// # Errors
    /// If a value cannot be written as it is.
    fn write(&self, out: &mut SetWriter<'_>) -> Result<(), WriteError>;
}

/// Writes one interchange.
#[derive(Debug)]
pub struct InterchangeWriter {
    bytes: Vec<u8>,
    delimiters: Delimiters,
    control_number: u32,
    groups: usize,
    open: Option<OpenGroup>,
}

#[derive(Debug)]
struct OpenGroup {
    header: GroupHeader,
    /// Known once the first set is written: the group's functional identifier is that set's.
    functional_id: Option<&'static str>,
    sets: usize,
}

impl InterchangeWriter {
    /// Begins an interchange.
    ///
    /// # Errors
    /// If delimiters collide with each other or with the header's values, or a value has no room
    /// in its fixed width.
    pub fn new(
        delimiters: Delimiters,
        header: &InterchangeHeader,
    ) -> Result<InterchangeWriter, WriteError> {
        if !delimiters.usable() {
            return Err(WriteError::Delimiters);
        }
        check_control_number("ISA13", header.control_number)?;
        let bytes = segment::isa(&delimiters, header)?;
        let control_number = header.control_number;
        Ok(InterchangeWriter { bytes, delimiters, control_number, groups: 0, open: None })
    }

    /// Ends the open group, if any, and begins another. A group without sets is not written.
    ///
    /// # Errors
    /// If the control number has more than nine digits.
    pub fn begin_group(&mut self, header: GroupHeader) -> Result<(), WriteError> {
        check_control_number("GS06", header.control_number)?;
        self.end_group();
        self.open = Some(OpenGroup { header, functional_id: None, sets: 0 });
        Ok(())
    }

    /// Writes a set into the open group. On an error the interchange is as it was before.
    ///
    /// # Errors
    /// If no group is open, the group is of another function, or a value cannot be written.
    pub fn write_set(
        &mut self,
        set: &dyn WriteSet,
        control_number: &str,
    ) -> Result<(), WriteError> {
        let before = self.bytes.len();
        let written = self.try_write_set(set, control_number);
        if written.is_err() {
            self.bytes.truncate(before);
        }
        written
    }

    fn try_write_set(
        &mut self,
        set: &dyn WriteSet,
        control_number: &str,
    ) -> Result<(), WriteError> {
        let code = set.set_code();
        let function = super::schema::functional_id(code).ok_or(WriteError::UnknownSet { code })?;
        let open = self.open.as_mut().ok_or(WriteError::NoGroup)?;
        let mut out = SetWriter::new(&mut self.bytes, self.delimiters);
        match open.functional_id {
            None => write_group_header(&mut out, function, &open.header)?,
            Some(other) if other != function => {
                return Err(WriteError::OtherFunction { group: other, code });
            }
            Some(_) => {}
        }
        let mut body = SetWriter::new(&mut self.bytes, self.delimiters);
        body.segment("ST").need(code).need(control_number).end()?;
        set.write(&mut body)?;
        let count = body.segment_count() + 1;
        body.segment("SE").number(count).need(control_number).end()?;
        open.functional_id = Some(function);
        open.sets += 1;
        Ok(())
    }

    fn end_group(&mut self) {
        let Some(open) = self.open.take().filter(|open| open.sets > 0) else { return };
        self.groups += 1;
        let (element, end) = (char::from(self.delimiters.element), self.delimiters.terminator);
        let trailer = format!("GE{element}{}{element}{}", open.sets, open.header.control_number);
        self.bytes.extend_from_slice(trailer.as_bytes());
        self.bytes.push(end);
    }

    /// Ends the interchange and gives its bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.end_group();
        let (element, end) = (char::from(self.delimiters.element), self.delimiters.terminator);
        let trailer = format!("IEA{element}{}{element}{:09}", self.groups, self.control_number);
        self.bytes.extend_from_slice(trailer.as_bytes());
        self.bytes.push(end);
        self.bytes
    }
}

fn check_control_number(element: &'static str, number: u32) -> Result<(), WriteError> {
    if number > CONTROL_NUMBER_MAX {
        return Err(WriteError::Length {
            element: element.to_owned(),
            value: number.to_string(),
            length_max: 9,
        });
    }
    Ok(())
}

fn write_group_header(
    out: &mut SetWriter<'_>,
    function: &str,
    header: &GroupHeader,
) -> Result<(), WriteError> {
    out.segment("GS")
        .need(function)
        .need(&header.sender)
        .need(&header.receiver)
        .number(header.date)
        .number(&header.time)
        .number(header.control_number)
        .need("X")
        .need(&header.version)
        .end()
}

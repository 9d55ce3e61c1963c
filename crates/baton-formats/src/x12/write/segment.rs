//! Writing segments element by element. Errors are kept until the end of the segment, so that a
//! segment reads as one chain of calls; empty elements at the end are left out, as X12 wants.

use std::fmt::Display;

use rust_decimal::Decimal;

use super::{Delimiters, InterchangeHeader};

/// Why something cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The delimiters cannot be told apart, or are letters, digits or blanks.
    #[error("the delimiters must be four different marks, none a letter, digit or blank")]
    Delimiters,
    /// A value contains a delimiter or a control character.
    #[error(
        "{element} cannot be written: `{value}` contains the character {found:?}, which is a delimiter or a control character; choose other delimiters or change the value"
    )]
    Character {
        /// The element, such as `N102`.
        element: String,
        /// The value.
        value: String,
        /// The first character that cannot be written.
        found: char,
    },
    /// A mandatory value is empty.
    #[error("{element} must have a value")]
    Empty {
        /// The element, such as `BEG03`.
        element: String,
    },
    /// A value has no room.
    #[error("{element} cannot be written: `{value}` has more than {length_max} characters")]
    Length {
        /// The element, such as `ISA06`.
        element: String,
        /// The value.
        value: String,
        /// Most characters.
        length_max: usize,
    },
    /// There are more values than a segment has room for.
    #[error("{segment} cannot be written: {count} values where there is room for {count_max}")]
    Count {
        /// The segment, such as `N3`.
        segment: String,
        /// How many values there are.
        count: usize,
        /// Most values.
        count_max: usize,
    },
    /// An amount has more decimals than the element can say.
    #[error("{element} cannot be written: `{value}` has more than {decimals} decimals")]
    Precision {
        /// The element, such as `TDS01`.
        element: String,
        /// The value.
        value: Decimal,
        /// Most decimals.
        decimals: u32,
    },
    /// A set was to be written before a group was begun.
    #[error("a group must be begun before a set is written")]
    NoGroup,
    /// The functional identifier of a set is not known.
    #[error("set {code} is not known")]
    UnknownSet {
        /// ST01.
        code: &'static str,
    },
    /// A group holds sets of one function only.
    #[error("set {code} does not belong in a group of function {group}; begin another group")]
    OtherFunction {
        /// GS01 of the group.
        group: &'static str,
        /// ST01.
        code: &'static str,
    },
}

/// Writes the segments of one set.
#[derive(Debug)]
pub struct SetWriter<'w> {
    bytes: &'w mut Vec<u8>,
    delimiters: Delimiters,
    segments: usize,
}

impl<'w> SetWriter<'w> {
    pub(super) fn new(bytes: &'w mut Vec<u8>, delimiters: Delimiters) -> SetWriter<'w> {
        SetWriter { bytes, delimiters, segments: 0 }
    }

    /// Segments written so far.
    pub fn segment_count(&self) -> usize {
        self.segments
    }

    /// The separators in use.
    pub fn delimiters(&self) -> Delimiters {
        self.delimiters
    }

    /// Begins a segment; [`SegmentWriter::end`] writes it.
    pub fn segment<'s>(&'s mut self, id: &'static str) -> SegmentWriter<'s, 'w> {
        let text = id.as_bytes().to_vec();
        SegmentWriter { out: self, id, text, position: 0, empty: 0, error: None }
    }
}

/// Writes one segment.
#[derive(Debug)]
#[must_use = "a segment is written by `end`"]
pub struct SegmentWriter<'s, 'w> {
    out: &'s mut SetWriter<'w>,
    id: &'static str,
    text: Vec<u8>,
    position: usize,
    /// Empty elements not written yet: they are only if something follows them.
    empty: usize,
    error: Option<WriteError>,
}

impl SegmentWriter<'_, '_> {
    fn name(&self) -> String {
        format!("{}{:02}", self.id, self.position)
    }

    fn fail(&mut self, error: WriteError) {
        self.error.get_or_insert(error);
    }

    fn push(&mut self, value: &str) {
        if value.is_empty() {
            self.empty += 1;
            return;
        }
        for _ in 0..=std::mem::take(&mut self.empty) {
            self.text.push(self.out.delimiters.element);
        }
        self.text.extend_from_slice(value.as_bytes());
    }

    /// An element that may be empty. Blanks at its end have no meaning in X12 and are left out.
    pub fn text(mut self, value: &str) -> Self {
        self.position += 1;
        let value = value.trim_end();
        let delimiters = self.out.delimiters;
        let unfit = |c: &char| {
            c.is_control() || u8::try_from(*c).is_ok_and(|b| b.is_ascii() && delimiters.collides(b))
        };
        if let Some(found) = value.chars().find(unfit) {
            let (element, value) = (self.name(), value.to_owned());
            self.fail(WriteError::Character { element, value, found });
        }
        self.push(value);
        self
    }

    /// An element that must have a value.
    pub fn need(mut self, value: &str) -> Self {
        if value.trim().is_empty() {
            self.position += 1;
            let element = self.name();
            self.fail(WriteError::Empty { element });
            return self;
        }
        self.text(value)
    }

    /// An element that may be absent.
    pub fn opt<T: Display>(self, value: Option<T>) -> Self {
        match value {
            Some(value) => self.number(value),
            None => self.text(""),
        }
    }

    /// An element that must be there, as an option that says whether it is.
    pub fn some<T: Display>(self, value: Option<T>) -> Self {
        match value {
            Some(value) => self.number(value),
            None => self.need(""),
        }
    }

    /// An element that is never empty: a number, a date, a time.
    pub fn number(self, value: impl Display) -> Self {
        self.need(&value.to_string())
    }

    /// An amount with implied decimals: its last `decimals` digits are fractions.
    pub fn implied(mut self, value: Option<Decimal>, decimals: u32) -> Self {
        let Some(value) = value else { return self.text("") };
        let shifted = Decimal::from(10u64.pow(decimals)).checked_mul(value);
        match shifted.filter(Decimal::is_integer).map(|d| d.normalize()) {
            Some(shifted) => self.number(shifted),
            None => {
                self.position += 1;
                let element = self.name();
                self.fail(WriteError::Precision { element, value, decimals });
                self
            }
        }
    }

    /// An element of components.
    pub fn components(mut self, values: &[&str]) -> Self {
        self.position += 1;
        let filled = values.iter().rposition(|v| !v.is_empty()).map_or(0, |last| last + 1);
        let values = values.get(..filled).unwrap_or_default();
        let delimiters = self.out.delimiters;
        let element = self.name();
        for value in values {
            let unfit = |c: &char| {
                c.is_control()
                    || u8::try_from(*c).is_ok_and(|b| b.is_ascii() && delimiters.collides(b))
            };
            if let Some(found) = value.chars().find(unfit) {
                let (element, value) = (element.clone(), (*value).to_owned());
                self.fail(WriteError::Character { element, value, found });
            }
        }
        match (values, delimiters.component) {
            ([], _) => self.push(""),
            ([one], _) => self.push(one),
            (many, Some(separator)) => {
                let joined = many.join(&String::from(char::from(separator)));
                self.push(&joined);
            }
            (_, None) => self.fail(WriteError::Delimiters),
        }
        self
    }

    /// Leaves elements empty.
    pub fn skip(mut self, elements: usize) -> Self {
        self.position += elements;
        self.empty += elements;
        self
    }

    /// Writes the segment.
    ///
    /// # Errors
    /// The first of its elements that could not be written.
    pub fn end(self) -> Result<(), WriteError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        self.out.bytes.extend_from_slice(&self.text);
        self.out.bytes.push(self.out.delimiters.terminator);
        self.out.segments += 1;
        Ok(())
    }
}

/// The ISA segment, whose elements have fixed widths.
pub(super) fn isa(
    delimiters: &Delimiters,
    header: &InterchangeHeader,
) -> Result<Vec<u8>, WriteError> {
    let date = header.date.shortened().ok_or_else(|| WriteError::Length {
        element: "ISA09".to_owned(),
        value: header.date.to_string(),
        length_max: 6,
    })?;
    let clock = format!("{:02}{:02}", header.time.hour(), header.time.minute());
    let control = format!("{:09}", header.control_number);
    let standard = char::from(delimiters.repetition.unwrap_or(b'U')).to_string();
    // From 00402 on ISA11 separates repetitions, before that it names the standard.
    let repeats = header.version.as_str() >= "00402";
    if repeats != delimiters.repetition.is_some() {
        return Err(WriteError::Delimiters);
    }
    let (blank, usage) = (String::new(), if header.test { "T" } else { "P" });
    let (date, component) = (date.to_string(), delimiters.component.ok_or(WriteError::Delimiters)?);
    let elements: [(&str, usize); 15] = [
        ("00", 2),
        (&blank, 10),
        ("00", 2),
        (&blank, 10),
        (&header.sender.qualifier, 2),
        (&header.sender.id, 15),
        (&header.receiver.qualifier, 2),
        (&header.receiver.id, 15),
        (&date, 6),
        (&clock, 4),
        (&standard, 1),
        (&header.version, 5),
        (&control, 9),
        ("0", 1),
        (usage, 1),
    ];
    let mut bytes = b"ISA".to_vec();
    for (index, (value, width)) in elements.into_iter().enumerate() {
        let element = format!("ISA{:02}", index + 1);
        let separates = index == 10 && repeats;
        let collides = |c: char| {
            !c.is_ascii() || c.is_control() || u8::try_from(c).is_ok_and(|b| delimiters.collides(b))
        };
        if let Some(found) = value.chars().find(|c| collides(*c) && !separates) {
            return Err(WriteError::Character { element, value: value.to_owned(), found });
        }
        if value.len() > width {
            let value = value.to_owned();
            return Err(WriteError::Length { element, value, length_max: width });
        }
        bytes.push(delimiters.element);
        bytes.extend_from_slice(format!("{value:width$}").as_bytes());
    }
    bytes.extend_from_slice(&[delimiters.element, component, delimiters.terminator]);
    Ok(bytes)
}

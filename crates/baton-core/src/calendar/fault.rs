//! What can be wrong with a declared calendar, in the words of the person who wrote it.

/// A fault of a calendar with its place: a JSON pointer within the calendar's declaration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {kind}")]
pub struct CalendarFault {
    pub path: String,
    pub kind: CalendarFaultKind,
}

/// What is wrong, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarFaultKind {
    #[error(
        "`always` is the calendar that is always open and needs no declaration, choose another name"
    )]
    ReservedName,
    #[error("`{name}` is not a time zone, expected an IANA name such as Europe/Zurich or UTC")]
    UnknownTimeZone { name: String },
    #[error("a calendar needs at least one version, expected `from` and `week`")]
    NoVersions,
    #[error(
        "no version has any working time, so no clock would ever end; give at least one interval"
    )]
    NeverOpen,
    #[error("`{text}` is not a date, expected year-month-day such as 2026-05-01")]
    NotADate { text: String },
    #[error("{date} is given twice, expected each date once")]
    RepeatedDate { date: String },
    #[error("`{text}` is not an interval, expected for example 08:00-12:00 (24:00 ends a day)")]
    NotAnInterval { text: String },
    #[error(
        "`{text}` does not end after it starts; an interval past midnight is written as two, up to 24:00 and from 00:00 of the next day"
    )]
    Backwards { text: String },
    #[error("`{text}` overlaps `{other}` of the same day, expected intervals apart")]
    Overlap { text: String, other: String },
    #[error("{count} entries are too many, expected at most {most}")]
    TooMany { count: usize, most: usize },
}

impl CalendarFaultKind {
    pub(super) fn at(self, path: impl Into<String>) -> CalendarFault {
        CalendarFault { path: path.into(), kind: self }
    }
}

//! How the program ends: the exit codes, and the failures that they stand for.
//!
//! A script must be able to tell "there is something wrong with what you asked about" from "I could
//! not find out". Every failure says in one line what was wrong and what to do.

use std::fmt;

/// What a command came to when it could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Fine,
    /// The work was done and something wrong was found: a broken file, a pack with faults, a
    /// difference. What it is was printed.
    FoundWrong,
}

impl Outcome {
    /// `Fine` if nothing was found.
    pub(crate) const fn of(is_fine: bool) -> Self {
        if is_fine { Self::Fine } else { Self::FoundWrong }
    }

    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::FoundWrong => 1,
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// The arguments do not make sense together.
    Usage,
    /// What was asked about is not there, or cannot be reached.
    NotFound,
    /// Baton knows what was asked and refuses: the key does not allow it, or the state forbids it.
    Refused,
    /// Something of Baton's own, or of the machine, failed.
    Failed,
}

impl Why {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Refused => 4,
            Self::Failed => 5,
        }
    }
}

/// A failure with its words.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) why: Why,
    pub(crate) text: String,
}

impl Failure {
    pub(crate) fn new(why: Why, text: impl Into<String>) -> Self {
        Self { why, text: text.into() }
    }
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::new(Why::Usage, text)
    }
    pub(crate) fn not_found(text: impl Into<String>) -> Self {
        Self::new(Why::NotFound, text)
    }
    pub(crate) fn refused(text: impl Into<String>) -> Self {
        Self::new(Why::Refused, text)
    }
    pub(crate) fn failed(text: impl Into<String>) -> Self {
        Self::new(Why::Failed, text)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::failed(format!("{error:#}"))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => Why::NotFound,
            std::io::ErrorKind::PermissionDenied => Why::Refused,
            _ => Why::Failed,
        };
        Self::new(why, error.to_string())
    }
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// The table of exit codes, as help and reference print it.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done, and nothing is wrong
  1  done, and something is wrong with what was looked at: a broken file, a pack with faults, a
     fixture that differs, an order that is not what its facts call for
  2  the command line makes no sense
  3  what was asked about is not there, or the server, folder or file cannot be reached
  4  refused: the key does not allow it, or what is there forbids it
  5  Baton or the machine failed; the message says how";

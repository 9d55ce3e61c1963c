//! What can go wrong with a store, in words that an operator can act on.
//!
//! Deliberately absent: the engines' own messages. They may quote statements and values, and a
//! value may be a customer's; the engine's code goes to the log, never the text.

/// A store's refusal or failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such thing within the caller's scope.
    #[error("there is no {what} `{key}`")]
    NotFound { what: &'static str, key: String },
    /// It exists already, or is in a state that does not allow this.
    #[error("{what} `{key}` {why}")]
    Conflict { what: &'static str, key: String, why: &'static str },
    /// The caller's scope does not reach this at all.
    #[error("{what} cannot be reached with this key's scope")]
    OutOfScope { what: &'static str },
    /// Another writer held on for too long. The same call may succeed when repeated.
    #[error("the store is busy with other writers, try again")]
    Busy,
    /// The database cannot be reached, or the connection was cut. A write whose commit was cut off
    /// may have happened: repeat it, all writes here are safe to repeat.
    #[error("the store cannot be reached ({reason})")]
    Unavailable { reason: String },
    /// The disk, or the quota, is used up.
    #[error("the store is full: free some disk space and try again")]
    Full,
    /// What was read back makes no sense.
    #[error(
        "the store holds something unreadable in {what}: run `baton verify`, restore a backup if it persists"
    )]
    Corrupt { what: &'static str },
    /// The tables were made by a newer Baton.
    #[error(
        "the store has schema version {found}, this program knows versions up to {known}: use a newer program"
    )]
    SchemaTooNew { found: i64, known: i64 },
    /// The tables are missing or old.
    #[error(
        "the store has schema version {found}, this program needs {known}: run `baton migrate`"
    )]
    NotMigrated { found: i64, known: i64 },
    /// A file that was named cannot be used.
    #[error("{file}: {why}")]
    File { file: String, why: String },
    /// A line of a file is not what the file says of itself, or what such a file is.
    #[error("line {line}: found {found}, expected {expected}")]
    Line { line: u64, found: String, expected: String },
    /// More was asked for than one call may do.
    #[error("{what} is limited to {limit} a call")]
    TooMany { what: &'static str, limit: usize },
    /// The engine refused a statement: a fault of this program.
    #[error("the database refused a statement (code {code}): please report this")]
    Refused { code: String },
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl StoreError {
    pub(crate) fn not_found(what: &'static str, key: impl Into<Key>) -> Self {
        Self::NotFound { what, key: key.into().0 }
    }
    pub(crate) fn conflict(what: &'static str, key: impl Into<Key>, why: &'static str) -> Self {
        Self::Conflict { what, key: key.into().0, why }
    }
    /// A word for the kind of error, for metrics.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not_found",
            Self::Conflict { .. } => "conflict",
            Self::OutOfScope { .. } => "out_of_scope",
            Self::Busy => "busy",
            Self::Unavailable { .. } => "unavailable",
            Self::Full => "full",
            Self::Corrupt { .. } => "corrupt",
            Self::SchemaTooNew { .. } | Self::NotMigrated { .. } => "schema",
            Self::File { .. } | Self::Line { .. } => "file",
            Self::TooMany { .. } => "too_many",
            Self::Refused { .. } => "refused",
        }
    }
    /// Whether the same transaction may be run again at once.
    pub(crate) fn may_run_again(&self) -> bool {
        matches!(self, Self::Busy)
    }
}

/// What something is known by, from a text or a number.
pub(crate) struct Key(String);

impl From<i64> for Key {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}
impl From<String> for Key {
    fn from(text: String) -> Self {
        Self(text)
    }
}
impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

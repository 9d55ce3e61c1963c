//! What is wrong with a pack, in the words of the person who wrote it: where, what was found, what
//! was expected, and which valid name was probably meant.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// Names further apart than this share of their length are not what was meant.
const NEAREST_MIN: f64 = 0.6;

/// A place in a text file, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// What sort of fault a finding is. The name is stable; scripts and documents refer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingCode {
    FileMissing,
    FileUnknown,
    FileUnreadable,
    LimitExceeded,
    YamlSyntax,
    UnknownKey,
    MissingKey,
    RepeatedKey,
    BadValue,
    UnknownName,
    RepeatedName,
    JqSyntax,
    JqForbidden,
    CelSyntax,
    CelName,
    Calendar,
    Reference,
    Requires,
}

impl FindingCode {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FileMissing => "file_missing",
            Self::FileUnknown => "file_unknown",
            Self::FileUnreadable => "file_unreadable",
            Self::LimitExceeded => "limit_exceeded",
            Self::YamlSyntax => "yaml_syntax",
            Self::UnknownKey => "unknown_key",
            Self::MissingKey => "missing_key",
            Self::RepeatedKey => "repeated_key",
            Self::BadValue => "bad_value",
            Self::UnknownName => "unknown_name",
            Self::RepeatedName => "repeated_name",
            Self::JqSyntax => "jq_syntax",
            Self::JqForbidden => "jq_forbidden",
            Self::CelSyntax => "cel_syntax",
            Self::CelName => "cel_name",
            Self::Calendar => "calendar",
            Self::Reference => "reference",
            Self::Requires => "requires",
        }
    }
}

/// One fault of a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The file within the pack, with `/` between folders.
    pub file: String,
    #[serde(flatten)]
    pub at: Position,
    pub code: FindingCode,
    pub found: String,
    pub expected: String,
    /// The valid name that was probably meant.
    pub nearest: Option<String>,
}

impl Finding {
    pub(crate) fn new(
        file: &str,
        at: Position,
        code: FindingCode,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        let (found, expected) = (found.into(), expected.into());
        Self { file: file.to_owned(), at, code, found, expected, nearest: None }
    }

    pub(crate) fn meant<'a>(mut self, valid: impl IntoIterator<Item = &'a str>) -> Self {
        self.nearest = nearest(&self.found, valid);
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.at;
        write!(f, "{}:{line}:{column}: {}: ", self.file, self.code.name())?;
        if !self.found.is_empty() {
            write!(f, "found `{}`, ", self.found)?;
        }
        write!(f, "expected {}", self.expected)?;
        match &self.nearest {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

/// The valid name that looks most like `found`, if any looks like it at all.
pub(crate) fn nearest<'a>(found: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let likeness = |name: &&str| {
        let (a, b) = (found.to_lowercase(), name.to_lowercase());
        strsim::jaro_winkler(&a, &b).max(strsim::normalized_damerau_levenshtein(&a, &b))
    };
    valid
        .into_iter()
        .map(|name| (likeness(&name), name))
        .filter(|(score, name)| *score >= NEAREST_MIN && *name != found)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_only_where_it_is_near() {
        let valid = ["oem-hours", "carrier-hours", "always"];
        for (found, expected) in [
            ("oem-hour", Some("oem-hours")),
            ("Carrier_hours", Some("carrier-hours")),
            ("xyz", None),
        ] {
            assert_eq!(nearest(found, valid).as_deref(), expected, "{found}");
        }
    }
}

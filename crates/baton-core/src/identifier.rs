//! What facts are about: objects, named by typed, issuer-scoped identifiers.
//!
//! An identifier names an object of one kind. The same number issued by two parties is two
//! identifiers; two identifiers of one object are joined only by a fact that says so
//! ([`crate::fact::Body::Same`]), never because they look alike. A line is named within its order.

use std::fmt;
use std::hash::{Hash, Hasher};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A kind of thing that facts are about. A line lives inside its order (see [`About`]).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    Order,
    Shipment,
    Package,
    Leg,
    Invoice,
    Job,
    /// A feed itself: what is said about it is its silence and the gaps in its numbers.
    Source,
}

impl ObjectKind {
    pub const ALL: [Self; 7] = [
        Self::Order,
        Self::Shipment,
        Self::Package,
        Self::Leg,
        Self::Invoice,
        Self::Job,
        Self::Source,
    ];
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Shipment => "shipment",
            Self::Package => "package",
            Self::Leg => "leg",
            Self::Invoice => "invoice",
            Self::Job => "job",
            Self::Source => "source",
        }
    }
    /// The prefix of public ids of this kind.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Order => "ord",
            Self::Shipment => "shp",
            Self::Package => "pkg",
            Self::Leg => "leg",
            Self::Invoice => "inv",
            Self::Job => "job",
            Self::Source => "src",
        }
    }
}

/// A name that some party gave to an object: (kind, scheme, issuer, value).
#[derive(Clone, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Identifier {
    pub kind: ObjectKind,
    /// What sort of number it is: `po`, `sales_order`, `tracking`, `sscc`, `asn`, `bol`, ...
    #[schemars(with = "String")]
    pub scheme: SmolStr,
    /// Who gave it: a partner's or system's key.
    #[schemars(with = "String")]
    pub issuer: SmolStr,
    #[schemars(with = "String")]
    pub value: SmolStr,
}

// Identifiers are compared for every fact of every derivation. Two that differ do so by their values as a
// rule, so that these are looked at first. One party seldom gives one value under several schemes, so that
// value and issuer are hashed; the value alone would not do, as many parties count from 1.
impl PartialEq for Identifier {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
            && self.kind == other.kind
            && self.scheme == other.scheme
            && self.issuer == other.issuer
    }
}

impl Hash for Identifier {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
        self.issuer.hash(state);
    }
}

/// The longest value that an identifier may have, in bytes.
pub const IDENTIFIER_BYTES_MAX: usize = 128;

/// Texts that partners write where they have no number. They name nothing and never link.
const PLACEHOLDERS: &[&str] = &[
    "N/A",
    "NA",
    "NONE",
    "NULL",
    "NIL",
    "UNKNOWN",
    "TBD",
    "TBA",
    "TEST",
    "-",
    ".",
    "X",
    "XX",
    "XXX",
    "UNDEFINED",
    "NOT AVAILABLE",
];

impl Identifier {
    #[must_use]
    pub fn new(kind: ObjectKind, scheme: &str, issuer: &str, value: &str) -> Self {
        Self { kind, scheme: scheme.into(), issuer: issuer.into(), value: value.into() }
    }
    /// Whether the value is one that many objects share because it stands for "no number".
    #[must_use]
    pub fn is_placeholder(&self) -> bool {
        let value = self.value.trim();
        // No placeholder has any of these digits, and most numbers have one.
        if value.bytes().any(|byte| matches!(byte, b'1'..=b'8')) {
            return false;
        }
        value.is_empty()
            || value.chars().all(|c| c == '0')
            || (value.len() >= 4 && value.chars().all(|c| c == '9'))
            || PLACEHOLDERS.iter().any(|p| value.eq_ignore_ascii_case(p))
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}:{}", self.kind.name(), self.scheme, self.issuer, self.value)
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A line of an order, as one party numbers it.
///
/// Lines of two numberings are the same line where their article matches and is unique in both.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
pub struct LineRef {
    /// Whose numbers these are: lines numbered `1` by shop and ERP need not be the same.
    #[schemars(with = "String")]
    pub numbering: SmolStr,
    #[schemars(with = "Option<String>")]
    #[serde(default)]
    pub number: Option<SmolStr>,
    #[schemars(with = "Option<String>")]
    #[serde(default)]
    pub sku: Option<SmolStr>,
}

/// What a fact is about: an object, or one line of an order.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct About {
    pub object: Identifier,
    // Boxed, as most facts are about no line and engines keep many facts at hand.
    #[serde(default)]
    pub line: Option<Box<LineRef>>,
}

impl From<Identifier> for About {
    fn from(object: Identifier) -> Self {
        Self { object, line: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_name_nothing() {
        for (value, expected) in [
            ("N/A", true),
            ("n/a", true),
            ("0000", true),
            ("", true),
            (" - ", true),
            ("99999999", true),
            ("999", false),
            ("PO-1", false),
            ("100", false),
        ] {
            let id = Identifier::new(ObjectKind::Order, "po", "erp", value);
            assert_eq!(id.is_placeholder(), expected, "{value:?}");
        }
    }
}

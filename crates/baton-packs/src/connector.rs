//! Connectors: how messages of one source kind are read.
//!
//! [`Declaration`] is what an integrator writes in `connectors/*.yaml`; [`Connector`] is the same made
//! ready: programs compiled, references read, tables at hand. It is made once and kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::codes::CodeTables;
use crate::jq::Program;
use crate::x12::SetTable;

/// What the bytes of a message are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// One JSON document.
    Json,
    /// One JSON document a line.
    Ndjson,
    /// ASC X12 interchanges.
    X12,
}

/// A connector as an integrator declares it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// What sources call it by.
    #[schemars(with = "String")]
    pub name: SmolStr,
    #[serde(default)]
    pub title: Option<String>,
    pub format: Format,
    /// Where the sender's own message id stands: a JSON pointer (`/event_id`) or the name of a header
    /// (`X-Webhook-Id`). X12 has its control numbers.
    #[serde(default)]
    pub own_id: Option<String>,
    /// Messages carry a version or an event time, so that equal bytes are a repeat and not a second
    /// statement.
    #[serde(default)]
    pub versioned: bool,
    /// Where times without an offset are meant, such as `America/Chicago`. None: nobody knows.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Who gives numbers where nothing else says so: `$partner`, `$source`, or a literal.
    #[serde(default = "partner")]
    pub issuer: String,
    /// Who gives numbers of a scheme: `po: self`, `tracking: carrier`.
    #[serde(default)]
    pub issuers: BTreeMap<String, String>,
    /// JSON pointers of members that change from one sending to the next and mean nothing; they are
    /// left out when equal content is looked for.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// A jq program that yields statements, where one is enough for all messages.
    #[serde(default)]
    pub map: Option<String>,
    /// Several programs; the first whose `when` holds reads the message.
    #[serde(default)]
    pub mappings: Vec<MappingDeclaration>,
    /// X12: how each transaction set is read, by its code.
    #[serde(default)]
    pub sets: BTreeMap<String, SetDeclaration>,
}

fn partner() -> String {
    "$partner".to_owned()
}

/// A mapping for some of the messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MappingDeclaration {
    pub name: String,
    #[serde(default)]
    pub when: When,
    /// A jq program that yields statements.
    pub map: String,
}

/// Which messages a mapping is for: all conditions must hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct When {
    /// A header has one of these values.
    pub header: BTreeMap<String, OneOf>,
    /// A jq program whose first output is neither null nor false.
    pub jq: Option<String>,
}

/// A value, or a list of alternatives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOf {
    One(String),
    Many(Vec<String>),
}

impl OneOf {
    pub(crate) fn values(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// How a transaction set is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetDeclaration {
    #[serde(default)]
    pub title: Option<String>,
    pub rows: Vec<RowDeclaration>,
}

/// One thing that a set says, once for every place that `at` finds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowDeclaration {
    /// A loop or segment by its path: `header`, `PO1`, `PO1/ACK`, `HL:I`, `AT7`.
    pub at: String,
    /// Elements and the values that they must have; `"*"` is any, `""` is none, `"!X"` is not X.
    #[serde(default)]
    pub when: BTreeMap<String, OneOf>,
    /// A statement whose values are references to elements: `{"about": {"order": [po, BEG03]}, …}`.
    pub say: serde_json::Value,
}

/// A connector that is ready to read messages, on any thread.
#[derive(Debug)]
pub struct Connector {
    pub name: SmolStr,
    /// The pack that it is of, with its version.
    pub pack: String,
    pub format: Format,
    pub own_id: Option<OwnId>,
    pub versioned: bool,
    pub(crate) zone: Option<TimeZone>,
    pub(crate) issuer: SmolStr,
    pub(crate) issuers: Vec<(SmolStr, SmolStr)>,
    pub(crate) ignore: Vec<String>,
    pub(crate) mappings: Vec<Mapping>,
    pub(crate) sets: BTreeMap<String, SetTable>,
    pub(crate) tables: Arc<CodeTables>,
}

/// Where a sender's own message id stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnId {
    Pointer(String),
    Header(String),
}

impl OwnId {
    pub(crate) fn read(text: &str) -> Self {
        if text.starts_with('/') {
            Self::Pointer(text.to_owned())
        } else {
            Self::Header(text.to_owned())
        }
    }
}

/// A mapping made ready.
#[derive(Debug, Clone)]
pub(crate) struct Mapping {
    pub(crate) name: String,
    /// Header names and the values that they may have.
    pub(crate) headers: Vec<(String, Vec<String>)>,
    pub(crate) predicate: Option<Arc<Program>>,
    pub(crate) program: Arc<Program>,
}

//! Status code tables: what a partner's code means in the standard's words.
//!
//! A code that no row has is `unmapped`, an exception; nothing is guessed. The same two letters mean
//! different things in different elements, so a table is for one element of one system.

use std::collections::{BTreeMap, HashMap};

use baton_core::fact::Classifier;
use baton_core::milestone::Milestone;
use baton_core::partner::Role;
use baton_core::taxonomy::ExceptionCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// The meanings of one element's codes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeTable {
    /// What connectors call it by, such as `x12-214-status`.
    #[schemars(with = "String")]
    pub name: SmolStr,
    /// Whose codes they are, such as `x12-214`.
    #[schemars(with = "String")]
    pub system: SmolStr,
    /// Where they stand, such as `AT7-01`.
    #[schemars(with = "String")]
    pub element: SmolStr,
    #[serde(default)]
    pub title: Option<String>,
    /// The table that explains the reason beside such a status.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub reasons: Option<SmolStr>,
    pub codes: Vec<CodeRow>,
}

/// What one code says. At least one of milestone, exception, clears and liable, or `nothing: true`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeRow {
    #[schemars(with = "String")]
    pub code: SmolStr,
    #[serde(default)]
    pub milestone: Option<Milestone>,
    #[serde(default = "actual")]
    pub classifier: Classifier,
    /// The trouble that the code announces.
    #[serde(default)]
    pub exception: Option<ExceptionCode>,
    /// The trouble that the code ends.
    #[serde(default)]
    pub clears: Option<ExceptionCode>,
    /// Whose fault it is, where the code says so.
    #[serde(default)]
    pub liable: Option<Role>,
    /// The code is known and states nothing that Baton tracks.
    #[serde(default)]
    pub nothing: bool,
    /// What it says, for people.
    #[serde(default)]
    pub note: Option<String>,
    /// How well the meaning is grounded: A by the standard, B by the sender's documents, C by use.
    #[serde(default)]
    pub grade: Option<Grade>,
    /// Where the meaning is from.
    #[serde(default)]
    pub source: Option<String>,
}

const fn actual() -> Classifier {
    Classifier::Actual
}

/// How well a meaning is grounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Grade {
    A,
    B,
    C,
}

impl CodeRow {
    pub(crate) fn says_something(&self) -> bool {
        self.milestone.is_some()
            || self.exception.is_some()
            || self.clears.is_some()
            || self.liable.is_some()
            || self.nothing
    }
}

/// All tables that a connector can look into, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct CodeTables(BTreeMap<SmolStr, Rows>);

#[derive(Debug, Clone)]
pub(crate) struct Rows {
    pub(crate) system: SmolStr,
    pub(crate) element: SmolStr,
    pub(crate) reasons: Option<SmolStr>,
    rows: HashMap<SmolStr, CodeRow>,
}

impl Rows {
    pub(crate) fn get(&self, code: &str) -> Option<&CodeRow> {
        self.rows.get(code)
    }
}

impl CodeTables {
    pub(crate) fn new<'a>(tables: impl IntoIterator<Item = &'a CodeTable>) -> Self {
        let mut all = BTreeMap::new();
        for table in tables {
            let rows = table.codes.iter().map(|row| (row.code.clone(), row.clone())).collect();
            let (system, element) = (table.system.clone(), table.element.clone());
            let reasons = table.reasons.clone();
            all.insert(table.name.clone(), Rows { system, element, reasons, rows });
        }
        Self(all)
    }
    pub(crate) fn get(&self, name: &str) -> Option<&Rows> {
        self.0.get(name)
    }
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(SmolStr::as_str)
    }
}

//! `pack.yaml`: what a pack is and what it builds on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::finding::{Finding, FindingCode, Position};
use crate::yaml::Node;

/// Longest name of a pack.
pub const NAME_CHARS_MAX: usize = 60;

/// The manifest of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Lower-case letters, digits and hyphens.
    #[schemars(with = "String", regex(pattern = r"^[a-z][a-z0-9-]*$"))]
    pub name: SmolStr,
    /// Three numbers, such as `1.0.0`.
    #[schemars(with = "String", regex(pattern = r"^\d+\.\d+\.\d+$"))]
    pub version: SmolStr,
    pub title: String,
    #[serde(default)]
    pub description: String,
    /// Packs whose calendars, code tables and schemes this one refers to.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub requires: Vec<SmolStr>,
    /// Declarations of the same name in packs before this one are replaced; else they are a fault.
    #[serde(default)]
    pub overrides: bool,
}

impl Manifest {
    /// `starter@1.0.0`
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    pub(crate) fn check(&self, node: &Node, file: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut bad = |key: &str, found: &str, expected: &str| {
            let at: Position = node.find(key).at;
            findings.push(Finding::new(file, at, FindingCode::BadValue, found, expected));
        };
        if !is_name(&self.name) {
            bad(
                "name",
                &self.name,
                "lower-case letters, digits and hyphens, such as acme-tracking",
            );
        }
        let numbers = self.version.split('.').map(|part| part.parse::<u32>().is_ok());
        if numbers.clone().count() != 3 || !numbers.clone().all(|number| number) {
            bad("version", &self.version, "three numbers, such as 1.0.0");
        }
        findings
    }
}

pub(crate) fn is_name(text: &str) -> bool {
    let chars = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    chars && text.len() <= NAME_CHARS_MAX && text.starts_with(|c: char| c.is_ascii_lowercase())
}

//! What is wrong, said so that it can be said in any language: the name of a sentence, and what it is
//! filled with. Milestones, roles and codes stay codes, and instants instants; whoever shows the sentence
//! has words for them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, ToSmolStr};

/// A sentence by its name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Wording {
    /// Such as `overdue`; empty where there is nothing but the text.
    #[schemars(with = "String")]
    pub name: SmolStr,
    #[schemars(with = "BTreeMap<String, String>")]
    pub values: BTreeMap<SmolStr, SmolStr>,
}

impl Wording {
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self { name: SmolStr::new_static(name), values: BTreeMap::new() }
    }
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers make the value for this alone")]
    pub fn with(mut self, value: &'static str, is: impl ToSmolStr) -> Self {
        self.values.insert(SmolStr::new_static(value), is.to_smolstr());
        self
    }
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.name.is_empty()
    }
}

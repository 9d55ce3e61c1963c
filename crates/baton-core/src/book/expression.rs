//! Conditions of a rulebook: CEL text, and what the packs crate compiled it to.

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::picture::Picture;
use crate::view::{Member, View, view};

/// A boolean CEL expression over a [`View`]. It never sees the present.
#[derive(Clone, Default)]
pub struct Expression {
    pub source: String,
    compiled: Option<Arc<dyn Condition>>,
}

/// A compiled expression.
pub trait Condition: Send + Sync + fmt::Debug {
    /// The members of the view that it reads; the others need not be made.
    fn reads(&self) -> &[Member];
    /// # Errors
    /// In the words of the expression's author: which name was missing, which types did not fit.
    fn holds(&self, view: &View) -> Result<bool, String>;
}

impl Expression {
    #[must_use]
    pub fn compiled(source: &str, condition: Arc<dyn Condition>) -> Self {
        Self { source: source.to_owned(), compiled: Some(condition) }
    }
    pub fn set(&mut self, condition: Arc<dyn Condition>) {
        self.compiled = Some(condition);
    }
    /// An expression that fails or was never compiled does not hold.
    #[must_use]
    pub fn holds(&self, picture: &Picture<'_, '_>) -> bool {
        let Some(condition) = &self.compiled else { return false };
        condition.holds(&view(picture, condition.reads())).unwrap_or(false)
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.source, f)
    }
}
impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}
impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.source)
    }
}
impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self { source: String::deserialize(from)?, compiled: None })
    }
}
impl JsonSchema for Expression {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Expression".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "a boolean CEL expression over the subject's view" })
    }
}

//! Rules of a rulebook: what counts as trouble, and how it is found.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, IntoDeserializer, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

use super::{Anchor, By, Expression};
use crate::fact::{Classifier, Field, Measure};
use crate::identifier::ObjectKind;
use crate::milestone::Milestone;
use crate::partner::Role;
use crate::taxonomy::ExceptionCode;
use crate::time::Duration;

/// What counts as trouble.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub code: ExceptionCode,
    /// The kind of object that it is about.
    pub on: ObjectKind,
    #[serde(default)]
    pub when: Option<Expression>,
    pub detect: Detect,
    /// Gaps shorter than this are no gaps.
    #[serde(default)]
    pub settle: Duration,
    /// It must hold for this long to count.
    #[serde(default, rename = "for")]
    pub hold_for: Duration,
    /// Trouble that comes back within this time is the same trouble.
    #[serde(default)]
    pub reopen: Duration,
    /// 1 to 4; the standard's default if not given.
    #[serde(default)]
    pub severity: Option<u8>,
    #[serde(default)]
    pub liable: Option<Role>,
}

/// How an exception is found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Detect {
    /// Something due has not come. Ends when it comes.
    Overdue(Overdue),
    /// Under way, and nothing heard for too long.
    Silent(Silent),
    /// Heard of for this long, and nothing says what it belongs to.
    Unmatched(Duration),
    /// Reached surely after it was due; of what is delivered in parts, any part.
    Late(Against),
    /// Reached surely before it was due; of what is delivered, all that was confirmed.
    Early(Against),
    /// Estimated for surely later than it is due, while not yet reached.
    Slipping(Against),
    /// A quantity of a line is not what another says.
    Differs(Differs),
    /// Two roles state different values of a field.
    Disagree(Disagree),
    /// A partner announced this code and nobody took it back.
    Signalled(Signalled),
    /// A milestone was reached after another that rules it out: cancelled after shipped.
    After(AfterRule),
    /// A hand-off was released and not received within its grace.
    CustodyGap(#[schemars(with = "String")] SmolStr),
    /// A condition on the subject's content.
    Condition(Expression),
}

/// See [`Detect::Overdue`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overdue {
    /// The first of these, in this order, that is known starts the wait; none known: nothing is due.
    pub from: Vec<Anchor>,
    /// All of these must be known too, or nothing is due.
    #[serde(default)]
    pub given: Vec<Anchor>,
    pub within: Duration,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub calendar: Option<SmolStr>,
    /// Any of these ends it.
    pub until: Vec<Anchor>,
    /// Any of these means that it is not due at all.
    #[serde(default)]
    pub unless: Vec<Anchor>,
    #[serde(default)]
    pub by: By,
    /// Whose word is awaited: one role, or a list where any of several would tell. Absence is proved by
    /// hearing the sources of every one of them after the due instant, or by waiting `proof_wait` while
    /// they are not silent. Where no source plays any of them, the rule does not apply.
    pub awaits: Awaited,
    #[serde(default)]
    pub proof_wait: Duration,
}

/// Roles of which any would tell: one, or a list of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited(pub Vec<Role>);

impl Serialize for Awaited {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(to),
            several => several.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Awaited {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OneOrSeveral;
        impl<'de> Visitor<'de> for OneOrSeveral {
            type Value = Vec<Role>;
            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a role or a list of roles")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Role::deserialize(text.into_deserializer()).map(|role| vec![role])
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut roles = Vec::new();
                while let Some(role) = list.next_element()? {
                    roles.push(role);
                }
                Ok(roles)
            }
        }
        from.deserialize_any(OneOrSeveral).map(Self)
    }
}

impl JsonSchema for Awaited {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Awaited".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let role = generator.subschema_for::<Role>();
        schemars::json_schema!({
            "description": "a role, or a list of roles of which any would tell",
            "anyOf": [role, { "type": "array", "items": role, "minItems": 1 }]
        })
    }
}

/// See [`Detect::Silent`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Silent {
    pub after: Duration,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub calendar: Option<SmolStr>,
    /// The wait runs from the latest of these ...
    pub events: Vec<Milestone>,
    /// ... unless the latest of all is one of these. What is in neither list is not looked at: a paper
    /// says nothing of where the goods are.
    pub ends: Vec<Milestone>,
    /// As for [`Overdue`].
    pub awaits: Awaited,
    #[serde(default)]
    pub proof_wait: Duration,
}

/// A milestone against its due instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Against {
    pub milestone: Milestone,
    pub classifier: Classifier,
    #[serde(default)]
    pub tolerance: Duration,
}

/// Which way a difference counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Less,
    More,
    Either,
}

/// See [`Detect::Differs`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Differs {
    pub measure: Measure,
    pub from: Measure,
    pub direction: Direction,
    /// Differences up to this share of `from`, in per cent, are tolerated.
    #[serde(default)]
    pub tolerance_percent: u32,
    /// A difference counts only from when this milestone was reached, so that a partial is not yet one.
    #[serde(default)]
    pub once: Option<Milestone>,
}

/// See [`Detect::Disagree`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disagree {
    #[serde(default)]
    pub field: Option<Field>,
    #[serde(default)]
    pub measure: Option<Measure>,
    /// When this was reached.
    #[serde(default)]
    pub milestone: Option<Milestone>,
    /// Instants that are no further apart than this agree.
    #[serde(default)]
    pub tolerance: Duration,
    /// The roles whose statements are compared; empty: any two.
    #[serde(default)]
    pub between: Vec<Role>,
}

/// See [`Detect::Signalled`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signalled {
    /// Progress to any of these after the signal ends it.
    #[serde(default)]
    pub cleared_by: Vec<Milestone>,
}

/// See [`Detect::After`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AfterRule {
    pub milestone: Milestone,
    /// It is trouble if any of these was reached before.
    pub reached: Vec<Milestone>,
}

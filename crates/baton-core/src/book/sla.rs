//! Service levels of a rulebook: how long somebody may take, and what makes the clock stand still.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Anchor, By, Expression};
use crate::identifier::ObjectKind;
use crate::partner::Role;
use crate::taxonomy::ExceptionCode;
use crate::time::Duration;

/// A service level: how long its owner may take, in working time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sla {
    #[schemars(with = "String")]
    pub name: SmolStr,
    pub on: ObjectKind,
    #[serde(default)]
    pub when: Option<Expression>,
    pub owner: Role,
    pub start: Anchor,
    /// The first of these stops the clock.
    pub stop: Vec<Anchor>,
    #[serde(default)]
    pub cancel: Vec<Anchor>,
    #[serde(default)]
    pub reset: Vec<Anchor>,
    pub target: Duration,
    /// The owner's working time; none: every hour counts.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub calendar: Option<SmolStr>,
    /// Shares of the target, in per cent, at which a warning is due.
    #[serde(default)]
    pub warn_at: Vec<u32>,
    #[serde(default)]
    pub pauses: Vec<PauseRule>,
    #[serde(default)]
    pub by: By,
    /// The exception that a breach is.
    #[serde(default)]
    pub breach: Option<ExceptionCode>,
}

/// While this trouble is signalled, the clock stands still on somebody else's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseRule {
    pub during: ExceptionCode,
    pub party: Role,
    /// A pause that nobody ends is over after this long.
    pub max: Duration,
}

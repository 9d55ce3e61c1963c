//! Service levels of a rulebook: how long somebody may take, and what makes the clock stand still.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Anchor, By, Expression};
use crate::calendar::Day;
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
    /// Targets that replace it from a day on.
    #[serde(default)]
    pub changes: Vec<TargetFrom>,
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

/// A target from the beginning of a day on, in the time zone of the clock's calendar (UTC without one).
///
/// A clock that starts on that day or later has this target. One that runs takes it over then: what it
/// has used and how it was paused stays, and it is due when the new target is used up, but never before
/// the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetFrom {
    pub from: Day,
    pub target: Duration,
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

//! The rulebook: what a tenant's packs declare for the deriving half, as data.
//!
//! A rulebook says which identifiers are good names, which journey an order goes through, which
//! hand-offs it makes, which clocks run, what counts as trouble, and who is believed about what. The
//! types here are both what integrators write in YAML and what `derive` reads; the packs crate checks
//! names across files and compiles expressions and calendars.

mod expression;
mod rule;
mod sla;

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use self::expression::{Condition, Expression};
pub use self::rule::{
    AfterRule, Against, Awaited, Detect, Differs, Direction, Disagree, Overdue, Rule, Signalled,
    Silent,
};
pub use self::sla::{PauseRule, Sla, TargetFrom};
use crate::calendar::WorkingTime;
use crate::fact::{Classifier, Field, Measure};
use crate::identifier::ObjectKind;
use crate::milestone::Milestone;
use crate::partner::Role;
use crate::time::Duration;

/// Everything that the active packs of a tenant declare for deriving.
#[derive(Debug, Default, Clone)]
pub struct Rulebook {
    /// Names and versions of the packs that it was made of; part of every state.
    pub version: SmolStr,
    pub schemes: Vec<Scheme>,
    pub journeys: Vec<Journey>,
    pub slas: Vec<Sla>,
    pub rules: Vec<Rule>,
    pub authority: Vec<Authority>,
    pub calendars: BTreeMap<SmolStr, Arc<WorkingTime>>,
}

/// A sort of identifier and how far it can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    pub kind: ObjectKind,
    #[schemars(with = "String")]
    pub scheme: SmolStr,
    /// Of an object's identifiers the one of highest rank names it.
    #[serde(default)]
    pub rank: u16,
    /// An object has at most one such identifier of one issuer; a second one is a clash.
    #[serde(default)]
    pub single: bool,
    /// The number is given to another object after this long (tracking numbers, POs by year).
    #[serde(default)]
    pub reuse_after: Option<Duration>,
}

/// The template that a kind of order goes through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Journey {
    #[schemars(with = "String")]
    pub name: SmolStr,
    /// Which orders go through it; the first journey whose condition holds is taken.
    #[serde(default)]
    pub when: Option<Expression>,
    pub steps: Vec<Step>,
    #[serde(default)]
    pub handoffs: Vec<HandoffRule>,
    /// The milestone that is promised to the customer.
    pub promise: Milestone,
    /// After such a milestone, these later events dispute it: `T60: [T20, T25, T30]`.
    #[serde(default)]
    pub excludes: BTreeMap<Milestone, Vec<Milestone>>,
    /// The milestones that close an order once every one that applies is there.
    #[serde(default)]
    pub closes_on: Vec<Milestone>,
}

/// A milestone of a journey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub milestone: Milestone,
    pub owner: Role,
    /// The roles whose sources can report it. Where no live source plays one, the step does not apply.
    #[serde(default)]
    pub reported_by: Vec<Role>,
}

/// A two-sided passing of responsibility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoffRule {
    /// `H4`, as in the standard.
    #[schemars(with = "String")]
    pub name: SmolStr,
    pub from: Role,
    pub to: Role,
    /// Made once an order, or once for each such object that the order reaches.
    pub on: ObjectKind,
    #[serde(default)]
    pub offered: Vec<Evidence>,
    #[serde(default)]
    pub accepted: Vec<Evidence>,
    #[serde(default)]
    pub refused: Vec<Evidence>,
    /// What the giver shows.
    pub released: Vec<Evidence>,
    /// What the taker shows.
    pub received: Vec<Evidence>,
    /// How long a release may stand alone before it is a custody gap.
    pub grace: Duration,
    /// How long the giver may hold the baton before this hand-off, for charging lateness.
    #[serde(default)]
    pub target: Option<Duration>,
    /// The giver's working time, in which the target is meant.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub calendar: Option<SmolStr>,
    /// What keeps the giver from handing over, on another's account: signalled about the order, or
    /// about the object that is handed over. Of those that overlap the first declared is charged.
    #[serde(default)]
    pub pauses: Vec<PauseRule>,
}

/// A milestone that counts as evidence, perhaps only from one role's sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub milestone: Milestone,
    #[serde(default)]
    pub by: Option<Role>,
}

/// An instant that follows from content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Anchor {
    /// When the milestone was reached.
    Reached(Milestone),
    /// When the milestone is due by its latest statement of that classifier.
    Due { milestone: Milestone, classifier: Classifier },
    /// When the first fact about the subject was received.
    FirstHeard,
    /// When it was first said what the subject belongs to: an order that contains it, or another object.
    Matched,
    /// When the last that was delivered so far was: a part of an order counts.
    LatestDelivery,
}

/// Duties to tell are judged by receipt, duties to do by when they were done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Receipt,
    #[default]
    Happened,
}

/// Who is believed about what: the first role of the list that says anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    pub over: AuthorityOver,
    pub roles: Vec<Role>,
}

/// What a declaration of authority covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthorityOver {
    Field(Field),
    Measure(Measure),
    Milestone(Milestone),
    /// Whatever has no declaration of its own.
    Anything,
}

impl Rulebook {
    #[must_use]
    pub fn scheme(&self, kind: ObjectKind, scheme: &str) -> Option<&Scheme> {
        self.schemes.iter().find(|s| s.kind == kind && s.scheme == scheme)
    }
    /// The roles believed about `over`, best first.
    #[must_use]
    pub fn believed(&self, over: AuthorityOver) -> &[Role] {
        let declared = |over| self.authority.iter().find(|a| a.over == over);
        declared(over).or_else(|| declared(AuthorityOver::Anything)).map_or(&[], |a| &a.roles)
    }
    /// Working time of that name; none, or a name that no pack declares: every hour.
    #[must_use]
    pub fn calendar(&self, name: Option<&SmolStr>) -> Option<&WorkingTime> {
        name.and_then(|n| self.calendars.get(n)).map(Arc::as_ref)
    }
    /// Every expression, with where it stands (`rules/3/when`), for the packs crate to compile.
    pub fn expressions_mut(&mut self) -> impl Iterator<Item = (String, &mut Expression)> {
        let journeys = self.journeys.iter_mut().enumerate();
        let slas = self.slas.iter_mut().enumerate();
        let rules = self.rules.iter_mut().enumerate();
        journeys
            .filter_map(|(n, j)| j.when.as_mut().map(|e| (format!("journeys/{n}/when"), e)))
            .chain(slas.filter_map(|(n, s)| s.when.as_mut().map(|e| (format!("slas/{n}/when"), e))))
            .chain(rules.flat_map(|(n, r)| {
                let when = r.when.as_mut().map(|e| (format!("rules/{n}/when"), e));
                let detect = match &mut r.detect {
                    Detect::Condition(e) => Some((format!("rules/{n}/detect/condition"), e)),
                    _ => None,
                };
                when.into_iter().chain(detect)
            }))
    }
}

//! The rulebook: what a tenant's packs declare for the deriving half, as data.
//!
//! A rulebook says which identifiers are good names, which journey an order goes through, which
//! hand-offs it makes, which clocks run, what counts as trouble, and who is believed about what. The
//! types here are both what integrators write in YAML and what `derive` reads; the packs crate checks
//! names across files and compiles expressions and calendars.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

use crate::calendar::WorkingTime;
use crate::fact::{Classifier, Field, Measure};
use crate::identifier::ObjectKind;
use crate::milestone::Milestone;
use crate::partner::Role;
use crate::picture::Picture;
use crate::taxonomy::ExceptionCode;
use crate::time::Duration;
use crate::view::{Member, View, view};

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
}

/// Duties to tell are judged by receipt, duties to do by when they were done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Receipt,
    #[default]
    Happened,
}

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
    /// Reached surely after it was due.
    Late(Against),
    /// Reached surely before it was due.
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
    /// The latest of these that is known starts the wait; none known: nothing is due.
    pub from: Vec<Anchor>,
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
    /// Whose word is awaited. Absence is proved by hearing that role's sources after the due instant,
    /// or by waiting `proof_wait` while they are not silent. Where no source plays it, the rule does
    /// not apply.
    pub awaits: Role,
    #[serde(default)]
    pub proof_wait: Duration,
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
    /// ... unless the position is one of these.
    pub ends: Vec<Milestone>,
    pub awaits: Role,
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
    /// Judged only once this milestone was reached, so that a partial is not yet a difference.
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

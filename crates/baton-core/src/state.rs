//! What holds: the state of a subject, as `derive` gives it.
//!
//! A state is a value: instants, never ages; every claim names the facts that it rests on. It is what
//! the API serves, so its field names are the words of screens and documents.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::amount::{Money, Quantity};
use crate::current::Current;
use crate::fact::{Act, Classifier, Field, Measure, Relation, Value};
use crate::id::{ActId, ExceptionId, FactId, ObjectId};
use crate::identifier::Identifier;
use crate::milestone::Milestone;
use crate::partner::{PartnerKey, Role};
use crate::taxonomy::ExceptionCode;
use crate::time::{Duration, Happened, Instant};
use crate::verdict::HandoffWord;
use crate::wording::Wording;

/// Everything that is known of one subject: an order, another object, or a source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct State {
    pub id: ObjectId,
    pub name: Identifier,
    pub identifiers: Vec<Identifier>,
    /// The instant that this state was derived at.
    pub derived_at: Instant,
    /// The next instant at which it can change with no new fact.
    pub wake_at: Option<Instant>,
    /// The rulebook, and the journey of it that applies.
    #[schemars(with = "String")]
    pub rulebook: SmolStr,
    #[schemars(with = "Option<String>")]
    pub journey: Option<SmolStr>,
    pub phase: Phase,
    /// The furthest milestone reached.
    pub progress: Option<Milestone>,
    /// The last physical event.
    pub position: Option<Milestone>,
    #[schemars(with = "Option<String>")]
    pub position_place: Option<SmolStr>,
    /// Who holds the baton.
    pub holder: Option<Holder>,
    pub fields: BTreeMap<Field, FieldState>,
    /// Who takes part: stated, or heard of it or of what it reaches.
    pub partners: Vec<Playing>,
    pub lines: Vec<LineState>,
    pub milestones: Vec<MilestoneState>,
    /// The objects that it reaches, each with its own milestones.
    pub objects: Vec<ObjectState>,
    pub handoffs: Vec<HandoffState>,
    pub promise: PromiseLedger,
    pub clocks: Vec<SlaState>,
    pub liability: Vec<Charge>,
    pub exceptions: Vec<ExceptionState>,
    pub contradictions: Vec<Contradiction>,
    /// Steps of the journey that no live source can report.
    pub not_applicable: Vec<Milestone>,
    /// Acts that are due and not yet committed. Empty in what-if runs.
    pub due_acts: Vec<DueAct>,
    /// How many facts it rests on, and whether a limit was reached.
    pub facts: usize,
    pub limit_reached: Option<String>,
}

/// Where an order stands as a whole. Computed from its lines, never stored as truth.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Heard of, never placed.
    Unplaced,
    Placed,
    Confirmed,
    PartlyShipped,
    Shipped,
    PartlyDelivered,
    Delivered,
    Cancelled,
    Closed,
    /// A terminal milestone is followed by an event that it excludes.
    Disputed,
}

impl Phase {
    pub const ALL: [Self; 10] = [
        Self::Unplaced,
        Self::Placed,
        Self::Confirmed,
        Self::PartlyShipped,
        Self::Shipped,
        Self::PartlyDelivered,
        Self::Delivered,
        Self::Cancelled,
        Self::Closed,
        Self::Disputed,
    ];
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unplaced => "unplaced",
            Self::Placed => "placed",
            Self::Confirmed => "confirmed",
            Self::PartlyShipped => "partly_shipped",
            Self::Shipped => "shipped",
            Self::PartlyDelivered => "partly_delivered",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::Closed => "closed",
            Self::Disputed => "disputed",
        }
    }
}

/// Who holds the baton, since when, and by which hand-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Holder {
    pub role: Role,
    #[schemars(with = "Option<String>")]
    pub partner: Option<PartnerKey>,
    pub since: Option<Instant>,
    #[schemars(with = "Option<String>")]
    pub handoff: Option<SmolStr>,
}

/// The value that is believed, and who said it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldState {
    pub value: Value,
    pub role: Role,
    pub fact: FactId,
}

/// A partner's part in an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Playing {
    pub role: Role,
    #[schemars(with = "String")]
    pub partner: PartnerKey,
}

/// A line with its quantities; they add up, or say what does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LineState {
    /// The line's number by the most trusted numbering, or its article.
    #[schemars(with = "String")]
    pub key: SmolStr,
    #[schemars(with = "Option<String>")]
    pub sku: Option<SmolStr>,
    pub fields: BTreeMap<Field, FieldState>,
    #[schemars(with = "Option<String>")]
    pub unit: Option<SmolStr>,
    pub quantities: BTreeMap<Measure, Measured>,
    pub balance: Balance,
    /// Objects that carry part of it, with how much.
    pub carried_by: Vec<Carried>,
}

/// A measured quantity, the believed value first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Measured {
    #[schemars(with = "String")]
    pub value: Decimal,
    pub role: Role,
    pub facts: Vec<FactId>,
}

/// A part of a line within one object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Carried {
    pub object: ObjectId,
    pub name: Identifier,
    pub measure: Measure,
    pub quantity: Quantity,
    pub delivered: bool,
}

/// INVARIANT: ordered + over = shipped + cancelled + open + unexplained, none of them negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Balance {
    #[schemars(with = "String")]
    pub ordered: Decimal,
    #[schemars(with = "String")]
    pub over: Decimal,
    #[schemars(with = "String")]
    pub shipped: Decimal,
    #[schemars(with = "String")]
    pub cancelled: Decimal,
    #[schemars(with = "String")]
    pub open: Decimal,
    /// Nothing more can come (the order is closed or cancelled) and it was not shipped.
    #[schemars(with = "String")]
    pub unexplained: Decimal,
}

/// One milestone of one object: what was requested, promised, planned, estimated and done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MilestoneState {
    pub milestone: Milestone,
    /// The line, where it is about one.
    #[schemars(with = "Option<String>")]
    pub line: Option<SmolStr>,
    /// The believed version by classifier.
    pub current: Current,
    /// Every version that was ever stated, in time.
    pub versions: Vec<Version>,
    /// An event that excludes it came later.
    pub disputed_by: Option<FactId>,
}

/// One statement about a milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Version {
    pub classifier: Classifier,
    /// When it is to be, or was.
    pub at: Happened,
    pub stated_at: Happened,
    pub received_at: Instant,
    pub role: Role,
    #[schemars(with = "String")]
    pub source: SmolStr,
    pub fact: FactId,
    /// Taken back by its source or a person; kept, and no longer believed.
    pub retracted_by: Option<FactId>,
}

/// An object that the subject reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectState {
    pub id: ObjectId,
    pub name: Identifier,
    pub identifiers: Vec<Identifier>,
    pub relation: Relation,
    pub parent: ObjectId,
    /// The furthest milestone that it reached itself.
    pub progress: Option<Milestone>,
    pub position: Option<Milestone>,
    pub milestones: Vec<MilestoneState>,
    pub exceptions: Vec<ExceptionState>,
}

/// A hand-off as both sides show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandoffState {
    #[schemars(with = "String")]
    pub name: SmolStr,
    pub object: ObjectId,
    pub from: Role,
    pub to: Role,
    #[schemars(with = "Option<String>")]
    pub from_partner: Option<PartnerKey>,
    #[schemars(with = "Option<String>")]
    pub to_partner: Option<PartnerKey>,
    pub stage: HandoffStage,
    /// What the partners say of it themselves, in time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<HandoffWord>,
    pub facts: Vec<FactId>,
}

/// How far a hand-off is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum HandoffStage {
    Planned,
    Offered {
        at: Happened,
    },
    Accepted {
        at: Happened,
    },
    Refused {
        at: Happened,
    },
    /// The giver shows it; the taker does not yet. A gap from `gap_from`.
    Released {
        at: Happened,
        gap_from: Instant,
    },
    /// The taker shows it; the giver never did.
    Received {
        at: Happened,
    },
    Reconciled {
        released_at: Happened,
        received_at: Happened,
    },
    /// Received surely before it was released, or one of the two says that it was not so.
    Disputed {
        released_at: Option<Happened>,
        received_at: Option<Happened>,
    },
    /// It was disputed, and the tenant ended that.
    Settled {
        released_at: Option<Happened>,
        received_at: Option<Happened>,
        settled_at: Instant,
    },
}

/// The commitment to the customer, with every version of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PromiseLedger {
    pub requested: Option<Happened>,
    pub first: Option<Happened>,
    pub current: Option<Happened>,
    pub versions: Vec<PromiseVersion>,
    /// The best present knowledge of when it will be: actual, else estimate, else the promise.
    pub projected: Option<Happened>,
    pub kept: Kept,
    /// By how much the projection is surely later than the current promise.
    pub late_by: Option<Duration>,
}

/// A version of the promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromiseVersion {
    pub at: Happened,
    pub stated_at: Happened,
    pub by: Role,
    #[schemars(with = "Option<String>")]
    pub line: Option<SmolStr>,
    #[schemars(with = "Option<String>")]
    pub reason: Option<SmolStr>,
    pub fact: FactId,
}

/// Whether the promise was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    #[default]
    Unpromised,
    Open,
    OnTime,
    Late,
    /// The event's interval spans the boundary.
    CannotTell,
}

/// An SLA clock of the subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SlaState {
    #[schemars(with = "String")]
    pub name: SmolStr,
    pub owner: Role,
    #[schemars(with = "Option<String>")]
    pub partner: Option<PartnerKey>,
    pub target: Duration,
    pub started_at: Instant,
    pub clock: crate::clock::ClockRecord,
    pub facts: Vec<FactId>,
}

/// A share of the lateness, in minutes; gains are negative. Charges sum to the lateness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Charge {
    pub role: Role,
    #[schemars(with = "Option<String>")]
    pub partner: Option<PartnerKey>,
    #[schemars(with = "Option<String>")]
    pub handoff: Option<SmolStr>,
    /// The trouble that kept the holder from handing over, where another is charged for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub cause: Option<SmolStr>,
    pub minutes: i64,
}

/// One raising of one exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExceptionState {
    pub id: ExceptionId,
    pub code: ExceptionCode,
    pub object: ObjectId,
    pub object_name: Identifier,
    /// What was expected and not met: part of its identity.
    pub expectation: String,
    pub severity: u8,
    pub liable: Option<Role>,
    #[schemars(with = "Option<String>")]
    pub partner: Option<PartnerKey>,
    pub status: ExceptionStatus,
    /// In a person's words: what is wrong.
    pub summary: String,
    /// The same as a sentence's name and values, for words in other languages.
    pub wording: Wording,
    /// Who looks after it, where somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Taken>,
    pub money_at_stake: Option<Money>,
    pub facts: Vec<FactId>,
    /// What was done about it, in chain order.
    pub acts: Vec<ActDone>,
}

/// That somebody looks after an exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Taken {
    /// The source of who said so: `person:…`.
    #[schemars(with = "String")]
    pub by: SmolStr,
    pub at: Instant,
    pub fact: FactId,
}

/// The life of an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum ExceptionStatus {
    Open {
        raised_at: Instant,
    },
    Cleared {
        raised_at: Instant,
        cleared_at: Instant,
    },
    /// A person says that it is not to count.
    Waived {
        raised_at: Instant,
    },
    /// It was announced, and later facts showed that it never held.
    Disproved,
    /// Absence that cannot be proved: the source that would tell is silent.
    NotProvable {
        since: Instant,
    },
}

impl ExceptionStatus {
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }
}

/// An act that was committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActDone {
    pub act: Act,
    pub id: ActId,
    pub at: Instant,
}

/// An act that is due: committed as a fact by whoever runs the loop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DueAct {
    pub act: Act,
    pub id: ActId,
    pub previous: Option<ActId>,
    pub exception: ExceptionId,
    pub code: ExceptionCode,
    pub expectation: String,
    /// The original due instant, whenever it is done.
    pub due_at: Instant,
}

/// Two sources disagree; the believed one is named by authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contradiction {
    /// `total`, `line 1 confirmed`, ...
    pub about: String,
    pub believed: Said,
    pub others: Vec<Said>,
}

/// Who said what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Said {
    pub value: String,
    pub role: Role,
    #[schemars(with = "String")]
    pub source: SmolStr,
    pub fact: FactId,
}

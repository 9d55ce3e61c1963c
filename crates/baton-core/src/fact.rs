//! Facts: small typed statements, each with who said it, when it happened, when it was received and
//! recorded, and where in which message it stands.
//!
//! Facts are never changed or deleted; a correction or a retraction is another fact. People's
//! decisions and the results of our own actions are facts of the same kind.
//!
//! The stored form is MessagePack arrays with enum variants by name: fields may be added at the end
//! of a struct with `#[serde(default)]`, and none may be skipped when writing.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::amount::{Money, Quantity};
use crate::id::{ActId, Digest, FactId, MessageNo};
use crate::identifier::{About, Identifier};
use crate::milestone::Milestone;
use crate::partner::{PartnerKey, Role, SourceKey};
use crate::taxonomy::ExceptionCode;
use crate::time::{Happened, Instant};
use crate::verdict::Verdict;

/// What a report of progress claims to be. One code never carries two of them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Classifier {
    Requested,
    Promised,
    Planned,
    Estimated,
    Appointed,
    Actual,
}

/// How strong a link is. While a clash stands, the weakest class on its paths does not hold.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum LinkClass {
    /// A reference that somebody typed or that may be used loosely.
    Reference,
    /// A key that the connector declares to be reliable.
    DeclaredKey,
    /// A person's decision.
    Person,
}

/// How two objects relate. Relations never merge objects.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The parent is fulfilled by or holds the child: order → shipment → package.
    Contains,
    /// The child bills the parent: order → invoice.
    BilledBy,
    /// The child serves the parent: order → job.
    ServedBy,
}

/// Whether a relation begins or ends with this fact.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    Added,
    Removed,
}

/// What a quantity measures.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    Ordered,
    Confirmed,
    Backordered,
    Allocated,
    Shipped,
    Delivered,
    Received,
    Cancelled,
    Invoiced,
    Returned,
}

/// A code as a partner wrote it: system (`x12-214`), element (`AT7-02`), code.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct CodeRef {
    #[schemars(with = "String")]
    pub system: SmolStr,
    #[schemars(with = "String")]
    pub element: SmolStr,
    #[schemars(with = "String")]
    pub code: SmolStr,
}

/// What a status said beside its milestone.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
pub struct Detail {
    // Boxed, as most facts have neither and engines keep many facts at hand.
    #[serde(default)]
    pub status: Option<Box<CodeRef>>,
    #[serde(default)]
    pub reason: Option<Box<CodeRef>>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub place: Option<SmolStr>,
    #[serde(default)]
    pub liable: Option<Role>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub text: Option<SmolStr>,
}

/// A field of an order, line or invoice that is neither progress nor quantity.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The line's unit price (money), or the order's or invoice's total.
    Price,
    Total,
    Description,
    CustomerRef,
    CustomerName,
    ShipToPlace,
    /// Of an order: where it is to be delivered. Of a shipment: where that goes, which for a leg to a
    /// dock on the way is another place.
    ShipToPostcode,
    ShipToCountry,
    Channel,
    Incoterm,
    ServiceLevel,
    Number,
}

/// The value of a field.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Text(#[schemars(with = "String")] SmolStr),
    Money(Money),
    Number(#[schemars(with = "String")] Decimal),
}

/// Raised or cleared, as a partner announces it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    Raised,
    Cleared,
}

/// An act of ours on an occurrence. Acts form a chain: each id contains its predecessor's.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The exception was made known.
    Announced,
    /// It ended in the course of things.
    Cleared,
    /// A late fact showed that it never held.
    Withdrawn,
}

/// What is stated.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Two identifiers name one object.
    Same { other: Identifier, class: LinkClass },
    /// A person says that two identifiers do not name one object.
    Apart { other: Identifier },
    /// The object contains, is billed by or is served by `child`, from or until when it happened.
    Related { relation: Relation, child: Identifier, presence: Presence },
    /// The same statement seen from the child, so that every object's facts stand together: see
    /// [`Statement::mirrored`].
    Within { relation: Relation, parent: Identifier, presence: Presence },
    /// Progress. For `actual` it happened when the fact happened; else `due` says when it is to.
    Progress { milestone: Milestone, classifier: Classifier, due: Option<Happened>, detail: Detail },
    /// A quantity that holds from now on, within `via` (a shipment, a package, an invoice) if given.
    /// It replaces this source's earlier statement of the same measure, line and `via`.
    Amount { measure: Measure, quantity: Quantity, via: Option<Box<Identifier>> },
    /// A field has a value.
    Stated { field: Field, value: Value },
    /// For this order, `partner` plays `role`.
    Plays {
        role: Role,
        #[schemars(with = "String")]
        partner: PartnerKey,
    },
    /// A partner announces (the end of) trouble.
    Trouble { exception: ExceptionCode, signal: Signal, detail: Detail },
    /// A code that no table maps: an exception, never a guess.
    Unmapped { code: CodeRef },
    /// The source takes back its statement of this milestone (or of everything, for `None`).
    Retracted { milestone: Option<Milestone>, classifier: Option<Classifier> },
    /// A person takes one statement back: a place in a message, so that it survives a re-reading.
    Struck {
        message: MessageNo,
        place: Place,
        #[schemars(with = "String")]
        reason: SmolStr,
    },
    /// A person says that this exception is not to count.
    Waived {
        code: ExceptionCode,
        #[schemars(with = "String")]
        expectation: SmolStr,
        #[schemars(with = "String")]
        reason: SmolStr,
    },
    /// What a partner's people say of a hand-off of the object, or how a dispute of it was settled.
    Judged {
        #[schemars(with = "String")]
        handoff: SmolStr,
        verdict: Box<Verdict>,
        #[schemars(with = "String")]
        reason: SmolStr,
    },
    /// A person says that they look after this exception.
    Taken {
        code: ExceptionCode,
        #[schemars(with = "String")]
        expectation: SmolStr,
    },
    /// A person's remark.
    Noted {
        #[schemars(with = "String")]
        text: SmolStr,
    },
    /// Something about the message itself: a repeated number with other bytes, a missing field.
    MessageFault {
        exception: ExceptionCode,
        #[schemars(with = "String")]
        text: SmolStr,
    },
    /// The source was heard again after a silence that began with its receipt at `previous`.
    HeardAgain { previous: Instant },
    /// What we did about an occurrence. It happened at its due instant, whenever it was committed,
    /// so that a stop of the engine changes no fact.
    Acted {
        act: Act,
        code: ExceptionCode,
        #[schemars(with = "String")]
        expectation: SmolStr,
        id: ActId,
        previous: Option<ActId>,
    },
    /// How a delivery of ours ended.
    Delivered {
        act: ActId,
        #[schemars(with = "String")]
        to: SmolStr,
        ok: bool,
        attempts: u32,
    },
}

/// Where in its message a fact stands.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Not from a message: an act of ours.
    #[default]
    None,
    /// The element at this JSON pointer; its bytes are found when shown.
    Pointer(#[schemars(with = "String")] SmolStr),
    /// A segment of an interchange (counted from 1) and its bytes.
    Segment { number: u32, offset: u64, length: u32 },
    /// A line of a text file, from 1.
    Line(u32),
}

/// A statement as a reading yields it, before it has provenance.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct Statement {
    pub about: About,
    pub happened: Happened,
    pub body: Body,
    pub place: Place,
}

impl Statement {
    /// For a relation, the same statement about the child.
    ///
    /// INVARIANT: whoever stores a [`Body::Related`] stores its mirror with it.
    #[must_use]
    pub fn mirrored(&self) -> Option<Self> {
        let Body::Related { relation, child, presence } = &self.body else { return None };
        Some(Self {
            about: child.clone().into(),
            happened: self.happened,
            body: Body::Within {
                relation: *relation,
                parent: self.about.object.clone(),
                presence: *presence,
            },
            place: self.place.clone(),
        })
    }
}

/// Most facts have no more content.
const CONTENT_BYTES_USUAL: usize = 192;

/// A statement with its provenance: what `derive` works on.
///
/// INVARIANT: `recorded_at` takes no part in derivation but for choosing which facts are known as of
/// an instant; `received_at` is the earliest receipt of any message that states the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    pub id: FactId,
    pub about: About,
    pub happened: Happened,
    pub body: Body,
    #[schemars(with = "String")]
    pub source: SourceKey,
    pub received_at: Instant,
    pub recorded_at: Instant,
    pub message: MessageNo,
    pub place: Place,
}

impl Fact {
    /// Gives a statement its provenance. The id is made of the content and the source: the same
    /// statement in another message is the same fact.
    #[must_use]
    pub fn new(
        statement: Statement,
        source: &SourceKey,
        message: MessageNo,
        received_at: Instant,
        recorded_at: Instant,
    ) -> Self {
        Self::with_content(statement, source, message, received_at, recorded_at).0
    }

    /// The same, with the content that the id is made of: MessagePack of (about, happened, body), for
    /// whoever is going to store it.
    #[must_use]
    pub fn with_content(
        statement: Statement,
        source: &SourceKey,
        message: MessageNo,
        received_at: Instant,
        recorded_at: Instant,
    ) -> (Self, Vec<u8>) {
        let Statement { about, happened, body, place } = statement;
        let mut content = Vec::with_capacity(CONTENT_BYTES_USUAL);
        // Plain values into memory; writing them cannot fail.
        let _ = rmp_serde::encode::write(&mut content, &(&about, &happened, &body));
        let id = FactId(Digest::of(&[source.as_bytes(), &content]));
        let fact = Self {
            id,
            about,
            happened,
            body,
            source: source.clone(),
            received_at,
            recorded_at,
            message,
            place,
        };
        (fact, content)
    }

    /// The order in which facts of one object are read: by earliest, latest, then content.
    #[must_use]
    pub fn in_time(&self, other: &Self) -> std::cmp::Ordering {
        (self.happened.earliest, self.happened.latest, self.id).cmp(&(
            other.happened.earliest,
            other.happened.latest,
            other.id,
        ))
    }

    /// In time, and of repeats the one that counts first: by receipt, message and place.
    #[must_use]
    pub fn before_repeats(&self, other: &Self) -> std::cmp::Ordering {
        self.in_time(other).then_with(|| {
            (self.received_at, self.message, &self.place).cmp(&(
                other.received_at,
                other.message,
                &other.place,
            ))
        })
    }
}

/// Collapses repeats: one fact an id, with the earliest receipt and record and that message's place.
///
/// The result is sorted in time and the same for every order of the input.
#[must_use]
pub fn distinct(mut facts: Vec<Fact>) -> Vec<Fact> {
    facts.sort_by(Fact::before_repeats);
    facts.dedup_by(|later, kept| {
        let same = later.id == kept.id;
        if same {
            kept.recorded_at = kept.recorded_at.min(later.recorded_at);
        }
        same
    });
    facts
}

//! What a person states about an order: a note, a milestone, a link or its undoing, that an exception
//! is not to count, that a statement is wrong.

use axum::http::StatusCode;
use baton_core::fact::{Body, Classifier, Detail, LinkClass, Place, Statement};
use baton_core::id::{ExceptionId, FactId, MessageNo, ObjectId};
use baton_core::identifier::{IDENTIFIER_BYTES_MAX, Identifier};
use baton_core::milestone::Milestone;
use baton_core::state::{ExceptionState, State};
use baton_core::time::{Happened, Instant};
use baton_core::wording::Wording;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access::KeyRole;
use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::{NOTE_BYTES_MAX, TEXT_BYTES_MAX};
use super::orders::{present, row};
use super::problem::{Problem, Unsaid};
use super::timeline;
use crate::people::StatingError;
use crate::receipt::message_id;

/// What is stated.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub(super) enum StatedFact {
    /// A remark.
    Note { text: String },
    /// A milestone was reached, or is to be.
    Milestone {
        milestone: Milestone,
        /// `actual` unless said otherwise.
        classifier: Option<Classifier>,
        /// When it happened, for `actual`; else when it is to. Now, if left out.
        at: Option<Instant>,
        /// The object of the order that it is about; else the order itself.
        object: Option<ObjectId>,
    },
    /// This identifier names the same object.
    Link { identifier: Identifier, object: Option<ObjectId> },
    /// This identifier does not name the same object.
    Unlink { identifier: Identifier, object: Option<ObjectId> },
    /// This exception is not to count.
    Waive { exception: ExceptionId, reason: String },
    /// Whoever says it looks after this exception.
    Take { exception: ExceptionId },
    /// This statement is wrong.
    Strike { fact: FactId, reason: String },
}

impl StatedFact {
    /// What sort of statement it is, for the record of acts.
    const fn word(&self) -> &'static str {
        match self {
            Self::Note { .. } => "note",
            Self::Milestone { .. } => "milestone",
            Self::Link { .. } => "link",
            Self::Unlink { .. } => "unlink",
            Self::Waive { .. } => "waive",
            Self::Strike { .. } => "strike",
            Self::Take { .. } => "take",
        }
    }
}

/// What a person stated is kept; it shows in the order as soon as it is read.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct StatedAnswer {
    /// The message that holds it.
    id: String,
    /// Under which name it is kept.
    person: String,
}

pub(super) fn state(call: &Call) -> Outcome {
    let stated: StatedFact = call.json()?;
    check_role(call.principal.role(), &stated)?;
    let order = present(call)?;
    let now = call.tenant()?.clock.now();
    let word = stated.word();
    let statement = statement(call, stated, &order, now)?;
    keep(call, statement, word)
}

/// Has what the caller states kept under their name, and for their partner where they are one's.
/// `word` is what sort of statement it is, for the record of acts.
pub(super) fn keep(call: &Call, statement: Statement, word: &str) -> Outcome {
    let tenant = call.tenant()?;
    let person = call.principal.person();
    let own_id = call.idempotency_key()?.map(str::to_owned);
    let engine = &call.api.engine;
    let by = call.by(None, &json!({ "fact": word }));
    let speaker = (call.principal.partner(), by);
    let stating = engine.state_for(tenant.id, speaker, vec![statement], own_id);
    // This thread may block; the commit happens on another.
    let receipt = tokio::runtime::Handle::current().block_on(stating);
    let receipt = receipt.map_err(|error| match error {
        StatingError::Intake(error) => error.into(),
        StatingError::Store(error) => error.into(),
        StatingError::Engine(error) => error.into(),
        StatingError::NoTenant | StatingError::NoPerson | StatingError::Nothing => {
            Problem::internal(error)
        }
    })?;
    let id = message_id(tenant.id, receipt.message());
    Ok(Answer::json(StatedAnswer { id, person })?.with_status(StatusCode::ACCEPTED))
}

/// Who may state what changes what holds of an order.
const WORKS: [KeyRole; 3] = [KeyRole::Operator, KeyRole::Admin, KeyRole::Operations];
/// Sorts of statements, each with whether it changes what holds.
const SORTS: [(&str, bool); 7] = [
    ("note", false),
    ("milestone", true),
    ("link", true),
    ("unlink", true),
    ("waive", false),
    ("take", false),
    ("strike", true),
];

/// What this role may state, of those that may state at all.
pub(super) fn sorts_for(role: KeyRole) -> impl Iterator<Item = &'static str> {
    let may = move |changes: bool| !changes || WORKS.contains(&role);
    SORTS.into_iter().filter(move |(_, changes)| may(*changes)).map(|(sort, _)| sort)
}

/// Everybody who speaks about orders may remark, and say that an exception is not to count. What changes
/// what holds of an order is for those who work on orders.
fn check_role(role: KeyRole, stated: &StatedFact) -> Result<(), Problem> {
    if sorts_for(role).any(|sort| sort == stated.word()) {
        return Ok(());
    }
    let why = format!("the role {} can state notes and waivers", role.name());
    let wording = Wording::new("role_is").with("role", role.name());
    Err(Problem::of(ErrorCode::RoleTooSmall, why).said(wording).with("roles", WORKS))
}

pub(super) fn wrong(why: impl std::fmt::Display) -> Unsaid {
    Problem::of(ErrorCode::FactWrong, why)
}

fn not_of_order(field: &str, id: impl std::fmt::Display) -> Problem {
    let why = format_args!("{field}: the order has none of this id, `{id}`");
    let wording = Wording::new("not_of_order").with("what", field).with("key", &id);
    wrong(why).said(wording)
}

fn statement(
    call: &Call,
    stated: StatedFact,
    order: &State,
    now: Instant,
) -> Result<Statement, Problem> {
    let mut about = order.name.clone();
    let mut happened = Happened::at(now);
    let body = match stated {
        StatedFact::Note { text } => Body::Noted { text: text_of("text", &text, NOTE_BYTES_MAX)? },
        StatedFact::Milestone { milestone, classifier, at, object } => {
            about = object_name(order, object)?;
            let classifier = classifier.unwrap_or(Classifier::Actual);
            let at = Happened::at(at.unwrap_or(now));
            let due = (classifier != Classifier::Actual).then_some(at);
            if due.is_none() {
                happened = at;
            }
            Body::Progress { milestone, classifier, due, detail: Detail::default() }
        }
        StatedFact::Link { identifier, object } => {
            about = object_name(order, object)?;
            check_identifier(&about, &identifier)?;
            Body::Same { other: identifier, class: LinkClass::Person }
        }
        StatedFact::Unlink { identifier, object } => {
            about = object_name(order, object)?;
            check_identifier(&about, &identifier)?;
            Body::Apart { other: identifier }
        }
        StatedFact::Take { exception } => {
            let found = find_exception(order, exception)?;
            about = found.object_name.clone();
            Body::Taken { code: found.code, expectation: found.expectation.as_str().into() }
        }
        StatedFact::Waive { exception, reason } => {
            let found = find_exception(order, exception)?;
            about = found.object_name.clone();
            Body::Waived {
                code: found.code,
                expectation: found.expectation.as_str().into(),
                reason: text_of("reason", &reason, TEXT_BYTES_MAX)?,
            }
        }
        StatedFact::Strike { fact, reason } => {
            let (message, place, object) = find_fact(call, fact)?;
            about = object;
            Body::Struck { message, place, reason: text_of("reason", &reason, TEXT_BYTES_MAX)? }
        }
    };
    Ok(Statement { about: about.into(), happened, body, place: Place::None })
}

/// The exception of the order, or of what it reaches, that is meant.
fn find_exception(order: &State, id: ExceptionId) -> Result<&ExceptionState, Problem> {
    let below = order.objects.iter().flat_map(|object| &object.exceptions);
    let mut all = order.exceptions.iter().chain(below);
    let found = all.find(|exception| exception.id == id);
    found.ok_or_else(|| not_of_order("exception", id))
}

pub(super) fn text_of(
    field: &str,
    text: &str,
    bytes_max: usize,
) -> Result<smol_str::SmolStr, Problem> {
    let text = text.trim();
    if text.is_empty() || text.len() > bytes_max {
        return Err(Problem::length(ErrorCode::FactWrong, field, 1, bytes_max));
    }
    Ok(text.into())
}

/// The name of the order, or of an object that it reaches.
pub(super) fn object_name(order: &State, object: Option<ObjectId>) -> Result<Identifier, Problem> {
    let Some(object) = object.filter(|id| *id != order.id) else { return Ok(order.name.clone()) };
    let found = order.objects.iter().find(|known| known.id == object);
    found.map(|known| known.name.clone()).ok_or_else(|| not_of_order("object", object))
}

fn check_identifier(about: &Identifier, other: &Identifier) -> Result<(), Problem> {
    let parts = [&other.scheme, &other.issuer, &other.value];
    if parts.iter().any(|part| part.is_empty() || part.len() > IDENTIFIER_BYTES_MAX) {
        let why = "identifier: expected scheme, issuer and value of 1 to";
        let length = wrong(format_args!("{why} {IDENTIFIER_BYTES_MAX} bytes"));
        return Err(length.of_length("identifier", 1, IDENTIFIER_BYTES_MAX));
    }
    if other.is_placeholder() {
        let why = format!("identifier: `{}` stands for no number", other.value);
        return Err(wrong(why).said(Wording::new("no_number").with("number", &other.value)));
    }
    if other.kind != about.kind {
        let (found, expected) = (other.kind.name(), about.kind.name());
        let wording = Wording::new("kind_of").with("kind", found).with("own_kind", expected);
        let why = format_args!("identifier: names the kind {found}, expected {expected}");
        return Err(wrong(why).said(wording));
    }
    if other == about {
        let why =
            format!("identifier: `{}` names it already, there is nothing to say", other.value);
        return Err(wrong(why).said(Wording::new("named_already").with("number", &other.value)));
    }
    Ok(())
}

/// Where a fact of the order stands.
fn find_fact(call: &Call, id: FactId) -> Result<(MessageNo, Place, Identifier), Problem> {
    let facts = timeline::facts(call, &row(call)?, None)?;
    let found = facts.into_iter().find(|fact| fact.id == id);
    let fact = found.ok_or_else(|| not_of_order("fact", id))?;
    if fact.message.0 <= 0 {
        let own = wrong("fact: it is an act of Baton's own, which cannot be struck");
        return Err(own.said(Wording::new("fact_own")));
    }
    Ok((fact.message, fact.place, fact.about.object))
}

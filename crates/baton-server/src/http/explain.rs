//! Explaining a claim: from what an order's state says to the facts that it rests on, and from each to
//! the bytes of its message.

use std::collections::BTreeMap;
use std::ops::Range;

use baton_core::authority::field_name;
use baton_core::fact::{Fact, Field, Measure, Place};
use baton_core::id::FactId;
use baton_core::state::{FieldState, MilestoneState, State};
use baton_core::wording::Wording;
use baton_formats::json::locate;
use baton_store::messages::{self, Message};
use baton_store::{Scope, StoreError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::{EXCERPT_BYTES_MAX, EXPLAINED_FACTS_MAX};
use super::order_row::for_partner;
use super::orders::{present, row};
use super::problem::Problem;
use super::shown_fact::ShownFact;
use super::timeline;
use crate::body::decoded;
use crate::intake::{encoding, read_headers};

/// What is to be explained.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExplainQuery {
    /// `milestone:T60`, `exception:exc_…`, `line:1`, `line:1:shipped`, `promise`, `handoff:H4`,
    /// `field:total`, `clock:<name>` or `holder`.
    claim: String,
}

/// What a claim rests on.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Explanation {
    claim: String,
    facts: Vec<Explained>,
    /// Whether there are more facts than are shown.
    more: bool,
}

/// A fact with the bytes that state it.
#[derive(Debug, Serialize, JsonSchema)]
struct Explained {
    #[serde(flatten)]
    fact: ShownFact,
    /// Null for what stands in no message, or in one that the caller may not see.
    excerpt: Option<Excerpt>,
}

/// A part of a message.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
struct Excerpt {
    /// Of the body as it is read, which is decompressed.
    offset: usize,
    length: usize,
    text: String,
    /// Whether the part is longer than the text.
    cut: bool,
}

pub(super) fn explain(call: &Call) -> Outcome {
    let query: ExplainQuery = call.query()?;
    let mut state = present(call)?;
    if let Some(partner) = call.principal.partner() {
        for_partner(&mut state, partner, call.sight());
    }
    let wanted = claimed(&state, &query.claim).ok_or_else(|| {
        let why = format!("the order claims nothing that `{}` names", query.claim);
        let wording = Wording::new("claim_unknown").with("claim", &query.claim);
        Problem::of(ErrorCode::ClaimUnknown, why).said(wording)
    })?;
    let order = row(call)?;
    let mut facts = timeline::facts(call, &order, None)?;
    facts.retain(|fact| wanted.contains(&fact.id));
    let mut facts = timeline::shown_to(call, &order, facts)?;
    let more = facts.len() > EXPLAINED_FACTS_MAX;
    facts.truncate(EXPLAINED_FACTS_MAX);
    let (tenant, scope) = (call.tenant()?, call.scope()?);
    let mut explained = Vec::with_capacity(facts.len());
    let mut last: Option<Message> = None;
    for fact in facts {
        if last.as_ref().is_none_or(|message| message.entry.id != fact.message) {
            last = load(call, &scope, &fact)?;
        }
        let message = last.as_ref().filter(|message| message.entry.id == fact.message);
        let excerpt = message.and_then(|message| excerpt(call, message, &fact.place));
        explained.push(Explained { fact: ShownFact::of(tenant, fact), excerpt });
    }
    Answer::json(Explanation { claim: query.claim, facts: explained, more })
}

fn load(call: &Call, scope: &Scope, fact: &Fact) -> Result<Option<Message>, Problem> {
    if fact.message.0 <= 0 {
        return Ok(None);
    }
    match call.store().read(|tx| messages::get(tx, scope, fact.message)) {
        Ok(message) => Ok(Some(message)),
        // Another partner's message, or one that was tidied away.
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The facts that a claim rests on; none where the state does not make it.
fn claimed(state: &State, claim: &str) -> Option<Vec<FactId>> {
    let (what, rest) = claim.split_once(':').unwrap_or((claim, ""));
    let found: Vec<FactId> = match what {
        "milestone" => milestones(state, rest),
        "exception" => {
            let below = state.objects.iter().flat_map(|object| &object.exceptions);
            let mut all = state.exceptions.iter().chain(below);
            all.find(|e| e.id.to_string() == rest)?.facts.clone()
        }
        "line" => line(state, rest)?,
        "promise" => state.promise.versions.iter().map(|version| version.fact).collect(),
        "handoff" => handoffs(state, rest),
        "field" => vec![field(&state.fields, rest)?.fact],
        "clock" => state.clocks.iter().find(|clock| clock.name == rest)?.facts.clone(),
        "holder" => handoffs(state, state.holder.as_ref()?.handoff.as_deref()?),
        _ => return None,
    };
    if found.is_empty() && what != "exception" { None } else { Some(found) }
}

fn milestones(state: &State, code: &str) -> Vec<FactId> {
    let below = state.objects.iter().flat_map(|object| &object.milestones);
    let all = state.milestones.iter().chain(below);
    let facts = |m: &MilestoneState| {
        let versions = m.versions.iter().flat_map(|v| [Some(v.fact), v.retracted_by]);
        versions.chain([m.disputed_by]).flatten().collect::<Vec<_>>()
    };
    all.filter(|m| m.milestone.code() == code).flat_map(facts).collect()
}

fn handoffs(state: &State, name: &str) -> Vec<FactId> {
    let named = state.handoffs.iter().filter(|handoff| handoff.name == name);
    named.flat_map(|handoff| handoff.facts.clone()).collect()
}

fn field<'s>(fields: &'s BTreeMap<Field, FieldState>, name: &str) -> Option<&'s FieldState> {
    fields.iter().find(|(field, _)| field_name(**field) == name).map(|(_, state)| state)
}

fn line(state: &State, rest: &str) -> Option<Vec<FactId>> {
    let whole = state.lines.iter().find(|line| line.key == rest);
    if let Some(line) = whole {
        let fields = line.fields.values().map(|field| field.fact);
        let measured = line.quantities.values().flat_map(|measured| measured.facts.clone());
        return Some(fields.chain(measured).collect());
    }
    let (key, part) = rest.rsplit_once(':')?;
    let line = state.lines.iter().find(|line| line.key == key)?;
    if let Some(field) = field(&line.fields, part) {
        return Some(vec![field.fact]);
    }
    let measure: Measure = serde_json::from_value(part.into()).ok()?;
    Some(line.quantities.get(&measure)?.facts.clone())
}

/// The bytes at a place of a message.
fn excerpt(call: &Call, message: &Message, place: &Place) -> Option<Excerpt> {
    let limit = call.api.engine.settings().intake.decompressed_bytes_max;
    let headers = read_headers(&message.entry.headers);
    let plain = decoded(&message.body, encoding(&headers), limit).ok()?;
    cut_out(&plain, place)
}

fn cut_out(body: &[u8], place: &Place) -> Option<Excerpt> {
    let range = bytes_at(body, place)?;
    let bytes = body.get(range.clone())?;
    let shown = bytes.get(..EXCERPT_BYTES_MAX).unwrap_or(bytes);
    Some(Excerpt {
        offset: range.start,
        length: bytes.len(),
        text: String::from_utf8_lossy(shown).into_owned(),
        cut: shown.len() < bytes.len(),
    })
}

/// Where a place is in the bytes of a message, as it is read; it may lie beyond their end.
pub(super) fn bytes_at(body: &[u8], place: &Place) -> Option<Range<usize>> {
    Some(match place {
        Place::None => return None,
        Place::Pointer(pointer) => locate(body, pointer)?,
        Place::Segment { offset, length, .. } => {
            let start = usize::try_from(*offset).ok()?;
            start..start.checked_add(usize::try_from(*length).ok()?)?
        }
        Place::Line(number) => {
            let index = usize::try_from(*number).ok()?.checked_sub(1)?;
            let line = body.split(|b| *b == b'\n').nth(index)?;
            let start: usize =
                body.split(|b| *b == b'\n').take(index).map(|line| line.len() + 1).sum();
            start..start + line.len()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, place: &Place, expected: Option<(usize, &str)>) {
        let found = cut_out(body.as_bytes(), place);
        let found = found.as_ref().map(|excerpt| (excerpt.offset, excerpt.text.as_str()));
        assert_eq!(found, expected, "{body} {place:?}");
    }

    #[test]
    fn places_lead_to_bytes() {
        check(r#"{"a":{"b":[1,"x"]}}"#, &Place::Pointer("/a/b/1".into()), Some((13, "\"x\"")));
        check(r#"{"a":1}"#, &Place::Pointer("/b".into()), None);
        let segment = |offset, length| Place::Segment { number: 2, offset, length };
        check("ISA*00~GS*PO~", &segment(7, 6), Some((7, "GS*PO~")));
        check("ISA*00~", &segment(7, u32::MAX), None);
        check("ISA*00~", &segment(u64::MAX, 1), None);
        check("one\ntwo\nthree", &Place::Line(2), Some((4, "two")));
        check("one", &Place::Line(0), None);
        check("one", &Place::Line(9), None);
        check("one", &Place::None, None);
    }
}

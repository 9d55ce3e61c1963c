//! What hangs on no order: shipments, packages, invoices and jobs of which nothing says what they belong
//! to, and orders that partners speak of and nobody placed. Each comes with orders that it might be of and why; a person's word is the link.

use std::collections::BTreeSet;

use baton_core::fact::{
    Body, Classifier, Fact, LinkClass, Measure, Place, Presence, Relation, Statement,
};
use baton_core::id::ObjectId;
use baton_core::identifier::{Identifier, ObjectKind};
use baton_core::milestone::Milestone;
use baton_core::partner::PartnerKey;
use baton_core::state::{MilestoneState, State};
use baton_core::suggest::{POINTS_MIN, Reason, Stray, reasons};
use baton_core::time::{Happened, Instant};
use baton_core::wording::Wording;
use baton_store::StoreError;
use baton_store::clusters::ClusterNo;
use baton_store::objects::{self, ObjectRow};
use baton_store::orders::{self, Filter, OrderRow, Sort};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::facts::keep;
use super::page::{self, Page};
use super::problem::Problem;
use super::shown_fact::ShownFact;
use crate::history::{View, reach, state_of};

/// Orders that are looked at for one thing: those with a number that begins alike, and of each partner
/// that spoke of it the ones that changed last.
const ALIKE_MAX: usize = 20;
const RECENT_MAX: usize = 30;
/// Signs at the beginning of a number by which others are looked up.
const STEM_CHARS_MIN: usize = 4;
/// Signs at the end of a number in which another may differ.
const STEM_CUT_CHARS: usize = 2;
/// What is suggested, and the facts that are shown.
const SUGGESTIONS_MAX: usize = 5;
const FACTS_MAX: usize = 50;

/// Which of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UnmatchedQuery {
    cursor: Option<String>,
    limit: Option<usize>,
}

/// Something that hangs on no order.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct UnmatchedItem {
    id: ObjectId,
    kind: ObjectKind,
    identifiers: Vec<Identifier>,
    first_heard_at: Option<Instant>,
    /// Whoever spoke of it.
    partners: Vec<String>,
    facts: usize,
}

/// Something that hangs on no order, with what is known of it and orders that it might be of.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct UnmatchedDetail {
    #[serde(flatten)]
    item: UnmatchedItem,
    /// What is said of it, in time; the first of many.
    said: Vec<ShownFact>,
    /// The likeliest first; none where nothing is likely enough.
    suggestions: Vec<Suggestion>,
}

/// An order that it might be of.
#[derive(Debug, Serialize, JsonSchema)]
struct Suggestion {
    order: ObjectId,
    number: String,
    customer: Option<String>,
    /// The sum of what speaks for it.
    points: u32,
    reasons: Vec<Counted>,
}

/// Something that speaks for it, and what it counts for.
#[derive(Debug, Serialize, JsonSchema)]
struct Counted {
    points: u32,
    reason: Reason,
}

/// To which order it belongs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkRequest {
    order: ObjectId,
}

/// A thing as it is derived, with its facts.
struct Known {
    state: State,
    facts: Vec<Fact>,
}

impl Known {
    fn heard_of(&self) -> Vec<PartnerKey> {
        let from: BTreeSet<&PartnerKey> =
            self.state.partners.iter().map(|playing| &playing.partner).collect();
        from.into_iter().cloned().collect()
    }
    fn first_heard_at(&self) -> Option<Instant> {
        self.facts.iter().map(|fact| fact.received_at).min()
    }
    fn is_order(&self) -> bool {
        self.state.id.kind == ObjectKind::Order
    }
    /// Whether anybody says that the order was placed, or what was ordered.
    fn is_placed(&self) -> bool {
        let actual =
            |m: &MilestoneState| m.milestone == Milestone::O10 && m.current.has(Classifier::Actual);
        self.state.milestones.iter().any(actual)
            || self.state.lines.iter().any(|l| l.quantities.contains_key(&Measure::Ordered))
    }
    fn item(&self) -> UnmatchedItem {
        UnmatchedItem {
            id: self.state.id,
            kind: self.state.id.kind,
            identifiers: self.state.identifiers.clone(),
            first_heard_at: self.first_heard_at(),
            partners: self.heard_of().iter().map(ToString::to_string).collect(),
            facts: self.facts.len(),
        }
    }
}

fn known(call: &Call, cluster: ClusterNo, id: ObjectId) -> Result<Known, StoreError> {
    let tenant = call.tenant().map_err(|_| StoreError::OutOfScope { what: "what is unmatched" })?;
    let steps = &call.api.engine.settings().steps;
    let state = state_of(call.store(), tenant, steps, id, View::default())?;
    let mut facts = call.store().read(|tx| reach(tx, tenant, steps, cluster, None))?.home;
    facts.sort_by_key(|fact| (fact.happened.earliest, fact.id));
    facts.dedup_by_key(|fact| fact.id);
    Ok(Known { state, facts })
}

fn parse_cursor(text: &str) -> Option<ClusterNo> {
    text.parse().ok().filter(|number| *number > 0).map(ClusterNo)
}

pub(super) fn list(call: &Call) -> Outcome {
    let query: UnmatchedQuery = call.query()?;
    let limit = page::limit(query.limit)?;
    let before = page::cursor(query.cursor.as_deref(), parse_cursor)?;
    let scope = call.scope()?;
    let rows = call.store().read(|tx| objects::unmatched(tx, &scope, before, limit + 1))?;
    let page = Page::cut(
        rows,
        limit,
        |row| row.cluster.0.to_string(),
        |row: ObjectRow| known(call, row.cluster, row.id),
    );
    let mut items = Vec::with_capacity(page.items.len());
    for item in page.items {
        match item {
            Ok(known) if known.is_order() && known.is_placed() => {}
            Ok(known) => items.push(known.item()),
            // It was joined to something while it was looked up.
            Err(StoreError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Answer::json(Page { items, next_cursor: page.next_cursor })
}

/// The thing that the address names: one that is in no order, or an order that nobody placed.
fn stray(call: &Call) -> Result<Known, Problem> {
    let text = call.parameter("id");
    let none = || Problem::not_found("object without an order", text);
    let id: ObjectId = text.parse().map_err(|_| none())?;
    if id.kind == ObjectKind::Source {
        return Err(none());
    }
    let scope = call.scope()?;
    let found = call.store().read(|tx| {
        let cluster = objects::cluster_of(tx, &scope, id)?;
        Ok((cluster, objects::is_unmatched(tx, &scope, cluster)?))
    });
    let (cluster, is_free) = found.map_err(|_: StoreError| none())?;
    let known = known(call, cluster, id).map_err(|error| match error {
        StoreError::NotFound { .. } => none(),
        other => other.into(),
    })?;
    let stands_alone = match id.kind {
        ObjectKind::Order => !known.is_placed(),
        _ => is_free,
    };
    if stands_alone { Ok(known) } else { Err(none()) }
}

pub(super) fn show(call: &Call) -> Outcome {
    let known = stray(call)?;
    let suggestions = suggestions(call, &known)?;
    let tenant = call.tenant()?;
    let item = known.item();
    let said = known.facts.into_iter().take(FACTS_MAX).map(|fact| ShownFact::of(tenant, fact));
    Answer::json(UnmatchedDetail { item, said: said.collect(), suggestions })
}

/// Orders by what speaks for them.
fn suggestions(call: &Call, known: &Known) -> Result<Vec<Suggestion>, Problem> {
    let (tenant, heard_of) = (call.tenant()?, known.heard_of());
    let steps = &call.api.engine.settings().steps;
    let stray =
        Stray { state: &known.state, first_heard_at: known.first_heard_at(), heard_of: &heard_of };
    let mut found = Vec::new();
    for row in candidates(call, known, &heard_of)? {
        let order = match state_of(call.store(), tenant, steps, row.id, View::default()) {
            Ok(order) => order,
            Err(StoreError::NotFound { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        let reasons = reasons(stray, &order, Some(row.placed_at).filter(|at| *at > Instant::MIN));
        let points = reasons.iter().map(Reason::points).sum();
        if points < POINTS_MIN {
            continue;
        }
        let counted = |reason: Reason| Counted { points: reason.points(), reason };
        found.push(Suggestion {
            order: row.id,
            number: row.number,
            customer: row.customer,
            points,
            reasons: reasons.into_iter().map(counted).collect(),
        });
    }
    found.sort_by(|a, b| (b.points, &a.number).cmp(&(a.points, &b.number)));
    found.truncate(SUGGESTIONS_MAX);
    Ok(found)
}

/// Orders that are worth a look, each once and none but itself.
fn candidates(
    call: &Call,
    known: &Known,
    heard_of: &[PartnerKey],
) -> Result<Vec<OrderRow>, Problem> {
    let scope = call.scope()?;
    let values = known.state.identifiers.iter().flat_map(|name| spellings(&name.value));
    let stems: BTreeSet<String> = values.filter_map(|value| stem(&value)).collect();
    let rows = call.store().read(|tx| {
        let mut rows = Vec::new();
        for text in stems {
            let filter = Filter { text: Some(text), ..Filter::default() };
            rows.extend(orders::list(tx, &scope, &filter, Sort::Updated, None, ALIKE_MAX)?.items);
        }
        for partner in heard_of {
            let filter = Filter { partner: Some(partner.clone()), ..Filter::default() };
            rows.extend(orders::list(tx, &scope, &filter, Sort::Updated, None, RECENT_MAX)?.items);
        }
        if heard_of.is_empty() {
            let filter = Filter::default();
            rows.extend(orders::list(tx, &scope, &filter, Sort::Updated, None, RECENT_MAX)?.items);
        }
        Ok(rows)
    })?;
    let mut seen = BTreeSet::from([known.state.id]);
    Ok(rows.into_iter().filter(|row| seen.insert(row.id)).collect())
}

/// A number as it was said, and as others would write what stands between its signs.
fn spellings(value: &str) -> [String; 4] {
    let between = |other: &str| -> String {
        let sign = |c: char| if c.is_alphanumeric() { c.to_string() } else { other.to_owned() };
        value.chars().map(sign).collect()
    };
    [value.to_owned(), between("-"), between(" "), between("")]
}

/// The part of a number by which others like it are looked up: all but its last signs.
fn stem(value: &str) -> Option<String> {
    let signs: Vec<char> = value.chars().collect();
    let stem: String = signs.iter().take(signs.len().checked_sub(STEM_CUT_CHARS)?).collect();
    (stem.chars().count() >= STEM_CHARS_MIN).then_some(stem)
}

/// A person says to which order it belongs. An order that nobody placed is the same one; anything else is
/// of it.
pub(super) fn link(call: &Call) -> Outcome {
    let known = stray(call)?;
    let LinkRequest { order } = call.json()?;
    let (tenant, scope) = (call.tenant()?, call.scope()?);
    let steps = &call.api.engine.settings().steps;
    let none = || {
        let why = format!("order: there is no order `{order}`");
        let wording = Wording::new("not_found").with("what", "order").with("key", order);
        Problem::of(ErrorCode::ValueWrong, why).said(wording)
    };
    if order.kind != ObjectKind::Order || order == known.state.id {
        return Err(none());
    }
    let found = call.store().read(|tx| orders::get(tx, &scope, order));
    let row = found.map_err(|error| match error {
        StoreError::NotFound { .. } => none(),
        other => other.into(),
    })?;
    let target = state_of(call.store(), tenant, steps, row.id, View::default())?;
    // From the beginning: what was heard of it so far happened to the order as well.
    let first = known.facts.iter().map(|fact| fact.happened.earliest).min();
    let since = Happened::at(first.unwrap_or_else(|| tenant.clock.now()));
    let statement = statement(&known.state, target.name, since);
    keep(call, statement, "link")
}

fn statement(stray: &State, order: Identifier, happened: Happened) -> Statement {
    let name = stray.name.clone();
    let relation = match stray.id.kind {
        ObjectKind::Invoice => Relation::BilledBy,
        ObjectKind::Job => Relation::ServedBy,
        _ => Relation::Contains,
    };
    let (about, body) = if stray.id.kind == ObjectKind::Order {
        (order, Body::Same { other: name, class: LinkClass::Person })
    } else {
        (order, Body::Related { relation, child: name, presence: Presence::Added })
    };
    Statement { about: about.into(), happened, body, place: Place::None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_looked_up_by_all_but_their_end() {
        for (value, expected) in [
            ("PO-4500123", Some("PO-45001")),
            ("123456", Some("1234")),
            ("12345", None),
            ("1", None),
        ] {
            assert_eq!(stem(value).as_deref(), expected, "{value}");
        }
    }
}

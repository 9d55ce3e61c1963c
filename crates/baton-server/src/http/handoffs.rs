//! Hand-offs: what partners have to answer, and their answers. A partner accepts or disputes what it
//! gives or takes itself; whoever sees to partners settles what is disputed.

use baton_core::fact::{Body, Place, Statement};
use baton_core::id::ObjectId;
use baton_core::partner::PartnerKey;
use baton_core::state::{HandoffStage, HandoffState, Phase, State};
use baton_core::time::{Happened, Instant};
use baton_core::verdict::{Ground, HandoffWord, Side, Verdict};
use baton_core::wording::Wording;
use baton_store::orders::{self, Cursor, Filter, OrderRow, Sort};
use baton_store::{StoreError, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::facts::{keep, object_name, text_of, wrong};
use super::limits::{HANDOFF_ORDERS_AT_ONCE, HANDOFF_ORDERS_MAX, TEXT_BYTES_MAX};
use super::order_row::{OrderItem, for_partner, is_party};
use super::orders::present;
use super::page::{self, Page};
use super::problem::Problem;
use crate::history::{View, derive_cluster};

/// The exception that a stated dispute is.
const DISPUTED: &str = "E-TRN-28";
/// Phases in which something may still change hands.
const UNDER_WAY: [Phase; 7] = [
    Phase::Placed,
    Phase::Confirmed,
    Phase::PartlyShipped,
    Phase::Shipped,
    Phase::PartlyDelivered,
    Phase::Delivered,
    Phase::Disputed,
];

/// Which hand-offs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HandoffsQuery {
    /// `open` (one side's word is wanted, of orders under way) or `disputed`.
    #[serde(default)]
    state: Wanted,
    /// Those that this partner gives or takes.
    partner: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    #[default]
    Open,
    Disputed,
}

/// A hand-off, and the order that it is of.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct HandoffItem {
    order: OrderItem,
    /// The number of what changes hands.
    object_name: String,
    handoff: HandoffState,
    /// Whose word is wanted, where it is known who that is.
    #[schemars(with = "Option<String>")]
    awaits: Option<PartnerKey>,
}

pub(super) fn list(call: &Call) -> Outcome {
    let query: HandoffsQuery = call.query()?;
    let limit = page::limit(query.limit)?;
    let mut after = page::cursor(query.cursor.as_deref(), |text| text.parse::<Cursor>().ok())?;
    let own = call.principal.partner().cloned();
    let party = own.clone().or_else(|| query.partner.clone().map(Into::into));
    let mut filter = Filter { partner: party.clone(), ..Filter::default() };
    match query.state {
        Wanted::Open => filter.states = UNDER_WAY.iter().map(|p| p.name().to_owned()).collect(),
        Wanted::Disputed => filter.exception = Some(DISPUTED.to_owned()),
    }
    let scope = call.scope()?;
    let (mut items, mut looked_at) = (Vec::new(), 0);
    // What a hand-off stands at is derived, so that so many orders are looked at and no more.
    let next = loop {
        let found = call.store().read(|tx| {
            let page =
                orders::list(tx, &scope, &filter, Sort::Updated, after, HANDOFF_ORDERS_AT_ONCE)?;
            let states = page.items.iter().map(|row| derived(call, tx, row));
            let states = states.collect::<Result<Vec<_>, _>>()?;
            Ok((page, states))
        });
        let (page, states) = found?;
        looked_at += page.items.len();
        for (row, state) in page.items.into_iter().zip(states) {
            let Some(mut state) = state else { continue };
            if let Some(partner) = &own {
                for_partner(&mut state, partner, call.sight());
            }
            items.extend(wanted(&row, &state, query.state, party.as_ref()));
        }
        after = page.next;
        if after.is_none() || items.len() >= limit || looked_at >= HANDOFF_ORDERS_MAX {
            break after;
        }
    };
    Answer::json(Page { items, next_cursor: next.map(|cursor| cursor.to_string()) })
}

fn derived(call: &Call, tx: &mut Tx<'_>, row: &OrderRow) -> Result<Option<State>, StoreError> {
    let Ok(tenant) = call.tenant() else { return Ok(None) };
    let steps = &call.api.engine.settings().steps;
    let states = derive_cluster(tx, tenant, steps, row.cluster, View::default())?;
    Ok(states.into_iter().find(|state| state.id == row.id))
}

/// Of an order's hand-offs those that are asked for.
fn wanted<'s>(
    row: &'s OrderRow,
    state: &'s State,
    wanted: Wanted,
    party: Option<&'s PartnerKey>,
) -> impl Iterator<Item = HandoffItem> + use<'s> {
    let of_party =
        move |handoff: &&HandoffState| party.is_none_or(|party| is_party(handoff, party));
    state.handoffs.iter().filter(of_party).filter_map(move |handoff| {
        let awaits = awaits(handoff);
        match wanted {
            Wanted::Disputed if !is_disputed(handoff) => return None,
            Wanted::Open if awaits.is_empty() => return None,
            Wanted::Open if party.is_some_and(|party| !awaits.contains(&Some(party))) => {
                return None;
            }
            Wanted::Disputed | Wanted::Open => {}
        }
        let object_name = object_name(state, Some(handoff.object)).ok()?.value.to_string();
        let awaits =
            party.filter(|party| awaits.contains(&Some(party))).or_else(|| *awaits.first()?);
        let (order, handoff) = (OrderItem::of(row.clone()), handoff.clone());
        Some(HandoffItem { order, object_name, handoff, awaits: awaits.cloned() })
    })
}

fn is_disputed(handoff: &HandoffState) -> bool {
    matches!(handoff.stage, HandoffStage::Disputed { .. })
}

/// Whose word is wanted: whoever has not shown or said their side of it.
fn awaits(handoff: &HandoffState) -> Vec<Option<&PartnerKey>> {
    if handoff.from_partner.is_some() && handoff.from_partner == handoff.to_partner {
        // Nothing passes from one to another.
        return Vec::new();
    }
    let (giver, taker) = (handoff.from_partner.as_ref(), handoff.to_partner.as_ref());
    match handoff.stage {
        HandoffStage::Released { .. } | HandoffStage::Offered { .. } => vec![taker],
        HandoffStage::Received { .. } => vec![giver],
        HandoffStage::Disputed { .. } => {
            let disputes = |partner: Option<&PartnerKey>| {
                let mut open = handoff.words.iter().filter(|word| word.is_open_dispute());
                open.any(|word| word.partner.as_ref() == partner)
            };
            [giver, taker].into_iter().filter(|partner| !disputes(*partner)).collect()
        }
        _ => Vec::new(),
    }
}

/// What is said of a hand-off.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HandoffAnswer {
    /// Its name in the journey, such as `H4`.
    handoff: String,
    /// The object that changes hands; may be left out where the order has one hand-off of this name.
    object: Option<ObjectId>,
    answer: AnswerWord,
    /// Why, in the words of whoever says it.
    reason: String,
    /// Of a dispute: what it is about.
    ground: Option<Ground>,
    /// Of a dispute: what was instead.
    instead: Option<String>,
    /// When it changed hands, where that was at another time than the other side says.
    at: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum AnswerWord {
    /// It was as the other side says. For the partner that gives or takes.
    Accept,
    /// It was not. For the partner that gives or takes.
    Dispute,
    /// What is disputed is to count as settled. For the tenant.
    Settle,
}

pub(super) fn answer(call: &Call) -> Outcome {
    let given: HandoffAnswer = call.json()?;
    let order = present(call)?;
    let handoff = named(&order, &given)?;
    let verdict = match call.principal.partner() {
        Some(partner) => by_partner(handoff, &given, partner)?,
        None => by_tenant(handoff, &given)?,
    };
    let about = object_name(&order, Some(handoff.object))?;
    let body = Body::Judged {
        handoff: handoff.name.clone(),
        verdict: Box::new(verdict),
        reason: text_of("reason", &given.reason, TEXT_BYTES_MAX)?,
    };
    let happened = Happened::at(call.tenant()?.clock.now());
    let word = match given.answer {
        AnswerWord::Accept => "accept",
        AnswerWord::Dispute => "dispute",
        AnswerWord::Settle => "settle",
    };
    keep(call, Statement { about: about.into(), happened, body, place: Place::None }, word)
}

/// The hand-off of the order that is meant.
fn named<'s>(order: &'s State, given: &HandoffAnswer) -> Result<&'s HandoffState, Problem> {
    let of_name = || order.handoffs.iter().filter(|handoff| handoff.name == given.handoff);
    let is_meant = |handoff: &&HandoffState| given.object.is_none_or(|id| id == handoff.object);
    let mut meant = of_name().filter(is_meant);
    match (meant.next(), meant.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => {
            let all: Vec<String> = of_name().map(|handoff| handoff.object.to_string()).collect();
            let all = all.join(", ");
            let wording = Wording::new("which_of").with("known", &all);
            Err(wrong(format_args!("object: say which of {all} is meant")).said(wording))
        }
        (None, _) => {
            let all: Vec<&str> =
                order.handoffs.iter().map(|handoff| handoff.name.as_str()).collect();
            let all = all.join(", ");
            let wording = Wording::new("none_of").with("found", &given.handoff);
            let wording = wording.with("known", &all);
            Err(wrong(format_args!("handoff: the order has {all}")).said(wording))
        }
    }
}

fn by_partner(
    handoff: &HandoffState,
    given: &HandoffAnswer,
    partner: &PartnerKey,
) -> Result<Verdict, Problem> {
    let gives = handoff.from_partner.as_ref() == Some(partner);
    let takes = handoff.to_partner.as_ref() == Some(partner);
    let side = match (gives, takes) {
        (true, false) => Side::Giver,
        // Of what it hands to itself it says what is missing.
        (true, true) if matches!(handoff.stage, HandoffStage::Received { .. }) => Side::Giver,
        (false | true, true) => Side::Taker,
        (false, false) => {
            let why = "handoff: a partner speaks of what it gives or takes itself";
            return Err(wrong(why).said(Wording::new("handoff_of_others")));
        }
    };
    let at = given.at.map(Happened::at);
    match given.answer {
        AnswerWord::Accept => Ok(Verdict::Accepted { side, at }),
        AnswerWord::Dispute => {
            let instead = given.instead.as_deref().unwrap_or_default();
            let instead = text_of("instead", instead, TEXT_BYTES_MAX)?;
            let ground = given.ground.unwrap_or(Ground::Other);
            Ok(Verdict::Disputed { side, ground, instead, at })
        }
        AnswerWord::Settle => {
            let wording = Wording::new("settled_by_tenant");
            Err(wrong("answer: a partner accepts or disputes").said(wording))
        }
    }
}

fn by_tenant(handoff: &HandoffState, given: &HandoffAnswer) -> Result<Verdict, Problem> {
    if given.answer != AnswerWord::Settle {
        let why = "answer: that something was so, or was not, is for its partners to say; the tenant settles";
        return Err(wrong(why).said(Wording::new("settled_by_tenant")));
    }
    if !handoff.words.iter().any(HandoffWord::is_open_dispute) {
        let why = "answer: nothing about this hand-off is disputed";
        return Err(wrong(why).said(Wording::new("not_disputed")));
    }
    Ok(Verdict::Settled)
}

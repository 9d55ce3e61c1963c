//! What is to be said about occurrences: announce, clear, or take back.
//!
//! Saying something happens at a moment of knowledge and is committed as a fact; what holds may change
//! afterwards through a late fact. So the acts of one exception form a chain, each id made of its
//! predecessor's, and what is due follows from comparing the chain with the occurrences: silence on 1–3
//! May and again on 10–12 May are two announcements, and one that never held is withdrawn.
//!
//! INVARIANT: ids and instants of acts are made of content, never of the present. Whoever wakes late
//! does what would have been done in time, with the instants at which it was due.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Occurrence;
use crate::fact::Act;
use crate::id::{ActId, Digest, ExceptionId};
use crate::time::{Instant, Now};

/// An act that is on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PastAct {
    pub act: Act,
    pub id: ActId,
    pub previous: Option<ActId>,
    /// When it was due (not when it was recorded).
    pub at: Instant,
}

/// An act that is to be done and recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DueAct {
    pub act: Act,
    pub id: ActId,
    pub previous: Option<ActId>,
    /// When it was due. A withdrawal has the instant of the announcement that it takes back.
    pub at: Instant,
    /// Which of the occurrences it is about; none for a withdrawal.
    pub occurrence: Option<usize>,
}

impl DueAct {
    /// The act as it will be on record.
    #[must_use]
    pub const fn done(&self) -> PastAct {
        PastAct { act: self.act, id: self.id, previous: self.previous, at: self.at }
    }
}

/// One announcement and how it ended.
#[derive(Debug, Clone, Copy)]
struct Telling {
    announced_at: Instant,
    closed: Option<(Act, Instant)>,
}

/// What is to be done about `exception`, in the order in which to do it.
///
/// `done` are the acts on record in chain order (see [`in_chain_order`]). An announcement is due for an
/// occurrence that is raised and that no announcement in force is about, or that was cleared before it
/// was over. Clearing is due when the occurrence that the last announcement is about is over; taking
/// back, when it is about none.
#[must_use]
pub fn acts_due(
    exception: ExceptionId,
    occurrences: &[Occurrence],
    done: &[PastAct],
    now: &Now,
) -> Vec<DueAct> {
    let mut tellings = Vec::new();
    for act in done {
        tell(&mut tellings, act.act, act.at);
    }
    let mut previous = done.last().map(|act| act.id);
    let mut due = Vec::new();
    // An occurrence is announced and cleared at most once here, and one announcement taken back.
    for _ in 0..=2 * occurrences.len() {
        let Some((act, at, occurrence)) = next(&tellings, occurrences, now) else { break };
        let id = act_id(exception, act, at, previous);
        due.push(DueAct { act, id, previous, at, occurrence });
        tell(&mut tellings, act, at);
        previous = Some(id);
    }
    due
}

fn act_id(exception: ExceptionId, act: Act, at: Instant, previous: Option<ActId>) -> ActId {
    let act: &[u8] = match act {
        Act::Announced => b"announced",
        Act::Cleared => b"cleared",
        Act::Withdrawn => b"withdrawn",
    };
    let previous = previous.map(|id| id.0.to_u128().to_le_bytes());
    ActId(Digest::of(&[
        &exception.0.to_u128().to_le_bytes(),
        act,
        &at.micros().to_le_bytes(),
        previous.as_ref().map_or(&[], |bytes| bytes.as_slice()),
    ]))
}

fn tell(tellings: &mut Vec<Telling>, act: Act, at: Instant) {
    match act {
        Act::Announced => tellings.push(Telling { announced_at: at, closed: None }),
        Act::Cleared | Act::Withdrawn => {
            if let Some(last) = tellings.last_mut() {
                last.closed.get_or_insert((act, at));
            }
        }
    }
}

/// The next act that is due, when it was, and the occurrence that it is about.
fn next(
    tellings: &[Telling],
    occurrences: &[Occurrence],
    now: &Now,
) -> Option<(Act, Instant, Option<usize>)> {
    if let Some(Telling { announced_at, closed: None }) = tellings.last() {
        let Some(n) = occurrences.iter().rposition(|o| o.covers(*announced_at)) else {
            return Some((Act::Withdrawn, *announced_at, None));
        };
        let about = occurrences.get(n)?;
        let (over_at, settled_at) = (about.over_at?, about.settled_at?);
        return now.passed(settled_at).then_some((Act::Cleared, over_at, Some(n)));
    }
    occurrences.iter().enumerate().find_map(|(n, occurrence)| {
        let at = announcement_due(tellings, occurrence)?;
        (now.passed(occurrence.raised_at)).then_some((Act::Announced, at, Some(n)))
    })
}

/// When the occurrence ought to have been announced; `None` if all has been said.
fn announcement_due(tellings: &[Telling], occurrence: &Occurrence) -> Option<Instant> {
    let told = tellings.iter().rev().find(|telling| {
        occurrence.covers(telling.announced_at)
            && !matches!(telling.closed, Some((Act::Withdrawn, _)))
    });
    match told.and_then(|telling| telling.closed) {
        None if told.is_some() => None,
        None => Some(occurrence.raised_at),
        Some((_, cleared_at)) => occurrence
            .over_at
            .is_none_or(|over| cleared_at < over)
            .then(|| cleared_at.max(occurrence.raised_at)),
    }
}

/// Puts acts in chain order: each after its predecessor, whatever order they come in.
///
/// Should two nodes have continued one act differently, the longer branch is the chain, then the one
/// of the smaller ids; the acts of the other are left out, and so their effects are done again or
/// undone. Acts whose predecessor is not among them are left out too: they wait for it.
#[must_use]
pub fn in_chain_order(acts: &[PastAct]) -> Vec<PastAct> {
    let mut after: BTreeMap<Option<ActId>, BTreeMap<ActId, PastAct>> = BTreeMap::new();
    for act in acts {
        after.entry(act.previous).or_default().insert(act.id, *act);
    }
    // Layer by layer, so that the last layer holds the ends of the longest branches.
    let mut layers: Vec<Vec<PastAct>> = Vec::new();
    let mut ends = vec![None];
    while !ends.is_empty() {
        let layer: Vec<PastAct> = ends
            .iter()
            .filter_map(|end| after.remove(end))
            .flat_map(BTreeMap::into_values)
            .collect();
        ends = layer.iter().map(|act| Some(act.id)).collect();
        layers.push(layer);
    }
    let mut chain: Vec<PastAct> = Vec::new();
    for layer in layers.iter().rev() {
        let wanted = chain.last().and_then(|act| act.previous);
        let candidates = layer.iter().filter(|act| chain.is_empty() || Some(act.id) == wanted);
        chain.extend(candidates.min_by_key(|act| act.id));
    }
    chain.reverse();
    chain
}

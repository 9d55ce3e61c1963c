//! Hand-offs: the passing of responsibility, shown by both sides.
//!
//! The giver's evidence and the taker's are looked for apart. Released and not received after the
//! grace is a custody gap; received surely before it was released is disputed, and so is what one of the
//! partners itself says was not so ([`crate::verdict`]). Who holds the baton is the taker of the last
//! hand-off that is complete.

use smallvec::smallvec;

use crate::book::{Evidence, HandoffRule};
use crate::fact::{Classifier, Relation};
use crate::id::FactId;
use crate::identifier::ObjectKind;
use crate::picture::{Picture, Reached};
use crate::state::{HandoffStage, HandoffState, Holder, MilestoneState, Version};
use crate::time::Happened;
use crate::verdict::{self, HandoffWord, Shown, Side, Verdict};

/// The hand-offs of the subject's journey: once for the subject where they are about its kind, and
/// once for each such object below.
#[must_use]
pub fn handoffs(picture: &Picture<'_, '_>) -> Vec<HandoffState> {
    let Some(journey) = picture.journey else { return Vec::new() };
    let mut found = Vec::new();
    for rule in
        journey.handoffs.iter().filter(|r| !is_made_otherwise(picture, r, &journey.handoffs))
    {
        if rule.on == picture.kind {
            found.extend(handoff(picture, rule, picture.root));
        }
        if picture.kind == ObjectKind::Order {
            for (_, child) in &picture.below {
                let kind = picture.known.object(child.object).map(|o| o.best.identifier.kind);
                if kind == Some(rule.on) {
                    found.extend(handoff(picture, rule, child.object));
                }
            }
        }
    }
    found
}

/// Whether what is released goes to another taker: one release may be declared for several (a maker or
/// a distributor supplies), and of those the order makes the hand-off whose taker plays in it.
fn is_made_otherwise(
    picture: &Picture<'_, '_>,
    rule: &HandoffRule,
    declared: &[HandoffRule],
) -> bool {
    picture.partner(rule.to).is_none()
        && declared.iter().any(|other| {
            (other.from, other.on, &other.released) == (rule.from, rule.on, &rule.released)
                && picture.partner(other.to).is_some()
        })
}

/// One hand-off of one object, at whatever stage the evidence and the partners' words show.
#[must_use]
pub fn handoff(
    picture: &Picture<'_, '_>,
    rule: &HandoffRule,
    object: usize,
) -> Option<HandoffState> {
    let sides = Sides::of(picture, rule, object);
    let shown = sides.shown();
    let mut facts: Vec<FactId> = [shown.released, shown.received]
        .into_iter()
        .flatten()
        .flat_map(|r| r.facts.iter().copied())
        .chain(sides.words.iter().map(|word| word.fact))
        .collect();
    facts.sort_unstable();
    facts.dedup();
    let mut stage = sides.stage(picture, rule, object);
    let (released_at, received_at) = (shown.released.map(|r| r.at), shown.received.map(|r| r.at));
    if verdict::is_disputed(&sides.words, shown) {
        stage = HandoffStage::Disputed { released_at, received_at };
    } else if let Some(settled_at) = verdict::settled(&sides.words) {
        stage = HandoffStage::Settled { released_at, received_at, settled_at };
    }
    Some(HandoffState {
        name: rule.name.clone(),
        object: picture.known.object(object)?.id,
        from: rule.from,
        to: rule.to,
        from_partner: picture.partner(rule.from),
        to_partner: picture.partner(rule.to),
        stage,
        words: sides.words,
        facts,
    })
}

/// What the sides of one hand-off of one object show and say.
pub(crate) struct Sides {
    released: Option<Reached>,
    received: Option<Reached>,
    pub(crate) words: Vec<HandoffWord>,
}

impl Sides {
    pub(crate) fn of(picture: &Picture<'_, '_>, rule: &HandoffRule, object: usize) -> Self {
        let released = first_of(picture, object, &rule.released);
        let received = first_of(picture, object, &rule.received);
        let shown = Shown { released: released.as_ref(), received: received.as_ref() };
        let words = verdict::words(picture, rule, object, shown);
        Self { released, received, words }
    }

    fn shown(&self) -> Shown<'_> {
        Shown { released: self.released.as_ref(), received: self.received.as_ref() }
    }

    /// The stage by what is shown, where a side that accepts has taken the other's word for its own.
    /// What is only disputed takes nothing away: who has it is still to be shown.
    pub(crate) fn stage(
        &self,
        picture: &Picture<'_, '_>,
        rule: &HandoffRule,
        object: usize,
    ) -> HandoffStage {
        let by_taker = || verdict::accepted(&self.words, Side::Taker, self.released.as_ref()?);
        let by_giver = || verdict::accepted(&self.words, Side::Giver, self.received.as_ref()?);
        match (&self.released, &self.received) {
            (Some(given), Some(taken)) if taken.at.surely_before(given.at.earliest) => {
                let received_at = by_taker().unwrap_or(taken.at);
                let released_at = by_giver().unwrap_or(given.at);
                if received_at.surely_before(released_at.earliest) {
                    let (released_at, received_at) = (Some(given.at), Some(taken.at));
                    HandoffStage::Disputed { released_at, received_at }
                } else {
                    HandoffStage::Reconciled { released_at, received_at }
                }
            }
            (Some(given), Some(taken)) => {
                HandoffStage::Reconciled { released_at: given.at, received_at: taken.at }
            }
            (Some(given), None) => match by_taker() {
                Some(at) => HandoffStage::Reconciled { released_at: given.at, received_at: at },
                None => {
                    HandoffStage::Released { at: given.at, gap_from: given.at.latest + rule.grace }
                }
            },
            (None, Some(taken)) => match by_giver() {
                Some(at) => HandoffStage::Reconciled { released_at: at, received_at: taken.at },
                None => HandoffStage::Received { at: taken.at },
            },
            (None, None) => {
                let find = |evidence: &[Evidence]| first_of(picture, object, evidence);
                let (refused, accepted) = self.said_before();
                before_release(
                    &find(&rule.refused).or(refused),
                    &find(&rule.accepted).or(accepted),
                    &find(&rule.offered),
                )
            }
        }
    }

    /// That the taker would not have it, or would, as its people say.
    fn said_before(&self) -> (Option<Reached>, Option<Reached>) {
        let reached = |word: &HandoffWord| Reached {
            at: Happened::at(word.said_at),
            received_at: word.said_at,
            facts: smallvec![word.fact],
        };
        let last = self.words.iter().rev().find(|word| word.until.is_none());
        match last.map(|word| (&word.verdict, word)) {
            Some((Verdict::Disputed { side: Side::Taker, .. }, word)) => {
                (Some(reached(word)), None)
            }
            Some((Verdict::Accepted { side: Side::Taker, .. }, word)) => {
                (None, Some(reached(word)))
            }
            _ => (None, None),
        }
    }
}

fn before_release(
    refused: &Option<Reached>,
    accepted: &Option<Reached>,
    offered: &Option<Reached>,
) -> HandoffStage {
    match (refused, accepted, offered) {
        (Some(r), None, _) => HandoffStage::Refused { at: r.at },
        (Some(r), Some(a), _) if r.at.earliest > a.at.earliest => {
            HandoffStage::Refused { at: r.at }
        }
        (_, Some(a), _) => HandoffStage::Accepted { at: a.at },
        (None, None, Some(o)) => HandoffStage::Offered { at: o.at },
        (None, None, None) => HandoffStage::Planned,
    }
}

/// The first evidence of any listed kind about the object, what it contains, or what contains it.
fn first_of<'p>(
    picture: &'p Picture<'_, '_>,
    object: usize,
    evidence: &[Evidence],
) -> Option<Reached> {
    let mut first: Option<&Version> = None;
    let mut look = |states: &'p [MilestoneState]| {
        for state in states.iter().filter(|s| evidence.iter().any(|e| e.milestone == s.milestone)) {
            for version in &state.versions {
                let wanted = |e: &Evidence| e.milestone == state.milestone && counts(version, e);
                let key = |v: &Version| (v.at.earliest, v.at.latest, v.fact);
                if evidence.iter().any(wanted) && first.is_none_or(|f| key(version) < key(f)) {
                    first = Some(version);
                }
            }
        }
    };
    look(states(picture, object));
    let is_order = object == picture.root && picture.kind == ObjectKind::Order;
    for child in picture.known.children(object) {
        if !is_order || bears(child.relation, evidence) {
            look(picture.others.get(child.object).map_or(&[], Vec::as_slice));
        }
    }
    for (parent, child) in &picture.below {
        if child.object == object && *parent != picture.root {
            look(picture.others.get(*parent).map_or(&[], Vec::as_slice));
        }
    }
    first.map(|v| Reached { at: v.at, received_at: v.received_at, facts: smallvec![v.fact] })
}

fn bears(relation: Relation, evidence: &[Evidence]) -> bool {
    let family = |e: &Evidence| e.milestone.code().as_bytes().first().copied();
    evidence.iter().any(|e| match relation {
        Relation::Contains => !matches!(family(e), Some(b'S' | b'B')),
        Relation::ServedBy => family(e) == Some(b'S'),
        Relation::BilledBy => family(e) == Some(b'B'),
    })
}

fn states<'p>(picture: &'p Picture<'_, '_>, object: usize) -> &'p [MilestoneState] {
    if object == picture.root {
        &picture.own
    } else {
        picture.others.get(object).map_or(&[], Vec::as_slice)
    }
}

fn counts(version: &Version, evidence: &Evidence) -> bool {
    version.classifier == Classifier::Actual
        && version.retracted_by.is_none()
        && evidence.by.is_none_or(|role| role == version.role)
}

/// Who holds the baton: the taker of the last hand-off that every one of its objects has made, else
/// the giver of the first.
#[must_use]
pub fn holder(picture: &Picture<'_, '_>, handoffs: &[HandoffState]) -> Option<Holder> {
    let journey = picture.journey?;
    let taken = |stage: &HandoffStage| -> Option<Happened> {
        match stage {
            HandoffStage::Received { at } => Some(*at),
            HandoffStage::Reconciled { received_at, .. } => Some(*received_at),
            HandoffStage::Disputed { received_at, .. }
            | HandoffStage::Settled { received_at, .. } => *received_at,
            _ => None,
        }
    };
    let mut last = None;
    for rule in &journey.handoffs {
        let mut all = handoffs.iter().filter(|h| h.name == rule.name).peekable();
        if all.peek().is_none() {
            continue;
        }
        let instants: Option<Vec<Happened>> = all.map(|h| taken(&h.stage)).collect();
        if let Some(since) = instants.and_then(|i| i.iter().map(|at| at.latest).max()) {
            last = Some(Holder {
                role: rule.to,
                partner: picture.partner(rule.to),
                since: Some(since),
                handoff: Some(rule.name.clone()),
            });
        }
    }
    last.or_else(|| {
        let first = journey.handoffs.first()?;
        Some(Holder {
            role: first.from,
            partner: picture.partner(first.from),
            since: None,
            handoff: None,
        })
    })
}

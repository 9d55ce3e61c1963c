//! The picture of one subject: what the verbs have worked out so far and the next ones read.
//!
//! It gathers milestones, lines, fields and partners of the subject and of what it reaches, and
//! answers the question that most rules ask: when was this milestone reached, as far as is known?

mod delivery;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use smallvec::{SmallVec, smallvec};
use smol_str::SmolStr;

use crate::authority::{self, Opinions};
use crate::book::{Anchor, By, Journey};
use crate::fact::{Body, Classifier, Fact, Relation};
use crate::id::FactId;
use crate::identifier::ObjectKind;
use crate::known::{Child, Known, PERSON_PREFIX};
use crate::lines::{LineIndex, LineKey, Totals, said};
use crate::milestone::Milestone;
use crate::partner::{PartnerKey, Role};
use crate::progress::{self, actual, current, milestones};
use crate::state::{MilestoneState, Playing, Version};
use crate::time::{Happened, Instant, Now};

/// A milestone that was reached: when, when we heard of it, and by which facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    pub at: Happened,
    pub received_at: Instant,
    /// One, as a rule.
    pub facts: SmallVec<[FactId; 1]>,
}

impl Reached {
    fn of(version: &Version) -> Self {
        Self { at: version.at, received_at: version.received_at, facts: smallvec![version.fact] }
    }
    /// The instant that counts for a duty: to tell, or to do. The earliest that it can have been.
    #[must_use]
    pub fn by(&self, by: By) -> Instant {
        match by {
            By::Receipt => self.received_at,
            By::Happened => self.at.earliest,
        }
    }
}

/// What is known of the subject.
#[derive(Debug)]
pub struct Picture<'k, 'b> {
    pub known: &'k Known<'b>,
    pub now: &'k Now,
    pub root: usize,
    pub kind: ObjectKind,
    pub below: Vec<(usize, &'k Child)>,
    pub journey: Option<&'b Journey>,
    pub own: Vec<MilestoneState>,
    /// Of what is below, by number of the object; of any other object none.
    pub others: Vec<Vec<MilestoneState>>,
    pub lines: LineIndex,
    /// What was said of each line, in time, and the quantities that follow.
    pub said: BTreeMap<LineKey, Vec<&'b Fact>>,
    pub amounts: BTreeMap<LineKey, Totals<'b>>,
    pub opinions: Opinions<'b>,
    /// Who is stated to play a part in the subject: what conditions see.
    pub partners: Vec<Playing>,
    /// And who spoke of it or of what it reaches, in its source's role. Sorted, each once.
    pub taking_part: Vec<Playing>,
    players: BTreeMap<Role, PartnerKey>,
    pub disputed: bool,
    delivered: OnceCell<Option<Reached>>,
    /// What of the subject goes to another place than the subject is to be delivered to.
    elsewhere: OnceCell<BTreeSet<usize>>,
}

impl<'k, 'b> Picture<'k, 'b> {
    #[must_use]
    pub fn of(known: &'k Known<'b>, root: usize, now: &'k Now) -> Self {
        let kind = known.object(root).map_or(ObjectKind::Order, |o| o.best.identifier.kind);
        let (lines, of_facts) = LineIndex::of(known, root);
        let own = milestones(known, root, &of_facts);
        let below = known.below(root);
        let mut others = vec![Vec::new(); known.objects.all.len()];
        for (_, child) in &below {
            if let Some(states) = others.get_mut(child.object) {
                *states = milestones(known, child.object, &[]);
            }
        }
        let said = said(known, root, &of_facts, &below);
        let amounts =
            said.iter().map(|(key, facts)| (key.clone(), Totals::of(known, facts))).collect();
        let opinions = authority::opinions(known, root, &of_facts);
        let mut partners: Vec<Playing> = known
            .holding(root)
            .filter_map(|f| match &f.body {
                Body::Plays { role, partner } => {
                    Some(Playing { role: *role, partner: partner.clone() })
                }
                _ => None,
            })
            .collect();
        partners.sort();
        partners.dedup();
        let mut picture = Self {
            known,
            now,
            root,
            kind,
            below,
            journey: None,
            own,
            others,
            lines,
            said,
            amounts,
            opinions,
            partners,
            taking_part: Vec::new(),
            players: BTreeMap::new(),
            disputed: false,
            delivered: OnceCell::new(),
            elsewhere: OnceCell::new(),
        };
        (picture.players, picture.taking_part) = picture.find_players();
        picture.choose_journey();
        picture
    }

    fn choose_journey(&mut self) {
        let book: &'b crate::book::Rulebook = self.known.book;
        self.journey = if self.kind == ObjectKind::Order {
            book.journeys.iter().find(|j| j.when.as_ref().is_none_or(|w| w.holds(self)))
        } else {
            book.journeys.first()
        };
        let Some(journey) = self.journey else { return };
        self.disputed = progress::dispute(&mut self.own, &journey.excludes);
        for states in &mut self.others {
            self.disputed |= progress::dispute(states, &journey.excludes);
        }
    }

    /// The subject and everything below it.
    pub fn objects(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.root).chain(self.below.iter().map(|(_, c)| c.object))
    }

    /// The partner that plays a role in this subject: by statement, else the only source of that role
    /// that said anything about it.
    #[must_use]
    pub fn partner(&self, role: Role) -> Option<PartnerKey> {
        self.players.get(&role).cloned()
    }

    fn find_players(&self) -> (BTreeMap<Role, PartnerKey>, Vec<Playing>) {
        let mut taking_part = self.partners.clone();
        let mut players: BTreeMap<Role, PartnerKey> = BTreeMap::new();
        for stated in &self.partners {
            players.entry(stated.role).or_insert_with(|| stated.partner.clone());
        }
        let mut last: Option<&str> = None;
        for fact in self.objects().flat_map(|o| self.known.holding(o)) {
            if last == Some(fact.source.as_str()) {
                continue;
            }
            last = Some(fact.source.as_str());
            if fact.source.starts_with(PERSON_PREFIX) {
                // A partner's people speak for it, and play no part of their own.
                continue;
            }
            let source = self.known.source(&fact.source);
            if let Some((role, partner)) = source.and_then(|s| Some((s.role, s.partner.as_ref()?)))
            {
                players.entry(role).or_insert_with(|| partner.clone());
                let playing = Playing { role, partner: partner.clone() };
                if !taking_part.contains(&playing) {
                    taking_part.push(playing);
                }
            }
        }
        taking_part.sort();
        (players, taking_part)
    }

    /// When the subject reached a milestone, its objects rolled up: for delivery, proof and service
    /// all of them must have; for anything else the first counts.
    #[must_use]
    pub fn reached(&self, milestone: Milestone) -> Option<Reached> {
        if milestone == Milestone::T60 {
            return self.delivered.get_or_init(|| self.find_delivered()).clone();
        }
        self.reached_by_own(milestone).or_else(|| self.reached_below(milestone))
    }

    fn reached_by_own(&self, milestone: Milestone) -> Option<Reached> {
        if let Some(version) = actual(&self.own, milestone) {
            return Some(Reached::of(version));
        }
        let on_lines: Vec<Reached> = self
            .own
            .iter()
            .filter(|m| m.milestone == milestone && m.line.is_some())
            .filter_map(|m| m.current.get(Classifier::Actual))
            .map(Reached::of)
            .collect();
        latest(on_lines)
    }

    fn reached_below(&self, milestone: Milestone) -> Option<Reached> {
        let reached: Vec<Reached> = self
            .below
            .iter()
            .filter(|(_, c)| self.tells_of(c.object, milestone))
            .filter_map(|(_, c)| actual(self.others.get(c.object)?, milestone))
            .map(Reached::of)
            .collect();
        let bearers = || {
            let kind = match milestone.code().as_bytes().first() {
                Some(b'S') => Relation::ServedBy,
                Some(b'B') => Relation::BilledBy,
                _ => Relation::Contains,
            };
            let bearing = move |(parent, c): &&(usize, &Child)| {
                *parent == self.root && c.relation == kind && self.tells_of(c.object, milestone)
            };
            self.below.iter().filter(bearing)
        };
        let all = matches!(milestone.code(), "T65" | "S30" | "S40" | "S50" | "B40");
        if all {
            let complete =
                bearers().all(|(_, c)| self.object_reached(c.object, milestone).is_some());
            return if complete { latest(reached) } else { None };
        }
        reached.into_iter().min_by_key(|r| (r.at.earliest, r.at.latest, r.facts.clone()))
    }

    /// When an object below reached a milestone: its own word, its parents' while they held it, or all
    /// that it contains.
    #[must_use]
    pub fn object_reached(&self, object: usize, milestone: Milestone) -> Option<Reached> {
        let states = if object == self.root { Some(&self.own) } else { self.others.get(object) };
        let states = states.filter(|_| self.tells_of(object, milestone));
        if let Some(version) = states.and_then(|s| actual(s, milestone)) {
            return Some(Reached::of(version));
        }
        self.reached_with_parent(object, milestone)
            .or_else(|| self.reached_by_content(object, milestone))
    }

    // A package that left a shipment before the shipment was delivered was not delivered with it.
    fn reached_with_parent(&self, object: usize, milestone: Milestone) -> Option<Reached> {
        if !milestone.is_physical() && milestone.code() != "T65" {
            return None;
        }
        std::iter::once(self.root)
            .chain(self.below.iter().map(|(_, c)| c.object))
            .filter(|parent| *parent != object && self.tells_of(*parent, milestone))
            .find_map(|parent| {
                let states =
                    if parent == self.root { &self.own } else { self.others.get(parent)? };
                let child = self
                    .known
                    .children(parent)
                    .iter()
                    .find(|c| c.object == object && c.relation == Relation::Contains)?;
                // An order's own word counts for the order; what it contains speaks for itself.
                if parent == self.root && self.kind == ObjectKind::Order {
                    return None;
                }
                actual(states, milestone).filter(|v| child.covers(&v.at)).map(Reached::of)
            })
    }

    fn reached_by_content(&self, object: usize, milestone: Milestone) -> Option<Reached> {
        let mut parts = Vec::new();
        for child in self.known.children(object) {
            if child.relation == Relation::Contains
                && child.stands()
                && self.tells_of(child.object, milestone)
            {
                let states = self.others.get(child.object)?;
                parts.push(Reached::of(actual(states, milestone)?));
            }
        }
        latest(parts)
    }

    /// The first that was heard of an anchor (or that happened, where that counts). What was reached
    /// again, or stated again, was reached at the first: a duty is done once, and not undone by a later
    /// word of the same.
    #[must_use]
    pub fn first(&self, anchor: &Anchor, by: By) -> Option<Reached> {
        let Anchor::Reached(milestone) = anchor else { return self.anchor(anchor) };
        let first_of = |states: &[MilestoneState]| {
            let state = states.iter().find(|m| m.milestone == *milestone && m.line.is_none())?;
            let believed = state.current.get(Classifier::Actual)?;
            if by == By::Happened && !milestone.repeats() {
                return Some(Reached::of(believed));
            }
            let holds = |v: &&Version| {
                v.classifier == Classifier::Actual
                    && v.retracted_by.is_none()
                    && v.role == believed.role
            };
            let versions = state.versions.iter().filter(holds).map(Reached::of);
            versions.min_by_key(|r| (r.by(by), r.facts.clone()))
        };
        if let Some(own) = first_of(&self.own) {
            return Some(own);
        }
        if !milestone.repeats() {
            return self.reached(*milestone);
        }
        let below = self.below.iter().filter_map(|(_, c)| first_of(self.others.get(c.object)?));
        below.min_by_key(|r| (r.by(by), r.facts.clone())).or_else(|| self.reached(*milestone))
    }

    /// When an anchor was, if it is known.
    #[must_use]
    pub fn anchor(&self, anchor: &Anchor) -> Option<Reached> {
        match anchor {
            Anchor::Reached(milestone) => self.reached(*milestone),
            Anchor::Due { milestone, classifier } => {
                let due = |states: &[MilestoneState]| {
                    current(states, *milestone, *classifier).map(Reached::of)
                };
                due(&self.own).or_else(|| {
                    let below = self.below.iter().filter_map(|(_, c)| self.others.get(c.object));
                    latest(below.filter_map(|s| due(s)).collect())
                })
            }
            Anchor::LatestDelivery => {
                let deliveries = self.deliveries().into_iter();
                deliveries.max_by_key(|r| (r.at.latest, r.at.earliest, r.facts.clone()))
            }
            Anchor::Matched => {
                let said =
                    self.known.holding(self.root).filter(|f| matches!(f.body, Body::Within { .. }));
                said.min_by_key(|f| (f.received_at, f.id)).map(|f| Reached {
                    at: f.happened,
                    received_at: f.received_at,
                    facts: smallvec![f.id],
                })
            }
            Anchor::FirstHeard => {
                let ours =
                    |f: &&Fact| matches!(f.body, Body::Acted { .. } | Body::Delivered { .. });
                let heard = self.known.holding(self.root).filter(|f| !ours(f));
                let first = heard.min_by_key(|f| (f.received_at, f.id))?;
                Some(Reached {
                    at: Happened::received(first.received_at),
                    received_at: first.received_at,
                    facts: smallvec![first.id],
                })
            }
        }
    }
}

/// The latest of several; none of none.
fn latest(mut parts: Vec<Reached>) -> Option<Reached> {
    parts.sort_by_key(|r| (r.at.earliest, r.at.latest, r.facts.clone()));
    let received_at = parts.iter().map(|r| r.received_at).max()?;
    let mut facts: SmallVec<[FactId; 1]> =
        parts.iter().flat_map(|r| r.facts.iter().copied()).collect();
    facts.sort_unstable();
    facts.dedup();
    let at = Happened {
        earliest: parts.iter().map(|r| r.at.earliest).max()?,
        latest: parts.iter().map(|r| r.at.latest).max()?,
        basis: parts.last()?.at.basis,
    };
    Some(Reached { at, received_at, facts })
}

/// Text for a partner or, where none is known, its role.
#[must_use]
pub fn who(role: Role, partner: Option<&PartnerKey>) -> SmolStr {
    partner.cloned().unwrap_or_else(|| SmolStr::new_static(role.name()))
}

//! What is known: facts sorted in time, grouped by the object that they are about, with the relations
//! between objects and the statements that no longer hold.
//!
//! Made once for a cluster of identifiers and read by every verb. Nothing here depends on the order
//! in which the facts were given.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::Rulebook;
use crate::correlate::{Object, Objects, group};
use crate::fact::{Body, Classifier, Fact, Place, Presence, Relation, distinct};
use crate::id::{FactId, MessageNo};
use crate::partner::{Role, SourceInfo};
use crate::time::{Duration, Happened, Instant};

/// The key of a source through which a person speaks begins with this.
pub const PERSON_PREFIX: &str = "person:";

/// An event stamped further ahead of its receipt than this is kept and flagged, and not believed:
/// else a wrong clock would freeze progress and position for ever.
pub const CREDIBLE_AHEAD_MAX: Duration = Duration::hours(24);

/// Facts of a cluster and of everything that it reaches downwards.
#[derive(Debug)]
pub struct Known<'b> {
    pub book: &'b Rulebook,
    pub sources: &'b [SourceInfo],
    /// Distinct and sorted in time.
    pub facts: Vec<Fact>,
    pub objects: Objects,
    /// For each object the facts about it, in time.
    about: Vec<Vec<usize>>,
    /// Statements taken back, with what took them back; a stamp that is not credible takes itself back.
    retracted: BTreeMap<FactId, FactId>,
    children: Vec<Vec<Child>>,
    roots: Vec<usize>,
}

/// An object that another one reaches, and when.
#[derive(Debug, Clone)]
pub struct Child {
    pub object: usize,
    pub relation: Relation,
    pub facts: Vec<FactId>,
    /// Since when, until when.
    pub spans: Vec<(Instant, Option<Instant>)>,
}

impl Child {
    /// Whether the relation stood for the whole of an interval.
    #[must_use]
    pub fn covers(&self, at: &Happened) -> bool {
        // A parent's report of the past covers what was put into it at the same instant or before
        // the report; a relation that nobody dated stands from the first word about it.
        self.spans
            .iter()
            .any(|(from, until)| *from <= at.latest && until.is_none_or(|u| at.latest < u))
    }
    /// Whether it stands now, as far as the facts say.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.spans.iter().any(|(_, until)| until.is_none())
    }
}

impl<'b> Known<'b> {
    /// `home` are the facts of the cluster that is to be derived, `reached` those of what it reaches.
    #[must_use]
    pub fn new(
        home: Vec<Fact>,
        reached: Vec<Fact>,
        sources: &'b [SourceInfo],
        book: &'b Rulebook,
    ) -> Self {
        let own: BTreeSet<FactId> = home.iter().map(|f| f.id).collect();
        let mut facts = home;
        facts.extend(reached);
        let facts = distinct(facts);
        let objects = group(&facts, book);
        let mut about = vec![Vec::new(); objects.all.len()];
        let mut roots = BTreeSet::new();
        for (n, fact) in facts.iter().enumerate() {
            let named = objects.named(&fact.about.object, fact.happened.earliest);
            if let Some((object, list)) = named.and_then(|o| about.get_mut(o).map(|l| (o, l))) {
                list.push(n);
                if own.contains(&fact.id) {
                    roots.insert(object);
                }
            }
        }
        let mut known = Self {
            book,
            sources,
            facts,
            objects,
            about,
            retracted: BTreeMap::new(),
            children: Vec::new(),
            roots: roots.into_iter().collect(),
        };
        known.retracted = known.find_retracted();
        known.children = (0..known.objects.all.len()).map(|o| known.find_children(o)).collect();
        known
    }

    /// The objects that the home facts are about: one state is derived for each.
    #[must_use]
    pub fn roots(&self) -> &[usize] {
        &self.roots
    }

    #[must_use]
    pub fn object(&self, object: usize) -> Option<&Object> {
        self.objects.all.get(object)
    }

    /// The facts about an object, in time, those taken back included.
    pub fn about(&self, object: usize) -> impl Iterator<Item = &Fact> {
        let list = self.about.get(object).map_or(&[][..], Vec::as_slice);
        list.iter().filter_map(|n| self.facts.get(*n))
    }

    /// The facts about an object that hold, in time.
    pub fn holding(&self, object: usize) -> impl Iterator<Item = &Fact> {
        self.about(object).filter(|f| !self.retracted.contains_key(&f.id))
    }

    #[must_use]
    pub fn retracted_by(&self, fact: FactId) -> Option<FactId> {
        self.retracted.get(&fact).copied()
    }

    #[must_use]
    pub fn children(&self, object: usize) -> &[Child] {
        self.children.get(object).map_or(&[], Vec::as_slice)
    }

    /// Everything below `root`, nearest first, each once, with the parent it was reached from.
    /// Downwards only: an order never reaches through a shared shipment into another order.
    #[must_use]
    pub fn below(&self, root: usize) -> Vec<(usize, Child)> {
        let mut seen = BTreeSet::from([root]);
        let mut found: Vec<(usize, Child)> = Vec::new();
        let mut queue = std::collections::VecDeque::from([root]);
        while let Some(parent) = queue.pop_front() {
            for child in self.children(parent) {
                if seen.insert(child.object) {
                    found.push((parent, child.clone()));
                    queue.push_back(child.object);
                }
            }
        }
        found
    }

    #[must_use]
    pub fn role_of(&self, source: &str) -> Role {
        if source.starts_with(PERSON_PREFIX) {
            return Role::Platform;
        }
        self.source(source).map_or(Role::Unattributed, |s| s.role)
    }

    #[must_use]
    pub fn source(&self, key: &str) -> Option<&SourceInfo> {
        self.sources.iter().find(|s| s.key == key)
    }

    /// Whether any source speaks for this role: what nobody can report does not apply.
    #[must_use]
    pub fn is_heard(&self, role: Role) -> bool {
        self.sources.iter().any(|s| s.role == role && s.heard_at.is_some())
    }

    fn find_retracted(&self) -> BTreeMap<FactId, FactId> {
        let mut struck: BTreeMap<(MessageNo, &Place), FactId> = BTreeMap::new();
        for fact in &self.facts {
            if let Body::Struck { message, place, .. } = &fact.body {
                struck.insert((*message, place), fact.id);
            }
        }
        let mut retracted = BTreeMap::new();
        for fact in &self.facts {
            let actual = matches!(fact.body, Body::Progress { classifier: Classifier::Actual, .. });
            if actual && fact.happened.earliest > fact.received_at + CREDIBLE_AHEAD_MAX {
                retracted.insert(fact.id, fact.id);
            }
            if let Some(by) = struck.get(&(fact.message, &fact.place)) {
                retracted.insert(fact.id, *by);
            }
        }
        for object in 0..self.objects.all.len() {
            let mut earlier: Vec<&Fact> = Vec::new();
            for fact in self.about(object) {
                if let Body::Retracted { milestone, classifier } = &fact.body {
                    for target in earlier
                        .iter()
                        .filter(|e| e.source == fact.source && e.about.line == fact.about.line)
                    {
                        let hit = match &target.body {
                            Body::Progress { milestone: m, classifier: c, .. } => {
                                milestone.is_none_or(|want| want == *m)
                                    && classifier.is_none_or(|want| want == *c)
                            }
                            Body::Trouble { .. } => milestone.is_none(),
                            _ => false,
                        };
                        if hit {
                            retracted.entry(target.id).or_insert(fact.id);
                        }
                    }
                }
                earlier.push(fact);
            }
        }
        retracted
    }

    fn find_children(&self, object: usize) -> Vec<Child> {
        let mut found: BTreeMap<(usize, Relation), Child> = BTreeMap::new();
        for fact in self.holding(object) {
            let Body::Related { relation, child, presence } = &fact.body else { continue };
            let at = fact.happened.earliest;
            let Some(below) = self.objects.named(child, at).filter(|below| *below != object) else {
                continue;
            };
            let entry = found.entry((below, *relation)).or_insert_with(|| Child {
                object: below,
                relation: *relation,
                facts: Vec::new(),
                spans: Vec::new(),
            });
            entry.facts.push(fact.id);
            match presence {
                Presence::Added if !entry.stands() => entry.spans.push((at, None)),
                Presence::Added => {}
                Presence::Removed => {
                    if let Some((_, until)) = entry.spans.last_mut() {
                        until.get_or_insert(at);
                    }
                }
            }
        }
        found.into_values().collect()
    }
}

//! What is known: facts sorted in time, grouped by the object that they are about, with the relations
//! between objects and the statements that no longer hold.
//!
//! Made once for a cluster of identifiers and read by every verb. Nothing here depends on the order
//! in which the facts were given.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

use smallvec::SmallVec;

use crate::book::Rulebook;
use crate::correlate::{Object, Objects, group};
use crate::epoch::{Epoch, in_force};
use crate::fact::{Body, Classifier, Fact, Place, Presence, Relation};
use crate::id::{FactId, MessageNo};
use crate::partner::{Role, SourceInfo, SourceKey};
use crate::time::{Duration, Happened, Instant};

/// The key of a source through which a person speaks begins with this.
pub const PERSON_PREFIX: &str = "person:";

/// An event stamped further ahead of its receipt than this is kept and flagged, and not believed:
/// else a wrong clock would freeze progress and position for ever.
pub const CREDIBLE_AHEAD_MAX: Duration = Duration::hours(24);

/// What is known, and the rules by which it is read: those of the subject in hand.
#[derive(Debug)]
pub struct Known<'b> {
    pub book: &'b Rulebook,
    /// None but the one book where there is no history.
    epochs: &'b [Epoch],
    web: Rc<Web<'b>>,
}

impl<'b> Deref for Known<'b> {
    type Target = Web<'b>;
    fn deref(&self) -> &Web<'b> {
        &self.web
    }
}

/// Facts of a cluster and of everything that it reaches downwards.
#[derive(Debug)]
pub struct Web<'b> {
    pub sources: &'b [SourceInfo],
    /// Distinct and sorted in time.
    pub facts: Vec<&'b Fact>,
    pub objects: Objects<'b>,
    /// The facts about the objects: first those about the first object, in time.
    about: Vec<usize>,
    /// Where in `about` those about each object begin, and at last where it ends.
    about_from: Vec<usize>,
    /// Statements taken back, with what took them back; a stamp that is not credible takes itself back.
    retracted: Vec<(FactId, FactId)>,
    children: Vec<Vec<Child>>,
    roots: Vec<usize>,
    /// The roles that any source was heard in.
    heard: Vec<Role>,
    /// Whether anybody said anything of a hand-off itself.
    judged: bool,
}

/// An object that another one reaches, and when.
#[derive(Debug, Clone)]
pub struct Child {
    pub object: usize,
    pub relation: Relation,
    pub facts: SmallVec<[FactId; 2]>,
    /// Since when, until when.
    pub spans: SmallVec<[(Instant, Option<Instant>); 1]>,
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
        home: impl IntoIterator<Item = &'b Fact>,
        reached: impl IntoIterator<Item = &'b Fact>,
        sources: &'b [SourceInfo],
        book: &'b Rulebook,
    ) -> Self {
        let mut placed: Vec<(&Fact, bool)> = home.into_iter().map(|fact| (fact, true)).collect();
        placed.extend(reached.into_iter().map(|fact| (fact, false)));
        // Each part comes sorted as a rule, and this sort takes its time only from what is not.
        placed.sort_by(|(a, _), (b, _)| a.before_repeats(b));
        placed.dedup_by(|(later, at_home), (kept, home)| {
            let same = later.id == kept.id;
            *home |= same && *at_home;
            same
        });
        let facts: Vec<&Fact> = placed.iter().map(|(fact, _)| *fact).collect();
        let (objects, objects_of) = group(&facts, book);
        let mut is_root = vec![false; objects.all.len()];
        for ((_, home), named) in placed.iter().zip(&objects_of) {
            if *home && let Some(root) = named.and_then(|object| is_root.get_mut(object)) {
                *root = true;
            }
        }
        let (about, about_from) = by_object(&objects_of, objects.all.len());
        let roots =
            (0..).zip(is_root).filter(|(_, root)| *root).map(|(object, _)| object).collect();
        let mut web = Web {
            sources,
            facts,
            objects,
            about,
            about_from,
            retracted: Vec::new(),
            children: Vec::new(),
            roots,
            heard: sources.iter().filter(|s| s.heard_at.is_some()).map(|s| s.role).collect(),
            judged: false,
        };
        web.judged = web.facts.iter().any(|fact| matches!(fact.body, Body::Judged { .. }));
        web.heard.sort_unstable();
        web.heard.dedup();
        web.retracted = web.find_retracted();
        web.children = web.find_children();
        Self { book, epochs: &[], web: Rc::new(web) }
    }

    /// Each subject goes by the rules of its own epoch.
    #[must_use]
    pub fn through(self, epochs: &'b [Epoch]) -> Self {
        Self { epochs, ..self }
    }

    /// The same, read by the rules that one of its objects goes by.
    #[must_use]
    pub fn under_rules_of(&self, object: usize) -> Self {
        let ours = |f: &&Fact| matches!(f.body, Body::Acted { .. } | Body::Delivered { .. });
        let book = if self.epochs.len() > 1 {
            let heard = self.about(object).filter(|f| !ours(f)).map(|f| f.received_at);
            heard.min().and_then(|born_at| in_force(self.epochs, born_at))
        } else {
            None
        };
        Self { book: book.unwrap_or(self.book), epochs: self.epochs, web: Rc::clone(&self.web) }
    }
}

/// The numbers of the facts about each of so many objects, one after the other and each in time, with where
/// those of each begin; `of` are the objects by fact.
fn by_object(of: &[Option<usize>], objects: usize) -> (Vec<usize>, Vec<usize>) {
    let mut from = vec![0; objects + 1];
    for object in of.iter().flatten() {
        if let Some(count) = from.get_mut(object + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for count in &mut from {
        sum += *count;
        *count = sum;
    }
    let mut numbers = vec![0; sum];
    let mut next = from.clone();
    for (n, object) in of.iter().enumerate() {
        let Some(place) = object.and_then(|object| next.get_mut(object)) else { continue };
        if let Some(slot) = numbers.get_mut(*place) {
            *slot = n;
        }
        *place += 1;
    }
    (numbers, from)
}

impl<'b> Web<'b> {
    /// The objects that the home facts are about: one state is derived for each.
    #[must_use]
    pub fn roots(&self) -> &[usize] {
        &self.roots
    }

    #[must_use]
    pub fn object(&self, object: usize) -> Option<&Object<'b>> {
        self.objects.all.get(object)
    }

    /// The facts about an object, in time, those taken back included.
    pub fn about(&self, object: usize) -> impl Iterator<Item = &'b Fact> {
        let list = match self.about_from.get(object..) {
            Some([from, until, ..]) => self.about.get(*from..*until).unwrap_or_default(),
            _ => &[],
        };
        list.iter().filter_map(|n| self.facts.get(*n).copied())
    }

    /// The facts about an object that hold, in time.
    pub fn holding(&self, object: usize) -> impl Iterator<Item = &'b Fact> {
        self.about(object).filter(|f| self.retracted_by(f.id).is_none())
    }

    #[must_use]
    pub fn retracted_by(&self, fact: FactId) -> Option<FactId> {
        let n = self.retracted.binary_search_by_key(&fact, |(struck, _)| *struck).ok()?;
        self.retracted.get(n).map(|(_, by)| *by)
    }

    #[must_use]
    pub fn children(&self, object: usize) -> &[Child] {
        self.children.get(object).map_or(&[], Vec::as_slice)
    }

    /// Everything below `root`, nearest first, each once, with the parent it was reached from.
    /// Downwards only: an order never reaches through a shared shipment into another order.
    #[must_use]
    pub fn below(&self, root: usize) -> Vec<(usize, &Child)> {
        let mut seen = vec![false; self.objects.all.len()];
        let mut first_time =
            |object: usize| seen.get_mut(object).is_some_and(|seen| !std::mem::replace(seen, true));
        first_time(root);
        let mut found: Vec<(usize, &Child)> = Vec::new();
        let mut parent = Some(root);
        let mut next = 0;
        while let Some(above) = parent {
            found.extend(
                self.children(above).iter().filter(|c| first_time(c.object)).map(|c| (above, c)),
            );
            parent = found.get(next).map(|(_, child)| child.object);
            next += 1;
        }
        found
    }

    #[must_use]
    pub fn role_of(&self, source: &SourceKey) -> Role {
        if source.starts_with(PERSON_PREFIX) {
            return Role::Platform;
        }
        self.source(source).map_or(Role::Unattributed, |s| s.role)
    }

    #[must_use]
    pub fn source(&self, key: &SourceKey) -> Option<&SourceInfo> {
        self.sources.iter().find(|s| s.key == *key)
    }

    /// Whether any source speaks for this role: what nobody can report does not apply.
    #[must_use]
    pub fn is_heard(&self, role: Role) -> bool {
        self.heard.contains(&role)
    }

    /// Whether anybody said anything of a hand-off itself.
    #[must_use]
    pub const fn is_judged(&self) -> bool {
        self.judged
    }

    /// Sorted by what was taken back.
    fn find_retracted(&self) -> Vec<(FactId, FactId)> {
        let mut retracted = BTreeMap::new();
        let mut struck: BTreeMap<(MessageNo, &Place), FactId> = BTreeMap::new();
        let mut takes_back = false;
        for fact in &self.facts {
            match &fact.body {
                Body::Struck { message, place, .. } => {
                    struck.insert((*message, place), fact.id);
                }
                Body::Retracted { .. } => takes_back = true,
                Body::Progress { classifier: Classifier::Actual, .. }
                    if fact.happened.earliest > fact.received_at + CREDIBLE_AHEAD_MAX =>
                {
                    retracted.insert(fact.id, fact.id);
                }
                _ => {}
            }
        }
        if !struck.is_empty() {
            for fact in &self.facts {
                if let Some(by) = struck.get(&(fact.message, &fact.place)) {
                    retracted.insert(fact.id, *by);
                }
            }
        }
        if takes_back {
            for object in 0..self.objects.all.len() {
                self.find_taken_back(object, &mut retracted);
            }
        }
        retracted.into_iter().collect()
    }

    /// What sources took back of their own earlier statements about one object.
    fn find_taken_back(&self, object: usize, retracted: &mut BTreeMap<FactId, FactId>) {
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

    /// The relations of each object, by object below and kind of relation.
    fn find_children(&self) -> Vec<Vec<Child>> {
        let mut children = vec![Vec::new(); self.objects.all.len()];
        for (object, found) in children.iter_mut().enumerate() {
            for fact in self.holding(object) {
                self.relate(object, fact, found);
            }
            found.sort_by_key(|child| (child.object, child.relation));
        }
        children
    }

    fn relate(&self, object: usize, fact: &Fact, found: &mut Vec<Child>) {
        let Body::Related { relation, child, presence } = &fact.body else { return };
        let at = fact.happened.earliest;
        let named = self.objects.named(child, at).filter(|below| *below != object);
        let Some(below) = named else { return };
        let known = found.iter().position(|c| c.object == below && c.relation == *relation);
        let n = known.unwrap_or_else(|| {
            let (object, relation) = (below, *relation);
            found.push(Child { object, relation, facts: SmallVec::new(), spans: SmallVec::new() });
            found.len() - 1
        });
        let Some(entry) = found.get_mut(n) else { return };
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
}

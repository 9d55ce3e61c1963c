//! Which identifiers name one object: a pure function of the set of links and unlinks.
//!
//! Links join identifiers of one kind. Placeholders name nothing. An identifier that is used again
//! after `reuse_after` names another object from its next birth on. A clash is two identifiers in one
//! group that cannot be one object, or that a person set apart: while it stands, the weakest class of
//! links on the paths between them does not hold. Refusing the second link instead would let the
//! order of arrival decide.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::FixedState;
use smallvec::{SmallVec, smallvec};

use crate::book::Rulebook;
use crate::fact::{Body, Fact, LinkClass};
use crate::id::{Digest, FactId, ObjectId};
use crate::identifier::{Identifier, ObjectKind};
use crate::milestone::Milestone;
use crate::paths::on_paths_between;
use crate::time::Instant;

/// An identifier in one of its lives; the first life has number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name<'f> {
    pub identifier: &'f Identifier,
    pub life: u16,
}

/// Identifiers that name one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object<'f> {
    pub id: ObjectId,
    /// The identifier that names it best: highest rank, then smallest.
    pub best: Name<'f>,
    /// All its identifiers, sorted.
    pub names: SmallVec<[Name<'f>; 1]>,
    /// Links that do not hold because of a clash.
    pub suspended: Vec<FactId>,
}

/// Identifiers by number. The seed is fixed and the order of entries is never asked for.
type Numbers<'f> = HashMap<&'f Identifier, usize, FixedState>;

/// So many identifiers are looked for one after the other, which is quicker than to hash the wanted one: a
/// subject and what it reaches have fewer between them, as a rule.
const FEW: usize = 16;

/// The objects that the facts name.
#[derive(Debug, Clone, Default)]
pub struct Objects<'f> {
    pub all: Vec<Object<'f>>,
    named: Vec<Named<'f>>,
    /// Where in `named` those are that come after the first [`FEW`].
    numbers: Numbers<'f>,
    /// What was numbered last.
    last: Option<(&'f Identifier, usize)>,
}

/// One identifier, with what it names in each of its lives.
#[derive(Debug, Clone)]
struct Named<'f> {
    identifier: &'f Identifier,
    is_placeholder: bool,
    /// When it was given to an object; the first begins the life that it has anyway.
    births: Vec<Instant>,
    /// By life: the node, while links are gathered, then the object.
    lives: SmallVec<[Option<usize>; 1]>,
}

impl Named<'_> {
    fn life(&self, at: Instant) -> usize {
        self.births.iter().skip(1).filter(|birth| **birth <= at).count().min(LIVES_MAX)
    }
}

/// Lives of one identifier that are told apart; later ones count as the last.
const LIVES_MAX: usize = u16::MAX as usize;

impl<'f> Objects<'f> {
    /// The object that an identifier names at an instant; none for placeholders.
    #[must_use]
    pub fn named(&self, identifier: &Identifier, at: Instant) -> Option<usize> {
        let named = self.named.get(self.known(identifier)?)?;
        named.lives.get(named.life(at)).copied().flatten()
    }

    fn number(&mut self, identifier: &'f Identifier) -> usize {
        // A message says several things of one object, and they stand together.
        if let Some((last, number)) = self.last
            && last == identifier
        {
            return number;
        }
        let number = self.find_number(identifier);
        self.last = Some((identifier, number));
        number
    }

    fn find_number(&mut self, identifier: &'f Identifier) -> usize {
        if let Some(number) = self.known(identifier) {
            return number;
        }
        let number = self.named.len();
        if number >= FEW {
            self.numbers.insert(identifier, number);
        }
        self.named.push(Named {
            identifier,
            is_placeholder: identifier.is_placeholder(),
            births: Vec::new(),
            lives: SmallVec::new(),
        });
        number
    }

    fn known(&self, identifier: &Identifier) -> Option<usize> {
        let found = self.named.iter().take(FEW).position(|n| n.identifier == identifier);
        found.or_else(|| self.numbers.get(identifier).copied())
    }
}

/// The nodes of one group: one, as a rule.
type Members = SmallVec<[usize; 2]>;

struct Link {
    ends: (usize, usize),
    class: LinkClass,
    fact: FactId,
}

/// Groups the identifiers of `facts` (sorted in time) into objects; with the object that each fact is
/// about.
#[must_use]
pub fn group<'f>(facts: &[&'f Fact], book: &Rulebook) -> (Objects<'f>, Vec<Option<usize>>) {
    let mut objects = Objects::default();
    objects.named.reserve(FEW);
    births(&mut objects, facts, book);
    let Graph { nodes, about, links, apart } = graph(&mut objects, facts);
    let (groups, suspended) = settle(&nodes, links, &apart, book);
    let mut object_of: Vec<Option<usize>> = vec![None; nodes.len()];
    for members in groups {
        for member in &members {
            if let Some(slot) = object_of.get_mut(*member) {
                *slot = Some(objects.all.len());
            }
        }
        let names = members.iter().filter_map(|n| nodes.get(*n).copied()).collect();
        objects.add(names, &suspended, book);
    }
    for life in objects.named.iter_mut().flat_map(|named| named.lives.iter_mut()) {
        *life = life.and_then(|node| object_of.get(node).copied().flatten());
    }
    let object =
        |node: &Option<usize>| node.and_then(|node| object_of.get(node).copied().flatten());
    let about = about.iter().map(object).collect();
    (objects, about)
}

impl<'f> Objects<'f> {
    fn add(
        &mut self,
        mut names: SmallVec<[Name<'f>; 1]>,
        suspended: &[(Name<'f>, FactId)],
        book: &Rulebook,
    ) {
        names.sort_unstable();
        let rank = |name: &Name<'_>| {
            book.scheme(name.identifier.kind, &name.identifier.scheme).map_or(0, |s| s.rank)
        };
        let best = match names.as_slice() {
            [only] => Some(*only),
            // Sorted, so that the first of the highest rank is the smallest.
            names => names.iter().rev().max_by_key(|name| rank(name)).copied(),
        };
        let Some(best) = best else { return };
        let mut held: Vec<FactId> =
            suspended.iter().filter(|(n, _)| names.contains(n)).map(|(_, f)| *f).collect();
        held.sort_unstable();
        held.dedup();
        self.all.push(Object { id: object_id(&best), best, names, suspended: held });
    }
}

/// The id of an object that is best named so. A later life of a number has an id of its own.
fn object_id(name: &Name<'_>) -> ObjectId {
    let first = ObjectId::of(name.identifier);
    if name.life == 0 {
        return first;
    }
    let bits = first.digest.to_u128().to_le_bytes();
    ObjectId { kind: first.kind, digest: Digest::of(&[&bits, &name.life.to_le_bytes()]) }
}

/// The instants at which a reusable identifier was given to an object, at least `reuse_after` apart.
fn births<'f>(objects: &mut Objects<'f>, facts: &[&'f Fact], book: &Rulebook) {
    if book.schemes.iter().all(|s| s.reuse_after.is_none()) {
        return;
    }
    for fact in facts {
        let Some(identifier) = born(fact) else { continue };
        let scheme = book.scheme(identifier.kind, &identifier.scheme);
        let Some(after) = scheme.and_then(|s| s.reuse_after) else { continue };
        let at = fact.happened.earliest;
        let number = objects.number(identifier);
        let Some(named) = objects.named.get_mut(number) else { continue };
        if named.births.last().is_none_or(|last| at >= *last + after) {
            named.births.push(at);
        }
    }
}

/// The identifier that a fact gives to an object, if it is such a fact.
fn born(fact: &Fact) -> Option<&Identifier> {
    let begins = |m: Milestone| matches!(m.code(), "O10" | "F60" | "B10" | "T05" | "S10");
    match &fact.body {
        Body::Related { child, .. } => Some(child),
        Body::Within { .. } => Some(&fact.about.object),
        Body::Progress { milestone, .. } if begins(*milestone) => Some(&fact.about.object),
        _ => None,
    }
}

struct Graph<'f> {
    nodes: Vec<Name<'f>>,
    /// The node that each fact is about.
    about: Vec<Option<usize>>,
    links: Vec<Link>,
    /// What a person set apart.
    apart: BTreeSet<(usize, usize)>,
}

/// The identifiers in their lives that facts are about, and the links between them.
struct Nodes<'f> {
    list: Vec<Name<'f>>,
}

impl<'f> Nodes<'f> {
    /// The node of an identifier at an instant; none for placeholders.
    fn of(
        &mut self,
        objects: &mut Objects<'f>,
        identifier: &'f Identifier,
        at: Instant,
    ) -> Option<usize> {
        let number = objects.number(identifier);
        let named = objects.named.get_mut(number).filter(|named| !named.is_placeholder)?;
        let life = named.life(at);
        if named.lives.len() <= life {
            named.lives.resize(life + 1, None);
        }
        let slot = named.lives.get_mut(life)?;
        Some(*slot.get_or_insert_with(|| {
            let life = u16::try_from(life).unwrap_or(u16::MAX);
            self.list.push(Name { identifier: named.identifier, life });
            self.list.len() - 1
        }))
    }
}

fn graph<'f>(objects: &mut Objects<'f>, facts: &[&'f Fact]) -> Graph<'f> {
    let mut nodes = Nodes { list: Vec::new() };
    let mut about_nodes = Vec::with_capacity(facts.len());
    let mut links = Vec::new();
    let mut persons: BTreeMap<(usize, usize), bool> = BTreeMap::new();
    for fact in facts {
        let about = &fact.about.object;
        let at = fact.happened.earliest;
        let here = nodes.of(objects, about, at);
        about_nodes.push(here);
        let Some(here) = here else { continue };
        let mut pair = |other: &'f Identifier| {
            if other.kind != about.kind || other == about {
                return None;
            }
            let there = nodes.of(objects, other, at)?;
            Some((here.min(there), here.max(there)))
        };
        match &fact.body {
            Body::Same { other, class } => {
                let Some(ends) = pair(other) else { continue };
                if *class == LinkClass::Person {
                    persons.insert(ends, true);
                }
                links.push(Link { ends, class: *class, fact: fact.id });
            }
            Body::Apart { other } => {
                if let Some(ends) = pair(other) {
                    persons.insert(ends, false);
                }
            }
            _ => {}
        }
    }
    // Facts come in time, so each pair holds the latest word of a person about it.
    let apart: BTreeSet<_> = persons.into_iter().filter(|(_, one)| !one).map(|(p, _)| p).collect();
    links.retain(|link| !apart.contains(&link.ends));
    Graph { nodes: nodes.list, about: about_nodes, links, apart }
}

/// Joins along the links, dropping the weakest links on the paths of each clash until none stands.
fn settle<'f>(
    nodes: &[Name<'f>],
    mut links: Vec<Link>,
    apart: &BTreeSet<(usize, usize)>,
    book: &Rulebook,
) -> (Vec<Members>, Vec<(Name<'f>, FactId)>) {
    let mut suspended = Vec::new();
    loop {
        let groups = components(nodes.len(), &links);
        let clashes: Vec<(usize, usize)> =
            groups.iter().flat_map(|g| clashes_in(g, nodes, apart, book)).collect();
        if clashes.is_empty() {
            return (groups, suspended);
        }
        let edges: Vec<(usize, usize)> = links.iter().map(|l| l.ends).collect();
        let mut dropped = BTreeSet::new();
        for (from, to) in clashes {
            let on_path = on_paths_between(nodes.len(), &edges, from, to);
            let class_of = |n: &usize| links.get(*n).map(|l| l.class);
            let weakest = on_path.iter().filter_map(class_of).min();
            dropped.extend(on_path.into_iter().filter(|n| class_of(n) == weakest));
        }
        let mut n = 0;
        links.retain(|link| {
            let keep = !dropped.contains(&n);
            n += 1;
            if !keep {
                for end in [link.ends.0, link.ends.1] {
                    suspended.extend(nodes.get(end).map(|name| (*name, link.fact)));
                }
            }
            keep
        });
        if dropped.is_empty() {
            return (groups, suspended);
        }
    }
}

fn clashes_in(
    group: &[usize],
    nodes: &[Name<'_>],
    apart: &BTreeSet<(usize, usize)>,
    book: &Rulebook,
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    if group.len() < 2 {
        return found;
    }
    let single = |name: &Name<'_>| {
        book.scheme(name.identifier.kind, &name.identifier.scheme).is_some_and(|s| s.single)
    };
    for (n, a) in group.iter().enumerate() {
        for b in group.iter().skip(n + 1) {
            let (Some(one), Some(other)) = (nodes.get(*a), nodes.get(*b)) else { continue };
            let (i, j) = (&one.identifier, &other.identifier);
            let same_sort = i.scheme == j.scheme && i.issuer == j.issuer;
            if apart.contains(&(*a.min(b), *a.max(b))) || (same_sort && single(one)) {
                found.push((*a, *b));
            }
        }
    }
    found
}

fn components(count: usize, links: &[Link]) -> Vec<Members> {
    if links.is_empty() {
        return (0..count).map(|n| smallvec![n]).collect();
    }
    let mut parent: Vec<usize> = (0..count).collect();
    fn root(parent: &mut [usize], mut n: usize) -> usize {
        while let Some(up) = parent.get(n).copied().filter(|up| *up != n) {
            let above = parent.get(up).copied().unwrap_or(up);
            if let Some(slot) = parent.get_mut(n) {
                *slot = above;
            }
            n = up;
        }
        n
    }
    for link in links {
        let (a, b) = (root(&mut parent, link.ends.0), root(&mut parent, link.ends.1));
        if let Some(slot) = parent.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
    let mut groups: BTreeMap<usize, Members> = BTreeMap::new();
    for n in 0..count {
        groups.entry(root(&mut parent, n)).or_default().push(n);
    }
    groups.into_values().collect()
}

/// The identifier under which a source's own subject (its silence, its numbers) is kept.
#[must_use]
pub fn source_identifier(key: &str) -> Identifier {
    Identifier::new(ObjectKind::Source, "source", "baton", key)
}

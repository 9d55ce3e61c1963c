//! Which identifiers name one object: a pure function of the set of links and unlinks.
//!
//! Links join identifiers of one kind. Placeholders name nothing. An identifier that is used again
//! after `reuse_after` names another object from its next birth on. A clash is two identifiers in one
//! group that cannot be one object, or that a person set apart: while it stands, the weakest class of
//! links on the paths between them does not hold. Refusing the second link instead would let the
//! order of arrival decide.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::Rulebook;
use crate::fact::{Body, Fact, LinkClass};
use crate::id::{Digest, FactId, ObjectId};
use crate::identifier::{Identifier, ObjectKind};
use crate::milestone::Milestone;
use crate::paths::on_paths_between;
use crate::time::Instant;

/// An identifier in one of its lives; the first life has number 0.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    pub identifier: Identifier,
    pub life: u16,
}

/// Identifiers that name one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub id: ObjectId,
    /// The identifier that names it best: highest rank, then smallest.
    pub best: Name,
    /// All its identifiers, sorted.
    pub names: Vec<Name>,
    /// Links that do not hold because of a clash.
    pub suspended: Vec<FactId>,
}

/// The objects that the facts name.
#[derive(Debug, Clone, Default)]
pub struct Objects {
    pub all: Vec<Object>,
    index: BTreeMap<Name, usize>,
    births: BTreeMap<Identifier, Vec<Instant>>,
}

impl Objects {
    /// The object that an identifier names at an instant; none for placeholders.
    #[must_use]
    pub fn named(&self, identifier: &Identifier, at: Instant) -> Option<usize> {
        self.index.get(&self.name(identifier, at)).copied()
    }

    fn name(&self, identifier: &Identifier, at: Instant) -> Name {
        let births = self.births.get(identifier).map_or(&[][..], Vec::as_slice);
        let life = births.iter().skip(1).filter(|birth| **birth <= at).count();
        Name { identifier: identifier.clone(), life: u16::try_from(life).unwrap_or(u16::MAX) }
    }
}

struct Link {
    ends: (usize, usize),
    class: LinkClass,
    fact: FactId,
}

/// Groups the identifiers of `facts` (sorted in time) into objects.
#[must_use]
pub fn group(facts: &[Fact], book: &Rulebook) -> Objects {
    let mut objects = Objects { births: births(facts, book), ..Objects::default() };
    let (nodes, links, apart) = graph(&objects, facts);
    let (groups, suspended) = settle(&nodes, links, &apart, book);
    for members in groups {
        objects.add(
            members.iter().filter_map(|n| nodes.get(*n).cloned()).collect(),
            &suspended,
            book,
        );
    }
    objects
}

impl Objects {
    fn add(&mut self, names: Vec<Name>, suspended: &[(Name, FactId)], book: &Rulebook) {
        let rank = |name: &Name| {
            book.scheme(name.identifier.kind, &name.identifier.scheme).map_or(0, |s| s.rank)
        };
        let best =
            names.iter().min_by(|a, b| rank(b).cmp(&rank(a)).then_with(|| a.cmp(b))).cloned();
        let Some(best) = best else { return };
        for name in &names {
            self.index.insert(name.clone(), self.all.len());
        }
        let mut held: Vec<FactId> =
            suspended.iter().filter(|(n, _)| names.contains(n)).map(|(_, f)| *f).collect();
        held.sort_unstable();
        held.dedup();
        self.all.push(Object { id: object_id(&best), best, names, suspended: held });
    }
}

/// The id of an object that is best named so. A later life of a number has an id of its own.
fn object_id(name: &Name) -> ObjectId {
    let first = ObjectId::of(&name.identifier);
    if name.life == 0 {
        return first;
    }
    let bits = first.digest.to_u128().to_le_bytes();
    ObjectId { kind: first.kind, digest: Digest::of(&[&bits, &name.life.to_le_bytes()]) }
}

/// The instants at which a reusable identifier was given to an object, at least `reuse_after` apart.
fn births(facts: &[Fact], book: &Rulebook) -> BTreeMap<Identifier, Vec<Instant>> {
    let mut births: BTreeMap<Identifier, Vec<Instant>> = BTreeMap::new();
    if book.schemes.iter().all(|s| s.reuse_after.is_none()) {
        return births;
    }
    for fact in facts {
        let Some(named) = born(fact) else { continue };
        let Some(after) = book.scheme(named.kind, &named.scheme).and_then(|s| s.reuse_after) else {
            continue;
        };
        let at = fact.happened.earliest;
        let lives = births.entry(named.clone()).or_default();
        if lives.last().is_none_or(|last| at >= *last + after) {
            lives.push(at);
        }
    }
    births
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

type Graph = (Vec<Name>, Vec<Link>, BTreeSet<(usize, usize)>);

fn graph(objects: &Objects, facts: &[Fact]) -> Graph {
    let mut nodes: BTreeMap<Name, usize> = BTreeMap::new();
    let mut list = Vec::new();
    let mut node = |name: Name| {
        *nodes.entry(name.clone()).or_insert_with(|| {
            list.push(name);
            list.len() - 1
        })
    };
    let mut links = Vec::new();
    let mut persons: BTreeMap<(usize, usize), bool> = BTreeMap::new();
    for fact in facts {
        let about = &fact.about.object;
        if about.is_placeholder() {
            continue;
        }
        let at = fact.happened.earliest;
        let here = node(objects.name(about, at));
        let mut pair = |other: &Identifier| {
            let fits = other.kind == about.kind && !other.is_placeholder() && other != about;
            fits.then(|| {
                let there = node(objects.name(other, at));
                (here.min(there), here.max(there))
            })
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
    (list, links, apart)
}

/// Joins along the links, dropping the weakest links on the paths of each clash until none stands.
fn settle(
    nodes: &[Name],
    mut links: Vec<Link>,
    apart: &BTreeSet<(usize, usize)>,
    book: &Rulebook,
) -> (Vec<Vec<usize>>, Vec<(Name, FactId)>) {
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
                    suspended.extend(nodes.get(end).map(|name| (name.clone(), link.fact)));
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
    nodes: &[Name],
    apart: &BTreeSet<(usize, usize)>,
    book: &Rulebook,
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let single = |name: &Name| {
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

fn components(count: usize, links: &[Link]) -> Vec<Vec<usize>> {
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
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
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

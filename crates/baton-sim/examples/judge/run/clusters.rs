//! Facts gathered by what they are about: the names of one object together, and who contains whom.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::fact::{Body, Fact};
use baton_core::identifier::Identifier;

/// Names of one object in one cluster, by union-find: `parent` leads to the cluster that stands for all
/// that were joined with it, and only that one's facts and objects below count.
#[derive(Default)]
pub(crate) struct Clusters {
    pub(crate) of: BTreeMap<Identifier, usize>,
    parent: Vec<usize>,
    pub(crate) facts: Vec<Vec<Fact>>,
    /// As they were when they were said: to be looked up by [`Clusters::find`].
    below: Vec<Vec<usize>>,
    pub(crate) above: Vec<Vec<usize>>,
}

impl Clusters {
    pub(crate) fn cluster(&mut self, name: &Identifier) -> usize {
        let next = self.parent.len();
        let found = *self.of.entry(name.clone()).or_insert(next);
        if found == next {
            self.parent.push(next);
            self.facts.push(Vec::new());
            self.below.push(Vec::new());
            self.above.push(Vec::new());
        }
        self.find(found)
    }
    pub(crate) fn find(&self, mut cluster: usize) -> usize {
        while self.parent[cluster] != cluster {
            cluster = self.parent[cluster];
        }
        cluster
    }
    /// The smaller goes into the larger, so that no way to the top is long.
    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.find(one), self.find(other));
        if one == other {
            return;
        }
        let weight = |c: usize| self.facts[c].len() + self.below[c].len();
        let (top, under) = if weight(one) < weight(other) { (other, one) } else { (one, other) };
        self.parent[under] = top;
        let facts = std::mem::take(&mut self.facts[under]);
        self.facts[top].extend(facts);
        let below = std::mem::take(&mut self.below[under]);
        self.below[top].extend(below);
        let above = std::mem::take(&mut self.above[under]);
        self.above[top].extend(above);
    }
    /// Takes a fact in; returns the cluster that it changes.
    pub(crate) fn add(&mut self, fact: Fact) -> Option<usize> {
        let about = fact.about.object.clone();
        if about.is_placeholder() {
            return None;
        }
        let here = self.cluster(&about);
        match &fact.body {
            Body::Same { other, .. } | Body::Apart { other } if !other.is_placeholder() => {
                let there = self.cluster(&other.clone());
                self.join(here, there);
            }
            Body::Related { child, .. } if !child.is_placeholder() => {
                let there = self.cluster(&child.clone());
                self.below[here].push(there);
                self.above[there].push(here);
            }
            _ => {}
        }
        let here = self.find(here);
        self.facts[here].push(fact);
        Some(here)
    }
    pub(crate) fn reached(&self, cluster: usize) -> BTreeSet<usize> {
        self.along(&self.below, cluster)
    }
    pub(crate) fn along(&self, edges: &[Vec<usize>], cluster: usize) -> BTreeSet<usize> {
        let mut seen = BTreeSet::from([cluster]);
        let mut queue = vec![cluster];
        while let Some(next) = queue.pop() {
            let ends = edges[next].iter().map(|end| self.find(*end));
            queue.extend(ends.filter(|end| seen.insert(*end)));
        }
        seen.remove(&cluster);
        seen
    }
}

//! A bounded cache of two generations: what is used stays, what was not used for a while goes.
//!
//! When the young generation is full it becomes the old one, and what is left in the old one is
//! dropped; a hit in the old one moves to the young. Cheaper than a list of uses, and good enough where
//! a miss costs one read.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;

/// A cache. Each entry has a weight; the weights of one generation add up to at most half of the limit.
#[derive(Debug)]
pub(crate) struct Lru<K, V> {
    young: HashMap<K, V, RandomState>,
    old: HashMap<K, V, RandomState>,
    weight: usize,
    half: usize,
}

impl<K: Eq + Hash + Clone, V> Lru<K, V> {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            young: HashMap::default(),
            old: HashMap::default(),
            weight: 0,
            half: (limit / 2).max(1),
        }
    }
    pub(crate) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
        self.weight = 0;
    }
    /// The entry, which counts as used now.
    pub(crate) fn get(&mut self, key: &K, weigh: impl Fn(&V) -> usize) -> Option<&mut V> {
        if !self.young.contains_key(key) {
            let (key, value) = self.old.remove_entry(key)?;
            self.put(key, value, weigh);
        }
        self.young.get_mut(key)
    }
    /// The entry, whether used or not.
    pub(crate) fn peek(&self, key: &K) -> Option<&V> {
        self.young.get(key).or_else(|| self.old.get(key))
    }
    pub(crate) fn put(&mut self, key: K, value: V, weigh: impl Fn(&V) -> usize) {
        self.weight += weigh(&value);
        self.old.remove(&key);
        if let Some(before) = self.young.insert(key, value) {
            self.weight = self.weight.saturating_sub(weigh(&before));
        }
    }
    /// Adds to the weight of an entry that grew in place.
    pub(crate) fn grew(&mut self, by: usize) {
        self.weight += by;
    }
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        self.old.remove(key).or_else(|| self.young.remove(key))
    }
    /// Forgets what was not used for a while, if there is too much. To be called between steps, so
    /// that what a step works on stays.
    pub(crate) fn trim(&mut self) {
        if self.weight > self.half {
            self.old = std::mem::take(&mut self.young);
            self.weight = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays() {
        let mut cache = Lru::new(4);
        let weigh = |_: &i32| 1;
        for n in 0..3 {
            cache.put(n, n * 10, weigh);
        }
        cache.trim();
        assert_eq!(cache.get(&1, weigh).copied(), Some(10));
        for n in 3..6 {
            cache.put(n, n * 10, weigh);
        }
        cache.trim();
        cache.put(9, 90, weigh);
        cache.put(8, 80, weigh);
        cache.put(7, 70, weigh);
        assert_eq!(cache.get(&0, weigh), None);
        assert_eq!(cache.get(&1, weigh).copied(), Some(10), "used once, so kept once more");
        assert_eq!(cache.remove(&9), Some(90));
        cache.clear();
        assert_eq!(cache.get(&1, weigh), None);
    }
}

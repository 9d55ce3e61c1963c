//! What a step will find, found before it takes the store's one writer.
//!
//! Where a store has one writer, what comes in waits for each step that holds it. Most of a step is
//! deriving, which writes nothing: so what can be derived before is, from the clusters that are decoded
//! with the new facts among them. The step then writes, and takes what was foreseen of a cluster as
//! long as neither it nor anything below it changed otherwise. New clusters and new relations are
//! known only within the step, and derived there, as is everything where there are several writers.
//!
//! INVARIANT: a step comes to the same with foresight and without. The instant at which it is recorded
//! is read while nobody writes, so that all that was received before that instant is seen.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::id::MessageNo;
use baton_core::time::Instant;
use baton_store::clusters::ClusterNo;
use baton_store::sources::{self, Source};
use baton_store::{Scope, Store, StoreError, Tx, pending};

use crate::cache::{Cache, Sharing};
use crate::derivation::Step;
use crate::deriving::{Derived, Deriving};
use crate::metrics::Metrics;
use crate::record::{Ahead, Read, Sorted};
use crate::tenant::source_infos;

/// What a step will write of messages, as far as it can be told.
pub(crate) struct Foresight<'a> {
    pub(crate) sorted: Sorted<'a>,
    pub(crate) foreseen: Foreseen,
}

impl<'a> Foresight<'a> {
    /// Looks ahead, where that is worth it. From then on the decoded clusters have facts that are not
    /// committed: a step has to follow, and to clear the cache where it fails.
    pub(crate) fn of(
        store: &Store,
        step: &Step<'_>,
        cache: &mut Cache,
        batch: &'a [Read],
    ) -> Result<Option<Self>, StoreError> {
        if step.sharing == Sharing::Several || batch.len() < step.limits.foreseen_messages_min {
            return Ok(None);
        }
        let scope = &step.tenant.scope;
        let seen = store.between_writes(|tx| {
            let now = step.tenant.clock.now();
            let earliest = earliest_beside(tx, scope, batch)?;
            Ok((earliest.map_or(now, |at| at.min(now)), sources::list(tx, scope)?))
        })?;
        let Some((now, listed)) = seen else { return Ok(None) };
        let now = step.tenant.record_at(now);
        cache.begin_step();
        let mut sorted = Sorted::of(batch, now);
        let ahead = sorted.put_ahead(cache);
        cache.note_changes();
        let Step { limits, declared, .. } = *step;
        let sources = source_infos(&listed, now);
        let deriving = Deriving { limits, rules: declared.rules(), sources: &sources, now };
        let clusters = ahead.to_derive(step, cache);
        let mut derived = BTreeMap::new();
        for one in deriving.all(cache, &clusters, false) {
            if one.below.iter().all(|cluster| cache.look(*cluster).is_some()) {
                derived.insert(one.cluster, one);
            }
        }
        Ok(Some(Self { sorted, foreseen: Foreseen { listed: Some(listed), derived } }))
    }
}

impl Ahead {
    /// Of what is touched and what stands above it, the clusters of which the step will find what is known now.
    fn to_derive(&self, step: &Step<'_>, cache: &Cache) -> Vec<ClusterNo> {
        let unsure = with_all_above(cache, &self.unsure, usize::MAX);
        let limit = self.touched.len() + step.limits.ancestors_max;
        let touched =
            with_all_above(cache, &self.touched, limit.min(step.limits.derive_clusters_max));
        touched.into_iter().filter(|cluster| !unsure.contains(cluster)).collect()
    }
}

/// These clusters, and those above them that are decoded; no more than a limit.
fn with_all_above(cache: &Cache, from: &BTreeSet<ClusterNo>, limit: usize) -> BTreeSet<ClusterNo> {
    let mut all = from.clone();
    let mut next: Vec<ClusterNo> = from.iter().copied().collect();
    while let Some(cluster) = next.pop() {
        for parent in cache.look(cluster).map(|hot| &hot.parents).into_iter().flatten() {
            if all.len() < limit && cache.look(*parent).is_some() && all.insert(*parent) {
                next.push(*parent);
            }
        }
    }
    all
}

/// The earliest receipt of what waits beside a batch.
fn earliest_beside(
    tx: &mut Tx<'_>,
    scope: &Scope,
    batch: &[Read],
) -> Result<Option<Instant>, StoreError> {
    let batch: BTreeSet<MessageNo> = batch.iter().map(|read| read.message).collect();
    let first = (Instant::MIN, MessageNo(i64::MIN));
    let waiting = pending::list_due(tx, scope, Instant::MAX, first, batch.len() + 1)?;
    Ok(waiting.into_iter().find(|(_, message)| !batch.contains(message)).map(|(at, _)| at))
}

/// What was derived before a step; empty where nothing was.
#[derive(Debug, Default)]
pub(crate) struct Foreseen {
    /// The sources as they were then.
    listed: Option<Vec<Source>>,
    derived: BTreeMap<ClusterNo, Derived>,
}

impl Foreseen {
    /// The sources as the step is to take them: as they were, so that what was derived holds. Where anything but
    /// their latest receipts is otherwise now, as they are, and nothing was foreseen.
    pub(crate) fn of_sources(&mut self, now: Vec<Source>) -> Vec<Source> {
        let Some(mut then) = self.listed.take() else { return now };
        let heard_at: Vec<_> = then.iter().map(|source| source.heard_at).collect();
        for (then, now) in then.iter_mut().zip(&now) {
            then.heard_at = now.heard_at;
        }
        if then != now {
            self.derived.clear();
            return now;
        }
        for (then, heard_at) in then.iter_mut().zip(heard_at) {
            then.heard_at = heard_at;
        }
        then
    }

    /// Each of these clusters derived, in their order: what was foreseen and still holds, and the others anew.
    pub(crate) fn complete(
        &mut self,
        cache: &Cache,
        clusters: &[ClusterNo],
        acted: bool,
        (deriving, metrics): (&Deriving<'_>, &Metrics),
    ) -> Vec<Derived> {
        let holds = |derived: &Derived| {
            !acted && cache.are_unchanged(&[derived.cluster]) && cache.are_unchanged(&derived.below)
        };
        let mut ready: Vec<Option<Derived>> =
            clusters.iter().map(|cluster| self.derived.remove(cluster).filter(holds)).collect();
        let missing = clusters.iter().zip(&ready).filter(|(_, ready)| ready.is_none());
        let missing: Vec<ClusterNo> = missing.map(|(cluster, _)| *cluster).collect();
        metrics.foreseen(clusters.len() - missing.len(), missing.len());
        let mut anew = deriving.all(cache, &missing, acted).into_iter();
        ready.iter_mut().filter_map(|ready| ready.take().or_else(|| anew.next())).collect()
    }
}

#[cfg(test)]
mod tests {
    use baton_core::partner::{Role, SourceKey};
    use baton_store::sources::SourceId;

    use super::*;

    fn source(heard_at: i64, role: Role) -> Source {
        Source {
            id: SourceId(1),
            key: SourceKey::new_static("contoso-freight"),
            name: "Contoso".into(),
            partner: None,
            role,
            connector: "plain".into(),
            settings: serde_json::Value::Null,
            silent_after: None,
            heard_at: Some(Instant::from_seconds(heard_at)),
            networks: String::new(),
            created_at: Instant::from_seconds(0),
            disabled_at: None,
        }
    }

    #[test]
    fn sources_are_as_they_were_unless_they_are_other_ones() {
        let check = |now: Vec<Source>, is_as_before: bool| {
            let then = vec![source(1, Role::Carrier)];
            let mut foreseen = Foreseen {
                listed: Some(then.clone()),
                derived: BTreeMap::from([(ClusterNo(1), nothing())]),
            };
            let expected = if is_as_before { &then } else { &now };
            assert_eq!(foreseen.of_sources(now.clone()), *expected, "{now:?}");
            assert_eq!(foreseen.derived.len(), usize::from(is_as_before), "{now:?}");
        };
        check(vec![source(1, Role::Carrier)], true);
        // What comes in meanwhile is for the next step.
        check(vec![source(2, Role::Carrier)], true);
        check(vec![source(2, Role::Seller)], false);
        check(vec![source(1, Role::Carrier), source(1, Role::Carrier)], false);
        check(vec![], false);
    }

    fn nothing() -> Derived {
        Derived {
            cluster: ClusterNo(1),
            subjects: Vec::new(),
            rows: crate::rows::Rows::default(),
            below: Vec::new(),
        }
    }
}

//! Scorecards over the orders of a span: each is derived again, on several threads, and nothing is
//! written. What is told is what holds now, whatever it was called while it went on.

use std::collections::BTreeSet;

use baton_core::derive::derive;
use baton_core::id::ObjectId;
use baton_core::scorecard::Scoring;
use baton_core::state::State;
use baton_core::time::Instant;
use baton_store::clusters::ClusterNo;
use baton_store::orders::{self, Filter, OrderRow, Sort};
use baton_store::{Scope, Store, StoreError, Tx, sources};

use crate::cache::{Cache, Sharing};
use crate::deriving::Deriving;
use crate::settings::StepLimits;
use crate::side_by_side::side_by_side;
use crate::tenant::{Tenant, source_infos};

/// Orders that one transaction looks at.
const BATCH: usize = 500;

/// What scoring came to.
#[derive(Debug)]
pub(crate) struct Scored {
    pub(crate) scoring: Scoring,
    /// Orders that were looked at.
    pub(crate) orders: usize,
    /// The first promise that was looked at no more, as there were too many orders.
    pub(crate) cut_at: Option<Instant>,
}

/// Which orders, and what of each may be seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cohort<'a, F> {
    /// Whose orders.
    pub(crate) scope: &'a Scope,
    pub(crate) from: Instant,
    pub(crate) until: Instant,
    pub(crate) orders_max: usize,
    /// Cuts out of an order what the caller may not see.
    pub(crate) cut: F,
}

/// Scores the orders that are promised from an instant until before another.
pub(crate) fn score<F: Fn(&mut State) + Sync>(
    store: &Store,
    tenant: &Tenant,
    limits: &StepLimits,
    cohort: &Cohort<'_, F>,
) -> Result<Scored, StoreError> {
    let Cohort { scope, from, until, orders_max, .. } = *cohort;
    let now = tenant.clock.now();
    let filter =
        Filter { promised_from: Some(from), promised_until: Some(until), ..Filter::default() };
    let mut scored = Scored { scoring: Scoring::new(from, now), orders: 0, cut_at: None };
    let mut after = None;
    loop {
        let page = store.read(|tx| {
            let page = orders::list(tx, scope, &filter, Sort::Promised, after, BATCH)?;
            let room = orders_max - scored.orders;
            let rows = page.items.get(..room.min(page.items.len())).unwrap_or_default();
            let scoring = score_batch(tx, tenant, limits, rows, (cohort, now))?;
            Ok((page.next, page.items.get(rows.len()).cloned(), rows.len(), scoring))
        })?;
        let (next, beyond, looked_at, scoring) = page;
        scored.scoring.merge(scoring);
        scored.orders += looked_at;
        scored.cut_at = beyond.and_then(|row: OrderRow| row.promised_at);
        match next {
            Some(_) if scored.cut_at.is_none() => after = next,
            _ => return Ok(scored),
        }
    }
}

fn score_batch<F: Fn(&mut State) + Sync>(
    tx: &mut Tx<'_>,
    tenant: &Tenant,
    limits: &StepLimits,
    rows: &[OrderRow],
    (cohort, now): (&Cohort<'_, F>, Instant),
) -> Result<Scoring, StoreError> {
    let clusters: BTreeSet<ClusterNo> = rows.iter().map(|row| row.cluster).collect();
    let wanted: BTreeSet<ObjectId> = rows.iter().map(|row| row.id).collect();
    // The engine may commit between two batches, so that nothing is kept from one to the next. What is
    // not the caller's to see is cut out of what is derived, for which all of it is needed.
    let mut cache = Cache::new(limits, Sharing::Alone);
    cache.load_below(tx, &tenant.scope, limits, &clusters)?;
    let sources = source_infos(&sources::list(tx, &tenant.scope)?, now);
    let declared = tenant.declared();
    let deriving = Deriving { limits, rules: declared.rules(), sources: &sources, now };
    let clusters: Vec<ClusterNo> = clusters.into_iter().collect();
    let scorings = side_by_side(limits.derivers_on_demand, &clusters, &|cluster| {
        let mut scoring = Scoring::new(cohort.from, now);
        deriving.with_known(&cache, *cluster, |known| {
            for root in known.roots() {
                if known.object(*root).is_some_and(|object| wanted.contains(&object.id)) {
                    let mut order = derive(known, *root, now);
                    (cohort.cut)(&mut order);
                    scoring.take(&order);
                }
            }
        });
        scoring
    });
    let mut whole = Scoring::new(cohort.from, now);
    for scoring in scorings {
        whole.merge(scoring);
    }
    Ok(whole)
}

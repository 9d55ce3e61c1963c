//! Verifying: every subject is derived again from its facts and compared with what was written.

use baton_core::time::{Duration, Instant};
use baton_store::clusters::ClusterNo;
use baton_store::orders::OrderRow;
use baton_store::{Store, StoreError, Tx, clusters, engine_timers, sources};
use serde::Serialize;

use crate::cache::{Cache, Sharing};
use crate::deriving::{Derived, Deriving};
use crate::rows::Rows;
use crate::settings::StepLimits;
use crate::side_by_side::side_by_side;
use crate::tenant::{Tenant, source_infos};

/// Clusters that one transaction looks at.
const BATCH: usize = 500;

/// A subject whose rows are not what its facts call for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The public id, or the cluster's number where there is none.
    pub subject: String,
    /// `order`, `object`, `exceptions`.
    pub what: &'static str,
    pub written: String,
    pub derived: String,
}

/// What verifying came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    pub clusters: usize,
    pub subjects: usize,
    pub differences: Vec<Difference>,
}

/// Derives everything of a tenant again, as of when it was due to be derived last, and compares.
///
/// The engine should have settled: what waits to be read or woken is no difference and is not looked
/// at.
///
/// # Errors
/// Where the store cannot be read.
pub fn verify(store: &Store, tenant: &Tenant, limits: &StepLimits) -> Result<Verified, StoreError> {
    let mut verified = Verified::default();
    let mut after = ClusterNo(0);
    loop {
        let next = store.read(|tx| {
            let some = clusters::list(tx, &tenant.scope, after, BATCH)?;
            verify_batch(tx, tenant, limits, &some, &mut verified)?;
            Ok(some.last().copied())
        })?;
        match next {
            Some(last) => after = last,
            None => return Ok(verified),
        }
    }
}

fn verify_batch(
    tx: &mut Tx<'_>,
    tenant: &Tenant,
    limits: &StepLimits,
    some: &[ClusterNo],
    verified: &mut Verified,
) -> Result<(), StoreError> {
    let scope = &tenant.scope;
    // The engine may commit between two batches, so that nothing is kept from one to the next.
    let mut cache = Cache::new(limits, Sharing::Alone);
    cache.load_below(tx, scope, limits, &some.iter().copied().collect())?;
    let sources = sources::list(tx, scope)?;
    // A commit may have been recorded a little after the present of a clock that stands still.
    let now = tenant.clock.now().max(tenant.recorded_at());
    let mut due = Vec::with_capacity(some.len());
    for cluster in some {
        let timer = engine_timers::of(tx, scope, *cluster)?;
        // Just before it is woken next, nothing has changed since it was derived last.
        let at = timer.map_or(now, |wake_at| (wake_at - Duration::from_micros(1)).min(now));
        due.push((*cluster, at));
    }
    let declared = tenant.declared();
    let derived = side_by_side(limits.derivers_on_demand, &due, &|(cluster, at)| {
        let sources = source_infos(&sources, *at);
        let (rules, now) = (declared.rules(), *at);
        Deriving { limits, rules, sources: &sources, now }.one(&cache, *cluster, false)
    });
    verified.clusters += derived.len();
    for derived in derived {
        verified.compare(&cache, derived);
    }
    Ok(())
}

impl Verified {
    fn compare(&mut self, cache: &Cache, derived: Derived) {
        let Derived { cluster, subjects, mut rows, below } = derived;
        self.subjects += subjects.len();
        if !rows.orders.is_empty() {
            // What an order shows of what it reaches is what was written of that, and is verified there.
            let below: Vec<&Rows> =
                below.iter().filter_map(|c| cache.look(*c)).map(|hot| &hot.rows).collect();
            rows.count_below(&subjects, &below);
        }
        let nothing = Rows::default();
        let written = cache.look(cluster).map_or(&nothing, |hot| &hot.rows);
        let mut differ = |what, written: String, derived: String| {
            if written != derived {
                let first = subjects.first().map(|subject| subject.id.to_string());
                let subject = first.unwrap_or_else(|| cluster.0.to_string());
                self.differences.push(Difference { subject, what, written, derived });
            }
        };
        // Most are equal, and need no words.
        if !orders_equal(written, &rows) {
            differ("order", orders(written), orders(&rows));
        }
        if written.objects != rows.objects {
            differ("object", objects(written), objects(&rows));
        }
        differ("exceptions", exceptions(written), exceptions(&rows));
    }
}

/// All of an order's row but when it was written.
fn timeless(row: &OrderRow) -> OrderRow {
    OrderRow { updated_at: Instant::MIN, ..row.clone() }
}

fn orders_equal(one: &Rows, other: &Rows) -> bool {
    one.orders.iter().map(timeless).eq(other.orders.iter().map(timeless))
}

/// List rows as text.
fn orders(rows: &Rows) -> String {
    rows.orders.iter().map(|row| format!("{:?}", timeless(row))).collect::<Vec<_>>().join("\n")
}

fn objects(rows: &Rows) -> String {
    rows.objects.iter().map(|row| row.id.to_string()).collect::<Vec<_>>().join("\n")
}

fn exceptions(rows: &Rows) -> String {
    let mut lines: Vec<String> = rows
        .exceptions
        .iter()
        .map(|row| format!("{} {} {} {:?}", row.id, row.code, row.state, row.closed_at))
        .collect();
    lines.sort();
    lines.join("\n")
}

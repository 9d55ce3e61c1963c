//! Verifying: every subject is derived again from its facts and compared with what was written.

use baton_core::time::{Duration, Instant};
use baton_store::clusters::ClusterNo;
use baton_store::orders::OrderRow;
use baton_store::{Store, StoreError, Tx, clusters, engine_timers, sources};
use serde::Serialize;

use crate::deriving::subjects;
use crate::history::reach;
use crate::rows::Rows;
use crate::settings::StepLimits;
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
            for cluster in &some {
                verify_cluster(tx, tenant, limits, *cluster, &mut verified)?;
            }
            Ok(some.last().copied())
        })?;
        match next {
            Some(last) => after = last,
            None => return Ok(verified),
        }
    }
}

fn verify_cluster(
    tx: &mut Tx<'_>,
    tenant: &Tenant,
    limits: &StepLimits,
    cluster: ClusterNo,
    verified: &mut Verified,
) -> Result<(), StoreError> {
    verified.clusters += 1;
    let timer = engine_timers::of(tx, &tenant.scope, cluster)?;
    // A commit may have been recorded a little after the present of a clock that stands still.
    let now = tenant.clock.now().max(tenant.recorded_at());
    // Just before it is woken next, nothing has changed since it was derived last.
    let at = timer.map_or(now, |wake_at| (wake_at - Duration::from_micros(1)).min(now));
    let sources = source_infos(&sources::list(tx, &tenant.scope)?, at);
    let reach = reach(tx, tenant, limits, cluster, None)?;
    let declared = tenant.declared();
    let known = declared.rules().known(&reach.home, &reach.below, &sources);
    let subjects = subjects(&known, at, reach.limit.as_deref());
    verified.subjects += subjects.len();
    let mut derived = Rows::of(cluster, &subjects, Instant::MIN);
    let mut clusters = reach.clusters;
    if derived.orders.is_empty() {
        clusters.clear();
    }
    clusters.push(cluster);
    let mut written = Rows::load(tx, &tenant.scope, &clusters)?;
    let own = written.remove(&cluster).unwrap_or_default();
    // What an order shows of what it reaches is what was written of that, and is verified there.
    let below: Vec<&Rows> = written.values().collect();
    derived.count_below(&subjects, &below);
    let mut differ = |what, written: String, derived: String| {
        if written != derived {
            let first = subjects.first().map(|subject| subject.state.id.to_string());
            let subject = first.unwrap_or_else(|| cluster.0.to_string());
            verified.differences.push(Difference { subject, what, written, derived });
        }
    };
    differ("order", orders(&own), orders(&derived));
    differ("object", objects(&own), objects(&derived));
    differ("exceptions", exceptions(&own), exceptions(&derived));
    Ok(())
}

/// List rows as text, all but when they were written.
fn orders(rows: &Rows) -> String {
    let timeless = |row: &OrderRow| {
        let mut row = row.clone();
        row.updated_at = Instant::MIN;
        format!("{row:?}")
    };
    rows.orders.iter().map(timeless).collect::<Vec<_>>().join("\n")
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

//! Waking: subjects whose time has come are derived again, the longest due first.
//!
//! Timers are the same loop as messages. After a long stop they are all found at once; their acts
//! carry the instants at which they were due, and work is bounded a step at a time.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use baton_core::time::Instant;
use baton_store::clusters::ClusterNo;
use baton_store::tenants::Clock;
use baton_store::{Scope, StoreError, Tx, clusters, progress, tenants, timers};

use crate::cache::{Cache, Sharing};
use crate::derivation::{Derivation, Step};
use crate::rows::Timer;
use crate::tenant::Tenant;
use crate::work_loop::{StepError, WorkLoop};

/// What a look at a tenant's timers came to.
#[derive(Debug)]
pub(crate) struct Looked {
    /// Nothing will be due for this long unless something new comes in.
    pub(crate) wait: Duration,
    /// Nothing waits and nothing is due.
    pub(crate) settled: bool,
}

/// Wakes one batch of what is due.
pub(crate) fn look(work: &mut WorkLoop, tenant: &Arc<Tenant>) -> Result<Looked, StepError> {
    let tick = work.settings.steps.tick;
    let next = work.next_timer(tenant)?;
    // What is to be woken at once has the instant of its commit, which a clock that stands may not show.
    let now = tenant.clock.now().max(tenant.recorded_at());
    let due = next.is_some_and(|timer| timer.wake_at <= now);
    if due && !work.settings.roles.derive {
        // Another node does.
        return Ok(Looked { wait: tick, settled: false });
    }
    if !due {
        let wait = next.and_then(|timer| tenant.clock.real_until(timer.wake_at));
        let settled = !work.settling.is_empty() && work.pending(tenant)? == 0;
        return Ok(Looked { wait: wait.unwrap_or(tick).min(tick), settled });
    }
    let declared = tenant.declared();
    let began = std::time::Instant::now();
    let woken = work.step(tenant, &declared, wake_due)?;
    if woken > 0 {
        work.metrics.batch("wake", began.elapsed());
        work.outbox_bell.ring();
        return Ok(Looked { wait: Duration::ZERO, settled: false });
    }
    // What is due lies beyond messages that are not read yet; they come first.
    Ok(Looked { wait: tick, settled: false })
}

/// In a sandbox, wakes all that is due before the messages that wait were received, so that what is said
/// there depends on its clock alone and not on which of the two the machine came to first.
pub(crate) fn before_messages(work: &mut WorkLoop, tenant: &Arc<Tenant>) -> Result<(), StepError> {
    if !tenant.clock.is_simulated() {
        return Ok(());
    }
    let declared = tenant.declared();
    while !work.stop.load(Ordering::Acquire) && work.step(tenant, &declared, wake_due)? > 0 {
        work.outbox_bell.ring();
    }
    Ok(())
}

/// Derives one batch of due subjects; returns how many.
fn wake_due(tx: &mut Tx<'_>, step: &Step<'_>, cache: &mut Cache) -> Result<usize, StoreError> {
    let now = step.now(tx)?;
    let limit = step.limits.wake_max;
    let mut due = timers::due(tx, &step.tenant.scope, now, limit)?;
    if due.is_empty() {
        return Ok(0);
    }
    let clusters: BTreeSet<ClusterNo> = due.iter().map(|timer| timer.cluster).collect();
    // Another node may be at some of them already, and have woken others just before they were locked.
    let clusters = clusters::lock_free(tx, &step.tenant.scope, &clusters)?;
    if step.sharing == Sharing::Several {
        due = timers::due(tx, &step.tenant.scope, now, limit)?;
    }
    due.retain(|timer| clusters.contains(&timer.cluster));
    if due.is_empty() {
        return Ok(0);
    }
    let clusters: BTreeSet<ClusterNo> = due.iter().map(|timer| timer.cluster).collect();
    cache.load(tx, &step.tenant.scope, &clusters)?;
    for timer in &due {
        // A timer may have been set past the cache; it is written whatever the cache believes.
        if let Some(hot) = cache.hot(timer.cluster) {
            hot.rows.timer = Timer::Unknown;
        }
        let delay = now.since(timer.wake_at).micros();
        step.metrics.timer_delay(Duration::from_micros(delay.unsigned_abs()).as_secs_f64());
    }
    let woken = due.iter().map(|timer| (timer.cluster, timer.wake_at)).collect();
    Derivation::new(step, now).wake(tx, cache, woken)?;
    Ok(due.len())
}

/// Under this name the store keeps the last instant at which anything was recorded, in microseconds.
const RECORDED_AT: &str = "recorded_at";

/// Stores where a simulated clock stands, and up to when was recorded, with what was committed by it.
pub(crate) fn keep_clock(
    tx: &mut Tx<'_>,
    tenant: &Tenant,
    sharing: Sharing,
) -> Result<(), StoreError> {
    if sharing == Sharing::Several {
        // Neither goes back because this node is behind another, which may be about to set them as well.
        tenant.recorded_elsewhere(read(&progress::take(tx, &tenant.scope, RECORDED_AT)?));
        adopt_clock(tx, tenant)?;
    }
    let recorded_at = tenant.recorded_at().micros().to_string();
    progress::put(tx, &tenant.scope, RECORDED_AT, &recorded_at)?;
    match tenant.clock.anchor(tenant.clock.now()) {
        Some(anchor) => tenants::set_clock(tx, &tenant.scope, anchor),
        None => Ok(()),
    }
}

/// A simulated clock that another node has set forward goes forward here as well.
pub(crate) fn adopt_clock(tx: &mut Tx<'_>, tenant: &Tenant) -> Result<(), StoreError> {
    if tenant.clock.is_simulated()
        && let Clock::Simulated { simulated_at, .. } = tenants::get(tx, &tenant.scope)?.clock
    {
        tenant.clock.advance_to(simulated_at);
    }
    Ok(())
}

/// The last instant at which anything was recorded, so that a clock that was set back while the
/// process was down does not record before it.
pub(crate) fn recorded_at(tx: &mut Tx<'_>, scope: &Scope) -> Result<Instant, StoreError> {
    let kept = progress::get(tx, scope, RECORDED_AT)?;
    Ok(kept.map_or(Instant::MIN, |text| read(&text)))
}

fn read(text: &str) -> Instant {
    text.parse().map_or(Instant::MIN, Instant::from_micros)
}

//! How late timers fire: the clock is set to just before the next that is due, and runs for a minute.

use std::time::{Duration, Instant};

use baton_core::time::Duration as Length;
use baton_server::EngineHandle;
use baton_store::timers;
use serde::Serialize;

use super::histogram::Histogram;
use super::{PATIENCE, REAL_SPEED};
use crate::bootstrap;
use crate::exit::{Failure, Result};

const FAMILY: &str = "baton_timer_fire_delay_seconds";
const MINUTE: Duration = Duration::from_secs(60);
/// The clock is set so long before the first.
const BEFORE: Length = Length::seconds(1);

#[derive(Debug, Serialize)]
pub(super) struct Fired {
    pub(super) fired: u64,
    /// How many waited when the minute began.
    pub(super) waiting: u64,
    /// The upper bound of the bucket of the metric.
    pub(super) late_ms_p50_at_most: f64,
    pub(super) late_ms_p99_at_most: f64,
}

pub(super) fn measure(engine: &EngineHandle, tenant: &str) -> Result<Fired> {
    let tenant = bootstrap::find(engine, tenant)
        .ok_or_else(|| Failure::failed("the tenant of the run is gone"))?;
    let (next, waiting) = engine
        .store()
        .read(|tx| Ok((timers::next(tx, &tenant.scope)?, timers::count(tx, &tenant.scope)?)))?;
    let next = next.ok_or_else(|| Failure::failed("no timer waits"))?;
    tenant.clock.advance_to(next.wake_at - BEFORE);
    engine.wake();
    engine.settle(PATIENCE).map_err(|why| Failure::failed(why.to_string()))?;
    let before = Histogram::of(&engine.metrics().text(), FAMILY, "");
    tenant.clock.set_speed(REAL_SPEED);
    engine.wake();
    // What is measured is the lateness over a minute, so a minute must pass.
    let ends = Instant::now() + MINUTE;
    std::thread::sleep(ends.saturating_duration_since(Instant::now()));
    tenant.clock.set_speed(0);
    engine.settle(PATIENCE).map_err(|why| Failure::failed(why.to_string()))?;
    let fired = Histogram::of(&engine.metrics().text(), FAMILY, "").since(&before);
    Ok(Fired {
        fired: fired.count(),
        waiting: u64::try_from(waiting).unwrap_or_default(),
        late_ms_p50_at_most: fired.quantile(0.5) * 1e3,
        late_ms_p99_at_most: fired.quantile(0.99) * 1e3,
    })
}

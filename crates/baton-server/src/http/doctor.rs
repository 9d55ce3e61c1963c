//! `GET /v1/doctor`: the server looks itself over, and says what to do.

use baton_store::Scope;
use baton_store::tenants::{self, Clock, Tenant};
use schemars::JsonSchema;
use serde::Serialize;

use super::access::KeyRole;
use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::problem::Problem;
use super::serving::TENANT_HEADER;
use crate::clock::machine_now;
use crate::doctor::{self, Health, Line};

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Examination {
    /// The worst of all.
    health: Health,
    /// The machine's present, to compare one's own with.
    at: baton_core::time::Instant,
    version: &'static str,
    items: Vec<Line>,
}

/// An operator sees the machine and every tenant, or the one that is named; an administrator the
/// tenant's own affairs.
pub(super) fn examine(call: &Call) -> Outcome {
    let store = call.store();
    let items = if call.principal.role() == KeyRole::Operator {
        let mut tenants = match call.header(TENANT_HEADER)? {
            Some(_) => vec![own(call)?],
            None => store.read(|tx| tenants::list(tx, &Scope::operator()))?,
        };
        tenants.iter_mut().for_each(|tenant| set_clock(call, tenant));
        doctor::examine(store, store.folder(), &tenants)?
    } else {
        doctor::of_tenant(store, &own(call)?, machine_now())?
    };
    let health = items.iter().map(|line| line.health).max().unwrap_or(Health::Ok);
    let version = env!("CARGO_PKG_VERSION");
    Answer::json(Examination { health, at: machine_now(), version, items })
}

fn own(call: &Call) -> Result<Tenant, Problem> {
    let scope = call.scope()?;
    let mut tenant = call.store().read(|tx| tenants::get(tx, &scope))?;
    set_clock(call, &mut tenant);
    Ok(tenant)
}

/// A sandbox's clock runs on in the engine; its row holds where it was last set or committed by.
fn set_clock(call: &Call, tenant: &mut Tenant) {
    let Some(running) = call.api.engine.tenant(tenant.id) else { return };
    if let Clock::Simulated { simulated_at, .. } = &mut tenant.clock {
        *simulated_at = running.clock.now();
    }
}

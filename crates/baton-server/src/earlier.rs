//! A message that came again with an earlier receipt: what is known from it takes that receipt.
//!
//! The receipt of a message is the least of all its copies, so that it does not depend on which of them
//! was committed first. Where one moves it after the message was read, its facts are stamped again and
//! what they touch is derived again, in one step. Facts are not changed by it: those with the earlier
//! receipt take the place of the others, as another reading of the message would.

use std::collections::BTreeSet;
use std::sync::Arc;

use baton_store::clusters::ClusterNo;
use baton_store::{StoreError, Tx, earlier, engine_facts};

use crate::cache::Cache;
use crate::derivation::{Derivation, Step};
use crate::tenant::Tenant;
use crate::work_loop::{StepError, WorkLoop};

/// Messages that are stamped again in one step.
const STEP_MAX: usize = 100;

/// Stamps again what is to be stamped again, if there is anything.
pub(crate) fn look(work: &mut WorkLoop, tenant: &Arc<Tenant>) -> Result<(), StepError> {
    if !tenant.take_receipts_moved() {
        return Ok(());
    }
    let left = stamp_all(work, tenant);
    // A message that is not read yet is looked at again after the next step.
    if !matches!(left, Ok(0)) {
        tenant.receipts_moved();
    }
    left.map(drop)
}

/// Returns how many have to wait until they are read.
fn stamp_all(work: &mut WorkLoop, tenant: &Arc<Tenant>) -> Result<usize, StepError> {
    loop {
        let moved = work.store.read(|tx| earlier::list(tx, &tenant.scope, usize::MAX))?;
        let waiting = moved.iter().filter(|moved| moved.waits).count();
        if waiting == moved.len() {
            return Ok(waiting);
        }
        let declared = tenant.declared();
        work.step(tenant, &declared, stamp)?;
    }
}

fn stamp(tx: &mut Tx<'_>, step: &Step<'_>, cache: &mut Cache) -> Result<(), StoreError> {
    let scope = &step.tenant.scope;
    let mut moved = earlier::list(tx, scope, usize::MAX)?;
    moved.retain(|moved| !moved.waits);
    moved.truncate(STEP_MAX);
    let messages: Vec<_> = moved.iter().map(|moved| moved.message).collect();
    let places = engine_facts::of_messages(tx, scope, &messages)?;
    step.hold(tx, &places.iter().map(|(cluster, _)| *cluster).collect())?;
    let now = step.now(tx)?;
    let mut touched = BTreeSet::new();
    for moved in &moved {
        let of_it = places.iter().filter(|(_, message)| *message == moved.message);
        let clusters: Vec<ClusterNo> = of_it.map(|(cluster, _)| *cluster).collect();
        touched.extend(engine_facts::stamp_again(
            tx,
            scope,
            (moved.message, &clusters),
            (moved.received_at, now),
            &step.declared.version,
        )?);
        earlier::done(tx, scope, moved.message)?;
    }
    if touched.is_empty() {
        return Ok(());
    }
    // Their facts in force are other ones now.
    cache.forget(touched.iter().copied());
    Derivation::new(step, now).run(tx, cache, &touched)
}

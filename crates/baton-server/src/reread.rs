//! Reading messages again, after a pack was fixed: the facts of the old reading go out of force, those
//! of the new one take their place, and open items of the quarantine are closed. It is one step, so
//! that no order is ever seen without both.

use std::collections::BTreeSet;

use baton_core::id::MessageNo;
use baton_store::quarantine::{self, Closing, State};
use baton_store::{StoreError, TenantId, Tx, engine_facts, facts, messages, readings};

use crate::acting::By;
use crate::cache::Cache;
use crate::derivation::{Derivation, Step};
use crate::engine::{EngineError, EngineHandle};
use crate::read_loop::read_message;
use crate::record::{Read, Recorded, Sorted};
use crate::work_loop::StepError;

/// Messages that are read again in one step.
const STEP_MAX: usize = 100;

/// What reading again came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reread {
    pub messages: usize,
    pub facts: usize,
    /// Parts that still cannot be read.
    pub faults: usize,
}

/// Why messages were not read again.
#[derive(Debug, thiserror::Error)]
pub enum RereadError {
    #[error("there is no such tenant")]
    NoTenant,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("the step failed: {0}")]
    Step(String),
}

impl EngineHandle {
    /// Reads messages again by the packs that are active, a step of some at a time.
    ///
    /// # Errors
    /// Where a message is not there; what was read in steps before stays.
    pub fn reread(
        &self,
        tenant: TenantId,
        numbers: &[MessageNo],
        by: impl Into<By>,
    ) -> Result<Reread, RereadError> {
        let tenant = self.tenant(tenant).ok_or(RereadError::NoTenant)?;
        let by = by.into();
        let mut total = Reread::default();
        for (n, some) in numbers.chunks(STEP_MAX).enumerate() {
            let (tenant, some, by) = (tenant.clone(), some.to_vec(), by.clone());
            let done = self.between_steps(move |work| {
                let declared = tenant.declared();
                let limit = work.settings.intake.decompressed_bytes_max;
                let found = work.store.read(|tx| messages::get_many(tx, &tenant.scope, &some))?;
                let reads: Vec<Read> =
                    found.iter().map(|m| read_message(&tenant, &declared, m, limit)).collect();
                work.step(&tenant, &declared, |tx, step, cache| {
                    let done = again(tx, step, cache, &reads, by.name())?;
                    // One call is one act, however many steps it takes.
                    if n == 0 {
                        by.tell(tx, &step.tenant.scope, "reread")?;
                    }
                    Ok(done)
                })
            })?;
            let done = done.map_err(|error| match error {
                StepError::Store(error) => RereadError::Store(error),
                StepError::Panicked => RereadError::Step(error.to_string()),
            })?;
            total.messages += some_count(&done);
            total.facts += done.0.facts;
            total.faults += done.0.faults;
        }
        Ok(total)
    }
}

const fn some_count(done: &(Recorded, usize)) -> usize {
    done.1
}

fn again(
    tx: &mut Tx<'_>,
    step: &Step<'_>,
    cache: &mut Cache,
    reads: &[Read],
    by: &str,
) -> Result<(Recorded, usize), StoreError> {
    let scope = &step.tenant.scope;
    let numbers: Vec<MessageNo> = reads.iter().map(|read| read.message).collect();
    let old = engine_facts::of_messages(tx, scope, &numbers)?;
    let mut touched: BTreeSet<_> = old.iter().map(|(cluster, _)| *cluster).collect();
    step.hold(tx, &touched)?;
    let now = step.now(tx)?;
    facts::supersede(tx, scope, &old, now)?;
    let closing = Closing { state: State::Reread, at: now, by, reason: None };
    quarantine::close_messages(tx, scope, &numbers, closing)?;
    let mut batch = Vec::with_capacity(reads.len());
    for read in reads {
        let reading = readings::add(tx, scope, read.message, &step.declared.version, now)?;
        batch.push(Read {
            message: read.message,
            source: read.source.clone(),
            received_at: read.received_at,
            reading,
            parts: read.parts.clone(),
        });
    }
    // Their facts in force are other ones now.
    cache.forget(touched.iter().copied());
    let kept = Sorted::of(&batch, now).keep(tx, step, cache)?;
    touched.extend(&kept.touched);
    Derivation::new(step, kept.now).run(tx, cache, &touched)?;
    Ok((kept.recorded(), reads.len()))
}

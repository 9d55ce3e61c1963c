//! Verifying: everything is derived again from its facts and compared with what was written.

use schemars::JsonSchema;
use serde::Serialize;

use super::answer::Answer;
use super::audit::{self, AuditVerified};
use super::call::Call;
use super::endpoint::Outcome;
use super::limits::{DIFFERENCES_MAX, SETTLE_WAIT_MAX};

/// What verifying came to.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct VerifyAnswer {
    clusters: usize,
    subjects: usize,
    /// How many differences there are; not all may be listed.
    differences_found: usize,
    differences: Vec<DifferenceItem>,
    /// Whether the record of acts is whole.
    audit: AuditVerified,
}

/// A subject whose rows are not what its facts call for.
#[derive(Debug, Serialize, JsonSchema)]
struct DifferenceItem {
    subject: String,
    /// `order`, `object` or `exceptions`.
    what: &'static str,
    written: String,
    derived: String,
}

pub(super) fn verify(call: &Call) -> Outcome {
    let engine = &call.api.engine;
    engine.settle(SETTLE_WAIT_MAX)?;
    let verified = crate::verify::verify(call.store(), call.tenant()?, &engine.settings().steps)?;
    let differences_found = verified.differences.len();
    let shown = verified.differences.into_iter().take(DIFFERENCES_MAX);
    let scope = call.tenant()?.scope.clone();
    let audit = call.store().read(|tx| audit::verified(tx, &scope, None))?;
    Answer::json(VerifyAnswer {
        audit,
        clusters: verified.clusters,
        subjects: verified.subjects,
        differences_found,
        differences: shown
            .map(|d| DifferenceItem {
                subject: d.subject,
                what: d.what,
                written: d.written,
                derived: d.derived,
            })
            .collect(),
    })
}

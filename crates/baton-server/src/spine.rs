//! The call into the core.
use baton_core::known::Known;
use baton_core::state::{Phase, PromiseLedger, State};
use baton_core::time::Instant;

pub(crate) fn derive(known: &Known<'_>, root: usize, now: Instant) -> State {
    let object = &known.objects.all[root];
    State {
        id: object.id,
        name: object.best.identifier.clone(),
        identifiers: object.names.iter().map(|n| n.identifier.clone()).collect(),
        derived_at: now,
        wake_at: None,
        rulebook: known.book.version.clone(),
        journey: None,
        phase: Phase::Placed,
        progress: None,
        position: None,
        position_place: None,
        holder: None,
        fields: Default::default(),
        partners: vec![],
        lines: vec![],
        milestones: vec![],
        objects: vec![],
        handoffs: vec![],
        promise: PromiseLedger::default(),
        clocks: vec![],
        liability: vec![],
        exceptions: vec![],
        contradictions: vec![],
        not_applicable: vec![],
        due_acts: vec![],
        facts: known.facts.len(),
        limit_reached: None,
    }
}

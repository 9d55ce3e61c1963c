//! The digest of a state: equal states have equal digests on every machine, whatever the order of
//! arrival; `verify` compares by it, and nothing is written where it did not change.
//!
//! A state follows from its facts, the rules, what was heard and the present. So the digest is made of
//! the set of facts, and of the conclusions that the others may move; all that repeats the facts in
//! other words is left out.

use baton_core::id::Digest;
use baton_core::state::State;

/// Digests what a state says: all of it but when it was derived, when it wants to be derived again,
/// and which acts of ours are due. `basis` is the digest of its facts.
#[must_use]
pub fn digest(state: &State, basis: Digest) -> Digest {
    let promise = &state.promise;
    let exceptions: Vec<_> =
        state.exceptions.iter().map(|e| (e.id, e.status, e.severity)).collect();
    let clocks: Vec<_> = state.clocks.iter().map(|c| (&c.name, &c.clock.state)).collect();
    let holder = state.holder.as_ref().map(|h| (h.role, h.since));
    let conclusions = (
        (&state.rulebook, &state.journey, &state.limit_reached, state.phase, holder),
        (promise.projected, promise.late_by, exceptions, clocks, &state.not_applicable),
    );
    // Plain values; writing them cannot fail.
    let bytes = rmp_serde::to_vec(&conclusions).unwrap_or_default();
    let id = state.id.digest.to_u128().to_le_bytes();
    Digest::of(&[&basis.to_u128().to_le_bytes(), &id, &bytes])
}

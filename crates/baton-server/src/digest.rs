//! The digest of a state: equal states have equal digests on every machine, whatever the order of
//! arrival; `verify` compares by it, and nothing is written where it did not change.

use baton_core::id::Digest;
use baton_core::state::State;
use baton_core::time::Instant;

/// Digests what a state says: all of it but when it was derived, when it wants to be derived again,
/// and which acts of ours are due.
#[must_use]
pub fn digest(state: &mut State) -> Digest {
    let derived_at = std::mem::replace(&mut state.derived_at, Instant::MIN);
    let wake_at = state.wake_at.take();
    let due_acts = std::mem::take(&mut state.due_acts);
    // A state is made of plain values; writing it cannot fail.
    let bytes = rmp_serde::to_vec(&*state).unwrap_or_default();
    state.derived_at = derived_at;
    state.wake_at = wake_at;
    state.due_acts = due_acts;
    Digest::of(&[&bytes])
}

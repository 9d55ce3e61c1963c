//! Which rules a subject goes by: those that were in force when it was first heard of, until it is
//! moved.
//!
//! A change of packs begins an epoch. It binds subjects that are born in it, and those that were there
//! before only if it says that it moves them. So no order silently gets other targets half-way, and
//! nothing has to be written for any order: the version follows from the order's first receipt and the
//! history of activations, which are facts about the tenant.
//!
//! Which identifiers name one object is never pinned: the web of objects is one for all subjects, and
//! goes by the latest epoch.

use std::sync::Arc;

use crate::book::Rulebook;
use crate::time::Instant;

/// A time in which one set of packs was active.
#[derive(Debug, Clone)]
pub struct Epoch {
    pub from: Instant,
    /// Whether subjects that were there before go by it too, from its beginning on.
    pub moves: bool,
    pub book: Arc<Rulebook>,
}

/// The epochs up to an instant; the first is there whatever the instant, as something must be.
#[must_use]
pub fn up_to(epochs: &[Epoch], at: Instant) -> &[Epoch] {
    let begun = epochs.iter().take_while(|epoch| epoch.from <= at).count();
    epochs.get(..begun.max(1)).unwrap_or(epochs)
}

/// The rules that a subject goes by: of the latest epoch in which it was born, or that moved it.
#[must_use]
pub fn in_force(epochs: &[Epoch], born_at: Instant) -> Option<&Rulebook> {
    let binds = |epoch: &&Epoch| epoch.moves || epoch.from <= born_at;
    epochs.iter().rfind(binds).or(epochs.first()).map(|epoch| epoch.book.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(from: i64, moves: bool) -> Epoch {
        let book = Rulebook { version: format!("v{from}").into(), ..Rulebook::default() };
        Epoch { from: Instant::from_seconds(from), moves, book: Arc::new(book) }
    }

    #[test]
    fn a_subject_keeps_the_rules_that_it_was_born_under_until_it_is_moved() {
        let history = [epoch(10, false), epoch(20, false), epoch(30, true), epoch(40, false)];
        for (at, born, expected) in [
            (15, 12, "v10"),
            (25, 12, "v10"),
            (25, 20, "v20"),
            (35, 12, "v30"),
            (35, 33, "v30"),
            (50, 12, "v30"),
            (50, 45, "v40"),
            (50, 5, "v30"),
            (5, 5, "v10"),
        ] {
            let known = up_to(&history, Instant::from_seconds(at));
            let book = in_force(known, Instant::from_seconds(born)).unwrap();
            assert_eq!(book.version, expected, "at {at}, born {born}");
        }
    }
}

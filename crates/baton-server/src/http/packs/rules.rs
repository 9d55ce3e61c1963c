//! How many have to say yes before something becomes active, and who counts. Pure, but for looking up
//! what the tenant wants.
//!
//! - Whoever asked does not count, whatever they say.
//! - A person counts once. A key counts not at all, for who holds it is not known.
//! - What a key asked for takes one more: its holder may be the one who approves it.
//! - Fewer approvals, from some on, are agreed to like a pack; more are not.

use std::collections::BTreeSet;

use baton_core::time::Instant;
use baton_store::pack_requests::{Request, State, Word, WordKind};
use baton_store::{Scope, StoreError, Tx, progress};

/// The setting that says how many have to approve; none: nobody.
const APPROVALS: &str = "packs.approvals";
/// More than this would be a committee.
pub(super) const APPROVALS_MAX: i64 = 5;
/// What authors that are keys begin with.
const KEY: &str = "key ";

/// How many have to approve what a person asks for.
pub(in crate::http) fn approvals(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64, StoreError> {
    let kept = progress::get(tx, scope, APPROVALS)?;
    Ok(kept.and_then(|text| text.parse().ok()).unwrap_or(0))
}

pub(super) fn set_approvals(
    tx: &mut Tx<'_>,
    scope: &Scope,
    approvals: i64,
) -> Result<(), StoreError> {
    progress::put(tx, scope, APPROVALS, &approvals.to_string())
}

/// How many have to approve what this author asks for.
pub(super) fn needed(approvals: i64, author: &str) -> i64 {
    if approvals > 0 && author.starts_with(KEY) { approvals + 1 } else { approvals }
}

/// Those who have approved.
pub(super) fn approved<'w>(request: &Request, words: &'w [Word]) -> BTreeSet<&'w str> {
    let by = words.iter().filter(|word| word.kind == WordKind::Approval);
    by.map(|word| word.by.author.as_str())
        .filter(|author| *author != request.asked_by.author && !author.starts_with(KEY))
        .collect()
}

/// What a request is at an instant, in a word: an open one that waited too long is decided no more.
pub(super) fn standing(request: &Request, now: Instant) -> &'static str {
    match request.state {
        State::Open if now >= request.expires_at => "expired",
        state => state.name(),
    }
}

#[cfg(test)]
mod tests {
    use baton_store::pack_requests::Speaker;

    use super::*;

    fn speaker(author: &str) -> Speaker {
        Speaker { author: author.into(), person: author.into() }
    }

    fn request(state: State) -> Request {
        Request {
            id: 1,
            wanted: "{}".into(),
            reason: "because".into(),
            needed: 1,
            asked_by: speaker("person ada"),
            asked_at: Instant::from_micros(0),
            expires_at: Instant::from_micros(10),
            state,
            closed_at: None,
            closed_by: None,
            activation: None,
        }
    }

    fn check(said: &[(&str, WordKind)], expected: &[&str]) {
        let words: Vec<Word> = said
            .iter()
            .map(|(by, kind)| Word {
                by: speaker(by),
                said_at: Instant::from_micros(1),
                kind: *kind,
                words: String::new(),
            })
            .collect();
        let found = approved(&request(State::Open), &words);
        assert_eq!(found, expected.iter().copied().collect(), "{said:?}");
    }

    #[test]
    fn who_asked_and_keys_do_not_count_and_others_count_once() {
        use WordKind::{Approval, Comment};
        check(&[], &[]);
        check(&[("person ada", Approval), ("key 3", Approval)], &[]);
        check(&[("person ben", Comment)], &[]);
        check(&[("person ben", Approval), ("person ben", Approval)], &["person ben"]);
        check(&[("person ben", Approval), ("local", Approval)], &["local", "person ben"]);
    }

    #[test]
    fn what_a_key_asks_for_takes_one_more() {
        for (approvals, author, expected) in
            [(0, "key 1", 0), (1, "key 1", 2), (1, "person ada", 1), (2, "local", 2)]
        {
            assert_eq!(needed(approvals, author), expected, "{approvals} {author}");
        }
    }

    #[test]
    fn only_what_is_open_expires() {
        let at = Instant::from_micros;
        for (state, now, expected) in [
            (State::Open, 9, "open"),
            (State::Open, 10, "expired"),
            (State::Refused, 99, "refused"),
        ] {
            assert_eq!(standing(&request(state), at(now)), expected);
        }
    }
}

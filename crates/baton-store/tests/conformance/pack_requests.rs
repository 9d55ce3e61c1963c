//! Drafts of packs, and requests to activate some with what was said to them.

use baton_store::pack_drafts::{self, Saved};
use baton_store::pack_requests::{self, Closing, NewRequest, Speaker, State, Word, WordKind};
use baton_store::{Scope, Store, StoreError};

use crate::harness::{at, on_each_engine, tenant};

on_each_engine!(
    a_draft_is_its_authors_and_is_saved_over_what_was_seen,
    a_request_is_spoken_to_and_closed_once,
);

fn conflicts<T: std::fmt::Debug>(outcome: &Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::Conflict { .. })), "{outcome:?}");
}

fn saved<'a>(author: &'a str, content: &'a [u8], seconds: i64) -> Saved<'a> {
    let (pack, person, base) = ("starter", "Ada", "1.0.0");
    Saved { pack, author, person, base, content, saved_at: at(seconds) }
}

fn a_draft_is_its_authors_and_is_saved_over_what_was_seen(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let save = |author, content: &[u8], over| {
        store.write(|tx| pack_drafts::save(tx, &scope, &saved(author, content, 1), over))
    };
    assert_eq!(save("ada", b"one", None).unwrap(), 1);
    conflicts(&save("ada", b"two", None));
    assert_eq!(save("ada", b"two", Some(1)).unwrap(), 2);
    conflicts(&save("ada", b"three", Some(1)));
    assert_eq!(save("ben", b"his", None).unwrap(), 1);
    let found = |scope: &Scope, author| {
        let draft = store.read(|tx| pack_drafts::get(tx, scope, "starter", author)).unwrap();
        draft.map(|draft| (draft.content, draft.revision, draft.base))
    };
    assert_eq!(found(&scope, "ada"), Some((b"two".to_vec(), 2, "1.0.0".into())));
    assert_eq!(found(&other, "ada"), None);
    let listed = |scope: &Scope| {
        let listed = store.read(|tx| pack_drafts::list(tx, scope)).unwrap();
        listed.into_iter().map(|draft| draft.author).collect::<Vec<_>>()
    };
    assert_eq!((listed(&scope), listed(&other).len()), (vec!["ada".into(), "ben".into()], 0));
    let partner = Scope::partner(scope.tenant_id().unwrap(), "speedy".into());
    let refused = store.read(|tx| pack_drafts::list(tx, &partner));
    assert!(matches!(refused, Err(StoreError::OutOfScope { .. })));
    let delete = || store.write(|tx| pack_drafts::delete(tx, &scope, "starter", "ada")).unwrap();
    assert_eq!([delete(), delete()], [true, false]);
}

fn a_request_is_spoken_to_and_closed_once(store: &Store) {
    let (scope, other) = (tenant(store, "main"), tenant(store, "other"));
    let ada = Speaker { author: "ada".into(), person: "Ada".into() };
    let ask = |scope: &Scope| {
        let new = NewRequest {
            wanted: "{}",
            reason: "a second connector",
            needed: 1,
            asked_by: &ada,
            asked_at: at(0),
            expires_at: at(100),
        };
        store.write(|tx| pack_requests::ask(tx, scope, &new)).unwrap()
    };
    let (first, second) = (ask(&scope), ask(&scope));
    let listed = |before| {
        let found = store.read(|tx| pack_requests::list(tx, &scope, before, 9)).unwrap();
        found.into_iter().map(|request| request.id).collect::<Vec<_>>()
    };
    assert_eq!((listed(None), listed(Some(second))), (vec![second, first], vec![first]));
    let ben = Speaker { author: "ben".into(), person: "Ben".into() };
    let word =
        |kind, words: &str| Word { by: ben.clone(), said_at: at(5), kind, words: words.into() };
    let said = [word(WordKind::Comment, "why now?"), word(WordKind::Approval, "")];
    for word in &said {
        store.write(|tx| pack_requests::say(tx, &scope, first, word)).unwrap();
    }
    assert_eq!(store.read(|tx| pack_requests::words(tx, &scope, first)).unwrap(), said);
    assert_eq!(store.read(|tx| pack_requests::words(tx, &scope, second)).unwrap(), []);
    let missing = store.write(|tx| pack_requests::say(tx, &other, first, &said[0]));
    assert!(matches!(missing, Err(StoreError::NotFound { .. })));
    let close = |state| {
        let closing = Closing { state, at: at(6), by: "Ben", activation: Some(7) };
        store.write(|tx| pack_requests::close(tx, &scope, first, &closing))
    };
    close(State::Granted).unwrap();
    conflicts(&close(State::Refused));
    let found = store.read(|tx| pack_requests::get(tx, &scope, first)).unwrap();
    let ends = (found.closed_at, found.activation);
    assert_eq!((found.state, ends), (State::Granted, (Some(at(6)), Some(7))));
    assert_eq!(found.asked_by, ada);
}

//! Tenants go out whole and come back whole, or are refused with the line and leave nothing.

use baton_core::fact::Fact;
use baton_core::identifier::{Identifier, ObjectKind};
use baton_store::{Scope, Store, StoreError, clusters, messages, outbox, tenants, whole};

use crate::harness::*;

on_each_engine! {
    a_tenant_comes_back_as_it_was,
    what_is_damaged_is_refused_with_its_line_and_leaves_nothing,
    what_is_taken_already_is_refused,
}

/// A tenant with a little of most things.
fn filled(store: &Store, key: &str) -> Scope {
    let scope = tenant(store, key);
    let shop = source_id(store, &scope, "shop");
    let new = [
        message(shop, Some("m-1"), "{\"note\":\"a \\\"quoted\\\" text\"}"),
        message(shop, Some("m-2"), &"long ".repeat(1_000)),
        message(shop, None, ""),
    ];
    let kept = store.write(|tx| messages::receive_batch(tx, &scope, &new)).unwrap();
    let mut ids: Vec<_> = messages::kept(&kept).into_iter().collect();
    ids.sort_unstable();
    let name = Identifier::new(ObjectKind::Order, "po", "northwind", "PO-1");
    let found = store.write(|tx| clusters::resolve(tx, &scope, &[vec![name.clone()]])).unwrap();
    let facts: Vec<Fact> =
        ids.iter().map(|id| note(&format!("é of {}", id.0), id.0, at(20))).collect();
    for fact in &facts {
        keep(store, &scope, found.clusters[0], std::slice::from_ref(fact));
    }
    scope
}

fn exported(store: &Store, key: &str) -> Vec<u8> {
    let mut out = Vec::new();
    whole::export(store, key, true, &mut out).unwrap();
    out
}

fn import(store: &Store, key: &str, bytes: &[u8]) -> Result<whole::Head, StoreError> {
    whole::import(store, Some(key), None, || Ok(bytes))
}

/// A second store of the first one's kind is not at hand, so the other is always embedded.
fn on_another(test: impl FnOnce(&Store)) {
    on_folder(|folder| {
        let location = baton_store::Location::Folder(folder.to_owned());
        let other = Store::open(&location, &baton_store::Settings::default()).unwrap();
        other.migrate().unwrap();
        test(&other);
    });
}

fn a_tenant_comes_back_as_it_was(store: &Store) {
    // Another tenant's rows are none of it.
    filled(store, "other");
    filled(store, "main");
    let bytes = exported(store, "main");
    assert!(!String::from_utf8(bytes.clone()).unwrap().contains("other"));
    on_another(|other| {
        let head = import(other, "main", &bytes).unwrap();
        assert_eq!((head.counts["message"], head.counts["fact"]), (3, 3));
        assert_eq!(exported(other, "main"), bytes);
        // What comes next has a number that is free.
        let tenant = other.read(|tx| tenants::by_key(tx, &Scope::operator(), "main")).unwrap();
        let scope = Scope::tenant(tenant.id);
        let shop = source_id(other, &scope, "shop");
        let again = [message(shop, Some("m-1"), "other"), message(shop, None, "next")];
        let receipts = other.write(|tx| messages::receive_batch(tx, &scope, &again)).unwrap();
        assert!(matches!(receipts[0], messages::Receipt::Differs { .. }));
        assert_eq!(messages::kept(&receipts).len(), 2);
        assert!(other.read(|tx| outbox::next_at(tx, &scope)).unwrap().is_none());
    });
}

/// The lines of an export with one of them changed.
fn with_line(bytes: &[u8], holds: &str, change: impl Fn(&str) -> String) -> (u64, Vec<u8>) {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut at = None;
    let lines: Vec<String> = (1..)
        .zip(text.split_inclusive('\n'))
        .map(|(number, line)| match at {
            None if line.contains(holds) => {
                at = Some(number);
                change(line)
            }
            _ => line.to_owned(),
        })
        .collect();
    (at.unwrap(), lines.concat().into_bytes())
}

fn what_is_damaged_is_refused_with_its_line_and_leaves_nothing(store: &Store) {
    filled(store, "main");
    let bytes = exported(store, "main");
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
    let replace = |from: &'static str, to: &'static str| {
        let (line, changed) = with_line(&bytes, from, |line| line.replacen(from, to, 1));
        (line, changed)
    };
    let cut = |at: usize| bytes[..at].to_vec();
    let all_but_end = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    on_another(|other| {
        for ((line, damaged), words) in [
            ((1, Vec::new()), "expected the first line of an export"),
            ((1, b"a letter\n".to_vec()), "expected the first line of an export"),
            (replace("\"baton_tenant\":1", "\"baton_tenant\":2"), "an export of form 2"),
            (
                with_line(&bytes, "\"schema\":", |line| {
                    line.replacen("\"schema\":", "\"schema\":9", 1)
                }),
                "`baton migrate`",
            ),
            (replace("\"clock\":\"real\"", "\"clock\":\"slow\""), "expected `real` or `simulated`"),
            ((lines, cut(bytes.len() - 1)), "a line that is cut off"),
            ((lines, cut(all_but_end)), "the end of the file, expected the line `end`"),
            (
                with_line(&bytes, "{\"fact\"", |_| String::new()),
                "found a line `whereabouts`, expected a line `fact`, 3 of 3",
            ),
            (with_line(&bytes, "{\"alias\"", |_| String::new()), "a line `alias`, 1 of 1"),
            (with_line(&bytes, "{\"cluster\"", |line| line.repeat(2)), "found a line `cluster`"),
            (replace("\"size\":", "\"length\":"), "`length`, expected what `message` has"),
            (replace("\"size\":5000", "\"size\":5001"), "the one that `hash` and `size` are of"),
            (replace("\"body\":\"bG", "\"body\":\"cG"), "found a body of 5000 bytes"),
            (replace("\"body\":\"bG", "\"body\":\"-G"), "bytes in base64"),
            (replace("\"repeats\":0", "\"repeats\":\"0\""), "expected a whole number"),
            (replace("é of", "e of"), "one that makes this id"),
            (replace("{\"end\"", "{\"and\""), "the line `end`"),
        ] {
            let Err(StoreError::Line { line: told, found, expected }) =
                import(other, "main", &damaged)
            else {
                panic!("not refused: {words}")
            };
            let text = format!("found {found}, expected {expected}");
            // What a line that is missing leads to shows in a later one.
            assert!(text.contains(words) && told >= line, "line {told} (of {line}): {text}");
        }
        let unnoticed =
            with_line(&bytes, "test/json", |line| line.replace("test/json", "test/jsun"));
        let refused = import(other, "main", &unnoticed.1).unwrap_err().to_string();
        assert!(refused.starts_with(&format!("line {lines}: found lines before it")), "{refused}");
        let more = [bytes.as_slice(), b"{}\n"].concat();
        let refused = import(other, "main", &more).unwrap_err().to_string();
        assert!(refused.contains("expected the end of the file"), "{refused}");
        for at in (0..bytes.len()).step_by(41) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x04;
            assert!(import(other, "main", &damaged).is_err(), "a bit at {at} was not noticed");
            assert!(import(other, "main", &bytes[..at]).is_err(), "cut at {at}");
        }
        assert_eq!(other.read(|tx| tenants::list(tx, &Scope::operator())).unwrap(), []);
        import(other, "main", &bytes).unwrap();
        assert_eq!(exported(other, "main"), bytes);
    });
}

fn what_is_taken_already_is_refused(store: &Store) {
    filled(store, "main");
    let bytes = exported(store, "main");
    let refused = import(store, "main", &bytes).unwrap_err().to_string();
    assert!(refused.contains("exists already"), "{refused}");
    on_another(|other| {
        filled(other, "main");
        let refused = import(other, "second", &bytes).unwrap_err().to_string();
        assert!(refused.contains("import the tenant into a store of its own"), "{refused}");
        assert_eq!(other.read(|tx| tenants::list(tx, &Scope::operator())).unwrap().len(), 1);
    });
    let missing = whole::export(store, "nobody", false, &mut Vec::new()).unwrap_err();
    assert_eq!(missing, StoreError::NotFound { what: "tenant", key: "nobody".into() });
}

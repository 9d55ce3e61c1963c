//! Whatever the bytes: every connector answers with parts, and each part with statements or a reason.

use std::path::Path;
use std::sync::LazyLock;

use baton_packs::{Connectors, Pack, Sender, connectors, shipped};
use proptest::prelude::*;

static READY: LazyLock<Connectors> = LazyLock::new(|| {
    let packs: Vec<Pack> = shipped().into_iter().filter_map(|f| Pack::from_files(f).0).collect();
    connectors(&packs).unwrap()
});

/// The inputs of the shipped fixtures.
static INPUTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let inputs = shipped().into_iter().flat_map(|pack| pack.files);
    inputs.filter(|(name, _)| name.contains("/input.")).map(|(_, bytes)| bytes).collect()
});

fn answers(bytes: &[u8]) {
    let sender = Sender { source: "s", partner: None, role: "carrier" };
    let at = "2026-05-03T14:10:00Z".parse().unwrap();
    let headers = [("X-Shopify-Topic".to_owned(), "orders/create".to_owned())];
    for connector in READY.values() {
        let parts = connector.interpret(bytes, &headers, at, sender);
        assert!(!parts.is_empty(), "{}", connector.name);
        for part in &parts {
            if let Err(faults) = &part.result {
                assert!(!faults.is_empty(), "{} {}", connector.name, part.part);
            }
        }
        // The same message is read the same way again.
        assert_eq!(parts, connector.interpret(bytes, &headers, at, sender));
        let _ = (connector.own_id(bytes, &headers), connector.content(bytes));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        answers(&bytes);
    }

    #[test]
    fn damaged_messages_are_answered(
        which in any::<proptest::sample::Index>(),
        cut in any::<proptest::sample::Index>(),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..6),
        whole in any::<bool>(),
    ) {
        let mut bytes = which.get(&INPUTS).clone();
        for (at, byte) in changes {
            let n = at.index(bytes.len());
            bytes[n] = byte;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        answers(&bytes);
    }
}

#[test]
fn the_corpus_of_fixtures_is_not_empty() {
    assert!(INPUTS.len() > 30, "{}", INPUTS.len());
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs").is_dir());
}

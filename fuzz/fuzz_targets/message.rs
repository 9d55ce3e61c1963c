//! Any bytes, to every connector that is shipped: the first byte says which. A message is never refused
//! as a whole and never stops anything: each part has its statements or its faults.
#![no_main]

use std::sync::{Arc, LazyLock};

use baton_core::time::Instant;
use baton_packs::{Connector, Pack, Sender, connectors, shipped};
use libfuzzer_sys::fuzz_target;

static CONNECTORS: LazyLock<Vec<Arc<Connector>>> = LazyLock::new(|| {
    let packs: Vec<Pack> =
        shipped().into_iter().filter_map(|files| Pack::from_files(files).0).collect();
    connectors(&packs).expect("shipped packs are sound").into_values().collect()
});

fuzz_target!(|bytes: &[u8]| {
    let Some((which, body)) = bytes.split_first() else { return };
    let connector = &CONNECTORS[usize::from(*which) % CONNECTORS.len()];
    let sender = Sender { source: "contoso", partner: Some("contoso"), role: "carrier" };
    let topic = "X-Shopify-Topic".to_owned();
    for headers in [vec![], vec![(topic, "orders/create".to_owned())]] {
        let parts = connector.interpret(body, &headers, Instant::from_seconds(1_770_000_000), sender);
        assert!(!parts.is_empty());
        for part in &parts {
            assert!(part.result.as_ref().err().is_none_or(|faults| !faults.is_empty()));
        }
        // What has a number is itself when it comes again.
        let number = connector.own_id(body, &headers);
        assert!(number.is_none() || connector.repeats(body, body, &headers));
    }
});

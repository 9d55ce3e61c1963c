//! Other people's payloads: `BATON_CORPUS` names a folder with `payloads/fixtures`. Each is mapped or
//! refused with a reason; none panics.

use std::path::{Path, PathBuf};

use baton_packs::{Pack, Sender, connectors, shipped};

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, all) } else { all.push(path) }
    }
}

#[test]
fn payloads_are_mapped_or_refused_with_a_reason() {
    let Some(folder) = std::env::var_os("BATON_CORPUS").map(PathBuf::from) else {
        println!("skipped: BATON_CORPUS is not set");
        return;
    };
    let mut all = Vec::new();
    files(&folder.join("payloads"), &mut all);
    assert!(!all.is_empty(), "no payloads in {}", folder.display());
    let packs: Vec<Pack> = shipped().into_iter().filter_map(|f| Pack::from_files(f).0).collect();
    let ready = connectors(&packs).unwrap();
    let sender = Sender { source: "shop", partner: Some("shop"), role: "commerce" };
    let topics = ["orders/create", "orders/updated", "fulfillments/create", "fulfillments/update"];
    let mut mapped = 0;
    for path in &all {
        let bytes = std::fs::read(path).unwrap();
        for connector in ready.values() {
            for topic in topics {
                let headers = [("X-Shopify-Topic".to_owned(), topic.to_owned())];
                let at = "2026-05-03T14:10:00Z".parse().unwrap();
                let parts = connector.interpret(&bytes, &headers, at, sender);
                assert!(!parts.is_empty(), "{}", path.display());
                for part in parts {
                    match part.result {
                        Ok(statements) => mapped += usize::from(!statements.is_empty()),
                        Err(faults) => {
                            let reasons = faults.iter().all(|f| !f.expected.is_empty());
                            assert!(!faults.is_empty() && reasons, "{}", path.display());
                        }
                    }
                }
            }
        }
    }
    assert!(mapped > 0, "nothing was mapped");
}

/// A published order and fulfilment are not only survived but read.
#[test]
fn a_published_shopify_order_is_read() {
    let Some(folder) = std::env::var_os("BATON_CORPUS").map(PathBuf::from) else {
        println!("skipped: BATON_CORPUS is not set");
        return;
    };
    let packs: Vec<Pack> = shipped().into_iter().filter_map(|f| Pack::from_files(f).0).collect();
    let ready = connectors(&packs).unwrap();
    let sender = Sender { source: "shop", partner: Some("shop"), role: "commerce" };
    for (file, member, topic) in [
        ("order.json", "order", "orders/create"),
        ("fulfillment.json", "fulfillment", "fulfillments/create"),
    ] {
        let bytes = std::fs::read(folder.join("payloads/fixtures/shopify").join(file)).unwrap();
        // The published files are answers of the API; a webhook sends what is inside.
        let whole: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let inner = whole.get(member).unwrap_or(&whole).to_string();
        let headers = [("x-shopify-topic".to_owned(), topic.to_owned())];
        let at = "2026-05-03T14:10:00Z".parse().unwrap();
        let parts = ready["shopify"].interpret(inner.as_bytes(), &headers, at, sender);
        let statements = parts[0].result.as_ref().unwrap_or_else(|f| panic!("{file}: {f:#?}"));
        assert!(statements.len() > 2, "{file}: {statements:?}");
    }
}

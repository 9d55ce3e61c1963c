//! Orders over HTTP: filters, pages, the whole of one, as of an earlier instant, explained.

use serde_json::{Value, json};

use super::bench::*;

#[test]
fn lists_are_filtered_and_paged() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    for n in 0..7 {
        let supplier = if n % 2 == 0 { "FABRIKAM" } else { "LITWARE" };
        bench.send(&tenant, &booked(&format!("SO-{n}"), Some(supplier)));
    }
    bench.settle();
    let count = |query: &str| {
        bench.get(&tenant.admin, &format!("/v1/orders?limit=500&{query}")).items().len()
    };
    for (query, expected) in [
        ("", 7),
        ("partner=fabrikam", 4),
        ("partner=nobody", 0),
        ("phase=placed,confirmed,unplaced", 7),
        ("phase=delivered", 0),
        ("late=true", 0),
        ("q=SO-3", 1),
        ("q=%23SO-3", 1),
        ("q=coffee", 7),
        ("q=SO-", 7),
        ("identifier=SO-3", 1),
        ("identifier=PO-SO-3", 1),
        ("identifier=SO-", 0),
        ("promised_from=2026-03-20T00:00:00Z", 7),
        ("promised_to=2026-03-20T00:00:00Z", 0),
        ("promised_from=2026-04-01T00:00:00Z", 0),
    ] {
        assert_eq!(count(query), expected, "{query}");
    }
    for list in
        ["/v1/orders?sort=promised&", "/v1/orders?sort=late&", "/v1/messages?", "/v1/exceptions?"]
    {
        let whole = bench.get(&tenant.admin, &format!("{list}limit=500")).items();
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = bench.get(&tenant.admin, &format!("{list}limit=3{cursor}"));
            seen.extend(page.items());
            match page.json()["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, whole, "{list}");
    }
}

#[test]
fn an_order_is_shown_now_as_it_was_and_by_any_id() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    bench.send(&tenant, &booked("SO-1", Some("FABRIKAM")));
    bench.settle();
    let id = bench.order(&tenant, "SO-1");
    let clock = &bench.engine.tenants()[0].clock;
    clock.advance_to("2026-03-06T00:00:00Z".parse().unwrap());
    let mut confirmed = booked("SO-1", Some("FABRIKAM"));
    confirmed["type"] = "order-confirmed".into();
    confirmed["message_id"] = "m-2".into();
    confirmed["lines"][0]["quantity_confirmed"] = 8.into();
    bench.send(&tenant, &confirmed);
    bench.settle();
    let phase =
        |query: &str| bench.get(&tenant.admin, &format!("/v1/orders/{id}{query}")).text("phase");
    assert_eq!(phase(""), "confirmed");
    assert_ne!(phase("?as_of=2026-03-05T12:00:00Z"), "confirmed");
    let shown = bench.get(&tenant.admin, &format!("/v1/orders/{id}"));
    assert_eq!(shown.header("content-location"), format!("/v1/orders/{id}"));
    // The order that a person says is the same answers to both ids.
    bench.call(&tenant.admin, "POST", "/v1/packs").json(&pack(ACME));
    bench.acme(&tenant, &["9"]);
    bench.settle();
    let other = bench.order(&tenant, "PO-9");
    assert_eq!(bench.get(&tenant.admin, "/v1/orders").items().len(), 2);
    let identifier =
        bench.get(&tenant.admin, &format!("/v1/orders/{other}")).json()["name"].clone();
    let link = json!({ "kind": "link", "identifier": identifier });
    let linked = bench.call(&tenant.admin, "POST", &format!("/v1/orders/{id}/facts")).json(&link);
    assert_eq!(linked.status, 202, "{}", linked.json());
    bench.settle();
    let joined: Vec<String> = [&id, &other]
        .iter()
        .map(|old| {
            let reply = bench.get(&tenant.admin, &format!("/v1/orders/{old}"));
            let now = reply.text("id");
            assert_eq!(reply.header("content-location"), format!("/v1/orders/{now}"));
            now
        })
        .collect();
    assert_eq!(joined[0], joined[1]);
    assert_eq!(bench.get(&tenant.admin, "/v1/orders").items().len(), 1);
}

#[test]
fn a_claim_is_followed_to_the_bytes() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let message = bench.send(&tenant, &booked("SO-1", Some("FABRIKAM"))).text("id");
    bench.settle();
    let order = format!("/v1/orders/{}", bench.order(&tenant, "SO-1"));
    let explain = |claim: &str| bench.get(&tenant.admin, &format!("{order}/explain?claim={claim}"));
    for (claim, bytes) in [
        ("promise", "2026-03-20"),
        ("milestone:T60", "2026-03-20"),
        ("line:10", "\"quantity\":8"),
        ("line:10:ordered", "\"quantity\":8"),
        ("line:10:price", "49.00"),
        ("field:total", "42008.00"),
    ] {
        let reply = explain(claim);
        assert_eq!(reply.status, 200, "{claim}: {}", reply.json());
        let facts = reply.json()["facts"].as_array().unwrap().clone();
        assert!(!facts.is_empty(), "{claim}");
        let shown: Vec<&str> = facts.iter().filter_map(|f| f["excerpt"]["text"].as_str()).collect();
        assert!(shown.iter().any(|text| text.contains(bytes)), "{claim}: {shown:?}");
        assert!(facts.iter().all(|fact| fact["message"] == message.as_str()), "{claim}");
    }
    let timeline = bench.get(&tenant.admin, &format!("{order}/timeline?limit=500")).items();
    assert!(timeline.len() > 10);
    let exceptions = bench.get(&tenant.admin, "/v1/exceptions").items();
    for exception in exceptions {
        let id = exception["id"].as_str().unwrap();
        let detail = bench.get(&tenant.admin, &format!("/v1/exceptions/{id}")).json();
        assert_eq!(detail["derived"]["id"], id, "{detail}");
    }
}

/// The starter pack under another version.
fn changed_starter(bench: &Bench, tenant: &Tenant) -> Value {
    let mut pack = bench.get(&tenant.admin, "/v1/packs/starter").json();
    let files = pack["files"].as_object_mut().unwrap();
    let manifest = files["pack.yaml"].as_str().unwrap().replace("version: 1.0.0", "version: 1.0.1");
    assert!(manifest.contains("1.0.1"), "{manifest}");
    files.insert("pack.yaml".into(), manifest.into());
    json!({ "files": files })
}

#[test]
fn what_if_says_what_would_differ_and_writes_nothing() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let mut raised = booked("SO-1", Some("FABRIKAM"));
    raised["type"] = "po-raised".into();
    bench.send(&tenant, &raised);
    // A clock runs only for an owner that is heard at all.
    bench.call(&tenant.feed, "POST", "/v1/sources/fabrikam-feed/messages").raw("{}");
    bench.settle();
    let order = format!("/v1/orders/{}", bench.order(&tenant, "SO-1"));
    let before = bench.get(&tenant.admin, &order).json();
    let what_if = |pack: Value| {
        bench
            .call(&tenant.admin, "POST", &format!("{order}/what-if"))
            .json(&json!({ "packs": [pack] }))
    };
    let same = what_if(changed_starter(&bench, &tenant));
    assert_eq!(same.status, 200, "{}", same.json());
    assert_eq!(same.json()["differences"], json!([]));
    assert!(same.text("packs").contains("starter@1.0.1"), "{}", same.text("packs"));
    let mut changed = changed_starter(&bench, &tenant);
    let slas = changed["files"]["slas.yaml"].as_str().unwrap().replace("target: 8h", "target: 1h");
    changed["files"]["slas.yaml"] = slas.into();
    let other = what_if(changed).json();
    let targets: Vec<&Value> = other["differences"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["path"] == "/clocks/supplier-acknowledges/target")
        .collect();
    assert_eq!(targets.len(), 1, "{}", other["differences"]);
    assert_eq!((&targets[0]["was"], &targets[0]["is"]), (&json!("8h"), &json!("1h")));
    let stored = what_if(json!({ "pack": "starter", "version": "1.0.0" }));
    assert_eq!(stored.json()["differences"], json!([]));
    let unknown = what_if(json!({ "pack": "starter", "version": "7.0.0" }));
    assert_eq!(unknown.outcome(), "not_found");
    let broken = what_if(json!({ "files": { "pack.yaml": "name: Broken" } }));
    assert_eq!((broken.status, broken.outcome().as_str()), (422, "pack_faults"));
    assert!(broken.json()["findings"].as_array().is_some_and(|f| !f.is_empty()));
    assert_eq!(bench.get(&tenant.admin, &order).json(), before);
    assert_eq!(bench.get(&tenant.admin, "/v1/packs").items().len(), 4);
}

#[test]
fn what_people_state_shows_in_the_order() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    bench.send(&tenant, &booked("SO-1", Some("FABRIKAM")));
    bench.settle();
    let order = format!("/v1/orders/{}", bench.order(&tenant, "SO-1"));
    let state = |body: Value| {
        let reply = bench.call(&tenant.admin, "POST", &format!("{order}/facts")).json(&body);
        assert_eq!(reply.status, 202, "{body}: {}", reply.json());
        bench.settle();
        reply
    };
    let noted = state(json!({ "kind": "note", "text": "rang the customer" }));
    assert_eq!(noted.text("person"), "first-administrator");
    state(json!({ "kind": "milestone", "milestone": "O30", "at": "2026-03-04T09:00:00Z" }));
    let shown = bench.get(&tenant.admin, &order).json();
    assert_eq!(shown["phase"], "confirmed", "{shown}");
    let timeline = bench.get(&tenant.admin, &format!("{order}/timeline?limit=500")).items();
    let milestone =
        timeline.iter().find(|f| f["stated"]["progress"]["milestone"] == "O30").unwrap();
    state(json!({ "kind": "strike", "fact": milestone["id"], "reason": "too early" }));
    assert_ne!(bench.get(&tenant.admin, &order).json()["phase"], "confirmed");
}

#[test]
fn a_claim_of_an_interchange_is_followed_to_its_segment() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let body = json!({ "source": "fabrikam-edi", "role": "seller", "connector": "x12-retail" });
    let key = bench.call(&tenant.admin, "POST", "/v1/sources").json(&body).text("key");
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/x12-retail/fixtures");
    let interchange = std::fs::read(format!("{fixtures}/850-purchase-order/input.edi")).unwrap();
    let call = bench.call(&key, "POST", "/v1/sources/fabrikam-edi/messages");
    let sent = call.with("Content-Type", "application/edi-x12").raw(interchange.clone());
    assert_eq!(sent.status, 202);
    bench.settle();
    let order = bench.order(&tenant, "4500011196");
    let path = format!("/v1/orders/{order}/explain?claim=line:20:ordered");
    let facts = bench.get(&tenant.admin, &path).json()["facts"].clone();
    let excerpt = &facts[0]["excerpt"];
    assert!(excerpt["text"].as_str().unwrap().starts_with("PO1*20*8*EA*725.00"), "{facts}");
    let offset = excerpt["offset"].as_u64().unwrap() as usize;
    assert!(interchange[offset..].starts_with(b"PO1*20*"));
}

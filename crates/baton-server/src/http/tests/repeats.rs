//! Writes that are repeated with one idempotency key happen once.

use serde_json::json;

use super::bench::*;

#[test]
fn a_write_that_is_sent_again_is_answered_as_it_was() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let post = |path: &str, key: &str, body: &serde_json::Value| {
        bench.call(&tenant.admin, "POST", path).with("Idempotency-Key", key).json(body)
    };
    let body = json!({ "source": "acme-wms", "role": "warehouse", "connector": "acme" });
    let first = post("/v1/sources", "k1", &body);
    let again = post("/v1/sources", "k1", &body);
    assert_eq!((first.status, again.status), (201, 201));
    assert!(first.json()["key"].is_string());
    // The secret is shown once; all else is the same.
    let mut shown = first.json();
    shown.as_object_mut().unwrap().remove("key");
    assert_eq!(again.json(), shown);
    let other = json!({ "source": "acme-tms", "role": "carrier", "connector": "acme" });
    let reused = post("/v1/sources", "k1", &other);
    assert_eq!((reused.status, reused.outcome().as_str()), (422, "idempotency_key_reused"));
    assert_eq!(post("/v1/partners", "k1", &other).outcome(), "idempotency_key_reused");
    assert_eq!(post("/v1/sources", "k2", &body).outcome(), "conflict");
    // A refusal is not kept: the same key may be used once the fault is mended.
    assert_eq!(post("/v1/sources", "k2", &other).outcome(), "ok");
    // Other callers have keys of their own.
    let second = bench.key(&tenant, "admin", None);
    let call = bench.call(&second, "POST", "/v1/sources").with("Idempotency-Key", "k1");
    assert_eq!(
        call.json(&json!({ "source": "b", "role": "carrier", "connector": "a" })).outcome(),
        "ok"
    );
}

#[test]
fn a_fact_is_stated_once_however_often_it_is_sent() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    bench.send(&tenant, &booked("SO-1", None));
    bench.settle();
    let path = format!("/v1/orders/{}/facts", bench.order(&tenant, "SO-1"));
    let state = |text: &str| {
        let call = bench.call(&tenant.admin, "POST", &path).with("Idempotency-Key", "n1");
        call.json(&json!({ "kind": "note", "text": text }))
    };
    let (first, again) = (state("rang them"), state("rang them"));
    assert_eq!((first.status, first.json()), (202, again.json()));
    assert_eq!(state("something else").outcome(), "idempotency_key_reused");
    bench.settle();
    let timeline = bench.get(&tenant.admin, &path.replace("/facts", "/timeline?limit=500"));
    let notes = timeline.items().into_iter().filter(|f| f["stated"]["noted"].is_object()).count();
    assert_eq!(notes, 1);
}

#[test]
fn a_write_that_is_refused_changes_nothing() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let before = bench.get(&tenant.admin, "/v1/sources").json();
    for body in [
        json!({ "source": "Acme WMS", "role": "warehouse", "connector": "acme" }),
        json!({ "source": "acme", "role": "warehouse", "connector": "person" }),
        json!({ "source": "acme", "role": "warehouse", "connector": "acme", "partner": "nobody" }),
        json!({ "source": "acme", "role": "warehouse", "connector": "acme", "silent_after": "soon" }),
        json!({ "source": "acme", "role": "boss", "connector": "acme" }),
        json!({ "source": "acme", "role": "warehouse", "connector": "acme", "colour": "blue" }),
        json!({ "source": "people", "role": "warehouse", "connector": "acme" }),
    ] {
        let reply = bench.call(&tenant.admin, "POST", "/v1/sources").json(&body);
        assert!((400..500).contains(&reply.status), "{body}");
    }
    assert_eq!(bench.get(&tenant.admin, "/v1/sources").json(), before);
}

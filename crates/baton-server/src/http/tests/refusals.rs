//! What is asked badly is refused with a problem that says what was wrong.

use serde_json::{Value, json};

use super::bench::*;

#[test]
fn refusals_say_what_was_wrong_and_what_was_expected() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    bench.send(&tenant, &booked("SO-1", None));
    bench.settle();
    let order = format!("/v1/orders/{}", bench.order(&tenant, "SO-1"));
    let check = |path: &str, status: u16, code: &str, words: &str| {
        let reply = bench.get(&tenant.admin, path);
        assert_eq!((reply.status, reply.outcome().as_str()), (status, code), "{path}");
        let problem = reply.json();
        assert!(problem["detail"].as_str().unwrap().contains(words), "{path}: {problem}");
        assert_eq!(problem["type"], format!("/docs/errors/{code}"));
        assert_eq!(problem["status"], status);
        assert_eq!(reply.header("content-type"), "application/problem+json");
    };
    check("/v1/orders?colour=blue", 400, "query_wrong", "unknown field `colour`, expected one of");
    check("/v1/orders?limit=0", 400, "query_wrong", "1 to 500");
    check("/v1/orders?limit=many", 400, "query_wrong", "limit");
    check("/v1/orders?sort=price", 400, "query_wrong", "`updated`, `promised`, `late`");
    check("/v1/orders?phase=lost", 400, "query_wrong", "partly_shipped");
    check("/v1/orders?promised_from=monday", 400, "query_wrong", "RFC 3339");
    check("/v1/orders?cursor=1.2", 400, "cursor_wrong", "next_cursor");
    check(&format!("/v1/orders?q={}", "x".repeat(5_000)), 400, "query_wrong", "longer than");
    check("/v1/orders/ord_1", 404, "not_found", "`ord_1`");
    check("/v1/orders/ord_00000000000000000000", 404, "not_found", "no order");
    check(&format!("/v1/orders/{}", "x".repeat(300)), 404, "not_found", "so long");
    check(&format!("{order}?as_of=2026-03-04T00:00:00Z"), 404, "not_found", "known at 2026-03-04");
    check(&format!("{order}/explain?claim=milestone:T60x"), 404, "claim_unknown", "T60x");
    check(&format!("{order}/explain?claim=line:99:shipped"), 404, "claim_unknown", "line:99");
    check(&format!("{order}/explain"), 400, "query_wrong", "claim");
    check(
        &format!("{order}/timeline?cursor=fct_00000000000000000000"),
        400,
        "cursor_wrong",
        "next",
    );
    check("/v1/exceptions?code=E-1", 400, "query_wrong", "E-TRN-05");
    check("/v1/exceptions?state=bad", 400, "query_wrong", "cleared");
    check("/v1/exceptions/exc_1", 404, "not_found", "exc_1");
    check("/v1/messages/msg_1", 404, "not_found", "msg_1");
    check("/v1/messages?source=nobody", 404, "not_found", "nobody");
    check("/v1/quarantine/qrt_1", 404, "not_found", "quarantine");
    check("/v1/quarantine?state=bad", 400, "query_wrong", "discarded");
    check("/v1/packs/none", 404, "not_found", "none");
    check("/v1/packs/starter?version=9.9.9", 404, "not_found", "starter@9.9.9");
    check("/v1/sources/nobody", 404, "not_found", "nobody");
    check("/v1/outbox?state=lost", 400, "query_wrong", "delivered");
    check("/v1/nothing", 404, "no_such_path", "/v1/nothing");
    check("/v1/orders/a/b/c", 404, "no_such_path", "/v1/orders/a/b/c");
    check("/v1/verify", 405, "method_not_allowed", "GET /v1/verify");
}

#[test]
fn wrong_bodies_are_refused_with_their_place() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    bench.send(&tenant, &booked("SO-1", None));
    bench.settle();
    let facts = format!("/v1/orders/{}/facts", bench.order(&tenant, "SO-1"));
    let none = "ord_00000000000000000000";
    let other = json!({ "kind": "order", "scheme": "po", "issuer": "acme", "value": "N/A" });
    let shipment = json!({ "kind": "shipment", "scheme": "asn", "issuer": "acme", "value": "A-1" });
    for (path, body, code, words) in [
        ("/v1/keys", "{".to_owned(), "body_wrong", "line 1"),
        ("/v1/keys", "[".repeat(70), "nested_too_deep", "64"),
        ("/v1/keys", "x".repeat(2 << 20), "body_too_long", "1048576"),
        (
            "/v1/subscriptions",
            json!({ "url": "ftp://acme.example" }).to_string(),
            "value_wrong",
            "https",
        ),
        ("/v1/packs", json!({ "packs": [] }).to_string(), "value_wrong", "1 to 20"),
        (&facts, json!({ "kind": "shout" }).to_string(), "body_wrong", "shout"),
        (&facts, json!({ "kind": "note", "text": " " }).to_string(), "fact_wrong", "text"),
        (
            &facts,
            json!({ "kind": "milestone", "milestone": "T99" }).to_string(),
            "body_wrong",
            "T99",
        ),
        (
            &facts,
            json!({ "kind": "milestone", "milestone": "T60", "object": none }).to_string(),
            "fact_wrong",
            none,
        ),
        (
            &facts,
            json!({ "kind": "link", "identifier": other }).to_string(),
            "fact_wrong",
            "no number",
        ),
        (
            &facts,
            json!({ "kind": "link", "identifier": shipment }).to_string(),
            "fact_wrong",
            "expected order",
        ),
        (
            &facts,
            json!({ "kind": "waive", "exception": "exc_00000000000000000000", "reason": "a" })
                .to_string(),
            "fact_wrong",
            "none of this id",
        ),
        (
            &facts,
            json!({ "kind": "strike", "fact": "fct_00000000000000000000", "reason": "a" })
                .to_string(),
            "fact_wrong",
            "none of this id",
        ),
    ] {
        let reply = bench.call(&tenant.admin, "POST", path).raw(body.clone());
        let shown: String = body.chars().take(80).collect();
        assert_eq!(reply.outcome(), code, "{path} {shown}: {}", reply.json());
        assert!(reply.text("detail").contains(words), "{shown}: {}", reply.json());
    }
}

/// Pages in other languages, and scripts, go by a sentence's name and values.
#[test]
fn refusals_name_what_they_say() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let check = |method: &str, path: &str, body: Value, name: &str, values: Value| {
        let reply = bench.call(&tenant.admin, method, path).json(&body);
        let wording = json!({ "name": name, "values": values });
        assert_eq!(reply.json()["wording"], wording, "{path}: {}", reply.json());
    };
    let source = json!({ "source": "parcels", "role": "carrier", "connector": "none" });
    let partner = |name: &str| json!({ "partner": "p", "name": name, "role": "carrier" });
    let other = json!({ "label": "a", "role": "partner", "partner": null });
    let missing = json!({ "what": "view", "key": "viw_9" });
    check("DELETE", "/v1/views/viw_9", Value::Null, "not_found", missing);
    let short = json!({ "field": "name", "least": "1", "most": "1000" });
    check("POST", "/v1/partners", partner(" "), "length", short);
    check("POST", "/v1/keys", other, "partner_missing", json!({ "field": "partner" }));
    let phases = json!({ "field": "state", "found": "x", "known": "open, reread, discarded, all" });
    check("GET", "/v1/quarantine?state=x", Value::Null, "none_of", phases);
    let instant = json!({ "field": "as_of", "found": "noon" });
    check("GET", "/v1/orders/ord_0/timeline?as_of=noon", Value::Null, "value_wrong", instant);
    let feed = json!({ "what": "source", "key": "parcels", "why": "exists already" });
    assert_eq!(bench.call(&tenant.admin, "POST", "/v1/sources").json(&source).status, 201);
    check("POST", "/v1/sources", source, "conflict", feed);
    // What reads a query or a body has words of its own for what is wrong; where it is, is told.
    let field = json!({ "field": "limit" });
    check("GET", "/v1/orders?limit=many", Value::Null, "field", field);
    let explain = "/v1/orders/ord_00000000000000000000/explain";
    check("GET", explain, Value::Null, "parameter", json!({}));
    let reply = bench.call(&tenant.admin, "POST", "/v1/keys").raw("{\n\"".to_owned());
    let place = json!({ "name": "place", "values": { "line": "2", "column": "1" } });
    assert_eq!(reply.json()["wording"], place);
    let nowhere = json!({ "path": "/v1/nothing" });
    check("GET", "/v1/nothing", Value::Null, "no_path", nowhere);
    let listener = json!({ "url": "ftp://acme.example", "events": [] });
    let no_url = json!({ "field": "url", "found": "ftp://acme.example" });
    check("POST", "/v1/subscriptions", listener, "no_url", no_url);
    let files = json!({ "pack.yaml": "pack: [" });
    let packs = json!({ "packs": [{ "files": files }], "move_orders": false });
    let reply = bench.call(&tenant.admin, "POST", "/v1/packs").json(&packs);
    assert_eq!(reply.json()["wording"]["name"], "pack_fault", "{}", reply.json());
}

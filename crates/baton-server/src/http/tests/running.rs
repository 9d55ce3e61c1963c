//! Running a tenant over HTTP: sources, keys, packs, subscriptions.

use serde_json::{Value, json};

use super::bench::*;

#[test]
fn a_pack_is_checked_activated_and_what_waited_is_read_again() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let message = bench.acme(&tenant, &["1", "2", "3"]).remove(0);
    bench.settle();
    let items =
        bench.get(&tenant.admin, "/v1/quarantine?code=no_connector&source=acme-wms").items();
    assert_eq!(items.len(), 3, "{items:?}");
    assert!(items[0]["error"]["message"].as_str().unwrap().contains("`acme`"), "{items:?}");
    assert_eq!(bench.get(&tenant.admin, "/v1/quarantine?source=northwind-erp").items().len(), 0);
    let post = |path: &str, body: &Value| bench.call(&tenant.admin, "POST", path).json(body);
    let faulty = post("/v1/packs", &pack(&ACME.replace("format: json", "format: jason")));
    assert_eq!((faulty.status, faulty.outcome().as_str()), (422, "pack_faults"));
    let finding = &faulty.json()["findings"][0];
    assert_eq!(
        (finding["file"].as_str(), finding["line"].as_i64()),
        (Some("connectors/acme.yaml"), Some(4))
    );
    let mut only_check = pack(ACME);
    only_check["check_only"] = true.into();
    assert_eq!(post("/v1/packs", &only_check).json()["activated"], false);
    assert_eq!(bench.get(&tenant.admin, "/v1/packs/acme").outcome(), "not_found");
    let done = post("/v1/packs", &pack(ACME));
    assert_eq!(done.status, 201, "{}", done.json());
    let shown = bench.get(&tenant.admin, "/v1/packs/acme").json();
    assert_eq!(shown["files"]["connectors/acme.yaml"], ACME);
    assert_eq!(shown["activated_by"], "first-administrator");
    let other = post("/v1/packs", &pack(&ACME.replace("Stock", "Other")));
    assert_eq!(other.outcome(), "conflict", "a version keeps its content");
    let id = items[0]["id"].as_str().unwrap();
    let one = post(&format!("/v1/quarantine/{id}/reread"), &json!({}));
    assert_eq!(one.json(), json!({ "messages": 1, "facts": 1, "faults": 0, "more": false }));
    assert_eq!(post(&format!("/v1/quarantine/{id}/reread"), &json!({})).outcome(), "conflict");
    let discarded = items[1]["id"].as_str().unwrap();
    let discard = format!("/v1/quarantine/{discarded}/discard");
    assert_eq!(post(&discard, &json!({ "reason": " " })).outcome(), "value_wrong");
    let gone = post(&discard, &json!({ "reason": "a test of theirs" })).json();
    assert_eq!(
        (gone["state"].as_str(), gone["closed_by"].as_str()),
        (Some("discarded"), Some("first-administrator"))
    );
    let rest = post("/v1/quarantine/reread", &json!({ "code": "no_connector" }));
    assert_eq!(rest.json()["messages"], 1, "{}", rest.json());
    assert_eq!(bench.get(&tenant.admin, "/v1/quarantine").items().len(), 0);
    assert_eq!(bench.get(&tenant.admin, "/v1/quarantine?state=all").items().len(), 3);
    bench.settle();
    assert_eq!(bench.get(&tenant.admin, "/v1/orders").items().len(), 2);
    let readings = bench.get(&tenant.admin, &format!("/v1/messages/{message}")).json();
    assert_eq!(readings["readings"].as_array().unwrap().len(), 1, "{readings}");
    let verified = bench.call(&tenant.admin, "POST", "/v1/verify").send();
    assert_eq!(verified.json()["differences"], json!([]), "{}", verified.json());
}

#[test]
fn subscriptions_show_their_secret_once_and_their_deliveries() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let body = json!({ "url": "http://127.0.0.1:9/hook", "events": ["exception.*"] });
    let made = bench.call(&tenant.admin, "POST", "/v1/subscriptions").json(&body);
    assert_eq!(made.status, 201);
    assert!(made.text("secret").starts_with("whsec_"));
    let listed = bench.get(&tenant.admin, "/v1/subscriptions").items();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].get("secret").is_none());
    let path = format!("/v1/subscriptions/{}", made.text("id"));
    let off = bench.call(&tenant.admin, "POST", &path).json(&json!({ "disabled": true }));
    assert!(off.json()["disabled_at"].is_string());
    let none = bench.call(&tenant.admin, "POST", "/v1/subscriptions/sub_99");
    assert_eq!(none.json(&json!({ "disabled": true })).outcome(), "not_found");
    for state in ["pending", "delivered", "dead"] {
        assert_eq!(bench.get(&tenant.admin, &format!("/v1/outbox?state={state}")).items().len(), 0);
    }
    let retry = bench.call(&tenant.admin, "POST", "/v1/outbox/cmd_1/retry").send();
    assert_eq!(retry.outcome(), "not_found");
}

#[test]
fn metrics_are_for_those_who_run_the_server() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    bench.send(&tenant, &booked("SO-1", None));
    let monitor = bench.key(&tenant, "monitor", None);
    let text = String::from_utf8(bench.get(&monitor, "/metrics").body).unwrap();
    for line in [
        "baton_events_received_total{source_type=\"starter-erp\",message_type=\"application/json\",result=\"accepted\"} 1",
        "baton_quarantine_items{tenant=\"northwind\"} 0",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\nin\n{text}");
    }
    let feed = "baton_feed_last_event_timestamp_seconds{tenant=\"northwind\",partner=";
    assert!(text.lines().any(|l| l.starts_with(feed) && l.contains("northwind-erp")), "{text}");
    let call = "baton_http_calls_total{endpoint=\"send_message\",status=\"202\"} 1";
    assert!(text.lines().any(|l| l == call), "{text}");
    let caller = bench.get(&monitor, "/v1/caller").json();
    assert_eq!(caller["role"], "monitor");
}

//! Messages over HTTP: receipts, duplicates, batches, limits.

use std::io::Write as _;

use axum::body::Body;
use axum::http::Request;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::bench::*;
use crate::settings::Settings;

const ERP: &str = "/v1/sources/northwind-erp/messages";

#[test]
fn a_message_is_kept_byte_for_byte_and_becomes_an_order() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let body = format!(" {}\r\n", booked("SO-1", None));
    let sent = bench
        .call(&tenant.source, "POST", ERP)
        .with("Content-Type", "application/json; charset=utf-8")
        .with("X-Topic", "orders/booked")
        .with("X-Forwarded-For", "10.0.0.1")
        .with("Cookie", "secret=1")
        .raw(body.clone());
    assert_eq!((sent.status, sent.header("baton-result")), (202, "accepted"));
    bench.settle();
    let path = format!("/v1/messages/{}", sent.text("id"));
    let raw = bench.get(&tenant.admin, &format!("{path}/raw"));
    assert_eq!(raw.body, body.as_bytes());
    assert_eq!(raw.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(raw.header("x-content-type-options"), "nosniff");
    let shown = bench.get(&tenant.admin, &path).json();
    assert_eq!(shown["source"], "northwind-erp");
    assert_eq!(shown["headers"], json!({ "x-topic": "orders/booked" }));
    assert_eq!(shown["received_at"], "2026-03-05T00:00:00Z");
    assert!(shown["facts"].as_array().unwrap().len() > 5, "{shown}");
    assert_eq!(shown["quarantine"], json!([]));
    assert_eq!(bench.get(&tenant.admin, "/v1/orders?identifier=SO-1").items().len(), 1);
}

#[test]
fn duplicates_are_answered_as_the_first_was() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let first = bench.send(&tenant, &booked("SO-1", None));
    let again = bench.send(&tenant, &booked("SO-1", None));
    assert_eq!((again.status, again.json()), (first.status, first.json()));
    assert_eq!(again.header("baton-result"), "duplicate");
    let mut other = booked("SO-1", None);
    other["total"] = "1.00".into();
    let differs = bench.send(&tenant, &other);
    assert_eq!(differs.header("baton-result"), "differs");
    assert_eq!(differs.json()["same_number_as"], first.json()["id"]);
    let shown = bench.get(&tenant.admin, &format!("/v1/messages/{}", first.text("id"))).json();
    assert_eq!(shown["repeats"], 1);
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn compressed_bodies_are_kept_compressed_and_read_plain() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let body = gzip(booked("SO-1", None).to_string().as_bytes());
    let sent =
        bench.call(&tenant.source, "POST", ERP).with("Content-Encoding", "gzip").raw(body.clone());
    assert_eq!(sent.status, 202);
    bench.settle();
    let raw = bench.get(&tenant.admin, &format!("/v1/messages/{}/raw", sent.text("id")));
    assert_eq!(raw.body, body);
    assert_eq!(bench.get(&tenant.admin, "/v1/orders").items().len(), 1);
}

#[test]
fn each_line_of_a_batch_has_an_answer_of_its_own() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let deep = "[".repeat(100);
    let first = booked("SO-1", None).to_string();
    let body = format!("{first}\n\n{deep}\r\n{}\n{first}\n", booked("SO-2", None));
    for packed in [false, true] {
        let call = bench.call(&tenant.source, "POST", &format!("{ERP}?batch=ndjson"));
        let reply = if packed {
            call.with("Content-Encoding", "gzip").raw(gzip(body.as_bytes()))
        } else {
            call.raw(body.clone())
        };
        assert_eq!(reply.status, 207);
        let items = reply.items();
        let of = |n: usize| (items[n]["line"].clone(), items[n]["result"].clone());
        let kept = if packed { "duplicate" } else { "accepted" };
        assert_eq!(of(0), (json!(1), json!(kept)));
        assert_eq!(of(1), (json!(3), json!("refused")));
        assert_eq!(items[1]["problem"]["code"], "nested_too_deep");
        assert_eq!(of(2), (json!(4), json!(kept)));
        assert_eq!(of(3), (json!(5), json!("duplicate")));
        assert_eq!(items[0]["id"], items[3]["id"]);
    }
    assert_eq!(bench.get(&tenant.admin, "/v1/messages").items().len(), 2);
}

#[test]
fn what_exceeds_a_limit_is_refused_and_disturbs_nothing() {
    let mut settings = Settings::default();
    settings.intake.body_bytes_max = 2_000;
    settings.intake.decompressed_bytes_max = 5_000;
    settings.intake.header_bytes_max = 200;
    let bench = Bench::with(settings);
    let tenant = bench.tenant("northwind");
    let send = |headers: &[(&str, &str)], body: Vec<u8>| {
        let call = bench.call(&tenant.source, "POST", ERP);
        headers.iter().fold(call, |call, (name, value)| call.with(name, value)).raw(body)
    };
    let long = "x".repeat(300);
    let longer = "x".repeat(40_000);
    for (headers, body, status, code) in [
        (&[][..], vec![b'x'; 2_001], 413, "body_too_long"),
        (&[("Content-Length", "999999999")], b"{}".to_vec(), 413, "body_too_long"),
        (&[("Content-Encoding", "gzip")], gzip(&[b'x'; 5_001]), 413, "decompressed_too_long"),
        (&[("Content-Encoding", "br")], b"{}".to_vec(), 400, "encoding_wrong"),
        (&[("Content-Encoding", "gzip")], b"{}".to_vec(), 400, "encoding_wrong"),
        (&[("X-Long", &long)], b"{}".to_vec(), 431, "headers_too_long"),
        (&[("X-Long", &longer)], b"{}".to_vec(), 431, "headers_too_long"),
        (&[], "[".repeat(65).into_bytes(), 400, "nested_too_deep"),
        (&[("Idempotency-Key", &long)], b"{}".to_vec(), 400, "header_wrong"),
    ] {
        let reply = send(headers, body);
        assert_eq!((reply.status, reply.outcome().as_str()), (status, code), "{headers:?}");
        assert_eq!(reply.header("content-type"), "application/problem+json");
    }
    let query = bench.call(&tenant.source, "POST", &format!("{ERP}?batch=xml")).raw("{}");
    assert_eq!(query.outcome(), "query_wrong");
    assert_eq!(bench.get(&tenant.admin, "/v1/messages").items().len(), 0);
    assert_eq!(bench.send(&tenant, &booked("SO-1", None)).status, 202);
}

#[test]
fn too_many_lines_are_refused_as_a_whole() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let body = "{}\n".repeat(crate::http::limits::BATCH_LINES_MAX + 1);
    let reply = bench.call(&tenant.source, "POST", &format!("{ERP}?batch=ndjson")).raw(body);
    assert_eq!((reply.status, reply.outcome().as_str()), (413, "too_many_lines"));
    assert_eq!(bench.get(&tenant.admin, "/v1/messages").items().len(), 0);
}

#[test]
fn a_sender_is_told_when_to_come_back() {
    let mut settings = Settings::default();
    settings.intake.messages_waiting_max = 0;
    let bench = Bench::with(settings);
    let tenant = bench.tenant("northwind");
    let busy = bench.send(&tenant, &booked("SO-1", None));
    assert_eq!((busy.status, busy.outcome().as_str()), (503, "busy"));
    assert_eq!(busy.header("retry-after"), "5");
    bench.engine.stop();
    let stopping = bench.send(&tenant, &booked("SO-1", None));
    assert_eq!((stopping.status, stopping.outcome().as_str()), (503, "stopping"));
    assert_eq!(bench.get("", "/health/ready").outcome(), "stopping");
    assert_eq!(bench.get("", "/health/live").outcome(), "ok");
}

#[test]
fn many_senders_at_once_lose_and_double_nothing() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let sent: Vec<Value> = (0..200).map(|n| booked(&format!("SO-{}", n % 100), None)).collect();
    let replies: Vec<Reply> = bench.runtime.block_on(async {
        let mut calls = tokio::task::JoinSet::new();
        for message in &sent {
            let request = Request::builder()
                .method("POST")
                .uri(ERP)
                .header("Authorization", format!("Bearer {}", tenant.source))
                .body(Body::from(message.to_string()))
                .unwrap();
            calls.spawn(answered(bench.app.clone(), request));
        }
        calls.join_all().await
    });
    let mut ids: Vec<String> = replies
        .iter()
        .map(|reply| {
            assert_eq!(reply.status, 202, "{}", reply.json());
            reply.text("id")
        })
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 100, "each content was kept once, and each sender was told of it");
    bench.settle();
    assert_eq!(bench.get(&tenant.admin, "/v1/orders?limit=500").items().len(), 100);
}

#[test]
fn only_a_sandbox_or_an_administrator_says_when_a_message_was_received() {
    let bench = Bench::new();
    let sandbox = bench.tenant("sandbox");
    let send = |key: &str, at: &str| {
        let call = bench.call(key, "POST", ERP).with("Baton-Received-At", at);
        call.json(&booked("SO-1", None))
    };
    let early = send(&sandbox.source, "2026-03-02T10:00:00Z");
    assert_eq!(early.outcome(), "ok");
    let shown = bench.get(&sandbox.admin, &format!("/v1/messages/{}", early.text("id"))).json();
    assert_eq!(shown["received_at"], "2026-03-02T10:00:00Z");
    assert_eq!(send(&sandbox.source, "yesterday").outcome(), "header_wrong");
    let made = bench.local("", "POST", "/v1/tenants").json(&json!({ "tenant": "real" }));
    let admin = made.text("key");
    let body = json!({ "source": "northwind-erp", "role": "seller", "connector": "starter-erp" });
    let key = bench.call(&admin, "POST", "/v1/sources").json(&body).text("key");
    assert_eq!(send(&key, "2026-03-02T10:00:00Z").outcome(), "received_at_refused");
    assert_eq!(send(&admin, "2026-03-02T10:00:00Z").outcome(), "ok");
    assert_eq!(send(&admin, "2999-01-01T00:00:00Z").outcome(), "header_wrong");
}

#[test]
fn a_preview_says_what_would_be_read_and_keeps_nothing() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let preview = |body: &str| -> Value {
        let path = "/v1/sources/northwind-erp/preview";
        let call = bench.call(&tenant.admin, "POST", path).with("Content-Type", "application/json");
        call.raw(body.to_owned()).json()
    };
    let sound = preview(&booked("SO-1", None).to_string());
    assert!(sound["parts"][0]["statements_count"].as_i64().unwrap() > 5, "{sound}");
    assert_eq!(sound["parts"][0]["fault"], Value::Null);
    let broken = preview("{\"order\":");
    assert!(broken["parts"][0]["fault"]["message"].is_string(), "{broken}");
    bench.settle();
    assert_eq!(bench.get(&tenant.admin, "/v1/messages").items().len(), 0);
    assert_eq!(bench.get(&tenant.admin, "/v1/quarantine").items().len(), 0);
}

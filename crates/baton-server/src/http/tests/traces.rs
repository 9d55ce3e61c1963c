//! Spans reach a collector: of a call, and of all that its message brought about, in the caller's trace.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::{Value, json};

use super::bench::*;
use crate::settings::Settings;

const PATIENCE: Duration = Duration::from_secs(60);
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// A collector that keeps what is posted to it.
fn collector() -> (String, Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (keep, kept) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let keep = keep.clone();
            std::thread::spawn(move || while take(&stream, &keep).is_some() {});
        }
    });
    (format!("http://{address}"), kept)
}

/// Takes one post; nothing where the connection is over.
fn take(mut stream: &TcpStream, keep: &Sender<Value>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
    assert_eq!(first.trim_end(), "POST /v1/traces HTTP/1.1");
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().to_ascii_lowercase().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    keep.send(serde_json::from_slice(&body).unwrap()).ok()?;
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").ok()
}

fn attribute<'a>(span: &'a Value, name: &str) -> &'a str {
    let all = span["attributes"].as_array().unwrap();
    let found = all.iter().find(|attribute| attribute["key"] == name);
    found.and_then(|found| found["value"]["stringValue"].as_str()).unwrap_or_default()
}

#[test]
fn a_message_is_followed_from_the_call_to_the_delivery() {
    let (address, kept) = collector();
    let otlp = Some(address.parse().unwrap());
    let bench = Bench::with(Settings { otlp, ..Settings::default() });
    let tenant = bench.tenant("northwind");
    // Nobody listens there.
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let hook = json!({ "url": format!("http://{nobody}/"), "events": ["*"] });
    assert_eq!(bench.call(&tenant.admin, "POST", "/v1/subscriptions").json(&hook).status, 201);
    let scan = json!({
        "event_id": "scan-1", "tracking_number": "TSP790000000001", "carrier": "tailspin",
        "status": "unknown", "code": "ZZ", "description": "Set aside",
        "timestamp": "2026-03-03T14:31:00-05:00", "location": null, "estimated_delivery": null,
    });
    let sent = bench
        .call(&tenant.feed, "POST", "/v1/sources/fabrikam-feed/messages")
        .with("Content-Type", "application/json")
        .with("traceparent", &format!("00-{TRACE}-{CALLER}-01"))
        .json(&scan);
    assert_eq!(sent.status, 202);
    bench.settle();
    let mut spans: Vec<Value> = Vec::new();
    let find = |spans: &[Value], name: &str| {
        let mut all = spans.iter().filter(|span| span["traceId"] == TRACE);
        all.find(|span| span["name"] == name).cloned()
    };
    let names = ["call", "group commit", "read", "derive", "commit", "deliver"];
    while names.iter().any(|name| find(&spans, name).is_none()) {
        let seen = || spans.iter().map(|s| s["name"].to_string()).collect::<Vec<_>>();
        let document = kept.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{:?}", seen()));
        let resource = &document["resourceSpans"][0];
        assert_eq!(resource["resource"]["attributes"][0]["value"]["stringValue"], "baton");
        let more = resource["scopeSpans"][0]["spans"].as_array().unwrap();
        spans.extend(more.iter().cloned());
    }
    let mut parent = CALLER.to_owned();
    for name in ["call", "group commit", "read", "derive", "commit"] {
        let span = find(&spans, name).unwrap();
        assert_eq!(span["parentSpanId"], parent, "{span}");
        let at = |field: &str| span[field].as_str().unwrap().parse::<u128>().unwrap();
        assert!(at("startTimeUnixNano") <= at("endTimeUnixNano"), "{span}");
        parent = span["spanId"].as_str().unwrap().to_owned();
    }
    for name in ["group commit", "read"] {
        let span = find(&spans, name).unwrap();
        assert_eq!(attribute(&span, "baton.message_ids"), sent.text("id"), "{span}");
    }
    let derive = find(&spans, "derive").unwrap();
    let deliver = find(&spans, "deliver").unwrap();
    assert_eq!(deliver["parentSpanId"], derive["spanId"], "{deliver}");
    assert_eq!(deliver["status"]["code"], 2, "nobody took it: {deliver}");
    let all = Value::from(spans).to_string();
    for secret in ["TSP79", "Set aside", tenant.feed.as_str(), &nobody.to_string()] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[test]
fn a_collector_that_is_away_costs_spans_and_nothing_else() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let otlp = Some(format!("http://{nobody}").parse().unwrap());
    let bench = Bench::with(Settings { otlp, ..Settings::default() });
    let tenant = bench.tenant("northwind");
    assert_eq!(bench.send(&tenant, &booked("SO-1", None)).status, 202);
    bench.settle();
    bench.order(&tenant, "SO-1");
    let began = std::time::Instant::now();
    let dropped = "baton_spans_total{result=\"dropped\"}";
    while !bench.engine.metrics().text().contains(dropped) {
        assert!(began.elapsed() < PATIENCE, "dropped spans are counted");
        std::thread::yield_now();
    }
    assert_eq!(bench.get("", "/health/ready").status, 200);
}

//! Spans as OTLP writes them in JSON, and the thread that posts them to a collector.
//!
//! A collector that is away loses spans and nothing else: what could not be posted is dropped and counted.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Context, Span, Traces};

/// How often spans go out.
const EVERY: Duration = Duration::from_secs(1);
/// Spans of one post.
const TOGETHER_MAX: usize = 512;
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(5);
/// `SPAN_KIND_INTERNAL` and `SPAN_KIND_SERVER` of the protocol; `STATUS_CODE_ERROR`.
const INTERNAL: u8 = 1;
const SERVER: u8 = 2;
const ERROR: u8 = 2;
/// The name of a call's span.
pub(crate) const CALL: &str = "call";

impl Traces {
    /// Posts what has ended until it is stopped.
    pub(crate) fn export(&self) {
        let config = ureq::Agent::config_builder().timeout_global(Some(ANSWER_WAIT_MAX));
        let agent: ureq::Agent = config.build().into();
        let mut well = true;
        loop {
            let seen = self.bell.rings();
            let ending = self.stop.load(Ordering::Acquire);
            let spans = {
                let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                std::mem::take(&mut *waiting)
            };
            for some in spans.chunks(TOGETHER_MAX) {
                let posted = agent
                    .post(self.address.url())
                    .header("content-type", "application/json")
                    .send(document(self.node, some).to_string());
                self.metrics.spans(if posted.is_ok() { "sent" } else { "dropped" }, some.len());
                if let Err(why) = &posted
                    && well
                {
                    tracing::warn!(address = %self.address, %why, "traces cannot be exported and are dropped until they can");
                }
                well = posted.is_ok();
            }
            if ending {
                return;
            }
            self.bell.wait(seen, EVERY);
        }
    }
}

/// What is posted.
fn document(node: i64, spans: &[Span]) -> Value {
    let node = format!("{node:x}");
    let resource = [
        attribute("service.name", "baton"),
        attribute("service.version", env!("CARGO_PKG_VERSION")),
        attribute("service.instance.id", &node),
    ];
    let spans: Vec<Value> = spans.iter().map(span).collect();
    json!({ "resourceSpans": [{
        "resource": { "attributes": resource },
        "scopeSpans": [{ "scope": { "name": "baton" }, "spans": spans }],
    }] })
}

fn attribute(name: &str, value: &str) -> Value {
    json!({ "key": name, "value": { "stringValue": value } })
}

fn span(span: &Span) -> Value {
    let Context { trace, span: number } = span.context;
    let nanos = |at: baton_core::time::Instant| (i128::from(at.micros()) * 1_000).to_string();
    let attributes: Vec<Value> =
        span.attributes.iter().map(|(name, value)| attribute(name, value)).collect();
    let links: Vec<Value> = span
        .links
        .iter()
        .map(|link| json!({ "traceId": hex(link.trace), "spanId": hex_short(link.span) }))
        .collect();
    json!({
        "traceId": hex(trace),
        "spanId": hex_short(number),
        "parentSpanId": span.parent.map(hex_short).unwrap_or_default(),
        "name": span.name,
        "kind": if span.name == CALL { SERVER } else { INTERNAL },
        "startTimeUnixNano": nanos(span.began_at),
        "endTimeUnixNano": nanos(span.ended_at),
        "attributes": attributes,
        "links": links,
        "status": { "code": if span.failed { ERROR } else { 0 } },
    })
}

fn hex(trace: u128) -> String {
    format!("{trace:032x}")
}

fn hex_short(span: u64) -> String {
    format!("{span:016x}")
}

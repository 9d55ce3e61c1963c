//! Receiving messages: one a call, or one a line. The answer is given when they are durable.

use axum::http::header::HeaderName;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_formats::ndjson;
use baton_store::StoreError;
use baton_store::sources::{self, Source};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::access::{KeyRole, Principal};
use super::answer::Answer;
use super::call::{Call, NOT_PLAIN};
use super::endpoint::Later;
use super::errors::ErrorCode;
use super::limits::{BATCH_LINES_MAX, BATCH_TOGETHER_MAX};
use super::problem::Problem;
use crate::acting::Shared;
use crate::body::decoded;
use crate::intake::{Beside, Incoming, Intake, IntakeError, Receipt};
use crate::own_words;
use crate::receipt::message_id;
use crate::tenant::Tenant;

const RESULT: HeaderName = HeaderName::from_static("baton-result");
const DEFAULT_TYPE: &str = "application/octet-stream";
/// Headers beside those of partners' own (`x-…`) that connectors may want to see.
const KEPT: [&str; 7] =
    ["content-encoding", "content-language", "date", "from", "message-id", "subject", "user-agent"];
const KEPT_PREFIXES: [&str; 4] = ["x-", "webhook-", "ce-", "as2-"];
/// What says how a message travelled, or who may send it, and nothing about what it says.
const LEFT_OUT_PREFIXES: [&str; 5] =
    ["x-forwarded-", "x-real-ip", "x-request-id", "x-api-key", "x-amz-"];

/// How messages are sent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IntakeQuery {
    /// `ndjson`: every line of the body is a message of its own.
    batch: Option<Batch>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Batch {
    Ndjson,
}

/// A receipt: the message is durable. A message that came again is answered as the first time.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ReceiptAnswer {
    /// The message's id.
    id: String,
    /// The message that had the same number and other content, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    same_number_as: Option<String>,
}

/// What became of the lines of a batch, in their order.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BatchAnswer {
    items: Vec<LineAnswer>,
}

/// What became of one line.
#[derive(Debug, Serialize, JsonSchema)]
struct LineAnswer {
    /// From 1; blank lines count and have no answer.
    line: usize,
    /// `accepted`, `duplicate`, `differs` or `refused`.
    result: &'static str,
    #[serde(flatten)]
    receipt: Option<ReceiptAnswer>,
    /// Why it was refused; nothing of it was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Value>,
}

pub(super) fn receive(mut call: Call) -> Later {
    Box::pin(async move {
        let query: IntakeQuery = call.query()?;
        let source = source(&call).await?;
        match query.batch {
            None => {
                // Moved, so that a long body is not copied once more.
                let body = Vec::from(std::mem::take(&mut call.body));
                one(&call, source, body).await
            }
            Some(Batch::Ndjson) => lines(&call, source).await,
        }
    })
}

/// The source that the address names, where the caller may speak for it.
async fn source(call: &Call) -> Result<Source, Problem> {
    let named = call.parameter("source");
    if let Principal::Source { source, .. } = &call.principal {
        // Whether the other source exists is not told.
        return if source.key == named {
            Ok(Source::clone(source))
        } else {
            let why = format!("this key is of the source `{}`", source.key);
            let wording = Wording::new("key_of_source").with("source", &source.key);
            Err(Problem::of(ErrorCode::WrongSource, why).said(wording))
        };
    }
    let (scope, key) = (call.scope()?, named.to_owned());
    let store = std::sync::Arc::clone(call.api.engine.store());
    let look_up = move || store.read(|tx| sources::by_key(tx, &scope, &key));
    let found = tokio::task::spawn_blocking(look_up).await.map_err(Problem::from)??;
    if own_words::CONNECTORS.contains(&found.connector.as_str()) {
        // Nobody speaks as Baton itself, or as another person.
        return Err(Problem::not_found("source", named));
    }
    if found.disabled_at.is_some() {
        let what = StoreError::Conflict { what: "source", key: named.into(), why: "is disabled" };
        return Err(what.into());
    }
    Ok(found)
}

/// The way in, where this node is one of those that take messages.
fn way_in(call: &Call) -> Result<Intake, Problem> {
    if call.api.engine.settings().roles.intake {
        return Ok(call.api.engine.intake()?);
    }
    let why = "send it to a node with the role `intake`";
    Err(Problem::of(ErrorCode::IntakeElsewhere, why).said(Wording::new("intake_elsewhere")))
}

async fn one(call: &Call, source: Source, body: Vec<u8>) -> Result<Response, Problem> {
    let (tenant, intake) = (call.tenant()?, way_in(call)?);
    let incoming = Incoming {
        source,
        content_type: content_type(&call.headers)?,
        headers: kept_headers(&call.headers)?,
        body,
        own_id: call.idempotency_key()?.map(str::to_owned),
        received_at: received_at(call, tenant)?,
    };
    let receipt = received(call, &intake, tenant, incoming).await?;
    let (result, answer) = shown(tenant, receipt);
    let answer = Answer::json(answer)?.with_header(RESULT, result);
    Ok(answer.respond(StatusCode::ACCEPTED))
}

/// Receives a message, within a span where those are exported.
async fn received(
    call: &Call,
    intake: &Intake,
    tenant: &std::sync::Arc<Tenant>,
    incoming: Incoming,
) -> Result<Receipt, IntakeError> {
    let line = told(call, 1);
    let Some(traces) = call.api.engine.traces() else {
        return intake.receive_with(tenant, incoming, Beside { line, context: None }).await;
    };
    let mut span = traces.begin("group commit", call.context);
    let beside = Beside { line, context: Some(span.context) };
    let receipt = intake.receive_with(tenant, incoming, beside).await;
    span.attribute("baton.tenant", &tenant.key);
    match &receipt {
        Ok(receipt) => {
            span.attribute("baton.message_ids", message_id(tenant.id, receipt.message()));
        }
        Err(_) => span.failed(),
    }
    traces.end(span);
    receipt
}

/// The line that tells of what a person or a program sent for a source. What the source itself sends
/// is told by the messages.
fn told(call: &Call, messages: usize) -> Option<std::sync::Arc<Shared>> {
    let by_source = matches!(call.principal, Principal::Source { .. });
    let line = || call.line(None, &serde_json::json!({ "messages": messages }));
    (!by_source).then(|| Shared::new(line()))
}

async fn lines(call: &Call, source: Source) -> Result<Response, Problem> {
    let (tenant, intake) = (call.tenant()?, way_in(call)?);
    let limits = &call.api.engine.settings().intake;
    let mut headers = kept_headers(&call.headers)?;
    let encoding = crate::intake::encoding(&headers);
    let plain = decoded(&call.body, encoding, limits.decompressed_bytes_max)?;
    headers.retain(|(name, _)| name != "content-encoding");
    if ndjson::lines(&plain).nth(BATCH_LINES_MAX).is_some() {
        let why = format!("a batch has at most {BATCH_LINES_MAX} lines");
        let wording = Wording::new("lines_many").with("most", BATCH_LINES_MAX);
        let problem = Problem::of(ErrorCode::TooManyLines, why).said(wording);
        return Err(problem.with("limit", BATCH_LINES_MAX));
    }
    let content_type = content_type(&call.headers)?;
    let received_at = received_at(call, tenant)?;
    let own_id = call.idempotency_key()?;
    let incoming = |line: &ndjson::Line<'_>| Incoming {
        source: source.clone(),
        content_type: content_type.replace("x-ndjson", "json"),
        headers: headers.clone(),
        body: line.bytes.to_vec(),
        own_id: own_id.map(|id| format!("{id}:{}", line.number)),
        received_at,
    };
    let line = told(call, ndjson::lines(&plain).count());
    let mut items = Vec::new();
    let mut all = ndjson::lines(&plain).peekable();
    while all.peek().is_some() {
        let some: Vec<_> = all.by_ref().take(BATCH_TOGETHER_MAX).collect();
        let letters = some.iter().map(&incoming).collect();
        let receipts = together(&intake, tenant, letters, line.as_ref()).await;
        items.extend(
            some.iter()
                .zip(receipts)
                .map(|(line, receipt)| line_answer(tenant, line.number, receipt)),
        );
    }
    let whole = items.iter().all(|item| item.problem.is_none());
    let status = if whole { StatusCode::ACCEPTED } else { StatusCode::MULTI_STATUS };
    Ok(Answer::json(BatchAnswer { items })?.respond(status))
}

/// Hands messages in one after the other, and then waits for all of them: they share commits.
async fn together(
    intake: &Intake,
    tenant: &std::sync::Arc<Tenant>,
    letters: Vec<Incoming>,
    line: Option<&std::sync::Arc<Shared>>,
) -> Vec<Result<Receipt, Problem>> {
    let mut waiting: Vec<_> = letters
        .into_iter()
        .map(|letter| {
            let beside = Beside { line: line.cloned(), context: None };
            Box::pin(intake.receive_with(tenant, letter, beside))
        })
        .collect();
    let mut answers: Vec<Option<Result<Receipt, Problem>>> = waiting.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        let mut all = true;
        for (future, answer) in waiting.iter_mut().zip(&mut answers) {
            if answer.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(done) => *answer = Some(done.map_err(Problem::from)),
                    std::task::Poll::Pending => all = false,
                }
            }
        }
        if all { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    answers.into_iter().flatten().collect()
}

fn line_answer(tenant: &Tenant, line: usize, receipt: Result<Receipt, Problem>) -> LineAnswer {
    match receipt {
        Ok(receipt) => {
            let (result, receipt) = shown(tenant, receipt);
            LineAnswer { line, result, receipt: Some(receipt), problem: None }
        }
        Err(problem) => {
            LineAnswer { line, result: "refused", receipt: None, problem: Some(problem.json()) }
        }
    }
}

fn shown(tenant: &Tenant, receipt: Receipt) -> (&'static str, ReceiptAnswer) {
    let id = message_id(tenant.id, receipt.message());
    let repeats = matches!(receipt, Receipt::Duplicate { .. });
    tracing::info!(message_id = %id, repeats, tenant = %tenant.key, "a message is durable");
    match receipt {
        Receipt::Accepted { .. } => ("accepted", ReceiptAnswer { id, same_number_as: None }),
        Receipt::Duplicate { .. } => ("duplicate", ReceiptAnswer { id, same_number_as: None }),
        Receipt::Differs { of, .. } => {
            ("differs", ReceiptAnswer { id, same_number_as: Some(message_id(tenant.id, of)) })
        }
    }
}

pub(super) fn content_type(headers: &HeaderMap) -> Result<String, Problem> {
    let stated = super::call::header_text(headers, "content-type")?;
    Ok(stated.unwrap_or(DEFAULT_TYPE).to_owned())
}

/// The headers that matter: what partners say in headers of their own, and how the body is encoded.
fn kept_headers(headers: &HeaderMap) -> Result<Vec<(String, String)>, Problem> {
    let matters = |name: &str| {
        let own = KEPT_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
            && !LEFT_OUT_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
        own || KEPT.contains(&name)
    };
    let text = |name: &HeaderName, value: &HeaderValue| {
        let wrong = |_| Problem::of_header(name.as_str(), NOT_PLAIN);
        value.to_str().map(str::to_owned).map_err(wrong)
    };
    let kept = headers.iter().filter(|(name, _)| matters(name.as_str()));
    kept.map(|(name, value)| Ok((name.as_str().to_owned(), text(name, value)?))).collect()
}

/// When the message was first received, where the caller may say so.
fn received_at(call: &Call, tenant: &Tenant) -> Result<Option<Instant>, Problem> {
    let Some(text) = call.header("baton-received-at")? else { return Ok(None) };
    let trusted = matches!(call.principal.role(), KeyRole::Operator | KeyRole::Admin);
    if !trusted && !tenant.clock.is_simulated() {
        let why = "this tenant's clock is the real one and the key is not an administrator's";
        let wording = Wording::new("clock_is_real");
        return Err(Problem::of(ErrorCode::ReceivedAtRefused, why).said(wording));
    }
    let name = "Baton-Received-At";
    let at: Instant = text.parse().map_err(|why| Problem::of_header(name, why))?;
    // Who plays a sandbox sends what its next hours bring, and sets its clock afterwards.
    // Who plays a sandbox's world may be ahead of its clock, which stands while a stretch is sent.
    if at > tenant.clock.now() && !tenant.clock.is_simulated() {
        let why = "the instant is yet to come, by the tenant's clock";
        return Err(Problem::of_header(name, why));
    }
    Ok(Some(at))
}

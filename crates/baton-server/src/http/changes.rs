//! The stream of changes, as server-sent events, taken up again after the last one that was seen.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::response::IntoResponse as _;
use axum::response::sse::{Event, KeepAlive, Sse};
use baton_core::wording::Wording;
use baton_store::Scope;
use baton_store::changes::{self, Change, Kept};
use futures_core::Stream;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::call::Call;
use super::endpoint::Later;
use super::errors::ErrorCode;
use super::fanout::{Batch, Latest};
use super::limits::{EVENTS_ALIVE_EVERY, EVENTS_TOGETHER_MAX};
use super::order_row::{quotes_values, sees_code};
use super::page;
use super::problem::Problem;
use baton_core::taxonomy::ExceptionCode;

/// Events that are read ahead of a slow reader.
const AHEAD_MAX: usize = 400;

/// Where the stream begins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EventsQuery {
    /// After the event of this number; `Last-Event-ID` says the same and wins. Else from now on; 0 is
    /// from the first that is kept.
    after: Option<i64>,
}

/// Events as they come from the channel that the stream is fed through.
struct Events(mpsc::Receiver<Event>);

impl Stream for Events {
    type Item = Result<Event, Infallible>;
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|event| event.map(Ok))
    }
}

pub(super) fn events(call: Call) -> Later {
    Box::pin(async move {
        let query: EventsQuery = call.query()?;
        let said: Option<i64> = page::value("Last-Event-ID", call.header("last-event-id")?)?;
        let (scope, whole) = (call.scope()?, call.tenant()?.scope.clone());
        let turn = Arc::clone(&call.api.event_streams).try_acquire_owned();
        let why = "too many streams of events are open";
        let busy = |_| Problem::of(ErrorCode::Busy, why).said(Wording::new("busy"));
        let turn = turn.map_err(busy)?;
        let (asking, within) = (call.clone(), whole.clone());
        let kept = move || asking.store().read(|tx| changes::kept(tx, &within));
        let kept = tokio::task::spawn_blocking(kept).await.map_err(Problem::from)??;
        let after = begin(said.or(query.after), kept)?;
        let tenant = call.tenant()?.id;
        let latest = call.api.fanout.join(&call.api.engine, whole, tenant, kept.last);
        let (send, receive) = mpsc::channel(AHEAD_MAX);
        let feeding = Feeding { call, scope, after, known: kept.last };
        tokio::spawn(async move {
            feeding.run(latest, send).await;
            drop(turn);
        });
        let alive = KeepAlive::new().interval(EVENTS_ALIVE_EVERY);
        Ok(Sse::new(Events(receive)).keep_alive(alive).into_response())
    })
}

/// After which event the stream begins. Where some of those that were asked for are gone, or there
/// never were so many, whoever goes on from there would be missing some without knowing it.
fn begin(after: Option<i64>, kept: Kept) -> Result<i64, Problem> {
    let Kept { first, last } = kept;
    let gone = |why: String| {
        let wording = Wording::new("events_kept").with("first", first).with("last", last);
        let gone = Problem::of(ErrorCode::EventsGone, why).said(wording);
        Err(gone.with("first", first).with("last", last))
    };
    match after {
        None => Ok(last),
        Some(0) => Ok(first - 1),
        Some(after) if after > last => gone(format!(
            "there is no event {after}, the latest is {last}: the number is of another system, or of one that was put back to an earlier state"
        )),
        Some(after) if after + 1 < first => {
            gone(format!("events up to {} are forgotten, event {after} is one of them", first - 1))
        }
        Some(after) => Ok(after),
    }
}

/// A stream that is fed until its reader goes, or the server stops.
struct Feeding {
    call: Call,
    scope: Scope,
    /// The last event that was dealt with.
    after: i64,
    /// The latest that is known to be there.
    known: i64,
}

impl Feeding {
    async fn run(mut self, mut latest: Latest, send: mpsc::Sender<Event>) {
        let mut closing = self.call.closing.clone().map(|closing| closing.0);
        loop {
            let batch = Arc::clone(&latest.borrow_and_update());
            self.known = self.known.max(batch.upto);
            while self.after < self.known {
                // Where the store fails the stream ends: its reader takes it up again where it was.
                let Some(changes) = self.next(&batch).await else { return };
                for change in changes {
                    if let Some(event) = event(&self.call, change)
                        && send.send(event).await.is_err()
                    {
                        return;
                    }
                }
            }
            let stop = async {
                match &mut closing {
                    Some(closing) => drop(closing.wait_for(|closing| *closing).await),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                // The task that looks is over where the engine stops.
                more = latest.changed() => if more.is_err() { return },
                () = send.closed() => return,
                () = stop => return,
            }
        }
    }

    /// The next few changes that this caller may see, and goes on to behind them. `None` where they
    /// cannot be had.
    async fn next(&mut self, batch: &Batch) -> Option<Vec<Change>> {
        let from = self.after;
        if from == batch.after && !self.call.is_partner() {
            self.after = batch.upto;
            return Some(batch.changes.clone());
        }
        let upto = self.known.min(from + EVENTS_TOGETHER_MAX);
        let (call, scope) = (self.call.clone(), self.scope.clone());
        let read = move || {
            call.store().read(|tx| {
                let Kept { first, .. } = changes::kept(tx, &scope)?;
                Ok((first, changes::between(tx, &scope, from, upto)?))
            })
        };
        let (first, changes) = tokio::task::spawn_blocking(read).await.ok()?.ok()?;
        self.after = upto;
        // So slow a reader that some were forgotten before it came to them learns so when it comes back.
        (first <= from + 1).then_some(changes)
    }
}

/// An event for this caller; none where it is not for a partner.
fn event(call: &Call, change: Change) -> Option<Event> {
    let mut summary: Value = serde_json::from_str(&change.summary).unwrap_or_default();
    if call.is_partner() {
        let code = summary.get("code").and_then(Value::as_str).and_then(ExceptionCode::find);
        if code.is_some_and(|code| !sees_code(call.sight(), code)) {
            return None;
        }
        if let Some(code) = code.filter(|code| quotes_values(call.sight(), *code)) {
            summary["summary"] = code.entry().name.into();
        }
    }
    let data = json!({ "at": change.at, "object": change.object, "summary": summary });
    Some(Event::default().id(change.id.to_string()).event(change.kind).data(data.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_begins_where_nothing_is_missing_or_says_that_some_is() {
        let check = |after: Option<i64>, (first, last): (i64, i64), expected: Result<i64, &str>| {
            let found = begin(after, Kept { first, last });
            let found = found.map_err(|problem| problem.json()["detail"].to_string());
            match expected {
                Ok(expected) => assert_eq!(found, Ok(expected), "{after:?} {first} {last}"),
                Err(words) => assert!(found.is_err_and(|why| why.contains(words)), "{after:?}"),
            }
        };
        check(None, (1, 0), Ok(0));
        check(None, (50, 80), Ok(80));
        check(Some(0), (1, 0), Ok(0));
        check(Some(0), (50, 80), Ok(49));
        check(Some(49), (50, 80), Ok(49));
        check(Some(80), (50, 80), Ok(80));
        check(Some(48), (50, 80), Err("events up to 49 are forgotten"));
        check(Some(1), (81, 80), Err("events up to 80 are forgotten"));
        check(Some(80), (81, 80), Ok(80));
        check(Some(81), (50, 80), Err("the latest is 80"));
        check(Some(1), (1, 0), Err("the latest is 0"));
    }
}

//! The stream of changes, as server-sent events, taken up again after the last one that was seen.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::response::IntoResponse as _;
use axum::response::sse::{Event, KeepAlive, Sse};
use baton_store::changes::{self, Change};
use futures_core::Stream;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::call::Call;
use super::endpoint::Later;
use super::errors::ErrorCode;
use super::limits::{EVENTS_ALIVE_EVERY, EVENTS_EVERY, EVENTS_TOGETHER_MAX};
use super::order_row::is_private_code;
use super::page;
use super::problem::Problem;
use baton_core::taxonomy::ExceptionCode;

/// Events that are read ahead of a slow reader.
const AHEAD_MAX: usize = 2 * EVENTS_TOGETHER_MAX;

/// Where the stream begins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EventsQuery {
    /// After the event of this number; `Last-Event-ID` says the same. Else from now on; 0 is from the
    /// first that is kept.
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
        let last: Option<i64> = page::value("Last-Event-ID", call.header("last-event-id")?)?;
        let after = last.or(query.after);
        let scope = call.scope()?;
        let turn = std::sync::Arc::clone(&call.api.event_streams).try_acquire_owned();
        let busy = |_| Problem::new(ErrorCode::Busy, "too many streams of events are open");
        let turn = turn.map_err(busy)?;
        let after = match after {
            Some(after) => after,
            None => {
                let (call, scope) = (call.clone(), scope.clone());
                let last = move || call.store().read(|tx| changes::last(tx, &scope));
                tokio::task::spawn_blocking(last).await.map_err(Problem::internal)??
            }
        };
        let (send, receive) = mpsc::channel(AHEAD_MAX);
        tokio::spawn(async move {
            feed(call, scope, after, send).await;
            drop(turn);
        });
        let alive = KeepAlive::new().interval(EVENTS_ALIVE_EVERY);
        Ok(Sse::new(Events(receive)).keep_alive(alive).into_response())
    })
}

/// Feeds a stream until its reader goes, or the server stops.
async fn feed(call: Call, scope: baton_store::Scope, mut after: i64, send: mpsc::Sender<Event>) {
    let mut closing = call.closing.clone().map(|closing| closing.0);
    loop {
        let (again, within) = (call.clone(), scope.clone());
        let look = move || {
            again.store().read(|tx| changes::after(tx, &within, after, EVENTS_TOGETHER_MAX))
        };
        // Where the store fails the stream ends: its reader takes it up again where it was.
        let Ok(Ok(found)) = tokio::task::spawn_blocking(look).await else { return };
        let some = !found.is_empty();
        for change in found {
            after = change.id;
            if let Some(event) = event(&call, change)
                && send.send(event).await.is_err()
            {
                return;
            }
        }
        if call.api.engine.intake().is_err() {
            return;
        }
        if some {
            continue;
        }
        let stop = async {
            match &mut closing {
                Some(closing) => drop(closing.wait_for(|closing| *closing).await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = tokio::time::sleep(EVENTS_EVERY) => {}
            () = send.closed() => return,
            () = stop => return,
        }
    }
}

/// An event for this caller; none where it is not for a partner.
fn event(call: &Call, change: Change) -> Option<Event> {
    let summary: Value = serde_json::from_str(&change.summary).unwrap_or_default();
    if call.is_partner() {
        let code = summary.get("code").and_then(Value::as_str).and_then(ExceptionCode::find);
        if code.is_some_and(is_private_code) {
            return None;
        }
    }
    let data = json!({ "at": change.at, "object": change.object, "summary": summary });
    Some(Event::default().id(change.id.to_string()).event(change.kind).data(data.to_string()))
}

//! The record as a file, as long as it may be: read page by page while it is sent, so that a reader who
//! is slow costs no memory.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use baton_core::wording::Wording;
use futures_core::Stream;
use tokio::sync::mpsc;

use super::query::{AuditQuery, Before, Wanted};
use super::{AuditItem, scope};
use crate::http::call::Call;
use crate::http::csv::row;
use crate::http::endpoint::Later;
use crate::http::errors::ErrorCode;
use crate::http::limits::PAGE_MAX;
use crate::http::problem::Problem;

/// Pages that are read ahead of the reader.
const AHEAD_MAX: usize = 2;
const COLUMNS: [&str; 12] = [
    "seq",
    "at",
    "kind",
    "who",
    "name",
    "role",
    "operation",
    "subject_kind",
    "subject",
    "outcome",
    "detail",
    "hash",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Ndjson,
    Csv,
}

/// What is written, as it is read.
struct Pages(mpsc::Receiver<Bytes>);

impl Stream for Pages {
    type Item = Result<Bytes, Infallible>;
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|bytes| bytes.map(Ok))
    }
}

pub(in crate::http) fn export(call: Call) -> Later {
    Box::pin(async move {
        let query: AuditQuery = call.query()?;
        let form = match query.format.as_deref() {
            None | Some("ndjson") => Form::Ndjson,
            Some("csv") => Form::Csv,
            Some(other) => {
                let known = ["ndjson", "csv"];
                return Err(Problem::none_of(ErrorCode::QueryWrong, "format", other, &known));
            }
        };
        if query.cursor.is_some() || query.limit.is_some() {
            let why = "an export has no pages: leave cursor and limit out";
            return Err(Problem::of(ErrorCode::QueryWrong, why).said(Wording::new("no_pages")));
        }
        let scope = scope(&call, query.of.as_deref())?;
        let wanted = query.wanted()?;
        let (send, receive) = mpsc::channel(AHEAD_MAX);
        tokio::task::spawn_blocking(move || write(&call, &scope, &wanted, form, &send));
        let (kind, name) = match form {
            Form::Ndjson => ("application/x-ndjson", "attachment; filename=\"audit.ndjson\""),
            Form::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"audit.csv\""),
        };
        let mut response: Response = Body::from_stream(Pages(receive)).into_response();
        for (header, value) in [
            (header::CONTENT_TYPE, kind),
            (header::CONTENT_DISPOSITION, name),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ] {
            response.headers_mut().insert(header, HeaderValue::from_static(value));
        }
        Ok(response)
    })
}

/// Reads and sends until all is told, or the reader is gone. A store that fails ends the file early; its
/// last line then is not the record's first, which verifying it shows.
fn write(
    call: &Call,
    scope: &baton_store::Scope,
    wanted: &Wanted,
    form: Form,
    send: &mpsc::Sender<Bytes>,
) {
    if form == Form::Csv && send.blocking_send(row(&COLUMNS.map(str::to_owned)).into()).is_err() {
        return;
    }
    let mut before = Some(Before::default());
    while let Some(from) = before {
        let read = call.store().read(|tx| wanted.page(tx, scope, from, PAGE_MAX));
        let (items, next) = match read {
            Ok(page) => page,
            Err(why) => return tracing::warn!("an export of the record broke off: {why}"),
        };
        let text: String = items.iter().map(|item| shown(item, form)).collect();
        if send.blocking_send(text.into()).is_err() {
            return;
        }
        before = next;
    }
}

fn shown(item: &AuditItem, form: Form) -> String {
    match form {
        // Writing plain fields cannot fail.
        Form::Ndjson => serde_json::to_string(item).unwrap_or_default() + "\n",
        Form::Csv => row(&[
            item.seq.map(|seq| seq.to_string()).unwrap_or_default(),
            item.at.to_string(),
            serde_json::to_value(item.kind)
                .ok()
                .and_then(|kind| kind.as_str().map(str::to_owned))
                .unwrap_or_default(),
            item.who.clone(),
            item.name.clone(),
            item.role.clone(),
            item.operation.clone(),
            item.subject_kind.clone(),
            item.subject.clone(),
            item.outcome.clone(),
            item.detail.to_string(),
            item.hash.clone().unwrap_or_default(),
        ]),
    }
}

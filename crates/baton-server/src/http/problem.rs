//! A refusal, as RFC 9457 has it: `application/problem+json` with a stable code, a page that explains
//! it, and what was wrong in this call.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use baton_core::wording::Wording;
use baton_store::StoreError;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::errors::ErrorCode;
use super::packs::fixtures::FindingItem;
use crate::engine::EngineError;
use crate::intake::IntakeError;

const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");
/// When a caller is to try again that was refused for want of capacity, in seconds.
const RETRY_AFTER_SECONDS: u32 = 2;

/// A refusal.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Problem {
    pub(super) code: ErrorCode,
    detail: String,
    wording: Wording,
    retry_after_seconds: Option<u32>,
    fields: Map<String, Value>,
}

/// A refusal in English only; [`Unsaid::said`] makes it one that can be said in any language.
#[derive(Debug)]
#[must_use]
pub(super) struct Unsaid {
    code: ErrorCode,
    detail: String,
}

/// A refusal as it stands in the API's description.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(super) struct ProblemDocument {
    /// The page that explains the code, on this server and without a key.
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    /// What was wrong in this call.
    detail: String,
    /// Stable.
    code: ErrorCode,
    /// The detail as a sentence's name and values, for words in other languages. The sentences `field`,
    /// `header`, `parameter` and `place` say only where it is that something is wrong; what is, the
    /// detail says.
    wording: Wording,
    /// Of `pack_faults`: what is wrong with the packs.
    findings: Option<Vec<FindingItem>>,
}

impl Unsaid {
    /// Names the sentence that the detail says. The field that the detail begins with is named, too.
    pub(super) fn said(self, wording: Wording) -> Problem {
        let Self { code, detail } = self;
        let busy =
            matches!(code, ErrorCode::Busy | ErrorCode::Stopping | ErrorCode::StoreUnavailable);
        let wording = match field_of(&detail) {
            Some(field) if !wording.values.contains_key("field") => wording.with("field", field),
            _ => wording,
        };
        Problem {
            code,
            detail,
            wording,
            retry_after_seconds: busy.then_some(RETRY_AFTER_SECONDS),
            fields: Map::new(),
        }
    }
    /// A text's length, where the detail says more of what is expected.
    pub(super) fn of_length(self, field: &str, least: usize, most: usize) -> Problem {
        let wording = Wording::new("length").with("field", field).with("least", least);
        self.said(wording.with("most", most))
    }
}

impl Problem {
    /// The two steps keep a refusal from being made that pages can tell in English only.
    pub(super) fn of(code: ErrorCode, detail: impl std::fmt::Display) -> Unsaid {
        Unsaid { code, detail: detail.to_string() }
    }
    pub(super) fn not_found(what: &str, key: impl std::fmt::Display) -> Self {
        let key = key.to_string();
        Self::of(ErrorCode::NotFound, format_args!("there is no {what} `{key}`"))
            .said(Wording::new("not_found").with("what", what).with("key", key))
    }
    /// A text that is missing or too long.
    pub(super) fn length(code: ErrorCode, field: &str, least: usize, most: usize) -> Self {
        Self::of(code, format_args!("{field}: expected {least} to {most} bytes"))
            .of_length(field, least, most)
    }
    /// A word that is none of those that a field or parameter can have.
    pub(super) fn none_of(code: ErrorCode, field: &str, found: &str, known: &[&str]) -> Self {
        let known = known.join(", ");
        let wording = Wording::new("none_of").with("field", field).with("found", found);
        Self::of(code, format_args!("{field}: `{found}` is none of {known}"))
            .said(wording.with("known", known))
    }
    /// A number, or how many of something, that is too small or too large.
    pub(super) fn from_to(code: ErrorCode, field: &str, least: i64, most: i64) -> Self {
        let wording = Wording::new("from_to").with("field", field).with("least", least);
        Self::of(code, format_args!("{field}: expected {least} to {most}"))
            .said(wording.with("most", most))
    }
    /// What only whoever runs Baton may do.
    pub(super) fn of_operator(why: &str) -> Self {
        Self::of(ErrorCode::RoleTooSmall, why).said(Wording::new("of_operator"))
    }
    pub(super) fn no_session(why: &str) -> Self {
        Self::of(ErrorCode::NoSession, why).said(Wording::new("sign_in_first"))
    }
    /// A header that cannot be used.
    pub(super) fn of_header(name: &str, why: impl std::fmt::Display) -> Self {
        Self::of(ErrorCode::HeaderWrong, format_args!("{name}: {why}"))
            .said(Wording::new("header").with("header", name))
    }
    /// A query that does not fit its type, in its reader's words.
    pub(super) fn of_query(why: &str) -> Self {
        let problem = Self::of(ErrorCode::QueryWrong, why);
        match field_of(why).map(str::to_owned) {
            Some(field) => problem.said(Wording::new("field").with("field", field)),
            None => problem.said(Wording::new("parameter")),
        }
    }
    /// JSON that does not fit its type, in its reader's words.
    pub(super) fn of_json(why: &serde_json::Error) -> Self {
        let place = Wording::new("place").with("line", why.line()).with("column", why.column());
        Self::of(ErrorCode::BodyWrong, why).said(place)
    }
    pub(super) fn cursor() -> Self {
        Self::of(ErrorCode::CursorWrong, "pass on `next_cursor` as it was given")
            .said(Wording::new("cursor"))
    }
    /// Bytes that came as base64 and are not.
    pub(super) fn of_base64(field: &str, why: &base64::DecodeError) -> Self {
        Self::of(ErrorCode::ValueWrong, format_args!("{field}: base64: {why}"))
            .said(Wording::new("no_base64").with("field", field))
    }
    /// Says more, in a field of its own.
    pub(super) fn with(mut self, field: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).unwrap_or_default();
        self.fields.insert(field.to_owned(), value);
        self
    }
    pub(super) const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }
    pub(super) fn json(&self) -> Value {
        let page = self.code.page();
        let mut problem = json!({
            "type": self.code.address(),
            "title": page.title,
            "status": page.status,
            "detail": self.detail,
            "code": page.code,
            "wording": self.wording,
        });
        if let Some(object) = problem.as_object_mut() {
            object.extend(self.fields.clone());
        }
        problem
    }
    /// A fault of ours: what it was goes to the log, the caller gets a number to find it by.
    pub(super) fn internal(why: impl std::fmt::Display) -> Self {
        use std::hash::{BuildHasher as _, Hasher as _};
        let request = std::hash::RandomState::new().build_hasher().finish();
        let request = format!("{request:016x}");
        tracing::error!(%request, "a call failed: {why}");
        Self::of(ErrorCode::Internal, "please report this with the log's lines")
            .said(Wording::new("internal").with("request", &request))
            .with("request", request)
    }
}

/// Which field or parameter a detail is about, where it begins with one: `label: expected …`.
fn field_of(detail: &str) -> Option<&str> {
    let (field, _) = detail.split_once(": ")?;
    let is_name =
        |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_';
    let is_field = !field.is_empty() && field.bytes().all(is_name);
    is_field.then_some(field)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.page().status)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, self.json().to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, CONTENT_TYPE);
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"baton\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::NotFound { .. } | StoreError::OutOfScope { .. } => ErrorCode::NotFound,
            StoreError::Conflict { .. } => ErrorCode::Conflict,
            StoreError::Busy => ErrorCode::Busy,
            StoreError::Unavailable { .. } | StoreError::Full => ErrorCode::StoreUnavailable,
            _ => return Self::internal(error),
        };
        let wording = match &error {
            StoreError::NotFound { what, key } => {
                Wording::new("not_found").with("what", what).with("key", key)
            }
            StoreError::Conflict { what, key, why } => {
                Wording::new("conflict").with("what", what).with("key", key).with("why", why)
            }
            StoreError::OutOfScope { .. } => Wording::new("out_of_reach"),
            StoreError::Busy => Wording::new("busy"),
            StoreError::Full => Wording::new("store_full"),
            // Why, is the database's own.
            _ => Wording::new("store_away"),
        };
        Self::of(code, error).said(wording)
    }
}

impl From<tokio::task::JoinError> for Problem {
    /// A call's work that did not come to its end: taken back as the server stops, or fallen over.
    fn from(error: tokio::task::JoinError) -> Self {
        if error.is_cancelled() { EngineError::Stopping.into() } else { Self::internal(error) }
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::Stopping => {
                Self::of(ErrorCode::Stopping, error).said(Wording::new("stopping"))
            }
            EngineError::NotSettled(at_most) => {
                let wording = Wording::new("not_settled").with("seconds", at_most.as_secs());
                Self::of(ErrorCode::NotSettled, error).said(wording)
            }
        }
    }
}

impl From<IntakeError> for Problem {
    fn from(error: IntakeError) -> Self {
        match &error {
            IntakeError::Busy { retry_after_seconds } => {
                let busy = Self::of(ErrorCode::Busy, &error).said(Wording::new("busy"));
                busy.retry_after(*retry_after_seconds)
            }
            IntakeError::Stopping => {
                Self::of(ErrorCode::Stopping, error).said(Wording::new("stopping"))
            }
            IntakeError::Store(error) => error.clone().into(),
            IntakeError::BodyTooLong { limit, .. } => {
                let wording = Wording::new("body_long").with("most", limit);
                Self::of(ErrorCode::BodyTooLong, &error).said(wording).with("limit", limit)
            }
            IntakeError::HeadersTooLong { limit, .. } => {
                let wording = Wording::new("headers_long").with("most", limit);
                Self::of(ErrorCode::HeadersTooLong, &error).said(wording).with("limit", limit)
            }
            IntakeError::Body(fault) => (*fault).into(),
        }
    }
}

impl From<crate::body::BodyFault> for Problem {
    fn from(fault: crate::body::BodyFault) -> Self {
        use crate::body::BodyFault;
        let (code, limit) = match fault {
            BodyFault::TooLong { limit } => (ErrorCode::DecompressedTooLong, Some(limit)),
            BodyFault::TooDeep { limit } => (ErrorCode::NestedTooDeep, Some(limit)),
            BodyFault::NotEncodedSo { .. } | BodyFault::UnknownEncoding => {
                (ErrorCode::EncodingWrong, None)
            }
        };
        let problem = Self::of(code, fault).said(fault.wording());
        limit.into_iter().fold(problem, |problem, limit| problem.with("limit", limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_end_takes_back_is_no_fault_of_ours() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let ended = |task: tokio::task::JoinHandle<()>| {
            Problem::from(runtime.block_on(task).unwrap_err()).code
        };
        let waits = runtime.spawn(std::future::pending());
        waits.abort();
        assert_eq!(ended(waits), ErrorCode::Stopping);
        let falls = runtime.spawn(async { panic!("on purpose") });
        assert_eq!(ended(falls), ErrorCode::Internal);
    }
}

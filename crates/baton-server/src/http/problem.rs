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
    wording: Option<Wording>,
    retry_after_seconds: Option<u32>,
    fields: Map<String, Value>,
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
    /// The detail as a sentence's name and values, for words in other languages; left out where there is
    /// nothing but the text. The sentence `field` says only which field or parameter the detail is about.
    wording: Option<Wording>,
    /// Of `pack_faults`: what is wrong with the packs.
    findings: Option<Vec<FindingItem>>,
}

impl Problem {
    pub(super) fn new(code: ErrorCode, detail: impl std::fmt::Display) -> Self {
        let busy =
            matches!(code, ErrorCode::Busy | ErrorCode::Stopping | ErrorCode::StoreUnavailable);
        let detail = detail.to_string();
        Self {
            code,
            wording: about_field(&detail),
            detail,
            retry_after_seconds: busy.then_some(RETRY_AFTER_SECONDS),
            fields: Map::new(),
        }
    }
    pub(super) fn not_found(what: &str, key: impl std::fmt::Display) -> Self {
        let key = key.to_string();
        Self::new(ErrorCode::NotFound, format_args!("there is no {what} `{key}`"))
            .said(Wording::new("not_found").with("what", what).with("key", key))
    }
    /// A text that is missing or too long.
    pub(super) fn length(code: ErrorCode, field: &str, least: usize, most: usize) -> Self {
        Self::new(code, format_args!("{field}: expected {least} to {most} bytes"))
            .of_length(field, least, most)
    }
    /// The same, where the detail says more of what is expected.
    pub(super) fn of_length(self, field: &str, least: usize, most: usize) -> Self {
        let wording = Wording::new("length").with("field", field).with("least", least);
        self.said(wording.with("most", most))
    }
    /// A word that is none of those that a field or parameter can have.
    pub(super) fn none_of(code: ErrorCode, field: &str, found: &str, known: &[&str]) -> Self {
        let known = known.join(", ");
        let wording = Wording::new("none_of").with("field", field).with("found", found);
        Self::new(code, format_args!("{field}: `{found}` is none of {known}"))
            .said(wording.with("known", known))
    }
    /// A number, or how many of something, that is too small or too large.
    pub(super) fn from_to(code: ErrorCode, field: &str, least: i64, most: i64) -> Self {
        let wording = Wording::new("from_to").with("field", field).with("least", least);
        Self::new(code, format_args!("{field}: expected {least} to {most}"))
            .said(wording.with("most", most))
    }
    /// What only whoever runs Baton may do.
    pub(super) fn of_operator(why: &str) -> Self {
        Self::new(ErrorCode::RoleTooSmall, why).said(Wording::new("of_operator"))
    }
    pub(super) fn no_session(why: &str) -> Self {
        Self::new(ErrorCode::NoSession, why).said(Wording::new("sign_in_first"))
    }
    /// Names the sentence that the detail says. The field that the detail begins with stays named.
    pub(super) fn said(self, wording: Wording) -> Self {
        let field = self.wording.as_ref().and_then(|before| before.values.get("field"));
        let wording = match field {
            Some(field) if !wording.values.contains_key("field") => wording.with("field", field),
            _ => wording,
        };
        Self { wording: Some(wording), ..self }
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
        });
        if let Some(object) = problem.as_object_mut() {
            object.extend(self.fields.clone());
            if let Some(wording) = &self.wording {
                object.insert("wording".to_owned(), json!(wording));
            }
        }
        problem
    }
    /// A fault of ours: what it was goes to the log, the caller gets a number to find it by.
    pub(super) fn internal(why: impl std::fmt::Display) -> Self {
        use std::hash::{BuildHasher as _, Hasher as _};
        let request = std::hash::RandomState::new().build_hasher().finish();
        let request = format!("{request:016x}");
        tracing::error!(%request, "a call failed: {why}");
        Self::new(ErrorCode::Internal, "please report this with the log's lines")
            .with("request", request)
    }
}

/// Which field or parameter a detail is about, where it begins with one: `label: expected …`.
fn about_field(detail: &str) -> Option<Wording> {
    let (field, _) = detail.split_once(": ")?;
    let is_name =
        |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_';
    let is_field = !field.is_empty() && field.bytes().all(is_name);
    is_field.then(|| Wording::new("field").with("field", field))
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
                Some(Wording::new("not_found").with("what", what).with("key", key))
            }
            StoreError::Conflict { what, key, why } => {
                Some(Wording::new("conflict").with("what", what).with("key", key).with("why", why))
            }
            StoreError::Busy => Some(Wording::new("busy")),
            StoreError::Full => Some(Wording::new("store_full")),
            _ => None,
        };
        let problem = Self::new(code, error);
        wording.into_iter().fold(problem, Self::said)
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::Stopping => {
                Self::new(ErrorCode::Stopping, error).said(Wording::new("stopping"))
            }
            EngineError::NotSettled(_) => Self::new(ErrorCode::NotSettled, error),
        }
    }
}

impl From<IntakeError> for Problem {
    fn from(error: IntakeError) -> Self {
        match &error {
            IntakeError::Busy { retry_after_seconds } => {
                let busy = Self::new(ErrorCode::Busy, &error).said(Wording::new("busy"));
                busy.retry_after(*retry_after_seconds)
            }
            IntakeError::Stopping => {
                Self::new(ErrorCode::Stopping, error).said(Wording::new("stopping"))
            }
            IntakeError::Store(error) => error.clone().into(),
            IntakeError::BodyTooLong { limit, .. } => {
                let wording = Wording::new("body_long").with("most", limit);
                Self::new(ErrorCode::BodyTooLong, &error).said(wording).with("limit", limit)
            }
            IntakeError::HeadersTooLong { limit, .. } => {
                Self::new(ErrorCode::HeadersTooLong, &error).with("limit", limit)
            }
            IntakeError::Body(fault) => (*fault).into(),
        }
    }
}

impl From<crate::body::BodyFault> for Problem {
    fn from(fault: crate::body::BodyFault) -> Self {
        use crate::body::BodyFault;
        match fault {
            BodyFault::TooLong { limit } => {
                let wording = Wording::new("body_long").with("most", limit);
                Self::new(ErrorCode::DecompressedTooLong, fault).said(wording).with("limit", limit)
            }
            BodyFault::TooDeep { limit } => {
                let wording = Wording::new("nested_deep").with("most", limit);
                Self::new(ErrorCode::NestedTooDeep, fault).said(wording).with("limit", limit)
            }
            BodyFault::NotEncodedSo { .. } | BodyFault::UnknownEncoding => {
                Self::new(ErrorCode::EncodingWrong, fault)
            }
        }
    }
}

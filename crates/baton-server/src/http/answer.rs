//! What an endpoint answers, before it is bytes.

use axum::http::header::{self, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use super::problem::Problem;

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: Option<StatusCode>,
    pub(super) body: Body,
    /// A field of the body that is shown now and never again: it is not kept for a repeat.
    pub(super) secret: Option<(&'static str, String)>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether it changed who may do what: what is believed of keys and sessions is forgotten once it is
    /// committed.
    pub(super) is_about_access: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Body {
    Json(Value),
    /// JSON that was written before.
    Text(String),
    /// Bytes as they are, with their type.
    Raw(HeaderValue, Vec<u8>),
}

impl Answer {
    const fn of(body: Body, headers: Vec<(HeaderName, HeaderValue)>) -> Self {
        Self { status: None, body, secret: None, headers, is_about_access: false }
    }
    pub(super) fn json(value: impl Serialize) -> Result<Self, Problem> {
        let value = serde_json::to_value(value).map_err(Problem::internal)?;
        Ok(Self::of(Body::Json(value), Vec::new()))
    }
    pub(super) fn text(json: String) -> Self {
        Self::of(Body::Text(json), Vec::new())
    }
    /// Bytes that came from outside: never shown as a page by a browser.
    pub(super) fn raw(content_type: &str, bytes: Vec<u8>) -> Self {
        let kind = HeaderValue::from_str(content_type)
            .unwrap_or(HeaderValue::from_static("application/octet-stream"));
        let headers = vec![
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
            (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox")),
        ];
        Self::of(Body::Raw(kind, bytes), headers)
    }
    /// Text of our own, for a browser to show.
    pub(super) fn page(content_type: &'static str, text: String) -> Self {
        let kind = HeaderValue::from_static(content_type);
        let headers = vec![(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))];
        Self::of(Body::Raw(kind, text.into_bytes()), headers)
    }
    pub(super) const fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }
    pub(super) fn with_secret(mut self, field: &'static str, secret: String) -> Self {
        self.secret = Some((field, secret));
        self
    }
    pub(super) const fn about_access(mut self) -> Self {
        self.is_about_access = true;
        self
    }
    pub(super) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }
    pub(super) fn respond(self, status: StatusCode) -> Response {
        let status = self.status.unwrap_or(status);
        let (kind, bytes) = match self.body {
            Body::Json(mut value) => {
                if let (Some(object), Some((field, secret))) = (value.as_object_mut(), self.secret)
                {
                    object.insert(field.to_owned(), secret.into());
                }
                (HeaderValue::from_static("application/json"), value.to_string().into_bytes())
            }
            Body::Text(text) => (HeaderValue::from_static("application/json"), text.into_bytes()),
            Body::Raw(kind, bytes) => (kind, bytes),
        };
        let mut response = (status, bytes).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in self.headers {
            // The one that has a say beside ours.
            if name == header::CACHE_CONTROL {
                headers.insert(name, value);
            } else {
                headers.append(name, value);
            }
        }
        response
    }
}

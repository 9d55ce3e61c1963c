//! The API without sockets: a program that holds the data itself calls the same routes as everybody
//! else, as the person at this machine. So there is no second way to do anything.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderName, HeaderValue, Method, Request, Uri};
use tower::ServiceExt as _;

use super::access::LocalPrincipal;

/// The longest answer that is taken, in bytes.
const ANSWER_BYTES_MAX: usize = 256 << 20;

/// The routes, and who calls them.
#[derive(Debug, Clone)]
pub struct InProcess {
    app: Router,
    principal: LocalPrincipal,
}

/// An answer in plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainAnswer {
    pub status: u16,
    /// Those that are text.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Why there was no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    #[error("`{0}` is no part of a request")]
    NoRequest(String),
    #[error("the answer is longer than {ANSWER_BYTES_MAX} bytes: ask for less")]
    TooLong,
}

impl InProcess {
    #[must_use]
    pub const fn new(app: Router, principal: LocalPrincipal) -> Self {
        Self { app, principal }
    }

    /// Makes a call. Needs a tokio runtime about it.
    ///
    /// # Errors
    /// [`NoAnswer`]; a refusal is an answer.
    pub async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: Vec<u8>,
    ) -> Result<PlainAnswer, NoAnswer> {
        let request = self.request(method, path, headers, body)?;
        // The router answers whatever happens.
        let response = match self.app.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let status = response.status().as_u16();
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        let headers = response.headers().iter().filter_map(text).collect();
        let body = to_bytes(response.into_body(), ANSWER_BYTES_MAX).await;
        let body = body.map_err(|_| NoAnswer::TooLong)?.to_vec();
        Ok(PlainAnswer { status, headers, body })
    }

    fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: Vec<u8>,
    ) -> Result<Request<Body>, NoAnswer> {
        let wrong = |text: &str| NoAnswer::NoRequest(text.to_owned());
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = method.parse::<Method>().map_err(|_| wrong(method))?;
        *request.uri_mut() = path.parse::<Uri>().map_err(|_| wrong(path))?;
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).map_err(|_| wrong(value))?;
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong(name))?;
            request.headers_mut().append(name, value);
        }
        request.extensions_mut().insert(self.principal.clone());
        Ok(request)
    }
}

//! Requests to a running server.

use std::time::Duration;

use ureq::Agent;
use ureq::http;

use super::{ANSWER_BYTES_MAX, Answer, Request};
use crate::exit::{Failure, Result};

/// Where a server listens unless somebody says otherwise.
const URL_DEFAULT: &str = "http://127.0.0.1:7300";
const CONNECT_WAIT_MAX: Duration = Duration::from_secs(10);
/// An answer may take as long as verifying a large tenant does.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(3_600);

/// A server by its address, with the key to call it.
#[derive(Debug)]
pub(super) struct Remote {
    agent: Agent,
    url: String,
    key: String,
}

impl Remote {
    pub(super) fn new(url: Option<&str>, key: Option<&str>) -> Result<Self> {
        let url = url.unwrap_or(URL_DEFAULT).trim_end_matches('/').to_owned();
        let Some(key) = key else {
            let text = format!(
                "calling {url} takes a key: say --key or set BATON_KEY; or open data with --data DIR"
            );
            return Err(Failure::usage(text));
        };
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT_WAIT_MAX))
            .timeout_global(Some(ANSWER_WAIT_MAX))
            .build()
            .into();
        Ok(Self { agent, url, key: key.to_owned() })
    }

    pub(super) fn send(&self, request: &Request<'_>) -> Result<Answer> {
        let mut built = http::Request::builder()
            .method(request.method)
            .uri(format!("{}{}", self.url, request.path))
            .header("Authorization", format!("Bearer {}", self.key));
        for (name, value) in &request.headers {
            built = built.header(name, value);
        }
        let built = built
            .body(request.body.clone())
            .map_err(|why| Failure::usage(format!("this is no request: {why}")))?;
        let cannot = |why: ureq::Error| {
            Failure::not_found(format!(
                "cannot reach {}: {why}. Is `baton serve` running?",
                self.url
            ))
        };
        let mut response = self.agent.run(built).map_err(cannot)?;
        let status = response.status().as_u16();
        let text = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        let headers = response.headers().iter().filter_map(text).collect();
        let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
        Ok(Answer { status, headers, body: body.map_err(cannot)? })
    }
}

//! A call that may be made: who calls, for which tenant, and what they sent, within limits.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::Method;
use axum::http::Uri;
use baton_core::wording::Wording;
use baton_store::{Scope, Sight, Store, StoreError, Tx};
use serde::de::DeserializeOwned;

use super::access::{OpenSession, Principal};
use super::endpoint::Endpoint;
use super::errors::ErrorCode;
use super::keyring::Known;
use super::limits::{IDEMPOTENCY_KEY_BYTES_MAX, JSON_DEPTH_MAX};
use super::networks::{caller_address, came_by_https};
use super::problem::Problem;
use super::{Api, Closing};
use crate::body::check_depth;
use crate::tenant::Tenant;
use crate::traces::Context;

/// A call.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) api: Arc<Api>,
    pub(super) endpoint: &'static Endpoint,
    pub(super) principal: Principal,
    /// The session that stands for the caller, if one does.
    pub(super) session: Option<Arc<OpenSession>>,
    /// Where the call comes from; `None` within this process.
    pub(super) address: Option<IpAddr>,
    /// Whether the caller's side of the connection is encrypted, as far as this is known.
    pub(super) is_https: bool,
    /// `None` for the few endpoints that are about no tenant.
    tenant: Option<Arc<Tenant>>,
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    parameters: Vec<(String, String)>,
    pub(super) body: Bytes,
    /// Tells when the server stops, where there is one.
    pub(super) closing: Option<Closing>,
    /// Its span, where spans are exported.
    pub(super) context: Option<Context>,
}

impl Call {
    pub(super) fn new(
        (api, endpoint): (Arc<Api>, &'static Endpoint),
        (known, tenant): (Known, Option<Arc<Tenant>>),
        parts: axum::http::request::Parts,
        parameters: Vec<(String, String)>,
        body: Bytes,
    ) -> Self {
        let trusted = &api.engine.settings().access.trusted_proxies;
        let (address, is_https) = (caller_address(&parts, trusted), came_by_https(&parts, trusted));
        let Known { principal, session, .. } = known;
        let axum::http::request::Parts { method, uri, headers, extensions, .. } = parts;
        let closing = extensions.get::<Closing>().cloned();
        let context = extensions.get::<Context>().copied();
        Self {
            api,
            endpoint,
            principal,
            session,
            address,
            is_https,
            tenant,
            method,
            uri,
            headers,
            parameters,
            body,
            closing,
            context,
        }
    }
    pub(super) fn tenant(&self) -> Result<&Arc<Tenant>, Problem> {
        let why = "this is done for one tenant";
        let needed = || Problem::of(ErrorCode::TenantNeeded, why).said(Wording::new("one_tenant"));
        self.tenant.as_ref().ok_or_else(needed)
    }
    /// What the caller may see of the tenant.
    pub(super) fn scope(&self) -> Result<Scope, Problem> {
        Ok(self.principal.scope(self.tenant()?))
    }
    pub(super) fn is_partner(&self) -> bool {
        self.principal.partner().is_some()
    }
    /// What the caller sees of prices and customers' names.
    pub(super) fn sight(&self) -> Sight {
        self.principal.sight()
    }
    pub(super) fn store(&self) -> &Store {
        self.api.engine.store()
    }
    /// Runs a write as one transaction; a refusal rolls everything back. For what has more to do once it is
    /// committed.
    pub(super) fn write<T>(
        &self,
        run: impl Fn(&mut Tx<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut refused = None;
        let done = self.store().write(|tx| {
            run(tx).map_err(|problem| {
                refused = Some(problem);
                StoreError::Refused { code: "rolled back".into() }
            })
        });
        match (done, refused) {
            (Err(StoreError::Refused { .. }), Some(problem)) => Err(problem),
            (done, _) => Ok(done?),
        }
    }
    /// A part of the path by its name.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.parameters.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
    /// The query, read into its type.
    pub(super) fn query<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        axum::extract::Query::<T>::try_from_uri(&self.uri).map(|query| query.0).map_err(|why| {
            let text = why.body_text();
            let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
            Problem::of_query(text)
        })
    }
    /// The body, read as JSON into its type.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        check_depth(&self.body, JSON_DEPTH_MAX)?;
        serde_json::from_slice(&self.body).map_err(|why| Problem::of_json(&why))
    }
    /// A header's text.
    pub(super) fn header(&self, name: &'static str) -> Result<Option<&str>, Problem> {
        header_text(&self.headers, name)
    }
    pub(super) fn idempotency_key(&self) -> Result<Option<&str>, Problem> {
        let key = self.header("idempotency-key")?;
        if key.is_some_and(|key| key.is_empty() || key.len() > IDEMPOTENCY_KEY_BYTES_MAX) {
            let why = format_args!("expected 1 to {IDEMPOTENCY_KEY_BYTES_MAX} characters");
            return Err(Problem::of_header("Idempotency-Key", why));
        }
        Ok(key)
    }
}

/// Why a header is refused that has other bytes than those of plain text.
pub(super) const NOT_PLAIN: &str = "it is not plain text";

pub(super) fn header_text<'a>(
    headers: &'a HeaderMap,
    name: &'static str,
) -> Result<Option<&'a str>, Problem> {
    let wrong = || Problem::of_header(name, NOT_PLAIN);
    headers.get(name).map(|value| value.to_str().map_err(|_| wrong())).transpose()
}

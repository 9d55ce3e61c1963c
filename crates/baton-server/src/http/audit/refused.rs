//! Lines of what somebody was refused for their role. They are no part of any act, so they have a
//! transaction of their own; and as a caller can have as many as it likes, only so many are written a
//! minute. The next line says how many were left out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use baton_store::audit::{self, NewLine};
use baton_store::{Scope, TenantId};
use serde_json::json;

use super::who;
use crate::clock::machine_now;
use crate::http::Api;
use crate::http::access::Principal;
use crate::http::endpoint::Endpoint;
use crate::http::problem::Problem;

/// Lines of refusals that one tenant gets in a span.
const LINES_MAX: u32 = 60;
const SPAN: Duration = Duration::from_secs(60);

/// How many were written of late, by tenant.
#[derive(Debug, Default)]
pub(in crate::http) struct Refusals(Mutex<HashMap<Option<TenantId>, Lately>>);

#[derive(Debug)]
struct Lately {
    since: Instant,
    written: u32,
    left_out: u64,
}

impl Refusals {
    /// Whether a line may be written now, and how many were left out since the last one.
    fn admit(&self, tenant: Option<TenantId>, now: Instant) -> Option<u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Lately { since: now, written: 0, left_out: 0 };
        let lately = all.entry(tenant).or_insert_with(new);
        if now.duration_since(lately.since) >= SPAN {
            (lately.since, lately.written) = (now, 0);
        }
        if lately.written >= LINES_MAX {
            lately.left_out += 1;
            return None;
        }
        lately.written += 1;
        Some(std::mem::take(&mut lately.left_out))
    }
}

/// Notes that a caller was refused, where it was for what they are. A store that cannot write just now is
/// no reason to answer otherwise.
pub(in crate::http) async fn refused(
    api: &Arc<Api>,
    endpoint: &'static Endpoint,
    (principal, tenant): (&Principal, Option<TenantId>),
    subject: Option<&str>,
    problem: &Problem,
) {
    let page = problem.code.page();
    if page.status != StatusCode::FORBIDDEN.as_u16() {
        return;
    }
    let Some(left_out) = api.refusals.admit(tenant, Instant::now()) else { return };
    let (who, name) = who(principal);
    let detail = if left_out == 0 { json!({}) } else { json!({ "left_out_before": left_out }) };
    let kind = endpoint.about.map_or("", |(kind, _)| kind);
    let line = NewLine {
        at: machine_now(),
        who,
        name,
        role: principal.role().name().to_owned(),
        operation: endpoint.name.to_owned(),
        subject_kind: kind.to_owned(),
        subject: subject.unwrap_or_default().to_owned(),
        outcome: page.code.to_owned(),
        detail: detail.to_string(),
    };
    let Ok(_turn) = api.store_calls.acquire().await else { return };
    let api = Arc::clone(api);
    let write = move || {
        let scope = tenant.map_or_else(Scope::operator, Scope::tenant);
        api.engine.store().write(|tx| audit::append(tx, &scope, &line))
    };
    match tokio::task::spawn_blocking(write).await {
        Ok(Ok(_)) => {}
        Ok(Err(why)) => tracing::warn!("a refusal could not be noted: {why}"),
        Err(why) => tracing::warn!("a refusal could not be noted: {why}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_are_written_and_the_rest_is_counted() {
        let (refusals, begin) = (Refusals::default(), Instant::now());
        let (one, other) = (Some(TenantId(1)), Some(TenantId(2)));
        for _ in 0..LINES_MAX {
            assert_eq!(refusals.admit(one, begin), Some(0));
        }
        assert_eq!(refusals.admit(one, begin), None);
        assert_eq!(refusals.admit(one, begin + SPAN / 2), None);
        assert_eq!(refusals.admit(other, begin), Some(0), "each tenant has its own bound");
        assert_eq!(refusals.admit(one, begin + SPAN), Some(2));
        assert_eq!(refusals.admit(one, begin + SPAN), Some(0));
    }
}

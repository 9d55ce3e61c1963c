//! From a request to its answer: limits, then key, role and tenant, then the endpoint's function.
//!
//! INVARIANT: the body of a call is not read before its key and role are known to be right.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, on};

use baton_core::wording::Wording;
use tokio::sync::OwnedSemaphorePermit;
use tracing::{Instrument as _, Span};

use super::access::{KeyRole, LocalPrincipal, Principal};
use super::call::{Call, header_text};
use super::endpoint::{Access, Content, Endpoint, Method, Outcome, Run};
use super::errors::ErrorCode;
use super::failures::{self, Failed};
use super::keyring::Known;
use super::limits::{
    BODIES_KIB_MAX, BODY_WAIT_MAX, HEADER_BYTES_MAX, KEY_BYTES_MAX, PATH_PART_BYTES_MAX,
    QUERY_BYTES_MAX,
};
use super::networks::caller_address;
use super::problem::Problem;
use super::secret::SESSION;
use super::sign_in::cookie;
use super::{Api, audit, idempotency, pages, table, trace};
use crate::relay::Word;
use crate::tenant::Tenant;
use crate::traces;

pub(super) const TENANT_HEADER: &str = "baton-tenant";
const CSRF_HEADER: &str = "baton-csrf";

/// Mounts every endpoint of the table.
pub(super) fn routes(api: &Arc<Api>) -> Router {
    let mut router = Router::new();
    for endpoint in table::endpoints() {
        let api = Arc::clone(api);
        let answer = move |parameters: RawPathParams, mut request: Request| {
            let api = Arc::clone(&api);
            async move {
                let parameters =
                    parameters.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
                let began = Instant::now();
                let metrics = api.engine.clone();
                let traces = metrics.traces();
                let exported =
                    traces.map(|t| t.begin(traces::CALL, trace::caller(request.headers())));
                let context = exported.as_ref().map(|span| span.context);
                let span = trace::span(endpoint.name, request.headers(), context);
                if let Some(context) = context {
                    request.extensions_mut().insert(context);
                }
                let answer = Box::pin(answer(api, endpoint, parameters, request));
                let answer = answer.instrument(span.clone());
                let response = answer.await.unwrap_or_else(Problem::into_response);
                let status = response.status();
                span.in_scope(|| tracing::debug!(status = status.as_u16(), "a call was answered"));
                if let Some((traces, mut exported)) = traces.zip(exported) {
                    exported.attribute("baton.endpoint", endpoint.name);
                    exported.attribute("http.response.status_code", status.as_u16());
                    if status.is_server_error() {
                        exported.failed();
                    }
                    traces.end(exported);
                }
                metrics.metrics().call(endpoint.name, status.as_str(), began.elapsed());
                response
            }
        };
        router = router.route(endpoint.path, on(filter(endpoint.method), answer));
    }
    let (elsewhere, otherwise) = (Arc::clone(api), Arc::clone(api));
    router
        .fallback(move |request: Request| otherwhere(Arc::clone(&elsewhere), request))
        .method_not_allowed_fallback(move |request: Request| {
            refuse(Arc::clone(&otherwise), request, ErrorCode::MethodNotAllowed)
        })
}

const fn filter(method: Method) -> MethodFilter {
    match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Put => MethodFilter::PUT,
        Method::Delete => MethodFilter::DELETE,
    }
}

/// Pages are at every path that is not the API's.
async fn otherwhere(api: Arc<Api>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match pages::page(&parts) {
        Some(page) => page,
        None => refuse(api, Request::from_parts(parts, body), ErrorCode::NoSuchPath).await,
    }
}

/// What is nowhere is told only to those who have a key.
async fn refuse(api: Arc<Api>, request: Request, code: ErrorCode) -> Response {
    let (parts, _) = request.into_parts();
    let why = format!("{} {}", parts.method, parts.uri.path());
    match authenticate(&api, &parts).await {
        Ok(_) => {
            let wording = match code {
                ErrorCode::NoSuchPath => Wording::new("no_path"),
                _ => Wording::new("no_method").with("method", parts.method.as_str()),
            };
            Problem::of(code, why).said(wording.with("path", parts.uri.path())).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

async fn answer(
    api: Arc<Api>,
    endpoint: &'static Endpoint,
    parameters: Vec<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    check_head(&parts.headers, &parts.uri, &parameters)?;
    let known = match endpoint.access {
        Access::Open => Known::without_session(Principal::Local(super::local_principal(""))),
        Access::Session => match cookie::session(&parts.headers) {
            Some(secret) => by_session(&api, &parts, secret).await?,
            None => return Err(no_session()),
        },
        Access::Roles(roles) => {
            let known = authenticate(&api, &parts).await?;
            if let Err(problem) = check_role(endpoint, roles, &known.principal) {
                let tenant = choose_tenant(&api, endpoint, &known, &parts.headers).ok().flatten();
                let tenant = tenant.map(|tenant| tenant.id).or_else(|| known.principal.home());
                let subject = subject(endpoint, &parameters);
                audit::refused(&api, endpoint, (&known.principal, tenant), subject, &problem).await;
                return Err(problem);
            }
            known
        }
    };
    let mut tenant = choose_tenant(&api, endpoint, &known, &parts.headers);
    if tenant.as_ref().is_err_and(|problem| problem.code == ErrorCode::TenantUnknown) {
        // Another node, or the command line beside us, may have made it since.
        let engine = api.engine.clone();
        let load = tokio::task::spawn_blocking(move || engine.load_tenants());
        load.await.map_err(Problem::from)??;
        tenant = choose_tenant(&api, endpoint, &known, &parts.headers);
    }
    let tenant = tenant?;
    // Held until the call is answered.
    let (body, _room) = read_body(&api, endpoint, &parts.headers, body).await?;
    let of_whom = (known.principal.clone(), tenant.as_ref().map(|tenant| tenant.id));
    let subject = subject(endpoint, &parameters).map(str::to_owned);
    let call = Call::new((Arc::clone(&api), endpoint), (known, tenant), parts, parameters, body);
    let answered = run(call).await;
    // Nobody is known at an open door.
    if endpoint.access != Access::Open
        && let Err(problem) = &answered
    {
        let of_whom = (&of_whom.0, of_whom.1);
        audit::refused(&api, endpoint, of_whom, subject.as_deref(), problem).await;
    }
    answered
}

/// What the path names, where the endpoint is an act.
fn subject<'a>(endpoint: &Endpoint, parameters: &'a [(String, String)]) -> Option<&'a str> {
    let (_, field) = endpoint.about?;
    parameters.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
}

/// Runs the endpoint's function.
async fn run(call: Call) -> Result<Response, Problem> {
    let endpoint = call.endpoint;
    let answered = match endpoint.run {
        Run::Flows(run) => return run(call).await,
        Run::Reads(run) => blocking(call, run).await,
        Run::Writes(run) => {
            blocking(call, move |call| idempotency::write(call, endpoint.status, run)).await
        }
        Run::Acts(run) => {
            blocking(call, move |call| idempotency::act(call, endpoint.status, run)).await
        }
    };
    answered.map(|answer| answer.respond(endpoint.status))
}

/// Runs what may block beside the threads that serve sockets, so many at once.
async fn blocking(call: Call, run: impl FnOnce(&Call) -> Outcome + Send + 'static) -> Outcome {
    let api = Arc::clone(&call.api);
    let _turn = api.store_calls.acquire().await.map_err(Problem::internal)?;
    let span = Span::current();
    let run = move || span.in_scope(|| run(&call));
    tokio::task::spawn_blocking(run).await.map_err(Problem::from)?
}

fn check_head(
    headers: &HeaderMap,
    uri: &Uri,
    parameters: &[(String, String)],
) -> Result<(), Problem> {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if bytes > HEADER_BYTES_MAX {
        let why = format!("the headers have {bytes} bytes, the limit is {HEADER_BYTES_MAX}");
        let wording = Wording::new("headers_long").with("most", HEADER_BYTES_MAX);
        let problem = Problem::of(ErrorCode::HeadersTooLong, why).said(wording);
        return Err(problem.with("limit", HEADER_BYTES_MAX));
    }
    if uri.query().is_some_and(|query| query.len() > QUERY_BYTES_MAX) {
        let why = format!("the query is longer than {QUERY_BYTES_MAX} bytes");
        let wording = Wording::new("query_long").with("most", QUERY_BYTES_MAX);
        return Err(Problem::of(ErrorCode::QueryWrong, why).said(wording));
    }
    match parameters.iter().find(|(_, value)| value.len() > PATH_PART_BYTES_MAX) {
        None => Ok(()),
        Some((name, _)) => Err(Problem::not_found(name, "that is so long")),
    }
}

/// Who calls: whoever code of this process says, else whoever the key stands for, else the session.
async fn authenticate(api: &Arc<Api>, parts: &Parts) -> Result<Known, Problem> {
    if let Some(local) = parts.extensions.get::<LocalPrincipal>() {
        return Ok(Known::without_session(Principal::Local(local.clone())));
    }
    let missing = || {
        let why = "expected the header `Authorization: Bearer <key>`, or a session's cookie";
        Problem::of(ErrorCode::KeyMissing, why).said(Wording::new("sign_in_first"))
    };
    let Some(value) = header_text(&parts.headers, "authorization")? else {
        let session = cookie::session(&parts.headers).ok_or_else(missing)?;
        return by_session(api, parts, session).await;
    };
    let (scheme, key) = value.split_once(' ').ok_or_else(missing)?;
    let key = key.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || key.is_empty() {
        return Err(missing());
    }
    by_key(api, parts, key).await
}

async fn by_key(api: &Arc<Api>, parts: &Parts, key: &str) -> Result<Known, Problem> {
    if key.len() > KEY_BYTES_MAX {
        let problem = Problem::of(ErrorCode::KeyWrong, "no key is that long");
        return Err(problem.said(Wording::new("key_wrong")));
    }
    let address = caller_address(parts, &api.engine.settings().access.trusted_proxies);
    // A session's secret is no key: it would do without the token that goes with it.
    let is_key = !key.starts_with(SESSION);
    let known = match api.keyring.remembered(key).filter(|_| is_key) {
        Some(known) => Some(known),
        None => look_up(api, address, key).await?.filter(|_| is_key),
    };
    let failed = match known {
        Some(known) if known.networks.hold(address) => return Ok(known),
        Some(_) => Failed::Elsewhere,
        None => Failed::Wrong,
    };
    failures::log(failed, address, key);
    note_failure(api, failed, address);
    // Nor is a key that is right elsewhere told to be one.
    let why = "the key is mistyped, ended or revoked, or does not hold from here";
    Err(Problem::of(ErrorCode::KeyWrong, why).said(Wording::new("key_wrong")))
}

fn no_session() -> Problem {
    Problem::no_session("sign in first: there is no session, or it has ended")
}

/// Whose session it is. What changes something has to come from the session's own page.
async fn by_session(api: &Arc<Api>, parts: &Parts, secret: &str) -> Result<Known, Problem> {
    if secret.len() > KEY_BYTES_MAX || !secret.starts_with(SESSION) {
        return Err(no_session());
    }
    let known = match api.keyring.remembered(secret) {
        Some(known) => Some(known),
        None => {
            let _turn = api.store_calls.acquire().await.map_err(Problem::internal)?;
            let (api, secret) = (Arc::clone(api), secret.to_owned());
            let look_up = move || api.look_up_session(&secret);
            tokio::task::spawn_blocking(look_up).await.map_err(Problem::from)??
        }
    };
    let address = caller_address(parts, &api.engine.settings().access.trusted_proxies);
    let known = known.filter(|known| known.networks.hold(address)).ok_or_else(no_session)?;
    if !parts.method.is_safe() {
        let said = header_text(&parts.headers, CSRF_HEADER)?.unwrap_or_default();
        let expected = known.session.as_ref().map_or("", |session| &session.csrf);
        // Hashes of blake3 are compared in constant time.
        if expected.is_empty() || blake3::hash(said.as_bytes()) != blake3::hash(expected.as_bytes())
        {
            let why = "expected the header `Baton-Csrf` with the value `csrf` of `GET /v1/session`";
            let wording = Wording::new("page_of_another_session");
            return Err(Problem::of(ErrorCode::CsrfTokenWrong, why).said(wording));
        }
    }
    Ok(known)
}

/// Counts a failure for the metrics and for the address that it came from.
fn note_failure(api: &Api, failed: Failed, address: Option<IpAddr>) {
    api.engine.metrics().failed_authentication(failed.name());
    count_for(api, address);
}

/// Counts what an address may do so often within a span and no oftener, as a failure does.
pub(super) fn count_for(api: &Api, address: Option<IpAddr>) {
    if let Some((failures, address)) = api.failures.as_ref().zip(address) {
        failures.note(address, Instant::now());
        if let Some(relay) = api.engine.relay() {
            relay.say(Word::Failed(address));
        }
    }
}

/// Notes that somebody could not sign in. Logins stay out of the log: people type passwords there.
pub(super) fn note_failed_sign_in(api: &Api, address: Option<IpAddr>, by_password: bool) {
    let shown = address.map_or_else(|| "this process".to_owned(), |at| at.to_string());
    tracing::warn!(address = %shown, by_password, "somebody could not sign in");
    note_failure(api, Failed::SignIn, address);
}

/// Notes that somebody asked for an order's tracking page by a link that does not hold.
pub(super) fn note_wrong_link(api: &Api, address: Option<IpAddr>) {
    note_failure(api, Failed::Link, address);
}

/// Refuses to look at anything from an address that failed too often of late.
pub(super) fn wait_for_failures(api: &Api, address: Option<IpAddr>) -> Result<(), Problem> {
    let bounded = api.failures.as_ref().zip(address);
    let Some(wait) = bounded.and_then(|(f, address)| f.wait(address, Instant::now())) else {
        return Ok(());
    };
    api.engine.metrics().failed_authentication("too_many");
    let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
    let why = format!("too many keys or passwords from this address were wrong, wait {seconds} s");
    let wording = Wording::new("wait").with("seconds", seconds);
    Err(Problem::of(ErrorCode::TooManyFailures, why).said(wording).retry_after(seconds))
}

/// Asks the store whose key it is, unless too many from this address were wrong of late.
async fn look_up(
    api: &Arc<Api>,
    address: Option<IpAddr>,
    key: &str,
) -> Result<Option<Known>, Problem> {
    wait_for_failures(api, address)?;
    let _turn = api.store_calls.acquire().await.map_err(Problem::internal)?;
    let (api, key) = (Arc::clone(api), key.to_owned());
    let look_up = move || api.keyring.look_up(api.engine.store(), &key);
    tokio::task::spawn_blocking(look_up).await.map_err(Problem::from)?
}

fn check_role(
    endpoint: &Endpoint,
    roles: &'static [KeyRole],
    principal: &Principal,
) -> Result<(), Problem> {
    if principal.lacks_second_factor() {
        let why = "your role asks for a second factor, and you have none: set one up first";
        let wording = Wording::new("second_factor_first");
        return Err(Problem::of(ErrorCode::SecondFactorMissing, why).said(wording));
    }
    let role = principal.role();
    if endpoint.allows(role) {
        return Ok(());
    }
    let why = format!("this key's role is {}", role.name());
    let wording = Wording::new("role_is").with("role", role.name());
    Err(Problem::of(ErrorCode::RoleTooSmall, why).said(wording).with("roles", roles))
}

/// The tenant that is meant: the key's own, or the one that an operator names.
fn choose_tenant(
    api: &Api,
    endpoint: &Endpoint,
    known: &Known,
    headers: &HeaderMap,
) -> Result<Option<Arc<Tenant>>, Problem> {
    if endpoint.access == Access::Open {
        return Ok(None);
    }
    let principal = &known.principal;
    let named = header_text(headers, TENANT_HEADER)?;
    let unknown = |name: &str| {
        let wording = Wording::new("not_found").with("what", "tenant").with("key", name);
        Problem::of(ErrorCode::TenantUnknown, format_args!("there is no tenant `{name}`"))
            .said(wording)
    };
    if let Some(name) = named {
        let found = api.engine.tenants().into_iter().find(|tenant| tenant.key == name);
        let found = found.ok_or_else(|| unknown(name))?;
        let reached = principal.role() == KeyRole::Operator || principal.home() == Some(found.id);
        return if reached { Ok(Some(found)) } else { Err(unknown(name)) };
    }
    let chosen = known.session.as_ref().and_then(|session| session.tenant);
    if let Some(home) = chosen.or_else(|| principal.home()) {
        return api.engine.tenant(home).map(Some).ok_or_else(|| unknown("of this key"));
    }
    let tenants = api.engine.tenants();
    match tenants.as_slice() {
        [only] => Ok(Some(Arc::clone(only))),
        _ if !endpoint.within_tenant => Ok(None),
        _ => {
            let names: Vec<&str> = tenants.iter().map(|tenant| tenant.key.as_str()).collect();
            let why = format!("expected the header `Baton-Tenant`, one of: {}", names.join(", "));
            Err(Problem::of(ErrorCode::TenantNeeded, why).said(Wording::new("one_tenant")))
        }
    }
}

/// Reads the body up to the endpoint's limit.
async fn read_body(
    api: &Api,
    endpoint: &Endpoint,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Problem> {
    let limit = match endpoint.body {
        None => return Ok((Bytes::new(), None)),
        Some(Content::Raw(..)) => api.engine.settings().intake.body_bytes_max,
        Some(Content::Json(_)) => endpoint.body_bytes_max,
    };
    let too_long = || {
        let why = format!("the body has more than {limit} bytes");
        let wording = Wording::new("body_long").with("most", limit);
        Problem::of(ErrorCode::BodyTooLong, why).said(wording).with("limit", limit)
    };
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
    let known: Option<u64> = declared.or_else(|| body.size_hint().exact());
    if known.unwrap_or(0).max(body.size_hint().lower()) > limit as u64 {
        return Err(too_long());
    }
    let kib = known.unwrap_or(limit as u64).div_ceil(1 << 10);
    let kib = u32::try_from(kib).unwrap_or(u32::MAX).min(BODIES_KIB_MAX);
    let full = |_| {
        let why = "too many long bodies are under way";
        Problem::of(ErrorCode::Busy, why).said(Wording::new("busy"))
    };
    let room = Arc::clone(&api.bodies).try_acquire_many_owned(kib).map_err(full)?;
    let reading = tokio::time::timeout(BODY_WAIT_MAX, axum::body::to_bytes(body, limit));
    match reading.await {
        Ok(Ok(bytes)) => Ok((bytes, Some(room))),
        Ok(Err(why)) if is_length(&why) => Err(too_long()),
        Ok(Err(_)) => {
            let problem = Problem::of(ErrorCode::BodyWrong, "the body broke off");
            Err(problem.said(Wording::new("broken_off")))
        }
        Err(_) => {
            let seconds = BODY_WAIT_MAX.as_secs();
            let why = format!("the body did not arrive within {seconds} s");
            let wording = Wording::new("slow").with("seconds", seconds);
            Err(Problem::of(ErrorCode::BodyTimeout, why).said(wording))
        }
    }
}

/// Whether reading ended at the limit, and not because the sender went away.
fn is_length(why: &(dyn std::error::Error + 'static)) -> bool {
    let mut why = Some(why);
    while let Some(error) = why {
        if error.to_string().contains("length limit exceeded") {
            return true;
        }
        why = error.source();
    }
    false
}

//! What a customer sees of one order, without a login: a page by a link that is hard to guess, that ends,
//! and that can be ended. Whoever speaks with customers makes such links.
//!
//! INVARIANT: the page shows what [`seen`] picks: where the order stands in plain words, its dates, its
//! lines without prices, and how its parcels do. It is made of a type of its own, so that nothing else of a
//! state can reach it. A link that never was, has ended or was revoked is answered by one and the same page.

mod html;
mod seen;
mod style;
mod words;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration as Span, Instant as Moment};

use axum::http::{StatusCode, header};
use baton_core::id::ObjectId;
use baton_core::time::{Duration, Instant};
use baton_core::wording::Wording;
use baton_store::tracking_links::{self, NewTrackingLink, TrackingLink};
use baton_store::{Scope, StoreError, TenantId, Tx, orders};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::words::Language;
use super::answer::Answer;
use super::brand::Brand;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::{KEY_BYTES_MAX, TEXT_BYTES_MAX};
use super::orders::row;
use super::page::Page;
use super::problem::Problem;
use super::secret::{TRACKING, hash, mint};
use super::serving;
use crate::clock::machine_now;
use crate::history::{View, state_of};
use crate::lru::Lru;

pub(super) use style::style;

const PREFIX: &str = "trk_";
/// How long a link holds where nobody says, and at most.
const HOLDS_FOR: Duration = Duration::days(90);
const HOLDS_MAX: Duration = Duration::days(400);
/// How often one link is looked at within a span; the page derives its order anew each time.
const VIEWS_MAX: u32 = 60;
const VIEWS_SPAN: Span = Span::from_secs(60);
/// Links whose views are counted at once.
const COUNTED_MAX: usize = 10_000;
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// A link. Its address is shown once, when it is made.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct TrackingLinkItem {
    id: String,
    order: String,
    /// Whom it is for.
    label: String,
    created_at: Instant,
    created_by: String,
    expires_at: Instant,
    revoked_at: Option<Instant>,
    /// Where the page is, on this server; only in the answer to making it.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}

/// A link to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTrackingLinkRequest {
    /// Whom it is for, to tell links apart by.
    label: String,
    /// When it ends; in 90 days, if left out.
    expires_at: Option<Instant>,
}

/// How the page is shown.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct TrackQuery {
    /// `en` or `de`; else what the browser asks for.
    lang: Option<String>,
}

impl TrackingLinkItem {
    fn of(link: TrackingLink) -> Self {
        Self {
            id: format!("{PREFIX}{}", link.id),
            order: link.order_id,
            label: link.label,
            created_at: link.created_at,
            created_by: link.created_by,
            expires_at: link.expires_at,
            revoked_at: link.revoked_at,
            path: None,
        }
    }
}

/// How often links were looked at of late.
#[derive(Debug)]
pub(super) struct Views(Mutex<Lru<(TenantId, i64), (Moment, u32)>>);

impl Default for Views {
    fn default() -> Self {
        Self(Mutex::new(Lru::new(COUNTED_MAX)))
    }
}

impl Views {
    fn admit(&self, link: (TenantId, i64), now: Moment) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, views) = all.get(&link, |_| 1).map_or((now, 0), |lately| *lately);
        let over = now.duration_since(since) >= VIEWS_SPAN;
        let (since, views) = if over { (now, 1) } else { (since, views.saturating_add(1)) };
        all.put(link, (since, views), |_| 1);
        all.trim();
        views <= VIEWS_MAX
    }
}

/// The public id of the order that the path names, for whoever sees the whole tenant.
fn order_id(call: &Call) -> Result<String, Problem> {
    Ok(row(call)?.id.to_string())
}

pub(super) fn list(call: &Call) -> Outcome {
    let (scope, order) = (call.scope()?, order_id(call)?);
    let found = call.store().read(|tx| tracking_links::list(tx, &scope, &order))?;
    Answer::json(Page::whole(found.into_iter().map(TrackingLinkItem::of).collect()))
}

pub(super) fn create(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let new: NewTrackingLinkRequest = call.json()?;
    let label = new.label.trim();
    if label.is_empty() || label.len() > TEXT_BYTES_MAX {
        let why = "label: expected whom the link is for";
        let blank = Problem::of(ErrorCode::ValueWrong, why);
        return Err(blank.of_length("label", 1, TEXT_BYTES_MAX));
    }
    let now = machine_now();
    let expires_at = new.expires_at.unwrap_or(now + HOLDS_FOR);
    if expires_at <= now || expires_at > now + HOLDS_MAX {
        let why = "expires_at: expected an instant within the next 400 days";
        let days = HOLDS_MAX.whole_minutes() / Duration::days(1).whole_minutes();
        let wording = Wording::new("ends_within").with("days", days);
        return Err(Problem::of(ErrorCode::ValueWrong, why).said(wording));
    }
    let scope = call.scope()?;
    let id = call.parameter("id");
    let none = || Problem::not_found("order", id);
    let wanted: ObjectId = id.parse().map_err(|_| none())?;
    let order = orders::get(tx, &scope, wanted)?.id.to_string();
    let minted = mint(TRACKING)?;
    let row = NewTrackingLink {
        hash: &minted.hash,
        order_id: &order,
        label,
        created_at: now,
        created_by: &call.principal.person(),
        expires_at,
    };
    let made = tracking_links::create(tx, &scope, &row)?;
    let answer = Answer::json(TrackingLinkItem::of(made))?.with_status(StatusCode::CREATED);
    Ok(answer.with_secret("path", format!("/track/{}", minted.secret)))
}

pub(super) fn revoke(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let text = call.parameter("id");
    let none = || Problem::not_found("tracking link", text);
    let number: i64 = text.strip_prefix(PREFIX).and_then(|n| n.parse().ok()).ok_or_else(none)?;
    let ended = tracking_links::revoke(tx, &call.scope()?, number, machine_now());
    Answer::json(TrackingLinkItem::of(ended.map_err(|_| none())?))
}

/// The page itself. Nothing that is wrong makes it anything but a page.
pub(super) fn page(call: &Call) -> Outcome {
    let query: TrackQuery = call.query().unwrap_or_default();
    let language = Language::of(query.lang.as_deref(), &call.headers);
    let secret = call.parameter("link");
    if serving::wait_for_failures(&call.api, call.address).is_err() {
        return waits(call, language);
    }
    let is_possible = secret.starts_with(TRACKING) && secret.len() <= KEY_BYTES_MAX;
    let found = if is_possible {
        call.store().read(|tx| tracking_links::by_hash(tx, &hash(secret), machine_now()))?
    } else {
        None
    };
    let Some(link) = found else {
        serving::note_wrong_link(&call.api, call.address);
        let brand = Brand::before_sign_in(call, None)?;
        return shown(html::gone(&brand, language), StatusCode::NOT_FOUND);
    };
    if !call.api.tracking.admit((link.tenant, link.id), Moment::now()) {
        return waits(call, language);
    }
    let brand = Brand::of(call.store(), Some(link.tenant))?;
    match order(call, &link)? {
        Some(order) => shown(html::order(&brand, &order, language), StatusCode::OK),
        None => shown(html::gone(&brand, language), StatusCode::NOT_FOUND),
    }
}

fn waits(call: &Call, language: Language) -> Outcome {
    let brand = Brand::before_sign_in(call, None)?;
    shown(html::busy(&brand, language), StatusCode::TOO_MANY_REQUESTS)
}

/// What the link's order shows; `None` where the tenant or the order is not there any more.
fn order(call: &Call, link: &TrackingLink) -> Result<Option<seen::Order>, Problem> {
    let Some(tenant) = call.api.engine.tenant(link.tenant) else { return Ok(None) };
    let Ok(id) = link.order_id.parse::<ObjectId>() else { return Ok(None) };
    let scope = Scope::tenant(link.tenant);
    let steps = &call.api.engine.settings().steps;
    let found = call.store().read(|tx| orders::get(tx, &scope, id));
    let found = found.and_then(|row| {
        let state = state_of(call.store(), &tenant, steps, row.id, View::default())?;
        Ok(seen::Order::of(&row.number, &state))
    });
    match found {
        Ok(order) => Ok(Some(order)),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A page that nobody indexes, keeps, frames or learns the address of.
fn shown(page: String, status: StatusCode) -> Outcome {
    let answer = Answer::page("text/html; charset=utf-8", page).with_status(status);
    Ok(answer
        .with_header(header::CONTENT_SECURITY_POLICY, POLICY)
        .with_header(header::REFERRER_POLICY, "no-referrer")
        .with_header(header::HeaderName::from_static("x-robots-tag"), "noindex, nofollow"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_looked_at_so_often_within_a_span() {
        let (views, begin) = (Views::default(), Moment::now());
        let (one, other) = ((TenantId(1), 1), (TenantId(1), 2));
        for _ in 0..VIEWS_MAX {
            assert!(views.admit(one, begin));
        }
        assert!(!views.admit(one, begin + VIEWS_SPAN / 2));
        assert!(views.admit(other, begin));
        assert!(views.admit(one, begin + VIEWS_SPAN));
    }
}

//! Subscriptions: where events are delivered to, signed as Standard Webhooks has it.

use axum::http::StatusCode;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::Tx;
use baton_store::subscriptions::{self, Subscription};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::TEXT_BYTES_MAX;
use super::page::Page;
use super::problem::Problem;
use super::secret::webhook_secret;
use crate::clock::machine_now;

const PREFIX: &str = "sub_";
/// Kinds that one subscription names, and subscriptions of a tenant.
const EVENTS_MAX: u8 = 50;
const SUBSCRIPTIONS_MAX: usize = 100;

/// Where events are delivered to.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SubscriptionItem {
    id: String,
    url: String,
    /// The kinds of event that it wants; all where empty.
    events: Vec<String>,
    created_at: Instant,
    disabled_at: Option<Instant>,
    /// What deliveries are signed with; only in the answer to making it.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// A subscription to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSubscription {
    /// `https://…`, or `http://…` in a trusted network.
    url: String,
    /// Kinds of event, such as `exception.announced` or `exception.*`; all where empty.
    #[serde(default)]
    events: Vec<String>,
}

/// Whether deliveries go on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubscriptionChange {
    disabled: bool,
}

impl SubscriptionItem {
    fn of(row: Subscription) -> Self {
        Self {
            id: format!("{PREFIX}{}", row.id),
            url: row.url,
            events: row.events,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
            secret: None,
        }
    }
}

pub(super) fn list(call: &Call) -> Outcome {
    let scope = call.scope()?;
    let found = call.store().read(|tx| subscriptions::list(tx, &scope))?;
    Answer::json(Page::whole(found.into_iter().map(SubscriptionItem::of).collect()))
}

pub(super) fn create(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let new: NewSubscription = call.json()?;
    let is_address = new.url.parse::<axum::http::Uri>().is_ok_and(|url| {
        matches!(url.scheme_str(), Some("http" | "https"))
            && url.host().is_some_and(|h| !h.is_empty())
    });
    if !is_address || new.url.len() > TEXT_BYTES_MAX {
        let why = "url: expected an address that begins with https://";
        let wording = Wording::new("no_url").with("found", &new.url);
        return Err(Problem::of(ErrorCode::ValueWrong, why).said(wording));
    }
    if new.events.len() > usize::from(EVENTS_MAX) {
        return Err(Problem::from_to(ErrorCode::ValueWrong, "events", 0, EVENTS_MAX.into()));
    }
    if new.events.iter().any(|event| event.len() > TEXT_BYTES_MAX) {
        return Err(Problem::length(ErrorCode::ValueWrong, "events", 1, TEXT_BYTES_MAX));
    }
    let scope = call.scope()?;
    if subscriptions::list(tx, &scope)?.len() >= SUBSCRIPTIONS_MAX {
        let why = format!("a tenant has at most {SUBSCRIPTIONS_MAX} subscriptions");
        let wording = Wording::new("subscriptions_many").with("most", SUBSCRIPTIONS_MAX);
        return Err(Problem::of(ErrorCode::ValueWrong, why).said(wording));
    }
    let (secret, at) = (webhook_secret()?, machine_now());
    let id = subscriptions::create(tx, &scope, (&new.url, &secret), &new.events, at)?;
    let item = SubscriptionItem {
        id: format!("{PREFIX}{id}"),
        url: new.url,
        events: new.events,
        created_at: at,
        disabled_at: None,
        secret: None,
    };
    let answer = Answer::json(item)?.with_status(StatusCode::CREATED);
    Ok(answer.with_secret("secret", secret))
}

pub(super) fn change(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let change: SubscriptionChange = call.json()?;
    let text = call.parameter("id");
    let none = || Problem::not_found("subscription", text);
    let number: i64 = text.strip_prefix(PREFIX).and_then(|n| n.parse().ok()).ok_or_else(none)?;
    let scope = call.scope()?;
    let disabled_at = change.disabled.then(machine_now);
    subscriptions::set_disabled(tx, &scope, number, disabled_at).map_err(|_| none())?;
    let all = subscriptions::list(tx, &scope)?;
    let found = all.into_iter().find(|row| row.id == number).ok_or_else(none)?;
    Answer::json(SubscriptionItem::of(found))
}

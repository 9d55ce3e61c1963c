//! Keys of the API: made, listed by their first characters, ended.

use axum::http::StatusCode;
use baton_core::partner::PartnerKey;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::keys::{self, ApiKey, NewApiKey};
use baton_store::{StoreError, Tx, partners};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access::KeyRole;
use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::TEXT_BYTES_MAX;
use super::networks::Networks;
use super::page::Page;
use super::problem::Problem;
use super::secret::{API_KEY, mint};
use super::sources::overlap;
use crate::clock::machine_now;
use crate::tenant::Tenant;

const PREFIX: &str = "key_";

/// A key. The key itself is shown once, when it is made.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct KeyItem {
    id: String,
    /// The first characters, to tell keys apart by.
    prefix: String,
    label: String,
    role: String,
    #[schemars(with = "Option<String>")]
    partner: Option<PartnerKey>,
    created_at: Instant,
    expires_at: Option<Instant>,
    revoked_at: Option<Instant>,
    /// From where it holds; an empty list is from everywhere.
    networks: Vec<String>,
    /// To the hour or so.
    last_used_at: Option<Instant>,
    /// Only in the answer to making it.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

/// A key to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewKey {
    /// Who or what will use it: what the key does is kept under this name.
    label: String,
    role: KeyRole,
    /// Whose view it has, for the role `partner`.
    partner: Option<String>,
    expires_at: Option<Instant>,
    /// From where it holds, such as `192.0.2.0/24`; from everywhere, if left out.
    #[serde(default)]
    networks: Vec<String>,
}

impl KeyItem {
    fn of(key: ApiKey) -> Self {
        Self {
            id: format!("{PREFIX}{}", key.id),
            prefix: key.prefix,
            label: key.label,
            role: key.role,
            partner: key.partner,
            created_at: key.created_at,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
            networks: Networks::kept(&key.networks).unwrap_or_default().texts(),
            last_used_at: key.last_used_at,
            key: None,
        }
    }
}

pub(super) fn list(call: &Call) -> Outcome {
    let scope = call.scope()?;
    let found = call.store().read(|tx| keys::list(tx, &scope))?;
    Answer::json(Page::whole(found.into_iter().map(KeyItem::of).collect()))
}

pub(super) fn create(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let new: NewKey = call.json()?;
    check(call, tx, &new)?;
    make(tx, call.tenant()?, &new)
}

fn check(call: &Call, tx: &mut Tx<'_>, new: &NewKey) -> Result<(), Problem> {
    let wrong = |wording, why: &str| Err(Problem::of(ErrorCode::ValueWrong, why).said(wording));
    if new.label.trim().is_empty() || new.label.len() > TEXT_BYTES_MAX {
        let why = "label: expected who or what will use the key";
        let blank = Problem::of(ErrorCode::ValueWrong, why);
        return Err(blank.of_length("label", 1, TEXT_BYTES_MAX));
    }
    if new.expires_at.is_some_and(|at| at <= machine_now()) {
        return wrong(
            Wording::new("ends_before_now"),
            "expires_at: expected an instant that is yet to come",
        );
    }
    let of_operators = matches!(new.role, KeyRole::Operator | KeyRole::Monitor);
    if of_operators && call.principal.role() != KeyRole::Operator {
        let why = "only an operator can make keys that reach beyond one tenant";
        return Err(Problem::of_operator(why));
    }
    match (new.role, &new.partner) {
        (KeyRole::Source, _) => wrong(
            Wording::new("role_of_source_keys"),
            "role: a source's keys are made with the source",
        ),
        (KeyRole::Partner, None) => wrong(
            Wording::new("partner_missing"),
            "partner: expected whose view the key is to have",
        ),
        (KeyRole::Partner, Some(partner)) => {
            Ok(partners::get(tx, &call.scope()?, partner).map(drop)?)
        }
        (_, Some(_)) => wrong(
            Wording::new("partner_needless"),
            "partner: only keys of the role `partner` have one",
        ),
        (_, None) => Ok(()),
    }
}

/// Makes the key that runs a new tenant.
pub(super) fn make_admin(tx: &mut Tx<'_>, tenant: &baton_store::Scope, label: &str) -> Outcome {
    let new = NewKey {
        label: label.to_owned(),
        role: KeyRole::Admin,
        partner: None,
        expires_at: None,
        networks: Vec::new(),
    };
    make_within(tx, tenant, &new)
}

fn make(tx: &mut Tx<'_>, tenant: &Tenant, new: &NewKey) -> Outcome {
    make_within(tx, &tenant.scope, new)
}

fn make_within(tx: &mut Tx<'_>, scope: &baton_store::Scope, new: &NewKey) -> Outcome {
    let networks = Networks::said(&new.networks)?;
    let minted = mint(API_KEY)?;
    let created_at = machine_now();
    let row = NewApiKey {
        hash: &minted.hash,
        prefix: &minted.prefix,
        label: new.label.trim(),
        role: new.role.name(),
        partner: new.partner.as_deref(),
        created_at,
        expires_at: new.expires_at,
        networks: &networks.to_kept(),
    };
    let id = keys::create(tx, scope, &row)?;
    let item = KeyItem {
        id: format!("{PREFIX}{id}"),
        prefix: minted.prefix.clone(),
        label: row.label.to_owned(),
        role: row.role.to_owned(),
        partner: new.partner.as_deref().map(Into::into),
        created_at,
        expires_at: new.expires_at,
        revoked_at: None,
        networks: networks.texts(),
        last_used_at: None,
        key: None,
    };
    let answer = Answer::json(item)?.with_status(StatusCode::CREATED);
    Ok(answer.with_secret("key", minted.secret))
}

/// The key that the path names.
fn named(call: &Call, tx: &mut Tx<'_>) -> Result<ApiKey, Problem> {
    let text = call.parameter("id");
    let none = || Problem::not_found("key", text);
    let number: i64 = text.strip_prefix(PREFIX).and_then(|n| n.parse().ok()).ok_or_else(none)?;
    let found = keys::list(tx, &call.scope()?)?.into_iter().find(|key| key.id == number);
    found.ok_or_else(none)
}

/// Makes another key that may the same; the old one ends after an overlap.
pub(super) fn rotate(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let overlap = overlap(call)?;
    let old = named(call, tx)?;
    let now = machine_now();
    if old.revoked_at.is_some() || old.expires_at.is_some_and(|at| at <= now) {
        let why = "has ended: make another one";
        let key = call.parameter("id").to_owned();
        return Err(StoreError::Conflict { what: "key", key, why }.into());
    }
    let role = KeyRole::find(&old.role).ok_or_else(|| Problem::internal("a key has no role"))?;
    let networks = Networks::kept(&old.networks).unwrap_or_default().texts();
    let new = NewKey {
        label: old.label,
        role,
        partner: old.partner.map(|partner| partner.as_str().to_owned()),
        expires_at: old.expires_at,
        networks,
    };
    // As with a new one: nobody makes a key that reaches further than they do.
    check(call, tx, &new)?;
    keys::expire(tx, &call.scope()?, old.id, now + overlap)?;
    Ok(make(tx, call.tenant()?, &new)?.about_access())
}

pub(super) fn revoke(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let mut key = named(call, tx)?;
    let text = call.parameter("id");
    let scope = call.scope()?;
    if call.principal.is_key(call.tenant()?.id, key.id) {
        let why = "is the one of this call, and would leave its user outside: use another key";
        return Err(StoreError::Conflict { what: "key", key: text.to_owned(), why }.into());
    }
    let at = machine_now();
    keys::revoke(tx, &scope, key.id, at).map_err(|_| Problem::not_found("key", text))?;
    key.revoked_at = Some(at);
    Ok(Answer::json(KeyItem::of(key))?.about_access())
}

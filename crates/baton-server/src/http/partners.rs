//! Partners: the organisations that deliver part of the tenant's orders.

use baton_core::id::ObjectId;
use baton_core::partner::{PartnerKey, Role};
use baton_core::wording::Wording;
use baton_store::partners::{self, Partner};
use baton_store::{Sight, Tx, orders};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access::KeyRole;
use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::TEXT_BYTES_MAX;
use super::page::{self, Page};
use super::problem::Problem;
use super::sources::check_name;

/// A partner.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PartnerItem {
    /// Lower-case letters, digits and hyphens, unique within the tenant.
    #[schemars(with = "String")]
    partner: PartnerKey,
    name: String,
    /// What it usually is to an order; an order may say otherwise.
    role: Role,
    /// Whether its people and keys see prices, totals, and exceptions about money.
    sees_prices: bool,
    /// Whether they see customers' names and references, and find orders by them.
    sees_names: bool,
}

/// A partner to be added or changed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PartnerRequest {
    /// Lower-case letters, digits and hyphens, unique within the tenant.
    #[schemars(with = "String")]
    partner: PartnerKey,
    name: String,
    /// What it usually is to an order; an order may say otherwise.
    role: Role,
    /// Whether it sees prices; as it was, if left out. For administrators.
    sees_prices: Option<bool>,
    /// Whether it sees customers' names; as it was, if left out. For administrators.
    sees_names: Option<bool>,
}

impl From<Partner> for PartnerItem {
    fn from(partner: Partner) -> Self {
        let Sight { prices: sees_prices, names: sees_names } = partner.sight;
        Self {
            partner: partner.key,
            name: partner.name,
            role: partner.role,
            sees_prices,
            sees_names,
        }
    }
}

/// Whose names.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NamesQuery {
    /// Those who play a part in this order.
    order: Option<String>,
}

/// What a partner is called.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct NamedPartner {
    #[schemars(with = "String")]
    partner: PartnerKey,
    name: String,
}

/// Names of the partners that the caller may know of. Whoever sees an order sees the keys of all who play a part
/// in it, and so their names; a partner knows of nobody else.
pub(super) fn names(call: &Call) -> Outcome {
    let query: NamesQuery = call.query()?;
    let (scope, whole) = (call.scope()?, &call.tenant()?.scope);
    let order: Option<ObjectId> = page::value("order", query.order.as_deref())?;
    let found = call.store().read(|tx| {
        let Some(order) = order else { return partners::names(tx, &scope) };
        let playing = orders::get(tx, &scope, order)?.partners;
        let mut names = partners::names(tx, whole)?;
        names.retain(|(key, _)| playing.iter().any(|(_, partner)| partner == key));
        Ok(names)
    })?;
    let items = found.into_iter().map(|(partner, name)| NamedPartner { partner, name });
    Answer::json(Page::whole(items.collect()))
}

pub(super) fn list(call: &Call) -> Outcome {
    let scope = call.scope()?;
    let found = call.store().read(|tx| partners::list(tx, &scope))?;
    Answer::json(Page::whole(found.into_iter().map(PartnerItem::from).collect()))
}

/// Adds a partner, or changes the one with this key.
pub(super) fn put(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    const GRANTS: [KeyRole; 2] = [KeyRole::Operator, KeyRole::Admin];
    let request: PartnerRequest = call.json()?;
    check_name("partner", &request.partner)?;
    if request.name.trim().is_empty() || request.name.len() > TEXT_BYTES_MAX {
        return Err(Problem::length(ErrorCode::ValueWrong, "name", 1, TEXT_BYTES_MAX));
    }
    let tenant = call.tenant()?;
    let before = partners::sight(tx, tenant.id, &request.partner)?;
    let sight = Sight {
        prices: request.sees_prices.unwrap_or(before.prices),
        names: request.sees_names.unwrap_or(before.names),
    };
    if sight != before && !GRANTS.contains(&call.principal.role()) {
        let why = "what a partner sees of prices and names is for administrators to say";
        let wording = Wording::new("sight_of_admins");
        return Err(Problem::of(ErrorCode::RoleTooSmall, why).said(wording).with("roles", GRANTS));
    }
    let row = Partner { key: request.partner, name: request.name, role: request.role, sight };
    partners::put(tx, &call.scope()?, &row)?;
    // Whoever calls for the partner sees no more than this from the next call on.
    call.api.keyring.forget();
    Answer::json(PartnerItem::from(row))
}

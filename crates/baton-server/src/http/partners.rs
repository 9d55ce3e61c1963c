//! Partners: the organisations that deliver part of the tenant's orders.

use baton_core::partner::{PartnerKey, Role};
use baton_store::Tx;
use baton_store::partners::{self, Partner};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::TEXT_BYTES_MAX;
use super::page::Page;
use super::problem::Problem;
use super::sources::check_name;

/// A partner.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PartnerItem {
    /// Lower-case letters, digits and hyphens, unique within the tenant.
    #[schemars(with = "String")]
    partner: PartnerKey,
    name: String,
    /// What it usually is to an order; an order may say otherwise.
    role: Role,
}

pub(super) fn list(call: &Call) -> Outcome {
    let scope = call.scope()?;
    let found = call.store().read(|tx| partners::list(tx, &scope))?;
    let show = |p: Partner| PartnerItem { partner: p.key, name: p.name, role: p.role };
    Answer::json(Page::whole(found.into_iter().map(show).collect()))
}

/// Adds a partner, or changes name and role of the one with this key.
pub(super) fn put(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let item: PartnerItem = call.json()?;
    check_name("partner", &item.partner)?;
    if item.name.trim().is_empty() || item.name.len() > TEXT_BYTES_MAX {
        let why = format!("name: expected 1 to {TEXT_BYTES_MAX} bytes");
        return Err(Problem::new(ErrorCode::ValueWrong, why));
    }
    let scope = call.scope()?;
    let row = Partner { key: item.partner.clone(), name: item.name.clone(), role: item.role };
    partners::put(tx, &scope, &row)?;
    Answer::json(item)
}

//! Partners: the organisations that deliver part of a tenant's orders.

use baton_core::partner::{PartnerKey, Role};

use crate::error::{Result, StoreError};
use crate::scope::{Scope, Sight, TenantId};
use crate::sql::{Row, params, sql};
use crate::tx::Tx;
use crate::words;

/// A partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Unique within its tenant, such as `fabrikam`.
    pub key: PartnerKey,
    pub name: String,
    /// What it usually is to an order; an order may say otherwise.
    pub role: Role,
    /// What it sees of prices and customers' names.
    pub sight: Sight,
}

/// Adds a partner, or changes the one with this key.
///
/// # Errors
/// What the engine does.
pub fn put(tx: &mut Tx<'_>, scope: &Scope, partner: &Partner) -> Result<()> {
    let tenant = scope.whole("changing partners")?;
    let Sight { prices, names } = partner.sight;
    let values = params![
        tenant,
        partner.key.as_str(),
        &partner.name,
        partner.role.name(),
        i64::from(prices),
        i64::from(names),
    ];
    tx.execute(sql!("partners/put"), values).map(drop)
}

/// The partners that the scope reaches, by key: of a partner's scope, itself.
///
/// # Errors
/// What the engine does.
pub fn list(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Partner>> {
    let tenant = scope.within("partners")?;
    tx.rows(sql!("partners/list"), &params![tenant, scope.partner_text()], read)
}

/// Orders whose parties a partner is told by name, the newest.
const BESIDE_ORDERS_MAX: i64 = 5_000;

/// Keys and names of those that the scope may know of: all of the tenant's; of a partner's scope itself, and who
/// plays a part in one of its newest orders.
///
/// # Errors
/// What the engine does.
pub fn names(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(PartnerKey, String)>> {
    let Some(partner) = scope.partner_key() else {
        return Ok(list(tx, scope)?.into_iter().map(|known| (known.key, known.name)).collect());
    };
    let values = params![scope.within("partners")?, partner.as_str(), BESIDE_ORDERS_MAX];
    tx.rows(sql!("partners/beside"), &values, |row| {
        Ok((row.text(0)?.into(), row.text(1)?.to_owned()))
    })
}

/// One partner.
///
/// # Errors
/// [`StoreError::NotFound`], also where the scope does not reach it.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, key: &str) -> Result<Partner> {
    list(tx, scope)?
        .into_iter()
        .find(|partner| partner.key == key)
        .ok_or_else(|| StoreError::not_found("partner", key))
}

/// What a partner sees of prices and customers' names: nothing, where there is no such partner. Like
/// finding out whose key it is, this is how a scope comes about.
///
/// # Errors
/// What the engine does.
pub fn sight(tx: &mut Tx<'_>, tenant: TenantId, key: &str) -> Result<Sight> {
    let found = tx.row(sql!("partners/sight"), &params![tenant.0, key], |row| {
        Ok(Sight { prices: row.int(0)? > 0, names: row.int(1)? > 0 })
    })?;
    Ok(found.unwrap_or_default())
}

fn read(row: &Row<'_>) -> Result<Partner> {
    Ok(Partner {
        key: row.text(0)?.into(),
        name: row.text(1)?.to_owned(),
        role: words::role(row.text(2)?)?,
        sight: Sight { prices: row.int(3)? > 0, names: row.int(4)? > 0 },
    })
}

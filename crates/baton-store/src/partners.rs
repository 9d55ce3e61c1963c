//! Partners: the organisations that deliver part of a tenant's orders.

use baton_core::partner::{PartnerKey, Role};

use crate::error::{Result, StoreError};
use crate::scope::Scope;
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
}

/// Adds a partner, or changes the name and role of the one with this key.
///
/// # Errors
/// What the engine does.
pub fn put(tx: &mut Tx<'_>, scope: &Scope, partner: &Partner) -> Result<()> {
    let tenant = scope.whole("changing partners")?;
    let values = params![tenant, partner.key.as_str(), &partner.name, partner.role.name()];
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

fn read(row: &Row<'_>) -> Result<Partner> {
    Ok(Partner {
        key: row.text(0)?.into(),
        name: row.text(1)?.to_owned(),
        role: words::role(row.text(2)?)?,
    })
}

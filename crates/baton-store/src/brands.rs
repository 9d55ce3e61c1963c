//! Brands: as whose the pages are to look, for a tenant or, for whoever has none, the operator's.
//!
//! Looking one up takes no scope where it is by the name of a host: the page to sign in on is shown to
//! everybody, before anybody is known.

use baton_core::time::Instant;

use crate::error::{Result, StoreError};
use crate::people::seat;
use crate::scope::{Scope, TenantId};
use crate::sql::{Row, params, sql};
use crate::tx::Tx;

/// A brand without its logo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// `None` for the operator's.
    pub tenant: Option<TenantId>,
    /// The name of the host under which its pages are reached before anybody signed in.
    pub host: Option<String>,
    /// In the server's words.
    pub content: String,
    /// The logo's content type; `None` where there is none.
    pub logo_type: Option<String>,
    pub changed_at: Instant,
}

/// What a brand is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewBrand<'a> {
    pub host: Option<&'a str>,
    pub content: &'a str,
    /// Content type and bytes.
    pub logo: Option<(&'a str, &'a [u8])>,
    pub changed_at: Instant,
}

/// Sets the brand of the scope's tenant, or the operator's.
///
/// # Errors
/// [`StoreError::Conflict`] where the host is another's.
pub fn put(tx: &mut Tx<'_>, scope: &Scope, new: &NewBrand<'_>) -> Result<()> {
    let tenant = seat(scope, "setting a brand")?;
    if let Some(host) = new.host
        && let Some(other) = by_host(tx, host)?
        && other.tenant.map_or(0, |id| id.0) != tenant
    {
        return Err(StoreError::conflict("host", host, "is another brand's"));
    }
    let (logo_type, logo) = new.logo.unwrap_or(("", &[]));
    let values = params![tenant, new.host, new.content, logo_type, logo, new.changed_at];
    tx.execute(sql!("brands/put"), values).map(drop)
}

/// Takes the brand of the scope's tenant away, or the operator's.
///
/// # Errors
/// What the engine does.
pub fn remove(tx: &mut Tx<'_>, scope: &Scope) -> Result<()> {
    let tenant = seat(scope, "taking a brand away")?;
    tx.execute(sql!("brands/delete"), params![tenant]).map(drop)
}

/// The brand of the scope's tenant, or the operator's; partners see whose pages they are on.
///
/// # Errors
/// What the engine does.
pub fn get(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<Brand>> {
    tx.row(sql!("brands/get"), &params![owner(scope)?], read)
}

/// The logo of the scope's tenant, or the operator's: content type and bytes.
///
/// # Errors
/// What the engine does.
pub fn logo(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<(String, Vec<u8>)>> {
    let read = |row: &Row<'_>| Ok((row.text(0)?.to_owned(), row.bytes(1)?.to_vec()));
    let found = tx.row(sql!("brands/logo"), &params![owner(scope)?], read)?;
    Ok(found.filter(|(kind, _)| !kind.is_empty()))
}

/// The brand whose pages are at this host.
///
/// # Errors
/// What the engine does.
pub fn by_host(tx: &mut Tx<'_>, host: &str) -> Result<Option<Brand>> {
    tx.row(sql!("brands/by_host"), &params![host], read)
}

fn owner(scope: &Scope) -> Result<i64> {
    const WHAT: &str = "a brand";
    if scope.operator_only(WHAT).is_ok() { Ok(0) } else { scope.within(WHAT) }
}

fn read(row: &Row<'_>) -> Result<Brand> {
    let tenant = row.int(0)?;
    let logo_type = row.text(3)?;
    Ok(Brand {
        tenant: (tenant != 0).then_some(TenantId(tenant)),
        host: row.text_or_null(1)?.map(str::to_owned),
        content: row.text(2)?.to_owned(),
        logo_type: (!logo_type.is_empty()).then(|| logo_type.to_owned()),
        changed_at: row.instant(4)?,
    })
}

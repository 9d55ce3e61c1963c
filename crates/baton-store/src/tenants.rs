//! Tenants, each with a clock of its own: the real one, or a simulated one for a sandbox.

use baton_core::time::Instant;

use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::{Scope, TenantId};
use crate::sources;
use crate::sql::{Row, params, sql};
use crate::tx::Tx;

/// Where a tenant's present comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    Real,
    /// It was `simulated_at` when the machine's clock showed `real_at`, and runs at so many
    /// thousandths of real speed since; 0 stands still.
    Simulated {
        simulated_at: Instant,
        real_at: Instant,
        speed_per_mille: i64,
    },
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    pub id: TenantId,
    /// Unique in the store, such as `main`.
    pub key: String,
    pub name: String,
    pub clock: Clock,
    pub created_at: Instant,
}

/// A tenant to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTenant<'a> {
    pub key: &'a str,
    pub name: &'a str,
    pub clock: Clock,
    pub created_at: Instant,
}

/// Makes a tenant, with the sources that speak for Baton itself and for people.
///
/// # Errors
/// [`StoreError::Conflict`] where the key is taken.
pub fn create(tx: &mut Tx<'_>, scope: &Scope, new: &NewTenant<'_>) -> Result<TenantId> {
    scope.operator_only("making a tenant")?;
    let id = tx.numbers(0, Counter::Tenant, 1)?.start;
    let (clock, simulated_at, real_at, speed) = parts(new.clock);
    let values =
        params![id, new.key, new.name, clock, simulated_at, real_at, speed, new.created_at];
    if tx.execute(sql!("tenants/insert"), values)? == 0 {
        return Err(StoreError::conflict("tenant", new.key, "exists already"));
    }
    sources::create_own(tx, TenantId(id), new.created_at)?;
    Ok(TenantId(id))
}

/// All tenants by number.
///
/// # Errors
/// [`StoreError::OutOfScope`] for any scope but the operator's.
pub fn list(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Tenant>> {
    scope.operator_only("the list of tenants")?;
    tx.rows(sql!("tenants/list"), &[], read)
}

/// The tenant with this key.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn by_key(tx: &mut Tx<'_>, scope: &Scope, key: &str) -> Result<Tenant> {
    scope.operator_only("the list of tenants")?;
    tx.row(sql!("tenants/by_key"), &params![key], read)?
        .ok_or_else(|| StoreError::not_found("tenant", key))
}

/// The scope's own tenant.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn get(tx: &mut Tx<'_>, scope: &Scope) -> Result<Tenant> {
    let tenant = scope.within("a tenant")?;
    tx.row(sql!("tenants/get"), &params![tenant], read)?
        .ok_or_else(|| StoreError::not_found("tenant", tenant))
}

/// Sets the scope's tenant's clock anew.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_clock(tx: &mut Tx<'_>, scope: &Scope, clock: Clock) -> Result<()> {
    let tenant = scope.whole("a tenant's clock")?;
    let (kind, simulated_at, real_at, speed) = parts(clock);
    let values = params![tenant, kind, simulated_at, real_at, speed];
    match tx.execute(sql!("tenants/set_clock"), values)? {
        0 => Err(StoreError::not_found("tenant", tenant)),
        _ => Ok(()),
    }
}

pub(crate) fn parts(clock: Clock) -> (&'static str, Instant, Instant, i64) {
    match clock {
        Clock::Real => ("real", Instant::default(), Instant::default(), 0),
        Clock::Simulated { simulated_at, real_at, speed_per_mille } => {
            ("simulated", simulated_at, real_at, speed_per_mille)
        }
    }
}

fn read(row: &Row<'_>) -> Result<Tenant> {
    let clock = match row.text(3)? {
        "real" => Clock::Real,
        "simulated" => Clock::Simulated {
            simulated_at: row.instant(4)?,
            real_at: row.instant(5)?,
            speed_per_mille: row.int(6)?,
        },
        _ => return Err(StoreError::Corrupt { what: "a tenant's clock" }),
    };
    Ok(Tenant {
        id: TenantId(row.int(0)?),
        key: row.text(1)?.to_owned(),
        name: row.text(2)?.to_owned(),
        clock,
        created_at: row.instant(7)?,
    })
}

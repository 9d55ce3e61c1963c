//! Whose rows a query may touch. No query function can be called without saying so.

use baton_core::partner::PartnerKey;

use crate::error::{Result, StoreError};

/// A tenant's number within its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantId(pub i64);

/// What somebody sees of what is between the tenant and its customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sight {
    /// Prices, totals, and exceptions about money.
    pub prices: bool,
    /// Customers' names and references.
    pub names: bool,
}

impl Sight {
    pub const ALL: Self = Self { prices: true, names: true };
    pub const NONE: Self = Self { prices: false, names: false };
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    Operator,
    Tenant(TenantId),
    Partner(TenantId, PartnerKey, Sight),
}

/// What a caller may see.
///
/// INVARIANT: nothing but [`Scope::operator`] reaches more than one tenant, and a partner's scope
/// reaches only orders in which that partner plays a role and messages of its own sources, and of
/// prices and customers' names what its [`Sight`] has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope(Reach);

impl Scope {
    /// Everything of one tenant.
    #[must_use]
    pub const fn tenant(id: TenantId) -> Self {
        Self(Reach::Tenant(id))
    }
    /// What one partner of a tenant may see: neither prices nor customers' names.
    #[must_use]
    pub const fn partner(id: TenantId, key: PartnerKey) -> Self {
        Self(Reach::Partner(id, key, Sight::NONE))
    }
    /// The same, with as much of prices and names as the tenant allows the partner.
    #[must_use]
    pub fn seeing(self, sight: Sight) -> Self {
        match self.0 {
            Reach::Partner(id, key, _) => Self(Reach::Partner(id, key, sight)),
            Reach::Operator | Reach::Tenant(_) => self,
        }
    }
    /// What it has of prices and names.
    #[must_use]
    pub const fn sight(&self) -> Sight {
        match self.0 {
            Reach::Partner(_, _, sight) => sight,
            Reach::Operator | Reach::Tenant(_) => Sight::ALL,
        }
    }
    /// The list of tenants, and nothing inside any of them.
    #[must_use]
    pub const fn operator() -> Self {
        Self(Reach::Operator)
    }
    /// The tenant, where the scope is within one.
    #[must_use]
    pub const fn tenant_id(&self) -> Option<TenantId> {
        match self.0 {
            Reach::Operator => None,
            Reach::Tenant(id) | Reach::Partner(id, ..) => Some(id),
        }
    }
    /// The partner whose view this is, if any.
    #[must_use]
    pub const fn partner_key(&self) -> Option<&PartnerKey> {
        match &self.0 {
            Reach::Partner(_, key, _) => Some(key),
            Reach::Operator | Reach::Tenant(_) => None,
        }
    }
    /// The tenant's number, for a query that narrows by partner itself.
    pub(crate) fn within(&self, what: &'static str) -> Result<i64> {
        self.tenant_id().map(|id| id.0).ok_or(StoreError::OutOfScope { what })
    }
    /// The tenant's number, for a query that partners have no part in.
    pub(crate) fn whole(&self, what: &'static str) -> Result<i64> {
        match self.0 {
            Reach::Tenant(id) => Ok(id.0),
            Reach::Operator | Reach::Partner(..) => Err(StoreError::OutOfScope { what }),
        }
    }
    pub(crate) fn operator_only(&self, what: &'static str) -> Result<()> {
        match self.0 {
            Reach::Operator => Ok(()),
            Reach::Tenant(_) | Reach::Partner(..) => Err(StoreError::OutOfScope { what }),
        }
    }
    /// The partner as a parameter: null means every partner.
    pub(crate) fn partner_text(&self) -> Option<&str> {
        self.partner_key().map(PartnerKey::as_str)
    }
}

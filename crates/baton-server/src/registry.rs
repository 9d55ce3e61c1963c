//! The tenants of the running engine.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use baton_store::TenantId;

use crate::tenant::Tenant;

/// The tenants by number. Shared by all loops.
#[derive(Debug, Default)]
pub(crate) struct Registry(RwLock<HashMap<TenantId, Arc<Tenant>>>);

impl Registry {
    pub(crate) fn get(&self, id: TenantId) -> Option<Arc<Tenant>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }
    /// All of them by number.
    pub(crate) fn all(&self) -> Vec<Arc<Tenant>> {
        let tenants = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = tenants.values().cloned().collect();
        all.sort_unstable_by_key(|tenant| tenant.id);
        all
    }
    pub(crate) fn add(&self, tenant: Arc<Tenant>) {
        let mut tenants = self.0.write().unwrap_or_else(PoisonError::into_inner);
        tenants.entry(tenant.id).or_insert(tenant);
    }
}

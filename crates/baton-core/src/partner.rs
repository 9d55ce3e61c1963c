//! Who takes part: roles, partners, and the sources through which they speak.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::time::{Duration, Instant};

/// What a partner is to an order.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Commerce,
    Seller,
    Oem,
    Distributor,
    Warehouse,
    Carrier,
    Service,
    Finance,
    Customer,
    /// A public authority, such as customs.
    Authority,
    /// Baton's own operator: integration faults are nobody else's.
    Platform,
    /// Nobody: weather, strikes. Lateness is stated and charged to no partner.
    ForceMajeure,
    Unattributed,
}

impl Role {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Commerce => "commerce",
            Self::Seller => "seller",
            Self::Oem => "oem",
            Self::Distributor => "distributor",
            Self::Warehouse => "warehouse",
            Self::Carrier => "carrier",
            Self::Service => "service",
            Self::Finance => "finance",
            Self::Customer => "customer",
            Self::Authority => "authority",
            Self::Platform => "platform",
            Self::ForceMajeure => "force_majeure",
            Self::Unattributed => "unattributed",
        }
    }
}

/// A partner's key within its tenant, such as `fabrikam`.
pub type PartnerKey = SmolStr;
/// A source's key within its tenant, such as `northwind-shop`.
pub type SourceKey = SmolStr;

/// What `derive` knows of a source: who speaks, as what, and when it was last heard.
///
/// `heard_at` is the receipt of its latest message; absence is proved against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceInfo {
    #[schemars(with = "String")]
    pub key: SourceKey,
    #[schemars(with = "Option<String>")]
    pub partner: Option<PartnerKey>,
    pub role: Role,
    pub heard_at: Option<Instant>,
    /// A feed that has not been heard for this long is silent. `None`: it speaks when it likes.
    pub silent_after: Option<Duration>,
}

//! Facts as they are shown: what was stated, by whom, when, and where it stands.

use baton_core::authority::field_name;
use baton_core::fact::{Body, Fact, Place};
use baton_core::id::FactId;
use baton_core::identifier::About;
use baton_core::time::{Happened, Instant};
use baton_store::Sight;
use schemars::JsonSchema;
use serde::Serialize;

use super::order_row::{sees_code, sees_field};
use crate::receipt::message_id;
use crate::tenant::Tenant;

/// A fact.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownFact {
    pub(super) id: FactId,
    about: About,
    happened: Happened,
    stated: Body,
    source: String,
    received_at: Instant,
    recorded_at: Instant,
    /// The message that states it; null for acts of Baton's own.
    message: Option<String>,
    /// Where in the message.
    place: Place,
}

impl ShownFact {
    pub(super) fn of(tenant: &Tenant, fact: Fact) -> Self {
        let message = (fact.message.0 > 0).then(|| message_id(tenant.id, fact.message));
        Self {
            id: fact.id,
            about: fact.about,
            happened: fact.happened,
            stated: fact.body,
            source: fact.source.to_string(),
            received_at: fact.received_at,
            recorded_at: fact.recorded_at,
            message,
            place: fact.place,
        }
    }
}

/// Whether a partner may see it: nothing of money and the customer that it has no sight of, or what
/// people noted among themselves.
pub(super) fn is_for_partners(body: &Body, sight: Sight) -> bool {
    match body {
        Body::Stated { field, .. } => sees_field(sight, field_name(*field)),
        Body::Trouble { exception, .. } => sees_code(sight, *exception),
        Body::Acted { code, .. } => sees_code(sight, *code),
        Body::Noted { .. }
        | Body::Waived { .. }
        | Body::Taken { .. }
        | Body::Struck { .. }
        | Body::MessageFault { .. }
        | Body::Delivered { .. } => false,
        _ => true,
    }
}

//! What people state: notes, milestones, links, waivers. It is a message like any other, from a source
//! of its own, so that who said what is kept, shown and replayed.

use std::sync::Arc;

use baton_core::fact::Statement;
use baton_core::known::PERSON_PREFIX;
use baton_core::partner::{PartnerKey, Role};
use baton_core::time::Instant;
use baton_store::sources::{self, NewSource, Source};
use baton_store::{StoreError, TenantId};

use crate::acting::{By, Shared};
use crate::engine::{EngineError, EngineHandle};
use crate::intake::{Beside, Incoming, Intake, IntakeError, Receipt};
use crate::own_words;
use crate::tenant::Tenant;

/// The longest key of a person, in bytes.
const PERSON_BYTES_MAX: usize = 100;

/// Why a person's statements were not taken.
#[derive(Debug, thiserror::Error)]
pub enum StatingError {
    #[error("there is no such tenant")]
    NoTenant,
    #[error("a person's key is 1 to {PERSON_BYTES_MAX} characters without blanks")]
    NoPerson,
    #[error("nothing is stated")]
    Nothing,
    #[error(transparent)]
    Intake(#[from] IntakeError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl EngineHandle {
    /// Records what a person states; resolved when it is durable. It shows in the orders once it is
    /// read, as all messages do: see [`EngineHandle::settle`] where that is to be waited for.
    ///
    /// `own_id` makes a repeat of the same request a duplicate. Who speaks is looked up before this
    /// returns, which may block; the future does not.
    ///
    /// # Errors
    /// Where nothing is stated, by nobody, or intake refuses.
    pub fn state(
        &self,
        tenant: TenantId,
        by: By,
        statements: Vec<Statement>,
        own_id: Option<String>,
    ) -> impl Future<Output = Result<Receipt, StatingError>> + use<> {
        self.state_for(tenant, (None, by), statements, own_id)
    }

    /// The same, for the partner whose person speaks: it is a statement of that partner's, and the
    /// partner sees the message that holds it.
    ///
    /// # Errors
    /// As [`EngineHandle::state`].
    pub fn state_for(
        &self,
        tenant: TenantId,
        (partner, by): (Option<&PartnerKey>, By),
        statements: Vec<Statement>,
        own_id: Option<String>,
    ) -> impl Future<Output = Result<Receipt, StatingError>> + use<> {
        let ready = self.message(tenant, (partner, by.name()), statements, own_id);
        let line = Some(Shared::new(by.line("state_fact")));
        async move {
            let (tenant, incoming, intake) = ready?;
            let beside = Beside { line, ..Beside::default() };
            Ok(intake.receive_with(&tenant, incoming, beside).await?)
        }
    }

    /// What is stated as a message, and where it goes.
    fn message(
        &self,
        tenant: TenantId,
        speaker: (Option<&PartnerKey>, &str),
        statements: Vec<Statement>,
        own_id: Option<String>,
    ) -> Result<(Arc<Tenant>, Incoming, Intake), StatingError> {
        if statements.is_empty() {
            return Err(StatingError::Nothing);
        }
        let tenant = self.tenant(tenant).ok_or(StatingError::NoTenant)?;
        let source = self.person(&tenant, speaker)?;
        let incoming = Incoming {
            source,
            content_type: own_words::CONTENT_TYPE.to_owned(),
            headers: Vec::new(),
            body: own_words::body(statements),
            own_id,
            received_at: None,
        };
        Ok((tenant, incoming, self.intake()?))
    }

    /// The source through which a person speaks; made when it is first needed.
    fn person(
        &self,
        tenant: &Arc<Tenant>,
        (partner, person): (Option<&PartnerKey>, &str),
    ) -> Result<Source, StatingError> {
        let named = !person.is_empty() && person.len() <= PERSON_BYTES_MAX;
        if !named || person.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(StatingError::NoPerson);
        }
        let key = match partner {
            Some(partner) => format!("{PERSON_PREFIX}{partner}:{person}"),
            // What stands before a colon is a partner.
            None => format!("{PERSON_PREFIX}{}", person.replace(':', "-")),
        };
        let found = self.store().read(|tx| sources::by_key(tx, &tenant.scope, &key));
        match found {
            Err(StoreError::NotFound { .. }) => {}
            found => return Ok(found?),
        }
        let now: Instant = tenant.clock.now();
        let made = self.store().write(|tx| {
            let new = NewSource {
                key: &key,
                name: person,
                partner: partner.map(PartnerKey::as_str),
                role: Role::Platform,
                connector: own_words::CONNECTORS[1],
                settings: serde_json::Value::Null,
                silent_after: None,
                created_at: now,
            };
            match sources::create(tx, &tenant.scope, &new) {
                // Somebody was quicker.
                Ok(_) | Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
            sources::by_key(tx, &tenant.scope, &key)
        })?;
        Ok(made)
    }
}

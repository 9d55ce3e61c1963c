//! Who calls, and what they may do. A key has a tenant, a role and perhaps a partner, and so has a person
//! in the tenant that their session is about; a source's key can do one thing, send messages of its
//! source.
//!
//! INVARIANT: the [`Scope`] of every query is made here, from the key or the session. What the wire says
//! is only which tenant an operator means.

use std::sync::Arc;

use baton_core::partner::PartnerKey;
use baton_core::time::Instant;
use baton_store::keys::ApiKey;
use baton_store::people::PersonId;
use baton_store::sources::Source;
use baton_store::{Scope, Sight, TenantId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sign_in::EnteredBy;
use crate::language::Language;
use crate::tenant::Tenant;

/// What a key, or a person, may do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum KeyRole {
    /// Runs Baton: every tenant, and what is outside of any.
    Operator,
    /// Runs one tenant: its sources, packs, keys and subscriptions.
    Admin,
    /// Works on orders: states facts, reads messages again.
    Operations,
    /// Sees to what is charged and paid: remarks, and exceptions that are not to count.
    Finance,
    /// Speaks for the tenant's customers: remarks, and exceptions that are not to count.
    CustomerSuccess,
    /// Sees to partners and how they do: names them, remarks, exceptions that are not to count.
    PartnerManager,
    /// Sees how all of it goes.
    Executive,
    /// Sees everything of the tenant and changes nothing.
    Auditor,
    /// Sees the orders in which its partner plays a part, without prices and customers' names.
    Partner,
    /// Reads the metrics.
    Monitor,
    /// Sends messages of one source.
    Source,
}

impl KeyRole {
    pub(super) const ALL: [Self; 11] = [
        Self::Operator,
        Self::Admin,
        Self::Operations,
        Self::Finance,
        Self::CustomerSuccess,
        Self::PartnerManager,
        Self::Executive,
        Self::Auditor,
        Self::Partner,
        Self::Monitor,
        Self::Source,
    ];
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Admin => "admin",
            Self::Operations => "operations",
            Self::Finance => "finance",
            Self::CustomerSuccess => "customer_success",
            Self::PartnerManager => "partner_manager",
            Self::Executive => "executive",
            Self::Auditor => "auditor",
            Self::Partner => "partner",
            Self::Monitor => "monitor",
            Self::Source => "source",
        }
    }
    /// In words, for people to choose from.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Operator => "Operator",
            Self::Admin => "Administrator",
            Self::Operations => "Operations",
            Self::Finance => "Finance",
            Self::CustomerSuccess => "Customer success",
            Self::PartnerManager => "Partner manager",
            Self::Executive => "Executive",
            Self::Auditor => "Auditor",
            Self::Partner => "Partner",
            Self::Monitor => "Monitor",
            Self::Source => "Source",
        }
    }
    /// The role of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
    /// Whether people have it, and not programs alone.
    #[must_use]
    pub const fn is_for_people(self) -> bool {
        !matches!(self, Self::Monitor | Self::Source)
    }
}

/// The person at this machine: what a program that holds the data itself acts as. Only code in this
/// process can make one and put it among a request's extensions; nothing that comes over the wire is
/// ever read as one.
#[derive(Debug, Clone)]
pub struct LocalPrincipal {
    person: Arc<str>,
}

/// Stands for the person at this machine, an operator.
///
/// `person` is the name under which what they state is kept.
#[must_use]
pub fn local_principal(person: &str) -> LocalPrincipal {
    LocalPrincipal { person: person_name(person).into() }
}

/// Somebody who signed in, as they sit in the tenant that their session is about.
#[derive(Debug)]
pub(super) struct SignedIn {
    pub(super) id: PersonId,
    pub(super) login: String,
    pub(super) name: String,
    /// `None` for the operator's staff.
    pub(super) tenant: Option<TenantId>,
    pub(super) partner: Option<PartnerKey>,
    /// That they chose, if they did.
    pub(super) language: Option<Language>,
    /// Whether they have to set a second factor before anything else.
    pub(super) lacks_second_factor: bool,
}

/// The session that a call came with.
#[derive(Debug)]
pub(super) struct OpenSession {
    pub(super) hash: [u8; 32],
    pub(super) id: i64,
    pub(super) way: EnteredBy,
    /// What calls that change something have to bring.
    pub(super) csrf: String,
    /// The tenant that calls are about, unless they say otherwise.
    pub(super) tenant: Option<TenantId>,
    pub(super) expires_at: Instant,
}

/// Under which name is kept what is a person's alone, whichever tenant they are in.
pub(crate) fn owner_of(login: &str) -> String {
    format!("person {login}")
}

/// Who calls.
#[derive(Debug, Clone)]
pub(super) enum Principal {
    Local(LocalPrincipal),
    Person {
        person: Arc<SignedIn>,
        role: KeyRole,
        sight: Sight,
    },
    /// With what its partner sees of prices and names.
    Key {
        key: Arc<ApiKey>,
        role: KeyRole,
        sight: Sight,
    },
    Source {
        tenant: TenantId,
        source: Arc<Source>,
    },
}

impl From<LocalPrincipal> for Principal {
    fn from(local: LocalPrincipal) -> Self {
        Self::Local(local)
    }
}

impl Principal {
    pub(super) fn role(&self) -> KeyRole {
        match self {
            Self::Local(_) => KeyRole::Operator,
            Self::Key { role, .. } | Self::Person { role, .. } => *role,
            Self::Source { .. } => KeyRole::Source,
        }
    }
    /// The tenant that the key, or the seat, is of.
    pub(super) fn home(&self) -> Option<TenantId> {
        match self {
            Self::Local(_) => None,
            Self::Person { person, .. } => person.tenant,
            Self::Key { key, .. } => Some(key.tenant),
            Self::Source { tenant, .. } => Some(*tenant),
        }
    }
    /// Whether it calls with the key of this number.
    pub(super) fn is_key(&self, tenant: TenantId, number: i64) -> bool {
        matches!(self, Self::Key { key, .. } if key.tenant == tenant && key.id == number)
    }
    /// What it may see of a tenant that it can act for.
    pub(super) fn scope(&self, tenant: &Tenant) -> Scope {
        match self.partner() {
            Some(partner) => Scope::partner(tenant.id, partner.clone()).seeing(self.sight()),
            None => Scope::tenant(tenant.id),
        }
    }
    /// Whether they have to set a second factor before anything else.
    pub(super) fn lacks_second_factor(&self) -> bool {
        matches!(self, Self::Person { person, .. } if person.lacks_second_factor)
    }
    /// What it sees of prices and customers' names.
    pub(super) fn sight(&self) -> Sight {
        match self {
            Self::Local(_) | Self::Source { .. } => Sight::ALL,
            Self::Key { sight, .. } | Self::Person { sight, .. } => *sight,
        }
    }
    pub(super) fn partner(&self) -> Option<&PartnerKey> {
        match self {
            Self::Key { key, .. } => key.partner.as_ref(),
            Self::Person { person, .. } => person.partner.as_ref(),
            Self::Local(_) | Self::Source { .. } => None,
        }
    }
    /// The name under which what they do is kept.
    pub(super) fn person(&self) -> String {
        match self {
            Self::Local(local) => local.person.to_string(),
            Self::Person { person, .. } => person_name(&person.login),
            Self::Key { key, .. } if key.label.trim().is_empty() => format!("key-{}", key.id),
            Self::Key { key, .. } => person_name(&key.label),
            Self::Source { source, .. } => person_name(&source.key),
        }
    }
    /// The name under which what is theirs alone is kept; it is the same wherever the tenant moves to.
    pub(super) fn owner(&self) -> String {
        match self {
            Self::Local(_) => "local".to_owned(),
            Self::Person { person, .. } => owner_of(&person.login),
            Self::Key { key, .. } => format!("key {}", key.id),
            Self::Source { source, .. } => format!("source {}", source.key),
        }
    }
    /// Whether it is known to be a certain human being. Who holds a key is not known, and the person at
    /// the machine is taken at their word, since whoever holds the data needs nobody's leave.
    pub(super) fn is_person(&self) -> bool {
        matches!(self, Self::Local(_) | Self::Person { .. })
    }
    /// What keeps one caller's idempotency keys apart from another's.
    pub(super) fn space(&self) -> String {
        match self {
            Self::Local(_) => "local".to_owned(),
            Self::Person { person, .. } => format!("person {}", person.id.0),
            Self::Key { key, .. } => format!("key {}.{}", key.tenant.0, key.id),
            Self::Source { source, .. } => format!("source {}", source.id.0),
        }
    }
}

/// A label as the name of who speaks: without blanks, bounded.
fn person_name(label: &str) -> String {
    const CHARS_MAX: usize = 40;
    let words: Vec<&str> = label
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect();
    let name: String = words.join("-").chars().take(CHARS_MAX).collect();
    if name.is_empty() { "somebody".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_found_by_their_names() {
        for role in KeyRole::ALL {
            assert_eq!(KeyRole::find(role.name()), Some(role));
        }
        assert_eq!(KeyRole::find("root"), None);
    }

    #[test]
    fn names_of_people_have_no_blanks() {
        for (label, name) in [
            ("ada", "ada"),
            ("Ada  Lovelace\n", "Ada-Lovelace"),
            ("", "somebody"),
            (" \t", "somebody"),
        ] {
            assert_eq!(local_principal(label).person.as_ref(), name, "{label:?}");
        }
    }
}

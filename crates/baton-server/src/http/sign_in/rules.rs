//! What a tenant asks of its people where they sign in, and the language in which it writes to them.

use baton_core::wording::Wording;
use baton_store::people::Person;
use baton_store::{Scope, StoreError, TenantId, Tx, progress};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::http::access::KeyRole;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::endpoint::Outcome;
use crate::http::errors::ErrorCode;
use crate::http::problem::Problem;
use crate::language::Language;

/// The name under which the store keeps them.
const KEY: &str = "sign_in_rules";

/// A tenant's rules for signing in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SignInRules {
    /// People of these roles who sign in by password have to set a second factor before anything else.
    pub(in crate::http) second_factor_roles: Vec<KeyRole>,
    /// In which the tenant's people are written to who chose none themselves.
    pub(in crate::http) language: Language,
}

/// A tenant's rules. What cannot be read asks for most.
pub(in crate::http) fn of(tx: &mut Tx<'_>, tenant: &Scope) -> Result<SignInRules, StoreError> {
    let Some(kept) = progress::get(tx, tenant, KEY)? else { return Ok(SignInRules::default()) };
    Ok(serde_json::from_str(&kept).unwrap_or_else(|_| SignInRules {
        second_factor_roles: KeyRole::ALL.to_vec(),
        language: Language::default(),
    }))
}

/// In which language somebody is written to: their own, else the tenant's.
pub(in crate::http) fn language(
    tx: &mut Tx<'_>,
    person: &Person,
    tenant: Option<TenantId>,
) -> Result<Language, StoreError> {
    let own = person.locale.as_deref().and_then(|tag| tag.parse().ok());
    match (own, tenant) {
        (Some(own), _) => Ok(own),
        (None, Some(tenant)) => Ok(of(tx, &Scope::tenant(tenant))?.language),
        (None, None) => Ok(Language::default()),
    }
}

pub(in crate::http) fn show(call: &Call) -> Outcome {
    let scope = call.scope()?;
    Answer::json(call.store().read(|tx| of(tx, &scope))?)
}

pub(in crate::http) fn set(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let mut rules: SignInRules = call.json()?;
    rules.second_factor_roles.sort();
    rules.second_factor_roles.dedup();
    let not_people = [KeyRole::Operator, KeyRole::Monitor, KeyRole::Source];
    if rules.second_factor_roles.iter().any(|role| not_people.contains(role)) {
        let why = "second_factor_roles: expected roles of the tenant's own people; the operator's staff is asked by `baton serve --second-factor-roles`";
        let wording = Wording::new("roles_of_people");
        return Err(Problem::of(ErrorCode::ValueWrong, why).said(wording));
    }
    let kept = serde_json::to_string(&rules).map_err(Problem::internal)?;
    progress::put(tx, &call.scope()?, KEY, &kept)?;
    Ok(Answer::json(rules)?.about_access())
}

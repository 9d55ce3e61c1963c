//! A session that stands: what it says of who looks, the tenant that it is about, its end.

use std::sync::Arc;

use axum::http::header;
use baton_core::partner::PartnerKey;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::audit;
use baton_store::sessions;
use baton_store::tenants::{self, Tenant};
use baton_store::{Scope, TenantId, memberships, partners, usage};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{EnteredBy, cookie};
use crate::http::access::{KeyRole, OpenSession, Principal};
use crate::http::answer::Answer;
use crate::http::brand::Brand;
use crate::http::call::Call;
use crate::http::endpoint::{Access, Outcome};
use crate::http::errors::ErrorCode;
use crate::http::facts;
use crate::http::problem::Problem;
use crate::http::table;
use crate::language::Language;

/// Who looks, at what, and what they may do.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct SessionAnswer {
    person: SessionPerson,
    /// The tenant that calls are about; null where the operator has none yet.
    tenant: Option<TenantName>,
    role: KeyRole,
    /// Whose view it is, for the role `partner`.
    partner: Option<PartnerName>,
    /// The tenants that it can be about.
    tenants: Vec<Seat>,
    /// What calls that change something have to bring in the header `Baton-Csrf`.
    csrf: String,
    /// By which way it was opened.
    entered_by: EnteredBy,
    /// It ends then, or later if it is used meanwhile.
    expires_at: Instant,
    brand: Brand,
    /// Whether a second factor has to be set before anything else: then nothing can be called yet.
    lacks_second_factor: bool,
    /// Names of the operations that this role may call.
    may: Vec<&'static str>,
    /// What it may state about orders: the kinds that `POST /v1/orders/{id}/facts` takes from it.
    may_state: Vec<&'static str>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SessionPerson {
    name: String,
    /// Null for a session that was opened by a key.
    login: Option<String>,
    /// The language that the person chose, if one.
    language: Option<Language>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TenantName {
    id: String,
    name: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PartnerName {
    #[schemars(with = "String")]
    key: PartnerKey,
    name: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Seat {
    id: String,
    name: String,
    role: KeyRole,
}

/// What is left to do for whoever signed out.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct SignedOut {
    /// Where the browser goes to sign out at the provider of identities as well, where one came by one that
    /// has a place for it. It comes back from there.
    provider_url: Option<String>,
}

/// The tenant that a session is to be about.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TenantChoice {
    tenant: String,
}

fn of(call: &Call) -> Result<&Arc<OpenSession>, Problem> {
    let missing = || Problem::no_session("sign in first");
    call.session.as_ref().ok_or_else(missing)
}

pub(in crate::http) fn show(call: &Call) -> Outcome {
    Answer::json(shown(call, &call.principal, of(call)?)?)
}

pub(in crate::http) fn end(call: &Call) -> Outcome {
    let session = of(call)?;
    let line = call.line(None, &Value::Null);
    let record = session.tenant.map_or_else(Scope::operator, Scope::tenant);
    call.store().write(|tx| {
        sessions::end(tx, &session.hash)?;
        audit::append(tx, &record, &line)
    })?;
    call.api.keyring.forget();
    let provider_url =
        if session.way == EnteredBy::Oidc { super::oidc::way_out(call) } else { None };
    let gone = Answer::json(SignedOut { provider_url })?
        .with_header(header::SET_COOKIE, &cookie::clear(call.is_https));
    Ok(gone.with_header(header::SET_COOKIE, &cookie::clear_came_by(call.is_https)))
}

pub(in crate::http) fn choose_tenant(call: &Call) -> Outcome {
    let wanted: TenantChoice = call.json()?;
    let session = of(call)?;
    let unknown = || {
        let why = format!("there is no tenant `{}`", wanted.tenant);
        let wording = Wording::new("not_found").with("what", "tenant").with("key", &wanted.tenant);
        Problem::of(ErrorCode::TenantUnknown, why).said(wording)
    };
    let found = reachable(call, &call.principal)?;
    let (tenant, _) =
        found.into_iter().find(|(tenant, _)| tenant.key == wanted.tenant).ok_or_else(unknown)?;
    // In the record of the tenant that is entered.
    let line = call.line(None, &Value::Null);
    call.store().write(|tx| {
        sessions::choose_tenant(tx, &session.hash, tenant.id)?;
        if let Principal::Person { person, .. } = &call.principal {
            usage::note_active(tx, tenant.id, person.id, call.api.month_of(tenant.id))?;
        }
        audit::append(tx, &Scope::tenant(tenant.id), &line)
    })?;
    call.api.keyring.forget();
    let secret = cookie::session(&call.headers).unwrap_or_default();
    let known = call.api.look_up_session(secret)?.ok_or_else(unknown)?;
    let session = known.session.as_ref().ok_or_else(unknown)?;
    Answer::json(shown(call, &known.principal, session)?)
}

/// The tenants that somebody's session can be about, and as what.
fn reachable(call: &Call, principal: &Principal) -> Result<Vec<(Tenant, KeyRole)>, Problem> {
    let (all, seats) = call.store().read(|tx| {
        let seats = match principal {
            Principal::Person { person, .. } => memberships::of_person(tx, person.id)?,
            _ => Vec::new(),
        };
        Ok((tenants::list(tx, &Scope::operator())?, seats))
    })?;
    let role = |id: TenantId| {
        let holding = seats.iter().filter(|seat| seat.holds());
        match principal {
            _ if principal.role() == KeyRole::Operator => Some(KeyRole::Operator),
            Principal::Person { .. } => holding
                .filter(|seat| seat.tenant == Some(id))
                .find_map(|seat| KeyRole::find(&seat.role)),
            _ => (principal.home() == Some(id)).then(|| principal.role()),
        }
    };
    Ok(all.into_iter().filter_map(|tenant| role(tenant.id).map(|role| (tenant, role))).collect())
}

/// What a session says.
pub(in crate::http) fn shown(
    call: &Call,
    principal: &Principal,
    session: &OpenSession,
) -> Result<SessionAnswer, Problem> {
    let reached = reachable(call, principal)?;
    let of_session = reached.iter().find(|(tenant, _)| Some(tenant.id) == session.tenant);
    let tenant = of_session
        .map(|(tenant, _)| TenantName { id: tenant.key.clone(), name: tenant.name.clone() });
    let partner = match (principal.partner(), session.tenant) {
        (Some(key), Some(tenant)) => {
            let scope = Scope::tenant(tenant);
            let found = call.store().read(|tx| partners::get(tx, &scope, key.as_str()))?;
            Some(PartnerName { key: found.key, name: found.name })
        }
        _ => None,
    };
    let role = principal.role();
    let lacks_second_factor = principal.lacks_second_factor();
    let may: Vec<_> = table::endpoints()
        .filter(|_| !lacks_second_factor)
        .filter(|endpoint| matches!(endpoint.access, Access::Roles(_)) && endpoint.allows(role))
        .map(|endpoint| endpoint.name)
        .collect();
    let states = may.contains(&"state_fact");
    let may_state = facts::sorts_for(role).filter(|_| states).collect();
    let seat = |(tenant, role): (Tenant, KeyRole)| Seat { id: tenant.key, name: tenant.name, role };
    let (name, login, language) = match principal {
        Principal::Person { person, .. } => {
            (person.name.clone(), Some(person.login.clone()), person.language)
        }
        other => (other.person(), None, None),
    };
    Ok(SessionAnswer {
        person: SessionPerson { name, login, language },
        tenant,
        role,
        partner,
        tenants: reached.into_iter().map(seat).collect(),
        csrf: session.csrf.clone(),
        entered_by: session.way,
        expires_at: session.expires_at,
        brand: Brand::of(call.store(), session.tenant)?,
        lacks_second_factor,
        may,
        may_state,
    })
}

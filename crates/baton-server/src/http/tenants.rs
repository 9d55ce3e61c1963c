//! Tenants: whom the operator runs Baton for. Each has a clock of its own, the real one or, for a
//! sandbox, one that is set.

use axum::http::StatusCode;
use baton_core::time::Instant;
use baton_store::tenants::{self, Clock, NewTenant, Tenant};
use baton_store::{Scope, Tx, audit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access::KeyRole;
use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::keys::make_admin;
use super::limits::TEXT_BYTES_MAX;
use super::page::Page;
use super::problem::Problem;
use super::sources::check_name;
use crate::activation::Activating;
use crate::clock::machine_now;

/// Speeds beyond this many thousandths of real time are of no use: a year in half a second.
const SPEED_PER_MILLE_MAX: i64 = 60_000_000_000;

/// A tenant.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct TenantItem {
    tenant: String,
    name: String,
    clock: ClockItem,
    created_at: Instant,
    /// The key that runs it; only in the answer to making it.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

/// Where its present comes from.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
enum ClockItem {
    Real,
    /// It shows `at` and runs at so many thousandths of real speed; 0 stands still.
    Simulated {
        at: Instant,
        speed_per_mille: i64,
    },
}

/// A tenant to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTenantRequest {
    /// Lower-case letters, digits and hyphens, unique in the system.
    tenant: String,
    name: Option<String>,
    /// The real clock, unless it is a sandbox.
    clock: Option<ClockItem>,
    /// Whether the shipped packs are activated at once; they are unless this is `false`.
    shipped_packs: Option<bool>,
}

impl TenantItem {
    fn of(call: &Call, tenant: Tenant) -> Self {
        let running = call.api.engine.tenant(tenant.id);
        let clock = match tenant.clock {
            Clock::Real => ClockItem::Real,
            Clock::Simulated { simulated_at, speed_per_mille, .. } => ClockItem::Simulated {
                at: running.map_or(simulated_at, |tenant| tenant.clock.now()),
                speed_per_mille,
            },
        };
        let Tenant { key, name, created_at, .. } = tenant;
        Self { tenant: key, name, clock, created_at, key: None }
    }
}

/// All tenants for an operator, else the key's own.
pub(super) fn list(call: &Call) -> Outcome {
    let found = if call.principal.role() == KeyRole::Operator {
        call.store().read(|tx| tenants::list(tx, &Scope::operator()))?
    } else {
        let scope = call.scope()?;
        vec![call.store().read(|tx| tenants::get(tx, &scope))?]
    };
    let items = found.into_iter().map(|tenant| TenantItem::of(call, tenant)).collect();
    Answer::json(Page::whole(items))
}

pub(super) fn create(call: &Call) -> Outcome {
    let new: NewTenantRequest = call.json()?;
    check_name("tenant", &new.tenant)?;
    let name = new.name.as_deref().unwrap_or(&new.tenant);
    if name.trim().is_empty() || name.len() > TEXT_BYTES_MAX {
        return Err(Problem::length(ErrorCode::ValueWrong, "name", 1, TEXT_BYTES_MAX));
    }
    let clock = clock(new.clock.as_ref())?;
    let row = NewTenant { key: &new.tenant, name, clock, created_at: machine_now() };
    let mut refused = None;
    let made = call.store().write(|tx| match make(call, tx, &row) {
        Ok(made) => Ok(made),
        Err(problem) => {
            let why = baton_store::StoreError::Refused { code: "rolled back".into() };
            refused = Some(problem);
            Err(why)
        }
    });
    let (id, answer) = match (made, refused) {
        (Ok(made), _) => made,
        (Err(_), Some(problem)) => return Err(problem),
        (Err(error), None) => return Err(error.into()),
    };
    call.api.engine.load_tenants()?;
    if new.shipped_packs != Some(false) {
        let activating = Activating {
            packs: baton_packs::shipped(),
            by: call.principal.person().as_str().into(),
            moves: true,
            ..Activating::default()
        };
        call.api
            .engine
            .activate(id, activating)
            .map_err(|why| Problem::internal(format_args!("shipped packs: {why}")))?;
    }
    Ok(answer)
}

fn clock(wanted: Option<&ClockItem>) -> Result<Clock, Problem> {
    match wanted {
        None | Some(ClockItem::Real) => Ok(Clock::Real),
        Some(&ClockItem::Simulated { at, speed_per_mille }) => {
            if !(0..=SPEED_PER_MILLE_MAX).contains(&speed_per_mille) {
                return Err(Problem::from_to(
                    ErrorCode::ValueWrong,
                    "speed_per_mille",
                    0,
                    SPEED_PER_MILLE_MAX,
                ));
            }
            Ok(Clock::Simulated { simulated_at: at, real_at: machine_now(), speed_per_mille })
        }
    }
}

fn make(
    call: &Call,
    tx: &mut Tx<'_>,
    row: &NewTenant<'_>,
) -> Result<(baton_store::TenantId, Answer), Problem> {
    let id = tenants::create(tx, &Scope::operator(), row)?;
    let scope = Scope::tenant(id);
    let minted = make_admin(tx, &scope, "first administrator")?;
    let made = tenants::get(tx, &scope)?;
    // The tenant's record begins with its making, and the operator's own has it as well.
    let line = call.line(Some(row.key), &serde_json::Value::Null);
    audit::append(tx, &scope, &line)?;
    audit::append(tx, &Scope::operator(), &line)?;
    let mut answer = Answer::json(TenantItem::of(call, made))?.with_status(StatusCode::CREATED);
    answer.secret = minted.secret;
    Ok((id, answer))
}

//! Activating packs in a running system: compiled first, so that a pack with faults changes nothing;
//! then stored and made active, swapped in as a whole, and every subject is woken to be derived by it.

use std::sync::Arc;

use baton_packs::{Finding, PackFiles};
use baton_store::packs::{self, Activation};
use baton_store::{Scope, StoreError, TenantId, Tx, changes, engine_timers};

use crate::engine::{EngineError, EngineHandle};
use crate::packs::compile;
use crate::tenant::Declared;
use crate::work_loop::StepError;

/// Why packs were not activated. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ActivationError {
    #[error("there is no such tenant")]
    NoTenant,
    /// Everything that is wrong, with file, line and column.
    #[error("the packs have faults, {} of them", .0.len())]
    Faults(Vec<Finding>),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("the step failed: {0}")]
    Step(String),
}

/// The files of the packs that are active, as stored.
#[derive(Debug, Clone)]
pub struct StoredPacks {
    pub active: Vec<Activation>,
    pub files: Vec<PackFiles>,
}

/// Reads the active packs of a tenant.
///
/// # Errors
/// Where the store cannot be read.
pub fn stored(tx: &mut Tx<'_>, scope: &Scope) -> Result<StoredPacks, StoreError> {
    let active = packs::active(tx, scope, None)?;
    let mut files = Vec::with_capacity(active.len());
    for activation in &active {
        let pack = packs::get(tx, scope, &activation.pack, &activation.version)?;
        files.push(read_files(&pack.content)?);
    }
    Ok(StoredPacks { active, files })
}

impl StoredPacks {
    /// Compiles them. They compiled when they were activated; where a newer program refuses them, the
    /// tenant goes on without and its messages wait in quarantine.
    pub(crate) fn compile(&self) -> Declared {
        compile(&self.files).unwrap_or_else(|faults| {
            for fault in faults {
                tracing::error!(%fault, "an active pack cannot be compiled any more");
            }
            Declared::nothing()
        })
    }
}

/// The files of a stored pack.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn read_files(content: &[u8]) -> Result<PackFiles, StoreError> {
    rmp_serde::from_slice(content).map_err(|_| StoreError::Corrupt { what: "a pack" })
}

/// A pack as it is stored.
fn to_store(files: &PackFiles, at: baton_core::time::Instant) -> Result<packs::Pack, Vec<Finding>> {
    let (pack, findings) = baton_packs::Pack::from_files(files.clone());
    let pack = pack.ok_or(findings)?;
    // Plain bytes by name; writing them cannot fail.
    let content = rmp_serde::to_vec(files).unwrap_or_default();
    Ok(packs::Pack {
        name: pack.manifest.name.to_string(),
        version: pack.manifest.version.to_string(),
        digest: blake3::hash(&content).to_hex().to_string(),
        content,
        stored_at: at,
    })
}

impl EngineHandle {
    /// Activates versions of packs beside those that are active; one of the same name is replaced.
    /// Returns name and version of everything that is active then.
    ///
    /// # Errors
    /// [`ActivationError::Faults`] with all of them; then nothing was changed.
    pub fn activate(
        &self,
        tenant: TenantId,
        new: Vec<PackFiles>,
        by: &str,
    ) -> Result<String, ActivationError> {
        let tenant = self.tenant(tenant).ok_or(ActivationError::NoTenant)?;
        let at = tenant.clock.now();
        let by = by.to_owned();
        self.between_steps(move |work| {
            let to_store = new
                .iter()
                .map(|files| to_store(files, at))
                .collect::<Result<Vec<_>, _>>()
                .map_err(ActivationError::Faults)?;
            let before = work.store.read(|tx| stored(tx, &tenant.scope))?;
            let kept =
                before.active.iter().zip(before.files).filter(|(activation, _)| {
                    to_store.iter().all(|pack| pack.name != activation.pack)
                });
            let mut all: Vec<(String, PackFiles)> =
                kept.map(|(activation, files)| (activation.pack.clone(), files)).collect();
            all.extend(to_store.iter().map(|pack| pack.name.clone()).zip(new));
            all.sort_by(|a, b| a.0.cmp(&b.0));
            let files: Vec<PackFiles> = all.into_iter().map(|(_, files)| files).collect();
            let declared = compile(&files).map_err(ActivationError::Faults)?;
            let version = declared.version.clone();
            let done = work.step(&tenant, &declared, |tx, step, _| {
                let scope = &step.tenant.scope;
                for pack in &to_store {
                    packs::store(tx, scope, pack)?;
                    packs::activate(tx, scope, (&pack.name, &pack.version), at, &by)?;
                }
                engine_timers::wake_all(tx, scope, at)?;
                note(tx, scope, &version, (&by, at))
            });
            done.map_err(|error| match error {
                StepError::Store(error) => ActivationError::Store(error),
                StepError::Panicked => ActivationError::Step(error.to_string()),
            })?;
            tenant.declare(Arc::new(declared));
            Ok(version)
        })?
    }
}

fn note(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: &str,
    (by, at): (&str, baton_core::time::Instant),
) -> Result<(), StoreError> {
    let summary = serde_json::json!({ "active": version, "by": by }).to_string();
    let change = changes::NewChange {
        at,
        cluster: None,
        kind: "packs.activated",
        object: "packs",
        summary: &summary,
    };
    changes::append(tx, scope, &[change]).map(drop)
}

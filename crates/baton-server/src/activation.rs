//! Activating packs in a running system: compiled first, so that a pack with faults changes nothing;
//! then stored and made active, and swapped in as a whole. Subjects that are there keep the rules that
//! they were born under unless the activation moves them; then each is woken to be derived by the new.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_core::epoch::Epoch;
use baton_core::time::Instant;
use baton_packs::{Finding, PackFiles};
use baton_store::packs::{self, Activation};
use baton_store::{Scope, StoreError, TenantId, Tx, changes, engine_timers, pack_requests};

use crate::acting::By;
use crate::engine::{EngineError, EngineHandle};
use crate::packs::compile;
use crate::relay::Word;
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
    /// What a request was made beside is not what is active now.
    #[error("another version of `{0}` was activated since this was asked for")]
    Overtaken(String),
    #[error("the step failed: {0}")]
    Step(String),
}

/// Packs to be activated beside those that are active; one of the same name is replaced.
#[derive(Debug, Default)]
pub struct Activating {
    pub packs: Vec<PackFiles>,
    /// Who answers for it, as others know them, with the line that tells of it.
    pub by: By,
    /// Whether subjects go by them that are there already.
    pub moves: bool,
    /// The request that is granted by it.
    pub grants: Option<Grant>,
}

/// A request that is granted by an activation, in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub request: i64,
    /// When it is closed, by the machine's clock, as people ask and answer.
    pub at: Instant,
    /// Whose word was the last that it needed.
    pub by: String,
    /// The version of each pack that was active when it was asked.
    pub was: BTreeMap<String, Option<String>>,
}

impl Grant {
    /// Refuses where another version is active than was when it was asked.
    fn check(&self, active: &[Activation]) -> Result<(), ActivationError> {
        let version = |pack: &str| active.iter().find(|a| a.pack == pack).map(|a| &a.version);
        let overtaken = self.was.iter().find(|(pack, was)| version(pack) != was.as_ref());
        overtaken.map_or(Ok(()), |(pack, _)| Err(ActivationError::Overtaken(pack.clone())))
    }
}

/// Epochs that are kept apart. Of more, the oldest are forgotten: their subjects go by the next.
const EPOCHS_MAX: usize = 64;

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

/// What was active in a time: from when on, whether it moved what was there, and the packs' files.
type Stored = (Instant, bool, Vec<PackFiles>);

/// What was active when, the present last.
#[derive(Debug)]
pub(crate) struct History(Vec<Stored>, usize);

impl History {
    /// Reads every activation of a tenant and the packs that they name.
    pub(crate) fn load(tx: &mut Tx<'_>, scope: &Scope) -> Result<Self, StoreError> {
        let mut active: BTreeMap<String, PackFiles> = BTreeMap::new();
        let mut epochs: Vec<Stored> = Vec::new();
        let activations = packs::history(tx, scope)?;
        let count = activations.len();
        for activation in activations {
            let pack = packs::get(tx, scope, &activation.pack, &activation.version)?;
            active.insert(activation.pack, read_files(&pack.content)?);
            let files = || active.values().cloned().collect();
            match epochs.last_mut() {
                // Activated together.
                Some((from, moves, all)) if *from == activation.activated_at => {
                    *moves |= activation.moves;
                    *all = files();
                }
                _ => epochs.push((activation.activated_at, activation.moves, files())),
            }
        }
        Ok(Self(epochs, count))
    }

    /// How many activations it is made of, those of one instant apart.
    pub(crate) fn activations(&self) -> usize {
        self.1
    }

    /// Compiles them. They compiled when they were activated; where a newer program refuses the
    /// present ones, the tenant goes on without and its messages wait in quarantine.
    pub(crate) fn compile(&self) -> Declared {
        let mut declared = Declared::nothing();
        let mut epochs = Vec::new();
        for (from, moves, files) in self.0.iter().skip(self.0.len().saturating_sub(EPOCHS_MAX)) {
            declared = compile(files).unwrap_or_else(|faults| {
                for fault in faults {
                    tracing::error!(%fault, "a pack that was activated cannot be compiled any more");
                }
                Declared::nothing()
            });
            epochs.push(Epoch { from: *from, moves: *moves, book: Arc::clone(&declared.book) });
        }
        Declared { epochs: epochs.into(), ..declared }
    }
}

/// The epochs when one more begins.
fn begun(before: &[Epoch], epoch: Epoch) -> Arc<[Epoch]> {
    let together = before.last().is_some_and(|last| last.from == epoch.from);
    let (kept, moves) = match before.split_last() {
        Some((last, kept)) if together => (kept, last.moves || epoch.moves),
        _ => (before, epoch.moves),
    };
    let kept = kept.iter().skip((kept.len() + 1).saturating_sub(EPOCHS_MAX)).cloned();
    kept.chain([Epoch { moves, ..epoch }]).collect()
}

/// The files of a stored pack.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn read_files(content: &[u8]) -> Result<PackFiles, StoreError> {
    rmp_serde::from_slice(content).map_err(|_| StoreError::Corrupt { what: "a pack" })
}

/// A pack as it is stored.
pub(crate) fn to_store(files: &PackFiles, at: Instant) -> Result<packs::Pack, Vec<Finding>> {
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
    /// Activates versions of packs beside those that are active. Messages are read by them from then on; subjects go by them that are new or, where `moves`, all.
    /// Returns name and version of everything that is active then.
    ///
    /// # Errors
    /// [`ActivationError::Faults`] with all of them; then nothing was changed.
    pub fn activate(
        &self,
        tenant: TenantId,
        activating: Activating,
    ) -> Result<String, ActivationError> {
        let tenant = self.tenant(tenant).ok_or(ActivationError::NoTenant)?;
        let Activating { packs: new, by, moves, grants } = activating;
        self.between_steps(move |work| {
            let _declaring = tenant.declaring();
            let at = tenant.clock.now();
            let to_store = new
                .iter()
                .map(|files| to_store(files, at))
                .collect::<Result<Vec<_>, _>>()
                .map_err(ActivationError::Faults)?;
            let before = work.store.read(|tx| stored(tx, &tenant.scope))?;
            grants.as_ref().map_or(Ok(()), |grant| grant.check(&before.active))?;
            let kept =
                before.active.iter().zip(before.files).filter(|(activation, _)| {
                    to_store.iter().all(|pack| pack.name != activation.pack)
                });
            let mut all: Vec<(String, PackFiles)> =
                kept.map(|(activation, files)| (activation.pack.clone(), files)).collect();
            all.extend(to_store.iter().map(|pack| pack.name.clone()).zip(new));
            all.sort_by(|a, b| a.0.cmp(&b.0));
            let files: Vec<PackFiles> = all.into_iter().map(|(_, files)| files).collect();
            let mut declared = compile(&files).map_err(ActivationError::Faults)?;
            let present = tenant.declared();
            let epoch = Epoch { from: at, moves, book: Arc::clone(&declared.book) };
            declared.epochs = begun(&present.epochs, epoch);
            // What identifiers name goes by the latest rules for all.
            let wakes = moves || present.book.schemes != declared.book.schemes;
            let version = declared.version.clone();
            let done = work.step(&tenant, &declared, |tx, step, _| {
                let scope = &step.tenant.scope;
                let mut first = None;
                for pack in &to_store {
                    packs::store(tx, scope, pack)?;
                    let named = (pack.name.as_str(), pack.version.as_str());
                    let seq = packs::activate(tx, scope, named, (at, by.name()), moves)?;
                    first.get_or_insert(seq);
                }
                if let Some(grant) = &grants {
                    let closing = pack_requests::Closing {
                        state: pack_requests::State::Granted,
                        at: grant.at,
                        by: &grant.by,
                        activation: first,
                    };
                    pack_requests::close(tx, scope, grant.request, &closing)?;
                }
                if wakes {
                    engine_timers::wake_all(tx, scope, at)?;
                }
                note(tx, scope, (&version, moves), (by.name(), at))?;
                by.tell(tx, scope, "activate_packs")
            });
            done.map_err(|error| match error {
                StepError::Store(error) => ActivationError::Store(error),
                StepError::Panicked => ActivationError::Step(error.to_string()),
            })?;
            tenant.set_activations(tenant.activations() + to_store.len());
            tenant.declare(Arc::new(declared));
            if let Some(relay) = &work.relay {
                relay.say(Word::Standing);
            }
            Ok(version)
        })?
    }
}

fn note(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (version, moves): (&str, bool),
    (by, at): (&str, Instant),
) -> Result<(), StoreError> {
    let summary = serde_json::json!({ "active": version, "by": by, "moves": moves }).to_string();
    let change = changes::NewChange {
        at,
        cluster: None,
        kind: "packs.activated",
        object: "packs",
        summary: &summary,
    };
    changes::append(tx, scope, &[change]).map(drop)
}

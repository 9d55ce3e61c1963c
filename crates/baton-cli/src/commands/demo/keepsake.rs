//! What the demo keeps between runs beside its data: which world it plays, and the keys that it once
//! made, so that a second run prints the same ones. Real systems show a key once; this one is a toy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Faults, SEED};
use crate::exit::{Failure, Result};

const FILE_NAME: &str = "demo.json";
const NEW_FILE_NAME: &str = "demo.json.new";

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Keepsake {
    pub(super) seed: u64,
    pub(super) orders: Option<u64>,
    #[serde(default)]
    pub(super) faults: Faults,
    /// API keys by tenant.
    #[serde(default)]
    pub(super) api_keys: BTreeMap<String, String>,
    /// Keys of sources by tenant and source.
    #[serde(default)]
    pub(super) source_keys: BTreeMap<String, BTreeMap<String, String>>,
}

/// Where the demo's data is unless somebody says otherwise: with the user's other data.
pub(super) fn default_folder() -> PathBuf {
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    data.or_else(home).unwrap_or_default().join("baton").join("demo")
}

/// Removes a demo's folder. A folder that is none is left alone.
pub(super) fn forget(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let is_empty = std::fs::read_dir(folder)?.next().is_none();
    if !is_empty && !folder.join(FILE_NAME).is_file() {
        let text = format!("{} is not a demo's folder: it is not removed", folder.display());
        return Err(Failure::refused(text));
    }
    Ok(std::fs::remove_dir_all(folder)?)
}

/// What is kept, or the beginning of it. A folder holds one world.
pub(super) fn open(
    folder: &Path,
    (seed, orders, faults): (Option<u64>, Option<u64>, Option<Faults>),
) -> Result<Keepsake> {
    let path = folder.join(FILE_NAME);
    if !path.is_file() {
        let (seed, faults) = (seed.unwrap_or(SEED), faults.unwrap_or_default());
        return Ok(Keepsake { seed, orders, faults, ..Keepsake::default() });
    }
    let text = std::fs::read_to_string(&path)?;
    let kept: Keepsake = serde_json::from_str(&text).map_err(|why| {
        Failure::failed(format!("{} cannot be read ({why}): --fresh starts over", path.display()))
    })?;
    let other_seed = seed.is_some_and(|seed| seed != kept.seed);
    let other_orders = orders.is_some() && orders != kept.orders;
    let other_faults = faults.is_some_and(|faults| faults != kept.faults);
    if other_seed || other_orders || other_faults {
        let text = format!(
            "{} holds the world of seed {}{} and {:?} faults: --fresh starts over",
            folder.display(),
            kept.seed,
            kept.orders.map_or_else(String::new, |orders| format!(" with {orders} orders")),
            kept.faults,
        );
        return Err(Failure::refused(text));
    }
    Ok(kept)
}

impl Keepsake {
    /// Keeps it, for the owner's eyes alone: the folder is closed to others, the file as well.
    pub(super) fn keep(&self, folder: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|why| Failure::failed(format!("the demo's notes are no JSON: {why}")))?;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // Put in place whole: a process that dies in between leaves the old one.
        let new = folder.join(NEW_FILE_NAME);
        let mut file = options.open(&new)?;
        std::io::Write::write_all(&mut file, text.as_bytes())?;
        file.sync_all()?;
        Ok(std::fs::rename(new, folder.join(FILE_NAME))?)
    }
}

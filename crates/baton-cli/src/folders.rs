//! Folders that the user names: the files in them, in an order that does not depend on the disk.

use std::path::{Path, PathBuf};

use crate::exit::{Failure, Result};

/// Deepest folder below one that was named.
const DEPTH_MAX: usize = 16;

/// The named files, and every file below the named folders, sorted within its folder. Hidden files
/// are left out unless they were named themselves; `-` stays what it is.
pub(crate) fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in named {
        if path.is_dir() {
            below(path, DEPTH_MAX, &mut files)?;
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn below(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    let cannot = |why: std::io::Error| {
        Failure::not_found(format!("cannot read the folder {}: {why}", folder.display()))
    };
    let entries: std::io::Result<Vec<PathBuf>> =
        std::fs::read_dir(folder).map_err(cannot)?.map(|entry| Ok(entry?.path())).collect();
    let mut entries = entries.map_err(cannot)?;
    entries.sort();
    for path in entries {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        match (hidden, path.is_dir()) {
            (true, _) => {}
            (false, true) if depth > 0 => below(&path, depth - 1, files)?,
            (false, true) => {
                let text = format!("{} lies deeper than {DEPTH_MAX} folders", path.display());
                return Err(Failure::refused(text));
            }
            (false, false) => files.push(path),
        }
    }
    Ok(())
}

//! Files that the user names: read whole, `-` is standard input, with a limit and with errors that
//! name the file.

use std::io::Read as _;
use std::path::Path;

use crate::exit::{Failure, Result};

/// The longest file that is read whole, in bytes.
pub(crate) const FILE_BYTES_MAX: u64 = 256 << 20;

/// Reads a file, or standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    let cannot = |why: std::io::Error| {
        let mut failure = Failure::from(why);
        failure.text = format!("cannot read {}: {failure}", path.display());
        failure
    };
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(cannot)?;
    } else {
        let file = std::fs::File::open(path).map_err(cannot)?;
        file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(cannot)?;
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > FILE_BYTES_MAX {
        let text =
            format!("{} has more than {FILE_BYTES_MAX} bytes: send it in parts", path.display());
        return Err(Failure::refused(text));
    }
    Ok(bytes)
}

/// Writes a file and the folders above it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let cannot = |why: std::io::Error| {
        let mut failure = Failure::from(why);
        failure.text = format!("cannot write {}: {failure}", path.display());
        failure
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(cannot)?;
    }
    std::fs::write(path, bytes).map_err(cannot)
}

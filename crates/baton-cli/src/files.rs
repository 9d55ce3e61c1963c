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

/// Makes a file for its owner alone, which is there when it is whole and durable and not before.
pub(crate) fn make_whole<T>(
    path: &Path,
    fill: impl FnOnce(&mut dyn std::io::Write) -> Result<T>,
) -> Result<T> {
    if path.exists() {
        let text = format!("{} is there already: name another file", path.display());
        return Err(Failure::refused(text));
    }
    let cannot = |why: std::io::Error| {
        let mut failure = Failure::from(why);
        failure.text = format!("cannot write {}: {failure}", path.display());
        failure
    };
    let mut unfinished = path.to_owned().into_os_string();
    unfinished.push(".unfinished");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = std::io::BufWriter::new(options.open(&unfinished).map_err(cannot)?);
    let filled = fill(&mut out)?;
    let file = out.into_inner().map_err(|why| cannot(why.into_error()))?;
    file.sync_all().map_err(cannot)?;
    std::fs::rename(&unfinished, path).map_err(cannot)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) {
        let folder = std::fs::File::open(folder.unwrap_or_else(|| Path::new(".")));
        folder.and_then(|folder| folder.sync_all()).map_err(cannot)?;
    }
    Ok(filled)
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

//! One process at a time works on a data folder: the embedded store has one writer, and the engine
//! keeps in memory what it has written.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use baton_store::Location;

use crate::exit::{Failure, Result};

const FILE_NAME: &str = "baton.lock";
/// Longest note that is read from the lock.
const NOTE_BYTES_MAX: u64 = 200;

/// Held as long as the process works on the folder; the system lets go of it when the process ends,
/// however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    file: Option<File>,
}

impl Lock {
    /// Takes the folder. A database is locked by itself.
    pub(crate) fn take(location: &Location) -> Result<Self> {
        match location {
            Location::Folder(folder) => Self::take_folder(folder),
            Location::Database(_) => Ok(Self { file: None }),
        }
    }

    fn take_folder(folder: &Path) -> Result<Self> {
        make(folder)?;
        let path = folder.join(FILE_NAME);
        let mut open = OpenOptions::new();
        open.read(true).write(true).create(true).truncate(false);
        let mut file = open.open(&path)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)?;
                Ok(Self { file: Some(file) })
            }
            Err(TryLockError::WouldBlock) => {
                let mut note = String::new();
                // The note only helps; without it the refusal stands.
                let _ = (&mut file).take(NOTE_BYTES_MAX).read_to_string(&mut note);
                let by = if note.is_empty() { "another process".to_owned() } else { note };
                let folder = folder.display();
                let text = format!("{folder} is in use by {by}: speak to it with --url and --key");
                Err(Failure::refused(text))
            }
            Err(TryLockError::Error(why)) => Err(why.into()),
        }
    }

    /// Leaves word for whoever finds the folder in use.
    pub(crate) fn note(&mut self, who: &str) -> Result<()> {
        if let Some(file) = &mut self.file {
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(who.as_bytes())?;
        }
        Ok(())
    }
}

/// What customers ordered is in there: a new folder is for its owner alone.
fn make(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(folder)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_user_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Folder(folder.path().to_owned());
        let mut first = Lock::take(&location).unwrap();
        first.note("baton serve at http://127.0.0.1:7300").unwrap();
        let refused = Lock::take(&location).unwrap_err().to_string();
        assert!(refused.contains("baton serve at http://127.0.0.1:7300"), "{refused}");
        drop(first);
        Lock::take(&location).unwrap();
    }
}

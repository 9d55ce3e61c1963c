//! The files of a pack, in memory: what is stored when a pack is activated, and what everything else
//! here reads. A folder is only one way to come by them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, FindingCode, Position};

/// Most files of a pack.
pub const FILES_MAX: usize = 500;
/// Largest file of a pack, in bytes.
pub const FILE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Largest pack, in bytes.
pub const PACK_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Deepest folder within a pack.
const FOLDER_DEPTH_MAX: usize = 4;

/// The files of one pack by their path within it, with `/` between folders.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PackFiles {
    pub files: BTreeMap<String, Vec<u8>>,
}

impl PackFiles {
    /// Reads a folder. Hidden files are left out.
    #[must_use]
    pub fn read(folder: &Path) -> (Self, Vec<Finding>) {
        let mut pack = Self::default();
        let mut findings = Vec::new();
        pack.read_folder(folder, "", 0, &mut findings);
        findings.extend(pack.over_limits());
        (pack, findings)
    }

    fn read_folder(
        &mut self,
        folder: &Path,
        prefix: &str,
        depth: usize,
        findings: &mut Vec<Finding>,
    ) {
        let mut unreadable = |name: &str, why: &std::io::Error| {
            let code = FindingCode::FileUnreadable;
            findings.push(Finding::new(
                name,
                Position::default(),
                code,
                why.to_string(),
                "a file that can be read",
            ));
        };
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(why) => return unreadable(if prefix.is_empty() { "." } else { prefix }, &why),
        };
        for entry in entries.flatten() {
            let file_name = entry.file_name().to_string_lossy().into_owned();
            if file_name.starts_with('.') || self.files.len() > FILES_MAX {
                continue;
            }
            let name = format!("{prefix}{file_name}");
            let path = entry.path();
            if path.is_dir() {
                if depth < FOLDER_DEPTH_MAX {
                    self.read_folder(&path, &format!("{name}/"), depth + 1, findings);
                }
                continue;
            }
            let size = entry.metadata().map_or(0, |m| m.len());
            if usize::try_from(size).unwrap_or(usize::MAX) > FILE_BYTES_MAX {
                let code = FindingCode::LimitExceeded;
                let expected = format!("a file of at most {FILE_BYTES_MAX} bytes");
                findings.push(Finding::new(
                    &name,
                    Position::default(),
                    code,
                    format!("{size} bytes"),
                    expected,
                ));
                continue;
            }
            match std::fs::read(&path) {
                Ok(bytes) => {
                    self.files.insert(name, bytes);
                }
                Err(why) => {
                    let code = FindingCode::FileUnreadable;
                    let expected = "a file that can be read";
                    findings.push(Finding::new(
                        &name,
                        Position::default(),
                        code,
                        why.to_string(),
                        expected,
                    ));
                }
            }
        }
    }

    /// What exceeds the limits on packs.
    #[must_use]
    pub fn over_limits(&self) -> Vec<Finding> {
        let finding = |file: &str, found: String, expected: String| {
            Finding::new(file, Position::default(), FindingCode::LimitExceeded, found, expected)
        };
        let mut findings = Vec::new();
        let total: usize = self.files.values().map(Vec::len).sum();
        if self.files.len() > FILES_MAX {
            let expected = format!("at most {FILES_MAX} files");
            findings.push(finding("pack.yaml", format!("{} files", self.files.len()), expected));
        }
        if total > PACK_BYTES_MAX {
            let expected = format!("at most {PACK_BYTES_MAX} bytes");
            findings.push(finding("pack.yaml", format!("{total} bytes"), expected));
        }
        for (name, bytes) in &self.files {
            if bytes.len() > FILE_BYTES_MAX {
                let expected = format!("at most {FILE_BYTES_MAX} bytes");
                findings.push(finding(name, format!("{} bytes", bytes.len()), expected));
            }
        }
        findings
    }

    /// Writes the files into a folder, which is made.
    ///
    /// # Errors
    /// Where a folder or file cannot be written, or a path would leave the folder.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        for (name, bytes) in &self.files {
            let inside =
                name.split('/').all(|part| !part.is_empty() && part != ".." && part != ".");
            if !inside {
                let why = format!("`{name}` is not a path within a pack");
                return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, why));
            }
            let path = folder.join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, bytes)?;
        }
        Ok(())
    }

    pub(crate) fn text(&self, name: &str) -> Option<Result<&str, Finding>> {
        let bytes = self.files.get(name)?;
        Some(std::str::from_utf8(bytes).map_err(|e| {
            let before = bytes.get(..e.valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|b| **b == b'\n').count() + 1;
            let at = Position { line, column: 1 };
            Finding::new(name, at, FindingCode::FileUnreadable, "bytes that are no text", "UTF-8")
        }))
    }
}

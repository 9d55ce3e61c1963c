//! The packs that Baton comes with, within the binary.

use crate::files::PackFiles;

include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The shipped packs, each before those that build on it.
#[must_use]
pub fn shipped() -> Vec<PackFiles> {
    let mut packs: Vec<(&str, PackFiles)> = Vec::new();
    for (pack, name, bytes) in SHIPPED {
        if packs.last().is_none_or(|(last, _)| last != pack) {
            packs.push((pack, PackFiles::default()));
        }
        if let Some((_, files)) = packs.last_mut() {
            files.files.insert((*name).to_owned(), bytes.to_vec());
        }
    }
    // The starter declares what the others refer to.
    packs.sort_by_key(|(name, _)| *name != "starter");
    packs.into_iter().map(|(_, files)| files).collect()
}

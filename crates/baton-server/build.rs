//! Puts the built web app into the binary: a table of the files that `cargo xtask web` left in
//! `web/dist/pages`, each in its compressed form. Without them the table is empty, and the server says
//! how to get the pages.
//!
//! A table of `include_bytes!` instead of an embedding crate: it takes the compressed copies that the
//! web build made, and a missing folder is not a fault.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The ending of a compressed copy.
const COMPRESSED: &str = ".gz";

fn main() -> io::Result<()> {
    // Asked for when it runs: a build folder may have been moved here from another checkout.
    let here = env::var_os("CARGO_MANIFEST_DIR")
        .ok_or_else(|| io::Error::other("cargo sets CARGO_MANIFEST_DIR"))?;
    let dist = Path::new(&here).join("../../web/dist");
    // This folder is in the repository, empty, so that cargo can watch it before anything is built.
    println!("cargo::rerun-if-changed={}", dist.display());
    let pages = dist.join("pages");
    let mut files = Vec::new();
    if pages.is_dir() {
        gather(&pages, &mut files)?;
    }
    files.sort();
    let mut table = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&pages).map_err(io::Error::other)?.display().to_string();
        let name = name.trim_end_matches(COMPRESSED);
        let file = file.canonicalize()?;
        writeln!(table, "    ({name:?}, include_bytes!({file:?}) as &[u8]),")
            .map_err(io::Error::other)?;
    }
    table.push(']');
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    fs::write(PathBuf::from(out).join("pages.rs"), table)
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else if path.to_string_lossy().ends_with(COMPRESSED) {
            files.push(path);
        }
    }
    Ok(())
}

//! Lists the files of the shipped packs, so that they are part of the binary.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let packs = root.join("../../packs");
    println!("cargo::rerun-if-changed={}", packs.display());
    let mut files = Vec::new();
    gather(&packs, &mut files);
    files.sort();
    let mut code = "static SHIPPED: &[(&str, &str, &[u8])] = &[\n".to_owned();
    for path in files {
        let Ok(inside) = path.strip_prefix(&packs) else { continue };
        let name = inside.to_string_lossy().replace('\\', "/");
        let Some((pack, file)) = name.split_once('/') else { continue };
        let _ = writeln!(code, "    ({pack:?}, {file:?}, include_bytes!({path:?})),");
    }
    code.push_str("];\n");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    if let Err(why) = std::fs::write(out.join("shipped.rs"), code) {
        println!("cargo::error=the list of shipped packs cannot be written: {why}");
    }
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, files);
        } else {
            files.push(path);
        }
    }
}

//! How checked-in files differ from what the code would write, for a person: which file, which
//! line.

use std::path::Path;

use super::Files;
use crate::fault::Fault;

const REMEDY: &str = "run `cargo xtask codegen` and commit what it writes";

pub(super) fn faults(root: &str, held: &Files, wanted: &Files) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, bytes) in wanted {
        match held.get(path) {
            None => faults.push(Fault::new(place(root, path), "is not checked in", REMEDY)),
            Some(held) if held != bytes => {
                let line = first_difference(held, bytes);
                let place = format!("{}:{line}", place(root, path));
                faults.push(Fault::new(place, "is not what the code writes now", REMEDY));
            }
            Some(_) => {}
        }
    }
    for path in held.keys().filter(|path| !wanted.contains_key(*path)) {
        faults.push(Fault::new(place(root, path), "is no longer written by the code", REMEDY));
    }
    faults
}

fn place(root: &str, path: &Path) -> String {
    if path.as_os_str().is_empty() { root.to_owned() } else { format!("{root}/{}", path.display()) }
}

/// Number, from 1, of the first line that differs.
fn first_difference(held: &[u8], wanted: &[u8]) -> usize {
    let (held, wanted) = (held.split(|b| *b == b'\n'), wanted.split(|b| *b == b'\n'));
    held.zip(wanted).take_while(|(held, wanted)| held == wanted).count() + 1
}

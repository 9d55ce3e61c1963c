//! Other people's files. `BATON_CORPUS` names a folder with `edi/provenance.csv`, which says of each
//! file whether an independent scan found its envelope sound; every sound one must be read, no
//! broken one may be accepted.

use std::path::{Path, PathBuf};

use baton_formats::x12::{self, Severity, Verdict};

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("BATON_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: BATON_CORPUS is not set");
    }
    folder
}

/// Files of kind x12: path, and whether the scan found the envelope sound.
fn listed(edi: &Path) -> Vec<(PathBuf, bool)> {
    let mut table = csv::Reader::from_path(edi.join("provenance.csv")).unwrap();
    let heads = table.headers().unwrap().clone();
    let column = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let (file, kind, envelope) = (column("file"), column("kind"), column("envelope"));
    let rows = table.records().map(Result::unwrap);
    rows.filter(|row| &row[kind] == "x12")
        .map(|row| (edi.join(&row[file]), &row[envelope] == "ok"))
        .collect()
}

#[test]
fn every_sound_file_is_read_and_no_broken_one_accepted() {
    let Some(folder) = corpus() else { return };
    let files = listed(&folder.join("edi"));
    assert!(!files.is_empty(), "no x12 file is listed");
    let mut wrong = Vec::new();
    for (path, sound) in &files {
        let bytes = std::fs::read(path).unwrap();
        let document = x12::read(&bytes);
        let broken = document.envelope_verdict() == Verdict::Broken;
        if broken == *sound {
            let faults: Vec<String> = document
                .faults
                .iter()
                .filter(|f| f.severity == Severity::Error)
                .map(ToString::to_string)
                .collect();
            wrong.push(format!(
                "{} (sound: {sound})\n    {}",
                path.display(),
                faults.join("\n    ")
            ));
        }
    }
    println!("{} files", files.len());
    assert!(wrong.is_empty(), "{} misjudged:\n{}", wrong.len(), wrong.join("\n"));
}

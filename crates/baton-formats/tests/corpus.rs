//! Other people's files. `BATON_CORPUS` names a folder with `edi/provenance.csv`, which says of each
//! file whether an independent scan found its envelope sound; every sound one must be read, no
//! broken one may be accepted.

use std::path::{Path, PathBuf};

use baton_formats::x12::sets::{
    FunctionalAck, Invoice, PurchaseOrder, PurchaseOrderAck, ShipNotice, ShipmentStatus,
};
use baton_formats::x12::{self, Report, Severity, Verdict};
use baton_formats::{json, ndjson};

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

/// Files of every kind: what is not X12 must be told so, not misread, and nothing may panic.
#[test]
fn nothing_in_the_corpus_panics() {
    let Some(folder) = corpus() else { return };
    let mut pending = vec![folder];
    let mut count = 0;
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        count += 1;
        let bytes = std::fs::read(&path).unwrap();
        let document = x12::read(&bytes);
        let report = Report::of(&document);
        assert_eq!(report.verdict, document.verdict());
        assert!(x12::show(&document).lines().count() >= document.segments.len());
        for group in 0..document.groups.len() {
            let _ = x12::acknowledge(&document, group);
        }
        for set in document.sets() {
            let _ = PurchaseOrder::read(&set);
            let _ = PurchaseOrderAck::read(&set);
            let _ = ShipNotice::read(&set);
            let _ = Invoice::read(&set);
            let _ = ShipmentStatus::read(&set);
            let _ = FunctionalAck::read(&set);
        }
        if let Ok(value) = json::read(&bytes, &json::Limits::default()) {
            assert!(json::locate(&bytes, "").is_some());
            let first = value.as_object().and_then(|members| members.keys().next());
            let pointer =
                first.map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1")));
            assert!(pointer.is_none_or(|pointer| json::locate(&bytes, &pointer).is_some()));
            assert_eq!(document.verdict(), Verdict::Broken);
        }
        assert!(ndjson::lines(&bytes).all(|line| !line.bytes.is_empty()));
    }
    println!("{count} files");
    assert!(count > 0);
}

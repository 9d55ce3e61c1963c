//! Reads, reports and shows whatever it is given; places of faults must lie inside the file.
#![no_main]

use baton_formats::x12::{self, Report};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let document = x12::read(bytes);
    for fault in &document.faults {
        assert!(fault.place.offset + fault.place.length <= bytes.len());
    }
    assert!(document.faults.len() <= x12::FAULTS_MAX + 1);
    let report = Report::of(&document);
    assert_eq!(report.verdict, document.verdict());
    assert!(x12::show(&document).lines().count() >= document.segments.len());
    for group in 0..document.groups.len() {
        let _ = x12::acknowledge(&document, group);
    }
});

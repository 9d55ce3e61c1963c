//! Whatever the bytes, nothing panics, nothing is lost and everything stays within bounds.

use baton_formats::x12::sets::{
    FunctionalAck, Invoice, PurchaseOrder, PurchaseOrderAck, ShipNotice, ShipmentStatus,
};
use baton_formats::x12::{self, Delimiters, Report, Verdict, acknowledge};
use proptest::prelude::*;

use super::samples;

/// Everything that can be done with a file.
fn exercise(bytes: &[u8]) {
    segments_cover(bytes);
    let document = x12::read(bytes);
    for fault in &document.faults {
        assert!(fault.place.offset + fault.place.length <= bytes.len(), "{fault}");
    }
    let report = Report::of(&document);
    let json = serde_json::to_string(&report).unwrap();
    assert!(json.contains("verdict"));
    let shown = x12::show(&document);
    // A segment may itself begin with `! `.
    let is_fault = |line: &str| line.starts_with("! error ") || line.starts_with("! warning ");
    let segments = shown.lines().filter(|line| !is_fault(line.trim_start())).count();
    assert!(segments >= document.segments.len(), "a segment is not shown:\n{shown}");
    for set in document.sets() {
        let _ = PurchaseOrder::read(&set);
        let _ = PurchaseOrderAck::read(&set);
        let _ = ShipNotice::read(&set);
        let _ = Invoice::read(&set);
        let _ = ShipmentStatus::read(&set);
        let _ = FunctionalAck::read(&set);
    }
    for group in 0..document.groups.len() {
        if let Some(ack) = acknowledge(&document, group) {
            // An acknowledgment of damaged names may be refused, but never written wrongly.
            if let Ok(written) = samples::write(&ack, Delimiters::default()) {
                assert_ne!(x12::read_envelope(&written).verdict(), Verdict::Broken);
            }
        }
    }
}

/// Segments are in order, do not overlap, and what stands between them is nobody's content.
fn segments_cover(bytes: &[u8]) {
    let mut at = 0;
    let mut terminators = vec![];
    for segment in x12::tokenise(bytes) {
        assert!(segment.offset() >= at, "overlap at {at}");
        between(&bytes[at..segment.offset()], &terminators);
        terminators = vec![segment.delimiters().terminator];
        at = segment.offset() + segment.bytes().len();
        assert!(!segment.bytes().is_empty() || segment.offset() < bytes.len());
    }
    between(&bytes[at..], &terminators);
}

fn between(gap: &[u8], terminators: &[u8]) {
    let rest: Vec<u8> = gap
        .iter()
        .copied()
        .filter(|b| !b"\r\n\t \0\x1a\xef\xbb\xbf".contains(b) && !terminators.contains(b))
        .collect();
    assert!(rest.is_empty(), "lost {:?}", String::from_utf8_lossy(gap));
}

/// A file with every set, to be damaged.
fn sound() -> String {
    let status = "B10*PRO1*SHIP1*FAST~\nLX*1~\nAT7*X3*NS***20260105*1015*LT~\nMS1*Memphis*TN~";
    let notice = "BSN*00*SHIP1*20260105*0930*0001~\nHL*1**S~\nTD5**2*FAST~\nHL*2*1*O~\n\
                  PRF*PO-1001~\nHL*3*2*I~\nLIN*1*VP*WIDGET-1~\nSN1*1*12*EA~";
    let ack =
        "AK1*PO*7~\nAK2*850*0001~\nAK3*PO1*4*PO1*8~\nAK4*2:1*330*6*dozen~\nAK5*R*5~\nAK9*R*1*1*0~";
    let invoice = "BIG*20260105*INV1**PO-1001~\nIT1*1*12*EA*9.95**VP*WIDGET-1~\nTDS*11940~";
    [
        samples::ORDER.to_owned(),
        samples::envelope("QM", "214", status),
        samples::envelope("SH", "856", notice),
        samples::envelope("FA", "997", ack),
        samples::envelope("IN", "810", invoice),
    ]
    .concat()
}

#[derive(Debug, Clone)]
enum Damage {
    Set(usize, u8),
    Delete(usize, usize),
    Insert(usize, Vec<u8>),
    Copy(usize, usize, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = 0usize..10_000;
    let marks = prop_oneof![
        Just(b"ISA*".to_vec()),
        Just(b"~".to_vec()),
        Just(b"*".to_vec()),
        Just(b"BIN*3*".to_vec()),
        Just(b"SE*1*0001~".to_vec()),
        Just(b"IEA*".to_vec()),
        Just(b"HL*1*1*I~".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..12),
    ];
    prop_oneof![
        (at.clone(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        (at.clone(), 1usize..60).prop_map(|(at, length)| Damage::Delete(at, length)),
        (at.clone(), marks).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        (at.clone(), 1usize..300, at).prop_map(|(from, length, to)| Damage::Copy(from, length, to)),
    ]
}

fn apply(bytes: &mut Vec<u8>, damage: Damage) {
    let size = bytes.len().max(1);
    let end = |at: usize, length: usize| (at + length).min(bytes.len());
    match damage {
        Damage::Set(at, byte) => {
            if let Some(slot) = bytes.get_mut(at % size) {
                *slot = byte;
            }
        }
        Damage::Delete(at, length) => {
            let at = at % size;
            let end = end(at, length);
            bytes.drain(at..end);
        }
        Damage::Insert(at, new) => {
            let at = at % size;
            bytes.splice(at..at, new);
        }
        Damage::Copy(from, length, to) => {
            let (from, to) = (from % size, to % size);
            let copied = bytes[from..end(from, length)].to_vec();
            bytes.splice(to..to, copied);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        exercise(&bytes);
    }

    #[test]
    fn arbitrary_text_of_x12(text in "(ISA|GS|ST|SE|HL|[A-Z*~:\r\n 0-9])*") {
        exercise(text.as_bytes());
    }

    #[test]
    fn damaged_files(damages in proptest::collection::vec(damage(), 1..6)) {
        let mut bytes = sound().into_bytes();
        for damage in damages {
            apply(&mut bytes, damage);
        }
        exercise(&bytes);
    }
}

#[test]
fn every_cut_of_a_sound_file_is_broken() {
    assert_eq!(x12::read(sound().as_bytes()).faults, vec![]);
    let end = samples::ORDER.trim_end().len();
    for length in 0..end {
        let document = x12::read(&samples::ORDER.as_bytes()[..length]);
        assert_eq!(document.verdict(), Verdict::Broken, "cut at {length}");
    }
    assert_eq!(x12::read(&samples::ORDER.as_bytes()[..end]).verdict(), Verdict::Sound);
}

#[test]
fn faults_are_bounded_and_verdicts_are_not() {
    let bad = "PO1*1*dozen*EA~\n".repeat(5_000);
    let file = samples::envelope("PO", "850", &format!("BEG*00*SA*P**20260105~\n{bad}CTT*1~"));
    let many = file.repeat(8);
    let document = x12::read(many.as_bytes());
    assert!(document.faults.len() <= x12::FAULTS_MAX + 1);
    assert!(document.sets().all(|set| set.verdict() == Verdict::Broken));
}

#[test]
fn many_warnings_are_still_warnings() {
    let odd = "ZZZ*1~\n".repeat(400);
    let body = format!("BEG*00*SA*P**20260105~\nPO1*1*1*EA~\n{odd}CTT*1~");
    let many = samples::envelope("PO", "850", &body).repeat(8);
    let document = x12::read(many.as_bytes());
    assert_eq!(document.faults.len(), x12::FAULTS_MAX + 1);
    assert_eq!(document.verdict(), Verdict::SoundWithWarnings);
    assert_eq!(document.envelope_verdict(), Verdict::SoundWithWarnings);
}

/// Work must grow with the file, not with its square. Sizes are such that a square would take
/// minutes.
#[test]
fn hostile_shapes_cost_no_more_than_their_length() {
    let items: String = (0..60_000).map(|n| format!("HL*{n}*X*I~")).collect();
    let hierarchy = samples::envelope("SH", "856", &format!("BSN*00*S*20260105*0930~{items}"));
    let wide = format!("BEG*00*SA*P**20260105~PO1*1*1*EA{}~", "*VP*X".repeat(300_000));
    let wide = samples::envelope("PO", "850", &wide);
    for file in [hierarchy, wide, "ISA*".repeat(300_000), "ISA*00*".repeat(200_000)] {
        let document = x12::read(file.as_bytes());
        for set in document.sets() {
            let _ = PurchaseOrder::read(&set);
            let _ = ShipNotice::read(&set);
        }
    }
}

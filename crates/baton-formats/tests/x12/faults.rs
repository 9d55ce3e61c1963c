//! One change to a sound file, and the faults that it must bring: code, severity, what it belongs
//! to, and where it stands.

use baton_formats::x12::{self, Document, Fault, Severity, Verdict};

use super::samples::ORDER;

fn told(fault: &Fault) -> String {
    let owner = match (fault.place.set, fault.place.group, fault.place.interchange) {
        (Some(_), ..) => "set",
        (_, Some(_), _) => "group",
        (.., Some(_)) => "interchange",
        _ => "file",
    };
    let severity = if fault.severity == Severity::Error { "error" } else { "warning" };
    let place = &fault.place;
    let element = place.element.map_or_else(String::new, |e| format!("{e:02}"));
    let segment = place.segment_id.clone().unwrap_or_default();
    format!("{severity} {} in {owner} at {} {segment}{element}", fault.code, place.segment_number)
}

/// Replaces `from` by `to` in a sound file and compares what is told.
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(ORDER.contains(from), "{from}");
    let file = ORDER.replacen(from, to, 1);
    let document = x12::read(file.as_bytes());
    let found: Vec<String> = document.faults.iter().map(told).collect();
    assert_eq!(found, expected, "{from:?} -> {to:?}");
    places_are_right(&document);
}

fn places_are_right(document: &Document<'_>) {
    for fault in &document.faults {
        let range = fault.place.offset..fault.place.offset + fault.place.length;
        let there = document.bytes.get(range).unwrap();
        if fault.place.length > 0 && !fault.found.is_empty() {
            assert_eq!(x12::shorten(there), fault.found, "{fault}");
        }
    }
}

#[test]
fn a_sound_file_has_no_faults() {
    check("~", "~", &[]);
    check("\n", "\r\n", &[]);
    check("ISA*", "\u{feff}ISA*", &[]);
    assert_eq!(x12::read(ORDER.replace('\n', "").as_bytes()).faults, vec![]);
    assert_eq!(x12::read(ORDER.replace('\n', "\r\n").as_bytes()).faults, vec![]);
    assert_eq!(x12::read(ORDER.replace("~\n", "\n").as_bytes()).faults, vec![]);
    assert_eq!(x12::read(ORDER.replace("~\n", "\r\n").as_bytes()).faults, vec![]);
    assert_eq!(x12::read(format!("  \r\n{ORDER} \n\x1a\0").as_bytes()).faults, vec![]);
    assert_eq!(x12::read(ORDER.repeat(3).as_bytes()).interchanges.len(), 3);
}

#[test]
fn envelope_faults_and_what_they_belong_to() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "IEA*1*000000007",
            "IEA*1*000000008",
            &["error X12-IEA-CONTROL-NUMBER in interchange at 11 IEA02"],
        ),
        ("IEA*1", "IEA*2", &["error X12-IEA-COUNT in interchange at 11 IEA01"]),
        (
            "IEA*1*000000007",
            "IEA",
            &[
                "error X12-IEA-COUNT in interchange at 11 IEA01",
                "error X12-IEA-CONTROL-NUMBER in interchange at 11 IEA02",
            ],
        ),
        ("IEA*1*000000007~\n", "", &["error X12-IEA-MISSING in interchange at 1 ISA"]),
        ("GE*1*7~", "GE*1*8~", &["error X12-GE-CONTROL-NUMBER in group at 10 GE02"]),
        ("GE*1*7~", "GE*1*0007~", &["warning X12-GE-CONTROL-NUMBER in group at 10 GE02"]),
        ("GE*1*7~", "GE*3*7~", &["error X12-GE-COUNT in group at 10 GE01"]),
        ("GE*1*7~\n", "", &["error X12-GE-MISSING in group at 2 GS"]),
        ("SE*7", "SE*8", &["error X12-SE-COUNT in set at 9 SE01"]),
        ("SE*7*0001", "SE*7*1", &["error X12-SE-CONTROL-NUMBER in set at 9 SE02"]),
        ("SE*7*0001~\n", "", &["error X12-SE-MISSING in set at 3 ST"]),
        (
            "*20260105*0930*7*X",
            "*20260145*0930*7*X",
            &["warning X12-GS-ELEMENT in group at 2 GS04"],
        ),
        (
            "GE*1*7~\nIEA*1*000000007",
            "GE*1*7~\nIEA*1*00000\n0007",
            &["warning X12-LINE-BREAK in interchange at 11 IEA"],
        ),
        ("ST*850", "ST*85", &["error X12-ST-IDENTIFIER in set at 3 ST01"]),
        (
            "ST*850*0001",
            "ST*850",
            &[
                "error X12-ST-CONTROL-NUMBER in set at 3 ST02",
                "error X12-SE-CONTROL-NUMBER in set at 9 SE02",
            ],
        ),
        ("GS*PO", "GS*IN", &["warning X12-GS-FUNCTION in set at 3 ST01"]),
        (
            "ST*850*0001~\n",
            "",
            &[
                "error X12-SEGMENT-OUTSIDE in group at 3 BEG",
                "error X12-SEGMENT-OUTSIDE in group at 4 N1",
                "error X12-SEGMENT-OUTSIDE in group at 5 PO1",
                "error X12-SEGMENT-OUTSIDE in group at 6 PID",
                "error X12-SEGMENT-OUTSIDE in group at 7 CTT",
                "error X12-SE-UNEXPECTED in group at 8 SE",
                "error X12-GE-COUNT in group at 9 GE01",
            ],
        ),
        ("CTT*1", "7*1", &["error X12-SEGMENT-ID in set at 8 "]),
        ("widget", "wid\nget", &["warning X12-LINE-BREAK in set at 7 PID"]),
        ("GS*PO", "REF*PO*1~\nGS*PO", &["error X12-SEGMENT-OUTSIDE in interchange at 2 REF"]),
        (
            "ISA*00*          *00",
            "ISA*00* *00",
            &["warning X12-ISA-LENGTH in interchange at 1 ISA"],
        ),
        ("260105*0930*^", "261305*0930*^", &["warning X12-ISA-ELEMENT in interchange at 1 ISA09"]),
        ("*0*T*", "*0*X*", &["warning X12-ISA-ELEMENT in interchange at 1 ISA15"]),
    ];
    for (from, to, expected) in cases {
        check(from, to, expected);
    }
}

#[test]
fn content_faults_name_loop_and_element() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("BEG*00*SA*PO-1001", "BEG*00*SA*", &["error X12-ELEMENT-MISSING in set at 4 BEG03"]),
        ("**20260105~\nN1", "**20260231~\nN1", &["error X12-ELEMENT-DATE in set at 4 BEG05"]),
        ("*12*EA", "*dozen*EA", &["error X12-ELEMENT-NUMBER in set at 6 PO102"]),
        ("*VP*", "*VPX*", &["warning X12-ELEMENT-LONG in set at 6 PO106"]),
        ("*VP*WIDGET-1", "*VP", &["warning X12-ELEMENT-PAIRED in set at 6 PO107"]),
        ("N1*BY", "ZZZ*BY", &["warning X12-SEGMENT-UNEXPECTED in set at 5 ZZZ"]),
        (
            "N1*BY*Northwind Traders*92*NW1",
            "BEG*01*SA*PO-1**20260105",
            &["warning X12-SEGMENT-REPEATED in set at 5 BEG"],
        ),
        ("BEG*00*SA*PO-1001**20260105", "REF*CO*1", &["error X12-SEGMENT-MISSING in set at 4 BEG"]),
    ];
    for (from, to, expected) in cases {
        check(from, to, expected);
    }
}

#[test]
fn the_last_terminator_is_wanted() {
    let file = ORDER.trim_end().trim_end_matches('~');
    let document = x12::read(file.as_bytes());
    let found: Vec<String> = document.faults.iter().map(told).collect();
    assert_eq!(found, ["error X12-SEGMENT-UNTERMINATED in interchange at 11 IEA"]);
}

#[test]
fn a_bad_set_does_not_hold_up_its_neighbours() {
    let (from, to) = (ORDER.find("ST*").unwrap(), ORDER.find("GE*").unwrap());
    let set = &ORDER[from..to];
    let second = set.replace("0001~", "0002~").replace("SE*7", "SE*9");
    let third = set.replace("0001~", "0003~");
    let file = ORDER.replace(set, &format!("{set}{second}{third}")).replace("GE*1", "GE*3");
    let document = x12::read(file.as_bytes());
    let verdicts: Vec<Verdict> = document.sets().map(|set| set.verdict()).collect();
    assert_eq!(verdicts, [Verdict::Sound, Verdict::Broken, Verdict::Sound]);
    assert!(document.sets().all(|set| set.envelope_verdict() == Verdict::Sound));
    assert_eq!(document.verdict(), Verdict::Broken);
}

#[test]
fn reading_recovers_at_the_next_isa() {
    let other = ORDER.replace('*', "|").replace('~', "'");
    let unreadable = ORDER.replacen("*ZZ*NORTHWIND      ", "", 1);
    let cut = &ORDER[..ORDER.len() / 2];
    for damaged in [unreadable.as_str(), cut, "%PDF-1.4 ISA of something", "IEA*1*7~"] {
        let file = format!("{damaged}\n{other}");
        let document = x12::read(file.as_bytes());
        assert_eq!(document.verdict(), Verdict::Broken, "{damaged}");
        let last = document.sets().last().unwrap();
        assert_eq!(last.verdict(), Verdict::Sound, "{damaged}");
        assert_eq!(last.envelope_verdict(), Verdict::Sound, "{damaged}");
        assert_eq!(last.segments().len(), 7);
    }
}

#[test]
fn binary_data_may_contain_anything() {
    let inner = ORDER.replace('\n', "");
    let sized = |n: usize| format!("SE*8*0001~\nBIN*{n}*{inner}~\n");
    let with = |n: usize| {
        let from_set = ORDER.replace("SE*7*0001~\n", &sized(n)).replacen("SE*8*0001~\n", "", 1);
        from_set.replace("~\nGE*1*7", "~\nSE*8*0001~\nGE*1*7")
    };
    let file = with(inner.len());
    let document = x12::read_envelope(file.as_bytes());
    assert_eq!(document.faults, vec![], "{file}");
    assert_eq!((document.interchanges.len(), document.sets.len()), (1, 1));
    let bin = document.segments.iter().find(|s| s.id() == "BIN").unwrap();
    assert_eq!(bin.element(2), inner.as_bytes());
    let wrong = x12::read_envelope(b"ST*841*0001~BIN*9*abc~SE*3*0001~");
    let codes: Vec<&str> = wrong.faults.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, ["X12-ISA-MISSING", "X12-GS-MISSING", "X12-BINARY-LENGTH"]);
}

#[test]
fn fragments_and_foreign_files() {
    let from = ORDER.find("ST*").unwrap();
    let to = ORDER.find("GE*").unwrap();
    let fragment = x12::read(&ORDER.as_bytes()[from..to]);
    assert_eq!(fragment.verdict(), Verdict::SoundWithWarnings);
    assert_eq!(fragment.sets().map(|set| set.verdict()).next(), Some(Verdict::Sound));
    for foreign in ["", "\n\n", "{\"order\": 1}", "UNB+UNOA:1+A+B+260105:0930+1'", "STREET"] {
        let document = x12::read(foreign.as_bytes());
        assert_eq!(document.verdict(), Verdict::Broken, "{foreign}");
        assert_eq!(document.faults[0].code.as_str(), "X12-ISA-MISSING");
    }
}

#[test]
fn a_file_wrapped_at_any_column_is_read() {
    let flat = ORDER.replace('\n', "");
    let isa_end = 106;
    for width in [1, 7, 40, 80, 128] {
        let (isa, rest) = flat.split_at(isa_end);
        let lines: Vec<&str> =
            rest.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let document_text = format!("{isa}\r\n{}", lines.join("\r\n"));
        let document = x12::read(document_text.as_bytes());
        assert_eq!(document.verdict(), Verdict::SoundWithWarnings, "{document_text}");
        assert!(document.faults.iter().all(|f| f.code.as_str() == "X12-LINE-BREAK"));
        let (order, _) = x12::sets::PurchaseOrder::read(&document.set(0).unwrap());
        let (plain, _) =
            x12::sets::PurchaseOrder::read(&x12::read(flat.as_bytes()).set(0).unwrap());
        // A break at a blank takes the blank with it; nothing else is lost.
        let squeezed = |text: String| text.replace(' ', "");
        assert_eq!(squeezed(format!("{order:?}")), squeezed(format!("{plain:?}")));
    }
    let wrapped = format!("{}\n{}", &flat[..80], &flat[80..]);
    assert_eq!(x12::read(wrapped.as_bytes()).verdict(), Verdict::SoundWithWarnings);
}

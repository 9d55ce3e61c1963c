//! Tables of X12 sets against interchanges written by the same crate that reads them.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use baton_core::fact::{Body, Classifier, Statement};
use baton_core::time::Basis;

use crate::{Connector, Pack, PartReading, Sender, connectors};

static RETAIL: LazyLock<Arc<Connector>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/x12-retail");
    let (pack, findings) = Pack::load(&folder);
    assert!(findings.is_empty(), "{findings:#?}");
    Arc::clone(&connectors(&[pack.unwrap()]).unwrap()["x12-retail"])
});

/// Sets within an interchange whose envelope is sound.
fn interchange(sets: &[(&str, &str, &str)]) -> String {
    let mut text = "ISA*00*          *00*          *ZZ*ADATUM         *ZZ*CONTOSO        *260503*1410*U*00401*000000101*0*P*>~".to_owned();
    for (n, (group, code, body)) in sets.iter().enumerate() {
        let number = n + 1;
        let segments = body.matches('~').count() + 2;
        text += &format!(
            "GS*{group}*ADATUM*CONTOSO*20260503*1410*{number}*X*004010~ST*{code}*0001~{body}SE*{segments}*0001~GE*1*{number}~"
        );
    }
    text + &format!("IEA*{}*000000101~", sets.len())
}

fn read(text: &str) -> Vec<PartReading> {
    let sender = Sender { source: "adatum-edi", partner: Some("adatum"), role: "carrier" };
    RETAIL.interpret(text.as_bytes(), &[], "2026-05-05T00:00:00Z".parse().unwrap(), sender)
}

fn status(at7: &str) -> Vec<Statement> {
    let body = format!("B10*ADF1*BL1*ADTM~LX*1~AT7*{at7}~MS1*Omaha*NE*US~");
    let parts = read(&interchange(&[("QM", "214", &body)]));
    let statements = parts[0].result.clone().unwrap_or_else(|faults| panic!("{faults:#?}"));
    statements
        .into_iter()
        .filter(|s| !matches!(s.body, Body::Same { .. } | Body::Plays { .. }))
        .collect()
}

/// The milestones that a status states, with their classifiers, and everything else by its kind.
fn told(at7: &str) -> Vec<String> {
    let tell = |s: Statement| match s.body {
        Body::Progress { milestone, classifier, .. } => format!("{milestone} {classifier:?}"),
        Body::Trouble { exception, .. } => exception.to_string(),
        Body::Unmapped { code } => format!("unmapped {} {}", code.element, code.code),
        other => format!("{other:?}"),
    };
    status(at7).into_iter().map(tell).collect()
}

#[test]
fn trap_03_same_letters_in_two_elements() {
    assert_eq!(told("D1*NS***20260503*1410*CD"), ["T60 Actual"]);
    assert_eq!(told("X4*D1***20260503*1410*CD"), ["T30 Actual", "E-TRN-04"]);
    assert_eq!(told("A3*NS***20260503*1410*CD"), ["T90 Actual", "E-TRN-25"]);
    assert_eq!(told("X4*A3***20260503*1410*CD"), ["T30 Actual"]);
    assert_eq!(told("AF*AF***20260503*1410*CD"), ["T20 Actual", "E-TRN-10"]);
}

#[test]
fn trap_04_status_and_appointment_exclude_each_other() {
    assert_eq!(told("**AB*NA*20260506*0900*CD"), ["T48 Appointed"]);
    let appointed = status("**AB*NA*20260506*0900*CD").remove(0);
    let Body::Progress { due: Some(due), .. } = appointed.body else { panic!("{appointed:?}") };
    assert_eq!(due.earliest.to_string(), "2026-05-06T14:00:00Z");
    assert_eq!(appointed.happened.basis, Basis::Receipt);
}

#[test]
fn trap_05_what_sounds_like_delivery_is_none() {
    for (code, expected) in [
        ("X1", vec!["T55 Actual"]),
        ("J1", vec!["T38 Actual"]),
        ("CD", vec!["T62 Actual"]),
        ("OO", vec!["E-TRN-03"]),
        ("AG", vec!["T60 Estimated"]),
        ("AV", vec!["T46 Actual"]),
    ] {
        assert_eq!(told(&format!("{code}*NS***20260503*1410*CD")), expected, "{code}");
    }
    assert!(
        status("AG*NS***20260503*1410*CD")
            .iter()
            .all(|s| { !matches!(s.body, Body::Progress { classifier: Classifier::Actual, .. }) })
    );
}

#[test]
fn trap_10_a_code_of_a_later_release_is_unmapped() {
    assert_eq!(told("ZQ*NS***20260503*1410*CD"), ["unmapped AT7-01 ZQ"]);
    assert_eq!(told("D1*Z9***20260503*1410*CD"), ["unmapped AT7-02 Z9", "T60 Actual"]);
}

#[test]
fn trap_11_local_time_without_a_zone_is_unknown() {
    let stated = status("D1*NS***20260503*1410*LT").remove(0);
    assert_eq!(stated.happened.basis, Basis::Unknown);
    let stated = status("D1*NS***20260503*1410*CD").remove(0);
    assert_eq!(
        (stated.happened.basis, stated.happened.earliest.to_string()),
        (Basis::Given, "2026-05-03T19:10:00Z".to_owned())
    );
}

#[test]
fn a_broken_set_does_not_hold_up_the_good_ones() {
    let good = "B10*ADF1*BL1*ADTM~LX*1~AT7*D1*NS***20260503*1410*CD~";
    let text = interchange(&[("QM", "214", good), ("QM", "214", good), ("PO", "830", "BFR*1~")]);
    let text = text.replacen("SE*5*0001~GE*1*1", "SE*9*0001~GE*1*1", 1);
    let parts = read(&text);
    assert_eq!(parts.len(), 3, "{parts:#?}");
    let faults = parts[0].result.as_ref().unwrap_err();
    assert!(faults[0].to_string().starts_with("broken_set at segment 7"), "{}", faults[0]);
    assert!(parts[1].result.is_ok());
    assert_eq!(parts[1].part, "ISA 000000101 / GS 2 / ST 0001");
    let faults = parts[2].result.as_ref().unwrap_err();
    assert!(faults[0].to_string().contains("unknown_set: found `830`"), "{}", faults[0]);
}

#[test]
fn what_is_no_interchange_is_told() {
    for text in ["", "hello", "ISA*broken"] {
        let parts = read(text);
        assert!(!parts.is_empty() && parts.iter().all(|p| p.result.is_err()), "{text}: {parts:?}");
    }
    assert_eq!(
        RETAIL.own_id(interchange(&[]).as_bytes(), &[]).as_deref(),
        Some("ZZ:ADATUM/000000101")
    );
}

#[test]
fn evidence_is_the_segment() {
    let text =
        interchange(&[("QM", "214", "B10*ADF1*BL1*ADTM~LX*1~AT7*D1*NS***20260503*1410*CD~")]);
    let statement = status("D1*NS***20260503*1410*CD").remove(0);
    let baton_core::fact::Place::Segment { number, offset, .. } = statement.place else { panic!() };
    assert_eq!(number, 6);
    assert!(text[offset as usize..].starts_with("AT7*D1"));
}

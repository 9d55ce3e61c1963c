//! The traps of the standard that concern the syntax of X12, each by its name.

use baton_formats::x12::sets::{ShipNotice, ShipmentStatus};
use baton_formats::x12::{self, Verdict, acknowledge};

use super::samples::{ORDER, envelope};

#[test]
fn trap_ta1_outside_a_group_parses() {
    let isa = ORDER.lines().next().unwrap();
    let only = format!("{isa}\nTA1*000000100*260105*0823*R*024~\nIEA*0*000000007~\n");
    let document = x12::read(only.as_bytes());
    assert_eq!(document.faults, vec![]);
    assert_eq!(document.interchanges[0].acknowledgements, [1]);
    let beside = ORDER.replace("GS*PO", "TA1*000000100*260105*0823*A*000~\nGS*PO");
    let document = x12::read(beside.as_bytes());
    assert_eq!(document.faults, vec![]);
    assert_eq!((document.interchanges[0].acknowledgements.len(), document.sets.len()), (1, 1));
    let inside = ORDER.replace("ST*850", "TA1*000000100*260105*0823*A*000~\nST*850");
    let document = x12::read(inside.as_bytes());
    let codes: Vec<&str> = document.faults.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, ["X12-TA1-PLACE"]);
}

#[test]
fn trap_at701_and_at703_exclude_each_other() {
    let both = "B10*PRO1*SHIP1*FAST~\nLX*1~\nAT7*X3*NS*AB*NA*20260105*1015*LT~";
    let file = envelope("QM", "214", both);
    let document = x12::read(file.as_bytes());
    assert_eq!(document.verdict(), Verdict::Broken);
    let fault = &document.faults[0];
    assert_eq!(fault.code.as_str(), "X12-ELEMENT-EXCLUSIVE");
    assert_eq!(fault.expected, "only one of AT701 and AT703");
    assert_eq!(fault.place.loop_id.as_deref(), Some("LX/AT7"));
    for one in ["AT7*X3*NS***20260105*1015*LT~", "AT7***AB*NA*20260105*1015*LT~"] {
        let file = envelope("QM", "214", &format!("B10*PRO1*SHIP1*FAST~\nLX*1~\n{one}"));
        assert_eq!(x12::read(file.as_bytes()).faults, vec![], "{one}");
    }
}

#[test]
fn trap_the_same_two_letters_in_two_elements_stay_apart() {
    let body = "B10*PRO1*SHIP1*FAST~\nLX*1~\nAT7*D1*D1***20260105*1015*LT~\nAT7***AB*A3~";
    let file = envelope("QM", "214", body);
    let document = x12::read(file.as_bytes());
    let (message, faults) = ShipmentStatus::read(&document.set(0).unwrap());
    assert_eq!(faults, vec![]);
    let [event, appointment] = &message.assigned[0].statuses[..] else { unreachable!() };
    assert_eq!((event.status.as_deref(), event.reason.as_deref()), (Some("D1"), Some("D1")));
    assert_eq!((&event.appointment_status, &event.appointment_reason), (&None, &None));
    assert_eq!((&appointment.status, &appointment.reason), (&None, &None));
    assert_eq!(appointment.appointment_status.as_deref(), Some("AB"));
    assert_eq!(appointment.appointment_reason.as_deref(), Some("A3"));
}

#[test]
fn trap_an_unknown_status_code_is_read_never_dropped() {
    let body = "B10*PRO1*SHIP1*FAST~\nLX*1~\nAT7*Z9*ZZ***20260105*1015*LT~";
    let file = envelope("QM", "214", body);
    let document = x12::read(file.as_bytes());
    assert_eq!(document.faults, vec![]);
    let (message, _) = ShipmentStatus::read(&document.set(0).unwrap());
    let status = message.statuses().next().unwrap();
    assert_eq!(status.status.as_deref(), Some("Z9"));
    assert_eq!(status.zone.as_deref(), Some("LT"));
}

#[test]
fn trap_an_unknown_set_is_read_flat() {
    let file = envelope("ZZ", "998", "XYZ*1*2~\nQQQ*3~");
    let document = x12::read(file.as_bytes());
    assert_eq!(document.faults, vec![]);
    let (tree, faults) = x12::tree::build(&document.set(0).unwrap());
    assert_eq!(faults, vec![]);
    let ids: Vec<&str> = tree.segments.iter().map(x12::Segment::id).collect();
    assert_eq!(ids, ["XYZ", "QQQ"]);
}

#[test]
fn trap_hl_with_wrong_parents_keeps_its_content() {
    let body = "BSN*00*SHIP1*20260105*0930*0001~\nHL*1**S~\nHL*2*1*O~\nPRF*PO-1001~\n\
                HL*3*9*P~\nMAN*GM*00106141411234567897~\nHL*4**I~\nLIN*1*VP*WIDGET-1~\n\
                SN1*1*12*EA~\nHL*4*4*I~\nSN1*2*1*EA~";
    let file = envelope("SH", "856", body);
    let document = x12::read(file.as_bytes());
    let codes: Vec<&str> = document.faults.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, ["X12-HL-PARENT", "X12-HL-PARENT", "X12-HL-NUMBER"]);
    assert_eq!(document.verdict(), Verdict::SoundWithWarnings);
    let (notice, _) = ShipNotice::read(&document.set(0).unwrap());
    let items = notice.items();
    assert_eq!(items.len(), 2);
    for item in items {
        assert_eq!(item.order.map(|order| order.number.as_str()), Some("PO-1001"));
        assert_eq!(item.marks[0].value, "00106141411234567897");
    }
}

#[test]
fn trap_hl_nested_too_deep_is_bounded() {
    let deep: String = (1..2000).map(|n| format!("HL*{n}*{}*I~\n", n - 1)).collect();
    let body = format!("BSN*00*SHIP1*20260105*0930~\n{deep}CTT*1~");
    let file = envelope("SH", "856", &body);
    let document = x12::read(file.as_bytes());
    assert!(document.faults.iter().any(|f| f.code.as_str() == "X12-HL-DEPTH"));
    let (tree, _) = x12::tree::build(&document.set(0).unwrap());
    assert_eq!(tree.descendants("HL").len(), 1999);
    let indent = x12::show(&document).lines().map(|l| l.len() - l.trim_start().len()).max();
    assert!(indent.unwrap() < 4 * (x12::HL_DEPTH_MAX + 8));
}

#[test]
fn trap_tell_the_sender_what_was_wrong() {
    let file = ORDER.replace("*12*EA", "*dozen*EA").replace("*BY*", "*BYER*");
    let document = x12::read(file.as_bytes());
    let ack = acknowledge(&document, 0).unwrap();
    assert_eq!((ack.status.as_str(), ack.received, ack.accepted), ("R", 1, 0));
    let set = &ack.sets[0];
    assert_eq!((set.status.as_str(), set.codes.clone()), ("R", vec!["5".to_owned()]));
    let notes: Vec<_> = set
        .segments
        .iter()
        .map(|s| (s.segment_id.as_str(), s.position, s.elements[0].position, &*s.elements[0].code))
        .collect();
    assert_eq!(notes, [("N1", 3, 1, "5"), ("PO1", 4, 2, "6")]);
    assert_eq!(set.segments[1].elements[0].copy.as_deref(), Some("dozen"));
}

#[test]
fn trap_acknowledgments_are_not_acknowledged() {
    let file = envelope("FA", "997", "AK1*PO*7~\nAK9*A*1*1*1~");
    assert_eq!(acknowledge(&x12::read(file.as_bytes()), 0), None);
    assert_eq!(acknowledge(&x12::read(file.as_bytes()), 9), None);
}

//! What people and programs are shown: the tree, the report, the acknowledgment.

use baton_formats::x12::{self, Delimiters, Report, acknowledge};

use super::samples;

fn damaged() -> String {
    let notice = "BSN*00*SHIP1*20260105*0930*0001~\nDTM*011*20260105~\nHL*1**S~\n\
                  TD1*CTN*1****G*9.5*LB~\nTD5**2*FAST*M~\nREF*BM*BOL-77~\nHL*2*1*O~\n\
                  PRF*PO-1001***20260105~\nHL*3*2*P~\nMAN*GM*00106141411234567897~\nHL*4*7*I~\n\
                  LIN*1*VP*WIDGET-1~\nSN1*1*twelve*EA~\nCTT*1~";
    samples::envelope("SH", "856", notice)
}

#[test]
fn the_tree() {
    insta::assert_snapshot!(x12::show(&x12::read(damaged().as_bytes())));
}

#[test]
fn the_report() {
    let file = damaged();
    let report = Report::of(&x12::read(file.as_bytes()));
    insta::assert_snapshot!(serde_json::to_string_pretty(&report).unwrap());
}

#[test]
fn the_acknowledgment() {
    let file = damaged();
    let ack = acknowledge(&x12::read(file.as_bytes()), 0).unwrap();
    let bytes = samples::write(&ack, Delimiters::default()).unwrap();
    insta::assert_snapshot!(String::from_utf8(bytes).unwrap().replace('~', "~\n"));
}

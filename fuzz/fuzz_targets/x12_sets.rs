//! Every typed reader on every set. What a reader makes of damaged bytes may be refused by the
//! writer; what the writer takes must be a sound envelope.
#![no_main]

use baton_formats::x12::sets::{
    FunctionalAck, Invoice, PurchaseOrder, PurchaseOrderAck, ShipNotice, ShipmentStatus,
};
use baton_formats::x12::write::{
    Address, GroupHeader, InterchangeHeader, InterchangeWriter, WriteSet,
};
use baton_formats::x12::{self, Delimiters, Verdict, X12Date, X12Time};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let document = x12::read(bytes);
    for set in document.sets() {
        write(&PurchaseOrder::read(&set).0);
        write(&PurchaseOrderAck::read(&set).0);
        write(&ShipNotice::read(&set).0);
        write(&Invoice::read(&set).0);
        write(&ShipmentStatus::read(&set).0);
        write(&FunctionalAck::read(&set).0);
    }
});

fn write(set: &dyn WriteSet) {
    let (Some(date), Some(time)) = (X12Date::new(2026, 1, 5), X12Time::new(9, 30)) else { return };
    let header = InterchangeHeader {
        sender: Address::agreed("NORTHWIND"),
        receiver: Address::agreed("TRADEWINDS"),
        date,
        time: time.clone(),
        version: "00401".to_owned(),
        control_number: 1,
        test: true,
    };
    let group = GroupHeader {
        sender: "NORTHWIND".to_owned(),
        receiver: "TRADEWINDS".to_owned(),
        date,
        time,
        control_number: 1,
        version: "004010".to_owned(),
    };
    let mut writer = InterchangeWriter::new(Delimiters::default(), &header).expect("plain header");
    writer.begin_group(group).expect("a number of one digit");
    if writer.write_set(set, "0001").is_ok() {
        let written = writer.finish();
        assert_ne!(x12::read_envelope(&written).verdict(), Verdict::Broken);
    }
}

//! What is written reads back as the same value, sound, whatever the delimiters; what cannot be
//! written is refused by name and leaves no trace.

use std::fmt::Debug;

use baton_formats::x12::sets::{
    FunctionalAck, Invoice, PurchaseOrder, PurchaseOrderAck, ShipNotice, ShipmentStatus,
};
use baton_formats::x12::write::{WriteError, WriteSet};
use baton_formats::x12::{self, Delimiters, Fault, SetView, Verdict};
use proptest::prelude::*;

use super::{generate, samples};

fn check<T: WriteSet + PartialEq + Debug>(
    value: &T,
    delimiters: Delimiters,
    read: fn(&SetView<'_>) -> (T, Vec<Fault>),
) {
    let bytes = samples::write(value, delimiters).unwrap();
    let document = x12::read(&bytes);
    assert_eq!(document.faults, vec![], "{}", String::from_utf8_lossy(&bytes));
    assert_eq!(document.verdict(), Verdict::Sound);
    let sets: Vec<SetView<'_>> = document.sets().collect();
    assert_eq!(sets.len(), 1);
    let (again, faults) = read(&sets[0]);
    assert_eq!(&again, value, "{}", String::from_utf8_lossy(&bytes));
    assert_eq!(faults, vec![]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn purchase_order(value in generate::purchase_order(), with in generate::delimiters()) {
        check(&value, with, PurchaseOrder::read);
    }

    #[test]
    fn purchase_order_ack(value in generate::purchase_order_ack(), with in generate::delimiters()) {
        check(&value, with, PurchaseOrderAck::read);
    }

    #[test]
    fn ship_notice(value in generate::ship_notice(), with in generate::delimiters()) {
        check(&value, with, ShipNotice::read);
    }

    #[test]
    fn invoice(value in generate::invoice(), with in generate::delimiters()) {
        check(&value, with, Invoice::read);
    }

    #[test]
    fn shipment_status(value in generate::shipment_status(), with in generate::delimiters()) {
        check(&value, with, ShipmentStatus::read);
    }

    #[test]
    fn functional_ack(value in generate::functional_ack(), with in generate::delimiters()) {
        check(&value, with, FunctionalAck::read);
    }

    #[test]
    fn a_value_with_a_delimiter_is_refused_by_name(
        mut value in generate::purchase_order(),
        with in generate::delimiters(),
        which in 0usize..4,
    ) {
        let marks = [Some(with.element), with.component, with.repetition, Some(with.terminator)];
        let mark = char::from(marks[which].unwrap());
        value.number = format!("PO{mark}1");
        match samples::write(&value, with) {
            Err(WriteError::Character { element, value: named, found }) => {
                prop_assert_eq!(element, "BEG03");
                prop_assert_eq!(named, value.number);
                prop_assert_eq!(found, mark);
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }
}

#[test]
fn a_refused_set_leaves_no_trace() {
    use baton_formats::x12::write::{Address, GroupHeader, InterchangeHeader, InterchangeWriter};
    let delimiters = Delimiters::default();
    let document = x12::read(samples::ORDER.as_bytes());
    let (order, _) = PurchaseOrder::read(&document.set(0).unwrap());
    let bad = PurchaseOrder { number: "A*B".to_owned(), ..order.clone() };
    let (date, time) = (x12::X12Date::new(2026, 1, 5).unwrap(), x12::X12Time::new(9, 30).unwrap());
    let header = InterchangeHeader {
        sender: Address::agreed("NORTHWIND"),
        receiver: Address::agreed("TRADEWINDS"),
        date,
        time: time.clone(),
        version: "00401".to_owned(),
        control_number: 1,
        test: false,
    };
    let group = |control_number| GroupHeader {
        sender: "NORTHWIND".to_owned(),
        receiver: "TRADEWINDS".to_owned(),
        date,
        time: time.clone(),
        control_number,
        version: "004010".to_owned(),
    };
    let mut writer = InterchangeWriter::new(delimiters, &header).unwrap();
    assert_eq!(writer.write_set(&order, "0001"), Err(WriteError::NoGroup));
    writer.begin_group(group(1)).unwrap();
    assert!(writer.write_set(&bad, "0001").is_err());
    writer.write_set(&order, "0001").unwrap();
    assert!(writer.write_set(&bad, "0002").is_err());
    writer.write_set(&order, "0002").unwrap();
    writer.begin_group(group(2)).unwrap();
    assert!(writer.write_set(&bad, "0001").is_err());
    let bytes = writer.finish();
    let again = x12::read(&bytes);
    assert_eq!(again.faults, vec![], "{}", String::from_utf8_lossy(&bytes));
    assert_eq!((again.groups.len(), again.sets.len()), (1, 2));
}

//! Tracking JSON: Tailspin's scans, and the document portal of Adatum, which posts a notice when a
//! signed delivery receipt was filed. Freight scans go by X12, see [`super::edi`].

use super::{Draft, Mark, uuid};
use crate::calendar::{self, stamp, stamp_without_zone};
use crate::cast::{FREIGHT_POD, PARCEL};
use crate::json::{Json, object};
use crate::life::{Carrier, Consignment, Group, Scan, Step};

/// A code that no table maps.
pub(crate) const ODD_CODE: &str = "ZQ";

pub(super) fn say(group: &Group, drafts: &mut Vec<Draft>) {
    let number = group.orders.first().map_or(0, |o| o.number);
    let id = |index: usize, scan: usize| uuid(400 + index as u64, number * 64 + scan as u64);
    for (index, consignment) in group.consignments.iter().enumerate() {
        for (n, scan) in consignment.scans.iter().enumerate() {
            let by_json = consignment.carrier == Carrier::Parcel || scan.step == Step::Proof;
            if !by_json {
                continue;
            }
            let mark = Mark::Scanned { consignment: index, scan: n };
            drafts.push(draft(consignment, scan, id(index, n)).telling(mark));
        }
    }
    for (index, orphan) in group.orphans.iter().enumerate() {
        for (n, scan) in orphan.scans.iter().enumerate() {
            let mark = Mark::OrphanScanned { orphan: index, scan: n };
            drafts.push(draft(orphan, scan, id(50 + index, n)).telling(mark));
        }
    }
}

fn draft(consignment: &Consignment, scan: &Scan, id: String) -> Draft {
    let source = match consignment.carrier {
        Carrier::Freight => FREIGHT_POD,
        Carrier::Parcel => PARCEL,
    };
    super::scan(source, consignment, scan, id)
}

/// Status, code and description of a step in the carriers' generic format.
pub(crate) const fn words(step: Step) -> (&'static str, &'static str, &'static str) {
    match step {
        Step::Label => ("pending", "OC", "Shipment information received"),
        Step::PickedUp => ("picked_up", "PU", "Picked up"),
        Step::Hub => ("in_transit", "AR", "Arrived at sorting centre"),
        Step::OutForDelivery => ("out_for_delivery", "OD", "On vehicle for delivery"),
        Step::Delivered => ("delivered", "DL", "Delivered"),
        Step::Proof => ("proof_of_delivery", "PD", "Signed delivery receipt on file"),
        Step::PickupPlanned(_) => ("pending", "AA", "Pick-up planned"),
    }
}

pub(crate) fn scan_json(consignment: &Consignment, scan: &Scan, id: &str) -> Json {
    let (status, code, description) = words(scan.step);
    let zone = scan.place.zone;
    let timestamp = if scan.without_zone {
        stamp_without_zone(scan.stated_at, zone)
    } else {
        stamp(scan.stated_at, zone)
    };
    let evening = |day| stamp(calendar::at(day, 18, 0, consignment.to.zone), consignment.to.zone);
    let carrier = match consignment.carrier {
        Carrier::Freight => "adatum",
        Carrier::Parcel => "tailspin",
    };
    let (status, code) = if scan.odd_code { ("unknown", ODD_CODE) } else { (status, code) };
    object([
        ("event_id", id.into()),
        ("tracking_number", consignment.tracking.as_str().into()),
        ("carrier", carrier.into()),
        ("status", status.into()),
        ("code", code.into()),
        ("description", description.into()),
        ("timestamp", timestamp.into()),
        (
            "location",
            object([
                ("city", scan.place.city.into()),
                ("region", scan.place.region.into()),
                ("country", "US".into()),
            ]),
        ),
        ("estimated_delivery", scan.estimate_on.map(evening).into()),
    ])
}

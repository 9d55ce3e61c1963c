//! 856 and 214: what was shipped, and where it is.

use baton_formats::x12::sets::{
    Assigned, Item, Level, Locality, Mark as Label, OrderReference, Packaging, Routing, ShipNotice,
    ShipmentStatus, Status, Totals,
};

use super::{Add, dated, day, feed_of, moment, party, reference, sku, timed, zone_code};
use crate::calendar;
use crate::cast::{DISTRIBUTOR_HOUSE, FREIGHT_EDI, OEM_PLANT};
use crate::config::Fault;
use crate::life::{Advice, Carrier, Consignment, Group, Order, Portion, Scan, Step, Supplier};
use crate::say::Mark;
use crate::say::carrier::ODD_CODE;

/// What a placeholder reference looks like on a freight bill.
const NO_REFERENCE: &str = "0000";

pub(super) fn say(group: &Group, add: &mut Add<'_>) {
    for (n, advice) in group.advices.iter().enumerate() {
        let lead = advice.consignments.first().and_then(|n| group.consignments.get(*n));
        if let (Some(at), Some(lead)) = (advice.sent_at, lead) {
            let set = despatch_advice(group, advice, lead);
            add(feed_of(lead.shipper), at, Box::new(set), Mark::Advised(n));
        }
    }
    for (index, consignment) in group.consignments.iter().enumerate() {
        if consignment.carrier != Carrier::Freight {
            continue;
        }
        for (n, scan) in consignment.scans.iter().enumerate() {
            if scan.step != Step::Proof {
                let mark = Mark::Scanned { consignment: index, scan: n };
                let set = freight_status(group, consignment, scan);
                add(FREIGHT_EDI, scan.happened_at, Box::new(set), mark);
            }
        }
    }
}

fn despatch_advice(group: &Group, advice: &Advice, consignment: &Consignment) -> ShipNotice {
    let (from, shipper) = match consignment.shipper {
        Supplier::Oem => (&OEM_PLANT, "Fabrikam"),
        Supplier::Distributor => (&DISTRIBUTOR_HOUSE, "Litware"),
    };
    let sent_at = advice.sent_at.unwrap_or_default();
    let (date, time) = moment(sent_at, from.zone);
    let orders = group.orders_advised(advice);
    let to = match (consignment.inbound, orders.first().and_then(|n| group.orders.get(*n))) {
        (false, Some(order)) => party("ST", order.customer.company, order.place),
        _ => party("ST", "Litware", &DISTRIBUTOR_HOUSE),
    };
    let carrier = match consignment.carrier {
        Carrier::Freight => ("ADTM", "M", "Adatum Freight"),
        Carrier::Parcel => ("TSPN", "U", "Tailspin Parcel"),
    };
    let lives = || advice.consignments.iter().filter_map(|n| group.consignments.get(*n));
    let mut shipment = Level::new("S");
    shipment.packaging = vec![Packaging {
        code: Some("CTN".to_owned()),
        count: u32::try_from(advice.consignments.len()).ok(),
        weight_qualifier: None,
        weight: None,
        weight_unit: None,
    }];
    shipment.routing = vec![Routing {
        sequence: Some("B".to_owned()),
        id_qualifier: Some("2".to_owned()),
        id: Some(carrier.0.to_owned()),
        mode: Some(carrier.1.to_owned()),
        routing: Some(carrier.2.to_owned()),
    }];
    shipment.references = consignment.bol.iter().map(|bol| reference("BM", bol)).collect();
    shipment.references.extend(lives().map(|c| reference("CN", &c.tracking)));
    shipment.dates =
        vec![timed("011", advice.released_at, from.zone), dated("017", day(consignment.due_on))];
    shipment.parties = vec![party("SF", shipper, from), to];
    shipment.levels = orders
        .iter()
        .filter_map(|n| group.orders.get(*n).map(|order| (*n, order)))
        .map(|(n, order)| order_level(group, n, order, advice))
        .collect();
    ShipNotice {
        purpose: "00".to_owned(),
        shipment_id: advice.number.clone(),
        date,
        time,
        structure: Some("0001".to_owned()),
        dates: Vec::new(),
        levels: vec![shipment],
        totals: Some(Totals {
            line_count: u32::try_from(advice.stated.len()).unwrap_or(u32::MAX),
            hash_total: None,
        }),
    }
}

fn order_level(group: &Group, n: usize, order: &Order, advice: &Advice) -> Level {
    let mut level = Level::new("O");
    level.order = Some(OrderReference {
        number: order.po(),
        release: None,
        placed_on: day(calendar::date(order.po_at, calendar::OFFICE_ZONE)),
    });
    level.references.push(reference("VN", &order.supplier_order()));
    for &index in &advice.consignments {
        let Some(consignment) = group.consignments.get(index) else { continue };
        let mine = advice.stated.iter().filter(|(c, p)| *c == index && p.order == n);
        let items: Vec<Level> = mine.filter_map(|(_, p)| item_level(order, p)).collect();
        if !items.is_empty() {
            let mut pack = Level::new("P");
            pack.marks = marks(consignment);
            pack.levels = items;
            level.levels.push(pack);
        }
    }
    level
}

fn marks(consignment: &Consignment) -> Vec<Label> {
    let mark = |qualifier: &str, value: &str| Label {
        qualifier: qualifier.to_owned(),
        value: value.to_owned(),
    };
    let mut marks = vec![mark("GM", &consignment.sscc)];
    if consignment.carrier == Carrier::Parcel {
        marks.push(mark("CP", &consignment.tracking));
    }
    marks
}

fn item_level(order: &Order, portion: &Portion) -> Option<Level> {
    let line = order.lines.get(portion.line)?;
    let mut level = Level::new("I");
    level.item = Some(Item {
        line: Some(((portion.line + 1) * 10).to_string()),
        products: sku(line.product.sku),
        quantity: Some(portion.quantity.into()),
        unit: Some("EA".to_owned()),
        quantity_to_date: None,
        quantity_ordered: Some(line.ordered.into()),
        unit_ordered: Some("EA".to_owned()),
        status: None,
    });
    Some(level)
}

fn freight_status(group: &Group, consignment: &Consignment, scan: &Scan) -> ShipmentStatus {
    let orders = group.orders_of(&consignment.contents);
    let lives: Vec<&Order> = orders.iter().filter_map(|n| group.orders.get(*n)).collect();
    let mut references: Vec<_> = lives.iter().map(|o| reference("PO", &o.po())).collect();
    if lives.iter().any(|o| o.faults.has(Fault::Placeholder)) {
        references.push(reference("CR", NO_REFERENCE));
    }
    let to = match lives.first() {
        Some(order) if !consignment.inbound => order.customer.company,
        _ => "Litware",
    };
    let mut assigned = vec![entry(1, status(scan))];
    if let Some(on) = scan.estimate_on {
        let zone = consignment.to.zone;
        let at = calendar::at(on, 18, 0, zone);
        let (date, time) = moment(at, zone);
        let estimate = Status {
            status: Some("AG".to_owned()),
            reason: Some("NS".to_owned()),
            date,
            time,
            zone: Some(zone_code(at, zone).to_owned()),
            ..Status::default()
        };
        assigned.push(entry(2, estimate));
    }
    ShipmentStatus {
        reference_id: Some(consignment.tracking.clone()),
        shipment_id: consignment.bol.clone(),
        carrier: "ADTM".to_owned(),
        references,
        parties: vec![party("CN", to, consignment.to)],
        assigned,
    }
}

fn entry(number: u32, status: Status) -> Assigned {
    Assigned { number: Some(number), statuses: vec![status], references: Vec::new() }
}

fn status(scan: &Scan) -> Status {
    let (code, at) = match scan.step {
        Step::PickupPlanned(planned_at) => ("AA", planned_at),
        Step::PickedUp => ("AF", scan.stated_at),
        Step::Delivered => ("D1", scan.stated_at),
        _ => ("X4", scan.stated_at),
    };
    let code = if scan.odd_code { ODD_CODE } else { code };
    let (date, time) = moment(at, scan.place.zone);
    let zone = if scan.without_zone { "LT" } else { zone_code(at, scan.place.zone) };
    Status {
        status: Some(code.to_owned()),
        reason: Some("NS".to_owned()),
        date,
        time,
        zone: Some(zone.to_owned()),
        locality: Some(Locality {
            city: Some(scan.place.city.to_owned()),
            state: Some(scan.place.region.to_owned()),
            country: Some("US".to_owned()),
        }),
        ..Status::default()
    }
}

//! The standard's milestones: 64 points of progress that every journey is made of.
//!
//! The table is data; a code is an index into it, so that it costs a byte and can never name a
//! milestone that does not exist. Codes and meanings follow X12, EDIFACT, EPCIS and SCOR usage.

use crate::code_table::code_type;

/// One row of the standard.
#[derive(Debug)]
pub struct MilestoneEntry {
    /// `T60`
    pub code: &'static str,
    /// `transport.delivered`
    pub name: &'static str,
    /// What it is about: order, line, pkg, shipment, leg, job, invoice.
    pub object: &'static str,
    /// The role that answers for it unless a journey says otherwise.
    pub owner: &'static str,
    pub meaning: &'static str,
}

code_type! {
    /// A milestone of the standard, written as its code (`O10`, `T60`).
    Milestone, MilestoneEntry, MILESTONES, "milestone", "a code of the standard such as O10 or T60"
}

const fn entry(
    code: &'static str,
    name: &'static str,
    object: &'static str,
    owner: &'static str,
    meaning: &'static str,
) -> MilestoneEntry {
    MilestoneEntry { code, name, object, owner, meaning }
}

#[rustfmt::skip]
pub const MILESTONES: &[MilestoneEntry] = &[
    entry("O10", "order.placed", "order", "commerce", "Order captured by the channel"),
    entry("O20", "order.acknowledged", "order", "seller", "Seller/ERP or supplier acknowledged receipt (no commitment yet)"),
    entry("O30", "order.confirmed", "line", "seller", "Supplier accepted with qty, price and date: creates promise version 1"),
    entry("O35", "order.changed", "line", "seller", "Change accepted by both sides: creates promise version n+1 with reason"),
    entry("O90", "order.cancelled", "line", "any", "Cancelled (terminal for the line)"),
    entry("O95", "order.closed", "order", "seller", "All lines terminal and finance settled"),
    entry("A10", "supply.allocated", "line", "oem/distributor", "Stock or capacity reserved"),
    entry("A20", "supply.production_started", "line", "oem", "Build/configuration started"),
    entry("A30", "supply.production_completed", "line", "oem", "Configured product ready"),
    entry("A40", "supply.received_at_distributor", "line", "distributor", "OEM to distributor receipt confirmed (hand-off H3 taken)"),
    entry("F10", "fulfilment.requested", "line", "seller", "Ship order sent to node (940 / fulfilment request)"),
    entry("F20", "fulfilment.accepted", "line", "3pl", "Node accepted the request"),
    entry("F30", "fulfilment.picked", "line", "3pl", "Picked"),
    entry("F40", "fulfilment.packed", "pkg", "3pl", "Packed, SSCC/parcel id exists"),
    entry("F50", "fulfilment.ready", "pkg", "3pl", "Ready and staged for collection"),
    entry("F60", "fulfilment.despatch_advised", "shipment", "3pl", "ASN (856/DESADV) or label data sent to the next party"),
    entry("T05", "transport.tendered", "leg", "shipper", "Load tender offered (204/IFTMIN)"),
    entry("T06", "transport.booked", "leg", "carrier", "Carrier accepted tender / booking confirmed"),
    entry("T09", "transport.arrived_at_pickup", "leg", "carrier", "Vehicle at pick-up location"),
    entry("T10", "transport.picked_up", "leg", "carrier", "Custody passes shipper to carrier (hand-off H4)"),
    entry("T21", "transport.loading_started", "leg", "carrier", "Loading in progress"),
    entry("T22", "transport.loaded", "leg", "carrier", "Loaded / on board"),
    entry("T20", "transport.departed_origin", "leg", "carrier", "Left the origin"),
    entry("T25", "transport.in_transit", "leg", "carrier", "Progress report, no new custody"),
    entry("T30", "transport.arrived_at_hub", "leg", "carrier", "Arrived at terminal, port, ramp or depot"),
    entry("T31", "transport.consolidated", "leg", "carrier", "Consolidated or transhipped"),
    entry("T32", "transport.stored", "leg", "carrier", "Stored in transit"),
    entry("T35", "transport.departed_hub", "leg", "carrier", "Left a terminal"),
    entry("T38", "transport.handed_over", "leg", "carrier", "Custody passes carrier to carrier (hand-off H5)"),
    entry("T28", "transport.rerouted", "leg", "shipper", "Reconsigned or diverted: new plan version"),
    entry("T40", "customs.export_cleared", "leg", "broker", "Export cleared"),
    entry("T41", "customs.arrived", "leg", "broker", "Presented to customs / in bond"),
    entry("T45", "customs.import_cleared", "leg", "broker", "Released by customs or other authority"),
    entry("T46", "transport.available_for_delivery", "leg", "carrier", "At destination depot, consignee informed"),
    entry("T48", "transport.delivery_appointment", "leg", "carrier", "Delivery appointment agreed"),
    entry("T50", "transport.out_for_delivery", "leg", "carrier", "On the delivery vehicle"),
    entry("T55", "transport.arrived_at_delivery", "leg", "carrier", "Vehicle at consignee (DAP/DDP delivery point)"),
    entry("T57", "transport.ready_for_pickup", "pkg", "carrier", "Waiting for the consignee at a pick-up point"),
    entry("T58", "transport.delivery_attempted", "pkg", "carrier", "Attempt failed; never counts as delivered"),
    entry("T60", "transport.delivered", "pkg", "carrier", "Unloaded / handed to consignee (hand-off H6 given; DPU delivery point)"),
    entry("T62", "transport.departed_delivery", "leg", "carrier", "Vehicle left the consignee"),
    entry("T65", "transport.pod_received", "pkg", "carrier", "Proof of delivery document on file"),
    entry("T70", "receipt.accepted", "line", "consignee", "Consignee receipt with quantities (861/RECADV): hand-off H6 taken"),
    entry("T90", "transport.returned_to_sender", "pkg", "carrier", "Returned (terminal for the leg)"),
    entry("T95", "transport.cancelled", "leg", "shipper", "Leg cancelled (terminal)"),
    entry("S10", "service.scheduled", "job", "service", "Visit slot agreed"),
    entry("S15", "service.en_route", "job", "service", "Technician on the way"),
    entry("S20", "service.started", "job", "service", "On site (hand-off H7 taken)"),
    entry("S30", "service.installed", "job", "service", "Physical installation done"),
    entry("S40", "service.activated", "job", "service", "Commissioned / licence activated"),
    entry("S50", "service.accepted", "job", "customer", "Customer sign-off (hand-off H8 taken; SCOR perfect condition)"),
    entry("S90", "service.aborted", "job", "service", "Visit ended without completion"),
    entry("B10", "finance.invoiced", "invoice", "seller", "Invoice issued or received (810/INVOIC)"),
    entry("B20", "finance.matched", "invoice", "finance", "Two/three/four-way match passed"),
    entry("B25", "finance.held", "invoice", "finance", "Hold or dispute open"),
    entry("B30", "finance.approved", "invoice", "finance", "Approved for payment"),
    entry("B40", "finance.settled", "invoice", "finance", "Paid / remittance seen"),
    entry("B50", "finance.credited", "invoice", "seller", "Credit note or claim settled"),
    entry("R10", "return.requested", "line", "customer", "Return asked for"),
    entry("R20", "return.authorised", "line", "seller", "RMA issued"),
    entry("R30", "return.in_transit", "pkg", "carrier", "Goods on the way back"),
    entry("R40", "return.received", "line", "distributor", "Received at returns node"),
    entry("R50", "return.dispositioned", "line", "distributor", "Restock / repair / scrap decided"),
    entry("R60", "return.refunded", "line", "finance", "Refund or credit done"),
];

/// The milestones that the rules themselves name.
impl Milestone {
    pub const O10: Self = Self::named("O10");
    pub const O30: Self = Self::named("O30");
    pub const O90: Self = Self::named("O90");
    pub const O95: Self = Self::named("O95");
    pub const S50: Self = Self::named("S50");
    pub const S90: Self = Self::named("S90");
    pub const T10: Self = Self::named("T10");
    pub const T60: Self = Self::named("T60");
    pub const T95: Self = Self::named("T95");
    pub const B40: Self = Self::named("B40");
}

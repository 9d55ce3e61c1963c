//! The standard's exceptions: 89 kinds of trouble, each with a default severity, owner and effect.
//!
//! A third of them no partner ever announces (acknowledgement overdue, custody gap, proof of
//! delivery missing): they exist only because the rules compute them.

use crate::code_table::code_type;

/// One row of the taxonomy.
#[derive(Debug)]
pub struct ExceptionEntry {
    /// `E-ORD-01`
    pub code: &'static str,
    /// `order.ack_overdue`
    pub name: &'static str,
    /// How it is found: event, missing-event, diff, time, ...
    pub detector: &'static str,
    /// 1 (notice) to 4 (critical).
    pub severity: u8,
    /// Who looks after it unless a rule says otherwise.
    pub owner: &'static str,
    /// What it does to running SLA clocks, in the standard's words.
    pub clock_effect: &'static str,
    /// The SCOR dimension that it hurts.
    pub scor: &'static str,
}

code_type! {
    /// An exception of the taxonomy, written as its code (`E-TRN-05`).
    ExceptionCode, ExceptionEntry, EXCEPTIONS, "exception", "a code of the taxonomy such as E-ORD-01"
}

const fn entry(
    (code, name): (&'static str, &'static str),
    detector: &'static str,
    severity: u8,
    owner: &'static str,
    clock_effect: &'static str,
    scor: &'static str,
) -> ExceptionEntry {
    ExceptionEntry { code, name, detector, severity, owner, clock_effect, scor }
}

#[rustfmt::skip]
pub const EXCEPTIONS: &[ExceptionEntry] = &[
    entry(("E-ORD-01", "order.ack_overdue"), "missing-event", 2, "supplier", "none", "RL.2.2"),
    entry(("E-ORD-02", "order.rejected"), "event", 3, "supplier", "stop", "RL.2.1"),
    entry(("E-ORD-03", "order.changed_beyond_tolerance"), "diff vs order", 3, "supplier", "none", "RL.2.1/2.2"),
    entry(("E-ORD-04", "order.price_mismatch"), "diff vs contract", 2, "seller", "none", "RL.2.3"),
    entry(("E-ORD-05", "order.suspected_duplicate"), "similarity", 2, "commerce", "none", "RL.2.3"),
    entry(("E-ORD-06", "order.cancelled_after_commit"), "event", 2, "customer", "stop", "none"),
    entry(("E-ORD-07", "order.credit_hold"), "event", 2, "finance", "pause seller clocks", "none"),
    entry(("E-ORD-08", "order.configuration_invalid"), "rule", 3, "seller", "none", "RL.2.4"),
    entry(("E-ORD-09", "order.cutoff_missed"), "time", 1, "seller", "none", "RL.2.2"),
    entry(("E-SUP-01", "supply.backordered"), "event or shortage", 3, "oem/distributor", "none", "RL.2.1"),
    entry(("E-SUP-02", "supply.allocation_reduced"), "diff", 3, "distributor", "none", "RL.2.1"),
    entry(("E-SUP-03", "supply.production_delayed"), "time", 3, "oem", "none", "RL.2.2"),
    entry(("E-SUP-04", "supply.quality_hold"), "event", 3, "oem", "none", "RL.2.4"),
    entry(("E-SUP-05", "supply.substitution_offered"), "diff", 2, "seller", "pause (customer decision)", "RL.2.1"),
    entry(("E-SUP-06", "supply.line_split"), "diff", 1, "distributor", "none", "RL.2.1"),
    entry(("E-FUL-01", "fulfilment.pick_pack_late"), "time", 2, "3pl", "none", "RL.2.2"),
    entry(("E-FUL-02", "fulfilment.short_shipped"), "qty", 3, "3pl", "none", "RL.2.1"),
    entry(("E-FUL-03", "fulfilment.asn_missing"), "missing-event", 2, "3pl", "none", "RL.2.3"),
    entry(("E-FUL-04", "fulfilment.asn_mismatch"), "qty/diff", 2, "3pl", "none", "RL.2.3"),
    entry(("E-FUL-05", "fulfilment.label_or_barcode_defect"), "event", 1, "3pl", "none", "RL.2.3"),
    entry(("E-FUL-06", "fulfilment.ghost_label"), "missing-event (label, no scan)", 2, "3pl", "none", "RL.2.2"),
    entry(("E-FUL-07", "fulfilment.not_ready_at_pickup"), "event", 2, "3pl/shipper", "pause carrier clock", "RL.2.2"),
    entry(("E-TRN-01", "transport.tender_rejected_or_unanswered"), "missing-event", 2, "carrier", "none", "RL.2.2"),
    entry(("E-TRN-02", "transport.pickup_missed"), "time/event", 3, "carrier", "none", "RL.2.2"),
    entry(("E-TRN-03", "transport.no_first_scan"), "missing-event", 2, "carrier", "none", "RL.2.2"),
    entry(("E-TRN-04", "transport.delayed"), "event/time", 2, "carrier", "none", "RL.2.2"),
    entry(("E-TRN-05", "transport.tracking_silent"), "missing-event (dwell)", 2, "carrier", "none", "RL.2.2"),
    entry(("E-TRN-06", "transport.misrouted"), "event", 2, "carrier", "none", "RL.2.2"),
    entry(("E-TRN-07", "transport.lost"), "event/time", 4, "carrier", "none", "RL.2.1"),
    entry(("E-TRN-08", "transport.damaged"), "event", 4, "carrier", "none", "RL.2.4"),
    entry(("E-TRN-09", "transport.stolen"), "event", 4, "carrier", "none", "RL.2.1"),
    entry(("E-TRN-10", "transport.accident_or_breakdown"), "event", 3, "carrier", "none", "RL.2.2"),
    entry(("E-TRN-11", "transport.force_majeure"), "event", 2, "none", "excuse (contract)", "RL.2.2"),
    entry(("E-TRN-12", "transport.equipment_or_capacity"), "event", 2, "carrier", "none", "RL.2.2"),
    entry(("E-TRN-13", "transport.rolled_or_free_time_expired"), "event/time", 3, "carrier", "none", "cost"),
    entry(("E-TRN-14", "transport.predicted_late"), "model", 2, "ops", "none", "RL.2.2 leading"),
    entry(("E-TRN-15", "transport.delivery_failed"), "event", 2, "carrier", "none", "RL.2.2"),
    entry(("E-TRN-16", "transport.refused"), "event", 3, "consignee", "stop carrier clock", "RL.2.4"),
    entry(("E-TRN-17", "transport.address_problem"), "event/rule", 2, "seller/consignee", "pause carrier clock", "RL.2.3"),
    entry(("E-TRN-18", "transport.consignee_unavailable"), "event", 1, "consignee", "pause carrier clock", "RL.2.2 excused"),
    entry(("E-TRN-19", "transport.delivered_short"), "qty", 3, "carrier/3pl", "none", "RL.2.1"),
    entry(("E-TRN-20", "transport.delivered_over"), "qty", 2, "3pl", "none", "RL.2.1"),
    entry(("E-TRN-21", "transport.wrong_goods"), "event", 3, "3pl", "none", "RL.2.1"),
    entry(("E-TRN-22", "transport.delivered_late"), "time", 3, "carrier", "none", "RL.2.2"),
    entry(("E-TRN-23", "transport.delivered_early"), "time", 1, "carrier", "none", "RL.2.2"),
    entry(("E-TRN-24", "transport.pod_missing"), "missing-event", 2, "carrier", "none", "RL.2.3"),
    entry(("E-TRN-25", "transport.returned_unexpectedly"), "event", 3, "carrier", "none", "RL.2.1"),
    entry(("E-TRN-26", "transport.delivered_wrong_place"), "geo/event", 4, "carrier", "none", "RL.2.2"),
    entry(("E-TRN-27", "transport.custody_gap"), "two-sided mismatch", 3, "both sides", "none", "accountability"),
    entry(("E-TRN-28", "transport.handoff_disputed"), "two-sided mismatch", 3, "both sides", "none", "accountability"),
    entry(("E-TRN-29", "transport.customer_reschedule"), "event", 1, "consignee", "pause all", "RL.2.2 excused"),
    entry(("E-TRN-30", "transport.held_per_shipper"), "event", 1, "shipper", "pause carrier clock", "none"),
    entry(("E-DOC-01", "document.missing_or_wrong"), "missing-doc", 2, "issuer", "none", "RL.2.3"),
    entry(("E-CUS-01", "customs.hold"), "event", 3, "authority", "pause carrier clock", "RL.2.2"),
    entry(("E-CUS-02", "customs.documentation"), "event", 3, "shipper/broker", "pause carrier clock", "RL.2.3"),
    entry(("E-CUS-03", "customs.refused_or_prohibited"), "event", 4, "shipper", "stop", "RL.2.1"),
    entry(("E-CUS-04", "customs.duties_unpaid"), "event", 2, "payer by Incoterm", "pause carrier clock", "none"),
    entry(("E-CMP-01", "compliance.restricted_goods"), "rule/event", 4, "shipper", "stop", "RL.2.3"),
    entry(("E-SVC-01", "service.not_scheduled"), "missing-event", 2, "service", "none", "service completion"),
    entry(("E-SVC-02", "service.no_show"), "time/event", 3, "service", "none", "service completion"),
    entry(("E-SVC-03", "service.installation_failed"), "event", 3, "service", "none", "RL.2.4"),
    entry(("E-SVC-04", "service.parts_missing"), "event", 3, "distributor", "pause service clock", "RL.2.1"),
    entry(("E-SVC-05", "service.site_not_ready"), "event", 2, "customer", "pause service clock", "excused"),
    entry(("E-SVC-06", "service.activation_failed"), "event", 3, "oem", "none", "RL.2.4"),
    entry(("E-SVC-07", "service.acceptance_withheld"), "event/time", 3, "service", "none", "RL.2.4"),
    entry(("E-FIN-01", "finance.invoice_missing"), "missing-event", 2, "seller", "none", "RL.2.3"),
    entry(("E-FIN-02", "finance.price_variance"), "match", 2, "finance", "none", "RL.2.3"),
    entry(("E-FIN-03", "finance.quantity_variance"), "match", 2, "finance", "none", "RL.2.1"),
    entry(("E-FIN-04", "finance.duplicate_invoice"), "similarity", 3, "finance", "none", "RL.2.3"),
    entry(("E-FIN-05", "finance.unapproved_accessorial"), "match vs rate card", 2, "finance", "none", "cost"),
    entry(("E-FIN-06", "finance.hold_ageing"), "time", 2, "finance", "none", "none"),
    entry(("E-FIN-07", "finance.chargeback_or_deduction"), "event", 3, "seller", "dispute clock starts", "cost"),
    entry(("E-FIN-08", "finance.credit_missing"), "missing-event", 2, "seller", "none", "cost"),
    entry(("E-FIN-09", "finance.margin_below_floor"), "calc", 3, "finance", "none", "cost"),
    entry(("E-FIN-10", "finance.payment_on_delivery"), "event", 2, "consignee", "pause carrier clock", "none"),
    entry(("E-DAT-01", "data.unmatched_event"), "correlation", 2, "integration", "none", "none"),
    entry(("E-DAT-02", "data.ambiguous_match"), "correlation", 2, "integration", "none", "none"),
    entry(("E-DAT-03", "data.schema_invalid"), "validation", 2, "partner", "none", "none"),
    entry(("E-DAT-04", "data.code_unmapped"), "mapping", 2, "integration", "none", "none"),
    entry(("E-DAT-05", "data.duplicate_or_gap_in_control_numbers"), "sequence", 2, "partner", "none", "none"),
    entry(("E-DAT-06", "data.functional_ack_missing"), "missing-event", 2, "partner", "none", "none"),
    entry(("E-DAT-07", "data.clock_skew_or_future_dated"), "time", 1, "partner", "none", "none"),
    entry(("E-DAT-08", "data.partner_feed_silent"), "missing-event", 3, "partner", "none", "none"),
    entry(("E-DAT-09", "data.contradictory_sources"), "confluence", 2, "integration", "none", "none"),
    entry(("E-DAT-10", "data.required_field_missing"), "validation", 1, "partner", "none", "none"),
    entry(("E-AIA-01", "agent.blocked_by_policy"), "policy", 1, "governance", "none", "none"),
    entry(("E-AIA-02", "agent.low_confidence"), "threshold", 1, "ops", "none", "none"),
    entry(("E-AIA-03", "agent.output_drift"), "monitor", 3, "governance", "none", "none"),
    entry(("E-AIA-04", "agent.reversal_performed"), "event", 2, "governance", "none", "none"),
];

impl ExceptionCode {
    /// Whether it tells of what is charged or paid: for whoever sees prices.
    #[must_use]
    pub fn is_about_money(self) -> bool {
        self.code().starts_with("E-FIN-") || self.code() == "E-ORD-04"
    }
}

/// The exceptions that need no rule of a pack.
impl ExceptionCode {
    pub(crate) const HANDOFF_DISPUTED: Self = Self::named("E-TRN-28");
    pub(crate) const UNMATCHED: Self = Self::named("E-DAT-01");
    pub(crate) const AMBIGUOUS: Self = Self::named("E-DAT-02");
    pub(crate) const UNMAPPED: Self = Self::named("E-DAT-04");
    pub(crate) const FUTURE_DATED: Self = Self::named("E-DAT-07");
    pub(crate) const FEED_SILENT: Self = Self::named("E-DAT-08");
}

//! The deadlines that the truth is judged by. They mirror what the shipped starter pack declares;
//! whoever changes one there changes it here, or precision and recall fall.

use baton_core::time::Duration;

/// The supplier acknowledges within so many working hours of the purchase order (E-ORD-01).
pub const ACK_WORKING_HOURS: i64 = 8;
/// The despatch advice follows the pick-up (E-FUL-03).
pub const ADVICE_AFTER_PICKUP: Duration = Duration::hours(4);
/// A label is followed by a first scan (E-FUL-06).
pub const SCAN_AFTER_LABEL: Duration = Duration::hours(24);
/// A consignment under way is scanned at least this often (E-TRN-05).
pub const SILENCE: Duration = Duration::hours(48);
/// Proof follows delivery (E-TRN-24).
pub const PROOF_AFTER_DELIVERY: Duration = Duration::hours(24);
/// The taker's first scan follows the giver's release (E-TRN-27).
pub const CUSTODY_GRACE: Duration = Duration::hours(12);
/// The truck comes within this of its plan (E-TRN-02).
pub const PICKUP_GRACE: Duration = Duration::hours(4);
/// More days before the promise than this is too early (E-TRN-23).
pub const EARLY_DAYS: i64 = 1;
/// The invoice follows delivery (E-FIN-01).
pub const INVOICE_AFTER_DELIVERY: Duration = Duration::days(5);
/// A stamp further ahead of its receipt than this is future-dated (E-DAT-07).
pub const SKEW_TOLERANCE: Duration = Duration::hours(1);
/// Something that links to no order for this long is unmatched (E-DAT-01).
pub const UNMATCHED_AFTER: Duration = Duration::hours(24);

//! Orders as lists show them, and what of an order a partner may see.
//!
//! INVARIANT: prices, totals and customers' names never reach a partner's key, and of exceptions about
//! money no more than that some are counted.

use baton_core::amount::Money;
use baton_core::authority::field_name;
use baton_core::id::ObjectId;
use baton_core::partner::{PartnerKey, Role};
use baton_core::state::{ExceptionState, ObjectState, State};
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::Instant;
use baton_store::orders::OrderRow;
use schemars::JsonSchema;
use serde::Serialize;

/// Fields of orders and lines that are between tenant and customer.
const PRIVATE_FIELDS: [&str; 4] = ["price", "total", "customer_name", "customer_ref"];
/// Exceptions that quote amounts.
const PRIVATE_CODES: [&str; 1] = ["E-ORD-04"];
const PRIVATE_FAMILY: &str = "E-FIN-";

/// An order in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OrderItem {
    id: ObjectId,
    /// The number that people know it by.
    number: String,
    phase: String,
    /// The furthest milestone.
    progress: Option<String>,
    /// The last physical event's milestone.
    position: Option<String>,
    customer: Option<String>,
    value: Option<Money>,
    promised_at: Option<Instant>,
    projected_at: Option<Instant>,
    /// How late it is or will be; 0 where it is not.
    late_minutes: i64,
    /// Who holds the baton.
    #[schemars(with = "Option<String>")]
    holder: Option<PartnerKey>,
    partners: Vec<PlayingItem>,
    exceptions_open: i64,
    /// Of the open exceptions, 1 to 4; 0 where there are none.
    severity_max: i64,
    placed_at: Instant,
    updated_at: Instant,
}

/// A partner's part in an order.
#[derive(Debug, Serialize, JsonSchema)]
struct PlayingItem {
    role: Role,
    #[schemars(with = "String")]
    partner: PartnerKey,
}

impl OrderItem {
    pub(super) fn of(row: OrderRow, for_partner: bool) -> Self {
        Self {
            id: row.id,
            number: row.number,
            phase: row.state,
            progress: row.progress,
            position: row.position,
            customer: row.customer.filter(|_| !for_partner),
            value: row.value.filter(|_| !for_partner),
            promised_at: row.promised_at,
            projected_at: row.projected_at,
            late_minutes: row.late_minutes,
            holder: row.holder,
            partners: row
                .partners
                .into_iter()
                .map(|(role, partner)| PlayingItem { role, partner })
                .collect(),
            exceptions_open: row.exceptions_open,
            severity_max: row.severity_max,
            placed_at: row.placed_at,
            updated_at: row.updated_at,
        }
    }
}

/// Whether a field is kept from partners.
pub(super) fn is_private_field(name: &str) -> bool {
    PRIVATE_FIELDS.contains(&name)
}

/// Whether an exception is kept from partners.
pub(super) fn is_private_code(code: ExceptionCode) -> bool {
    code.code().starts_with(PRIVATE_FAMILY) || PRIVATE_CODES.contains(&code.code())
}

/// The codes of exceptions that are kept from partners.
pub(super) fn private_codes() -> Vec<&'static str> {
    ExceptionCode::all().filter(|code| is_private_code(*code)).map(ExceptionCode::code).collect()
}

/// Cuts out of a state what a partner may not see: money, the customer, and what others are charged.
pub(super) fn for_partner(state: &mut State, partner: &PartnerKey) {
    state.fields.retain(|field, _| !is_private_field(field_name(*field)));
    for line in &mut state.lines {
        line.fields.retain(|field, _| !is_private_field(field_name(*field)));
    }
    state.contradictions.retain(|c| !c.about.split(' ').any(is_private_field));
    state.liability.retain(|charge| charge.partner.as_ref() == Some(partner));
    state.clocks.retain(|clock| clock.partner.as_ref() == Some(partner));
    state.due_acts.retain(|act| !is_private_code(act.code));
    cut_exceptions(&mut state.exceptions);
    for ObjectState { exceptions, .. } in &mut state.objects {
        cut_exceptions(exceptions);
    }
}

fn cut_exceptions(exceptions: &mut Vec<ExceptionState>) {
    exceptions.retain(|exception| !is_private_code(exception.code));
    for exception in exceptions {
        exception.money_at_stake = None;
    }
}

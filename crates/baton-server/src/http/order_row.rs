//! Orders as lists show them, and what of an order a partner may see.
//!
//! INVARIANT: prices, totals and customers' names reach a partner only where the tenant lets it see them
//! ([`Sight`]), and of exceptions about money no more than that some are counted. Rows are cut by the
//! store, which goes by the same.

use baton_core::amount::Money;
use baton_core::authority::field_name;
use baton_core::id::ObjectId;
use baton_core::partner::{PartnerKey, Role};
use baton_core::state::{ExceptionState, HandoffState, ObjectState, State};
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::Sight;
use baton_store::orders::OrderRow;
use schemars::JsonSchema;
use serde::Serialize;

/// Fields of orders and lines that are between tenant and customer.
const PRICES: [&str; 2] = ["price", "total"];
const NAMES: [&str; 2] = ["customer_name", "customer_ref"];

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
    pub(super) fn of(row: OrderRow) -> Self {
        Self {
            id: row.id,
            number: row.number,
            phase: row.state,
            progress: row.progress,
            position: row.position,
            customer: row.customer,
            value: row.value,
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

/// Whether a field is seen.
pub(super) fn sees_field(sight: Sight, name: &str) -> bool {
    (sight.prices || !PRICES.contains(&name)) && (sight.names || !NAMES.contains(&name))
}

/// Whether exceptions of a code are seen.
pub(super) fn sees_code(sight: Sight, code: ExceptionCode) -> bool {
    sight.prices || !code.is_about_money()
}

/// Whether an exception's words may quote what is not seen: sources that disagree about a price.
pub(super) fn quotes_values(sight: Sight, code: ExceptionCode) -> bool {
    sight != Sight::ALL && code.code() == "E-DAT-09"
}

/// Cuts out of a state what a partner may not see: what it has no sight of, what others are charged and
/// held to, and what is said of hand-offs in which it has no part.
pub(super) fn for_partner(state: &mut State, partner: &PartnerKey, sight: Sight) {
    state.fields.retain(|field, _| sees_field(sight, field_name(*field)));
    for line in &mut state.lines {
        line.fields.retain(|field, _| sees_field(sight, field_name(*field)));
    }
    state.contradictions.retain(|c| c.about.split(' ').all(|word| sees_field(sight, word)));
    state.liability.retain(|charge| charge.partner.as_ref() == Some(partner));
    state.clocks.retain(|clock| clock.partner.as_ref() == Some(partner));
    state.due_acts.retain(|act| sees_code(sight, act.code));
    for handoff in &mut state.handoffs {
        if !is_party(handoff, partner) {
            let words: Vec<_> = handoff.words.drain(..).map(|word| word.fact).collect();
            handoff.facts.retain(|fact| !words.contains(fact));
        }
    }
    cut_exceptions(&mut state.exceptions, sight);
    for ObjectState { exceptions, .. } in &mut state.objects {
        cut_exceptions(exceptions, sight);
    }
}

/// Whether a partner gives or takes in a hand-off.
pub(super) fn is_party(handoff: &HandoffState, partner: &PartnerKey) -> bool {
    [&handoff.from_partner, &handoff.to_partner].into_iter().flatten().any(|of| of == partner)
}

fn cut_exceptions(exceptions: &mut Vec<ExceptionState>, sight: Sight) {
    exceptions.retain(|exception| sees_code(sight, exception.code));
    for exception in exceptions {
        cut_exception(exception, sight);
    }
}

/// Cuts out of an exception what is not seen of it.
pub(super) fn cut_exception(exception: &mut ExceptionState, sight: Sight) {
    exception.money_at_stake.take_if(|_| !sight.prices);
    if quotes_values(sight, exception.code) {
        exception.summary = exception.code.entry().name.to_owned();
        exception.wording = Wording::default();
    }
}

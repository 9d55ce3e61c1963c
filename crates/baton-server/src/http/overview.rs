//! The tenant at a glance, in counts: orders by phase, how many of them are late, open exceptions by code
//! and by age, and what is at stake. What a first page needs, in one call that counts along indexes and
//! derives nothing. Where counting takes long, what was counted is good for a few seconds, and nobody waits
//! for it to be counted anew: until that is done, the old counts are shown.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baton_core::amount::{Money, sums};
use baton_core::id::ObjectId;
use baton_core::state::Phase;
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::Instant;
use baton_store::orders::{DueCount, Filter, Sort};
use baton_store::{Scope, StoreError, TenantId, Tx, exceptions, orders, quarantine};
use schemars::JsonSchema;
use serde::Serialize;

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::limits::{
    COUNTS_BELIEVED, COUNTS_BELIEVED_MAX, COUNTS_BELIEVED_TIMES, COUNTS_SHOWN_MAX, STAKE_ORDERS_MAX,
};
use super::problem::Problem;

/// What takes longer to count than this is not counted again for a while.
const LONG: Duration = Duration::from_millis(25);
/// Open exceptions are counted by how long they have been, in hours: below each of these.
const AGES_HOURS: [i64; 4] = [24, 72, 168, i64::MAX];

/// Phases in which all of it was delivered once.
const DELIVERED: [Phase; 3] = [Phase::Delivered, Phase::Closed, Phase::Disputed];

/// A tenant in counts.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Overview {
    /// By the tenant's clock.
    now: Instant,
    phases: Vec<PhaseCount>,
    on_time: OnTime,
    /// Open ones, those with the most first.
    exceptions: Vec<CodeCount>,
    /// Open exceptions by how long they have been open, the youngest first.
    ages: Vec<AgeCount>,
    /// The value of orders under way that are late, or will be.
    late: Stake,
    /// The value of orders with an open exception about money.
    money: Stake,
    /// Parts of messages that could not be read and wait for somebody.
    quarantined: i64,
}

/// Orders in one phase.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct PhaseCount {
    phase: String,
    orders: i64,
    /// Of these, the ones that are late or will be.
    late: i64,
}

/// Orders whose promise has passed, and those of them that were delivered by it. It is what scorecards have as
/// `on_time`: an order that is still open after its promise was not kept, and cancelled ones do not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
struct OnTime {
    kept: i64,
    of: i64,
}

/// Open exceptions of one code.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct CodeCount {
    code: ExceptionCode,
    open: i64,
}

/// Open exceptions of one age.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct AgeCount {
    /// Open for less than so many hours; null for the eldest.
    below_hours: Option<i64>,
    open: i64,
}

/// What orders are worth, by currency.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
struct Stake {
    orders: usize,
    /// One sum for each currency.
    values: Vec<Money>,
    /// Whether there are more orders than were added up.
    cut: bool,
}

/// Counts that took long, by tenant.
#[derive(Debug, Default)]
pub(super) struct Believed(Mutex<HashMap<TenantId, Counted>>);

#[derive(Debug)]
struct Counted {
    overview: Arc<Overview>,
    counted_at: std::time::Instant,
    /// How long it is good.
    good: Duration,
    /// Whether somebody counts anew.
    is_renewed: bool,
}

/// What is known of a tenant.
#[derive(Debug)]
enum Known {
    Nothing,
    Counts(Arc<Overview>),
    /// Counts that are no longer good, but better than to wait; whoever is told so counts anew.
    Old(Arc<Overview>),
}

impl Believed {
    fn get(&self, tenant: TenantId, now: std::time::Instant) -> Known {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(counted) = known.get_mut(&tenant) else { return Known::Nothing };
        let age = now.saturating_duration_since(counted.counted_at);
        let overview = Arc::clone(&counted.overview);
        if age > COUNTS_SHOWN_MAX {
            Known::Nothing
        } else if age <= counted.good || counted.is_renewed {
            Known::Counts(overview)
        } else {
            counted.is_renewed = true;
            Known::Old(overview)
        }
    }
    /// The longer it took, the longer it is good: counting never is more than a small part of the work.
    fn keep(&self, tenant: TenantId, overview: Arc<Overview>, took: Duration) {
        let good = (took * COUNTS_BELIEVED_TIMES).clamp(COUNTS_BELIEVED, COUNTS_BELIEVED_MAX);
        let counted_at = std::time::Instant::now();
        let counted = Counted { overview, counted_at, good, is_renewed: false };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant, counted);
    }
    fn forget(&self, tenant: TenantId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&tenant);
    }
}

pub(super) fn overview(call: &Call) -> Outcome {
    match call.api.counts.get(call.tenant()?.id, std::time::Instant::now()) {
        Known::Counts(known) => Answer::json(known.as_ref()),
        Known::Old(known) => {
            count_aside(call);
            Answer::json(known.as_ref())
        }
        Known::Nothing => Answer::json(counted(call)?.as_ref()),
    }
}

/// Counts anew while the caller is answered.
fn count_aside(call: &Call) {
    let again = call.clone();
    let forget = |call: &Call| call.tenant().map(|tenant| call.api.counts.forget(tenant.id));
    let thread = std::thread::Builder::new().name("baton-counts".to_owned()).spawn(move || {
        if counted(&again).is_err() {
            let _ = forget(&again);
        }
    });
    if thread.is_err() {
        let _ = forget(call);
    }
}

/// Counts, and keeps what took long. Whoever may ask for it sees the whole tenant, so that one count is
/// everybody's.
fn counted(call: &Call) -> Result<Arc<Overview>, Problem> {
    let (tenant, scope) = (call.tenant()?, call.scope()?);
    let (began, now) = (std::time::Instant::now(), tenant.clock.now());
    let counted = Arc::new(call.store().read(|tx| count(tx, &scope, now))?);
    let took = began.elapsed();
    if took > LONG {
        call.api.counts.keep(tenant.id, Arc::clone(&counted), took);
    } else {
        call.api.counts.forget(tenant.id);
    }
    Ok(counted)
}

fn count(tx: &mut Tx<'_>, scope: &Scope, now: Instant) -> Result<Overview, StoreError> {
    let late: BTreeMap<String, i64> = orders::count_late_by_state(tx, scope)?.into_iter().collect();
    let mut open = exceptions::count_open(tx, scope)?;
    open.sort_by_key(|(code, count)| (std::cmp::Reverse(*count), code.code()));
    let under_way =
        |state: &&String| !["closed", "cancelled", "delivered"].contains(&state.as_str());
    let slipping = Filter {
        states: late.keys().filter(under_way).cloned().collect(),
        late: true,
        ..Filter::default()
    };
    let late_stake =
        if slipping.states.is_empty() { Stake::default() } else { stake(tx, scope, &[slipping])? };
    let about_money = open.iter().filter(|(code, _)| code.is_about_money());
    let with_money: Vec<Filter> = about_money
        .map(|(code, _)| Filter { exception: Some(code.code().to_owned()), ..Filter::default() })
        .collect();
    let money = stake(tx, scope, &with_money)?;
    let on_time = on_time(&orders::count_due_by_state(tx, scope, now)?);
    let phases = orders::count_by_state(tx, scope)?.into_iter().map(|(phase, orders)| {
        let late = late.get(&phase).copied().unwrap_or_default();
        PhaseCount { phase, orders, late }
    });
    Ok(Overview {
        now,
        phases: phases.collect(),
        on_time,
        exceptions: open.into_iter().map(|(code, open)| CodeCount { code, open }).collect(),
        ages: ages(tx, scope, now)?,
        late: late_stake,
        money,
        quarantined: quarantine::count_open(tx, scope)?,
    })
}

/// Of the orders that were due, by phase, each with how many of them are not late.
fn on_time(due: &[DueCount]) -> OnTime {
    let counted = due.iter().filter(|count| count.state != Phase::Cancelled.name());
    let (mut kept, mut of) = (0, 0);
    for count in counted {
        of += count.due;
        if DELIVERED.iter().any(|phase| phase.name() == count.state) {
            kept += count.due - count.late;
        }
    }
    OnTime { kept, of }
}

fn ages(tx: &mut Tx<'_>, scope: &Scope, now: Instant) -> Result<Vec<AgeCount>, StoreError> {
    let mut ages = Vec::new();
    let mut until = Instant::MAX;
    for hours in AGES_HOURS {
        let below_hours = (hours != i64::MAX).then_some(hours);
        let from = below_hours
            .map_or(Instant::MIN, |hours| now - baton_core::time::Duration::hours(hours));
        let open = exceptions::count_opened_within(tx, scope, from, until)?;
        ages.push(AgeCount { below_hours, open });
        until = from;
    }
    Ok(ages)
}

/// What the orders of some filters are worth, each order once.
fn stake(tx: &mut Tx<'_>, scope: &Scope, filters: &[Filter]) -> Result<Stake, StoreError> {
    let mut known: BTreeMap<ObjectId, Option<Money>> = BTreeMap::new();
    let mut cut = false;
    for filter in filters {
        let mut after = None;
        loop {
            let page = orders::list(tx, scope, filter, Sort::Late, after, orders::PAGE_MAX)?;
            known.extend(page.items.into_iter().map(|row| (row.id, row.value)));
            after = page.next;
            if known.len() >= STAKE_ORDERS_MAX {
                cut |= after.is_some();
                break;
            }
            if after.is_none() {
                break;
            }
        }
    }
    Ok(Stake { orders: known.len(), values: sums(known.values().flatten()), cut })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: TenantId = TenantId(1);
    const GOOD: Duration = Duration::from_secs(60);

    /// What is known of counts so old, by who asks first and who asks then.
    fn asked(age: Duration) -> [&'static str; 2] {
        let overview = Overview {
            now: Instant::from_micros(0),
            phases: Vec::new(),
            on_time: OnTime::default(),
            exceptions: Vec::new(),
            ages: Vec::new(),
            late: Stake::default(),
            money: Stake::default(),
            quarantined: 0,
        };
        let counted_at = std::time::Instant::now();
        let counted =
            Counted { overview: Arc::new(overview), counted_at, good: GOOD, is_renewed: false };
        let believed = Believed(Mutex::new([(TENANT, counted)].into()));
        [(); 2].map(|()| match believed.get(TENANT, counted_at + age) {
            Known::Nothing => "nothing",
            Known::Counts(_) => "counts",
            Known::Old(_) => "old",
        })
    }

    #[test]
    fn one_of_those_who_ask_renews_old_counts_and_very_old_ones_are_not_shown() {
        for (age, told) in [
            (Duration::ZERO, ["counts", "counts"]),
            (GOOD / 2, ["counts", "counts"]),
            (GOOD * 2, ["old", "counts"]),
            (COUNTS_SHOWN_MAX * 2, ["nothing", "nothing"]),
        ] {
            assert_eq!(asked(age), told, "{age:?}");
        }
    }
}

//! What of a state is written: the narrow rows that lists filter, sort and show. All else is derived
//! again on reading.

use std::collections::BTreeMap;

use baton_core::fact::{Field, Value};
use baton_core::identifier::ObjectKind;
use baton_core::milestone::Milestone;
use baton_core::rank::Stake;
use baton_core::state::{ExceptionState, ExceptionStatus, FieldState, State};
use baton_core::time::{Duration, Instant};
use baton_store::clusters::ClusterNo;
use baton_store::exceptions::ExceptionRow;
use baton_store::objects::ObjectRow;
use baton_store::orders::OrderRow;
use baton_store::{Scope, StoreError, Tx, exceptions, objects, orders};

use crate::clocks::{Clock, ended};
use crate::deriving::{Outline, Subject};

/// The rows of one cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) orders: Vec<OrderRow>,
    pub(crate) objects: Vec<ObjectRow>,
    /// Of each object's state; empty where they were loaded, as they are not written.
    pub(crate) object_digests: Vec<i64>,
    pub(crate) exceptions: Vec<ExceptionRow>,
    pub(crate) timer: Timer,
    /// The SLA clocks that came out and were counted; `None` where the rows were loaded, as they are not
    /// written.
    pub(crate) clocks: Option<Vec<Clock>>,
}

/// What is known of a cluster's timer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Timer {
    /// It may stand at anything, and is to be written.
    #[default]
    Unknown,
    /// It stands so.
    Set(Option<Instant>),
}

impl Rows {
    /// The rows that stand in the store. Timers are not read: writing one again as it was does no harm.
    pub(crate) fn load(
        tx: &mut Tx<'_>,
        scope: &Scope,
        clusters: &[ClusterNo],
    ) -> Result<BTreeMap<ClusterNo, Self>, StoreError> {
        let mut found: BTreeMap<ClusterNo, Self> = BTreeMap::new();
        for row in orders::by_clusters(tx, scope, clusters)? {
            found.entry(row.cluster).or_default().orders.push(row);
        }
        for row in objects::by_clusters(tx, scope, clusters)? {
            found.entry(row.cluster).or_default().objects.push(row);
        }
        for row in exceptions::by_clusters(tx, scope, clusters)? {
            found.entry(row.cluster).or_default().exceptions.push(row);
        }
        Ok(found)
    }

    /// The rows that these states of a cluster call for.
    /// Orders still count their own exceptions only: see [`Rows::count_below`].
    pub(crate) fn of(cluster: ClusterNo, subjects: &[Subject], now: Instant) -> Self {
        let mut rows = Self {
            timer: Timer::Set(subjects.iter().filter_map(|s| s.state.wake_at).min()),
            clocks: Some(ended(subjects)),
            ..Self::default()
        };
        for (component, subject) in (0..).zip(subjects) {
            let state = &subject.state;
            let digest = subject.digest.short();
            let mut stake = Stake::default();
            if state.id.kind == ObjectKind::Order {
                let row = order_row(cluster, component, subject, now);
                stake = stake_of(&row);
                rows.orders.push(row);
            } else {
                rows.objects.push(ObjectRow { cluster, component, id: state.id });
                rows.object_digests.push(digest);
            }
            let own = state.exceptions.iter().filter(|e| e.object == state.id);
            rows.exceptions.extend(own.filter_map(|e| exception_row(cluster, e, stake)));
        }
        rows
    }

    /// Gives back the room that nothing is in: most clusters have one row of a kind, and a list that grew to one
    /// has room for four.
    pub(crate) fn fit(&mut self) {
        self.orders.shrink_to_fit();
        self.objects.shrink_to_fit();
        self.object_digests.shrink_to_fit();
        self.exceptions.shrink_to_fit();
        self.clocks.iter_mut().for_each(Vec::shrink_to_fit);
    }

    /// Whether lists and digests stay as they were.
    pub(crate) fn digests_equal(&self, other: &Self) -> bool {
        let of_order = |row: &OrderRow| (row.digest, row.exceptions_open, row.severity_max);
        self.orders.iter().map(of_order).eq(other.orders.iter().map(of_order))
            && self.objects == other.objects
            && self.object_digests == other.object_digests
            && self.stakes().eq(other.stakes())
    }

    fn stakes(&self) -> impl Iterator<Item = Stake> {
        self.exceptions.iter().map(|row| row.stake)
    }

    /// Adds the open exceptions of what the orders reach, of whose clusters these are the rows.
    pub(crate) fn count_below(&mut self, subjects: &[Outline], below: &[&Self]) {
        for order in &mut self.orders {
            let Some(subject) = subjects.iter().find(|s| s.id == order.id) else { continue };
            let open = below
                .iter()
                .flat_map(|rows| &rows.exceptions)
                .filter(|row| row.state == "open")
                .filter(|row| subject.below.contains(&row.object));
            for exception in open {
                order.exceptions_open += 1;
                order.severity_max = order.severity_max.max(exception.severity);
            }
        }
    }
}

/// Phases in which nothing can be saved any more.
const DONE: [&str; 3] = ["delivered", "closed", "cancelled"];

/// What an order puts at stake.
pub(crate) fn stake_of(order: &OrderRow) -> Stake {
    let is_done = DONE.contains(&order.state.as_str());
    let value = order.value.as_ref().map(|money| money.amount);
    Stake::of(value, order.promised_at.filter(|_| !is_done))
}

fn code(milestone: Option<Milestone>) -> Option<String> {
    milestone.map(|m| m.code().to_owned())
}

fn order_row(
    cluster: ClusterNo,
    component: i64,
    Subject { state, placed_at, digest, .. }: &Subject,
    now: Instant,
) -> OrderRow {
    let open = || state.exceptions.iter().filter(|e| e.status.is_open());
    let field = |field: Field| state.fields.get(&field);
    let text = |field: Option<&FieldState>| match field.map(|f| &f.value) {
        Some(Value::Text(text)) => Some(text.to_string()),
        _ => None,
    };
    OrderRow {
        cluster,
        component,
        id: state.id,
        number: text(field(Field::Number)).unwrap_or_else(|| state.name.value.to_string()),
        state: state.phase.name().to_owned(),
        progress: code(state.progress),
        position: code(state.position),
        customer: text(field(Field::CustomerName)).or_else(|| text(field(Field::CustomerRef))),
        value: match field(Field::Total).map(|f| &f.value) {
            Some(Value::Money(money)) => Some(money.clone()),
            _ => None,
        },
        promised_at: state.promise.current.map(|at| at.latest),
        projected_at: state.promise.projected.map(|at| at.latest),
        late_minutes: state.promise.late_by.map_or(0, Duration::whole_minutes),
        holder: state.holder.as_ref().and_then(|holder| holder.partner.clone()),
        partners: partners(state),
        exceptions_open: i64::try_from(open().count()).unwrap_or(i64::MAX),
        severity_max: open().map(|e| i64::from(e.severity)).max().unwrap_or(0),
        placed_at: placed_at.unwrap_or(Instant::MIN),
        updated_at: now,
        digest: digest.short(),
    }
}

fn partners(state: &State) -> Vec<(baton_core::partner::Role, baton_core::partner::PartnerKey)> {
    let mut partners: Vec<_> = state.partners.iter().map(|p| (p.role, p.partner.clone())).collect();
    partners.sort();
    partners.dedup();
    partners
}

/// A row for an exception that was announced at some time; what is merely possible has none.
/// What is at stake on what orders share is told by all of them: see [`crate::stakes`].
fn exception_row(cluster: ClusterNo, e: &ExceptionState, stake: Stake) -> Option<ExceptionRow> {
    let (state, opened_at, closed_at) = match e.status {
        ExceptionStatus::Open { raised_at } => ("open", raised_at, None),
        ExceptionStatus::Cleared { raised_at, cleared_at } => {
            ("cleared", raised_at, Some(cleared_at))
        }
        ExceptionStatus::Waived { raised_at } => ("waived", raised_at, Some(raised_at)),
        ExceptionStatus::Disproved => {
            let at = e.acts.first()?.at;
            ("disproved", at, Some(e.acts.last().map_or(at, |act| act.at)))
        }
        ExceptionStatus::NotProvable { since } => ("not_provable", since, Some(since)),
    };
    Some(ExceptionRow {
        id: e.id,
        cluster,
        object: e.object,
        code: e.code,
        severity: i64::from(e.severity),
        state: state.to_owned(),
        opened_at,
        closed_at,
        liable: e.liable,
        partner: e.partner.clone(),
        summary: e.summary.clone(),
        expectation: e.expectation.clone(),
        wording: if e.wording.is_text() {
            String::new()
        } else {
            serde_json::to_string(&e.wording).unwrap_or_default()
        },
        taken: e.taken.as_ref().map(|taken| (taken.by.to_string(), taken.at)),
        stake: if e.status.is_open() { stake } else { Stake::default() },
    })
}

//! Counting what a tenant used: the tidy loop adds what was noted, and the orders that changes name for the
//! first time, to their days, and closes days that are over. What it has not come to yet is added where
//! somebody asks, within a bound, so that today's figures are today's.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::time::{Duration, Instant};
use baton_core::usage::{Day, Figures, Month};
use baton_store::usage::{self, Note, Progress};
use baton_store::{Scope, StoreError, Tx, changes};

/// How long after its end a day is closed: messages that are under way at midnight have come by then.
const CLOSED_AFTER: Duration = Duration::hours(1);
/// Notes that are looked at for an answer, beside what was counted.
const ASKED_NOTES_MAX: usize = 20_000;
/// The same of changes.
const ASKED_CHANGES_MAX: i64 = 50_000;

/// Figures that stand, and what there is beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counted {
    /// Days that have something.
    pub(crate) days: BTreeMap<Day, Figures>,
    /// People who were active, by month.
    pub(crate) people: BTreeMap<Month, i64>,
    /// All days before this one are final.
    pub(crate) closed_before: Day,
    /// Whether there was more to count than one answer looks at: the figures are at least these.
    pub(crate) is_behind: bool,
}

/// What was taken, by the days that it counts for: none that is closed.
fn by_day(
    progress: Progress,
    notes: &[Note],
    orders: impl IntoIterator<Item = Instant>,
) -> BTreeMap<Day, Figures> {
    let mut days: BTreeMap<Day, Figures> = BTreeMap::new();
    let mut add = |at: Instant, figures: Figures| {
        *days.entry(Day::of(at).max(progress.closed_before)).or_default() += figures;
    };
    for note in notes {
        add(note.at, note.figures());
    }
    for at in orders {
        add(at, Figures { orders: 1, ..Figures::default() });
    }
    days
}

/// The next changes to be looked at, as numbers: after the first, up to the second.
fn next_changes(
    tx: &mut Tx<'_>,
    scope: &Scope,
    progress: Progress,
    limit: i64,
) -> Result<(i64, i64, bool), StoreError> {
    let kept = changes::kept(tx, scope)?;
    let after = progress.changes_to.max(kept.first - 1).min(kept.last.max(progress.changes_to));
    let upto = kept.last.min(after.saturating_add(limit)).max(after);
    Ok((after, upto, upto >= kept.last))
}

/// The day before which all is closed by `now`.
fn closes_before(now: Instant) -> Day {
    Day::of(now - CLOSED_AFTER)
}

/// Whether there is anything for [`count`] to do: most of the time, of most tenants, there is not.
pub(crate) fn is_due(tx: &mut Tx<'_>, scope: &Scope, now: Instant) -> Result<bool, StoreError> {
    let progress = usage::progress(tx, scope)?;
    let kept = changes::kept(tx, scope)?;
    Ok(progress.closed_before < closes_before(now)
        || progress.changes_to < kept.last
        || !usage::waiting(tx, scope, 1)?.is_empty())
}

/// Counts up to `limit` notes of each kind and so many changes. Returns how much that was, and closes what
/// is over once nothing is left.
pub(crate) fn count(
    tx: &mut Tx<'_>,
    scope: &Scope,
    now: Instant,
    limit: usize,
) -> Result<u64, StoreError> {
    let progress = usage::hold(tx, scope)?;
    let notes = usage::take(tx, scope, limit)?;
    let changes_max = i64::try_from(limit).unwrap_or(i64::MAX);
    let (after, changes_to, is_last) = next_changes(tx, scope, progress, changes_max)?;
    let mut began = Vec::new();
    for order in usage::orders_named(tx, scope, after, changes_to)? {
        if usage::order_began(tx, scope, &order.id, order.at)? && order.is_new {
            began.push(order.at);
        }
    }
    usage::add(tx, scope, &by_day(progress, &notes, began))?;
    let is_all = is_last && notes.len() < limit;
    let mut closed_before = progress.closed_before;
    if is_all && closes_before(now) > closed_before {
        closed_before = closes_before(now);
        usage::close_months(tx, scope, closed_before.month())?;
    }
    usage::advance(tx, scope, Progress { changes_to, closed_before })?;
    let looked_at = notes.len() as u64 + u64::try_from(changes_to - after).unwrap_or(0);
    Ok(looked_at)
}

/// What was used from `from` and before `until`, with what is not counted yet.
pub(crate) fn asked(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (from, until): (Month, Month),
) -> Result<Counted, StoreError> {
    let progress = usage::progress(tx, scope)?;
    let (first, end) = (from.first_day(), until.first_day());
    let mut days = usage::days(tx, scope, first, end)?;
    let notes = usage::waiting(tx, scope, ASKED_NOTES_MAX)?;
    let (after, upto, is_last) = next_changes(tx, scope, progress, ASKED_CHANGES_MAX)?;
    let mut began = Vec::new();
    let mut seen = BTreeSet::new();
    for order in usage::orders_named(tx, scope, after, upto)? {
        let is_first = seen.insert(order.id.clone());
        if is_first && order.is_new && !usage::order_is_counted(tx, scope, &order.id)? {
            began.push(order.at);
        }
    }
    for (day, figures) in by_day(progress, &notes, began) {
        if (first..end).contains(&day) {
            *days.entry(day).or_default() += figures;
        }
    }
    Ok(Counted {
        days,
        people: usage::people(tx, scope, from, until)?,
        closed_before: progress.closed_before,
        is_behind: !is_last || notes.len() >= ASKED_NOTES_MAX,
    })
}

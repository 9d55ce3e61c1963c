//! Counting what a tenant used: the tidy loop adds what was noted to its days, and closes days that are over.
//! What it has not come to yet is added where somebody asks, within a bound, so that today's figures are today's.

use std::collections::BTreeMap;

use baton_core::time::{Duration, Instant};
use baton_core::usage::{Day, Figures, Month};
use baton_store::usage::{self, Note, Progress};
use baton_store::{Scope, StoreError, Tx};

/// How long after its end a day is closed: messages that are under way at midnight have come by then.
const CLOSED_AFTER: Duration = Duration::hours(1);
/// Notes that are looked at for an answer, beside what was counted.
const ASKED_NOTES_MAX: usize = 20_000;

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
fn by_day(progress: Progress, notes: &[Note]) -> BTreeMap<Day, Figures> {
    let mut days: BTreeMap<Day, Figures> = BTreeMap::new();
    for note in notes {
        let day = Day::of(note.at).max(progress.closed_before);
        *days.entry(day).or_default() += note.figures();
    }
    days
}

/// The day before which all is closed by `now`.
fn closes_before(now: Instant) -> Day {
    Day::of(now - CLOSED_AFTER)
}

/// Whether there is anything for [`count`] to do: most of the time, of most tenants, there is not.
pub(crate) fn is_due(tx: &mut Tx<'_>, scope: &Scope, now: Instant) -> Result<bool, StoreError> {
    let progress = usage::progress(tx, scope)?;
    Ok(progress.closed_before < closes_before(now) || !usage::waiting(tx, scope, 1)?.is_empty())
}

/// Counts up to `limit` notes of each kind. Returns how many that was, and closes what is over once nothing is
/// left.
pub(crate) fn count(
    tx: &mut Tx<'_>,
    scope: &Scope,
    now: Instant,
    limit: usize,
) -> Result<u64, StoreError> {
    let progress = usage::hold(tx, scope)?;
    let notes = usage::take(tx, scope, limit)?;
    usage::add(tx, scope, &by_day(progress, &notes))?;
    let closed_before = closes_before(now);
    if notes.len() < limit && closed_before > progress.closed_before {
        usage::close_months(tx, scope, closed_before.month())?;
        usage::advance(tx, scope, Progress { closed_before })?;
    }
    Ok(notes.len() as u64)
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
    for (day, figures) in by_day(progress, &notes) {
        if (first..end).contains(&day) {
            *days.entry(day).or_default() += figures;
        }
    }
    Ok(Counted {
        days,
        people: usage::people(tx, scope, from, until)?,
        closed_before: progress.closed_before,
        is_behind: notes.len() >= ASKED_NOTES_MAX,
    })
}

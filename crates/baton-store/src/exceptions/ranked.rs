//! Open exceptions in the order of their ranks, over however many there are.
//!
//! Exceptions that are alike in code, liable partner, severity and money make a *run*: within it the order
//! by rank is the order by promise, whatever the time is, and an index has it. A page is what the runs
//! come to side by side; those whose first cannot be on it are not looked into. So a page costs a few
//! entries of each run that reaches it, and no row is written when time passes.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use baton_core::id::ExceptionId;
use baton_core::rank::{Rank, Stake, TIME_POINTS_MAX, latest_with, time_points};
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::{Duration, Instant};

use super::{
    ExceptionRow, Filter, NOT_DUE, OPEN, PAGE_MAX, PARTS, are_few_of_partner, begin, due_at,
    is_unseen, leave_out_unseen, narrow, of_customers, read,
};
use crate::error::{Result, StoreError};
use crate::parts::Assembly;
use crate::scope::Scope;
use crate::sql::{Param, Row, params, sql_pair};
use crate::tx::Tx;

/// Of one order, or of a few, no more than so many are ranked: the latest opened.
const FEW_ROWS_MAX: i64 = 20_000;
/// A partner in so many orders, with so many open exceptions, has them ranked by one query that begins with its
/// orders. With more, its share of everybody's is such that the runs lead to a page sooner.
const SEEN_ORDERS_MAX: i64 = 10_000;
const SEEN_ROWS_MAX: i64 = 50_000;
const SEEN: &str = include_str!("../../sql/exceptions/seen.parts.sql");
/// Runs that are looked into at once.
const RUNS_AT_ONCE: usize = 24;

/// A page of the ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    pub items: Vec<(ExceptionRow, Rank)>,
    /// Where the next page begins.
    pub next: Option<Place>,
}

/// Where a page ended, and when: later pages go on by the ranks of that instant. As text it is opaque to
/// callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    now: Instant,
    sum: i64,
    due: i64,
    id: ExceptionId,
}

impl Place {
    fn key(self) -> Key {
        (Reverse(self.sum), self.due, self.id.to_string())
    }
    /// The instant of the first page.
    #[must_use]
    pub const fn now(self) -> Instant {
        self.now
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}.{}.{}.{}", self.now.micros(), self.sum, self.due, self.id)
    }
}

/// A text that is no place of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a place in the ranking, pass on the `next_cursor` of the page before")]
pub struct NotAPlace;

impl FromStr for Place {
    type Err = NotAPlace;
    fn from_str(text: &str) -> std::result::Result<Self, NotAPlace> {
        let mut parts = text.strip_prefix('r').ok_or(NotAPlace)?.splitn(4, '.');
        let mut number = || parts.next()?.parse::<i64>().ok();
        let (Some(now), Some(sum), Some(due)) = (number(), number(), number()) else {
            return Err(NotAPlace);
        };
        let id = parts.next().and_then(|id| id.parse().ok()).ok_or(NotAPlace)?;
        Ok(Self { now: Instant::from_micros(now), sum, due, id })
    }
}

/// Exceptions that differ in their promises alone.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    code: String,
    partner: String,
    severity: i64,
    money: i64,
    /// What of the rank is the same for all of it.
    base: i64,
    /// It is read after this promise and id.
    after: (i64, String),
    /// The highest rank that it may still have.
    top: i64,
}

/// Where an exception stands: the highest rank first, then the earliest promise.
type Key = (Reverse<i64>, i64, String);

/// Up to `limit` open exceptions that the filter lets through, in the order of their ranks at `now`, or at
/// the instant of the page before. Where the scope has no sight of prices, money adds nothing.
///
/// # Errors
/// What the engine does.
pub fn ranked(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &Filter,
    now: Instant,
    after: Option<Place>,
    limit: usize,
) -> Result<Ranked> {
    let limit = limit.clamp(1, PAGE_MAX);
    let ranking = Ranking { scope, now: after.map_or(now, |place| place.now) };
    if filter.is_of_nobody(scope) {
        return Ok(Ranked { items: Vec::new(), next: None });
    }
    let customers = filter.customers();
    if !customers.is_empty() {
        let order = filter.order.map(|(cluster, order)| (cluster.0, order.to_string()));
        return ranking.of_few(tx, filter, after, limit, |query| {
            of_customers(query, &customers, true);
            if let Some((cluster, order)) = &order {
                query.part("order").value(*cluster).value(order).value(*cluster);
            }
        });
    }
    if let Some((cluster, order)) = filter.order {
        let order = order.to_string();
        return ranking.of_few(tx, filter, after, limit, |query| {
            query.part("order").value(cluster.0).value(&order).value(cluster.0);
        });
    }
    if let Some(mut keys) = ranking.seen(tx, filter)? {
        keys.retain(|key| after.is_none_or(|place| *key > place.key()));
        keys.sort_unstable();
        keys.truncate(limit + 1);
        return ranking.page(tx, keys, limit);
    }
    let mut runs = ranking.runs(tx, filter)?;
    runs.retain_mut(|run| ranking.begins(run, after));
    runs.sort_by_key(|run| Reverse(run.top));
    // One more than asked for tells whether there is a next page.
    let wanted = limit + 1;
    let mut keys: Vec<Key> = Vec::new();
    for some in runs.chunks(RUNS_AT_ONCE) {
        let best = some.first().map_or(i64::MIN, |run| run.top);
        if keys.get(limit).is_some_and(|(Reverse(sum), ..)| *sum > best) {
            break;
        }
        keys.extend(ranking.entries(tx, some, wanted)?);
        keys.sort_unstable();
        keys.truncate(wanted);
    }
    ranking.page(tx, keys, limit)
}

/// By whose sight, and when.
struct Ranking<'a> {
    scope: &'a Scope,
    now: Instant,
}

impl Ranking<'_> {
    fn rank(&self, severity: i64, stake: Stake) -> Rank {
        let money = if self.scope.sight().prices { stake.money } else { 0 };
        Rank::of(severity, Stake { money, ..stake }, self.now)
    }

    fn key(&self, row: &ExceptionRow) -> Key {
        let due = row.stake.due_at.map_or(NOT_DUE, Instant::micros);
        (Reverse(self.rank(row.severity, row.stake).sum), due, row.id.to_string())
    }

    /// All that a partner sees, by one query that begins with its orders; none where that is too much.
    fn seen(&self, tx: &mut Tx<'_>, filter: &Filter) -> Result<Option<Vec<Key>>> {
        let Some(partner) = self.scope.partner_key() else { return Ok(None) };
        if !are_few_of_partner(tx, self.scope, SEEN_ORDERS_MAX)? {
            return Ok(None);
        }
        let mut query = Assembly::new(SEEN, self.scope.within("exceptions")?);
        query.part("seen").value(partner.as_str()).value(partner.as_str());
        leave_out_unseen(&mut query, self.scope);
        narrow(&mut query, filter);
        query.part("at most").value(SEEN_ROWS_MAX + 1);
        let keys = query.rows(tx, |row| {
            let (due, money) = (row.int(3)?, row.int(2)?);
            let rank = self.rank(row.int(1)?, Stake { money, due_at: due_at(due) });
            Ok((Reverse(rank.sum), due, row.text(0)?.to_owned()))
        })?;
        Ok((keys.len() as i64 <= SEEN_ROWS_MAX).then_some(keys))
    }

    /// The runs that there are, by a step along the index for each.
    fn runs(&self, tx: &mut Tx<'_>, filter: &Filter) -> Result<Vec<Run>> {
        let mut query = Assembly::new(PARTS, self.scope.within("exceptions")?);
        query.part("begin runs");
        if let Some(code) = filter.code {
            query.part("run of code").value(code.code());
        }
        query.part("next run");
        if filter.code.is_none() {
            query.part("next run of any code");
        }
        query.part("end runs");
        let mut runs = query.rows(tx, |row| {
            let (severity, money) = (row.int(2)?, row.int(3)?);
            let rank = self.rank(severity, Stake { money, due_at: due_at(row.int(4)?) });
            Ok(Run {
                code: row.text(0)?.to_owned(),
                partner: row.text(1)?.to_owned(),
                severity,
                money,
                base: rank.sum - rank.time,
                after: (i64::MIN, String::new()),
                top: rank.sum,
            })
        })?;
        let is_about_money =
            |code: &str| ExceptionCode::find(code).is_some_and(ExceptionCode::is_about_money);
        runs.retain(|run| {
            !is_unseen(self.scope, &run.code)
                && filter.severity_min.is_none_or(|least| run.severity >= least)
                && filter.partner.as_ref().is_none_or(|partner| run.partner == partner.as_str())
                && (!filter.money || is_about_money(&run.code))
        });
        Ok(runs)
    }

    /// Sets where a run is read from after a place; false where all of it lies before.
    fn begins(&self, run: &mut Run, after: Option<Place>) -> bool {
        let Some(place) = after else { return true };
        // With so many points for time, one of this run has the rank of the place.
        let points = place.sum - run.base;
        if points < 0 {
            return false;
        }
        if points <= TIME_POINTS_MAX {
            let had = time_points(due_at(place.due), self.now);
            run.after = match points.cmp(&had) {
                std::cmp::Ordering::Equal => (place.due, place.id.to_string()),
                // Of the same rank, and with later promises: still to come.
                std::cmp::Ordering::Less => (self.first_with(points), String::new()),
                // Of the same rank, and with earlier promises: before the place.
                std::cmp::Ordering::Greater => (self.first_with(points - 1), String::new()),
            };
        }
        run.top = run.top.min(place.sum);
        true
    }

    /// The earliest promise that has no more than so many points.
    fn first_with(&self, points: i64) -> i64 {
        if points >= TIME_POINTS_MAX {
            return i64::MIN;
        }
        (latest_with(points + 1, self.now) + Duration::from_micros(1)).micros()
    }

    /// The next entries of each of these runs.
    fn entries(&self, tx: &mut Tx<'_>, runs: &[Run], wanted: usize) -> Result<Vec<Key>> {
        let tenant = self.scope.within("exceptions")?;
        let rows = runs.iter().zip(0_i64..).map(|(run, n)| {
            params![
                tenant,
                n,
                &run.code,
                &run.partner,
                run.severity,
                run.money,
                run.after.0,
                &run.after.1,
                wanted as i64,
                self.scope.partner_text(),
            ]
        });
        let mut found = Vec::new();
        let mut take = |row: &Row<'_>| {
            let run = usize::try_from(row.int(0)?).ok().and_then(|n| runs.get(n));
            let run = run.ok_or(StoreError::Corrupt { what: "a run of exceptions" })?;
            let due = row.int(1)?;
            let rank = run.base + time_points(due_at(due), self.now);
            found.push((Reverse(rank), due, row.text(2)?.to_owned()));
            Ok(())
        };
        if self.scope.partner_key().is_some() {
            tx.bulk_query(sql_pair!("exceptions/run_of_partner"), rows, &mut take)?;
        } else {
            let rows = rows.map(|[a, b, c, d, e, f, g, h, i, _]| [a, b, c, d, e, f, g, h, i]);
            tx.bulk_query::<9>(sql_pair!("exceptions/run"), rows, &mut take)?;
        }
        Ok(found)
    }

    fn page(&self, tx: &mut Tx<'_>, mut keys: Vec<Key>, limit: usize) -> Result<Ranked> {
        let more = keys.len() > limit;
        keys.truncate(limit);
        let tenant = self.scope.within("exceptions")?;
        let wanted = keys.iter().map(|(.., id)| -> [Param<'_>; 2] { params![tenant, id] });
        let mut rows = HashMap::new();
        tx.bulk_query(sql_pair!("exceptions/by_ids"), wanted, |row| {
            let row = read(row)?;
            rows.insert(row.id.to_string(), row);
            Ok(())
        })?;
        Ok(self.told(keys.iter().filter_map(|(.., id)| rows.remove(id)).collect(), more))
    }

    /// What one order has, or a few, is read whole, and sorted.
    fn of_few<'q>(
        &'q self,
        tx: &mut Tx<'_>,
        filter: &'q Filter,
        after: Option<Place>,
        limit: usize,
        lead: impl FnOnce(&mut Assembly<'q>),
    ) -> Result<Ranked> {
        let mut query = begin(self.scope, self.scope.within("exceptions")?);
        query.part("state").value(OPEN);
        narrow(&mut query, filter);
        lead(&mut query);
        query.part("sorted").value(FEW_ROWS_MAX);
        let mut rows = query.rows(tx, read)?;
        if let Some(place) = after {
            rows.retain(|row| self.key(row) > place.key());
        }
        rows.sort_by_cached_key(|row| self.key(row));
        let more = rows.len() > limit;
        rows.truncate(limit);
        Ok(self.told(rows, more))
    }

    fn told(&self, rows: Vec<ExceptionRow>, more: bool) -> Ranked {
        let next = rows.last().filter(|_| more).map(|row| {
            let (Reverse(sum), due, _) = self.key(row);
            Place { now: self.now, sum, due, id: row.id }
        });
        let rank = |row: &ExceptionRow| self.rank(row.severity, row.stake);
        let items = rows.into_iter().map(|row| (rank(&row), row)).map(|(rank, row)| (row, rank));
        Ranked { items: items.collect(), next }
    }
}

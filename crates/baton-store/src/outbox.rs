//! The outbox: commands to send, each with an identity made of what caused it.
//!
//! Commands about one cluster to one subscription go in order: the next is not given out before the
//! one ahead was delivered or given up. A claim hides a command until its lease ends, so that one whose
//! dispatcher died is sent again, with the same identity.

use std::str::FromStr;

use baton_core::id::ActId;
use baton_core::time::Instant;

use crate::clusters::ClusterNo;
use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sql::{Row, params, sql, sql_pair};
use crate::tx::Tx;
use crate::usage::{self, Kind, Note};

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Pending,
    Delivered,
    /// Given up; waits for a person.
    Dead,
}

impl State {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }
}

impl FromStr for State {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self> {
        [Self::Pending, Self::Delivered, Self::Dead]
            .into_iter()
            .find(|state| state.name() == text)
            .ok_or(StoreError::Corrupt { what: "a command's state" })
    }
}

/// A command to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewCommand<'a> {
    /// What it is, so that it is sent once however often it is derived.
    pub act: ActId,
    /// What it is about: commands of one cluster go in order.
    pub cluster: ClusterNo,
    /// Where it goes.
    pub subscription: i64,
    pub payload: &'a str,
    /// Not before.
    pub next_at: Instant,
    pub created_at: Instant,
}

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    pub id: i64,
    pub act: ActId,
    pub cluster: ClusterNo,
    pub subscription: i64,
    pub payload: String,
    /// How often it was claimed, the present claim included.
    pub attempts: i64,
    /// When it may be claimed (again).
    pub next_at: Instant,
    pub state: State,
    pub last_error: Option<String>,
    pub created_at: Instant,
}

/// Adds commands; one whose act is known changes nothing. Returns how many were new.
///
/// Call it late in its transaction, before [`crate::changes::append`]: from here on other writers of
/// commands of the tenant wait for the commit, so that the numbers are in the order of commit.
///
/// # Errors
/// What the engine does.
pub fn add(tx: &mut Tx<'_>, scope: &Scope, commands: &[NewCommand<'_>]) -> Result<u64> {
    let tenant = scope.whole("commands")?;
    let numbers = tx.numbers(tenant, Counter::Outbox, commands.len())?;
    let acts: Vec<String> = commands.iter().map(|command| command.act.to_string()).collect();
    tx.bulk(
        sql_pair!("outbox/insert"),
        commands.iter().zip(&acts).zip(numbers).map(|((command, act), id)| {
            params![
                tenant,
                id,
                act,
                command.cluster.0,
                command.subscription,
                command.payload,
                command.next_at,
                command.created_at,
            ]
        }),
    )
}

/// Claims up to `limit` commands for `worker` that are due at `now` and have none ahead of them, until
/// `until`.
///
/// # Errors
/// What the engine does.
pub fn claim(
    tx: &mut Tx<'_>,
    scope: &Scope,
    worker: i64,
    (now, until): (Instant, Instant),
    limit: usize,
) -> Result<Vec<Command>> {
    let tenant = scope.whole("commands")?;
    let values = params![tenant, now, until, limit as i64, worker];
    let mut claimed = tx.rows(sql_pair!("outbox/claim"), &values, read)?;
    claimed.sort_unstable_by_key(|command| command.id);
    Ok(claimed)
}

/// Notes that a command was delivered.
///
/// # Errors
/// [`StoreError::NotFound`] where it was not pending any more.
pub fn delivered(tx: &mut Tx<'_>, scope: &Scope, id: i64) -> Result<()> {
    settle(tx, scope, id, State::Delivered, None)
}

/// Notes for the tenant's usage that these commands were delivered.
///
/// # Errors
/// What the engine does.
pub fn count_delivered(
    tx: &mut Tx<'_>,
    scope: &Scope,
    delivered: &[i64],
    at: Instant,
) -> Result<()> {
    let tenant = scope.whole("commands")?;
    let Some(first) = delivered.iter().min() else { return Ok(()) };
    let events = i64::try_from(delivered.len()).unwrap_or(i64::MAX);
    usage::note(tx, tenant, *first, Note { kind: Kind::Delivery, at, events, bytes: 0 })
}

/// Notes that a delivery failed; it is tried again at `next_at`.
///
/// # Errors
/// [`StoreError::NotFound`] where it was not pending any more.
pub fn failed(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: i64,
    next_at: Instant,
    error: &str,
) -> Result<()> {
    settle(tx, scope, id, State::Pending, Some((next_at, error)))
}

/// Puts a command back that was claimed and not tried: the claim does not count as an attempt.
///
/// # Errors
/// What the engine does.
pub fn put_back(tx: &mut Tx<'_>, scope: &Scope, id: i64, next_at: Instant) -> Result<()> {
    let tenant = scope.whole("commands")?;
    tx.execute(sql!("outbox/put_back"), params![tenant, id, next_at]).map(drop)
}

/// Gives a command up.
///
/// # Errors
/// [`StoreError::NotFound`] where it was not pending any more.
pub fn give_up(tx: &mut Tx<'_>, scope: &Scope, id: i64, at: Instant, error: &str) -> Result<()> {
    settle(tx, scope, id, State::Dead, Some((at, error)))
}

fn settle(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: i64,
    state: State,
    failure: Option<(Instant, &str)>,
) -> Result<()> {
    let tenant = scope.whole("commands")?;
    let (next_at, error) = failure.unzip();
    let values = params![tenant, id, state.name(), next_at, error];
    match tx.execute(sql!("outbox/settle"), values)? {
        0 => Err(StoreError::not_found("pending command", id)),
        _ => Ok(()),
    }
}

/// Tries a command again that was given up.
///
/// # Errors
/// [`StoreError::NotFound`] where it was not given up.
pub fn revive(tx: &mut Tx<'_>, scope: &Scope, id: i64, next_at: Instant) -> Result<()> {
    let tenant = scope.whole("commands")?;
    match tx.execute(sql!("outbox/revive"), params![tenant, id, next_at])? {
        0 => Err(StoreError::not_found("dead command", id)),
        _ => Ok(()),
    }
}

/// Up to `limit` commands in a state with a number below `before`, newest first.
///
/// # Errors
/// What the engine does.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    state: State,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Command>> {
    let tenant = scope.whole("commands")?;
    let values = params![tenant, state.name(), before.unwrap_or(i64::MAX), limit as i64];
    tx.rows(sql!("outbox/list"), &values, read)
}

/// Up to `limit` commands with a number below `before`, whatever became of them, newest first.
///
/// # Errors
/// What the engine does.
pub fn newest(tx: &mut Tx<'_>, scope: &Scope, before: i64, limit: usize) -> Result<Vec<Command>> {
    let tenant = scope.whole("commands")?;
    tx.rows(sql!("outbox/newest"), &params![tenant, before, limit as i64], read)
}

/// The number of the first command that was made at or after an instant; one beyond all where none was.
/// Numbers go with time but for commands of several nodes at one moment, so halving finds it.
///
/// # Errors
/// What the engine does.
pub fn first_from(tx: &mut Tx<'_>, scope: &Scope, at: Instant) -> Result<i64> {
    let Some(last) = newest(tx, scope, i64::MAX, 1)?.pop() else { return Ok(1) };
    let (mut low, mut high) = (1, last.id.saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        // The one that is there at or below the middle.
        let found = newest(tx, scope, middle.saturating_add(1), 1)?.pop();
        if found.is_some_and(|command| command.created_at >= at) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}

/// When the first pending command may be claimed.
///
/// # Errors
/// What the engine does.
pub fn next_at(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<Instant>> {
    let tenant = scope.whole("commands")?;
    let found = tx.row(sql!("outbox/next_at"), &params![tenant], |row| row.instant_or_null(0))?;
    Ok(found.flatten())
}

fn read(row: &Row<'_>) -> Result<Command> {
    Ok(Command {
        id: row.int(0)?,
        act: row.parsed(1, "a command's act")?,
        cluster: ClusterNo(row.int(2)?),
        subscription: row.int(3)?,
        payload: row.text(4)?.to_owned(),
        attempts: row.int(5)?,
        next_at: row.instant(6)?,
        state: row.text(7)?.parse()?,
        last_error: row.text_or_null(8)?.map(str::to_owned),
        created_at: row.instant(9)?,
    })
}

//! Quarantine: what of a message could not be read, with where, why, and what became of it.

use std::str::FromStr;

use baton_core::id::MessageNo;
use baton_core::time::Instant;

use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sql::{Row, params, sql, sql_pair};
use crate::tx::Tx;
use crate::usage;

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    /// The message was read again.
    Reread,
    /// A person said that it does not matter, and why.
    Discarded,
}

impl State {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Reread => "reread",
            Self::Discarded => "discarded",
        }
    }
}

impl FromStr for State {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self> {
        [Self::Open, Self::Reread, Self::Discarded]
            .into_iter()
            .find(|state| state.name() == text)
            .ok_or(StoreError::Corrupt { what: "an item of the quarantine" })
    }
}

/// An item to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewItem<'a> {
    pub message: MessageNo,
    /// Which part of the message, such as a transaction set's control number; empty for all of it.
    pub part: &'a str,
    /// A stable code.
    pub code: &'a str,
    /// What was wrong, where, and what was expected: a JSON object.
    pub error: &'a str,
    pub opened_at: Instant,
}

/// An item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: i64,
    pub message: MessageNo,
    pub part: String,
    pub code: String,
    /// A JSON object.
    pub error: String,
    pub opened_at: Instant,
    pub state: State,
    pub closed_at: Option<Instant>,
    pub closed_by: Option<String>,
    pub reason: Option<String>,
}

/// How an item is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing<'a> {
    pub state: State,
    pub at: Instant,
    pub by: &'a str,
    pub reason: Option<&'a str>,
}

/// Opens items; returns their numbers.
///
/// # Errors
/// What the engine does.
pub fn open(tx: &mut Tx<'_>, scope: &Scope, items: &[NewItem<'_>]) -> Result<Vec<i64>> {
    let tenant = scope.whole("the quarantine")?;
    let numbers = tx.numbers(tenant, Counter::Quarantine, items.len())?;
    tx.bulk(
        sql_pair!("quarantine/insert"),
        items.iter().zip(numbers.clone()).map(|(item, id)| {
            params![tenant, id, item.message.0, item.part, item.code, item.error, item.opened_at]
        }),
    )?;
    if let (Some(first), Some(last)) = (numbers.clone().min(), numbers.clone().max()) {
        usage::note_quarantined(tx, tenant, (first, last))?;
    }
    Ok(numbers.collect())
}

/// Up to `limit` items in this state, or in any, with a number below `before`; newest first. A partner
/// sees those of its own sources' messages.
///
/// # Errors
/// What the engine does.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    state: Option<State>,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Item>> {
    let tenant = scope.within("the quarantine")?;
    let values = params![
        tenant,
        scope.partner_text(),
        state.map(State::name),
        before.unwrap_or(i64::MAX),
        limit as i64,
    ];
    tx.rows(sql!("quarantine/list"), &values, read)
}

/// One item.
///
/// # Errors
/// [`StoreError::NotFound`], also where the scope does not reach it.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, id: i64) -> Result<Item> {
    let tenant = scope.within("the quarantine")?;
    tx.row(sql!("quarantine/get"), &params![tenant, scope.partner_text(), id], read)?
        .ok_or_else(|| StoreError::not_found("item of the quarantine", id))
}

/// The items of one message, open or closed, oldest first.
///
/// # Errors
/// What the engine does.
pub fn of_message(tx: &mut Tx<'_>, scope: &Scope, message: MessageNo) -> Result<Vec<Item>> {
    let tenant = scope.within("the quarantine")?;
    let values = params![tenant, scope.partner_text(), message.0];
    tx.rows(sql!("quarantine/of_message"), &values, read)
}

/// How many items are open.
///
/// # Errors
/// What the engine does.
pub fn count_open(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64> {
    let tenant = scope.whole("the quarantine")?;
    Ok(tx.row(sql!("quarantine/count_open"), &params![tenant], |row| row.int(0))?.unwrap_or(0))
}

/// Closes an open item.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none, [`StoreError::Conflict`] where it is closed.
pub fn close(tx: &mut Tx<'_>, scope: &Scope, id: i64, closing: Closing<'_>) -> Result<()> {
    let tenant = scope.whole("the quarantine")?;
    let values = params![tenant, id, closing.state.name(), closing.at, closing.by, closing.reason];
    if tx.execute(sql!("quarantine/close"), values)? == 1 {
        return Ok(());
    }
    get(tx, scope, id)?;
    Err(StoreError::conflict("item of the quarantine", id, "is closed already"))
}

/// Closes all open items of messages that are read again.
///
/// # Errors
/// What the engine does.
pub fn close_messages(
    tx: &mut Tx<'_>,
    scope: &Scope,
    messages: &[MessageNo],
    closing: Closing<'_>,
) -> Result<u64> {
    let tenant = scope.whole("the quarantine")?;
    let mut closed = 0;
    for message in messages {
        let values = params![
            tenant,
            message.0,
            closing.state.name(),
            closing.at,
            closing.by,
            closing.reason,
        ];
        closed += tx.execute(sql!("quarantine/close_message"), values)?;
    }
    Ok(closed)
}

fn read(row: &Row<'_>) -> Result<Item> {
    Ok(Item {
        id: row.int(0)?,
        message: MessageNo(row.int(1)?),
        part: row.text(2)?.to_owned(),
        code: row.text(3)?.to_owned(),
        error: row.text(4)?.to_owned(),
        opened_at: row.instant(5)?,
        state: row.text(6)?.parse()?,
        closed_at: row.instant_or_null(7)?,
        closed_by: row.text_or_null(8)?.map(str::to_owned),
        reason: row.text_or_null(9)?.map(str::to_owned),
    })
}

//! Requests: what somebody wants activated, or changed in who has to approve it, and what others said
//! to it. Approvals and refusals are words with a kind; how many are enough is a rule of the server's.
//!
//! INVARIANT: a request is closed once. What it asked for is done in the transaction that closes it.

use std::str::FromStr;

use baton_core::time::Instant;

use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sql::{Row, params, sql, sql_pair};
use crate::tx::Tx;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits to be approved, unless it is too old.
    Open,
    /// What it asked for was done.
    Granted,
    Refused,
    /// Whoever asked wants it no more.
    Withdrawn,
}

impl State {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl FromStr for State {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self> {
        [Self::Open, Self::Granted, Self::Refused, Self::Withdrawn]
            .into_iter()
            .find(|state| state.name() == text)
            .ok_or(StoreError::Corrupt { what: "the state of a request" })
    }
}

/// What kind of word it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    Comment,
    Approval,
    Refusal,
    Withdrawal,
}

impl WordKind {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Approval => "approval",
            Self::Refusal => "refusal",
            Self::Withdrawal => "withdrawal",
        }
    }
}

impl FromStr for WordKind {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self> {
        [Self::Comment, Self::Approval, Self::Refusal, Self::Withdrawal]
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or(StoreError::Corrupt { what: "the kind of a word" })
    }
}

/// Who says something: for the rules, and for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// Tells one from another, in the server's words.
    pub author: String,
    /// How others know them.
    pub person: String,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Within its tenant.
    pub id: i64,
    /// What is wanted, a JSON object of the server's.
    pub wanted: String,
    pub reason: String,
    /// How many have to approve.
    pub needed: i64,
    pub asked_by: Speaker,
    pub asked_at: Instant,
    pub expires_at: Instant,
    pub state: State,
    pub closed_at: Option<Instant>,
    pub closed_by: Option<String>,
    /// The first activation that was made of it, where packs were wanted; there is one for each pack, in
    /// order.
    pub activation: Option<i64>,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRequest<'a> {
    pub wanted: &'a str,
    pub reason: &'a str,
    pub needed: i64,
    pub asked_by: &'a Speaker,
    pub asked_at: Instant,
    pub expires_at: Instant,
}

/// How a request is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing<'a> {
    pub state: State,
    pub at: Instant,
    pub by: &'a str,
    /// The first activation that was made of it.
    pub activation: Option<i64>,
}

/// What somebody said to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub by: Speaker,
    pub said_at: Instant,
    pub kind: WordKind,
    pub words: String,
}

/// Asks; returns the request's number.
///
/// # Errors
/// What the engine does.
pub fn ask(tx: &mut Tx<'_>, scope: &Scope, new: &NewRequest<'_>) -> Result<i64> {
    let tenant = scope.whole("requests")?;
    let id = tx.numbers(tenant, Counter::PackRequest, 1)?.start;
    let values = params![
        tenant,
        id,
        new.wanted,
        new.reason,
        new.needed,
        &new.asked_by.author,
        &new.asked_by.person,
        new.asked_at,
        new.expires_at,
    ];
    tx.execute(sql!("pack_requests/insert"), values)?;
    Ok(id)
}

/// One request.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn get(tx: &mut Tx<'_>, scope: &Scope, id: i64) -> Result<Request> {
    let tenant = scope.whole("requests")?;
    tx.row(sql!("pack_requests/get"), &params![tenant, id], read)?
        .ok_or_else(|| StoreError::not_found("request", id))
}

/// Up to `limit` requests with a number below `before`, newest first.
///
/// # Errors
/// What the engine does.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Request>> {
    let tenant = scope.whole("requests")?;
    let values = params![tenant, before.unwrap_or(i64::MAX), limit as i64];
    tx.rows(sql!("pack_requests/list"), &values, read)
}

/// What was said to a request, in order.
///
/// # Errors
/// What the engine does.
pub fn words(tx: &mut Tx<'_>, scope: &Scope, id: i64) -> Result<Vec<Word>> {
    let tenant = scope.whole("requests")?;
    tx.rows(sql!("pack_requests/words"), &params![tenant, id], |row| {
        Ok(Word {
            by: Speaker { author: row.text(0)?.to_owned(), person: row.text(1)?.to_owned() },
            said_at: row.instant(2)?,
            kind: row.text(3)?.parse()?,
            words: row.text(4)?.to_owned(),
        })
    })
}

/// Adds a word to a request; until the transaction ends nobody else does.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn say(tx: &mut Tx<'_>, scope: &Scope, id: i64, word: &Word) -> Result<()> {
    let tenant = scope.whole("requests")?;
    tx.row(sql_pair!("pack_requests/hold"), &params![tenant, id], |row| row.int(0))?
        .ok_or_else(|| StoreError::not_found("request", id))?;
    let seq = words(tx, scope, id)?.len() as i64 + 1;
    let values = params![
        tenant,
        id,
        seq,
        &word.by.author,
        &word.by.person,
        word.said_at,
        word.kind.name(),
        &word.words,
    ];
    tx.execute(sql!("pack_requests/say"), values).map(drop)
}

/// Closes an open request.
///
/// # Errors
/// [`StoreError::Conflict`] where it is closed already.
pub fn close(tx: &mut Tx<'_>, scope: &Scope, id: i64, closing: &Closing<'_>) -> Result<()> {
    let tenant = scope.whole("requests")?;
    let Closing { state, at, by, activation } = *closing;
    let values = params![tenant, id, state.name(), at, by, activation];
    match tx.execute(sql!("pack_requests/close"), values)? {
        0 => Err(StoreError::conflict("request", id, "is not open any more")),
        _ => Ok(()),
    }
}

fn read(row: &Row<'_>) -> Result<Request> {
    Ok(Request {
        id: row.int(0)?,
        wanted: row.text(1)?.to_owned(),
        reason: row.text(2)?.to_owned(),
        needed: row.int(3)?,
        asked_by: Speaker { author: row.text(4)?.to_owned(), person: row.text(5)?.to_owned() },
        asked_at: row.instant(6)?,
        expires_at: row.instant(7)?,
        state: row.text(8)?.parse()?,
        closed_at: row.instant_or_null(9)?,
        closed_by: row.text_or_null(10)?.map(str::to_owned),
        activation: row.int_or_null(11)?,
    })
}

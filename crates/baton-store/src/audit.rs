//! Who did what: one line for each act of a person, a program or Baton itself, and for each that was
//! refused. Lines are added in the transaction of the act that they tell of, and never changed.
//!
//! Each line's hash covers the hash of the line before it, so that one that was changed, left out or put
//! in shows. Who can write to the tables can also write all the hashes anew: against that helps only a
//! hash that was noted elsewhere, which [`Chain::holds`] finds again.
//!
//! The tenant is no part of the hash: a tenant that moves to another store takes its lines along.

use baton_core::time::Instant;

use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::parts::Assembly;
use crate::scope::Scope;
use crate::sql::{Row, params, sql};
use crate::tx::Tx;

/// What the outcome of an act is called that was done; any other word is the code of a refusal.
pub const DONE: &str = "done";
/// Rows that one call of [`list`] gives at most.
pub const LINES_MAX: usize = 1_000;

const PARTS: &str = include_str!("../sql/audit/list.parts.sql");
/// What the first line follows.
const BEGINNING: [u8; 32] = *b"baton audit record, version 1\0\0\0";

/// A line to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    pub at: Instant,
    /// The id of a user or a key, in the server's words.
    pub who: String,
    /// How they were called then.
    pub name: String,
    pub role: String,
    pub operation: String,
    /// What sort of thing it was done to, and its id; both may be empty.
    pub subject_kind: String,
    pub subject: String,
    /// [`DONE`], or the code of the refusal.
    pub outcome: String,
    /// A few words as JSON; neither bodies nor secrets.
    pub detail: String,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// From 1, without gaps.
    pub seq: i64,
    pub line: NewLine,
    pub hash: [u8; 32],
}

/// Which lines; every part that is given narrows the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub who: Option<String>,
    pub operation: Option<String>,
    pub subject_kind: Option<String>,
    pub subject: Option<String>,
    /// Whether what was done, or what was refused.
    pub done: Option<bool>,
    pub from: Option<Instant>,
    /// Before this.
    pub until: Option<Instant>,
}

/// Adds a line; the scope's tenant is whose act it was, or the operator where it was about none.
///
/// Call it last in its transaction: from here on other acts of the tenant wait for the commit.
///
/// # Errors
/// What the engine does.
pub fn append(tx: &mut Tx<'_>, scope: &Scope, new: &NewLine) -> Result<i64> {
    let tenant = record_of(scope)?;
    let seq = tx.numbers(tenant, Counter::Audit, 1)?.start;
    let before = tx.row(sql!("audit/before"), &params![tenant, seq - 1], |row| {
        Ok((row.instant(0)?, hash_of(row, 1)?))
    })?;
    let (last_at, last_hash) = before.unwrap_or((new.at, BEGINNING));
    // The lines are in the order of time, whichever node's clock is behind.
    let line = NewLine { at: new.at.max(last_at), ..new.clone() };
    let hash = chained(&last_hash, seq, &line);
    let values = params![
        tenant,
        seq,
        line.at,
        line.who.as_str(),
        line.name.as_str(),
        line.role.as_str(),
        line.operation.as_str(),
        line.subject_kind.as_str(),
        line.subject.as_str(),
        line.outcome.as_str(),
        line.detail.as_str(),
        hash.as_slice(),
    ];
    tx.execute(sql!("audit/insert"), values)?;
    Ok(seq)
}

/// The hash of a line that follows one with the hash `before`.
#[must_use]
pub fn chained(before: &[u8; 32], seq: i64, line: &NewLine) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before).update(&seq.to_le_bytes()).update(&line.at.micros().to_le_bytes());
    let parts = [
        &line.who,
        &line.name,
        &line.role,
        &line.operation,
        &line.subject_kind,
        &line.subject,
        &line.outcome,
        &line.detail,
    ];
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// Up to `limit` lines below the number `before`, newest first.
///
/// # Errors
/// What the engine does.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &Filter,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Line>> {
    let tenant = whole(scope)?;
    let before = before.unwrap_or(i64::MAX);
    let first = match filter.from {
        Some(from) => first_from(tx, tenant, from)?.unwrap_or(i64::MAX),
        None => 0,
    };
    let end = match filter.until {
        Some(until) => first_from(tx, tenant, until)?.unwrap_or(i64::MAX),
        None => i64::MAX,
    };
    let mut query = Assembly::new(PARTS, tenant);
    query.part("head").value(first).value(before.min(end));
    for (part, value) in [
        ("who", &filter.who),
        ("operation", &filter.operation),
        ("kind", &filter.subject_kind),
        ("subject", &filter.subject),
    ] {
        if let Some(value) = value {
            query.part(part).value(value.as_str());
        }
    }
    match filter.done {
        Some(true) => drop(query.part("done")),
        Some(false) => drop(query.part("refused")),
        None => {}
    }
    query.part("newest first").value(limit.min(LINES_MAX + 1) as i64);
    query.rows(tx, read)
}

/// The number of the first line at or after an instant.
fn first_from(tx: &mut Tx<'_>, tenant: i64, at: Instant) -> Result<Option<i64>> {
    tx.row(sql!("audit/first_from"), &params![tenant, at], |row| row.int(0))
}

/// What is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// There is no line of this number.
    Missing { seq: i64 },
    /// The line is not what its hash was made of, or does not follow the one before it.
    Changed { seq: i64 },
    /// There were lines beyond the last one.
    CutShort { last: i64, counted: i64 },
    /// The line that was noted elsewhere has another hash now, or is not there.
    NotAsNoted { seq: i64 },
}

/// How far a record was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    seq: i64,
    hash: [u8; 32],
}

impl Default for Chain {
    fn default() -> Self {
        Self { seq: 0, hash: BEGINNING }
    }
}

impl Chain {
    /// The number of the last line that was followed.
    #[must_use]
    pub const fn seq(&self) -> i64 {
        self.seq
    }
    /// Its hash.
    #[must_use]
    pub const fn hash(&self) -> &[u8; 32] {
        &self.hash
    }
    /// Takes the next line in.
    ///
    /// # Errors
    /// Where it is not the next, or not what it was.
    pub fn follow(&mut self, line: &Line) -> std::result::Result<(), Broken> {
        let seq = self.seq + 1;
        if line.seq != seq {
            return Err(Broken::Missing { seq });
        }
        if chained(&self.hash, seq, &line.line) != line.hash {
            return Err(Broken::Changed { seq });
        }
        (self.seq, self.hash) = (seq, line.hash);
        Ok(())
    }
}

/// Follows the whole record of a scope. `noted` is the number and the hash of a line as somebody noted
/// them elsewhere.
///
/// # Errors
/// What the engine does; what is wrong with the record is in the value.
pub fn verify(
    tx: &mut Tx<'_>,
    scope: &Scope,
    noted: Option<(i64, [u8; 32])>,
) -> Result<(Chain, Option<Broken>)> {
    let tenant = whole(scope)?;
    let mut chain = Chain::default();
    let mut as_noted = noted.is_none();
    loop {
        let values = params![tenant, chain.seq, LINES_MAX as i64];
        let lines = tx.rows(sql!("audit/after"), &values, read)?;
        if lines.is_empty() {
            break;
        }
        for line in &lines {
            if let Err(broken) = chain.follow(line) {
                return Ok((chain, Some(broken)));
            }
            as_noted |= noted == Some((chain.seq, chain.hash));
        }
    }
    let counted = tx.row(sql!("audit/counted"), &params![tenant], |row| row.int(0))?.unwrap_or(0);
    let broken = match noted {
        _ if counted > chain.seq => Some(Broken::CutShort { last: chain.seq, counted }),
        Some((seq, _)) if !as_noted => Some(Broken::NotAsNoted { seq }),
        _ => None,
    };
    Ok((chain, broken))
}

/// Under which number a scope's lines are kept: 0 for the operator's.
fn record_of(scope: &Scope) -> Result<i64> {
    const WHAT: &str = "a line of the record";
    if scope.operator_only(WHAT).is_ok() { Ok(0) } else { scope.within(WHAT) }
}

/// The same, for whoever may read all of it.
fn whole(scope: &Scope) -> Result<i64> {
    const WHAT: &str = "the record of acts";
    if scope.operator_only(WHAT).is_ok() { Ok(0) } else { scope.whole(WHAT) }
}

fn hash_of(row: &Row<'_>, column: usize) -> Result<[u8; 32]> {
    row.bytes(column)?.try_into().map_err(|_| StoreError::Corrupt { what: "a hash" })
}

fn read(row: &Row<'_>) -> Result<Line> {
    let text = |column| row.text(column).map(str::to_owned);
    Ok(Line {
        seq: row.int(0)?,
        line: NewLine {
            at: row.instant(1)?,
            who: text(2)?,
            name: text(3)?,
            role: text(4)?,
            operation: text(5)?,
            subject_kind: text(6)?,
            subject: text(7)?,
            outcome: text(8)?,
            detail: text(9)?,
        },
        hash: hash_of(row, 10)?,
    })
}

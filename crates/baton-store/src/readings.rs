//! Readings: which pack version a message was read by again. The first reading has no row: it is by
//! the pack that was active when the message's facts were recorded.

use baton_core::id::MessageNo;
use baton_core::time::Instant;

use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{params, sql};
use crate::tx::Tx;

/// A reading after the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// From 1; the first reading is 0.
    pub seq: i64,
    /// The pack and its version.
    pub pack: String,
    pub recorded_at: Instant,
}

/// How many statements one reading may yield: statement `n` of reading `seq` is kept as number
/// `seq * STATEMENTS_MAX + n`, so that a reading never meets the facts of the one before.
pub const STATEMENTS_MAX: i64 = 1 << 20;

/// The number under which a fact of a reading is kept (see [`crate::facts::NewFact::n`]).
#[must_use]
pub const fn fact_number(seq: i64, statement: i64) -> i64 {
    seq * STATEMENTS_MAX + statement
}

/// Notes another reading; returns its number.
///
/// # Errors
/// What the engine does.
pub fn add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    message: MessageNo,
    pack: &str,
    recorded_at: Instant,
) -> Result<i64> {
    let tenant = scope.whole("readings")?;
    let values = params![tenant, message.0, pack, recorded_at];
    let seq = tx.row(sql!("readings/insert"), &values, |row| row.int(0))?;
    Ok(seq.unwrap_or(1))
}

/// The readings of a message after the first, in order.
///
/// # Errors
/// What the engine does.
pub fn of(tx: &mut Tx<'_>, scope: &Scope, message: MessageNo) -> Result<Vec<Reading>> {
    let tenant = scope.whole("readings")?;
    tx.rows(sql!("readings/of"), &params![tenant, message.0], |row| {
        Ok(Reading {
            seq: row.int(0)?,
            pack: row.text(1)?.to_owned(),
            recorded_at: row.instant(2)?,
        })
    })
}

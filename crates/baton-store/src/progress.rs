//! Small values that a loop or an administrator keeps by name: how far something got, a choice made.

use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sql::{params, sql, sql_pair};
use crate::tx::Tx;

/// The value of this name.
///
/// # Errors
/// What the engine does.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, key: &str) -> Result<Option<String>> {
    let tenant = scope.whole("kept values")?;
    tx.row(sql!("progress/get"), &params![tenant, key], |row| Ok(row.text(0)?.to_owned()))
}

/// Sets the value of this name.
///
/// # Errors
/// What the engine does.
pub fn put(tx: &mut Tx<'_>, scope: &Scope, key: &str, value: &str) -> Result<()> {
    let tenant = scope.whole("kept values")?;
    tx.execute(sql!("progress/put"), params![tenant, key, value]).map(drop)
}

/// The value of this name, for this transaction to set it by what it was: no other one sets or takes it before this
/// one ends. Empty where nothing was set.
///
/// # Errors
/// What the engine does.
pub fn take(tx: &mut Tx<'_>, scope: &Scope, key: &str) -> Result<String> {
    let tenant = scope.whole("kept values")?;
    let taken = |tx: &mut Tx<'_>| {
        let values = params![tenant, key];
        tx.row(sql_pair!("progress/take"), &values, |row| Ok(row.text(0)?.to_owned()))
    };
    if let Some(value) = taken(tx)? {
        return Ok(value);
    }
    // What is not there cannot be taken; another may make it at the same instant.
    tx.execute(sql!("progress/begin"), params![tenant, key])?;
    Ok(taken(tx)?.unwrap_or_default())
}

/// Sees to it that no other transaction sets the value of this name before this one ends; others may
/// hold it as well. On an engine with one writer that is so without a word.
///
/// # Errors
/// What the engine does; [`StoreError::Busy`] where two that hold it both
/// want to set it.
pub fn hold(tx: &mut Tx<'_>, scope: &Scope, key: &str) -> Result<()> {
    let tenant = scope.whole("kept values")?;
    let held = |tx: &mut Tx<'_>| {
        let found = tx.row(sql_pair!("progress/hold"), &params![tenant, key], |_| Ok(()))?;
        Ok::<bool, StoreError>(found.is_some())
    };
    if !held(tx)? {
        // What is not there cannot be held; another may make it at the same instant.
        tx.execute(sql!("progress/begin"), params![tenant, key])?;
        held(tx)?;
    }
    Ok(())
}

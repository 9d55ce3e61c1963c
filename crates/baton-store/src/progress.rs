//! Small values that a loop or an administrator keeps by name: how far something got, a choice made.

use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{params, sql};
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

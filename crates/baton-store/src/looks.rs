//! Looks: up to which change, and when, somebody last looked at their first page, so that the next look
//! can say what has changed since.

use baton_core::time::Instant;

use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{params, sql};
use crate::tx::Tx;

/// Somebody's last look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The number of the latest change that there was.
    pub change: i64,
    pub at: Instant,
}

/// The last look of `who`, if they ever looked.
///
/// # Errors
/// What the engine does.
pub fn last(tx: &mut Tx<'_>, scope: &Scope, who: &str) -> Result<Option<Look>> {
    let tenant = scope.within("looks")?;
    tx.row(sql!("looks/last"), &params![tenant, who], |row| {
        Ok(Look { change: row.int(0)?, at: row.instant(1)? })
    })
}

/// Notes a look; one that was further on already stays.
///
/// # Errors
/// What the engine does.
pub fn note(tx: &mut Tx<'_>, scope: &Scope, who: &str, look: Look) -> Result<()> {
    let tenant = scope.within("looks")?;
    tx.execute(sql!("looks/note"), params![tenant, who, look.change, look.at]).map(drop)
}

//! Recovery codes: what stands in for a second factor whose app is lost. Each is good once; only hashes
//! are kept, and a code that was used is gone.

use baton_core::time::Instant;

use crate::error::Result;
use crate::people::PersonId;
use crate::sql::{params, sql};
use crate::tx::Tx;

/// Puts new codes in the place of all that a person has; none of them takes all away.
///
/// # Errors
/// What the engine does.
pub fn replace<H: AsRef<[u8]>>(
    tx: &mut Tx<'_>,
    person: PersonId,
    hashes: &[H],
    at: Instant,
) -> Result<()> {
    tx.execute(sql!("recovery_codes/forget"), params![person.0])?;
    for hash in hashes {
        tx.execute(sql!("recovery_codes/insert"), params![person.0, hash.as_ref(), at])?;
    }
    Ok(())
}

/// Uses a code up; `false` where the person has none like it.
///
/// # Errors
/// What the engine does.
pub fn take(tx: &mut Tx<'_>, person: PersonId, hash: &[u8]) -> Result<bool> {
    Ok(tx.execute(sql!("recovery_codes/take"), params![person.0, hash])? > 0)
}

/// How many a person has left.
///
/// # Errors
/// What the engine does.
pub fn count(tx: &mut Tx<'_>, person: PersonId) -> Result<i64> {
    Ok(tx.row(sql!("recovery_codes/count"), &params![person.0], |row| row.int(0))?.unwrap_or(0))
}

//! What was heard by when: how far each source was heard, and how long it may be silent, as the commits
//! of the engine had it. Absence is judged against it, so that the state at an earlier instant needs it
//! beside the facts.

use baton_core::time::{Duration, Instant};

use crate::error::Result;
use crate::scope::Scope;
use crate::sources::SourceId;
use crate::sql::{params, sql};
use crate::tx::Tx;

/// How far a source was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    pub source: SourceId,
    /// The latest receipt that counted.
    pub heard_at: Instant,
    pub silent_after: Option<Duration>,
}

/// Notes what counts from the commit at `recorded_at` on, for each source that is given.
///
/// # Errors
/// What the engine does.
pub fn note(tx: &mut Tx<'_>, scope: &Scope, heard: &[Heard], recorded_at: Instant) -> Result<()> {
    let tenant = scope.whole("hearing")?;
    for Heard { source, heard_at, silent_after } in heard {
        let silent_after = silent_after.map(Duration::micros);
        let values = params![tenant, source.0, recorded_at, *heard_at, silent_after];
        tx.execute(sql!("hearing/note"), values)?;
    }
    Ok(())
}

/// What counted by the commits up to an instant, of each source that was heard by then.
///
/// # Errors
/// What the engine does.
pub fn as_of(tx: &mut Tx<'_>, scope: &Scope, at: Instant) -> Result<Vec<Heard>> {
    let tenant = scope.whole("hearing")?;
    tx.rows(sql!("hearing/as_of"), &params![tenant, at], |row| {
        Ok(Heard {
            source: SourceId(row.int(0)?),
            heard_at: row.instant(1)?,
            silent_after: row.int_or_null(2)?.map(Duration::from_micros),
        })
    })
}

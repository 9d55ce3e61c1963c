//! Packs: every version that was ever stored, and which of them were active when.

use baton_core::time::Instant;

use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sql::{Row, params, sql};
use crate::tx::Tx;

/// A version of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    pub name: String,
    pub version: String,
    /// The folder, as the packs crate writes it into one piece.
    pub content: Vec<u8>,
    pub digest: String,
    pub stored_at: Instant,
}

/// That a version became the active one of its pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activation {
    /// Grows with each.
    pub seq: i64,
    pub pack: String,
    pub version: String,
    pub activated_at: Instant,
    pub activated_by: String,
    /// Whether subjects that were there before go by it too.
    pub moves: bool,
}

/// Stores a version. The same content again changes nothing.
///
/// # Errors
/// [`StoreError::Conflict`] where the version is there with other content.
pub fn store(tx: &mut Tx<'_>, scope: &Scope, pack: &Pack) -> Result<()> {
    let tenant = scope.whole("packs")?;
    let values = params![
        tenant,
        &pack.name,
        &pack.version,
        &pack.content[..],
        &pack.digest,
        pack.stored_at,
    ];
    if tx.execute(sql!("packs/insert"), values)? == 1
        || get(tx, scope, &pack.name, &pack.version)?.digest == pack.digest
    {
        return Ok(());
    }
    let key = format!("{}@{}", pack.name, pack.version);
    Err(StoreError::conflict("pack", key, "is stored with other content: give it a new version"))
}

/// One version.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn get(tx: &mut Tx<'_>, scope: &Scope, name: &str, version: &str) -> Result<Pack> {
    let tenant = scope.whole("packs")?;
    tx.row(sql!("packs/get"), &params![tenant, name, version], |row| {
        Ok(Pack {
            name: row.text(0)?.to_owned(),
            version: row.text(1)?.to_owned(),
            digest: row.text(2)?.to_owned(),
            stored_at: row.instant(3)?,
            content: row.bytes(4)?.to_vec(),
        })
    })?
    .ok_or_else(|| StoreError::not_found("pack", format!("{name}@{version}")))
}

/// Every version without its content (which is empty here), by name and when it was stored.
///
/// # Errors
/// What the engine does.
pub fn list(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Pack>> {
    let tenant = scope.whole("packs")?;
    tx.rows(sql!("packs/list"), &params![tenant], |row| {
        Ok(Pack {
            name: row.text(0)?.to_owned(),
            version: row.text(1)?.to_owned(),
            digest: row.text(2)?.to_owned(),
            stored_at: row.instant(3)?,
            content: Vec::new(),
        })
    })
}

/// Makes a stored version the active one of its pack, for subjects that are new or, where it `moves`
/// them, for all; returns the activation's number.
///
/// # Errors
/// [`StoreError::NotFound`] where the version is not stored.
pub fn activate(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (name, version): (&str, &str),
    (at, by): (Instant, &str),
    moves: bool,
) -> Result<i64> {
    let tenant = scope.whole("packs")?;
    get(tx, scope, name, version)?;
    let seq = tx.numbers(tenant, Counter::Activation, 1)?.start;
    tx.execute(
        sql!("packs/activate"),
        params![tenant, seq, name, version, at, by, i64::from(moves)],
    )?;
    Ok(seq)
}

/// The active version of each pack, now or as of an earlier instant, by name.
///
/// # Errors
/// What the engine does.
pub fn active(tx: &mut Tx<'_>, scope: &Scope, as_of: Option<Instant>) -> Result<Vec<Activation>> {
    let tenant = scope.whole("packs")?;
    let at = as_of.unwrap_or(Instant::from_micros(i64::MAX));
    tx.rows(sql!("packs/active"), &params![tenant, at], read_activation)
}

/// Every activation there was, in order.
///
/// # Errors
/// What the engine does.
pub fn history(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Activation>> {
    let tenant = scope.whole("packs")?;
    tx.rows(sql!("packs/history"), &params![tenant], read_activation)
}

/// How many activations there were.
///
/// # Errors
/// What the engine does.
pub fn activations(tx: &mut Tx<'_>, scope: &Scope) -> Result<usize> {
    let tenant = scope.whole("packs")?;
    let count = tx.row(sql!("packs/activations"), &params![tenant], |row| row.int(0))?;
    Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default())
}

fn read_activation(row: &Row<'_>) -> Result<Activation> {
    Ok(Activation {
        seq: row.int(0)?,
        pack: row.text(1)?.to_owned(),
        version: row.text(2)?.to_owned(),
        activated_at: row.instant(3)?,
        activated_by: row.text(4)?.to_owned(),
        moves: row.int(5)? != 0,
    })
}

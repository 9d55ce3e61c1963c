//! Saved views: lists as people keep them. A view is the search part of a page's address under a name,
//! for its owner alone or for everybody of the tenant's own.

use baton_core::time::Instant;

use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sql::{Row, params, sql};
use crate::tx::Tx;

/// A view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    pub id: i64,
    /// Whose it is, in the server's words.
    pub owner: String,
    /// The page that it is a view of, such as `orders`.
    pub page: String,
    pub name: String,
    /// The search part of the address.
    pub search: String,
    /// Whether everybody of the tenant's own has it.
    pub shared: bool,
    pub created_at: Instant,
}

/// A view to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewView<'a> {
    pub owner: &'a str,
    pub page: &'a str,
    pub name: &'a str,
    pub search: &'a str,
    pub shared: bool,
    pub created_at: Instant,
}

/// Keeps a view; returns its number.
///
/// # Errors
/// [`StoreError::OutOfScope`] where a partner would share one: others' partners would read it.
pub fn create(tx: &mut Tx<'_>, scope: &Scope, new: &NewView<'_>) -> Result<i64> {
    let tenant =
        if new.shared { scope.whole("sharing a view")? } else { scope.within("saved views")? };
    let id = tx.numbers(tenant, Counter::SavedView, 1)?.start;
    let values = params![
        tenant,
        id,
        new.owner,
        new.page,
        new.name,
        new.search,
        i64::from(new.shared),
        new.created_at,
    ];
    tx.execute(sql!("saved_views/insert"), values)?;
    Ok(id)
}

/// The views that `owner` has of a page: their own, and what is shared among the tenant's own people.
///
/// # Errors
/// What the engine does.
pub fn list(tx: &mut Tx<'_>, scope: &Scope, owner: &str) -> Result<Vec<SavedView>> {
    let tenant = scope.within("saved views")?;
    let shown = i64::from(scope.partner_key().is_none());
    tx.rows(sql!("saved_views/list"), &params![tenant, owner, shown], read)
}

/// Deletes a view of `owner`; with `any`, a shared one of whomever.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn delete(tx: &mut Tx<'_>, scope: &Scope, id: i64, owner: &str, any: bool) -> Result<()> {
    let tenant = scope.within("saved views")?;
    let any = i64::from(any && scope.partner_key().is_none());
    match tx.execute(sql!("saved_views/delete"), params![tenant, id, owner, any])? {
        0 => Err(StoreError::not_found("view", id)),
        _ => Ok(()),
    }
}

fn read(row: &Row<'_>) -> Result<SavedView> {
    Ok(SavedView {
        id: row.int(0)?,
        owner: row.text(1)?.to_owned(),
        page: row.text(2)?.to_owned(),
        name: row.text(3)?.to_owned(),
        search: row.text(4)?.to_owned(),
        shared: row.int(5)? > 0,
        created_at: row.instant(6)?,
    })
}

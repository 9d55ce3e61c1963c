//! Drafts of packs: what an author has changed and not yet brought in, kept so that it is lost neither
//! with a browser nor with an evening. Each author has one of each pack, and nobody else writes it.

use baton_core::time::Instant;

use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sql::{Row, params, sql};
use crate::tx::Tx;

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub pack: String,
    /// Whose it is, in the server's words.
    pub author: String,
    /// How others know the author.
    pub person: String,
    /// The version that it began as.
    pub base: String,
    /// The folder, as the server writes it into one piece; empty in lists.
    pub content: Vec<u8>,
    /// Grows with each time it is saved.
    pub revision: i64,
    pub saved_at: Instant,
}

/// What is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved<'a> {
    pub pack: &'a str,
    pub author: &'a str,
    pub person: &'a str,
    pub base: &'a str,
    pub content: &'a [u8],
    pub saved_at: Instant,
}

/// Saves a draft over the revision that the author saw, none where it is new; returns the new revision.
///
/// # Errors
/// [`StoreError::Conflict`] where it was saved from elsewhere since.
pub fn save(tx: &mut Tx<'_>, scope: &Scope, saved: &Saved<'_>, over: Option<i64>) -> Result<i64> {
    let tenant = scope.whole("drafts of packs")?;
    let Saved { pack, author, person, base, content, saved_at } = *saved;
    let done = match over {
        None => {
            let values = params![tenant, pack, author, person, base, content, saved_at];
            tx.execute(sql!("pack_drafts/insert"), values)?
        }
        Some(revision) => {
            let values = params![tenant, pack, author, base, content, saved_at, revision];
            tx.execute(sql!("pack_drafts/update"), values)?
        }
    };
    if done == 0 {
        let why = "was saved from elsewhere meanwhile: look at that one first";
        return Err(StoreError::conflict("draft", pack, why));
    }
    Ok(over.unwrap_or(0) + 1)
}

/// An author's draft of a pack.
///
/// # Errors
/// What the engine does.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, pack: &str, author: &str) -> Result<Option<Draft>> {
    let tenant = scope.whole("drafts of packs")?;
    tx.row(sql!("pack_drafts/get"), &params![tenant, pack, author], |row| {
        Ok(Draft {
            content: row.bytes(3)?.to_vec(),
            ..read(row, pack.to_owned(), [0, 1, 2, 4, 5])?
        })
    })
}

/// Every draft without its content, by pack and author.
///
/// # Errors
/// What the engine does.
pub fn list(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Draft>> {
    let tenant = scope.whole("drafts of packs")?;
    tx.rows(sql!("pack_drafts/list"), &params![tenant], |row| {
        read(row, row.text(0)?.to_owned(), [1, 2, 3, 4, 5])
    })
}

/// Throws a draft away; `false` where there was none.
///
/// # Errors
/// What the engine does.
pub fn delete(tx: &mut Tx<'_>, scope: &Scope, pack: &str, author: &str) -> Result<bool> {
    let tenant = scope.whole("drafts of packs")?;
    Ok(tx.execute(sql!("pack_drafts/delete"), params![tenant, pack, author])? > 0)
}

fn read(row: &Row<'_>, pack: String, columns: [usize; 5]) -> Result<Draft> {
    let [author, person, base, revision, saved_at] = columns;
    Ok(Draft {
        pack,
        author: row.text(author)?.to_owned(),
        person: row.text(person)?.to_owned(),
        base: row.text(base)?.to_owned(),
        content: Vec::new(),
        revision: row.int(revision)?,
        saved_at: row.instant(saved_at)?,
    })
}

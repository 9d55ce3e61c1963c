//! Customers that somebody looks after: which they are is a person's (or key's) own choice, by the names that
//! orders have, and lists are narrowed to their orders.
//!
//! INVARIANT: nobody with less sight than the tenant's own has such a list, nor is a list narrowed by one: by
//! what is left one could find out customers' names.

use crate::error::{Result, StoreError};
use crate::orders::words_of;
use crate::parts::Assembly;
use crate::scope::Scope;
use crate::sql::{params, sql};
use crate::tx::Tx;

/// How many one may look after.
pub const LOOKED_AFTER_MAX: usize = 100;
/// Letters that a name's beginning was kept with before words were.
const BEGINNING_CHARS: usize = 40;

/// The customers that `owner` looks after, by name.
///
/// # Errors
/// [`StoreError::OutOfScope`] for a partner's scope.
pub fn of(tx: &mut Tx<'_>, scope: &Scope, owner: &str) -> Result<Vec<String>> {
    let tenant = scope.whole("customers")?;
    tx.rows(sql!("customers/of"), &params![tenant, owner], |row| row.text(0).map(str::to_owned))
}

/// Makes these the customers that `owner` looks after, in place of those before.
///
/// # Errors
/// [`StoreError::OutOfScope`] for a partner's scope; [`StoreError::TooMany`] over [`LOOKED_AFTER_MAX`].
pub fn choose(tx: &mut Tx<'_>, scope: &Scope, owner: &str, customers: &[String]) -> Result<()> {
    let tenant = scope.whole("customers")?;
    let mut chosen: Vec<&str> = customers.iter().map(String::as_str).collect();
    chosen.sort_unstable();
    chosen.dedup();
    if chosen.len() > LOOKED_AFTER_MAX {
        return Err(StoreError::TooMany { what: "customers", limit: LOOKED_AFTER_MAX });
    }
    tx.execute(sql!("customers/clear"), params![tenant, owner])?;
    for customer in chosen {
        tx.execute(sql!("customers/add"), params![tenant, owner, customer])?;
    }
    Ok(())
}

/// A customer's name, and the words that lead to its orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    name: String,
    word: String,
    beginning: String,
}

impl Named {
    pub(crate) fn of(name: &str) -> Self {
        // The word that fewest others have, as far as a name shows it: one with a digit, then the longest.
        let words = words_of(name);
        let rarity = |word: &&String| (word.bytes().any(|b| b.is_ascii_digit()), word.len());
        let word = words.iter().max_by_key(rarity).cloned().unwrap_or_default();
        let beginning = name.to_lowercase().chars().take(BEGINNING_CHARS).collect();
        Self { name: name.to_owned(), word, beginning }
    }
}

/// Adds what finds the clusters of the orders of these customers, one select after the other.
pub(crate) fn lead<'a>(query: &mut Assembly<'a>, customers: &'a [Named], troubled: bool) {
    for (n, Named { name, word, beginning }) in customers.iter().enumerate() {
        if n > 0 {
            query.part("or of customer");
        }
        query.part("of customer").value(word).value(beginning).value(name);
        if troubled {
            query.part("customer troubled");
        }
    }
}

/// The names themselves.
pub(crate) fn names(customers: &[Named]) -> impl Iterator<Item = &str> {
    customers.iter().map(|customer| customer.name.as_str())
}

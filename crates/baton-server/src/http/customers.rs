//! Customers that somebody looks after: a person, or a key, chooses them by name, and lists of orders and
//! exceptions, and the first page, can be about theirs alone.

use std::collections::BTreeSet;

use baton_store::orders::{self, Filter, Sort};
use baton_store::{Scope, StoreError, Tx, customers};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::{CUSTOMERS_FOUND_MAX, TEXT_BYTES_MAX};
use super::page::Page;
use super::problem::Problem;

/// Which customers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomersQuery {
    /// The beginning of words of the name; else the customers of the orders that changed last.
    q: Option<String>,
}

/// A customer of orders.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CustomerItem {
    name: String,
}

/// The customers that the caller looks after.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MyCustomers {
    /// By the names that orders have, up to 100.
    customers: Vec<String>,
}

/// Names of customers: those of the newest orders that a search finds.
pub(super) fn list(call: &Call) -> Outcome {
    let query: CustomersQuery = call.query()?;
    let scope = call.scope()?;
    let begun = query.q.as_deref().unwrap_or_default().trim().to_lowercase();
    let filter =
        Filter { text: Some(begun.clone()).filter(|text| !text.is_empty()), ..Filter::default() };
    let found = call
        .store()
        .read(|tx| orders::list(tx, &scope, &filter, Sort::Updated, None, orders::PAGE_MAX))?;
    // Numbers begin so, too: what is asked for is in the name.
    let is_meant = |name: &String| name.to_lowercase().contains(&begun);
    let names: BTreeSet<String> =
        found.items.into_iter().filter_map(|row| row.customer).filter(is_meant).collect();
    let names = names.into_iter().take(CUSTOMERS_FOUND_MAX);
    Answer::json(Page::whole(names.map(|name| CustomerItem { name }).collect()))
}

pub(super) fn mine(call: &Call) -> Outcome {
    let (scope, owner) = (call.scope()?, call.principal.owner());
    let customers = call.store().read(|tx| customers::of(tx, &scope, &owner))?;
    Answer::json(MyCustomers { customers })
}

/// Makes these the caller's, in place of those before. One that no order has yet may come.
pub(super) fn choose(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let MyCustomers { customers: given } = call.json()?;
    let mut chosen = BTreeSet::new();
    for name in given {
        let name = name.trim();
        if name.is_empty() || name.len() > TEXT_BYTES_MAX {
            return Err(Problem::length(ErrorCode::ValueWrong, "customers", 1, TEXT_BYTES_MAX));
        }
        chosen.insert(name.to_owned());
    }
    if chosen.len() > customers::LOOKED_AFTER_MAX {
        let most = customers::LOOKED_AFTER_MAX as i64;
        return Err(Problem::from_to(ErrorCode::ValueWrong, "customers", 0, most));
    }
    let chosen: Vec<String> = chosen.into_iter().collect();
    customers::choose(tx, &call.scope()?, &call.principal.owner(), &chosen)?;
    Answer::json(MyCustomers { customers: chosen })
}

/// The customers that a list is narrowed to, where the caller asks for their own. A partner has none: it may not
/// know who the customers are.
pub(super) fn narrowed(
    call: &Call,
    scope: &Scope,
    tx: &mut Tx<'_>,
    mine: bool,
) -> Result<Option<Vec<String>>, StoreError> {
    if !mine {
        return Ok(None);
    }
    if call.is_partner() {
        return Ok(Some(Vec::new()));
    }
    customers::of(tx, scope, &call.principal.owner()).map(Some)
}

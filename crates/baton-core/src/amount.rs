//! Exact amounts: quantities with their unit, money with its currency. Never a float.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A quantity in a unit of measure (`EA`, `CT`, `KG`, as X12 355 and UN/ECE Rec. 20 write them).
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct Quantity {
    #[schemars(with = "String")]
    pub value: Decimal,
    #[schemars(with = "String")]
    pub unit: SmolStr,
}

/// An amount of money.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct Money {
    #[schemars(with = "String")]
    pub amount: Decimal,
    /// ISO 4217, such as `USD`.
    #[schemars(with = "String")]
    pub currency: SmolStr,
}

/// What several amounts come to, in each currency; sums of different currencies are none.
#[must_use]
pub fn sums<'m>(amounts: impl IntoIterator<Item = &'m Money>) -> Vec<Money> {
    let mut sums: Vec<Money> = Vec::new();
    for money in amounts {
        match sums.iter_mut().find(|sum| sum.currency == money.currency) {
            Some(sum) => sum.amount += money.amount,
            None => sums.push(money.clone()),
        }
    }
    sums.sort_by(|a, b| a.currency.cmp(&b.currency));
    sums
}

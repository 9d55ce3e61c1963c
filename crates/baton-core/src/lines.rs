//! Lines: which line each statement means, and quantities that add up.
//!
//! Shop and ERP number lines apart; a line of one numbering is the line of another where its article
//! is the same and unique in both. Quantities add only over distinct objects within one source;
//! sources are compared, never added. A part is delivered when the object that carries it is.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use smol_str::SmolStr;

use crate::amount::Quantity;
use crate::book::AuthorityOver;
use crate::fact::{Body, Fact, Measure};
use crate::id::FactId;
use crate::identifier::LineRef;
use crate::known::Known;
use crate::partner::Role;
use crate::state::{Balance, Carried, Measured};

/// Names a line: its number in the first numbering, or its article where nobody numbers it.
pub type LineKey = SmolStr;

/// Which line a reference means.
#[derive(Debug, Default)]
pub struct LineIndex {
    keys: BTreeMap<Node, LineKey>,
    skus: BTreeMap<LineKey, SmolStr>,
}

type Node = (SmolStr, SmolStr);

impl LineIndex {
    /// Reads every line reference of the facts about an order.
    #[must_use]
    pub fn of(known: &Known<'_>, order: usize) -> Self {
        let refs: BTreeSet<&LineRef> =
            known.about(order).filter_map(|f| f.about.line.as_ref()).collect();
        let mut skus: BTreeMap<Node, SmolStr> = BTreeMap::new();
        for line in refs.iter().filter(|l| l.number.is_some()) {
            let node = (line.numbering.clone(), line.number.clone().unwrap_or_default());
            match &line.sku {
                Some(sku) => _ = skus.entry(node).or_insert_with(|| sku.clone()),
                None => _ = skus.entry(node).or_default(),
            }
        }
        // Numbered lines by article and numbering: unique ones of several numberings are one line.
        let mut by_sku: BTreeMap<SmolStr, BTreeMap<SmolStr, Vec<SmolStr>>> = BTreeMap::new();
        for ((numbering, number), sku) in skus.iter().filter(|(_, sku)| !sku.is_empty()) {
            let numbers = by_sku.entry(sku.clone()).or_default();
            numbers.entry(numbering.clone()).or_default().push(number.clone());
        }
        let mut index = Self::default();
        for (node, sku) in &skus {
            let joined = by_sku.get(sku).filter(|n| n.get(&node.0).is_some_and(|l| l.len() == 1));
            let first = joined.and_then(|n| n.iter().find(|(_, l)| l.len() == 1));
            let named = first.and_then(|(numbering, l)| l.first().map(|n| (numbering, n)));
            let key = match named {
                Some((numbering, number)) => index.free_key(numbering, number, sku),
                None => index.free_key(&node.0, &node.1, sku),
            };
            index.keys.insert(node.clone(), key.clone());
            if !sku.is_empty() {
                index.skus.entry(key).or_insert_with(|| sku.clone());
            }
        }
        for line in refs.iter().filter(|l| l.number.is_none()) {
            let Some(sku) = &line.sku else { continue };
            if !index.skus.values().any(|s| s == sku) {
                index.skus.insert(sku.clone(), sku.clone());
            }
        }
        index
    }

    /// Two lines that two numberings both call `1` and that differ need two keys.
    fn free_key(&self, numbering: &str, number: &SmolStr, sku: &SmolStr) -> LineKey {
        let taken = self.keys.values().any(|k| k == number);
        let same = self.skus.get(number).is_some_and(|s| s == sku && !sku.is_empty());
        if !taken || same { number.clone() } else { SmolStr::new(format!("{numbering}/{number}")) }
    }

    #[must_use]
    pub fn key(&self, line: &LineRef) -> Option<LineKey> {
        let numbered = line.number.as_ref().map(|n| (line.numbering.clone(), n.clone()));
        if let Some(key) = numbered.and_then(|node| self.keys.get(&node)) {
            return Some(key.clone());
        }
        let sku = line.sku.as_ref()?;
        let mut with = self.skus.iter().filter(|(_, s)| *s == sku).map(|(k, _)| k);
        match (with.next(), with.next()) {
            (Some(only), None) => Some(only.clone()),
            // Several lines of one article: the statement does not say which.
            _ => None,
        }
    }

    pub fn keys(&self) -> impl Iterator<Item = (LineKey, Option<SmolStr>)> {
        let mut all: BTreeSet<LineKey> = self.keys.values().cloned().collect();
        all.extend(self.skus.keys().cloned());
        all.into_iter().map(|k| {
            let sku = self.skus.get(&k).cloned();
            (k, sku)
        })
    }
}

/// What one source says of one measure of one line.
#[derive(Debug, Clone, Default)]
pub struct Statements {
    /// Per object (or none), the latest statement.
    by_object: BTreeMap<Option<usize>, (Quantity, FactId)>,
}

/// All quantity statements of one line: measure → source → statements.
#[derive(Debug, Default)]
pub struct Amounts {
    pub by_measure: BTreeMap<Measure, BTreeMap<SmolStr, Statements>>,
}

/// The facts about each line of an order, in time.
#[must_use]
pub fn said<'k>(
    known: &'k Known<'_>,
    order: usize,
    index: &LineIndex,
) -> BTreeMap<LineKey, Vec<&'k Fact>> {
    let mut lines: BTreeMap<LineKey, Vec<&Fact>> = BTreeMap::new();
    for fact in known.holding(order) {
        if let Some(key) = fact.about.line.as_ref().and_then(|l| index.key(l)) {
            lines.entry(key).or_default().push(fact);
        }
    }
    lines
}

impl Amounts {
    /// Gathers the quantities of a line from what was said of it, in time.
    #[must_use]
    pub fn of(known: &Known<'_>, said: &[&Fact]) -> Self {
        let mut amounts = Self::default();
        for fact in said {
            amounts.hear(known, fact);
        }
        amounts
    }

    /// Takes in the next fact in time: a source's later statement of the same replaces its earlier one.
    pub fn hear(&mut self, known: &Known<'_>, fact: &Fact) {
        let Body::Amount { measure, quantity, via } = &fact.body else { return };
        let within = via.as_ref().map(|v| known.objects.named(v, fact.happened.earliest));
        // Within something that names nothing, it cannot be told from other parts.
        if within == Some(None) {
            return;
        }
        let sources = self.by_measure.entry(*measure).or_default();
        let statements = match sources.get_mut(&fact.source) {
            Some(statements) => statements,
            None => sources.entry(fact.source.clone()).or_default(),
        };
        statements.by_object.insert(within.flatten(), (quantity.clone(), fact.id));
    }
}

impl Statements {
    /// The source's total: the sum over distinct objects, or its plain statement where it names none.
    fn total(&self, known: &Known<'_>) -> (Decimal, SmolStr, Vec<FactId>) {
        let mut total = Decimal::ZERO;
        let mut unit = SmolStr::default();
        let mut facts = Vec::new();
        let objects: BTreeSet<usize> = self.by_object.keys().filter_map(|o| *o).collect();
        for (object, (quantity, fact)) in &self.by_object {
            let counts = match object {
                None => objects.is_empty(),
                // A shipment and its packages may both be stated: the packages count.
                Some(o) => !known.children(*o).iter().any(|c| objects.contains(&c.object)),
            };
            if counts {
                total += quantity.value;
                unit = quantity.unit.clone();
                facts.push(*fact);
            }
        }
        (total, unit, facts)
    }
}

/// One source's total of a measure.
#[derive(Debug, Clone)]
pub struct SourceTotal {
    pub source: SmolStr,
    pub role: Role,
    pub value: Decimal,
    pub unit: SmolStr,
    pub facts: Vec<FactId>,
}

impl Amounts {
    /// Every source's total of a measure, the believed one first.
    #[must_use]
    pub fn totals(&self, known: &Known<'_>, measure: Measure) -> Vec<SourceTotal> {
        let roles = known.book.believed(AuthorityOver::Measure(measure));
        let mut totals: Vec<SourceTotal> = self
            .by_measure
            .get(&measure)
            .into_iter()
            .flatten()
            .map(|(source, statements)| {
                let (value, unit, facts) = statements.total(known);
                SourceTotal {
                    source: source.clone(),
                    role: known.role_of(source),
                    value,
                    unit,
                    facts,
                }
            })
            .collect();
        totals.sort_by_key(|t| {
            let trust = roles.iter().position(|r| *r == t.role).unwrap_or(roles.len());
            (trust, t.role, t.source.clone())
        });
        totals
    }

    #[must_use]
    pub fn believed(&self, known: &Known<'_>, measure: Measure) -> Option<SourceTotal> {
        self.totals(known, measure).into_iter().next()
    }

    #[must_use]
    pub fn measured(&self, known: &Known<'_>) -> BTreeMap<Measure, Measured> {
        let believed = |m: &Measure| self.believed(known, *m).map(|t| (*m, t));
        self.by_measure
            .keys()
            .filter_map(believed)
            .map(|(m, t)| (m, Measured { value: t.value, role: t.role, facts: t.facts }))
            .collect()
    }

    /// The objects that carry parts of the line and how much each, by the believed source.
    #[must_use]
    pub fn carriers(&self, known: &Known<'_>) -> Vec<(usize, Decimal)> {
        let Some(believed) = self.believed(known, Measure::Shipped) else { return Vec::new() };
        let statements =
            self.by_measure.get(&Measure::Shipped).and_then(|s| s.get(&believed.source));
        let all = statements.into_iter().flat_map(|s| &s.by_object);
        all.filter(|(_, (_, fact))| believed.facts.contains(fact))
            .filter_map(|(object, (quantity, _))| object.map(|o| (o, quantity.value)))
            .collect()
    }

    /// The parts of the line that objects carry, by the believed source of what was shipped.
    #[must_use]
    pub fn carried(&self, known: &Known<'_>, is_delivered: &dyn Fn(usize) -> bool) -> Vec<Carried> {
        let Some(believed) = self.believed(known, Measure::Shipped) else { return Vec::new() };
        let statements =
            self.by_measure.get(&Measure::Shipped).and_then(|s| s.get(&believed.source));
        let mut carried = Vec::new();
        for (object, (quantity, fact)) in statements.into_iter().flat_map(|s| &s.by_object) {
            let Some((number, object)) = object.and_then(|o| known.object(o).map(|x| (o, x)))
            else {
                continue;
            };
            if believed.facts.contains(fact) {
                carried.push(Carried {
                    object: object.id,
                    name: object.best.identifier.clone(),
                    measure: Measure::Shipped,
                    quantity: quantity.clone(),
                    delivered: is_delivered(number),
                });
            }
        }
        carried
    }
}

/// Whether anything more can come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finality {
    Open,
    /// The order was closed, or all of it is delivered.
    Final,
    /// The order was cancelled as a whole: what was not shipped is cancelled.
    Cancelled,
}

/// Balances a line: ordered + over = shipped + cancelled + open + unexplained.
#[must_use]
pub fn balance(
    ordered: Decimal,
    shipped: Decimal,
    cancelled: Decimal,
    finality: Finality,
) -> Balance {
    let rest = (ordered - shipped).max(Decimal::ZERO);
    let cancelled = if finality == Finality::Cancelled { cancelled.max(rest) } else { cancelled };
    let over = (shipped + cancelled - ordered).max(Decimal::ZERO);
    let missing = ordered + over - shipped - cancelled;
    let (open, unexplained) = match finality {
        Finality::Open => (missing, Decimal::ZERO),
        Finality::Final | Finality::Cancelled => (Decimal::ZERO, missing),
    };
    Balance { ordered, over, shipped, cancelled, open, unexplained }
}

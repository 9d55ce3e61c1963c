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
use crate::known::{Child, Known};
use crate::partner::Role;
use crate::state::{Balance, Carried, Measured};

/// Names a line: its number in the first numbering, or its article where nobody numbers it.
pub type LineKey = SmolStr;

/// Which line a reference means.
#[derive(Debug, Default)]
pub struct LineIndex {
    /// Sorted by numbering and number.
    keys: Vec<(Node, LineKey)>,
    skus: BTreeMap<LineKey, SmolStr>,
}

/// A numbering and a number in it.
type Node = (SmolStr, SmolStr);

/// A numbered line as somebody referred to it; the article is empty where nobody named it.
type Numbered<'f> = (&'f SmolStr, &'f SmolStr, &'f str);

impl LineIndex {
    /// Reads every line reference of the facts about an order; with the line that each of these facts is
    /// about, in their order, as several verbs ask for it.
    #[must_use]
    pub fn of(known: &Known<'_>, order: usize) -> (Self, Vec<Option<LineKey>>) {
        let Referred { refs, by_fact } = Referred::by(known, order);
        let index = Self::naming(refs.clone());
        let keys: Vec<Option<LineKey>> = refs.into_iter().map(|line| index.key(line)).collect();
        let key_of = |n: Option<usize>| keys.get(n?).cloned().flatten();
        (index, by_fact.into_iter().map(key_of).collect())
    }

    /// Names the lines that these references are to.
    fn naming(mut refs: Vec<&LineRef>) -> Self {
        refs.sort_unstable();
        refs.dedup();
        let mut index = Self::default();
        let numbered = numbered(&refs);
        // Numbered lines by article and numbering: unique ones of several numberings are one line.
        let mut by_sku: Vec<(&str, &SmolStr, &SmolStr)> =
            numbered.iter().map(|(numbering, number, sku)| (*sku, *numbering, *number)).collect();
        by_sku.sort_unstable();
        let mut used: BTreeSet<LineKey> = BTreeSet::new();
        for (numbering, number, sku) in numbered {
            let (named_in, named) =
                first_unique(&by_sku, numbering, sku).unwrap_or((numbering, number));
            // Two lines that two numberings both call `1` and that differ need two keys.
            let same = index.skus.get(named).is_some_and(|s| s == sku && !sku.is_empty());
            let key = if same || !used.contains(named) {
                named.clone()
            } else {
                SmolStr::new(format!("{named_in}/{named}"))
            };
            used.insert(key.clone());
            if !sku.is_empty() {
                index.skus.entry(key.clone()).or_insert_with(|| sku.into());
            }
            index.keys.push(((numbering.clone(), number.clone()), key));
        }
        for line in refs.iter().filter(|l| l.number.is_none()) {
            let Some(sku) = &line.sku else { continue };
            if !index.skus.values().any(|s| s == sku) {
                index.skus.insert(sku.clone(), sku.clone());
            }
        }
        index
    }

    #[must_use]
    pub fn key(&self, line: &LineRef) -> Option<LineKey> {
        if let Some(number) = &line.number {
            let place = |((numbering, n), _): &(Node, LineKey)| {
                (numbering, n).cmp(&(&line.numbering, number))
            };
            let found = self.keys.binary_search_by(place).ok().and_then(|n| self.keys.get(n));
            if let Some((_, key)) = found {
                return Some(key.clone());
            }
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
        let mut all: Vec<&LineKey> = self.keys.iter().map(|(_, key)| key).collect();
        all.extend(self.skus.keys());
        all.sort_unstable();
        all.dedup();
        all.into_iter().map(|key| (key.clone(), self.skus.get(key).cloned()))
    }
}

/// How lines are referred to by the facts about an order.
struct Referred<'f> {
    /// Each once, or a few times where there are many.
    refs: Vec<&'f LineRef>,
    /// Which of them each fact has.
    by_fact: Vec<Option<usize>>,
}

impl<'f> Referred<'f> {
    fn by(known: &Known<'f>, order: usize) -> Self {
        let mut refs: Vec<&LineRef> = Vec::new();
        let number = |fact: &'f Fact| {
            let line = fact.about.line.as_deref()?;
            // Messages are mostly about the lines of those before them: what was found lately is looked for
            // once.
            let late = refs.len().saturating_sub(LINES_USUAL);
            let known =
                refs.get(late..).unwrap_or_default().iter().rposition(|known| is_same(known, line));
            Some(known.map_or_else(
                || {
                    refs.push(line);
                    refs.len() - 1
                },
                |n| late + n,
            ))
        };
        let by_fact = known.about(order).map(number).collect();
        Self { refs, by_fact }
    }
}

/// Ways in which the lines of an order are referred to, as a rule.
const LINES_USUAL: usize = 12;

/// Equality that looks first at what differs most.
fn is_same(one: &LineRef, other: &LineRef) -> bool {
    one.number == other.number && one.sku == other.sku && one.numbering == other.numbering
}

/// The numbered lines that sorted references name, each once, with its article where one is named.
fn numbered<'f>(refs: &[&'f LineRef]) -> Vec<Numbered<'f>> {
    let mut numbered: Vec<Numbered<'f>> = Vec::with_capacity(refs.len());
    for line in refs {
        let Some(number) = &line.number else { continue };
        let sku = line.sku.as_deref().unwrap_or_default();
        match numbered.last_mut() {
            Some((numbering, n, known)) if **numbering == line.numbering && *n == number => {
                if known.is_empty() {
                    *known = sku;
                }
            }
            _ => numbered.push((&line.numbering, number, sku)),
        }
    }
    numbered
}

/// For an article that stands on one line of `numbering`: the first numbering in which it stands on one
/// line, and that line's number there.
fn first_unique<'f>(
    by_sku: &[(&str, &'f SmolStr, &'f SmolStr)],
    numbering: &SmolStr,
    sku: &str,
) -> Option<(&'f SmolStr, &'f SmolStr)> {
    if sku.is_empty() {
        return None;
    }
    let from = by_sku.partition_point(|(s, ..)| *s < sku);
    let until = by_sku.partition_point(|(s, ..)| *s <= sku);
    let lines = by_sku.get(from..until)?;
    let mut unique = lines.chunk_by(|a, b| a.1 == b.1).filter_map(|same| match same {
        [(_, numbering, number)] => Some((*numbering, *number)),
        _ => None,
    });
    let first = unique.next()?;
    let is_here = |(n, _): &(&SmolStr, &SmolStr)| *n == numbering;
    (is_here(&first) || unique.any(|line| is_here(&line))).then_some(first)
}

/// The facts about each line of an order, in time; `lines` are the lines of all facts about it.
///
/// A quantity within something that the order does not reach (`below`) waits until it does: it cannot
/// be told from other parts, and whether anything else is known of it must make no difference.
#[must_use]
pub fn said<'b>(
    known: &Known<'b>,
    order: usize,
    lines: &[Option<LineKey>],
    below: &[(usize, &Child)],
) -> BTreeMap<LineKey, Vec<&'b Fact>> {
    let mut said: BTreeMap<LineKey, Vec<&Fact>> = BTreeMap::new();
    for (fact, line) in known.about(order).zip(lines) {
        let Some(line) = line.as_ref().filter(|_| known.retracted_by(fact.id).is_none()) else {
            continue;
        };
        if let Body::Amount { via: Some(via), .. } = &fact.body {
            let within = known.objects.named(via, fact.happened.earliest);
            if !within.is_some_and(|o| o == order || below.iter().any(|(_, c)| c.object == o)) {
                continue;
            }
        }
        match said.get_mut(line) {
            Some(facts) => facts.push(fact),
            None => _ = said.insert(line.clone(), vec![fact]),
        }
    }
    said
}

/// A source's latest statement of a measure of one line, within an object or plainly.
#[derive(Debug, Clone)]
struct Word<'b> {
    measure: Measure,
    source: &'b SmolStr,
    object: Option<usize>,
    quantity: &'b Quantity,
    fact: FactId,
}

/// All quantity statements of one line that stand, by measure, source and object.
#[derive(Debug, Default)]
pub struct Amounts<'b> {
    words: Vec<Word<'b>>,
}

/// One source's total of a measure.
#[derive(Debug, Clone)]
pub struct SourceTotal<'b> {
    pub source: &'b SmolStr,
    pub role: Role,
    pub value: Decimal,
    pub unit: SmolStr,
    pub facts: Vec<FactId>,
}

impl<'b> Amounts<'b> {
    /// Takes in the next fact in time: a source's later statement of the same replaces its earlier one.
    pub fn hear(&mut self, known: &Known<'_>, fact: &'b Fact) {
        let Body::Amount { measure, quantity, via } = &fact.body else { return };
        let within = via.as_ref().map(|v| known.objects.named(v, fact.happened.earliest));
        // Within something that names nothing, it cannot be told from other parts.
        if within == Some(None) {
            return;
        }
        let object = within.flatten();
        let word =
            Word { measure: *measure, source: &fact.source, object, quantity, fact: fact.id };
        let place =
            |w: &Word<'b>| (w.measure, w.source, w.object).cmp(&(*measure, word.source, object));
        match self.words.binary_search_by(place) {
            Ok(n) => {
                if let Some(slot) = self.words.get_mut(n) {
                    *slot = word;
                }
            }
            Err(n) => self.words.insert(n, word),
        }
    }

    /// Every source's total of a measure, the believed one first.
    #[must_use]
    pub fn totals(&self, known: &Known<'_>, measure: Measure) -> Vec<SourceTotal<'b>> {
        let roles = known.book.believed(AuthorityOver::Measure(measure));
        let trust = |role: Role| roles.iter().position(|r| *r == role).unwrap_or(roles.len());
        let mut totals: Vec<SourceTotal<'b>> = self
            .words
            .chunk_by(|a, b| a.measure == b.measure && a.source == b.source)
            .filter(|words| words.first().is_some_and(|w| w.measure == measure))
            .filter_map(|words| total(known, words))
            .collect();
        totals.sort_by(|a, b| {
            (trust(a.role), a.role, a.source).cmp(&(trust(b.role), b.role, b.source))
        });
        totals
    }

    #[must_use]
    pub fn believed(&self, known: &Known<'_>, measure: Measure) -> Option<SourceTotal<'b>> {
        self.totals(known, measure).into_iter().next()
    }
}

/// A source's total: the sum over distinct objects, or its plain statement where it names none.
fn total<'b>(known: &Known<'_>, words: &[Word<'b>]) -> Option<SourceTotal<'b>> {
    let source = words.first()?.source;
    let names = |object: usize| words.iter().any(|w| w.object == Some(object));
    let named_any = words.iter().any(|w| w.object.is_some());
    let mut total = SourceTotal {
        source,
        role: known.role_of(source),
        value: Decimal::ZERO,
        unit: SmolStr::default(),
        facts: Vec::new(),
    };
    for word in words {
        let counts = match word.object {
            None => !named_any,
            // A shipment and its packages may both be stated: the packages count.
            Some(o) => !known.children(o).iter().any(|c| names(c.object)),
        };
        if counts {
            total.value += word.quantity.value;
            total.unit = word.quantity.unit.clone();
            total.facts.push(word.fact);
        }
    }
    Some(total)
}

/// What each line comes to by what stands now: worked out once and asked for often.
#[derive(Debug, Default)]
pub struct Totals<'b> {
    amounts: Amounts<'b>,
    by_measure: Vec<(Measure, Vec<SourceTotal<'b>>)>,
}

impl<'b> Totals<'b> {
    /// Gathers the quantities of a line from what was said of it, in time.
    #[must_use]
    pub fn of(known: &Known<'_>, said: &[&'b Fact]) -> Self {
        let mut amounts = Amounts::default();
        for fact in said {
            amounts.hear(known, fact);
        }
        let mut measures: Vec<Measure> = amounts.words.iter().map(|w| w.measure).collect();
        measures.dedup();
        let by_measure = measures.into_iter().map(|m| (m, amounts.totals(known, m))).collect();
        Self { amounts, by_measure }
    }

    /// The measures that somebody stated.
    pub fn measures(&self) -> impl Iterator<Item = Measure> {
        self.by_measure.iter().map(|(measure, _)| *measure)
    }

    /// Every source's total of a measure, the believed one first.
    #[must_use]
    pub fn of_measure(&self, measure: Measure) -> &[SourceTotal<'b>] {
        let found = self.by_measure.iter().find(|(m, _)| *m == measure);
        found.map_or(&[], |(_, totals)| totals.as_slice())
    }

    #[must_use]
    pub fn believed(&self, measure: Measure) -> Option<&SourceTotal<'b>> {
        self.of_measure(measure).first()
    }

    /// The believed value; nothing where nobody stated it.
    #[must_use]
    pub fn value(&self, measure: Measure) -> Decimal {
        self.believed(measure).map_or(Decimal::ZERO, |t| t.value)
    }

    #[must_use]
    pub fn measured(&self) -> BTreeMap<Measure, Measured> {
        let believed = |(m, totals): &(Measure, Vec<SourceTotal<'b>>)| {
            let t = totals.first()?;
            Some((*m, Measured { value: t.value, role: t.role, facts: t.facts.clone() }))
        };
        self.by_measure.iter().filter_map(believed).collect()
    }

    /// The believed source's statements of what was shipped that name what carries it.
    fn carrying(&self) -> impl Iterator<Item = (usize, &'b Quantity)> {
        let believed = self.believed(Measure::Shipped);
        let words = believed.into_iter().flat_map(|believed| {
            self.amounts.words.iter().filter(|w| {
                w.measure == Measure::Shipped
                    && w.source == believed.source
                    && believed.facts.contains(&w.fact)
            })
        });
        words.filter_map(|w| Some((w.object?, w.quantity)))
    }

    /// The objects that carry parts of the line and how much each, by the believed source.
    pub fn carriers(&self) -> impl Iterator<Item = (usize, Decimal)> {
        self.carrying().map(|(object, quantity)| (object, quantity.value))
    }

    /// The parts of the line that objects carry, by the believed source of what was shipped.
    #[must_use]
    pub fn carried(&self, known: &Known<'_>, is_delivered: &dyn Fn(usize) -> bool) -> Vec<Carried> {
        let carried = self.carrying().filter_map(|(number, quantity)| {
            let object = known.object(number)?;
            Some(Carried {
                object: object.id,
                name: object.best.identifier.clone(),
                measure: Measure::Shipped,
                quantity: quantity.clone(),
                delivered: is_delivered(number),
            })
        });
        carried.collect()
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

//! What the elements of a segment may hold, where it matters to a reader: dates that are dates,
//! numbers that are numbers, identifiers that are there. A segment that is not listed is not
//! looked into, nor is an element beyond the last one listed.

use std::sync::LazyLock;

use crate::x12::segment::key_of;

/// What an element holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Text, or a code: the lists of codes are the packs' business.
    Text,
    /// A number with an optional decimal point.
    Decimal,
    /// A whole number; with implied decimals its last digits are fractions.
    Integer {
        /// How many of the last digits are fractions.
        implied_decimals: u32,
    },
    /// CCYYMMDD, or YYMMDD before release 4010.
    Date,
    /// HHMM with optional seconds and fractions.
    Time,
}

/// One element of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ElementRule {
    /// Must it be there?
    pub required: bool,
    /// What it holds.
    pub content: Content,
    /// Fewest characters.
    pub length_min: usize,
    /// Most characters.
    pub length_max: usize,
}

/// A condition over several elements of a segment, by their positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// All or none.
    Paired(Vec<usize>),
    /// At most one.
    Exclusive(Vec<usize>),
    /// At least one.
    AnyOf(Vec<usize>),
    /// If the first is there, the others must be.
    Needs(Vec<usize>),
}

/// The rules of one segment.
#[derive(Debug, Clone, Default)]
pub struct SegmentRules {
    /// Its elements, from the first.
    pub elements: Vec<ElementRule>,
    /// Its conditions.
    pub conditions: Vec<Condition>,
}

/// The rules of a segment, if it has any.
pub fn of(segment_id: &str) -> Option<&'static SegmentRules> {
    of_key(key_of(segment_id))
}

pub(in crate::x12) fn of_key(key: u32) -> Option<&'static SegmentRules> {
    let at = RULES.binary_search_by_key(&key, |(key, _)| *key).ok()?;
    RULES.get(at).map(|(_, rules)| rules)
}

/// Rules by the key of their segment, in its order.
static RULES: LazyLock<Vec<(u32, SegmentRules)>> = LazyLock::new(|| {
    let mut rules: Vec<(u32, SegmentRules)> = TABLE.lines().filter_map(segment_rules).collect();
    rules.sort_by_key(|(key, _)| *key);
    rules
});

/// A line is a segment: its elements as `mandatory? type fewest-most`, then its conditions. Types:
/// X text, R decimal, N0 to N9 whole number with implied decimals, D date, T time; `.` an element
/// that is not looked at. `!` before an element makes it mandatory. Conditions: P paired,
/// E exclusive, A any of, C first needs the rest, each with positions.
const TABLE: &str = "
BEG !X2-2 !X2-2 !X1-30 X1-30 !D
BAK !X2-2 !X2-2 !X1-30 !D X1-30 X1-30 X1-45 X1-30 D
BSN !X2-2 !X1-30 !D !T X4-4 X2-2 X3-3
BIG !D !X1-30 D X1-30 X1-30 X1-8 X2-2
B10 X1-30 X1-30 !X2-4 N0:1-3 X2-3 A1,2
AK1 !X2-2 !X1-12
AK2 !X3-3 !X4-9
AK3 !X2-3 !N0:1-10 X1-6 X1-3
AK4 !X1-10 N0:1-4 !X1-3 X1-99
AK5 !X1-1 X1-3 X1-3 X1-3 X1-3 X1-3
AK9 !X1-1 !N0:1-6 !N0:1-6 !N0:1-6 X1-3 X1-3 X1-3 X1-3 X1-3
CUR !X2-3 !X3-3 R4-10
REF !X2-3 X1-50 X1-80 A2,3,4
L11 X1-50 X2-3 X1-80 P1,2 A1,3
N9 !X2-3 X1-50 X1-45 D T X2-2 A2,3
DTM !X3-3 D T X2-2 X2-3 X1-35 A2,3,5
N1 !X2-3 X1-60 X1-2 X2-80 A2,3 P3,4
N3 !X1-55 X1-55
N4 X2-30 X2-2 X3-15 X2-3 X1-2 X1-30
PO1 X1-20 R1-15 X2-2 R1-17 X2-2 X2-2 X1-48 X2-2 X1-48 X2-2 X1-48 X2-2 X1-48 X2-2 X1-48 P6,7 P8,9 P10,11 P12,13 P14,15 C5,4
IT1 X1-20 R1-15 X2-2 R1-17 X2-2 X2-2 X1-48 X2-2 X1-48 X2-2 X1-48 X2-2 X1-48 X2-2 X1-48 P6,7 P8,9 P10,11 P12,13 P14,15
LIN X1-20 !X2-2 !X1-48 X2-2 X1-48 X2-2 X1-48 X2-2 X1-48 X2-2 X1-48 P4,5 P6,7 P8,9 P10,11
SN1 X1-20 !R1-10 !X2-2 R1-15 R1-15 X2-2 X1-1 X2-2 P5,6
ACK !X2-2 R1-15 X2-2 X3-3 D X1-3 X2-2 X1-48 P2,3 C4,5
SCH !R1-15 !X2-2 X2-3 X1-60 !X3-3 !D T
PID !X1-1 X2-3 X2-2 X1-12 X1-80
PRF !X1-30 X1-30 X1-8 D X1-20 X1-30 X2-2
MAN !X1-2 !X1-48 X1-48 X1-2 X1-48 X1-48 P4,5
HL !X1-12 X1-12 !X1-2 X1-1
TD1 X3-5 N0:1-7 X1-1 X1-16 X1-50 X1-2 R1-10 X2-2 P7,8
TD5 X1-2 X1-2 X2-80 X1-2 X1-35 X2-2
TDS !N2:1-15 N2:1-15 N2:1-15 N2:1-15
CTT !N0:1-6 R1-10
AMT !X1-3 !R1-18
LX !N0:1-6
AT7 X2-2 X2-3 X2-2 X2-3 D T X2-2 E1,3 P1,2 P3,4 C6,5 C7,6
MS1 X2-30 X2-2 X2-3 X1-3
MS2 X2-4 X1-10 X2-2 N0:1-1
SAC !X1-1 X4-4 X2-2 X1-10 N2:1-15
";

fn segment_rules(line: &str) -> Option<(u32, SegmentRules)> {
    let mut words = line.split_whitespace();
    let id = words.next()?;
    let mut rules = SegmentRules::default();
    for word in words {
        match condition(word) {
            Some(condition) => rules.conditions.push(condition),
            None => rules.elements.push(element_rule(word)?),
        }
    }
    Some((key_of(id), rules))
}

fn condition(word: &str) -> Option<Condition> {
    let (kind, positions) = word.split_at_checked(1)?;
    let positions: Option<Vec<usize>> = positions.split(',').map(|p| p.parse().ok()).collect();
    match kind {
        "P" => positions.map(Condition::Paired),
        "E" => positions.map(Condition::Exclusive),
        "A" => positions.map(Condition::AnyOf),
        "C" => positions.map(Condition::Needs),
        _ => None,
    }
}

fn element_rule(word: &str) -> Option<ElementRule> {
    let (required, rest) = match word.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, word),
    };
    let (kind, rest) = rest.split_at_checked(1)?;
    let fixed = |content, length_min, length_max| {
        Some(ElementRule { required, content, length_min, length_max })
    };
    let lengths = |text: &str| {
        let (length_min, length_max) = text.split_once('-')?;
        Some((length_min.parse().ok()?, length_max.parse().ok()?))
    };
    match kind {
        "." => fixed(Content::Text, 0, usize::MAX),
        "D" => fixed(Content::Date, 6, 8),
        "T" => fixed(Content::Time, 4, 8),
        "X" | "R" => {
            let (length_min, length_max) = lengths(rest)?;
            let content = if kind == "X" { Content::Text } else { Content::Decimal };
            fixed(content, length_min, length_max)
        }
        "N" => {
            let (implied, rest) = rest.split_once(':')?;
            let (length_min, length_max) = lengths(rest)?;
            let implied_decimals = implied.parse().ok()?;
            fixed(Content::Integer { implied_decimals }, length_min, length_max)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_understood() {
        let lines = TABLE.lines().filter(|line| !line.is_empty()).count();
        assert_eq!(RULES.len(), lines);
        for (id, rules) in RULES.iter() {
            assert!(!rules.elements.is_empty(), "{id}");
            assert!(rules.elements.iter().all(|e| e.length_min <= e.length_max), "{id}");
        }
        let at7 = of("AT7").unwrap();
        assert_eq!(at7.conditions.first(), Some(&Condition::Exclusive(vec![1, 3])));
    }
}

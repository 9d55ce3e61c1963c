//! What Baton found, held against what it should have found: precision and recall by kind.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::time::{Duration, Instant};

use crate::expect::ExpectedException;

/// An exception that Baton raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// `E-TRN-05`
    pub code: String,
    /// Values of the identifiers of its object and of the orders that it touches, any number.
    pub identifiers: Vec<String>,
    pub opened_at: Instant,
    /// `None`: still open.
    pub closed_at: Option<Instant>,
}

/// How far a finding may lie outside the span in which the exception held and still be it: wake-ups,
/// settling and proof of absence take their time.
pub const TIME_TOLERANCE: Duration = Duration::hours(26);

/// How one kind of exception was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Score {
    /// Expected, and shown for certain by what was delivered.
    pub certain: u64,
    /// Of those, found.
    pub found: u64,
    /// Found where the delivered messages could not show it for certain, yet so in truth.
    pub found_uncertain: u64,
    /// Further findings of what was found already, such as on the order as well as on its package.
    pub echoes: u64,
    /// Found, and nothing of the kind was so.
    pub false_alarms: u64,
}

impl Score {
    /// Share of the findings that were right, per mille. `None` without findings.
    #[must_use]
    pub fn precision_per_mille(&self) -> Option<u64> {
        let right = self.found + self.found_uncertain;
        (right * 1_000).checked_div(right + self.false_alarms)
    }
    /// Share of the certain ones that were found, per mille. `None` if there were none.
    #[must_use]
    pub fn recall_per_mille(&self) -> Option<u64> {
        (self.found * 1_000).checked_div(self.certain)
    }

    fn add(&mut self, other: &Self) {
        self.certain += other.certain;
        self.found += other.found;
        self.found_uncertain += other.found_uncertain;
        self.echoes += other.echoes;
        self.false_alarms += other.false_alarms;
    }
}

/// The whole judgement.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    pub by_code: BTreeMap<String, Score>,
    /// Certain, but not found.
    pub missed: Vec<ExpectedException>,
    pub false_alarms: Vec<Found>,
}

impl Judgement {
    /// All kinds together.
    #[must_use]
    pub fn total(&self) -> Score {
        let mut total = Score::default();
        self.by_code.values().for_each(|score| total.add(score));
        total
    }
}

/// Holds findings against expectations. Each expectation is met by one finding of its code that names
/// its object, at about its time, or else by one that names one of its orders; the certain ones are
/// served first.
///
/// Expectations that could not be deduced until the end of a run are to be left out before.
#[must_use]
pub fn judge(expected: &[ExpectedException], found: &[Found]) -> Judgement {
    let mut judgement = Judgement::default();
    let codes: BTreeSet<&str> = expected
        .iter()
        .map(|e| e.code.code())
        .chain(found.iter().map(|f| f.code.as_str()))
        .collect();
    for code in codes {
        let wanted: Vec<&ExpectedException> =
            expected.iter().filter(|e| e.code.code() == code).collect();
        let got: Vec<&Found> = found.iter().filter(|f| f.code == code).collect();
        let score = judge_code(&wanted, &got, &mut judgement);
        judgement.by_code.insert(code.to_owned(), score);
    }
    judgement
}

/// How well a finding fits an expectation; `None` if it does not.
fn fit(expected: &ExpectedException, found: &Found) -> Option<u8> {
    let names = |values: &[String]| values.iter().any(|v| found.identifiers.contains(v));
    let known_until = expected.until.map(|until| until.max(expected.deducible_at.unwrap_or(until)));
    let begins_in_time = known_until.is_none_or(|until| found.opened_at <= until + TIME_TOLERANCE);
    let ends_in_time =
        found.closed_at.is_none_or(|closed_at| closed_at + TIME_TOLERANCE >= expected.from);
    let opened_late_enough = found.opened_at + TIME_TOLERANCE >= expected.from;
    if !begins_in_time || !ends_in_time || !opened_late_enough {
        return None;
    }
    match (names(&expected.object), names(&expected.orders)) {
        (true, _) => Some(2),
        (false, true) => Some(1),
        (false, false) => None,
    }
}

/// Whether a finding on one of the orders of an expectation was open when that began to hold.
fn names_open(expected: &ExpectedException, found: &Found) -> bool {
    let named = expected.orders.iter().any(|v| found.identifiers.contains(v));
    let not_over = found.closed_at.is_none_or(|closed_at| closed_at >= expected.from);
    named && found.opened_at <= expected.from && not_over
}

fn judge_code(wanted: &[&ExpectedException], got: &[&Found], judgement: &mut Judgement) -> Score {
    let by_name = index(got);
    // By which grade a finding was taken.
    let mut taken: Vec<Option<u8>> = vec![None; got.len()];
    let mut met = vec![false; wanted.len()];
    // First the certain by object, then by order, then the uncertain in the same way. What an order was
    // already told of when another of its packages was struck is told once: the last look of each.
    let looks = [(2, false), (1, false), (1, true)];
    let passes = [true, false].into_iter().flat_map(|c| looks.map(|(g, open)| (c, g, open)));
    for (certain, grade, was_open) in passes {
        for (w, expected) in wanted.iter().enumerate() {
            if met[w] || expected.deducible_at.is_some() != certain {
                continue;
            }
            let candidates = candidates(expected, &by_name);
            // A finding on an order stands for all that happened to the order's packages.
            let free = |n: usize| taken[n].is_none_or(|by| by == 1 && grade == 1);
            let fits = |n: &&usize| match was_open {
                false => free(**n) && fit(expected, got[**n]) == Some(grade),
                true => taken[**n] == Some(1) && names_open(expected, got[**n]),
            };
            if let Some(&n) = candidates.iter().find(fits) {
                (taken[n], met[w]) = (Some(grade), true);
            }
        }
    }
    let mut score = Score::default();
    for (expected, met) in wanted.iter().zip(met) {
        match (expected.deducible_at.is_some(), met) {
            (true, true) => (score.certain, score.found) = (score.certain + 1, score.found + 1),
            (true, false) => {
                score.certain += 1;
                judgement.missed.push((*expected).clone());
            }
            (false, true) => score.found_uncertain += 1,
            (false, false) => {}
        }
    }
    for (_, found) in got.iter().enumerate().filter(|(n, _)| taken[*n].is_none()) {
        if wanted.iter().any(|expected| fit(expected, found).is_some()) {
            score.echoes += 1;
        } else {
            score.false_alarms += 1;
            judgement.false_alarms.push((*found).clone());
        }
    }
    score
}

/// Findings by the values that they name.
fn index<'f>(got: &[&'f Found]) -> BTreeMap<&'f str, Vec<usize>> {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (n, found) in got.iter().enumerate() {
        for value in &found.identifiers {
            by_name.entry(value).or_default().push(n);
        }
    }
    by_name
}

/// The findings that name anything of an expectation, the earliest first.
fn candidates(expected: &ExpectedException, by_name: &BTreeMap<&str, Vec<usize>>) -> Vec<usize> {
    let values = expected.object.iter().chain(&expected.orders);
    let named = values.filter_map(|value| by_name.get(value.as_str()));
    named.flatten().copied().collect::<BTreeSet<usize>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use baton_core::identifier::ObjectKind;
    use baton_core::taxonomy::ExceptionCode;

    use super::*;

    fn hour(n: i64) -> Instant {
        Instant::from_seconds(n * 3_600)
    }

    fn expected(object: &str, from: i64, until: Option<i64>, certain: bool) -> ExpectedException {
        ExpectedException {
            code: ExceptionCode::find("E-TRN-05").unwrap(),
            kind: ObjectKind::Package,
            object: vec![object.to_owned()],
            orders: vec![format!("order of {object}")],
            from: hour(from),
            until: until.map(hour),
            deducible_at: certain.then(|| hour(from)),
        }
    }

    fn found(name: &str, opened: i64, closed: Option<i64>) -> Found {
        Found {
            code: "E-TRN-05".to_owned(),
            identifiers: vec![name.to_owned()],
            opened_at: hour(opened),
            closed_at: closed.map(hour),
        }
    }

    #[test]
    fn each_expectation_is_met_once_and_at_its_time() {
        let want = [
            expected("a", 100, Some(120), true),
            expected("a", 400, None, true),
            expected("b", 100, None, true),
            expected("c", 100, None, false),
        ];
        let got = [
            found("a", 101, Some(121)),
            found("a", 401, None),
            found("order of a", 402, None),
            found("c", 150, None),
            found("d", 100, None),
            // Long before it held: another matter.
            found("b", 10, Some(20)),
        ];
        let judged = judge(&want, &got);
        let score = judged.by_code["E-TRN-05"];
        let wanted = Score { certain: 3, found: 2, found_uncertain: 1, echoes: 1, false_alarms: 2 };
        assert_eq!(score, wanted);
        assert_eq!(judged.missed, vec![want[2].clone()]);
        assert_eq!(score.precision_per_mille(), Some(600));
        assert_eq!(score.recall_per_mille(), Some(666));
        assert_eq!(judged.total(), score);
    }

    #[test]
    fn nothing_found_is_no_precision() {
        let judged = judge(&[expected("a", 1, None, true)], &[]);
        let score = judged.by_code["E-TRN-05"];
        assert_eq!((score.precision_per_mille(), score.recall_per_mille()), (None, Some(0)));
    }
}

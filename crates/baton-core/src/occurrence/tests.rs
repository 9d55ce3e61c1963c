//! Occurrences and acts: examples of flicker, and properties over random spans and histories.

use proptest::prelude::*;

use super::*;
use crate::fact::Act;
use crate::id::{Digest, ExceptionId};

/// Hours since some midnight.
fn h(hours: i64) -> Instant {
    Instant::from_seconds(hours * 3600)
}

fn span(start: i64, end: i64) -> Span {
    Span { start: h(start), end: Some(h(end)) }
}

fn open(start: i64) -> Span {
    Span { start: h(start), end: None }
}

fn settings(settle: i64, hold_for: i64, reopen: i64) -> Hysteresis {
    Hysteresis {
        settle: Duration::hours(settle),
        hold_for: Duration::hours(hold_for),
        reopen: Duration::hours(reopen),
    }
}

fn exception() -> ExceptionId {
    ExceptionId(Digest::of(&[b"E-TRN-05", b"package", b"scan every day"]))
}

const LATER: i64 = 1_000_000;

#[test]
fn spans_become_occurrences() {
    #[track_caller]
    fn check(
        why: &str,
        spans: &[Span],
        with: Hysteresis,
        now: i64,
        expected: &[(i64, Option<i64>, usize)],
    ) {
        let found: Vec<_> = normalise(spans, &with, &Now::new(h(now)))
            .into_iter()
            .map(|o| (o.start, o.end, o.episodes.len()))
            .collect();
        let expected: Vec<_> = expected.iter().map(|(s, e, n)| (h(*s), e.map(h), *n)).collect();
        assert_eq!(found, expected, "{why}");
    }
    let none = settings(0, 0, 0);
    check("nothing", &[], none, LATER, &[]);
    check("touching", &[span(1, 2), span(2, 3)], none, LATER, &[(1, Some(3), 1)]);
    check("overlapping", &[span(1, 9), span(2, 3), open(5)], none, LATER, &[(1, None, 1)]);
    check("apart", &[span(4, 5), span(1, 2)], none, LATER, &[(1, Some(2), 1), (4, Some(5), 1)]);
    check(
        "settle joins before `for` drops",
        &[span(1, 2), span(3, 4)],
        settings(2, 3, 0),
        LATER,
        &[(1, Some(4), 1)],
    );
    check(
        "a gap of `settle` is a gap",
        &[span(1, 2), span(4, 5)],
        settings(2, 0, 0),
        LATER,
        &[(1, Some(2), 1), (4, Some(5), 1)],
    );
    check(
        "`for` drops before reopen joins",
        &[span(1, 5), span(6, 7), span(9, 13)],
        settings(0, 3, 3),
        LATER,
        &[(1, Some(5), 1), (9, Some(13), 1)],
    );
    check(
        "reopen continues",
        &[span(1, 5), span(7, 11)],
        settings(0, 3, 3),
        LATER,
        &[(1, Some(11), 2)],
    );
    check("an open span must last too", &[open(1)], settings(0, 3, 0), 3, &[(1, None, 1)]);
    check(
        "what goes on before its time",
        &[span(1, 5), open(7)],
        settings(0, 3, 3),
        9,
        &[(1, Some(5), 1)],
    );
    check(
        "what goes on in its time",
        &[span(1, 5), open(7)],
        settings(0, 3, 3),
        10,
        &[(1, None, 2)],
    );
    check("backwards", &[span(5, 1)], none, LATER, &[(5, Some(5), 1)]);
}

#[test]
fn a_stage_says_where_it_stands_and_when_to_look_again() {
    let with = settings(1, 3, 4);
    for (why, spans, now, stage, wake) in [
        ("short of `for`", vec![open(1)], 2, Stage::Pending, Some(4)),
        ("raised", vec![open(1)], 4, Stage::Open, None),
        ("known to end", vec![span(1, 9)], 5, Stage::Open, Some(9)),
        ("may begin again", vec![span(1, 9)], 9, Stage::Ending { until: h(13) }, Some(13)),
        (
            "has begun again",
            vec![span(1, 9), open(12)],
            13,
            Stage::Ending { until: h(15) },
            Some(15),
        ),
        ("goes on", vec![span(1, 9), open(12)], 15, Stage::Open, None),
        ("over", vec![span(1, 9)], 13, Stage::Ended, None),
    ] {
        let now = Now::new(h(now));
        let found = normalise(&spans, &with, &now);
        assert_eq!(found.last().unwrap().stage(&now), stage, "{why}");
        assert_eq!(now.wake_at(), wake.map(h), "{why}");
    }
}

/// Derives at `now` and puts what is due on record.
fn catch_up(spans: &[Span], with: Hysteresis, acts: &mut Vec<PastAct>, now: i64) {
    let now = Now::new(h(now));
    let occurrences = normalise(spans, &with, &now);
    for due in acts_due(exception(), &occurrences, acts, &now) {
        acts.push(due.done());
    }
}

fn told(acts: &[PastAct]) -> Vec<(Act, i64)> {
    acts.iter().map(|act| (act.act, act.at.micros() / 3_600_000_000)).collect()
}

#[test]
fn acts_follow_what_holds() {
    use Act::{Announced as A, Cleared as C, Withdrawn as W};
    /// Each step: the present, and what holds as far as is known then.
    #[track_caller]
    fn check(why: &str, with: Hysteresis, steps: &[(i64, &[Span])], expected: &[(Act, i64)]) {
        let mut acts = Vec::new();
        for (now, spans) in steps {
            catch_up(spans, with, &mut acts, *now);
        }
        assert_eq!(told(&acts), expected, "{why}");
        let mut shuffled = acts.clone();
        shuffled.reverse();
        assert_eq!(in_chain_order(&shuffled), acts, "{why}");
    }
    let day = 24;
    let silence = [span(day, 3 * day), span(10 * day, 12 * day)];
    check(
        "silence on 1-3 May and again on 10-12 May is two announcements",
        settings(0, 1, 6),
        &[(20 * day, &silence)],
        &[(A, day + 1), (C, 3 * day + 6), (A, 10 * day + 1), (C, 12 * day + 6)],
    );
    check(
        "trap 24: flapping within reopen is one",
        settings(0, 1, 6),
        &[
            (11, &[open(10)]),
            (13, &[span(10, 12)]),
            (15, &[span(10, 12), open(14)]),
            (17, &[span(10, 12), span(14, 16)]),
            (30, &[span(10, 12), span(14, 16), span(17, 18)]),
        ],
        &[(A, 11), (C, 24)],
    );
    check(
        "a late fact shows that it never held",
        settings(0, 1, 6),
        &[(11, &[open(10)]), (12, &[]), (13, &[])],
        &[(A, 11), (W, 11)],
    );
    check(
        "and another that it did after all",
        settings(0, 1, 6),
        &[(11, &[open(10)]), (12, &[]), (13, &[open(10)]), (14, &[])],
        &[(A, 11), (W, 11), (A, 11), (W, 11)],
    );
    check(
        "a start that moves keeps the announcement inside it",
        settings(0, 1, 6),
        &[(11, &[open(10)]), (12, &[open(8)]), (13, &[span(8, 13)])],
        &[(A, 11)],
    );
    check(
        "a start that moves past it does not",
        settings(0, 1, 6),
        &[(11, &[open(10)]), (13, &[open(12)])],
        &[(A, 11), (W, 11), (A, 13)],
    );
    check(
        "cleared too soon: it still holds",
        settings(0, 1, 2),
        &[(11, &[open(10)]), (16, &[span(10, 14)]), (17, &[open(10)]), (30, &[span(10, 20)])],
        &[(A, 11), (C, 16), (A, 16), (C, 22)],
    );
    check(
        "an end that was earlier changes nothing that was said",
        settings(0, 1, 2),
        &[(11, &[open(10)]), (16, &[span(10, 14)]), (17, &[span(10, 13)])],
        &[(A, 11), (C, 16)],
    );
    check("too short to tell", settings(0, 5, 2), &[(11, &[open(10)]), (30, &[span(10, 14)])], &[]);
    check("no hysteresis", settings(0, 0, 0), &[(11, &[span(10, 10)])], &[(A, 10), (C, 10)]);
}

#[test]
fn a_fork_of_the_chain_is_settled_by_content() {
    let act = |n: u8, previous: Option<u8>| {
        let id = |n: u8| crate::id::ActId(Digest::from_u128(u128::from(n)));
        PastAct { act: Act::Announced, id: id(n), previous: previous.map(id), at: h(1) }
    };
    let all = [act(1, None), act(2, Some(1)), act(3, Some(1)), act(4, Some(3)), act(9, Some(8))];
    assert_eq!(in_chain_order(&all), [all[0], all[2], all[3]], "the longer branch");
    assert_eq!(in_chain_order(&all[..3]), [all[0], all[1]], "the smaller id");
    assert_eq!(in_chain_order(&[all[1], all[4]]), [], "nothing without its predecessor");
}

fn worlds() -> impl Strategy<Value = (Vec<Span>, Hysteresis)> {
    let spans = prop::collection::vec((0..60i64, prop::option::weighted(0.9, 0..12i64)), 0..8)
        .prop_map(|spans| {
            spans
                .into_iter()
                .map(|(start, long)| Span { start: h(start), end: long.map(|l| h(start + l)) })
                .collect()
        });
    (spans, (0..4i64, 0..5i64, 0..6i64).prop_map(|(s, f, r)| settings(s, f, r)))
}

/// What is known of the spans at an hour: those to come are not, and what goes on has no end.
fn known_at(spans: &[Span], hour: i64) -> Vec<Span> {
    spans
        .iter()
        .filter(|span| span.start <= h(hour))
        .map(|span| Span { end: span.end.filter(|end| *end <= h(hour)), ..*span })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn the_order_of_spans_does_not_matter((spans, with) in worlds(), now in 0..90i64, turn in 0..8usize) {
        let mut turned = spans.clone();
        turned.rotate_left(turn.min(spans.len()));
        turned.extend(spans.first().copied());
        let (a, b) = (Now::new(h(now)), Now::new(h(now)));
        prop_assert_eq!(normalise(&spans, &with, &a), normalise(&turned, &with, &b));
        prop_assert_eq!(a.wake_at(), b.wake_at());
    }

    #[test]
    fn occurrences_are_apart((spans, with) in worlds(), now in 0..90i64) {
        let found = normalise(&spans, &with, &Now::new(h(now)));
        for pair in found.windows(2) {
            let end = pair[0].end.expect("only the last goes on");
            prop_assert!(pair[1].start > end && pair[1].start >= pair[0].over_at.unwrap());
        }
        for occurrence in found {
            prop_assert!(occurrence.settled_at >= occurrence.over_at);
            prop_assert!(occurrence.end.is_none_or(|end| occurrence.raised_at <= end));
        }
    }

    #[test]
    fn what_was_done_is_not_due_again((spans, with) in worlds(), now in 0..90i64, known in prop::collection::vec(0..90i64, 0..4)) {
        let mut acts = Vec::new();
        for hour in known {
            catch_up(&known_at(&spans, hour), with, &mut acts, hour);
        }
        catch_up(&spans, with, &mut acts, now);
        let done = acts.clone();
        catch_up(&spans, with, &mut acts, now);
        prop_assert_eq!(done, acts);
    }

    #[test]
    fn who_wakes_late_does_the_same((spans, with) in worlds(), start in prop::collection::vec(0..60i64, 0..2)) {
        // Something other was known before, then the content stays as it is.
        let mut before = Vec::new();
        for hour in start {
            catch_up(&known_at(&spans, hour), with, &mut before, 90);
        }
        let (mut awake, mut asleep) = (before.clone(), before);
        for hour in 0..=90 {
            catch_up(&spans, with, &mut awake, hour);
        }
        catch_up(&spans, with, &mut asleep, 90);
        prop_assert_eq!(told(&awake), told(&asleep));
        prop_assert_eq!(awake, asleep);
    }

    #[test]
    fn knowing_at_once_or_afterwards_is_the_same((spans, with) in worlds()) {
        let (mut awake, mut asleep) = (Vec::new(), Vec::new());
        for hour in 0..=90 {
            catch_up(&known_at(&spans, hour), with, &mut awake, hour);
        }
        catch_up(&known_at(&spans, 90), with, &mut asleep, 90);
        prop_assert_eq!(told(&awake), told(&asleep));
        prop_assert_eq!(awake, asleep);
    }

    #[test]
    fn between_wake_ups_nothing_changes((spans, with) in worlds(), now in 0..90i64, ahead in 0..20i64) {
        let look = |at| {
            let now = Now::new(at);
            let found = normalise(&spans, &with, &now);
            let stages: Vec<_> = found.iter().map(|o| o.stage(&now)).collect();
            let due = acts_due(exception(), &found, &[], &now);
            (found, stages, due, now.wake_at())
        };
        let (first, later) = (look(h(now)), h(now) + Duration::minutes(ahead * 60 + 30));
        if first.3.is_none_or(|wake| later < wake) {
            prop_assert_eq!(first, look(later));
        }
    }
}

//! Clocks: examples named after the traps, and properties over random lives of a clock.

use proptest::prelude::*;

use super::*;
use crate::calendar::{Calendar, CalendarVersion, Week};

/// Hours since Monday 2026-05-04, midnight UTC.
fn h(hours: i64) -> Instant {
    "2026-05-04T00:00:00Z".parse::<Instant>().unwrap() + Duration::hours(hours)
}

fn hours(n: i64) -> Duration {
    Duration::hours(n)
}

/// Monday to Friday 08–17 without a break: nine hours a day.
fn office() -> WorkingTime {
    let day = vec!["08:00-17:00".to_owned()];
    let week = Week {
        mon: day.clone(),
        tue: day.clone(),
        wed: day.clone(),
        thu: day.clone(),
        fri: day,
        ..Week::default()
    };
    let version = CalendarVersion {
        from: "2026-01-01".into(),
        week,
        holidays: vec![],
        exceptions: std::collections::BTreeMap::new(),
    };
    let calendar =
        Calendar { name: "office".into(), time_zone: "UTC".into(), versions: vec![version] };
    calendar.compile().unwrap()
}

/// Nine hours from Monday 10:00.
fn clock(working: &WorkingTime) -> SlaClock<'_> {
    SlaClock {
        working,
        start_at: h(10),
        end: ClockEnd::Running,
        resets: vec![],
        pauses: vec![],
        precedence: &[],
        target: hours(9),
        changes: vec![],
        warn_at: &[],
    }
}

fn pause(cause: &str, party: Role, from: i64, to: Option<i64>, max: Option<i64>) -> Pause {
    let (end_at, max) = (to.map(h), max.map(hours));
    Pause { cause: cause.into(), party, start_at: h(from), end_at, max }
}

fn waiting(from: i64, to: Option<i64>, max: Option<i64>) -> Pause {
    pause("waiting", Role::Customer, from, to, max)
}

fn running(due: i64) -> ClockState {
    ClockState::Running { due_at: h(due) }
}

fn paused(since: i64, until: i64) -> ClockState {
    let (since, until) = (h(since), h(until));
    ClockState::Paused { since, cause: "waiting".into(), party: Role::Customer, until }
}

fn late(due: i64, end: Option<(i64, i64)>) -> ClockState {
    let late_end = end.map(|(at, over)| LateEnd { at: h(at), over: hours(over) });
    ClockState::Breached { due_at: h(due), late_end }
}

#[test]
fn a_clock_says_where_it_stands_and_when_to_look_again() {
    #[track_caller]
    fn check(
        why: &str,
        change: impl FnOnce(&mut SlaClock<'_>),
        now: i64,
        (state, wake): (ClockState, Option<i64>),
    ) {
        let office = office();
        let mut clock = clock(&office);
        change(&mut clock);
        let now = Now::new(h(now));
        assert_eq!(clock.measure(&now).state, state, "{why}");
        assert_eq!(now.wake_at(), wake.map(h), "{why}");
    }
    let met = |at, used| ClockState::Met { at: h(at), used: hours(used) };
    let stopped = |at| move |c: &mut SlaClock<'_>| c.end = ClockEnd::Stopped(h(at));
    // Due on Tuesday (day 1) at 10:00.
    check("runs", |_| {}, 12, (running(34), Some(34)));
    check("trap 18: not by the wall clock", |_| {}, 30, (running(34), Some(34)));
    check("is late", |_| {}, 34, (late(34, None), None));
    check("done", stopped(32), 40, (met(32, 7), None));
    check("done to the minute", stopped(34), 40, (met(34, 9), None));
    check("done late", stopped(36), 40, (late(34, Some((36, 2))), None));
    check("done before it began", stopped(3), 40, (met(3, 0), None));
    check("trap 15: stopped is stopped", stopped(32), 4000, (met(32, 7), None));
    check("a stop to come", stopped(36), 30, (running(34), Some(34)));
    check("a stop to come, late", stopped(36), 35, (late(34, None), Some(36)));
    check(
        "cancelled",
        |c| c.end = ClockEnd::Cancelled(h(50)),
        60,
        (ClockState::Cancelled { at: h(50) }, None),
    );
    // Due on Monday at 17:00; a clock is late only when somebody could have worked.
    let seven = |c: &mut SlaClock<'_>| c.target = hours(7);
    check("trap 18: no breach at night", seven, 20, (running(17), Some(32)));
    check("trap 18: but in the morning", seven, 32, (late(17, None), None));
    let at_night = |c: &mut SlaClock<'_>| (c.target, c.end) = (hours(7), ClockEnd::Stopped(h(22)));
    check("trap 18: done at night", at_night, 40, (met(22, 7), None));
    // Trap 17: paused is paused, and says so only then.
    let two_hours = |c: &mut SlaClock<'_>| c.pauses = vec![waiting(12, Some(14), None)];
    check("trap 17: before", two_hours, 11, (running(36), Some(12)));
    check("trap 17: in it", two_hours, 13, (paused(12, 14), Some(14)));
    check("trap 17: after", two_hours, 14, (running(36), Some(36)));
    let nobody_ends = |c: &mut SlaClock<'_>| c.pauses = vec![waiting(12, None, Some(3))];
    check("nobody ends it", nobody_ends, 13, (paused(12, 15), Some(15)));
    check("the maximum ends it", nobody_ends, 15, (running(37), Some(37)));
    let ended_late = |c: &mut SlaClock<'_>| c.pauses = vec![waiting(12, Some(16), Some(3))];
    check("the maximum holds all the same", ended_late, 15, (running(37), Some(37)));
    let no_max = |c: &mut SlaClock<'_>| c.pauses = vec![waiting(12, None, None)];
    check("no maximum declared", no_max, 13, (paused(12, 12 + 90 * 24), Some(12 + 90 * 24)));
    let before = |c: &mut SlaClock<'_>| c.pauses = vec![waiting(2, Some(12), None)];
    check("paused from before", before, 11, (paused(10, 12), Some(12)));
    let over_due = |c: &mut SlaClock<'_>| c.pauses = vec![waiting(34, Some(36), None)];
    check("paused when it is due", over_due, 35, (paused(34, 36), Some(36)));
    check("late after the pause", over_due, 36, (late(34, None), None));
    let reset = |c: &mut SlaClock<'_>| c.resets = vec![h(34), h(15)];
    check("a reset to come", reset, 12, (running(34), Some(15)));
    check("reset", reset, 15, (running(39), Some(34)));
    check("reset again", reset, 34, (running(58), Some(58)));
    // Trap 16: a new target forgets no pause.
    let more = |c: &mut SlaClock<'_>| {
        two_hours(c);
        c.changes = vec![TargetChange { from_at: h(15), target: hours(11) }];
    };
    check("trap 16: before", more, 14, (running(36), Some(15)));
    check("trap 16: after", more, 16, (running(38), Some(38)));
    let less = |c: &mut SlaClock<'_>| {
        c.changes = vec![TargetChange { from_at: h(15), target: hours(2) }];
    };
    check("less than is used: due at once, not before", less, 15, (late(15, None), None));
}

#[test]
fn warnings_come_at_shares_of_the_target() {
    let office = office();
    let mut clock = clock(&office);
    clock.target = hours(10);
    clock.warn_at = &[80, 50];
    clock.pauses = vec![waiting(12, Some(14), None)];
    let look = |clock: &SlaClock<'_>, now| {
        let now = Now::new(h(now));
        let warnings: Vec<_> = clock
            .measure(&now)
            .warnings
            .into_iter()
            .map(|w| (w.percent, w.at.since(h(0)).whole_minutes() / 60, w.reached))
            .collect();
        (warnings, now.wake_at())
    };
    assert_eq!(look(&clock, 14), (vec![(50, 17, false), (80, 35, false)], Some(h(17))));
    assert_eq!(look(&clock, 18), (vec![(50, 17, true), (80, 35, false)], Some(h(35))));
    clock.end = ClockEnd::Stopped(h(33));
    assert_eq!(look(&clock, 40), (vec![(50, 17, true)], None), "what the end forestalled");
}

#[test]
fn the_record_tells_the_whole_story() {
    let office = office();
    let mut clock = clock(&office);
    clock.resets = vec![h(13)];
    clock.pauses = vec![
        waiting(12, Some(14), None),
        pause("customs", Role::Authority, 13, Some(16), None),
        waiting(40, Some(41), None),
    ];
    clock.changes = vec![TargetChange { from_at: h(34), target: hours(2) }];
    clock.end = ClockEnd::Stopped(h(36));
    let precedence = [SmolStr::from("customs")];
    clock.precedence = &precedence;
    let record = clock.measure(&Now::new(h(100)));
    insta::assert_snapshot!(serde_json::to_string_pretty(&record).unwrap());
    assert_eq!(clock.used_at(h(33)), hours(2));
    assert_eq!(clock.used_at(h(12)), hours(2), "of the run at that time");
}

type Drawn =
    (i64, Option<i64>, Vec<(usize, i64, Option<i64>, Option<i64>)>, Vec<i64>, Vec<(i64, i64)>);

fn drawn() -> impl Strategy<Value = Drawn> {
    let pauses = prop::collection::vec(
        (0..3usize, 0..200i64, prop::option::weighted(0.8, -2..40i64), prop::option::of(0..30i64)),
        0..6,
    );
    let resets = prop::collection::vec(0..200i64, 0..3);
    let changes = prop::collection::vec((0..200i64, 0..60i64), 0..3);
    (0..60i64, prop::option::of(0..200i64), pauses, resets, changes)
}

const CAUSES: [(&str, Role); 3] =
    [("waiting", Role::Customer), ("customs", Role::Authority), ("storm", Role::ForceMajeure)];

fn build<'a>(working: &'a WorkingTime, precedence: &'a [SmolStr], drawn: &Drawn) -> SlaClock<'a> {
    let (target, end, pauses, resets, changes) = drawn;
    SlaClock {
        end: end.map_or(ClockEnd::Running, |at| ClockEnd::Stopped(h(at))),
        resets: resets.iter().copied().map(h).collect(),
        pauses: pauses
            .iter()
            .map(|(n, from, long, max)| {
                let (cause, party) = CAUSES[*n];
                pause(cause, party, *from, long.map(|long| from + long), *max)
            })
            .collect(),
        precedence,
        target: hours(*target),
        changes: changes
            .iter()
            .map(|(from, target)| TargetChange { from_at: h(*from), target: hours(*target) })
            .collect(),
        warn_at: &[50, 80, 100],
        ..clock(working)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_minute_is_lost_or_charged_twice(drawn in drawn(), works in any::<bool>(), now in 0..250i64) {
        let working = if works { office() } else { WorkingTime::always() };
        let precedence = [SmolStr::from("storm"), SmolStr::from("customs")];
        let clock = build(&working, &precedence, &drawn);
        let record = clock.measure(&Now::new(h(now)));
        let mut at = clock.start_at;
        let (mut run, mut all) = (Duration::ZERO, Duration::ZERO);
        for segment in &record.history {
            prop_assert_eq!(segment.start_at, at, "history has no gaps");
            prop_assert!(segment.end_at.is_none_or(|end| end > at));
            let worked = working.between(at, segment.end_at.unwrap_or(h(10_000)));
            prop_assert!(segment.worked.is_none_or(|told| told == worked));
            if segment.kind == SegmentKind::Run { run = run + worked; }
            all = all + worked;
            at = segment.end_at.unwrap_or(h(10_000));
        }
        prop_assert_eq!(all, working.between(clock.start_at, at));
        if let (Some(end), true) = (drawn.1, record.history.iter().all(|s| s.end_at.is_some())) {
            // Ended: what ran is what was used, in this run and in those that were forgotten.
            let forgotten = record.forgotten.iter().fold(Duration::ZERO, |sum, f| sum + f.used);
            prop_assert_eq!(run, forgotten + clock.used_at(h(end)));
        }
    }

    #[test]
    fn a_clock_is_late_exactly_where_it_used_more_than_it_had(drawn in drawn(), end in 0..200i64) {
        let (office, precedence) = (office(), []);
        let drawn = (drawn.0, Some(end), drawn.2, drawn.3, vec![]);
        let clock = build(&office, &precedence, &drawn);
        let record = clock.measure(&Now::new(h(300)));
        let used = clock.used_at(h(end));
        match record.state {
            ClockState::Met { used: told, .. } => {
                prop_assert!(used <= clock.target && told == used && record.breach_at.is_none());
            }
            ClockState::Breached { late_end: Some(late), .. } => {
                prop_assert_eq!(late.over, used.saturating_sub(clock.target));
                prop_assert!(record.breach_at.is_some_and(|at| office.is_open(at) && at < h(end)));
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn between_wake_ups_nothing_changes(drawn in drawn(), now in 0..250i64, ahead in 0..100i64) {
        let (office, precedence) = (office(), []);
        let clock = build(&office, &precedence, &drawn);
        let look = |at| {
            let now = Now::new(at);
            (clock.measure(&now), now.wake_at())
        };
        let (first, later) = (look(h(now)), h(now) + Duration::minutes(ahead * 60 + 30));
        if first.1.is_none_or(|wake| later < wake) {
            prop_assert_eq!(first, look(later));
        }
    }

    #[test]
    fn the_order_of_what_is_known_does_not_matter(drawn in drawn(), now in 0..250i64) {
        let (office, precedence) = (office(), []);
        let mut turned = drawn.clone();
        turned.2.reverse();
        turned.3.reverse();
        turned.4.reverse();
        turned.2.extend(drawn.2.first().copied());
        let now = Now::new(h(now));
        let one = build(&office, &precedence, &drawn).measure(&now);
        prop_assert_eq!(one, build(&office, &precedence, &turned).measure(&now));
    }
}

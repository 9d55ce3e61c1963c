//! Charges: worked examples, and the property that they sum to the lateness.

use proptest::prelude::*;

use super::*;
use crate::calendar::{Calendar, CalendarVersion, Week};

/// Hours since Monday 2026-05-04, midnight UTC.
fn h(hours: i64) -> Instant {
    "2026-05-04T00:00:00Z".parse::<Instant>().unwrap() + Duration::hours(hours)
}

fn office() -> WorkingTime {
    let day = vec!["08:00-12:00".to_owned(), "13:00-17:00".to_owned()];
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

fn stage(holder: Role, working: &WorkingTime, target: i64, ended: Option<i64>) -> Stage<'_> {
    let target = Duration::hours(target);
    let (pauses, precedence) = (vec![], vec![]);
    Stage { holder, partner: None, target, working, ended_at: ended.map(h), pauses, precedence }
}

fn pause(cause: &str, party: Role, from: i64, to: i64) -> Pause {
    Pause { cause: cause.into(), party, start_at: h(from), end_at: Some(h(to)), max: None }
}

/// A course whose stages all stand still in these pauses.
fn course<'a>(promised: i64, mut stages: Vec<Stage<'a>>, pauses: &[Pause]) -> Course<'a> {
    for stage in &mut stages {
        stage.pauses = pauses.to_vec();
    }
    let (start_at, promised_at, promised_by) = (h(0), h(promised), Role::Seller);
    Course { start_at, promised_at, promised_by, stages }
}

/// The charges by role in hours, several of one role added.
fn by_role(liability: &Liability) -> Vec<(Role, i64)> {
    let mut sums = std::collections::BTreeMap::new();
    for charge in &liability.charges {
        *sums.entry(charge.role).or_insert(0) += charge.charge.whole_minutes() / 60;
    }
    sums.into_iter().collect()
}

#[test]
fn lateness_is_charged_to_who_held() {
    use Role::{Authority, Carrier, Customer, Oem, Seller, Warehouse};
    #[track_caller]
    fn check(why: &str, course: &Course<'_>, projected: i64, expected: &[(Role, i64)]) {
        let found = course.liability();
        assert_eq!(found.projected_at, h(projected), "{why}");
        assert_eq!(by_role(&found), expected, "{why}");
    }
    let all = WorkingTime::always();
    let way = |promised, oem, warehouse, carrier| {
        let stages = vec![
            stage(Oem, &all, 10, oem),
            stage(Warehouse, &all, 5, warehouse),
            stage(Carrier, &all, 20, carrier),
        ];
        course(promised, stages, &[])
    };
    check("as planned", &way(35, Some(10), Some(15), Some(35)), 35, &[]);
    check("nothing handed over", &way(35, None, None, None), 35, &[]);
    check("the oem is late", &way(35, Some(14), Some(19), Some(39)), 39, &[(Oem, 4)]);
    check("still on the way", &way(35, Some(14), None, None), 39, &[(Oem, 4)]);
    check(
        "the carrier makes good half of it",
        &way(35, Some(14), Some(19), Some(37)),
        37,
        &[(Oem, 4), (Carrier, -2)],
    );
    check("all made good", &way(35, Some(14), Some(19), Some(35)), 35, &[(Oem, 4), (Carrier, -4)]);
    check("slack is nobody's", &way(40, Some(14), Some(21), Some(41)), 41, &[(Warehouse, 1)]);
    check(
        "the plan was late",
        &way(30, Some(10), Some(15), Some(36)),
        36,
        &[(Seller, 5), (Carrier, 1)],
    );
    check(
        "a hand-over that nobody told",
        &way(35, None, Some(19), Some(39)),
        39,
        &[(Warehouse, 4)],
    );
    check(
        "told out of order",
        &way(35, Some(20), Some(15), None),
        35,
        &[(Oem, 10), (Warehouse, -10)],
    );

    let mut paused = way(35, Some(16), Some(21), Some(41));
    paused.stages[0].pauses = vec![
        pause("customer_decision", Customer, 2, 6),
        pause("customs", Authority, 4, 8),
        pause("customs", Authority, 100, 200),
    ];
    check("kept from it", &paused, 41, &[(Customer, 4), (Authority, 2)]);
    paused.stages[0].precedence = vec!["customs".into()];
    check("overlap by precedence", &paused, 41, &[(Customer, 2), (Authority, 4)]);
    paused.stages[0].ended_at = Some(h(15));
    check(
        "what the holder made good, the first pause uses up",
        &paused,
        41,
        &[(Warehouse, 1), (Customer, 1), (Authority, 4)],
    );
    let mut elsewhere = way(35, Some(16), Some(21), Some(41));
    elsewhere.stages[2].pauses = vec![pause("customs", Authority, 2, 6)];
    check("another's pause keeps nobody", &elsewhere, 41, &[(Oem, 6)]);
}

#[test]
fn targets_are_working_time() {
    let (office, all) = (office(), WorkingTime::always());
    // Monday 08:00 to Monday 17:00, then two days on the road: Wednesday 17:00.
    let stages = vec![
        stage(Role::Warehouse, &office, 8, Some(32 + 2)),
        stage(Role::Carrier, &all, 48, Some(34 + 48)),
    ];
    let found = course(17 + 48, stages, &[pause("hold", Role::Customer, 15, 33)]).liability();
    assert_eq!(found.planned_at, h(17 + 48));
    assert_eq!(found.lateness, Duration::hours(17));
    // The customer's three working hours carried it over the night; the warehouse was quick.
    assert_eq!(by_role(&found), [(Role::Customer, 17)]);
}

#[test]
fn of_parallel_branches_the_critical_one_counts() {
    let all = WorkingTime::always();
    let branch =
        |holder, ended| course(10, vec![stage(holder, &all, 10, Some(ended))], &[]).liability();
    let branches =
        [branch(Role::Oem, 12), branch(Role::Distributor, 15), branch(Role::Carrier, 15)];
    assert_eq!(by_role(critical(&branches).unwrap()), [(Role::Distributor, 5)]);
    assert_eq!(critical(&[]), None);
}

const ROLES: [Role; 4] = [Role::Oem, Role::Warehouse, Role::Carrier, Role::Customer];

type Way = (i64, Vec<(usize, bool, i64, Option<i64>)>, Vec<(usize, i64, i64)>);

fn ways() -> impl Strategy<Value = Way> {
    let stage = (0..4usize, any::<bool>(), 0..40i64, prop::option::weighted(0.8, 0..300i64));
    let pause = (0..4usize, 0..300i64, 0..60i64);
    (0..300i64, prop::collection::vec(stage, 0..6), prop::collection::vec(pause, 0..5))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn charges_sum_to_the_lateness((promised, stages, pauses) in ways()) {
        let (office, all) = (office(), WorkingTime::always());
        let stages: Vec<_> = stages
            .iter()
            .map(|(role, works, target, end)| {
                stage(ROLES[*role], if *works { &office } else { &all }, *target, *end)
            })
            .collect();
        let pauses: Vec<Pause> = pauses
            .iter()
            .map(|(role, from, long)| pause("held", ROLES[*role], *from, from + long))
            .collect();
        let course = course(promised, stages, &pauses);
        let found = course.liability();
        let sum: SignedDuration = found.charges.iter().map(|charge| charge.charge).sum();
        prop_assert_eq!(sum.micros(), found.lateness.micros());
        prop_assert_eq!(found.minutes().iter().sum::<i64>(), found.lateness.whole_minutes());
        if let Some(last) = course.stages.last().and_then(|stage| stage.ended_at) {
            prop_assert_eq!(found.projected_at, last, "the end is the last hand-over");
        }
        if found.hand_overs.iter().all(|hand_over| hand_over.projected_at <= course.promised_at)
            && found.planned_at <= course.promised_at
            && course.stages.iter().all(|stage| stage.pauses.is_empty())
        {
            prop_assert_eq!(found.charges, vec![], "nobody is charged for slack");
        }
    }
}

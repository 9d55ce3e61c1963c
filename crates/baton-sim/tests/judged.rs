//! The shipped rules against the truth of small worlds: who changes a rule so that it cries wolf, or
//! keeps silent, is told here.

#[path = "../examples/judge/run/mod.rs"]
mod run;

use baton_sim::{Config, FaultRates, World};
use run::Run;

/// In a hundred of every kind so many are right, and so many of what could be known are found.
const SHARE_PER_MILLE: u64 = 970;
/// Of a kind with fewer cases, one may be wrong.
const WRONG_MAX: u64 = 1;

fn check(seed: u64, faults: FaultRates) {
    let world = World::new(Config::test(seed, 300).with_faults(faults));
    let run = Run::of(&world, false);
    assert!(!run.clusters.facts.is_empty());
    let judgement = run.judged(&world);
    let mut certain = 0;
    for (code, score) in &judgement.by_code {
        certain += score.certain;
        let missed = score.certain - score.found;
        let precise = score.precision_per_mille().is_none_or(|share| share >= SHARE_PER_MILLE);
        let complete = score.recall_per_mille().is_none_or(|share| share >= SHARE_PER_MILLE);
        assert!(precise || score.false_alarms <= WRONG_MAX, "seed {seed} {code}: {score:?}");
        assert!(complete || missed <= WRONG_MAX, "seed {seed} {code}: {score:?}");
    }
    let total = judgement.total();
    assert!(total.precision_per_mille() >= Some(SHARE_PER_MILLE), "seed {seed}: {total:?}");
    assert!(total.recall_per_mille() >= Some(SHARE_PER_MILLE), "seed {seed}: {total:?}");
    assert!(certain > 0, "seed {seed} expects nothing");
}

#[test]
fn a_world_with_every_fault_is_judged_rightly() {
    check(101, FaultRates::all());
}

#[test]
fn a_world_with_the_usual_faults_is_judged_rightly() {
    check(102, FaultRates::default());
}

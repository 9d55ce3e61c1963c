//! `baton demo --until-settled`: the whole history and its end, judged.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use baton_core::time::{Duration as Length, Instant};
use baton_server::EngineHandle;
use baton_sim::World;

use super::player::{Player, hour_end};
use super::setting::Setting;
use super::summary::{Summary, counted, held, judged, scores};
use super::{LINE_EVERY, OVERLAP, export};
use crate::exit::{Failure, Outcome, Result};
use crate::serving::Serving;
use crate::{machine, print};

/// How long after its last letter the world is looked at: what is due then has come due.
const AFTERMATH: Length = Length::days(2);

pub(super) fn run(
    engine: &EngineHandle,
    setting: &Setting,
    world: &World,
    (serving, in_step): (&Serving, bool),
) -> Result<Outcome> {
    let (stop, sent) = (serving.stop_flag(), Arc::new(AtomicU64::new(0)));
    let begin_at = setting.sample.clock.now() - OVERLAP;
    // Also of those that are left out because an earlier run has sent them.
    let last = Arc::new(AtomicI64::new(world.config().start_at.micros()));
    let noted = Arc::clone(&last);
    let letters = world.messages().inspect(move |letter| {
        noted.fetch_max(letter.send_at.micros(), Ordering::Relaxed);
    });
    let mut player = Player::new(
        letters.skip_while(move |letter| letter.send_at < begin_at),
        (setting.feeder(serving.address())?, setting.addresses()),
        (engine.clone(), Arc::clone(&setting.sample)),
        (Arc::clone(&stop), Arc::clone(&sent)),
    )
    .in_step(in_step);
    let (began, cpu_before) = (std::time::Instant::now(), machine::processor_time());
    std::thread::scope(|scope| {
        let telling = Arc::clone(&stop);
        let (sent, done) = (Arc::clone(&sent), Arc::new(AtomicU64::new(0)));
        let finished = Arc::clone(&done);
        scope.spawn(move || {
            while done.load(Ordering::Acquire) == 0 && !telling.load(Ordering::Acquire) {
                eprintln!("{} messages sent", sent.load(Ordering::Relaxed));
                super::wait_for(LINE_EVERY, || {
                    done.load(Ordering::Acquire) != 0 || telling.load(Ordering::Acquire)
                });
            }
        });
        let played = play(&mut player, &last);
        finished.store(1, Ordering::Release);
        played
    })?;
    if stop.load(Ordering::Acquire) {
        return Err(Failure::failed("ended before the world had settled"));
    }
    let wall = began.elapsed();
    let cpu = machine::processor_time().zip(cpu_before).map(|(after, before)| after - before);
    let held = held(engine, &setting.sample)?;
    let exported = export::of(engine, &setting.sample)?;
    let judgement = judged(engine, &setting.sample, &held, &world.truth())?;
    let total = judgement.total();
    let sent = sent.load(Ordering::Relaxed);
    let summary = Summary {
        seed: world.config().seed,
        ended_at: setting.sample.clock.now(),
        orders: held.orders.len() as u64,
        orders_by_phase: counted(held.orders.iter().map(|row| row.state.clone())),
        messages: held.messages,
        duplicates: held.repeats,
        quarantined: held.quarantined,
        facts: facts(engine),
        exceptions: counted(held.exceptions.iter().map(|row| row.code.code().to_owned())),
        exceptions_open: held.exceptions.iter().filter(|row| row.closed_at.is_none()).count()
            as u64,
        precision_per_mille: total.precision_per_mille(),
        recall_per_mille: total.recall_per_mille(),
        by_code: scores(&judgement),
        events_per_second: (sent as f64 / wall.as_secs_f64()).round() as u64,
        cpu_seconds: cpu.map(|cpu| cpu.as_secs_f64()),
        wall_seconds: wall.as_secs_f64(),
        state_digest: held.state_digest,
        commands: exported.commands,
        export_digest: exported.digest,
    };
    let line = serde_json::to_string(&summary)
        .map_err(|why| Failure::failed(format!("the summary is no JSON: {why}")))?;
    print::line(&line)?;
    Ok(Outcome::Fine)
}

fn play<I: Iterator<Item = baton_sim::Sent>>(
    player: &mut Player<I>,
    last: &AtomicI64,
) -> Result<()> {
    player.play_all()?;
    player.settle()?;
    let end = hour_end(Instant::from_micros(last.load(Ordering::Relaxed))) + AFTERMATH;
    player.tenant.clock.advance_to(end);
    player.engine.wake();
    player.settle()
}

/// Facts that were recorded in this run.
fn facts(engine: &EngineHandle) -> u64 {
    let text = engine.metrics().text();
    let line = text.lines().find_map(|line| line.strip_prefix("baton_facts_recorded_total "));
    line.and_then(|count| count.parse().ok()).unwrap_or_default()
}

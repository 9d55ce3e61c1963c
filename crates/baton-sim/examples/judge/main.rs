//! Reads a world's messages by the shipped packs, derives every subject whenever something is heard or
//! due, and holds what was announced against the truth: no store, no server, so that a rule can be tried
//! in seconds.
//!
//! `cargo run --release -p baton-sim --example judge -- SEED ORDERS FAULTS [CODE]`: FAULTS is `default`,
//! `all` or `none`; with a code, its misses and false alarms in full; with the name of an order (`#1448`),
//! all that was said about it and what was announced.

mod run;

use baton_core::fact::{Body, Fact};
use baton_core::state::State;
use baton_sim::{Config, FaultRates, Judgement, World};
use run::Run;

fn main() {
    let mut args = std::env::args().skip(1);
    let seed = args.next().and_then(|a| a.parse().ok()).unwrap_or(7);
    let orders = args.next().and_then(|a| a.parse().ok()).unwrap_or(2_000);
    let faults = match args.next().as_deref() {
        Some("all") => FaultRates::all(),
        Some("none") => FaultRates::none(),
        _ => FaultRates::default(),
    };
    let asked = args.next();
    let world = World::new(Config::test(seed, orders).with_faults(faults));
    let started = std::time::Instant::now();
    let run = Run::of(&world, asked.as_deref() == Some("faults"));
    println!("seed {seed}: {} states in {:?}", run.states.len(), started.elapsed());
    if let Some(name) = asked.as_deref().filter(|c| c.starts_with('#')) {
        return explain(&run, name);
    }
    let judgement = run.judged(&world);
    print(&judgement);
    if let Some(code) = asked {
        for missed in judgement.missed.iter().filter(|m| m.code.code() == code) {
            println!("missed {missed:?}");
        }
        for alarm in judgement.false_alarms.iter().filter(|f| f.code == code) {
            println!("false {alarm:?}");
        }
    }
}

fn print(judgement: &Judgement) {
    println!(
        "{:10} {:>8} {:>6} {:>7} {:>6} {:>6} {:>6} {:>6}",
        "code", "certain", "found", "+maybe", "echo", "false", "prec", "recall"
    );
    let kinds = judgement.by_code.iter().map(|(c, s)| (c.as_str(), *s));
    for (code, score) in kinds.chain([("all", judgement.total())]) {
        let share =
            |s: Option<u64>| s.map_or("-".to_owned(), |p| format!("{:.1}", p as f64 / 10.0));
        let (precision, recall) = (score.precision_per_mille(), score.recall_per_mille());
        let low = [precision, recall].into_iter().flatten().any(|share| share < 970);
        println!(
            "{code:10} {:>8} {:>6} {:>7} {:>6} {:>6} {:>6} {:>6}{}",
            score.certain,
            score.found,
            score.found_uncertain,
            score.echoes,
            score.false_alarms,
            share(precision),
            share(recall),
            if low { " <" } else { "" }
        );
    }
}

/// Everything that was said about an order and about what it reaches, in the order of its receipt.
fn explain(Run { clusters, states, .. }: &Run, name: &str) {
    let named = |s: &&State| s.identifiers.iter().any(|i| i.value == name);
    let Some(order) = states.iter().find(named) else { return println!("no order {name}") };
    let Some(home) = clusters.of.get(&order.name).map(|c| clusters.find(*c)) else { return };
    let mut said: Vec<&Fact> = clusters.facts[home].iter().collect();
    said.extend(clusters.reached(home).iter().flat_map(|c| &clusters.facts[*c]));
    said.sort_by_key(|f| (f.received_at, f.id));
    for fact in said.iter().filter(|f| !matches!(f.body, Body::HeardAgain { .. })) {
        println!(
            "{} {} {}: {:?} ({} to {})",
            fact.received_at,
            fact.source,
            fact.about.object,
            fact.body,
            fact.happened.earliest,
            fact.happened.latest
        );
    }
    let below: Vec<_> = order.objects.iter().map(|o| o.id).collect();
    for state in states.iter().filter(|s| s.id == order.id || below.contains(&s.id)) {
        for exception in &state.exceptions {
            for act in &exception.acts {
                println!(
                    "{} {}: {:?} {} {}",
                    act.at, state.name, act.act, exception.code, exception.summary
                );
            }
        }
    }
    for line in &order.lines {
        println!("{line:?}");
    }
    println!("{:?}", order.promise);
}

//! Reads a world's messages by the shipped packs, derives every subject at the end, and holds what was
//! found against the truth: no store, no server, so that a rule can be tried in a second.
//!
//! `cargo run --release -p baton-sim --example judge -- SEED ORDERS [CODE]`: with a code, its misses
//! and false alarms in full.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::correlate::source_identifier;
use baton_core::derive::derive;
use baton_core::fact::{Act, Body, Fact, Place, Statement};
use baton_core::id::MessageNo;
use baton_core::identifier::Identifier;
use baton_core::known::Known;
use baton_core::partner::SourceInfo;
use baton_core::state::State;
use baton_core::time::{Duration, Happened, Instant};
use baton_packs::{Pack, Sender, compile, connectors, shipped};
use baton_sim::{Config, Found, World, judge};

#[derive(Default)]
struct Clusters {
    of: BTreeMap<Identifier, usize>,
    facts: Vec<Vec<Fact>>,
    below: Vec<BTreeSet<usize>>,
}

impl Clusters {
    fn cluster(&mut self, name: &Identifier) -> usize {
        let next = self.facts.len();
        let found = *self.of.entry(name.clone()).or_insert(next);
        if found == next {
            self.facts.push(Vec::new());
            self.below.push(BTreeSet::new());
        }
        found
    }
    fn join(&mut self, one: usize, other: usize) {
        if one == other {
            return;
        }
        let facts = std::mem::take(&mut self.facts[other]);
        self.facts[one].extend(facts);
        let below = std::mem::take(&mut self.below[other]);
        self.below[one].extend(below);
        for cluster in self.of.values_mut().filter(|c| **c == other) {
            *cluster = one;
        }
        for below in &mut self.below {
            if below.remove(&other) {
                below.insert(one);
            }
        }
    }
    fn add(&mut self, fact: Fact) {
        let about = fact.about.object.clone();
        if about.is_placeholder() {
            return;
        }
        let here = self.cluster(&about);
        match &fact.body {
            Body::Same { other, .. } | Body::Apart { other } if !other.is_placeholder() => {
                let there = self.cluster(&other.clone());
                self.join(here, there);
            }
            Body::Related { child, .. } if !child.is_placeholder() => {
                let there = self.cluster(&child.clone());
                self.below[here].insert(there);
            }
            _ => {}
        }
        let here = self.cluster(&about);
        self.facts[here].push(fact);
    }
    fn reached(&self, cluster: usize) -> BTreeSet<usize> {
        let mut seen = BTreeSet::from([cluster]);
        let mut queue = vec![cluster];
        while let Some(next) = queue.pop() {
            queue.extend(self.below[next].iter().filter(|b| seen.insert(**b)));
        }
        seen.remove(&cluster);
        seen
    }
}

fn main() {
    let mut args = std::env::args().skip(1);
    let seed = args.next().and_then(|a| a.parse().ok()).unwrap_or(7);
    let orders = args.next().and_then(|a| a.parse().ok()).unwrap_or(2_000);
    let code = args.next();
    let world = World::new(Config::test(seed, orders));
    let packs: Vec<Pack> =
        shipped().into_iter().filter_map(|files| Pack::from_files(files).0).collect();
    let book = compile(&packs).expect("shipped packs compile");
    let readers = connectors(&packs).expect("shipped connectors are ready");
    let mut heard: BTreeMap<&str, Instant> = BTreeMap::new();
    let mut clusters = Clusters::default();
    let (mut messages, mut faulty, mut end) = (0_i64, 0, Instant::MIN);
    let started = std::time::Instant::now();
    for sent in world.messages() {
        messages += 1;
        end = sent.send_at;
        let source = world.sources().iter().find(|s| s.key == sent.source).expect("a known source");
        let previous = heard.insert(source.key, sent.send_at);
        let mut add = |statement: Statement| {
            for s in statement.mirrored().into_iter().chain([statement]) {
                let key = source.key.into();
                clusters.add(Fact::new(s, &key, MessageNo(messages), sent.send_at, sent.send_at));
            }
        };
        // A first word is as after a silence: it makes the feed a subject of its own.
        let previous = previous.map_or(Some(sent.send_at), |p| {
            (sent.send_at.since(p) > source.silent_after).then_some(p)
        });
        if let Some(previous) = previous {
            add(Statement {
                about: source_identifier(source.key).into(),
                happened: Happened::at(sent.send_at),
                body: Body::HeardAgain { previous },
                place: Place::None,
            });
        }
        let reader = &readers[source.connector];
        let sender =
            Sender { source: source.key, partner: Some(source.partner), role: source.role.name() };
        for part in reader.interpret(&sent.body, &sent.headers, sent.send_at, sender) {
            match part.result {
                Ok(statements) => statements.into_iter().for_each(&mut add),
                Err(faults) => {
                    faulty += 1;
                    if code.as_deref() == Some("faults") {
                        println!("{} {}: {:?}", source.key, part.part, faults.first());
                    }
                }
            }
        }
    }
    let read = started.elapsed();
    for source in world.sources() {
        clusters.cluster(&source_identifier(source.key));
    }
    let end = end + Duration::days(2);
    let sources: Vec<SourceInfo> = world
        .sources()
        .iter()
        .map(|s| SourceInfo {
            key: s.key.into(),
            partner: Some(s.partner.into()),
            role: s.role,
            heard_at: heard.get(s.key).copied(),
            silent_after: Some(s.silent_after),
        })
        .collect();
    let started = std::time::Instant::now();
    let states = states(&clusters, &sources, &book, end);
    println!(
        "{messages} messages, {} clusters, {} states, {} faulty parts; read {read:?}, derived {:?}",
        clusters.facts.len(),
        states.len(),
        faulty,
        started.elapsed()
    );
    let found = found(&states);
    let truth = world.truth();
    let expected = truth.expected_by(end);
    let judgement = judge(&expected, &found);
    println!(
        "{:10} {:>8} {:>6} {:>7} {:>6} {:>6} {:>6} {:>6}",
        "code", "certain", "found", "+maybe", "echo", "false", "prec", "recall"
    );
    for (code, score) in
        judgement.by_code.iter().map(|(c, s)| (c.as_str(), *s)).chain([("all", judgement.total())])
    {
        let share =
            |s: Option<u64>| s.map_or("-".to_owned(), |p| format!("{:.1}", p as f64 / 10.0));
        println!(
            "{code:10} {:>8} {:>6} {:>7} {:>6} {:>6} {:>6} {:>6}",
            score.certain,
            score.found,
            score.found_uncertain,
            score.echoes,
            score.false_alarms,
            share(score.precision_per_mille()),
            share(score.recall_per_mille())
        );
    }
    if let Some(code) = code {
        for missed in judgement.missed.iter().filter(|m| m.code.code() == code).take(12) {
            println!("missed {missed:?}");
        }
        for alarm in judgement.false_alarms.iter().filter(|f| f.code == code).take(12) {
            println!("false {alarm:?}");
        }
    }
}

fn states(
    clusters: &Clusters,
    sources: &[SourceInfo],
    book: &baton_core::book::Rulebook,
    end: Instant,
) -> Vec<State> {
    let mut states = Vec::new();
    for (n, home) in clusters.facts.iter().enumerate().filter(|(_, f)| !f.is_empty()) {
        let below = clusters.reached(n);
        let reached = below.iter().flat_map(|c| &clusters.facts[*c]);
        let known = Known::new(home, reached, sources, book);
        states.extend(known.roots().iter().map(|root| derive(&known, *root, end)));
    }
    states
}

/// Exceptions of every subject, with the numbers of the orders that reach it.
fn found(states: &[State]) -> Vec<Found> {
    let mut orders_of: BTreeMap<baton_core::id::ObjectId, Vec<String>> = BTreeMap::new();
    for order in states.iter().filter(|s| s.name.kind.name() == "order") {
        for object in &order.objects {
            let values = order.identifiers.iter().map(|i| i.value.to_string());
            orders_of.entry(object.id).or_default().extend(values);
        }
    }
    let mut found = Vec::new();
    for state in states {
        // No act was committed, so what is due is the whole chain of what would have been said.
        for (n, act) in state.due_acts.iter().enumerate().filter(|(_, a)| a.act == Act::Announced) {
            let next = state.due_acts.iter().skip(n + 1).find(|a| a.previous == Some(act.id));
            let own = state.identifiers.iter().map(|i| i.value.to_string());
            let orders = orders_of.get(&state.id).into_iter().flatten().cloned();
            found.push(Found {
                code: act.code.code().to_owned(),
                identifiers: own.chain(orders).collect(),
                opened_at: act.due_at,
                closed_at: next.map(|a| a.due_at),
            });
        }
    }
    found
}

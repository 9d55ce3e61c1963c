//! What does it cost to derive? Reads messages of the standard mix by the shipped packs, and derives
//! every subject that they are about, again and again; prints microseconds a subject and a fact, the best
//! of several rounds. With many events of few orders it shows what a long history costs. Run in release
//! mode: `cargo run --release -p baton-sim --example deriving_cost -- ORDERS EVENTS ROUNDS`.

#[path = "judge/run/clusters.rs"]
mod clusters;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant as Moment;

use baton_core::book::Rulebook;
use baton_core::derive::conclude;
use baton_core::fact::Fact;
use baton_core::id::MessageNo;
use baton_core::known::Known;
use baton_core::partner::SourceInfo;
use baton_core::time::Instant;
use baton_packs::{Pack, Sender, compile, connectors, shipped};
use baton_sim::{SOURCES, standard_mix};
use clusters::Clusters;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const SEED: u64 = 7;

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse().expect("a number"));
    let (orders, events) = (numbers.next().unwrap_or(400), numbers.next().unwrap_or(4_000));
    let rounds = numbers.next().unwrap_or(5);
    let packs: Vec<Pack> = shipped().into_iter().filter_map(|f| Pack::from_files(f).0).collect();
    let book = compile(&packs).expect("the shipped packs fit together");
    let (clusters, sources, end) = heard(&packs, orders, events);
    let wanted: Vec<usize> =
        (0..clusters.facts.len()).filter(|n| !clusters.facts[*n].is_empty()).collect();
    let facts: usize = wanted.iter().map(|n| looked_at(&clusters, *n)).sum();
    let mut best = f64::INFINITY;
    for _ in 0..rounds {
        let began = Moment::now();
        for cluster in &wanted {
            derive(&clusters, *cluster, &sources, &book, end);
        }
        best = best.min(began.elapsed().as_secs_f64() * 1e6);
    }
    let subjects = wanted.len();
    println!(
        "{events} events of {orders} orders: {subjects} subjects, {:.1} facts each: {:.2} us a subject, {:.2} us a fact",
        facts as f64 / subjects as f64,
        best / subjects as f64,
        best / facts as f64
    );
}

/// The facts of a cluster and of what it reaches.
fn looked_at(clusters: &Clusters, cluster: usize) -> usize {
    let below = clusters.reached(cluster);
    below.iter().chain([&cluster]).map(|n| clusters.facts[*n].len()).sum()
}

fn derive(
    clusters: &Clusters,
    cluster: usize,
    sources: &[SourceInfo],
    book: &Rulebook,
    at: Instant,
) {
    let below = clusters.reached(cluster);
    let reached = below.iter().flat_map(|c| &clusters.facts[*c]);
    let known = Known::new(&clusters.facts[cluster], reached, sources, book);
    for root in known.roots() {
        black_box(conclude(&known, *root, at));
    }
}

fn heard(packs: &[Pack], orders: u64, events: u64) -> (Clusters, Vec<SourceInfo>, Instant) {
    let readers = connectors(packs).expect("the shipped packs fit together");
    let mut clusters = Clusters::default();
    let mut heard: BTreeMap<&str, Instant> = BTreeMap::new();
    let mut end = Instant::MIN;
    for (number, sent) in (1..).zip(standard_mix(SEED, orders, events)) {
        let source = SOURCES.iter().find(|s| s.key == sent.source).expect("a source of the world");
        let sender =
            Sender { source: source.key, partner: Some(source.partner), role: source.role.name() };
        heard.insert(source.key, sent.send_at);
        end = end.max(sent.send_at);
        let parts =
            readers[source.connector].interpret(&sent.body, &sent.headers, sent.send_at, sender);
        for statement in parts.into_iter().filter_map(|part| part.result.ok()).flatten() {
            for said in statement.mirrored().into_iter().chain([statement]) {
                let key = source.key.into();
                clusters.add(Fact::new(said, &key, MessageNo(number), sent.send_at, sent.send_at));
            }
        }
    }
    for facts in &mut clusters.facts {
        facts.sort_unstable_by(Fact::before_repeats);
    }
    let infos = SOURCES.iter().map(|source| SourceInfo {
        key: source.key.into(),
        partner: Some(source.partner.into()),
        role: source.role,
        heard_at: heard.get(source.key).copied(),
        silent_after: Some(source.silent_after),
    });
    (clusters, infos.collect(), end)
}

//! What does it cost to read each kind of message of the standard mix? Reads as the server does (the
//! sender's own number first, at the door; then the statements) and prints microseconds a message, the
//! best of several rounds, and the average over the mix. Run in release mode:
//! `cargo run --release -p baton-sim --example reading_cost`.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use baton_packs::{Connector, Connectors, Pack, Sender, connectors, shipped};
use baton_sim::{SOURCES, Sent, Source, standard_mix};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const SEED: u64 = 7;
const EVENTS: u64 = 4_000;
const EVENTS_PER_ORDER: u64 = 10;
const ROUNDS_DEFAULT: usize = 20;

fn main() {
    let rounds = std::env::args().nth(1).map_or(ROUNDS_DEFAULT, |n| n.parse().expect("rounds"));
    let all = ready();
    let mut kinds: BTreeMap<String, Vec<Sent>> = BTreeMap::new();
    for sent in standard_mix(SEED, EVENTS / EVENTS_PER_ORDER, EVENTS) {
        let set =
            if sent.content_type == "application/edi-x12" { set_code(&sent.body) } else { "" };
        let kind = format!("{} {set}", source(&sent).connector);
        kinds.entry(kind).or_default().push(sent);
    }
    println!("{:<24}{:>8}{:>8}{:>10}{:>10}", "kind", "share", "bytes", "own id", "reading");
    let (mut own_ids, mut readings) = (0.0, 0.0);
    for (kind, messages) in &kinds {
        let count = messages.len() as f64;
        let share = count / EVENTS as f64;
        let bytes: usize = messages.iter().map(|sent| sent.body.len()).sum();
        let of = |sent: &Sent| &*all[source(sent).connector];
        let own_id = best(rounds, messages, |sent| {
            black_box(of(sent).own_id(&sent.body, &sent.headers));
        });
        let reading = best(rounds, messages, |sent| read(of(sent), sent));
        own_ids += own_id * share;
        readings += reading * share;
        let (share, bytes) = (share * 100.0, bytes as f64 / count);
        println!("{kind:<24}{share:>7.1}%{bytes:>8.0}{own_id:>10.1}{reading:>10.1}");
    }
    println!("{:<24}{:>8}{:>8}{own_ids:>10.1}{readings:>10.1}", "average", "", "");
}

fn ready() -> Connectors {
    let packs = shipped().into_iter().map(|files| {
        let (pack, findings) = Pack::from_files(files);
        pack.unwrap_or_else(|| panic!("a shipped pack is broken: {findings:?}"))
    });
    let packs: Vec<Pack> = packs.collect();
    connectors(&packs).expect("the shipped packs fit together")
}

fn source(sent: &Sent) -> &'static Source {
    SOURCES.iter().find(|source| sent.source == source.key).expect("a source of the world")
}

fn set_code(body: &[u8]) -> &str {
    let at = body.windows(3).position(|three| three == b"ST*").map_or(0, |at| at + 3);
    std::str::from_utf8(&body[at..at + 3]).expect("the code of a set")
}

fn read(connector: &Connector, sent: &Sent) {
    let from = source(sent);
    let sender = Sender { source: from.key, partner: Some(from.partner), role: from.role.name() };
    let parts = connector.interpret(&sent.body, &sent.headers, sent.send_at, sender);
    assert!(parts.iter().all(|part| part.result.is_ok()), "{parts:?}");
    black_box(parts);
}

/// Microseconds a message, in the best round.
fn best(rounds: usize, messages: &[Sent], mut each: impl FnMut(&Sent)) -> f64 {
    let round = |_| {
        let began = Instant::now();
        messages.iter().for_each(&mut each);
        began.elapsed().as_secs_f64() * 1e6 / messages.len() as f64
    };
    (0..rounds).map(round).fold(f64::INFINITY, f64::min)
}

//! How fast so many nodes work off what waits, and where the time goes: processor time of the nodes and of
//! the database, and what its sessions wait for. Run by `cargo xtask nodes`.
//!
//! What waits is taken in beforehand by a node that does nothing else, so that neither sender nor intake
//! shares the processors with what is measured.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use baton_store::throwaway::Schema;
use serde_json::json;

use crate::fleet::{How, Node, is_settled, opened};

/// How many nodes, with commas between; how many events; the first process of the database's server.
const COUNTS: &str = "BATON_NODES_COUNTS";
const EVENTS: &str = "BATON_NODES_EVENTS";
const SERVER: &str = "BATON_NODES_DATABASE_PROCESS";
const DATABASE: &str = "BATON_TEST_POSTGRES";

const EVENTS_EACH: usize = 10;
const LINES: usize = 5_000;
const SAMPLE_EVERY: Duration = Duration::from_millis(250);
const PATIENCE: Duration = Duration::from_secs(600);
/// Clock ticks in a second, as Linux counts processor time.
const TICKS: f64 = 100.0;

/// What active sessions are at, at this moment.
const AT: &str = "select coalesce(wait_event_type || ' ' || wait_event, 'running'), count(*) \
    from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() group by 1";

/// What the nodes that are measured do: all but taking messages.
const WORKS: How<'static> =
    How { roles: Some("interpret,derive,dispatch"), redis: None, believes: None, dies_at: None };

/// The tenth part of a parcel's way; parcels take turns, so that one is heard of again after all others.
fn event(n: usize, events: usize) -> String {
    let parcels = events.div_ceil(EVENTS_EACH);
    let (parcel, step) = (n % parcels, n / parcels);
    let code = ["OC", "PU", "DP", "AR", "DP", "AR", "DP", "AR", "OD", "DL"][step % EVENTS_EACH];
    json!({
        "event_id": format!("event-{n}"), "tracking_number": format!("TSP7901{parcel:08}"),
        "carrier": "tailspin", "status": "moving", "code": code, "description": "On its way",
        "timestamp": format!("2026-05-{:02}T14:31:00-05:00", step + 1),
        "location": { "city": "Austin", "region": "TX", "country": "US" },
        "estimated_delivery": null,
    })
    .to_string()
}

/// Has `events` messages wait in a fresh place.
fn fill(schema: &Schema, events: usize) {
    let intake = Node::start(&schema.url, How { roles: Some("intake"), ..How::default() });
    let keys = intake.keys.clone().unwrap();
    for from in (0..events).step_by(LINES) {
        let lines: Vec<String> =
            (from..events.min(from + LINES)).map(|n| event(n, events)).collect();
        let path = "/v1/sources/tracking/messages?batch=ndjson";
        let sent = intake.call(("POST", path), &keys.tracking, &lines.join("\n"));
        assert!(matches!(sent, Some((202 | 200, _))), "{sent:?}");
    }
}

/// Processor time of a process and its children, in seconds; what has ended is in its parent's.
fn processor_seconds(process: u32) -> f64 {
    let mut ticks = 0;
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{id}/stat")) else { continue };
        let Some((_, rest)) = stat.rsplit_once(')') else { continue };
        let fields: Vec<u64> =
            rest.split_whitespace().map(|field| field.parse().unwrap_or(0)).collect();
        if id == process {
            ticks += fields[11..15].iter().sum::<u64>();
        } else if fields[1] == u64::from(process) {
            ticks += fields[11] + fields[12];
        }
    }
    ticks as f64 / TICKS
}

/// Looks again and again at what sessions are at, until it is told to stop.
fn sampled(stop: &AtomicBool) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    let Ok(server) = std::env::var(DATABASE) else { return found };
    while !stop.load(Ordering::Acquire) {
        let mut psql = Command::new("psql");
        psql.args(["--no-psqlrc", "--tuples-only", "--no-align", "--command", AT]).arg(&server);
        let output = psql.stdin(Stdio::null()).stderr(Stdio::null()).output();
        let text = output.map(|output| output.stdout).unwrap_or_default();
        for line in String::from_utf8_lossy(&text).lines() {
            if let Some((what, count)) = line.split_once('|') {
                *found.entry(what.to_owned()).or_default() += count.parse::<u64>().unwrap_or(0);
            }
        }
        std::thread::sleep(SAMPLE_EVERY);
    }
    found
}

fn measure(count: usize, events: usize) {
    let schema = Schema::fresh().expect("a server for tests");
    fill(&schema, events);
    let database = opened(&schema.url);
    let server: Option<u32> = std::env::var(SERVER).ok().and_then(|text| text.parse().ok());
    let before = server.map(processor_seconds);
    let stop = AtomicBool::new(false);
    let (took, nodes, waits) = std::thread::scope(|scope| {
        let sampling = scope.spawn(|| sampled(&stop));
        let began = Instant::now();
        let starting: Vec<_> =
            (0..count).map(|_| scope.spawn(|| Node::start(&schema.url, WORKS))).collect();
        let nodes: Vec<Node> = starting.into_iter().map(|node| node.join().unwrap()).collect();
        while !is_settled(&database) {
            assert!(began.elapsed() < PATIENCE, "{count} nodes do not come to an end");
            std::thread::sleep(Duration::from_millis(50));
        }
        let took = began.elapsed().as_secs_f64();
        stop.store(true, Ordering::Release);
        (took, nodes, sampling.join().unwrap())
    });
    let each: Vec<f64> = nodes.iter().map(|node| processor_seconds(node.process())).collect();
    let us = |seconds: f64| seconds * 1e6 / events as f64;
    let database = server.zip(before).map(|(process, before)| processor_seconds(process) - before);
    let shown = database.map_or("?".to_owned(), |seconds| format!("{:.0}", us(seconds)));
    println!(
        "| {count} | {:.0} | {:.0} | {shown} | {:.2} |",
        events as f64 / took,
        us(each.iter().sum()),
        (each.iter().sum::<f64>() + database.unwrap_or(0.0)) / took,
    );
    let all: u64 = waits.values().sum();
    let mut waits: Vec<_> = waits.into_iter().collect();
    waits.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let shares: Vec<String> = waits
        .iter()
        .take(6)
        .map(|(what, count)| format!("{what} {} %", count * 100 / all.max(1)))
        .collect();
    println!("    of {all} looks at active sessions: {}", shares.join(", "));
}

#[test]
#[ignore = "measures, as `cargo xtask nodes` says"]
fn nodes_as_told() {
    let text = |name: &str, usual: &str| std::env::var(name).unwrap_or_else(|_| usual.to_owned());
    let events: usize = text(EVENTS, "20000").parse().unwrap();
    println!("| nodes | events/s | CPU µs an event, nodes | database | processors busy |");
    println!("| --- | --- | --- | --- | --- |");
    for count in text(COUNTS, "1,2,4").split(',') {
        measure(count.trim().parse().unwrap(), events);
    }
}

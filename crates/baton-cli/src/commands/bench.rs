//! `baton bench`: what one event costs, from HTTP on loopback until the state of its order is durable.
//!
//! The load comes from a process of its own, started by this one, whose processor time is not counted.
//! It makes its messages first, says that it is ready, and sends when it is told to.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use baton_server::EngineHandle;
use baton_sim::{Config, SOURCES, standard_mix};
use baton_store::Location;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::api::Api;
use crate::bootstrap::{self, NewFeed};
use crate::exit::{Failure, Outcome, Result};
use crate::feeder::{Feeder, Letter};
use crate::serving::Serving;
use crate::{machine, place, print};

const SEED: u64 = 7;
const EVENTS_PER_ORDER: u64 = 10;
const CONNECTIONS: usize = 64;
const TENANT: &str = "bench";
const PATIENCE: Duration = Duration::from_secs(3_600);
const READY: &str = "ready";

#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// How many events, ten to an order; each is a message of its own.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..))]
    events: u64,
    /// The store that is measured.
    #[arg(long, value_enum, default_value_t = StoreKind::Sqlite)]
    store: StoreKind,
    /// The folder in which the store is made for the run; beside the program otherwise.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StoreKind {
    Sqlite,
}

/// The sender's half, in its own process.
#[derive(Debug, Args)]
pub(crate) struct Load {
    #[arg(long)]
    address: SocketAddr,
    #[arg(long)]
    events: u64,
}

/// The last line.
#[derive(Debug, Serialize)]
struct Cost {
    cpu_us_per_event: f64,
    wall_us_per_event: f64,
    events: u64,
    orders: u64,
    connections: usize,
    store: &'static str,
    /// Until the last message was acknowledged; the rest of the wall time is working it off.
    accepted_us_per_event: f64,
    store_bytes_per_event: u64,
}

pub(crate) fn run(bench: &Bench, json: bool) -> Result<Outcome> {
    let folder = Scratch::make(bench.folder.clone())?;
    let location = Location::Folder(folder.0.clone());
    let engine = place::start(place::open_or_make(&location)?, &location)?;
    let serving = Serving::start(&engine, (std::net::Ipv4Addr::LOCALHOST, 0).into())?;
    let keys = prepare(&engine, bench.events)?;
    let mut load = LoadProcess::start(serving.address(), bench.events, &keys)?;
    load.wait_until_ready()?;
    let (began, before) = (Instant::now(), cpu()?);
    load.send_all()?;
    let accepted = began.elapsed();
    engine.settle(PATIENCE).map_err(|why| Failure::failed(why.to_string()))?;
    let (wall, cpu) = (began.elapsed(), cpu()? - before);
    serving.stop();
    engine.stop();
    let each = |time: Duration| time.as_secs_f64() * 1e6 / bench.events as f64;
    let cost = Cost {
        cpu_us_per_event: each(cpu),
        wall_us_per_event: each(wall),
        events: bench.events,
        orders: orders(bench.events),
        connections: CONNECTIONS,
        store: "sqlite",
        accepted_us_per_event: each(accepted),
        store_bytes_per_event: folder.bytes() / bench.events,
    };
    if json {
        let line = serde_json::to_string(&cost)
            .map_err(|why| Failure::failed(format!("the cost is no JSON: {why}")))?;
        print::line(&line)?;
    } else {
        print::line(&format!(
            "{} events about {} orders: {:.1} us CPU, {:.1} us wall an event ({:.1} us until acknowledged), {} bytes an event",
            cost.events,
            cost.orders,
            cost.cpu_us_per_event,
            cost.wall_us_per_event,
            cost.accepted_us_per_event,
            cost.store_bytes_per_event,
        ))?;
    }
    Ok(Outcome::Fine)
}

fn cpu() -> Result<Duration> {
    machine::processor_time().ok_or_else(|| {
        Failure::failed("this system does not tell processor time in /proc/self/stat")
    })
}

const fn orders(events: u64) -> u64 {
    let orders = events / EVENTS_PER_ORDER;
    if orders == 0 { 1 } else { orders }
}

/// A sandbox whose clock stands where the last message of the load is sent, and a key for each source.
fn prepare(engine: &EngineHandle, events: u64) -> Result<HashMap<String, String>> {
    let last = standard_mix(SEED, orders(events), events).last();
    let simulated_at = last.map_or(Config::demo(SEED).start_at, |sent| sent.send_at);
    bootstrap::tenant(engine, (TENANT, "Bench"), Some(simulated_at))?;
    let api = Api::of(engine, Some(TENANT))?;
    let mut keys = HashMap::new();
    for source in SOURCES {
        let feed = NewFeed {
            key: source.key,
            partner: (source.partner, source.partner_name),
            role: source.role,
            connector: source.connector,
            silent_after: Some(source.silent_after),
        };
        keys.insert(source.key.to_owned(), bootstrap::feed(&api, &feed)?);
    }
    Ok(keys)
}

/// The sending process. Killed if it is dropped before its end.
struct LoadProcess {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl LoadProcess {
    fn start(address: SocketAddr, events: u64, keys: &HashMap<String, String>) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["bench-load", "--address", &address.to_string(), "--events"])
            .arg(events.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (mut to, from) = pipes.ok_or_else(|| Failure::failed("the load has no pipes"))?;
        // Not as arguments, which every user of the machine can read.
        let keys = serde_json::to_string(keys)
            .map_err(|why| Failure::failed(format!("the keys are no JSON: {why}")))?;
        writeln!(to, "{keys}")?;
        Ok(Self { child, to, from: BufReader::new(from) })
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        if line.trim_end() == READY {
            return Ok(());
        }
        Err(Failure::failed("the load could not be made; its words are above"))
    }

    fn send_all(&mut self) -> Result<()> {
        writeln!(self.to, "go")?;
        let status = self.child.wait()?;
        if status.success() {
            return Ok(());
        }
        Err(Failure::failed("the load could not be sent; its words are above"))
    }
}

impl Drop for LoadProcess {
    fn drop(&mut self) {
        // It has ended by itself unless something failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `baton bench-load`: makes the load, says so, waits for the word, sends.
pub(crate) fn run_load(load: &Load) -> Result<Outcome> {
    let mut lines = std::io::stdin().lock().lines();
    let keys = lines.next().transpose()?.unwrap_or_default();
    let keys: HashMap<String, String> = serde_json::from_str(&keys)
        .map_err(|why| Failure::usage(format!("the first line is to be the keys: {why}")))?;
    let letters: Result<Vec<Letter>> = standard_mix(SEED, orders(load.events), load.events)
        .map(|sent| {
            let source = sent.source.to_string();
            let key = keys.get(&source).map(|key| key.as_str().into());
            Ok(Letter {
                path: format!("/v1/sources/{source}/messages").into(),
                key: key.ok_or_else(|| Failure::usage(format!("there is no key for {source}")))?,
                content_type: sent.content_type,
                headers: sent.headers,
                body: sent.body,
            })
        })
        .collect();
    let letters = letters?;
    let feeder = Feeder::start(load.address, CONNECTIONS)?;
    print::line(READY)?;
    lines.next().transpose()?;
    feeder.send(letters)?;
    Ok(Outcome::Fine)
}

/// A folder for the run, gone after it.
struct Scratch(PathBuf);

impl Scratch {
    fn make(parent: Option<PathBuf>) -> Result<Self> {
        // Beside the program: on the disk that the machine works with, not in its memory.
        let beside = || std::env::current_exe().ok()?.parent().map(PathBuf::from);
        let parent = parent.or_else(beside).unwrap_or_else(std::env::temp_dir);
        let folder = parent.join(format!("baton-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    fn bytes(&self) -> u64 {
        let entries = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.metadata().ok()).map(|entry| entry.len()).sum()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is small and says by its name what it was.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

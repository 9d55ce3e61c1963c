//! `baton bench`: what one event costs, from HTTP on loopback until the state of its order is durable;
//! and, where it is asked for, how the system behaves with many orders standing in it and at a steady
//! rate.
//!
//! The load comes from a process of its own, started by this one, whose processor time is not counted.
//! It makes its messages first, says that it is ready, and sends when it is told to.

mod histogram;
mod load;
mod one_subject;
mod reads;
mod samples;
mod timers;

use std::collections::HashMap;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use baton_core::time::Instant as Moment;
use baton_server::EngineHandle;
use baton_server::http::KeyRole;
use baton_server::verify::verify;
use baton_sim::{SOURCES, mix_sent_by, standing_from, standing_orders};
use baton_store::Location;
use clap::Args;
use serde::Serialize;

use self::load::{Kind, LoadProcess, Plan};
pub(crate) use self::load::{Load, run_load};
use crate::api::Api;
use crate::bootstrap::{self, NewFeed};
use crate::exit::{Failure, Outcome, Result};
use crate::serving::Serving;
use crate::{machine, place, print};

const SEED: u64 = 7;
const EVENTS_PER_ORDER: u64 = 10;
const CONNECTIONS: usize = 64;
const TENANT: &str = "bench";
/// Events of the mix by which every feed was heard.
const HEARD_BY: u64 = 500;
const PATIENCE: Duration = Duration::from_secs(3_600);
/// A sandbox's clock as fast as the real one.
const REAL_SPEED: i64 = 1_000;

#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// How many events, each a message of its own: ten to a new order; where orders stand already, one
    /// more to as many of those, nine in ten among the newest 50,000.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..))]
    events: u64,
    /// Orders that stand in the store before the measuring begins.
    #[arg(long, default_value_t = 0)]
    standing: u64,
    /// Let those events be about any of the standing orders alike, young or old.
    #[arg(long, requires = "standing")]
    anywhere: bool,
    /// Send so many events a second, and tell how long they took, instead of as fast as they are taken.
    #[arg(long)]
    rate: Option<NonZeroU64>,
    /// Send some of them twice, some damaged, and some late.
    #[arg(long, requires = "rate")]
    faults: bool,
    /// Meanwhile tell memory and latency each so many seconds.
    #[arg(long, value_name = "SECONDS", requires = "rate")]
    sample: Option<NonZeroU64>,
    /// Then read so many lists of every kind, and as many orders.
    #[arg(long, value_name = "TIMES", default_value_t = 0)]
    reads: usize,
    /// Then let the clock run for a minute in which timers come due.
    #[arg(long)]
    timers: bool,
    /// Then send so many events about one shipment, and tell what one more takes.
    #[arg(long, value_name = "EVENTS", default_value_t = 0)]
    one_subject: u64,
    /// Then derive every order again.
    #[arg(long)]
    verify: bool,
    /// The folder in which the store is made for the run; beside the program otherwise.
    #[arg(long, value_name = "DIR", conflicts_with = "database")]
    folder: Option<PathBuf>,
    /// The folder in which the store is made, and left for whoever wants to look at it; it must not be there.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["folder", "database"])]
    keep: Option<PathBuf>,
    /// An empty PostgreSQL database in which the run is made, instead of a folder.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The process of the database's server on this machine, whose processor time is counted too.
    #[arg(long, value_name = "PID", requires = "database")]
    database_process: Option<u32>,
}

/// The last line. What was not asked for is left out.
#[derive(Debug, Default, Serialize)]
struct Report {
    cpu_us_per_event: f64,
    wall_us_per_event: f64,
    /// Of `cpu_us_per_event`, what the database's server used.
    #[serde(skip_serializing_if = "Option::is_none")]
    database_cpu_us_per_event: Option<f64>,
    events: u64,
    /// New ones of this run; those that stood before are `standing`.
    orders: u64,
    standing: u64,
    connections: usize,
    store: &'static str,
    /// Until the last message was acknowledged; the rest of the wall time is working it off.
    accepted_us_per_event: f64,
    /// Of the whole store over the messages of the whole run; nothing for a database.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_bytes_per_event: Option<u64>,
    /// Filling: time of one order that stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    wall_us_per_standing: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resident_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paced: Option<Paced>,
    #[serde(skip_serializing_if = "Option::is_none")]
    samples: Option<Vec<samples::Sample>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reads: Option<Vec<reads::Reading>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timers: Option<timers::Fired>,
    #[serde(skip_serializing_if = "Option::is_none")]
    one_subject: Option<one_subject::OneMore>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<VerifyRate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_ms: Option<f64>,
}

/// At a steady rate. Latencies of answers count from when a message was to be sent.
#[derive(Debug, Serialize)]
struct Paced {
    rate: u64,
    accepted_ms_p50: f64,
    accepted_ms_p99: f64,
    /// From receipt until the state of the order is durable: the upper bound of the bucket of the metric.
    visible_ms_p50_at_most: f64,
    visible_ms_p99_at_most: f64,
}

#[derive(Debug, Serialize)]
struct VerifyRate {
    subjects: usize,
    differences: usize,
    subjects_per_second: f64,
}

pub(crate) fn run(bench: &Bench, json: bool) -> Result<Outcome> {
    let scratch = match (&bench.database, &bench.keep) {
        (Some(_), _) => None,
        (None, Some(folder)) => Some(Scratch::kept(folder.clone())?),
        (None, None) => Some(Scratch::make(bench.folder.clone())?),
    };
    let location = match (&bench.database, &scratch) {
        (Some(url), _) => Location::Database(url.clone()),
        (None, Some(scratch)) => Location::Folder(scratch.folder.clone()),
        (None, None) => return Err(Failure::usage("no place for the store")),
    };
    let mut report = measure(bench, &location)?;
    let heard = if bench.standing > 0 { HEARD_BY } else { 0 };
    let messages = bench.events + bench.standing + bench.one_subject + heard;
    report.store_bytes_per_event = scratch.as_ref().map(|folder| folder.bytes() / messages);
    report.start_ms = Some(start(&location)?);
    if json {
        let line = serde_json::to_string(&report)
            .map_err(|why| Failure::failed(format!("the report is no JSON: {why}")))?;
        print::line(&line)?;
    } else {
        for line in told(&report) {
            print::line(&line)?;
        }
    }
    Ok(Outcome::Fine)
}

/// A system under load.
struct Running<'a> {
    bench: &'a Bench,
    engine: EngineHandle,
    serving: Serving,
    keys: HashMap<String, String>,
    admin: String,
}

fn measure(bench: &Bench, location: &Location) -> Result<Report> {
    // One process has the database for itself here, as it has a folder.
    let engine = place::start_alone(place::open_or_make(location)?)?;
    let serving = Serving::start(&engine, (std::net::Ipv4Addr::LOCALHOST, 0).into())?;
    let keys = prepare(&engine, bench)?;
    let admin = bootstrap::key(&Api::of(&engine, Some(TENANT))?, "bench", KeyRole::Admin)?;
    let running = Running { bench, engine, serving, keys, admin };
    let mut report =
        Report { standing: bench.standing, connections: CONNECTIONS, ..Report::default() };
    report.store = if bench.database.is_some() { "postgres" } else { "sqlite" };
    if bench.standing > 0 {
        // A role that is heard for the first time concerns every order; here all were heard before.
        running.send(Kind::Mix, HEARD_BY, None)?;
        let began = Instant::now();
        running.send(Kind::Standing, bench.standing, None)?;
        report.wall_us_per_standing = Some(each(began.elapsed(), bench.standing));
    }
    running.events(&mut report)?;
    report.resident_bytes = machine::resident_bytes();
    if bench.reads > 0 {
        report.reads =
            Some(reads::measure(running.serving.address(), &running.admin, bench.reads)?);
    }
    if bench.timers {
        report.timers = Some(timers::measure(&running.engine, TENANT)?);
    }
    if bench.one_subject > 0 {
        let Running { engine, serving, keys, .. } = &running;
        let events = bench.one_subject;
        report.one_subject = Some(one_subject::measure(engine, serving.address(), keys, events)?);
    }
    if bench.verify {
        report.verified = Some(running.verify()?);
    }
    running.serving.stop();
    running.engine.stop();
    Ok(report)
}

impl Running<'_> {
    /// Sends, and waits until all of it is worked off.
    fn send(&self, kind: Kind, events: u64, rate: Option<NonZeroU64>) -> Result<load::Sending> {
        let plan = Plan { kind, events, standing: self.bench.standing, rate, faults: false };
        let mut load = LoadProcess::start(self.serving.address(), &plan, &self.keys)?;
        load.wait_until_ready()?;
        self.finish(load)
    }

    fn finish(&self, load: LoadProcess) -> Result<load::Sending> {
        let sending = load.send_all()?;
        self.engine.settle(PATIENCE).map_err(|why| Failure::failed(why.to_string()))?;
        Ok(sending)
    }

    fn events(&self, report: &mut Report) -> Result<()> {
        let Bench { events, rate, standing, .. } = *self.bench;
        let kind = match standing {
            0 => Kind::Mix,
            _ if self.bench.anywhere => Kind::LaterAnywhere,
            _ => Kind::Later,
        };
        let plan = Plan { kind, events, standing, rate, faults: self.bench.faults };
        let mut load = LoadProcess::start(self.serving.address(), &plan, &self.keys)?;
        load.wait_until_ready()?;
        if rate.is_some() {
            self.set_speed(REAL_SPEED)?;
        }
        let lags = histogram::Histogram::of(&self.engine.metrics().text(), LAG, LAG_LABEL);
        let sampling = self.bench.sample.map(|every| samples::start(&self.engine, every));
        let (began, before) = (Instant::now(), self.cpu()?);
        let sending = self.finish(load)?;
        let (wall, after) = (began.elapsed(), self.cpu()?);
        let lags =
            histogram::Histogram::of(&self.engine.metrics().text(), LAG, LAG_LABEL).since(&lags);
        if rate.is_some() {
            self.set_speed(0)?;
        }
        let database = after.database.zip(before.database).map(|(a, b)| a.saturating_sub(b));
        let own = after.own.saturating_sub(before.own);
        report.samples = sampling.map(samples::Sampling::end);
        report.events = events;
        report.orders = if standing > 0 { 0 } else { orders(events) };
        report.cpu_us_per_event = each(own + database.unwrap_or_default(), events);
        report.database_cpu_us_per_event = database.map(|time| each(time, events));
        report.wall_us_per_event = each(wall, events);
        report.accepted_us_per_event = each(sending.took, events);
        report.paced = rate.zip(sending.latencies).map(|(rate, latencies)| Paced {
            rate: rate.get(),
            accepted_ms_p50: latencies.ms_p50,
            accepted_ms_p99: latencies.ms_p99,
            visible_ms_p50_at_most: lags.quantile(0.5) * 1e3,
            visible_ms_p99_at_most: lags.quantile(0.99) * 1e3,
        });
        Ok(())
    }

    fn set_speed(&self, per_mille: i64) -> Result<()> {
        let tenant = bootstrap::find(&self.engine, TENANT)
            .ok_or_else(|| Failure::failed("the tenant of the run is gone"))?;
        tenant.clock.set_speed(per_mille);
        self.engine.wake();
        Ok(())
    }

    fn cpu(&self) -> Result<Cpu> {
        let untold = || Failure::failed("this system does not tell processor time in /proc");
        let own = machine::processor_time().ok_or_else(untold)?;
        let database = match self.bench.database_process {
            Some(process) => Some(machine::processor_time_of_tree(process).ok_or_else(untold)?),
            None => None,
        };
        Ok(Cpu { own, database })
    }

    fn verify(&self) -> Result<VerifyRate> {
        let tenant = bootstrap::find(&self.engine, TENANT)
            .ok_or_else(|| Failure::failed("the tenant of the run is gone"))?;
        let began = Instant::now();
        let verified = verify(self.engine.store(), &tenant, &self.engine.settings().steps)?;
        Ok(VerifyRate {
            subjects: verified.subjects,
            differences: verified.differences.len(),
            subjects_per_second: verified.subjects as f64 / began.elapsed().as_secs_f64(),
        })
    }
}

const LAG: &str = "baton_event_lag_seconds";
const LAG_LABEL: &str = "stage=\"derived\"";

struct Cpu {
    own: Duration,
    database: Option<Duration>,
}

/// In microseconds.
fn each(time: Duration, count: u64) -> f64 {
    time.as_secs_f64() * 1e6 / count.max(1) as f64
}

/// How long a system takes to answer that is started on this store, in milliseconds.
fn start(location: &Location) -> Result<f64> {
    let began = Instant::now();
    let engine = place::start_alone(place::open(location)?)?;
    let serving = Serving::start(&engine, (std::net::Ipv4Addr::LOCALHOST, 0).into())?;
    std::net::TcpStream::connect(serving.address())?;
    let took = began.elapsed();
    serving.stop();
    engine.stop();
    Ok(took.as_secs_f64() * 1e3)
}

const fn orders(events: u64) -> u64 {
    let orders = events / EVENTS_PER_ORDER;
    if orders == 0 { 1 } else { orders }
}

/// Where the clock stands: at the last message that is sent.
fn simulated_at(bench: &Bench) -> Moment {
    if bench.standing > 0 {
        // Every order is as far from the next as the last two are.
        let few = standing_orders(SEED, 2).last().map_or(Duration::ZERO, |second| {
            let step = second.send_at.since(standing_from(SEED)).micros();
            Duration::from_micros(step.unsigned_abs())
        });
        let all = few.as_micros().saturating_mul(u128::from(bench.standing));
        let all = i64::try_from(all).unwrap_or(i64::MAX / 2);
        return standing_from(SEED) + baton_core::time::Duration::from_micros(all);
    }
    mix_sent_by(SEED, bench.events)
}

/// A sandbox with the shipped packs, and a key for each source.
fn prepare(engine: &EngineHandle, bench: &Bench) -> Result<HashMap<String, String>> {
    bootstrap::tenant(engine, (TENANT, "Bench"), Some(simulated_at(bench)))?;
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

/// The report for people.
fn told(report: &Report) -> Vec<String> {
    let mut lines = vec![format!(
        "{} events ({}, {} orders stood before): {:.1} us CPU, {:.1} us wall an event ({:.1} us until acknowledged)",
        report.events,
        report.store,
        report.standing,
        report.cpu_us_per_event,
        report.wall_us_per_event,
        report.accepted_us_per_event,
    )];
    let mut add = |line: Option<String>| lines.extend(line);
    add(report
        .database_cpu_us_per_event
        .map(|us| format!("  of it the database's server: {us:.1} us CPU")));
    add(report.store_bytes_per_event.map(|bytes| format!("  {bytes} bytes on disk an event")));
    add(report.resident_bytes.map(|bytes| format!("  {} MB resident", bytes >> 20)));
    add(report
        .wall_us_per_standing
        .map(|us| format!("  {us:.1} us wall for each order that stands")));
    add(report.paced.as_ref().map(|p| {
        format!(
            "  at {} events/s: accepted in {:.1} ms (p50) {:.1} ms (p99), visible within {:.0} ms (p50) {:.0} ms (p99)",
            p.rate, p.accepted_ms_p50, p.accepted_ms_p99, p.visible_ms_p50_at_most, p.visible_ms_p99_at_most
        )
    }));
    for read in report.reads.iter().flatten() {
        add(Some(format!(
            "  {}: {:.1} ms (p50) {:.1} ms (p95)",
            read.what, read.ms_p50, read.ms_p95
        )));
    }
    add(report.timers.as_ref().map(|t| {
        format!(
            "  {} timers in a minute of {} that wait: late by at most {:.0} ms (p99)",
            t.fired, t.waiting, t.late_ms_p99_at_most
        )
    }));
    add(report.one_subject.as_ref().map(|o| {
        format!(
            "  one more event on a subject with {} facts: {:.1} ms (p50) {:.1} ms (p95)",
            o.facts, o.ms_p50, o.ms_p95
        )
    }));
    add(report.verified.as_ref().map(|v| {
        format!(
            "  verify: {} subjects, {:.0} a second, {} differences",
            v.subjects, v.subjects_per_second, v.differences
        )
    }));
    add(report.start_ms.map(|ms| format!("  {ms:.0} ms to start")));
    lines
}

/// A folder for the run, gone after it unless it is to be kept.
struct Scratch {
    folder: PathBuf,
    keep: bool,
}

impl Scratch {
    fn make(parent: Option<PathBuf>) -> Result<Self> {
        // Beside the program: on the disk that the machine works with, not in its memory.
        let beside = || std::env::current_exe().ok()?.parent().map(PathBuf::from);
        let parent = parent.or_else(beside).unwrap_or_else(std::env::temp_dir);
        let folder = parent.join(format!("baton-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, keep: false })
    }

    fn kept(folder: PathBuf) -> Result<Self> {
        if folder.exists() {
            let why = format!("--keep: {} is there already", folder.display());
            return Err(Failure::usage(why));
        }
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, keep: true })
    }

    fn bytes(&self) -> u64 {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.metadata().ok()).map(|entry| entry.len()).sum()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.keep {
            // What cannot be removed is small and says by its name what it was.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

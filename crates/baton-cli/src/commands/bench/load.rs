//! The sender's half of the bench, in its own process: it makes messages, says that it is ready, sends
//! them when it is told to, and says how that went.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use baton_sim::{Later, Sent, later_papers, standard_mix, standing_orders};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::histogram::quantile_ms;
use super::{CONNECTIONS, SEED, orders};
use crate::exit::{Failure, Outcome, Result};
use crate::feeder::{Feeder, Letter, RECEIVED_AT};
use crate::print;
use crate::wire::{Connection, Post};

const READY: &str = "ready";

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// Ten events to each of new orders, an even mix of formats.
    Mix,
    /// One message to each of many orders. Made while it is sent.
    Standing,
    /// One more message to some of those, most of them young.
    Later,
    /// One more message to some of those, wherever they are.
    LaterAnywhere,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) kind: Kind,
    pub(super) events: u64,
    pub(super) standing: u64,
    /// Events a second; else as fast as they are taken.
    pub(super) rate: Option<NonZeroU64>,
    /// At a rate: some twice, some damaged, some late.
    pub(super) faults: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Load {
    #[arg(long)]
    address: SocketAddr,
    #[arg(long, value_enum)]
    kind: Kind,
    #[arg(long)]
    events: u64,
    #[arg(long)]
    standing: u64,
    #[arg(long)]
    rate: Option<NonZeroU64>,
    #[arg(long)]
    faults: bool,
}

/// How sending went.
#[derive(Debug)]
pub(super) struct Sending {
    /// From the word until the last message was acknowledged.
    pub(super) took: Duration,
    /// Where a rate was kept.
    pub(super) latencies: Option<Latencies>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Latencies {
    pub(super) ms_p50: f64,
    pub(super) ms_p99: f64,
}

/// The sending process. Killed if it is dropped before its end.
pub(super) struct LoadProcess {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl LoadProcess {
    pub(super) fn start(
        address: SocketAddr,
        plan: &Plan,
        keys: &HashMap<String, String>,
    ) -> Result<Self> {
        let kind = plan.kind.to_possible_value();
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["bench-load", "--address", &address.to_string()]);
        command.args(["--kind", kind.as_ref().map_or("mix", |kind| kind.get_name())]);
        command.args(["--events", &plan.events.to_string()]);
        command.args(["--standing", &plan.standing.to_string()]);
        if let Some(rate) = plan.rate {
            command.args(["--rate", &rate.to_string()]);
        }
        if plan.faults {
            command.arg("--faults");
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (mut to, from) = pipes.ok_or_else(|| Failure::failed("the load has no pipes"))?;
        // Not as arguments, which every user of the machine can read.
        let keys = serde_json::to_string(keys)
            .map_err(|why| Failure::failed(format!("the keys are no JSON: {why}")))?;
        writeln!(to, "{keys}")?;
        Ok(Self { child, to, from: BufReader::new(from) })
    }

    pub(super) fn wait_until_ready(&mut self) -> Result<()> {
        if self.line()? == READY {
            return Ok(());
        }
        Err(Failure::failed("the load could not be made; its words are above"))
    }

    pub(super) fn send_all(mut self) -> Result<Sending> {
        let began = Instant::now();
        writeln!(self.to, "go")?;
        let told = self.line()?;
        let took = began.elapsed();
        if !self.child.wait()?.success() {
            return Err(Failure::failed("the load could not be sent; its words are above"));
        }
        Ok(Sending { took, latencies: serde_json::from_str(&told).ok() })
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for LoadProcess {
    fn drop(&mut self) {
        // It has ended by itself unless something failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A standing order was received when it was placed: their timers come due one after the other.
fn received_when_sent(mut sent: Sent) -> Sent {
    sent.headers.push((RECEIVED_AT.to_owned(), sent.send_at.to_string()));
    sent
}

/// `baton bench-load`: makes the load, says so, waits for the word, sends.
pub(crate) fn run_load(load: &Load) -> Result<Outcome> {
    let mut lines = std::io::stdin().lock().lines();
    let keys = lines.next().transpose()?.unwrap_or_default();
    let keys: HashMap<String, String> = serde_json::from_str(&keys)
        .map_err(|why| Failure::usage(format!("the first line is to be the keys: {why}")))?;
    let mut word = || -> Result<()> {
        print::line(READY)?;
        lines.next().transpose()?;
        Ok(())
    };
    let addressed = |sent: Sent| letter(sent, &keys);
    let sent = |kind: Kind| -> Box<dyn Iterator<Item = Sent> + Send> {
        match kind {
            Kind::Mix => Box::new(standard_mix(SEED, orders(load.events), load.events)),
            Kind::Standing => Box::new(standing_orders(SEED, load.events).map(received_when_sent)),
            Kind::Later => {
                Box::new(later_papers(SEED, load.standing, Later::MostlyRecent, load.events))
            }
            Kind::LaterAnywhere => {
                Box::new(later_papers(SEED, load.standing, Later::Anywhere, load.events))
            }
        }
    };
    if let Some(rate) = load.rate {
        let letters = sent(load.kind).map(addressed);
        let faulty = Faulty { letters, faults: load.faults, sent: 0, again: VecDeque::new() };
        let latencies = paced(load.address, faulty, rate, word)?;
        let told = serde_json::to_string(&latencies)
            .map_err(|why| Failure::failed(format!("the latencies are no JSON: {why}")))?;
        print::line(&told)?;
        return Ok(Outcome::Fine);
    }
    let feeder = Feeder::start(load.address, CONNECTIONS)?;
    if load.kind == Kind::Standing {
        word()?;
        // As many as there are may not fit into memory at once.
        let mut failed = None;
        let letters = sent(load.kind)
            .map_while(|sent| addressed(sent).map_err(|why| failed = Some(why)).ok());
        feeder.send(letters)?;
        if let Some(why) = failed {
            return Err(why);
        }
    } else {
        let letters: Vec<Letter> = sent(load.kind).map(addressed).collect::<Result<_>>()?;
        word()?;
        feeder.send(letters)?;
    }
    print::line("sent")?;
    Ok(Outcome::Fine)
}

/// Every so manyth message comes twice, is cut in the middle, or comes after so many others.
const TWICE_EVERY: u64 = 50;
const CUT_EVERY: u64 = 499;
const LATE_EVERY: u64 = 20;
const LATE_BY: usize = 30;

/// Letters with faults, if they are to have some.
struct Faulty<I> {
    letters: I,
    faults: bool,
    sent: u64,
    /// What comes later or again.
    again: VecDeque<Letter>,
}

impl<I: Iterator<Item = Result<Letter>>> Iterator for Faulty<I> {
    type Item = Result<Letter>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.again.len() > LATE_BY {
            return self.again.pop_front().map(Ok);
        }
        let Some(letter) = self.letters.next() else { return self.again.pop_front().map(Ok) };
        self.sent += 1;
        if !self.faults {
            return Some(letter);
        }
        let mut letter = match letter {
            Ok(letter) => letter,
            Err(why) => return Some(Err(why)),
        };
        if self.sent.is_multiple_of(LATE_EVERY) {
            self.again.push_back(letter);
            return self.next();
        }
        if self.sent.is_multiple_of(TWICE_EVERY + 1) {
            self.again.push_back(letter.clone());
        }
        if self.sent.is_multiple_of(CUT_EVERY) {
            letter.body.truncate(letter.body.len() / 2);
        }
        Some(Ok(letter))
    }
}

pub(super) fn letter(sent: Sent, keys: &HashMap<String, String>) -> Result<Letter> {
    let source = sent.source.to_string();
    let key = keys.get(&source).map(|key| key.as_str().into());
    Ok(Letter {
        path: format!("/v1/sources/{source}/messages").into(),
        key: key.ok_or_else(|| Failure::usage(format!("there is no key for {source}")))?,
        content_type: sent.content_type,
        headers: sent.headers,
        body: sent.body,
    })
}

/// Letters that are made before they are sent.
const AHEAD: usize = 5_000;

/// Sends each message at its time, whether the answers to those before have come or not, as far as
/// there are connections. A message that waits for one has its wait counted.
fn paced(
    address: SocketAddr,
    mut letters: impl Iterator<Item = Result<Letter>> + Send,
    rate: NonZeroU64,
    mut word: impl FnMut() -> Result<()>,
) -> Result<Latencies> {
    let mut times = std::thread::scope(|scope| -> Result<Vec<Duration>> {
        let (made, to_send) = sync_channel::<(u64, Letter)>(AHEAD);
        let ahead: Vec<Letter> = letters.by_ref().take(AHEAD).collect::<Result<_>>()?;
        word()?;
        let began = Instant::now();
        let making = scope.spawn(move || -> Result<()> {
            for (n, letter) in (0..).zip(ahead.into_iter().map(Ok).chain(letters)) {
                // Who sends has ended only by a failure, which is told.
                if made.send((n, letter?)).is_err() {
                    break;
                }
            }
            Ok(())
        });
        let to_send = Arc::new(Mutex::new(to_send));
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let to_send = Arc::clone(&to_send);
                scope.spawn(move || send_each(address, &to_send, (began, rate)))
            })
            .collect();
        drop(to_send);
        let gone = |_| Failure::failed("a sending thread has ended");
        let mut times = Vec::new();
        for thread in threads {
            times.extend(thread.join().map_err(gone)??);
        }
        making.join().map_err(gone)??;
        Ok(times)
    })?;
    times.sort_unstable();
    Ok(Latencies { ms_p50: quantile_ms(&times, 0.5), ms_p99: quantile_ms(&times, 0.99) })
}

/// One connection's share; returns how long each took from when it was to be sent.
fn send_each(
    address: SocketAddr,
    to_send: &Mutex<Receiver<(u64, Letter)>>,
    (began, rate): (Instant, NonZeroU64),
) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(address)?;
    let mut times = Vec::new();
    loop {
        let next = to_send.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((n, letter)) = next else { return Ok(times) };
        let due = began + Duration::from_secs_f64(n as f64 / rate.get() as f64);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let answer = connection.post(&Post {
            path: &letter.path,
            key: &letter.key,
            content_type: letter.content_type,
            headers: &letter.headers,
            body: &letter.body,
        })?;
        if !(200..300).contains(&answer.status) {
            let text = format!("{} was refused ({})", letter.path, answer.status);
            return Err(Failure::refused(text));
        }
        times.push(due.elapsed());
    }
}

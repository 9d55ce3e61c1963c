//! The sender's half of the bench, in its own process: it makes messages, says that it is ready, sends
//! them when it is told to, and says how that went.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use baton_sim::{Sent, later_papers, standard_mix, standing_orders};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::histogram::quantile_ms;
use super::{CONNECTIONS, SEED, orders};
use crate::exit::{Failure, Outcome, Result};
use crate::feeder::{Feeder, Letter};
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
    /// One more message to some of those.
    Later,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) kind: Kind,
    pub(super) events: u64,
    pub(super) standing: u64,
    /// Events a second; else as fast as they are taken.
    pub(super) rate: Option<NonZeroU64>,
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
    let events = load.events;
    let addressed = |sent: Sent| letter(sent, &keys);
    match (load.kind, load.rate) {
        (Kind::Standing, _) => {
            let feeder = Feeder::start(load.address, CONNECTIONS)?;
            word()?;
            // As many as there are may not fit into memory at once.
            let mut failed = None;
            let letters = standing_orders(SEED, events)
                .map_while(|sent| addressed(sent).map_err(|why| failed = Some(why)).ok());
            feeder.send(letters)?;
            if let Some(why) = failed {
                return Err(why);
            }
            print::line("sent")?;
        }
        (kind, rate) => {
            let letters: Result<Vec<Letter>> = match kind {
                Kind::Later => later_papers(SEED, load.standing, events).map(addressed).collect(),
                _ => standard_mix(SEED, orders(events), events).map(addressed).collect(),
            };
            let letters = letters?;
            let told = if let Some(rate) = rate {
                word()?;
                let latencies = paced(load.address, &letters, rate)?;
                serde_json::to_string(&latencies)
                    .map_err(|why| Failure::failed(format!("the latencies are no JSON: {why}")))?
            } else {
                let feeder = Feeder::start(load.address, CONNECTIONS)?;
                word()?;
                feeder.send(letters)?;
                "sent".to_owned()
            };
            print::line(&told)?;
        }
    }
    Ok(Outcome::Fine)
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

/// Sends each message at its time, whether the answers to those before have come or not, as far as
/// there are connections. A message that waits for one has its wait counted.
fn paced(address: SocketAddr, letters: &[Letter], rate: NonZeroU64) -> Result<Latencies> {
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    let work = || -> Result<Vec<Duration>> {
        let mut connection = Connection::open(address)?;
        let mut times = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(letter) = letters.get(n) else { return Ok(times) };
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
    };
    let mut times = Vec::with_capacity(letters.len());
    std::thread::scope(|scope| -> Result<()> {
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            let some = thread.join().map_err(|_| Failure::failed("a sending thread has ended"))?;
            times.extend(some?);
        }
        Ok(())
    })?;
    times.sort_unstable();
    Ok(Latencies { ms_p50: quantile_ms(&times, 0.5), ms_p99: quantile_ms(&times, 0.99) })
}

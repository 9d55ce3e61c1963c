//! What a long run looks like from time to time: memory, and how long events took to become visible.

use std::num::NonZeroU64;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use baton_server::EngineHandle;
use serde::Serialize;

use super::histogram::Histogram;
use super::{LAG, LAG_LABEL};
use crate::machine;

/// Since the sample before it.
#[derive(Debug, Serialize)]
pub(super) struct Sample {
    seconds: u64,
    events: u64,
    resident_bytes: Option<u64>,
    visible_ms_p50_at_most: f64,
    visible_ms_p99_at_most: f64,
}

/// Samples that are being taken.
pub(super) struct Sampling {
    end: Sender<()>,
    taking: JoinHandle<Vec<Sample>>,
}

pub(super) fn start(engine: &EngineHandle, every: NonZeroU64) -> Sampling {
    let engine = engine.clone();
    let (end, ended) = channel::<()>();
    let taking = std::thread::spawn(move || {
        let began = Instant::now();
        let mut samples = Vec::new();
        let lags = || Histogram::of(&engine.metrics().text(), LAG, LAG_LABEL);
        let mut before = lags();
        while ended.recv_timeout(Duration::from_secs(every.get())) == Err(RecvTimeoutError::Timeout)
        {
            let now = lags();
            let since = now.since(&before);
            let sample = Sample {
                seconds: began.elapsed().as_secs(),
                events: since.count(),
                resident_bytes: machine::resident_bytes(),
                visible_ms_p50_at_most: since.quantile(0.5) * 1e3,
                visible_ms_p99_at_most: since.quantile(0.99) * 1e3,
            };
            // Whoever waits for an hour wants to see that it goes on; the report has them all.
            eprintln!(
                "{} s: {} events, {} MB, visible within {:.0} ms (p50) {:.0} ms (p99)",
                sample.seconds,
                sample.events,
                sample.resident_bytes.unwrap_or_default() >> 20,
                sample.visible_ms_p50_at_most,
                sample.visible_ms_p99_at_most
            );
            samples.push(sample);
            before = now;
        }
        samples
    });
    Sampling { end, taking }
}

impl Sampling {
    pub(super) fn end(self) -> Vec<Sample> {
        drop(self.end);
        self.taking.join().unwrap_or_default()
    }
}

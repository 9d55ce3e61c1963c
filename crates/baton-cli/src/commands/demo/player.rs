//! Plays the sample world: sends what its partners send, and moves the tenant's clock along.
//!
//! The clock never runs ahead of the post: it shows the instant of the first letter of a handful while
//! that handful is under way, and each letter states its own receipt. So what Baton concludes does not
//! depend on how fast this machine is, and a run that is broken off goes on as if nothing had been.

use std::collections::HashMap;
use std::iter::Peekable;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use baton_core::time::{Duration, Instant};
use baton_server::EngineHandle;
use baton_server::tenant::Tenant;
use baton_sim::Sent;

use crate::exit::{Failure, Result};
use crate::feeder::{Feeder, Letter};

/// Letters that are under way together at most, and the simulated time that they span.
const HANDFUL: usize = 64;
const HANDFUL_SPAN: Duration = Duration::hours(1);
/// Handfuls between two looks at how much waits to be read.
const WAITING_MAX: i64 = 2_000;
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(600);
/// The header in which a sender into a sandbox states when a message is received.
pub(super) const RECEIVED_AT: &str = "Baton-Received-At";

/// Where a source's letters go, and its key.
#[derive(Debug, Clone)]
pub(super) struct Address {
    pub(super) path: Arc<str>,
    pub(super) key: Arc<str>,
}

/// A stream of letters and the tenant that gets them.
pub(super) struct Player<I: Iterator<Item = Sent>> {
    letters: Peekable<I>,
    feeder: Feeder,
    addresses: HashMap<String, Address>,
    pub(super) engine: EngineHandle,
    pub(super) tenant: Arc<Tenant>,
    sent: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

impl<I: Iterator<Item = Sent>> Player<I> {
    pub(super) fn new(
        letters: I,
        (feeder, addresses): (Feeder, HashMap<String, Address>),
        (engine, tenant): (EngineHandle, Arc<Tenant>),
        (stop, sent): (Arc<AtomicBool>, Arc<AtomicU64>),
    ) -> Self {
        let letters = letters.peekable();
        Self { letters, feeder, addresses, engine, tenant, sent, stop }
    }

    /// Sends everything that arrives until an instant, and sets the clock to it. Returns early when
    /// told to stop; then the clock stands where the post does.
    pub(super) fn play_until(&mut self, until: Instant) -> Result<()> {
        while let Some(handful) = self.handful(until) {
            if self.stop.load(Ordering::Acquire) {
                return Ok(());
            }
            if let Some(first) = handful.last() {
                self.tenant.clock.advance_to(first.send_at);
            }
            let letters: Result<Vec<Letter>> =
                handful.into_iter().map(|sent| self.letter(sent)).collect();
            let sent = self.feeder.send(letters?)?;
            self.sent.fetch_add(sent, Ordering::Relaxed);
            if self.tenant.waiting() > WAITING_MAX {
                self.settle()?;
            }
        }
        self.tenant.clock.advance_to(until);
        Ok(())
    }

    /// Sends everything there is; returns the instant of the last letter.
    pub(super) fn play_all(&mut self) -> Result<Instant> {
        let mut last = self.tenant.clock.now();
        while let Some(next) = self.letters.peek().map(|sent| sent.send_at) {
            if self.stop.load(Ordering::Acquire) {
                break;
            }
            last = last.max(next) + HANDFUL_SPAN;
            self.play_until(last)?;
        }
        Ok(last)
    }

    /// Waits until everything is read and derived.
    pub(super) fn settle(&self) -> Result<()> {
        self.engine
            .settle(PATIENCE)
            .map_err(|why| Failure::failed(format!("what was sent is not worked off: {why}")))
    }

    /// The next letters that may be under way together; none if nothing arrives by then.
    fn handful(&mut self, until: Instant) -> Option<Vec<Sent>> {
        let first = self.letters.next_if(|sent| sent.send_at <= until)?;
        let end = until.min(first.send_at + HANDFUL_SPAN);
        let mut handful = vec![first];
        while handful.len() < HANDFUL
            && let Some(next) = self.letters.next_if(|sent| sent.send_at <= end)
        {
            handful.push(next);
        }
        Some(handful)
    }

    fn letter(&self, sent: Sent) -> Result<Letter> {
        let Some(address) = self.addresses.get(sent.source.as_str()) else {
            return Err(Failure::failed(format!("the sample world has no source {}", sent.source)));
        };
        let mut headers = sent.headers;
        headers.push((RECEIVED_AT.to_owned(), sent.send_at.to_string()));
        Ok(Letter {
            path: Arc::clone(&address.path),
            key: Arc::clone(&address.key),
            content_type: sent.content_type,
            headers,
            body: sent.body,
        })
    }
}

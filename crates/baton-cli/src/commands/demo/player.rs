//! Plays the sample world: sends what its partners send, and moves the tenant's clock along.
//!
//! The letters of an hour are under way together. Meanwhile the clock stands at the hour's beginning, and
//! each letter states its own receipt: so nothing is missed because a machine is slow, and a run that is
//! broken off goes on with the same hours. A letter is read when the clock has come to its receipt. In step,
//! each partner sends in order and each hour is worked off before the next begins, and what Baton concludes
//! is the same every time; else the engine may be some hours behind the post.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::iter::Peekable;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use baton_core::time::{Duration, Instant};
use baton_server::EngineHandle;
use baton_server::tenant::Tenant;
use baton_sim::Sent;
use baton_store::{outbox, pending, timers};

use crate::exit::{Failure, Result};
use crate::feeder::{Feeder, Letter, RECEIVED_AT};

/// The simulated time whose letters are under way together.
const HOUR: Duration = Duration::hours(1);
/// With so many letters unread the post waits.
const WAITING_MAX: i64 = 2_000;
/// Between two looks whether commands were delivered.
const DELIVERY_LOOK: std::time::Duration = std::time::Duration::from_millis(1);
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(600);

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
    in_step: bool,
}

impl<I: Iterator<Item = Sent>> Player<I> {
    pub(super) fn new(
        letters: I,
        (feeder, addresses): (Feeder, HashMap<String, Address>),
        (engine, tenant): (EngineHandle, Arc<Tenant>),
        (stop, sent): (Arc<AtomicBool>, Arc<AtomicU64>),
    ) -> Self {
        let letters = letters.peekable();
        Self { letters, feeder, addresses, engine, tenant, sent, stop, in_step: false }
    }

    /// Works each hour off before the next.
    pub(super) fn in_step(mut self, in_step: bool) -> Self {
        self.in_step = in_step;
        self
    }

    /// Sends everything that arrives until an instant, and sets the clock to it. Returns early when told
    /// to stop; then the clock stands where the post does.
    pub(super) fn play_until(&mut self, until: Instant) -> Result<()> {
        while let Some(begins_at) = self.next_hour(until) {
            if self.stop.load(Ordering::Acquire) {
                return Ok(());
            }
            self.tenant.clock.advance_to(begins_at);
            if self.in_step {
                self.engine.wake();
                self.settle()?;
            }
            let end = until.min(hour_end(begins_at));
            self.send_hour(end)?;
            if self.in_step {
                // What was sent is received by now, in the order of its receipts.
                self.tenant.clock.advance_to(end);
                self.engine.wake();
                self.settle()?;
            } else if self.tenant.waiting() > WAITING_MAX {
                self.settle()?;
            }
        }
        self.tenant.clock.advance_to(until);
        self.engine.wake();
        Ok(())
    }

    /// Sends the letters that arrive until an instant. In step, each partner sends its own in their order.
    fn send_hour(&mut self, end: Instant) -> Result<()> {
        if self.in_step {
            let mut lanes: BTreeMap<Arc<str>, Vec<Letter>> = BTreeMap::new();
            while let Some(sent) = self.letters.next_if(|sent| sent.send_at <= end) {
                let letter = letter(&self.addresses, sent)?;
                lanes.entry(Arc::clone(&letter.path)).or_default().push(letter);
            }
            let sent = self.feeder.send_lanes(lanes.into_values())?;
            self.sent.fetch_add(sent, Ordering::Relaxed);
            return Ok(());
        }
        let (first, again) = self.of_hour(end);
        // A letter that is sent twice within the hour arrives in that order.
        for round in [first, again] {
            let letters: Result<Vec<Letter>> =
                round.into_iter().map(|sent| letter(&self.addresses, sent)).collect();
            let sent = self.feeder.send(letters?)?;
            self.sent.fetch_add(sent, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Sends everything there is.
    pub(super) fn play_all(&mut self) -> Result<()> {
        while let Some(next) = self.letters.peek().map(|sent| sent.send_at) {
            if self.stop.load(Ordering::Acquire) {
                break;
            }
            self.play_until(hour_end(next))?;
        }
        Ok(())
    }

    /// Waits until everything is read and derived; in step also until every command is delivered or given
    /// up, so that what is said of deliveries comes within its hour.
    pub(super) fn settle(&self) -> Result<()> {
        let began = std::time::Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(began.elapsed());
            self.engine.settle(left).map_err(|why| {
                Failure::failed(format!("what was sent is not worked off: {why}"))
            })?;
            if !self.in_step || self.is_quiet()? {
                return Ok(());
            }
            while self.owes_commands()? {
                if began.elapsed() > PATIENCE || self.stop.load(Ordering::Acquire) {
                    return Err(Failure::failed("commands wait that cannot be delivered"));
                }
                std::thread::sleep(DELIVERY_LOOK);
            }
        }
    }

    fn owes_commands(&self) -> Result<bool> {
        let scope = &self.tenant.scope;
        let next = self.engine.store().read(|tx| outbox::next_at(tx, scope));
        Ok(next.map_err(Failure::from)?.is_some())
    }

    /// Whether no command is owed, nothing waits to be read and nothing is due, all in one view of the
    /// store: a delivery ends in the commit that states its result as a message, so that one looked at
    /// after the other could miss it between them.
    fn is_quiet(&self) -> Result<bool> {
        let (scope, now) = (&self.tenant.scope, self.tenant.clock.now());
        let quiet = self.engine.store().read(|tx| {
            Ok(outbox::next_at(tx, scope)?.is_none()
                && pending::count_due(tx, scope, now)? == 0
                && timers::next(tx, scope)?.is_none_or(|timer| timer.wake_at > now))
        });
        quiet.map_err(Failure::from)
    }

    /// The letters that arrive until an instant: those that are new, and those that repeat one of them.
    fn of_hour(&mut self, end: Instant) -> (Vec<Sent>, Vec<Sent>) {
        let mut known = HashSet::new();
        let hour = std::iter::from_fn(|| self.letters.next_if(|sent| sent.send_at <= end));
        hour.partition(|sent| known.insert((sent.source.clone(), sent.body.clone())))
    }

    /// When the hour of the next letter began; none if nothing arrives by then.
    fn next_hour(&mut self, until: Instant) -> Option<Instant> {
        let next = self.letters.peek().map(|sent| sent.send_at);
        next.filter(|at| *at <= until).map(hour_of)
    }
}

/// The hour that an instant lies in, by its beginning.
fn hour_of(at: Instant) -> Instant {
    at - Duration::from_micros(at.micros().rem_euclid(HOUR.micros()))
}

/// The last instant of the hour that an instant lies in.
pub(super) fn hour_end(at: Instant) -> Instant {
    hour_of(at) + HOUR - Duration::from_micros(1)
}

fn letter(addresses: &HashMap<String, Address>, sent: Sent) -> Result<Letter> {
    let Some(address) = addresses.get(sent.source.as_str()) else {
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

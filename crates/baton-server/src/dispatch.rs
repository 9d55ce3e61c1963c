//! The loop that delivers: commands leave the outbox as signed webhooks.
//!
//! Commands about one cluster to one subscription go in order; while one is tried again the later ones
//! wait, until it is delivered or given up. How a delivery ended is a fact, committed together with
//! the outbox row. Delivery belongs to the machine and the outside, so it goes by the machine's clock
//! also where the tenant's is simulated.

pub mod backoff;
pub mod sign;
mod webhook;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use baton_core::fact::{Body, Place, Statement};
use baton_core::identifier::Identifier;
use baton_core::time::{Duration as Length, Happened, Instant};
use baton_store::outbox::{self, Command};
use baton_store::subscriptions::{self, Subscription};
use baton_store::{Store, StoreError, TenantId, Tx, engine_outbox, workers};

use crate::bell::Bell;
use crate::cache::Sharing;
use crate::clock::MachineClock;
use crate::crash::{self, CrashPoint};
use crate::event::act_of;
use crate::group_commit::note;
use crate::metrics::Metrics;
use crate::registry::Registry;
use crate::settings::DispatchLimits;
use crate::tenant::Tenant;
use crate::traces::Traces;
use crate::troubles::Troubles;
pub(crate) use webhook::{Deliver, Outcome, Sender};

/// The loop.
pub(crate) struct DispatchLoop {
    pub(crate) store: Arc<Store>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) limits: DispatchLimits,
    pub(crate) tick: Duration,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) troubles: Arc<Troubles>,
    /// Rung when commands may wait.
    pub(crate) bell: Arc<Bell>,
    /// To be rung when facts were stated.
    pub(crate) messages_bell: Arc<Bell>,
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) sharing: Sharing,
    /// How they leave.
    pub(crate) deliver: Box<dyn Deliver>,
    pub(crate) machine: MachineClock,
    /// This process among those that share the store.
    pub(crate) worker: i64,
    /// What the machine's clock showed when it was last seen to be right, in microseconds.
    pub(crate) seen_at: AtomicI64,
    /// Tenants whose last round the store failed: this process may hold claims of what it has not in hand.
    pub(crate) doubtful: Mutex<HashSet<TenantId>>,
    pub(crate) traces: Option<Arc<Traces>>,
}

/// A delivery that was tried.
struct Tried {
    command: Command,
    outcome: Outcome,
}

impl DispatchLoop {
    pub(crate) fn run(&self) {
        if self.sharing == Sharing::Alone {
            self.take_over();
        }
        while !self.stop.load(Ordering::Acquire) {
            let seen = self.bell.rings();
            let mut sent = false;
            self.mind_the_clock();
            for tenant in self.registry.all() {
                sent |= self.deliver_some(&tenant);
                self.measure(&tenant);
            }
            if !sent {
                self.bell.wait(seen, self.tick);
            }
        }
    }

    /// Delivers one batch of what is due; whether there was anything and the store could tell.
    pub(crate) fn deliver_some(&self, tenant: &Tenant) -> bool {
        let began = std::time::Instant::now();
        let sent = self.round(tenant);
        if matches!(sent, Ok(true)) {
            self.metrics.batch("dispatch", began.elapsed());
        }
        if sent.is_ok() {
            self.troubles.over("dispatch");
        }
        sent.unwrap_or_else(|error| {
            self.doubtful().insert(tenant.id);
            self.metrics.failure("dispatch", error.name());
            self.troubles.note("dispatch", &error, tenant.clock.machine_now());
            tracing::warn!(%error, tenant = %tenant.key, "deliveries wait, trying again");
            false
        })
    }

    /// What the process before this one had claimed need not wait for the end of its lease.
    pub(crate) fn take_over(&self) {
        for tenant in self.registry.all() {
            let now = tenant.clock.machine_now();
            let taken = self.store.write(|tx| engine_outbox::due_at_once(tx, &tenant.scope, now));
            if let Err(error) = taken {
                tracing::warn!(%error, tenant = %tenant.key, "deliveries wait for their leases");
            }
        }
    }

    /// After the machine's clock was set back, also while the process was down, nothing waits longer than
    /// it would from now on.
    pub(crate) fn mind_the_clock(&self) {
        let now = self.machine.now();
        let seen = self.seen_at.load(Ordering::Acquire);
        if now.micros() < seen || seen == i64::MIN {
            let beyond = now + length(self.limits.backoff_max.max(self.lease()));
            for tenant in self.registry.all() {
                let set =
                    |tx: &mut Tx<'_>| engine_outbox::not_beyond(tx, &tenant.scope, now, beyond);
                match self.store.write(set) {
                    Ok(0) => {}
                    Ok(count) => {
                        tracing::warn!(count, tenant = %tenant.key, "the machine's clock was set back: deliveries are due at once");
                    }
                    // Looked at again.
                    Err(_) => return,
                }
            }
        }
        self.seen_at.store(now.micros(), Ordering::Release);
    }

    /// Long enough for a batch whose receivers all take their time.
    fn lease(&self) -> Duration {
        let rounds = self.limits.batch_max.div_ceil(self.limits.workers.max(1)) + 1;
        self.limits.answer_wait_max.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX))
    }

    fn measure(&self, tenant: &Tenant) {
        self.metrics.waiting(&tenant.key, tenant.waiting());
        if let Ok((waiting, oldest)) =
            self.store.read(|tx| engine_outbox::waiting(tx, &tenant.scope))
        {
            let micros = oldest.map_or(0, |at| tenant.clock.machine_now().since(at).micros());
            let age = Duration::from_micros(micros.unsigned_abs());
            self.metrics.outbox(&tenant.key, waiting, age.as_secs_f64());
        }
    }

    fn doubtful(&self) -> MutexGuard<'_, HashSet<TenantId>> {
        self.doubtful.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn round(&self, tenant: &Tenant) -> Result<bool, StoreError> {
        let scope = &tenant.scope;
        let now = tenant.clock.machine_now();
        if self.doubtful().contains(&tenant.id) {
            // What was sent and could not be noted is sent again, under the same id.
            self.store.write(|tx| workers::free_own_commands(tx, scope, self.worker, now))?;
            self.doubtful().remove(&tenant.id);
        }
        let next = self.store.read(|tx| outbox::next_at(tx, scope))?;
        if next.is_none_or(|at| at > now) {
            return Ok(false);
        }
        let until = now + length(self.lease());
        let commands = self.store.write(|tx| {
            outbox::claim(tx, scope, self.worker, (now, until), self.limits.batch_max)
        })?;
        if commands.is_empty() {
            return Ok(false);
        }
        let subscriptions: HashMap<i64, Subscription> = self
            .store
            .read(|tx| subscriptions::list(tx, scope))?
            .into_iter()
            .map(|subscription| (subscription.id, subscription))
            .collect();
        crash::reached(CrashPoint::CommandsClaimed);
        let tried = self.send_all(commands, &subscriptions, tenant);
        crash::reached(CrashPoint::CommandsSent);
        let noted = self.store.write(|tx| {
            let noted = self.settle(tx, tenant, &tried)?;
            crash::reached(CrashPoint::DeliveryBeforeCommit);
            Ok(noted)
        })?;
        crash::reached(CrashPoint::DeliveryCommitted);
        tenant.add_waiting(noted);
        self.messages_bell.ring();
        Ok(true)
    }

    /// Makes one attempt.
    fn send(&self, subscription: &Subscription, command: &Command, tenant: &Tenant) -> Outcome {
        let span = self.traces.as_ref().map(|traces| {
            let mut span = traces.begin_about("deliver", tenant.id, command.cluster);
            span.attribute("baton.tenant", &tenant.key);
            span.attribute("baton.act", command.act);
            span.attribute("baton.attempt", command.attempts);
            span
        });
        let outcome = self.deliver.send(subscription, command, tenant.clock.machine_now());
        if let Some((traces, mut span)) = self.traces.as_ref().zip(span) {
            if outcome != Outcome::Delivered {
                span.failed();
            }
            traces.end(span);
        }
        outcome
    }

    fn send_all(
        &self,
        commands: Vec<Command>,
        subscriptions: &HashMap<i64, Subscription>,
        tenant: &Tenant,
    ) -> Vec<Tried> {
        // Who does not answer is waited for once, or the others would wait behind it for long.
        let silent: Mutex<HashSet<i64>> = Mutex::default();
        let send = |command: &Command| match subscriptions.get(&command.subscription) {
            Some(subscription) if subscription.disabled_at.is_none() => {
                let silent = || silent.lock().unwrap_or_else(PoisonError::into_inner);
                if silent().contains(&subscription.id) {
                    return Outcome::PutBack;
                }
                let outcome = self.send(subscription, command, tenant);
                if matches!(outcome, Outcome::Unanswered(_)) {
                    silent().insert(subscription.id);
                }
                outcome
            }
            _ => Outcome::Refused("the subscription is gone or disabled".to_owned()),
        };
        let share = commands.len().div_ceil(self.limits.workers.max(1)).max(1);
        let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
            let send = &send;
            let workers: Vec<_> = commands
                .chunks(share)
                .map(|some| scope.spawn(move || some.iter().map(send).collect::<Vec<_>>()))
                .collect();
            let failed = || Outcome::Failed("the dispatcher failed, please report it".to_owned());
            let shares = commands.chunks(share).zip(workers);
            shares
                .flat_map(|(some, worker)| {
                    worker.join().unwrap_or_else(|_| some.iter().map(|_| failed()).collect())
                })
                .collect()
        });
        commands
            .into_iter()
            .zip(outcomes)
            .map(|(command, outcome)| Tried { command, outcome })
            .collect()
    }

    /// Notes how deliveries ended, and states it as facts; returns how many messages wait more by it.
    fn settle(&self, tx: &mut Tx<'_>, tenant: &Tenant, tried: &[Tried]) -> Result<i64, StoreError> {
        let scope = &tenant.scope;
        let machine_now = tenant.clock.machine_now();
        let silent_until = self.silent_until(tried, machine_now);
        let mut stated = Vec::new();
        let mut arrived = Vec::new();
        for Tried { command, outcome } in tried {
            let attempts = u32::try_from(command.attempts).unwrap_or(u32::MAX);
            let (ended, result) = match outcome {
                Outcome::Delivered => {
                    outbox::delivered(tx, scope, command.id)?;
                    arrived.push(command.id);
                    (Some(true), "delivered")
                }
                Outcome::PutBack => {
                    let at = silent_until.get(&command.subscription).copied();
                    outbox::put_back(tx, scope, command.id, at.unwrap_or(machine_now))?;
                    continue;
                }
                Outcome::Failed(why) | Outcome::Unanswered(why)
                    if attempts < self.limits.attempts_max =>
                {
                    let at = self.next_attempt(command, attempts, machine_now);
                    outbox::failed(tx, scope, command.id, at, why)?;
                    (None, "failed")
                }
                Outcome::Failed(why) | Outcome::Unanswered(why) | Outcome::Refused(why) => {
                    outbox::give_up(tx, scope, command.id, machine_now, why)?;
                    (Some(false), "given_up")
                }
            };
            self.metrics.delivery(result);
            if let Some(ok) = ended {
                stated.extend(delivered(command, ok, attempts, tenant.clock.now()));
            }
        }
        outbox::count_delivered(tx, scope, &arrived, tenant.clock.now())?;
        if stated.is_empty() {
            return Ok(0);
        }
        note(tx, tenant, stated, tenant.clock.now())?;
        Ok(1)
    }

    /// Until when nothing is tried at subscriptions that did not answer.
    fn silent_until(&self, tried: &[Tried], now: Instant) -> HashMap<i64, Instant> {
        let mut until: HashMap<i64, Instant> = HashMap::new();
        for Tried { command, outcome } in tried {
            if matches!(outcome, Outcome::Unanswered(_)) {
                let attempts = u32::try_from(command.attempts).unwrap_or(u32::MAX);
                let at = self.next_attempt(command, attempts, now);
                let first = until.entry(command.subscription).or_insert(at);
                *first = at.min(*first);
            }
        }
        until
    }

    fn next_attempt(&self, command: &Command, attempts: u32, now: Instant) -> Instant {
        let limits = &self.limits;
        let seed = limits.jitter_seed.wrapping_add(command.id.unsigned_abs());
        let wait = backoff::wait_after(attempts, limits.backoff_first, limits.backoff_max, seed);
        now + length(wait)
    }
}

fn length(of: Duration) -> Length {
    Length::from_micros(i64::try_from(of.as_micros()).unwrap_or(i64::MAX))
}

/// How a delivery ended, as a statement about what it told of.
fn delivered(command: &Command, ok: bool, attempts: u32, at: Instant) -> Option<Statement> {
    let event: serde_json::Value = serde_json::from_str(&command.payload).ok()?;
    let name = event.get("data")?.get("object")?.get("name")?;
    let name: Identifier = serde_json::from_value(name.clone()).ok()?;
    Some(Statement {
        about: name.into(),
        happened: Happened::at(at),
        body: Body::Delivered {
            act: act_of(&command.payload)?,
            to: format!("webhook:{}", command.subscription).into(),
            ok,
            attempts,
        },
        place: Place::None,
    })
}

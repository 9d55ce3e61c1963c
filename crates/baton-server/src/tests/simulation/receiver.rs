//! The receiver of webhooks: it counts what it takes, answers as chance has it, and now and then the
//! sender dies beside it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use baton_core::time::Instant;
use baton_store::outbox::Command;
use baton_store::subscriptions::Subscription;

use super::fate::Fate;
use crate::dispatch::{Deliver, Outcome};
use crate::event::act_of;

const REFUSES: u32 = 120;
const ANSWER_LOST: u32 = 60;
const SENDER_DIES: u32 = 15;

/// Lives longer than the processes that send to it.
#[derive(Debug)]
pub(super) struct Receiver {
    fate: Arc<Fate>,
    taken: Arc<Mutex<BTreeMap<String, u32>>>,
    /// Until when it answers 500, by the machine's clock in microseconds.
    down_until: AtomicI64,
}

impl Receiver {
    pub(super) fn new(fate: &Arc<Fate>) -> Arc<Self> {
        Arc::new(Self {
            fate: Arc::clone(fate),
            taken: Arc::default(),
            down_until: AtomicI64::new(i64::MIN),
        })
    }
    /// The same one, as another process finds it.
    pub(super) fn beside(&self, fate: &Arc<Fate>) -> Arc<Self> {
        let down_until = AtomicI64::new(self.down_until.load(Ordering::Relaxed));
        Arc::new(Self { fate: Arc::clone(fate), taken: Arc::clone(&self.taken), down_until })
    }
    pub(super) fn refuse_until(&self, at: Instant) {
        self.down_until.store(at.micros(), Ordering::Relaxed);
    }
    /// How often each act came, by its id.
    pub(super) fn taken(&self) -> BTreeMap<String, u32> {
        self.taken.lock().unwrap().clone()
    }
}

impl Deliver for Arc<Receiver> {
    fn send(&self, _: &Subscription, command: &Command, at: Instant) -> Outcome {
        let gone = || Outcome::Failed("the process is dead".to_owned());
        if self.fate.is_dead() {
            return gone();
        }
        if at.micros() < self.down_until.load(Ordering::Relaxed) || self.fate.strikes(REFUSES) {
            self.fate.note(format!("command {} is answered 500", command.id));
            return Outcome::Failed("the receiver answered 500".to_owned());
        }
        let id = act_of(&command.payload).unwrap_or(command.act);
        self.fate.note(format!("command {} is taken", command.id));
        *self.taken.lock().unwrap().entry(id.to_string()).or_default() += 1;
        if self.fate.strikes(SENDER_DIES) {
            self.fate.die("after it sent a command");
        }
        if self.fate.is_dead() {
            return gone();
        }
        if self.fate.strikes(ANSWER_LOST) {
            return Outcome::Unanswered("no answer came in time".to_owned());
        }
        Outcome::Delivered
    }
}

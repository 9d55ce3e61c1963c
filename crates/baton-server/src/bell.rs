//! How loops wake each other within a process: a bell that is never missed. Some are heard by other
//! nodes too, by the relay.
//!
//! Every ring is counted, so that one that comes between looking for work and waiting for it ends the
//! wait at once. Loops also look for work on their own from time to time: a lost process rings nothing.

use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use crate::relay::{Relay, Word};

/// A bell.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    rings: Mutex<u64>,
    rung: Condvar,
    /// Where it is heard on other nodes as well, and as what.
    afar: OnceLock<(Arc<Relay>, Word)>,
}

impl Bell {
    /// Rings, here and wherever else it is heard.
    pub(crate) fn ring(&self) {
        self.ring_here();
        if let Some((relay, word)) = self.afar.get() {
            relay.say(*word);
        }
    }
    /// From now on other nodes hear it too. Said once, before anybody rings.
    pub(crate) fn heard_afar(&self, relay: &Arc<Relay>, word: Word) {
        let _ = self.afar.set((Arc::clone(relay), word));
    }
    /// Rings for this node alone.
    pub(crate) fn ring_here(&self) {
        *self.rings.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.rung.notify_all();
    }
    /// How often it has rung, to be handed to [`Bell::wait`].
    pub(crate) fn rings(&self) -> u64 {
        *self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Waits until it has rung after `seen`, or for `at_most`.
    pub(crate) fn wait(&self, seen: u64, at_most: Duration) {
        let rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.rung.wait_timeout_while(rings, at_most, |rings| *rings == seen);
        drop(waited);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_before_the_wait_is_not_missed() {
        let bell = Bell::default();
        let seen = bell.rings();
        bell.ring();
        let before = std::time::Instant::now();
        bell.wait(seen, Duration::from_secs(60));
        assert!(before.elapsed() < Duration::from_secs(60));
    }
}

//! A bounded set of connections that are opened when first needed and given back when dropped.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::{Result, StoreError};

pub(crate) struct Pool<C> {
    state: Mutex<State<C>>,
    given_back: Condvar,
    size_max: usize,
    wait_max: Duration,
}

struct State<C> {
    idle: Vec<C>,
    taken: usize,
}

/// A connection on loan.
pub(crate) struct Taken<'p, C> {
    pool: &'p Pool<C>,
    connection: Option<C>,
}

impl<C> Pool<C> {
    pub(crate) fn new(size_max: usize, wait_max: Duration) -> Self {
        Self {
            state: Mutex::new(State { idle: Vec::new(), taken: 0 }),
            given_back: Condvar::new(),
            size_max: size_max.max(1),
            wait_max,
        }
    }

    /// Waits for a connection; `open` makes one where fewer than allowed exist. A connection that
    /// `usable` rejects is dropped.
    pub(crate) fn take(
        &self,
        usable: impl Fn(&C) -> bool,
        open: impl FnOnce() -> Result<C>,
    ) -> Result<Taken<'_, C>> {
        let (mut state, timeout) = self
            .given_back
            .wait_timeout_while(self.lock(), self.wait_max, |state| state.taken >= self.size_max)
            .unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() {
            return Err(StoreError::Busy);
        }
        state.taken += 1;
        let mut found = None;
        while found.is_none() {
            let Some(candidate) = state.idle.pop() else { break };
            found = usable(&candidate).then_some(candidate);
        }
        drop(state);
        // From here on dropping `taken` gives the place back, also where opening fails.
        let mut taken = Taken { pool: self, connection: found };
        if taken.connection.is_none() {
            taken.connection = Some(open()?);
        }
        Ok(taken)
    }

    /// Forgets the connections that nobody uses.
    pub(crate) fn clear(&self) {
        self.lock().idle.clear();
    }

    fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C> Deref for Taken<'_, C> {
    type Target = C;
    #[expect(clippy::expect_used, reason = "`take` returns only filled loans")]
    fn deref(&self) -> &C {
        self.connection.as_ref().expect("a loan holds a connection")
    }
}

impl<C> DerefMut for Taken<'_, C> {
    #[expect(clippy::expect_used, reason = "`take` returns only filled loans")]
    fn deref_mut(&mut self) -> &mut C {
        self.connection.as_mut().expect("a loan holds a connection")
    }
}

impl<C> Drop for Taken<'_, C> {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        state.taken -= 1;
        state.idle.extend(self.connection.take());
        drop(state);
        self.pool.given_back.notify_one();
    }
}

impl<C> fmt::Debug for Pool<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("size_max", &self.size_max).finish_non_exhaustive()
    }
}

//! The clock of a tenant: the real one, or a simulated one for a sandbox.
//!
//! INVARIANT: the engine asks a tenant's clock for the present and no other; this module is the only
//! one that reads the machine's. A simulated clock stands still while the process is down: its anchor
//! is stored with what was committed by it, and it goes on from there.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use baton_core::time::{Duration, Instant};
use baton_store::tenants::Clock;

const PER_MILLE: i64 = 1_000;

/// Where a tenant's present comes from. Shared between threads.
#[derive(Debug)]
pub struct TenantClock {
    kind: Mutex<Kind>,
    machine: MachineClock,
}

/// The clock of the machine: for deliveries to the outside and for claims, and for tenants in real time.
#[derive(Debug, Clone, Default)]
pub enum MachineClock {
    /// The one that the system keeps.
    #[default]
    System,
    /// It shows what was put there, in microseconds: for a machine that is simulated as well.
    Set(Arc<AtomicI64>),
}

impl MachineClock {
    #[must_use]
    pub fn now(&self) -> Instant {
        match self {
            Self::System => machine_now(),
            Self::Set(micros) => Instant::from_micros(micros.load(Ordering::Acquire)),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Real,
    Simulated { simulated_at: Instant, anchored: std::time::Instant, speed_per_mille: i64 },
}

/// The system's present, for what does not belong to a tenant.
#[must_use]
pub fn machine_now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

impl TenantClock {
    /// A stored clock, on this machine. A simulated one goes on from where it stood, however long ago
    /// that was.
    #[must_use]
    pub fn stored(clock: &Clock, machine: MachineClock) -> Self {
        let kind = match clock {
            Clock::Real => Kind::Real,
            Clock::Simulated { simulated_at, speed_per_mille, .. } => Kind::Simulated {
                simulated_at: *simulated_at,
                anchored: std::time::Instant::now(),
                speed_per_mille: *speed_per_mille,
            },
        };
        Self { kind: Mutex::new(kind), machine }
    }
    #[must_use]
    pub fn now(&self) -> Instant {
        self.kind().now(&self.machine)
    }
    /// The machine's present: for deliveries to the outside and for claims, never for facts.
    #[must_use]
    pub fn machine_now(&self) -> Instant {
        self.machine.now()
    }
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        matches!(self.kind(), Kind::Simulated { .. })
    }
    /// How the clock is to be stored if it showed `now`; none for the real one.
    #[must_use]
    pub fn anchor(&self, now: Instant) -> Option<Clock> {
        match self.kind() {
            Kind::Real => None,
            Kind::Simulated { speed_per_mille, .. } => Some(Clock::Simulated {
                simulated_at: now,
                real_at: self.machine_now(),
                speed_per_mille,
            }),
        }
    }
    /// Sets a simulated clock forward; back, or on a real one, nothing happens. Returns the present.
    pub fn advance_to(&self, at: Instant) -> Instant {
        self.change(|kind| {
            if let Kind::Simulated { simulated_at, .. } = kind {
                *simulated_at = at.max(*simulated_at);
            }
        })
    }
    /// Changes the speed of a simulated clock, in thousandths of real speed. Returns the present.
    pub fn set_speed(&self, per_mille: i64) -> Instant {
        self.change(|kind| {
            if let Kind::Simulated { speed_per_mille, .. } = kind {
                *speed_per_mille = per_mille.max(0);
            }
        })
    }
    /// The real time until a simulated or real clock shows `at`; none if it never will.
    #[must_use]
    pub fn real_until(&self, at: Instant) -> Option<std::time::Duration> {
        let kind = self.kind();
        let micros = at.since(kind.now(&self.machine)).micros();
        let real = match kind {
            Kind::Real => micros,
            Kind::Simulated { speed_per_mille: 0, .. } if micros > 0 => return None,
            Kind::Simulated { speed_per_mille: 0, .. } => 0,
            Kind::Simulated { speed_per_mille, .. } => i64::try_from(
                i128::from(micros) * i128::from(PER_MILLE) / i128::from(speed_per_mille),
            )
            .unwrap_or(i64::MAX),
        };
        Some(std::time::Duration::from_micros(real.unsigned_abs()))
    }

    fn kind(&self) -> Kind {
        *self.kind.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn change(&self, how: impl FnOnce(&mut Kind)) -> Instant {
        let mut kind = self.kind.lock().unwrap_or_else(PoisonError::into_inner);
        if let Kind::Simulated { speed_per_mille, .. } = *kind {
            *kind = Kind::Simulated {
                simulated_at: kind.now(&self.machine),
                anchored: std::time::Instant::now(),
                speed_per_mille,
            };
        }
        how(&mut kind);
        kind.now(&self.machine)
    }
}

impl Kind {
    fn now(&self, machine: &MachineClock) -> Instant {
        match self {
            Self::Real => machine.now(),
            Self::Simulated { simulated_at, anchored, speed_per_mille } => {
                let real = i128::try_from(anchored.elapsed().as_micros()).unwrap_or(i128::MAX);
                let passed =
                    real.saturating_mul(i128::from(*speed_per_mille)) / i128::from(PER_MILLE);
                *simulated_at + Duration::from_micros(i64::try_from(passed).unwrap_or(i64::MAX))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simulated(simulated_at: Instant, speed_per_mille: i64) -> TenantClock {
        let real_at = Instant::from_seconds(0);
        let clock = Clock::Simulated { simulated_at, real_at, speed_per_mille };
        TenantClock::stored(&clock, MachineClock::System)
    }

    #[test]
    fn a_simulated_clock_goes_forward_only_when_it_is_told_to() {
        let start = Instant::from_seconds(1_000);
        let clock = simulated(start, 0);
        assert_eq!(clock.now(), start);
        assert_eq!(clock.advance_to(start + Duration::hours(1)), start + Duration::hours(1));
        assert_eq!(clock.advance_to(start), start + Duration::hours(1));
        assert_eq!(clock.real_until(start + Duration::hours(2)), None);
        assert_eq!(clock.real_until(start), Some(std::time::Duration::ZERO));
    }

    #[test]
    fn a_stored_clock_stands_still_while_the_process_is_down() {
        let start = Instant::from_seconds(1_000);
        let clock = simulated(start, 0);
        assert_eq!(clock.now(), start);
        assert!(matches!(
            clock.anchor(start + Duration::hours(3)),
            Some(Clock::Simulated { simulated_at, speed_per_mille: 0, .. })
                if simulated_at == start + Duration::hours(3)
        ));
    }

    #[test]
    fn a_fast_clock_shows_when_an_instant_comes() {
        let clock = simulated(Instant::from_seconds(0), 3_600_000);
        let wait = clock.real_until(clock.now() + Duration::hours(2)).unwrap();
        assert!(wait <= std::time::Duration::from_secs(2), "{wait:?}");
    }
}

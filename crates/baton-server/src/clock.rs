//! The clock of a tenant: the real one, or a simulated one for a sandbox.
//!
//! INVARIANT: the engine asks a tenant's clock for the present and no other; this module is the only
//! one that reads the machine's. A simulated clock stands still while the process is down: its anchor
//! is stored with what was committed by it, and it goes on from there.

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use baton_core::time::{Duration, Instant};
use baton_store::tenants::Clock;

const PER_MILLE: i64 = 1_000;

/// Where a tenant's present comes from. Shared between threads.
#[derive(Debug)]
pub struct TenantClock(Mutex<Kind>);

#[derive(Debug, Clone, Copy)]
enum Kind {
    Real,
    Simulated { simulated_at: Instant, anchored: std::time::Instant, speed_per_mille: i64 },
}

/// The machine's present: for deliveries to the outside and for claims, never for facts.
#[must_use]
pub fn machine_now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

impl TenantClock {
    #[must_use]
    pub const fn real() -> Self {
        Self(Mutex::new(Kind::Real))
    }
    /// A clock that shows `at` now and runs at so many thousandths of real speed; 0 stands still.
    #[must_use]
    pub fn simulated(at: Instant, speed_per_mille: i64) -> Self {
        let anchored = std::time::Instant::now();
        Self(Mutex::new(Kind::Simulated { simulated_at: at, anchored, speed_per_mille }))
    }
    /// A stored clock goes on from where it stood, however long ago that was.
    #[must_use]
    pub fn stored(clock: &Clock) -> Self {
        match clock {
            Clock::Real => Self::real(),
            Clock::Simulated { simulated_at, speed_per_mille, .. } => {
                Self::simulated(*simulated_at, *speed_per_mille)
            }
        }
    }
    #[must_use]
    pub fn now(&self) -> Instant {
        self.kind().now()
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
                real_at: machine_now(),
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
        let micros = at.since(kind.now()).micros();
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
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn change(&self, how: impl FnOnce(&mut Kind)) -> Instant {
        let mut kind = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Kind::Simulated { speed_per_mille, .. } = *kind {
            *kind = Kind::Simulated {
                simulated_at: kind.now(),
                anchored: std::time::Instant::now(),
                speed_per_mille,
            };
        }
        how(&mut kind);
        kind.now()
    }
}

impl Kind {
    fn now(&self) -> Instant {
        match self {
            Self::Real => machine_now(),
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

    #[test]
    fn a_simulated_clock_goes_forward_only_when_it_is_told_to() {
        let start = Instant::from_seconds(1_000);
        let clock = TenantClock::simulated(start, 0);
        assert_eq!(clock.now(), start);
        assert_eq!(clock.advance_to(start + Duration::hours(1)), start + Duration::hours(1));
        assert_eq!(clock.advance_to(start), start + Duration::hours(1));
        assert_eq!(clock.real_until(start + Duration::hours(2)), None);
        assert_eq!(clock.real_until(start), Some(std::time::Duration::ZERO));
    }

    #[test]
    fn a_stored_clock_stands_still_while_the_process_is_down() {
        let start = Instant::from_seconds(1_000);
        let long_ago = Clock::Simulated {
            simulated_at: start,
            real_at: Instant::from_seconds(0),
            speed_per_mille: 0,
        };
        let clock = TenantClock::stored(&long_ago);
        assert_eq!(clock.now(), start);
        assert!(matches!(
            clock.anchor(start + Duration::hours(3)),
            Some(Clock::Simulated { simulated_at, speed_per_mille: 0, .. })
                if simulated_at == start + Duration::hours(3)
        ));
    }

    #[test]
    fn a_fast_clock_shows_when_an_instant_comes() {
        let clock = TenantClock::simulated(Instant::from_seconds(0), 3_600_000);
        let wait = clock.real_until(clock.now() + Duration::hours(2)).unwrap();
        assert!(wait <= std::time::Duration::from_secs(2), "{wait:?}");
    }
}

//! Places at which a test has the process die, to see that nothing is lost and nothing doubled by it.
//!
//! They are always compiled in and inert: the process of a test is told by [`ARMED_BY`] at which of
//! them, and at the how manieth arrival there, it is to end. It ends as a killed process does: no
//! destructor runs, no file is closed, nobody is told.

use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The environment variable that names a place and an arrival, such as `step_before_commit:17`.
pub const ARMED_BY: &str = "BATON_CRASH_AT";

macro_rules! points {
    ($($(#[$doc:meta])* $point:ident $name:literal,)*) => {
        /// A place at which the process can be made to die.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum CrashPoint {
            $($(#[$doc])* $point,)*
        }

        impl CrashPoint {
            pub const ALL: &'static [Self] = &[$(Self::$point,)*];
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$point => $name,)* }
            }
        }
    };
}

points! {
    /// Messages are written and not committed.
    IntakeBeforeCommit "intake_before_commit",
    /// Messages are committed, and no sender has been told.
    IntakeCommitted "intake_committed",
    /// A batch was read and nothing of it is written.
    BatchRead "batch_read",
    /// A step of the work loop is written and not committed.
    StepBeforeCommit "step_before_commit",
    /// It is committed, and nothing was done after it.
    StepCommitted "step_committed",
    /// Commands are claimed, and none is sent.
    CommandsClaimed "commands_claimed",
    /// They are sent, and it is not noted.
    CommandsSent "commands_sent",
    /// How they ended is written and not committed.
    DeliveryBeforeCommit "delivery_before_commit",
    /// It is committed.
    DeliveryCommitted "delivery_committed",
}

impl FromStr for CrashPoint {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|point| point.name() == text).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|point| point.name()).collect();
            format!("`{text}` is no place to die at: expected one of {}", names.join(", "))
        })
    }
}

#[derive(Debug)]
struct Armed {
    point: CrashPoint,
    /// Arrivals until then; the last one ends the process.
    left: AtomicU64,
}

static ARMED: OnceLock<Armed> = OnceLock::new();

/// Has this process die at a place, as `place:arrival` says, counted from 1.
///
/// # Errors
/// What is wrong with the text.
pub fn arm(text: &str) -> Result<(), String> {
    let (point, arrival) = text.split_once(':').ok_or_else(|| {
        format!("`{text}`: expected a place and an arrival, such as `step_committed:3`")
    })?;
    let arrival: u64 = arrival
        .parse()
        .ok()
        .filter(|arrival| *arrival > 0)
        .ok_or_else(|| format!("`{arrival}` is no arrival: expected a number from 1"))?;
    let armed = Armed { point: point.parse()?, left: AtomicU64::new(arrival) };
    ARMED.set(armed).map_err(|_| "the process is armed already".to_owned())
}

/// The process is at a place.
pub(crate) fn reached(point: CrashPoint) {
    if let Some(armed) = ARMED.get()
        && armed.point == point
        && armed.left.fetch_sub(1, Ordering::AcqRel) == 1
    {
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_known_by_their_names() {
        for point in CrashPoint::ALL {
            assert_eq!(point.name().parse(), Ok(*point));
        }
        assert!("nowhere".parse::<CrashPoint>().unwrap_err().contains("step_committed"));
        for wrong in ["", "step_committed", "step_committed:0", "step_committed:x", "nowhere:1"] {
            assert!(arm(wrong).is_err(), "{wrong}");
        }
    }
}

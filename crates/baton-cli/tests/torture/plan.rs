//! How often, and in which ways, a process is killed: drawn from a seed, so that a run can be repeated.

use std::time::Duration;

use baton_server::crash::CrashPoint;

/// One way to die.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Death {
    /// By itself, at the how manieth arrival at a place.
    At(CrashPoint, u64),
    /// Killed from outside when the receiver has taken so many deliveries of this life.
    Delivered(u32),
    /// Killed from outside after so long.
    After(Duration),
    /// The same, while what it has asked of its database server is on the way: that is done when the
    /// next life has begun already.
    Late(Duration),
}

/// What a seed stands for.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) world: u64,
    pub(crate) deaths: Vec<Death>,
}

/// Worlds that seeds are spread over: each is played once undisturbed.
pub(crate) const WORLDS: u64 = 4;
const DEATHS: (u64, u64) = (2, 7);
/// Arrivals at a place, deliveries and milliseconds of one life; a life that outlasts them ends well.
const ARRIVALS_MAX: u64 = 60;
const DELIVERIES_MAX: u64 = 25;
const LIFE_MS_MAX: u64 = 900;

/// Numbers that look like chance and are the same in every run.
pub(crate) struct Draws(u64);

impl Draws {
    /// A number from 0 up to, and without, `below`.
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % below
    }
}

impl Plan {
    pub(crate) fn drawn(seed: u64) -> Self {
        let mut draws = Draws(seed);
        let (least, most) = DEATHS;
        let count = least + draws.next(most - least);
        let deaths = (0..count).map(|_| death(&mut draws)).collect();
        Self { world: 1 + seed % WORLDS, deaths }
    }
}

fn death(draws: &mut Draws) -> Death {
    match draws.next(10) {
        0..=5 => {
            let points = CrashPoint::ALL;
            let point = points[draws.next(points.len() as u64) as usize];
            Death::At(point, 1 + draws.next(ARRIVALS_MAX))
        }
        6 => Death::Delivered(1 + draws.next(DELIVERIES_MAX) as u32),
        7 => Death::Late(Duration::from_millis(draws.next(LIFE_MS_MAX))),
        _ => Death::After(Duration::from_millis(draws.next(LIFE_MS_MAX))),
    }
}

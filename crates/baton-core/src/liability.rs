//! Liability: whose lateness the lateness of an order is.
//!
//! An order goes from hand to hand, each holder with a target in its own working time. At each
//! hand-over the end is projected: the time gone plus the targets that remain. The holder who hands over
//! is charged what this did to `max(0, projected - promised)`; who makes time good is charged a negative
//! amount. Slack is used up by who comes first and charged to nobody, for nobody was late by it.
//!
//! INVARIANT: the charges sum exactly to the lateness at the last hand-over, whatever was paused, missing
//! or out of order. Only hand-overs are charged: the stage that is still held is nobody's fault yet.

mod signed;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use self::signed::SignedDuration;
use crate::calendar::WorkingTime;
use crate::clock::{Pause, PausedSpan, charged};
use crate::partner::{PartnerKey, Role};
use crate::time::{Duration, Instant};

/// A stage of the way: somebody holds the order, for so long by plan.
#[derive(Debug, Clone)]
pub struct Stage<'a> {
    pub holder: Role,
    pub partner: Option<PartnerKey>,
    /// How long the stage is to take, in the holder's working time.
    pub target: Duration,
    pub working: &'a WorkingTime,
    /// When the holder handed over, if that is known.
    pub ended_at: Option<Instant>,
    /// Spans in which the holder was kept from working, on somebody's account.
    pub pauses: Vec<Pause>,
    /// Which cause is charged where pauses overlap: the first in front.
    pub precedence: Vec<SmolStr>,
}

/// A way from start to end, one stage after the other.
#[derive(Debug, Clone)]
pub struct Course<'a> {
    pub start_at: Instant,
    pub promised_at: Instant,
    /// Who made the promise, and is charged if the plan was late from the first.
    pub promised_by: Role,
    pub stages: Vec<Stage<'a>>,
}

/// Who is charged, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "for")]
pub enum Ground {
    /// What was promised was less than the targets from the first.
    Plan,
    /// The time that the holder took.
    Held,
    /// A pause while another held.
    Paused {
        #[schemars(with = "String")]
        cause: SmolStr,
    },
}

/// A share of the lateness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LatenessCharge {
    pub role: Role,
    /// Known for a holder; a pause's party has no name.
    #[schemars(with = "Option<String>")]
    pub partner: Option<PartnerKey>,
    /// The stage, counted from 0; none for the plan.
    pub stage: Option<usize>,
    pub ground: Ground,
    /// Elapsed time; negative where time was made good.
    pub charge: SignedDuration,
}

/// What a hand-over did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandOver {
    pub stage: usize,
    pub at: Instant,
    /// Nobody reported it: it stands where the target would have it, or at the next one known.
    pub inferred: bool,
    /// The end, as it stood after this hand-over.
    pub projected_at: Instant,
}

/// Whose lateness the lateness is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Liability {
    /// The end as it was planned at the start.
    pub planned_at: Instant,
    pub hand_overs: Vec<HandOver>,
    /// The end as it stands after the last hand-over: the end itself, once all are done.
    pub projected_at: Instant,
    /// By how much that is after the promise.
    pub lateness: Duration,
    /// Those that are not nothing, in order of the way.
    pub charges: Vec<LatenessCharge>,
}

impl Liability {
    /// The charges in whole minutes, in step with `charges`, rounded so that they too sum to the whole
    /// minutes of the lateness.
    #[must_use]
    pub fn minutes(&self) -> Vec<i64> {
        let mut sum = SignedDuration::ZERO;
        let rounded = self.charges.iter().map(|charge| {
            let before = sum.whole_minutes();
            sum = sum + charge.charge;
            sum.whole_minutes() - before
        });
        rounded.collect()
    }
}

impl Course<'_> {
    /// Charges the lateness to those who held.
    #[must_use]
    pub fn liability(&self) -> Liability {
        let planned_at = self.projected(self.start_at, 0);
        let mut account =
            Account { promised_at: self.promised_at, projected_at: planned_at, charges: vec![] };
        account.begin(self.promised_by);
        let mut hand_overs = Vec::new();
        let mut from = self.start_at;
        for (n, (stage, (at, inferred))) in self.stages.iter().zip(self.ends()).enumerate() {
            let paused = charged(&stage.pauses, &stage.precedence);
            let held = Held::new(stage, from, at, &paused);
            let holder = (stage.holder, stage.partner.clone(), Some(n));
            account.charge(holder.clone(), Ground::Held, self.projected(held.own_end(), n + 1));
            for (span, without) in held.pauses() {
                let ground = Ground::Paused { cause: span.cause.clone() };
                account.charge((span.party, None, Some(n)), ground, self.projected(without, n + 1));
            }
            // Handing over outside of working hours is the holder's own doing.
            let projected_at = self.projected(at, n + 1);
            account.charge(holder, Ground::Held, projected_at);
            hand_overs.push(HandOver { stage: n, at, inferred, projected_at });
            from = at;
        }
        Liability {
            planned_at,
            hand_overs,
            projected_at: account.projected_at,
            lateness: account.projected_at.since(self.promised_at),
            charges: account.settled(),
        }
    }

    /// The end if the stages from `next` on take their targets from `at`.
    fn projected(&self, at: Instant, next: usize) -> Instant {
        self.stages.iter().skip(next).fold(at, |at, stage| stage.working.add(at, stage.target))
    }

    /// The ends of the stages up to the last one that is known. One that is missing in between is put
    /// where its target ends, and not after the next one known.
    fn ends(&self) -> Vec<(Instant, bool)> {
        let known: Vec<Option<Instant>> = self.stages.iter().map(|stage| stage.ended_at).collect();
        let mut from = self.start_at;
        let mut ends = Vec::new();
        for (n, stage) in self.stages.iter().enumerate() {
            let next_known = known.iter().skip(n).copied().flatten().next();
            let Some(next_known) = next_known else { break };
            let end = match stage.ended_at {
                Some(at) => (at, false),
                None => (stage.working.add(from, stage.target).min(next_known), true),
            };
            from = end.0;
            ends.push(end);
        }
        ends
    }
}

/// The branch that decides the end: the one whose end is projected latest, of equals the first.
///
/// Give one liability for each way through parallel branches, common stages included; the critical
/// one's charges are the order's.
#[must_use]
pub fn critical(branches: &[Liability]) -> Option<&Liability> {
    branches.iter().rev().max_by_key(|branch| branch.projected_at)
}

/// A stage as it was held, in working time of its holder.
struct Held<'a> {
    working: &'a WorkingTime,
    from: Instant,
    /// Working time that was not paused.
    own: Duration,
    paused: Vec<(&'a PausedSpan, Duration)>,
}

impl<'a> Held<'a> {
    fn new(stage: &Stage<'a>, from: Instant, to: Instant, paused: &'a [PausedSpan]) -> Self {
        let working = stage.working;
        let paused: Vec<_> = paused
            .iter()
            .map(|span| (span, working.between(span.start_at.max(from), span.end_at.min(to))))
            .filter(|(_, kept)| !kept.is_zero())
            .collect();
        let kept = paused.iter().fold(Duration::ZERO, |sum, (_, kept)| sum + *kept);
        Self { working, from, own: working.between(from, to).saturating_sub(kept), paused }
    }

    /// When the stage had ended without any pause.
    fn own_end(&self) -> Instant {
        self.working.add(self.from, self.own)
    }

    /// The pauses one after the other, each with the end that it brought the stage to.
    fn pauses(&self) -> impl Iterator<Item = (&'a PausedSpan, Instant)> {
        self.paused.iter().scan(self.own, |used, (span, kept)| {
            *used = *used + *kept;
            Some((*span, self.working.add(self.from, *used)))
        })
    }
}

/// The running account: every change of the projected end is put on somebody.
struct Account {
    promised_at: Instant,
    projected_at: Instant,
    charges: Vec<LatenessCharge>,
}

impl Account {
    /// A plan that is late from the first is on the account of who made the promise.
    fn begin(&mut self, promised_by: Role) {
        let planned_at = std::mem::replace(&mut self.projected_at, self.promised_at);
        self.charge((promised_by, None, None), Ground::Plan, planned_at);
    }

    fn charge(
        &mut self,
        (role, partner, stage): (Role, Option<PartnerKey>, Option<usize>),
        ground: Ground,
        projected_at: Instant,
    ) {
        let late = |at: Instant| at.since(self.promised_at);
        let charge = SignedDuration::from_to(late(self.projected_at), late(projected_at));
        self.projected_at = projected_at;
        match self
            .charges
            .iter_mut()
            .find(|c| c.stage == stage && c.role == role && c.ground == ground)
        {
            Some(known) => known.charge = known.charge + charge,
            None => self.charges.push(LatenessCharge { role, partner, stage, ground, charge }),
        }
    }

    fn settled(mut self) -> Vec<LatenessCharge> {
        self.charges.retain(|c| !c.charge.is_zero());
        self.charges
    }
}

#[cfg(test)]
mod tests;

//! Scorecards: how often what was expected of the partners of many orders was kept.
//!
//! The orders are those that were promised for a span of time, whatever became of them: an order that
//! was due and is not delivered counts as late, and one that is not due yet counts as nothing. A share
//! never stands alone: with it go its sample and the interval in which the true share lies, so that
//! three good orders out of three are not taken for a better partner than 980 of 1,000.
//!
//! Orders are taken in one by one, on as many threads as there are: tallies add up in any order.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::clock::ClockState;
use crate::id::ExceptionId;
use crate::partner::PartnerKey;
use crate::state::{
    ExceptionState, ExceptionStatus, HandoffStage, HandoffState, Kept, Phase, State,
};
use crate::taxonomy::ExceptionCode;
use crate::time::{Duration, Happened, Instant};

/// The span by which a trend is told.
const TREND_STEP: Duration = Duration::days(7);

/// How often something was as it should be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub kept: u32,
    pub of: u32,
}

impl Count {
    fn add(&mut self, kept: Option<bool>) {
        if let Some(kept) = kept {
            self.kept += u32::from(kept);
            self.of += 1;
        }
    }
    fn merge(&mut self, other: Self) {
        self.kept += other.kept;
        self.of += other.of;
    }
    /// The share with the interval in which, 95 times in 100, the true one lies.
    #[must_use]
    pub fn rate(self) -> Rate {
        let Self { kept, of } = self;
        let Some((low, high)) = wilson(kept, of) else {
            return Rate { kept, of, per_mille: None, low_per_mille: None, high_per_mille: None };
        };
        let share = f64::from(kept) / f64::from(of);
        Rate {
            kept,
            of,
            per_mille: Some(per_mille(share)),
            low_per_mille: Some(per_mille(low)),
            high_per_mille: Some(per_mille(high)),
        }
    }
}

/// The two-sided 95 % point of the normal distribution.
const Z: f64 = 1.959_964;

/// Wilson's score interval; none of no sample. E. B. Wilson, "Probable Inference, the Law of Succession,
/// and Statistical Inference", 1927.
fn wilson(kept: u32, of: u32) -> Option<(f64, f64)> {
    if of == 0 {
        return None;
    }
    let n = f64::from(of);
    let share = f64::from(kept) / n;
    let middle = share + Z * Z / (2.0 * n);
    let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let all = 1.0 + Z * Z / n;
    Some((((middle - spread) / all).max(0.0), ((middle + spread) / all).min(1.0)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share is between 0 and 1"
)]
fn per_mille(share: f64) -> u16 {
    (share.clamp(0.0, 1.0) * 1_000.0).round() as u16
}

/// A share of a sample, with the interval in which the true share lies (95 %, Wilson's score).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rate {
    pub kept: u32,
    /// The sample.
    pub of: u32,
    /// None where there is no sample, as with the bounds.
    pub per_mille: Option<u16>,
    pub low_per_mille: Option<u16>,
    pub high_per_mille: Option<u16>,
}

/// How the orders of a span came out, as a whole or for one partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Card {
    /// None for all orders as a whole.
    #[schemars(with = "Option<String>")]
    pub partner: Option<PartnerKey>,
    /// Orders of the span in which it takes part.
    pub orders: u32,
    /// Delivered by the promise in force, of those that were due.
    pub on_time: Rate,
    /// Delivered by the first promise, of those that were due by it.
    pub on_time_by_first_promise: Rate,
    /// Delivered by what the customer asked for, of those that were due by it.
    pub on_time_by_requested: Rate,
    /// The first of these again, by weeks of the promise from the beginning of the span.
    pub trend: Vec<Week>,
    /// SLA clocks of the orders that came out, by name; a partner's are those that it owns.
    pub clocks: Vec<Named>,
    /// Hand-offs that it gave: those that the taker confirmed, of those that are over or overdue.
    pub gave: Vec<Named>,
    /// Hand-offs that it took, or should have.
    pub took: Vec<Named>,
    /// Minutes of lateness that are charged to it; on the whole, of all.
    pub late_minutes: i64,
    /// Orders on which it is charged with lateness.
    pub orders_charged: u32,
    /// Exceptions that were raised on the orders and what they reach; a partner's are those that it is
    /// liable for.
    pub exceptions: Vec<Raised>,
}

/// A share by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Named {
    #[schemars(with = "String")]
    pub name: SmolStr,
    pub rate: Rate,
}

/// A week of a trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Week {
    pub from: Instant,
    pub on_time: Rate,
}

/// How often an exception was raised, and how many of them are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Raised {
    pub code: ExceptionCode,
    pub raised: u32,
    pub open: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Tally {
    orders: u32,
    on_time: Count,
    on_time_by_first: Count,
    on_time_by_requested: Count,
    weeks: BTreeMap<i64, Count>,
    clocks: BTreeMap<SmolStr, Count>,
    gave: BTreeMap<SmolStr, Count>,
    took: BTreeMap<SmolStr, Count>,
    late_minutes: i64,
    orders_charged: u32,
    /// Each once, with whether it is open: several orders may reach what one is about.
    exceptions: BTreeMap<(ExceptionCode, ExceptionId), bool>,
}

/// Takes in the orders of a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scoring {
    from: Instant,
    now: Instant,
    whole: Tally,
    partners: BTreeMap<PartnerKey, Tally>,
}

impl Scoring {
    /// Of orders that were promised from an instant on, as they stand at another.
    #[must_use]
    pub fn new(from: Instant, now: Instant) -> Self {
        Self { from, now, whole: Tally::default(), partners: BTreeMap::new() }
    }

    /// Takes in an order. A cancelled one counts only for what it went through.
    pub fn take(&mut self, order: &State) {
        let on_time = on_time(order, self.now);
        let by_first = on_time_by(order.promise.first, order, self.now);
        let by_requested = on_time_by(order.promise.requested, order, self.now);
        let due_at = order.promise.current.map_or(self.from, |due| due.latest);
        let week = due_at.since(self.from).micros().div_euclid(TREND_STEP.micros());
        let partners: BTreeSet<&PartnerKey> = order.partners.iter().map(|p| &p.partner).collect();
        let came_out = |tally: &mut Tally| {
            tally.orders += 1;
            tally.on_time.add(on_time);
            tally.on_time_by_first.add(by_first);
            tally.on_time_by_requested.add(by_requested);
            tally.weeks.entry(week).or_default().add(on_time);
        };
        came_out(&mut self.whole);
        for partner in partners {
            came_out(self.partners.entry(partner.clone()).or_default());
        }
        self.take_clocks(order);
        for handoff in &order.handoffs {
            self.take_handoff(handoff);
        }
        self.take_charges(order);
        let below = order.objects.iter().flat_map(|object| &object.exceptions);
        for exception in order.exceptions.iter().chain(below) {
            self.take_exception(exception);
        }
    }

    /// Of the whole, and of the partner where there is one.
    fn of(&mut self, partner: Option<&PartnerKey>) -> impl Iterator<Item = &mut Tally> {
        let partner = partner.map(|key| self.partners.entry(key.clone()).or_default());
        std::iter::once(&mut self.whole).chain(partner)
    }

    fn take_clocks(&mut self, order: &State) {
        for clock in &order.clocks {
            let met = match clock.clock.state {
                ClockState::Met { .. } => true,
                ClockState::Breached { .. } => false,
                _ => continue,
            };
            for tally in self.of(clock.partner.as_ref()) {
                tally.clocks.entry(clock.name.clone()).or_default().add(Some(met));
            }
        }
    }

    fn take_handoff(&mut self, handoff: &HandoffState) {
        if handoff.from_partner.is_some() && handoff.from_partner == handoff.to_partner {
            // Nothing passes from one to another: a carrier that needs no second one.
            return;
        }
        let confirmed = match handoff.stage {
            HandoffStage::Reconciled { .. } => true,
            HandoffStage::Released { gap_from, .. } if self.now < gap_from => return,
            HandoffStage::Released { .. }
            | HandoffStage::Received { .. }
            | HandoffStage::Disputed { .. }
            | HandoffStage::Settled { .. }
            | HandoffStage::Refused { .. } => false,
            _ => return,
        };
        let name = &handoff.name;
        for tally in self.of(handoff.from_partner.as_ref()) {
            tally.gave.entry(name.clone()).or_default().add(Some(confirmed));
        }
        if let Some(taker) = &handoff.to_partner {
            let tally = self.partners.entry(taker.clone()).or_default();
            tally.took.entry(name.clone()).or_default().add(Some(confirmed));
        }
    }

    fn take_charges(&mut self, order: &State) {
        let mut charged: BTreeMap<Option<&PartnerKey>, i64> = BTreeMap::new();
        for charge in &order.liability {
            *charged.entry(charge.partner.as_ref()).or_default() += charge.minutes;
        }
        let late = charged.values().sum::<i64>();
        if late <= 0 {
            return;
        }
        self.whole.late_minutes += late;
        self.whole.orders_charged += 1;
        for (partner, minutes) in charged {
            // What a partner gained is no lateness, and nobody's to be charged with.
            if let (Some(partner), true) = (partner, minutes > 0) {
                let tally = self.partners.entry(partner.clone()).or_default();
                tally.late_minutes += minutes;
                tally.orders_charged += 1;
            }
        }
    }

    fn take_exception(&mut self, exception: &ExceptionState) {
        let is_open = match exception.status {
            ExceptionStatus::Open { .. } => true,
            ExceptionStatus::Cleared { .. } => false,
            _ => return,
        };
        let key = (exception.code, exception.id);
        for tally in self.of(exception.partner.as_ref()) {
            tally.exceptions.insert(key, is_open);
        }
    }

    /// Adds what was taken in elsewhere, of other orders of the same span at the same instant.
    pub fn merge(&mut self, other: Self) {
        self.whole.merge(other.whole);
        for (partner, tally) in other.partners {
            self.partners.entry(partner).or_default().merge(tally);
        }
    }

    /// All orders as a whole.
    #[must_use]
    pub fn whole(&self) -> Card {
        self.whole.card(None, self.from)
    }

    /// Each partner's, by its key.
    pub fn partners(&self) -> impl Iterator<Item = Card> {
        self.partners.iter().map(|(partner, tally)| tally.card(Some(partner.clone()), self.from))
    }
}

impl Tally {
    fn merge(&mut self, other: Self) {
        self.orders += other.orders;
        self.on_time.merge(other.on_time);
        self.on_time_by_first.merge(other.on_time_by_first);
        self.on_time_by_requested.merge(other.on_time_by_requested);
        for (week, count) in other.weeks {
            self.weeks.entry(week).or_default().merge(count);
        }
        let named = [
            (&mut self.clocks, other.clocks),
            (&mut self.gave, other.gave),
            (&mut self.took, other.took),
        ];
        for (here, there) in named {
            for (name, count) in there {
                here.entry(name).or_default().merge(count);
            }
        }
        self.late_minutes += other.late_minutes;
        self.orders_charged += other.orders_charged;
        self.exceptions.extend(other.exceptions);
    }

    fn card(&self, partner: Option<PartnerKey>, from: Instant) -> Card {
        let named = |counts: &BTreeMap<SmolStr, Count>| {
            let named = |(name, count): (&SmolStr, &Count)| Named {
                name: name.clone(),
                rate: count.rate(),
            };
            counts.iter().map(named).collect()
        };
        let week = |(n, on_time): (&i64, &Count)| Week {
            from: from + Duration::from_micros(TREND_STEP.micros().saturating_mul(*n)),
            on_time: on_time.rate(),
        };
        let mut exceptions: Vec<Raised> = Vec::new();
        for ((code, _), is_open) in &self.exceptions {
            let open = u32::from(*is_open);
            match exceptions.last_mut() {
                Some(last) if last.code == *code => {
                    last.raised += 1;
                    last.open += open;
                }
                _ => exceptions.push(Raised { code: *code, raised: 1, open }),
            }
        }
        Card {
            partner,
            orders: self.orders,
            on_time: self.on_time.rate(),
            on_time_by_first_promise: self.on_time_by_first.rate(),
            on_time_by_requested: self.on_time_by_requested.rate(),
            trend: self.weeks.iter().map(week).collect(),
            clocks: named(&self.clocks),
            gave: named(&self.gave),
            took: named(&self.took),
            late_minutes: self.late_minutes,
            orders_charged: self.orders_charged,
            exceptions,
        }
    }
}

/// Whether it was delivered by the promise in force; none where that cannot be told, or not yet.
fn on_time(order: &State, now: Instant) -> Option<bool> {
    match order.promise.kept {
        _ if order.phase == Phase::Cancelled => None,
        Kept::OnTime => Some(true),
        Kept::Late => Some(false),
        Kept::Open => order.promise.current.filter(|due| due.latest < now).map(|_| false),
        Kept::Unpromised | Kept::CannotTell => None,
    }
}

/// Whether it was delivered by the first promise, or by what was requested.
fn on_time_by(due: Option<Happened>, order: &State, now: Instant) -> Option<bool> {
    let first = due.filter(|_| order.phase != Phase::Cancelled)?;
    match (order.promise.kept, order.promise.projected) {
        (Kept::OnTime | Kept::Late | Kept::CannotTell, Some(done)) => {
            if done.surely_after(first.latest) {
                Some(false)
            } else {
                (done.latest <= first.latest).then_some(true)
            }
        }
        (Kept::Open, _) => (first.latest < now).then_some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_sample_has_a_wide_interval() {
        for (kept, of, expected) in [
            (0, 0, (None, None, None)),
            (3, 3, (Some(1_000), Some(439), Some(1_000))),
            (980, 1_000, (Some(980), Some(969), Some(987))),
            (0, 10, (Some(0), Some(0), Some(278))),
            (5, 10, (Some(500), Some(237), Some(763))),
        ] {
            let rate = Count { kept, of }.rate();
            let found = (rate.per_mille, rate.low_per_mille, rate.high_per_mille);
            assert_eq!(found, expected, "{kept} of {of}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_interval_holds_the_share(of in 1..10_000u32, share in 0.0..=1.0f64) {
            let kept = (f64::from(of) * share) as u32;
            let Rate { per_mille, low_per_mille, high_per_mille, .. } = Count { kept, of }.rate();
            proptest::prop_assert!(low_per_mille <= per_mille && per_mille <= high_per_mille);
        }
    }
}

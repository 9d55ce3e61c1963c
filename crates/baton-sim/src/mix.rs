//! The load of the benches: an even mix of kinds of message, each with one event, about ten to an
//! order, the events of many orders between each other. Nothing goes wrong in it.
//!
//! 70 % tracking JSON of 200 to 400 bytes, 15 % X12 (214, 855, 856), 10 % ERP JSON of a kilobyte, 5 %
//! shop orders of eight kilobytes. Of ten events of an order seven are scans; the others are the
//! ERP's purchase order, the despatch advice, and the shop's order or another X12 set.

use std::collections::{HashMap, VecDeque};

use baton_core::time::{Duration, Instant};

use crate::cast::{ERP, FREIGHT_EDI, FREIGHT_POD, PARCEL, PLACES};
use crate::config::{Config, FaultRates};
use crate::life::{Carrier, Consignment, Group, Scan, Step};
use crate::post::Sent;
use crate::say::{self, Draft, Mark};

/// Events of an order that are not scans.
const PAPERS: usize = 3;
const SCANS: [Step; 7] = [
    Step::Label,
    Step::PickedUp,
    Step::Hub,
    Step::Hub,
    Step::Hub,
    Step::OutForDelivery,
    Step::Delivered,
];
/// An order's next event comes after those of so many orders, a fiftieth of all but at most this.
const APART_MAX: u64 = 1_000;
const APART_SHARE: u64 = 50;
/// The day on which an order can be placed last, from the beginning of the world: a working day.
const LAST_PLACED_AFTER: Duration = Duration::days(3);
/// No order's goods leave later after it was placed.
const PLACED_EARLIER_DAYS_MAX: i64 = 30;
/// It begins in the evening of that day, when the suppliers' goods have left: those that left the day before
/// would be missed by now, and those that leave before a weekend are not picked up for days.
const BEGINS_AFTER: Duration = Duration::minutes(4 * 24 * 60 + 30);
/// Simulated time between two messages: so little that a hundred thousand of them are of one evening.
const STEP: Duration = Duration::from_micros(20_000);

/// `events` messages about `orders` orders, each with one event, in an order in which the events of
/// each order lie apart. The same arguments give the same bytes.
pub fn standard_mix(seed: u64, orders: u64, events: u64) -> impl Iterator<Item = Sent> + use<> {
    mix_of(seed, orders, events).take(usize::try_from(events).unwrap_or(usize::MAX))
}

fn mix_of(seed: u64, orders: u64, events: u64) -> Mix {
    let orders = orders.max(1);
    Mix {
        seed,
        orders,
        per_order: events.div_ceil(orders),
        apart: (orders / APART_SHARE).clamp(1, APART_MAX),
        tick: 0,
        event: 0,
        sent: 0,
        under_way: HashMap::new(),
    }
}

/// By when so many messages of the mix were sent.
#[must_use]
pub fn mix_sent_by(seed: u64, events: u64) -> Instant {
    let start_at = Config::demo(seed).start_at + BEGINS_AFTER;
    let elapsed = STEP.micros().saturating_mul(i64::try_from(events).unwrap_or(i64::MAX));
    start_at + Duration::from_micros(elapsed)
}

/// At each tick the order with its number begins, the one `apart` before it has its second event, and
/// so on.
#[derive(Debug)]
struct Mix {
    seed: u64,
    orders: u64,
    per_order: u64,
    apart: u64,
    tick: u64,
    /// The event that is next in this tick.
    event: u64,
    sent: u64,
    under_way: HashMap<u64, UnderWay>,
}

/// An order with what is still to be said about it.
#[derive(Debug)]
pub(crate) struct UnderWay {
    /// The shop's order or an X12 set, the ERP's purchase order, the despatch advice: those that there are.
    pub(crate) papers: VecDeque<Draft>,
    consignment: Consignment,
}

impl Mix {
    fn now(&self) -> Instant {
        mix_sent_by(self.seed, self.sent)
    }

    /// An order is placed so many days before that its goods have just left when its scans begin: what is
    /// stamped in the future, or is overdue before it is sent, is no even load.
    fn begin(&mut self, order: u64) {
        let now = self.now();
        let today = Config::demo(self.seed).start_at + LAST_PLACED_AFTER;
        let placed = (0..PLACED_EARLIER_DAYS_MAX).map(|days| today - Duration::days(days));
        let mut lives = placed.filter_map(|placed_on| under_way(self.seed, order, placed_on));
        let has_left = |life: &UnderWay| life.consignment.released_at.is_some_and(|at| at <= now);
        if let Some(under_way) = lives.find(has_left) {
            self.under_way.insert(order, under_way);
        }
    }

    fn message(&mut self, order: u64, event: u64) -> Option<Sent> {
        let now = self.now();
        let step = usize::try_from(event).ok()?;
        let scan_number = step.saturating_sub(PAPERS);
        let under_way = self.under_way.get_mut(&order)?;
        let draft = match under_way.papers.pop_front() {
            Some(draft) => draft,
            None => scan(&under_way.consignment, order, scan_number, now),
        };
        Some(sent(draft, now))
    }
}

pub(crate) fn sent(draft: Draft, send_at: Instant) -> Sent {
    Sent {
        send_at,
        source: draft.source.into(),
        content_type: draft.content_type,
        headers: draft.headers,
        own_id: draft.own_id,
        body: draft.body,
    }
}

/// What will be said of an order that is placed then.
pub(crate) fn under_way(seed: u64, order: u64, placed_on: Instant) -> Option<UnderWay> {
    let rates = FaultRates::none();
    let group = Group::live(seed, &rates, order, 1, placed_on);
    let index = group.consignments.iter().position(|c| !c.inbound)?;
    let advised = |mark: &Mark| match mark {
        Mark::Advised(n) => group.advices.get(*n).is_some_and(|a| a.consignments.contains(&index)),
        _ => false,
    };
    let drafts = say::all(&group);
    let find = |wanted: &dyn Fn(&Draft) -> bool| drafts.iter().find(|d| wanted(d)).cloned();
    let marked = |draft: &Draft, wanted: &dyn Fn(&Mark) -> bool| draft.marks.iter().any(wanted);
    let is_create = |d: &Draft| marked(d, &|m| matches!(m, Mark::Placed(_)));
    let is_status = |d: &Draft| d.source == FREIGHT_EDI;
    let is_answer = |d: &Draft| marked(d, &|m| matches!(m, Mark::Acknowledged(_)));
    let other = match order % 4 {
        0 | 2 => find(&is_create),
        1 => find(&is_answer),
        _ => find(&is_status).or_else(|| find(&is_answer)),
    };
    let raised = find(&|d| d.source == ERP && marked(d, &|m| matches!(m, Mark::PoRaised(_))));
    let advice = find(&|d| marked(d, &advised));
    let papers = [other, raised, advice].into_iter().flatten().collect();
    let consignment = group.consignments.into_iter().nth(index)?;
    Some(UnderWay { papers, consignment })
}

fn scan(consignment: &Consignment, order: u64, number: usize, now: Instant) -> Draft {
    let place = &PLACES[number % PLACES.len()];
    let scan = Scan {
        // Whoever asks for more than ten events an order gets more hubs.
        step: SCANS.get(number).copied().unwrap_or(Step::Hub),
        happened_at: now,
        stated_at: now,
        place,
        estimate_on: Some(consignment.due_on),
        odd_code: false,
        without_zone: false,
    };
    let source = match consignment.carrier {
        Carrier::Freight => FREIGHT_POD,
        Carrier::Parcel => PARCEL,
    };
    let id = say::uuid(900 + number as u64, order);
    say::scan(source, consignment, &scan, id)
}

impl Iterator for Mix {
    type Item = Sent;

    fn next(&mut self) -> Option<Sent> {
        let last_tick = self.orders + self.apart * self.per_order;
        while self.tick < last_tick {
            let event = self.event;
            self.event += 1;
            let order = self.tick.checked_sub(event * self.apart).filter(|n| *n < self.orders);
            let tick_is_over = self.event >= self.per_order;
            if tick_is_over {
                (self.event, self.tick) = (0, self.tick + 1);
            }
            let Some(order) = order else { continue };
            if event == 0 {
                self.begin(order);
            }
            let sent = self.message(order, event);
            if event + 1 >= self.per_order {
                self.under_way.remove(&order);
            }
            if sent.is_some() {
                self.sent += 1;
                return sent;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::cast::SHOP;
    use crate::say::X12;

    /// Else a custody gap, or a despatch advice that is overdue, would be found in what is sent in time.
    #[test]
    fn goods_have_just_left_when_an_order_begins() {
        let mut mix = mix_of(7, 10_000, 100_000);
        for sent in [0, 50_000, 100_000] {
            mix.sent = sent;
            let now = mix.now();
            for order in 0..50 {
                mix.begin(order);
                let under_way = mix.under_way.get(&order).expect("it is placed early enough");
                let left_at = under_way.consignment.released_at.expect("it leaves");
                let ago = now.since(left_at);
                assert!(
                    ago >= Duration::ZERO && ago < Duration::hours(5),
                    "order {order}: {ago:?}"
                );
            }
        }
    }

    #[test]
    fn the_mix_has_its_shares_and_sizes() {
        let sent: Vec<Sent> = standard_mix(4, 1_000, 10_000).collect();
        assert_eq!(sent.len(), 10_000);
        let count = |wanted: &dyn Fn(&Sent) -> bool| sent.iter().filter(|s| wanted(s)).count();
        let is_scan = |s: &Sent| s.source == PARCEL || s.source == FREIGHT_POD;
        assert_eq!(count(&is_scan), 7_000);
        assert_eq!(count(&|s| s.content_type == X12), 1_500);
        assert_eq!(count(&|s| s.source == ERP), 1_000);
        assert_eq!(count(&|s| s.source == SHOP), 500);
        let sizes = |wanted: &dyn Fn(&Sent) -> bool| {
            let sizes: Vec<usize> =
                sent.iter().filter(|s| wanted(s)).map(|s| s.body.len()).collect();
            sizes.iter().sum::<usize>() / sizes.len()
        };
        assert!((200..=450).contains(&sizes(&is_scan)), "{}", sizes(&is_scan));
        assert!((700..=1_500).contains(&sizes(&|s| s.source == ERP)));
        let shop = sizes(&|s| s.source == SHOP);
        assert!((6_500..=9_500).contains(&shop), "{shop}");
        let distinct: HashSet<&[u8]> = sent.iter().map(|s| s.body.as_slice()).collect();
        assert_eq!(distinct.len(), sent.len());
        assert!(sent.is_sorted_by_key(|s| s.send_at));
    }

    #[test]
    fn any_number_of_events_is_served() {
        for (orders, events) in [(1, 1), (3, 7), (10, 250), (500, 500)] {
            assert_eq!(standard_mix(1, orders, events).count() as u64, events);
        }
    }
}

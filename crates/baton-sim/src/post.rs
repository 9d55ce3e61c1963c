//! The way of the messages: each takes its time, and some are lost, doubled, overtaken, cut off or
//! held up with their whole feed. What arrives, and when, is noted for the truth.

use baton_core::partner::SourceKey;
use baton_core::time::{Duration, Instant};

use crate::cast::{
    DISTRIBUTOR_EDI, ERP, ERP_EDI, FINANCE_EDI, FREIGHT_EDI, INSTALLER, OEM_EDI, PARCEL, SHOP,
    SOURCES,
};
use crate::chance::{Chance, Stream};
use crate::config::{Fault, FaultRates};
use crate::life::Group;
use crate::say::{self, Draft, JSON, Mark, X12};

/// A message as it reaches Baton's intake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// When it arrives, on the simulated clock.
    pub send_at: Instant,
    pub source: SourceKey,
    pub content_type: &'static str,
    pub headers: Vec<(String, String)>,
    /// The id that the sender gave it, if its format has one.
    pub own_id: Option<String>,
    pub body: Vec<u8>,
}

/// A message with its place in the stream: by arrival, then by group and position in it.
#[derive(Debug, Clone)]
pub(crate) struct Posted {
    pub(crate) group: u64,
    pub(crate) position: u32,
    pub(crate) sent: Sent,
}

impl Posted {
    pub(crate) fn key(&self) -> (Instant, u64, u32) {
        (self.sent.send_at, self.group, self.position)
    }
}

/// Something that Baton was told in a message that it can read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heard {
    pub(crate) mark: Mark,
    /// When it was said: from when what it tells held.
    pub(crate) said_at: Instant,
    /// The first arrival: from when that could be known.
    pub(crate) at: Instant,
}

/// A message, or a set of an interchange, that cannot be read and belongs into quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedQuarantine {
    pub source: SourceKey,
    pub arrives_at: Instant,
    /// How many parts of the message are bad; the whole message is one part if it is not X12.
    pub parts: u32,
    pub reason: &'static str,
}

/// The messages of one group and what they let Baton know.
#[derive(Debug, Default)]
pub(crate) struct Post {
    pub(crate) posted: Vec<Posted>,
    pub(crate) heard: Vec<Heard>,
    pub(crate) quarantine: Vec<ExpectedQuarantine>,
    /// Feeds (by position in [`SOURCES`]) that were held up in the life of the group: from, until.
    pub(crate) outages: Vec<(usize, Instant, Instant)>,
    /// Messages that repeat one sent before.
    pub(crate) repeats: u64,
    pub(crate) lost: u64,
}

const SECONDS_A_WEEK: i64 = 7 * 86_400;

/// When a feed is held up: what would arrive then arrives at the end.
fn outage(seed: u64, rates: &FaultRates, source: usize, week: i64) -> Option<(Instant, Instant)> {
    let index = (week as u64).wrapping_mul(SOURCES.len() as u64).wrapping_add(source as u64);
    let mut chance = Chance::new(seed, Stream::Outage, index);
    let silent_after = SOURCES.get(source)?.silent_after;
    if !chance.happens(rates.rate(Fault::FeedSilent)) {
        return None;
    }
    let starts_at = Instant::from_seconds(week * SECONDS_A_WEEK) + chance.hours(6, 60);
    let ends_at = starts_at + silent_after + chance.hours(6, 20);
    Some((starts_at, ends_at))
}

fn week_of(at: Instant) -> i64 {
    at.micros().div_euclid(SECONDS_A_WEEK * 1_000_000)
}

/// Every outage from the first draft on, until well after the last.
fn outages(seed: u64, rates: &FaultRates, drafts: &[Draft]) -> Vec<(usize, Instant, Instant)> {
    let (Some(first), Some(last)) = (drafts.first(), drafts.last()) else { return Vec::new() };
    (week_of(first.at) - 1..=week_of(last.at) + 2)
        .flat_map(|week| (0..SOURCES.len()).map(move |source| (source, week)))
        .filter_map(|(source, week)| {
            let (from, until) = outage(seed, rates, source, week)?;
            Some((source, from, until))
        })
        .collect()
}

/// How long messages of a source are under way.
fn latency(chance: &mut Chance, source: &str) -> Duration {
    let seconds = match source {
        SHOP => (1, 20),
        ERP => (5, 90),
        PARCEL => (10, 300),
        INSTALLER => (5, 200),
        ERP_EDI | OEM_EDI | DISTRIBUTOR_EDI | FREIGHT_EDI | FINANCE_EDI => (120, 1_500),
        _ => (30, 600),
    };
    chance.span(Duration::seconds(seconds.0), Duration::seconds(seconds.1))
}

/// What happens to one draft on its way.
#[derive(Debug, Clone, Default)]
struct Way {
    lost: bool,
    doubled: bool,
    delay: Option<Duration>,
    /// Cut off; sent again whole after this long, if at all.
    cut: Option<Option<Duration>>,
}

/// Sends everything that is said about a group.
pub(crate) fn send(seed: u64, rates: &FaultRates, group: &Group) -> Post {
    let first = group.orders.first().map_or(0, |o| o.number);
    let mut chance = Chance::new(seed, Stream::Delivery, first);
    let mut drafts = say::all(group);
    let mut ways = vec![Way::default(); drafts.len()];
    for (n, order) in group.orders.iter().enumerate() {
        for fault in order.faults.iter() {
            strike(&mut chance, fault, (group, n), &mut drafts, &mut ways);
        }
    }
    let outages = outages(seed, rates, &drafts);
    let mut post = Post { outages: outages.clone(), ..Post::default() };
    for (draft, way) in drafts.into_iter().zip(ways) {
        let travel = |at: Instant, chance: &mut Chance| {
            let arrives_at = at + latency(chance, draft.source);
            let source = SOURCES.iter().position(|s| s.key == draft.source).unwrap_or(0);
            let held_up = outages.iter().find(|(s, from, until)| {
                *s == source && *from <= arrives_at && arrives_at < *until
            });
            match held_up {
                Some((_, _, ends_at)) => *ends_at + chance.minutes(1, 30),
                None => arrives_at,
            }
        };
        let arrives_at = travel(draft.at + way.delay.unwrap_or(Duration::ZERO), &mut chance);
        let again_at = travel(draft.at + chance.minutes(1, 90), &mut chance);
        post.add(first, &draft, &way, arrives_at, again_at);
    }
    post
}

impl Post {
    fn add(&mut self, group: u64, draft: &Draft, way: &Way, at: Instant, again_at: Instant) {
        if way.lost {
            self.lost += 1;
            return;
        }
        if let Some(resent_after) = way.cut {
            let whole = resent_after.map(|after| at + after);
            self.cut_off(group, draft, at);
            if let Some(at) = whole {
                self.push(group, draft, at);
                self.hear(draft, at);
            }
            return;
        }
        self.push(group, draft, at);
        let mut heard_at = at;
        if way.doubled {
            self.push(group, draft, again_at);
            self.repeats += 1;
            heard_at = at.min(again_at);
        }
        self.hear(draft, heard_at);
        if draft.damaged_sets > 0 {
            self.quarantine.push(ExpectedQuarantine {
                source: draft.source.into(),
                arrives_at: heard_at,
                parts: draft.damaged_sets,
                reason: "a set of the interchange is damaged",
            });
        }
    }

    fn hear(&mut self, draft: &Draft, at: Instant) {
        self.heard.extend(draft.marks.iter().map(|&mark| Heard { mark, said_at: draft.at, at }));
    }

    fn push(&mut self, group: u64, draft: &Draft, send_at: Instant) {
        let position = u32::try_from(self.posted.len()).unwrap_or(u32::MAX);
        let sent = Sent {
            send_at,
            source: draft.source.into(),
            content_type: draft.content_type,
            headers: draft.headers.clone(),
            own_id: draft.own_id.clone(),
            body: draft.body.clone(),
        };
        self.posted.push(Posted { group, position, sent });
    }

    /// Sends the first part only. Its id cannot be read, so it has none.
    fn cut_off(&mut self, group: u64, draft: &Draft, at: Instant) {
        let kept = draft.body.len() * 3 / 5;
        let body = draft.body.get(..kept).unwrap_or_default().to_vec();
        self.push(group, &Draft { body, own_id: None, ..draft.clone() }, at);
        self.quarantine.push(ExpectedQuarantine {
            source: draft.source.into(),
            arrives_at: at,
            parts: 1,
            reason: "the message is cut off",
        });
    }
}

/// Lets one fault of an order strike one of the messages that tell of it.
fn strike(
    chance: &mut Chance,
    fault: Fault,
    (group, order): (&Group, usize),
    drafts: &mut [Draft],
    ways: &mut [Way],
) {
    let may: fn(&Draft) -> bool = match fault {
        Fault::Lost | Fault::Reordered => |draft| !is_order_create(draft),
        Fault::Doubled => |draft| draft.own_id.is_some(),
        Fault::DoubledWithoutId => |draft| draft.own_id.is_none(),
        // The shop's ids are in its headers, so that a second sending would be a clash of ids.
        Fault::MalformedJson => |draft| draft.content_type == JSON && draft.source != SHOP,
        Fault::MalformedX12 => |draft| draft.content_type == X12,
        _ => return,
    };
    let candidates: Vec<usize> = drafts
        .iter()
        .enumerate()
        .filter(|(n, draft)| {
            let untouched = ways.get(*n).is_some_and(|w| !w.lost && w.cut.is_none());
            untouched && may(draft) && draft.marks.iter().any(|m| m.tells_of(group, order))
        })
        .map(|(n, _)| n)
        .collect();
    if candidates.is_empty() {
        return;
    }
    let chosen = *chance.pick(&candidates);
    let (Some(draft), Some(way)) = (drafts.get_mut(chosen), ways.get_mut(chosen)) else { return };
    match fault {
        Fault::Lost => way.lost = true,
        Fault::Reordered => way.delay = Some(chance.hours(2, 30)),
        Fault::Doubled | Fault::DoubledWithoutId => way.doubled = true,
        Fault::MalformedJson => {
            let resent_after = chance.happens(0.5).then(|| chance.hours(1, 5));
            way.cut = Some(resent_after);
        }
        Fault::MalformedX12 => say::damage(draft),
        _ => {}
    }
}

/// Without its first message an order would be another story: it is never lost.
fn is_order_create(draft: &Draft) -> bool {
    draft.marks.iter().any(|mark| matches!(mark, Mark::Placed(_)))
}

impl Mark {
    /// Whether this is about the order at this position of the group.
    pub(crate) fn tells_of(self, group: &Group, order: usize) -> bool {
        let holds = |contents: Option<&Vec<crate::life::Portion>>| {
            contents.is_some_and(|c| c.iter().any(|portion| portion.order == order))
        };
        match self {
            Self::Placed(n)
            | Self::Booked(n)
            | Self::Held(n)
            | Self::HoldEnded(n)
            | Self::PoRaised(n)
            | Self::Acknowledged(n)
            | Self::Confirmed(n)
            | Self::Cancelled(n)
            | Self::Job(n)
            | Self::Fulfilled { order: n, .. } => n == order,
            Self::Advised(n) => {
                group.advices.get(n).is_some_and(|a| group.orders_advised(a).contains(&order))
            }
            Self::Scanned { consignment: n, .. } | Self::DeliveredOtherwise(n) => {
                holds(group.consignments.get(n).map(|c| &c.contents))
            }
            Self::Invoiced(n) | Self::Paid(n) => holds(group.invoices.get(n).map(|i| &i.contents)),
            Self::OrphanScanned { .. } => false,
        }
    }
}

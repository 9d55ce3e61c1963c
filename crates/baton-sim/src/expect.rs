//! What Baton should conclude from what it was told: the deadlines of [`crate::expectations`] applied
//! to what arrived, by means that have nothing in common with the engine's. A duty to tell is judged
//! by arrival, a duty to do by when it happened.

mod data;
mod feeds;
mod goods;
mod order;

pub(crate) use feeds::Feeds;

use baton_core::identifier::ObjectKind;
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::{Duration, Instant};

use crate::cast::{DISTRIBUTOR_EDI, OEM_EDI, SOURCES};
use crate::life::{Consignment, Group, Order, Scan, Step, Supplier};
use crate::post::{Heard, Post};
use crate::say::Mark;

/// An exception that the delivered messages imply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedException {
    pub code: ExceptionCode,
    /// What it is about.
    pub kind: ObjectKind,
    /// Values that name the object: any of them will do.
    pub object: Vec<String>,
    /// Values that name the orders that it touches: any of them will do.
    pub orders: Vec<String>,
    /// From when it held. For a missing event: when that was due.
    pub from: Instant,
    /// Until when. `None`: for ever.
    pub until: Option<Instant>,
    /// From when the delivered messages show it. `None`: they cannot show it for certain; to find it
    /// is right and to miss it is no fault.
    pub deducible_at: Option<Instant>,
}

/// A group and what was heard of it.
pub(crate) struct Evidence<'a> {
    pub(crate) group: &'a Group,
    heard: &'a [Heard],
    outages: &'a [(usize, Instant, Instant)],
    found: Vec<ExpectedException>,
}

/// A scan that was heard.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeardScan<'a> {
    pub(crate) scan: &'a Scan,
    pub(crate) at: Instant,
}

/// A span in which an exception held, and since when that could be known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub(crate) from: Instant,
    pub(crate) until: Option<Instant>,
    pub(crate) known_at: Option<Instant>,
}

impl Held {
    pub(crate) fn since(from: Instant) -> Self {
        Self { from, until: None, known_at: Some(from) }
    }
    /// From when it was said, and known from when that arrived.
    pub(crate) fn told(heard: Heard) -> Self {
        Self { from: heard.said_at, until: None, known_at: Some(heard.at) }
    }
    pub(crate) fn until(self, until: Option<Instant>) -> Self {
        Self { until, ..self }
    }
    /// Not known before this was heard as well; never, if it was not.
    pub(crate) fn known_with(self, heard_at: Option<Instant>) -> Self {
        let known_at = self.known_at.zip(heard_at).map(|(one, other)| one.max(other));
        Self { known_at, ..self }
    }
    /// Right to find, no fault to miss.
    pub(crate) fn tolerated(self, really: bool) -> Self {
        if really { Self { known_at: None, ..self } } else { self }
    }
}

/// Everything that is to be concluded about one group.
pub(crate) fn all(group: &Group, post: &Post) -> Vec<ExpectedException> {
    let mut evidence =
        Evidence { group, heard: &post.heard, outages: &post.outages, found: Vec::new() };
    for order in 0..group.orders.len() {
        order::conclude(&mut evidence, order);
    }
    for consignment in 0..group.consignments.len() {
        goods::conclude(&mut evidence, consignment);
    }
    data::conclude(&mut evidence);
    evidence.found
}

impl<'a> Evidence<'a> {
    /// When something was first heard.
    pub(crate) fn first(&self, wanted: impl Fn(Mark) -> bool) -> Option<Instant> {
        self.heard.iter().filter(|h| wanted(h.mark)).map(|h| h.at).min()
    }

    pub(crate) fn heard_at(&self, mark: Mark) -> Option<Instant> {
        self.first(|heard| heard == mark)
    }

    /// The first arrival of something, with when it was said.
    pub(crate) fn heard(&self, mark: Mark) -> Option<Heard> {
        self.heard.iter().filter(|h| h.mark == mark).min_by_key(|h| h.at).copied()
    }

    /// Whether nothing could be proved absent from a feed at an instant, because all of it was held
    /// up then.
    pub(crate) fn is_held_up(&self, source: &str, at: Instant) -> bool {
        let after = Duration::hours(1);
        self.outages.iter().any(|(n, from, until)| {
            SOURCES.get(*n).is_some_and(|s| s.key == source) && *from <= at && at <= *until + after
        })
    }

    pub(crate) fn order(&self, n: usize) -> Option<&'a Order> {
        self.group.orders.get(n)
    }

    /// The scans of a consignment that were heard, in the order of their stamps.
    pub(crate) fn scans(&self, consignment: usize) -> Vec<HeardScan<'a>> {
        let Some(life) = self.group.consignments.get(consignment) else { return Vec::new() };
        let heard = |(n, scan): (usize, &'a Scan)| {
            let at = self.heard_at(Mark::Scanned { consignment, scan: n })?;
            Some(HeardScan { scan, at })
        };
        let mut scans: Vec<HeardScan<'a>> =
            life.scans.iter().enumerate().filter_map(heard).collect();
        scans.sort_by_key(|s| s.scan.stated_at);
        scans
    }

    /// When it was first said which order a consignment belongs to. A truck's scans state purchase
    /// orders; a parcel is linked only by the shop or a despatch advice.
    pub(crate) fn linked_at(&self, consignment: usize) -> Option<Instant> {
        let advices = &self.group.advices;
        self.first(|mark| match mark {
            Mark::Fulfilled { consignment: n, .. } => n == consignment,
            Mark::Advised(n) => {
                advices.get(n).is_some_and(|a| a.consignments.contains(&consignment))
            }
            Mark::Scanned { consignment: n, .. } => {
                let life = self.group.consignments.get(n);
                n == consignment && life.is_some_and(|c| c.bol.is_some())
            }
            _ => false,
        })
    }

    pub(crate) fn about_order(&mut self, code: &str, order: usize, held: Held) {
        let object = self.order_values(&[order]);
        self.push(code, (ObjectKind::Order, object.clone()), object, held);
    }

    pub(crate) fn about_consignment(
        &mut self,
        code: &str,
        consignment: &Consignment,
        orders: &[usize],
        held: Held,
    ) {
        let kind = match consignment.bol {
            Some(_) => ObjectKind::Shipment,
            None => ObjectKind::Package,
        };
        let orders = self.order_values(orders);
        self.push(code, (kind, consignment_values(self.group, consignment)), orders, held);
    }

    pub(crate) fn push(
        &mut self,
        code: &str,
        (kind, object): (ObjectKind, Vec<String>),
        orders: Vec<String>,
        held: Held,
    ) {
        let Some(code) = ExceptionCode::find(code) else { return };
        let Held { from, until, known_at } = held;
        // What was over before it could be known cannot be asked for.
        let deducible_at = known_at.filter(|at| until.is_none_or(|until| *at < until));
        let expected = ExpectedException { code, kind, object, orders, from, until, deducible_at };
        self.found.push(expected);
    }

    fn order_values(&self, orders: &[usize]) -> Vec<String> {
        let lives = orders.iter().filter_map(|n| self.order(*n));
        lives
            .flat_map(|o| {
                [
                    o.shop_id().to_string(),
                    o.shop_name(),
                    o.sales_order(),
                    o.po(),
                    o.supplier_order(),
                ]
            })
            .collect()
    }
}

/// Every number that may name a consignment or what advises it.
fn consignment_values(group: &Group, consignment: &Consignment) -> Vec<String> {
    let mut values = vec![consignment.tracking.clone(), consignment.sscc.clone()];
    values.extend(consignment.bol.clone());
    let same =
        |n: &usize| group.consignments.get(*n).is_some_and(|c| c.tracking == consignment.tracking);
    let mine = group.advices.iter().filter(|a| a.consignments.iter().any(same));
    values.extend(mine.map(|a| a.number.clone()));
    values
}

/// Whether a scan gives a position: goods moved, and the code is one that somebody has mapped.
pub(crate) fn gives_position(scan: &Scan) -> bool {
    scan.step.is_physical() && !scan.odd_code
}

pub(crate) fn is_delivery(scan: &Scan) -> bool {
    scan.step == Step::Delivered && !scan.odd_code
}

/// The feed on which a supplier answers and advises.
const fn feed_of(supplier: Supplier) -> &'static str {
    match supplier {
        Supplier::Oem => OEM_EDI,
        Supplier::Distributor => DISTRIBUTOR_EDI,
    }
}

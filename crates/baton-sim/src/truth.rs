//! What really happened, and what Baton should conclude from what it was told.

use baton_core::time::Instant;
use jiff::civil::Date;

use crate::config::Fault;
use crate::expect::{self, ExpectedException, Feeds};
use crate::life::{Group, Line, Order};
use crate::post::{ExpectedQuarantine, Post};

/// The quantities of a line, in truth: ordered = shipped + cancelled + open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineTruth {
    pub sku: &'static str,
    pub ordered: u32,
    pub confirmed: u32,
    pub shipped: u32,
    pub delivered: u32,
    pub invoiced: u32,
    pub cancelled: u32,
    pub open: u32,
}

/// One order as it really went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderTruth {
    /// Who calls it what: (scheme, value), such as (`po`, `4500011000`).
    pub identifiers: Vec<(&'static str, String)>,
    pub lines: Vec<LineTruth>,
    /// Milestone code and instant, in the order of their happening; several of a code for several
    /// consignments.
    pub milestones: Vec<(&'static str, Instant)>,
    /// The first and only promise. `None`: rejected before it could be given.
    pub promised_on: Option<Date>,
    pub cancelled_at: Option<Instant>,
    /// What went wrong with it.
    pub faults: Vec<Fault>,
}

/// The truth about a stretch of the world.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truth {
    pub orders: Vec<OrderTruth>,
    /// What Baton should conclude, by order; silent feeds last.
    pub expected: Vec<ExpectedException>,
    pub quarantine: Vec<ExpectedQuarantine>,
    pub messages: u64,
    /// Messages that repeat one sent before, byte for byte.
    pub repeats: u64,
    /// Messages that were never sent.
    pub lost: u64,
}

impl Truth {
    /// What can be asked of Baton at an instant: what is known for certain by then, and what it may
    /// find besides.
    #[must_use]
    pub fn expected_by(&self, at: Instant) -> Vec<ExpectedException> {
        let known = |e: &&ExpectedException| e.deducible_at.is_none_or(|known_at| known_at <= at);
        self.expected.iter().filter(known).cloned().collect()
    }
}

pub(crate) fn of(groups: impl Iterator<Item = (Group, Post)>) -> Truth {
    let mut truth = Truth::default();
    let mut feeds = Feeds::default();
    for (group, post) in groups {
        truth.messages += post.posted.len() as u64;
        truth.repeats += post.repeats;
        truth.lost += post.lost;
        truth.expected.extend(expect::all(&group, &post));
        feeds.hear(&post);
        truth.quarantine.extend(post.quarantine.iter().cloned());
        truth.orders.extend((0..group.orders.len()).filter_map(|n| order(&group, n)));
    }
    truth.expected.extend(feeds.silences());
    truth
}

fn order(group: &Group, n: usize) -> Option<OrderTruth> {
    let life = group.orders.get(n)?;
    let mut milestones = commercial(life);
    for consignment in group.deliveries_of(n) {
        milestones.extend(consignment.picked_up_at.map(|at| ("T10", at)));
        milestones.extend(consignment.delivered_at.map(|at| ("T60", at)));
    }
    for invoice in &group.invoices {
        if invoice.contents.iter().any(|portion| portion.order == n) {
            milestones.extend(invoice.sent_at.map(|at| ("B10", at)));
            milestones.extend(invoice.approved_at.map(|at| ("B30", at)));
            milestones.extend(invoice.paid_at.map(|at| ("B40", at)));
        }
    }
    milestones.sort_by_key(|(_, at)| *at);
    Some(OrderTruth {
        identifiers: identifiers(group, n, life),
        lines: life.lines.iter().map(line).collect(),
        milestones,
        promised_on: life.confirmed_at.map(|_| life.promised_on),
        cancelled_at: life.cancelled_at,
        faults: life.faults.iter().collect(),
    })
}

fn commercial(life: &Order) -> Vec<(&'static str, Instant)> {
    let job = life.job;
    let steps = [
        ("O10", Some(life.placed_at)),
        ("O20", Some(life.booked_at)),
        ("O30", life.confirmed_at),
        ("O90", life.cancelled_at),
        ("S10", job.map(|j| j.scheduled_at)),
        ("S20", job.and_then(|j| j.started_at)),
        ("S30", job.and_then(|j| j.installed_at)),
        ("S40", job.and_then(|j| j.activated_at)),
        ("S50", job.and_then(|j| j.accepted_at)),
    ];
    steps.into_iter().filter_map(|(code, at)| at.map(|at| (code, at))).collect()
}

fn line(line: &Line) -> LineTruth {
    LineTruth {
        sku: line.product.sku,
        ordered: line.ordered,
        confirmed: line.confirmed,
        shipped: line.shipped,
        delivered: line.delivered,
        invoiced: line.invoiced,
        cancelled: line.cancelled,
        open: line.open(),
    }
}

/// Every number that names the order or something of it.
fn identifiers(group: &Group, n: usize, life: &Order) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("shop_id", life.shop_id().to_string()),
        ("shop_name", life.shop_name()),
        ("sales_order", life.sales_order()),
        ("po", life.po()),
        ("supplier_order", life.supplier_order()),
    ];
    all.extend(life.job.map(|_| ("job", life.job_number())));
    let mine = |contents: &[crate::life::Portion]| contents.iter().any(|p| p.order == n);
    for consignment in group.consignments.iter().filter(|c| mine(&c.contents)) {
        all.push(("tracking", consignment.tracking.clone()));
        all.extend(consignment.bol.clone().map(|bol| ("bol", bol)));
        all.push(("sscc", consignment.sscc.clone()));
    }
    for advice in group.advices.iter().filter(|a| group.orders_advised(a).contains(&n)) {
        all.push(("asn", advice.number.clone()));
    }
    for invoice in group.invoices.iter().filter(|i| mine(&i.contents)) {
        all.push(("invoice", invoice.number.clone()));
    }
    all
}

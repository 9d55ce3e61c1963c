//! From what happened to what is said: each event of a life becomes a message of the partner who
//! knows it, in that partner's format. What each message tells is noted beside it as marks, so that
//! the truth can say what the delivered messages could show without reading them again.

mod carrier;
mod edi;
mod erp;
mod finance;
mod installer;
mod shop;

use baton_core::time::{Duration, Instant};

use crate::json::Json;
use crate::life::{Consignment, Group, Scan};

/// What a message tells, by position within its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Placed(usize),
    Booked(usize),
    Held(usize),
    HoldEnded(usize),
    PoRaised(usize),
    Acknowledged(usize),
    Confirmed(usize),
    Cancelled(usize),
    /// The shop names the consignment that carries an order's goods.
    Fulfilled {
        order: usize,
        consignment: usize,
    },
    Advised(usize),
    /// A scan, by position, of a consignment.
    Scanned {
        consignment: usize,
        scan: usize,
    },
    /// The shop's day of delivery, later than the carrier's by [`OTHER_DAY`].
    DeliveredOtherwise(usize),
    OrphanScanned {
        orphan: usize,
        scan: usize,
    },
    Invoiced(usize),
    Paid(usize),
    Job(usize),
}

/// How far two sources' days of delivery are apart where they contradict each other.
pub(crate) const OTHER_DAY: Duration = Duration::hours(49);

/// A message as its sender wrote it, before anything happens to it on the way.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) source: &'static str,
    pub(crate) at: Instant,
    /// `None`: the format carries no message id.
    pub(crate) own_id: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
    pub(crate) marks: Vec<Mark>,
    /// How many damaged sets travel in this interchange beside the good ones.
    pub(crate) damaged_sets: u32,
}

pub(crate) const JSON: &str = "application/json";
pub(crate) const X12: &str = "application/edi-x12";

impl Draft {
    fn json(source: &'static str, at: Instant, id: Option<String>, body: &Json) -> Self {
        Self {
            source,
            at,
            own_id: id,
            headers: Vec::new(),
            content_type: JSON,
            body: body.bytes(),
            marks: Vec::new(),
            damaged_sets: 0,
        }
    }

    fn telling(mut self, mark: Mark) -> Self {
        self.marks.push(mark);
        self
    }
}

/// Everything that is said about a group, in the order of its happening.
pub(crate) fn all(group: &Group) -> Vec<Draft> {
    let mut drafts = Vec::new();
    shop::say(group, &mut drafts);
    erp::say(group, &mut drafts);
    edi::say(group, &mut drafts);
    carrier::say(group, &mut drafts);
    installer::say(group, &mut drafts);
    finance::say(group, &mut drafts);
    drafts.sort_by_key(|draft| draft.at);
    drafts
}

/// One scan as a tracking message.
pub(crate) fn scan(
    source: &'static str,
    consignment: &Consignment,
    scan: &Scan,
    id: String,
) -> Draft {
    let body = carrier::scan_json(consignment, scan, &id);
    Draft::json(source, scan.happened_at, Some(id), &body)
}

/// An id in the shape of a UUID, made of two numbers.
pub(crate) fn uuid(kind: u64, number: u64) -> String {
    let mix = |n: u64| {
        let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        n ^ (n >> 31)
    };
    let high = mix(number.wrapping_add(kind.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let low = mix(high ^ kind);
    format!(
        "{:08x}-{:04x}-4{:03x}-9{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 52) & 0xfff,
        low & 0xffff_ffff_ffff
    )
}

/// Puts a damaged set beside the good ones of an interchange.
pub(crate) fn damage(draft: &mut Draft) {
    edi::damage(draft);
}

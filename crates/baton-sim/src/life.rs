//! What really happens: groups of orders, their goods and their papers, before anybody says a word
//! about it. [`crate::say`] turns a life into messages; the truth is read from here.
//!
//! A group is one to four orders that share something: a truck, a despatch advice or an invoice. It
//! is the unit of chance: a group is made from (seed, its first order's number) and nothing else.

mod goods;
mod loads;
mod orders;
mod papers;
mod references;

use baton_core::time::Instant;
use jiff::civil::Date;

use crate::cast::{Customer, Place, Product};
use crate::chance::{Chance, Stream};
use crate::config::{FaultRates, FaultSet};

/// Who supplies the order: the OEM builds it, or the distributor has it in stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Supplier {
    Oem,
    Distributor,
}

/// How the goods reach the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// Distributor's stock, by parcel.
    StockParcel,
    /// Distributor's stock, by truck.
    StockFreight,
    /// Built, trucked to the distributor, on from there by parcel.
    CrossDock,
    /// Built, trucked to the customer.
    BuiltFreight,
}

impl Route {
    pub(crate) const fn supplier(self) -> Supplier {
        match self {
            Self::StockParcel | Self::StockFreight => Supplier::Distributor,
            Self::CrossDock | Self::BuiltFreight => Supplier::Oem,
        }
    }
}

/// What the orders of a group share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    Nothing,
    Truck,
    /// One truck and one despatch advice over several purchase orders.
    Advice,
    Invoice,
}

#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) product: &'static Product,
    pub(crate) ordered: u32,
    pub(crate) confirmed: u32,
    pub(crate) cancelled: u32,
    pub(crate) shipped: u32,
    pub(crate) delivered: u32,
    pub(crate) invoiced: u32,
}

/// The supplier's answer to the purchase order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Accepted,
    /// Fewer of the first line.
    FewerOf {
        confirmed: u32,
    },
    /// Another price for the first line.
    PricedAt {
        cents: u32,
    },
    Rejected,
    /// The first line cannot leave before this day.
    Backordered {
        until: Date,
    },
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Acknowledgement {
    /// `None`: never sent.
    pub(crate) sent_at: Option<Instant>,
    pub(crate) answer: Answer,
}

#[derive(Debug, Clone)]
pub(crate) struct Order {
    /// Counted from 0 over the whole world; all references are made of it.
    pub(crate) number: u64,
    pub(crate) faults: FaultSet,
    pub(crate) route: Route,
    pub(crate) customer: &'static Customer,
    pub(crate) place: &'static Place,
    pub(crate) lines: Vec<Line>,
    pub(crate) placed_at: Instant,
    pub(crate) booked_at: Instant,
    /// Held for credit from, until.
    pub(crate) hold: Option<(Instant, Instant)>,
    pub(crate) po_at: Instant,
    pub(crate) acknowledgement: Acknowledgement,
    pub(crate) confirmed_at: Option<Instant>,
    pub(crate) promised_on: Date,
    pub(crate) cancelled_at: Option<Instant>,
    pub(crate) job: Option<Job>,
}

/// A quantity of one line of one order of the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Portion {
    pub(crate) order: usize,
    pub(crate) line: usize,
    pub(crate) quantity: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    Freight,
    Parcel,
}

/// What a carrier does with a consignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The carrier's plan to pick up at this instant.
    PickupPlanned(Instant),
    Label,
    PickedUp,
    Hub,
    OutForDelivery,
    Delivered,
    Proof,
}

impl Step {
    /// Whether goods moved: what silence, custody and first scans are judged by.
    pub(crate) const fn is_physical(self) -> bool {
        matches!(self, Self::PickedUp | Self::Hub | Self::OutForDelivery | Self::Delivered)
    }
}

/// Something that the carrier knows and says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scan {
    pub(crate) step: Step,
    pub(crate) happened_at: Instant,
    /// What the carrier's stamp says: differs from the truth under clock skew or contradiction.
    pub(crate) stated_at: Instant,
    pub(crate) place: &'static Place,
    /// The day of delivery that the carrier expects now.
    pub(crate) estimate_on: Option<Date>,
    /// Written with a status code that nobody knows.
    pub(crate) odd_code: bool,
    /// Stamped without zone.
    pub(crate) without_zone: bool,
}

/// Goods that travel under one tracking or pro number.
#[derive(Debug, Clone)]
pub(crate) struct Consignment {
    pub(crate) carrier: Carrier,
    pub(crate) shipper: Supplier,
    /// To the distributor rather than to the customer.
    pub(crate) inbound: bool,
    pub(crate) tracking: String,
    /// Bill of lading; freight only.
    pub(crate) bol: Option<String>,
    pub(crate) sscc: String,
    pub(crate) contents: Vec<Portion>,
    pub(crate) ship_on: Date,
    /// The day planned for delivery when it was shipped.
    pub(crate) due_on: Date,
    /// When the shipper says that it handed the goods over.
    pub(crate) released_at: Option<Instant>,
    pub(crate) picked_up_at: Option<Instant>,
    pub(crate) delivered_at: Option<Instant>,
    pub(crate) scans: Vec<Scan>,
    pub(crate) to: &'static Place,
    /// Travels with this one under the same despatch advice: packages of one shipment.
    pub(crate) beside: Option<usize>,
}

/// A despatch advice.
#[derive(Debug, Clone)]
pub(crate) struct Advice {
    pub(crate) number: String,
    pub(crate) consignments: Vec<usize>,
    pub(crate) released_at: Instant,
    /// What it states of each consignment, by position, right or wrong.
    pub(crate) stated: Vec<(usize, Portion)>,
    pub(crate) sent_at: Option<Instant>,
}

#[derive(Debug, Clone)]
pub(crate) struct Invoice {
    pub(crate) number: String,
    pub(crate) contents: Vec<Portion>,
    pub(crate) sent_at: Option<Instant>,
    pub(crate) approved_at: Option<Instant>,
    pub(crate) paid_at: Option<Instant>,
}

/// A visit of the installer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job {
    pub(crate) scheduled_at: Instant,
    pub(crate) slot_at: Instant,
    pub(crate) started_at: Option<Instant>,
    pub(crate) installed_at: Option<Instant>,
    pub(crate) activated_at: Option<Instant>,
    pub(crate) accepted_at: Option<Instant>,
}

/// Orders that share something, and all that happens to them.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) share: Share,
    pub(crate) orders: Vec<Order>,
    pub(crate) consignments: Vec<Consignment>,
    pub(crate) advices: Vec<Advice>,
    pub(crate) invoices: Vec<Invoice>,
    /// Parcels that belong to nobody here, by tracking number.
    pub(crate) orphans: Vec<Consignment>,
}

impl Group {
    /// Lives through a group: `count` orders from `first` on, placed on the day that begins then.
    pub(crate) fn live(
        seed: u64,
        rates: &FaultRates,
        first: u64,
        count: usize,
        day_starts_at: Instant,
    ) -> Self {
        let mut chance = Chance::new(seed, Stream::Group, first);
        let mut group = orders::place(&mut chance, rates, first, count, day_starts_at);
        loads::plan(&mut chance, &mut group);
        goods::move_all(&mut chance, &mut group);
        papers::file(&mut chance, &mut group);
        group
    }

    /// The orders, by position, that a consignment carries goods of.
    pub(crate) fn orders_of(&self, contents: &[Portion]) -> Vec<usize> {
        let mut orders: Vec<usize> = contents.iter().map(|portion| portion.order).collect();
        orders.sort_unstable();
        orders.dedup();
        orders
    }

    /// The orders, by position, that a despatch advice covers.
    pub(crate) fn orders_advised(&self, advice: &Advice) -> Vec<usize> {
        let portions: Vec<Portion> = advice.stated.iter().map(|(_, portion)| *portion).collect();
        self.orders_of(&portions)
    }

    /// The consignments that bring goods of an order to its customer.
    pub(crate) fn deliveries_of(&self, order: usize) -> impl Iterator<Item = &Consignment> {
        self.consignments
            .iter()
            .filter(move |c| !c.inbound && c.contents.iter().any(|p| p.order == order))
    }
}

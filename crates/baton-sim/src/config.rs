//! What a world is made of: its seed, size and span, and how often each fault strikes.

use baton_core::time::Instant;

/// The parameters of a world. The same parameters give the same bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub seed: u64,
    /// Orders placed within the first `days` days. An endless stream goes on at the same rate.
    pub orders: u64,
    /// Midnight (UTC) of the first day.
    pub start_at: Instant,
    /// Days over which the orders are placed. Their goods travel for some weeks longer.
    pub days: u32,
    pub faults: FaultRates,
}

/// Monday 2 March 2026, so that a change of clocks falls into every sample world.
const SAMPLE_START_SECONDS: i64 = 1_772_409_600;
const DEMO_DAYS: u32 = 60;
const DEMO_ORDERS: u64 = 2_000;
/// A test world places some thirty orders a day.
const TEST_ORDERS_A_DAY: u64 = 30;

impl Config {
    /// The sample world: 60 days, 2,000 orders, default faults.
    #[must_use]
    pub fn demo(seed: u64) -> Self {
        Self {
            seed,
            orders: DEMO_ORDERS,
            start_at: Instant::from_seconds(SAMPLE_START_SECONDS),
            days: DEMO_DAYS,
            faults: FaultRates::default(),
        }
    }

    /// As many orders as asked for, thirty a day, default faults.
    #[must_use]
    pub fn test(seed: u64, orders: u64) -> Self {
        let days = orders.div_ceil(TEST_ORDERS_A_DAY).clamp(1, 3_650);
        Self { orders, days: u32::try_from(days).unwrap_or(DEMO_DAYS), ..Self::demo(seed) }
    }

    #[must_use]
    pub fn with_faults(self, faults: FaultRates) -> Self {
        Self { faults, ..self }
    }
}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $rate:literal,)*) => {
        /// Something that goes wrong. All but [`Fault::FeedSilent`] are drawn once an order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault {
            $($(#[$doc])* $name,)*
        }

        impl Fault {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// How often it strikes by default: the share of orders (of weeks of a feed for
            /// [`Fault::FeedSilent`]).
            #[must_use]
            pub const fn default_rate(self) -> f64 {
                match self { $(Self::$name => $rate,)* }
            }
        }
    };
}

faults! {
    /// The supplier acknowledges only after its eight working hours.
    AckLate = 0.015,
    /// The acknowledgement is never sent.
    AckMissing = 0.008,
    /// It confirms fewer than were ordered.
    AckQuantity = 0.01,
    /// It confirms another price than was ordered at.
    AckPrice = 0.012,
    /// It rejects the order.
    Rejected = 0.006,
    /// It cannot deliver a line before a later date.
    Backordered = 0.012,
    /// The ERP holds the order for credit, and releases it.
    CreditHold = 0.012,
    /// The despatch advice is never sent.
    AsnMissing = 0.008,
    /// It comes only long after the goods were picked up.
    AsnLate = 0.01,
    /// It states another quantity than was shipped.
    AsnQuantity = 0.01,
    /// Fewer are shipped than were confirmed, and the despatch advice says so.
    ShortShipment = 0.008,
    /// A label exists days before (or without) any goods.
    GhostLabel = 0.012,
    /// The truck does not come when planned.
    PickupMissed = 0.015,
    /// The shipper says that it handed the goods over; the carrier scans nothing for a day or ever.
    CustodyGap = 0.008,
    /// The carrier is silent for days in mid-way, or for ever.
    CarrierSilent = 0.012,
    /// Delivered days after the promise.
    DeliveredLate = 0.04,
    /// Delivered days before the promise.
    DeliveredEarly = 0.01,
    /// The carrier estimates a date after the promise, then delivers in time.
    EstimateLate = 0.01,
    /// No proof of delivery is ever sent, or days late.
    PodMissing = 0.012,
    /// Cancelled after the supplier was committed, before anything shipped.
    CancelledAfterCommit = 0.012,
    /// Cancelled when the goods are under way.
    CancelledAfterShip = 0.006,
    /// No invoice within five days of delivery.
    InvoiceMissing = 0.01,
    /// Two sources state different quantities.
    ContradictoryQuantity = 0.01,
    /// Two sources state different days of delivery.
    ContradictoryDate = 0.008,
    /// The carrier uses a status code that nobody has mapped.
    UnmappedCode = 0.012,
    /// The carrier's stamps lack their zone.
    NoZone = 0.01,
    /// A scan is dated days ahead.
    ClockSkew = 0.008,
    /// Reference fields hold `N/A` or `0000`.
    Placeholder = 0.05,
    /// Tracking for a parcel that no order has anything to do with.
    Orphan = 0.006,
    /// A message is never sent.
    Lost = 0.01,
    /// A message is sent twice, same id and bytes.
    Doubled = 0.03,
    /// A message that carries no id is sent twice, same bytes.
    DoubledWithoutId = 0.02,
    /// A message arrives hours after those that were sent later.
    Reordered = 0.03,
    /// A JSON message is cut off; sometimes it is sent again whole.
    MalformedJson = 0.008,
    /// A damaged X12 set travels beside a good one in the same interchange.
    MalformedX12 = 0.008,
    /// A feed sends nothing for days, then everything at once.
    FeedSilent = 0.02,
}

/// How often each fault strikes.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultRates(Vec<f64>);

impl Default for FaultRates {
    fn default() -> Self {
        Self(Fault::ALL.iter().map(|fault| fault.default_rate()).collect())
    }
}

impl FaultRates {
    /// How many times more often than by default in a world with all faults.
    const ALL_FACTOR: f64 = 3.0;

    /// Nothing goes wrong.
    #[must_use]
    pub fn none() -> Self {
        Self(vec![0.0; Fault::ALL.len()])
    }
    /// Every fault, three times as often as by default.
    #[must_use]
    pub fn all() -> Self {
        let often = |fault: &Fault| fault.default_rate() * Self::ALL_FACTOR;
        Self(Fault::ALL.iter().map(often).collect())
    }
    /// The same rates but for one fault.
    #[must_use]
    pub fn with(mut self, fault: Fault, rate: f64) -> Self {
        if let Some(slot) = self.0.get_mut(fault as usize) {
            *slot = rate.clamp(0.0, 1.0);
        }
        self
    }
    #[must_use]
    pub fn rate(&self, fault: Fault) -> f64 {
        self.0.get(fault as usize).copied().unwrap_or_default()
    }
}

/// The faults that strike one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FaultSet(u64);

impl FaultSet {
    pub(crate) fn has(self, fault: Fault) -> bool {
        self.0 & (1 << fault as u64) != 0
    }
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0 |= 1 << fault as u64;
    }
    pub(crate) fn remove(&mut self, fault: Fault) {
        self.0 &= !(1 << fault as u64);
    }
    pub(crate) fn iter(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.iter().copied().filter(move |fault| self.has(*fault))
    }
}

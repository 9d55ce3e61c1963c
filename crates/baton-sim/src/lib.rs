//! A seeded world of partners that sends real wire formats, with faults, and knows the truth.
//!
//! [`World`] is the way in: the same [`Config`] gives the same bytes in the same order. What the
//! world's orders go through is decided in `life`, put into words in `say`, and lost, doubled and
//! delayed in `post`; [`Truth`] keeps what was so and what Baton should have concluded from what it
//! was told, and [`judge`] compares the two. The formats that are this world's own are described in
//! the crate's FORMATS.md.

mod calendar;
mod cast;
mod chance;
mod config;
mod expect;
pub mod expectations;
mod json;
mod judge;
mod life;
mod mix;
mod post;
mod say;
mod standing;
mod truth;
mod world;

pub use calendar::{SUPPLIER_CLOSES, SUPPLIER_OPENS, SUPPLIER_ZONE};
pub use cast::{
    DISTRIBUTOR_EDI, ERP, ERP_EDI, FINANCE_EDI, FINANCE_JSON, FREIGHT_EDI, FREIGHT_POD, INSTALLER,
    OEM_EDI, PARCEL, SHOP, SOURCES, Source, companies,
};
pub use config::{Config, Fault, FaultRates};
pub use expect::ExpectedException;
pub use judge::{Found, Judgement, Score, TIME_TOLERANCE, judge};
pub use mix::{mix_sent_by, standard_mix};
pub use post::{ExpectedQuarantine, Sent};
pub use standing::{Later, later_papers, standing_from, standing_orders};
pub use truth::{LineTruth, OrderTruth, Truth};
pub use world::{LIFE_DAYS_MAX, World};

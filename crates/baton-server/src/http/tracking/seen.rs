//! What a customer may see of an order, picked out of its state field by field. What is not named here is
//! not shown: no prices, no partners, no exceptions, no reasons, no sources.

use baton_core::fact::{Classifier, Field, Value};
use baton_core::identifier::ObjectKind;
use baton_core::milestone::Milestone;
use baton_core::state::{Kept, LineState, ObjectState, Phase, State};
use baton_core::time::{Happened, Instant};

use super::words::is_told;

/// The sort of number that carriers give to parcels, and that customers look up.
const TRACKING: &str = "tracking";
/// Lines and parcels that one page shows.
const SHOWN_MAX: usize = 200;

/// An order as its customer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) number: String,
    pub(super) stands: Stands,
    /// When each of the four steps was reached, where that is known.
    pub(super) steps: [Option<Happened>; 4],
    pub(super) promised: Option<Happened>,
    /// When it is expected, or was delivered.
    pub(super) projected: Option<Happened>,
    pub(super) is_late: bool,
    pub(super) lines: Vec<Line>,
    pub(super) parcels: Vec<Parcel>,
    pub(super) known_at: Instant,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// How many of the four steps are reached.
    Step(usize),
    PartlyOnItsWay,
    PartlyDelivered,
    Cancelled,
    Unclear,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) article: String,
    pub(super) ordered: String,
    pub(super) shipped: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parcel {
    pub(super) number: Option<String>,
    /// The latest first.
    pub(super) events: Vec<(Milestone, Happened)>,
}

impl Stands {
    const fn of(phase: Phase) -> Self {
        match phase {
            Phase::Unplaced | Phase::Placed => Self::Step(1),
            Phase::Confirmed => Self::Step(2),
            Phase::PartlyShipped => Self::PartlyOnItsWay,
            Phase::Shipped => Self::Step(3),
            Phase::PartlyDelivered => Self::PartlyDelivered,
            Phase::Delivered | Phase::Closed => Self::Step(4),
            Phase::Cancelled => Self::Cancelled,
            Phase::Disputed => Self::Unclear,
        }
    }
    /// How many of the four steps are reached.
    pub(super) const fn reached(self) -> usize {
        match self {
            Self::Step(reached) => reached,
            Self::PartlyOnItsWay | Self::PartlyDelivered | Self::Unclear => 3,
            Self::Cancelled => 0,
        }
    }
}

impl Order {
    pub(super) fn of(number: &str, state: &State) -> Self {
        let stands = Stands::of(state.phase);
        let mut steps = [None; 4];
        for (n, codes) in [&["O10"][..], &["O30"], &["T10", "F60"], &["T60"]].iter().enumerate() {
            // A step that is not reached has no date, whatever was said of some part of it.
            if n < stands.reached() {
                steps[n] = reached(state, codes);
            }
        }
        Self {
            number: number.to_owned(),
            stands,
            steps,
            promised: state.promise.current,
            projected: state.promise.projected,
            is_late: state.promise.kept == Kept::Late
                || (state.promise.kept == Kept::Open && state.promise.late_by.is_some()),
            lines: state.lines.iter().take(SHOWN_MAX).map(Line::of).collect(),
            parcels: parcels(state),
            known_at: state.derived_at,
        }
    }
}

/// When the last part of the order reached the first of these milestones that any did.
fn reached(state: &State, codes: &[&str]) -> Option<Happened> {
    let below = state.objects.iter().flat_map(|object| &object.milestones);
    let all: Vec<_> = state.milestones.iter().chain(below).collect();
    codes.iter().find_map(|code| {
        let of_code = all.iter().filter(|found| found.milestone.code() == *code);
        let actual = of_code.filter_map(|found| found.current.get(Classifier::Actual));
        actual.map(|version| version.at).max_by_key(|at| at.latest)
    })
}

impl Line {
    fn of(line: &LineState) -> Self {
        let text = |field| match line.fields.get(&field).map(|field| &field.value) {
            Some(Value::Text(text)) => Some(text.to_string()),
            _ => None,
        };
        let sku = line.sku.as_ref().map(ToString::to_string);
        let article = text(Field::Description).or(sku).unwrap_or_else(|| line.key.to_string());
        let (ordered, shipped) = (line.balance.ordered, line.balance.shipped);
        Self {
            article,
            ordered: ordered.normalize().to_string(),
            shipped: shipped.normalize().to_string(),
        }
    }
}

/// Each shipment and package that a customer can follow: by the carrier's number, or by what happened.
fn parcels(state: &State) -> Vec<Parcel> {
    let kinds = [ObjectKind::Shipment, ObjectKind::Package];
    let all = state.objects.iter().filter(|object| kinds.contains(&object.id.kind));
    let parcels = all.map(Parcel::of);
    let followed = parcels.filter(|parcel| parcel.number.is_some() || !parcel.events.is_empty());
    followed.take(SHOWN_MAX).collect()
}

impl Parcel {
    fn of(object: &ObjectState) -> Self {
        let names = std::iter::once(&object.name).chain(&object.identifiers);
        let number = names.into_iter().find(|name| name.scheme == TRACKING);
        let actual = object.milestones.iter().filter_map(|found| {
            let version = found.current.get(Classifier::Actual)?;
            let is_told = found.disputed_by.is_none() && is_told(found.milestone);
            is_told.then_some((found.milestone, version.at))
        });
        let mut events: Vec<_> = actual.collect();
        events.sort_by_key(|(milestone, at)| std::cmp::Reverse((at.latest, *milestone)));
        Self { number: number.map(|name| name.value.to_string()), events }
    }
}

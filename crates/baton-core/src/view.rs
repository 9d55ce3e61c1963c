//! The view that a pack's expressions see: content only, never the present.
//!
//! An expression says which members it reads, and only those are made: most read one.

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;
use schemars::JsonSchema;
use serde::Serialize;

use crate::authority::{field_name, value_text};
use crate::fact::{Classifier, Field, Measure, Value};
use crate::lines::Totals;
use crate::picture::Picture;
use crate::progress::{furthest, position};

/// What a rule's expression sees: content only, never the present.
///
/// In CEL: `phase`, `progress`, `fields.channel`, `partners.carrier`, `lines.exists(l, l.open > 0.0)`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct View {
    pub kind: String,
    pub journey: String,
    pub phase: String,
    pub progress: String,
    pub position: String,
    /// Field values as text; money as its amount.
    pub fields: BTreeMap<String, String>,
    /// The total (or 0), for comparison.
    pub value: f64,
    pub currency: String,
    pub partners: BTreeMap<String, String>,
    /// Milestones that were reached.
    pub reached: Vec<String>,
    pub lines: Vec<LineView>,
}

/// A line as an expression sees it. Quantities that nobody stated are 0.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct LineView {
    pub key: String,
    pub sku: String,
    pub ordered: f64,
    pub confirmed: f64,
    pub shipped: f64,
    pub delivered: f64,
    pub cancelled: f64,
    pub invoiced: f64,
    pub open: f64,
}

/// A member of the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    Kind,
    Journey,
    Phase,
    Progress,
    Position,
    Fields,
    Value,
    Currency,
    Partners,
    Reached,
    Lines,
}

impl Member {
    pub const ALL: [Self; 11] = [
        Self::Kind,
        Self::Journey,
        Self::Phase,
        Self::Progress,
        Self::Position,
        Self::Fields,
        Self::Value,
        Self::Currency,
        Self::Partners,
        Self::Reached,
        Self::Lines,
    ];
    /// As expressions write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Journey => "journey",
            Self::Phase => "phase",
            Self::Progress => "progress",
            Self::Position => "position",
            Self::Fields => "fields",
            Self::Value => "value",
            Self::Currency => "currency",
            Self::Partners => "partners",
            Self::Reached => "reached",
            Self::Lines => "lines",
        }
    }
}

/// Makes these members of the view of a subject; the others stay empty.
#[must_use]
pub fn view(picture: &Picture<'_, '_>, members: &[Member]) -> View {
    let mut view = View::default();
    for member in members {
        make(picture, *member, &mut view);
    }
    view
}

fn make(picture: &Picture<'_, '_>, member: Member, view: &mut View) {
    let milestones = || picture.own.iter().chain(picture.others.iter().flatten());
    let code = |m: Option<crate::milestone::Milestone>| m.map_or("", |m| m.code()).to_owned();
    let total = || match picture.opinions.of(None, Field::Total).first()?.value {
        Value::Money(money) => Some(money),
        _ => None,
    };
    match member {
        Member::Kind => view.kind = picture.kind.name().to_owned(),
        Member::Journey => {
            view.journey = picture.journey.map_or_else(String::new, |j| j.name.to_string());
        }
        Member::Phase => view.phase = crate::phase::phase(picture).name().to_owned(),
        Member::Progress => view.progress = code(furthest(milestones())),
        Member::Position => {
            view.position = code(position(picture.known, picture.objects()).map(|(m, ..)| m));
        }
        Member::Fields => {
            let fields = picture.opinions.fields(None);
            let plain = |(field, f): (Field, crate::state::FieldState)| {
                (field_name(field).to_owned(), plain(&f.value))
            };
            view.fields = fields.into_iter().map(plain).collect();
        }
        Member::Value => {
            view.value = total().and_then(|m| m.amount.to_f64()).unwrap_or_default();
        }
        Member::Currency => {
            view.currency = total().map_or_else(String::new, |m| m.currency.to_string());
        }
        Member::Partners => {
            let stated = picture.partners.iter();
            view.partners =
                stated.map(|p| (p.role.name().to_owned(), p.partner.to_string())).collect();
        }
        Member::Reached => {
            let reached = milestones().filter(|m| m.current.has(Classifier::Actual));
            view.reached = reached.map(|m| m.milestone.code().to_owned()).collect();
            view.reached.sort();
            view.reached.dedup();
        }
        Member::Lines => view.lines = lines(picture),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Money(money) => money.amount.normalize().to_string(),
        other => value_text(other),
    }
}

fn lines(picture: &Picture<'_, '_>) -> Vec<LineView> {
    let value = |totals: &Totals<'_>, measure| totals.value(measure).to_f64().unwrap_or_default();
    picture
        .amounts
        .iter()
        .map(|(key, totals)| {
            let sku = picture.lines.keys().find(|(k, _)| k == key).and_then(|(_, sku)| sku);
            let (ordered, shipped) =
                (value(totals, Measure::Ordered), value(totals, Measure::Shipped));
            let cancelled = value(totals, Measure::Cancelled);
            LineView {
                key: key.to_string(),
                sku: sku.map(|s| s.to_string()).unwrap_or_default(),
                ordered,
                confirmed: value(totals, Measure::Confirmed),
                shipped,
                delivered: value(totals, Measure::Delivered),
                cancelled,
                invoiced: value(totals, Measure::Invoiced),
                open: (ordered - shipped - cancelled).max(0.0),
            }
        })
        .collect()
}

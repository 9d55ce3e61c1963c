//! The view that a pack's expressions see: content only, never the present.

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;

use crate::authority::value_text;
use crate::fact::{Classifier, Measure, Value};
use crate::picture::Picture;
use crate::progress::{furthest, position};
use crate::state::{LineView, View};

/// Makes the view of a subject.
#[must_use]
pub fn view(picture: &Picture<'_, '_>) -> View {
    let known = picture.known;
    let own_fields = picture.opinions.fields(None);
    let total = own_fields.get("total").and_then(|f| match &f.value {
        Value::Money(money) => Some(money.clone()),
        _ => None,
    });
    let objects: Vec<usize> =
        std::iter::once(picture.root).chain(picture.below.iter().map(|(_, c)| c.object)).collect();
    let all = || picture.own.iter().chain(picture.others.values().flatten());
    let mut reached: Vec<String> = all()
        .filter(|m| m.current.contains_key(&Classifier::Actual))
        .map(|m| m.milestone.code().to_owned())
        .collect();
    reached.sort();
    reached.dedup();
    let code = |m: Option<crate::milestone::Milestone>| m.map_or("", |m| m.code()).to_owned();
    View {
        kind: picture.kind.name().to_owned(),
        journey: picture.journey.map_or_else(String::new, |j| j.name.to_string()),
        phase: crate::phase::phase(picture).name().to_owned(),
        progress: code(furthest(all())),
        position: code(position(known, &objects).map(|(m, ..)| m)),
        fields: own_fields.iter().map(|(name, f)| (name.clone(), plain(&f.value))).collect(),
        value: total.as_ref().and_then(|m| m.amount.to_f64()).unwrap_or_default(),
        currency: total.map_or_else(String::new, |m| m.currency.to_string()),
        partners: picture
            .partners
            .iter()
            .map(|p| (p.role.name().to_owned(), p.partner.to_string()))
            .collect::<BTreeMap<_, _>>(),
        reached,
        lines: lines(picture),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Money(money) => money.amount.normalize().to_string(),
        other => value_text(other),
    }
}

fn lines(picture: &Picture<'_, '_>) -> Vec<LineView> {
    picture
        .amounts
        .iter()
        .map(|(key, amounts)| {
            let value = |measure| {
                amounts
                    .believed(picture.known, measure)
                    .and_then(|t| t.value.to_f64())
                    .unwrap_or_default()
            };
            let sku = picture.lines.keys().find(|(k, _)| k == key).and_then(|(_, sku)| sku);
            let (ordered, shipped) = (value(Measure::Ordered), value(Measure::Shipped));
            let cancelled = value(Measure::Cancelled);
            LineView {
                key: key.to_string(),
                sku: sku.map(|s| s.to_string()).unwrap_or_default(),
                ordered,
                confirmed: value(Measure::Confirmed),
                shipped,
                delivered: value(Measure::Delivered),
                cancelled,
                invoiced: value(Measure::Invoiced),
                open: (ordered - shipped - cancelled).max(0.0),
            }
        })
        .collect()
}

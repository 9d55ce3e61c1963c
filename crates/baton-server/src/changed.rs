//! What is worth telling of a difference between two derivations of a subject: phase, holder,
//! promise, milestone, and exceptions that came or went. Found from the rows, which are at hand.

use std::collections::BTreeMap;

use baton_core::id::ObjectId;
use baton_core::milestone::Milestone;
use baton_core::partner::Role;
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::Instant;
use baton_store::clusters::ClusterNo;
use baton_store::exceptions::ExceptionRow;
use baton_store::orders::OrderRow;
use serde::Serialize;

use crate::deriving::Outline;
use crate::rows::Rows;

/// A change to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) cluster: ClusterNo,
    pub(crate) kind: &'static str,
    /// The public id of the object.
    pub(crate) object: String,
    /// A JSON object.
    pub(crate) summary: String,
}

/// The changes from one set of rows of a cluster to the next. Where orders show what is in it
/// (`is_shown`), they tell of it, and it does not tell again by itself.
pub(crate) fn differences(
    before: &Rows,
    after: &Rows,
    (cluster, is_shown): (ClusterNo, bool),
    subjects: &[Outline],
) -> Vec<Change> {
    let mut changes = Vec::new();
    for row in &after.orders {
        let known = before.orders.iter().find(|known| known.id == row.id);
        let known = known.or_else(|| before.orders.iter().find(|k| k.component == row.component));
        if known.is_none_or(|known| known.digest != row.digest) {
            changes.push(of_order(cluster, known, row, subjects));
        }
    }
    let untold = if is_shown { &[][..] } else { after.objects.as_slice() };
    for (row, digest) in untold.iter().zip(&after.object_digests) {
        let known = before.objects.iter().zip(&before.object_digests).find(|(k, _)| k.id == row.id);
        if known.is_none_or(|(_, known)| known != digest) {
            let object = row.id.to_string();
            let summary = object_summary(row.id, subjects);
            changes.push(Change { cluster, kind: "object.updated", object, summary });
        }
    }
    changes.extend(of_exceptions(cluster, &before.exceptions, &after.exceptions));
    changes
}

/// How a value changed; it was nothing where there was no row before.
#[derive(Debug, Serialize)]
struct Was<T> {
    is: T,
    was: Option<T>,
}

/// None where it stayed as it was.
fn change<T: PartialEq>(was: Option<T>, is: T) -> Option<Was<T>> {
    (was.as_ref() != Some(&is)).then_some(Was { is, was })
}

/// What changed of an order; what did not is left out.
#[derive(Debug, Serialize)]
struct Changed<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<Was<Option<&'r str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Was<ObjectId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    late_minutes: Option<Was<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Was<Option<&'r str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<Was<Option<&'r str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promised_at: Option<Was<Option<Instant>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<Was<&'r str>>,
}

impl<'r> Changed<'r> {
    fn of(before: Option<&'r OrderRow>, after: &'r OrderRow) -> Self {
        let moved = before.filter(|before| before.id != after.id);
        Self {
            holder: change(before.map(|b| b.holder.as_deref()), after.holder.as_deref()),
            id: moved.map(|before| Was { is: after.id, was: Some(before.id) }),
            late_minutes: change(before.map(|b| b.late_minutes), after.late_minutes),
            position: change(before.map(|b| b.position.as_deref()), after.position.as_deref()),
            progress: change(before.map(|b| b.progress.as_deref()), after.progress.as_deref()),
            promised_at: change(before.map(|b| b.promised_at), after.promised_at),
            state: change(before.map(|b| b.state.as_str()), after.state.as_str()),
        }
    }
}

#[derive(Debug, Serialize)]
struct OrderSummary<'r> {
    changed: Changed<'r>,
    holder_role: Option<Role>,
    number: &'r str,
}

#[derive(Debug, Default, Serialize)]
struct ObjectSummary<'r> {
    name: &'r str,
    position: Option<&'static str>,
    progress: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct ExceptionSummary<'r> {
    code: ExceptionCode,
    object: ObjectId,
    severity: i64,
    summary: &'r str,
}

/// Plain values; writing them cannot fail.
fn json(summary: &impl Serialize) -> String {
    serde_json::to_string(summary).unwrap_or_default()
}

fn outline_of(id: ObjectId, subjects: &[Outline]) -> Option<&Outline> {
    subjects.iter().find(|subject| subject.id == id)
}

fn of_order(
    cluster: ClusterNo,
    before: Option<&OrderRow>,
    after: &OrderRow,
    subjects: &[Outline],
) -> Change {
    let summary = OrderSummary {
        changed: Changed::of(before, after),
        holder_role: outline_of(after.id, subjects).and_then(|outline| outline.holder_role),
        number: &after.number,
    };
    Change {
        cluster,
        kind: if before.is_none() { "order.created" } else { "order.updated" },
        object: after.id.to_string(),
        summary: json(&summary),
    }
}

fn object_summary(id: ObjectId, subjects: &[Outline]) -> String {
    let summary =
        outline_of(id, subjects).map_or_else(ObjectSummary::default, |outline| ObjectSummary {
            name: outline.name.value.as_str(),
            position: outline.position.map(Milestone::code),
            progress: outline.progress.map(Milestone::code),
        });
    json(&summary)
}

fn of_exceptions(
    cluster: ClusterNo,
    before: &[ExceptionRow],
    after: &[ExceptionRow],
) -> Vec<Change> {
    let known: BTreeMap<_, &ExceptionRow> = before.iter().map(|row| (row.id, row)).collect();
    let mut changes = Vec::new();
    for row in after {
        let was = known.get(&row.id).map(|known| known.state.as_str());
        if was == Some(row.state.as_str()) {
            continue;
        }
        let kind = match (row.state.as_str(), was) {
            ("open", None) => "exception.opened",
            ("open", Some(_)) => "exception.reopened",
            ("cleared", _) => "exception.cleared",
            ("waived", _) => "exception.waived",
            ("disproved", _) => "exception.withdrawn",
            _ => "exception.updated",
        };
        let summary = ExceptionSummary {
            code: row.code,
            object: row.object,
            severity: row.severity,
            summary: &row.summary,
        };
        let (object, summary) = (row.id.to_string(), json(&summary));
        changes.push(Change { cluster, kind, object, summary });
    }
    changes
}

//! What is worth telling of a difference between two derivations of a subject: phase, holder,
//! promise, milestone, and exceptions that came or went. Found from the rows, which are at hand.

use std::collections::BTreeMap;

use baton_store::clusters::ClusterNo;
use baton_store::exceptions::ExceptionRow;
use baton_store::orders::OrderRow;
use serde_json::{Value, json};

use crate::deriving::Subject;
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

/// The changes from one set of rows of a cluster to the next.
pub(crate) fn differences(
    before: &Rows,
    after: &Rows,
    cluster: ClusterNo,
    subjects: &[Subject],
) -> Vec<Change> {
    let mut changes = Vec::new();
    for row in &after.orders {
        let known = before.orders.iter().find(|known| known.id == row.id);
        let known = known.or_else(|| before.orders.iter().find(|k| k.component == row.component));
        if known.is_none_or(|known| known.digest != row.digest) {
            changes.push(of_order(cluster, known, row, subjects));
        }
    }
    for row in &after.objects {
        let known = before.objects.iter().find(|known| known.id == row.id);
        if known.is_none_or(|known| known.digest != row.digest) {
            let object = row.id.to_string();
            let summary = object_summary(row.id, subjects).to_string();
            changes.push(Change { cluster, kind: "object.updated", object, summary });
        }
    }
    changes.extend(of_exceptions(cluster, &before.exceptions, &after.exceptions));
    changes
}

fn of_order(
    cluster: ClusterNo,
    before: Option<&OrderRow>,
    after: &OrderRow,
    subjects: &[Subject],
) -> Change {
    let mut changed = serde_json::Map::new();
    let mut note = |name: &str, was: Option<Value>, is: Value| {
        if was.as_ref() != Some(&is) {
            let was = was.unwrap_or(Value::Null);
            changed.insert(name.to_owned(), json!({ "was": was, "is": is }));
        }
    };
    note("state", before.map(|b| json!(b.state)), json!(after.state));
    note("progress", before.map(|b| json!(b.progress)), json!(after.progress));
    note("position", before.map(|b| json!(b.position)), json!(after.position));
    note("holder", before.map(|b| json!(b.holder)), json!(after.holder));
    note("promised_at", before.map(|b| json!(b.promised_at)), json!(after.promised_at));
    note("late_minutes", before.map(|b| json!(b.late_minutes)), json!(after.late_minutes));
    if let Some(before) = before.filter(|before| before.id != after.id) {
        note("id", Some(json!(before.id)), json!(after.id));
    }
    let holder = subjects
        .iter()
        .map(|s| &s.state)
        .find(|s| s.id == after.id)
        .and_then(|s| s.holder.as_ref());
    let summary = json!({
        "number": after.number,
        "holder_role": holder.map(|h| h.role),
        "changed": changed,
    });
    Change {
        cluster,
        kind: if before.is_none() { "order.created" } else { "order.updated" },
        object: after.id.to_string(),
        summary: summary.to_string(),
    }
}

fn object_summary(id: baton_core::id::ObjectId, subjects: &[Subject]) -> Value {
    subjects.iter().map(|s| &s.state).find(|state| state.id == id).map_or_else(
        || json!({}),
        |state| {
            json!({
                "name": state.name.value,
                "progress": state.progress.map(baton_core::milestone::Milestone::code),
                "position": state.position.map(baton_core::milestone::Milestone::code),
            })
        },
    )
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
        let summary = json!({
            "code": row.code,
            "severity": row.severity,
            "object": row.object,
            "summary": row.summary,
        });
        let (object, summary) = (row.id.to_string(), summary.to_string());
        changes.push(Change { cluster, kind, object, summary });
    }
    changes
}

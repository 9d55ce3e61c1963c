//! What subscribers are told: one event an act of ours, with the state that was committed with it.

use baton_core::state::DueAct;
use serde::Serialize;

use crate::derivation::act_name;
use crate::deriving::Outline;

/// An event, as it goes out.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// `exception.announced`, `exception.cleared`, `exception.withdrawn`.
    #[serde(rename = "type")]
    kind: String,
    /// When the act was due, which may be long before it is sent.
    timestamp: baton_core::time::Instant,
    data: serde_json::Value,
}

impl Event {
    /// Whether a subscription to these events wants it: by its type, or by a prefix such as
    /// `exception.*`; a subscription that names none wants all.
    #[must_use]
    pub fn is_wanted(&self, events: &[String]) -> bool {
        events.is_empty()
            || events.iter().any(|wanted| match wanted.strip_suffix('*') {
                Some(prefix) => self.kind.starts_with(prefix),
                None => self.kind == *wanted,
            })
    }
    #[must_use]
    pub fn json(&self) -> String {
        // Plain values; writing them cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The event of an act; none where the states do not show what it was about.
pub(crate) fn of_act(due: &DueAct, subjects: &[Outline]) -> Option<Event> {
    let states = subjects.iter().filter_map(|outline| outline.state.as_deref());
    let (state, exception) = states.into_iter().find_map(|state| {
        state.exceptions.iter().find(|e| e.id == due.exception).map(|e| (state, e))
    })?;
    let data = serde_json::json!({
        "act": due.id,
        "previous": due.previous,
        "exception": exception,
        "object": { "id": state.id, "name": state.name, "identifiers": state.identifiers },
        "phase": state.phase,
        "holder": state.holder,
        "promise": state.promise,
        "derived_at": state.derived_at,
        "rulebook": state.rulebook,
    });
    let kind = format!("exception.{}", act_name(due.act));
    Some(Event { kind, timestamp: due.due_at, data })
}

/// The act that a payload tells of, from the payload itself.
pub(crate) fn act_of(payload: &str) -> Option<baton_core::id::ActId> {
    let event: serde_json::Value = serde_json::from_str(payload).ok()?;
    event.get("data")?.get("act")?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subscriptions_name_what_they_want() {
        let event = Event {
            kind: "exception.announced".into(),
            timestamp: baton_core::time::Instant::from_seconds(0),
            data: serde_json::json!({}),
        };
        for (events, wanted) in [
            (&[][..], true),
            (&["*"], true),
            (&["exception.*"], true),
            (&["exception.cleared", "exception.announced"], true),
            (&["exception.cleared"], false),
            (&["order.*"], false),
        ] {
            let events: Vec<String> = events.iter().map(|e| (*e).to_owned()).collect();
            assert_eq!(event.is_wanted(&events), wanted, "{events:?}");
        }
    }
}

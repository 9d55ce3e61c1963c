//! Journeys as their file declares them: whole, or as another one without some of its parties.
//!
//! Most tenants have one long journey and orders that some parties take no part in: nothing is installed,
//! nothing is built. Such a variant names the journey that it is like and the roles that it does without,
//! so that hand-offs are declared once. It is made whole here, on the nodes of the file; after that
//! nobody can tell the two apart, and a fault in what was taken over is told where it stands.

use baton_core::book::{Expression, Journey};
use baton_core::partner::Role;
use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::SmolStr;

use crate::finding::{Finding, FindingCode};
use crate::yaml::{self, Node, Value};

/// A journey of `journeys.yaml`.
#[derive(Debug, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used: journeys are read one form at a time")]
pub(crate) enum Declared {
    Whole(Journey),
    Variant(Variant),
}

/// A journey that is like another one of the file, above it, but for some parties.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Variant {
    #[schemars(with = "String")]
    #[expect(dead_code, reason = "copied as it stands in the file")]
    name: SmolStr,
    /// Which orders go through it; that of the other journey is not taken over.
    #[serde(default)]
    #[expect(dead_code, reason = "copied as it stands in the file")]
    when: Option<Expression>,
    /// The name of the other journey.
    #[schemars(with = "String")]
    like: SmolStr,
    /// The roles that take no part: their steps, the milestones of those among what closes the order, and
    /// the hand-offs from and to them are left out.
    without: Vec<Role>,
}

/// Makes the variants among the journeys of a file whole.
pub(crate) fn made_whole(journeys: &[Node], file: &str) -> (Vec<Node>, Vec<Finding>) {
    let mut whole: Vec<Node> = Vec::with_capacity(journeys.len());
    let mut findings = Vec::new();
    for journey in journeys {
        if journey.get("like").is_none() {
            whole.push(journey.clone());
            continue;
        }
        let (variant, faults) = yaml::read::<Variant>(journey, file);
        let readable = faults.is_empty();
        findings.extend(faults);
        let Some(variant) = variant.filter(|_| readable) else { continue };
        let named = |node: &&Node| node.get("name").and_then(Node::text) == Some(&variant.like);
        if let Some(other) = whole.iter().find(named) {
            whole.push(variant.of(other, journey));
        } else {
            let names = whole.iter().filter_map(|node| node.get("name")?.text());
            let at = journey.find("like").at;
            let expected = "the name of a journey above";
            let code = FindingCode::UnknownName;
            findings.push(Finding::new(file, at, code, &*variant.like, expected).meant(names));
        }
    }
    (whole, findings)
}

impl Variant {
    /// The other journey as this one changes it. `declared` is what this one was read from.
    fn of(&self, other: &Node, declared: &Node) -> Node {
        let is_without = |node: Option<&Node>| {
            let role = node.and_then(Node::text);
            self.without.iter().any(|without| Some(without.name()) == role)
        };
        let left_out: Vec<&str> = other
            .find("steps")
            .items()
            .iter()
            .filter(|step| is_without(step.get("owner")))
            .filter_map(|step| step.get("milestone")?.text())
            .collect();
        let mut entries: Vec<(Node, Node)> = declared
            .entries()
            .iter()
            .filter(|(key, _)| matches!(key.text(), Some("name" | "when")))
            .cloned()
            .collect();
        for (key, value) in other.entries() {
            let keeps = |item: &&Node| match key.text() {
                Some("steps") => !is_without(item.get("owner")),
                Some("handoffs") => !is_without(item.get("from")) && !is_without(item.get("to")),
                Some("closes_on") => item.text().is_none_or(|code| !left_out.contains(&code)),
                _ => true,
            };
            match (key.text(), &value.value) {
                (Some("name" | "when"), _) => {}
                (_, Value::List(items)) => {
                    let items = items.iter().filter(keeps).cloned().collect();
                    entries.push((key.clone(), Node { at: value.at, value: Value::List(items) }));
                }
                _ => entries.push((key.clone(), value.clone())),
            }
        }
        Node { at: declared.at, value: Value::Map(entries) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "
- name: long
  when: \"'service' in partners\"
  promise: T60
  steps:
    - {milestone: T60, owner: carrier}
    - {milestone: S50, owner: service}
  closes_on: [T60, S50]
  handoffs:
    - {name: H6, from: carrier, to: customer, on: shipment, released: [{milestone: T60}], received: [], grace: 1d}
    - {name: H7, from: carrier, to: service, on: order, released: [{milestone: T60}], received: [], grace: 1d}
    - {name: H8, from: service, to: customer, on: job, released: [{milestone: S40}], received: [], grace: 1d}
";

    fn check(more: &str) -> (Vec<Journey>, Vec<String>) {
        let node = yaml::parse(&format!("{LONG}{more}")).unwrap();
        let (whole, mut findings) = made_whole(node.items(), "journeys.yaml");
        let mut journeys = Vec::new();
        for node in &whole {
            let (journey, faults) = yaml::read::<Journey>(node, "journeys.yaml");
            findings.extend(faults);
            journeys.extend(journey);
        }
        (journeys, findings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_variant_does_without_some_parties() {
        let (journeys, findings) = check("- {name: short, like: long, without: [service]}");
        assert_eq!(findings, [""; 0]);
        let [long, short] = journeys.as_slice() else { panic!("{journeys:?}") };
        assert_eq!(long.handoffs.len(), 3);
        assert_eq!((short.name.as_str(), &short.when), ("short", &None));
        assert_eq!(short.promise, long.promise);
        assert_eq!(
            (short.steps.as_slice(), short.handoffs.as_slice()),
            (&long.steps[..1], &long.handoffs[..1])
        );
        assert_eq!(short.closes_on, long.closes_on[..1]);
    }

    #[test]
    fn what_is_wrong_is_told_where_it_stands() {
        for (more, expected) in [
            ("- {name: short, like: lon, without: [service]}", "journeys.yaml:13:23"),
            ("- {name: short, like: long, without: [servce]}", "journeys.yaml:13:39"),
            ("- {name: short, like: long, without: [], steps: []}", "journeys.yaml:13:42"),
            ("- {name: short, like: long}", "journeys.yaml:13:3"),
        ] {
            let (_, findings) = check(more);
            assert_eq!(findings.len(), 1, "{more}: {findings:?}");
            assert!(findings[0].contains(expected), "{more}: {findings:?}");
        }
    }
}

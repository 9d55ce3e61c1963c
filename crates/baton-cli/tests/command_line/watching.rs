//! What the dashboard and the alert rules under `deploy/` ask for is what a server really answers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::binary::*;

/// Families of which a healthy server has no value in its first minute, with one order and no other node.
const QUIET: &[&str] = &[
    "baton_letters_total",
    "baton_loop_failures_total",
    "baton_sla_clocks_total",
    "baton_tidied_rows_total",
    "baton_relay_up",
    "baton_relay_words_total",
    "baton_spans_total",
];

/// How long a first delivery may take to be tried.
const PATIENCE: Duration = Duration::from_secs(30);

/// What Prometheus would see: each family with the names of its labels.
#[derive(Debug, Default)]
struct Seen {
    families: BTreeSet<String>,
    labels: BTreeMap<String, BTreeSet<String>>,
}

impl Seen {
    fn of(text: &str) -> Self {
        let mut seen = Self::default();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# TYPE ") {
                seen.families.insert(rest.split(' ').next().unwrap().to_owned());
            } else if !line.starts_with('#') {
                let name = line.split(['{', ' ']).next().unwrap();
                let labels = line.split_once('{').map_or("", |(_, rest)| rest);
                let names = labels.split("\",").filter_map(|label| label.split_once("=\""));
                let names = names.map(|(name, _)| name.to_owned());
                seen.labels.entry(name.to_owned()).or_default().extend(names);
            }
        }
        seen
    }
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The metrics that a text names.
fn named(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !is_of_name(c));
    words.filter(|word| word.starts_with("baton_")).collect()
}

/// The labels that a query goes by: in `by (…)`, and before a comparison within braces.
fn labels(query: &str) -> BTreeSet<&str> {
    let by = query.split(" by (").skip(1).filter_map(|rest| rest.split(')').next());
    let braces = query.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let matched =
        braces.flat_map(|inside| inside.split(',')).filter_map(|one| one.split(['=', '!']).next());
    by.flat_map(|names| names.split(',')).chain(matched).map(str::trim).collect()
}

fn check(query: &str, seen: &Seen) {
    let names = named(query);
    assert!(!names.is_empty(), "asks for nothing of Baton's: {query}");
    for name in &names {
        let family = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|end| name.strip_suffix(end).filter(|base| seen.families.contains(*base)))
            .unwrap_or(name);
        assert!(seen.families.contains(family), "there is no {name}: {query}");
        let Some(known) = seen.labels.get(*name) else {
            assert!(QUIET.contains(&family), "{name} has no value: {query}");
            continue;
        };
        for label in labels(query) {
            assert!(known.contains(label), "{name} has no label {label}: {query}");
        }
    }
}

/// The text of every `expr` in a document.
fn expressions<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(query) if name == "expr" => found.push(query),
                    _ => expressions(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| expressions(item, found)),
        _ => {}
    }
}

/// What a server answers after a short run in which something of everything happened.
fn answered() -> String {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let key = format!("Bearer {}", server.key);
    let subscribe = ureq::post(&format!("{}/v1/subscriptions", server.url));
    let subscribe = subscribe.header("Authorization", &key).header("Baton-Tenant", "main");
    // Nobody is at the discard port.
    let body = r#"{"url":"http://127.0.0.1:9/"}"#;
    subscribe.header("Content-Type", "application/json").send(body).unwrap();
    ingest_samples(|| server.baton());
    let readme = samples().join("README.md");
    run(server.baton().args(["ingest", "--source", "tracking"]).arg(readme), 0);
    run(server.baton().arg("verify"), 0);
    let mut wrong = server.baton();
    run(wrong.env("BATON_KEY", "bak_wrong").args(["order", "list"]), 4);
    let end = Instant::now() + PATIENCE;
    loop {
        let ask = ureq::get(&format!("{}/metrics", server.url)).header("Authorization", &key);
        let text = ask.call().unwrap().body_mut().read_to_string().unwrap();
        // Deliveries are tried beside everything else.
        if text.contains("baton_deliveries_total{") || Instant::now() > end {
            return text;
        }
    }
}

#[test]
fn dashboard_and_alerts_ask_for_what_is_there() {
    let seen = Seen::of(&answered());
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy");
    let read = |path: &str| std::fs::read_to_string(deploy.join(path)).unwrap();
    let dashboard: Value = serde_json::from_str(&read("grafana/baton.json")).unwrap();
    let mut queries = Vec::new();
    expressions(&dashboard, &mut queries);
    assert!(queries.len() > 25, "{}", queries.len());
    queries.iter().for_each(|query| check(query, &seen));
    let rules = read("prometheus/alerts.yaml");
    let queries: Vec<&str> =
        rules.lines().filter_map(|line| line.trim().strip_prefix("expr: ")).collect();
    assert_eq!(queries.len(), rules.matches("- alert:").count());
    queries.iter().for_each(|query| check(query, &seen));
    // And each family is on the dashboard, but for what only counts the machine's own.
    let shown = read("grafana/baton.json");
    for family in &seen.families {
        assert!(shown.contains(family.as_str()), "{family} is on no panel");
    }
    let manual = std::fs::read_to_string(deploy.join("../docs/src/operate/health.md")).unwrap();
    for family in &seen.families {
        assert!(manual.contains(&format!("`{family}`")), "{family} is not in the manual");
    }
}

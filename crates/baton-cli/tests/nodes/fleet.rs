//! Nodes as people run them, each in a process of its own, and a feed that sends to them.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use baton_server::clock::machine_now;
use baton_server::crash::ARMED_BY;
use baton_store::{Location, Scope, Settings, Store, outbox, pending, tenants, timers};
use serde_json::{Value, json};

/// Another program than the one that was built with the tests: a release build, where it is measured.
const BINARY: &str = "BATON_NODES_BINARY";
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(10);
/// Long enough for a machine that does much else.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// The keys of a first start.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    pub(crate) operator: String,
    pub(crate) tracking: String,
}

/// A node. Killed when this goes.
pub(crate) struct Node {
    child: Child,
    pub(crate) url: String,
    /// Of the first node of a database.
    pub(crate) keys: Option<Keys>,
}

/// What a node is started with.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct How<'a> {
    pub(crate) redis: Option<&'a str>,
    /// The authorities that it believes, in place of the system's.
    pub(crate) believes: Option<&'a Path>,
    pub(crate) roles: Option<&'a str>,
    /// Where it is to die, and at the how manieth arrival.
    pub(crate) dies_at: Option<&'a str>,
}

impl Node {
    pub(crate) fn start(database: &str, how: How<'_>) -> Self {
        let built = env!("CARGO_BIN_EXE_baton").to_owned();
        let mut command = Command::new(std::env::var(BINARY).unwrap_or(built));
        command.args(["serve", "--port", "0", "--json", "--database", database]);
        command.env_remove("BATON_REDIS").env_remove(ARMED_BY).env("BATON_LOG", "error");
        if let Some(redis) = how.redis {
            command.env("BATON_REDIS", redis);
        }
        if let Some(authorities) = how.believes {
            command.env("SSL_CERT_FILE", authorities);
        }
        if let Some(roles) = how.roles {
            command.args(["--roles", roles]);
        }
        if let Some(place) = how.dies_at {
            command.env(ARMED_BY, place);
        }
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("a node starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("told: {line}"));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let keys = told["sources"].as_array().map(|sources| {
            let tracking = sources.iter().find(|source| source["source"] == "tracking").unwrap();
            Keys { operator: text(&told["key"]), tracking: text(&tracking["key"]) }
        });
        Self { child, url: text(&told["url"]), keys }
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
    pub(crate) fn is_dead(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }
    /// As `kill -9` does it.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Status and body of a call; nothing where there is no answer.
    pub(crate) fn call(
        &self,
        (method, path): (&str, &str),
        key: &str,
        body: &str,
    ) -> Option<(u16, Value)> {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent: ureq::Agent = config.timeout_global(Some(ANSWER_WAIT_MAX)).build().into();
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("Authorization", format!("Bearer {key}"))
            .header("Baton-Tenant", "main")
            .header("Content-Type", "application/json");
        let mut answer = agent.run(request.body(body.to_owned()).unwrap()).ok()?;
        let text = answer.body_mut().read_to_string().ok()?;
        Some((answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    /// Every delivery in a state.
    pub(crate) fn outbox(&self, keys: &Keys, state: &str) -> Vec<Value> {
        let mut all = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/v1/outbox?state={state}&limit=500{cursor}");
            let (status, page) = self.call(("GET", &path), &keys.operator, "").expect("an answer");
            assert_eq!(status, 200, "{page}");
            all.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    }

    pub(crate) fn subscribe(&self, keys: &Keys, url: &str) {
        let hook = json!({ "url": url, "events": ["*"] }).to_string();
        let made = self.call(("POST", "/v1/subscriptions"), &keys.operator, &hook);
        assert!(matches!(made, Some((201, _))), "{made:?}");
    }

    /// Sends one message; whether it was acknowledged.
    pub(crate) fn send(&self, keys: &Keys, body: &str) -> bool {
        let path = "/v1/sources/tracking/messages";
        self.call(("POST", path), &keys.tracking, body)
            .is_some_and(|(status, _)| status == 202 || status == 200)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A carrier's word about a parcel of its own, with a code that nobody knows: an exception each.
pub(crate) fn scan(n: usize) -> String {
    json!({
        "event_id": format!("scan-{n}"), "tracking_number": format!("TSP7900{n:08}"),
        "carrier": "tailspin", "status": "unknown", "code": "ZZ", "description": "Set aside",
        "timestamp": "2026-05-07T14:31:00-05:00",
        "location": { "city": "Austin", "region": "TX", "country": "US" },
        "estimated_delivery": null,
    })
    .to_string()
}

/// Whether nothing waits to be read, derived or delivered, all in one view of the database: what a node
/// says of itself is some moments old, and meanwhile a message may have become a command.
pub(crate) fn is_settled(database: &Store) -> bool {
    let quiet = database.read(|tx| {
        let scope = Scope::tenant(tenants::by_key(tx, &Scope::operator(), "main")?.id);
        let due = |timer: timers::Timer| timer.wake_at <= machine_now();
        Ok(pending::count(tx, &scope, 1)? == 0
            && !timers::next(tx, &scope)?.is_some_and(due)
            && outbox::next_at(tx, &scope)?.is_none())
    });
    // It may be away.
    quiet.unwrap_or(false)
}

/// The database itself, for whoever looks past the nodes.
pub(crate) fn opened(url: &str) -> Store {
    Store::open(&Location::Database(url.to_owned()), &Settings::default()).expect("a database")
}

pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what}, within {PATIENCE:?}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
    began.elapsed()
}

/// How deliveries stand: each command that was made, by its id at the receiver, was taken.
pub(crate) fn check_deliveries(
    node: &Node,
    keys: &Keys,
    taken: &BTreeMap<String, u32>,
    expected: usize,
) {
    let delivered = node.outbox(keys, "delivered");
    let ids: std::collections::BTreeSet<_> =
        delivered.iter().map(|command| command["act"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), delivered.len(), "one act was made two commands");
    assert_eq!(delivered.len(), expected, "an act for each parcel, and no other");
    assert_eq!(taken.len(), expected, "each of them came to the receiver under one id");
    assert_eq!(node.outbox(keys, "pending").len() + node.outbox(keys, "dead").len(), 0);
}

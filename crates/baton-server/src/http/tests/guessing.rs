//! Keys that do not hold: tried too often from one place, or right and sent from elsewhere.

use serde_json::json;

use super::bench::*;
use crate::settings::{AccessLimits, Settings};

const GUESSER: &str = "198.51.100.7";
const OTHER: &str = "203.0.113.20";
const FAILURES_MAX: u32 = 4;

fn bench() -> Bench {
    let trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    let access =
        AccessLimits { failures_max: FAILURES_MAX, trusted_proxies, ..AccessLimits::default() };
    Bench::with(Settings { access, ..Settings::default() })
}

fn guess(bench: &Bench, n: u32, from: &str) -> Reply {
    bench.call(&format!("bak_guess-{n}"), "GET", "/v1/orders").from(from).send()
}

#[test]
fn who_guesses_too_often_waits_and_nobody_else_does() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    let first = bench.call(&tenant.admin, "GET", "/v1/keys").from(GUESSER).send();
    assert_eq!(first.status, 200);
    for n in 0..FAILURES_MAX {
        assert_eq!(guess(&bench, n, GUESSER).outcome(), "key_wrong");
    }
    let refused = guess(&bench, 99, GUESSER);
    assert_eq!((refused.status, refused.outcome().as_str()), (429, "too_many_failures"));
    let seconds: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=16).contains(&seconds), "a quarter of a minute: {seconds}");
    // A right key that was seen of late goes on; one that was not waits with the guesser.
    assert_eq!(bench.call(&tenant.admin, "GET", "/v1/keys").from(GUESSER).send().status, 200);
    let auditor = bench.key(&tenant, "auditor", None);
    assert_eq!(bench.call(&auditor, "GET", "/v1/orders").from(GUESSER).send().status, 429);
    assert_eq!(bench.call(&auditor, "GET", "/v1/orders").from(OTHER).send().status, 200);
    assert_eq!(guess(&bench, 1, OTHER).outcome(), "key_wrong");
    // No address is guessed from within the process, and no key is guessed by leaving it out.
    for _ in 0..=FAILURES_MAX {
        assert_eq!(bench.get("bak_guess", "/v1/orders").outcome(), "key_wrong");
        let without = bench.call("", "GET", "/v1/orders").from(OTHER).send();
        assert_eq!(without.outcome(), "key_missing");
    }
    let metrics = bench.local("", "GET", "/metrics").send();
    let metrics = String::from_utf8(metrics.body).unwrap();
    for line in [
        "baton_failed_authentications_total{why=\"wrong_key\"} 10",
        "baton_failed_authentications_total{why=\"too_many\"} 2",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} in {metrics}");
    }
}

#[test]
fn behind_a_proxy_that_is_trusted_callers_are_told_apart() {
    let bench = bench();
    let through = |forwarded: &str, from: &str| {
        let call = bench.call("bak_guess", "GET", "/v1/orders").from(from);
        call.with("X-Forwarded-For", forwarded).send().outcome()
    };
    for n in 0..FAILURES_MAX {
        // What stands before the proxy's own word is the caller's to invent.
        assert_eq!(through(&format!("10.0.0.{n}, {GUESSER}"), "127.0.0.1"), "key_wrong");
    }
    assert_eq!(through(GUESSER, "127.0.0.1"), "too_many_failures");
    assert_eq!(through(OTHER, "127.0.0.1"), "key_wrong");
    // Whoever is no proxy of ours speaks for itself only.
    for _ in 0..FAILURES_MAX {
        assert_eq!(through(GUESSER, "192.0.2.77"), "key_wrong");
    }
    assert_eq!(through(OTHER, "192.0.2.77"), "too_many_failures");
}

#[test]
fn a_key_of_a_network_is_wrong_everywhere_else() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    let new = json!({
        "label": "warehouse", "role": "auditor", "networks": ["203.0.113.0/24", "2001:db8::9"],
    });
    let made = bench.call(&tenant.admin, "POST", "/v1/keys").json(&new);
    assert_eq!(made.json()["networks"], json!(["203.0.113.0/24", "2001:db8::9/128"]));
    let key = made.text("key");
    let from = |address: &str| bench.call(&key, "GET", "/v1/orders").from(address).send();
    for address in [OTHER, "2001:db8::9", "::ffff:203.0.113.20"] {
        assert_eq!(from(address).status, 200, "{address}");
    }
    let elsewhere = from("192.0.2.1");
    assert_eq!(elsewhere.outcome(), "key_wrong");
    let never_was = bench.call("bak_never", "GET", "/v1/orders").from("192.0.2.1").send();
    assert_eq!(elsewhere.body, never_was.body, "nobody is told that it is right elsewhere");
    assert_eq!(bench.get(&key, "/v1/orders").outcome(), "key_wrong", "from no known place");
    for wrong in ["everywhere", "10.0.0.0/40"] {
        let new = json!({ "label": "a", "role": "auditor", "networks": [wrong] });
        let refused = bench.call(&tenant.admin, "POST", "/v1/keys").json(&new);
        assert_eq!(refused.outcome(), "value_wrong");
        assert!(refused.text("detail").contains("192.0.2.0/24"), "{}", refused.json());
    }
    let listed = bench.get(&tenant.admin, "/v1/keys").items();
    let used = |role: &str| {
        let found = listed.iter().find(|key| key["role"] == role).unwrap();
        found["last_used_at"].is_string()
    };
    bench.key(&tenant, "operations", None);
    assert!(used("auditor") && used("admin"), "{listed:?}");
    let listed = bench.get(&tenant.admin, "/v1/keys").items();
    let never = listed.iter().find(|key| key["role"] == "operations").unwrap();
    assert!(never["last_used_at"].is_null(), "{never}");
}

#[test]
fn a_feed_sends_from_its_networks() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    let path = "/v1/sources/northwind-erp";
    let send = |address: &str| {
        let call = bench.call(&tenant.source, "POST", &format!("{path}/messages")).from(address);
        call.json(&booked("SO-1", None)).outcome()
    };
    assert_eq!(send(GUESSER), "ok");
    let change = |networks: serde_json::Value| {
        let change = json!({ "networks": networks });
        bench.call(&tenant.admin, "POST", path).json(&change).json()["networks"].clone()
    };
    assert_eq!(change(json!(["203.0.113.0/24"])), json!(["203.0.113.0/24"]));
    assert_eq!((send(GUESSER), send(OTHER)), ("key_wrong".into(), "ok".into()));
    let named = json!({ "name": "ERP" });
    let renamed = bench.call(&tenant.admin, "POST", path).json(&named).json();
    assert_eq!(renamed["networks"], json!(["203.0.113.0/24"]), "what is left out stays");
    assert_eq!(change(json!([])), json!([]));
    assert_eq!(send(GUESSER), "ok");
}

//! Nodes with a Redis between them: each learns of the other's doings at once, and does without where
//! Redis hangs, dies or was never there.

use std::time::{Duration, Instant};

use axum::http::Request;
use baton_store::throwaway::Schema;
use tower::ServiceExt as _;

use super::bench::*;
use crate::Sharing;
use crate::settings::Settings;
use crate::throwaway::Redis;

const PATIENCE: Duration = Duration::from_secs(30);
/// Nobody looks by himself within a test that waits for less than this.
const NEVER: Duration = Duration::from_secs(600);
const GUESSER: &str = "198.51.100.7";

fn node(schema: &Schema, redis: &Redis, roles: &str, tick: Duration) -> Bench {
    let mut settings = Settings { roles: roles.parse().unwrap(), ..Settings::default() };
    settings.redis = Some(redis.url().parse().unwrap());
    settings.steps.tick = tick;
    settings.steps.events_tick = tick;
    settings.steps.lease = tick * 4;
    settings.access.failures_max = 4;
    Bench::at(&schema.location(), settings, Sharing::Several)
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what}, within {PATIENCE:?}");
        std::thread::yield_now();
    }
}

/// What `/health/ready` says; it says it with 200.
fn readiness(node: &Bench) -> String {
    let reply = node.get("", "/health/ready");
    assert_eq!(reply.status, 200, "{}", reply.json());
    if reply.text("status") == "degraded" {
        let slower = &reply.json()["slower"][0];
        assert_eq!(slower["what"], "redis", "{slower}");
        assert!(slower["since"].is_string() && slower["why"].is_string(), "{slower}");
        assert!(!slower.to_string().contains("requirepass"), "{slower}");
    }
    reply.text("status")
}

fn metric(node: &Bench, line: &str) -> f64 {
    let metrics = node.engine.metrics().text();
    let found = metrics.lines().find_map(|l| l.strip_prefix(line));
    found.map_or(0.0, |value| value.trim().parse().unwrap())
}

fn heard(node: &Bench) -> f64 {
    metric(node, "baton_relay_words_total{direction=\"heard\"}")
}

#[test]
fn what_one_node_commits_another_knows_at_once() {
    let (Some(schema), Some(redis)) = (Schema::fresh(), Redis::start()) else { return };
    let takes = node(&schema, &redis, "intake", NEVER);
    let works = node(&schema, &redis, "interpret,derive,dispatch", NEVER);
    for node in [&takes, &works] {
        until("a node hears itself", || metric(node, "baton_relay_up") > 0.0);
    }
    let tenant = takes.tenant("northwind");
    until("tenant and packs are taken up by the other node", || {
        let tenants = works.engine.tenants();
        tenants.iter().any(|tenant| !tenant.declared().version.is_empty())
    });
    // A stream of the node that only takes messages, of what the other makes of them.
    let request = Request::get("/v1/events?after=0");
    let request = request.header("Authorization", format!("Bearer {}", tenant.admin));
    let request = request.body(axum::body::Body::empty()).unwrap();
    let opened = takes.runtime.block_on(takes.app.clone().oneshot(request)).unwrap();
    let mut body = opened.into_body().into_data_stream();
    let mut next = || {
        let next = std::future::poll_fn(|context| {
            futures_core::Stream::poll_next(std::pin::Pin::new(&mut body), context)
        });
        let next = async { tokio::time::timeout(PATIENCE, next).await };
        let bytes = takes.runtime.block_on(next).expect("an event in time").unwrap().unwrap();
        // A stream that has nothing to say says so after a while: nobody told it of the change.
        assert!(!bytes.starts_with(b":"), "nothing new");
        String::from_utf8(bytes.to_vec()).unwrap()
    };
    assert!(next().contains("packs.activated"));
    assert_eq!(takes.send(&tenant, &booked("SO-1", None)).status, 202);
    let began = Instant::now();
    let event = next();
    eprintln!("read, derived and streamed by two nodes after {:?}", began.elapsed());
    assert!(event.contains("order.created"), "{event}");
    assert_eq!(readiness(&takes), "ready");

    // Wrong keys count wherever they are tried.
    let guess = |node: &Bench| node.call("bak_guess", "GET", "/v1/orders").from(GUESSER).send();
    let before = heard(&works);
    for _ in 0..4 {
        assert_eq!(guess(&takes).outcome(), "key_wrong");
    }
    until("the other node hears of four failures", || heard(&works) >= before + 4.0);
    assert_eq!(guess(&works).outcome(), "too_many_failures");
}

#[test]
fn without_redis_everything_goes_on_and_with_it_again_at_once() {
    let (Some(schema), Some(mut redis)) = (Schema::fresh(), Redis::start()) else { return };
    redis.kill();
    let tick = Duration::from_millis(50);
    let takes = node(&schema, &redis, "intake", tick);
    let works = node(&schema, &redis, "interpret,derive,dispatch", tick);
    let tenant = takes.tenant("northwind");
    let both = |wanted: &str| {
        for node in [&takes, &works] {
            until(wanted, || readiness(node) == wanted);
        }
    };
    let goes_through = |number: &str| {
        assert_eq!(takes.send(&tenant, &booked(number, None)).status, 202);
        let path = format!("/v1/orders?identifier={number}");
        until("an order comes about", || takes.get(&tenant.admin, &path).items().len() == 1);
    };
    // It was not there when the nodes started.
    both("degraded");
    goes_through("SO-1");
    redis.begin();
    both("ready");
    let before = heard(&works);
    goes_through("SO-2");
    until("words come through", || heard(&works) > before);
    redis.hang(true);
    both("degraded");
    goes_through("SO-3");
    redis.hang(false);
    both("ready");
    goes_through("SO-4");
    redis.kill();
    both("degraded");
    goes_through("SO-5");
    redis.begin();
    both("ready");
    let orders = takes.get(&tenant.admin, "/v1/orders").items();
    assert_eq!(orders.len(), 5);
    assert_eq!(
        takes.local("northwind", "POST", "/v1/verify").json(&serde_json::json!({})).json()["differences_found"],
        0
    );
}

//! Webhooks: signed, in order for each order, given up after their last attempt.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::harness::*;
use crate::clock::machine_now;
use crate::dispatch::sign::{Secret, sign};
use crate::settings::Settings;
use baton_core::book::Rulebook;
use baton_core::id::{ActId, Digest};
use baton_core::time::Instant;
use baton_store::clusters::ClusterNo;
use baton_store::outbox::{self, NewCommand, State};
use baton_store::subscriptions;

/// Answers each request with the next status, and hands on what it was sent.
fn receiver(statuses: &'static [u16]) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sent, received) = channel();
    std::thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut some = [0; 4_096];
            loop {
                let n = stream.read(&mut some).unwrap();
                request.extend(&some[..n]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let length = header(&text, "content-length").and_then(|l| l.parse::<usize>().ok());
                let whole =
                    text.split_once("\r\n\r\n").is_some_and(|(_, b)| Some(b.len()) == length);
                if n == 0 || whole {
                    break;
                }
            }
            write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .unwrap();
            sent.send(String::from_utf8(request).unwrap()).unwrap();
        }
    });
    (url, received)
}

fn header(request: &str, name: &str) -> Option<String> {
    request.lines().find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then(|| value.to_owned())
    })
}

fn quick() -> Settings {
    let mut settings = Settings::default();
    settings.dispatch.backoff_first = Duration::from_millis(2);
    settings.dispatch.attempts_max = 3;
    settings.steps.tick = Duration::from_millis(5);
    settings
}

fn command(bench: &Bench, url: &str, n: u8) -> (String, String) {
    let secret = Secret::text(&[7; 32]);
    let shop = order("shop_order", "northwind-shop", "1001");
    let act = ActId(Digest::of(&[&[n]]));
    let payload = serde_json::json!({
        "type": "exception.announced",
        "data": { "act": act, "object": { "name": shop } },
    })
    .to_string();
    bench
        .engine
        .store()
        .write(|tx| {
            let scope = &bench.tenant.scope;
            let known = subscriptions::list(tx, scope)?.first().map(|s| s.id);
            let subscription = match known {
                Some(id) => id,
                None => subscriptions::create(tx, scope, (url, &secret), &[], at(0, 0))?,
            };
            let command = NewCommand {
                act: ActId(Digest::of(&[&[n], b"for subscription"])),
                cluster: ClusterNo(1),
                subscription,
                payload: &payload,
                next_at: machine_now(),
                created_at: machine_now(),
            };
            outbox::add(tx, scope, &[command])
        })
        .unwrap();
    bench.engine.wake();
    (act.to_string(), payload)
}

fn commands(bench: &Bench, state: State) -> usize {
    let found =
        bench.engine.store().read(|tx| outbox::list(tx, &bench.tenant.scope, state, None, 10));
    found.unwrap().len()
}

#[test]
fn deliveries_are_signed_tried_again_in_order_and_become_facts() {
    let (url, received) = receiver(&[500, 200, 200]);
    let bench = Bench::with(quick(), Rulebook::default());
    let (first, payload) = command(&bench, &url, 1);
    let (second, _) = command(&bench, &url, 2);
    let requests: Vec<String> = (0..3).map(|_| received.recv_timeout(PATIENCE).unwrap()).collect();
    let ids: Vec<_> = requests.iter().map(|r| header(r, "webhook-id").unwrap()).collect();
    assert_eq!(
        ids,
        [first.clone(), first, second],
        "the second waits while the first is tried again"
    );
    let seconds: i64 = header(&requests[0], "webhook-timestamp").unwrap().parse().unwrap();
    let secret: Secret = Secret::text(&[7; 32]).parse().unwrap();
    let signed = sign(&secret, &ids[0], Instant::from_seconds(seconds), payload.as_bytes());
    assert_eq!(header(&requests[0], "webhook-signature"), Some(signed.signature));
    wait_until(|| commands(&bench, State::Delivered) == 2);
    bench.settle();
    let shop = order("shop_order", "northwind-shop", "1001");
    assert_eq!(bench.state(&shop).facts, 2, "how each delivery ended is a fact");
}

#[test]
fn what_is_refused_again_and_again_is_given_up_and_the_next_goes_on() {
    let (url, received) = receiver(&[500, 500, 500, 200]);
    let bench = Bench::with(quick(), Rulebook::default());
    command(&bench, &url, 1);
    command(&bench, &url, 2);
    for _ in 0..4 {
        received.recv_timeout(PATIENCE).unwrap();
    }
    wait_until(|| commands(&bench, State::Delivered) == 1);
    assert_eq!(commands(&bench, State::Dead), 1);
    assert_eq!(commands(&bench, State::Pending), 0);
}

fn wait_until(held: impl Fn() -> bool) {
    let until = std::time::Instant::now() + PATIENCE;
    while !held() {
        assert!(std::time::Instant::now() < until, "it never held");
        std::thread::yield_now();
    }
}

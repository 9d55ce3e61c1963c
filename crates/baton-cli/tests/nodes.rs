//! Several real processes on one PostgreSQL: some die holding work, and the others take it over; the
//! database itself is stopped and started. Each parcel brings about one exception, so what is lost or
//! doubled shows at the receiver of the webhooks, which counts by the id of the delivery.
//!
//! `cargo xtask nodes` measures the same with more of them.

#[path = "nodes/database.rs"]
mod database;
#[path = "nodes/fleet.rs"]
mod fleet;
#[path = "nodes/measured.rs"]
mod measured;
#[path = "torture/receiver.rs"]
mod receiver;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use baton_server::throwaway::Redis;
use baton_store::throwaway::Schema;
use serde_json::json;

use crate::database::Database;
use crate::fleet::{How, Keys, Node, PATIENCE, check_deliveries, is_settled, opened, scan, until};
use crate::receiver::Receiver;

const PARCELS: usize = 300;

/// Sends every parcel's message to one node after another until one of them acknowledges it, as a sender
/// behind a load balancer does.
fn send_all(nodes: &[&Node], keys: &Keys, parcels: std::ops::Range<usize>, senders: usize) {
    let next = AtomicUsize::new(parcels.start);
    std::thread::scope(|scope| {
        for _ in 0..senders {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= parcels.end {
                        return;
                    }
                    let mut turn = n;
                    until("a message is acknowledged", || {
                        turn += 1;
                        nodes[turn % nodes.len()].send(keys, &scan(n))
                    });
                }
            });
        }
    });
}

fn verify(node: &Node, keys: &Keys) {
    let verified = node.call(("POST", "/v1/verify"), &keys.operator, "{}").expect("an answer");
    assert_eq!(verified.1["differences_found"], json!(0), "{verified:?}");
    let messages = node.call(("GET", "/v1/quarantine"), &keys.operator, "").expect("an answer");
    assert_eq!(messages.1["items"], json!([]), "{messages:?}");
}

#[test]
fn what_nodes_held_that_died_is_taken_over_once() {
    let Some(schema) = Schema::fresh() else { return };
    let receiver = Receiver::start();
    let first = Node::start(&schema.url, How::default());
    let keys = first.keys.clone().unwrap();
    first.subscribe(&keys, &receiver.url());
    // Each dies by itself where it holds something, and one is killed from outside.
    let dying =
        |at: &'static str| Node::start(&schema.url, How { dies_at: Some(at), ..How::default() });
    let mut doomed =
        ["batch_read:2", "step_before_commit:3", "commands_claimed:1", "commands_sent:1"]
            .map(dying);
    let mut killed = Node::start(&schema.url, How::default());
    {
        let all: Vec<&Node> = [&first, &killed].into_iter().chain(&doomed).collect();
        send_all(&all, &keys, 0..PARCELS / 2, 4);
    }
    killed.kill();
    let all: Vec<&Node> = [&first].into_iter().chain(&doomed).collect();
    send_all(&all, &keys, PARCELS / 2..PARCELS, 4);
    let mut more = PARCELS;
    until("every doomed node is dead", || {
        // Each node is at what it took before the others are, so each comes to its place.
        let all: Vec<&Node> = [&first].into_iter().chain(&doomed).collect();
        send_all(&all, &keys, more..more + 10, 5);
        more += 10;
        doomed.iter_mut().all(Node::is_dead)
    });
    let began = Instant::now();
    let database = opened(&schema.url);
    until("what they held is taken over", || is_settled(&database));
    eprintln!("settled {:?} after the last death", began.elapsed());
    let taken = receiver.taken();
    check_deliveries(&first, &keys, &taken, more);
    let again = taken.values().filter(|times| **times > 1).count();
    eprintln!("{more} commands, {again} of them sent again after a death, under the same id");
    verify(&first, &keys);
}

#[test]
fn nothing_is_lost_where_the_database_is_stopped_and_started() {
    let Some(mut database) = Database::start() else { return };
    let receiver = Receiver::start();
    let nodes = [0, 1].map(|_| Node::start(&database.url(), How::default()));
    let keys = nodes[0].keys.clone().unwrap();
    nodes[0].subscribe(&keys, &receiver.url());
    let both = [&nodes[0], &nodes[1]];
    let ready = |node: &Node| node.call(("GET", "/health/ready"), "", "").map(|(status, _)| status);
    let mut sent = 0;
    for hard in [false, true] {
        // Messages go on while it is away: each is sent until it is acknowledged.
        std::thread::scope(|scope| {
            let range = sent..sent + 100;
            scope.spawn(|| send_all(&both, &keys, range, 3));
            while receiver.arrivals.try_recv().is_ok() {}
            receiver.arrivals.recv_timeout(PATIENCE).expect("deliveries go on");
            database.stop(hard);
            for node in both {
                until("a node is not ready", || ready(node) == Some(503));
            }
            let said = nodes[0].call(("GET", "/health/ready"), "", "").unwrap().1;
            assert_eq!(said["code"], "store_unavailable", "{said}");
            database.begin();
        });
        sent += 100;
        for node in both {
            until("a node is ready again", || ready(node) == Some(200));
        }
    }
    let looked_at = opened(&database.url());
    let took = until("everything is worked off", || is_settled(&looked_at));
    eprintln!("settled {took:?} after the last message");
    check_deliveries(&nodes[1], &keys, &receiver.taken(), sent);
    verify(&nodes[0], &keys);
}

/// What a node says of its Redis: whether all is well, or why it goes on without.
fn readiness(node: &Node) -> String {
    let (status, told) = node.call(("GET", "/health/ready"), "", "").expect("an answer");
    assert_eq!(status, 200, "{told}");
    if told["status"] == "ready" { "ready".to_owned() } else { told["slower"][0].to_string() }
}

#[test]
fn a_redis_behind_tls_is_spoken_to_by_who_believes_its_certificate() {
    let Some(schema) = Schema::fresh() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file
    };
    let signed = |name: &str| {
        let own = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate = file(&format!("{name}.pem"), own.cert.pem());
        (certificate, file(&format!("{name}.key"), own.signing_key.serialize_pem()))
    };
    let (certificate, key) = signed("redis");
    let (another, _) = signed("another");
    let Some(redis) = Redis::start_with_tls(&certificate, &key) else { return };
    let url = redis.url();
    let node = |believes| {
        let how = How { redis: Some(&url), believes: Some(believes), ..How::default() };
        Node::start(&schema.url, how)
    };
    let well = node(&certificate);
    until("it hears itself", || readiness(&well) == "ready");
    let doubts = node(&another);
    until("it says why not", || readiness(&doubts).contains("certificate"));
}

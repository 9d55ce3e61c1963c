//! What goes wrong around the process: a full disk, a file that cannot be written to, a database that is
//! cut off, rows that cannot be read any more, receivers that hang. Nothing acknowledged is lost, the process says what is wrong, and it
//! recovers by itself.

mod damage;
mod disk;
mod postgres;
mod receivers;

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::Request;
use baton_core::id::MessageNo;
use baton_store::{messages, quarantine};
use tower::ServiceExt as _;

use super::harness::*;
use crate::intake::{IntakeError, Receipt};
use crate::own_words;
use crate::settings::Settings;

const ALL: usize = 10_000;

fn quick() -> Settings {
    let mut settings = Settings::default();
    settings.steps.retry_wait_first = Duration::from_millis(1);
    settings.steps.retry_wait_max = Duration::from_millis(20);
    settings.steps.tick = Duration::from_millis(5);
    settings
}

/// The answer of `/health/ready`: its status and what it says.
fn ready(bench: &Bench) -> (u16, String) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let app = crate::http::app(bench.engine.clone());
    runtime.block_on(async {
        let request = Request::get("/health/ready").body(axum::body::Body::empty()).unwrap();
        let answer = app.oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    })
}

fn wait_until(what: &str, held: impl Fn() -> bool) {
    let until = std::time::Instant::now() + PATIENCE;
    while !held() {
        assert!(std::time::Instant::now() < until, "it never held: {what}");
        std::thread::yield_now();
    }
}

/// Sends that an order was placed, under a number of the sender's own and with so much beside it.
fn send(bench: &Bench, n: usize, ballast: &str) -> Result<MessageNo, IntakeError> {
    let shop = order("shop_order", "northwind-shop", &format!("{}", 1_000 + n));
    let number = format!("message-{n}");
    let headers = [("x-own-id", number.as_str()), ("x-ballast", ballast)];
    let body = own_words::body(vec![reached(&shop, at(0, 1), "O10")]);
    bench
        .send_raw("northwind-shop", &headers, body)
        .as_ref()
        .map(Receipt::message)
        .map_err(Clone::clone)
}

/// Everything that was acknowledged is there, once, and became what it says.
fn nothing_is_lost(bench: &Bench, acknowledged: &BTreeSet<MessageNo>) {
    bench.settle();
    let kept = bench.engine.store().read(|tx| {
        let scope = &bench.tenant.scope;
        assert_eq!(quarantine::list(tx, scope, None, None, ALL)?, []);
        messages::list(tx, scope, None, None, ALL)
    });
    let own = own_words::CONTENT_TYPE;
    let kept: BTreeSet<MessageNo> =
        kept.unwrap().iter().filter(|e| e.content_type != own).map(|entry| entry.id).collect();
    assert_eq!(kept.symmetric_difference(acknowledged).collect::<Vec<_>>(), [] as [&MessageNo; 0]);
    assert_eq!(bench.verify().differences, []);
    let orders = bench.orders().len();
    assert_eq!(orders, acknowledged.len().min(1_000));
}

//! What one more event takes on a subject that has very many facts: from the request until its state is
//! durable.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use baton_server::EngineHandle;
use baton_sim::standard_mix;
use serde::Serialize;

use super::histogram::quantile_ms;
use super::load::letter;
use super::{CONNECTIONS, PATIENCE, SEED, TENANT};
use crate::api::Api;
use crate::exit::{Failure, Result};
use crate::feeder::{Feeder, Letter};

/// Events that are timed one by one.
const TIMED: usize = 50;

#[derive(Debug, Serialize)]
pub(super) struct OneMore {
    pub(super) facts: u64,
    pub(super) ms_p50: f64,
    pub(super) ms_p95: f64,
}

pub(super) fn measure(
    engine: &EngineHandle,
    address: SocketAddr,
    keys: &HashMap<String, String>,
    events: u64,
) -> Result<OneMore> {
    // All about one order and its one shipment.
    let letters = standard_mix(SEED, 1, events + TIMED as u64).map(|sent| letter(sent, keys));
    let mut letters: Vec<Letter> = letters.collect::<Result<_>>()?;
    let timed = letters.split_off(letters.len().saturating_sub(TIMED));
    let settle = || engine.settle(PATIENCE).map_err(|why| Failure::failed(why.to_string()));
    let feeder = Feeder::start(address, CONNECTIONS)?;
    feeder.send(letters)?;
    settle()?;
    let mut taken: Vec<Duration> = Vec::with_capacity(timed.len());
    for letter in timed {
        let began = Instant::now();
        feeder.send([letter])?;
        settle()?;
        taken.push(began.elapsed());
    }
    taken.sort_unstable();
    let facts = facts(engine)?;
    Ok(OneMore { facts, ms_p50: quantile_ms(&taken, 0.5), ms_p95: quantile_ms(&taken, 0.95) })
}

/// Of the order that changed last.
fn facts(engine: &EngineHandle) -> Result<u64> {
    let api = Api::of(engine, Some(TENANT))?;
    let list = api.get("/v1/orders?limit=1")?;
    let id = list["items"][0]["id"].as_str().unwrap_or_default();
    let order = api.get(&format!("/v1/orders/{id}"))?;
    order["facts"].as_u64().ok_or_else(|| Failure::failed("the order does not tell its facts"))
}

//! How long reading takes: lists by every filter and order, and whole orders, over the wire.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::Value;

use super::histogram::quantile_ms;
use crate::exit::{Failure, Result};
use crate::wire::Connection;

#[derive(Debug, Serialize)]
pub(super) struct Reading {
    pub(super) what: String,
    pub(super) ms_p50: f64,
    pub(super) ms_p95: f64,
}

/// Each filter alone, and some together.
const FILTERS: &[&str] = &[
    "",
    "phase=placed",
    "phase=shipped,delivered",
    "partner=litware",
    "holder=litware",
    "late=true",
    "troubled=true",
    "exception=E-ORD-01",
    "promised_from=2026-01-01T00:00:00Z&promised_to=2027-01-01T00:00:00Z",
    "q=C-10",
    "late=true&troubled=true&partner=litware",
];
const SORTS: &[&str] = &["updated", "promised", "late"];
/// Orders that are shown come from a list of so many.
const SHOWN_FROM: usize = 200;

pub(super) fn measure(address: SocketAddr, key: &str, times: usize) -> Result<Vec<Reading>> {
    let mut reader = Reader { connection: Connection::open(address)?, key };
    let mut readings = Vec::new();
    for filter in FILTERS {
        for sort in SORTS {
            let query = format!("sort={sort}&limit=50&{filter}");
            let path = format!("/v1/orders?{}", query.trim_end_matches('&'));
            let taken = (0..times).map(|_| Ok(reader.get(&path)?.0)).collect::<Result<_>>()?;
            readings.push(reading(path, taken));
        }
    }
    let (_, list) = reader.get(&format!("/v1/orders?limit={SHOWN_FROM}"))?;
    let ids: Vec<&str> =
        list["items"].as_array().into_iter().flatten().filter_map(|o| o["id"].as_str()).collect();
    let shown = ids.iter().cycle().take(if ids.is_empty() { 0 } else { times });
    let taken =
        shown.map(|id| Ok(reader.get(&format!("/v1/orders/{id}"))?.0)).collect::<Result<_>>()?;
    readings.push(reading("/v1/orders/{id}".to_owned(), taken));
    Ok(readings)
}

fn reading(what: String, mut taken: Vec<Duration>) -> Reading {
    taken.sort_unstable();
    Reading { what, ms_p50: quantile_ms(&taken, 0.5), ms_p95: quantile_ms(&taken, 0.95) }
}

struct Reader<'a> {
    connection: Connection,
    key: &'a str,
}

impl Reader<'_> {
    fn get(&mut self, path: &str) -> Result<(Duration, Value)> {
        let began = Instant::now();
        let answer = self.connection.get(path, self.key)?;
        let took = began.elapsed();
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status == 200 {
            return Ok((took, body));
        }
        Err(Failure::failed(format!("{path} answered {}: {body}", answer.status)))
    }
}

//! What the rows of one event cost on SQLite, through this crate.
//!
//! For each event: one message (300 bytes, with its own number) received and queued, in one
//! transaction for each batch of 200; then, in another, two facts, the order's list row, its timer, a
//! change, for every tenth a command, and the message taken out of the queue. Orders are hit at
//! random. Prints CPU microseconds (user and system) and wall-clock time an event.
//!
//! Usage: `cargo run --release -p baton-store --example event_cost -- [EVENTS] [ORDERS] [FOLDER]`
use std::path::PathBuf;
use std::time::Instant as Stopwatch;

use baton_core::fact::{Body, Fact, Place, Statement};
use baton_core::id::{ActId, Digest, MessageNo, ObjectId};
use baton_core::identifier::{Identifier, ObjectKind};
use baton_core::partner::{Role, SourceKey};
use baton_core::time::{Happened, Instant};
use baton_store::changes::{self, NewChange};
use baton_store::clusters::ClusterNo;
use baton_store::facts::{self, NewFact};
use baton_store::messages::{self, NewMessage};
use baton_store::orders::{self, OrderRow};
use baton_store::outbox::{self, NewCommand};
use baton_store::sources::{self, NewSource, SourceId};
use baton_store::tenants::{self, Clock, NewTenant};
use baton_store::{Location, PackedBody, Result, Scope, Settings, Store, pending, timers};

const BATCH: i64 = 200;
/// Linux counts a process's time in hundredths of a second.
const TICKS_A_SECOND: f64 = 100.0;

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let mut number = |default: i64| args.next().and_then(|arg| arg.parse().ok()).unwrap_or(default);
    let (events, orders) = (number(100_000), number(10_000));
    let folder = std::env::args()
        .nth(3)
        .map_or_else(|| std::env::temp_dir().join("baton-event-cost"), PathBuf::from);
    // An earlier run's file would be another measurement.
    std::fs::remove_dir_all(&folder).ok();
    let store = Store::open(&Location::Folder(folder), &Settings::default())?;
    store.migrate()?;
    let (scope, source) = store.write(world)?;
    let mut random = Random(88_172_645_463_325_252);
    let (cpu, wall) = (cpu_seconds(), Stopwatch::now());
    let mut received_seconds = 0.0;
    let mut event = 0;
    while event < events {
        let size = BATCH.min(events - event);
        let start = Stopwatch::now();
        let batch: Vec<_> = (event..event + size).map(|n| message(source, n)).collect();
        let receipts = store.write(|tx| messages::receive_batch(tx, &scope, &batch))?;
        received_seconds += start.elapsed().as_secs_f64();
        let mut ids: Vec<_> = messages::kept(&receipts).into_iter().collect();
        ids.sort_unstable();
        let hits: Vec<(MessageNo, i64)> =
            ids.iter().map(|id| (*id, random.below(orders))).collect();
        derive(&store, &scope, &hits)?;
        event += size;
    }
    let each = |seconds: f64| seconds / events as f64 * 1e6;
    println!(
        "baton-store: {:.1} us CPU, {:.1} us wall an event, of which {:.1} us received ({events} events, {orders} orders)",
        each(cpu_seconds() - cpu),
        each(wall.elapsed().as_secs_f64()),
        each(received_seconds),
    );
    Ok(())
}

fn world(tx: &mut baton_store::Tx<'_>) -> Result<(Scope, SourceId)> {
    let created_at = Instant::from_seconds(0);
    let new = NewTenant { key: "main", name: "Main", clock: Clock::Real, created_at };
    let scope = Scope::tenant(tenants::create(tx, &Scope::operator(), &new)?);
    let new = NewSource {
        key: "shop",
        name: "Shop",
        partner: Some("northwind"),
        role: Role::Commerce,
        connector: "test",
        settings: serde_json::Value::Null,
        silent_after: None,
        created_at,
    };
    let source = sources::create(tx, &scope, &new)?;
    Ok((scope, source))
}

fn message(source: SourceId, event: i64) -> NewMessage {
    NewMessage {
        source,
        received_at: Instant::from_seconds(event),
        content_type: "application/json".into(),
        headers: "{}".into(),
        own_id: Some(format!("evt-{event:012}")),
        bytes_identify: false,
        content: None,
        body: PackedBody::new(vec![b'm'; 300]),
    }
}

fn derive(store: &Store, scope: &Scope, hits: &[(MessageNo, i64)]) -> Result<()> {
    let made: Vec<(ClusterNo, i64, Fact)> = hits
        .iter()
        .flat_map(|(id, order)| (0..2).map(|n| (ClusterNo(*order + 1), n, fact(*id, *order, n))))
        .collect();
    let new: Vec<_> = made
        .iter()
        .map(|(cluster, n, fact)| NewFact { cluster: *cluster, n: *n, fact, content: None })
        .collect();
    let mut hit: Vec<(i64, MessageNo)> = hits.iter().map(|(id, order)| (*order, *id)).collect();
    hit.sort_unstable();
    hit.dedup_by_key(|(order, _)| *order);
    let rows: Vec<OrderRow> = hit.iter().map(|(order, id)| row(*order, id.0)).collect();
    let clusters: Vec<_> = rows.iter().map(|row| row.cluster).collect();
    let wakes: Vec<_> = rows
        .iter()
        .map(|row| (row.cluster, Some(Instant::from_seconds(row.digest + 500))))
        .collect();
    let ids: Vec<String> = hits.iter().map(|(_, order)| object(*order).to_string()).collect();
    let noted: Vec<_> = hits
        .iter()
        .zip(&ids)
        .map(|((id, order), object)| NewChange {
            at: Instant::from_seconds(id.0),
            cluster: Some(ClusterNo(*order + 1)),
            kind: "order.updated",
            object,
            summary: "{}",
        })
        .collect();
    let payload = "c".repeat(400);
    let commands: Vec<_> = hits
        .iter()
        .filter(|(id, _)| id.0 % 10 == 0)
        .map(|(id, order)| NewCommand {
            act: ActId(Digest::of(&[&id.0.to_le_bytes()])),
            cluster: ClusterNo(*order + 1),
            subscription: 1,
            payload: &payload,
            next_at: Instant::from_seconds(id.0),
            created_at: Instant::from_seconds(id.0),
        })
        .collect();
    let done: Vec<_> = hits.iter().map(|(id, _)| *id).collect();
    store.write(|tx| {
        facts::insert(tx, scope, &new)?;
        let before = orders::by_clusters(tx, scope, &clusters)?;
        orders::write(tx, scope, &before, &rows, Instant::from_seconds(0))?;
        timers::set(tx, scope, &wakes)?;
        outbox::add(tx, scope, &commands)?;
        pending::finish(tx, scope, &done)?;
        changes::append(tx, scope, &noted).map(drop)
    })
}

fn fact(message: MessageNo, order: i64, n: i64) -> Fact {
    let at = Instant::from_seconds(message.0);
    let statement = Statement {
        about: Identifier::new(ObjectKind::Order, "po", "northwind", &format!("PO-{order:08}"))
            .into(),
        happened: Happened::at(at),
        body: Body::Noted { text: format!("left Memphis, {n} of 2 cartons").into() },
        place: Place::Pointer("/events/0".into()),
    };
    Fact::new(statement, &SourceKey::from("shop"), message, at, at)
}

fn object(order: i64) -> ObjectId {
    ObjectId::of(&Identifier::new(ObjectKind::Order, "po", "northwind", &order.to_string()))
}

fn row(order: i64, seen: i64) -> OrderRow {
    OrderRow {
        cluster: ClusterNo(order + 1),
        component: 0,
        id: object(order),
        number: format!("PO-{order:08}"),
        // Nine events in ten leave an order in its state.
        state: if seen % 10 == 0 { "shipped" } else { "open" }.into(),
        progress: Some("T25".into()),
        position: Some("T25".into()),
        customer: Some("Contoso".into()),
        value: None,
        promised_at: Some(Instant::from_seconds(order)),
        projected_at: Some(Instant::from_seconds(order)),
        late_minutes: i64::from(order % 10 == 0) * 30,
        holder: Some("speedy".into()),
        partners: vec![(Role::Commerce, "northwind".into()), (Role::Carrier, "speedy".into())],
        exceptions_open: 0,
        severity_max: 0,
        placed_at: Instant::from_seconds(order),
        updated_at: Instant::from_seconds(seen),
        digest: seen,
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.unsigned_abs()).cast_signed()
    }
}

/// User and system time of this process, from Linux's own account of it.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / TICKS_A_SECOND
}

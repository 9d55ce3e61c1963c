//! The ranking of open exceptions: whenever it is asked for and however it is cut into pages, it has what the
//! filter lets through, in the order of the ranks, each once.

use std::cmp::Reverse;

use baton_core::id::{Digest, ExceptionId, ObjectId};
use baton_core::identifier::{Identifier, ObjectKind};
use baton_core::partner::Role;
use baton_core::rank::{Rank, Stake};
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::{Duration, Instant};
use baton_store::clusters::ClusterNo;
use baton_store::edges::Edge;
use baton_store::exceptions::{self, ExceptionRow, Filter, Place};
use baton_store::objects::ObjectRow;
use baton_store::orders::{self, OrderRow};
use baton_store::{Scope, Sight, Store, clusters, edges, objects};

use crate::harness::{at, on_each_engine, order, tenant};

on_each_engine!(exceptions_are_ranked_over_all_of_them, every_state_is_listed_by_opening);

const EXCEPTIONS: u32 = 600;
const ORDERS: u32 = 40;
/// Cuts runs, and ranks that several have.
const PAGE: usize = 17;
const CODES: [&str; 5] = ["E-TRN-05", "E-ORD-01", "E-FIN-02", "E-ORD-04", "E-DAT-07"];
const STATES: [&str; 4] = ["open", "open", "open", "cleared"];

/// Shipments of two orders each.
const SHIPMENTS: u32 = 30;

struct Shipment {
    cluster: ClusterNo,
    id: ObjectId,
    of: [ObjectId; 2],
}

struct Scene {
    scope: Scope,
    orders: Vec<OrderRow>,
    shipments: Vec<Shipment>,
    all: Vec<ExceptionRow>,
}

/// Every fourth order is one in which the carrier takes part; every sixth exception is of a shipment.
fn scene(store: &Store) -> Scene {
    let scope = tenant(store, "main");
    let name = |n| vec![Identifier::new(ObjectKind::Order, "po", "northwind", &format!("R-{n}"))];
    let names: Vec<_> = (0..ORDERS).map(name).collect();
    let made = store.write(|tx| clusters::resolve(tx, &scope, &names)).unwrap().clusters;
    let orders: Vec<OrderRow> = (0_u32..)
        .zip(made)
        .map(|(n, cluster)| {
            let partners = if n % 4 == 0 { vec![(Role::Carrier, "speedy".into())] } else { vec![] };
            OrderRow { partners, exceptions_open: 9, ..order(&format!("R-{n}"), cluster) }
        })
        .collect();
    let name =
        |n| vec![Identifier::new(ObjectKind::Shipment, "tracking", "speedy", &format!("T-{n}"))];
    let names: Vec<_> = (0..SHIPMENTS).map(name).collect();
    let made = store.write(|tx| clusters::resolve(tx, &scope, &names)).unwrap().clusters;
    let shipments: Vec<Shipment> = (0_usize..)
        .zip(made)
        .map(|(n, cluster)| {
            let digest = Digest::of(&[b"shipment", &n.to_le_bytes()]);
            let of = [n, n + 7].map(|order| orders[order % orders.len()].id);
            Shipment { cluster, id: ObjectId { kind: ObjectKind::Shipment, digest }, of }
        })
        .collect();
    let cluster_of = |id: &ObjectId| orders.iter().find(|order| order.id == *id).unwrap().cluster;
    let edges: Vec<Edge> = shipments
        .iter()
        .flat_map(|it| it.of.map(|id| Edge { child: it.cluster, parent: cluster_of(&id) }))
        .collect();
    let objects =
        shipments.iter().map(|it| ObjectRow { cluster: it.cluster, component: 0, id: it.id });
    let objects: Vec<ObjectRow> = objects.collect();
    let all: Vec<ExceptionRow> = (0..EXCEPTIONS).map(|n| varied(n, &orders, &shipments)).collect();
    store
        .write(|tx| {
            edges::add(tx, &scope, &edges)?;
            objects::write(tx, &scope, [], &objects)?;
            orders::write(tx, &scope, &[], &orders, at(1))?;
            exceptions::write(tx, &scope, [], &all)
        })
        .unwrap();
    Scene { scope, orders, shipments, all }
}

fn varied(n: u32, orders: &[OrderRow], shipments: &[Shipment]) -> ExceptionRow {
    let of = |count: u32| (n.wrapping_mul(2_654_435_761) >> 7) % count;
    let pick = |step: u32, count: u32| of(7_919).wrapping_mul(step) % count;
    let order = &orders[(n % ORDERS) as usize];
    let shipment = &shipments[(n % SHIPMENTS) as usize];
    let (cluster, object) =
        if n % 6 == 5 { (shipment.cluster, shipment.id) } else { (order.cluster, order.id) };
    let state = STATES[pick(3, 4) as usize];
    let closed_at = (state != "open").then(|| at(9_000));
    let hours = i64::from(pick(11, 400)) - 150;
    let due_at = (pick(5, 9) != 0).then(|| at(0) + Duration::hours(hours));
    let stake = Stake { money: i64::from(pick(13, 6)) * 7, due_at };
    ExceptionRow {
        id: ExceptionId(Digest::of(&[&n.to_le_bytes()])),
        cluster,
        object,
        code: ExceptionCode::find(CODES[pick(17, 5) as usize]).unwrap(),
        severity: i64::from(pick(19, 4)) + 1,
        state: state.into(),
        opened_at: at(i64::from(pick(23, 500))),
        closed_at,
        liable: None,
        partner: [None, Some("speedy".into()), Some("litware".into())][pick(29, 3) as usize]
            .clone(),
        summary: String::new(),
        expectation: String::new(),
        wording: String::new(),
        taken: None,
        stake: if closed_at.is_none() { stake } else { Stake::default() },
    }
}

impl Scene {
    fn lets_through(&self, scope: &Scope, filter: &Filter, row: &ExceptionRow) -> bool {
        let shipment = self.shipments.iter().find(|shipment| shipment.id == row.object);
        let of = shipment.map_or(vec![row.object], |shipment| shipment.of.to_vec());
        let above: Vec<&OrderRow> = self.orders.iter().filter(|it| of.contains(&it.id)).collect();
        let reaches = scope.partner_key().is_none_or(|who| {
            above.iter().any(|order| order.partners.iter().any(|(_, partner)| partner == who))
        });
        reaches
            && (scope.sight().prices || !row.code.is_about_money())
            && filter.code.is_none_or(|code| code == row.code)
            && filter.severity_min.is_none_or(|least| row.severity >= least)
            && filter.partner.as_ref().is_none_or(|who| row.partner.as_ref() == Some(who))
            && (!filter.money || row.code.is_about_money())
            && filter.order.is_none_or(|(_, id)| of.contains(&id))
            && filter.state.as_ref().is_none_or(|state| row.state == *state)
    }

    /// Found by looking at every row.
    fn expected(&self, scope: &Scope, filter: &Filter, now: Instant) -> Vec<(i64, ExceptionId)> {
        let mut found: Vec<_> = self
            .all
            .iter()
            .filter(|row| row.closed_at.is_none() && self.lets_through(scope, filter, row))
            .map(|row| {
                let money = if scope.sight().prices { row.stake.money } else { 0 };
                let rank = Rank::of(row.severity, Stake { money, ..row.stake }, now).sum;
                let due = row.stake.due_at.map_or(i64::MAX, Instant::micros);
                (Reverse(rank), due, row.id.to_string(), row.id)
            })
            .collect();
        found.sort();
        found.into_iter().map(|(Reverse(rank), .., id)| (rank, id)).collect()
    }
}

fn exceptions_are_ranked_over_all_of_them(store: &Store) {
    let scene = scene(store);
    let tenant = scene.scope.tenant_id().unwrap();
    let of = |who: &str| Scope::partner(tenant, who.into());
    let few = scene.orders[4].clone();
    let none = Filter::default();
    let filters = [
        none.clone(),
        Filter { code: ExceptionCode::find("E-ORD-01"), ..none.clone() },
        Filter { code: ExceptionCode::find("E-ORD-02"), ..none.clone() },
        Filter { severity_min: Some(3), ..none.clone() },
        Filter { partner: Some("litware".into()), ..none.clone() },
        Filter { money: true, severity_min: Some(2), ..none.clone() },
        Filter { order: Some((few.cluster, few.id)), ..none },
    ];
    let scopes =
        [scene.scope.clone(), of("speedy").seeing(Sight::ALL), of("speedy"), of("litware")];
    for scope in &scopes {
        for filter in &filters {
            for hours in [-400, 0, 61, 1_000] {
                let now = at(0) + Duration::hours(hours);
                let (mut found, mut after): (Vec<_>, Option<Place>) = (Vec::new(), None);
                loop {
                    // Time goes on between pages; they are of one instant all the same.
                    let later = now + Duration::hours(i64::try_from(found.len()).unwrap());
                    let page = store
                        .read(|tx| exceptions::ranked(tx, scope, filter, later, after, PAGE))
                        .unwrap();
                    assert!(page.items.len() <= PAGE);
                    found.extend(page.items.iter().map(|(row, rank)| (rank.sum, row.id)));
                    let Some(next) = page.next else { break };
                    after = Some(next.to_string().parse().unwrap());
                }
                let expected = scene.expected(scope, filter, now);
                assert_eq!(found, expected, "{scope:?} {filter:?} at {hours} h");
            }
        }
    }
    let all = scene.expected(&scene.scope, &Filter::default(), at(0));
    assert!(all.len() > 400 && all.len() < scene.all.len());
}

fn every_state_is_listed_by_opening(store: &Store) {
    let scene = scene(store);
    let states = [None, Some("open"), Some("cleared"), Some("waived")];
    for state in states {
        let filter = Filter { state: state.map(Into::into), ..Filter::default() };
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let (page, next) =
                store.read(|tx| exceptions::list(tx, &scene.scope, &filter, after, PAGE)).unwrap();
            found.extend(page.iter().map(|row| row.id));
            after = next;
            if after.is_none() {
                break;
            }
        }
        let mut expected: Vec<_> = scene
            .all
            .iter()
            .filter(|row| scene.lets_through(&scene.scope, &filter, row))
            .map(|row| (Reverse(row.opened_at), Reverse(row.id.to_string()), row.id))
            .collect();
        expected.sort();
        assert_eq!(found, expected.into_iter().map(|(.., id)| id).collect::<Vec<_>>(), "{state:?}");
    }
}

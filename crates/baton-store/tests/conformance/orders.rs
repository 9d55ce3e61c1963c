//! List rows: found by what they show, once each, within the scope.

use baton_core::amount::Money;
use baton_core::identifier::{Identifier, ObjectKind};
use baton_core::partner::Role;
use baton_store::changes::{self, NewChange};
use baton_store::clusters::{self, ClusterNo};
use baton_store::edges::{self, Edge};
use baton_store::orders::{self, Cursor, Filter, OrderRow, Sort};
use baton_store::{Scope, Sight, Store, StoreError, Tx};

use crate::harness::{at, on_each_engine, order, tenant};

on_each_engine!(
    rows_come_back_and_change,
    what_changes_alone_is_written_and_listed,
    filters_narrow_the_list,
    pages_are_stable_while_rows_are_written,
    a_partner_sees_only_orders_that_it_plays_a_role_in,
    orders_are_found_by_any_number_below_them,
);

fn write(store: &Store, scope: &Scope, rows: &[OrderRow]) -> usize {
    let clusters: Vec<_> = rows.iter().map(|row| row.cluster).collect();
    let write = |tx: &mut Tx<'_>| {
        let before = orders::by_clusters(tx, scope, &clusters)?;
        orders::write(tx, scope, &before, rows, at(1))
    };
    store.write(write).unwrap()
}

/// Makes the cluster of an order that is named by its number.
fn cluster(store: &Store, scope: &Scope, value: &str, kind: ObjectKind) -> ClusterNo {
    let name = Identifier::new(kind, "po", "northwind", value);
    store.write(|tx| clusters::resolve(tx, scope, &[vec![name.clone()]])).unwrap().clusters[0]
}

fn made(store: &Store, scope: &Scope, number: &str) -> OrderRow {
    order(number, cluster(store, scope, number, ObjectKind::Order))
}

fn numbers(store: &Store, scope: &Scope, filter: &Filter, sort: Sort) -> Vec<String> {
    let page = store.read(|tx| orders::list(tx, scope, filter, sort, None, 100)).unwrap();
    assert_eq!(page.next, None);
    page.items.into_iter().map(|row| row.number).collect()
}

fn rows_come_back_and_change(store: &Store) {
    let scope = tenant(store, "main");
    let first = made(store, &scope, "PO-1");
    assert_eq!(write(store, &scope, std::slice::from_ref(&first)), 1);
    let get = |row: &OrderRow| store.read(|tx| orders::get(tx, &scope, row.id));
    assert_eq!(get(&first).unwrap(), first);
    let unchanged = OrderRow { state: "closed".into(), ..first.clone() };
    assert_eq!(write(store, &scope, &[unchanged]), 0, "the digest says that nothing changed");
    let quiet = OrderRow {
        position: Some("T30".into()),
        value: Some(Money { amount: "12.50".parse().unwrap(), currency: "EUR".into() }),
        updated_at: at(70),
        digest: 2,
        ..first.clone()
    };
    write(store, &scope, std::slice::from_ref(&quiet));
    assert_eq!(get(&first).unwrap(), quiet);
    let renamed = OrderRow {
        id: order("PO-2", first.cluster).id,
        state: "closed".into(),
        promised_at: None,
        holder: None,
        late_minutes: 5,
        partners: vec![(Role::Oem, "fabrikam".into())],
        digest: 3,
        ..quiet
    };
    let second =
        OrderRow { component: 1, digest: 4, id: order("PO-3", first.cluster).id, ..first.clone() };
    write(store, &scope, &[renamed.clone(), second.clone()]);
    assert_eq!(get(&renamed).unwrap(), renamed);
    assert_eq!(get(&first).unwrap(), renamed, "an id that was given up leads on");
    assert_eq!(get(&second).unwrap(), second);
    write(store, &scope, std::slice::from_ref(&renamed));
    assert_eq!(get(&second).unwrap(), renamed, "an order that is gone leads to its cluster's");
    let all = store.read(|tx| orders::by_clusters(tx, &scope, &[first.cluster])).unwrap();
    assert_eq!(all, [renamed]);
    let unknown = order("PO-9", first.cluster).id;
    let missing = store.read(|tx| orders::get(tx, &scope, unknown)).unwrap_err();
    assert!(matches!(missing, StoreError::NotFound { .. }));
}

type Change = fn(&mut OrderRow);

fn what_changes_alone_is_written_and_listed(store: &Store) {
    let scope = tenant(store, "main");
    let mut row = made(store, &scope, "PO-1");
    write(store, &scope, std::slice::from_ref(&row));
    let changes: [(&str, Change); 16] = [
        ("exceptions_open", |row| row.exceptions_open = 2),
        ("severity_max", |row| row.severity_max = 3),
        ("state", |row| row.state = "shipped".into()),
        ("progress", |row| row.progress = None),
        ("promised_at", |row| row.promised_at = Some(at(7))),
        ("projected_at", |row| row.projected_at = Some(at(9))),
        ("late_minutes", |row| row.late_minutes = 40),
        ("position", |row| row.position = Some("T20".into())),
        ("holder", |row| row.holder = None),
        ("customer", |row| row.customer = Some("Tailspin Toys".into())),
        ("number", |row| row.number = "PO-1a".into()),
        ("partners", |row| row.partners = vec![(Role::Oem, "fabrikam".into())]),
        ("placed_at", |row| row.placed_at = at(3)),
        ("exceptions_open", |row| row.exceptions_open = 0),
        ("state and trouble", |row| {
            row.state = "closed".into();
            row.exceptions_open = 1;
        }),
        ("updated_at", |row| row.updated_at = at(90)),
    ];
    for (what, change) in changes {
        let before = row.clone();
        change(&mut row);
        row.digest += 1;
        assert_ne!(before, row, "{what}");
        write(store, &scope, std::slice::from_ref(&row));
        let stands = store.read(|tx| orders::by_clusters(tx, &scope, &[row.cluster])).unwrap();
        assert_eq!(stands, [row.clone()], "{what}");
        let troubled = Filter { troubled: true, ..Filter::default() };
        let late = Filter { late: true, ..Filter::default() };
        let state = Filter { states: vec![row.state.clone()], ..Filter::default() };
        for (filter, is_in) in
            [(troubled, row.exceptions_open > 0), (late, row.late_minutes > 0), (state, true)]
        {
            for sort in [Sort::Updated, Sort::Promised, Sort::Late] {
                let listed = numbers(store, &scope, &filter, sort);
                assert_eq!(listed.len(), usize::from(is_in), "{what}: {filter:?} {sort:?}");
            }
        }
    }
}

fn filters_narrow_the_list(store: &Store) {
    let scope = tenant(store, "main");
    let base = |number: &str, digest| OrderRow { digest, ..made(store, &scope, number) };
    write(
        store,
        &scope,
        &[
            OrderRow { state: "closed".into(), updated_at: at(1), ..base("A", 1) },
            OrderRow { late_minutes: 60, updated_at: at(2), ..base("B", 2) },
            OrderRow {
                late_minutes: 90,
                promised_at: Some(at(500)),
                updated_at: at(3),
                ..base("C", 3)
            },
            OrderRow { promised_at: None, exceptions_open: 1, updated_at: at(4), ..base("D", 4) },
            OrderRow {
                holder: Some("fabrikam".into()),
                customer: None,
                updated_at: at(5),
                ..base("E", 5)
            },
        ],
    );
    let text = |text: &str| Filter { text: Some(text.into()), ..Filter::default() };
    let none = Filter::default();
    for (filter, sort, expected) in [
        (none.clone(), Sort::Updated, "EDCBA"),
        (none.clone(), Sort::Promised, "ABECD"),
        (Filter { late: true, ..none.clone() }, Sort::Late, "CB"),
        (Filter { states: vec!["closed".into()], ..none.clone() }, Sort::Updated, "A"),
        (
            Filter { states: vec!["closed".into(), "open".into()], ..none.clone() },
            Sort::Updated,
            "EDCBA",
        ),
        (Filter { troubled: true, ..none.clone() }, Sort::Updated, "D"),
        (Filter { holder: Some("fabrikam".into()), ..none.clone() }, Sort::Updated, "E"),
        (Filter { partner: Some("nobody".into()), ..none.clone() }, Sort::Updated, ""),
        (Filter { exception: Some("E-ORD-01".into()), ..none.clone() }, Sort::Updated, ""),
        (
            Filter { promised_from: Some(at(500)), promised_until: Some(at(501)), ..none.clone() },
            Sort::Updated,
            "C",
        ),
        (text("B"), Sort::Updated, "B"),
        (text("wing"), Sort::Updated, "DCBA"),
        (text("100%"), Sort::Updated, ""),
        (Filter { identifier: Some("#".into()), ..none.clone() }, Sort::Updated, ""),
        (Filter { identifier: Some("B".into()), ..none.clone() }, Sort::Updated, "B"),
        (Filter { identifier: Some("".into()), ..none.clone() }, Sort::Updated, ""),
    ] {
        assert_eq!(numbers(store, &scope, &filter, sort).concat(), expected, "{filter:?} {sort:?}");
    }
    let identifier = |text: &str| Filter { identifier: Some(text.into()), ..Filter::default() };
    let marked = made(store, &scope, "#F");
    write(store, &scope, &[OrderRow { state: "marked".into(), ..marked }]);
    for (filter, expected) in [
        (text("F"), "#F"),
        (text("#F"), "#F"),
        (text("#B"), "B"),
        (identifier("F"), "#F"),
        (identifier("#F"), "#F"),
        (identifier("#B"), "B"),
    ] {
        assert_eq!(numbers(store, &scope, &filter, Sort::Updated).concat(), expected, "{filter:?}");
    }
    let counted = store.read(|tx| orders::count_by_state(tx, &scope)).unwrap();
    assert_eq!(counted, [("closed".into(), 1), ("marked".into(), 1), ("open".into(), 4)]);
    let late = store.read(|tx| orders::count_late_by_state(tx, &scope)).unwrap();
    let counted =
        numbers(store, &scope, &Filter { late: true, ..Filter::default() }, Sort::Updated);
    assert_eq!(late.iter().map(|(_, count)| count).sum::<i64>(), counted.len() as i64);
    // What was promised for before an instant, as the list of such has it; and at the end of time nothing is
    // due that has no promise.
    for now in [at(0), at(501), baton_core::time::Instant::MAX] {
        let due = store.read(|tx| orders::count_due_by_state(tx, &scope, now)).unwrap();
        for (late, count) in [
            (false, due.iter().map(|each| each.due).sum::<i64>()),
            (true, due.iter().map(|each| each.late).sum::<i64>()),
        ] {
            let filter = Filter { promised_until: Some(now), late, ..Filter::default() };
            let listed = numbers(store, &scope, &filter, Sort::Updated);
            assert_eq!(count, listed.len() as i64, "{now} {late}");
        }
    }
}

fn pages_are_stable_while_rows_are_written(store: &Store) {
    let scope = tenant(store, "main");
    let rows: Vec<OrderRow> = (0..25)
        .map(|n| OrderRow {
            promised_at: Some(at(n / 5)),
            ..made(store, &scope, &format!("P{n:02}"))
        })
        .collect();
    write(store, &scope, &rows);
    let (mut seen, mut after) = (Vec::new(), None);
    for turn in 0.. {
        let page = store
            .read(|tx| orders::list(tx, &scope, &Filter::default(), Sort::Promised, after, 4))
            .unwrap();
        seen.extend(page.items.iter().map(|row| row.number.clone()));
        // Rows that sort before where the reader is must not shift what comes after.
        let early = made(store, &scope, &format!("early{turn}"));
        write(store, &scope, &[OrderRow { promised_at: Some(at(-100)), ..early }]);
        let Some(next) = page.next else { break };
        after = Some(next.to_string().parse::<Cursor>().unwrap());
    }
    let expected: Vec<String> = rows.iter().map(|row| row.number.clone()).collect();
    assert_eq!(seen, expected);
    assert!("1.2".parse::<Cursor>().is_err());
}

fn a_partner_sees_only_orders_that_it_plays_a_role_in(store: &Store) {
    let scope = tenant(store, "main");
    let other = tenant(store, "other");
    let id = scope.tenant_id().unwrap();
    let mine = OrderRow {
        partners: vec![(Role::Carrier, "speedy".into()), (Role::Service, "speedy".into())],
        ..made(store, &scope, "mine")
    };
    let theirs = made(store, &scope, "theirs");
    write(store, &scope, &[mine.clone(), theirs.clone()]);
    let speedy = Scope::partner(id, "speedy".into()).seeing(Sight::ALL);
    assert_eq!(numbers(store, &speedy, &Filter::default(), Sort::Updated), ["mine"]);
    assert_eq!(numbers(store, &other, &Filter::default(), Sort::Updated), [""; 0]);
    let ids = [mine.id.to_string(), theirs.id.to_string()];
    let noted: Vec<_> = [&mine, &theirs]
        .into_iter()
        .zip(&ids)
        .map(|(row, object)| NewChange {
            at: at(0),
            cluster: Some(row.cluster),
            kind: "order.updated",
            object,
            summary: "{}",
        })
        .collect();
    store.write(|tx| changes::append(tx, &scope, &noted)).unwrap();
    store
        .read(|tx| {
            assert_eq!(orders::get(tx, &speedy, mine.id)?, mine);
            assert!(orders::get(tx, &speedy, theirs.id).is_err());
            assert!(orders::get(tx, &other, mine.id).is_err());
            let clusters = [mine.cluster, theirs.cluster];
            let seen = orders::by_clusters(tx, &speedy, &clusters)?;
            assert_eq!(seen, std::slice::from_ref(&mine));
            assert_eq!(orders::by_clusters(tx, &other, &clusters)?, []);
            assert_eq!(orders::count_by_state(tx, &speedy)?, [("open".into(), 1)]);
            let seen = changes::between(tx, &speedy, 0, 9)?;
            assert_eq!(seen.iter().map(|change| &change.object).collect::<Vec<_>>(), [&ids[0]]);
            assert_eq!(changes::between(tx, &other, 0, 9)?.len(), 0);
            Ok(())
        })
        .unwrap();
    // The part in it ends: the order is out of sight.
    let gone = OrderRow { partners: vec![], digest: 2, ..mine };
    write(store, &scope, &[gone]);
    assert_eq!(numbers(store, &speedy, &Filter::default(), Sort::Updated), [""; 0]);
}

fn orders_are_found_by_any_number_below_them(store: &Store) {
    let scope = tenant(store, "main");
    let (one, two) = (made(store, &scope, "PO-1"), made(store, &scope, "PO-2"));
    write(store, &scope, &[one.clone(), two]);
    let shipment = cluster(store, &scope, "SHIP-7", ObjectKind::Shipment);
    let package = cluster(store, &scope, "1Z999", ObjectKind::Package);
    store
        .write(|tx| {
            let below = [
                Edge { child: shipment, parent: one.cluster },
                Edge { child: package, parent: shipment },
            ];
            edges::add(tx, &scope, &below)
        })
        .unwrap();
    for text in ["1Z999", "1Z", "SHIP", "PO-1"] {
        let filter = Filter { text: Some(text.into()), ..Filter::default() };
        assert_eq!(numbers(store, &scope, &filter, Sort::Updated), ["PO-1"], "{text}");
    }
}

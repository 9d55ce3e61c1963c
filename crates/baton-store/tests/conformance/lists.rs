//! Long lists: whichever way a list is found, it has the rows that its filter lets through, in its order,
//! each once, however it is cut into pages.

use baton_core::identifier::{Identifier, ObjectKind};
use baton_core::partner::Role;
use baton_core::time::Instant;
use baton_store::clusters;
use baton_store::orders::{self, Filter, OrderRow, Sort};
use baton_store::{Scope, Store};

use crate::harness::{at, on_each_engine, order, tenant};

on_each_engine!(
    any_filter_in_any_order_has_its_rows,
    customers_are_found_by_their_words,
    a_search_has_all_that_begins_so_or_says_that_it_has_not,
);

/// More than are looked at one by one, so that both ways are gone.
const ORDERS: i64 = 2_600;
const PAGE: usize = 700;

fn stored(store: &Store, scope: &Scope, make: impl Fn(i64, OrderRow) -> OrderRow) -> Vec<OrderRow> {
    let names: Vec<Vec<Identifier>> = (0..ORDERS)
        .map(|n| vec![Identifier::new(ObjectKind::Order, "po", "northwind", &format!("L{n:04}"))])
        .collect();
    let made = store.write(|tx| clusters::resolve(tx, scope, &names)).unwrap().clusters;
    let rows: Vec<OrderRow> =
        (0..).zip(made).map(|(n, cluster)| make(n, order(&format!("L{n:04}"), cluster))).collect();
    store.write(|tx| orders::write(tx, scope, &[], &rows, at(1))).unwrap();
    rows
}

fn varied(n: i64, row: OrderRow) -> OrderRow {
    let speedy = (Role::Carrier, "speedy".into());
    let rare = (Role::Oem, "fabrikam".into());
    OrderRow {
        state: ["placed", "shipped", "closed", "closed"][(n % 4) as usize].into(),
        promised_at: (n % 7 != 0).then(|| at(n * 37 % 1_000)),
        updated_at: at(n * 53 % 400),
        late_minutes: if n % 9 == 0 { n * 11 % 50 + 1 } else { 0 },
        holder: Some(if n % 50 == 0 { "fabrikam" } else { "speedy" }.into()),
        exceptions_open: i64::from(n % 13 == 0),
        partners: if n % 50 == 0 { vec![rare, speedy] } else { vec![speedy] },
        ..row
    }
}

/// What the list is to be, found by looking at every row.
fn expected(rows: &[OrderRow], filter: &Filter, sort: Sort) -> Vec<String> {
    let plays = |row: &OrderRow, who: &_| row.partners.iter().any(|(_, partner)| partner == who);
    let promise = |row: &OrderRow| row.promised_at.map_or(i64::MAX, Instant::micros);
    let mut found: Vec<&OrderRow> = rows
        .iter()
        .filter(|row| filter.states.is_empty() || filter.states.contains(&row.state))
        .filter(|row| filter.partner.as_ref().is_none_or(|who| plays(row, who)))
        .filter(|row| filter.holder.is_none() || filter.holder == row.holder)
        .filter(|row| !filter.late || row.late_minutes > 0)
        .filter(|row| !filter.troubled || row.exceptions_open > 0)
        .filter(|row| filter.promised_from.is_none_or(|from| row.promised_at >= Some(from)))
        .filter(|row| {
            filter.promised_until.is_none_or(|until| row.promised_at.is_some_and(|at| at < until))
        })
        .collect();
    let place = |row: &OrderRow| (row.cluster.0, row.component);
    found.sort_by_key(|row| (promise(row), place(row)));
    match sort {
        Sort::Updated => found.sort_by_key(|row| std::cmp::Reverse((row.updated_at, place(row)))),
        Sort::Promised => {}
        Sort::Late => {
            let (mut late, on_time): (Vec<_>, Vec<_>) =
                found.into_iter().partition(|row| row.late_minutes > 0);
            late.sort_by_key(|row| std::cmp::Reverse((row.late_minutes, place(row))));
            found = late;
            found.extend(on_time);
        }
    }
    found.into_iter().map(|row| row.number.clone()).collect()
}

fn paged(store: &Store, scope: &Scope, filter: &Filter, sort: Sort) -> Vec<String> {
    let (mut numbers, mut after) = (Vec::new(), None);
    loop {
        let page = store.read(|tx| orders::list(tx, scope, filter, sort, after, PAGE)).unwrap();
        numbers.extend(page.items.into_iter().map(|row| row.number));
        match page.next {
            // As it goes over the wire.
            Some(next) => after = Some(next.to_string().parse().unwrap()),
            None => return numbers,
        }
    }
}

fn any_filter_in_any_order_has_its_rows(store: &Store) {
    let scope = tenant(store, "main");
    let rows = stored(store, &scope, varied);
    let none = Filter::default();
    let window = |from: i64, until: i64| Filter {
        promised_from: Some(at(from)),
        promised_until: Some(at(until)),
        ..none.clone()
    };
    for filter in [
        none.clone(),
        Filter { states: vec!["closed".into(), "placed".into()], ..none.clone() },
        Filter { states: vec!["unknown".into()], ..none.clone() },
        Filter { partner: Some("speedy".into()), ..none.clone() },
        Filter { partner: Some("fabrikam".into()), ..none.clone() },
        Filter { holder: Some("speedy".into()), ..none.clone() },
        Filter { holder: Some("fabrikam".into()), states: vec!["closed".into()], ..none.clone() },
        Filter { late: true, ..none.clone() },
        Filter { troubled: true, ..none.clone() },
        window(100, 120),
        window(0, 990),
        Filter { promised_from: Some(at(500)), ..none.clone() },
        Filter { late: true, troubled: true, partner: Some("speedy".into()), ..window(0, 990) },
    ] {
        for sort in [Sort::Updated, Sort::Promised, Sort::Late] {
            let listed = paged(store, &scope, &filter, sort);
            assert_eq!(listed, expected(&rows, &filter, sort), "{filter:?} {sort:?}");
        }
    }
}

fn customers_are_found_by_their_words(store: &Store) {
    let scope = tenant(store, "main");
    let named = |customer: Option<&str>, n: i64, row: OrderRow| OrderRow {
        customer: customer.map(Into::into),
        digest: n,
        ..row
    };
    let customers = ["Northwind Traders", "Adventure-Works GmbH", "MÜLLER & Söhne"];
    let rows = stored(store, &scope, |n, row| {
        named(customers.get(n as usize).copied().filter(|_| n < 3), n, row)
    });
    let find = |text: &str| {
        let filter = Filter { text: Some(text.into()), ..Filter::default() };
        paged(store, &scope, &filter, Sort::Promised)
    };
    for (text, expected) in [
        ("north", vec!["L0000"]),
        ("traders northwind", vec!["L0000"]),
        ("works gm", vec!["L0001"]),
        ("müller", vec!["L0002"]),
        ("orthwind", vec![]),
        ("northwind gmbh", vec![]),
        ("L0002", vec!["L0002"]),
    ] {
        assert_eq!(find(text), expected, "{text}");
    }
    let before = &rows[..1];
    let renamed = [named(Some("Contoso"), 9_999, rows[0].clone())];
    store.write(|tx| orders::write(tx, &scope, before, &renamed, at(2))).unwrap();
    assert_eq!((find("north"), find("cont")), (vec![], vec!["L0000".to_owned()]));
    store.write(|tx| orders::write(tx, &scope, &renamed, &[], at(3))).unwrap();
    assert_eq!(find("cont"), [""; 0]);
}

fn a_search_has_all_that_begins_so_or_says_that_it_has_not(store: &Store) {
    let scope = tenant(store, "main");
    // Each order has two numbers, so that all numbers are more than a search looks at, and either kind is not.
    let po = |n: i64| Identifier::new(ObjectKind::Order, "po", "northwind", &format!("L1-{n:04}"));
    let so = |n: i64| Identifier::new(ObjectKind::Order, "so", "northwind", &format!("L2-{n:04}"));
    let names: Vec<Vec<Identifier>> = (0..ORDERS).map(|n| vec![po(n), so(n)]).collect();
    assert!(names.len() < orders::SEARCHED_MAX && names.len() * 2 > orders::SEARCHED_MAX);
    let made = store.write(|tx| clusters::resolve(tx, &scope, &names)).unwrap().clusters;
    let row = |(n, cluster): (i64, _)| OrderRow {
        customer: Some(format!("Customer {n}")),
        updated_at: at(n),
        late_minutes: i64::from(n == 0),
        ..order(&format!("L{n:04}"), cluster)
    };
    let rows: Vec<OrderRow> = (0..).zip(made).map(row).collect();
    store.write(|tx| orders::write(tx, &scope, &[], &rows, at(1))).unwrap();
    let find = |text: &str, late: bool| {
        let filter = Filter { text: Some(text.into()), late, ..Filter::default() };
        let page = store.read(|tx| orders::list(tx, &scope, &filter, Sort::Updated, None, 1_000));
        let page = page.unwrap();
        (page.items.len(), page.next.is_some(), page.cut)
    };
    // Many more than a thousand, and none of them is missing: the oldest is found as well.
    assert_eq!(find("L1-", false), (1_000, true, false));
    assert_eq!(find("L1-", true), (1, false, false));
    assert_eq!(find("customer", true), (1, false, false));
    assert_eq!(find("L1-000", false), (10, false, false));
    assert_eq!(find("no such thing", false), (0, false, false));
    // More than are looked at, and the page says so.
    assert!(find("L", false).2);
}

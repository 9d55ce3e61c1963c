//! What was used: told as it is, final once its day is closed, and the same whatever is forgotten, read
//! again or moved.

use baton_core::time::Instant;
use baton_core::usage::Month;
use baton_store::{Location, Scope, Store, changes, messages, outbox, tenants, whole};
use serde_json::{Value, json};

use super::bench::*;
use super::sign_in;
use crate::usage;

const UNREADABLE: &str = "{";

/// Three orders, one of them said twice, something that cannot be read, and two deliveries.
fn world() -> (Bench, Tenant) {
    let bench = sign_in::bench();
    let tenant = bench.tenant("northwind");
    for number in ["SO-1", "SO-2", "SO-3", "SO-1"] {
        bench.send(&tenant, &booked(number, None));
    }
    let path = "/v1/sources/northwind-erp/messages";
    let sent = bench.call(&tenant.source, "POST", path).with("Content-Type", "application/json");
    sent.with("Baton-Message-Id", "broken").raw(UNREADABLE);
    bench.settle();
    let scope = scope(&bench);
    let at = "2026-03-05T00:00:00Z".parse().unwrap();
    let store = bench.engine.store();
    store.write(|tx| outbox::count_delivered(tx, &scope, &[1, 2], at)).unwrap();
    (bench, tenant)
}

fn scope(bench: &Bench) -> Scope {
    bench.engine.tenants()[0].scope.clone()
}

fn month(bench: &Bench, key: &str) -> Value {
    let shown = bench.get(key, "/v1/usage").json();
    let months = shown["months"].as_array().unwrap_or_else(|| panic!("{shown}"));
    months.last().unwrap().clone()
}

/// The figures alone.
fn figures(month: &Value) -> Vec<i64> {
    ["messages", "repeats", "quarantined", "orders", "deliveries", "people"]
        .iter()
        .map(|name| month[*name].as_i64().unwrap_or_else(|| panic!("{name} in {month}")))
        .collect()
}

/// As the tidy loop does by an instant of the tenant's clock.
fn count(bench: &Bench, now: &str) {
    let (scope, now): (Scope, Instant) = (scope(bench), now.parse().unwrap());
    let store = bench.engine.store();
    while store.read(|tx| usage::is_due(tx, &scope, now)).unwrap() {
        store.write(|tx| usage::count(tx, &scope, now, 3)).unwrap();
    }
}

const EXPECTED: [i64; 6] = [4, 1, 1, 3, 2, 0];

#[test]
fn figures_are_todays_before_anything_is_counted_and_the_same_afterwards() {
    let (bench, tenant) = world();
    let before = month(&bench, &tenant.admin);
    assert_eq!(figures(&before), EXPECTED, "{before}");
    assert_eq!(
        (&before["month"], &before["tenant"], &before["is_final"]),
        (&json!("2026-03"), &json!("northwind"), &json!(false))
    );
    count(&bench, "2026-03-05T12:00:00Z");
    assert_eq!(month(&bench, &tenant.admin), before);
    // What is forgotten later was counted before.
    let far: Instant = "2099-01-01T00:00:00Z".parse().unwrap();
    let scope = scope(&bench);
    let store = bench.engine.store();
    let forgotten = store.write(|tx| changes::forget(tx, &scope, far, 9_999)).unwrap();
    assert!(forgotten > 3);
    assert_eq!(month(&bench, &tenant.admin), before);
    // What is read again is not received again.
    let kept = store.read(|tx| messages::list(tx, &scope, None, None, 99)).unwrap();
    let numbers: Vec<_> = kept.iter().map(|entry| entry.id).collect();
    let id = scope.tenant_id().unwrap();
    let reread = bench.engine.reread(id, &numbers, "ada").unwrap();
    assert_eq!(reread.messages, numbers.len());
    bench.settle();
    count(&bench, "2026-03-05T13:00:00Z");
    assert_eq!(month(&bench, &tenant.admin), before);
}

#[test]
fn a_day_that_is_closed_gets_nothing_any_more() {
    let (bench, tenant) = world();
    bench.engine.tenants()[0].clock.advance_to("2026-03-07T09:00:00Z".parse().unwrap());
    count(&bench, "2026-03-07T00:59:59Z");
    let days = |bench: &Bench| -> Vec<(Value, i64, bool)> {
        let shown = bench.get(&tenant.admin, "/v1/usage").json();
        let days = shown["days"].as_array().unwrap().iter();
        let told = |day: &Value| {
            (day["day"].clone(), day["messages"].as_i64().unwrap(), day["is_final"] == true)
        };
        days.map(told).filter(|(_, messages, _)| *messages > 0).collect()
    };
    assert_eq!(days(&bench), [(json!("2026-03-05"), 4, true)]);
    // It says that it was received then, and comes when the books are closed.
    let late = bench
        .call(&tenant.admin, "POST", "/v1/sources/northwind-erp/messages")
        .with("Content-Type", "application/json")
        .with("Baton-Received-At", "2026-03-05T08:00:00Z")
        .json(&booked("SO-9", None));
    assert_eq!(late.status, 202, "{}", late.json());
    bench.settle();
    let expected = [(json!("2026-03-05"), 4, true), (json!("2026-03-06"), 1, false)];
    assert_eq!(days(&bench), expected);
    count(&bench, "2026-03-07T00:59:59Z");
    assert_eq!(days(&bench), expected);
    count(&bench, "2026-04-01T01:00:00Z");
    assert_eq!(month(&bench, &tenant.admin)["is_final"], true);
}

#[test]
fn whoever_runs_baton_sees_all_tenants_and_nobody_else_does() {
    let (bench, tenant) = world();
    let other = bench.tenant("fabrikam");
    let path = "/v1/usage?of=tenants&from=2026-02&to=2026-03";
    let shown = bench.local("", "GET", path).send().json();
    let told: Vec<(&str, &str, i64)> = shown["months"]
        .as_array()
        .unwrap_or_else(|| panic!("{shown}"))
        .iter()
        .map(|month| {
            let text = |name: &str| month[name].as_str().unwrap();
            (text("tenant"), text("month"), month["messages"].as_i64().unwrap())
        })
        .collect();
    let expected = [
        ("northwind", "2026-02", 0),
        ("northwind", "2026-03", 4),
        ("fabrikam", "2026-02", 0),
        ("fabrikam", "2026-03", 0),
    ];
    assert_eq!(told, expected);
    assert_eq!(shown["days"], json!([]));
    assert_eq!(bench.get(&tenant.admin, path).outcome(), "role_too_small");
    assert_eq!(figures(&month(&bench, &other.admin)), [0; 6], "of its own it sees its own");
    let operations = bench.key(&tenant, "operations", None);
    assert_eq!(bench.get(&operations, "/v1/usage").outcome(), "role_too_small");
    for role in ["finance", "executive", "auditor"] {
        let key = bench.key(&tenant, role, None);
        assert_eq!(figures(&month(&bench, &key)), EXPECTED, "{role}");
    }
    for (query, code) in [
        ("of=everybody", "query_wrong"),
        ("from=2026-3", "query_wrong"),
        ("from=2026-04&to=2026-03", "query_wrong"),
        ("from=2023-01&to=2026-03", "query_wrong"),
        ("month=2026-03", "query_wrong"),
    ] {
        let reply = bench.get(&tenant.admin, &format!("/v1/usage?{query}"));
        assert_eq!(reply.outcome(), code, "{query}");
    }
    assert_eq!(bench.local("", "GET", "/v1/usage").send().outcome(), "tenant_needed");
}

#[test]
fn a_file_of_it_opens_in_a_spreadsheet() {
    let (bench, tenant) = world();
    let file = |path: &str| {
        let reply = bench.local("", "GET", path).with("Baton-Tenant", &tenant.name).send();
        assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(reply.header("content-disposition"), "attachment; filename=\"usage.csv\"");
        String::from_utf8(reply.body).unwrap()
    };
    let bytes = month(&bench, &tenant.admin)["bytes"].as_i64().unwrap();
    assert!(bytes > 1_000);
    let by_month = format!(
        "tenant,name,month,messages,bytes,repeats,quarantined,orders,deliveries,people,is_final\r\n\
         northwind,northwind,2026-03,4,{bytes},1,1,3,2,0,false\r\n"
    );
    assert_eq!(file("/v1/usage/export"), by_month);
    assert_eq!(file("/v1/usage/export?of=tenants&to=2026-03"), by_month);
    let by_day = format!(
        "tenant,name,day,messages,bytes,repeats,quarantined,orders,deliveries,is_final\r\n\
         northwind,northwind,2026-03-05,4,{bytes},1,1,3,2,false\r\n"
    );
    assert_eq!(file("/v1/usage/export?by=day"), by_day);
    let wrong = bench.get(&tenant.admin, "/v1/usage/export?by=hour");
    assert_eq!(wrong.outcome(), "query_wrong");
}

#[test]
fn people_count_once_a_month_and_staff_not_at_all() {
    let (bench, tenant) = world();
    let scope = scope(&bench);
    for (login, of, role) in [
        ("noor@northwind.example", &scope, "operations"),
        ("staff@operator.example", &Scope::operator(), "operator"),
    ] {
        sign_in::member(&bench, login, &[(of, role)]);
        for _ in 0..2 {
            let body = json!({ "login": login, "password": sign_in::PASSWORD });
            let entered = bench.call("", "POST", "/v1/session").json(&body);
            let browser = sign_in::Browser::of(&entered);
            if role == "operator" {
                let chosen = browser.call(&bench, "PUT", "/v1/session/tenant");
                let chosen = chosen.json(&json!({ "tenant": tenant.name }));
                assert_eq!(chosen.status, 200, "{}", chosen.json());
            }
        }
    }
    assert_eq!(month(&bench, &tenant.admin)["people"], 1);
}

#[test]
fn figures_move_with_their_tenant() {
    let (bench, tenant) = world();
    let before = month(&bench, &tenant.admin);
    // Some is counted, and some is not yet.
    count(&bench, "2026-03-05T12:00:00Z");
    bench.send(&tenant, &booked("SO-4", None));
    bench.settle();
    let mut out = Vec::new();
    whole::export(bench.engine.store(), "northwind", true, &mut out).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Folder(folder.path().to_owned());
    let store = Store::open(&location, &baton_store::Settings::default()).unwrap();
    store.migrate().unwrap();
    whole::import(&store, None, None, || Ok(out.as_slice())).unwrap();
    let moved = store.read(|tx| tenants::by_key(tx, &Scope::operator(), "northwind")).unwrap();
    let march: Month = "2026-03".parse().unwrap();
    let months = (march, march.next());
    let counted = store.read(|tx| usage::asked(tx, &Scope::tenant(moved.id), months)).unwrap();
    let all = counted.days.into_values().next().unwrap();
    let figure = |name: &str| before[name].as_i64().unwrap();
    assert_eq!((all.messages, all.orders), (figure("messages") + 1, figure("orders") + 1));
    assert_eq!((all.repeats, all.deliveries), (figure("repeats"), figure("deliveries")));
}

//! Customers that somebody looks after: each their own, and never a partner's way to customers' names.

use serde_json::{Value, json};

use super::bench::*;
use super::ranked::CONNECTOR;

/// Three orders of three customers, each with a damaged parcel.
fn scene(bench: &Bench) -> Tenant {
    let tenant = bench.tenant("northwind");
    for (number, customer) in
        [("SO-1", "Fourth Coffee"), ("SO-2", "Fourth Bank"), ("SO-3", "Coho Winery")]
    {
        let mut message = booked(number, Some("FABRIKAM"));
        message["customer"]["name"] = json!(customer);
        assert_eq!(bench.send(&tenant, &message).status, 202);
    }
    assert_eq!(bench.call(&tenant.admin, "POST", "/v1/packs").json(&pack(CONNECTOR)).status, 201);
    let feed = json!({ "source": "parcels", "role": "carrier", "connector": "acme" });
    let parcels = bench.call(&tenant.admin, "POST", "/v1/sources").json(&feed).text("key");
    for number in ["SO-1", "SO-2", "SO-3"] {
        let parcel = json!({
            "id": number, "parcel": format!("TRK-{number}"), "pos": [format!("PO-{number}")],
            "note": "damaged", "at": "2026-03-04T10:00:00Z",
        });
        let path = "/v1/sources/parcels/messages";
        assert_eq!(bench.call(&parcels, "POST", path).json(&parcel).status, 202);
    }
    bench.settle();
    tenant
}

fn numbers(reply: &Reply, pointer: &str) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.json());
    let rows = reply.json().pointer(pointer).and_then(Value::as_array).cloned().unwrap();
    let mut found: Vec<String> =
        rows.iter().map(|row| row["number"].as_str().unwrap().to_owned()).collect();
    found.sort();
    found
}

fn choose(bench: &Bench, key: &str, names: &Value) -> Reply {
    bench.call(key, "PUT", "/v1/my-customers").json(&json!({ "customers": names }))
}

#[test]
fn lists_can_be_about_ones_own_customers() {
    let bench = Bench::new();
    let tenant = scene(&bench);
    let key = bench.key(&tenant, "customer_success", None);
    let other = bench.key(&tenant, "customer_success", None);
    let orders = |key: &str| numbers(&bench.get(key, "/v1/orders?my_customers=true"), "/items");
    assert!(orders(&key).is_empty(), "none chosen yet");
    let chosen = choose(&bench, &key, &json!([" Fourth Coffee ", "Coho Winery", "Coho Winery"]));
    assert_eq!(chosen.json()["customers"], json!(["Coho Winery", "Fourth Coffee"]));
    assert_eq!(bench.get(&key, "/v1/my-customers").json(), chosen.json());
    assert_eq!(orders(&key), ["SO-1", "SO-3"]);
    assert!(orders(&other).is_empty(), "each chooses their own");
    assert_eq!(numbers(&bench.get(&key, "/v1/orders"), "/items").len(), 3);
    let day = "from=2026-03-20T00:00:00Z&until=2026-03-21T06:00:00Z";
    let promised = |more: &str| {
        bench.get(&key, &format!("/v1/home?{day}{more}")).json()["today"]["promised"].clone()
    };
    assert_eq!((promised(""), promised("&my_customers=true")), (json!(3), json!(2)));
    // So is what changed: each order is new and has the same trouble.
    let news =
        |more: &str| bench.get(&key, &format!("/v1/home?{day}{more}")).json()["news"].clone();
    let (all, own) = (news(""), news("&my_customers=true"));
    for field in ["orders_new", "exceptions_opened"] {
        let count = |news: &Value| news[field].as_i64().unwrap();
        assert!(count(&own) > 0, "{field}: {own}");
        assert_eq!(count(&all) * 2, count(&own) * 3, "{field}: {all} {own}");
    }
    assert_eq!(own["latest"], all["latest"]);
    assert!(!own.to_string().contains("SO-2"), "{own}");
    let none = bench.get(&other, &format!("/v1/home?{day}&my_customers=true")).json();
    assert_eq!(none["news"]["items"], json!([]), "none chosen");
    // What is wrong with the orders of the chosen is found, and of nobody else's.
    let troubled = |more: &str| -> Vec<String> {
        let items = bench.get(&key, &format!("/v1/exceptions?{more}")).items();
        let mut found: Vec<String> = items
            .iter()
            .map(|item| item["orders"][0]["number"].as_str().unwrap_or_default().to_owned())
            .collect();
        found.sort();
        found
    };
    for list in ["", "sort=rank", "state=open"] {
        let mut expected = troubled(list);
        assert!(expected.iter().any(|number| number == "SO-2"), "{list}: {expected:?}");
        expected.retain(|number| number != "SO-2");
        assert_eq!(troubled(&format!("my_customers=true&{list}")), expected, "{list}");
    }
}

#[test]
fn customers_are_found_by_what_their_names_begin_with() {
    let bench = Bench::new();
    let tenant = scene(&bench);
    let check = |q: &str, expected: &[&str]| {
        let items = bench.get(&tenant.admin, &format!("/v1/customers?q={q}")).items();
        let found: Vec<_> = items.iter().map(|item| item["name"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{q}");
    };
    check("", &["Coho Winery", "Fourth Bank", "Fourth Coffee"]);
    check("four", &["Fourth Bank", "Fourth Coffee"]);
    check("Coffee", &["Fourth Coffee"]);
    check("SO-1", &[]);
}

#[test]
fn a_choice_is_bounded_and_no_partner_has_one() {
    let bench = Bench::new();
    let tenant = scene(&bench);
    let many: Vec<String> = (0..101).map(|n| format!("Customer {n}")).collect();
    for names in [json!([""]), json!(["x".repeat(2_000)]), json!(many)] {
        let refused = choose(&bench, &tenant.admin, &names);
        assert_eq!(refused.outcome(), "value_wrong", "{}", refused.json());
    }
    let partner = bench.key(&tenant, "partner", Some("fabrikam"));
    assert_eq!(choose(&bench, &partner, &json!(["Fourth Coffee"])).status, 403);
    assert_eq!(bench.get(&partner, "/v1/customers").status, 403);
    assert_eq!(bench.get(&partner, "/v1/my-customers").status, 403);
    for list in ["orders", "exceptions", "exceptions?sort=rank"] {
        let mark = if list.contains('?') { '&' } else { '?' };
        let reply = bench.get(&partner, &format!("/v1/{list}{mark}my_customers=true"));
        assert!(reply.items().is_empty(), "{list}: {}", reply.json());
    }
}

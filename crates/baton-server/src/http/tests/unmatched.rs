//! What hangs on no order: listed, with orders that it might be of, and linked by a person's word.

use serde_json::{Value, json};

use super::bench::*;

const PARCELS: &str = r#"
name: acme
title: Parcels
format: json
own_id: /id
versioned: true
issuers: {po: self, tracking: carrier}
map: |
  {about: {shipment: ["tracking", .parcel]}, at: .at} as $said
  | ($said + {pointer: "/parcel", milestone: "T10"}),
    (.pos[] | $said + {pointer: "/pos", part_of: {order: ["po", .]}})
"#;

/// Two orders, a parcel of the first, and one of nothing whose number is near that one's.
fn world() -> (Bench, Tenant) {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    assert_eq!(bench.call(&tenant.admin, "POST", "/v1/packs").json(&pack(PARCELS)).status, 201);
    for number in ["SO-1", "SO-2"] {
        bench.send(&tenant, &booked(number, Some("FABRIKAM")));
    }
    let feed = json!({
        "source": "parcels", "role": "carrier", "connector": "acme", "partner": "litware",
    });
    let key = bench.call(&tenant.admin, "POST", "/v1/sources").json(&feed).text("key");
    for (parcel, pos) in [("TRK-790011", vec!["PO-SO-1"]), ("TRK-790012", vec![])] {
        let body =
            json!({ "id": parcel, "parcel": parcel, "pos": pos, "at": "2026-03-04T10:00:00Z" });
        let sent = bench.call(&key, "POST", "/v1/sources/parcels/messages").json(&body);
        assert_eq!(sent.status, 202);
    }
    bench.settle();
    (bench, tenant)
}

fn strays(bench: &Bench, tenant: &Tenant) -> Vec<Value> {
    bench.get(&tenant.admin, "/v1/unmatched").items()
}

#[test]
fn a_parcel_of_nothing_is_listed_suggested_for_and_linked() {
    let (bench, tenant) = world();
    let listed = strays(&bench, &tenant);
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0]["identifiers"][0]["value"], "TRK-790012");
    assert_eq!(
        (&listed[0]["kind"], &listed[0]["partners"]),
        (&json!("shipment"), &json!(["litware"]))
    );
    let id = listed[0]["id"].as_str().unwrap();
    let path = format!("/v1/unmatched/{id}");
    let shown = bench.get(&tenant.admin, &path).json();
    let best = &shown["suggestions"][0];
    assert_eq!(best["order"], bench.order(&tenant, "SO-1"), "{shown}");
    let sum: i64 =
        best["reasons"].as_array().unwrap().iter().map(|r| r["points"].as_i64().unwrap()).sum();
    assert_eq!(best["points"], sum);
    assert_eq!(best["reasons"][0]["reason"]["kind"], "near_number");
    assert_eq!(shown["suggestions"].as_array().unwrap().len(), 1, "a partner alone is not enough");
    let link = |order: &str| {
        let path = format!("{path}/link");
        bench.call(&tenant.admin, "POST", &path).json(&json!({ "order": order }))
    };
    assert_eq!(link("ord_00000000000000000000").outcome(), "value_wrong");
    assert_eq!(link(id).outcome(), "value_wrong", "it is no order");
    let order = bench.order(&tenant, "SO-2");
    let linked = link(&order);
    assert_eq!((linked.status, linked.text("person").as_str()), (202, "first-administrator"));
    bench.settle();
    assert_eq!(strays(&bench, &tenant), Vec::<Value>::new());
    assert_eq!(bench.get(&tenant.admin, &path).outcome(), "not_found", "it is of an order now");
    let order = bench.get(&tenant.admin, &format!("/v1/orders/{order}")).json();
    let objects = order["objects"].as_array().unwrap();
    assert!(objects.iter().any(|o| o["name"]["value"] == "TRK-790012"), "{objects:?}");
    // What happened to it before the link happened to the order.
    assert_eq!(
        (&order["progress"], &order["holder"]["partner"]),
        (&json!("T10"), &json!("litware"))
    );
}

#[test]
fn an_order_that_nobody_placed_is_linked_as_the_same() {
    let (bench, tenant) = world();
    let key = bench.call(&tenant.admin, "POST", "/v1/sources/parcels/keys").json(&json!({}));
    let body = json!({
        "id": "x", "parcel": "TRK-5", "pos": ["PO SO-2"], "at": "2026-03-04T10:00:00Z",
    });
    let path = "/v1/sources/parcels/messages";
    assert_eq!(bench.call(&key.text("key"), "POST", path).json(&body).status, 202);
    bench.settle();
    let mut unplaced = strays(&bench, &tenant);
    unplaced.retain(|item| item["kind"] == "order");
    assert_eq!(unplaced.len(), 1, "{unplaced:?}");
    let path = format!("/v1/unmatched/{}", unplaced[0]["id"].as_str().unwrap());
    let shown = bench.get(&tenant.admin, &path).json();
    let order = bench.order(&tenant, "SO-2");
    assert_eq!(shown["suggestions"][0]["order"], order, "{shown}");
    assert_eq!(shown["suggestions"][0]["reasons"][0]["reason"]["kind"], "same_number");
    let link = bench.call(&tenant.admin, "POST", &format!("{path}/link"));
    assert_eq!(link.json(&json!({ "order": order })).status, 202);
    bench.settle();
    assert!(strays(&bench, &tenant).iter().all(|item| item["kind"] != "order"));
    let placed = format!("/v1/unmatched/{order}");
    assert_eq!(bench.get(&tenant.admin, &placed).outcome(), "not_found", "it was placed");
}

#[test]
fn a_partner_is_shown_with_its_feeds_and_what_was_agreed() {
    let (bench, tenant) = world();
    let shown = bench.get(&tenant.admin, "/v1/partners/litware").json();
    let feed = &shown["feeds"][0];
    assert_eq!(
        (&feed["source"], &feed["messages"], &feed["read"]),
        (&json!("parcels"), &json!(2), &json!(2))
    );
    assert_eq!(feed["reader"]["file"], "connectors/acme.yaml");
    assert_eq!(feed["lag"], "14h", "{feed}");
    let oem = bench.get(&tenant.admin, "/v1/partners/fabrikam").json();
    let slas: Vec<&str> =
        oem["slas"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(slas, ["supplier-acknowledges"]);
    assert_eq!(oem["slas"][0]["declared"]["file"], "slas.yaml");
    assert_eq!(oem["calendars"][0]["name"], "supplier-hours");
    assert!(oem["handoffs"].as_array().unwrap().iter().any(|h| h["gives"] == true));
    let partner = bench.key(&tenant, "partner", Some("fabrikam"));
    let own = bench.get(&partner, "/v1/partners/fabrikam").json();
    assert_eq!(own["slas"][0]["declared"], Value::Null, "packs are none of its business");
    assert_eq!(bench.get(&partner, "/v1/partners/litware").outcome(), "not_found");
}

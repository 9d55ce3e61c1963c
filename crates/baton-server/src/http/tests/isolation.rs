//! Two tenants and a partner: nobody sees, or can infer, what is not theirs.

use serde_json::{Value, json};

use super::bench::*;

/// The ids that a tenant's lists show.
fn ids(bench: &Bench, key: &str, path: &str) -> Vec<String> {
    let items = bench.get(key, path).items();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn two_tenants_see_nothing_of_each_other() {
    let bench = Bench::new();
    let (ours, theirs) = (bench.tenant("ours"), bench.tenant("theirs"));
    // The same number at two tenants is two orders.
    bench.send(&ours, &booked("SO-1", Some("FABRIKAM")));
    bench.send(&theirs, &booked("SO-1", Some("FABRIKAM")));
    bench.send(&theirs, &booked("SO-2", Some("FABRIKAM")));
    bench.send(&theirs, &json!({ "message_id": "odd" }));
    bench.settle();
    let note = json!({ "kind": "note", "text": "only theirs" });
    let shared = bench.order(&theirs, "SO-1");
    bench.call(&theirs.admin, "POST", &format!("/v1/orders/{shared}/facts")).json(&note);
    bench.settle();
    let mut seen = 0;
    for (list, one) in [
        ("/v1/orders", "/v1/orders/"),
        ("/v1/messages", "/v1/messages/"),
        ("/v1/exceptions", "/v1/exceptions/"),
        ("/v1/quarantine", "/v1/quarantine/"),
    ] {
        let (mine, other) = (ids(&bench, &ours.admin, list), ids(&bench, &theirs.admin, list));
        for id in other.iter().filter(|id| !mine.contains(id)) {
            seen += 1;
            let path = format!("{one}{id}");
            assert_eq!(bench.get(&theirs.admin, &path).status, 200, "{path}");
            let reply = bench.get(&ours.admin, &path);
            assert_eq!((reply.status, reply.outcome().as_str()), (404, "not_found"), "{path}");
        }
    }
    assert!(seen >= 4, "{seen}");
    let timeline = bench.get(&ours.admin, &format!("/v1/orders/{shared}/timeline"));
    assert!(!String::from_utf8_lossy(&timeline.body).contains("only theirs"));
    for key in [&ours.admin, &bench.key(&ours, "auditor", None)] {
        let chosen = bench.call(key, "GET", "/v1/orders").with("Baton-Tenant", "theirs").send();
        assert_eq!((chosen.status, chosen.outcome().as_str()), (404, "tenant_unknown"));
    }
    let names: Vec<Value> =
        bench.get(&ours.admin, "/v1/tenants").items().iter().map(|t| t["tenant"].clone()).collect();
    assert_eq!(names, [json!("ours")]);
}

#[test]
fn an_operator_chooses_a_tenant() {
    let bench = Bench::new();
    let (ours, theirs) = (bench.tenant("ours"), bench.tenant("theirs"));
    bench.send(&theirs, &booked("SO-7", None));
    bench.settle();
    let operator = bench.key(&ours, "operator", None);
    let count = |tenant: &str| {
        let call = bench.call(&operator, "GET", "/v1/orders");
        let call = if tenant.is_empty() { call } else { call.with("Baton-Tenant", tenant) };
        call.send().items().len()
    };
    assert_eq!((count(""), count("ours"), count("theirs")), (0, 0, 1));
    let nobody = bench.call(&operator, "GET", "/v1/orders").with("Baton-Tenant", "nobody").send();
    assert_eq!(nobody.outcome(), "tenant_unknown");
    let unsaid = bench.local("", "GET", "/v1/orders").send();
    assert_eq!((unsaid.status, unsaid.outcome().as_str()), (400, "tenant_needed"));
    assert_eq!(bench.get(&operator, "/v1/tenants").items().len(), 2);
}

#[test]
fn a_partner_sees_its_orders_without_prices_and_customers() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let mine = bench.send(&tenant, &booked("SO-1", Some("FABRIKAM"))).text("id");
    bench.send(&tenant, &booked("SO-2", Some("LITWARE")));
    bench.send(&tenant, &booked("SO-3", None));
    bench.settle();
    let partner = bench.key(&tenant, "partner", Some("fabrikam"));
    let orders = bench.get(&partner, "/v1/orders").items();
    assert_eq!(orders.len(), 1, "{orders:?}");
    let id = orders[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(id, bench.order(&tenant, "SO-1"));
    for other in ["SO-2", "SO-3"] {
        let path = format!("/v1/orders/{}", bench.order(&tenant, other));
        for part in ["", "/timeline", "/explain?claim=promise"] {
            let reply = bench.get(&partner, &format!("{path}{part}"));
            assert_eq!((reply.status, reply.outcome().as_str()), (404, "not_found"), "{part}");
        }
        let exceptions = format!("/v1/exceptions?order={}", bench.order(&tenant, other));
        assert_eq!(bench.get(&partner, &exceptions).status, 404);
    }
    let whole = bench.get(&tenant.admin, &format!("/v1/orders/{id}"));
    let whole = String::from_utf8_lossy(&whole.body).into_owned();
    for secret in ["Fourth Coffee", "FC-1", "42008"] {
        assert!(whole.contains(secret), "{secret} is in what the tenant sees");
        for path in [
            "/v1/orders".to_owned(),
            format!("/v1/orders/{id}"),
            format!("/v1/orders/{id}/timeline?limit=500"),
            format!("/v1/orders/{id}/explain?claim=line:10"),
            "/v1/exceptions".to_owned(),
            "/v1/messages".to_owned(),
        ] {
            let shown = bench.get(&partner, &path);
            assert_eq!(shown.status, 200, "{path}");
            let text = String::from_utf8_lossy(&shown.body).into_owned();
            assert!(!text.contains(secret), "{secret} in {path}: {text}");
        }
    }
    // Nor can it be found out by searching for it.
    assert_eq!(bench.get(&partner, "/v1/orders?q=fourth").items().len(), 0);
    assert_eq!(bench.get(&tenant.admin, "/v1/orders?q=fourth").items().len(), 3);
    // The message of another source is none of its own.
    assert_eq!(bench.get(&partner, &format!("/v1/messages/{mine}")).status, 404);
    assert_eq!(bench.get(&partner, &format!("/v1/messages/{mine}/raw")).status, 404);
    let sent = bench.call(&tenant.feed, "POST", "/v1/sources/fabrikam-feed/messages").raw("{}");
    assert_eq!(bench.get(&partner, &format!("/v1/messages/{}", sent.text("id"))).status, 200);
    bench.settle();
    assert_eq!(bench.get(&partner, "/v1/messages").items().len(), 1);
    assert_eq!(bench.get(&partner, "/v1/quarantine").items().len(), 1);
    assert_eq!(bench.get(&partner, "/v1/sources").items().len(), 1);
    assert_eq!(bench.get(&partner, "/v1/partners").items().len(), 1);
}

/// A parcel was said to be of the wrong order; the statement is struck, and made again.
#[test]
fn a_relation_that_is_struck_leads_nobody_any_more() {
    const PARCELS: &str = r#"
name: acme
title: Parcels
format: json
own_id: /id
versioned: true
issuers: {po: self, tracking: carrier}
map: |
  {about: {shipment: ["tracking", .parcel]}, at: .at} as $said
  | ($said + {pointer: "/po", part_of: {order: ["po", .po]}}),
    ($said + {pointer: "/parcel", trouble: "E-TRN-08", text: "damaged"})
"#;
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    assert_eq!(bench.call(&tenant.admin, "POST", "/v1/packs").json(&pack(PARCELS)).status, 201);
    bench.send(&tenant, &booked("SO-1", Some("FABRIKAM")));
    let feed = json!({ "source": "parcels", "role": "carrier", "connector": "acme" });
    let key = bench.call(&tenant.admin, "POST", "/v1/sources").json(&feed).text("key");
    let scan = |id: &str, at: &str| {
        let body = json!({ "id": id, "parcel": "P-77", "po": "PO-SO-1", "at": at });
        let sent = bench.call(&key, "POST", "/v1/sources/parcels/messages").json(&body);
        bench.settle();
        sent.text("id")
    };
    let message = scan("first", "2026-03-04T10:00:00Z");
    let partner = bench.key(&tenant, "partner", Some("fabrikam"));
    let order = bench.order(&tenant, "SO-1");
    let check = |leads: bool| {
        for key in [&tenant.admin, &partner] {
            let exceptions = bench.get(key, &format!("/v1/exceptions?order={order}")).items();
            assert_eq!(exceptions.iter().any(|e| e["code"] == "E-TRN-08"), leads, "{exceptions:?}");
            for query in ["identifier=P-77", "q=P-7", "exception=E-TRN-08"] {
                let orders = bench.get(key, &format!("/v1/orders?{query}")).items();
                assert_eq!(orders.len(), usize::from(leads), "{query}: {orders:?}");
            }
        }
        let all = bench.get(&partner, "/v1/exceptions").items();
        assert_eq!(all.iter().any(|e| e["code"] == "E-TRN-08"), leads, "{all:?}");
        let verified = bench.call(&tenant.admin, "POST", "/v1/verify").send().json();
        assert_eq!(verified["differences_found"], 0, "{verified}");
    };
    check(true);
    let facts = bench.get(&tenant.admin, &format!("/v1/messages/{message}")).json();
    let facts = facts["facts"].as_array().unwrap();
    let relation = facts.iter().find(|fact| fact["stated"]["related"].is_object()).unwrap();
    let strike = json!({ "kind": "strike", "fact": relation["id"], "reason": "another order's" });
    let path = format!("/v1/orders/{order}/facts");
    let stated = bench.call(&tenant.admin, "POST", &path).json(&strike);
    assert_eq!(stated.status, 202, "{}", stated.json());
    bench.settle();
    check(false);
    scan("second", "2026-03-04T11:00:00Z");
    check(true);
}

#[test]
fn orders_that_a_clash_keeps_apart_do_not_tell_of_each_other() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    bench.send(&tenant, &booked("SO-1", Some("FABRIKAM")));
    bench.send(&tenant, &booked("SO-2", Some("LITWARE")));
    bench.settle();
    let (first, second) = (bench.order(&tenant, "SO-1"), bench.order(&tenant, "SO-2"));
    // Two sales orders cannot be one: the link is kept, does not hold, and is an exception.
    let name = bench.get(&tenant.admin, &format!("/v1/orders/{second}")).json()["name"].clone();
    let link = json!({ "kind": "link", "identifier": name });
    bench.call(&tenant.admin, "POST", &format!("/v1/orders/{first}/facts")).json(&link);
    bench.settle();
    assert_eq!(bench.get(&tenant.admin, "/v1/orders").items().len(), 2);
    let partner = bench.key(&tenant, "partner", Some("fabrikam"));
    let timeline = bench.get(&partner, &format!("/v1/orders/{first}/timeline?limit=500"));
    let text = String::from_utf8_lossy(&timeline.body).into_owned();
    assert!(text.contains("PO-SO-1") && !text.contains("PO-SO-2"), "{text}");
    assert_eq!(bench.get(&partner, &format!("/v1/orders/{second}")).status, 404);
}

/// The samples, as sent by the seller, its distributor and a carrier; a parcel of theirs is damaged.
fn a_damaged_parcel(bench: &Bench, tenant: &Tenant) {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples");
    let read = |name: &str| std::fs::read(format!("{samples}/{name}")).unwrap();
    let partner = json!({ "partner": "tailspin", "name": "Tailspin", "role": "carrier" });
    bench.call(&tenant.admin, "POST", "/v1/partners").json(&partner);
    let damaged = json!({
        "event_id": "d-1", "tracking_number": "TSP790000009001", "status": "damaged",
        "timestamp": "2026-03-04T14:31:00-05:00",
    });
    for (source, role, partner, connector, body) in [
        ("erp", "seller", None, "starter-erp", read("erp-purchase-order.json")),
        ("asn", "distributor", Some("litware"), "x12-retail", read("ship-notice.856.edi")),
        ("scans", "carrier", Some("tailspin"), "carrier-tracking", damaged.to_string().into()),
    ] {
        let made = json!({
            "source": source, "role": role, "partner": partner, "connector": connector,
        });
        let key = bench.call(&tenant.admin, "POST", "/v1/sources").json(&made).text("key");
        let path = format!("/v1/sources/{source}/messages");
        assert_eq!(bench.call(&key, "POST", &path).raw(body).status, 202, "{source}");
    }
    bench.settle();
}

#[test]
fn a_partner_sees_what_went_wrong_with_what_its_orders_reach() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    bench.send(&tenant, &booked("SO-1", Some("FABRIKAM")));
    a_damaged_parcel(&bench, &tenant);
    let order = bench.order(&tenant, "4500099001");
    let listed = |key: &str, path: &str| -> Vec<String> {
        let mut codes: Vec<String> = bench
            .get(key, path)
            .items()
            .iter()
            .map(|e| e["code"].as_str().unwrap().into())
            .collect();
        codes.sort();
        codes
    };
    let whole = bench.get(&tenant.admin, "/v1/exceptions").items();
    let damage = whole.iter().find(|e| e["code"] == "E-TRN-08").unwrap();
    assert_ne!(damage["object"], order.as_str(), "it is the parcel's");
    let touched = |items: &[Value]| {
        let damage = items.iter().find(|e| e["code"] == "E-TRN-08").unwrap();
        (damage["orders"][0]["id"].clone(), damage["orders_count"].clone())
    };
    assert_eq!(touched(&whole), (json!(order), json!(1)));
    let one = format!("/v1/exceptions/{}", damage["id"].as_str().unwrap());
    let of_order = format!("/v1/exceptions?order={order}");
    assert!(listed(&tenant.admin, &of_order).contains(&"E-TRN-08".into()));
    let (fabrikam, litware) = (
        bench.key(&tenant, "partner", Some("fabrikam")),
        bench.key(&tenant, "partner", Some("litware")),
    );
    let path = "/v1/orders?exception=E-TRN-08";
    for (key, sees) in [(&litware, true), (&fabrikam, false)] {
        assert_eq!(listed(key, "/v1/exceptions").contains(&"E-TRN-08".into()), sees);
        assert_eq!(bench.get(key, &one).status, if sees { 200 } else { 404 });
        assert_eq!(bench.get(key, path).items().len(), usize::from(sees));
    }
    assert_eq!(bench.get(&litware, path).items()[0]["id"], order.as_str());
    let seen = bench.get(&litware, "/v1/exceptions").items();
    assert_eq!(touched(&seen), (json!(order), json!(1)));
}

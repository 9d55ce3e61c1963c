//! The ranking of exceptions: what is at stake is told with each, and told anew when an order changes.

use serde_json::{Value, json};

use super::bench::*;

/// Parcels of purchase orders, and what is wrong with them.
pub(super) const CONNECTOR: &str = r#"
name: acme
title: Parcels
format: json
own_id: /id
versioned: true
issuers: {po: self, tracking: carrier}
map: |
  {about: {shipment: ["tracking", .parcel]}, at: .at} as $said
  | (.pos[] | $said + {pointer: "/pos", part_of: {order: ["po", .]}}),
    ($said + {pointer: "/note", trouble: "E-TRN-08", text: .note})
"#;

fn order(bench: &Bench, tenant: &Tenant, (number, version): (&str, i64), total: &str) {
    let mut message = booked(number, Some("LITWARE"));
    message["message_id"] = json!(format!("m-{number}-{version}"));
    message["version"] = json!(version);
    message["occurred_at"] = json!(format!("2026-03-0{version}T20:44:42-05:00"));
    message["total"] = json!(total);
    assert_eq!(bench.send(tenant, &message).status, 202);
    bench.settle();
}

fn ranked(bench: &Bench, key: &str, query: &str) -> Vec<Value> {
    let reply = bench.get(key, &format!("/v1/exceptions?sort=rank{query}"));
    assert_eq!(reply.status, 200, "{}", reply.json());
    reply.items()
}

#[test]
fn what_two_orders_share_has_the_most_of_both_at_stake() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    assert_eq!(bench.call(&tenant.admin, "POST", "/v1/packs").json(&pack(CONNECTOR)).status, 201);
    let feed = json!({
        "source": "parcels", "role": "carrier", "connector": "acme", "partner": "litware",
    });
    let parcels = bench.call(&tenant.admin, "POST", "/v1/sources").json(&feed).text("key");
    order(&bench, &tenant, ("SO-1", 1), "99.00");
    order(&bench, &tenant, ("SO-2", 1), "9.00");
    let parcel = json!({
        "id": "one", "parcel": "TRK-1", "pos": ["PO-SO-1", "PO-SO-2"], "note": "damaged",
        "at": "2026-03-04T10:00:00Z",
    });
    let path = "/v1/sources/parcels/messages";
    assert_eq!(bench.call(&parcels, "POST", path).json(&parcel).status, 202);
    bench.settle();
    let rank = || {
        let found = ranked(&bench, &tenant.admin, "&code=E-TRN-08");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["orders_count"], 2);
        let rank = &found[0]["rank"];
        let part = |name: &str| rank[name].as_i64().unwrap();
        assert_eq!(part("sum"), part("severity") + part("money") + part("time"));
        part("money")
    };
    assert_eq!(rank(), 16, "ninety-nine of the one");
    order(&bench, &tenant, ("SO-2", 2), "100000.00");
    assert_eq!(rank(), 40, "what the other is worth now");
    order(&bench, &tenant, ("SO-2", 3), "9.00");
    assert_eq!(rank(), 16, "and no more");
    // By rank the list has what the other has, the highest first.
    let all = ranked(&bench, &tenant.admin, "");
    let sums: Vec<i64> = all.iter().map(|e| e["rank"]["sum"].as_i64().unwrap()).collect();
    assert!(sums.is_sorted_by(|a, b| a >= b), "{sums:?}");
    let open = bench.get(&tenant.admin, "/v1/exceptions?state=open").items();
    assert_eq!(all.len(), open.len());
    // Who does not see prices cannot tell them from ranks.
    let partner = bench.key(&tenant, "partner", Some("litware"));
    for item in ranked(&bench, &partner, "") {
        assert_eq!(item["rank"]["money"], 0);
    }
    for wrong in ["&state=cleared", "&cursor=5.exc_00000000000000000000"] {
        let reply = bench.get(&tenant.admin, &format!("/v1/exceptions?sort=rank{wrong}"));
        assert_eq!(reply.status, 400, "{wrong}");
    }
}

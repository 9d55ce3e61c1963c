//! Scorecards over HTTP: what a span's orders came to, for the tenant and for each of its partners.

use serde_json::{Value, json};

use super::bench::*;

fn rate(card: &Value, name: &str) -> (u64, u64) {
    let rate = &card[name];
    (rate["kept"].as_u64().unwrap(), rate["of"].as_u64().unwrap())
}

#[test]
fn orders_that_were_due_are_scored_for_those_who_took_part() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    // Fabrikam builds four of them and Litware three.
    for n in 0..7 {
        let supplier = if n % 2 == 0 { "FABRIKAM" } else { "LITWARE" };
        bench.send(&tenant, &booked(&format!("SO-{n}"), Some(supplier)));
    }
    bench.settle();
    let delivered = |number: &str, at: &str| {
        let id = bench.order(&tenant, number);
        let body = json!({ "kind": "milestone", "milestone": "T60", "at": at });
        bench.call(&tenant.admin, "POST", &format!("/v1/orders/{id}/facts")).json(&body);
    };
    let scored = |key: &str, query: &str| bench.get(key, &format!("/v1/scorecards?{query}")).json();
    let clock = &bench.engine.tenants()[0].clock;

    // Before the day nothing is due but what is done.
    clock.advance_to("2026-03-19T00:00:00Z".parse().unwrap());
    delivered("SO-0", "2026-03-18T15:00:00Z");
    bench.settle();
    let span = "from=2026-03-15T00:00:00Z&until=2026-03-29T00:00:00Z";
    assert_eq!(rate(&scored(&tenant.admin, span)["whole"], "on_time"), (1, 1));

    clock.advance_to("2026-03-28T00:00:00Z".parse().unwrap());
    delivered("SO-1", "2026-03-20T15:00:00Z");
    delivered("SO-2", "2026-03-25T15:00:00Z");
    bench.settle();
    let answer = scored(&tenant.admin, span);
    assert_eq!((&answer["orders"], &answer["cut"]), (&json!(7), &json!(false)));
    assert_eq!(rate(&answer["whole"], "on_time"), (2, 7));
    assert_eq!(rate(&answer["whole"], "on_time_by_first_promise"), (2, 7));
    let trend = answer["whole"]["trend"].as_array().unwrap();
    assert_eq!(trend.iter().map(|week| rate(week, "on_time")).collect::<Vec<_>>(), [(2, 7)]);
    let card = |answer: &Value, partner: &str| {
        let mut cards = answer["partners"].as_array().unwrap().iter().cloned();
        cards.find(|card| card["partner"] == partner)
    };
    for (partner, expected) in [("fabrikam", (1, 4)), ("litware", (1, 3))] {
        let card = card(&answer, partner).unwrap();
        assert_eq!(rate(&card, "on_time"), expected, "{partner}");
        assert_eq!(card["orders"], expected.1, "{partner}");
    }
    let charged: i64 = answer["partners"]
        .as_array()
        .unwrap()
        .iter()
        .map(|card| card["late_minutes"].as_i64().unwrap())
        .sum();
    assert!(charged <= answer["whole"]["late_minutes"].as_i64().unwrap());

    // One partner's, and what a partner sees: its own, and nothing of the whole.
    let one = scored(&tenant.admin, &format!("{span}&partner=litware"));
    assert_eq!(one["partners"], json!([card(&answer, "litware").unwrap()]));
    let own = bench.key(&tenant, "partner", Some("litware"));
    let seen = scored(&own, &format!("{span}&partner=fabrikam"));
    assert_eq!((&seen["whole"], &seen["orders"]), (&Value::Null, &json!(3)));
    let seen = card(&seen, "litware").unwrap();
    assert_eq!(rate(&seen, "on_time"), (1, 3));

    // Nothing was promised for another span.
    let none = scored(&tenant.admin, "from=2026-04-01T00:00:00Z&until=2026-04-20T00:00:00Z");
    assert_eq!((&none["orders"], &none["partners"]), (&json!(0), &json!([])));
    assert_eq!(none["whole"]["on_time"]["per_mille"], Value::Null);
    for wrong in ["from=2026-03-15T00:00:00Z&until=2026-03-15T00:00:00Z", "from=yesterday"] {
        let refused = bench.get(&tenant.admin, &format!("/v1/scorecards?{wrong}"));
        assert_eq!(refused.outcome(), "query_wrong", "{wrong}");
    }
}

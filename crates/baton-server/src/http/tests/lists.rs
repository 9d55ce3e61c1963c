//! Every filter of the list of orders, alone and with others, in every order and page by page.

use serde_json::{Value, json};

use super::bench::*;

/// A filter as a query, and whether an item of the whole list passes it.
struct Narrow {
    query: String,
    passes: Box<dyn Fn(&Value) -> bool>,
}

fn narrow(query: &str, passes: impl Fn(&Value) -> bool + 'static) -> Narrow {
    Narrow { query: query.to_owned(), passes: Box::new(passes) }
}

/// Seven orders, of which some are confirmed, delivered, late or not acknowledged.
fn orders(bench: &Bench, tenant: &Tenant) {
    let stated = |number: &str, milestone: &str, at: &str| {
        let path = format!("/v1/orders/{}/facts", bench.order(tenant, number));
        let body = json!({ "kind": "milestone", "milestone": milestone, "at": at });
        assert_eq!(bench.call(&tenant.admin, "POST", &path).json(&body).status, 202);
    };
    let contoso = json!({ "partner": "contoso", "name": "Contoso", "role": "seller" });
    bench.call(&tenant.admin, "POST", "/v1/partners").json(&contoso);
    let erp = json!({
        "source": "erp", "role": "seller", "partner": "contoso", "connector": "starter-erp",
    });
    let erp = bench.call(&tenant.admin, "POST", "/v1/sources").json(&erp).text("key");
    for n in 0..7 {
        let supplier = if n % 2 == 0 { "FABRIKAM" } else { "LITWARE" };
        let mut order = booked(&format!("SO-{n}"), Some(supplier));
        order["type"] = "po-raised".into();
        order["lines"][0]["promised_delivery_on"] = format!("2026-03-{}", 10 + n).into();
        bench.call(&erp, "POST", "/v1/sources/erp/messages").json(&order);
    }
    bench.call(&tenant.feed, "POST", "/v1/sources/fabrikam-feed/messages").raw("{}");
    bench.settle();
    bench.engine.tenants()[0].clock.advance_to("2026-03-14T18:00:00Z".parse().unwrap());
    bench.engine.wake();
    bench.settle();
    stated("SO-1", "O30", "2026-03-04T09:00:00Z");
    stated("SO-2", "O30", "2026-03-04T09:00:00Z");
    stated("SO-2", "T60", "2026-03-13T20:00:00Z");
    bench.settle();
}

/// The whole of a list, a few entries at a time.
fn paged(bench: &Bench, key: &str, path: &str) -> Vec<Value> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = bench.get(key, &format!("{path}&limit=2{cursor}"));
        assert_eq!(page.status, 200, "{path}: {}", page.json());
        seen.extend(page.items());
        match page.json()["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return seen,
        }
    }
}

/// The filters: state, partner, holder, lateness, trouble, exception, promise window, text, number.
fn narrows(bench: &Bench, tenant: &Tenant) -> Vec<Narrow> {
    let open = bench.get(&tenant.admin, "/v1/exceptions?state=open&limit=500").items();
    let code = open[0]["code"].as_str().unwrap().to_owned();
    let with_code: Vec<Value> =
        open.iter().filter(|e| e["code"] == code.as_str()).map(|e| e["object"].clone()).collect();
    let all = bench.get(&tenant.admin, "/v1/orders?limit=500").items();
    let holder = all.iter().find_map(|o| o["holder"].as_str()).unwrap_or("nobody").to_owned();
    let plays = |partner: &'static str| {
        move |item: &Value| {
            item["partners"].as_array().unwrap().iter().any(|p| p["partner"] == partner)
        }
    };
    let until = "2026-03-15T00:00:00Z";
    vec![
        narrow("phase=placed,confirmed", |o| {
            ["placed", "confirmed"].iter().any(|p| o["phase"] == *p)
        }),
        narrow("partner=fabrikam", plays("fabrikam")),
        narrow(&format!("holder={holder}"), move |o| o["holder"] == holder.as_str()),
        narrow("late=true", |o| o["late_minutes"].as_i64().unwrap() > 0),
        narrow("troubled=true", |o| o["exceptions_open"].as_i64().unwrap() > 0),
        narrow(&format!("exception={code}"), move |o| with_code.contains(&o["id"])),
        narrow(&format!("promised_from=2026-03-12T00:00:00Z&promised_to={until}"), move |o| {
            let at = o["promised_at"].as_str().unwrap_or("9");
            ("2026-03-12T00:00:00Z"..until).contains(&at)
        }),
        narrow("q=SO-", |_| true),
        narrow("identifier=PO-SO-2", |o| o["number"].as_str().unwrap().contains("SO-2")),
    ]
}

#[test]
fn filters_narrow_alone_and_together_in_every_order_of_rows() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    orders(&bench, &tenant);
    let filters = narrows(&bench, &tenant);
    let mut found = vec![0; filters.len()];
    for sort in ["updated", "promised", "late"] {
        let whole = paged(&bench, &tenant.admin, &format!("/v1/orders?sort={sort}"));
        assert_eq!(whole.len(), 7);
        for (n, filter) in filters.iter().enumerate() {
            for other in &filters[n..] {
                let query = if std::ptr::eq(filter, other) {
                    filter.query.clone()
                } else {
                    format!("{}&{}", filter.query, other.query)
                };
                let passes = |item: &&Value| (filter.passes)(item) && (other.passes)(item);
                let expected: Vec<&Value> = whole.iter().filter(passes).collect();
                let path = format!("/v1/orders?sort={sort}&{query}");
                assert_eq!(
                    paged(&bench, &tenant.admin, &path).iter().collect::<Vec<_>>(),
                    expected,
                    "{path}"
                );
                found[n] += expected.len();
            }
        }
    }
    assert!(found.iter().all(|count| *count > 0), "each filter finds something: {found:?}");
}

#[test]
fn a_filter_that_cannot_be_is_told() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    for (query, words) in [
        ("phase=lost", "phase"),
        ("exception=E-NOT-01", "E-NOT-01"),
        ("promised_from=monday", "promised_from"),
        ("late=perhaps", "late"),
        ("sort=colour", "sort"),
        ("colour=red", "colour"),
    ] {
        let reply = bench.get(&tenant.admin, &format!("/v1/orders?{query}"));
        assert_eq!((reply.status, reply.outcome().as_str()), (400, "query_wrong"), "{query}");
        assert!(reply.text("detail").contains(words), "{query}: {}", reply.json());
    }
}

#[test]
fn the_overview_counts_what_the_lists_hold() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    orders(&bench, &tenant);
    let all = bench.get(&tenant.admin, "/v1/orders?limit=500").items();
    let overview = bench.get(&tenant.admin, "/v1/overview").json();
    let counted = |field: &str| -> i64 {
        let phases = overview["phases"].as_array().unwrap();
        phases.iter().map(|phase| phase[field].as_i64().unwrap()).sum()
    };
    assert_eq!(counted("orders"), i64::try_from(all.len()).unwrap());
    let late = bench.get(&tenant.admin, "/v1/orders?late=true&limit=500").items().len();
    assert_eq!(counted("late"), i64::try_from(late).unwrap());
    // What was on time is what the scorecards say.
    let card = bench.get(&tenant.admin, "/v1/scorecards").json()["whole"]["on_time"].clone();
    assert_ne!(card["of"], 0, "{card}");
    for field in ["kept", "of"] {
        assert_eq!(overview["on_time"][field], card[field], "{field}: {overview}");
    }
    for code in overview["exceptions"].as_array().unwrap() {
        let path =
            format!("/v1/exceptions?state=open&limit=500&code={}", code["code"].as_str().unwrap());
        let open = bench.get(&tenant.admin, &path).items().len();
        assert_eq!(code["open"], open, "{code}");
    }
}

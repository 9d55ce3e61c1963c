//! The page by which a customer follows an order: what is on it, what never is, and links that do not hold.

use serde_json::{Value, json};

use super::bench::*;

fn page(bench: &Bench, path: &str, language: &str) -> Reply {
    let call = bench.call("", "GET", path).with("Accept-Language", language);
    call.from("198.51.100.7").send()
}

fn html(reply: &Reply) -> String {
    String::from_utf8(reply.body.clone()).unwrap()
}

struct Scene {
    bench: Bench,
    tenant: Tenant,
    order: String,
}

fn scene() -> Scene {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let mut message = booked("1001", Some("FABRIKAM"));
    message["lines"][0]["description"] = json!("Patch cable <b>set</b>");
    bench.send(&tenant, &message);
    bench.settle();
    let order = bench.order(&tenant, "1001");
    Scene { bench, tenant, order }
}

impl Scene {
    fn link(&self) -> Value {
        let path = format!("/v1/orders/{}/tracking-links", self.order);
        let made = self.bench.call(&self.tenant.admin, "POST", &path);
        let made = made.json(&json!({ "label": "Fourth Coffee" }));
        assert_eq!(made.status, 201, "{}", made.json());
        made.json()
    }
}

#[test]
fn a_customer_sees_the_order_in_plain_words_and_nothing_else() {
    let scene = scene();
    let bench = &scene.bench;
    let brand =
        json!({ "name": "Northwind Traders", "accent": "#7a1f5c", "support": "help@nw.example" });
    assert_eq!(bench.call(&scene.tenant.admin, "PUT", "/v1/brand").json(&brand).status, 200);
    let link = scene.link();
    let path = link["path"].as_str().unwrap();
    let english = page(bench, path, "en-GB");
    let text = html(&english);
    assert_eq!(english.status, 200, "{text}");
    for expected in [
        "Northwind Traders",
        "Your order",
        "Ordered",
        "Promised for",
        "20 March 2026",
        "Patch cable &lt;b&gt;set&lt;/b&gt;",
        "mailto:help@nw.example",
        "lang=\"en\"",
        "noindex",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    // Neither money, nor whom the tenant works with, nor what it says of itself.
    for private in [
        "49.00",
        "42008",
        "USD",
        "fabrikam",
        "FABRIKAM",
        "litware",
        "northwind-erp",
        "PO-1001",
        "E-",
        "exception",
        "FC-1",
        "ord_",
        "<b>",
        "<script",
        "style=",
        "bat_",
    ] {
        assert!(!text.contains(private), "{private} in {text}");
    }
    assert_eq!(english.header("x-robots-tag"), "noindex, nofollow");
    assert_eq!(english.header("referrer-policy"), "no-referrer");
    assert_eq!(english.header("cache-control"), "no-store");
    assert!(english.header("content-security-policy").starts_with("default-src 'none'"));
    let style = text.split("href=\"/v1/brand/styles/").nth(1).unwrap().split('"').next().unwrap();
    let style = bench.call("", "GET", &format!("/v1/brand/styles/{style}")).send();
    assert!(html(&style).starts_with(":root{--accent:light-dark(#7a1f5c,"), "{}", html(&style));
    let german = html(&page(bench, path, "de-DE,de;q=0.9"));
    assert!(german.contains("Ihre Bestellung") && german.contains("20. März 2026"), "{german}");
    assert!(html(&page(bench, &format!("{path}?lang=de"), "en")).contains("Ihre Bestellung"));
}

#[test]
fn links_that_do_not_hold_are_all_answered_alike() {
    let scene = scene();
    let bench = &scene.bench;
    let link = scene.link();
    let path = link["path"].as_str().unwrap().to_owned();
    assert_eq!(page(bench, &path, "en").status, 200);
    let revoke = format!("/v1/tracking-links/{}", link["id"].as_str().unwrap());
    assert_eq!(bench.call(&scene.tenant.admin, "DELETE", &revoke).send().status, 200);
    assert_eq!(bench.call(&scene.tenant.admin, "DELETE", &revoke).send().outcome(), "not_found");
    let gone = page(bench, &path, "en");
    assert!(html(&gone).contains("This link does not work"));
    let never = format!("/track/bat_{}", "x".repeat(43));
    for other in [never.as_str(), "/track/x", "/track/bak_abc", "/track/%3Cb%3E"] {
        let answer = page(bench, other, "en");
        assert_eq!((answer.status, html(&answer)), (gone.status, html(&gone)), "{other}");
    }
    // Guessing is bounded, as with keys.
    let waits = (0..300).map(|_| page(bench, &never, "en")).find(|answer| answer.status == 429);
    assert!(html(&waits.unwrap()).contains("One moment"));
}

#[test]
fn links_are_listed_without_their_secrets_and_end_within_bounds() {
    let scene = scene();
    let bench = &scene.bench;
    let path = format!("/v1/orders/{}/tracking-links", scene.order);
    scene.link();
    let listed = bench.get(&scene.tenant.admin, &path).items();
    assert_eq!((listed.len(), &listed[0]["label"]), (1, &json!("Fourth Coffee")));
    assert!(!listed[0].to_string().contains("bat_"), "{listed:?}");
    for (body, outcome) in [
        (json!({ "label": "" }), "value_wrong"),
        (json!({ "label": "a", "expires_at": "2020-01-01T00:00:00Z" }), "value_wrong"),
        (json!({ "label": "a", "expires_at": "2100-01-01T00:00:00Z" }), "value_wrong"),
    ] {
        let refused = bench.call(&scene.tenant.admin, "POST", &path).json(&body);
        assert_eq!(refused.outcome(), outcome, "{body}");
    }
    let nowhere = "/v1/orders/ord_00000000000000000000/tracking-links";
    let refused = bench.call(&scene.tenant.admin, "POST", nowhere).json(&json!({ "label": "a" }));
    assert_eq!(refused.outcome(), "not_found");
}

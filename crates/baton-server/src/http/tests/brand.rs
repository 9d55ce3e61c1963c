//! The brand: whose shows where, and what is refused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::bench::*;

fn png() -> String {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(64_u32.to_be_bytes());
    bytes.extend(32_u32.to_be_bytes());
    STANDARD.encode(bytes)
}

#[test]
fn a_tenant_shows_its_own_brand_else_the_operators_else_batons() {
    let bench = Bench::new();
    let (north, contoso) = (bench.tenant("northwind"), bench.tenant("contoso"));
    let name = |key: &str| bench.get(key, "/v1/brand").text("name");
    assert_eq!((name(&north.admin), name(&contoso.admin)), ("Baton".into(), "Baton".into()));
    let operators = json!({ "name": "Cloudy MSP", "support": "help@msp.example" });
    let put = bench.local("", "PUT", "/v1/brand?of=operator").json(&operators);
    assert_eq!((put.status, put.json()["own"].clone()), (200, json!(true)), "{}", put.json());
    let own = json!({
        "name": "Northwind", "accent": "#7a1f5c", "host": "Orders.Northwind.example",
        "logo_base64": png(),
    });
    let put = bench.call(&north.admin, "PUT", "/v1/brand").json(&own);
    assert_eq!(put.status, 200, "{}", put.json());
    assert_eq!(
        (name(&north.admin), name(&contoso.admin)),
        ("Northwind".into(), "Cloudy MSP".into())
    );
    // Before anybody signed in, the name of the host or the address says whose door it is.
    let door = |host: &str, query: &str| {
        let call = bench.call("", "GET", &format!("/v1/sign-in{query}")).with("Host", host);
        call.send().json()["brand"]["name"].as_str().unwrap().to_owned()
    };
    assert_eq!(door("orders.northwind.example:8443", ""), "Northwind");
    assert_eq!(door("elsewhere.example", ""), "Cloudy MSP");
    assert_eq!(door("elsewhere.example", "?tenant=northwind"), "Northwind");
    assert_eq!(door("elsewhere.example", "?tenant=never-was"), "Cloudy MSP");
    // The logo is at an address that changes with it, and nowhere else.
    let address = put.text("logo_url");
    let logo = bench.call("", "GET", &address).send();
    assert_eq!((logo.status, logo.header("content-type")), (200, "image/png"));
    assert!(logo.header("cache-control").contains("immutable"));
    assert_eq!(logo.header("x-content-type-options"), "nosniff");
    let (owner, _) = address.rsplit_once('-').unwrap();
    let other = bench.call("", "GET", &format!("{owner}-0000000000000000")).send();
    assert_eq!(other.outcome(), "not_found");
    // What is not said of the logo leaves it.
    let named = json!({ "name": "Northwind Traders", "host": "orders.northwind.example" });
    let again = bench.call(&north.admin, "PUT", "/v1/brand").json(&named);
    assert_eq!((again.text("logo_url"), &again.json()["accent"]), (address, &Value::Null));
    let none = json!({ "name": "Northwind Traders", "logo_base64": "" });
    let none = bench.call(&north.admin, "PUT", "/v1/brand").json(&none);
    assert_eq!(none.json()["logo_url"], Value::Null);
    let removed = bench.call(&north.admin, "DELETE", "/v1/brand").json(&json!({}));
    assert_eq!(removed.json()["own"], false);
    assert_eq!(name(&north.admin), "Cloudy MSP");
}

#[test]
fn what_cannot_be_read_or_could_do_harm_is_refused() {
    let bench = Bench::new();
    let (north, contoso) = (bench.tenant("northwind"), bench.tenant("contoso"));
    let taken = json!({ "name": "Contoso", "host": "orders.example" });
    assert_eq!(bench.call(&contoso.admin, "PUT", "/v1/brand").json(&taken).status, 200);
    let svg = STANDARD.encode("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");
    for (body, code, words) in [
        (json!({ "name": "N", "accent": "#ffcc00" }), "value_wrong", "would do"),
        (json!({ "name": "N", "accent": "red" }), "value_wrong", "#0f5c63"),
        (json!({ "name": "N", "accent": "#0f5c63;x" }), "value_wrong", "no colour"),
        (json!({ "name": "" }), "value_wrong", "name"),
        (json!({ "name": "N", "logo_base64": svg }), "value_wrong", "PNG"),
        (json!({ "name": "N", "logo_base64": "%" }), "value_wrong", "base64"),
        (json!({ "name": "N", "support": "javascript:alert(1)" }), "value_wrong", "support"),
        (json!({ "name": "N", "host": "a b" }), "value_wrong", "host"),
        (json!({ "name": "N", "host": "orders.example" }), "conflict", "orders.example"),
    ] {
        let refused = bench.call(&north.admin, "PUT", "/v1/brand").json(&body);
        assert_eq!(refused.outcome(), code, "{body}");
        assert!(refused.text("detail").contains(words), "{}", refused.json());
    }
    let of_operator = bench.call(&north.admin, "PUT", "/v1/brand?of=operator").json(&taken);
    assert_eq!(of_operator.outcome(), "role_too_small");
    let checked = bench.call(&north.admin, "POST", "/v1/brand/check");
    let checked = checked.json(&json!({ "name": "N", "accent": "#7a1f5c" })).json();
    assert_eq!(checked["contrasts"].as_array().unwrap().len(), 6, "{checked}");
    assert_eq!(bench.get(&north.admin, "/v1/brand").json()["own"], false, "nothing was kept");
}

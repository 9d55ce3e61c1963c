//! A pack that is begun in the running system: from nothing or as a copy, kept as its author's draft, and
//! active once it is asked for.

use serde_json::{Value, json};

use super::bench::*;

fn begin(bench: &Bench, tenant: &Tenant, name: &str, body: &Value) -> Reply {
    bench.call(&tenant.admin, "POST", &format!("/v1/packs/{name}/draft")).json(body)
}

fn draft(bench: &Bench, tenant: &Tenant, name: &str) -> Value {
    bench.get(&tenant.admin, &format!("/v1/packs/{name}/draft")).json()
}

#[test]
fn a_pack_is_begun_saved_tested_and_activated() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let begun = begin(&bench, &tenant, "acme-scans", &json!({}));
    assert_eq!(begun.status, 201, "{}", begun.json());
    let begun = begun.json();
    assert_eq!(
        (&begun["base"], &begun["revision"], &begun["mine"]),
        (&json!(""), &json!(1), &json!(true))
    );
    let shown = draft(&bench, &tenant, "acme-scans");
    let manifest = shown["files"]["pack.yaml"].as_str().unwrap();
    assert!(manifest.contains("name: acme-scans"), "{manifest}");
    // It is nobody's pack yet, and everybody's to know of.
    assert_eq!(bench.get(&tenant.admin, "/v1/packs/acme-scans").outcome(), "not_found");
    let other = bench.key(&tenant, "admin", None);
    let listed = bench.get(&other, "/v1/pack-drafts").items();
    assert_eq!(
        (listed.len(), &listed[0]["pack"], &listed[0]["mine"]),
        (1, &json!("acme-scans"), &json!(false))
    );
    let tested = bench.call(&tenant.admin, "POST", "/v1/pack-tests");
    let tested = tested.json(&json!({ "packs": [{ "draft": "acme-scans" }] }));
    assert_eq!(tested.status, 200, "{}", tested.json());
    let mut files = shown["files"].clone();
    files["pack.yaml"] = json!(manifest.replace("title: ", "title: Our "));
    let save = |base: &str, revision: i64| {
        let body = json!({ "base": base, "revision": revision, "files": files });
        bench.call(&tenant.admin, "PUT", "/v1/packs/acme-scans/draft").json(&body)
    };
    assert_eq!(save("1.0.0", 1).outcome(), "not_found", "there is no such version");
    let saved = save("", 1);
    assert_eq!((saved.status, &saved.json()["revision"]), (200, &json!(2)), "{}", saved.json());
    assert_eq!(save("", 1).outcome(), "conflict", "it was saved from elsewhere");
    let asked = bench.call(&tenant.admin, "POST", "/v1/pack-requests");
    let asked =
        asked.json(&json!({ "packs": [{ "draft": "acme-scans" }], "reason": "ACME has scanners" }));
    assert_eq!((asked.status, asked.text("state").as_str()), (201, "granted"), "{}", asked.json());
    let stored = bench.get(&tenant.admin, "/v1/packs/acme-scans").json();
    assert!(stored["active_since"].is_string(), "{stored}");
    assert_eq!(bench.get(&tenant.admin, "/v1/pack-drafts").items().len(), 0);
    let again = begin(&bench, &tenant, "acme-scans", &json!({}));
    assert_eq!(again.outcome(), "conflict", "there is one of this name");
}

#[test]
fn a_copy_stands_beside_what_it_is_a_copy_of_and_takes_its_place() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    for pack in bench.get(&tenant.admin, "/v1/packs").items() {
        let copy = json!({ "copy": { "pack": pack["pack"], "version": pack["version"] } });
        let name = format!("our-{}", pack["pack"].as_str().unwrap());
        let begun = begin(&bench, &tenant, &name, &copy);
        assert_eq!(begun.status, 201, "{}", begun.json());
        let check = json!({ "packs": [{ "draft": name }], "check_only": true });
        let checked = bench.call(&tenant.admin, "POST", "/v1/packs").json(&check);
        assert!(checked.status < 300, "{name}: {}", checked.json());
        assert!(checked.text("active").contains(&format!("{name}@1.0.0")), "{}", checked.json());
    }
}

#[test]
fn what_cannot_be_begun_is_refused_and_leaves_nothing() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let unknown = json!({ "copy": { "pack": "starter", "version": "9.9.9" } });
    for (name, body, code) in [
        ("Acme", json!({}), "value_wrong"),
        ("acme%20scans", json!({}), "value_wrong"),
        ("acme", unknown, "not_found"),
        ("starter", json!({}), "conflict"),
    ] {
        assert_eq!(begin(&bench, &tenant, name, &body).outcome(), code, "{name}");
    }
    assert_eq!(begin(&bench, &tenant, "acme", &json!({})).status, 201);
    assert_eq!(begin(&bench, &tenant, "acme", &json!({})).outcome(), "conflict", "it is begun");
    let path = "/v1/packs/acme/draft";
    assert_eq!(bench.call(&tenant.admin, "DELETE", path).send().status, 200);
    assert_eq!(bench.get(&tenant.admin, "/v1/pack-drafts").items().len(), 0);
    let operations = bench.key(&tenant, "operations", None);
    let refused = bench.call(&operations, "POST", path).json(&json!({}));
    assert_eq!(refused.outcome(), "role_too_small");
}

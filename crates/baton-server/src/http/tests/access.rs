//! Every endpoint against no key, a wrong key, and a key of too small a role.

use serde_json::json;

use super::bench::*;
use crate::http::access::KeyRole;
use crate::http::endpoint::Access;
use crate::http::table::endpoints;

/// Every endpoint's path with something in its places.
fn filled(path: &str) -> String {
    path.replace("{source}", "northwind-erp")
        .replace("{pack}", "starter")
        .replace("{partner}", "fabrikam")
        .replace("{id}", "x")
        .replace("{code}", "key_wrong")
        .replace("{style}", "0f5c63-6cc3c9.css")
}

#[test]
fn no_endpoint_but_health_and_pages_about_errors_answers_without_a_key() {
    let bench = Bench::new();
    for endpoint in endpoints() {
        let call = || bench.call("", endpoint.method.name(), &filled(endpoint.path));
        let reply = call().send();
        if endpoint.access == Access::Open {
            // Who signs in has to say as whom, and there are no providers of identities, logos or links here.
            let fine = match endpoint.name {
                "sign_in" | "take_up_invitation" | "look_at_invitation" | "forgot_password" => 400,
                "begin_sign_in_by_provider" | "sign_in_by_provider" | "show_logo" | "track" => 404,
                _ => 200,
            };
            assert_eq!(reply.status, fine, "{}", endpoint.path);
            continue;
        }
        if endpoint.access == Access::Session {
            assert_eq!((reply.status, reply.outcome().as_str()), (401, "no_session"));
            continue;
        }
        assert_eq!(
            (reply.status, reply.outcome().as_str()),
            (401, "key_missing"),
            "{}",
            endpoint.path
        );
        assert!(reply.header("www-authenticate").starts_with("Bearer"), "{}", endpoint.path);
        for wrong in ["Bearer bak_wrong", "bearer bsk_wrong"] {
            let reply = call().with("Authorization", wrong).send();
            assert_eq!((reply.status, reply.outcome().as_str()), (401, "key_wrong"));
        }
        let basic = call().with("Authorization", "Basic YWRhOmFkYQ==").send();
        assert_eq!(basic.outcome(), "key_missing");
    }
}

#[test]
fn what_a_refusals_type_names_is_there_to_be_read() {
    let bench = Bench::new();
    let refused = bench.call("", "GET", "/v1/orders").send();
    let page = bench.call("", "GET", &refused.text("type")).send();
    let text = String::from_utf8(page.body).unwrap();
    assert!(text.starts_with("# key_missing") && text.contains("## What to do"), "{text}");
    assert!(page.headers.get("content-disposition").is_none(), "a browser shows it");
    for (code, text) in crate::http::error_pages() {
        let page = bench.call("", "GET", &format!("/docs/errors/{code}")).send();
        assert_eq!((page.status, page.body), (200, text.into_bytes()), "{code}");
    }
    let unknown = bench.call("", "GET", "/docs/errors/no_such_code").send();
    assert_eq!((unknown.status, unknown.outcome().as_str()), (404, "not_found"));
}

#[test]
fn every_endpoint_refuses_every_role_that_is_too_small() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let keys: Vec<(KeyRole, String)> = KeyRole::ALL
        .into_iter()
        .map(|role| match role {
            KeyRole::Source => (role, tenant.source.clone()),
            KeyRole::Partner => (role, bench.key(&tenant, "partner", Some("fabrikam"))),
            other => (role, bench.key(&tenant, other.name(), None)),
        })
        .collect();
    let mut refused = 0;
    for endpoint in endpoints() {
        for (role, key) in &keys {
            if endpoint.allows(*role) {
                continue;
            }
            let reply = bench.call(key, endpoint.method.name(), &filled(endpoint.path)).send();
            let found = (reply.status, reply.outcome());
            assert_eq!(found, (403, "role_too_small".into()), "{} {role:?}", endpoint.path);
            refused += 1;
        }
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn nothing_on_the_wire_makes_a_caller_the_person_at_this_machine() {
    let bench = Bench::new();
    for header in ["x-local-principal", "baton-person", "baton-tenant", "x-forwarded-for"] {
        let reply = bench.call("", "GET", "/v1/tenants").with(header, "127.0.0.1").send();
        assert_eq!(reply.outcome(), "key_missing", "{header}");
    }
    assert_eq!(bench.local("", "GET", "/v1/tenants").send().status, 200);
}

#[test]
fn keys_end_when_they_are_revoked_and_when_their_time_is_over() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let auditor = bench.key(&tenant, "auditor", None);
    assert_eq!(bench.get(&auditor, "/v1/orders").status, 200);
    let listed = bench.get(&tenant.admin, "/v1/keys");
    assert!(!String::from_utf8_lossy(&listed.body).contains(&auditor), "keys are shown once");
    let found = listed.items().into_iter().find(|key| key["role"] == "auditor").unwrap();
    let path = format!("/v1/keys/{}", found["id"].as_str().unwrap());
    assert_eq!(bench.call(&tenant.admin, "DELETE", &path).send().status, 200);
    assert_eq!(bench.get(&auditor, "/v1/orders").outcome(), "key_wrong");
    assert_eq!(bench.call(&tenant.admin, "DELETE", &path).send().outcome(), "not_found");
    // Nobody locks himself out by a slip.
    let own = listed.items().into_iter().find(|key| key["role"] == "admin").unwrap();
    let path = format!("/v1/keys/{}", own["id"].as_str().unwrap());
    let refused = bench.call(&tenant.admin, "DELETE", &path).send();
    assert_eq!((refused.status, refused.outcome().as_str()), (409, "conflict"));
    assert_eq!(bench.local(&tenant.name, "DELETE", &path).send().status, 200);
    assert_eq!(bench.get(&tenant.admin, "/v1/orders").outcome(), "key_wrong");
}

#[test]
fn keys_are_made_only_as_far_as_their_maker_reaches() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let make = |body: serde_json::Value| bench.call(&tenant.admin, "POST", "/v1/keys").json(&body);
    for (body, outcome) in [
        (json!({ "label": "a", "role": "operator" }), "role_too_small"),
        (json!({ "label": "a", "role": "monitor" }), "role_too_small"),
        (json!({ "label": "a", "role": "source" }), "value_wrong"),
        (json!({ "label": "a", "role": "partner" }), "value_wrong"),
        (json!({ "label": "a", "role": "auditor", "partner": "fabrikam" }), "value_wrong"),
        (json!({ "label": "a", "role": "partner", "partner": "nobody" }), "not_found"),
        (json!({ "label": " ", "role": "auditor" }), "value_wrong"),
        (
            json!({ "label": "a", "role": "auditor", "expires_at": "2020-01-01T00:00:00Z" }),
            "value_wrong",
        ),
        (json!({ "label": "a", "role": "emperor" }), "body_wrong"),
        (json!({ "label": "a", "role": "partner", "partner": "fabrikam" }), "ok"),
    ] {
        assert_eq!(make(body.clone()).outcome(), outcome, "{body}");
    }
}

#[test]
fn a_sources_key_sends_to_its_own_source_and_overlaps_when_it_is_changed() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let send = |key: &str, source: &str| {
        bench.call(key, "POST", &format!("/v1/sources/{source}/messages")).raw("{}").outcome()
    };
    assert_eq!(send(&tenant.source, "northwind-erp"), "ok");
    // The same answer, whether the other one exists or not.
    assert_eq!(send(&tenant.source, "fabrikam-feed"), "wrong_source");
    assert_eq!(send(&tenant.source, "nobody"), "wrong_source");
    assert_eq!(send(&tenant.admin, "nobody"), "not_found");
    assert_eq!(send(&tenant.admin, "baton"), "not_found", "nobody speaks as Baton");
    let path = "/v1/sources/northwind-erp/keys";
    let second =
        bench.call(&tenant.admin, "POST", path).json(&json!({ "overlap": "1h" })).text("key");
    assert_eq!(send(&tenant.source, "northwind-erp"), "ok", "the old key still holds");
    let third =
        bench.call(&tenant.admin, "POST", path).json(&json!({ "overlap": "0s" })).text("key");
    for (key, outcome) in [(&tenant.source, "key_wrong"), (&second, "key_wrong"), (&third, "ok")] {
        assert_eq!(send(key, "northwind-erp"), outcome);
    }
    let disable = json!({ "disabled": true });
    bench.call(&tenant.admin, "POST", "/v1/sources/northwind-erp").json(&disable);
    assert_eq!(send(&third, "northwind-erp"), "key_wrong");
    assert_eq!(send(&tenant.admin, "northwind-erp"), "conflict");
}

#[test]
fn a_wrong_key_leaves_nothing_behind() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let path = "/v1/sources/northwind-erp/messages";
    assert_eq!(bench.call("bsk_wrong", "POST", path).raw("{}").status, 401);
    assert_eq!(bench.get(&tenant.admin, "/v1/messages").items().len(), 0);
}

/// Pages offer what the session says that may be stated; nothing else decides it a second time.
#[test]
fn a_session_says_what_its_role_may_state() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    bench.send(&tenant, &booked("SO-1", Some("FABRIKAM")));
    bench.settle();
    let path = format!("/v1/orders/{}/facts", bench.order(&tenant, "SO-1"));
    let (exception, fact) = ("exc_00000000000000000000", "fct_00000000000000000000");
    let other = json!({ "kind": "order", "scheme": "po", "issuer": "acme", "value": "N/A" });
    // Whoever may state such is told what is wrong with it.
    let stated = [
        json!({ "kind": "note", "text": "" }),
        json!({ "kind": "milestone", "milestone": "T60", "object": "ord_00000000000000000000" }),
        json!({ "kind": "link", "identifier": other }),
        json!({ "kind": "unlink", "identifier": other }),
        json!({ "kind": "waive", "exception": exception, "reason": "a" }),
        json!({ "kind": "take", "exception": exception }),
        json!({ "kind": "strike", "fact": fact, "reason": "a" }),
    ];
    for role in ["admin", "operations", "finance", "customer_success", "auditor", "partner"] {
        let partner = (role == "partner").then_some("fabrikam");
        let key = bench.key(&tenant, role, partner);
        let session = bench.call("", "POST", "/v1/session").json(&json!({ "key": key })).json();
        let may: Vec<_> = stated
            .iter()
            .filter(|body| bench.call(&key, "POST", &path).json(body).outcome() == "fact_wrong")
            .map(|body| body["kind"].clone())
            .collect();
        assert_eq!(session["may_state"], json!(may), "{role}");
    }
}

//! Packs on their way into force: drafts, differences, fixtures, trials, and what others have to say
//! before anything becomes active.

use serde_json::{Value, json};

use super::bench::*;
use super::sign_in::{Browser, PASSWORD, bench, sign_in};

const VERSION_2: &str = "name: acme\nversion: 2.0.0\ntitle: ACME\nrequires: [starter]\n";

/// An administrator who is signed in.
fn person(bench: &Bench, tenant: &Tenant, login: &str) -> Browser {
    let body = json!({ "login": login, "name": login, "role": "admin" });
    let invited = bench.call(&tenant.admin, "POST", "/v1/users").json(&body);
    let taken = json!({ "link": invited.text("link"), "password": PASSWORD });
    let taken = bench.call("", "POST", "/v1/invitation").from("198.51.100.7").json(&taken);
    assert_eq!(taken.status, 204);
    Browser::of(&sign_in(bench, &json!({ "login": login, "password": PASSWORD })))
}

/// The second version of ACME: it says another milestone, and its fixture expects so.
fn second() -> Value {
    let mut files = pack(&ACME.replace("O30", "O20"))["packs"][0]["files"].clone();
    files["pack.yaml"] = json!(VERSION_2);
    json!({ "files": files })
}

fn ask(bench: &Bench, who: &Browser, body: &Value) -> Reply {
    who.call(bench, "POST", "/v1/pack-requests").json(body)
}

fn say(bench: &Bench, who: &Browser, id: &str, kind: &str, text: &str) -> Reply {
    let path = format!("/v1/pack-requests/{id}/words");
    who.call(bench, "POST", &path).json(&json!({ "kind": kind, "text": text }))
}

fn active(bench: &Bench, tenant: &Tenant) -> String {
    let packs = bench.get(&tenant.admin, "/v1/packs").items();
    let active = packs.iter().find(|p| p["pack"] == "acme" && p["active_since"] != Value::Null);
    active.map_or(String::new(), |pack| pack["version"].as_str().unwrap().to_owned())
}

#[test]
fn where_nobody_has_to_approve_a_request_is_done_at_once_and_stands_as_the_reason() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    let post = |body: &Value| bench.call(&tenant.admin, "POST", "/v1/pack-requests").json(body);
    let mut first = pack(ACME);
    assert_eq!(post(&first).outcome(), "body_wrong", "a reason is part of it");
    first["reason"] = json!("a new warehouse");
    let done = post(&first);
    assert_eq!(done.status, 201, "{}", done.json());
    assert_eq!((done.text("state"), done.json()["needed"].as_i64()), ("granted".into(), Some(0)));
    assert_eq!(active(&bench, &tenant), "1.0.0");
    let next = post(&json!({ "packs": [second()], "reason": "they confirm earlier" }));
    assert_eq!(next.text("state"), "granted", "{}", next.json());
    assert_eq!(active(&bench, &tenant), "2.0.0");
    // Going back is the same, with its own reason.
    let back = json!({ "packs": [{ "pack": "acme", "version": "1.0.0" }], "reason": "too early" });
    assert_eq!(post(&back).text("state"), "granted");
    assert_eq!(active(&bench, &tenant), "1.0.0");
    let history = bench.get(&tenant.admin, "/v1/pack-activations?pack=acme").items();
    let told: Vec<(&str, &str, &str)> = history
        .iter()
        .map(|a| {
            let text = |field: &str| a[field].as_str().unwrap_or("-");
            (text("version"), text("was"), text("reason"))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("1.0.0", "2.0.0", "too early"),
            ("2.0.0", "1.0.0", "they confirm earlier"),
            ("1.0.0", "-", "a new warehouse"),
        ]
    );
    let page = bench.get(&tenant.admin, "/v1/pack-activations?limit=2").json();
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = bench.get(&tenant.admin, &format!("/v1/pack-activations?cursor={cursor}")).items();
    assert_eq!(rest[0]["reason"], "a new warehouse");
}

#[test]
fn what_others_have_to_approve_becomes_active_when_they_have() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    let ada = person(&bench, &tenant, "ada@northwind.example");
    let two = json!({ "approvals": 1, "reason": "four eyes" });
    let refused = ask(&bench, &ada, &two);
    assert_eq!(refused.outcome(), "value_wrong", "there is nobody else yet");
    let ben = person(&bench, &tenant, "ben@northwind.example");
    assert_eq!(ask(&bench, &ada, &two).text("state"), "granted");
    let policy = ben.get(&bench, "/v1/pack-policy").json();
    assert_eq!((&policy["approvals"], &policy["administrators"]), (&json!(1), &json!(2)));
    // The way round it is closed, but to whoever sits at the machine.
    assert_eq!(
        ada.call(&bench, "POST", "/v1/packs").json(&pack(ACME)).outcome(),
        "approval_needed"
    );
    let key = bench.call(&tenant.admin, "POST", "/v1/packs").json(&pack(ACME));
    assert_eq!(key.outcome(), "approval_needed");
    assert_eq!(bench.local("northwind", "POST", "/v1/packs").json(&pack(ACME)).status, 201);
    let asked =
        ask(&bench, &ada, &json!({ "packs": [second()], "reason": "they confirm earlier" }));
    let id = asked.text("id");
    assert_eq!((asked.text("state"), &asked.json()["may_decide"]), ("open".into(), &json!(false)));
    assert_eq!(say(&bench, &ada, &id, "approve", "").outcome(), "cannot_approve", "their own");
    let by_key = bench.call(&tenant.admin, "POST", &format!("/v1/pack-requests/{id}/words"));
    assert_eq!(by_key.json(&json!({ "kind": "approve" })).outcome(), "cannot_approve", "a key");
    assert_eq!(say(&bench, &ben, &id, "withdraw", "").outcome(), "cannot_approve");
    assert_eq!(say(&bench, &ben, &id, "refuse", "").outcome(), "value_wrong", "without a reason");
    assert_eq!(say(&bench, &ben, &id, "comment", "since when?").text("state"), "open");
    assert_eq!(active(&bench, &tenant), "1.0.0");
    let approved = say(&bench, &ben, &id, "approve", "fine");
    assert_eq!(approved.text("state"), "granted", "{}", approved.json());
    assert_eq!(active(&bench, &tenant), "2.0.0");
    let history = bench.get(&tenant.admin, "/v1/pack-activations?pack=acme").items();
    assert_eq!(history[0]["approved_by"], json!(["ben@northwind.example"]));
    assert_eq!(history[0]["activated_by"], "ada@northwind.example");
    assert_eq!(say(&bench, &ben, &id, "refuse", "late").outcome(), "conflict", "closed once");
    // What a key asks for takes two others, for its holder may be one of them.
    let back = json!({ "packs": [{ "pack": "acme", "version": "1.0.0" }], "reason": "back" });
    let by_key = bench.call(&tenant.admin, "POST", "/v1/pack-requests").json(&back);
    assert_eq!(by_key.json()["needed"], 2);
    let id = by_key.text("id");
    assert_eq!(say(&bench, &ben, &id, "approve", "").text("state"), "open");
    assert_eq!(say(&bench, &ben, &id, "approve", "").json()["approved"], 1, "once a person");
    assert_eq!(say(&bench, &ada, &id, "approve", "").text("state"), "granted");
    // Fewer eyes take as many as there are.
    let none = ask(&bench, &ben, &json!({ "approvals": 0, "reason": "holidays" }));
    assert_eq!(none.text("state"), "open");
    assert_eq!(say(&bench, &ada, &none.text("id"), "approve", "").text("state"), "granted");
    assert_eq!(ben.get(&bench, "/v1/pack-policy").json()["approvals"], 0);
}

#[test]
fn a_request_that_was_overtaken_or_refused_changes_nothing() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    let (ada, ben) = (
        person(&bench, &tenant, "ada@northwind.example"),
        person(&bench, &tenant, "ben@northwind.example"),
    );
    let mut first = pack(ACME);
    first["reason"] = json!("a new warehouse");
    assert_eq!(ask(&bench, &ada, &first).text("state"), "granted");
    assert_eq!(ask(&bench, &ada, &json!({ "approvals": 1, "reason": "eyes" })).status, 201);
    let wanted = json!({ "packs": [second()], "reason": "they confirm earlier" });
    let (one, other) = (ask(&bench, &ada, &wanted), ask(&bench, &ada, &wanted));
    let mut third = second();
    third["files"]["pack.yaml"] = json!(VERSION_2.replace("2.0.0", "3.0.0"));
    let machine = json!({ "packs": [third] });
    assert_eq!(bench.local("northwind", "POST", "/v1/packs").json(&machine).status, 201);
    let overtaken = say(&bench, &ben, &one.text("id"), "approve", "");
    assert_eq!(overtaken.outcome(), "conflict", "{}", overtaken.json());
    assert_eq!(active(&bench, &tenant), "3.0.0");
    let refused = say(&bench, &ben, &other.text("id"), "refuse", "not before the season");
    assert_eq!(refused.text("state"), "refused");
    assert_eq!(refused.json()["words"][0]["text"], "not before the season");
    assert_eq!(say(&bench, &ada, &one.text("id"), "withdraw", "").text("state"), "withdrawn");
    assert_eq!(active(&bench, &tenant), "3.0.0");
    let states = |items: Vec<Value>| {
        let state = |item: &Value| item["state"].as_str().unwrap().to_owned();
        items.iter().map(state).collect::<Vec<_>>()
    };
    let listed = states(bench.get(&tenant.admin, "/v1/pack-requests?limit=2").items());
    assert_eq!(listed, ["refused", "withdrawn"]);
}

#[test]
fn a_draft_is_kept_compared_tested_and_asked_for() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    bench.acme(&tenant, &["1", "2"]);
    assert_eq!(bench.call(&tenant.admin, "POST", "/v1/packs").json(&pack(ACME)).status, 201);
    assert_eq!(
        bench.call(&tenant.admin, "POST", "/v1/quarantine/reread").json(&json!({})).status,
        200
    );
    bench.settle();
    let (ada, ben) = (
        person(&bench, &tenant, "ada@northwind.example"),
        person(&bench, &tenant, "ben@northwind.example"),
    );
    let path = "/v1/packs/acme/draft";
    assert_eq!(ada.get(&bench, path).outcome(), "not_found");
    let save = |revision: Option<i64>| {
        let mut draft = second();
        draft["base"] = json!("1.0.0");
        draft["revision"] = json!(revision);
        ada.call(&bench, "PUT", path).json(&draft)
    };
    assert_eq!(save(None).json()["revision"], 1);
    assert_eq!(save(Some(1)).json()["revision"], 2);
    assert_eq!(save(Some(1)).outcome(), "conflict", "saved from elsewhere");
    assert_eq!(ada.get(&bench, path).json()["files"]["pack.yaml"], VERSION_2);
    assert_eq!(ben.get(&bench, path).outcome(), "not_found", "it is not his");
    let drafts = ben.get(&bench, "/v1/packs/acme").json()["drafts"].clone();
    assert_eq!(
        (&drafts[0]["person"], &drafts[0]["mine"]),
        (&json!("ada@northwind.example"), &json!(false))
    );
    let post = |path: &str, body: &Value| {
        let reply = ada.call(&bench, "POST", path).json(body);
        assert_eq!(reply.status, 200, "{}", reply.json());
        reply.json()
    };
    let mine = json!({ "draft": "acme" });
    let stored = json!({ "pack": "acme", "version": "1.0.0" });
    let differs = post("/v1/pack-differences", &json!({ "was": stored, "is": mine }));
    let files: Vec<&str> =
        differs["files"].as_array().unwrap().iter().map(|f| f["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["connectors/acme.yaml", "pack.yaml"]);
    assert_eq!(
        (&differs["files"][0]["added_lines"], &differs["files"][0]["removed_lines"]),
        (&json!(1), &json!(1))
    );
    let read = post("/v1/pack-trials", &json!({ "packs": [mine], "sample": "messages" }));
    assert_eq!((&read["looked_at"], &read["next_cursor"]), (&json!(2), &Value::Null));
    let difference = read["messages"][0]["difference"].as_array().unwrap();
    assert_eq!(read["messages"].as_array().unwrap().len(), 2, "{read}");
    let line = |n: usize| difference[n].as_str().unwrap();
    assert!(line(0).starts_with("- ") && line(0).contains("O30"), "{difference:?}");
    assert!(line(1).starts_with("+ ") && line(1).contains("O20"), "{difference:?}");
    let none = post("/v1/pack-trials", &json!({ "packs": [mine], "sample": "orders" }));
    assert_eq!((&none["looked_at"], &none["orders"]), (&json!(2), &json!([])));
    // Asked for, it has served; the fixtures of what was kept can be run.
    let asked = ask(&bench, &ada, &json!({ "packs": [mine], "reason": "they confirm earlier" }));
    assert_eq!(asked.text("state"), "granted", "{}", asked.json());
    assert_eq!(ada.get(&bench, path).outcome(), "not_found");
    let tested = post(
        "/v1/pack-tests",
        &json!({ "packs": [stored, { "pack": "starter", "version": "1.0.0" }] }),
    );
    assert_eq!(
        (&tested["items"][0]["passed"], &tested["items"][0]["fixtures"]),
        (&json!(true), &json!([]))
    );
    assert!(tested["items"][1]["fixtures"].as_array().unwrap().len() > 2, "{tested}");
}

#[test]
fn a_fixture_that_differs_says_in_which_lines() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    let mut files = second()["files"].clone();
    files["fixtures/one/fixture.yaml"] =
        json!("connector: acme\nreceived_at: 2026-03-03T10:00:00Z\nrole: warehouse\n");
    files["fixtures/one/input.json"] =
        json!(r#"{"id":"1","po":"PO-1","at":"2026-03-03T10:00:00Z"}"#);
    files["fixtures/one/expected.yaml"] =
        json!("- part: \"\"\n  says: [\"nothing of the sort\"]\n");
    let body = json!({ "packs": [{ "files": files }] });
    let reply = bench.call(&tenant.admin, "POST", "/v1/pack-tests").json(&body);
    let item = &reply.json()["items"][0];
    assert_eq!((&item["pack"], &item["passed"]), (&json!("acme"), &json!(false)), "{item}");
    let difference = &item["fixtures"][0]["difference"];
    assert!(difference[0].as_str().unwrap().starts_with("- "), "{difference}");
    assert!(difference[1].as_str().unwrap().contains("O20"), "{difference}");
    let schemas = bench.get(&tenant.admin, "/v1/pack-schemas").items();
    assert!(schemas.iter().any(|s| s["name"] == "slas" && s["schema"]["type"] == "array"));
}

#[test]
fn rules_are_tried_on_orders_a_part_at_a_time() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    for number in ["SO-1", "SO-2"] {
        let mut raised = booked(number, Some("FABRIKAM"));
        raised["type"] = "po-raised".into();
        bench.send(&tenant, &raised);
    }
    // A clock runs only for an owner that is heard at all.
    bench.call(&tenant.feed, "POST", "/v1/sources/fabrikam-feed/messages").raw("{}");
    bench.settle();
    let shown = bench.get(&tenant.admin, "/v1/packs/starter").json();
    let mut files = shown["files"].clone();
    let slas = files["slas.yaml"].as_str().unwrap();
    let changed: String = slas
        .lines()
        .map(|line| match line.split_once("target:") {
            Some((before, _)) => format!("{before}target: 1m\n"),
            None => format!("{line}\n"),
        })
        .collect();
    files["slas.yaml"] = json!(changed);
    let body = json!({ "packs": [{ "files": files }], "sample": "orders" });
    let reply = bench.call(&tenant.admin, "POST", "/v1/pack-trials").json(&body).json();
    assert_eq!((&reply["looked_at"], reply["orders"].as_array().unwrap().len()), (&json!(2), 2));
    assert_ne!(reply["orders"][0]["differences"], json!([]), "{reply}");
    let wrong = json!({ "packs": [{ "files": files }], "sample": "orders", "cursor": "x" });
    let wrong = bench.call(&tenant.admin, "POST", "/v1/pack-trials").json(&wrong);
    assert_eq!(wrong.outcome(), "cursor_wrong");
}

//! The record of acts: every endpoint that changes something leaves exactly one line of its tenant, what
//! is refused leaves one as well, what fails none; and a line that was tampered with shows.

use std::collections::BTreeSet;

use baton_store::people::{self, PersonId};
use baton_store::{Tx, audit, outbox, progress};
use serde_json::{Value, json};

use super::account::{code, enrol};
use super::bench::*;
use super::sign_in::{Browser, PASSWORD, bench, sign_in};
use crate::http::endpoint::{Method, Run};
use crate::http::table::endpoints;

/// What is sent with a method other than GET, and changes nothing, or a reader's own bookmark, or comes
/// from nobody who is known.
const CHANGES_NOTHING: [&str; 4] = ["verify", "look_at_invitation", "note_look", "forgot_password"];
/// What is asked for by GET, because a provider leads the browser there.
const BY_GET: [&str; 1] = ["sign_in_by_provider"];
/// What people do to their own accounts.
const OF_ACCOUNTS: [&str; 8] = [
    "change_account",
    "begin_second_factor",
    "confirm_second_factor",
    "renew_recovery_codes",
    "remove_second_factor",
    "change_password",
    "end_own_session",
    "end_other_sessions",
];

/// A pack whose messages tell of trouble, which is announced to subscriptions.
fn troubled() -> Value {
    let said = r#"$said + {pointer: "/po", milestone: "O30"}"#;
    let trouble = r#"($said + {pointer: "/po", milestone: "O30"}),
    ($said + {pointer: "/id", trouble: "E-TRN-08", text: .id})"#;
    pack(&ACME.replace(said, trouble))
}

/// The lines of a tenant's record, the oldest first.
fn lines(bench: &Bench, tenant: &str) -> Vec<audit::Line> {
    let tenants = bench.engine.tenants();
    let scope = tenants.iter().find(|found| found.key == tenant).unwrap().scope.clone();
    let all = audit::Filter::default();
    let found = bench.engine.store().read(|tx| audit::list(tx, &scope, &all, None, 1_000));
    found.unwrap().into_iter().rev().collect()
}

#[test]
fn whatever_changes_something_says_what_it_is_about() {
    for endpoint in endpoints() {
        let writes = matches!(endpoint.run, Run::Writes(_) | Run::Acts(_))
            || (endpoint.method != Method::Get && matches!(endpoint.run, Run::Flows(_)));
        let by_get = BY_GET.contains(&endpoint.name);
        let expected = (writes && !CHANGES_NOTHING.contains(&endpoint.name)) || by_get;
        assert_eq!(endpoint.is_act(), expected, "{}", endpoint.name);
        let secrets = ["key", "secret", "link", "password", "code"];
        assert!(
            endpoint.name == "discard" || !endpoint.tells.iter().any(|f| secrets.contains(f)),
            "{} tells a secret",
            endpoint.name
        );
    }
}

/// A tenant with something of everything that can be changed.
struct Scene {
    bench: Bench,
    tenant: Tenant,
    order: String,
    broken: Vec<String>,
    subscription: String,
    dead: String,
    user: String,
    link: String,
    browser: Browser,
    key: String,
}

impl Scene {
    fn new() -> Self {
        let bench = bench();
        let tenant = bench.tenant("northwind");
        let post = |path: &str, body: &Value| bench.call(&tenant.admin, "POST", path).json(body);
        let hook = json!({ "url": "http://127.0.0.1:9/hook", "events": ["*"] });
        let subscription = post("/v1/subscriptions", &hook).text("id");
        assert_eq!(post("/v1/packs", &troubled()).status, 201);
        bench.send(&tenant, &booked("1001", Some("FABRIKAM")));
        bench.acme(&tenant, &["1001"]);
        for junk in ["{", "[", "!"] {
            bench.call(&tenant.feed, "POST", "/v1/sources/fabrikam-feed/messages").raw(junk);
        }
        let stray = json!({
            "event_id": "stray", "tracking_number": "TSP790000009001", "carrier": "tailspin",
            "status": "in_transit", "timestamp": "2026-03-04T10:00:00Z",
        });
        let feed = bench.call(&tenant.feed, "POST", "/v1/sources/fabrikam-feed/messages");
        assert_eq!(feed.json(&stray).status, 202);
        bench.settle();
        let order = bench.order(&tenant, "1001");
        let broken = bench.get(&tenant.admin, "/v1/quarantine").items();
        let broken = broken.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
        let scope = bench.engine.tenants()[0].scope.clone();
        let store = bench.engine.store();
        let first = store.read(|tx| outbox::newest(tx, &scope, i64::MAX, 1)).unwrap().remove(0);
        let at = crate::clock::machine_now();
        store.write(|tx| outbox::give_up(tx, &scope, first.id, at, "gone")).unwrap();
        let user = |login: &str| {
            let body = json!({ "login": login, "name": "Noor", "role": "admin" });
            let made = post("/v1/users", &body);
            (made.text("id"), made.text("link"))
        };
        let (_, taken) = user("ada@northwind.example");
        let taken = json!({ "link": taken, "password": PASSWORD });
        assert_eq!(bench.call("", "POST", "/v1/invitation").json(&taken).status, 204);
        let entered = json!({ "login": "ada@northwind.example", "password": PASSWORD });
        let browser = Browser::of(&sign_in(&bench, &entered));
        let (user, link) = user("noor@northwind.example");
        let key = json!({ "label": "to be ended", "role": "auditor" });
        let key = post("/v1/keys", &key).text("id");
        let dead = format!("cmd_{}", first.id);
        Self { tenant, order, broken, subscription, dead, user, link, browser, key, bench }
    }

    /// Calls an endpoint so that it does what it is for.
    fn act(&self, name: &str) -> Reply {
        let Self { bench, tenant, order, subscription, dead, user, key, .. } = self;
        let call = |method: &str, path: &str, body: Value| {
            bench.call(&tenant.admin, method, path).json(&body)
        };
        let post = |path: &str, body: Value| call("POST", path, body);
        match name {
            "send_message" => {
                post("/v1/sources/northwind-erp/messages", booked("1002", Some("FABRIKAM")))
            }
            "reread_many" => post("/v1/quarantine/reread", json!({})),
            "reread" => post(&format!("/v1/quarantine/{}/reread", self.broken[0]), json!({})),
            "discard" => {
                let path = format!("/v1/quarantine/{}/discard", self.broken[1]);
                post(&path, json!({ "reason": "a test" }))
            }
            "state_fact" => {
                let note = json!({ "kind": "note", "text": "never in the record" });
                post(&format!("/v1/orders/{order}/facts"), note)
            }
            "create_source" => post(
                "/v1/sources",
                json!({ "source": "acme-tms", "role": "carrier", "connector": "acme" }),
            ),
            "change_source" => post("/v1/sources/northwind-erp", json!({ "name": "ERP" })),
            "rotate_source_key" => post("/v1/sources/northwind-erp/keys", json!({})),
            "put_partner" => {
                post("/v1/partners", json!({ "partner": "a", "name": "A", "role": "oem" }))
            }
            "activate_packs" => post("/v1/packs", troubled()),
            "create_key" => post("/v1/keys", json!({ "label": "a", "role": "auditor" })),
            "revoke_key" => call("DELETE", &format!("/v1/keys/{key}"), json!({})),
            "create_subscription" => {
                post("/v1/subscriptions", json!({ "url": "http://127.0.0.1:9/other" }))
            }
            "change_subscription" => {
                post(&format!("/v1/subscriptions/{subscription}"), json!({ "disabled": true }))
            }
            "retry_delivery" => post(&format!("/v1/outbox/{dead}/retry"), json!({})),
            "sign_in" => {
                let body = json!({ "login": "ada@northwind.example", "password": PASSWORD });
                sign_in(bench, &body)
            }
            "choose_tenant" => {
                let call = self.browser.call(bench, "PUT", "/v1/session/tenant");
                call.json(&json!({ "tenant": "northwind" }))
            }
            "sign_out" => self.browser.call(bench, "DELETE", "/v1/session").send(),
            "take_up_invitation" => {
                let body = json!({ "link": self.link, "password": PASSWORD });
                bench.call("", "POST", "/v1/invitation").json(&body)
            }
            "invite_user" => post(
                "/v1/users",
                json!({ "login": "i@northwind.example", "name": "I", "role": "auditor" }),
            ),
            "reset_user" => post(&format!("/v1/users/{user}/reset"), json!({})),
            "put_brand" => {
                let call = bench.call(&tenant.admin, "PUT", "/v1/brand");
                call.json(&json!({ "name": "Northwind", "accent": "#0f5c63" }))
            }
            "remove_brand" => call("DELETE", "/v1/brand", json!({})),
            "create_tracking_link" => post(
                &format!("/v1/orders/{order}/tracking-links"),
                json!({ "label": "Fourth Coffee" }),
            ),
            "revoke_tracking_link" => call("DELETE", "/v1/tracking-links/trk_1", json!({})),
            "choose_my_customers" => {
                call("PUT", "/v1/my-customers", json!({ "customers": ["Fourth Coffee"] }))
            }
            "create_view" => post(
                "/v1/views",
                json!({ "page": "orders", "name": "late", "search": "late=true" }),
            ),
            "delete_view" => {
                let views = bench.get(&tenant.admin, "/v1/views").items();
                let view = views[0]["id"].as_str().unwrap();
                call("DELETE", &format!("/v1/views/{view}"), json!({}))
            }
            "rotate_key" => post(&format!("/v1/keys/{key}/rotate"), json!({})),
            "set_sign_in_rules" => {
                let rules = bench.get(&tenant.admin, "/v1/sign-in-rules").json();
                call("PUT", "/v1/sign-in-rules", rules)
            }
            "change_user" => call(
                "PUT",
                &format!("/v1/users/{user}"),
                json!({ "name": "Noor L", "role": "operations" }),
            ),
            "sign_user_out" => call("DELETE", &format!("/v1/users/{user}/sessions"), json!({})),
            "remove_users_second_factor" => {
                let (person, at) = (PersonId(2), crate::clock::machine_now());
                let set = |tx: &mut Tx<'_>| {
                    people::set_second_factor(tx, person, Some("secret"), Some(at))
                };
                bench.engine.store().write(set).unwrap();
                call("DELETE", &format!("/v1/users/{user}/second-factor"), json!({}))
            }
            "begin_draft" => post("/v1/packs/acme-scans/draft", json!({})),
            "save_draft" => {
                let draft = bench.get(&tenant.admin, "/v1/packs/acme-scans/draft").json();
                let body = json!({ "base": "", "revision": 1, "files": draft["files"] });
                call("PUT", "/v1/packs/acme-scans/draft", body)
            }
            "discard_draft" => call("DELETE", "/v1/packs/acme-scans/draft", json!({})),
            "ask_for_packs" => {
                let scope = bench.engine.tenants()[0].scope.clone();
                let store = bench.engine.store();
                store.write(|tx| progress::put(tx, &scope, "packs.approvals", "1")).unwrap();
                let packs = troubled()["packs"].clone();
                post("/v1/pack-requests", json!({ "packs": packs, "reason": "a test" }))
            }
            "answer_pack_request" => {
                let words = json!({ "kind": "comment", "text": "never in the record" });
                post("/v1/pack-requests/prq_1/words", words)
            }
            "link_unmatched" => {
                let strays = bench.get(&tenant.admin, "/v1/unmatched").items();
                let stray = strays[0]["id"].as_str().unwrap();
                post(&format!("/v1/unmatched/{stray}/link"), json!({ "order": order }))
            }
            "disable_user" => call("DELETE", &format!("/v1/users/{user}"), json!({})),
            other => panic!("say how `{other}` is called, so that its line is looked for"),
        }
    }
}

#[test]
fn each_act_leaves_exactly_one_line_of_its_tenant() {
    let scene = Scene::new();
    let (bench, other) = (&scene.bench, "contoso");
    bench.tenant(other);
    let mut acts: Vec<_> = endpoints().filter(|endpoint| endpoint.is_act()).collect();
    // What ends something comes after what needs it.
    let last = [
        "sign_out",
        "take_up_invitation",
        "reset_user",
        "remove_users_second_factor",
        "disable_user",
        "reread_many",
        "revoke_key",
    ];
    let elsewhere = |name: &str| {
        let others = ["create_tenant", "answer_handoff"];
        others.contains(&name) || OF_ACCOUNTS.contains(&name) || BY_GET.contains(&name)
    };
    acts.sort_by_key(|endpoint| last.iter().position(|name| *name == endpoint.name));
    for endpoint in acts.into_iter().filter(|endpoint| !elsewhere(endpoint.name)) {
        let (before, others) = (lines(bench, "northwind"), lines(bench, other));
        let reply = scene.act(endpoint.name);
        assert!(reply.status < 300, "{}: {}", endpoint.name, reply.outcome());
        let after = lines(bench, "northwind");
        let new: Vec<_> = after.iter().skip(before.len()).collect();
        let [line] = new.as_slice() else { panic!("{}: {new:?}", endpoint.name) };
        assert_eq!(line.line.operation, endpoint.name);
        assert_eq!(line.line.outcome, audit::DONE);
        assert!(["key_1", "usr_1", "usr_2"].contains(&line.line.who.as_str()), "{line:?}");
        let (kind, field) = endpoint.about.unwrap();
        assert_eq!(line.line.subject_kind, kind);
        assert_eq!(line.line.subject.is_empty(), field.is_empty() && unnamed(kind), "{line:?}");
        assert_eq!(lines(bench, other), others, "{}", endpoint.name);
    }
    let text = format!("{:?}", lines(bench, "northwind"));
    for secret in
        ["never in the record", PASSWORD, "bak_", "bsk_", "bal_", "bas_", "bat_", "whsec_"]
    {
        assert!(!text.contains(secret), "{secret}");
    }
}

/// Whether acts of this sort are about nothing that has an id.
fn unnamed(kind: &str) -> bool {
    ["session", "quarantine", "brand", "my_customers", "sign_in_rules"].contains(&kind)
}

#[test]
fn what_people_do_to_their_own_accounts_is_told_without_their_secrets() {
    let scene = Scene::new();
    let (bench, browser) = (&scene.bench, &scene.browser);
    let before = lines(bench, "northwind").len();
    let call = |method: &str, path: &str, body: Value| {
        let reply = browser.call(bench, method, path).json(&body);
        assert!(reply.status < 300, "{path}: {}", reply.outcome());
        reply
    };
    let proof = |code: String| json!({ "password": PASSWORD, "code": code });
    call("PUT", "/v1/account", json!({ "name": "Ada H" }));
    let (secret, codes) = enrol(bench, browser);
    call("POST", "/v1/account/recovery-codes", proof(code(&secret, 0)));
    call("POST", "/v1/account/second-factor/remove", proof(code(&secret, 1)));
    let changed = json!({ "password": PASSWORD, "new_password": "a short way to Austin" });
    call("PUT", "/v1/account/password", changed);
    let body = json!({ "login": "ada@northwind.example", "password": "a short way to Austin" });
    assert_eq!(sign_in(bench, &body).status, 201);
    let sessions = browser.get(bench, "/v1/account/sessions").items();
    let other = sessions.iter().find(|session| session["is_this"] != true).unwrap();
    let other = format!("/v1/account/sessions/{}", other["id"].as_str().unwrap());
    call("DELETE", &other, json!({}));
    call("POST", "/v1/account/sessions/end-others", json!({}));
    let new = lines(bench, "northwind").split_off(before);
    let told: Vec<_> = new.iter().map(|line| line.line.operation.as_str()).collect();
    let told: Vec<_> = told.into_iter().filter(|name| *name != "sign_in").collect();
    assert_eq!(told, OF_ACCOUNTS);
    assert!(new.iter().all(|line| line.line.who == "usr_1"), "{new:?}");
    let text = format!("{new:?}");
    let typed = totp_rs::Secret::from(secret).to_base32();
    for secret in codes.iter().map(String::as_str).chain([typed.as_str(), "Austin", PASSWORD]) {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn a_tenant_begins_with_the_line_of_its_making() {
    let bench = Bench::new();
    bench.tenant("northwind");
    bench.tenant("contoso");
    let first = &lines(&bench, "northwind")[0].line;
    assert_eq!((first.operation.as_str(), first.who.as_str()), ("create_tenant", "local"));
    let packs = &lines(&bench, "northwind")[1].line;
    assert_eq!((packs.operation.as_str(), packs.who.as_str()), ("activate_packs", "baton"));
    let of_operator = bench.local("", "GET", "/v1/audit?of=operator").send().items();
    let subjects: Vec<_> = of_operator.iter().map(|item| &item["subject"]).collect();
    assert_eq!(subjects, ["contoso", "northwind"]);
}

#[test]
fn what_fails_leaves_no_line_and_what_is_refused_one() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let auditor = bench.key(&tenant, "auditor", None);
    let before = lines(&bench, "northwind").len();
    let twice = json!({ "source": "northwind-erp", "role": "seller", "connector": "starter-erp" });
    let conflict = bench.call(&tenant.admin, "POST", "/v1/sources").json(&twice);
    assert_eq!(conflict.outcome(), "conflict");
    let unread = bench.call(&tenant.admin, "POST", "/v1/keys").json(&json!({ "label": 1 }));
    assert_eq!(unread.status, 400);
    assert_eq!(lines(&bench, "northwind").len(), before);
    let refused = bench.call(&auditor, "DELETE", "/v1/keys/key_1").send();
    assert_eq!(refused.outcome(), "role_too_small");
    let reads = bench.get(&auditor, "/v1/keys");
    assert_eq!(reads.outcome(), "role_too_small");
    // Refused within the function, not at the door.
    let beyond = json!({ "label": "a", "role": "operator" });
    let beyond = bench.call(&tenant.admin, "POST", "/v1/keys").json(&beyond);
    assert_eq!(beyond.outcome(), "role_too_small");
    let new = lines(&bench, "northwind").split_off(before);
    let told: Vec<_> = new
        .iter()
        .map(|l| (l.line.operation.as_str(), l.line.subject.as_str(), l.line.outcome.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("revoke_key", "key_1", "role_too_small"),
            ("list_keys", "", "role_too_small"),
            ("create_key", "", "role_too_small"),
        ]
    );
    for _ in 0..70 {
        bench.get(&auditor, "/v1/keys");
    }
    let written = lines(&bench, "northwind").len() - before;
    assert_eq!(written, 60, "a minute has so many lines of refusals");
}

#[test]
fn a_repeat_with_the_same_idempotency_key_is_no_second_act() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let before = lines(&bench, "northwind").len();
    for _ in 0..2 {
        let body = json!({ "label": "a", "role": "auditor" });
        let call = bench.call(&tenant.admin, "POST", "/v1/keys").with("Idempotency-Key", "one");
        assert_eq!(call.json(&body).status, 201);
    }
    // A batch is one act, however many messages it brings, and a source's own messages are none.
    let path = "/v1/sources/northwind-erp/messages?batch=ndjson";
    let two = format!("{}\n{}\n", booked("1", None), booked("2", None));
    bench.call(&tenant.admin, "POST", path).raw(two.clone());
    bench.call(&tenant.source, "POST", path).raw(two);
    let new = lines(&bench, "northwind").split_off(before);
    let told: Vec<_> = new.iter().map(|line| line.line.operation.as_str()).collect();
    assert_eq!(told, ["create_key", "send_message"]);
    assert_eq!(new[1].line.detail, r#"{"messages":2}"#);
}

#[test]
fn lists_are_narrowed_paged_and_exported() {
    let scene = Scene::new();
    let (bench, tenant) = (&scene.bench, &scene.tenant);
    let get = |query: &str| bench.get(&tenant.admin, &format!("/v1/audit?{query}")).items();
    let kinds = |items: &[Value]| -> BTreeSet<String> {
        items.iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
    };
    let all = get("limit=500");
    assert_eq!(kinds(&all), BTreeSet::from(["act".into(), "delivery".into()]));
    // Page by page it is the same, in the same order.
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/audit?limit=3{cursor}");
        let page = bench.get(&tenant.admin, &path).json();
        paged.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged.len(), all.len());
    assert_eq!(paged, all);
    for (query, field, value) in [
        ("who=key_1", "who", "key_1"),
        ("operation=invite_user", "operation", "invite_user"),
        ("subject_kind=user", "subject_kind", "user"),
        ("subject=usr_1", "subject", "usr_1"),
        ("kind=delivery", "kind", "delivery"),
        ("who=baton&kind=delivery", "operation", "deliver"),
    ] {
        let found = get(&format!("{query}&limit=500"));
        assert!(!found.is_empty(), "{query}");
        assert!(found.len() < all.len(), "{query}");
        assert!(found.iter().all(|item| item[field] == value), "{query}: {found:?}");
    }
    assert_eq!(get("until=2020-01-01T00:00:00Z").len(), 0);
    let exported = bench.get(&tenant.admin, "/v1/audit/export");
    let exported: Vec<Value> = String::from_utf8(exported.body)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(exported, all);
    let csv = bench.get(&tenant.admin, "/v1/audit/export?format=csv&kind=act");
    let csv = String::from_utf8(csv.body).unwrap();
    let acts = all.iter().filter(|item| item["kind"] == "act").count();
    assert_eq!(csv.lines().count(), acts + 1);
    assert!(csv.starts_with("seq,at,kind,who,"));
    for (query, outcome) in [
        ("kind=other", "query_wrong"),
        ("from=yesterday", "query_wrong"),
        ("cursor=x", "cursor_wrong"),
        ("of=operator", "role_too_small"),
    ] {
        let refused = bench.get(&tenant.admin, &format!("/v1/audit?{query}"));
        assert_eq!(refused.outcome(), outcome, "{query}");
    }
}

#[test]
fn the_record_shows_that_it_is_whole_and_that_it_is_what_was_noted() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let verify = |query: &str| bench.get(&tenant.admin, &format!("/v1/audit/verify{query}")).json();
    let noted = verify("");
    assert_eq!((&noted["whole"], &noted["fault"]), (&json!(true), &Value::Null));
    bench.key(&tenant, "auditor", None);
    let query = |seq: &Value, hash: &str| format!("?seq={seq}&hash={hash}");
    let hash = noted["hash"].as_str().unwrap();
    assert_eq!(verify(&query(&noted["lines"], hash))["whole"], true);
    assert_eq!(verify(&query(&json!(1), hash))["whole"], false);
    let verified = bench.call(&tenant.admin, "POST", "/v1/verify").send().json();
    assert_eq!(verified["audit"]["whole"], true);
    let of_operator = bench.local("", "GET", "/v1/audit/verify?of=operator").send().json();
    assert_eq!((&of_operator["whole"], &of_operator["lines"]), (&json!(true), &json!(1)));
}

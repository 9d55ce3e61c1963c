//! Nobody sees, changes or learns of what is not theirs: drawn worlds, in which everyone calls every
//! endpoint of the table with every id that there is.

mod world;

use std::collections::BTreeSet;

use baton_core::taxonomy::ExceptionCode;
use baton_store::{Scope, changes};
use serde_json::{Value, json};

use self::world::{By, Caller, TENANTS, World};
use super::bench::*;
use crate::http::access::KeyRole;
use crate::http::endpoint::{Access, Endpoint, Method};
use crate::http::order_row::sees_code;
use crate::http::table::endpoints;

const SEEDS: std::ops::Range<u64> = 1..4;

/// The part of a path before its parameter, which says what kind of id belongs there.
fn kind(endpoint: &Endpoint) -> Option<&'static str> {
    let mut parts = endpoint.path.split('/');
    let before = parts.clone().position(|part| part.starts_with('{'))?.checked_sub(1)?;
    parts.nth(before)
}

/// Where the events are streamed; an open stream is no answer that could be compared.
fn is_stream(endpoint: &Endpoint) -> bool {
    endpoint.name == "events"
}

/// An address of the endpoint with this id, asking for what there is to be asked for.
fn address(endpoint: &Endpoint, id: &str) -> String {
    let path: Vec<&str> = endpoint
        .path
        .split('/')
        .map(|part| if part.starts_with('{') { id } else { part })
        .collect();
    let query = match endpoint.name {
        "explain" => "?claim=holder",
        "list_quarantine" => "?state=all&limit=500",
        name if name.starts_with("list_") && endpoint.query.is_some() => "?limit=500",
        _ => "",
    };
    path.join("/") + query
}

/// A body that the endpoint understands.
fn body(endpoint: &Endpoint) -> Value {
    match endpoint.name {
        "state_fact" => json!({ "kind": "note", "text": "seen" }),
        "what_if" => json!({ "packs": [] }),
        "discard" => json!({ "reason": "none of mine" }),
        "change_subscription" => json!({ "disabled": true }),
        "create_source" => json!({ "source": "intruder", "role": "carrier", "connector": "acme" }),
        "create_key" => json!({ "label": "intruder", "role": "auditor" }),
        "invite_user" => {
            json!({ "login": "i@intruder.example", "name": "intruder", "role": "auditor" })
        }
        "change_user" => json!({ "name": "intruder", "role": "auditor" }),
        "set_sign_in_rules" => json!({ "second_factor_roles": ["admin"], "language": "de" }),
        "create_subscription" => json!({ "url": "http://127.0.0.1:9/intruder" }),
        "answer_handoff" => json!({ "handoff": "H2", "answer": "accept", "reason": "seen" }),
        "note_look" => json!({ "change": 0 }),
        "choose_my_customers" => json!({ "customers": ["Intruder Ltd"] }),
        "create_view" => json!({ "page": "orders", "name": "intruder", "search": "" }),
        "put_partner" => json!({ "partner": "intruder", "name": "intruder", "role": "carrier" }),
        "compare_packs" => {
            json!({ "was": { "draft": "acme" }, "is": { "pack": "acme", "version": "1.0.0" } })
        }
        "try_packs" => {
            json!({ "packs": [{ "pack": "acme", "version": "1.0.0" }], "sample": "messages" })
        }
        "test_packs" => json!({ "packs": [{ "pack": "acme", "version": "1.0.0" }] }),
        "save_draft" => json!({ "base": "1.0.0", "files": { "pack.yaml": "name: intruder" } }),
        "begin_draft" => json!({ "copy": { "pack": "intruder", "version": "1.0.0" } }),
        "ask_for_packs" => json!({ "approvals": 0, "reason": "intruder" }),
        "link_unmatched" => json!({ "order": "ord_00000000000000000000" }),
        "answer_pack_request" => json!({ "kind": "comment", "text": "intruder" }),
        "put_brand" => json!({ "name": "intruder" }),
        "create_tracking_link" => json!({ "label": "intruder" }),
        "activate_packs" => pack(&ACME.replace("Stock notes", "Intruder")),
        _ => json!({}),
    }
}

fn ask(world: &World, caller: &Caller, endpoint: &Endpoint, id: &str) -> Reply {
    let path = address(endpoint, id);
    let calling = world.call(caller, endpoint.method.name(), &path);
    if endpoint.method == Method::Get { calling.send() } else { calling.json(&body(endpoint)) }
}

/// What an answer says, but for the id that was asked for.
fn told(reply: &Reply, id: &str) -> (u16, String) {
    (reply.status, String::from_utf8_lossy(&reply.body).replace(id, "ID"))
}

/// Ids of the same make that nothing has.
fn never_was(kind: &str) -> &'static str {
    match kind {
        "orders" => "ord_00000000000000000000",
        "unmatched" => "shp_00000000000000000000",
        "exceptions" => "exc_00000000000000000000",
        "messages" => "msg_0zzzzzzzzzzzzzzzzzzz",
        "quarantine" => "qrt_999999999",
        "users" => "usr_999999999",
        "keys" => "key_999999999",
        "subscriptions" => "sub_999999999",
        "outbox" => "cmd_999999999",
        "views" => "viw_999999999",
        "pack-requests" => "prq_999999999",
        _ => "never-was",
    }
}

/// The ids of a kind that a caller may see, as the lists of its own say.
fn seen(world: &World, caller: &Caller, kind: &str) -> BTreeSet<String> {
    let path = match kind {
        "quarantine" => "/v1/quarantine?state=all&limit=500".to_owned(),
        "keys" | "subscriptions" | "sources" | "packs" | "partners" | "users" | "views" => {
            format!("/v1/{kind}")
        }
        _ => format!("/v1/{kind}?limit=500"),
    };
    let reply = world.get(caller, &path);
    if reply.status != 200 {
        return BTreeSet::new();
    }
    let field = match kind {
        "sources" => "source",
        "packs" => "pack",
        "partners" => "partner",
        _ => "id",
    };
    reply.items().iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

fn each_seed(check: impl Fn(&World)) {
    for seed in SEEDS {
        println!("seed {seed}");
        check(&World::drawn(seed));
    }
}

#[test]
fn nobody_is_told_of_what_is_not_theirs() {
    each_seed(|world| {
        let mut compared = 0;
        for caller in &world.callers {
            let foreign = world.foreign_marks(caller);
            for endpoint in endpoints().filter(|e| e.method == Method::Get && !is_stream(e)) {
                let Some(kind) = kind(endpoint) else {
                    check_marks(&ask(world, caller, endpoint, ""), &foreign, endpoint, caller);
                    continue;
                };
                let own = seen(world, caller, kind);
                let nothing = never_was(kind);
                let nothing = told(&ask(world, caller, endpoint, nothing), nothing);
                let everything = world.held.iter().flat_map(|held| held.ids.get(kind));
                for id in everything.flatten() {
                    let reply = ask(world, caller, endpoint, id);
                    check_marks(&reply, &foreign, endpoint, caller);
                    if !own.contains(id) {
                        let found = told(&reply, id);
                        assert_eq!(found, nothing, "{} {id} {}", endpoint.path, of(caller));
                        compared += 1;
                    }
                }
            }
        }
        assert!(compared > 200, "{compared} answers were compared");
    });
}

fn of(caller: &Caller) -> String {
    let by = if matches!(caller.by, By::Key(_)) { "with a key" } else { "signed in" };
    format!("for {:?} {:?} of {}, {by}", caller.role, caller.partner, TENANTS[caller.tenant])
}

fn check_marks(reply: &Reply, foreign: &BTreeSet<String>, endpoint: &Endpoint, caller: &Caller) {
    let text = String::from_utf8_lossy(&reply.body);
    assert!(reply.status < 500, "{} {}: {text}", endpoint.path, of(caller));
    let refused = reply.status == 403 && text.contains("role_too_small");
    assert_eq!(refused, !endpoint.allows(caller.role), "{} {}: {text}", endpoint.path, of(caller));
    // Of the orders that it sees, a partner sees as much as it is let.
    for (sees, private) in [(caller.sight.names, "Customer M"), (caller.sight.prices, "42008")] {
        assert!(sees || !text.contains(private), "{} {}: {text}", endpoint.path, of(caller));
    }
    for mark in foreign {
        assert!(
            !text.contains(mark.as_str()),
            "{mark} in {} {}: {text}",
            endpoint.path,
            of(caller)
        );
    }
}

#[test]
fn partners_see_of_prices_and_names_what_they_are_let() {
    each_seed(|world| {
        for caller in world.callers.iter().filter(|caller| caller.partner.is_some()) {
            let orders = world.get(caller, "/v1/orders?limit=500").items();
            for order in &orders {
                assert_eq!(order["value"].is_object(), caller.sight.prices, "{}", of(caller));
                assert_eq!(order["customer"].is_string(), caller.sight.names, "{}", of(caller));
            }
            let named = world.get(caller, "/v1/orders?q=customer&limit=500").items();
            let found = if caller.sight.names { orders.len() } else { 0 };
            assert_eq!(named.len(), found, "{}", of(caller));
        }
    });
}

#[test]
fn nobody_changes_what_is_not_theirs() {
    each_seed(|world| {
        // Who signs out can be compared with nobody afterwards.
        let writes = || endpoints().filter(|e| e.method != Method::Get && e.name != "sign_out");
        for (tenant, name) in TENANTS.iter().enumerate() {
            let before = world.picture(tenant);
            for caller in &world.callers {
                let is_other = caller.tenant != tenant;
                for endpoint in writes().filter(|e| e.access != Access::Open) {
                    let may = endpoint.allows(caller.role);
                    let Some(kind) = kind(endpoint) else {
                        // What is about no id is about the caller's own tenant.
                        if is_other || !may {
                            ask(world, caller, endpoint, "");
                        }
                        continue;
                    };
                    let own = seen(world, caller, kind);
                    let nothing = never_was(kind);
                    let nothing = told(&ask(world, caller, endpoint, nothing), nothing);
                    for id in world.held[tenant].ids.get(kind).into_iter().flatten() {
                        // Numbers that the caller's own things have as well name those.
                        let is_own = own.contains(id) || named_alike(world, caller, kind, id);
                        if may && is_own {
                            continue;
                        }
                        let reply = ask(world, caller, endpoint, id);
                        assert_eq!(
                            told(&reply, id),
                            nothing,
                            "{} {id} {}",
                            endpoint.path,
                            of(caller)
                        );
                    }
                }
            }
            world.bench.settle();
            assert_eq!(world.picture(tenant), before, "{name}");
            for caller in world.callers.iter().filter(|c| matches!(c.by, By::Session(_))) {
                let own = world.get(caller, "/v1/session");
                assert_eq!(own.status, 200, "{}: {}", of(caller), own.json());
            }
        }
    });
}

/// Whether the caller's tenant has something of this id that lists do not show to it.
fn named_alike(world: &World, caller: &Caller, kind: &str, id: &str) -> bool {
    caller.partner.is_none()
        && world.held[caller.tenant].ids.get(kind).is_some_and(|ids| ids.iter().any(|i| i == id))
}

#[test]
fn neither_cursors_nor_searches_nor_headers_lead_to_others() {
    each_seed(|world| {
        for caller in &world.callers {
            let foreign = world.foreign_marks(caller);
            let admin = &world.held[1 - caller.tenant].tenant.admin;
            for list in ["orders", "exceptions", "messages", "quarantine"] {
                let theirs = world.bench.get(admin, &format!("/v1/{list}?limit=1")).json();
                let Some(cursor) = theirs["next_cursor"].as_str() else { continue };
                let page = world.get(caller, &format!("/v1/{list}?cursor={cursor}"));
                let text = String::from_utf8_lossy(&page.body);
                assert!([200, 400, 403].contains(&page.status), "{list}: {text}");
                assert!(!foreign.iter().any(|mark| text.contains(mark.as_str())), "{list}: {text}");
            }
            if caller.role == KeyRole::Source {
                continue;
            }
            for mark in &foreign {
                for query in [
                    format!("q={mark}"),
                    format!("q=Customer%20{mark}"),
                    format!("q=PO-{mark}"),
                    format!("identifier={mark}"),
                    format!("identifier=PO-{mark}"),
                ] {
                    let found = world.get(caller, &format!("/v1/orders?{query}"));
                    assert_eq!(found.json()["items"], json!([]), "{query} {}", of(caller));
                }
            }
            let as_of = |tenant: &str| {
                let call = world.call(caller, "GET", "/v1/orders");
                told(&call.with("Baton-Tenant", tenant).send(), tenant)
            };
            let other = as_of(TENANTS[1 - caller.tenant]);
            if caller.role == KeyRole::Operator {
                // Whoever runs Baton may mean another tenant, but has to say so.
                assert_eq!(other.0, 200, "{}", of(caller));
            } else {
                assert_eq!(other, as_of("never-was"), "{}", of(caller));
            }
        }
    });
}

#[test]
fn idempotency_keys_of_others_are_no_more_than_new_ones() {
    each_seed(|world| {
        let state = |caller: &Caller, text: &str| {
            let order = world.held[caller.tenant].ids["orders"].first().unwrap();
            let call = world.call(caller, "POST", &format!("/v1/orders/{order}/facts"));
            call.with("Idempotency-Key", "one").json(&json!({ "kind": "note", "text": text }))
        };
        let mut receipts = BTreeSet::new();
        for caller in &world.callers {
            if !matches!(caller.role, KeyRole::Admin | KeyRole::Operations) {
                continue;
            }
            let text = format!("by {:?}", caller.role);
            let first = state(caller, &text);
            assert_eq!(first.status, 202, "{}", first.json());
            assert_eq!(state(caller, &text).json(), first.json());
            assert!(receipts.insert(first.text("id")), "nobody is answered as another was");
        }
        assert_eq!(receipts.len(), 8, "two roles of two tenants, with keys and signed in");
    });
}

/// Streams, with keys and of people who signed in: whoever may have one is told of their own tenant alone,
/// and a partner of what its lists show.
#[test]
fn streams_tell_everybody_of_what_their_lists_show() {
    each_seed(|world| {
        let events = endpoints().find(|endpoint| is_stream(endpoint)).unwrap();
        let mut heard = BTreeSet::new();
        for caller in &world.callers {
            if !events.allows(caller.role) {
                assert_eq!(world.get(caller, "/v1/events?after=0").status, 403, "{}", of(caller));
                continue;
            }
            let foreign = world.foreign_marks(caller);
            let tenant = world.bench.engine.tenants()[caller.tenant].clone();
            let scope = caller
                .partner
                .map_or_else(|| tenant.scope.clone(), |key| Scope::partner(tenant.id, key.into()));
            let visible = world.bench.engine.store().read(|tx| {
                let last = changes::kept(tx, &scope)?.last;
                changes::between(tx, &scope, 0, last)
            });
            let is_private = |summary: &str| {
                let summary: Value = serde_json::from_str(summary).unwrap();
                let code = summary["code"].as_str().and_then(ExceptionCode::find);
                code.is_some_and(|code| !sees_code(caller.sight, code))
            };
            let visible: Vec<_> =
                visible.unwrap().into_iter().filter(|c| !is_private(&c.summary)).collect();
            let shown = &seen(world, caller, "orders") | &seen(world, caller, "exceptions");
            let told: BTreeSet<String> = visible.iter().map(|c| c.object.clone()).collect();
            if caller.partner.is_some() {
                assert_eq!(told, shown, "{}", of(caller));
            } else {
                assert!(told.is_superset(&shown), "{}", of(caller));
            }
            if visible.is_empty() {
                continue;
            }
            let text = world.stream(caller, visible.len());
            for mark in &foreign {
                assert!(!text.contains(mark.as_str()), "{mark} {}: {text}", of(caller));
            }
            let objects = text.matches("\"object\"").count();
            assert!(objects >= visible.len(), "{}: {text}", of(caller));
            heard.insert((caller.role.name(), matches!(caller.by, By::Session(_))));
        }
        assert!(heard.contains(&("operator", true)) && heard.contains(&("partner", true)));
    });
}

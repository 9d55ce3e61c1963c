//! Users: invited, taking up their seat, reset, disabled; and what an administrator cannot come by.

use serde_json::{Value, json};

use super::bench::*;
use super::sign_in::{Browser, PASSWORD, bench, sign_in};

const OTHER: &str = "a short way to Austin";

pub(super) fn invite(bench: &Bench, key: &str, login: &str, role: &str) -> Reply {
    let body = json!({ "login": login, "name": "Noor", "role": role });
    bench.call(key, "POST", "/v1/users").json(&body)
}

pub(super) fn take_up(bench: &Bench, link: &str, password: &str) -> Reply {
    let body = json!({ "link": link, "password": password });
    bench.call("", "POST", "/v1/invitation").from("198.51.100.7").json(&body)
}

pub(super) fn enter(bench: &Bench, login: &str, password: &str) -> Reply {
    sign_in(bench, &json!({ "login": login, "password": password }))
}

pub(super) const NOOR: &str = "noor@northwind.example";

#[test]
fn an_invited_person_sets_a_password_and_is_in() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    let invited = invite(&bench, &tenant.admin, " Noor@Northwind.example", "operations");
    assert_eq!(invited.status, 201, "{}", invited.json());
    let (id, link) = (invited.text("id"), invited.text("link"));
    assert_eq!(invite(&bench, &tenant.admin, NOOR, "auditor").outcome(), "conflict");
    assert_eq!(enter(&bench, NOOR, "").outcome(), "sign_in_failed");
    assert_eq!(take_up(&bench, &link, "too short").outcome(), "value_wrong");
    assert_eq!(take_up(&bench, "bal_wrong", PASSWORD).outcome(), "sign_in_failed");
    let taken = take_up(&bench, &link, PASSWORD);
    assert_eq!((taken.status, taken.body.len()), (204, 0));
    assert_eq!(take_up(&bench, &link, OTHER).outcome(), "sign_in_failed", "good once");
    let browser = Browser::of(&enter(&bench, NOOR, PASSWORD));
    assert_eq!(browser.session["role"], "operations");
    let listed = bench.get(&tenant.admin, "/v1/users").items();
    assert_eq!((&listed[0]["login"], &listed[0]["id"]), (&json!(NOOR), &json!(id)));
    assert_ne!(listed[0]["accepted_at"], Value::Null);
    assert!(!listed[0].to_string().contains("argon2"), "{listed:?}");
    // The end of a seat is the end of its sessions.
    let path = format!("/v1/users/{id}");
    assert_eq!(bench.call(&tenant.admin, "DELETE", &path).send().status, 200);
    assert_eq!(browser.get(&bench, "/v1/orders").outcome(), "no_session");
    assert_eq!(enter(&bench, NOOR, PASSWORD).outcome(), "sign_in_failed");
    assert_eq!(bench.call(&tenant.admin, "DELETE", &path).send().outcome(), "not_found");
}

#[test]
fn a_reset_sets_another_password_and_ends_what_was_open() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    let invited = invite(&bench, &tenant.admin, NOOR, "operations");
    take_up(&bench, &invited.text("link"), PASSWORD);
    let browser = Browser::of(&enter(&bench, NOOR, PASSWORD));
    while enter(&bench, NOOR, "wrong").status == 401 {}
    assert_eq!(enter(&bench, NOOR, PASSWORD).outcome(), "locked_out");
    let path = format!("/v1/users/{}/reset", invited.text("id"));
    let reset = bench.call(&tenant.admin, "POST", &path).send();
    assert_eq!(enter(&bench, NOOR, PASSWORD).status, 201, "unlocked, and the old one still holds");
    assert_eq!(take_up(&bench, &reset.text("link"), OTHER).status, 204);
    assert_eq!(browser.get(&bench, "/v1/orders").outcome(), "no_session");
    assert_eq!(enter(&bench, NOOR, PASSWORD).outcome(), "sign_in_failed");
    assert_eq!(enter(&bench, NOOR, OTHER).status, 201);
}

#[test]
fn an_administrator_does_not_come_by_a_login_that_works_for_others() {
    let bench = bench();
    let (north, contoso) = (bench.tenant("northwind"), bench.tenant("contoso"));
    let first = invite(&bench, &north.admin, NOOR, "operations");
    assert_eq!(take_up(&bench, &first.text("link"), PASSWORD).status, 204);
    let second = invite(&bench, &contoso.admin, NOOR, "auditor");
    let shown = |reply: &Reply| {
        let Value::Object(fields) = reply.json() else { panic!("no object") };
        (reply.status, fields.keys().cloned().collect::<Vec<_>>())
    };
    assert_eq!(shown(&second), shown(&first), "nobody learns that there is such a login");
    // The link alone sets no password of somebody who has one.
    assert_eq!(take_up(&bench, &second.text("link"), OTHER).outcome(), "sign_in_failed");
    assert_eq!(enter(&bench, NOOR, PASSWORD).json()["tenants"].as_array().unwrap().len(), 1);
    assert_eq!(take_up(&bench, &second.text("link"), PASSWORD).status, 204);
    assert_eq!(enter(&bench, NOOR, PASSWORD).json()["tenants"].as_array().unwrap().len(), 2);
    let path = format!("/v1/users/{}/reset", second.text("id"));
    assert_eq!(bench.call(&contoso.admin, "POST", &path).send().outcome(), "conflict");
    assert_eq!(bench.local("contoso", "POST", &path).send().status, 200);
}

#[test]
fn people_are_invited_only_as_far_as_the_inviter_reaches() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    for (login, role, partner, outcome) in [
        ("a@b.example", "operator", None, "role_too_small"),
        ("a@b.example", "monitor", None, "value_wrong"),
        ("a@b.example", "source", None, "value_wrong"),
        ("a@b.example", "partner", None, "value_wrong"),
        ("a@b.example", "partner", Some("nobody"), "not_found"),
        ("a@b.example", "auditor", Some("fabrikam"), "value_wrong"),
        ("not an address", "auditor", None, "value_wrong"),
        ("@b.example", "auditor", None, "value_wrong"),
        ("a@b.example", "partner", Some("fabrikam"), "ok"),
    ] {
        let body = json!({ "login": login, "name": "A", "role": role, "partner": partner });
        let reply = bench.call(&tenant.admin, "POST", "/v1/users").json(&body);
        assert_eq!(reply.outcome(), outcome, "{body}");
    }
    let body = json!({ "login": "sam@msp.example", "name": "Sam", "role": "operator" });
    let invited = bench.local("northwind", "POST", "/v1/users").json(&body);
    assert_eq!(take_up(&bench, &invited.text("link"), PASSWORD).status, 204);
    let sam = Browser::of(&enter(&bench, "sam@msp.example", PASSWORD));
    assert_eq!(sam.session["role"], "operator");
    // The staff is none of a tenant's business, and nobody locks themselves out.
    let logins = |items: Vec<Value>| items.iter().filter(|u| u["role"] == "operator").count();
    assert_eq!(logins(bench.get(&tenant.admin, "/v1/users").items()), 0);
    assert_eq!(logins(sam.get(&bench, "/v1/users").items()), 1);
    let path = format!("/v1/users/{}", invited.text("id"));
    assert_eq!(bench.call(&tenant.admin, "DELETE", &path).send().outcome(), "not_found");
    assert_eq!(sam.call(&bench, "DELETE", &path).send().outcome(), "conflict");
}

#[test]
fn two_tenants_invite_the_same_newcomer_and_both_links_work_in_either_order() {
    for north_first in [true, false] {
        let bench = bench();
        let (north, contoso) = (bench.tenant("northwind"), bench.tenant("contoso"));
        let of_north = invite(&bench, &north.admin, NOOR, "operations").text("link");
        let of_contoso = invite(&bench, &contoso.admin, NOOR, "auditor").text("link");
        let (first, second) =
            if north_first { (of_north, of_contoso) } else { (of_contoso, of_north) };
        assert_eq!(take_up(&bench, &first, PASSWORD).status, 204);
        let session = enter(&bench, NOOR, PASSWORD).json();
        assert_eq!(session["tenants"].as_array().unwrap().len(), 1);
        // The other link is no way to another password.
        assert_eq!(take_up(&bench, &second, OTHER).outcome(), "sign_in_failed");
        assert_eq!(take_up(&bench, &second, PASSWORD).status, 204);
        let session = enter(&bench, NOOR, PASSWORD).json();
        assert_eq!(session["tenants"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn a_link_says_what_it_is_for_and_is_no_way_to_guess_a_password() {
    let bench = bench();
    let (north, contoso) = (bench.tenant("northwind"), bench.tenant("contoso"));
    let look = |link: &str| {
        let body = json!({ "link": link });
        bench.call("", "POST", "/v1/invitation/look").from("198.51.100.7").json(&body)
    };
    let first = invite(&bench, &north.admin, NOOR, "operations");
    let shown = look(&first.text("link")).json();
    assert_eq!(
        (&shown["kind"], &shown["login"], &shown["name"], &shown["tenant"]),
        (&json!("invitation"), &json!(NOOR), &json!("Noor"), &json!("northwind"))
    );
    assert_eq!(look("bal_wrong").outcome(), "sign_in_failed");
    take_up(&bench, &first.text("link"), PASSWORD);
    assert_eq!(look(&first.text("link")).outcome(), "sign_in_failed", "used");
    let reset = bench.call(&north.admin, "POST", &format!("/v1/users/{}/reset", first.text("id")));
    assert_eq!(look(&reset.send().text("link")).json()["kind"], "reset");
    // It looks alike for somebody who has a password, and failures count for the login.
    let second = invite(&bench, &contoso.admin, NOOR, "auditor").text("link");
    assert_eq!(look(&second).json()["tenant"], "contoso");
    let guess = || take_up(&bench, &second, OTHER).outcome();
    assert_eq!([guess(), guess(), guess()], ["sign_in_failed"; 3]);
    assert_eq!(guess(), "locked_out");
    assert_eq!(enter(&bench, NOOR, PASSWORD).outcome(), "locked_out");
}

#[test]
fn an_administrator_changes_what_a_seat_says_and_ends_what_is_open() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    let invited = invite(&bench, &tenant.admin, NOOR, "operations");
    take_up(&bench, &invited.text("link"), PASSWORD);
    let browser = Browser::of(&enter(&bench, NOOR, PASSWORD));
    let path = format!("/v1/users/{}", invited.text("id"));
    let change = |body: Value| bench.call(&tenant.admin, "PUT", &path).json(&body);
    for (body, outcome) in [
        (json!({ "name": " ", "role": "auditor" }), "value_wrong"),
        (json!({ "name": "Noor", "role": "partner" }), "value_wrong"),
        (json!({ "name": "Noor", "role": "partner", "partner": "nobody" }), "not_found"),
        (json!({ "name": "Noor", "role": "operator" }), "value_wrong"),
        (json!({ "name": "Noor", "role": "source" }), "value_wrong"),
        (json!({ "name": "N. Lindqvist", "role": "partner", "partner": "fabrikam" }), "ok"),
    ] {
        assert_eq!(change(body.clone()).outcome(), outcome, "{body}");
    }
    // It holds at once for whoever is signed in.
    let session = browser.get(&bench, "/v1/session").json();
    assert_eq!(
        (&session["role"], &session["person"]["name"]),
        (&json!("partner"), &json!("N. Lindqvist"))
    );
    assert_eq!(browser.get(&bench, "/v1/packs").outcome(), "role_too_small");
    assert_eq!(change(json!({ "name": "Noor", "role": "admin" })).status, 200);
    // Nobody takes their own role away, or their own second factor by this way.
    let own = |method: &str, path: &str, body: Value| {
        browser.call(&bench, method, path).json(&body).outcome()
    };
    assert_eq!(own("PUT", &path, json!({ "name": "Noor", "role": "auditor" })), "conflict");
    assert_eq!(own("PUT", &path, json!({ "name": "Noor L.", "role": "admin" })), "ok");
    assert_eq!(own("DELETE", &format!("{path}/second-factor"), json!({})), "conflict");
    let out = bench.call(&tenant.admin, "DELETE", &format!("{path}/sessions")).send();
    assert_eq!(out.status, 200);
    assert_eq!(browser.get(&bench, "/v1/session").outcome(), "no_session");
    assert_eq!(enter(&bench, NOOR, PASSWORD).status, 201);
}

//! One's own account: what somebody changes of themselves, and what a session alone is not enough for.

use baton_core::time::Instant;
use serde_json::{Value, json};

use super::bench::*;
use super::sign_in::{Browser, PASSWORD, bench, member, scope, sign_in};
use super::users::{NOOR, enter, invite, take_up};
use crate::clock::machine_now;
use crate::http::sign_in::totp;
use crate::settings::{AccessLimits, Settings};

const OTHER: &str = "a short way to Austin";
const STEP_SECONDS: i64 = 30;

/// Noor of northwind, signed in.
fn noor(bench: &Bench) -> (Tenant, Browser) {
    let tenant = bench.tenant("northwind");
    member(bench, NOOR, &[(&scope(bench, &tenant), "operations")]);
    (tenant, Browser::of(&enter(bench, NOOR, PASSWORD)))
}

impl Browser {
    #[expect(clippy::needless_pass_by_value, reason = "so that a body is written where it is sent")]
    fn post(&self, bench: &Bench, path: &str, body: Value) -> Reply {
        self.call(bench, "POST", path).json(&body)
    }
}

/// What an app shows so many steps from now.
pub(super) fn code(secret: &[u8], steps_away: i64) -> String {
    let seconds = machine_now().micros() / 1_000_000 + steps_away * STEP_SECONDS;
    totp::code(secret, Instant::from_seconds(seconds))
}

/// Sets a second factor up; returns its secret and the recovery codes. A code of the step before is used
/// for it, so that those of the present and the next are still good.
pub(super) fn enrol(bench: &Bench, browser: &Browser) -> (Vec<u8>, Vec<String>) {
    let path = "/v1/account/second-factor";
    let begun = browser.post(bench, path, json!({ "password": PASSWORD }));
    assert_eq!(begun.status, 201, "{}", begun.json());
    let typed = totp_rs::Secret::try_from_base32(begun.text("secret")).unwrap();
    assert!(begun.text("uri").starts_with("otpauth://totp/Baton:"), "{}", begun.text("uri"));
    assert!(begun.text("picture").contains("<svg"));
    let secret = typed.as_bytes().to_vec();
    let confirmed = browser.post(
        bench,
        "/v1/account/second-factor/confirm",
        json!({ "code": code(&secret, -1) }),
    );
    assert_eq!(confirmed.status, 200, "{}", confirmed.json());
    let codes = confirmed.json()["recovery_codes"].as_array().unwrap().clone();
    (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

fn enter_with(bench: &Bench, code: &str) -> String {
    sign_in(bench, &json!({ "login": NOOR, "password": PASSWORD, "code": code })).outcome()
}

#[test]
fn a_second_factor_is_set_up_used_and_removed() {
    let bench = bench();
    let (_, browser) = noor(&bench);
    let shown =
        |field: &str| browser.get(&bench, "/v1/account").json()["second_factor"][field].clone();
    assert_eq!((shown("confirmed_at"), shown("recovery_codes_left")), (Value::Null, json!(0)));
    let path = "/v1/account/second-factor";
    assert_eq!(
        browser.post(&bench, path, json!({ "password": OTHER })).outcome(),
        "sign_in_failed"
    );
    let confirm = |code: &str| {
        browser.post(&bench, "/v1/account/second-factor/confirm", json!({ "code": code })).outcome()
    };
    assert_eq!(confirm("000000"), "conflict", "not begun");
    let begun = browser.post(&bench, path, json!({ "password": PASSWORD }));
    assert_eq!(confirm("00000x"), "sign_in_failed");
    assert_eq!(enter(&bench, NOOR, PASSWORD).status, 201, "unconfirmed, it is not asked for");
    // Begun anew, the secret before is of no use.
    let (secret, codes) = enrol(&bench, &browser);
    assert_ne!(begun.text("secret"), totp_rs::Secret::from(secret.clone()).to_base32());
    assert_eq!(codes.len(), 10);
    assert_ne!(shown("confirmed_at"), Value::Null);
    assert_eq!(browser.post(&bench, path, json!({ "password": PASSWORD })).outcome(), "conflict");
    assert_eq!(enter(&bench, NOOR, PASSWORD).outcome(), "second_factor_wanted");
    // No code is good twice, nor one of a step before the last that was used.
    let present = code(&secret, 0);
    assert_eq!(enter_with(&bench, &present), "ok");
    assert_eq!(enter_with(&bench, &present), "sign_in_failed");
    assert_eq!(enter_with(&bench, &code(&secret, -1)), "sign_in_failed");
    // A recovery code stands in, once.
    assert_eq!(enter_with(&bench, &codes[0].to_uppercase()), "ok");
    assert_eq!(enter_with(&bench, &codes[0]), "sign_in_failed");
    assert_eq!(shown("recovery_codes_left"), json!(9));
    let renew = |body: Value| browser.post(&bench, "/v1/account/recovery-codes", body);
    assert_eq!(renew(json!({ "password": OTHER, "code": codes[1] })).outcome(), "sign_in_failed");
    let renewed = renew(json!({ "password": PASSWORD, "code": codes[1] }));
    assert_eq!((renewed.status, shown("recovery_codes_left")), (201, json!(10)));
    assert_eq!(enter_with(&bench, &codes[2]), "sign_in_failed", "the old are gone");
    let remove =
        |body: Value| browser.post(&bench, "/v1/account/second-factor/remove", body).outcome();
    assert_eq!(remove(json!({ "password": PASSWORD, "code": "000000" })), "sign_in_failed");
    let next = code(&secret, 1);
    assert_eq!(remove(json!({ "password": PASSWORD, "code": next })), "ok");
    assert_eq!(enter(&bench, NOOR, PASSWORD).status, 201);
    assert_eq!(shown("recovery_codes_left"), json!(0));
}

#[test]
fn who_guesses_at_a_second_factor_waits() {
    let bench = bench();
    let (_, browser) = noor(&bench);
    let (secret, _) = enrol(&bench, &browser);
    let guess = |code: &str| enter_with(&bench, code);
    assert_eq!([guess("000000"), guess("111111"), guess("222222")], ["sign_in_failed"; 3]);
    assert_eq!(guess(&code(&secret, 0)), "locked_out");
    let body = json!({ "password": PASSWORD, "code": code(&secret, 0) });
    let removed = browser.post(&bench, "/v1/account/second-factor/remove", body);
    assert_eq!(removed.outcome(), "locked_out", "nor from within");
}

#[test]
fn an_administrator_takes_a_lost_second_factor_away() {
    let bench = bench();
    let (tenant, browser) = noor(&bench);
    let user = |bench: &Bench| bench.get(&tenant.admin, "/v1/users").items().remove(0);
    let path = format!("/v1/users/{}/second-factor", user(&bench)["id"].as_str().unwrap());
    let remove = || bench.call(&tenant.admin, "DELETE", &path).send();
    assert_eq!(remove().outcome(), "conflict", "there is none");
    enrol(&bench, &browser);
    assert_eq!(user(&bench)["has_second_factor"], json!(true));
    assert_eq!(remove().status, 200);
    assert_eq!(user(&bench)["has_second_factor"], json!(false));
    assert_eq!(browser.get(&bench, "/v1/session").outcome(), "no_session", "and what was open");
    assert_eq!(enter(&bench, NOOR, PASSWORD).status, 201);
    // Of somebody who works for others as well, only the operator does.
    let contoso = bench.tenant("contoso");
    let link = invite(&bench, &contoso.admin, NOOR, "auditor").text("link");
    assert_eq!(take_up(&bench, &link, PASSWORD).status, 204);
    enrol(&bench, &Browser::of(&enter(&bench, NOOR, PASSWORD)));
    assert_eq!(remove().outcome(), "conflict");
    assert_eq!(bench.local("northwind", "DELETE", &path).send().status, 200);
}

#[test]
fn a_role_that_asks_for_a_second_factor_can_do_nothing_before() {
    for of_server in [false, true] {
        let roles = if of_server { vec![crate::http::KeyRole::Operations] } else { Vec::new() };
        let access = AccessLimits { second_factor_roles: roles, ..super::sign_in::limits() };
        let bench = Bench::with(Settings { access, ..Settings::default() });
        let (tenant, browser) = noor(&bench);
        let set = |roles: Value| {
            let body = json!({ "second_factor_roles": roles, "language": "de" });
            bench.call(&tenant.admin, "PUT", "/v1/sign-in-rules").json(&body)
        };
        if !of_server {
            assert_eq!(browser.get(&bench, "/v1/orders").status, 200);
            assert_eq!(set(json!(["operator"])).outcome(), "value_wrong");
            assert_eq!(set(json!(["operations", "admin"])).status, 200);
            let shown = bench.get(&tenant.admin, "/v1/sign-in-rules").json();
            assert_eq!(shown["second_factor_roles"], json!(["admin", "operations"]));
        }
        for path in ["/v1/orders", "/v1/caller"] {
            assert_eq!(browser.get(&bench, path).outcome(), "second_factor_missing", "{path}");
        }
        let session = browser.get(&bench, "/v1/session").json();
        assert_eq!((&session["lacks_second_factor"], &session["may"]), (&json!(true), &json!([])));
        enrol(&bench, &browser);
        assert_eq!(browser.get(&bench, "/v1/orders").status, 200);
        // Keys have none, and are not asked.
        let key = bench.key(&tenant, "operations", None);
        assert_eq!(bench.get(&key, "/v1/orders").status, 200);
    }
}

#[test]
fn a_password_is_changed_by_saying_the_old_one_and_ends_what_else_is_open() {
    let bench = bench();
    let (_, browser) = noor(&bench);
    let elsewhere = Browser::of(&enter(&bench, NOOR, PASSWORD));
    let change = |old: &str, new: &str| {
        let body = json!({ "password": old, "new_password": new });
        browser.call(&bench, "PUT", "/v1/account/password").json(&body)
    };
    assert_eq!(change(OTHER, "a third way to Tulsa").outcome(), "sign_in_failed");
    assert_eq!(change(PASSWORD, "too short").outcome(), "value_wrong");
    assert_eq!(change(PASSWORD, OTHER).status, 204);
    assert_eq!(browser.get(&bench, "/v1/session").status, 200);
    assert_eq!(elsewhere.get(&bench, "/v1/session").outcome(), "no_session");
    assert_eq!(enter(&bench, NOOR, PASSWORD).outcome(), "sign_in_failed");
    assert_eq!(enter(&bench, NOOR, OTHER).status, 201);
    let without = bench.call("", "PUT", "/v1/account/password").with("Cookie", &browser.cookie);
    let body = json!({ "password": OTHER, "new_password": PASSWORD });
    assert_eq!(without.json(&body).outcome(), "csrf_token_wrong");
}

#[test]
fn sessions_are_listed_and_ended_by_whose_they_are() {
    let bench = bench();
    let (tenant, one) = noor(&bench);
    let login = "felix@northwind.example";
    member(&bench, login, &[(&scope(&bench, &tenant), "finance")]);
    let felix = Browser::of(&enter(&bench, login, PASSWORD));
    let by_agent = bench.call("", "POST", "/v1/session").from("203.0.113.9");
    let body = json!({ "login": NOOR, "password": PASSWORD });
    let two = Browser::of(&by_agent.with("User-Agent", "Firefox/140.0").json(&body));
    let three = Browser::of(&enter(&bench, NOOR, PASSWORD));
    let listed = |browser: &Browser| browser.get(&bench, "/v1/account/sessions").items();
    let found = listed(&one);
    assert_eq!(found.len(), 3, "{found:?}");
    let this = |items: &[Value]| {
        let these: Vec<_> = items.iter().filter(|item| item["is_this"] == true).collect();
        assert_eq!(these.len(), 1);
        these[0]["id"].as_str().unwrap().to_owned()
    };
    assert_ne!(this(&found), this(&listed(&two)));
    let of_two = found.iter().find(|item| item["agent"] == "Firefox/140.0").unwrap();
    assert_eq!(
        (&of_two["address"], &of_two["entered_by"], &of_two["is_this"]),
        (&json!("203.0.113.9"), &json!("password"), &json!(false))
    );
    let end = |browser: &Browser, id: &str| {
        browser.call(&bench, "DELETE", &format!("/v1/account/sessions/{id}")).send().outcome()
    };
    let id_of_two = of_two["id"].as_str().unwrap();
    // Of others there is none, and one's own are not told to them.
    assert_eq!(end(&felix, id_of_two), "not_found");
    assert_eq!(end(&one, &this(&listed(&felix))), "not_found");
    assert_eq!(end(&one, "ses_x"), "not_found");
    assert_eq!(listed(&felix).len(), 1);
    assert_eq!(end(&one, id_of_two), "ok");
    assert_eq!(two.get(&bench, "/v1/session").outcome(), "no_session");
    let others = one.call(&bench, "POST", "/v1/account/sessions/end-others").send();
    assert_eq!(others.status, 204);
    assert_eq!(three.get(&bench, "/v1/session").outcome(), "no_session");
    assert_eq!((listed(&one).len(), listed(&felix).len()), (1, 1));
    assert_eq!(end(&one, &this(&listed(&one))), "ok", "one's own as well: that is signing out");
    assert_eq!(one.get(&bench, "/v1/session").outcome(), "no_session");
}

#[test]
fn people_change_their_name_and_language_and_keys_have_no_account() {
    let bench = bench();
    let (tenant, browser) = noor(&bench);
    let change = |body: Value| browser.call(&bench, "PUT", "/v1/account").json(&body);
    assert_eq!(change(json!({ "name": "", "language": "de" })).outcome(), "value_wrong");
    assert_eq!(change(json!({ "name": "N. L.", "language": "fr" })).outcome(), "body_wrong");
    let changed = change(json!({ "name": "N. Lindqvist", "language": "de" }));
    assert_eq!(
        (changed.text("name").as_str(), changed.text("language").as_str()),
        ("N. Lindqvist", "de")
    );
    let session = browser.get(&bench, "/v1/session").json();
    assert_eq!(
        session["person"],
        json!({ "name": "N. Lindqvist", "login": NOOR, "language": "de" })
    );
    assert_eq!(session["role"], "operations", "nothing else changed");
    let by_key = Browser::of(&sign_in(&bench, &json!({ "key": tenant.admin })));
    for path in ["/v1/account", "/v1/account/sessions"] {
        assert_eq!(by_key.get(&bench, path).outcome(), "conflict", "{path}");
        assert_eq!(bench.get(&tenant.admin, path).outcome(), "no_session", "{path}");
    }
}

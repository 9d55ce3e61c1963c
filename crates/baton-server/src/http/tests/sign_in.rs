//! Signing in as a browser does: sessions by cookie, what they may, and when they end.

use std::time::Duration;

use baton_core::time::Instant;
use baton_store::memberships::{self, NewMembership};
use baton_store::people::{self, PersonId};
use baton_store::{Scope, Tx};
use serde_json::{Value, json};

use super::bench::*;
use crate::clock::machine_now;
use crate::demo_people;
use crate::http::access::KeyRole;
use crate::http::sign_in::{password, totp};
use crate::settings::{AccessLimits, Settings};

pub(super) const PASSWORD: &str = "a long way to Omaha";
const HERE: &str = "127.0.0.1";
const ELSEWHERE: &str = "198.51.100.7";
const FAILURES_MAX: u32 = 3;

/// Passwords that cost little, and logins that wait soon.
pub(super) fn limits() -> AccessLimits {
    AccessLimits {
        password_memory_kib: 64,
        password_passes: 1,
        sign_in_failures_max: FAILURES_MAX,
        ..AccessLimits::default()
    }
}

pub(super) fn bench() -> Bench {
    Bench::with(Settings { access: limits(), ..Settings::default() })
}

fn demo() -> (Bench, Tenant) {
    let access = AccessLimits { demo_tenant: Some("northwind".into()), ..limits() };
    let bench = Bench::with(Settings { access, ..Settings::default() });
    let tenant = bench.tenant("northwind");
    let scope = bench.engine.tenants()[0].scope.clone();
    demo_people::seat(
        bench.engine.store(),
        &scope,
        ("fabrikam", &["Fourth Coffee"]),
        machine_now(),
    )
    .unwrap();
    (bench, tenant)
}

/// A session as a browser holds it.
pub(super) struct Browser {
    pub(super) cookie: String,
    pub(super) csrf: String,
    pub(super) session: Value,
}

impl Browser {
    pub(super) fn of(reply: &Reply) -> Self {
        assert_eq!(reply.status, 201, "{}", reply.json());
        let cookie = reply.header("set-cookie").split(';').next().unwrap().to_owned();
        Self { cookie, csrf: reply.text("csrf"), session: reply.json() }
    }
    pub(super) fn call<'a>(&self, bench: &'a Bench, method: &str, path: &str) -> Calling<'a> {
        let calling = bench.call("", method, path).with("Cookie", &self.cookie);
        calling.with("Baton-Csrf", &self.csrf)
    }
    pub(super) fn get(&self, bench: &Bench, path: &str) -> Reply {
        bench.call("", "GET", path).with("Cookie", &self.cookie).send()
    }
}

pub(super) fn sign_in(bench: &Bench, body: &Value) -> Reply {
    bench.call("", "POST", "/v1/session").from(ELSEWHERE).json(body)
}

pub(super) fn member(bench: &Bench, login: &str, seats: &[(&Scope, &str)]) -> PersonId {
    let person = somebody(bench, login);
    for (scope, role) in seats {
        seat(bench, person, scope, (role, (*role == "partner").then_some("fabrikam")));
    }
    person
}

/// Somebody with one seat, of a partner where the role is one.
pub(super) fn seated(bench: &Bench, login: &str, scope: &Scope, place: (&str, Option<&str>)) {
    seat(bench, somebody(bench, login), scope, place);
}

fn somebody(bench: &Bench, login: &str) -> PersonId {
    let kept = password::kept(PASSWORD, &limits()).unwrap();
    let made = |tx: &mut Tx<'_>| people::create(tx, login, Some(&kept), machine_now());
    bench.engine.store().write(made).unwrap()
}

fn seat(bench: &Bench, person: PersonId, scope: &Scope, (role, partner): (&str, Option<&str>)) {
    let now = machine_now();
    let new = NewMembership {
        person,
        name: "Noor",
        role,
        partner,
        created_at: now,
        accepted_at: Some(now),
    };
    bench.engine.store().write(|tx| memberships::create(tx, scope, &new)).unwrap();
}

pub(super) fn scope(bench: &Bench, tenant: &Tenant) -> Scope {
    let all = bench.engine.tenants();
    all.iter().find(|found| found.key == tenant.name).unwrap().scope.clone()
}

#[test]
fn whoever_signs_in_holds_a_session_until_they_sign_out() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    member(&bench, "noor@northwind.example", &[(&scope(&bench, &tenant), "operations")]);
    let ways = bench.call("", "GET", "/v1/sign-in").send().json();
    assert_eq!((&ways["password"], &ways["demo"]), (&json!(true), &json!([])));
    let body = json!({ "login": " Noor@Northwind.example ", "password": PASSWORD });
    let reply = sign_in(&bench, &body);
    let browser = Browser::of(&reply);
    let cookie = reply.header("set-cookie");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"), "{cookie}");
    let session = &browser.session;
    let login = "noor@northwind.example";
    assert_eq!(session["person"], json!({ "name": "Noor", "login": login, "language": null }));
    assert_eq!(session["entered_by"], "password");
    assert_eq!(session["tenant"]["id"], "northwind");
    assert_eq!((&session["role"], &session["partner"]), (&json!("operations"), &Value::Null));
    let may = session["may"].as_array().unwrap();
    assert!(may.contains(&json!("state_fact")) && !may.contains(&json!("create_key")), "{may:?}");
    assert_eq!(&browser.get(&bench, "/v1/session").json(), session);
    assert_eq!(browser.get(&bench, "/v1/orders").status, 200);
    assert_eq!(browser.get(&bench, "/v1/keys").outcome(), "role_too_small");
    let caller = browser.get(&bench, "/v1/caller").json();
    assert_eq!((&caller["role"], &caller["tenant"]), (&json!("operations"), &json!("northwind")));
    let out = browser.call(&bench, "DELETE", "/v1/session").send();
    assert_eq!((out.status, out.json()), (200, json!({ "provider_url": null })));
    assert!(out.header("set-cookie").ends_with("Max-Age=0"), "{}", out.header("set-cookie"));
    for path in ["/v1/orders", "/v1/session"] {
        assert_eq!(browser.get(&bench, path).outcome(), "no_session", "{path}");
    }
}

#[test]
fn what_changes_something_has_to_come_from_the_sessions_own_page() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    bench.send(&tenant, &booked("SO-1", None));
    bench.settle();
    member(&bench, "noor@northwind.example", &[(&scope(&bench, &tenant), "operations")]);
    let body = json!({ "login": "noor@northwind.example", "password": PASSWORD });
    let (one, other) = (Browser::of(&sign_in(&bench, &body)), Browser::of(&sign_in(&bench, &body)));
    let facts = format!("/v1/orders/{}/facts", bench.order(&tenant, "SO-1"));
    let note = json!({ "kind": "note", "text": "seen" });
    let with = |token: Option<&str>| {
        let call = bench.call("", "POST", &facts).with("Cookie", &one.cookie);
        token.into_iter().fold(call, |call, token| call.with("Baton-Csrf", token)).json(&note)
    };
    for token in [None, Some(""), Some("x"), Some(other.csrf.as_str())] {
        let reply = with(token);
        assert_eq!(
            (reply.status, reply.outcome().as_str()),
            (403, "csrf_token_wrong"),
            "{token:?}"
        );
    }
    let stated = with(Some(&one.csrf));
    assert_eq!((stated.status, stated.text("person").as_str()), (202, "noor@northwind.example"));
    // What a browser holds is no key: it would do without the token.
    let secret = one.cookie.strip_prefix("baton_session=").unwrap();
    assert_eq!(bench.call(secret, "GET", "/v1/orders").send().outcome(), "key_wrong");
    assert_eq!(bench.call(secret, "POST", &facts).json(&note).outcome(), "key_wrong");
    // Nor can another site's page sign anybody in.
    for (site, outcome) in [("cross-site", "csrf_token_wrong"), ("same-origin", "ok")] {
        let call = bench.call("", "POST", "/v1/session").with("Sec-Fetch-Site", site);
        assert_eq!(call.json(&body).outcome(), outcome, "{site}");
    }
}

#[test]
fn wrong_is_answered_by_the_same_words_whatever_is_wrong() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    let scope = scope(&bench, &tenant);
    member(&bench, "noor@northwind.example", &[(&scope, "operations")]);
    member(&bench, "nowhere@northwind.example", &[]);
    let said = |body: Value| {
        let reply = sign_in(&bench, &body);
        (reply.status, reply.json())
    };
    let nobody = said(json!({ "login": "nobody@northwind.example", "password": PASSWORD }));
    assert_eq!((nobody.0, &nobody.1["code"]), (401, &json!("sign_in_failed")));
    for body in [
        json!({ "login": "noor@northwind.example", "password": "a long way to Austin" }),
        json!({ "login": "noor@northwind.example", "password": "" }),
        json!({ "login": "nowhere@northwind.example", "password": PASSWORD }),
        json!({ "key": "bak_wrong" }),
        json!({ "key": tenant.source }),
        json!({ "demo": "operations" }),
        json!({ "login": "x".repeat(2_000), "password": PASSWORD }),
    ] {
        assert_eq!(said(body.clone()), nobody, "{body}");
    }
    for body in [
        json!({}),
        json!({ "login": "noor@northwind.example" }),
        json!({ "key": tenant.admin, "demo": "admin" }),
        json!({ "demo": "emperor" }),
    ] {
        assert_eq!(said(body.clone()).1["code"], "body_wrong", "{body}");
    }
}

#[test]
fn a_login_that_is_tried_too_often_waits_whether_anybody_has_it_or_not() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    member(&bench, "noor@northwind.example", &[(&scope(&bench, &tenant), "operations")]);
    let right = json!({ "login": "noor@northwind.example", "password": PASSWORD });
    let wrong = |login: &str| {
        sign_in(&bench, &json!({ "login": login, "password": "a long way to Austin" }))
    };
    for login in ["noor@northwind.example", "nobody@northwind.example"] {
        for _ in 0..FAILURES_MAX {
            assert_eq!(wrong(login).outcome(), "sign_in_failed");
        }
        let refused = wrong(login);
        assert_eq!((refused.status, refused.outcome().as_str()), (429, "locked_out"), "{login}");
        let seconds: u32 = refused.header("retry-after").parse().unwrap();
        assert!((800..=900).contains(&seconds), "{seconds}");
    }
    assert_eq!(sign_in(&bench, &right).outcome(), "locked_out", "the right one neither");
    let metrics = bench.local("", "GET", "/metrics").send();
    let metrics = String::from_utf8(metrics.body).unwrap();
    let line = "baton_failed_authentications_total{why=\"wrong_sign_in\"} 6";
    assert!(metrics.lines().any(|found| found == line), "{metrics}");
}

#[test]
fn a_right_password_forgets_what_failed_before() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    member(&bench, "noor@northwind.example", &[(&scope(&bench, &tenant), "operations")]);
    for _ in 0..3 {
        for (password, outcome) in
            [("wrong", "sign_in_failed"), ("wrong", "sign_in_failed"), (PASSWORD, "ok")]
        {
            let body = json!({ "login": "noor@northwind.example", "password": password });
            assert_eq!(sign_in(&bench, &body).outcome(), outcome);
        }
    }
}

#[test]
fn failures_to_sign_in_count_for_the_address_as_wrong_keys_do() {
    let access = AccessLimits { failures_max: 2, ..limits() };
    let bench = Bench::with(Settings { access, ..Settings::default() });
    let tenant = bench.tenant("northwind");
    let wrong =
        |n: u32| sign_in(&bench, &json!({ "login": format!("{n}@x.example"), "password": "x" }));
    assert_eq!([wrong(1).status, wrong(2).status, wrong(3).status], [401, 401, 429]);
    // One that was found right of late would go on.
    let key = bench.key(&tenant, "auditor", None);
    assert_eq!(bench.call(&key, "GET", "/v1/orders").from(ELSEWHERE).send().status, 429);
}

#[test]
fn a_session_by_key_may_what_the_key_may_while_it_holds() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    let key = bench.key(&tenant, "partner", Some("fabrikam"));
    let browser = Browser::of(&sign_in(&bench, &json!({ "key": key })));
    let session = &browser.session;
    assert_eq!(
        (&session["role"], &session["partner"]["key"]),
        (&json!("partner"), &json!("fabrikam"))
    );
    assert_eq!(session["person"]["login"], Value::Null);
    assert_eq!(browser.get(&bench, "/v1/orders").status, 200);
    assert_eq!(browser.get(&bench, "/v1/packs").outcome(), "role_too_small");
    let keys = bench.get(&tenant.admin, "/v1/keys").items();
    let id = keys.iter().find(|key| key["role"] == "partner").unwrap()["id"].as_str().unwrap();
    bench.call(&tenant.admin, "DELETE", &format!("/v1/keys/{id}")).send();
    assert_eq!(browser.get(&bench, "/v1/orders").outcome(), "no_session");
}

#[test]
fn who_works_for_several_tenants_is_in_each_what_they_are_there() {
    let bench = bench();
    let (north, contoso) = (bench.tenant("northwind"), bench.tenant("contoso"));
    let seats = [(&scope(&bench, &north), "operations"), (&scope(&bench, &contoso), "partner")];
    member(&bench, "noor@northwind.example", &seats);
    bench.tenant("tailspin");
    let body = json!({ "login": "noor@northwind.example", "password": PASSWORD });
    let browser = Browser::of(&sign_in(&bench, &body));
    let named = |tenant: &Value| tenant["id"].as_str().unwrap().to_owned();
    let tenants: Vec<_> =
        browser.session["tenants"].as_array().unwrap().iter().map(named).collect();
    assert_eq!(tenants, ["northwind", "contoso"]);
    let choose = |tenant: &str| {
        browser.call(&bench, "PUT", "/v1/session/tenant").json(&json!({ "tenant": tenant }))
    };
    let chosen = choose("contoso").json();
    assert_eq!((&chosen["tenant"]["id"], &chosen["role"]), (&json!("contoso"), &json!("partner")));
    assert_eq!(browser.get(&bench, "/v1/packs").outcome(), "role_too_small");
    for nothing in ["tailspin", "never-was"] {
        assert_eq!(choose(nothing).outcome(), "tenant_unknown");
        let call = bench.call("", "GET", "/v1/orders").with("Cookie", &browser.cookie);
        assert_eq!(call.with("Baton-Tenant", nothing).send().outcome(), "tenant_unknown");
    }
    // What is a seat elsewhere is none here.
    let call = bench.call("", "GET", "/v1/orders").with("Cookie", &browser.cookie);
    assert_eq!(call.with("Baton-Tenant", "northwind").send().outcome(), "tenant_unknown");
    assert_eq!(choose("northwind").json()["role"], "operations");
}

#[test]
fn the_operators_staff_is_in_every_tenant() {
    let bench = bench();
    bench.tenant("northwind");
    bench.tenant("contoso");
    member(&bench, "sam@msp.example", &[(&Scope::operator(), "operator")]);
    let body = json!({ "login": "sam@msp.example", "password": PASSWORD });
    let browser = Browser::of(&sign_in(&bench, &body));
    assert_eq!(browser.session["tenants"].as_array().unwrap().len(), 2);
    assert_eq!(browser.get(&bench, "/v1/tenants").items().len(), 2);
    let chosen =
        browser.call(&bench, "PUT", "/v1/session/tenant").json(&json!({ "tenant": "contoso" }));
    assert_eq!(chosen.json()["tenant"]["id"], "contoso");
    assert_eq!(browser.get(&bench, "/v1/caller").json()["tenant"], "contoso");
}

#[test]
fn a_second_factor_is_asked_for_and_good_once() {
    let bench = bench();
    let tenant = bench.tenant("northwind");
    let person =
        member(&bench, "noor@northwind.example", &[(&scope(&bench, &tenant), "operations")]);
    let secret = b"12345678901234567890";
    enrolled(&bench, person, secret);
    let with = |code: Option<&str>| {
        let body = json!({ "login": "noor@northwind.example", "password": PASSWORD, "code": code });
        sign_in(&bench, &body)
    };
    let code = || totp::code(secret, machine_now());
    assert_eq!(with(None).outcome(), "second_factor_wanted");
    assert_eq!(with(Some("000000x")).outcome(), "sign_in_failed");
    let right = code();
    assert_eq!(with(Some(&right)).status, 201);
    assert_eq!(with(Some(&right)).outcome(), "sign_in_failed", "it was used");
}

fn enrolled(bench: &Bench, person: PersonId, secret: &[u8]) {
    use base64::Engine as _;
    let kept = base64::engine::general_purpose::STANDARD_NO_PAD.encode(secret);
    let at = machine_now();
    bench
        .engine
        .store()
        .write(|tx| people::set_second_factor(tx, person, Some(&kept), Some(at)))
        .unwrap();
}

#[test]
fn anybody_at_the_demos_machine_is_whoever_they_say() {
    let (bench, _tenant) = demo();
    let here = |method: &str, path: &str, host: &str| {
        bench.call("", method, path).from(HERE).with("Host", host)
    };
    let ways = here("GET", "/v1/sign-in", "127.0.0.1:7300").send().json();
    let seats = ways["demo"].as_array().unwrap();
    assert_eq!(seats.len(), 9);
    for seat in seats {
        let body = json!({ "demo": seat["as"] });
        let browser = Browser::of(&here("POST", "/v1/session", "localhost:7300").json(&body));
        assert_eq!(browser.session["role"], seat["as"]);
        assert_eq!(browser.session["person"]["name"], seat["person"]);
        assert_eq!(browser.session["tenant"]["id"], "northwind");
        let role = KeyRole::find(seat["as"].as_str().unwrap()).unwrap();
        let is_partner = role == KeyRole::Partner;
        assert_eq!(browser.session["partner"]["key"] == "fabrikam", is_partner);
        assert_eq!(browser.get(&bench, "/v1/orders").status, 200);
    }
    let body = json!({ "demo": "admin" });
    for (what, call) in [
        (
            "from elsewhere",
            bench.call("", "POST", "/v1/session").from(ELSEWHERE).with("Host", "127.0.0.1"),
        ),
        (
            "through a proxy",
            here("POST", "/v1/session", "127.0.0.1").with("X-Forwarded-For", "192.0.2.9"),
        ),
        ("by another name", here("POST", "/v1/session", "evil.example:7300")),
        ("from within", bench.call("", "POST", "/v1/session").with("Host", "127.0.0.1")),
    ] {
        assert_eq!(call.json(&body).outcome(), "sign_in_failed", "{what}");
    }
    let elsewhere = bench.call("", "GET", "/v1/sign-in").from(ELSEWHERE).with("Host", "127.0.0.1");
    assert_eq!(elsewhere.send().json()["demo"], json!([]));
}

/// How long it takes does not tell whether there is such a person: the same work is done.
#[test]
fn looking_for_nobody_takes_as_long() {
    let access = AccessLimits {
        password_memory_kib: 8 << 10,
        sign_in_failures_max: 1_000,
        failures_max: 0,
        ..limits()
    };
    let took = |kept: Option<&str>| {
        let began = std::time::Instant::now();
        assert!(!password::holds("a long way to Austin", kept, &access));
        began.elapsed()
    };
    let kept = password::kept(PASSWORD, &access).unwrap();
    // In turn, and of each the shortest: what else the machine does makes some of them longer.
    let rounds = [0; 8].map(|_| (took(Some(&kept)), took(None)));
    let least = |times: [Duration; 8]| times.into_iter().min().unwrap_or_default();
    let (somebody, nobody) =
        (least(rounds.map(|round| round.0)), least(rounds.map(|round| round.1)));
    assert!(nobody > somebody / 4, "{nobody:?} for nobody, {somebody:?} for somebody");
    assert!(nobody > Duration::from_micros(50), "{nobody:?}");
}

#[test]
fn sessions_say_when_they_end() {
    let (bench, _tenant) = demo();
    let call = bench.call("", "POST", "/v1/session").from(HERE).with("Host", "localhost");
    let session = Browser::of(&call.json(&json!({ "demo": "auditor" }))).session;
    let ends: Instant = serde_json::from_value(session["expires_at"].clone()).unwrap();
    let hours = ends.since(machine_now()).micros() / 3_600_000_000;
    assert!((11..=12).contains(&hours), "{hours}");
}

//! Coming in by a provider of identities, and every way in which one does not.

use serde_json::{Value, json};

use super::bench::*;
use super::provider::{CLIENT, Fault, IdentityProvider};
use super::sign_in::{limits, member, scope};
use super::users::{NOOR, invite};
use crate::http::KeyRole;
use crate::oidc::Provider;
use crate::oidc::settings::RoleRule;
use crate::settings::Settings;

const STRANGER: &str = "stranger@northwind.example";

fn bench(provider: &IdentityProvider, gives_seats: bool) -> Bench {
    let rule = |value: &str, role| RoleRule { value: value.into(), role };
    let roles = vec![rule("disponents", KeyRole::Operations), rule("everybody", KeyRole::Auditor)];
    let of_baton = Provider {
        id: "northwind".into(),
        name: "Northwind".into(),
        issuer: provider.issuer.clone(),
        client_id: CLIENT.into(),
        client_secret_file: None,
        client_secret: Some("s3cret".into()),
        mail_domains: vec!["northwind.example".into()],
        scopes: Vec::new(),
        tenant: gives_seats.then(|| "northwind".into()),
        roles_claim: gives_seats.then(|| "groups".into()),
        roles: if gives_seats { roles } else { Vec::new() },
        sign_out: true,
    };
    let public_url = Some("https://baton.example".parse().unwrap());
    let settings =
        Settings { access: limits(), public_url, oidc: vec![of_baton], ..Settings::default() };
    Bench::with(settings)
}

/// A browser on its way.
struct Way {
    /// Where the provider is asked.
    there: String,
    cookie: String,
}

fn set_off(bench: &Bench, to: &str) -> Way {
    let reply = bench.call("", "GET", &format!("/v1/oidc/northwind/start?to={to}")).send();
    assert_eq!(reply.status, 303, "{:?}", reply.headers);
    let cookie = reply.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/v1/oidc/", "Max-Age="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let cookie = cookie.split(';').next().unwrap().to_owned();
    Way { there: reply.header("location").to_owned(), cookie }
}

fn come_back(bench: &Bench, cookie: &str, answer: &str) -> Reply {
    let call = bench.call("", "GET", &format!("/v1/oidc/northwind/callback?{answer}"));
    call.from("198.51.100.7").with("Cookie", cookie).send()
}

/// The session that somebody comes in with; `None` where they end on the first page.
fn session(bench: &Bench, reply: &Reply) -> Option<Value> {
    assert_eq!(reply.status, 303);
    let cookies: Vec<_> = reply.headers.get_all("set-cookie").iter().collect();
    let session = cookies.iter().find_map(|cookie| {
        cookie
            .to_str()
            .unwrap()
            .split(';')
            .next()?
            .strip_prefix("baton_session=")
            .map(str::to_owned)
    });
    let Some(session) = session else {
        assert_eq!(reply.header("location"), "/?sign_in=refused");
        return None;
    };
    let call = bench.call("", "GET", "/v1/session");
    Some(call.with("Cookie", &format!("baton_session={session}")).send().json())
}

fn through(bench: &Bench, provider: &IdentityProvider) -> Option<Value> {
    let way = set_off(bench, "/orders");
    let reply = come_back(bench, &way.cookie, &provider.signs_in(&way.there));
    let session = session(bench, &reply);
    if session.is_some() {
        assert_eq!(reply.header("location"), "/orders");
    }
    session
}

fn claims(email: &str, verified: bool) -> Value {
    json!({ "email": email, "email_verified": verified, "name": "Noor L." })
}

#[test]
fn an_invited_person_comes_in_by_the_provider_and_is_known_afterwards() {
    let provider = IdentityProvider::open();
    let bench = bench(&provider, false);
    let tenant = bench.tenant("northwind");
    let ways = bench.call("", "GET", "/v1/sign-in").send().json();
    assert_eq!(ways["oidc"], json!([{ "id": "northwind", "name": "Northwind" }]));
    provider.says(claims("Noor@Northwind.example", true), json!({}), None);
    assert_eq!(through(&bench, &provider), None, "nobody invited them");
    invite(&bench, &tenant.admin, NOOR, "operations");
    let session = through(&bench, &provider).unwrap();
    assert_eq!(
        (&session["person"]["login"], &session["role"], &session["entered_by"]),
        (&json!(NOOR), &json!("operations"), &json!("oidc"))
    );
    let user = bench.get(&tenant.admin, "/v1/users").items().remove(0);
    assert_ne!(user["accepted_at"], Value::Null);
    // Known by the subject, whatever the address is by now.
    provider.says(json!({}), json!({ "sub": "248289761001" }), None);
    assert_eq!(through(&bench, &provider).unwrap()["person"]["login"], json!(NOOR));
    let path = format!("/v1/users/{}", user["id"].as_str().unwrap());
    assert_eq!(bench.call(&tenant.admin, "DELETE", &path).send().status, 200);
    assert_eq!(through(&bench, &provider), None, "what was ended stays ended");
}

#[test]
fn an_address_counts_where_it_is_verified_and_the_providers_to_speak_for() {
    let provider = IdentityProvider::open();
    let bench = bench(&provider, false);
    let tenant = bench.tenant("northwind");
    let scope = scope(&bench, &tenant);
    for login in [NOOR, "sam@msp.example"] {
        member(&bench, login, &[(&scope, "operations")]);
    }
    let asked = json!({ "sub": "248289761001", "email": NOOR, "email_verified": true });
    for (what, claims, user_info, enters) in [
        ("unverified", claims(NOOR, false), json!({}), false),
        ("not said to be", json!({ "email": NOOR }), json!({}), false),
        ("of somebody else's domain", claims("sam@msp.example", true), json!({}), false),
        ("none", json!({}), json!({ "sub": "248289761001" }), false),
        ("told on asking", json!({}), asked, true),
    ] {
        provider.says(claims, user_info, None);
        assert_eq!(through(&bench, &provider).is_some(), enters, "{what}");
    }
}

#[test]
fn groups_give_roles_each_time_where_the_operator_says_so() {
    let provider = IdentityProvider::open();
    let bench = bench(&provider, true);
    let tenant = bench.tenant("northwind");
    let says = |groups: Value| {
        let mut claims = claims(STRANGER, true);
        claims["groups"] = groups;
        provider.says(claims, json!({}), None);
        through(&bench, &provider).map(|session| session["role"].clone())
    };
    assert_eq!(says(json!([])), None, "no group of theirs has a role");
    assert_eq!(says(json!("others")), None);
    assert_eq!(says(json!(["everybody", "disponents"])), Some(json!("operations")));
    assert_eq!(says(json!(["everybody"])), Some(json!("auditor")));
    let user = bench.get(&tenant.admin, "/v1/users").items().remove(0);
    assert_eq!((&user["name"], &user["login"]), (&json!("Noor L."), &json!(STRANGER)));
    let path = format!("/v1/users/{}", user["id"].as_str().unwrap());
    bench.call(&tenant.admin, "DELETE", &path).send();
    assert_eq!(says(json!(["disponents"])), None, "an administrator's word counts more");
}

#[test]
fn an_answer_that_does_not_hold_lets_nobody_in() {
    let provider = IdentityProvider::open();
    let bench = bench(&provider, false);
    let tenant = bench.tenant("northwind");
    member(&bench, NOOR, &[(&scope(&bench, &tenant), "operations")]);
    for fault in [
        Fault::Nonce,
        Fault::Audience,
        Fault::Expired,
        Fault::Issuer,
        Fault::Unsigned,
        Fault::ByTheSecret,
        Fault::OtherKey,
    ] {
        provider.says(claims(NOOR, true), json!({}), Some(fault));
        assert_eq!(through(&bench, &provider), None, "{fault:?}");
    }
    provider.says(json!({}), json!({}), Some(Fault::OtherSubject));
    assert_eq!(through(&bench, &provider), None, "what is told of another");
    provider.says(claims(NOOR, true), json!({}), None);
    assert!(through(&bench, &provider).is_some(), "and without a fault they are in");
}

#[test]
fn an_answer_is_to_one_question_of_one_browser_and_good_once() {
    let provider = IdentityProvider::open();
    let bench = bench(&provider, false);
    let tenant = bench.tenant("northwind");
    member(&bench, NOOR, &[(&scope(&bench, &tenant), "operations")]);
    provider.says(claims(NOOR, true), json!({}), None);
    let (one, other) = (set_off(&bench, "/"), set_off(&bench, "//evil.example"));
    assert_ne!(one.there, other.there);
    let answer = provider.signs_in(&one.there);
    let state = answer.split_once("&state=").unwrap().1;
    let entered = |cookie: &str, answer: &str| session(&bench, &come_back(&bench, cookie, answer));
    for (what, cookie, answer) in [
        ("another browser", other.cookie.as_str(), answer.as_str()),
        ("no browser of ours", "baton_oidc=", &answer),
        ("no state", &one.cookie, "code=code-0"),
        ("another provider", &one.cookie, &format!("{answer}&iss=https://evil.example")),
    ] {
        assert_eq!(entered(cookie, answer), None, "{what}");
    }
    assert!(entered(&one.cookie, &answer).is_some());
    assert_eq!(entered(&one.cookie, &answer), None, "replayed");
    let refused = format!("error=access_denied&state={state}");
    assert_eq!(entered(&one.cookie, &refused), None);
    // The other comes back to the first page, not to where it was told to.
    let answer = provider.signs_in(&other.there);
    assert_eq!(come_back(&bench, &other.cookie, &answer).header("location"), "/");
    assert_eq!(bench.call("", "GET", "/v1/oidc/unknown/start").send().outcome(), "not_found");
}

#[test]
fn a_provider_that_is_away_sends_people_to_the_first_page() {
    let mut gone = IdentityProvider::open();
    gone.issuer = "http://127.0.0.1:1".into();
    let bench = bench(&gone, false);
    let reply = bench.call("", "GET", "/v1/oidc/northwind/start").send();
    assert_eq!((reply.status, reply.header("location")), (303, "/?sign_in=refused"));
}

#[test]
fn whoever_signs_out_is_led_to_signing_out_at_the_provider() {
    let provider = IdentityProvider::open();
    let bench = bench(&provider, false);
    let tenant = bench.tenant("northwind");
    invite(&bench, &tenant.admin, NOOR, "operations");
    provider.says(claims(NOOR, true), json!({}), None);
    // What is held by a browser that came in, by the names of its cookies.
    let come = || {
        let way = set_off(&bench, "/");
        let reply = come_back(&bench, &way.cookie, &provider.signs_in(&way.there));
        let held = |name: &str| {
            let mut all = reply.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap());
            let cookie = all.find(|cookie| cookie.starts_with(name)).unwrap();
            cookie.split(';').next().unwrap().to_owned()
        };
        (held("baton_session="), held("baton_came_by="))
    };
    let leave = |cookies: &str| {
        let session = bench.call("", "GET", "/v1/session").with("Cookie", cookies).send();
        let out = bench.call("", "DELETE", "/v1/session").with("Cookie", cookies);
        let out = out.with("Baton-Csrf", &session.text("csrf")).send();
        assert_eq!(out.status, 200, "{}", out.json());
        for cookie in out.headers.get_all("set-cookie") {
            assert!(cookie.to_str().unwrap().contains("Max-Age=0"), "{cookie:?}");
        }
        assert_eq!(out.headers.get_all("set-cookie").iter().count(), 2);
        let gone = bench.call("", "GET", "/v1/session").with("Cookie", cookies).send();
        assert_eq!(gone.outcome(), "no_session");
        out.json()["provider_url"].as_str().map(|url| url::Url::parse(url).unwrap())
    };
    let (session, came_by) = come();
    let way = leave(&format!("{session}; {came_by}")).unwrap();
    assert!(way.as_str().starts_with(&format!("{}/end?", provider.issuer)), "{way}");
    let asked: std::collections::HashMap<String, String> = way.query_pairs().into_owned().collect();
    assert_eq!(asked["client_id"], CLIENT);
    assert_eq!(asked["post_logout_redirect_uri"], "https://baton.example/");
    assert_eq!(asked["id_token_hint"].split('.').count(), 3);
    // A token that is none is not passed on, and neither is a provider that nobody set.
    let (session, _) = come();
    let way = leave(&format!("{session}; baton_came_by=northwind~rubbish")).unwrap();
    assert!(!way.as_str().contains("rubbish"), "{way}");
    for kept in ["; baton_came_by=others~a.b.c", "; baton_came_by=", ""] {
        let (session, _) = come();
        assert_eq!(leave(&format!("{session}{kept}")), None, "{kept}");
    }
    // Who came by another way has nothing to do there.
    member(&bench, STRANGER, &[(&scope(&bench, &tenant), "operations")]);
    let entered = super::users::enter(&bench, STRANGER, super::sign_in::PASSWORD);
    let session = entered.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(leave(&format!("{session}; {came_by}")), None);
}

#[test]
fn the_doctor_says_whether_providers_answer() {
    let provider = IdentityProvider::open();
    let line = |bench: &Bench| {
        let lines = bench.local("", "GET", "/v1/doctor").send().items();
        let found = lines.into_iter().find(|line| line["what"] == "sign-in by northwind").unwrap();
        (found["health"].clone(), found["found"].as_str().unwrap().to_owned())
    };
    let (health, found) = line(&bench(&provider, false));
    assert_eq!((health, found), (json!("ok"), format!("{} answers", provider.issuer)));
    let nobody = IdentityProvider::closed();
    let (health, found) = line(&bench(&nobody, false));
    assert_eq!(health, "fail");
    assert!(found.contains("cannot be reached"), "{found}");
}
